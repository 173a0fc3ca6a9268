//! Geometry: the caller's arrays, checked, and their interleaved buffers on the GPU.

use crate::culling::Aabb;
use crate::gpu_data::{MeshVertex, SkinVertex};
use crate::slots::SlotId;
use crate::{Gpu, RenderError};
use glam::{Mat4, Vec3};
use std::ops::Range;

/// The largest number of joints of one skeleton.
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

impl MeshData<'_> {
    fn check(&self) -> Result<(), RenderError> {
        let count = self.positions.len();
        let bad = |problem: String| Err(RenderError::InvalidMesh { problem });
        if count == 0 || self.indices.is_empty() {
            return bad("it has no triangles".into());
        }
        let optional = [
            ("normals", self.normals.len()),
            ("texture coordinates", self.uvs.len()),
            ("colours", self.colors.len()),
            ("joints", self.joints.len()),
            ("weights", self.weights.len()),
        ];
        if let Some((name, found)) = optional.into_iter().find(|(_, found)| *found != 0 && *found != count) {
            return bad(format!("it has {count} positions but {found} {name}"));
        }
        if self.joints.len() != self.weights.len() {
            return bad("joints and weights must come together".into());
        }
        if !self.indices.len().is_multiple_of(3) {
            return bad(format!("{} indices do not make whole triangles", self.indices.len()));
        }
        if let Some(index) = self.indices.iter().find(|index| **index as usize >= count) {
            return bad(format!("index {index} points beyond its {count} positions"));
        }
        if let Some(joint) = self.joints.iter().flatten().find(|joint| usize::from(**joint) >= MAX_JOINTS) {
            return bad(format!("joint {joint} is beyond the {MAX_JOINTS} that one skeleton may have"));
        }
        match self.positions.iter().flatten().all(|number| number.is_finite()) {
            true => Ok(()),
            false => bad("a position is not a finite number".into()),
        }
    }
}

/// The part of a mesh that one joint carries, in the bind pose.
#[derive(Clone, Copy, Debug, PartialEq)]
struct JointSphere {
    joint: usize,
    center: Vec3,
    radius: f32,
}

/// What a skeleton moves.
#[derive(Debug)]
pub(crate) struct Skin {
    pub(crate) vertices: wgpu::Buffer,
    /// One more than the largest joint that a vertex names.
    pub(crate) joint_count: usize,
    spheres: Vec<JointSphere>,
}

impl Skin {
    /// A box that holds the posed mesh: every vertex lies between the spheres of the joints that carry it.
    pub(crate) fn bounds(&self, model_from_bind: &[Mat4]) -> Aabb {
        posed_bounds(&self.spheres, model_from_bind)
    }
}

/// A mesh on the GPU.
#[derive(Debug)]
pub(crate) struct Mesh {
    pub(crate) vertices: wgpu::Buffer,
    pub(crate) indices: wgpu::Buffer,
    pub(crate) index_format: wgpu::IndexFormat,
    pub(crate) index_count: u32,
    pub(crate) skin: Option<Skin>,
    pub(crate) bounds: Aabb,
}

/// A mesh laid out as the GPU reads it: made on any thread, uploaded in parts.
#[derive(Debug)]
pub struct PackedMesh {
    vertices: Vec<MeshVertex>,
    indices: PackedIndices,
    index_count: u32,
    skin: Option<PackedSkin>,
    bounds: Aabb,
}

#[derive(Debug)]
enum PackedIndices {
    /// Padded to whole words.
    Short(Vec<u16>),
    Long(Vec<u32>),
}

#[derive(Debug)]
struct PackedSkin {
    vertices: Vec<SkinVertex>,
    joint_count: usize,
    spheres: Vec<JointSphere>,
}

impl PackedMesh {
    /// Checks a mesh and lays it out.
    ///
    /// # Errors
    /// The arrays do not fit together.
    pub fn new(data: &MeshData<'_>) -> Result<Self, RenderError> {
        data.check()?;
        Ok(Self {
            vertices: interleaved(data),
            indices: packed_indices(data),
            index_count: u32::try_from(data.indices.len()).unwrap_or(u32::MAX),
            skin: (!data.joints.is_empty()).then(|| packed_skin(data)),
            bounds: Aabb::around(data.positions.iter().copied().map(Vec3::from)),
        })
    }

