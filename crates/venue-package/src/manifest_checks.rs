//! What must hold in a manifest beyond its types: ranges, unique names, references that lead somewhere.

use crate::limits;
use crate::manifest::{
    Emitter, Environment, Exhibit, GeodeticFrame, Manifest, ManifestError, MediaType, Screen,
};
use glam::Vec3;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use venue_model::{Bounds, Door, FileHash, Localized, Place, Seat, SpaceId, SpawnPoint, Zone};

type Checked = Result<(), ManifestError>;

/// Checks the whole manifest; the first thing wrong is told.
pub(crate) fn check(manifest: &Manifest) -> Checked {
    key("id", &manifest.id)?;
    name("name", &manifest.name)?;
    counts(manifest)?;
    let spaces = spaces(manifest)?;
    let files = files(manifest)?;
    each("doors", &manifest.doors, |at, door| check_door(at, door, &spaces))?;
    each("seats", &manifest.seats, |at, seat| check_seat(at, seat, &spaces))?;
    each("spawn_points", &manifest.spawn_points, |at, spawn| check_spawn(at, spawn, &spaces))?;
    each("zones", &manifest.zones, |at, zone| check_zone(at, zone, &spaces))?;
    each("screens", &manifest.screens, |at, screen| check_screen(at, screen, &spaces))?;
    each("exhibits", &manifest.exhibits, |at, exhibit| check_exhibit(at, exhibit, &spaces, &files))?;
    each("emitters", &manifest.emitters, |at, emitter| check_emitter(at, emitter, &spaces, &files))?;
    unique("doors", manifest.doors.iter().map(|door| door.id.0))?;
    unique("seats", manifest.seats.iter().map(|seat| seat.id.0))?;
    unique("zones", manifest.zones.iter().map(|zone| zone.id.0))?;
    every_space_has_a_spawn_point(manifest)?;
    check_environment(&manifest.environment)?;
    small_file("tileset", manifest.tileset, &files, limits::TILESET_BYTES)?;
    small_file("navigation", manifest.navigation, &files, limits::NAVIGATION_BYTES)?;
    if manifest.navigation == manifest.tileset {
        return Err(wrong("navigation", "it is the same file as the tileset"));
    }
    check_acoustics(manifest, &spaces, &files)?;
    check_panoramas(manifest, &spaces, &files)?;
    manifest.frame.as_ref().map_or(Ok(()), check_frame)?;
    each("credits", &manifest.credits, |at, credit| {
        text(&format!("{at}.what"), &credit.what, 1..=200)?;
        text(&format!("{at}.author"), &credit.author, 1..=200)?;
        text(&format!("{at}.license"), &credit.license, 1..=200)?;
        text(&format!("{at}.source"), &credit.source, 0..=400)
    })
}

fn wrong(at: impl Into<String>, what: impl Into<String>) -> ManifestError {
    ManifestError::Invalid { at: at.into(), what: what.into() }
}

fn each<T>(list: &str, items: &[T], mut check: impl FnMut(&str, &T) -> Checked) -> Checked {
    items.iter().enumerate().try_for_each(|(index, item)| check(&format!("{list}[{index}]"), item))
}

fn counts(manifest: &Manifest) -> Checked {
    let counts = [
        ("doors", manifest.doors.len(), limits::PLACES),
        ("seats", manifest.seats.len(), limits::SEATS),
        ("spawn_points", manifest.spawn_points.len(), limits::PLACES),
        ("zones", manifest.zones.len(), limits::PLACES),
        ("screens", manifest.screens.len(), limits::PLACES),
        ("exhibits", manifest.exhibits.len(), limits::PLACES),
        ("emitters", manifest.emitters.len(), limits::PLACES),
        ("files", manifest.files.len(), limits::FILES),
        ("credits", manifest.credits.len(), limits::PLACES),
    ];
    for (list, count, limit) in counts {
        if count > limit {
            return Err(wrong(list, format!("there are {count}; {limit} are allowed")));
        }
    }
    if manifest.spaces.is_empty() || manifest.spaces.len() > limits::SPACES {
        let count = manifest.spaces.len();
        return Err(wrong("spaces", format!("there are {count}; 1 to {} are allowed", limits::SPACES)));
    }
    Ok(())
}

