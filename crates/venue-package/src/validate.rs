//! Looks a whole package through and tells everything that is wrong with it, not only the first thing.

use crate::acoustics::Opening;
use crate::gltf::{Document, Limits, decode_image};
use crate::limits;
use crate::manifest::{FileEntry, MediaType, SpacePanorama};
use crate::navigation::NavigationMesh;
use crate::package::{Package, PackageError};
use crate::panorama::panorama_type;
use crate::source::FileSource;
use crate::tileset::Tileset;
use glam::Vec3;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use venue_model::{Bounds, DoorId, Space};

/// What is wrong with a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationReport {
    /// The package can not be used until these are mended.
    pub errors: Vec<Finding>,
    /// It can be used; these are probably not meant.
    pub warnings: Vec<Finding>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which file, and where in it.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub advice: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.what)?;
        if self.advice.is_empty() { Ok(()) } else { write!(f, " ({})", self.advice) }
    }
}

impl ValidationReport {
    /// Whether the package can be used.
    pub fn is_usable(&self) -> bool {
        self.errors.is_empty()
    }

    fn error(&mut self, place: impl Into<String>, what: impl ToString, advice: &str) {
        self.errors.push(Finding { place: place.into(), what: what.to_string(), advice: advice.to_owned() });
    }

    fn warning(&mut self, place: impl Into<String>, what: impl ToString, advice: &str) {
        self.warnings.push(Finding {
            place: place.into(),
            what: what.to_string(),
            advice: advice.to_owned(),
        });
    }
}

/// How far an acoustic mesh may reach beyond its space's bounds, metres: as far as its voxels are wide.
const SOUND_BEYOND: f32 = 5.0;
const PACK_AGAIN: &str = "pack the venue again";

/// Reads every file of a package and checks it.
pub fn validate(source: Arc<dyn FileSource>) -> ValidationReport {
    let mut report = ValidationReport::default();
    let package = match Package::open(source) {
        Ok(package) => package,
        Err(error) => {
            report.error("venue.json", error, "");
            return report;
        }
    };
    for entry in &package.manifest().files {
        check_file(&package, entry, &mut report);
    }
    check_structure(&package, &mut report);
    report
}

/// Checks that manifest, tileset, navigation mesh and acoustics fit together; other files are not read.
pub fn validate_structure(package: &Package) -> ValidationReport {
    let mut report = ValidationReport::default();
    check_structure(package, &mut report);
    report
}

fn check_structure(package: &Package, report: &mut ValidationReport) {
    match package.tileset() {
        Ok(tileset) => check_tileset(package, &tileset, report),
        Err(error) => tell_once(limits::TILESET_PATH.to_owned(), &error, report),
    }
    let path = package.path_of(package.manifest().navigation);
    match package.navigation() {
        Ok(mesh) => check_navigation(package, &path, &mesh, report),
        Err(error) => tell_once(path, &error, report),
    }
    package.manifest().spaces.iter().for_each(|space| check_acoustics(package, space, report));
    package.manifest().panoramas.iter().for_each(|panorama| check_panorama(package, panorama, report));
}

/// Damage to a file may have been told by [`check_file`] already.
fn tell_once(place: String, error: &PackageError, report: &mut ValidationReport) {
    let finding = Finding { place, what: error.to_string(), advice: String::new() };
    if !report.errors.contains(&finding) {
        report.errors.push(finding);
    }
}

fn check_file(package: &Package, entry: &FileEntry, report: &mut ValidationReport) {
    let path = package.manifest().path_of(entry);
    let bytes = match package.file(entry.hash) {
        Ok(bytes) => bytes,
        Err(error) => return report.error(path, error, ""),
    };
    match entry.media_type {
        MediaType::Glb => check_tile(&path, &bytes, report),
        MediaType::Png | MediaType::Jpeg | MediaType::Webp => {
            if let Err(error) = decode_image(&bytes, path.as_str(), &Limits::CLIENT) {
                report.error(path, error, "export the picture again");
            }
        }
        MediaType::Json
        | MediaType::Navigation
        | MediaType::Acoustics
        | MediaType::Mp3
        | MediaType::Ogg
        | MediaType::Wav => {}
    }
}

fn check_tile(path: &str, bytes: &[u8], report: &mut ValidationReport) {
    let document = match Document::read(bytes, &Limits::CLIENT) {
        Ok(document) => document,
        Err(error) => return report.error(path, error, PACK_AGAIN),
    };
    for warning in document.warnings {
        report.warning(path, warning, "");
    }
    for (at, image) in document.images.iter().enumerate() {
        if let Err(error) = decode_image(&image.bytes, &image.media_type, &Limits::CLIENT) {
            report.error(
                format!("{path}, image {at}"),
                error,
                "export the picture again, smaller if need be",
            );
        }
    }
}

