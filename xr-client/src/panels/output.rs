//! What the panels take in and give out for one frame, in a form that no renderer owns.
//!
//! Everything is drawn from one texture, the atlas: glyphs, name tags and one white texel
//! for plain shapes. Nothing here knows wgpu.

use super::model::PanelAction;

/// What the panels need for one frame.
#[derive(Clone, Debug, Default)]
pub struct PanelInput {
    /// Size of the picture in pixels.
    pub screen_px: [u32; 2],
    /// Pixels of a point: 1.0 on a plain screen, 2.0 on a fine one.
    pub pixels_per_point: f32,
    /// Keys, pointer, input method, clipboard: as `egui_winit::State::take_egui_input` gives them.
    pub raw: egui::RawInput,
}

/// What the panels answer, beside [`super::Panels::meshes`].
#[derive(Default)]
pub struct PanelOutput {
    /// What the user asked for, in order.
    pub actions: Vec<PanelAction>,
    /// What changed in the atlas: apply in order before drawing.
    pub atlas: Vec<AtlasUpdate>,
    /// Keys belong to the panels: the body must not walk.
    pub wants_keyboard: bool,
    /// The pointer is over a panel: it must not look or teleport.
    pub wants_pointer: bool,
    /// Cursor, clipboard, input method and AccessKit: for `egui_winit::State::handle_platform_output`.
    pub platform: egui::PlatformOutput,
    /// Whether [`super::Panels::meshes`] differs from the frame before.
    pub changed: bool,
    /// Seconds after which the panels want another frame even if nothing happens; none: never.
    pub repaint_after_secs: Option<f32>,
}

/// A part of the atlas, pixels, origin at the top left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Region {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// New pixels for a part of the atlas.
#[derive(Clone, PartialEq, Eq)]
pub struct AtlasUpdate {
    /// Size of the whole atlas in pixels. When it differs from the texture that exists, make a
    /// new one of this size; `region` then covers all of it.
    pub atlas_size: [u32; 2],
    /// Where the pixels go.
    pub region: Region,
    /// Four bytes a pixel, rows from the top, no padding: sRGB-encoded, premultiplied.
    pub rgba: Vec<u8>,
}

impl std::fmt::Debug for AtlasUpdate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AtlasUpdate")
            .field("atlas_size", &self.atlas_size)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

/// One corner of a triangle. The layout is that of the renderer's panel vertex, so that a slice of
/// the one is a slice of the other.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct PanelVertex {
    /// Pixels from the picture's top left, y down.
    pub position: [f32; 2],
    /// In the atlas, 0 to 1.
    pub uv: [f32; 2],
    /// Multiplies the atlas's texel; sRGB-encoded, premultiplied.
    pub color: [u8; 4],
}

/// Triangles that share a clip rectangle, drawn in order with the atlas as their texture and
/// blended as `src + (1 - src.alpha) * dst` on encoded values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PanelMesh {
    /// Nothing outside is drawn: left, top, right, bottom in pixels.
    pub clip_rect: [f32; 4],
    /// Corners.
    pub vertices: Vec<PanelVertex>,
    /// Three to a triangle.
    pub indices: Vec<u32>,
}

/// The picture of a name tag in the atlas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Where it lies in the atlas; its size is the size in pixels at which it is sharp.
    pub region: Region,
    /// Size of the whole atlas, to make texture coordinates of it.
    pub atlas_size: [u32; 2],
}

/// What a name tag is found again by: the same as long as it says the same in the same size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TagKey(pub(super) super::text::atlas::PictureKey);

/// What a name tag says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TagText<'a> {
    /// Name as shown.
    pub name: &'a str,
    /// Delegation, may be empty.
    pub delegation: &'a str,
    /// Language that the person listens in: shown as its code.
    pub language: venue_model::Language,
    /// Shown when it is not a plain participant.
    pub role: venue_model::Role,
    /// Shown when it is not a plain delegate.
    pub kind: venue_model::ParticipantKind,
    /// Whether the hand is up.
    pub hand: bool,
    /// Shown when a moderator holds it closed; everybody else's is closed by choice.
    pub microphone: venue_protocol::Microphone,
    /// Whether the person is in a private talk; with whom nobody is told.
    pub is_in_talk: bool,
    /// Whether the person speaks now, or writes for all to read along: the tag has a bright edge.
    pub is_speaking: bool,
    /// Whether only the name is said, in smaller letters.
    pub is_small: bool,
}
