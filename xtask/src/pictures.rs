//! `cargo xtask pictures`: rooms and panels as the documents show them, taken from the programs themselves.

use crate::demo::server::Server;
use crate::demo::{self, tour};
use crate::process::{self, Running, cargo, repository};
use anyhow::{Context, Result, ensure};
use image::imageops::FilterType;
use image::{DynamicImage, Rgb, RgbImage};
use std::path::{Path, PathBuf};

/// What to take.
#[derive(clap::Args)]
pub struct Args {
    /// The folder for the pictures.
    #[arg(long, default_value = "docs/pictures")]
    out: PathBuf,
    /// Only the rooms, the looks of avatars, or the panels.
    #[arg(long, value_parser = ["rooms", "looks", "panels"])]
    only: Option<String>,
}

/// Each room is taken from three places by `tour/rooms.vev`.
const ROOMS: [&str; 4] = ["lounge", "popov-hall", "hall-c", "hall-a"];
const VIEWS: [&str; 3] = ["1", "2", "3"];
const CAMERA: &str = include_str!("../tour/rooms.vev");

/// Who is in the lounge: name, delegation, look. All talk there first; some go to the halls then.
const GUESTS: [(&str, &str, &str); 12] = [
    ("Amina Diallo", "SEN", "3,0,0"),
    ("Bruno Keller", "CHE", "0,0,2"),
    ("李晓梅", "CHN", "8,2,3"),
    ("Мария Иванова", "RUS", "2,0,0"),
    ("محمد الأمين", "EGY", "6,0,0"),
    ("Lucía Pérez", "ARG", "1,3,4"),
    ("Kwame Mensah", "GHA", "7,0,0"),
    ("Priya Nair", "IND", "4,0,0"),
    ("Élodie Martin", "FRA", "2,1,6"),
    ("John Okafor", "NGA", "0,6,1"),
    ("Siti Rahma", "IDN", "5,0,0"),
    ("Lars Berg", "NOR", "9,0,0"),
];

/// Circles of people who talk: how many, the middle (metres, building frame), the radius.
const CIRCLES: [(usize, [f32; 2], f32); 3] =
    [(5, [-1.3, 1.6], 1.15), (4, [1.9, 1.9], 1.0), (3, [0.6, -0.6], 0.85)];

/// Where the first guests go when the lounge is taken.
const HALLS: [&str; 4] = ["popov-hall", "popov-hall", "hall-c", "hall-a"];

/// The pages of a sheet, in the order of the menu; the map is as wide as the screen.
const PAGES: [&str; 13] = [
    "menu",
    "people",
    "person",
    "texts",
    "link",
    "rooms",
    "around",
    "moderation",
    "invite",
    "avatar",
    "settings",
    "help",
    "leave",
];

/// What figures do, from the front and the side.
const FIGURES: [&str; 15] = [
    "rest",
    "walk",
    "sit",
    "sit-stool",
    "wheelchair",
    "raised-hand",
    "wave",
    "nod",
    "applaud",
    "thumbup",
    "point",
    "shrug",
    "bow",
    "sit-low",
    "walk-slow",
];

/// Width of a panel with its edges, of a picture of 1280 × 800.
const PANEL_WIDTH: u32 = 452;

const GAP: u32 = 8;
const GROUND: Rgb<u8> = Rgb([24, 30, 40]);

/// Quality of the JPEG files: sharp letters at less than 250 kB a sheet.
const QUALITY: u8 = 78;

/// Takes all pictures.
pub fn run(args: &Args) -> Result<()> {
    std::fs::create_dir_all(&args.out).with_context(|| format!("cannot make {}", args.out.display()))?;
    crate::install::debian(&["mesa-vulkan-drivers", "libvulkan1"])?;
    let wants = |part| args.only.as_deref().is_none_or(|only| only == part);
    if wants("rooms") {
        rooms(&args.out)?;
    }
    if wants("looks") {
        looks(&args.out)?;
    }
    if wants("panels") {
        panels(&args.out)?;
    }
    println!("the pictures are in {}", args.out.display());
    Ok(())
}

