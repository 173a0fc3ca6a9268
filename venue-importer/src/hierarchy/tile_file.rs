//! One tile as a GLB: its triangles or points, packed, and its one picture.

use super::mesh::{Grid, Look, TileMesh, Vertex};
use super::surfels;
use anyhow::Result;
use glam::{Vec3, Vec4};
use std::collections::BTreeMap;
use venue_package::gltf::{
    GlbWriter, Image, Material, PackedList, PackedPrimitive, Texture, TextureUse, Topology, UvTransform, Wrap,
};

const BYTE: u32 = 5120;
const UNSIGNED_INT: u32 = 5125;
const FLOAT: u32 = 5126;

/// Step of texture coordinates: a quarter of a pixel in 4,096.
const UV_EXPONENT: i32 = -14;
/// Step of a surfel's radius: an eighth of a millimetre.
const RADIUS_EXPONENT: i32 = -13;

/// Binary digits of a colour behind its first.
const COLOR_DIGITS: i32 = 6;
/// Below two to this power colours have a fixed step, finer than sRGB's own.
const DARKEST_EXPONENT: i32 = -8;
/// Step of alpha.
const ALPHA_EXPONENT: i32 = -8;

/// The GLB of a mesh; `picture` is a KTX 2 file.
pub(crate) fn write(
    name: &str,
    mesh: &TileMesh,
    looks: &[Look],
    grid: Grid,
    picture: Option<Vec<u8>>,
) -> Result<Vec<u8>> {
    let mut glb = GlbWriter::default();
    let texture = picture.map(|bytes| {
        let image = glb.add_image(&Image { media_type: "image/ktx2".into(), bytes });
        glb.add_texture(&Texture { image, wrap: [Wrap::Clamp; 2], nearest: false })
    });
    let mut parts = Vec::new();
    if mesh.indices.is_empty() {
        for (look, points) in points_by_look(mesh) {
            let material = glb.add_material(&material(&looks[usize::from(look)], None));
            parts.push(pack_points(points, grid, material)?);
        }
    }
    for (look, triangles) in by_look(mesh, looks) {
        let look = &looks[usize::from(look)];
        let material = glb.add_material(&material(look, texture));
        let fields = Fields { has_uv: look.picture.is_some() && texture.is_some(), is_lit: !look.unlit };
        parts.push(pack(&mesh.vertices, &triangles, grid, fields, material)?);
    }
    let mesh = glb.add_packed_mesh(name, &parts);
    glb.add_node(serde_json::json!({"name": name, "mesh": mesh}));
    Ok(glb.finish())
}

/// Triangles by what they look like. Looks that differ in name or source picture alone are one: a tile has one picture.
fn by_look(mesh: &TileMesh, looks: &[Look]) -> Vec<(u16, Vec<u32>)> {
    let mut each: BTreeMap<u16, Vec<u32>> = BTreeMap::new();
    for triangle in mesh.indices.as_chunks::<3>().0 {
        each.entry(mesh.vertices[triangle[0] as usize].look).or_default().extend(triangle);
    }
    let shown = |look: u16| {
        let look = &looks[usize::from(look)];
        Look { name: String::new(), picture: look.picture.map(|_| 0), ..look.clone() }
    };
    let mut alike: Vec<(u16, Vec<u32>)> = Vec::new();
    for (look, triangles) in each {
        match alike.iter_mut().find(|(other, _)| shown(*other) == shown(look)) {
            Some((_, all)) => all.extend(triangles),
            None => alike.push((look, triangles)),
        }
    }
    alike
}

fn points_by_look(mesh: &TileMesh) -> BTreeMap<u16, Vec<Vertex>> {
    let mut looks: BTreeMap<u16, Vec<Vertex>> = BTreeMap::new();
    mesh.vertices.iter().for_each(|vertex| looks.entry(vertex.look).or_default().push(*vertex));
    looks
}

fn material(look: &Look, texture: Option<usize>) -> Material {
    let shown = look.picture.and(texture);
    Material {
        name: look.name.clone(),
        base_color: Vec4::from_array(look.base_color),
        base_color_texture: shown.map(|texture| TextureUse {
            texture,
            uv_set: 0,
            transform: UvTransform::default(),
        }),
        emissive: Vec3::from_array(look.emissive),
        metallic: look.metallic,
        roughness: look.roughness,
        alpha: look.alpha,
        double_sided: look.double_sided,
        unlit: look.unlit,
        ..Material::default()
    }
}

/// What of a vertex is written.
#[derive(Clone, Copy)]
struct Fields {
    has_uv: bool,
    is_lit: bool,
}

