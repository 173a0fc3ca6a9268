//! The renderer: owns everything on the GPU and turns a frame's input into a picture.

use crate::arena::Arena;
use crate::culling::Frustum;
use crate::draw_list::{DrawList, Viewpoint};
use crate::frame_data::{self, FrameBlock};
use crate::layouts::Samplers;
use crate::passes::crowd::CrowdList;
use crate::passes::depth::DepthPass;
use crate::passes::geometry::{GeometryPasses, PipelineWork};
use crate::passes::hidden::HiddenPass;
use crate::passes::labels::{LabelList, LabelsPass};
use crate::passes::object_ids::ObjectIdsPass;
use crate::passes::panels::{PanelList, PanelsPass};
use crate::passes::present::PresentPass;
use crate::passes::sky::{SkyPass, shows_panorama};
use crate::passes::surfels::{SurfelList, SurfelsPass};
use crate::passes::vignette::VignettePass;
use crate::readback::{self, Source};
use crate::recording::Recording;
use crate::resources::Resources;
use crate::scene_targets::{SceneTargets, Wish, screen_attachment, world_attachment};
use crate::shader::ViewMode;
use crate::skeletons::Skeletons;
use crate::target::check_size;
use crate::timing::{PassTimes, Timer, Timing};
use crate::{
    FrameInput, FrameStats, Gpu, HeadShare, MaterialData, MaterialId, MeshData, MeshId, ObjectIdImage,
    PackedMesh, PackedSurfels, PosesId, Quality, RenderError, RenderSettings, Sky, SurfelsId, Target,
    TextureData, TextureId, TextureRegion, TextureRows, TextureShape,
};
use glam::{Mat4, UVec2};
use std::ops::Range;

/// Draws frames. One for each window or headset; not shared between threads.
#[derive(Debug)]
pub struct Renderer {
    settings: RenderSettings,
    resources: Resources,
    arena: Arena,
    skeletons: Skeletons,
    draws: DrawList,
    crowds: CrowdList,
    surfels: SurfelList,
    labels: LabelList,
    panels: PanelList,
    /// One for each of the settings' modes.
    passes: Vec<Passes>,
    depth_pass: Option<DepthPass>,
    timer: Option<Timer>,
    scene: Option<SceneTargets>,
    object_ids_pass: Option<ObjectIdsPass>,
}

/// The passes of a frame, made for one kind of attachments.
#[derive(Debug)]
pub(crate) struct Passes {
    pub(crate) views: ViewMode,
    pub(crate) hidden: HiddenPass,
    pub(crate) geometry: GeometryPasses,
    pub(crate) surfels: SurfelsPass,
    pub(crate) sky: SkyPass,
    pub(crate) vignette: VignettePass,
    pub(crate) labels: LabelsPass,
    pub(crate) panels: PanelsPass,
    pub(crate) present: PresentPass,
}

impl Passes {
    fn of(gpu: &Gpu, resources: &Resources, settings: &RenderSettings) -> Vec<Self> {
        settings.modes().iter().map(|mode| Self::new(gpu, resources, settings, *mode)).collect()
    }

    fn new(gpu: &Gpu, resources: &Resources, settings: &RenderSettings, views: ViewMode) -> Self {
        let device = gpu.device();
        let (world, screen) = (world_attachment(settings, views), screen_attachment(settings, views));
        Self {
            views,
            hidden: HiddenPass::new(device, world),
            geometry: GeometryPasses::new(device, &resources.layouts, world),
            surfels: SurfelsPass::new(device, resources, world),
            sky: SkyPass::new(device, resources, world),
            vignette: VignettePass::new(device, resources, world),
            labels: LabelsPass::new(device, resources, world),
            panels: PanelsPass::new(device, resources, world, screen),
            present: PresentPass::new(device, resources, screen),
        }
    }
}

/// A frame that was culled, sorted and laid out by the processor and waits to be handed to the GPU.
#[must_use = "nothing is drawn before it is submitted"]
#[derive(Debug)]
pub struct PreparedFrame<'a> {
    renderer: &'a mut Renderer,
    block: FrameBlock,
    sky: Sky,
    fades: bool,
    stats: FrameStats,
}

