//! Still meshes whose light is in their texture. Their colours reach the picture unchanged.

use crate::gpu_data::{Instance, MeshVertex};
use crate::shader::{ShaderSource, shared};
use wgpu::VertexStepMode;

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "baked",
    parts: &[shared::FRAME, shared::MESH, shared::COVER, shared::MATERIAL],
    body: include_str!("../../../../shaders/baked.wgsl"),
};

/// What still meshes are drawn from, here and in the other passes.
pub(crate) const STILL_BUFFERS: &[wgpu::VertexBufferLayout<'static>] =
    &[MeshVertex::layout(VertexStepMode::Vertex), Instance::layout(VertexStepMode::Instance)];