fn pack(
    all: &[Vertex],
    triangles: &[u32],
    grid: Grid,
    fields: Fields,
    material: usize,
) -> Result<PackedPrimitive> {
    let (vertices, indices) = ordered(all, triangles, fields);
    let mut attributes = vec![positions(&vertices, grid)?];
    if fields.is_lit {
        let normals: Vec<[u8; 4]> = vertices.iter().map(|v| v.normal.map(|n| n as u8)).collect();
        attributes.push(list("NORMAL", "VEC3", BYTE, true, None, &normals)?);
    }
    if fields.has_uv {
        let exponent = uv_exponent(&vertices);
        let uvs: Vec<[u8; 8]> =
            vertices.iter().map(|v| pair(v.uv().to_array().map(|x| fixed(x, exponent)))).collect();
        attributes.push(list("TEXCOORD_0", "VEC2", FLOAT, false, Some("EXPONENTIAL"), &uvs)?);
    }
    if vertices.iter().any(|vertex| vertex.color != [255; 4]) {
        attributes.push(colors(&vertices)?);
    }
    let packed = meshopt::encode_index_buffer(&indices, vertices.len())?;
    let indices = PackedList {
        shape: "SCALAR",
        component_type: UNSIGNED_INT,
        count: indices.len(),
        stride: 4,
        mode: "TRIANGLES",
        bytes: packed,
        ..PackedList::default()
    };
    Ok(PackedPrimitive { attributes, indices, material: Some(material), ..PackedPrimitive::default() })
}

fn pack_points(points: Vec<Vertex>, grid: Grid, material: usize) -> Result<PackedPrimitive> {
    // Neighbours beside each other pack well.
    let places: Vec<[f32; 3]> = points.iter().map(|vertex| grid.point(vertex.position).to_array()).collect();
    let adapter = meshopt::VertexDataAdapter::new(bytemuck::cast_slice(&places), 12, 0)?;
    let order = meshopt::spatial_sort_remap(&adapter);
    let mut vertices = points.clone();
    for (vertex, &to) in points.iter().zip(&order) {
        vertices[to as usize] = *vertex;
    }
    let normals: Vec<[u8; 4]> = vertices.iter().map(|v| v.normal.map(|n| n as u8)).collect();
    let radii: Vec<[u8; 4]> = vertices.iter().map(|v| fixed(surfels::radius(v), RADIUS_EXPONENT)).collect();
    let attributes = vec![
        positions(&vertices, grid)?,
        list("NORMAL", "VEC3", BYTE, true, None, &normals)?,
        colors(&vertices)?,
        list("_RADIUS", "SCALAR", FLOAT, false, Some("EXPONENTIAL"), &radii)?,
    ];
    Ok(PackedPrimitive {
        attributes,
        topology: Topology::Points,
        material: Some(material),
        ..PackedPrimitive::default()
    })
}

/// The vertices that these triangles use, in an order that suits vertex caches and the packer.
fn ordered(all: &[Vertex], triangles: &[u32], fields: Fields) -> (Vec<Vertex>, Vec<u32>) {
    let mut part = TileMesh { vertices: all.to_vec(), indices: triangles.to_vec() };
    part.drop_unused();
    let Some(&first) = part.vertices.first() else { return (Vec::new(), Vec::new()) };
    let mut has_changed = false;
    for vertex in &mut part.vertices {
        let before = *vertex;
        // What is not written must not keep vertices apart.
        if !fields.has_uv {
            vertex.uv_bits = [0; 2];
        }
        if !fields.is_lit {
            vertex.normal = [0; 4];
        }
        has_changed |= *vertex != before || (before.look, before.sheet) != (first.look, first.sheet);
        (vertex.look, vertex.sheet) = (0, 0);
    }
    if has_changed {
        part.weld();
        part.drop_unused();
    }
    // Strips pack better than what a vertex cache likes best: indices by a tenth, what is at vertices by a third.
    let indices = meshopt::optimize_vertex_cache_strip(&part.indices, part.vertices.len());
    let order = meshopt::optimize_vertex_fetch_remap(&indices, part.vertices.len());
    let mut vertices = vec![Vertex::default(); part.vertices.len()];
    for (vertex, &to) in part.vertices.iter().zip(&order) {
        vertices[to as usize] = *vertex;
    }
    (vertices, indices.iter().map(|&index| order[index as usize]).collect())
}

