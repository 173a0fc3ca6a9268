//! The acoustic mesh of a space: a small closed surface around its air, what it is made of, and how it sounds.
//!
//! Solid triangles and openings together close the air in: a ray that starts inside always ends on one of them.
//! Both ways of hearing a venue (Steam Audio, and the client's own) are fed by this one mesh and its materials.

use crate::limits;
use glam::Vec3;
use std::collections::BTreeMap;
use venue_model::DoorId;

/// Frequency bands of all coefficients: up to 800 Hz, up to 8 kHz, above.
pub const BANDS: usize = 3;
/// RT60 and occlusion of the small mesh may differ from the full one's by this share.
pub const TOLERANCE: f32 = 0.2;
/// Reverberation shorter than this counts as this when two are compared, seconds: nobody hears the difference.
const SHORTEST: f32 = 0.15;
/// Longest reverberation, seconds: beyond any cathedral.
const LONGEST: f32 = 60.0;

/// How a space sounds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcousticMesh {
    /// What its surfaces are made of; 1 to 255.
    pub materials: Vec<AcousticMaterial>,
    /// Building frame, metres.
    pub vertices: Vec<Vec3>,
    /// Counter-clockwise seen from the air.
    pub triangles: Vec<SolidTriangle>,
    /// Where sound leaves the space and nothing comes back: doorways, and where a scan has no surface.
    pub openings: Vec<Opening>,
    /// What the importer found.
    pub measured: Measured,
}

/// A triangle that sound meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SolidTriangle {
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
    /// The door that it belongs to: who closes it makes it solid. None: the open air.
    pub door: Option<DoorId>,
}

/// What a surface does with sound. Shares are of energy, 0 to 1, one for each band.
#[derive(Clone, Debug, PartialEq)]
pub struct AcousticMaterial {
    /// For people who edit the venue, 1 to 60 bytes.
    pub name: String,
    /// Share that does not come back.
    pub absorption: [f32; BANDS],
    /// Share of what comes back that goes in all directions, 0 to 1.
    pub scattering: f32,
    /// Share that passes through the whole thing, from its one side to its other.
    pub transmission: [f32; BANDS],
}

/// What the importer found by tracing rays.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// Air in the space, cubic metres.
    pub volume: f32,
    /// RT60 of this mesh, seconds; 0: nothing reverberates.
    pub reverberation: [f32; BANDS],
    /// RT60 of the model or scan that it was made of, seconds.
    pub full_reverberation: [f32; BANDS],
    /// How far the shares of sound that are blocked between two places are off in the mean, 0 to 1.
    pub occlusion_difference: f32,
}

impl Measured {
    /// The largest difference of a band's RT60 from the full one's, as a share of that.
    pub fn reverberation_difference(&self) -> f32 {
        let of = |(own, full): (&f32, &f32)| (own - full).abs() / full.max(SHORTEST);
        self.reverberation.iter().zip(&self.full_reverberation).map(of).fold(0.0, f32::max)
    }

    /// Whether the mesh sounds as what it was made of.
    pub fn is_true(&self) -> bool {
        self.reverberation_difference() <= TOLERANCE && self.occlusion_difference <= TOLERANCE
    }
}

/// The acoustic mesh can not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AcousticsError {
    /// Not an acoustic mesh.
    #[error("this is not an acoustic mesh; pack the venue again")]
    NotAcoustics,
    /// From a newer or older program.
    #[error("the acoustic mesh has version {found}; this program reads version {expected}")]
    Version {
        /// What it says.
        found: u32,
        /// What is read.
        expected: u32,
    },
    /// Shorter or longer than its own counts say.
    #[error(
        "the acoustic mesh ends at byte {at}, which is not where its own counts end; copy the package again, whole"
    )]
    Length {
        /// Where it ends.
        at: usize,
    },
    /// More than allowed.
    #[error("the acoustic mesh has {count} {what}; {limit} are allowed")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// A value out of its range, or a number that leads nowhere.
    #[error("the acoustic mesh is broken at {at}: {what}; pack the venue again")]
    Broken {
        /// E.g. `triangle 7`.
        at: String,
        /// What is wrong.
        what: &'static str,
    },
}

