//! Render passes, GPU resources and targets. It knows no venue, no network, no headset and no window:
//! meshes, textures and materials go in once, a [`FrameInput`] goes in per frame, pictures come out.
//!
//! A frame is prepared by [`Renderer::prepare`], which calls no wgpu, and submitted by [`PreparedFrame::submit`];
//! [`Renderer::render`] does both. It is drawn in this order: opaque and masked geometry, crowds, surfels, sky, transparent
//! geometry, labels, panels that stand in the world; then on the finished picture the fade and the panels that
//! lie on the screen. Object ids are a picture of their own, made only when asked for.
//!
//! Conventions: metres, right-handed, y up; colours are linear unless a name says `srgb`; depth is reversed
//! with an infinite far plane (1 at the near plane, 0 at infinity); matrices are named `to_from`.

#![warn(missing_docs)]

mod arena;
mod crowd;
mod culling;
mod draw_list;
mod error;
mod frame;
mod frame_data;
mod gpu;
mod gpu_data;
mod layouts;
mod material;
mod mesh;
mod object_ids;
mod panel;
mod passes;
mod projection;
mod readback;
mod recording;
mod renderer;
mod resources;
mod scene_targets;
mod settings;
mod shader;
mod skeletons;
mod slots;
mod surfels;
mod target;
mod texture;
mod timing;

pub use crowd::{CrowdDraw, CrowdFigure, CrowdPiece, CrowdTint, HeadShare, PosesId};
pub use culling::Frustum;
pub use error::RenderError;
pub use frame::{
    Cover, Draw, Fade, FrameInput, FrameStats, Label, Lighting, PlaceLight, SkinnedDraw, Sky, SurfelDraw,
    View, Vignette,
};
pub use gpu::{Gpu, GpuPreference};
pub use material::{AlphaMode, MaterialData, MaterialId, MaterialKind, TextureWrap};
pub use mesh::{MAX_JOINTS, MeshData, MeshId, PackedMesh};
pub use object_ids::ObjectIdImage;
pub use panel::{PanelLayer, PanelMesh, PanelPlacement, PanelVertex};
pub use passes::geometry::PipelineWork;
pub use passes::hidden::HiddenArea;
pub use passes::mirror::{MirrorBackdrop, MirrorPainter, MirrorPicture};
pub use projection::{reverse_z_perspective, reverse_z_perspective_from_angles};
pub use renderer::{PreparedFrame, Renderer};
pub use settings::{Quality, RenderSettings, ViewWay};
pub use surfels::{PackedSurfels, SurfelData, SurfelsId};
pub use target::{Layers, OffscreenTarget, Target};
pub use texture::{Mips, TexelFormat, TextureData, TextureId, TextureRegion, TextureRows, TextureShape};
pub use timing::{PassTimes, Timing};

/// The wgpu that this crate is built on, so that callers name the same types.
pub use wgpu;
