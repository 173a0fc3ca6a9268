//! Packs a tile's triangles with `EXT_meshopt_compression`: fixed-point numbers, shared vertices, cache order.

use glam::Vec3;
use venue_package::gltf::{PackedList, PackedPrimitive, Primitive};

const BYTE: u32 = 5120;
const UNSIGNED_BYTE: u32 = 5121;
const UNSIGNED_INT: u32 = 5125;
const FLOAT: u32 = 5126;

/// Coarsest step of positions: 2^-10 m is about a millimetre.
const POSITION_EXPONENT: i32 = -10;
/// A mesh's size has so many bits at least: a statue keeps its tenths of millimetres.
const SIZE_BITS: i32 = 14;
/// Step of texture coordinates: a quarter of a pixel in 4,096.
const UV_EXPONENT: i32 = -14;
/// Bits of the filter's mantissa without its sign.
const MANTISSA_BITS: i32 = 23;

/// All of one vertex: position, normal, two texture coordinates, colour.
type Vertex = [u8; 36];

/// Packs one primitive.
pub(crate) fn pack(source: &Primitive) -> PackedPrimitive {
    let min = source.positions.iter().copied().reduce(Vec3::min).unwrap_or_default();
    let max = source.positions.iter().copied().reduce(Vec3::max).unwrap_or_default();
    let exponent = position_exponent(min, max);
    let (vertices, indices) = share(&vertices(source, exponent), &source.indices);
    let count = vertices.len();

    let list = |name, shape, component_type, normalized, stride, filter, bytes| PackedList {
        name,
        shape,
        component_type,
        normalized,
        count,
        stride,
        mode: "ATTRIBUTES",
        filter,
        bounds: None,
        bytes,
    };
    let step = (exponent as f32).exp2();
    let bounds = Some([(min / step).round() * step, (max / step).round() * step]);
    let position =
        list("POSITION", "VEC3", FLOAT, false, 12, Some("EXPONENTIAL"), column::<12>(&vertices, 0));
    let mut attributes = vec![PackedList { bounds, ..position }];
    if !source.normals.is_empty() {
        attributes.push(list("NORMAL", "VEC3", BYTE, true, 4, None, column::<4>(&vertices, 12)));
    }
    for (name, set, at) in [("TEXCOORD_0", 0, 16), ("TEXCOORD_1", 1, 24)] {
        if !source.uvs[set].is_empty() {
            let bytes = column::<8>(&vertices, at);
            attributes.push(list(name, "VEC2", FLOAT, false, 8, Some("EXPONENTIAL"), bytes));
        }
    }
    if !source.colors.is_empty() {
        attributes.push(list("COLOR_0", "VEC4", UNSIGNED_BYTE, true, 4, None, column::<4>(&vertices, 32)));
    }
    let packed = meshopt::encode_index_buffer(&indices, count).expect("any triangle list can be packed");
    let indices = PackedList {
        shape: "SCALAR",
        component_type: UNSIGNED_INT,
        count: indices.len(),
        stride: 4,
        mode: "TRIANGLES",
        bytes: packed,
        ..PackedList::default()
    };
    PackedPrimitive { attributes, topology: source.topology, indices, material: source.material }
}

fn position_exponent(min: Vec3, max: Vec3) -> i32 {
    let size = (max - min).max_element().max(1e-3);
    let fine = size.log2().floor() as i32 - SIZE_BITS;
    fitting(fine.min(POSITION_EXPONENT), min.abs().max(max.abs()).max_element())
}

/// The exponent, or the next one with which the largest number still fits into the mantissa.
fn fitting(exponent: i32, largest: f32) -> i32 {
    let needed = largest.max(f32::MIN_POSITIVE).log2().ceil() as i32 - MANTISSA_BITS;
    exponent.max(needed)
}

/// The filter's form of a number: exponent in the highest byte, mantissa below.
fn fixed(value: f32, exponent: i32) -> [u8; 4] {
    let mantissa = (f64::from(value) * f64::from(-exponent).exp2()).round() as i32;
    (exponent << 24 | mantissa & 0x00ff_ffff).to_le_bytes()
}

fn vertices(source: &Primitive, exponent: i32) -> Vec<Vertex> {
    let uv_exponent = source.uvs.each_ref().map(|uvs| {
        let largest = uvs.iter().map(|uv| uv.abs().max_element()).fold(0.0, f32::max);
        fitting(UV_EXPONENT, largest)
    });
    let vertex = |at: usize| {
        let mut vertex = [0; 36];
        for (i, value) in source.positions[at].to_array().into_iter().enumerate() {
            vertex[i * 4..i * 4 + 4].copy_from_slice(&fixed(value, exponent));
        }
        if let Some(normal) = source.normals.get(at) {
            let bytes = (*normal * 127.0).round().to_array().map(|value| value as i8 as u8);
            vertex[12..15].copy_from_slice(&bytes);
        }
        for (set, uvs) in source.uvs.iter().enumerate() {
            for (i, value) in uvs.get(at).into_iter().flat_map(|uv| uv.to_array()).enumerate() {
                let place = 16 + set * 8 + i * 4;
                vertex[place..place + 4].copy_from_slice(&fixed(value, uv_exponent[set]));
            }
        }
        if let Some(color) = source.colors.get(at) {
            let bytes = (color.clamp(glam::Vec4::ZERO, glam::Vec4::ONE) * 255.0).round().to_array();
            vertex[32..36].copy_from_slice(&bytes.map(|value| value as u8));
        }
        vertex
    };
    (0..source.positions.len()).map(vertex).collect()
}

/// Makes equal vertices one, orders triangles for the vertex cache and vertices by their first use.
fn share(vertices: &[Vertex], indices: &[u32]) -> (Vec<Vertex>, Vec<u32>) {
    let mut places = std::collections::BTreeMap::new();
    let mut unique = Vec::new();
    let place = |&index: &u32| {
        let vertex = vertices[index as usize];
        *places.entry(vertex).or_insert_with(|| {
            unique.push(vertex);
            unique.len() as u32 - 1
        })
    };
    let indices: Vec<u32> = indices.iter().map(place).collect();
    let indices = meshopt::optimize_vertex_cache(&indices, unique.len());
    let order = meshopt::optimize_vertex_fetch_remap(&indices, unique.len());
    let mut ordered = vec![[0; 36]; unique.len()];
    for (vertex, &to) in unique.iter().zip(&order) {
        ordered[to as usize] = *vertex;
    }
    (ordered, indices.iter().map(|&index| order[index as usize]).collect())
}

/// One attribute of all vertices, packed.
fn column<const N: usize>(vertices: &[Vertex], at: usize) -> Vec<u8> {
    let column: Vec<[u8; N]> =
        vertices.iter().map(|vertex| std::array::from_fn(|i| vertex[at + i])).collect();
    meshopt::encode_vertex_buffer_level(&column, 2, Some(0)).expect("any vertex list can be packed")
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
        writer.add_packed_mesh("m", &[pack(source)]);
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
        assert_eq!(position_exponent(Vec3::ZERO, Vec3::splat(40.0)), POSITION_EXPONENT);
        assert_eq!(position_exponent(Vec3::ZERO, Vec3::splat(0.1)), -4 - SIZE_BITS);
        assert_eq!(position_exponent(Vec3::splat(-10_000.0), Vec3::ZERO), -9);
        let (read, _) = round_trip(&bumpy(0.01));
        let source = bumpy(0.01);
        let near = |position: &Vec3| source.positions.iter().any(|truth| truth.abs_diff_eq(*position, 2e-5));
        assert!(read.positions.iter().all(near));
    }
}
