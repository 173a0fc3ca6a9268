//! An anchor as the text with which the importer's file of places says it.
//!
//! It must not know the importer; a test with the importer's own reader holds both together.

use super::{Anchor, key_of};
use glam::Vec3;
use std::fmt::Write as _;
use venue_model::place::ZoneKind;
use venue_model::{Localized, Place, SpaceId};
use venue_motion::{FloorPoint, Walkable};
use venue_package::Manifest;

/// A mark that hovers or sinks less than this over the floor below it stands on it, metres.
const SNAP: f32 = 0.3;

/// How far aside that floor may be, metres: it is below the mark, not beside it.
const ASIDE: f32 = 0.02;

/// The entry of an anchor; where it stands on the floor but for a little, it is put onto it.
pub fn entry_of(anchor: &Anchor<'_>, manifest: &Manifest, walkable: Option<&Walkable>) -> String {
    let key = |space| key_of(manifest, space);
    let on_floor = |place: Place| match walkable {
        Some(walkable) => Place { position: snapped(walkable, anchor.space(), place.position), ..place },
        None => place,
    };
    match anchor {
        Anchor::Spawn(spawn) => Entry::new("spawn")
            .place(on_floor(spawn.place))
            .number("radius", spawn.radius)
            .text("space", key(spawn.space)),
        Anchor::Seat(seat) => Entry::new("seat")
            .place(on_floor(seat.place))
            .number("height", seat.height)
            .text("label", &seat.label)
            .text("space", key(seat.space)),
        Anchor::Door(door) => Entry::new("door")
            .text("from", key(door.spaces[0]))
            .text("to", key(door.spaces[1]))
            .place(on_floor(door.place))
            .number("width", door.width)
            .number("height", door.height),
        Anchor::Screen(screen) => {
            let place = anchor.place().unwrap_or(Place { position: screen.center, yaw: 0.0 });
            let entry = Entry::new("screen").name(&screen.name).place(place);
            entry
                .number("width", screen.width)
                .number("height", screen.height)
                .text("space", key(screen.space))
        }
        Anchor::Zone(zone) => Entry::new("zone")
            .text("purpose", purpose(zone.purpose))
            .name(&zone.name)
            .point("min", zone.bounds.min)
            .point("max", zone.bounds.max)
            .text("space", key(zone.space)),
        Anchor::Booth(zone, language) => Entry::new("booth")
            .text("language", language.code())
            .name(&zone.name)
            .point("min", zone.bounds.min)
            .point("max", zone.bounds.max)
            .text("space", key(zone.space)),
        Anchor::Exhibit(exhibit) => {
            // The package does not know the file that the thing was made of.
            let middle = exhibit.bounds.center();
            let foot = Vec3::new(middle.x, exhibit.bounds.min.y, middle.z);
            let entry = Entry::new("exhibit").name(&exhibit.name).text("source", "FILE.glb");
            entry.point("at", foot).text("space", key(exhibit.space))
        }
    }
    .finish()
}

/// The entry of a bare point of the floor: somewhere to appear, looking this way. Its first line may be changed.
pub fn floor_entry(floor: FloorPoint, yaw: f32, manifest: &Manifest) -> String {
    let place = Place { position: floor.position, yaw };
    Entry::new("spawn").place(place).text("space", key_of(manifest, floor.space)).finish()
}

fn snapped(walkable: &Walkable, space: SpaceId, point: Vec3) -> Vec3 {
    let below = walkable.locate_in(space, point, SNAP).map(|floor| floor.position);
    let is_below = |floor: &Vec3| Vec3::new(floor.x - point.x, 0.0, floor.z - point.z).length() <= ASIDE;
    below.filter(is_below).map_or(point, |floor| Vec3::new(point.x, floor.y, point.z))
}

fn purpose(kind: ZoneKind) -> &'static str {
    match kind {
        ZoneKind::Talk => "talk",
        ZoneKind::Quiet => "quiet",
        ZoneKind::Stage => "stage",
        ZoneKind::Exhibit => "exhibit",
        ZoneKind::Booth { .. } => "booth",
    }
}

