//! What the passes of meshes share: their pipelines by shading, alpha and culling, and the drawing of batches.

use crate::arena::Page;
use crate::draw_list::{Batch, DrawList};
use crate::layouts::Layouts;
use crate::passes::{Attachment, DepthUse, PipelineSpec, baked, lit, pipeline, skinned};
use crate::resources::Resources;
use crate::{AlphaMode, FrameStats};
use std::sync::mpsc::{Receiver, Sender};

/// Which shader draws a mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shading {
    Baked,
    Lit,
    Skinned,
}

/// Names a pipeline: its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PipelineKey(u8);

impl PipelineKey {
    const COUNT: usize = 36;
    const BLENDED: u8 = 2;
    /// What is not there as a whole has the second half of the table.
    const COVERED: u8 = 18;

    pub(crate) fn new(shading: Shading, alpha: AlphaMode, both_sides: bool, is_covered: bool) -> Self {
        let alpha = match alpha {
            AlphaMode::Opaque => 0,
            AlphaMode::Mask { .. } => 1,
            AlphaMode::Blend => Self::BLENDED,
        };
        let covered = if is_covered { Self::COVERED } else { 0 };
        Self(covered + shading as u8 * 6 + alpha * 2 + u8::from(both_sides))
    }

    fn is_covered(self) -> bool {
        self.0 >= Self::COVERED
    }

    /// The same look of what is only partly there.
    fn covered(self) -> Self {
        if self.is_covered() { self } else { Self(self.0 + Self::COVERED) }
    }

    fn shading(self) -> Shading {
        match self.0 % Self::COVERED / 6 {
            0 => Shading::Baked,
            1 => Shading::Lit,
            _ => Shading::Skinned,
        }
    }

    fn is_masked(self) -> bool {
        self.0 % 6 / 2 == 1
    }

    pub(crate) fn is_blended(self) -> bool {
        self.0 % 6 / 2 == Self::BLENDED
    }

    pub(crate) fn is_skinned(self) -> bool {
        self.shading() == Shading::Skinned
    }

    fn shows_both_sides(self) -> bool {
        self.0 % 2 == 1
    }
}

/// The pipelines of meshes: each made when the first material needs it, unless [`PipelineWork`] has made it before.
#[derive(Debug)]
pub(crate) struct GeometryPasses {
    recipe: Recipe,
    pipelines: [Option<wgpu::RenderPipeline>; PipelineKey::COUNT],
    coming: Option<Receiver<(PipelineKey, wgpu::RenderPipeline)>>,
}

/// What pipelines are made of.
#[derive(Clone, Debug)]
struct Recipe {
    baked: wgpu::ShaderModule,
    lit: wgpu::ShaderModule,
    skinned: wgpu::ShaderModule,
    attachment: Attachment,
    block: wgpu::BindGroupLayout,
    material: wgpu::BindGroupLayout,
}

impl GeometryPasses {
    pub(crate) fn new(device: &wgpu::Device, layouts: &Layouts, attachment: Attachment) -> Self {
        let recipe = Recipe {
            baked: baked::SHADER.module(device, attachment.views),
            lit: lit::SHADER.module(device, attachment.views),
            skinned: skinned::SHADER.module(device, attachment.views),
            attachment,
            block: layouts.block.clone(),
            material: layouts.material.clone(),
        };
        Self { recipe, pipelines: [const { None }; PipelineKey::COUNT], coming: None }
    }

    /// The making of every pipeline that is not there, for another thread. What it has made the next frame finds.
    pub(crate) fn rest(&mut self, device: &wgpu::Device) -> Share {
        let (outbox, coming) = std::sync::mpsc::channel();
        self.coming = Some(coming);
        let is_missing = |key: &u8| self.pipelines[usize::from(*key)].is_none();
        let missing = (0..PipelineKey::COUNT as u8).filter(is_missing).map(PipelineKey).collect();
        Share { recipe: self.recipe.clone(), device: device.clone(), missing, outbox }
    }

    /// Makes the pipelines that a frame's batches need and that are not there yet.
    pub(crate) fn make_for(&mut self, device: &wgpu::Device, draws: &DrawList) {
        for (key, pipeline) in self.coming.iter().flat_map(Receiver::try_iter) {
            self.pipelines[usize::from(key.0)].get_or_insert(pipeline);
        }
        for batch in draws.opaque().iter().chain(draws.blended()) {
            let key = batch.key;
            if self.pipelines[usize::from(key.0)].is_none() {
                self.make(device, key);
                // What stands still now may be replaced in a later frame, which shall not wait for a pipeline.
                if !key.is_skinned() {
                    self.make(device, key.covered());
                }
            }
        }
    }

    /// Makes one pipeline unless it is there.
    fn make(&mut self, device: &wgpu::Device, key: PipelineKey) {
        let place = usize::from(key.0);
        if self.pipelines[place].is_none() {
            self.pipelines[place] = Some(self.recipe.build(device, key));
        }
    }

    /// The pipeline for a key, once it was made.
    pub(crate) fn get(&self, key: PipelineKey) -> Option<&wgpu::RenderPipeline> {
        self.pipelines[usize::from(key.0)].as_ref()
    }
}

/// Pipelines that are to be made: some drivers take many milliseconds for one, which a frame does not have.
#[must_use = "nothing is made before it is done"]
#[derive(Debug)]
pub struct PipelineWork(Vec<Share>);

