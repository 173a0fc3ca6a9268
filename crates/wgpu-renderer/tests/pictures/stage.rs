//! A software device with a renderer, and simple things to put before it.

use glam::{Mat4, UVec2, Vec3, Vec4, camera};
use wgpu_renderer::{
    Draw, FrameInput, FrameStats, Gpu, GpuPreference, MaterialData, MaterialId, MaterialKind, MeshData,
    MeshId, Mips, OffscreenTarget, Quality, RenderSettings, Renderer, TextureData, TextureId, View,
    reverse_z_perspective, wgpu,
};

/// Opens the software device.
pub(crate) fn open(features: wgpu::Features) -> Gpu {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::VULKAN,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    pollster::block_on(Gpu::request(instance, None, GpuPreference::Software, features)).unwrap()
}

/// The default settings of most tests: encoded by the target, so nothing but shaders touches the colours.
pub(crate) fn plain() -> RenderSettings {
    RenderSettings::flat(Quality::Standard, wgpu::TextureFormat::Rgba8UnormSrgb)
}

/// A device, a renderer and its target.
pub(crate) struct Stage {
    pub(crate) gpu: Gpu,
    pub(crate) renderer: Renderer,
    pub(crate) target: OffscreenTarget,
}

/// A picture that was read back.
pub(crate) struct Picture {
    pub(crate) size: UVec2,
    pub(crate) rgba: Vec<u8>,
}

impl Picture {
    pub(crate) fn at(&self, x: u32, y: u32) -> [u8; 3] {
        let start = (y * self.size.x + x) as usize * 4;
        [self.rgba[start], self.rgba[start + 1], self.rgba[start + 2]]
    }

    pub(crate) fn middle(&self) -> [u8; 3] {
        self.at(self.size.x / 2, self.size.y / 2)
    }

    /// How many pixels `is` holds for.
    pub(crate) fn count(&self, is: impl Fn([u8; 3]) -> bool) -> usize {
        self.rgba.chunks_exact(4).filter(|pixel| is([pixel[0], pixel[1], pixel[2]])).count()
    }
}

impl Stage {
    pub(crate) fn new(settings: RenderSettings, width: u32, height: u32) -> Self {
        let gpu = open(settings.required_features());
        let renderer = Renderer::new(&gpu, settings).unwrap();
        let target = OffscreenTarget::new(&gpu, &settings, UVec2::new(width, height)).unwrap();
        Self { gpu, renderer, target }
    }

    pub(crate) fn draw(&mut self, frame: &FrameInput<'_>) -> FrameStats {
        self.renderer.render(&self.gpu, frame, &self.target.target()).unwrap()
    }

    pub(crate) fn picture(&mut self, frame: &FrameInput<'_>) -> Picture {
        self.draw(frame);
        self.view(0)
    }

    pub(crate) fn view(&self, index: u32) -> Picture {
        let rgba = pollster::block_on(self.target.read_rgba(&self.gpu, index)).unwrap();
        Picture { size: self.target.size(), rgba }
    }

    pub(crate) fn mesh(&mut self, data: &MeshData<'_>) -> MeshId {
        self.renderer.add_mesh(&self.gpu, data).unwrap()
    }

    /// One metre wide and high around the origin, seen from +z.
    pub(crate) fn quad(&mut self) -> MeshId {
        self.mesh(&MeshData {
            positions: &[[-0.5, -0.5, 0.0], [0.5, -0.5, 0.0], [0.5, 0.5, 0.0], [-0.5, 0.5, 0.0]],
            normals: &[[0.0, 0.0, 1.0]; 4],
            uvs: &[[0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]],
            indices: &[0, 1, 2, 0, 2, 3],
            ..Default::default()
        })
    }

    /// A ball of one metre across around the origin.
    pub(crate) fn ball(&mut self) -> MeshId {
        let (rings, sectors) = (24_u16, 48_u16);
        let mut positions = Vec::new();
        for ring in 0..=rings {
            for sector in 0..=sectors {
                let polar = std::f32::consts::PI * f32::from(ring) / f32::from(rings);
                let around = std::f32::consts::TAU * f32::from(sector) / f32::from(sectors);
                positions.push([
                    polar.sin() * around.sin() * 0.5,
                    polar.cos() * 0.5,
                    polar.sin() * around.cos() * 0.5,
                ]);
            }
        }
        let normals: Vec<_> = positions.iter().map(|position| position.map(|number| number * 2.0)).collect();
        let row = u32::from(sectors) + 1;
        let corners = |ring: u32, sector: u32| {
            let first = ring * row + sector;
            [first, first + row, first + row + 1, first, first + row + 1, first + 1]
        };
        let cells = (0..u32::from(rings)).flat_map(|ring| (0..row - 1).map(move |sector| (ring, sector)));
        let indices: Vec<u32> = cells.flat_map(|(ring, sector)| corners(ring, sector)).collect();
        self.mesh(&MeshData {
            positions: &positions,
            normals: &normals,
            indices: &indices,
            ..Default::default()
        })
    }

    pub(crate) fn texture(&mut self, width: u32, rgba8: &[u8], srgb: bool, mips: Mips) -> TextureId {
        let height = rgba8.len() as u32 / 4 / width;
        self.renderer.add_texture(&self.gpu, &TextureData { width, height, rgba8, srgb, mips }).unwrap()
    }

    pub(crate) fn material(&mut self, data: &MaterialData) -> MaterialId {
        self.renderer.add_material(&self.gpu, data).unwrap()
    }

    /// A material that shows one linear colour as it is.
    pub(crate) fn paint(&mut self, base_color: [f32; 4]) -> MaterialId {
        self.material(&MaterialData { kind: MaterialKind::Unlit, base_color, ..Default::default() })
    }
}

/// From `eye` towards `at` with a field of view of 60°.
pub(crate) fn look(eye: Vec3, at: Vec3, aspect: f32) -> View {
    View {
        view_from_world: camera::rh::view::look_at_mat4(eye, at, Vec3::Y),
        clip_from_view: reverse_z_perspective(60.0_f32.to_radians(), aspect, 0.05),
    }
}

/// From the origin along -z, square.
pub(crate) fn ahead() -> [View; 1] {
    [look(Vec3::ZERO, Vec3::NEG_Z, 1.0)]
}

pub(crate) fn draw(mesh: MeshId, material: MaterialId, world_from_model: Mat4) -> Draw {
    Draw {
        mesh,
        material,
        world_from_model,
        tint: Vec4::ONE,
        cover: wgpu_renderer::Cover::WHOLE,
        object_id: 0,
    }
}

pub(crate) fn at(x: f32, y: f32, z: f32) -> Mat4 {
    Mat4::from_translation(Vec3::new(x, y, z))
}

/// Fails unless every channel is within `tolerance`.
#[track_caller]
pub(crate) fn assert_color(found: [u8; 3], expected: [u8; 3], tolerance: u8) {
    let close = found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= tolerance);
    assert!(close, "found {found:?}, expected {expected:?}");
}
