//! Still meshes in the frame's light.

use crate::shader::{ShaderSource, shared};

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "lit",
    parts: &[shared::FRAME, shared::COLOR, shared::MESH, shared::COVER, shared::MATERIAL, shared::LIGHTING],
    body: include_str!("../../../../shaders/lit.wgsl"),
};