fn spaces(manifest: &Manifest) -> Result<BTreeSet<SpaceId>, ManifestError> {
    let mut ids = BTreeSet::new();
    let mut keys = BTreeSet::new();
    each("spaces", &manifest.spaces, |at, space| {
        key(&format!("{at}.key"), &space.key)?;
        name(&format!("{at}.name"), &space.name)?;
        bounds(&format!("{at}.bounds"), &space.bounds)?;
        if !ids.insert(space.id) {
            return Err(wrong(format!("{at}.id"), format!("the id {} is given twice", space.id)));
        }
        if !keys.insert(space.key.clone()) {
            return Err(wrong(format!("{at}.key"), format!("the key {:?} is given twice", space.key)));
        }
        Ok(())
    })?;
    Ok(ids)
}

fn files(manifest: &Manifest) -> Result<BTreeMap<FileHash, u64>, ManifestError> {
    let mut files = BTreeMap::new();
    each("files", &manifest.files, |at, entry| {
        if entry.bytes > limits::FILE_BYTES {
            let limit = limits::FILE_BYTES;
            return Err(wrong(format!("{at}.bytes"), format!("{} is more than {limit}", entry.bytes)));
        }
        match files.insert(entry.hash, entry.bytes) {
            None => Ok(()),
            Some(_) => Err(wrong(format!("{at}.hash"), "the same file is listed twice")),
        }
    })?;
    let (bytes, limit) = (files.values().sum::<u64>(), limits::PACKAGE_BYTES);
    if bytes > limit {
        let what = format!(
            "they have {bytes} bytes together; {limit} are allowed: make pictures smaller, or \
             divide the venue"
        );
        return Err(wrong("files", what));
    }
    Ok(files)
}

fn check_door(at: &str, door: &Door, spaces: &BTreeSet<SpaceId>) -> Checked {
    for id in door.spaces {
        space(&format!("{at}.spaces"), id, spaces)?;
    }
    if door.spaces[0] == door.spaces[1] {
        return Err(wrong(format!("{at}.spaces"), "a door joins two different spaces"));
    }
    place(&format!("{at}.place"), &door.place)?;
    number(&format!("{at}.width"), door.width, 0.7..=20.0, "metres")?;
    number(&format!("{at}.height"), door.height, 1.8..=20.0, "metres")
}

fn check_seat(at: &str, seat: &Seat, spaces: &BTreeSet<SpaceId>) -> Checked {
    space(&format!("{at}.space"), seat.space, spaces)?;
    place(&format!("{at}.place"), &seat.place)?;
    number(&format!("{at}.height"), seat.height, 0.2..=1.2, "metres")?;
    text(&format!("{at}.label"), &seat.label, 0..=40)
}

fn check_spawn(at: &str, spawn: &SpawnPoint, spaces: &BTreeSet<SpaceId>) -> Checked {
    space(&format!("{at}.space"), spawn.space, spaces)?;
    place(&format!("{at}.place"), &spawn.place)?;
    number(&format!("{at}.radius"), spawn.radius, 0.0..=20.0, "metres")
}

fn check_zone(at: &str, zone: &Zone, spaces: &BTreeSet<SpaceId>) -> Checked {
    space(&format!("{at}.space"), zone.space, spaces)?;
    name(&format!("{at}.name"), &zone.name)?;
    bounds(&format!("{at}.bounds"), &zone.bounds)
}

fn check_screen(at: &str, screen: &Screen, spaces: &BTreeSet<SpaceId>) -> Checked {
    space(&format!("{at}.space"), screen.space, spaces)?;
    name(&format!("{at}.name"), &screen.name)?;
    point(&format!("{at}.center"), screen.center)?;
    let length = screen.orientation.length();
    if !is_unit(length) {
        return Err(wrong(
            format!("{at}.orientation"),
            format!("a unit quaternion is needed; its length is {length}"),
        ));
    }
    number(&format!("{at}.width"), screen.width, 0.1..=100.0, "metres")?;
    number(&format!("{at}.height"), screen.height, 0.1..=100.0, "metres")
}

fn check_exhibit(
    at: &str,
    exhibit: &Exhibit,
    spaces: &BTreeSet<SpaceId>,
    files: &BTreeMap<FileHash, u64>,
) -> Checked {
    space(&format!("{at}.space"), exhibit.space, spaces)?;
    name(&format!("{at}.name"), &exhibit.name)?;
    bounds(&format!("{at}.bounds"), &exhibit.bounds)?;
    file(&format!("{at}.content"), exhibit.content, files)
}

