//! The bytes of an acoustic mesh file: little-endian, one header, four arrays.
//!
//! ```text
//! "VACO" · version u32 · counts u32 ×4: materials, vertices, triangles, openings
//! volume f32 · RT60 f32 ×3 · RT60 of the full mesh f32 ×3 · difference of occlusion f32
//! materials   name's length u8 · name, UTF-8 · absorption f32 ×3 · scattering f32 · transmission f32 ×3
//! vertices    3 × f32 each
//! triangles   vertices u32 ×3 · material u8
//! openings    vertices u32 ×3 · door u16 (0xffff: none)
//! ```
//! Only shape and length are looked at here; what the numbers mean is checked by [`AcousticMesh::check`].

use crate::acoustics::{AcousticMaterial, AcousticMesh, AcousticsError, Measured, Opening, SolidTriangle};
use crate::limits;
use glam::Vec3;
use venue_model::DoorId;

const MAGIC: [u8; 4] = *b"VACO";
const VERSION: u32 = 1;
const NO_DOOR: u16 = u16::MAX;

pub(crate) fn write(mesh: &AcousticMesh) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(&MAGIC);
    let counts = [mesh.materials.len(), mesh.vertices.len(), mesh.triangles.len(), mesh.openings.len()];
    put(&mut out, VERSION);
    counts.iter().for_each(|&count| put(&mut out, count as u32));
    let measured = &mesh.measured;
    put_floats(&mut out, &[measured.volume]);
    put_floats(&mut out, &measured.reverberation);
    put_floats(&mut out, &measured.full_reverberation);
    put_floats(&mut out, &[measured.occlusion_difference]);
    for material in &mesh.materials {
        out.push(material.name.len() as u8);
        out.extend_from_slice(material.name.as_bytes());
        put_floats(&mut out, &material.absorption);
        put_floats(&mut out, &[material.scattering]);
        put_floats(&mut out, &material.transmission);
    }
    mesh.vertices.iter().for_each(|vertex| put_floats(&mut out, &vertex.to_array()));
    for triangle in &mesh.triangles {
        triangle.corners.iter().for_each(|&corner| put(&mut out, corner));
        out.push(triangle.material);
    }
    for opening in &mesh.openings {
        opening.corners.iter().for_each(|&corner| put(&mut out, corner));
        out.extend_from_slice(&opening.door.map_or(NO_DOOR, |door| door.0).to_le_bytes());
    }
    out
}