impl PreparedFrame<'_> {
    /// Records the frame's commands and submits them: what allocates from here on is wgpu's.
    ///
    /// # Errors
    /// The target does not fit the settings; the device is lost or out of memory.
    pub fn submit(self, gpu: &Gpu, target: &Target<'_>) -> Result<FrameStats, RenderError> {
        let Self { renderer, block, sky, fades, mut stats } = self;
        gpu.check("drawing a frame")?;
        check_size(gpu, target.size)?;
        renderer.fit_scene(gpu, target)?;
        let resources = &renderer.resources;
        for passes in &mut renderer.passes {
            passes.sky.bind(gpu.device(), &sky, resources);
            let needed = renderer.draws.keys().chain(renderer.crowds.keys());
            passes.geometry.make_for(gpu.device(), needed);
        }
        renderer.arena.upload(gpu, &resources.layouts)?;
        renderer.skeletons.upload(gpu, &resources.layouts)?;

        let mut encoder =
            gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("frame") });
        let frame = Recording {
            settings: &renderer.settings,
            resources: &renderer.resources,
            page: renderer.arena.page(),
            skeletons: renderer.skeletons.group(),
            draws: &renderer.draws,
            crowds: &renderer.crowds,
            surfels: &renderer.surfels,
            labels: &renderer.labels,
            panels: &renderer.panels,
            scene: renderer.scene.as_ref(),
            depth_pass: renderer.depth_pass.as_ref(),
            target,
            block,
            fades,
        };
        let timer = &mut renderer.timer;
        frame.record(&renderer.passes, &mut encoder, timer, &mut stats);
        gpu.queue().submit([encoder.finish()]);
        if let Some(timer) = timer {
            timer.submitted();
        }
        gpu.check("drawing a frame")?;
        Ok(stats)
    }
}

impl Renderer {
    /// Builds every pass for these settings.
    ///
    /// # Errors
    /// The device lacks what the settings need, or its memory is full.
    pub fn new(gpu: &Gpu, settings: RenderSettings) -> Result<Self, RenderError> {
        settings.check(gpu)?;
        gpu.check("setting up the renderer")?;
        let resources = Resources::new(gpu, settings.quality)?;
        let renderer = Self {
            arena: Arena::new(gpu, &resources.layouts)?,
            skeletons: Skeletons::new(gpu, &resources.layouts),
            draws: DrawList::new(),
            crowds: CrowdList::default(),
            surfels: SurfelList::default(),
            labels: LabelList::default(),
            panels: PanelList::default(),
            passes: Passes::of(gpu, &resources, &settings),
            depth_pass: None,
            timer: None,
            scene: None,
            object_ids_pass: None,
            settings,
            resources,
        };
        gpu.check("setting up the renderer")?;
        Ok(renderer)
    }

    /// What drawing will need besides what is there, to be made by another thread, so that no frame waits when something
    /// of a new kind comes into view. Left undone, frames make what they need.
    pub fn pipelines_to_make(&mut self, gpu: &Gpu) -> PipelineWork {
        PipelineWork::of(self.passes.iter_mut().map(|passes| passes.geometry.rest(gpu.device())))
    }

    /// What it was built for.
    pub fn settings(&self) -> &RenderSettings {
        &self.settings
    }

    /// Takes the GPU's time for each pass from now on, or does not. A device that can not mark times has none.
    ///
    /// # Errors
    /// No memory.
    pub fn time_passes(&mut self, gpu: &Gpu, timing: Timing) -> Result<(), RenderError> {
        match timing {
            Timing::Off => self.timer = None,
            Timing::On if self.timer.is_some() => {}
            Timing::On => self.timer = Timer::new(gpu)?,
        }
        Ok(())
    }

    /// The GPU's time for the passes of one of the last frames, once it is known.
    pub fn pass_times(&self) -> Option<PassTimes> {
        self.timer.as_ref().and_then(|timer| timer.last)
    }

    /// Draws in another size from the next frame on, relative to a window: 0.25 to 1.
    pub fn set_render_scale(&mut self, render_scale: f32) {
        let render_scale = render_scale.clamp(0.25, 1.0);
        if render_scale != self.settings.render_scale {
            self.settings.render_scale = render_scale;
            self.scene = None;
        }
    }