    /// What it takes on the GPU.
    pub fn byte_len(&self) -> usize {
        self.parts().into_iter().map(<[u8]>::len).sum()
    }

    /// Vertices, indices and the skin's vertices, each a multiple of four bytes.
    fn parts(&self) -> [&[u8]; 3] {
        let indices = match &self.indices {
            PackedIndices::Short(indices) => bytemuck::cast_slice(indices),
            PackedIndices::Long(indices) => bytemuck::cast_slice(indices),
        };
        let skin = self.skin.as_ref().map_or(&[][..], |skin| bytemuck::cast_slice(&skin.vertices));
        [bytemuck::cast_slice(&self.vertices), indices, skin]
    }
}

impl Mesh {
    /// Makes room; nothing is written yet.
    pub(crate) fn make_room(gpu: &Gpu, packed: &PackedMesh) -> Result<Self, RenderError> {
        let [vertices, indices, skin] = packed.parts();
        let skin = match &packed.skin {
            None => None,
            Some(known) => Some(Skin {
                vertices: empty_buffer(gpu, wgpu::BufferUsages::VERTEX, skin.len())?,
                joint_count: known.joint_count,
                spheres: known.spheres.clone(),
            }),
        };
        Ok(Self {
            vertices: empty_buffer(gpu, wgpu::BufferUsages::VERTEX, vertices.len())?,
            indices: empty_buffer(gpu, wgpu::BufferUsages::INDEX, indices.len())?,
            index_format: match packed.indices {
                PackedIndices::Short(_) => wgpu::IndexFormat::Uint16,
                PackedIndices::Long(_) => wgpu::IndexFormat::Uint32,
            },
            index_count: packed.index_count,
            skin,
            bounds: packed.bounds,
        })
    }

    /// Writes a part of its bytes, which lie one list after the other.
    pub(crate) fn write(
        &self,
        gpu: &Gpu,
        packed: &PackedMesh,
        range: &Range<usize>,
    ) -> Result<(), RenderError> {
        let buffers =
            [Some(&self.vertices), Some(&self.indices), self.skin.as_ref().map(|skin| &skin.vertices)];
        let mut start = 0;
        for (bytes, buffer) in packed.parts().into_iter().zip(buffers) {
            if let Some(buffer) = buffer {
                write_part(gpu, buffer, bytes, start, range);
            }
            start += bytes.len();
        }
        gpu.check("uploading a mesh")
    }
}

fn interleaved(data: &MeshData<'_>) -> Vec<MeshVertex> {
    let computed;
    let normals = match data.normals.is_empty() {
        true => {
            computed = smooth_normals(data.positions, data.indices);
            computed.as_slice()
        }
        false => data.normals,
    };
    let vertex = |index: usize| MeshVertex {
        position: data.positions[index],
        normal: packed_normal(normals[index]),
        uv: data.uvs.get(index).copied().unwrap_or_default(),
        color_root: data.colors.get(index).map_or([u8::MAX; 4], |color| color.map(packed_root)),
    };
    (0..data.positions.len()).map(vertex).collect()
}

pub(crate) fn packed_normal(normal: [f32; 3]) -> [i16; 4] {
    let [x, y, z] = Vec3::from(normal).normalize_or(Vec3::Y).to_array().map(|n| (n * 32767.0).round() as i16);
    [x, y, z, 0]
}

pub(crate) fn packed_root(linear: f32) -> u8 {
    (linear.clamp(0.0, 1.0).sqrt() * 255.0).round() as u8
}

/// Each vertex gets the mean of its triangles' normals, weighted by their areas.
fn smooth_normals(positions: &[[f32; 3]], indices: &[u32]) -> Vec<[f32; 3]> {
    let mut sums = vec![Vec3::ZERO; positions.len()];
    for triangle in indices.chunks_exact(3) {
        let [a, b, c] =
            [triangle[0], triangle[1], triangle[2]].map(|index| Vec3::from(positions[index as usize]));
        let normal = (b - a).cross(c - a);
        for index in triangle {
            sums[*index as usize] += normal;
        }
    }
    sums.into_iter().map(|sum| sum.to_array()).collect()
}

