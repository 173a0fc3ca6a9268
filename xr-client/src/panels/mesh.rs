//! From egui's triangles to the panels' meshes: pixels, one atlas, no window.
//!
//! Inside egui glyph quads carry their place in the atlas in texels, and plain shapes carry (0, 0);
//! only here, when the frame is laid out and the atlas has its final size, do they become 0 to 1.

use super::output::{PanelMesh, PanelVertex};
use super::text::Atlas;
use super::text::engine::Quad;
use egui::epaint::{ClippedPrimitive, Primitive, Vertex};
use egui::{Color32, pos2, vec2};

/// Adds a quad of the atlas to one of egui's meshes.
pub(crate) fn push(mesh: &mut egui::Mesh, quad: Quad, scale: f32, color: Color32) {
    let region = quad.placed.region;
    let size = vec2(region.width as f32, region.height as f32);
    let (left_top, uv) = (pos2(quad.position[0], quad.position[1]), pos2(region.x as f32, region.y as f32));
    let first = mesh.vertices.len() as u32;
    for corner in [vec2(0.0, 0.0), vec2(1.0, 0.0), vec2(0.0, 1.0), vec2(1.0, 1.0)] {
        let offset = corner * size;
        let pos = ((left_top + offset).to_vec2() / scale).to_pos2();
        mesh.vertices.push(Vertex { pos, uv: uv + offset, color });
    }
    mesh.indices.extend([0, 1, 2, 2, 1, 3].map(|corner| first + corner));
}

/// Fills `out` with what egui laid out, reusing its memory.
pub(crate) fn convert(
    primitives: Vec<ClippedPrimitive>,
    scale: f32,
    screen: [f32; 2],
    atlas: &Atlas,
    out: &mut Vec<PanelMesh>,
) {
    let [width, height] = atlas.size().map(|side| side as f32);
    let white = atlas.white();
    let mut count = 0;
    for primitive in primitives {
        let Primitive::Mesh(mesh) = primitive.primitive else { continue };
        if out.len() == count {
            out.push(PanelMesh::default());
        }
        let target = &mut out[count];
        count += 1;
        let clip = primitive.clip_rect;
        target.clip_rect = [
            (clip.left() * scale).round().clamp(0.0, screen[0]),
            (clip.top() * scale).round().clamp(0.0, screen[1]),
            (clip.right() * scale).round().clamp(0.0, screen[0]),
            (clip.bottom() * scale).round().clamp(0.0, screen[1]),
        ];
        target.indices.clear();
        target.indices.extend_from_slice(&mesh.indices);
        target.vertices.clear();
        target.vertices.extend(mesh.vertices.iter().map(|vertex| {
            let plain = vertex.uv == egui::epaint::WHITE_UV;
            let texel = if plain { white } else { [vertex.uv.x, vertex.uv.y] };
            PanelVertex {
                position: [vertex.pos.x * scale, vertex.pos.y * scale],
                uv: [texel[0] / width, texel[1] / height],
                color: vertex.color.to_array(),
            }
        }));
    }
    out.truncate(count);
}
