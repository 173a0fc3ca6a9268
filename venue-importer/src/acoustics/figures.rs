//! What the report tells of a space's sound.

use super::air::{Beyond, Face, WAYS, beside};
use super::guess::Why;
use super::rules::Facing;
use super::solid::Solids;
use super::surface;
use glam::Vec3;
use std::collections::BTreeMap;
use venue_package::acoustics::{AcousticMesh, BANDS, TOLERANCE};

/// A space's sound in numbers.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct RoomFigures {
    /// Its key.
    pub space: String,
    /// Triangles of the small mesh.
    pub triangles: u64,
    /// Those of its openings.
    pub openings: u64,
    /// Triangles that it was compared with; 0: points, whose finest cells it was compared with.
    pub full_triangles: u64,
    /// They lie so far off what was captured at most, metres.
    pub full_error: f32,
    /// Side of a cell, metres.
    pub cell: f32,
    /// Cubic metres of air.
    pub volume: f32,
    /// Seconds in each band.
    pub reverberation: [f32; BANDS],
    /// The same of the full mesh.
    pub full_reverberation: [f32; BANDS],
    /// Share of sound that is blocked between places, of the small and of the full mesh.
    pub occlusion: [f32; 2],
    /// How far both are apart in the mean.
    pub occlusion_difference: f32,
    /// Largest share by which a band's reverberation is off.
    pub reverberation_difference: f32,
    /// Square metres of doorways.
    pub doors_area: f32,
    /// Square metres where there is no surface.
    pub open_area: f32,
    /// What it is made of, most area first.
    pub materials: Vec<MaterialFigures>,
}

/// A material in a space.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct MaterialFigures {
    /// Its name.
    pub name: String,
    /// Square metres.
    pub area: f32,
    /// How sure that is, 0 to 1.
    pub confidence: f32,
    /// Why most of it is taken for that.
    pub why: &'static str,
}

/// Faces that are of a material, by the material's number.
#[derive(Clone, Debug, Default)]
pub(crate) struct MadeOf {
    faces: f32,
    sure: f32,
    why: BTreeMap<Why, f32>,
}

/// How sure the material of each face is.
pub(crate) fn made_of(faces: &[Face], solids: &Solids) -> BTreeMap<u8, MadeOf> {
    let mut all: BTreeMap<u8, MadeOf> = BTreeMap::new();
    for face in faces.iter().filter(|face| face.beyond == Beyond::Solid) {
        let way = WAYS[face.way];
        let Some(solid) = solids.get(beside(face.cell, way)) else { continue };
        let normal = -Vec3::from_array(way.map(|step| step as f32));
        let guess = solid.guesses[Facing::of(normal) as usize];
        let made_of = all.entry(guess.material).or_default();
        made_of.faces += 1.0;
        made_of.sure += guess.confidence;
        *made_of.why.entry(guess.why).or_default() += 1.0;
    }
    all
}

impl RoomFigures {
    /// Figures of a mesh that was measured.
    pub(crate) fn of(
        space: &str,
        mesh: &AcousticMesh,
        cell: f32,
        occlusion: [f32; 2],
        made_of: &BTreeMap<u8, MadeOf>,
    ) -> Self {
        let open = |is_door: bool| -> f32 {
            let of = mesh.openings.iter().filter(|opening| opening.door.is_some() == is_door);
            // Adding zero turns the -0 of an empty sum into 0.
            of.map(|opening| surface::area(surface::points(mesh, opening.corners))).sum::<f32>() + 0.0
        };
        Self {
            space: space.to_owned(),
            triangles: mesh.triangles.len() as u64,
            openings: mesh.openings.len() as u64,
            full_triangles: 0,
            full_error: 0.0,
            cell,
            volume: mesh.measured.volume,
            reverberation: mesh.measured.reverberation,
            full_reverberation: mesh.measured.full_reverberation,
            occlusion,
            occlusion_difference: mesh.measured.occlusion_difference,
            reverberation_difference: mesh.measured.reverberation_difference(),
            doors_area: open(true),
            open_area: open(false),
            materials: materials(mesh, made_of),
        }
    }

    /// Whether the mesh sounds as what it was made of.
    pub(crate) fn is_true(&self) -> bool {
        self.reverberation_difference <= TOLERANCE && self.occlusion_difference <= TOLERANCE
    }

    /// The mesh in a sentence.
    pub(crate) fn mesh_sentence(&self) -> String {
        let of = match (self.full_triangles, self.full_error) {
            (0, _) => "points".to_owned(),
            (count, error) if error > 0.0 => {
                format!("{count} triangles (at most {:.0} mm off the scan)", error * 1e3)
            }
            (count, _) => format!("{count} triangles"),
        };
        format!(
            "{} triangles in cells of {:.2} m out of {of}, {:.0} m³, openings {:.1} m² of doors and {:.1} m² of air",
            self.triangles, self.cell, self.volume, self.doors_area, self.open_area
        )
    }

    /// What was proven, in a sentence.
    pub(crate) fn proof_sentence(&self) -> String {
        let times = |times: &[f32; BANDS]| times.map(|time| format!("{time:.2}")).join(" / ");
        format!(
            "RT60 {} s (full mesh {} s, off by {:.0} %); blocked {:.0} % (full mesh {:.0} %, off by {:.0} %)",
            times(&self.reverberation),
            times(&self.full_reverberation),
            self.reverberation_difference * 100.0,
            self.occlusion[0] * 100.0,
            self.occlusion[1] * 100.0,
            self.occlusion_difference * 100.0
        )
    }

    /// What is told when the full mesh is not at hand.
    pub(crate) fn again_sentence(&self) -> String {
        let times = self.reverberation.map(|time| format!("{time:.2}")).join(" / ");
        format!("RT60 {times} s, {} triangles, {:.0} m³", self.triangles, self.volume)
    }

    /// The materials in a sentence.
    pub(crate) fn materials_sentence(&self) -> String {
        let one = |of: &MaterialFigures| {
            format!("{} {:.0} m² ({} {:.0} %)", of.name, of.area, of.why, of.confidence * 100.0)
        };
        self.materials.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

fn materials(mesh: &AcousticMesh, made_of: &BTreeMap<u8, MadeOf>) -> Vec<MaterialFigures> {
    let mut areas: BTreeMap<u8, f32> = BTreeMap::new();
    for triangle in &mesh.triangles {
        *areas.entry(triangle.material).or_default() +=
            surface::area(surface::points(mesh, triangle.corners));
    }
    let one = |(number, area): (&u8, &f32)| {
        let found = made_of.get(number).cloned().unwrap_or_default();
        let why = found.why.iter().max_by(|a, b| a.1.total_cmp(b.1)).map_or("", |(why, _)| why.word());
        let name = mesh.materials.get(usize::from(*number)).map_or_else(String::new, |m| m.name.clone());
        MaterialFigures { name, area: *area, confidence: found.sure / found.faces.max(1.0), why }
    };
    let mut all: Vec<_> = areas.iter().map(one).collect();
    all.sort_by(|a, b| b.area.total_cmp(&a.area));
    all
}
