//! What stands where on a scan, checked: out of the modeler's file, or nothing but one space around all.
//!
//! Everything that is wrong is told at once, each with its line.

use super::layout::Layout;
use super::places_file::{self as file, PlacesFile};
use super::{polygon, sound_rules};
use crate::acoustics::rules::Rules;
use crate::extensions::{Frame, Purpose, Text};
use crate::navigation::Prism;
use crate::panoramas::Around;
use crate::places::{Places, SEAT_HEIGHT, SPAWN_RADIUS, next_id};
use crate::report::Report;
use crate::spaces::Rooms;
use glam::{Mat4, Quat, Vec3, Vec3Swizzles};
use std::ops::Range;
use toml::Spanned;
use venue_model::place::ZoneKind;
use venue_model::{
    Bounds, Door, DoorId, Localized, Place, Seat, SeatId, Space, SpaceId, SpawnPoint, Zone, ZoneId,
};
use venue_package::limits;
use venue_package::manifest::{self, Credit, GeodeticFrame};

/// A cut reaches so far under and over its corners, metres.
const CUT: [f32; 2] = [0.5, 1.5];
/// A marked surface reaches so far to both sides, metres.
const REDACT_DEPTH: f32 = 0.1;
/// Most corners of a polygon, and most boxes of a space.
const MOST: usize = 256;

/// Most mistakes that are told at once.
const ERRORS: usize = 100;

/// What stands where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placement {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<Localized>,
    pub(crate) credits: Vec<Credit>,
    pub(crate) frame: Option<GeodeticFrame>,
    pub(crate) rooms: Rooms,
    pub(crate) layout: Layout,
    pub(crate) places: Places,
    pub(crate) floors: Floors,
    pub(crate) environment: Option<manifest::Environment>,
    pub(crate) redact: Vec<Redact>,
    pub(crate) things: Vec<Thing>,
    pub(crate) acoustics: Rules,
    pub(crate) panoramas: Vec<Around>,
}

/// Corrections of the floor.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Floors {
    pub(crate) add: Vec<(Vec<[Vec3; 3]>, SpaceId)>,
    pub(crate) clear: Vec<Prism>,
    pub(crate) cut: Vec<Prism>,
}

/// What shall not be seen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Redact {
    pub(crate) what: String,
    /// From the building frame into a cube of -1 to 1 each way.
    pub(crate) cube_from_building: Mat4,
}

/// An exhibit in a file of its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thing {
    pub(crate) space: SpaceId,
    pub(crate) name: Localized,
    pub(crate) source: String,
    pub(crate) world: Mat4,
}

impl Placement {
    /// One space around everything.
    pub(crate) fn one(name: &str, around: Bounds) -> Self {
        let id = SpaceId(1);
        let space = Space { id, key: "main".into(), name: Localized::english(name), bounds: around };
        Self {
            rooms: Rooms { spaces: vec![space], ..Rooms::default() },
            layout: Layout::one(id),
            ..Self::default()
        }
    }

    /// What the file says, on a scan that lies within `around`.
    pub(crate) fn of_file(
        name: &str,
        text: &str,
        said: &PlacesFile,
        around: Bounds,
        report: &mut Report,
    ) -> Self {
        let mut reader = Reader { name, text, out: Self::default(), report };
        reader.venue(said, around);
        said.door.iter().for_each(|door| reader.door(door));
        said.seat.iter().for_each(|seat| reader.seat(seat));
        said.spawn.iter().for_each(|spawn| reader.spawn(spawn));
        said.zone.iter().for_each(|zone| reader.zone(zone));
        said.booth.iter().for_each(|booth| reader.booth(booth));
        said.screen.iter().for_each(|screen| reader.screen(screen));
        said.exhibit.iter().for_each(|exhibit| reader.exhibit(exhibit));
        said.walkable.add.iter().for_each(|add| reader.add(add));
        said.walkable.cut.iter().for_each(|cut| reader.cut(cut));
        said.redact.iter().for_each(|redact| reader.redact(redact));
        let acoustics = sound_rules::read(&said.acoustics, &mut |at, what| reader.wrong(at, what));
        reader.out.acoustics = acoustics;
        reader.out
    }
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    out: Placement,
    report: &'a mut Report,
}

