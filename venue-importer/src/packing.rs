//! Packs lists with `EXT_meshopt_compression`: how numbers are rounded, and in which order vertices and triangles stand.
//! Tiles of a hierarchy and tiles of small things are packed here alike; the small ones' vertices are made unique too.

use crate::hierarchy::numbers::{Key, Numbers};
use anyhow::Result;
use bytemuck::{Pod, Zeroable};
use glam::{Vec2, Vec3};
use venue_package::gltf::{PackedList, PackedPrimitive, Primitive};

pub(crate) const BYTE: u32 = 5120;
pub(crate) const UNSIGNED_BYTE: u32 = 5121;
pub(crate) const UNSIGNED_SHORT: u32 = 5123;
const UNSIGNED_INT: u32 = 5125;
pub(crate) const FLOAT: u32 = 5126;

/// Coarsest step of a small thing's positions: 2^-10 m is about a millimetre.
const POSITION_EXPONENT: i32 = -10;
/// A mesh's size has so many bits at least: a statue keeps its tenths of millimetres.
const SIZE_BITS: i32 = 14;
/// Step of texture coordinates: a quarter of a pixel in 4,096.
const UV_EXPONENT: i32 = -14;
/// Bits of the filter's mantissa without its sign.
const MANTISSA_BITS: i32 = 23;

/// One attribute of all vertices.
pub(crate) fn list<const N: usize>(
    name: &'static str,
    shape: &'static str,
    component_type: u32,
    normalized: bool,
    filter: Option<&'static str>,
    rows: &[[u8; N]],
) -> Result<PackedList> {
    Ok(PackedList {
        name,
        shape,
        component_type,
        normalized,
        count: rows.len(),
        stride: N,
        mode: "ATTRIBUTES",
        filter,
        bounds: None,
        bytes: meshopt::encode_vertex_buffer_level(rows, 2, Some(0))?,
    })
}

/// Positions as floats, out of whole steps of two to the power of `exponent`.
pub(crate) fn positions(steps: &[[i32; 3]], exponent: i32) -> Result<PackedList> {
    let row = |steps: &[i32; 3]| -> [u8; 12] {
        let numbers = steps.map(|steps| scaled(steps, exponent));
        std::array::from_fn(|i| numbers[i / 4][i % 4])
    };
    let rows: Vec<[u8; 12]> = steps.iter().map(row).collect();
    let corner = |pick: fn(i32, i32) -> i32| {
        let corner = steps.iter().copied().reduce(|a, b| std::array::from_fn(|i| pick(a[i], b[i])));
        let metres = corner.unwrap_or_default().map(|steps| f64::from(steps) * f64::from(exponent).exp2());
        Vec3::from_array(metres.map(|value| value as f32))
    };
    let bounds = Some([corner(i32::min), corner(i32::max)]);
    Ok(PackedList { bounds, ..list("POSITION", "VEC3", FLOAT, false, Some("EXPONENTIAL"), &rows)? })
}

/// Directions of three signed bytes; the fourth is unused.
pub(crate) fn normals(normals: impl Iterator<Item = [i8; 4]>) -> Result<PackedList> {
    let rows: Vec<[u8; 4]> = normals.map(|normal| normal.map(|value| value as u8)).collect();
    list("NORMAL", "VEC3", BYTE, true, None, &rows)
}

/// Texture coordinates.
pub(crate) fn uvs(name: &'static str, uvs: &[Vec2]) -> Result<PackedList> {
    let exponent = uv_exponent(uvs);
    let row = |uv: &Vec2| -> [u8; 8] {
        let numbers = uv.to_array().map(|value| fixed(value, exponent));
        std::array::from_fn(|i| numbers[i / 4][i % 4])
    };
    let rows: Vec<[u8; 8]> = uvs.iter().map(row).collect();
    list(name, "VEC2", FLOAT, false, Some("EXPONENTIAL"), &rows)
}

fn uv_exponent(uvs: &[Vec2]) -> i32 {
    fitting(UV_EXPONENT, uvs.iter().map(|uv| uv.abs().max_element()).fold(0.0, f32::max))
}

/// Triangles whose vertices are in the order of their first use.
pub(crate) fn triangles(indices: &[u32], vertices: usize) -> Result<PackedList> {
    Ok(PackedList {
        shape: "SCALAR",
        component_type: UNSIGNED_INT,
        count: indices.len(),
        stride: 4,
        mode: "TRIANGLES",
        bytes: meshopt::encode_index_buffer(indices, vertices)?,
        ..PackedList::default()
    })
}

