//! Two-dimensional panels: triangle meshes in panel units with their textures, and where the panel stands.

use crate::TextureId;
use glam::{Mat4, Vec2};

/// One corner of a panel's triangle. The layout is egui's `epaint::Vertex`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct PanelVertex {
    /// Position in panel units from the top left corner, y down.
    pub position: [f32; 2],
    /// Place in the texture, 0 to 1.
    pub uv: [f32; 2],
    /// sRGB with premultiplied alpha; multiplied with the texture.
    pub color: [u8; 4],
}

/// Triangles with one texture and one clip rectangle.
#[derive(Clone, Copy, Debug)]
pub struct PanelMesh<'a> {
    /// The corners.
    pub vertices: &'a [PanelVertex],
    /// Three indices into `vertices` for a triangle.
    pub indices: &'a [u32],
    /// Nothing is drawn outside: smallest x and y, largest x and y, in panel units.
    pub clip_rect: [f32; 4],
    /// The texture; its colours have premultiplied alpha.
    pub texture: TextureId,
}

/// Where a panel is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PanelPlacement {
    /// On the finished picture, filling it.
    Screen,
    /// In the world: the panel's centre is the origin, x to the right, y up, seen from +z.
    World {
        /// Pose of the panel's centre.
        world_from_panel: Mat4,
        /// Size of one panel unit.
        meters_per_unit: f32,
    },
}

/// One panel: its meshes in drawing order.
#[derive(Clone, Copy, Debug)]
pub struct PanelLayer<'a> {
    /// Where it is seen.
    pub placement: PanelPlacement,
    /// Width and height in panel units (egui's points); on the screen this is stretched over the target.
    pub size: Vec2,
    /// What is drawn, back to front.
    pub meshes: &'a [PanelMesh<'a>],
}
