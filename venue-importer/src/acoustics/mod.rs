//! Step acoustics: how each space sounds, as a small closed mesh with materials, proven against the full one.
//!
//! The surfaces of a space become cells of a grid ([`cells`]), each with a guess of its material ([`guess`]). The air
//! is what can be reached from the floor without passing solid cells or doors ([`air`]); its end, drawn to the
//! surfaces and simplified, is the mesh ([`surface`]). Rays in it and in the full mesh tell both RT60 ([`decay`]) and
//! what is blocked ([`occlusion`]); where they differ too much, the cells become smaller.

mod air;
pub(crate) mod authored;
mod cells;
mod decay;
pub(crate) mod figures;
mod floor;
mod gate;
mod guess;
mod materials;
mod occlusion;
mod random;
mod rays;
mod ring;
pub(crate) mod rules;
mod solid;
mod soup;
mod surface;
pub(crate) mod surfaces;

pub(crate) use cells::{Cell, Cells};
pub(crate) use materials::names as material_names;

use crate::hierarchy::{Geometry, Piece};
use air::{Air, Limits};
use anyhow::Result;
use figures::RoomFigures;
use floor::Floor;
use gate::Gate;
use glam::Vec3;
use guess::{Guess, Palette};
use ring::{Heard, Told};
use rules::Rules;
use solid::Solids;
use soup::Soup;
use surfaces::{Pictures, Surface};
use venue_model::{Bounds, Door, Space, SpaceId};
use venue_package::acoustics::{AcousticMesh, Measured, TOLERANCE};
use venue_package::{NavigationMesh, limits};

/// Walls may stand so far outside of a space's bounds, metres.
const MARGIN: f32 = 0.3;
/// So many cells each way are put together, from the fewest triangles to the most.
const FACTORS: [i32; 3] = [3, 2, 1];
/// No cell that was put together is larger, metres.
const LARGEST: f32 = 0.35;
/// Triangles leave the surface by this share of a cell at most.
const ERROR: f32 = 0.45;
/// More triangles than this cost more in every frame of sound than they are worth.
const MOST_TRIANGLES: usize = 30_000;
/// Places from which rays start.
const SOURCES: usize = 24;
/// Height of ears and mouths over the floor, metres: standing, and sitting.
const EARS: [f32; 2] = [1.6, 1.2];

/// A space, and where its surfaces come from.
pub(crate) struct Room<'a> {
    pub(crate) space: &'a Space,
    pub(crate) doors: &'a [Door],
    pub(crate) floor: &'a NavigationMesh,
    /// All surfaces of the venue; those near the space count. The look of a piece is its number among the surfaces.
    pub(crate) geometry: &'a Geometry<'a>,
    pub(crate) full: Full<'a>,
    pub(crate) surfaces: &'a [Surface],
    pub(crate) pictures: &'a Pictures,
    pub(crate) rules: &'a Rules,
    /// Whether a point is of another space.
    pub(crate) is_elsewhere: &'a dyn Fn(Vec3) -> bool,
    /// Metres between neighbouring points, where surfaces are points; else 0.
    pub(crate) spacing: f32,
}

/// The surfaces that rays meet for comparison. Their looks do not matter.
#[derive(Clone, Copy)]
pub(crate) struct Full<'a> {
    pub(crate) geometry: &'a Geometry<'a>,
    /// They lie so far off what was captured at most, metres.
    pub(crate) error: f32,
}

/// How a space sounds, and how well that is known.
pub(crate) struct Sound {
    pub(crate) mesh: AcousticMesh,
    pub(crate) figures: RoomFigures,
    /// So many cells each way were put together.
    factor: i32,
    rougher: f32,
}

/// The surfaces of a space, kept for other materials and doors.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeptRoom {
    pub(crate) space: SpaceId,
    pub(crate) factor: i32,
    /// How many times more often sound meets the full mesh than the small one.
    pub(crate) rougher: f32,
    pub(crate) cells: Cells,
}

