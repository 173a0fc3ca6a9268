//! The building as sound meets it, as plain data: the acoustic meshes of all spaces, whatever format they came in.
//!
//! Knows no file and no venue package; meaning and units are those of the package's acoustic mesh.

use super::DoorNumber;
use glam::Vec3;

/// Frequency bands: up to 800 Hz, up to 8 kHz, above.
pub const BANDS: usize = 3;

/// One number for each band.
pub type Band = [f32; BANDS];

/// Most triangles and openings of all spaces together.
pub const MAX_FACES: usize = 1_000_000;

/// Coordinates beyond this are no building, metres.
pub(crate) const EXTENT: f32 = 100_000.0;

/// All spaces of a building.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcousticScene {
    /// Each closes its own air in; a wall between two rooms is a surface of both.
    pub spaces: Vec<AcousticSpace>,
}

/// The surface around the air of one space.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcousticSpace {
    /// What triangles are made of.
    pub materials: Vec<Material>,
    /// Building frame, metres.
    pub vertices: Vec<Vec3>,
    /// Counter-clockwise seen from the air. Those that name what does not exist are left out.
    pub triangles: Vec<Triangle>,
    /// Where sound leaves the space.
    pub openings: Vec<Opening>,
    /// Air, cubic metres; 0 if it is not known.
    pub volume: f32,
    /// RT60 with all doors open as it was measured, seconds. None: it is reckoned from the surfaces.
    pub reverberation: Option<Band>,
}

/// A triangle that sound meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triangle {
    /// Indices into the vertices.
    pub corners: [u32; 3],
    /// Index into the materials.
    pub material: u8,
}

/// A triangle of a hole in the surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Indices into the vertices.
    pub corners: [u32; 3],
    /// Who closes it. None: nobody can.
    pub door: Option<DoorNumber>,
}

/// What a surface does with sound. Shares of energy, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Material {
    /// Share that does not come back.
    pub absorption: Band,
    /// Share of what comes back that goes in all directions.
    pub scattering: f32,
    /// Share that passes through the whole thing, which has two such surfaces.
    pub transmission: Band,
}

/// A closed door: absorbs little, and lets through what a plain door of an office lets through (20 to 35 dB).
pub(crate) const DOOR: Material =
    Material { absorption: [0.14, 0.08, 0.08], scattering: 0.1, transmission: [0.01, 0.001, 0.000_3] };

/// The scene can not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SceneError {
    /// More than allowed.
    #[error(
        "the acoustic meshes have {count} triangles; {MAX_FACES} are allowed; pack the venue with smaller ones"
    )]
    TooLarge {
        /// Triangles and openings.
        count: usize,
    },
    /// The library says no.
    #[error(
        "Steam Audio refuses the acoustic mesh ({code}); voices are heard as before; pack the venue again"
    )]
    Refused {
        /// What the library answered.
        code: i32,
    },
}

impl AcousticScene {
    /// Whether it is small enough.
    pub(crate) fn check(&self) -> Result<(), SceneError> {
        let count = self.spaces.iter().map(|space| space.triangles.len() + space.openings.len()).sum();
        if count > MAX_FACES { Err(SceneError::TooLarge { count }) } else { Ok(()) }
    }
}

impl AcousticSpace {
    /// The corners of a face, if they exist, lie in reach and span an area.
    pub(crate) fn corners(&self, corners: [u32; 3]) -> Option<[Vec3; 3]> {
        let mut points = [Vec3::ZERO; 3];
        for (point, at) in points.iter_mut().zip(corners) {
            *point = *self.vertices.get(at as usize)?;
        }
        let is_near = |point: &Vec3| point.is_finite() && point.abs().max_element() <= EXTENT;
        let [a, b, c] = points;
        let is_flat = (b - a).cross(c - a).length_squared() < 1e-16;
        (points.iter().all(is_near) && !is_flat).then_some(points)
    }
}

impl Material {
    /// With all shares from 0 to 1; what is no number absorbs and passes nothing.
    pub(crate) fn bounded(self) -> Self {
        let share = |value: f32| if value.is_finite() { value.clamp(0.0, 1.0) } else { 0.0 };
        Self {
            absorption: self.absorption.map(share),
            scattering: share(self.scattering),
            transmission: self.transmission.map(share),
        }
    }
}