/// People enter the sample venue, and a camera goes through its rooms.
fn rooms(out: &Path) -> Result<()> {
    let programs = demo::build()?;
    let folder = demo::scratch("pictures")?;
    let server = Server::start(&programs, &folder.join("server"))?;
    let mut people: Vec<_> = GUESTS.iter().map(|(name, delegation, _)| (*name, *delegation, "en")).collect();
    people.push(("Camera", "", "en"));
    let links = server.invite(&people)?;
    let guests = GUESTS.iter().enumerate().map(|(number, (_, _, looks))| {
        let place = folder.join(format!("guest-{number}"));
        tour::client(&programs, &place, &links[number], &guest_script(number), looks)
    });
    let guests = guests.collect::<Result<Vec<Running>>>()?;
    let place = folder.join("camera");
    let mut camera = tour::client(&programs, &place, &links[GUESTS.len()], CAMERA, "0,0,0")?;
    let status = camera.0.wait()?;
    ensure!(
        status.success(),
        "the camera ended with {status}; {} says why",
        place.join("client.log").display()
    );
    drop(guests);
    server.stop()?;
    let talk = open(&place.join("talk.png"))?.resize_exact(1120, 700, FilterType::Lanczos3);
    save(&talk.to_rgb8(), &out.join("twelve-in-the-lounge.jpg"))?;
    for room in ROOMS {
        let views = VIEWS.map(|view| open(&place.join(format!("{room}-{view}.png"))));
        let views = views.into_iter().collect::<Result<Vec<_>>>()?;
        let views = views.iter().map(|view| view.resize_exact(640, 400, FilterType::Lanczos3).to_rgb8());
        save(&sheet(&views.collect::<Vec<_>>(), 3), &out.join(format!("room-{room}.jpg")))?;
    }
    std::fs::remove_dir_all(&folder).ok();
    Ok(())
}

/// Somebody takes their place in a circle, and may go to a hall later; whoever stays does so until they are sent away.
fn guest_script(number: usize) -> String {
    let ([x, z], yaw) = place_of(number);
    let mut script = format!("timeout 3000\nwait inside\nteleport {x:.2} {z:.2}\nface {yaw:.0} -3\n");
    if number % 4 == 1 {
        script += "gesture 3\n";
    }
    if let Some(hall) = HALLS.get(number) {
        script += &format!("wait text the lounge is taken\ngoto {hall}\nwait space {hall}\nsit nearest\n");
    }
    script + "wait text the last picture is taken\n"
}

/// Where somebody stands in their circle, and which way they look to see its middle, degrees.
fn place_of(number: usize) -> ([f32; 2], f32) {
    let mut before = 0;
    for (count, [x, z], radius) in CIRCLES {
        if number < before + count {
            let angle = (number - before) as f32 / count as f32 * std::f32::consts::TAU + 0.4;
            let (side, ahead) = angle.sin_cos();
            return ([x + side * radius, z + ahead * radius], angle.to_degrees());
        }
        before += count;
    }
    ([0.0, 0.0], 0.0)
}

/// All looks beside each other, and one picture of each gesture.
fn looks(out: &Path) -> Result<()> {
    let programs = demo::build()?;
    let folder = demo::scratch("portraits")?;
    let mut client = std::process::Command::new(programs.join("xr-client"));
    process::run(client.args(["--portraits", "--out"]).arg(&folder))?;
    save(&open(&folder.join("row.png"))?.to_rgb8(), &out.join("looks.jpg"))?;
    let figures = FIGURES.map(|figure| open(&folder.join(format!("figure-{figure}.png"))));
    let figures = figures.into_iter().collect::<Result<Vec<_>>>()?;
    let figures = figures.iter().map(|figure| figure.resize_exact(280, 280, FilterType::Lanczos3).to_rgb8());
    save(&sheet(&figures.collect::<Vec<_>>(), 5), &out.join("figures.jpg"))?;
    std::fs::remove_dir_all(&folder).ok();
    Ok(())
}

