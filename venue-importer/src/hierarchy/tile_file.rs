//! One tile as a GLB: its triangles or points, packed, and its one picture.

use super::mesh::{Grid, Look, TileMesh, Vertex};
use super::surfels;
use crate::packing::{self, FLOAT, UNSIGNED_BYTE, UNSIGNED_SHORT, fixed, list};
use anyhow::Result;
use glam::{Vec2, Vec3, Vec4};
use std::collections::BTreeMap;
use venue_package::gltf::{
    GlbWriter, Image, Material, PackedList, PackedPrimitive, Texture, TextureUse, Topology, UvTransform, Wrap,
};

/// Step of a surfel's radius: an eighth of a millimetre.
const RADIUS_EXPONENT: i32 = -13;

/// Binary digits of a colour behind its first.
const COLOR_DIGITS: i32 = 6;
/// Below two to this power colours have a fixed step, finer than sRGB's own.
const DARKEST_EXPONENT: i32 = -8;
/// From this shade of sRGB on eight linear bits tell each shade to less than one step.
const BRIGHT: u8 = 80;
/// Step of alpha.
const ALPHA_EXPONENT: i32 = -8;

/// The GLB of a mesh; `picture` is a KTX 2 file.
pub(crate) fn write(
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
    let stand = Stand::of(mesh, grid);
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
        parts.push(pack(&mesh.vertices, &triangles, stand, fields, material)?);
    }
    let mesh = glb.add_packed_mesh("", &parts);
    glb.add_node(stand.node(mesh));
    Ok(glb.finish())
}

/// How positions are written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stand {
    /// Sixteen bits of the grid's steps from a corner; the node moves and scales them. Its scale is a power of two, so
    /// that what two tiles share comes out equal to the last bit.
    Steps { from: [i32; 3], grid: Grid },
    /// Floats in the building frame: surfels, whose radii a scale would change, and tiles of large sites.
    Metres { grid: Grid },
}

impl Stand {
    fn of(mesh: &TileMesh, grid: Grid) -> Self {
        let corner = |pick: fn(i32, i32) -> i32| corner(&mesh.vertices, pick);
        let (from, to) = (corner(i32::min), corner(i32::max));
        let fits = |axis: usize| to[axis].abs_diff(from[axis]) <= u32::from(u16::MAX);
        match !mesh.indices.is_empty() && (0..3).all(fits) {
            true => Self::Steps { from, grid },
            false => Self::Metres { grid },
        }
    }

    fn node(self, mesh: usize) -> serde_json::Value {
        match self {
            Self::Steps { from, grid } => serde_json::json!({
                "mesh": mesh,
                "scale": [grid.step(), grid.step(), grid.step()],
                "translation": from.map(|steps| f64::from(steps) * grid.step()),
            }),
            Self::Metres { .. } => serde_json::json!({"mesh": mesh}),
        }
    }
}