fn check_emitter(
    at: &str,
    emitter: &Emitter,
    spaces: &BTreeSet<SpaceId>,
    files: &BTreeMap<FileHash, u64>,
) -> Checked {
    space(&format!("{at}.space"), emitter.space, spaces)?;
    text(&format!("{at}.name"), &emitter.name, 0..=120)?;
    point(&format!("{at}.position"), emitter.position)?;
    file(&format!("{at}.sound"), emitter.sound, files)?;
    number(&format!("{at}.gain"), emitter.gain, 0.0..=4.0, "")?;
    number(&format!("{at}.reference_distance"), emitter.reference_distance, 0.1..=100.0, "metres")?;
    number(&format!("{at}.max_distance"), emitter.max_distance, 0.0..=1000.0, "metres")
}

fn check_acoustics(
    manifest: &Manifest,
    spaces: &BTreeSet<SpaceId>,
    files: &BTreeMap<FileHash, u64>,
) -> Checked {
    each("acoustics", &manifest.acoustics, |at, acoustics| {
        space(&format!("{at}.space"), acoustics.space, spaces)?;
        let at = format!("{at}.mesh");
        small_file(&at, acoustics.mesh, files, limits::ACOUSTICS_BYTES)?;
        match [manifest.tileset, manifest.navigation].contains(&acoustics.mesh) {
            true => Err(wrong(at, "it is the same file as the tileset or the navigation mesh")),
            false => Ok(()),
        }
    })?;
    unique("acoustics", manifest.acoustics.iter().map(|acoustics| acoustics.space.0))
}

fn check_panoramas(
    manifest: &Manifest,
    spaces: &BTreeSet<SpaceId>,
    files: &BTreeMap<FileHash, u64>,
) -> Checked {
    each("panoramas", &manifest.panoramas, |at, panorama| {
        space(&format!("{at}.space"), panorama.space, spaces)?;
        number(&format!("{at}.heading"), panorama.heading, 0.0..=360.0, "degrees")?;
        let at = format!("{at}.picture");
        small_file(&at, panorama.picture, files, limits::PANORAMA_BYTES)?;
        match manifest.file(panorama.picture).map(|file| file.media_type) {
            Some(MediaType::Jpeg | MediaType::Png) => Ok(()),
            _ => Err(wrong(at, format!("the file {} is neither a JPEG nor a PNG", panorama.picture))),
        }
    })?;
    unique("panoramas", manifest.panoramas.iter().map(|panorama| panorama.space.0))
}

fn check_environment(environment: &Environment) -> Checked {
    let direction = environment.sun.direction.length();
    if !is_unit(direction) {
        return Err(wrong("environment.sun.direction", format!("its length must be 1; it is {direction}")));
    }
    number("environment.sun.strength", environment.sun.strength, 0.0..=100.0, "")?;
    let colors = [
        ("environment.sun.color", environment.sun.color),
        ("environment.ambient", environment.ambient),
        ("environment.sky.zenith", environment.sky.zenith),
        ("environment.sky.horizon", environment.sky.horizon),
        ("environment.sky.ground", environment.sky.ground),
    ];
    for (at, color) in colors {
        for channel in color.to_array() {
            number(at, channel, 0.0..=100.0, "")?;
        }
    }
    Ok(())
}

fn check_frame(frame: &GeodeticFrame) -> Checked {
    let numbers = [
        ("frame.latitude", frame.latitude, -90.0..=90.0),
        ("frame.longitude", frame.longitude, -180.0..=180.0),
        ("frame.height", frame.height, -1_000.0..=10_000.0),
        ("frame.heading", frame.heading, 0.0..=360.0),
        ("frame.survey_origin", frame.survey_origin.abs().max_element(), 0.0..=1.0e8),
    ];
    for (at, value, range) in numbers {
        if !range.contains(&value) {
            return Err(wrong(at, format!("{value} is not within {} to {}", range.start(), range.end())));
        }
    }
    Ok(())
}

fn every_space_has_a_spawn_point(manifest: &Manifest) -> Checked {
    let served: BTreeSet<_> = manifest.spawn_points.iter().map(|spawn| spawn.space).collect();
    match manifest.spaces.iter().find(|space| !served.contains(&space.id)) {
        None => Ok(()),
        Some(space) => {
            let what = format!("the space {:?} has none; put an OMI_spawn_point node into it", space.key);
            Err(wrong("spawn_points", what))
        }
    }
}

fn is_unit(length: f32) -> bool {
    (0.99..=1.01).contains(&length)
}

fn key(at: &str, key: &str) -> Checked {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if (1..=40).contains(&key.len()) && key.bytes().all(allowed) {
        Ok(())
    } else {
        Err(wrong(at, format!("{key:?} must be 1 to 40 of a-z, 0-9 and -")))
    }
}