/// Makes the mesh of a space, and keeps its cells; none, when there is no air above its floor.
pub(crate) fn build(room: &Room<'_>) -> Result<Option<(Sound, KeptRoom)>> {
    let bounds = room.space.bounds;
    let within = Bounds { min: bounds.min - MARGIN, max: bounds.max + MARGIN };
    let (mut cells, mut soup) = (Cells::new(within, room.spacing), Soup::new(within));
    let nothing = Surface::default();
    (room.geometry)(&mut |piece: &Piece| {
        let number = u32::from(piece.look);
        let surface = room.surfaces.get(usize::from(piece.look)).unwrap_or(&nothing);
        cells.add(piece, number, surface, room.pictures);
        Ok(())
    })?;
    (room.full.geometry)(&mut |piece: &Piece| {
        soup.add(piece);
        Ok(())
    })?;
    let sorted = cells.sorted();
    let Some(sound) = Making::new(room, &cells, &sorted).best(soup) else { return Ok(None) };
    let kept = KeptRoom { space: room.space.id, factor: sound.factor, rougher: sound.rougher, cells };
    Ok(Some((sound, kept)))
}

/// Makes the mesh of a space anew out of its cells, with what was measured when the full mesh was at hand.
///
/// Where a material was changed, the full mesh's RT60 is not known; it is taken to differ as it did before.
pub(crate) fn again(room: &Room<'_>, kept: &KeptRoom, before: &Measured) -> Option<Sound> {
    let sorted = kept.cells.sorted();
    let making = Making::new(room, &kept.cells, &sorted);
    let solids = making.solids(kept.factor, solid::LEAST);
    let air = Air::fill(&solids, &making.limits(), making.floor.places())?;
    let mut mesh = making.mesh(&solids, &air);
    mesh.materials.iter_mut().for_each(|material| ring::roughen(material, kept.rougher));
    let (sources, pairs) = making.places(&solids, &air);
    let own = Told::measure(&Heard::of_mesh(&mesh), sources, pairs, &making.limits());
    let full = |band: usize| match before.reverberation[band] {
        old if old > 0.0 => (own.reverberation[band] * before.full_reverberation[band] / old).min(60.0),
        _ => own.reverberation[band],
    };
    mesh.measured = Measured {
        volume: surface::volume(&mesh),
        reverberation: own.reverberation,
        full_reverberation: [0, 1, 2].map(full),
        occlusion_difference: before.occlusion_difference,
    };
    let blocked = own.blocked.iter().sum::<f32>() / own.blocked.len().max(1) as f32;
    let figures = making.figures(&mesh, &solids, &air, [blocked; 2]);
    Some(Sound { mesh, figures, factor: kept.factor, rougher: kept.rougher })
}

/// What the meshes of different fineness have in common.
struct Making<'a> {
    room: &'a Room<'a>,
    cells: &'a Cells,
    sorted: &'a [([i32; 3], Cell)],
    floor: Floor,
    gates: Vec<Gate>,
    palette: Palette,
    guesses: Vec<[Guess; 3]>,
}

/// A mesh that was tried.
struct Try {
    mesh: AcousticMesh,
    figures: RoomFigures,
    factor: i32,
    rougher: f32,
    off: f32,
}

impl<'a> Making<'a> {
    fn new(room: &'a Room<'a>, cells: &'a Cells, sorted: &'a [([i32; 3], Cell)]) -> Self {
        let floor = Floor::of(room.floor, room.space.id);
        let mut palette = Palette::default();
        let guesses = guess::guesses(cells, sorted, &floor, room.surfaces, room.rules, &mut palette);
        let gates = Gate::of(room.space.id, room.doors);
        Self { room, cells, sorted, floor, gates, palette, guesses }
    }