fn check_tileset(package: &Package, tileset: &Tileset, report: &mut ValidationReport) {
    let manifest = package.manifest();
    let listed: BTreeSet<_> = manifest.files.iter().map(|file| file.hash).collect();
    for (at, tile) in tileset.tiles.iter().enumerate() {
        let place = || format!("tileset.json, {}", tileset.place_of(at));
        if !listed.contains(&tile.content) {
            report.error(place(), format!("its content {} is not in the package", tile.content), PACK_AGAIN);
        }
        if let Some(space) = tile.space.filter(|&space| manifest.space(space).is_none()) {
            report.error(place(), format!("there is no space with the id {space}"), PACK_AGAIN);
        }
    }
    for space in &manifest.spaces {
        if !tileset.tiles.iter().any(|tile| tile.space == Some(space.id)) {
            let place = format!("space {:?}", space.key);
            report.warning(place, "nothing is to be seen in it: no tile belongs to it", "give it geometry");
        }
    }
}

fn check_navigation(package: &Package, path: &str, mesh: &NavigationMesh, report: &mut ValidationReport) {
    let manifest = package.manifest();
    let mut first_polygons = BTreeMap::new();
    for (at, polygon) in mesh.polygons.iter().enumerate() {
        first_polygons.entry(polygon.space).or_insert(at);
    }
    for (space, at) in &first_polygons {
        if manifest.space(*space).is_none() {
            let what = format!("there is no space with the id {space} in venue.json");
            report.error(format!("{path}, polygon {at}"), what, PACK_AGAIN);
        }
    }
    for space in manifest.spaces.iter().filter(|space| !first_polygons.contains_key(&space.id)) {
        let place = format!("space {:?}", space.key);
        let advice = "give it a floor, or look for one that faces down";
        report.error(place, "no floor in it is walkable", advice);
    }
}

fn check_panorama(package: &Package, panorama: &SpacePanorama, report: &mut ValidationReport) {
    let path = package.path_of(panorama.picture);
    match package.file(panorama.picture) {
        Ok(bytes) => {
            if let Err(error) = panorama_type(&bytes) {
                report.error(path, error, PACK_AGAIN);
            }
        }
        Err(error) => tell_once(path, &error, report),
    }
}

fn check_acoustics(package: &Package, space: &Space, report: &mut ValidationReport) {
    let manifest = package.manifest();
    let named = manifest.acoustics.iter().find(|acoustics| acoustics.space == space.id);
    let path = named.map_or_else(String::new, |acoustics| package.path_of(acoustics.mesh));
    let mesh = match package.acoustics(space.id) {
        Ok(Some(mesh)) => mesh,
        Ok(None) if manifest.acoustics.is_empty() => return,
        Ok(None) => {
            let place = format!("space {:?}", space.key);
            return report.warning(place, "nothing is known of how it sounds", PACK_AGAIN);
        }
        Err(error) => return tell_once(path, &error, report),
    };
    let leads_out =
        |id: DoorId| manifest.doors.iter().any(|door| door.id == id && door.spaces.contains(&space.id));
    let strays = |opening: &Opening| opening.door.is_some_and(|door| !leads_out(door));
    if let Some(at) = mesh.openings.iter().position(strays) {
        let what = format!("it is of a door that does not lead out of {:?}", space.key);
        report.error(format!("{path}, opening {at}"), what, PACK_AGAIN);
    }
    let reach = Vec3::splat(SOUND_BEYOND);
    let around = Bounds { min: space.bounds.min - reach, max: space.bounds.max + reach };
    if let Some(at) = mesh.vertices.iter().position(|&vertex| !around.contains(vertex)) {
        report.error(
            format!("{path}, vertex {at}"),
            format!("it lies outside of {:?}", space.key),
            PACK_AGAIN,
        );
    }
    let open = mesh.open_edges();
    if open > 0 {
        let what = format!("its surface is open at {open} edges, where sound would get lost");
        report.warning(path.as_str(), what, PACK_AGAIN);
    }
    if !mesh.measured.is_true() {
        let measured = &mesh.measured;
        let what = format!(
            "{:?} does not sound as its model: reverberation is off by {:.0} %, what is blocked by {:.0} %",
            space.key,
            measured.reverberation_difference() * 100.0,
            measured.occlusion_difference * 100.0
        );
        report.warning(
            path,
            what,
            "up to 20 % are heard by few; give the space tighter bounds, or close its holes",
        );
    }
}