impl Reader<'_> {
    fn wrong(&mut self, at: &Range<usize>, what: impl std::fmt::Display) {
        let line = file::line(self.text, at.start);
        let sentence = format!("{}, line {line}: {what}", self.name);
        // A row of seats is wrong a thousand times in the same way.
        if self.report.errors.len() < ERRORS && self.report.errors.last() != Some(&sentence) {
            self.report.error(sentence);
        }
    }

    fn venue(&mut self, said: &PlacesFile, around: Bounds) {
        let venue = &said.venue;
        self.out.id.clone_from(&venue.id);
        self.out.name = venue.name.clone().map(Into::into);
        self.out.credits.clone_from(&venue.credits);
        self.out.frame = venue.frame.map(|Frame { latitude, longitude, height, heading, survey_origin }| {
            GeodeticFrame { latitude, longitude, height, heading, survey_origin }
        });
        self.out.environment = said.environment.clone().map(crate::pack::environment);
        if said.space.is_empty() {
            let name = self.out.name.clone().unwrap_or_else(|| Localized::english("Venue"));
            let one = Placement::one("", around);
            self.out.rooms = one.rooms;
            self.out.rooms.spaces[0].name = name;
            self.out.layout = one.layout;
            return;
        }
        let mut boxes = Vec::new();
        for space in &said.space {
            self.space(space, said.space.len() == 1, around, &mut boxes);
        }
        let is_whole = said.space.len() == 1 && boxes.is_empty();
        self.out.layout = if is_whole { Layout::one(SpaceId(1)) } else { Layout::of_boxes(boxes) };
    }

    fn space(
        &mut self,
        spanned: &Spanned<file::Space>,
        is_alone: bool,
        around: Bounds,
        boxes: &mut Vec<(Bounds, SpaceId)>,
    ) {
        let (at, said) = (spanned.span(), spanned.get_ref());
        if self.out.rooms.by_key(&said.key).is_some() {
            self.wrong(&at, format_args!("the space key {:?} is given twice", said.key));
        }
        if said.boxes.is_empty() && !is_alone {
            self.wrong(
                &at,
                format_args!("the space {:?} needs boxes, because there are several spaces", said.key),
            );
        }
        if said.boxes.len() > MOST || said.boxes.iter().any(|bounds| !is_box(bounds.min, bounds.max)) {
            self.wrong(&at, format_args!("the space {:?}: {BAD_BOX}, and up to {MOST} boxes", said.key));
        }
        let id = SpaceId(next_id(self.out.rooms.spaces.len()));
        let union = |a: Bounds, b: &Bounds| Bounds { min: a.min.min(b.min), max: a.max.max(b.max) };
        let bounds = said.boxes.iter().skip(1).fold(said.boxes.first().copied().unwrap_or(around), union);
        boxes.extend(said.boxes.iter().map(|bounds| (*bounds, id)));
        match Around::new(id, &said.key, said.panorama.as_ref(), said.panorama_heading) {
            Ok(around) => self.out.panoramas.extend(around),
            Err(what) => self.wrong(&at, format_args!("the space {:?}: {what}", said.key)),
        }
        let name = said.name.clone().map_or_else(|| Localized::english(said.key.clone()), Into::into);
        self.out.rooms.spaces.push(Space { id, key: said.key.clone(), name, bounds });
    }

    /// The space that is named, else the one that holds the point.
    fn space_of(&mut self, at: &Range<usize>, named: Option<&str>, point: Vec3) -> Option<SpaceId> {
        let found = match named {
            Some(key) => self.out.rooms.by_key(key),
            None => self.out.layout.space_above(point),
        };
        if found.is_none() {
            let known = self.known_spaces();
            let what = match named {
                Some(key) => format!("there is no space {key:?}; there are {known}"),
                None => format!("{point:.2} is in no space; move it, or name one of {known} by `space`"),
            };
            self.wrong(at, what);
        }
        found
    }

    fn known_spaces(&self) -> String {
        let keys: Vec<_> = self.out.rooms.spaces.iter().map(|space| space.key.as_str()).collect();
        keys.join(", ")
    }

    fn place(&mut self, at: &Range<usize>, position: Vec3, yaw: Option<f32>, towards: Option<Vec3>) -> Place {
        if yaw.is_some() && towards.is_some() {
            self.wrong(at, "give either yaw or towards");
        }
        match yaw_of(position, yaw, towards) {
            Some(yaw) => Place { position, yaw },
            None => {
                self.wrong(
                    at,
                    "yaw must be within -360 to 360 degrees, and towards another point than its own",
                );
                Place { position, yaw: 0.0 }
            }
        }
    }

    fn door(&mut self, spanned: &Spanned<file::Door>) {
        let (at, said) = (spanned.span(), spanned.get_ref());
        let place = self.place(&at, said.at, said.yaw, said.towards);
        let from = self.space_of(&at, Some(&said.from), said.at);
        let to = self.space_of(&at, Some(&said.to), said.at);
        let (Some(from), Some(to)) = (from, to) else { return };
        let id = DoorId(next_id(self.out.places.doors.len()));
        let (width, height) = (said.width, said.height);
        self.out.places.doors.push(Door { id, spaces: [from, to], place, width, height });
    }

    fn seat(&mut self, spanned: &Spanned<file::Seat>) {
        let (at, said) = (spanned.span(), spanned.get_ref());
        let points = match (said.at, said.from, said.to, said.count) {
            (Some(point), None, None, None) => vec![point],
            (None, Some(from), Some(to), Some(count @ 1..=1_000)) => {
                let share = |i: u32| if count == 1 { 0.0 } else { i as f32 / (count - 1) as f32 };
                (0..count).map(|i| from.lerp(to, share(i))).collect()
            }
            _ => {
                return self
                    .wrong(&at, "a seat has `at`; a row has `from`, `to` and `count` (1 to 1,000) instead");
            }
        };
        let is_row = said.at.is_none();
        for (number, point) in (1..).zip(points) {
            if self.out.places.seats.len() >= limits::SEATS {
                return self.wrong(&at, format_args!("there are more than {} seats", limits::SEATS));
            }
            let place = self.place(&at, point, said.yaw, said.towards);
            let Some(space) = self.space_of(&at, said.space.as_deref(), point) else { return };
            let label = if is_row { format!("{} {number}", said.label) } else { said.label.clone() };
            self.out.places.seats.push(Seat {
                id: SeatId(next_id(self.out.places.seats.len())),
                space,
                place,
                height: said.height.unwrap_or(SEAT_HEIGHT),
                label: label.trim().to_owned(),
            });
        }
    }

    fn spawn(&mut self, spanned: &Spanned<file::Spawn>) {
        let (at, said) = (spanned.span(), spanned.get_ref());
        let place = self.place(&at, said.at, said.yaw, said.towards);
        let Some(space) = self.space_of(&at, said.space.as_deref(), said.at) else { return };
        let radius = said.radius.unwrap_or(SPAWN_RADIUS);
        self.out.places.spawn_points.push(SpawnPoint { space, place, radius });
    }

    fn zone(&mut self, spanned: &Spanned<file::Zone>) {
        let (at, said) = (spanned.span(), spanned.get_ref());
        let purpose = match said.purpose {
            Purpose::Talk => ZoneKind::Talk,
            Purpose::Quiet => ZoneKind::Quiet,
            Purpose::Stage => ZoneKind::Stage,
            Purpose::Exhibit => ZoneKind::Exhibit,
            Purpose::Booth => return self.wrong(&at, "a booth is written as [[booth]], with its language"),
        };
        self.put_zone(&at, said.space.as_deref(), &said.name, purpose, [said.min, said.max]);
    }

    fn booth(&mut self, spanned: &Spanned<file::Booth>) {
        let (at, said) = (spanned.span(), spanned.get_ref());
        let purpose = ZoneKind::Booth { language: said.language };
        self.put_zone(&at, said.space.as_deref(), &said.name, purpose, [said.min, said.max]);
    }

    fn put_zone(
        &mut self,
        at: &Range<usize>,
        named: Option<&str>,
        name: &Text,
        purpose: ZoneKind,
        [min, max]: [Vec3; 2],
    ) {
        if !is_box(min, max) {
            return self.wrong(at, BAD_BOX);
        }
        let bounds = Bounds { min, max };
        let Some(space) = self.space_of(at, named, bounds.center()) else { return };
        let id = ZoneId(next_id(self.out.places.zones.len()));
        self.out.places.zones.push(Zone { id, space, name: name.clone().into(), purpose, bounds });
    }

    fn screen(&mut self, spanned: &Spanned<file::Screen>) {
        let (at, said) = (spanned.span(), spanned.get_ref());
        let place = self.place(&at, said.at, said.yaw, said.towards);
        let Some(space) = self.space_of(&at, said.space.as_deref(), said.at) else { return };
        self.out.places.screens.push(manifest::Screen {
            space,
            name: said.name.clone().into(),
            center: said.at,
            // A screen's picture faces +z of its own, everything else -z.
            orientation: Quat::from_rotation_y(place.yaw + std::f32::consts::PI),
            width: said.width,
            height: said.height,
        });
    }

    fn exhibit(&mut self, spanned: &Spanned<file::Exhibit>) {
        let (at, said) = (spanned.span(), spanned.get_ref());
        let place = self.place(&at, said.at, said.yaw, said.towards);
        let scale = said.scale.unwrap_or(1.0);
        if !(1e-4..=1e4).contains(&scale) {
            return self.wrong(&at, format_args!("a scale of {scale} makes no sense"));
        }
        let Some(space) = self.space_of(&at, said.space.as_deref(), said.at) else { return };
        let turn = Quat::from_rotation_y(place.yaw);
        let world = Mat4::from_scale_rotation_translation(Vec3::splat(scale), turn, said.at);
        let (name, source) = (said.name.clone().into(), said.source.clone());
        self.out.things.push(Thing { space, name, source, world });
    }

    fn corners(&mut self, at: &Range<usize>, corners: &[Vec3]) -> Option<Vec<[Vec3; 3]>> {
        let good = (3..=MOST).contains(&corners.len()) && corners.iter().all(|&corner| is_near(corner));
        let triangles = if good { polygon::triangles(corners) } else { None };
        if triangles.is_none() {
            self.wrong(
                at,
                format_args!(
                    "corners must be 3 to {MOST} points in order around the floor, whose edges do not cross"
                ),
            );
        }
        triangles
    }

    fn add(&mut self, spanned: &Spanned<file::Add>) {
        let (at, said) = (spanned.span(), spanned.get_ref());
        let Some(triangles) = self.corners(&at, &said.corners) else { return };
        let middle = said.corners.iter().sum::<Vec3>() / said.corners.len() as f32;
        let Some(space) = self.space_of(&at, said.space.as_deref(), middle) else { return };
        if said.clear {
            self.out.floors.clear.push(prism(&said.corners, -0.1, polygon::HEADROOM));
        }
        self.out.floors.add.push((triangles, space));
    }

    fn cut(&mut self, spanned: &Spanned<file::Cut>) {
        let (at, said) = (spanned.span(), spanned.get_ref());
        let (below, above) = (said.below.unwrap_or(CUT[0]), said.above.unwrap_or(CUT[1]));
        if !(0.0..=100.0).contains(&below) || !(0.0..=100.0).contains(&above) {
            return self.wrong(&at, "below and above must be 0 to 100 metres");
        }
        if self.corners(&at, &said.corners).is_some() {
            self.out.floors.cut.push(prism(&said.corners, -below, above));
        }
    }

    fn redact(&mut self, spanned: &Spanned<file::Redact>) {
        let (at, said) = (spanned.span(), spanned.get_ref());
        let cube = cube_of((said.min, said.max), said.corners, said.depth);
        let Some(building_from_cube) = cube else {
            return self.wrong(
                &at,
                "give min and max of a box that is not empty, or four corners in order and a depth (0.001 to 10)",
            );
        };
        let what = if said.what.is_empty() { "marked area".into() } else { said.what.clone() };
        self.out.redact.push(Redact { what, cube_from_building: building_from_cube.inverse() });
    }
}