fn name(at: &str, name: &Localized) -> Checked {
    if !name.0.contains_key(&venue_model::Language::En) {
        return Err(wrong(at, "the English text \"en\" is missing"));
    }
    name.0.iter().try_for_each(|(language, words)| text(&format!("{at}.{}", language.code()), words, 1..=120))
}

fn text(at: &str, text: &str, chars: RangeInclusive<usize>) -> Checked {
    let count = text.chars().count();
    if !chars.contains(&count) {
        let (least, most) = (chars.start(), chars.end());
        return Err(wrong(at, format!("it has {count} characters; {least} to {most} are allowed")));
    }
    // Model names end up on tags and in menus: what would confuse there is refused here.
    venue_model::BoundedText::<400>::new(text).map(|_| ()).map_err(|error| wrong(at, error.to_string()))
}

fn number(at: &str, value: f32, range: RangeInclusive<f32>, unit: &str) -> Checked {
    if range.contains(&value) {
        return Ok(());
    }
    let sentence = format!("{value} is not within {} to {} {unit}", range.start(), range.end());
    Err(wrong(at, sentence.trim_end()))
}

fn point(at: &str, point: Vec3) -> Checked {
    if point.is_finite() && point.abs().max_element() <= limits::EXTENT {
        Ok(())
    } else {
        Err(wrong(at, format!("{point} is farther than {} metres from the origin", limits::EXTENT)))
    }
}

fn place(at: &str, place: &Place) -> Checked {
    point(&format!("{at}.position"), place.position)?;
    number(&format!("{at}.yaw"), place.yaw, -7.0..=7.0, "radians")
}

fn bounds(at: &str, bounds: &Bounds) -> Checked {
    point(&format!("{at}.min"), bounds.min)?;
    point(&format!("{at}.max"), bounds.max)?;
    if bounds.min.cmple(bounds.max).all() { Ok(()) } else { Err(wrong(at, "min is beyond max")) }
}

fn space(at: &str, id: SpaceId, spaces: &BTreeSet<SpaceId>) -> Checked {
    if spaces.contains(&id) { Ok(()) } else { Err(wrong(at, format!("there is no space with the id {id}"))) }
}

fn file(at: &str, hash: FileHash, files: &BTreeMap<FileHash, u64>) -> Checked {
    if files.contains_key(&hash) {
        Ok(())
    } else {
        Err(wrong(at, format!("the file {hash} is not in files")))
    }
}

/// A file that is read whole before anybody is let in.
fn small_file(at: &str, hash: FileHash, files: &BTreeMap<FileHash, u64>, limit: u64) -> Checked {
    file(at, hash, files)?;
    match files.get(&hash) {
        Some(&bytes) if bytes > limit => {
            Err(wrong(at, format!("the file {hash} has {bytes} bytes; {limit} are allowed")))
        }
        _ => Ok(()),
    }
}