/// Triangles in strips, and their vertices in the order of their first use. Strips pack better than what a vertex cache
/// likes best: triangles by a tenth, what is at vertices by a third.
pub(crate) fn in_strips<T: Copy>(vertices: &[T], indices: &[u32]) -> (Vec<T>, Vec<u32>) {
    let indices = meshopt::optimize_vertex_cache_strip(indices, vertices.len());
    let (mut ordered, mut order) = (Vec::with_capacity(vertices.len()), vec![u32::MAX; vertices.len()]);
    let place = |&index: &u32| {
        let at = &mut order[index as usize];
        if *at == u32::MAX {
            *at = ordered.len() as u32;
            ordered.push(vertices[index as usize]);
        }
        *at
    };
    // A vertex of no triangle has no place in the order.
    let indices = indices.iter().map(place).collect();
    (ordered, indices)
}

/// The filter's form of a number: exponent in the highest byte, mantissa below.
pub(crate) fn fixed(value: f32, exponent: i32) -> [u8; 4] {
    scaled(mantissa(value, exponent), exponent)
}

fn mantissa(value: f32, exponent: i32) -> i32 {
    (f64::from(value) * f64::from(-exponent).exp2()).round() as i32
}

fn scaled(mantissa: i32, exponent: i32) -> [u8; 4] {
    (exponent << 24 | mantissa & 0x00ff_ffff).to_le_bytes()
}

/// The exponent, or the next one with which the largest number still fits into the mantissa.
fn fitting(exponent: i32, largest: f32) -> i32 {
    exponent.max(largest.max(f32::MIN_POSITIVE).log2().ceil() as i32 - MANTISSA_BITS)
}

/// All of one vertex of a small thing.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
struct Vertex {
    /// Steps.
    position: [i32; 3],
    normal: [i8; 4],
    /// Bits of the two pairs of coordinates.
    uv_bits: [[u32; 2]; 2],
    color: [u8; 4],
}

impl Key for Vertex {
    fn hash(&self) -> u64 {
        let words: &[u32; 9] = bytemuck::cast_ref(self);
        words
            .as_chunks::<3>()
            .0
            .iter()
            .fold(0, |hash: u64, three| hash.rotate_left(29) ^ three.map(|word| word as i32).hash())
    }
}

/// Packs one primitive of a small thing.
pub(crate) fn pack(source: &Primitive) -> Result<PackedPrimitive> {
    let exponent = position_exponent(source);
    let mut numbers = Numbers::with_capacity(source.positions.len());
    let all: Vec<u32> =
        (0..source.positions.len()).map(|at| numbers.of(vertex(source, at, exponent))).collect();
    let indices: Vec<u32> = source.indices.iter().map(|&index| all[index as usize]).collect();
    let (vertices, indices) = in_strips(&numbers.into_known(), &indices);
    let steps: Vec<[i32; 3]> = vertices.iter().map(|vertex| vertex.position).collect();
    let mut attributes = vec![positions(&steps, exponent)?];
    if !source.normals.is_empty() {
        attributes.push(normals(vertices.iter().map(|vertex| vertex.normal))?);
    }
    for (name, set) in [("TEXCOORD_0", 0), ("TEXCOORD_1", 1)] {
        if !source.uvs[set].is_empty() {
            let uv = |vertex: &Vertex| Vec2::from_array(vertex.uv_bits[set].map(f32::from_bits));
            attributes.push(uvs(name, &vertices.iter().map(uv).collect::<Vec<_>>())?);
        }
    }
    if !source.colors.is_empty() {
        let rows: Vec<[u8; 4]> = vertices.iter().map(|vertex| vertex.color).collect();
        attributes.push(list("COLOR_0", "VEC4", UNSIGNED_BYTE, true, None, &rows)?);
    }
    let indices = triangles(&indices, vertices.len())?;
    Ok(PackedPrimitive { attributes, topology: source.topology, indices, material: source.material })
}

fn position_exponent(source: &Primitive) -> i32 {
    let min = source.positions.iter().copied().reduce(Vec3::min).unwrap_or_default();
    let max = source.positions.iter().copied().reduce(Vec3::max).unwrap_or_default();
    let size = (max - min).max_element().max(1e-3);
    let fine = size.log2().floor() as i32 - SIZE_BITS;
    fitting(fine.min(POSITION_EXPONENT), min.abs().max(max.abs()).max_element())
}