/// Building from a cube of -1 to 1 each way: a box, or four corners of a surface and a depth to both sides of it.
pub(super) fn cube_of(
    (min, max): (Option<Vec3>, Option<Vec3>),
    corners: Option<[Vec3; 4]>,
    depth: Option<f32>,
) -> Option<Mat4> {
    match (min, max, corners) {
        (Some(min), Some(max), None) if is_box(min, max) && depth.is_none() => {
            Some(Mat4::from_translation((min + max) * 0.5) * Mat4::from_scale((max - min) * 0.5))
        }
        (None, None, Some(corners)) => around_surface(corners, depth.unwrap_or(REDACT_DEPTH)),
        _ => None,
    }
}

pub(super) const BAD_BOX: &str =
    "each number of min must be less than that of max, within 10,000 metres of zero";

fn is_near(point: Vec3) -> bool {
    point.is_finite() && point.abs().max_element() <= limits::EXTENT
}

fn is_box(min: Vec3, max: Vec3) -> bool {
    is_near(min) && is_near(max) && min.cmplt(max).all()
}

/// Radians; none, when a direction makes no sense.
fn yaw_of(position: Vec3, degrees: Option<f32>, towards: Option<Vec3>) -> Option<f32> {
    if let Some(point) = towards {
        let way = point - position;
        let flat = way.xz().length();
        return (flat.is_finite() && flat > 1e-3).then(|| f32::atan2(-way.x, -way.z) + 0.0);
    }
    let degrees = degrees.unwrap_or(0.0);
    (-360.0..=360.0).contains(&degrees).then(|| degrees.to_radians())
}

