//! Crowds: figures that share a table of poses, so that whoever is far is an instance and not a skeleton of their own.

use crate::frame::PlaceLight;
use crate::layouts::Layouts;
use crate::mesh::MAX_JOINTS;
use crate::slots::SlotId;
use crate::{Gpu, MaterialId, MeshId, RenderError};
use glam::{Mat4, Quat, Vec3, Vec4};

/// A table of poses on the GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PosesId(pub(crate) SlotId<Poses>);

/// How a joint of a crowd's skeleton follows the turn of a figure's head.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeadShare {
    /// How much of the turn it takes, 0 to 1.
    pub turn: f32,
    /// Whether what it carries is the head, which is marked in object ids.
    pub is_head: bool,
}

/// Which of a figure's colours stands in for a material's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CrowdTint {
    /// None.
    #[default]
    Own,
    /// The first.
    First,
    /// The second.
    Second,
}

/// A mesh of all figures of a draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrowdPiece {
    /// What; it has joints and weights.
    pub mesh: MeshId,
    /// How it looks. Alpha that blends is taken for solid.
    pub material: MaterialId,
    /// Whose base colour it has.
    pub tint: CrowdTint,
}

/// One figure of a crowd.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrowdFigure {
    /// Where its model's origin stands, metres.
    pub position: Vec3,
    /// How it is turned about +y, radians.
    pub yaw: f32,
    /// How large it is; 1 is the model's own size.
    pub scale: f32,
    /// The turn of its head in the model.
    pub head: Quat,
    /// What the head turns about, in the model.
    pub pivot: Vec3,
    /// Which pose of the table.
    pub pose: u32,
    /// Linear base colours for pieces that are tinted; none leaves the material's own.
    pub colors: [Option<Vec3>; 2],
    /// Name in the object-id picture; 0 is nothing.
    pub object_id: u32,
    /// The light where it stands; none is the frame's.
    pub light: Option<PlaceLight>,
}

/// Figures that look alike but for pose, place, light and colours: one draw for each piece.
#[derive(Clone, Copy, Debug)]
pub struct CrowdDraw<'a> {
    /// What is drawn of each figure.
    pub pieces: &'a [CrowdPiece],
    /// Their table of poses.
    pub poses: PosesId,
    /// What holds a figure of scale 1 in any pose: half its width and its height, metres.
    pub reach: [f32; 2],
    /// The figures in any order.
    pub figures: &'a [CrowdFigure],
}

/// A table of poses on the GPU: a row of matrices for each, below a row that says how joints follow the head.
#[derive(Debug)]
pub(crate) struct Poses {
    texture: wgpu::Texture,
    pub(crate) group: wgpu::BindGroup,
    joint_count: usize,
    pub(crate) count: u32,
}

impl Poses {
    pub(crate) fn make_room(
        gpu: &Gpu,
        layouts: &Layouts,
        shares: &[HeadShare],
        count: u32,
    ) -> Result<Self, RenderError> {
        let bad = |problem: String| Err(RenderError::InvalidMesh { problem });
        let most = gpu.device().limits().max_texture_dimension_2d - 1;
        if shares.is_empty() || shares.len() > MAX_JOINTS {
            return bad(format!(
                "a skeleton of {} joints has no poses; 1 to {MAX_JOINTS} have",
                shares.len()
            ));
        }
        if count == 0 || count > most {
            return bad(format!("a table can not have {count} poses; it has 1 to {most}"));
        }
        let texture = gpu.device().create_texture(&wgpu::TextureDescriptor {
            label: Some("poses"),
            size: wgpu::Extent3d {
                width: 3 * shares.len() as u32,
                height: 1 + count,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba32Float,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let group = gpu.device().create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("poses"),
            layout: &layouts.poses,
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: wgpu::BindingResource::TextureView(&view),
            }],
        });
        let poses = Self { texture, group, joint_count: shares.len(), count };
        let number = |flag: bool| f32::from(u8::from(flag));
        let row = shares
            .iter()
            .map(|share| [Vec4::new(share.turn, number(share.is_head), 0.0, 0.0), Vec4::ZERO, Vec4::ZERO]);
        poses.write_row(gpu, 0, row);
        gpu.check("making room for poses")?;
        Ok(poses)
    }

    /// Writes a pose: for each joint what a [`crate::SkinnedDraw`] has; joints that are missing stay as they were.
    pub(crate) fn write(&self, gpu: &Gpu, pose: u32, joints: &[Mat4]) -> Result<(), RenderError> {
        if pose >= self.count || joints.len() > self.joint_count {
            let problem = format!(
                "pose {pose} with {} joints does not fit into {} poses of {} joints",
                joints.len(),
                self.count,
                self.joint_count
            );
            return Err(RenderError::InvalidMesh { problem });
        }
        self.write_row(gpu, pose + 1, joints.iter().map(crate::gpu_data::rows));
        gpu.check("uploading a pose")
    }

    fn write_row(&self, gpu: &Gpu, row: u32, joints: impl ExactSizeIterator<Item = [Vec4; 3]>) {
        let width = 3 * joints.len() as u32;
        let mut texels = [[Vec4::ZERO; 3]; MAX_JOINTS];
        let used = joints.len();
        texels.iter_mut().zip(joints).for_each(|(texels, joint)| *texels = joint);
        gpu.queue().write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &self.texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x: 0, y: row, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            bytemuck::cast_slice(&texels[..used]),
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: None, rows_per_image: None },
            wgpu::Extent3d { width, height: 1, depth_or_array_layers: 1 },
        );
    }
}