/// TOML that is being written.
struct Entry(String);

impl Entry {
    fn new(table: &str) -> Self {
        Self(format!("[[{table}]]\n"))
    }

    // Writing into a text can not fail.
    fn line(mut self, key: &str, value: impl std::fmt::Display) -> Self {
        writeln!(self.0, "{key} = {value}").ok();
        self
    }

    fn place(self, place: Place) -> Self {
        let degrees = place.yaw.to_degrees().rem_euclid(360.0);
        let turned = if degrees > 180.0 { degrees - 360.0 } else { degrees };
        self.point("at", place.position).line("yaw", number(turned, 10.0))
    }

    fn point(self, key: &str, point: Vec3) -> Self {
        let [x, y, z] = point.to_array().map(|value| number(value, 1_000.0));
        self.line(key, format_args!("[{x}, {y}, {z}]"))
    }

    fn number(self, key: &str, value: f32) -> Self {
        self.line(key, number(value, 1_000.0))
    }

    /// A text; one that is empty is left out, as it may be.
    fn text(self, key: &str, value: &str) -> Self {
        if value.is_empty() { self } else { self.line(key, quoted(value)) }
    }

    fn name(self, name: &Localized) -> Self {
        let each = name.0.iter().map(|(language, text)| format!("{} = {}", language.code(), quoted(text)));
        let each = each.collect::<Vec<_>>().join(", ");
        self.line("name", format_args!("{{ {each} }}"))
    }

    fn finish(self) -> String {
        self.0
    }
}

fn quoted(text: &str) -> String {
    // On one line, whatever the text holds.
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.extend(format!("\\u{:04X}", u32::from(c)).chars()),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Rounded to a part of one, and without a sign before zero.
fn number(value: f32, parts: f64) -> f64 {
    (f64::from(value) * parts).round() / parts + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anchors::all;
    use crate::testing::{square_room, tiny_package};

    fn entry(sentence: &str, walkable: Option<&Walkable>) -> String {
        let package = tiny_package();
        let manifest = package.manifest();
        let anchor = all(manifest).find(|anchor| anchor.sentence() == sentence).unwrap();
        entry_of(&anchor, manifest, walkable)
    }

    #[test]
    fn an_anchor_is_an_entry_of_the_file_of_places() {
        let seat = "[[seat]]\nat = [0.5, 0, 2]\nyaw = 0\nheight = 0.45\nlabel = \"A1\"\nspace = \"room\"\n";
        assert_eq!(entry("anchor-seat", None), seat);
        let door = "[[door]]\nfrom = \"room\"\nto = \"hall\"\nat = [8, 0, 0]\nyaw = -90\nwidth = 1.2\nheight = 2.1\n";
        assert_eq!(entry("anchor-door", None), door);
    }

    #[test]
    fn what_hovers_a_little_is_put_onto_the_floor_below_it_and_nothing_is_moved_aside() {
        let room = square_room(5.0);
        let put = |point| snapped(&room, SpaceId(1), point);
        assert_eq!(put(Vec3::new(1.0, 0.2, 2.0)), Vec3::new(1.0, 0.0, 2.0));
        assert_eq!(put(Vec3::new(1.0, 0.9, 2.0)), Vec3::new(1.0, 0.9, 2.0), "a gallery is no floor below");
        assert_eq!(put(Vec3::new(5.2, 0.1, 2.0)), Vec3::new(5.2, 0.1, 2.0), "beside the floor");
    }

    #[test]
    fn names_stay_on_one_line() {
        let name = Localized::english("A \"hall\"\nof\\glass");
        let entry = Entry::new("screen").name(&name).finish();
        assert_eq!(entry, "[[screen]]\nname = { en = \"A \\\"hall\\\"\\u000Aof\\\\glass\" }\n");
        let read: toml::Table = entry.parse().unwrap();
        assert_eq!(read["screen"][0]["name"]["en"].as_str(), Some("A \"hall\"\nof\\glass"));
    }
}