fn vertex(source: &Primitive, at: usize, exponent: i32) -> Vertex {
    let mut vertex = Vertex {
        position: source.positions[at].to_array().map(|value| mantissa(value, exponent)),
        ..Vertex::default()
    };
    if let Some(normal) = source.normals.get(at) {
        let [x, y, z] = (*normal * 127.0).round().to_array();
        vertex.normal = [x as i8, y as i8, z as i8, 0];
    }
    for (bits, uvs) in vertex.uv_bits.iter_mut().zip(&source.uvs) {
        // Rounded before vertices are compared; adding zero makes one of the two zeros.
        let step = (UV_EXPONENT as f32).exp2();
        let uv = uvs.get(at).copied().unwrap_or_default();
        *bits = ((uv / step).round() * step + Vec2::ZERO).to_array().map(f32::to_bits);
    }
    if let Some(color) = source.colors.get(at) {
        let bytes = (color.clamp(glam::Vec4::ZERO, glam::Vec4::ONE) * 255.0).round().to_array();
        vertex.color = bytes.map(|value| value as u8);
    }
    vertex
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::{Vec2, Vec4};
    use venue_package::gltf::{Document, GlbWriter, Limits};

    /// A bumpy square of 30 × 30 quads, each with four vertices of its own.
    fn bumpy(scale: f32) -> Primitive {
        let mut primitive = Primitive::default();
        for quad in 0..900_u32 {
            let first = primitive.positions.len() as u32;
            for (u, v) in [(0, 0), (0, 1), (1, 1), (1, 0)] {
                let (x, z) = ((quad % 30 + u) as f32, (quad / 30 + v) as f32);
                primitive.positions.push(Vec3::new(x, (x * z * 0.7).sin(), z) * scale);
                primitive.normals.push(Vec3::new(0.6, 0.8, 0.0));
                primitive.uvs[0].push(Vec2::new(x, z) / 30.0);
                primitive.colors.push(Vec4::new(1.0, 0.5, 0.0, 1.0));
            }
            primitive.indices.extend([0, 1, 2, 0, 2, 3].map(|index| first + index));
        }
        primitive
    }

    fn round_trip(source: &Primitive) -> (Primitive, usize) {
        let mut writer = GlbWriter::default();
        writer.add_packed_mesh("m", &[pack(source).unwrap()]);
        writer.add_node(serde_json::json!({"mesh": 0}));
        let bytes = writer.finish();
        let document = Document::read(&bytes, &Limits::CLIENT).unwrap();
        (document.meshes[0].primitives[0].clone(), bytes.len())
    }

    fn middles(primitive: &Primitive) -> Vec<Vec3> {
        let middle = |t: &[u32; 3]| t.iter().map(|&i| primitive.positions[i as usize]).sum::<Vec3>() / 3.0;
        primitive.indices.as_chunks::<3>().0.iter().map(middle).collect()
    }

    #[test]
    fn packed_triangles_come_back_within_their_steps() {
        let source = bumpy(1.0);
        let (read, bytes) = round_trip(&source);
        assert_eq!(read.indices.len(), source.indices.len());
        assert_eq!(read.positions.len(), 31 * 31, "equal vertices are one");
        assert!(bytes < 12_000, "{bytes} bytes");
        let truth = middles(&source);
        let is_true = |middle: &Vec3| truth.iter().any(|truth| truth.abs_diff_eq(*middle, 0.6e-3));
        assert!(middles(&read).iter().all(is_true));
        assert!(read.normals.iter().all(|normal| normal.abs_diff_eq(Vec3::new(0.6, 0.8, 0.0), 0.01)));
        assert!(read.colors.iter().all(|color| color.abs_diff_eq(Vec4::new(1.0, 0.5, 0.0, 1.0), 0.003)));
        for (position, uv) in read.positions.iter().zip(&read.uvs[0]) {
            assert!(uv.abs_diff_eq(Vec2::new(position.x, position.z) / 30.0, 1e-3), "{position} {uv}");
            let height = source.positions.iter().any(|truth| truth.abs_diff_eq(*position, 0.6e-3));
            assert!(height, "{position}");
        }
    }

    #[test]
    fn small_things_keep_fine_steps_and_far_things_fit() {
        let check = |from: f32, to: f32, expected: i32| {
            let positions = vec![Vec3::splat(from), Vec3::splat(to)];
            let exponent = position_exponent(&Primitive { positions, ..Primitive::default() });
            assert_eq!(exponent, expected, "{from} to {to}");
        };
        check(0.0, 40.0, POSITION_EXPONENT);
        check(0.0, 0.1, -4 - SIZE_BITS);
        check(-10_000.0, 0.0, -9);
        let (read, _) = round_trip(&bumpy(0.01));
        let source = bumpy(0.01);
        let near = |position: &Vec3| source.positions.iter().any(|truth| truth.abs_diff_eq(*position, 2e-5));
        assert!(read.positions.iter().all(near));
    }

    #[test]
    fn a_vertex_of_no_triangle_is_left_out() {
        let (vertices, indices) = in_strips(&[10, 11, 12, 13, 14], &[4, 2, 0]);
        assert_eq!(vertices.len(), 3);
        let mut used: Vec<i32> = indices.iter().map(|&index| vertices[index as usize]).collect();
        used.sort_unstable();
        assert_eq!(used, [10, 12, 14]);
    }
}