    /// Draws with another quality from the next frame on. Everything that was uploaded stays.
    ///
    /// # Errors
    /// The device lacks what the quality needs, or its memory is full; the old quality then stays.
    pub fn set_quality(&mut self, gpu: &Gpu, quality: Quality) -> Result<(), RenderError> {
        let settings = self.settings.with_quality(quality);
        if quality == self.settings.quality {
            return Ok(());
        }
        settings.check(gpu)?;
        gpu.check("changing the quality")?;
        let passes = Passes::of(gpu, &self.resources, &settings);
        let samplers = Samplers::new(gpu, quality);
        gpu.check("changing the quality")?;
        self.resources.set_samplers(gpu, samplers);
        self.passes = passes;
        self.scene = None;
        self.settings = settings;
        gpu.check("changing the quality")
    }

    /// Uploads a mesh.
    ///
    /// # Errors
    /// The arrays do not fit together; no memory.
    pub fn add_mesh(&mut self, gpu: &Gpu, data: &MeshData<'_>) -> Result<MeshId, RenderError> {
        let packed = PackedMesh::new(data)?;
        let id = self.begin_mesh(gpu, &packed)?;
        self.write_mesh(gpu, id, &packed, 0..packed.byte_len())?;
        Ok(id)
    }

    /// Makes room for a mesh. It must not be drawn before [`Renderer::write_mesh`] has written all of it.
    ///
    /// # Errors
    /// No memory.
    pub fn begin_mesh(&mut self, gpu: &Gpu, packed: &PackedMesh) -> Result<MeshId, RenderError> {
        self.resources.begin_mesh(gpu, packed)
    }

    /// Writes a part of a mesh's bytes; the bounds of the part are multiples of four, or its end.
    ///
    /// # Errors
    /// The mesh was removed; the device is lost.
    pub fn write_mesh(
        &self,
        gpu: &Gpu,
        id: MeshId,
        packed: &PackedMesh,
        part: Range<usize>,
    ) -> Result<(), RenderError> {
        let mesh = self.resources.meshes.get(id.0).ok_or(RenderError::Missing { kind: "mesh" })?;
        mesh.write(gpu, packed, &part)
    }

    /// Makes room for a table of poses of a skeleton whose joints follow a figure's head by these shares.
    ///
    /// # Errors
    /// Too many joints or poses; no memory.
    pub fn begin_poses(
        &mut self,
        gpu: &Gpu,
        shares: &[HeadShare],
        count: u32,
    ) -> Result<PosesId, RenderError> {
        self.resources.begin_poses(gpu, shares, count)
    }

    /// Writes a pose into its place of a table: for each joint what a [`crate::SkinnedDraw`] has.
    ///
    /// # Errors
    /// The table has no such place or fewer joints; the device is lost.
    pub fn write_pose(&self, gpu: &Gpu, id: PosesId, place: u32, joints: &[Mat4]) -> Result<(), RenderError> {
        let poses = self.resources.poses.get(id.0).ok_or(RenderError::Missing { kind: "table of poses" })?;
        poses.write(gpu, place, joints)
    }

    /// Makes room for surfels. They must not be drawn before [`Renderer::write_surfels`] has written all of them.
    ///
    /// # Errors
    /// No memory.
    pub fn begin_surfels(&mut self, gpu: &Gpu, packed: &PackedSurfels) -> Result<SurfelsId, RenderError> {
        self.resources.begin_surfels(gpu, packed)
    }

    /// Writes a part of the surfels' bytes; the bounds of the part are multiples of four, or its end.
    ///
    /// # Errors
    /// The surfels were removed; the device is lost.
    pub fn write_surfels(
        &self,
        gpu: &Gpu,
        id: SurfelsId,
        packed: &PackedSurfels,
        part: Range<usize>,
    ) -> Result<(), RenderError> {
        let surfels = self.resources.surfels.get(id.0).ok_or(RenderError::Missing { kind: "cloud" })?;
        surfels.write(gpu, packed, &part)
    }

    /// Frees surfels; draws that still name them are skipped.
    pub fn remove_surfels(&mut self, id: SurfelsId) {
        self.resources.surfels.remove(id.0);
    }