/// The pipelines of one kind of attachments.
#[derive(Debug)]
pub(crate) struct Share {
    recipe: Recipe,
    device: wgpu::Device,
    missing: Vec<PipelineKey>,
    outbox: Sender<(PipelineKey, wgpu::RenderPipeline)>,
}

impl PipelineWork {
    pub(crate) fn of(shares: impl Iterator<Item = Share>) -> Self {
        Self(shares.collect())
    }

    /// Makes them, one after the other, as long as the renderer is there.
    pub fn run(self) {
        self.0.into_iter().for_each(Share::run);
    }
}

impl Share {
    fn run(self) {
        let Self { recipe, device, missing, outbox } = self;
        let mut made = missing.into_iter().map(|key| (key, recipe.build(&device, key)));
        // The first that nobody takes is the last.
        made.all(|pipeline| outbox.send(pipeline).is_ok());
    }
}

impl Recipe {
    fn build(&self, device: &wgpu::Device, key: PipelineKey) -> wgpu::RenderPipeline {
        let (module, label, buffers) = match key.shading() {
            Shading::Baked => (&self.baked, "baked", baked::STILL_BUFFERS),
            Shading::Lit => (&self.lit, "lit", baked::STILL_BUFFERS),
            Shading::Skinned => (&self.skinned, "skinned", skinned::SKINNED_BUFFERS),
        };
        let alpha_to_coverage = key.is_masked() && self.attachment.sample_count > 1;
        let number = |flag: bool| f64::from(u8::from(flag));
        let constants = [
            ("alpha_mask", number(key.is_masked())),
            ("alpha_to_coverage", number(alpha_to_coverage)),
            ("alpha_blend", number(key.is_blended())),
            ("is_covered", number(key.is_covered())),
        ];
        let groups = [&self.block, &self.material, &self.block];
        let group_count = if key.is_skinned() { 3 } else { 2 };
        pipeline(
            device,
            &PipelineSpec {
                label,
                module,
                vertex_entry: "vertex",
                fragment_entry: "fragment",
                constants: &constants,
                group_layouts: &groups[..group_count],
                buffers,
                topology: wgpu::PrimitiveTopology::TriangleList,
                cull_back: !key.shows_both_sides(),
                depth: Some(if key.is_blended() { DepthUse::THROUGH } else { DepthUse::SOLID }),
                blend: key.is_blended().then_some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                // A mask's alpha chooses samples; the picture's own alpha stays 1.
                write_mask: if key.is_masked() { wgpu::ColorWrites::COLOR } else { wgpu::ColorWrites::ALL },
                alpha_to_coverage,
                attachment: self.attachment,
            },
        )
    }
}

/// Draws batches with the pipelines that `pipeline_of` names. Group 0 is already set.
pub(crate) fn draw_batches<'p>(
    pass: &mut wgpu::RenderPass<'_>,
    batches: &[Batch],
    instances: &std::ops::Range<u32>,
    resources: &Resources,
    page: &Page,
    pipeline_of: impl Fn(PipelineKey) -> Option<&'p wgpu::RenderPipeline>,
    stats: &mut FrameStats,
) {
    if batches.is_empty() {
        return;
    }
    pass.set_vertex_buffer(1, page.slice(instances));
    let (mut last_key, mut last_material, mut last_mesh) = (None, None, None);
    for batch in batches {
        let found = resources.meshes.get(batch.mesh).zip(resources.materials.get(batch.material));
        let Some((mesh, material)) = found else { continue };
        if last_key != Some(batch.key) {
            let Some(pipeline) = pipeline_of(batch.key) else { continue };
            pass.set_pipeline(pipeline);
            last_key = Some(batch.key);
        }
        if last_material != Some(batch.material) {
            pass.set_bind_group(1, &material.bind_group, &[]);
            last_material = Some(batch.material);
        }
        if last_mesh != Some(batch.mesh) {
            pass.set_vertex_buffer(0, mesh.vertices.slice(..));
            pass.set_index_buffer(mesh.indices.slice(..), mesh.index_format);
            last_mesh = Some(batch.mesh);
        }
        if let Some(skin) = mesh.skin.as_ref().filter(|_| batch.key.is_skinned()) {
            pass.set_vertex_buffer(2, skin.vertices.slice(..));
            pass.set_bind_group(2, &page.joints, &[batch.joints]);
        }
        pass.draw_indexed(0..mesh.index_count, 0, batch.instances.clone());
        stats.draw_calls += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_look_has_a_pipeline_of_its_own() {
        let mut seen = BTreeSet::new();
        for shading in [Shading::Baked, Shading::Lit, Shading::Skinned] {
            for alpha in [AlphaMode::Opaque, AlphaMode::Mask { cutoff: 0.5 }, AlphaMode::Blend] {
                for (both_sides, is_covered) in [(false, false), (true, false), (false, true), (true, true)] {
                    let key = PipelineKey::new(shading, alpha, both_sides, is_covered);
                    assert_eq!(key.shading(), shading);
                    assert_eq!(key.is_masked(), matches!(alpha, AlphaMode::Mask { .. }));
                    assert_eq!(key.is_blended(), alpha == AlphaMode::Blend);
                    assert_eq!((key.shows_both_sides(), key.is_covered()), (both_sides, is_covered));
                    assert_eq!(key.covered(), PipelineKey::new(shading, alpha, both_sides, true));
                    assert!(seen.insert(key) && usize::from(key.0) < PipelineKey::COUNT);
                }
            }
        }
        assert_eq!(seen.len(), PipelineKey::COUNT);
    }
}
