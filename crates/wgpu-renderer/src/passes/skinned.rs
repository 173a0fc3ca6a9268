//! Meshes on skeletons. The joints are rows of a table, so that bodies that share a mesh are instances of one draw.

use crate::gpu_data::{Instance, MeshVertex, SkinVertex};
use crate::shader::{ShaderSource, shared};
use wgpu::VertexStepMode;

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "skinned",
    parts: &[
        shared::FRAME,
        shared::COLOR,
        shared::MESH,
        shared::SKIN,
        shared::COVER,
        shared::MATERIAL,
        shared::LIGHTING,
    ],
    body: include_str!("../../../../shaders/skinned.wgsl"),
};

/// What skinned meshes are drawn from, here and in the object-id pass.
pub(crate) const SKINNED_BUFFERS: &[wgpu::VertexBufferLayout<'static>] = &[
    MeshVertex::layout(VertexStepMode::Vertex),
    Instance::layout(VertexStepMode::Instance),
    SkinVertex::layout(VertexStepMode::Vertex),
];
