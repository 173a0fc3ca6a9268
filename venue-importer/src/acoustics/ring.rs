//! A mesh, full or small, as rays meet it, and what they tell of it.

use super::air::Limits;
use super::decay::{self, Met};
use super::guess::Palette;
use super::occlusion::{self, Pair};
use super::rays::Triangles;
use super::rules::Facing;
use super::solid::Solids;
use super::surface;
use glam::Vec3;
use venue_package::acoustics::{AcousticMaterial, AcousticMesh, BANDS};

/// Rays that go farther than this beyond a space's bounds are lost, metres.
const BEYOND: f32 = 0.5;

/// What rays meet, and of what it is.
pub(crate) struct Heard {
    tree: Triangles,
    of: Of,
    materials: Vec<AcousticMaterial>,
}

enum Of {
    /// By the cell in which a triangle is met.
    Cells(Solids),
    /// By triangle; none: an opening.
    Triangles(Vec<Option<u8>>),
}

impl Heard {
    /// The triangles of a model or scan; cells tell their materials.
    pub(crate) fn of_triangles(triangles: Vec<[Vec3; 3]>, cells: Solids, palette: &Palette) -> Self {
        let materials = palette.materials.clone();
        Self { tree: Triangles::new(triangles), of: Of::Cells(cells), materials }
    }

    /// A small mesh.
    pub(crate) fn of_mesh(mesh: &AcousticMesh) -> Self {
        let solid = mesh.triangles.iter().map(|triangle| (triangle.corners, Some(triangle.material)));
        let open = mesh.openings.iter().map(|opening| (opening.corners, None));
        let (corners, of) =
            solid.chain(open).map(|(corners, of)| (surface::points(mesh, corners), of)).unzip();
        Self { tree: Triangles::new(corners), of: Of::Triangles(of), materials: mesh.materials.clone() }
    }

    fn meet(&self, from: Vec3, direction: Vec3, limits: &Limits<'_>) -> Met {
        let reach = self.reach(from, direction, limits);
        let Some(hit) = self.tree.first(from, direction, reach) else { return Met::Open { distance: reach } };
        let place = from + direction * hit.distance;
        let number = match &self.of {
            Of::Triangles(of) => of[hit.triangle as usize],
            Of::Cells(_) if (limits.is_elsewhere)(place) => None,
            Of::Cells(cells) => {
                let facing = Facing::of(hit.normal);
                Some(cells.near(place).map_or(0, |solid| solid.guesses[facing as usize].material))
            }
        };
        let Some(number) = number else { return Met::Open { distance: hit.distance } };
        let nothing = ([0.1; BANDS], 0.2);
        let of = |material: &AcousticMaterial| (material.absorption, material.scattering);
        let (absorption, scattering) = self.materials.get(usize::from(number)).map_or(nothing, of);
        Met::Surface { distance: hit.distance, normal: hit.normal, material: number, absorption, scattering }
    }

    /// Where a ray leaves the space by a door or at its end.
    fn reach(&self, from: Vec3, direction: Vec3, limits: &Limits<'_>) -> f32 {
        let (min, max) = (limits.bounds.min - BEYOND, limits.bounds.max + BEYOND);
        let far = Vec3::select(direction.cmpgt(Vec3::ZERO), max, min);
        let ends = (far - from) / direction;
        let end = ends.to_array().into_iter().filter(|end| *end >= 0.0).fold(f32::MAX, f32::min);
        let end = end.min((max - min).length());
        match &self.of {
            // The small mesh has openings of its own.
            Of::Triangles(_) => end,
            Of::Cells(_) => {
                let crossed = |gate: &super::gate::Gate| gate.crossed(from, direction * end, 0.0);
                limits.gates.iter().filter_map(crossed).fold(1.0, f32::min) * end
            }
        }
    }

    /// Whether a surface stands between two points.
    pub(crate) fn is_blocked(&self, from: Vec3, to: Vec3) -> bool {
        match &self.of {
            Of::Cells(_) => self.tree.is_blocked(from, to),
            Of::Triangles(of) => {
                let (mut from, way) = (from, to - from);
                let length = way.length();
                let direction = way.normalize_or(Vec3::X);
                let mut left = length;
                // Openings block nothing.
                while let Some(hit) = self.tree.first(from, direction, left) {
                    if of[hit.triangle as usize].is_some() {
                        return true;
                    }
                    let step = hit.distance + 1e-3;
                    from += direction * step;
                    left -= step;
                }
                false
            }
        }
    }
}

/// What rays told of a mesh, and where they were sent.
pub(crate) struct Told {
    pub(crate) sources: Vec<Vec3>,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) reverberation: [f32; BANDS],
    pub(crate) rates: Vec<f32>,
    pub(crate) blocked: Vec<f32>,
}

impl Told {
    /// Sends rays.
    pub(crate) fn measure(heard: &Heard, sources: Vec<Vec3>, pairs: Vec<Pair>, limits: &Limits<'_>) -> Self {
        let decay = decay::reverberation(&sources, |from, direction| heard.meet(from, direction, limits));
        let blocked = occlusion::shares(&pairs, |from, to| heard.is_blocked(from, to));
        Self { sources, pairs, reverberation: decay.times, rates: decay.rates, blocked }
    }
}

/// A material's surface is met so many times more or less often at most.
const MOST: f32 = 2.5;
/// What is met more seldom on a metre tells nothing of how often it should be.
const SELDOM: f32 = 1e-3;

/// For each material, how many times more often the full mesh is met than the small one; and for all together.
///
/// A small mesh has lost legs, edges and folds; who makes up for it by absorption hears the same decay.
pub(crate) fn rougher(own: &[f32], full: &[f32]) -> (Vec<f32>, f32) {
    let ratio = |own: f32, full: f32| match own > SELDOM && full > SELDOM {
        true => (full / own).clamp(1.0 / MOST, MOST),
        false => 1.0,
    };
    let each = own.iter().zip(full).map(|(own, full)| ratio(*own, *full)).collect();
    (each, ratio(own.iter().sum(), full.iter().sum()))
}

/// Absorption of a surface that is met so many times for once.
pub(crate) fn roughen(material: &mut AcousticMaterial, times: f32) {
    for absorption in &mut material.absorption {
        *absorption = 1.0 - (1.0 - *absorption).powf(times);
    }
}