fn put(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put_floats(out: &mut Vec<u8>, values: &[f32]) {
    values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}

pub(crate) fn read(bytes: &[u8]) -> Result<AcousticMesh, AcousticsError> {
    let (count, limit) = (bytes.len(), limits::ACOUSTICS_BYTES as usize);
    if count > limit {
        return Err(AcousticsError::TooMany { what: "bytes", count, limit });
    }
    let mut reader = Reader { bytes, at: 0 };
    if reader.take::<4>().ok() != Some(MAGIC) {
        return Err(AcousticsError::NotAcoustics);
    }
    let found = reader.number()?;
    if found != VERSION {
        return Err(AcousticsError::Version { found, expected: VERSION });
    }
    let materials = reader.count("materials", limits::ACOUSTIC_MATERIALS)?;
    let vertices = reader.count("vertices", limits::ACOUSTIC_VERTICES)?;
    let triangles = reader.count("triangles", limits::ACOUSTIC_TRIANGLES)?;
    let openings = reader.count("openings", limits::ACOUSTIC_TRIANGLES)?;
    let measured = Measured {
        volume: reader.float()?,
        reverberation: reader.floats()?,
        full_reverberation: reader.floats()?,
        occlusion_difference: reader.float()?,
    };
    let mesh = AcousticMesh {
        materials: reader.list(materials, 30, Reader::material)?,
        vertices: reader.list(vertices, 12, |reader| Ok(Vec3::from_array(reader.floats()?)))?,
        triangles: reader.list(triangles, 13, |reader| {
            Ok(SolidTriangle { corners: reader.corners()?, material: reader.take::<1>()?[0] })
        })?,
        openings: reader.list(openings, 14, Reader::opening)?,
        measured,
    };
    if reader.at == bytes.len() { Ok(mesh) } else { Err(AcousticsError::Length { at: bytes.len() }) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], AcousticsError> {
        let rest = &self.bytes[self.at..];
        let taken = rest.first_chunk::<N>().ok_or(AcousticsError::Length { at: self.bytes.len() })?;
        self.at += N;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<u32, AcousticsError> {
        self.take().map(u32::from_le_bytes)
    }

    fn float(&mut self) -> Result<f32, AcousticsError> {
        self.take().map(f32::from_le_bytes)
    }

    fn floats(&mut self) -> Result<[f32; 3], AcousticsError> {
        Ok([self.float()?, self.float()?, self.float()?])
    }

    fn corners(&mut self) -> Result<[u32; 3], AcousticsError> {
        Ok([self.number()?, self.number()?, self.number()?])
    }

    fn count(&mut self, what: &'static str, limit: usize) -> Result<usize, AcousticsError> {
        let count = self.number()? as usize;
        if count <= limit { Ok(count) } else { Err(AcousticsError::TooMany { what, count, limit }) }
    }

    /// Reads `count` items of at least `least` bytes each; room is made only for what can be there.
    fn list<T>(
        &mut self,
        count: usize,
        least: usize,
        read: impl Fn(&mut Self) -> Result<T, AcousticsError>,
    ) -> Result<Vec<T>, AcousticsError> {
        if count > (self.bytes.len() - self.at) / least {
            return Err(AcousticsError::Length { at: self.bytes.len() });
        }
        (0..count).map(|_| read(self)).collect()
    }

    fn material(&mut self) -> Result<AcousticMaterial, AcousticsError> {
        let [length] = self.take()?;
        let end = self.at + usize::from(length);
        let name =
            self.bytes.get(self.at..end).ok_or(AcousticsError::Length { at: self.bytes.len() })?.to_vec();
        self.at = end;
        let what = "the name of a material is no text";
        let at = format!("byte {end}");
        let name = String::from_utf8(name).map_err(|_| AcousticsError::Broken { at, what })?;
        Ok(AcousticMaterial {
            name,
            absorption: self.floats()?,
            scattering: self.float()?,
            transmission: self.floats()?,
        })
    }

    fn opening(&mut self) -> Result<Opening, AcousticsError> {
        let corners = self.corners()?;
        let door = Some(u16::from_le_bytes(self.take()?)).filter(|&door| door != NO_DOOR);
        Ok(Opening { corners, door: door.map(DoorId) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of docs/venue-package.md: half a box of plaster whose other half is open.
    fn example() -> AcousticMesh {
        let plaster = AcousticMaterial {
            name: "plaster".into(),
            absorption: [0.125, 0.0625, 0.0625],
            scattering: 0.25,
            transmission: [0.0, 0.0, 0.0],
        };
        AcousticMesh {
            materials: vec![plaster],
            vertices: vec![Vec3::ZERO, Vec3::X, Vec3::Y, Vec3::Z],
            triangles: vec![
                SolidTriangle { corners: [0, 1, 2], material: 0 },
                SolidTriangle { corners: [0, 2, 3], material: 0 },
            ],
            openings: vec![
                Opening { corners: [0, 3, 1], door: Some(DoorId(7)) },
                Opening { corners: [1, 3, 2], door: None },
            ],
            measured: Measured {
                volume: 0.5,
                reverberation: [0.5, 0.75, 0.25],
                full_reverberation: [0.5, 0.75, 0.5],
                occlusion_difference: 0.125,
            },
        }
    }

    #[test]
    fn a_mesh_round_trips() {
        assert_eq!(AcousticMesh::from_bytes(&example().to_bytes()), Ok(example()));
        assert_eq!(
            AcousticMesh::from_bytes(&AcousticMesh::default().to_bytes()),
            Ok(AcousticMesh::default())
        );
    }

    #[test]
    fn the_document_s_example_has_these_bytes() {
        let document = include_str!("../../../docs/venue-package.md");
        let (_, after) = document.split_once("<!-- example.vaco -->").unwrap();
        let block = after.split("```").nth(1).unwrap();
        let digits: String = block.lines().skip(1).flat_map(str::split_whitespace).collect();
        let bytes: String = example().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digits, bytes);
    }

    #[test]
    fn a_closed_surface_has_no_open_edges_and_a_hole_has_three() {
        let mut mesh = example();
        assert_eq!(mesh.open_edges(), 0);
        mesh.openings.pop();
        assert_eq!(mesh.open_edges(), 3);
    }

    #[test]
    fn every_cut_is_refused() {
        let bytes = example().to_bytes();
        for length in 0..bytes.len() {
            assert!(AcousticMesh::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        assert_eq!(AcousticMesh::from_bytes(&longer), Err(AcousticsError::Length { at: longer.len() }));
    }

    #[test]
    fn broken_meshes_are_refused_in_sentences() {
        let check = |damage: &dyn Fn(&mut AcousticMesh), expected: &str| {
            let mut mesh = example();
            damage(&mut mesh);
            let error = AcousticMesh::from_bytes(&mesh.to_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(&|mesh| mesh.vertices[2].y = f32::NAN, "vertex 2: it lies farther");
        check(&|mesh| mesh.triangles[1].corners[1] = 4, "triangle 1: it names a vertex");
        check(&|mesh| mesh.triangles[1].material = 1, "triangle 1: it names a material");
        check(&|mesh| mesh.openings[0].corners[2] = 99, "opening 0: it names a vertex");
        check(&|mesh| mesh.materials[0].absorption[2] = 1.5, "material 0: absorption");
        check(&|mesh| mesh.materials[0].scattering = f32::NAN, "material 0: absorption");
        check(&|mesh| mesh.materials[0].transmission[0] = -0.5, "material 0: absorption");
        check(&|mesh| mesh.materials[0].name.clear(), "material 0: its name must have");
        check(&|mesh| mesh.materials[0].name = "a\nb".into(), "a control character");
        check(&|mesh| mesh.measured.volume = f32::INFINITY, "measured: the volume");
        check(&|mesh| mesh.measured.reverberation[1] = 61.0, "measured: reverberation");
        check(&|mesh| mesh.measured.occlusion_difference = 2.0, "measured: the difference");
    }

    #[test]
    fn counts_that_lie_take_no_memory() {
        let mut bytes = example().to_bytes();
        bytes[12..16].copy_from_slice(&(limits::ACOUSTIC_VERTICES as u32).to_le_bytes());
        assert!(matches!(AcousticMesh::from_bytes(&bytes), Err(AcousticsError::Length { .. })));
        bytes[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(AcousticMesh::from_bytes(&bytes), Err(AcousticsError::TooMany { .. })));
        let large = vec![0; limits::ACOUSTICS_BYTES as usize + 1];
        let error = AcousticMesh::from_bytes(&large).unwrap_err().to_string();
        assert!(error.contains("8388609 bytes; 8388608 are allowed"), "{error}");
        assert_eq!(AcousticMesh::from_bytes(b"VNAV"), Err(AcousticsError::NotAcoustics));
        bytes[4] = 9;
        let error = AcousticMesh::from_bytes(&bytes).unwrap_err().to_string();
        assert!(error.contains("version 9; this program reads version 1"), "{error}");
    }

    #[test]
    fn differences_are_shares_of_the_full_mesh_s_and_short_ones_do_not_count() {
        let mut measured = example().measured;
        assert_eq!(measured.reverberation_difference(), 0.5);
        assert!(!measured.is_true());
        measured.reverberation = [0.55, 0.7, 0.45];
        assert!((measured.reverberation_difference() - 0.1).abs() < 1e-4 && measured.is_true());
        measured.full_reverberation = [0.02, 0.75, 0.5];
        measured.reverberation = [0.04, 0.75, 0.5];
        assert!(measured.is_true(), "twenty milliseconds more are heard by nobody");
        measured.occlusion_difference = 0.21;
        assert!(!measured.is_true());
    }

    proptest! {
        #[test]
        fn damaged_bytes_never_panic(at in 0..300_usize, value: u8, cut in 0..400_usize) {
            let mut bytes = example().to_bytes();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
            bytes.truncate(cut);
            if let Ok(mesh) = AcousticMesh::from_bytes(&bytes) {
                prop_assert_eq!(mesh.check(), Ok(()));
                prop_assert_eq!(AcousticMesh::from_bytes(&mesh.to_bytes()), Ok(mesh));
            }
        }
    }
}
