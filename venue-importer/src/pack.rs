//! The order of the steps, from a model to a package in memory. Knows no disk.

use crate::acoustics::authored as acoustics;
use crate::authored::{self, Making};
use crate::extensions::{Environment, Venue};
use crate::places::Places;
use crate::read::Source;
use crate::report::Report;
use crate::spaces::Rooms;
use crate::{exhibits, navigation, panoramas, places, spaces};
use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use venue_model::Localized;
use venue_package::manifest::{
    self, Credit, GeodeticFrame, Manifest, MediaType, SpaceAcoustics, SpacePanorama,
};
use venue_package::{MemorySource, NavigationMesh, PackageWriter, Tileset};

/// A package and what was found on the way.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The package's files.
    pub files: MemorySource,
    /// Figures and warnings for the modeler.
    pub report: Report,
}

/// Makes a package out of a model, or tells everything that is missing.
pub fn pack(source: &Source, making: Making<'_>) -> Result<Packed> {
    let document = &source.document;
    let mut report = Report { warnings: document.warnings.clone(), ..Report::default() };
    let mut writer = PackageWriter::default();

    let rooms = spaces::find(document, &mut report);
    let places = places::find(document, &rooms, &mut report);
    let (placed, credits) = exhibits::find(source, &rooms, &mut report);
    report.stop_on_errors()?;
    count(&rooms, &places, placed.len(), &mut report);

    let navigation = navigation::build(document, &rooms, &places, &placed, &mut report);
    report.stop_on_errors()?;
    let mut tiles = authored::write_spaces(document, &rooms, making, &mut writer, &mut report);
    let exhibits = exhibits::write(&placed, making, &mut writer, &mut tiles, &mut report);
    let acoustics =
        acoustics::write(document, &rooms, &places.doors, &placed, &navigation, &mut writer, &mut report);
    let emitters = exhibits::emitters(source, &rooms, &mut writer, &mut report);
    let around = panoramas::find(source, &rooms, &mut report);
    let add = |bytes, media_type| Ok::<_, Infallible>(writer.add_file(bytes, media_type));
    let Ok(panoramas) = panoramas::write(&around, &source.folder, add, &mut report);
    let tiles = Tileset { tiles };
    let parts = Parts { navigation, acoustics, panoramas, tiles, exhibits, emitters, credits };
    let manifest = manifest(source, rooms, places, parts, &mut writer, &mut report);
    report.stop_on_errors()?;

    let files = writer.finish(manifest).context("the model can not be packed yet")?;
    let bytes: usize = files.files().map(|(_, bytes)| bytes.len()).sum();
    report.fact("package", format!("{} files, {:.1} MB", files.files().count(), bytes as f64 / 1e6));
    Ok(Packed { files, report })
}

/// What is written into files of its own.
struct Parts {
    navigation: NavigationMesh,
    acoustics: Vec<SpaceAcoustics>,
    panoramas: Vec<SpacePanorama>,
    tiles: Tileset,
    exhibits: Vec<manifest::Exhibit>,
    emitters: Vec<manifest::Emitter>,
    credits: Vec<Credit>,
}

fn count(rooms: &Rooms, places: &Places, exhibits: usize, report: &mut Report) {
    let keys: Vec<_> = rooms.spaces.iter().map(|space| space.key.as_str()).collect();
    report.fact("spaces", format!("{}: {}", keys.len(), keys.join(", ")));
    report.fact("doors", places.doors.len());
    report.fact("seats", places.seats.len());
    report.fact("spawn points", places.spawn_points.len());
    report.fact("zones", places.zones.len());
    report.fact("screens", places.screens.len());
    report.fact("exhibits", exhibits);
}

fn manifest(
    source: &Source,
    rooms: Rooms,
    places: Places,
    parts: Parts,
    writer: &mut PackageWriter,
    report: &mut Report,
) -> Manifest {
    let venue: Venue = root(source, "VEV_venue", report);
    let id = venue.id.unwrap_or_else(|| id_from(&source.name));
    let mut credits = venue.credits;
    credits.extend(parts.credits);
    credits.dedup();
    Manifest {
        format: manifest::FORMAT.into(),
        version: manifest::VERSION,
        name: venue.name.map_or_else(|| Localized::english(id.clone()), Into::into),
        id,
        spaces: rooms.spaces,
        doors: places.doors,
        seats: places.seats,
        spawn_points: places.spawn_points,
        zones: places.zones,
        screens: places.screens,
        exhibits: parts.exhibits,
        emitters: parts.emitters,
        environment: environment(root(source, "VEV_environment", report)),
        tileset: writer.add_tileset(&parts.tiles),
        navigation: writer.add_file(parts.navigation.to_bytes(), MediaType::Navigation),
        acoustics: parts.acoustics,
        panoramas: parts.panoramas,
        files: Vec::new(),
        frame: venue.frame.map(|frame| GeodeticFrame {
            latitude: frame.latitude,
            longitude: frame.longitude,
            height: frame.height,
            heading: frame.heading,
            survey_origin: frame.survey_origin,
        }),
        credits,
    }
}

pub(crate) fn root<T: DeserializeOwned + Default>(source: &Source, name: &str, report: &mut Report) -> T {
    let Some(value) = source.document.extensions.get(name) else { return T::default() };
    serde_json::from_value(value.clone()).unwrap_or_else(|error| {
        report.error(format!("{name} of the file: {error}; see docs/venue-package.md"));
        T::default()
    })
}

pub(crate) fn environment(given: Environment) -> manifest::Environment {
    let usual = manifest::Environment::default();
    let mut sun = given.sun.unwrap_or(usual.sun);
    // A modeler gives a direction, not its length.
    sun.direction = sun.direction.try_normalize().unwrap_or(glam::Vec3::NEG_Y);
    manifest::Environment {
        sun,
        ambient: given.ambient.unwrap_or(usual.ambient),
        sky: given.sky.unwrap_or(usual.sky),
    }
}

/// A venue id out of a file's name.
pub(crate) fn id_from(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let id: String = name.chars().take(40).map(plain).collect();
    let id = id.trim_matches('-');
    if id.is_empty() { "venue".into() } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_become_ids() {
        let check = |name: &str, id: &str| assert_eq!(id_from(name), id);
        check("Genève 2 (final)", "gen-ve-2--final");
        check("hall", "hall");
        check("会议", "venue");
    }
}