fn prism(corners: &[Vec3], below: f32, above: f32) -> Prism {
    let heights = || corners.iter().map(|corner| corner.y);
    Prism {
        corners: corners.iter().map(|corner| corner.xz()).collect(),
        bottom: heights().fold(f32::MAX, f32::min) + below,
        top: heights().fold(f32::MIN, f32::max) + above,
    }
}

/// The box around four corners of a surface, `depth` to both sides of it.
fn around_surface(corners: [Vec3; 4], depth: f32) -> Option<Mat4> {
    let middle = corners.iter().sum::<Vec3>() * 0.25;
    let right = (corners[1] - corners[0] + corners[2] - corners[3]).try_normalize()?;
    let normal = right.cross(corners[3] - corners[0] + corners[2] - corners[1]).try_normalize()?;
    let up = normal.cross(right);
    let reach = |axis: Vec3| corners.iter().map(|c| (*c - middle).dot(axis).abs()).fold(0.0, f32::max);
    let half = Vec3::new(reach(right), reach(up), reach(normal) + depth);
    let good = (0.001..=10.0).contains(&depth) && corners.iter().all(|&corner| is_near(corner));
    (good && half.min_element() > 1e-4).then(|| {
        Mat4::from_cols(
            (right * half.x).extend(0.0),
            (up * half.y).extend(0.0),
            (normal * half.z).extend(0.0),
            middle.extend(1.0),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AROUND: Bounds = Bounds { min: Vec3::splat(-9.0), max: Vec3::splat(9.0) };

    fn placed(text: &str) -> Option<(Placement, Report)> {
        let said = file::parse(text).ok()?;
        let mut report = Report::default();
        let placement = Placement::of_file("p.toml", text, &said, AROUND, &mut report);
        Some((placement, report))
    }

    /// The sample with everything in it that can be said.
    fn whole_sample() -> String {
        let exhibit =
            |line: &str| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).map(str::to_owned);
        let line = |line: &str| exhibit(line).unwrap_or_else(|| line.to_owned());
        file::SAMPLE.lines().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_sample_says_everything_that_can_be_said() {
        let (placement, report) = placed(&whole_sample()).unwrap();
        assert_eq!(report.errors, [] as [&str; 0]);
        assert_eq!((placement.things.len(), placement.redact.len(), placement.floors.add.len()), (1, 2, 1));
        assert_eq!((placement.acoustics.materials.len(), placement.acoustics.surfaces.len()), (2, 4));
        let table: toml::Table = toml::from_str(&whole_sample()).unwrap();
        // An unknown key makes serde list those that it expects.
        let error = file::parse("no_such_key = 1").unwrap_err();
        let (_, expected) = error.split_once("expected").unwrap();
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        assert_eq!(known.len(), 13, "{error}");
        assert!(known.iter().all(|key| table.contains_key(*key)), "{error}");
    }

    #[test]
    fn whatever_is_changed_in_the_sample_is_read_or_told() {
        let whole = whole_sample();
        let lines: Vec<&str> = whole.lines().collect();
        let mut refused = 0;
        for at in 0..lines.len() {
            for change in ["", "9e37", "-1", "0", "nan", "\"x\"", "[0, 0, 0]", "99999999999"] {
                let changed = match lines[at].split_once('=') {
                    Some((key, _)) if !change.is_empty() => format!("{key}= {change}"),
                    _ => change.to_owned(),
                };
                let mut text = lines.clone();
                text[at] = &changed;
                match placed(&text.join("\n")) {
                    None => refused += 1,
                    Some((placement, report)) => {
                        refused += usize::from(!report.errors.is_empty());
                        let lines = |error: &String| error.starts_with("p.toml, line ");
                        assert!(report.errors.iter().all(lines), "{:?}", report.errors);
                        assert!(placement.places.seats.len() <= limits::SEATS);
                    }
                }
            }
        }
        assert!(refused > 200, "{refused}");
    }

    #[test]
    fn a_marked_surface_is_a_box_around_it() {
        let corner = |x: f32, y: f32| Vec3::new(x, y, 2.0);
        let cube =
            around_surface([corner(0.0, 0.0), corner(2.0, 0.0), corner(2.0, 1.0), corner(0.0, 1.0)], 0.1);
        let into = cube.unwrap().inverse();
        let check = |point: Vec3, is_inside: bool| {
            let half = into.transform_point3(point).abs().max_element();
            assert_eq!(half <= 1.0, is_inside, "{point}");
        };
        check(Vec3::new(1.9, 0.1, 2.05), true);
        check(Vec3::new(1.0, 0.5, 1.91), true);
        check(Vec3::new(1.0, 0.5, 2.2), false);
        check(Vec3::new(2.1, 0.5, 2.0), false);
        assert_eq!(around_surface([Vec3::ZERO; 4], 0.1), None);
    }
}