    /// Frees a mesh; draws that still name it are skipped.
    pub fn remove_mesh(&mut self, id: MeshId) {
        self.resources.meshes.remove(id.0);
    }

    /// Uploads a texture and makes its mips.
    ///
    /// # Errors
    /// Too large, or pixels that do not match the size; no memory.
    pub fn add_texture(&mut self, gpu: &Gpu, data: &TextureData<'_>) -> Result<TextureId, RenderError> {
        self.resources.add_texture(gpu, data)
    }

    /// Makes room for a texture that [`Renderer::write_texture`] fills and [`Renderer::finish_texture`] completes.
    ///
    /// # Errors
    /// Too large, or of a format that the device does not have; no memory.
    pub fn begin_texture(&mut self, gpu: &Gpu, shape: &TextureShape) -> Result<TextureId, RenderError> {
        self.resources.begin_texture(gpu, shape)
    }

    /// Writes rows of one level of a texture.
    ///
    /// # Errors
    /// The rows do not lie in the level; no memory.
    pub fn write_texture(&self, gpu: &Gpu, id: TextureId, rows: &TextureRows<'_>) -> Result<(), RenderError> {
        let texture = self.resources.textures.get(id.0).ok_or(RenderError::Missing { kind: "texture" })?;
        texture.write_rows(gpu, rows)
    }

    /// Makes the smaller levels of a texture whose shape asks for it.
    ///
    /// # Errors
    /// The texture was removed; no memory.
    pub fn finish_texture(&self, gpu: &Gpu, id: TextureId) -> Result<(), RenderError> {
        self.resources.finish_texture(gpu, id)
    }

    /// Replaces a part of a texture, and its mips if it has any.
    ///
    /// # Errors
    /// The region does not lie in the texture; no memory.
    pub fn update_texture_region(
        &mut self,
        gpu: &Gpu,
        id: TextureId,
        region: &TextureRegion<'_>,
    ) -> Result<(), RenderError> {
        self.resources.update_texture_region(gpu, id, region)
    }

    /// Makes a texture of one level larger; what it showed stays where it was, and the rest is transparent. The id that
    /// it has from now on; labels and panels that still name the old one are skipped.
    ///
    /// # Errors
    /// It was removed, has smaller versions, or is larger already; no memory.
    pub fn widen_texture(
        &mut self,
        gpu: &Gpu,
        id: TextureId,
        size: [u32; 2],
    ) -> Result<TextureId, RenderError> {
        self.resources.widen_texture(gpu, id, size)
    }

    /// Frees a texture. Materials that use it keep it until they are removed.
    pub fn remove_texture(&mut self, id: TextureId) {
        self.resources.textures.remove(id.0);
    }

    /// Makes a material.
    ///
    /// # Errors
    /// Its texture is not there; no memory.
    pub fn add_material(&mut self, gpu: &Gpu, data: &MaterialData) -> Result<MaterialId, RenderError> {
        self.resources.add_material(gpu, data)
    }

    /// Frees a material; draws that still name it are skipped.
    pub fn remove_material(&mut self, id: MaterialId) {
        self.resources.materials.remove(id.0);
    }

    /// Draws a frame and submits it.
    ///
    /// # Errors
    /// The frame or the target does not fit the settings; the device is lost or out of memory.
    pub fn render(
        &mut self,
        gpu: &Gpu,
        frame: &FrameInput<'_>,
        target: &Target<'_>,
    ) -> Result<FrameStats, RenderError> {
        self.prepare(frame)?.submit(gpu, target)
    }