fn positions(vertices: &[Vertex], grid: Grid) -> Result<PackedList> {
    let rows: Vec<[u8; 12]> = vertices
        .iter()
        .map(|vertex| {
            let mut row = [0; 12];
            for (i, steps) in vertex.position.into_iter().enumerate() {
                row[i * 4..i * 4 + 4].copy_from_slice(&scaled(steps, grid.exponent));
            }
            row
        })
        .collect();
    let corner = |pick: fn(i32, i32) -> i32| {
        let all = vertices.iter().map(|vertex| vertex.position);
        let corner = all.reduce(|a, b| std::array::from_fn(|i| pick(a[i], b[i])));
        grid.point(corner.unwrap_or_default())
    };
    let bounds = Some([corner(i32::min), corner(i32::max)]);
    Ok(PackedList { bounds, ..list("POSITION", "VEC3", FLOAT, false, Some("EXPONENTIAL"), &rows)? })
}

/// Colours: glTF's are linear, a scan's are sRGB. Floats of few digits keep every shade apart that sRGB does, and pack
/// three times as well as whole numbers of sixteen bits.
fn colors(vertices: &[Vertex]) -> Result<PackedList> {
    let shades: Vec<[u8; 4]> = (0..=255).map(linear_float).collect();
    let shade = |value: u8| shades[usize::from(value)];
    if vertices.iter().all(|vertex| vertex.color[3] == 255) {
        let row =
            |vertex: &Vertex| -> [u8; 12] { std::array::from_fn(|i| shade(vertex.color[i / 4])[i % 4]) };
        let rows: Vec<[u8; 12]> = vertices.iter().map(row).collect();
        return list("COLOR_0", "VEC3", FLOAT, false, Some("EXPONENTIAL"), &rows);
    }
    let row = |vertex: &Vertex| -> [u8; 16] {
        let [r, g, b, a] = vertex.color;
        let all = [shade(r), shade(g), shade(b), fixed(f32::from(a) / 255.0, ALPHA_EXPONENT)];
        std::array::from_fn(|i| all[i / 4][i % 4])
    };
    let rows: Vec<[u8; 16]> = vertices.iter().map(row).collect();
    list("COLOR_0", "VEC4", FLOAT, false, Some("EXPONENTIAL"), &rows)
}

/// sRGB to linear light (IEC 61966-2-1), as the filter has a float: seven digits, fewer for what is nearly black.
fn linear_float(value: u8) -> [u8; 4] {
    let value = f32::from(value) / 255.0;
    let linear = if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
    // The exponent of the float itself; logarithms are not the same on all machines.
    let exponent = (linear.to_bits() >> 23) as i32 - 127;
    fixed(linear, exponent.max(DARKEST_EXPONENT) - COLOR_DIGITS)
}

fn list<const N: usize>(
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

fn uv_exponent(vertices: &[Vertex]) -> i32 {
    let largest = vertices.iter().map(|vertex| vertex.uv().abs().max_element()).fold(1.0, f32::max);
    UV_EXPONENT.max(largest.log2().ceil() as i32 - 23)
}

/// The filter's form of a number: exponent in the highest byte, mantissa below.
fn fixed(value: f32, exponent: i32) -> [u8; 4] {
    scaled((f64::from(value) * f64::from(-exponent).exp2()).round() as i32, exponent)
}

fn scaled(mantissa: i32, exponent: i32) -> [u8; 4] {
    (exponent << 24 | mantissa & 0x00ff_ffff).to_le_bytes()
}

fn pair([a, b]: [[u8; 4]; 2]) -> [u8; 8] {
    let mut both = [0; 8];
    both[..4].copy_from_slice(&a);
    both[4..].copy_from_slice(&b);
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_that_are_shown_alike_are_drawn_together() {
        let look = |name: &str, picture, unlit| Look { name: name.into(), picture, unlit, ..Look::default() };
        let looks = [
            look("a", Some(3), true),
            look("b", Some(5), true),
            look("c", None, true),
            look("d", None, false),
        ];
        let vertex = |at: i32| Vertex {
            look: (at / 3) as u16,
            sheet: (at / 3) as u16,
            position: [at % 3, 7, at],
            ..Vertex::default()
        };
        let mesh = TileMesh { vertices: (0..12).map(vertex).collect(), indices: (0..12).collect() };
        let groups: Vec<(u16, usize)> =
            by_look(&mesh, &looks).into_iter().map(|(look, triangles)| (look, triangles.len())).collect();
        assert_eq!(groups, [(0, 6), (2, 3), (3, 3)]);
    }

    #[test]
    fn every_shade_comes_back_within_a_step_of_srgb() {
        for value in 0..=255_u8 {
            let packed = i32::from_le_bytes(linear_float(value));
            let linear = f64::from(packed << 8 >> 8) * f64::from(packed >> 24).exp2();
            let srgb =
                if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
            assert!((0.0..=1.0).contains(&linear), "{value}: {linear}");
            assert!((srgb * 255.0 - f64::from(value)).abs() < 1.0, "{value}: {}", srgb * 255.0);
        }
    }
}