fn packed_skin(data: &MeshData<'_>) -> PackedSkin {
    let vertex = |(joints, weights): (&[u16; 4], &[f32; 4])| SkinVertex {
        joints: *joints,
        weights: packed_weights(*weights),
    };
    let vertices: Vec<SkinVertex> = data.joints.iter().zip(data.weights).map(vertex).collect();
    let largest = data.joints.iter().flatten().max().copied().unwrap_or_default();
    let spheres = joint_spheres(data.positions, &vertices);
    PackedSkin { joint_count: usize::from(largest) + 1, spheres, vertices }
}

/// Weights whose sum is exactly one; a vertex that nothing carries hangs on its first joint.
fn packed_weights(weights: [f32; 4]) -> [u16; 4] {
    let clean = weights.map(|weight| if weight.is_finite() { weight.max(0.0) } else { 0.0 });
    let sum: f32 = clean.iter().sum();
    if sum <= 0.0 {
        return [u16::MAX, 0, 0, 0];
    }
    let mut packed = clean.map(|weight| (weight / sum * 65535.0).round() as i32);
    let heaviest = (0..4).max_by_key(|index| packed[*index]).unwrap_or(0);
    packed[heaviest] += 65535 - packed.iter().sum::<i32>();
    packed.map(|weight| weight.clamp(0, 65535) as u16)
}

fn joint_spheres(positions: &[[f32; 3]], skin: &[SkinVertex]) -> Vec<JointSphere> {
    let mut boxes = vec![Aabb::EMPTY; MAX_JOINTS];
    for (position, vertex) in positions.iter().zip(skin) {
        for (joint, weight) in vertex.joints.into_iter().zip(vertex.weights) {
            if weight > 0 {
                let bounds = &mut boxes[usize::from(joint)];
                *bounds = bounds.with_sphere(Vec3::from(*position), 0.0);
            }
        }
    }
    let carrying = boxes.into_iter().enumerate().filter(|(_, bounds)| bounds.min.x <= bounds.max.x);
    let sphere = |(joint, bounds): (usize, Aabb)| JointSphere {
        joint,
        center: bounds.center(),
        radius: bounds.half_size().length(),
    };
    carrying.map(sphere).collect()
}

fn posed_bounds(spheres: &[JointSphere], model_from_bind: &[Mat4]) -> Aabb {
    spheres.iter().fold(Aabb::EMPTY, |bounds, sphere| {
        let Some(matrix) = model_from_bind.get(sphere.joint) else { return bounds };
        let stretch =
            [matrix.x_axis, matrix.y_axis, matrix.z_axis].map(|axis| axis.truncate().length_squared());
        let stretch = stretch.into_iter().fold(0.0, f32::max).sqrt();
        bounds.with_sphere(matrix.transform_point3(sphere.center), sphere.radius * stretch)
    })
}

fn packed_indices(data: &MeshData<'_>) -> PackedIndices {
    if data.positions.len() > usize::from(u16::MAX) {
        return PackedIndices::Long(data.indices.to_vec());
    }
    // The range was checked: no index is cut. A buffer's size is a multiple of four bytes.
    let mut short: Vec<u16> = data.indices.iter().map(|index| *index as u16).collect();
    if !short.len().is_multiple_of(2) {
        short.push(0);
    }
    PackedIndices::Short(short)
}