impl AcousticMesh {
    /// Reads and checks the bytes of an acoustic mesh file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AcousticsError> {
        let mesh = crate::acoustics_bytes::read(bytes)?;
        mesh.check()?;
        Ok(mesh)
    }

    /// As the bytes of an acoustic mesh file.
    pub fn to_bytes(&self) -> Vec<u8> {
        crate::acoustics_bytes::write(self)
    }

    /// Checks limits, ranges and references.
    pub fn check(&self) -> Result<(), AcousticsError> {
        for (what, count, limit) in [
            ("materials", self.materials.len(), limits::ACOUSTIC_MATERIALS),
            ("vertices", self.vertices.len(), limits::ACOUSTIC_VERTICES),
            ("triangles", self.triangles.len(), limits::ACOUSTIC_TRIANGLES),
            ("openings", self.openings.len(), limits::ACOUSTIC_TRIANGLES),
        ] {
            if count > limit {
                return Err(AcousticsError::TooMany { what, count, limit });
            }
        }
        let far = |point: &Vec3| !(point.is_finite() && point.abs().max_element() <= limits::EXTENT);
        if let Some(at) = self.vertices.iter().position(far) {
            return Err(broken("vertex", at, "it lies farther than 10,000 metres from the origin"));
        }
        let is_missing = |corners: &[u32; 3]| corners.iter().any(|&at| at as usize >= self.vertices.len());
        if let Some(at) = self.triangles.iter().position(|triangle| is_missing(&triangle.corners)) {
            return Err(broken("triangle", at, "it names a vertex that does not exist"));
        }
        if let Some(at) = self.openings.iter().position(|opening| is_missing(&opening.corners)) {
            return Err(broken("opening", at, "it names a vertex that does not exist"));
        }
        let has_none = |triangle: &SolidTriangle| usize::from(triangle.material) >= self.materials.len();
        if let Some(at) = self.triangles.iter().position(has_none) {
            return Err(broken("triangle", at, "it names a material that does not exist"));
        }
        self.materials.iter().enumerate().try_for_each(|(at, material)| {
            material.check().map_err(|what| AcousticsError::Broken { at: format!("material {at}"), what })
        })?;
        self.measured.check().map_err(|what| AcousticsError::Broken { at: "measured".into(), what })
    }

    /// Edges at which the surface of solids and openings is not closed, by the places of their ends.
    pub fn open_edges(&self) -> usize {
        let bits = |at: u32| self.vertices[at as usize].to_array().map(|value| (value + 0.0).to_bits());
        let corners = self.triangles.iter().map(|triangle| triangle.corners);
        let mut edges: BTreeMap<[[u32; 3]; 2], i64> = BTreeMap::new();
        for corners in corners.chain(self.openings.iter().map(|opening| opening.corners)) {
            for side in 0..3 {
                let ends = [bits(corners[side]), bits(corners[(side + 1) % 3])];
                // An edge that is gone along and back again is closed.
                let (key, way) = if ends[0] <= ends[1] { (ends, 1) } else { ([ends[1], ends[0]], -1) };
                *edges.entry(key).or_default() += way;
            }
        }
        edges.values().filter(|&&ways| ways != 0).count()
    }
}

impl AcousticMaterial {
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.name.is_empty() || self.name.len() > limits::ACOUSTIC_NAME_BYTES {
            return Err("its name must have 1 to 60 bytes");
        }
        if self.name.chars().any(char::is_control) {
            return Err("its name has a control character");
        }
        let shares = self.absorption.iter().chain(&self.transmission).chain([&self.scattering]);
        if !shares.into_iter().all(|share| (0.0..=1.0).contains(share)) {
            return Err("absorption, scattering and transmission must be 0 to 1");
        }
        Ok(())
    }
}

impl Measured {
    fn check(&self) -> Result<(), &'static str> {
        if !(self.volume >= 0.0 && self.volume.is_finite()) {
            return Err("the volume must be a number of cubic metres, 0 or more");
        }
        let mut times = self.reverberation.iter().chain(&self.full_reverberation);
        if !times.all(|time| (0.0..=LONGEST).contains(time)) {
            return Err("reverberation must be 0 to 60 seconds");
        }
        if !(0.0..=1.0).contains(&self.occlusion_difference) {
            return Err("the difference of occlusion must be 0 to 1");
        }
        Ok(())
    }
}

fn broken(kind: &str, at: usize, what: &'static str) -> AcousticsError {
    AcousticsError::Broken { at: format!("{kind} {at}"), what }
}