    /// Culls and sorts a frame and lays its data out. It calls no wgpu, and allocates nothing once the lists have
    /// grown to the scene's size.
    ///
    /// # Errors
    /// The frame does not fit the settings.
    pub fn prepare(&mut self, frame: &FrameInput<'_>) -> Result<PreparedFrame<'_>, RenderError> {
        self.check_views(frame)?;
        let mut stats = FrameStats::default();
        let shows_panorama = shows_panorama(&frame.sky, &self.resources, &mut stats);
        let block = self.collect(frame, shows_panorama, &mut stats);
        let fades = frame.fade.amount > 0.0;
        Ok(PreparedFrame { renderer: self, block, sky: frame.sky, fades, stats })
    }

    /// Draws which object is seen where, for the frame's first view, and reads it back. Waits for the GPU: for
    /// pointing and for tests, not for every frame.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub async fn render_object_ids(
        &mut self,
        gpu: &Gpu,
        frame: &FrameInput<'_>,
        size: UVec2,
    ) -> Result<ObjectIdImage, RenderError> {
        gpu.check("drawing object ids")?;
        self.check_views(frame)?;
        check_size(gpu, size)?;
        // What stands beyond the meshes has no ids.
        let meshes_only =
            FrameInput { views: &frame.views[..1], surfel_draws: &[], labels: &[], panels: &[], ..*frame };
        let block = self.collect(&meshes_only, false, &mut FrameStats::default());
        self.arena.upload(gpu, &self.resources.layouts)?;
        self.skeletons.upload(gpu, &self.resources.layouts)?;
        let layouts = &self.resources.layouts;
        let pass =
            self.object_ids_pass.get_or_insert_with(|| ObjectIdsPass::new(gpu.device(), layouts, size));
        pass.resize(gpu, size)?;
        let mut encoder =
            gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("ids") });
        pass.draw(
            &mut encoder,
            (&self.draws, &self.crowds),
            &self.resources,
            (self.arena.page(), self.skeletons.group()),
            block.offset,
        );
        gpu.queue().submit([encoder.finish()]);
        gpu.check("drawing object ids")?;
        let (ids, depths) = pass.textures();
        let ids = readback::read(gpu, Source { texture: ids, layer: 0 }).await?;
        let depths = readback::read(gpu, Source { texture: depths, layer: 0 }).await?;
        Ok(ObjectIdImage {
            size,
            ids: bytemuck::pod_collect_to_vec(&ids),
            depths: bytemuck::pod_collect_to_vec(&depths),
            world_from_clip: frame_data::world_from_clip(&frame.views[0]),
        })
    }

    fn check_views(&self, frame: &FrameInput<'_>) -> Result<(), RenderError> {
        if frame.views.len() == self.settings.view_count as usize {
            return Ok(());
        }
        let (found, expected) = (frame.views.len(), self.settings.view_count);
        let problem = format!("it has {found} views, but the renderer was set up for {expected}");
        Err(RenderError::InvalidFrame { problem })
    }

    fn fit_scene(&mut self, gpu: &Gpu, target: &Target<'_>) -> Result<(), RenderError> {
        let keeps_depth = target.depth.is_some();
        if self.scene.as_ref().is_none_or(|scene| !scene.fit(target.size, keeps_depth)) {
            // The old attachments go first: both at once may not fit.
            self.scene = None;
            let make = || DepthPass::new(gpu.device());
            let depth_pass = keeps_depth.then(|| &*self.depth_pass.get_or_insert_with(make));
            let wish = Wish { settings: &self.settings, target_size: target.size, depth_pass };
            let (layouts, samplers) = (&self.resources.layouts, &self.resources.samplers);
            self.scene = Some(SceneTargets::new(gpu, layouts, samplers, &wish)?);
        }
        Ok(())
    }

    /// Culls and sorts the frame and lays its data into the arena.
    fn collect(
        &mut self,
        frame: &FrameInput<'_>,
        shows_panorama: bool,
        stats: &mut FrameStats,
    ) -> FrameBlock {
        self.arena.begin();
        let block = frame_data::push(frame, shows_panorama, &mut self.arena);
        let frusta =
            [0, frame.views.len() - 1].map(|index| Frustum::of(&frame.views[index].clip_from_world()));
        let frusta = &frusta[..frame.views.len().min(2)];
        let viewpoint = Viewpoint { frusta, head_in_world: block.head_in_world };
        let tables = (&mut self.arena, &mut self.skeletons);
        self.draws.build(frame, &self.resources, viewpoint, tables, stats);
        self.crowds.build(frame, &self.resources, frusta, &mut self.arena, stats);
        self.surfels.build(frame.surfel_draws, &self.resources, frusta, &mut self.arena, stats);
        self.labels.build(frame.labels, &self.resources, block.head_in_world, &mut self.arena, stats);
        self.panels.build(frame.panels, frame.views, &self.resources, &mut self.arena, stats);
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draw, GpuPreference, Label, OffscreenTarget, SkinnedDraw, View, reverse_z_perspective};
    use glam::{Mat4, Vec2, Vec3, Vec4};

    const TRIANGLE: [[f32; 3]; 3] = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];

    impl Renderer {
        /// How much memory every list keeps between frames.
        fn capacities(&self) -> [usize; 7] {
            let (arena, skeletons) = (self.arena.capacity(), self.skeletons.capacity());
            let lists = [self.draws.capacity(), self.crowds.capacity(), self.surfels.capacity()];
            [arena, skeletons, lists[0], lists[1], lists[2], self.labels.capacity(), self.panels.capacity()]
        }
    }

    fn triangle() -> MeshData<'static> {
        let weights = &[[1.0, 0.0, 0.0, 0.0]; 3];
        MeshData {
            positions: &TRIANGLE,
            indices: &[0, 1, 2],
            joints: &[[0; 4]; 3],
            weights,
            ..Default::default()
        }
    }

    #[test]
    fn lists_keep_their_memory_once_they_have_grown_to_the_scene_s_size() {
        let instance = wgpu::Instance::default();
        let gpu = Gpu::request(instance, None, GpuPreference::Software, wgpu::Features::empty());
        let gpu = pollster::block_on(gpu).unwrap();
        let settings = RenderSettings::flat(crate::Quality::Low, wgpu::TextureFormat::Rgba8UnormSrgb);
        let mut renderer = Renderer::new(&gpu, settings).unwrap();
        let target = OffscreenTarget::new(&gpu, &settings, UVec2::splat(8)).unwrap();
        let mesh = renderer.add_mesh(&gpu, &triangle()).unwrap();
        let material = renderer.add_material(&gpu, &MaterialData::default()).unwrap();
        let white =
            TextureData { width: 1, height: 1, rgba8: &[255; 4], srgb: false, mips: crate::Mips::None };
        let texture = renderer.add_texture(&gpu, &white).unwrap();
        let view =
            View { view_from_world: Mat4::IDENTITY, clip_from_view: reverse_z_perspective(1.0, 1.0, 0.1) };
        let place = |index: u32| Mat4::from_translation(Vec3::new(0.0, 0.0, -1.0 - index as f32));
        let still = |index| Draw {
            mesh,
            material,
            world_from_model: place(index),
            tint: Vec4::ONE,
            cover: crate::Cover::WHOLE,
            object_id: index,
        };
        let label = |index: u32| Label {
            anchor_in_world: Vec3::new(0.0, 0.0, -1.0 - index as f32),
            size_radians: Vec2::splat(0.1),
            texture,
            uv_rect: [0.0, 0.0, 1.0, 1.0],
            tint: Vec4::ONE,
            depth_bias: 0.0,
            hidden_opacity: 0.0,
        };
        let joints = [Mat4::IDENTITY; 40];
        let body = |index| SkinnedDraw {
            mesh,
            material,
            world_from_model: place(index),
            joints: &joints,
            tint: Vec4::ONE,
            object_id: index,
            marked_joints: [None; 2],
            light: None,
        };
        let mut grown = None;
        for frame_number in 0..12 {
            // The scene changes its order and its visible part, but not its size.
            let draws: Vec<Draw> =
                (0..500).map(|index| still((index * 7 + frame_number * 13) % 500)).collect();
            let bodies: Vec<SkinnedDraw<'_>> =
                (0..50).map(|index| body((index + frame_number) % 50)).collect();
            let labels: Vec<Label> = (0..50).map(label).collect();
            let frame = FrameInput {
                views: &[view],
                static_draws: &draws,
                skinned_draws: &bodies,
                labels: &labels,
                ..Default::default()
            };
            let stats = renderer.render(&gpu, &frame, &target.target()).unwrap();
            assert_eq!((stats.drawn, stats.skipped), (550, 0));
            let capacities = renderer.capacities();
            assert_eq!(*grown.get_or_insert(capacities), capacities, "frame {frame_number}");
        }
    }
}