fn unique(list: &str, ids: impl Iterator<Item = u16>) -> Checked {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(wrong(list, format!("the id {id} is given twice")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{FORMAT, FileEntry, SpaceAcoustics, SpacePanorama, VERSION};
    use venue_model::Space;

    const TILESET: FileHash = FileHash([1; 32]);
    const NAVIGATION: FileHash = FileHash([2; 32]);

    /// A venue of one room whose tileset and navigation mesh have these lengths.
    fn manifest(tileset: u64, navigation: u64) -> Manifest {
        let bounds = Bounds { min: Vec3::ZERO, max: Vec3::ONE };
        let (id, place) = (SpaceId(1), Place { position: Vec3::ZERO, yaw: 0.0 });
        let entry = |hash, bytes, media_type| FileEntry { hash, bytes, media_type };
        Manifest {
            format: FORMAT.into(),
            version: VERSION,
            id: "room".into(),
            name: Localized::english("Room"),
            spaces: vec![Space { id, key: "room".into(), name: Localized::english("Room"), bounds }],
            doors: Vec::new(),
            seats: Vec::new(),
            spawn_points: vec![SpawnPoint { space: id, place, radius: 1.0 }],
            zones: Vec::new(),
            screens: Vec::new(),
            exhibits: Vec::new(),
            emitters: Vec::new(),
            environment: Environment::default(),
            tileset: TILESET,
            navigation: NAVIGATION,
            acoustics: Vec::new(),
            panoramas: Vec::new(),
            files: vec![
                entry(TILESET, tileset, MediaType::Json),
                entry(NAVIGATION, navigation, MediaType::Navigation),
            ],
            frame: None,
            credits: Vec::new(),
        }
    }

    fn expect(manifest: &Manifest, expected: Option<&str>) {
        let said = check(manifest).err().map(|error| error.to_string());
        match (said.as_deref(), expected) {
            (None, None) => {}
            (Some(said), Some(expected)) => assert!(said.contains(expected), "{said}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn all_files_together_have_a_limit() {
        let mut full = manifest(0, 0);
        let largest = |number| FileEntry {
            hash: FileHash([number; 32]),
            bytes: limits::FILE_BYTES,
            media_type: MediaType::Glb,
        };
        let count = limits::PACKAGE_BYTES / limits::FILE_BYTES;
        full.files.extend((0..count as u8).map(|number| largest(number + 10)));
        expect(&full, None);
        full.files[0].bytes = 1;
        expect(&full, Some("venue.json: files: they have 8589934593 bytes together; 8589934592 are allowed"));
    }

    #[test]
    fn one_file_has_a_limit() {
        let mut room = manifest(0, 0);
        let entry = |bytes| FileEntry { hash: FileHash([9; 32]), bytes, media_type: MediaType::Glb };
        room.files.push(entry(limits::FILE_BYTES));
        expect(&room, None);
        room.files[2] = entry(limits::FILE_BYTES + 1);
        expect(&room, Some("files[2].bytes: 536870913 is more than"));
    }

    #[test]
    fn files_that_are_read_at_once_have_lower_limits() {
        expect(&manifest(limits::TILESET_BYTES, limits::NAVIGATION_BYTES), None);
        expect(&manifest(limits::TILESET_BYTES + 1, 0), Some("tileset: the file"));
        expect(&manifest(0, limits::NAVIGATION_BYTES + 1), Some("navigation: the file"));
    }

    #[test]
    fn acoustics_are_of_a_space_and_have_a_file_of_their_own() {
        let of = |space, mesh| SpaceAcoustics { space: SpaceId(space), mesh };
        let check = |acoustics: &[SpaceAcoustics], bytes, expected| {
            let mut room = manifest(0, 0);
            let hash = FileHash([3; 32]);
            room.files.push(FileEntry { hash, bytes, media_type: MediaType::Acoustics });
            room.acoustics = acoustics.to_vec();
            expect(&room, expected);
        };
        let hash = FileHash([3; 32]);
        check(&[of(1, hash)], limits::ACOUSTICS_BYTES, None);
        check(&[of(1, hash)], limits::ACOUSTICS_BYTES + 1, Some("acoustics[0].mesh: the file"));
        check(&[of(2, hash)], 0, Some("acoustics[0].space: there is no space with the id 2"));
        check(&[of(1, hash), of(1, hash)], 0, Some("acoustics: the id 1 is given twice"));
        check(&[of(1, FileHash([4; 32]))], 0, Some("acoustics[0].mesh: the file"));
        check(&[of(1, NAVIGATION)], 0, Some("the same file as the tileset or the navigation mesh"));
    }

    #[test]
    fn a_panorama_is_a_picture_around_one_space() {
        let hash = FileHash([3; 32]);
        let of = |space, heading| SpacePanorama { space: SpaceId(space), picture: hash, heading };
        let check = |panoramas: &[SpacePanorama], bytes, media_type, expected| {
            let mut room = manifest(0, 0);
            room.files.push(FileEntry { hash, bytes, media_type });
            room.panoramas = panoramas.to_vec();
            expect(&room, expected);
        };
        let (jpeg, most) = (MediaType::Jpeg, limits::PANORAMA_BYTES);
        check(&[of(1, 360.0)], most, jpeg, None);
        check(&[of(1, 0.0)], most + 1, MediaType::Png, Some("panoramas[0].picture: the file"));
        check(&[of(1, -1.0)], 0, jpeg, Some("panoramas[0].heading: -1 is not within 0 to 360 degrees"));
        check(&[of(1, f32::NAN)], 0, jpeg, Some("panoramas[0].heading"));
        check(&[of(2, 0.0)], 0, jpeg, Some("panoramas[0].space: there is no space with the id 2"));
        check(&[of(1, 0.0), of(1, 9.0)], 0, jpeg, Some("panoramas: the id 1 is given twice"));
        check(&[of(1, 0.0)], 0, MediaType::Webp, Some("is neither a JPEG nor a PNG"));
        let missing = SpacePanorama { picture: FileHash([4; 32]), ..of(1, 0.0) };
        check(&[missing], 0, jpeg, Some("is not in files"));
    }

    #[test]
    fn one_file_is_not_both_tiles_and_floor() {
        let mut room = manifest(0, 0);
        room.navigation = room.tileset;
        expect(&room, Some("navigation: it is the same file as the tileset"));
    }
}
