//! A panorama around a room is seen in the same direction whether the runtime lays it behind the pictures or the pictures
//! show it themselves, also when the body turns.

use crate::composed::{Eye, SIZE, leave};
use crate::desktop::{Desktop, Part, until};
use crate::remote::{Hand, Remote};
use crate::visit::server_of;
use crate::worn::{Setup, Worn};
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

/// The window beside the headset, as far as it surely is on the screen.
const WINDOW: Part = Part { left: 0, top: 0, width: 960, height: 720 };

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

/// The middle of what is red in the upper half of a picture, pixels from the left.
fn column(pixels: &[[u8; 3]], width: usize) -> Option<f32> {
    let rows = pixels.chunks_exact(width).enumerate();
    let upper = rows.skip(pixels.len() / width / 10).take(pixels.len() / width * 2 / 5);
    let is_red = |[red, green, blue]: &[u8; 3]| *red > 150 && *green < 90 && *blue < 90;
    let red: Vec<usize> = upper.flat_map(|(_, row)| (0..width).filter(move |x| is_red(&row[*x]))).collect();
    (red.len() > 200).then(|| red.iter().sum::<usize>() as f32 / red.len() as f32)
}

/// The column in both eyes.
fn columns(desktop: &Desktop) -> Option<[f32; 2]> {
    let middle = |index: usize| {
        let eye = Eye::of(desktop, index);
        column(&eye.pixels, eye.width)
    };
    Some([middle(0)?, middle(1)?])
}

/// Somebody looks a little up, before the panorama in this way.
fn put_on(setup: Setup<'_>, link: &str, way: &str, mirror: bool) -> (Worn, Remote) {
    let settings = format!("has_seen_tour = true\n[headset]\nmirror = {mirror}\npanorama = \"{way}\"\n");
    let mut worn = setup.with_settings(&settings).start(link);
    worn.wait_for("a headset is there");
    let mut remote = worn.remote();
    let up = Quat::from_rotation_x(0.5);
    remote.head(Vec3::Y * 1.7, up).hand(Hand::Right, Vec3::new(0.2, 1.0, -0.3), Quat::IDENTITY).send();
    worn.wait_for("stage=\"inside\"");
    worn.wait_for("state=\"focused\"");
    if way == "auto" {
        worn.wait_for("the runtime shows a panorama behind the pictures");
    }
    (worn, remote)
}

/// Waits until what is seen comes to rest.
fn rest<T: PartialEq + Copy>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let mut before = None;
    until(what, || {
        let now = look();
        // The same twice: the head and the body have come to rest.
        let is_same = now.is_some() && now == before;
        before = now;
        is_same
    });
    before.unwrap()
}

/// Where both eyes see the column, and where after a turn by the stick.
fn look(folder: &Path, link: &str, way: &str) -> [[f32; 2]; 2] {
    let desktop = Desktop::start_with(SIZE);
    let setup = Setup::new(folder).composed().beside(desktop.name());
    let setup = setup.with("XRT_COMPOSITOR_SCALE_PERCENTAGE", "60");
    let (worn, mut remote) = put_on(setup, link, way, false);
    let first = rest("the column", || columns(&desktop));
    desktop.save(&crate::pictures().join(format!("panorama-{way}.png")));
    remote.stick(Hand::Right, Vec2::X).send();
    let is_turned = |now: &[f32; 2]| first[0] - now[0] > FAR;
    let second = rest("the column after a turn", || columns(&desktop).filter(is_turned));
    desktop.save(&crate::pictures().join(format!("panorama-{way}-turned.png")));
    leave(worn);
    [first, second]
}

/// Where the window beside the headset shows the column, before and after a turn by the stick.
fn look_beside(folder: &Path, link: &str, way: &str) -> [f32; 2] {
    let desktop = Desktop::start();
    let (mut worn, mut remote) = put_on(Setup::new(folder).beside(desktop.name()), link, way, true);
    worn.wait_for("a window shows what the headset shows");
    let seen = || column(&desktop.colors(WINDOW), WINDOW.width);
    let first = rest("the column in the window", seen);
    desktop.save(&crate::pictures().join(format!("panorama-mirror-{way}.png")));
    remote.stick(Hand::Right, Vec2::X).send();
    let second = rest("the column after a turn", || seen().filter(|now| first - now > FAR));
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

#[test]
fn the_window_beside_the_headset_shows_the_panorama_that_the_runtime_shows() {
    let folder = tempfile::tempdir().unwrap();
    let (server, links) = server_of(folder.path(), |place| venue_of(place, &venue()));
    let behind = look_beside(&folder.path().join("amina"), &links[0], "auto");
    let within = look_beside(&folder.path().join("bruno"), &links[1], "in-picture");
    println!("behind {behind:?}, in the picture {within:?}");
    for (behind, within) in behind.iter().zip(&within) {
        assert!((behind - within).abs() < CLOSE, "{behind} px and {within} px");
    }
    server.stop().unwrap();
}
