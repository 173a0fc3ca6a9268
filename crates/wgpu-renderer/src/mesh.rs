//! Geometry: the caller's arrays, checked, and their interleaved buffers on the GPU.

use crate::slots::SlotId;

/// The largest number of joints of one skeleton: their matrices fit into WebGPU's smallest uniform buffer.
pub const MAX_JOINTS: usize = 128;

/// A mesh on the GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MeshId(pub(crate) SlotId<Mesh>);

/// Triangles as their maker describes them. Optional arrays are empty or as long as `positions`.
#[derive(Clone, Copy, Debug, Default)]
pub struct MeshData<'a> {
    /// Metres in the model's frame; counter-clockwise triangles show their front.
    pub positions: &'a [[f32; 3]],
    /// Unit vectors; when empty, smooth normals are computed.
    pub normals: &'a [[f32; 3]],
    /// Place in the texture, v down; when empty, 0.
    pub uvs: &'a [[f32; 2]],
    /// Linear colour and alpha, factor on the material's; when empty, white.
    pub colors: &'a [[f32; 4]],
    /// Up to four joints of a vertex; empty for a still mesh.
    pub joints: &'a [[u16; 4]],
    /// How much each joint carries; made to sum up to 1.
    pub weights: &'a [[f32; 4]],
    /// Three indices into `positions` for a triangle.
    pub indices: &'a [u32],
}

/// A mesh on the GPU.
#[derive(Debug)]
pub(crate) struct Mesh {
    pub(crate) vertices: wgpu::Buffer,
}
