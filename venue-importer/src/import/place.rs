//! `place`: puts places anew into a package that was made of a scan, without the scan.
//!
//! Tiles stay as they are. The floor is made anew out of the ground that `import` left beside the package; without
//! that, it stays too, and what would change it is refused. Acoustics are made anew out of the cells that it left.

use super::ground_file;
use super::placement::Placement;
use super::places_input::PlacesInput;
use super::{Progress, sound, walking};
use crate::navigation;
use crate::panoramas;
use crate::report::Report;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use venue_model::{Bounds, SpaceId};
use venue_motion::Walkable;
use venue_package::manifest::{Credit, FileEntry, Manifest, MediaType, SpaceAcoustics};
use venue_package::writer::{FolderWriter, recover_directory};
use venue_package::{AcousticMesh, DirectorySource, NavigationMesh, Package};

/// Puts the places of the file `with` into the package.
pub fn run(folder: &Path, with: &Path, progress: &dyn Progress) -> Result<Report> {
    recover_directory(folder).context("what an earlier, interrupted run left behind could not be mended")?;
    let package = Package::open(DirectorySource::new(folder))
        .with_context(|| format!("{} can not be opened", folder.display()))?;
    let old = package.manifest();
    let mut report = Report::default();
    let input = PlacesInput::open(Some(with), &old.id)?;
    let mut placement = input.resolve(around(old), &mut report);
    report.stop_on_errors()?;
    check_unchanged(old, &placement)?;
    if !placement.redact.is_empty() {
        report
            .warn("[[redact]] works while a scan is imported; what was marked since is not painted over yet");
    }
    let navigation = match ground_file::read(folder, old.tileset)? {
        Some(soup) => walking::build(&soup, &mut placement, progress, &mut report)?,
        None => keep_floor(&package, &mut placement, &mut report)?,
    };
    report.stop_on_errors()?;
    let acoustics = sound::place_again(folder, &package, &placement, &navigation, &mut report)?;
    write(folder, &package, (placement, input.folder()), &navigation, &acoustics, &mut report)?;
    Ok(report)
}

/// The files of the pictures that the file `with` names.
pub(crate) fn pictures(with: &Path) -> Result<Vec<PathBuf>> {
    PlacesInput::open(Some(with), "")?.pictures()
}

fn around(manifest: &Manifest) -> Bounds {
    let first = manifest.spaces[0].bounds;
    manifest.spaces.iter().fold(first, |all, space| Bounds {
        min: all.min.min(space.bounds.min),
        max: all.max.max(space.bounds.max),
    })
}

/// The places ask for other tiles than the package has; only an import makes these.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}; import the scan again with --places")]
pub struct NeedsImport(&'static str);

/// Tiles are of spaces and exhibits: these stay what they were.
fn check_unchanged(old: &Manifest, placement: &Placement) -> Result<()> {
    let spaces = &placement.rooms.spaces;
    let same = spaces.len() == old.spaces.len()
        && spaces.iter().zip(&old.spaces).all(|(new, old)| {
            (new.id, new.key.as_str(), new.bounds) == (old.id, old.key.as_str(), old.bounds)
        });
    if !same {
        bail!(NeedsImport("the spaces or their boxes are others than those of the package"));
    }
    let names = |manifest: &Manifest| -> Vec<_> {
        manifest.exhibits.iter().map(|exhibit| (exhibit.space, exhibit.name.clone())).collect()
    };
    let new: Vec<_> = placement.things.iter().map(|thing| (thing.space, thing.name.clone())).collect();
    if new != names(old) {
        bail!(NeedsImport("the exhibits are others than those of the package"));
    }
    Ok(())
}

/// The floor that the package has, when nothing asks for another.
fn keep_floor(package: &Package, placement: &mut Placement, report: &mut Report) -> Result<NavigationMesh> {
    let floors = &placement.floors;
    let is_corrected = !(floors.add.is_empty() && floors.clear.is_empty() && floors.cut.is_empty());
    if is_corrected || placement.places.doors != package.manifest().doors {
        bail!(
            "doors and [[walkable]] need the file .ground that import left beside the package, and it is not there \
             or of another import; import the scan again with --places"
        );
    }
    let all = Walkable::new(package.navigation()?)?;
    walking::appear(&all, placement, report);
    report.stop_on_errors()?;
    Ok(navigation::reachable(&all, &placement.rooms, &placement.places, report))
}

fn write(
    folder: &Path,
    package: &Package,
    (placement, pictures): (Placement, &Path),
    navigation: &NavigationMesh,
    meshes: &[(SpaceId, AcousticMesh)],
    report: &mut Report,
) -> Result<()> {
    let old = package.manifest();
    let mut writer = FolderWriter::create(folder)?;
    let is_kept = |entry: &&FileEntry| {
        entry.hash != old.navigation
            && !old.acoustics.iter().any(|acoustics| acoustics.mesh == entry.hash)
            && !old.panoramas.iter().any(|panorama| panorama.picture == entry.hash)
    };
    for entry in old.files.iter().filter(is_kept) {
        writer.adopt(&folder.join(old.path_of(entry)), &old.path_of(entry), entry)?;
    }
    let navigation = writer.add_file(&navigation.to_bytes(), MediaType::Navigation)?;
    let mut acoustics = Vec::new();
    for (space, mesh) in meshes {
        let mesh = writer.add_file(&mesh.to_bytes(), MediaType::Acoustics)?;
        acoustics.push(SpaceAcoustics { space: *space, mesh });
    }
    let add = |bytes: Vec<u8>, media_type| writer.add_file(&bytes, media_type);
    let panoramas = panoramas::write(&placement.panoramas, pictures, add, report)?;
    report.stop_on_errors()?;
    let kept = |credit: &&Credit| !placement.credits.iter().any(|new| new.what == credit.what);
    let credits = placement.credits.iter().chain(old.credits.iter().filter(kept)).cloned().collect();
    let places = placement.places;
    let manifest = Manifest {
        id: placement.id.unwrap_or_else(|| old.id.clone()),
        name: placement.name.unwrap_or_else(|| old.name.clone()),
        spaces: placement.rooms.spaces,
        doors: places.doors,
        seats: places.seats,
        spawn_points: places.spawn_points,
        zones: places.zones,
        screens: places.screens,
        environment: placement.environment.unwrap_or_else(|| old.environment.clone()),
        navigation,
        acoustics,
        panoramas,
        frame: placement.frame.or(old.frame),
        credits,
        ..old.clone()
    };
    writer.finish(manifest).context("the package could not be written")?;
    Ok(())
}