    fn limits(&self) -> Limits<'_> {
        Limits { bounds: self.room.space.bounds, gates: &self.gates, is_elsewhere: self.room.is_elsewhere }
    }

    fn solids(&self, factor: i32, least: f32) -> Solids {
        Solids::of(self.cells, self.sorted, &self.guesses, factor, least)
    }

    /// The coarsest mesh that sounds as the full one; else the one that is nearest to it.
    fn best(&self, soup: Soup) -> Option<Sound> {
        let (triangles, error) = (soup.triangles.len(), self.room.full.error + soup.error());
        let mut full: Option<Told> = None;
        let mut soup = Some(soup);
        let mut best: Option<Try> = None;
        for factor in
            FACTORS.into_iter().filter(|&factor| factor == 1 || self.cells.side * factor as f32 <= LARGEST)
        {
            let solids = self.solids(factor, solid::LEAST);
            let Some(air) = Air::fill(&solids, &self.limits(), self.floor.places()) else { continue };
            let full = full.get_or_insert_with(|| self.full(soup.take(), &solids, &air));
            let tried = self.measured(factor, full, &solids, &air);
            let is_better = best.as_ref().is_none_or(|best| tried.off < best.off);
            if is_better {
                best = Some(tried);
            }
            if best.as_ref().is_some_and(|best| best.off <= TOLERANCE) {
                break;
            }
        }
        best.map(|best| {
            let figures = RoomFigures { full_triangles: triangles as u64, full_error: error, ..best.figures };
            Sound { mesh: best.mesh, figures, factor: best.factor, rougher: best.rougher }
        })
    }

    /// Where rays start, and pairs of places.
    fn places(&self, solids: &Solids, air: &Air) -> (Vec<Vec3>, Vec<occlusion::Pair>) {
        let is_wide = |place: &Vec3| air.is_wide(solids.key(*place));
        let over = |height: f32| self.floor.places().iter().map(move |&place| place + Vec3::Y * height);
        let mut ears: Vec<Vec3> = EARS.into_iter().flat_map(over).filter(is_wide).collect();
        if ears.is_empty() {
            // Narrow spaces have none that are far from everything.
            ears = over(EARS[1]).filter(|&place| air.is_air(solids.key(place))).collect();
        }
        let step = (ears.len() / SOURCES).max(1);
        let sources: Vec<Vec3> = ears.iter().copied().step_by(step).take(SOURCES).collect();
        (sources, occlusion::pairs(&ears))
    }

    /// What is compared with: the triangles, or of points the finest cells.
    fn full(&self, soup: Option<Soup>, solids: &Solids, air: &Air) -> Told {
        let (sources, pairs) = self.places(solids, air);
        let soup = soup.filter(|soup| !soup.triangles.is_empty());
        let heard = match soup {
            Some(soup) => Heard::of_triangles(soup.triangles, self.solids(1, 0.0), &self.palette),
            None => {
                let fine = self.solids(1, solid::LEAST);
                let mesh = Air::fill(&fine, &self.limits(), self.floor.places())
                    .map(|air| surface::mesh(&fine, &air, &self.limits(), 0.0));
                Heard::of_mesh(&AcousticMesh {
                    materials: self.palette.materials.clone(),
                    ..mesh.unwrap_or_default()
                })
            }
        };
        Told::measure(&heard, sources, pairs, &self.limits())
    }

    /// The mesh of these cells, not measured yet.
    fn mesh(&self, solids: &Solids, air: &Air) -> AcousticMesh {
        let mut error = ERROR * solids.side;
        let mut mesh = surface::mesh(solids, air, &self.limits(), error);
        while mesh.triangles.len() + mesh.openings.len() > MOST_TRIANGLES && error < limits::EXTENT {
            error *= 1.5;
            mesh = surface::mesh(solids, air, &self.limits(), error);
        }
        mesh.materials.clone_from(&self.palette.materials);
        mesh
    }

    fn measured(&self, factor: i32, full: &Told, solids: &Solids, air: &Air) -> Try {
        let mut mesh = self.mesh(solids, air);
        let rays = |mesh: &AcousticMesh| {
            Told::measure(&Heard::of_mesh(mesh), full.sources.clone(), full.pairs.clone(), &self.limits())
        };
        let (each, rougher) = ring::rougher(&rays(&mesh).rates, &full.rates);
        mesh.materials.iter_mut().zip(each).for_each(|(material, times)| ring::roughen(material, times));
        let own = rays(&mesh);
        let (occlusion, occlusion_difference) = occlusion::compared(&own.blocked, &full.blocked);
        mesh.measured = Measured {
            volume: surface::volume(&mesh),
            reverberation: own.reverberation,
            full_reverberation: full.reverberation,
            occlusion_difference,
        };
        let off = mesh.measured.reverberation_difference().max(occlusion_difference);
        let figures = self.figures(&mesh, solids, air, occlusion);
        Try { mesh, figures, factor, rougher, off }
    }

    fn figures(&self, mesh: &AcousticMesh, solids: &Solids, air: &Air, occlusion: [f32; 2]) -> RoomFigures {
        let made_of = figures::made_of(&air.faces(solids, &self.limits()), solids);
        RoomFigures::of(&self.room.space.key, mesh, solids.side, occlusion, &made_of)
    }
}

#[cfg(test)]
mod tests;