/// A buffer of this size without contents.
pub(crate) fn empty_buffer(
    gpu: &Gpu,
    usage: wgpu::BufferUsages,
    size: usize,
) -> Result<wgpu::Buffer, RenderError> {
    let limit = gpu.device().limits().max_buffer_size;
    if size as u64 > limit {
        let problem = format!("{size} bytes are more than the {limit} that one buffer may have; split it");
        return Err(RenderError::InvalidMesh { problem });
    }
    let buffer = gpu.device().create_buffer(&wgpu::BufferDescriptor {
        label: Some("mesh"),
        size: size as u64,
        usage: usage | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    gpu.check("making room for a mesh")?;
    Ok(buffer)
}

/// Writes what of a list's `bytes`, the first of which is number `start` of all, lies in `range`.
pub(crate) fn write_part(gpu: &Gpu, buffer: &wgpu::Buffer, bytes: &[u8], start: usize, range: &Range<usize>) {
    // Whole words, as buffers are written.
    let from = (range.start.max(start) - start) & !3;
    let to = range.end.saturating_sub(start).min(bytes.len()).next_multiple_of(4);
    if from < to && to <= bytes.len() {
        gpu.queue().write_buffer(buffer, from as u64, &bytes[from..to]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TRIANGLE: [[f32; 3]; 3] = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];

    fn check_problem(data: &MeshData<'_>, expected: &str) {
        let error = data.check().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn a_mesh_that_does_not_fit_together_says_why() {
        let good = MeshData { positions: &TRIANGLE, indices: &[0, 1, 2], ..Default::default() };
        assert_eq!(good.check(), Ok(()));
        check_problem(&MeshData { indices: &[], ..good }, "no triangles");
        check_problem(&MeshData { indices: &[0, 1], ..good }, "whole triangles");
        check_problem(&MeshData { indices: &[0, 1, 3], ..good }, "index 3 points beyond its 3 positions");
        check_problem(&MeshData { uvs: &[[0.0; 2]; 2], ..good }, "2 texture coordinates");
        check_problem(&MeshData { joints: &[[0; 4]; 3], ..good }, "come together");
        let far = MeshData { joints: &[[128, 0, 0, 0]; 3], weights: &[[1.0, 0.0, 0.0, 0.0]; 3], ..good };
        check_problem(&far, "joint 128");
        let broken = [[f32::NAN, 0.0, 0.0], TRIANGLE[1], TRIANGLE[2]];
        check_problem(&MeshData { positions: &broken, ..good }, "finite");
    }

    #[test]
    fn a_packed_mesh_knows_its_size() {
        let data = MeshData { positions: &TRIANGLE, indices: &[0, 1, 2], ..Default::default() };
        // Three vertices of 32 bytes, and three short indices that are padded to four.
        assert_eq!(PackedMesh::new(&data).unwrap().byte_len(), 3 * 32 + 8);
    }

    #[test]
    fn missing_normals_are_computed_and_missing_colours_are_white() {
        let data = MeshData { positions: &TRIANGLE, indices: &[0, 1, 2], ..Default::default() };
        let vertices = interleaved(&data);
        assert_eq!(vertices[1].normal, [0, 0, 32767, 0]);
        assert_eq!(vertices[1].color_root, [255; 4]);
    }

    #[test]
    fn weights_that_carry_nothing_hang_on_the_first_joint() {
        assert_eq!(packed_weights([0.0, f32::NAN, -1.0, 0.0]), [65535, 0, 0, 0]);
    }

    proptest! {
        #[test]
        fn packed_weights_sum_up_to_one(weights in prop::array::uniform4(0.001_f32..5.0)) {
            prop_assert_eq!(packed_weights(weights).map(u32::from).iter().sum::<u32>(), 65535);
        }

        #[test]
        fn posed_bounds_hold_every_skinned_vertex(
            angle in -3.0_f32..3.0,
            positions in prop::collection::vec(prop::array::uniform3(-2.0_f32..2.0), 6..20),
            share in 0.0_f32..1.0,
        ) {
            let skin: Vec<SkinVertex> = positions.iter()
                .map(|_| SkinVertex { joints: [0, 1, 0, 0], weights: packed_weights([share, 1.0 - share, 0.0, 0.0]) })
                .collect();
            let pose = [Mat4::from_scale(Vec3::splat(1.3)), Mat4::from_rotation_z(angle) * Mat4::from_translation(Vec3::X)];
            let bounds = posed_bounds(&joint_spheres(&positions, &skin), &pose);
            for position in positions {
                let point = Vec3::from(position);
                let posed = pose[0].transform_point3(point) * share + pose[1].transform_point3(point) * (1.0 - share);
                prop_assert!(posed.cmpge(bounds.min - 1e-2).all() && posed.cmple(bounds.max + 1e-2).all());
            }
        }
    }
}
