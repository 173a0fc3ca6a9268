//! Records a frame's passes: the world, its depth where somebody wants it, the screen; of all views at once, or of one
//! after the other.
//!
//! It must not make or upload anything.

use crate::arena::Page;
use crate::draw_list::DrawList;
use crate::frame_data::FrameBlock;
use crate::passes::crowd::CrowdList;
use crate::passes::depth::DepthPass;
use crate::passes::geometry::draw_batches;
use crate::passes::labels::LabelList;
use crate::passes::panels::PanelList;
use crate::passes::surfels::SurfelList;
use crate::renderer::Passes;
use crate::resources::Resources;
use crate::scene_targets::{SceneTargets, draws_directly};
use crate::timing::Timer;
use crate::{FrameStats, RenderSettings, Target};

/// What a frame is recorded from.
pub(crate) struct Recording<'a> {
    pub(crate) settings: &'a RenderSettings,
    pub(crate) resources: &'a Resources,
    pub(crate) page: &'a Page,
    pub(crate) skeletons: &'a wgpu::BindGroup,
    pub(crate) draws: &'a DrawList,
    pub(crate) crowds: &'a CrowdList,
    pub(crate) surfels: &'a SurfelList,
    pub(crate) labels: &'a LabelList,
    pub(crate) panels: &'a PanelList,
    pub(crate) scene: Option<&'a SceneTargets>,
    pub(crate) depth_pass: Option<&'a DepthPass>,
    pub(crate) target: &'a Target<'a>,
    pub(crate) block: FrameBlock,
    pub(crate) fades: bool,
}

impl Recording<'_> {
    /// Records everything. Views that are drawn apart share their attachments: one is finished before the next begins.
    pub(crate) fn record(
        &self,
        passes: &[Passes],
        encoder: &mut wgpu::CommandEncoder,
        timer: &mut Option<Timer>,
        stats: &mut FrameStats,
    ) {
        if let Some(timer) = timer {
            timer.begin(encoder);
        }
        let mut mark = |encoder: &mut wgpu::CommandEncoder| {
            if let Some(timer) = timer.as_mut() {
                timer.mark(encoder);
            }
        };
        for passes in passes {
            self.draw_world(passes, encoder, stats);
            mark(encoder);
            self.keep_depth(passes, encoder);
            mark(encoder);
            self.draw_screen(passes, encoder, stats);
            mark(encoder);
        }
        if let Some(timer) = timer {
            timer.end(encoder);
        }
    }

    fn draw_world(&self, passes: &Passes, encoder: &mut wgpu::CommandEncoder, stats: &mut FrameStats) {
        let Some(scene) = self.scene else { return };
        let (resources, page, layer) = (self.resources, self.page, passes.views.layer());
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("world"),
            color_attachments: &[Some(scene.color(self.target.color.view(layer)))],
            depth_stencil_attachment: Some(scene.depth(self.target.depth.map(|depth| depth.view(layer)))),
            multiview_mask: passes.views.mask(),
            ..Default::default()
        });
        if let Some(area) = self.target.hidden {
            passes.hidden.draw(&mut pass, area);
            stats.draw_calls += 1;
        }
        pass.set_bind_group(0, &page.frame, &[self.block.offset]);
        let (instances, tables) = (self.draws.instances(), (page, self.skeletons));
        let pipeline_of = |key| passes.geometry.get(key);
        draw_batches(&mut pass, self.draws.opaque(), instances, resources, tables, pipeline_of, stats);
        self.crowds.draw(&mut pass, resources, page, pipeline_of, stats);
        passes.surfels.draw(&mut pass, self.surfels, resources, page, stats);
        passes.sky.draw(&mut pass, self.block.shows_panorama, stats);
        draw_batches(&mut pass, self.draws.blended(), instances, resources, tables, pipeline_of, stats);
        if self.block.narrows {
            passes.vignette.draw(&mut pass, stats);
        }
        // What is read stays clear. Labels and panels lie over each other as their distances say.
        let mut drawn = 0;
        for panel in self.panels.standing() {
            let farther = self.labels.farther_than(panel.distance);
            passes.labels.draw(&mut pass, self.labels, drawn..farther, resources, page, stats);
            passes.panels.draw_in_world(&mut pass, self.panels, panel, resources, page, stats);
            drawn = farther;
        }
        passes.labels.draw(&mut pass, self.labels, drawn..self.labels.count(), resources, page, stats);
    }

    /// Brings samples of depth to the target; a single sample is there already.
    fn keep_depth(&self, passes: &Passes, encoder: &mut wgpu::CommandEncoder) {
        let (Some(scene), Some(pass), Some(depth)) = (self.scene, self.depth_pass, self.target.depth) else {
            return;
        };
        for (layer, samples) in scene.depth_samples.iter().enumerate() {
            pass.record(encoder, samples, depth.view(passes.views.layer().or(Some(layer))));
        }
    }

    /// Brings the finished picture to the target, and lays the fade and the screen's panels over it.
    fn draw_screen(&self, passes: &Passes, encoder: &mut wgpu::CommandEncoder, stats: &mut FrameStats) {
        let is_finished = draws_directly(self.settings);
        if is_finished && !self.fades && !self.panels.has_screen_panels() {
            return;
        }
        let load = if is_finished { wgpu::LoadOp::Load } else { wgpu::LoadOp::Clear(wgpu::Color::BLACK) };
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("screen"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: self.target.color.view(passes.views.layer()),
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations { load, store: wgpu::StoreOp::Store },
            })],
            multiview_mask: passes.views.mask(),
            ..Default::default()
        });
        pass.set_bind_group(0, &self.page.frame, &[self.block.offset]);
        if let Some(picture) = self.scene.and_then(|scene| scene.picture.as_ref()) {
            passes.present.copy(&mut pass, &picture.group);
            stats.draw_calls += 1;
        }
        if self.fades {
            passes.present.fade(&mut pass);
            stats.draw_calls += 1;
        }
        passes.panels.draw_on_screen(&mut pass, self.panels, self.resources, self.page, stats);
    }
}
