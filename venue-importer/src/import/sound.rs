//! Step acoustics of a scan: how each of its spaces sounds.

use super::Progress;
use super::placement::Placement;
use super::shape::Shape;
use super::sound_file;
use super::surface::Surface;
use crate::acoustics::authored::{tell, tell_again, unknown};
use crate::acoustics::rules::Rules;
use crate::acoustics::surfaces::{self, Pictures};
use crate::acoustics::{Full, Room, again, build};
use crate::hierarchy;
use crate::report::Report;
use anyhow::{Context, Result, bail};
use glam::Vec3;
use std::path::Path;
use venue_model::SpaceId;
use venue_package::gltf::AlphaMode;
use venue_package::{AcousticMesh, NavigationMesh, Package};

/// Points are about so many of their radius from each other, as [`hierarchy`] makes surfels.
const SPACING: f32 = 2.5;

/// How spaces sound, and what is kept of their surfaces.
pub(super) struct Sounds {
    pub(super) meshes: Vec<(SpaceId, AcousticMesh)>,
    pub(super) surfaces: Vec<surfaces::Surface>,
    /// As in the file beside the package.
    pub(super) kept: Vec<Vec<u8>>,
}

/// What is heard: the scan, whose colours and names tell materials, and its surface for rays.
pub(super) struct Scanned<'a> {
    pub(super) shape: &'a Shape<'a>,
    pub(super) surface: &'a Surface<'a>,
    pub(super) surfel_radius: f32,
}

/// The acoustic meshes of the spaces.
pub(super) fn build_all(
    scanned: Scanned<'_>,
    placement: &Placement,
    floor: &NavigationMesh,
    progress: &dyn Progress,
    report: &mut Report,
) -> Result<Sounds> {
    let Scanned { shape, surface, surfel_radius } = scanned;
    let surfaces = looks(shape);
    let count =
        surfaces.iter().filter_map(|surface| surface.picture).max().map_or(0, |last| last as usize + 1);
    let pictures =
        Pictures::of_sources(shape.sources(), count).context("the pictures of the scan can not be read")?;
    let geometry = |visit: &mut dyn FnMut(&hierarchy::Piece) -> Result<()>| shape.visit(visit);
    let full = |visit: &mut dyn FnMut(&hierarchy::Piece) -> Result<()>| surface.visit(visit);
    let has_triangles = shape.has()[0];
    let (mut meshes, mut kept) = (Vec::new(), Vec::new());
    let spaces = &placement.rooms.spaces;
    for (at, space) in spaces.iter().enumerate() {
        progress.step("acoustics", &space.key, at as f64, spaces.len() as f64);
        let is_elsewhere = elsewhere(placement, space.id);
        let room = Room {
            space,
            doors: &placement.places.doors,
            floor,
            geometry: &geometry,
            full: Full { geometry: &full, error: surface.error() },
            surfaces: &surfaces,
            pictures: &pictures,
            rules: &placement.acoustics,
            is_elsewhere: &is_elsewhere,
            spacing: if has_triangles { 0.0 } else { surfel_radius * SPACING },
        };
        match build(&room).with_context(|| format!("the acoustics of {}", space.key))? {
            Some((sound, room)) => {
                meshes.push((space.id, sound.mesh));
                kept.push(sound_file::block(&room)?);
                tell(sound.figures, report);
            }
            None => report.warn(unknown(&space.key)),
        }
    }
    Ok(Sounds { meshes, surfaces, kept })
}

/// The acoustic meshes of the spaces of a package whose places are put anew: with other materials, doors and floor.
pub(super) fn place_again(
    folder: &Path,
    package: &Package,
    placement: &Placement,
    floor: &NavigationMesh,
    report: &mut Report,
) -> Result<Vec<(SpaceId, AcousticMesh)>> {
    let old = package.manifest();
    let Some(kept) = sound_file::read(folder, old.tileset)? else {
        return keep(package, placement, report);
    };
    let nothing = |_: &mut dyn FnMut(&hierarchy::Piece) -> Result<()>| Ok(());
    let mut meshes = Vec::new();
    for space in &placement.rooms.spaces {
        let Some(of) = kept.rooms.iter().find(|room| room.space == space.id) else { continue };
        let before = package.acoustics(space.id)?.map(|mesh| mesh.measured).unwrap_or_default();
        let is_elsewhere = elsewhere(placement, space.id);
        let room = Room {
            space,
            doors: &placement.places.doors,
            floor,
            geometry: &nothing,
            full: Full { geometry: &nothing, error: 0.0 },
            surfaces: &kept.surfaces,
            pictures: &Pictures::default(),
            rules: &placement.acoustics,
            is_elsewhere: &is_elsewhere,
            spacing: 0.0,
        };
        match again(&room, of, &before) {
            Some(sound) => {
                meshes.push((space.id, sound.mesh));
                tell_again(&sound.figures, report);
            }
            None => report.warn(unknown(&space.key)),
        }
    }
    Ok(meshes)
}

/// The meshes that the package has, when nothing asks for others.
fn keep(
    package: &Package,
    placement: &Placement,
    report: &mut Report,
) -> Result<Vec<(SpaceId, AcousticMesh)>> {
    let old = package.manifest();
    if placement.acoustics != Rules::default() {
        bail!(
            "[acoustics] needs the file .sound that import left beside the package, and it is not there or of another \
             import; import the scan again with --places"
        );
    }
    if placement.places.doors != old.doors && !old.acoustics.is_empty() {
        report.warn(
            "doors have changed, and without the file .sound nothing is known of how the spaces sound now",
        );
        return Ok(Vec::new());
    }
    let mut meshes = Vec::new();
    for acoustics in &old.acoustics {
        meshes.extend(package.acoustics(acoustics.space)?.map(|mesh| (acoustics.space, mesh)));
    }
    Ok(meshes)
}

fn elsewhere(placement: &Placement, space: SpaceId) -> impl Fn(Vec3) -> bool + '_ {
    move |point| placement.layout.space_at(point).is_some_and(|found| found != space)
}

fn looks(shape: &Shape<'_>) -> Vec<surfaces::Surface> {
    let looks = shape.looks();
    let of = |(at, look): (usize, &hierarchy::Look)| {
        let [r, g, b, opacity] = look.base_color;
        surfaces::Surface {
            names: vec![look.name.clone()],
            color: Vec3::new(r, g, b),
            // The last look is of what has no material; its colours, if any, are those of the vertices.
            is_tinted: at + 1 < looks.len(),
            opacity: if look.alpha == AlphaMode::Blend { opacity } else { 1.0 },
            picture: look.picture,
            said: None,
        }
    };
    looks.iter().enumerate().map(of).collect()
}