fn corner(vertices: &[Vertex], pick: fn(i32, i32) -> i32) -> [i32; 3] {
    let all = vertices.iter().map(|vertex| vertex.position);
    all.reduce(|a, b| std::array::from_fn(|i| pick(a[i], b[i]))).unwrap_or_default()
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
    stand: Stand,
    fields: Fields,
    material: usize,
) -> Result<PackedPrimitive> {
    let (vertices, indices) = ordered(all, triangles, fields);
    let mut attributes = vec![positions(&vertices, stand)?];
    if fields.is_lit {
        attributes.push(packing::normals(vertices.iter().map(|vertex| vertex.normal))?);
    }
    if fields.has_uv {
        let uvs: Vec<Vec2> = vertices.iter().map(Vertex::uv).collect();
        attributes.push(packing::uvs("TEXCOORD_0", &uvs)?);
    }
    if vertices.iter().any(|vertex| vertex.color != [255; 4]) {
        attributes.push(colors(&vertices)?);
    }
    let indices = packing::triangles(&indices, vertices.len())?;
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
    let radii: Vec<[u8; 4]> = vertices.iter().map(|v| fixed(surfels::radius(v), RADIUS_EXPONENT)).collect();
    let attributes = vec![
        positions(&vertices, Stand::Metres { grid })?,
        packing::normals(vertices.iter().map(|vertex| vertex.normal))?,
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
    packing::in_strips(&part.vertices, &part.indices)
}

fn positions(vertices: &[Vertex], stand: Stand) -> Result<PackedList> {
    let (low, high) = (corner(vertices, i32::min), corner(vertices, i32::max));
    match stand {
        Stand::Metres { grid } => {
            let steps: Vec<[i32; 3]> = vertices.iter().map(|vertex| vertex.position).collect();
            packing::positions(&steps, grid.exponent)
        }
        Stand::Steps { from, .. } => {
            let steps = |position: [i32; 3]| -> [u16; 3] {
                std::array::from_fn(|i| position[i].abs_diff(from[i]) as u16)
            };
            // The last two bytes are there because rows begin at multiples of four.
            let row = |vertex: &Vertex| -> [u8; 8] {
                let [x, y, z] = steps(vertex.position).map(u16::to_le_bytes);
                [x[0], x[1], y[0], y[1], z[0], z[1], 0, 0]
            };
            let rows: Vec<[u8; 8]> = vertices.iter().map(row).collect();
            let bounds = Some([low, high].map(|place| Vec3::from_array(steps(place).map(f32::from))));
            Ok(PackedList { bounds, ..list("POSITION", "VEC3", UNSIGNED_SHORT, false, None, &rows)? })
        }
    }
}

/// Colours: glTF's are linear, a scan's are sRGB. Floats of few digits keep every shade apart that sRGB does, and pack
/// three times as well as whole numbers of sixteen bits. Where nothing is dark eight bits do as well, and often pack better.
fn colors(vertices: &[Vertex]) -> Result<PackedList> {
    let floats = float_colors(vertices)?;
    let is_bright = |vertex: &Vertex| vertex.color[..3].iter().all(|&shade| shade >= BRIGHT);
    if !vertices.iter().all(is_bright) {
        return Ok(floats);
    }
    let row = |vertex: &Vertex| {
        let [r, g, b, a] = vertex.color;
        let [r, g, b] = [r, g, b].map(linear_byte);
        [r, g, b, a]
    };
    let rows: Vec<[u8; 4]> = vertices.iter().map(row).collect();
    let bytes = list("COLOR_0", "VEC4", UNSIGNED_BYTE, true, None, &rows)?;
    Ok(if bytes.bytes.len() < floats.bytes.len() { bytes } else { floats })
}

fn float_colors(vertices: &[Vertex]) -> Result<PackedList> {
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

/// sRGB to linear light (IEC 61966-2-1).
fn linear(value: u8) -> f32 {
    let value = f32::from(value) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// Linear light in eight bits.
fn linear_byte(value: u8) -> u8 {
    (linear(value) * 255.0).round() as u8
}

/// Linear light as the filter has a float: seven digits, fewer for what is nearly black.
fn linear_float(value: u8) -> [u8; 4] {
    let linear = linear(value);
    // The exponent of the float itself; logarithms are not the same on all machines.
    let exponent = (linear.to_bits() >> 23) as i32 - 127;
    fixed(linear, exponent.max(DARKEST_EXPONENT) - COLOR_DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_package::gltf::{Document, Limits};

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

    fn srgb(linear: f64) -> f64 {
        let part =
            if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
        part * 255.0
    }

    #[test]
    fn every_shade_comes_back_within_a_step_of_srgb() {
        for value in 0..=255_u8 {
            let packed = i32::from_le_bytes(linear_float(value));
            let linear = f64::from(packed << 8 >> 8) * f64::from(packed >> 24).exp2();
            assert!((0.0..=1.0).contains(&linear), "{value}: {linear}");
            assert!((srgb(linear) - f64::from(value)).abs() < 1.0, "{value}: {}", srgb(linear));
            let byte = srgb(f64::from(linear_byte(value)) / 255.0);
            assert!(value < BRIGHT || (byte - f64::from(value)).abs() < 1.0, "{value}: {byte}");
        }
    }

    #[test]
    fn what_two_tiles_share_comes_out_equal_to_the_last_bit() {
        let grid = Grid { exponent: -11 };
        let tile = |corner: i32| {
            let places = [[corner, -9_000, 5], [10_007, 333, -20_001], [corner, 8_191, 77]];
            let vertex = |position| Vertex { position, color: [255; 4], ..Vertex::default() };
            let vertices = places.map(vertex).to_vec();
            let mesh = TileMesh { vertices, indices: vec![0, 1, 2] };
            let bytes = write(&mesh, &[Look::default()], grid, None).unwrap();
            let document = Document::read(&bytes, &Limits::CLIENT).unwrap();
            let node = &document.nodes[0];
            assert!(document.meshes[0].primitives[0].colors.is_empty());
            let positions = document.meshes[0].primitives[0].positions.clone();
            positions.into_iter().map(|p| node.world.transform_point3(p)).collect::<Vec<Vec3>>()
        };
        let shared = grid.point([10_007, 333, -20_001]);
        for corner in [-30_000, 10_500, 400_000] {
            let places = tile(corner);
            assert!(
                places.contains(&shared) && places.contains(&grid.point([corner, 8_191, 77])),
                "{places:?}"
            );
        }
    }

    #[test]
    fn bright_colours_take_the_form_that_packs_better_and_dark_ones_keep_their_shades() {
        let vertices = |from: i32, step: i32| -> Vec<Vertex> {
            let color = |at: i32| [(from + at * step % 90) as u8, from as u8, from as u8, 255];
            (0..300).map(|at| Vertex { color: color(at), ..Vertex::default() }).collect()
        };
        assert_eq!(colors(&vertices(5, 7)).unwrap().component_type, FLOAT);
        let bright = colors(&vertices(100, 7)).unwrap();
        assert!(bright.bytes.len() <= float_colors(&vertices(100, 7)).unwrap().bytes.len());
    }
}
