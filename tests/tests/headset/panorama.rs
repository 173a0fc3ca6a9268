//! A panorama around a room is seen in the same direction whether the runtime lays it behind the pictures or the pictures
//! show it themselves, also when the body turns.

use crate::composed::{Eye, SIZE, leave};
use crate::desktop::{Desktop, until};
use crate::remote::Hand;
use crate::visit::server_of;
use crate::worn::Setup;
use glam::{Quat, Vec2, Vec3};
use std::path::Path;
use tests::delegates::venue_of;
use venue_importer::tiny::tiny_package;
use venue_package::manifest::{FileEntry, MediaType, SpacePanorama};
use venue_package::{MemorySource, Package, hash_of};

/// Two pictures of the column may lie so far apart, pixels: less than a degree.
const CLOSE: f32 = 4.0;

/// A turn of 30° moves the column farther than this, pixels.
const FAR: f32 = 60.0;

/// Blue above, brown below, and a red column of 6° in the middle.
fn picture() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(720, 360, |x, y| {
        image::Rgb(match y < 180 {
            _ if (354..366).contains(&x) => [220, 20, 20],
            true => [60, 100, 190],
            false => [90, 80, 60],
        })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The tiny venue, which has no roof, with the column 20° to the right of where people look who appear.
fn venue() -> MemorySource {
    let mut files = tiny_package();
    let mut manifest = Package::open(files.clone()).unwrap().manifest().clone();
    let bytes = picture();
    let hash = hash_of(&bytes);
    manifest.files.push(FileEntry { hash, bytes: bytes.len() as u64, media_type: MediaType::Png });
    let around = |space: &venue_model::Space| SpacePanorama { space: space.id, picture: hash, heading: 20.0 };
    manifest.panoramas = manifest.spaces.iter().map(around).collect();
    files.insert(format!("files/{hash}.png"), bytes);
    files.insert("venue.json", manifest.to_bytes());
    files
}

/// The middle of what is red in the upper half of both eyes, pixels from the left.
fn columns(desktop: &Desktop) -> Option<[f32; 2]> {
    let middle = |index: usize| {
        let eye = Eye::of(desktop, index);
        let rows = eye.height / 10..eye.height / 2;
        let is_red = |x: &usize, y: usize| {
            let [red, green, blue] = eye.pixels[y * eye.width + x];
            red > 150 && green < 90 && blue < 90
        };
        let red: Vec<usize> = rows.flat_map(|y| (0..eye.width).filter(move |x| is_red(x, y))).collect();
        (red.len() > 200).then(|| red.iter().sum::<usize>() as f32 / red.len() as f32)
    };
    Some([middle(0)?, middle(1)?])
}

/// Where both eyes see the column, and where after a turn by the stick.
fn look(folder: &Path, link: &str, way: &str) -> [[f32; 2]; 2] {
    let desktop = Desktop::start_with(SIZE);
    let setup = Setup::new(folder).composed().beside(desktop.name());
    let settings = format!("has_seen_tour = true\n[headset]\nmirror = false\npanorama = \"{way}\"\n");
    let setup = setup.with("XRT_COMPOSITOR_SCALE_PERCENTAGE", "60").with_settings(&settings);
    let mut worn = setup.start(link);
    worn.wait_for("a headset is there");
    let mut remote = worn.remote();
    let up = Quat::from_rotation_x(0.5);
    remote.head(Vec3::Y * 1.7, up).hand(Hand::Right, Vec3::new(0.2, 1.0, -0.3), Quat::IDENTITY).send();
    worn.wait_for("stage=\"inside\"");
    worn.wait_for("state=\"focused\"");
    if way == "auto" {
        worn.wait_for("the runtime shows a panorama behind the pictures");
    }
    let rest = |what: &str, is_there: &dyn Fn([f32; 2]) -> bool| {
        let mut before = None;
        until(what, || {
            let now = columns(&desktop).filter(|now| is_there(*now));
            // The same twice: the head and the body have come to rest.
            let is_same = now.is_some() && now == before;
            before = now;
            is_same
        });
        before.unwrap()
    };
    let first = rest("the column", &|_| true);
    desktop.save(&crate::pictures().join(format!("panorama-{way}.png")));
    remote.stick(Hand::Right, Vec2::X).send();
    let second = rest("the column after a turn", &|now| first[0] - now[0] > FAR);
    desktop.save(&crate::pictures().join(format!("panorama-{way}-turned.png")));
    leave(worn);
    [first, second]
}

#[test]
fn a_panorama_behind_the_pictures_is_where_the_pictures_would_show_it() {
    let folder = tempfile::tempdir().unwrap();
    let (server, links) = server_of(folder.path(), |place| venue_of(place, &venue()));
    let behind = look(&folder.path().join("amina"), &links[0], "auto");
    let within = look(&folder.path().join("bruno"), &links[1], "in-picture");
    println!("behind {behind:?}, in the picture {within:?}");
    for (behind, within) in behind.iter().flatten().zip(within.iter().flatten()) {
        assert!((behind - within).abs() < CLOSE, "{behind} px and {within} px");
    }
    server.stop().unwrap();
}