/// The panels' own tests draw every page; sheets are made of what they kept.
fn panels(out: &Path) -> Result<()> {
    let folder = demo::scratch("panels")?;
    let mut tests = cargo(&["nextest", "run", "--workspace", "--lib", "--cargo-quiet", "-E"]);
    tests.arg("test(every_page_can_be_drawn) | test(nothing_is_cut_in_the_largest)");
    process::run(tests.env("VEV_PANEL_PICTURES", &folder).current_dir(repository()))?;
    for code in ["ar", "zh", "en"] {
        let is_mirrored = code == "ar";
        let mut pages = Vec::new();
        for page in PAGES {
            let picture = open(&folder.join(format!("{page}-{code}.png")))?;
            let left = if is_mirrored { picture.width() - PANEL_WIDTH } else { 0 };
            let panel = picture.crop_imm(left, 0, PANEL_WIDTH, picture.height());
            let (width, height) = (panel.width() * 3 / 5, panel.height() * 3 / 5);
            pages.push(panel.resize_exact(width, height, FilterType::Lanczos3).to_rgb8());
        }
        if is_mirrored {
            // The first page stands where reading begins.
            pages.chunks_mut(5).for_each(<[_]>::reverse);
        }
        save(&sheet(&pages, 5), &out.join(format!("panels-{code}.jpg")))?;
        let map = open(&folder.join(format!("map-{code}.png")))?.resize_exact(768, 480, FilterType::Lanczos3);
        save(&map.to_rgb8(), &out.join(format!("map-{code}.jpg")))?;
    }
    for code in ["ar", "en"] {
        let pages = PAGES.iter().map(|page| open(&folder.join(format!("large-{page}-{code}.png"))));
        let pages = pages.collect::<Result<Vec<_>>>()?;
        let small = pages.iter().map(|page| {
            let (width, height) = (400, 400 * page.height() / page.width().max(1));
            page.resize_exact(width, height, FilterType::Lanczos3).to_rgb8()
        });
        save(&sheet(&small.collect::<Vec<_>>(), 3), &out.join(format!("panels-large-{code}.jpg")))?;
    }
    std::fs::remove_dir_all(&folder).ok();
    Ok(())
}

fn open(path: &Path) -> Result<DynamicImage> {
    image::open(path).with_context(|| format!("{} was not made", path.display()))
}

fn save(picture: &RgbImage, path: &Path) -> Result<()> {
    let file = std::fs::File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(file, QUALITY);
    encoder.encode_image(picture).with_context(|| format!("cannot write {}", path.display()))
}

/// Pictures of one size in rows, from left to right.
fn sheet(pictures: &[RgbImage], columns: u32) -> RgbImage {
    let (width, height) = pictures.first().map_or((0, 0), RgbImage::dimensions);
    let rows = u32::try_from(pictures.len()).unwrap_or(0).div_ceil(columns);
    let size = |count: u32, side: u32| count * (side + GAP) + GAP;
    let mut sheet = RgbImage::from_pixel(size(columns, width), size(rows, height), GROUND);
    for (place, picture) in (0u32..).zip(pictures) {
        let at = |count: u32, side: u32| i64::from(GAP + count * (side + GAP));
        let (x, y) = (at(place % columns, width), at(place / columns, height));
        image::imageops::replace(&mut sheet, picture, x, y);
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_holds_its_pictures_in_rows() {
        let colors = [[255, 0, 0], [0, 255, 0], [0, 0, 255]].map(Rgb);
        let sheet = sheet(&colors.map(|color| RgbImage::from_pixel(10, 6, color)), 2);
        assert_eq!(sheet.dimensions(), (2 * 18 + 8, 2 * 14 + 8));
        assert_eq!(
            [sheet.get_pixel(9, 9), sheet.get_pixel(27, 9), sheet.get_pixel(9, 23)],
            [&colors[0], &colors[1], &colors[2]]
        );
        assert_eq!(sheet.get_pixel(27, 23), &GROUND);
    }

    #[test]
    fn everybody_looks_at_the_middle_of_their_circle() {
        assert_eq!(CIRCLES.iter().map(|(count, ..)| count).sum::<usize>(), GUESTS.len());
        for number in 0..GUESTS.len() {
            let ([x, z], yaw) = place_of(number);
            // Yaw 0 looks along -z, positive turns left.
            let ahead = [-yaw.to_radians().sin(), -yaw.to_radians().cos()];
            let near = CIRCLES.iter().any(|(_, middle, radius)| {
                let seen = [x + ahead[0] * radius, z + ahead[1] * radius];
                (seen[0] - middle[0]).hypot(seen[1] - middle[1]) < 0.01
            });
            assert!(near, "{number}");
        }
    }

    #[test]
    fn the_camera_takes_every_picture_of_every_room() {
        for (room, view) in ROOMS.iter().flat_map(|room| VIEWS.map(|view| (room, view))) {
            assert!(CAMERA.lines().any(|line| line == format!("screenshot {room}-{view}")), "{room} {view}");
        }
    }
}
