//! What the passes of meshes share: their pipelines by shading, alpha and culling, and the drawing of batches.

use crate::arena::Page;
use crate::draw_list::Batch;
use crate::layouts::Layouts;
use crate::passes::{Attachment, DepthUse, PipelineSpec, baked, crowd, lit, pipeline, skinned};
use crate::resources::Resources;
use crate::{AlphaMode, CrowdTint, FrameStats};
use std::sync::mpsc::{Receiver, Sender};

/// Which shader draws a mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shading {
    Baked,
    Lit,
    Skinned,
    Crowd,
}

/// Names a pipeline: its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PipelineKey(u8);

impl PipelineKey {
    const COUNT: usize = 48;
    const BLENDED: u8 = 2;
    /// What is not there as a whole has the second half of the table.
    const COVERED: u8 = 18;
    /// Crowds come last: by whose colours they have, masked or not, seen from both sides or not.
    const CROWD: u8 = 36;

    pub(crate) fn new(shading: Shading, alpha: AlphaMode, both_sides: bool, is_covered: bool) -> Self {
        let alpha = match alpha {
            AlphaMode::Opaque => 0,
            AlphaMode::Mask { .. } => 1,
            AlphaMode::Blend => Self::BLENDED,
        };
        let covered = if is_covered { Self::COVERED } else { 0 };
        Self(covered + shading as u8 * 6 + alpha * 2 + u8::from(both_sides))
    }

    /// The look of a crowd's piece.
    pub(crate) fn crowd(tint: CrowdTint, is_masked: bool, both_sides: bool) -> Self {
        Self(Self::CROWD + tint as u8 * 4 + u8::from(is_masked) * 2 + u8::from(both_sides))
    }

    /// Its place among the looks of crowds, if it is one.
    fn in_crowds(self) -> Option<u8> {
        self.0.checked_sub(Self::CROWD)
    }

    fn is_covered(self) -> bool {
        (Self::COVERED..Self::CROWD).contains(&self.0)
    }

    /// The same look of what is only partly there.
    fn covered(self) -> Self {
        if self.0 >= Self::COVERED { self } else { Self(self.0 + Self::COVERED) }
    }

    fn shading(self) -> Shading {
        match self.0 % Self::COVERED / 6 {
            _ if self.in_crowds().is_some() => Shading::Crowd,
            0 => Shading::Baked,
            1 => Shading::Lit,
            _ => Shading::Skinned,
        }
    }

    fn is_masked(self) -> bool {
        self.in_crowds().map_or(self.0 % 6 / 2, |place| place % 4 / 2) == 1
    }

    pub(crate) fn is_blended(self) -> bool {
        self.in_crowds().is_none() && self.0 % 6 / 2 == Self::BLENDED
    }

    /// Whose colour stands in for the material's: 0 for nobody's.
    fn tint(self) -> u8 {
        self.in_crowds().map_or(0, |place| place / 4)
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
    crowd: wgpu::ShaderModule,
    attachment: Attachment,
    block: wgpu::BindGroupLayout,
    material: wgpu::BindGroupLayout,
    poses: wgpu::BindGroupLayout,
}

impl GeometryPasses {
    pub(crate) fn new(device: &wgpu::Device, layouts: &Layouts, attachment: Attachment) -> Self {
        let recipe = Recipe {
            baked: baked::SHADER.module(device, attachment.views),
            lit: lit::SHADER.module(device, attachment.views),
            skinned: skinned::SHADER.module(device, attachment.views),
            crowd: crowd::SHADER.module(device, attachment.views),
            attachment,
            block: layouts.block.clone(),
            material: layouts.material.clone(),
            poses: layouts.poses.clone(),
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

    /// Makes the pipelines that a frame needs and that are not there yet.
    pub(crate) fn make_for(&mut self, device: &wgpu::Device, needed: impl Iterator<Item = PipelineKey>) {
        for (key, pipeline) in self.coming.iter().flat_map(Receiver::try_iter) {
            self.pipelines[usize::from(key.0)].get_or_insert(pipeline);
        }
        for key in needed {
            if self.pipelines[usize::from(key.0)].is_none() {
                self.make(device, key);
                // What stands still now may be replaced in a later frame, which shall not wait for a pipeline.
                if matches!(key.shading(), Shading::Baked | Shading::Lit) {
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
            Shading::Crowd => (&self.crowd, "crowd", crowd::CROWD_BUFFERS),
        };
        let alpha_to_coverage = key.is_masked() && self.attachment.sample_count > 1;
        let number = |flag: bool| f64::from(u8::from(flag));
        let constants = [
            ("alpha_mask", number(key.is_masked())),
            ("alpha_to_coverage", number(alpha_to_coverage)),
            ("alpha_blend", number(key.is_blended())),
            ("is_covered", number(key.is_covered())),
            ("tinted", f64::from(key.tint())),
        ];
        let (third, group_count) = match key.shading() {
            Shading::Baked | Shading::Lit => (&self.poses, 2),
            Shading::Skinned | Shading::Crowd => (&self.poses, 3),
        };
        let groups = [&self.block, &self.material, third];
        // Crowds alone know whose colours they have.
        let constants = &constants[..if key.shading() == Shading::Crowd { 5 } else { 4 }];
        pipeline(
            device,
            &PipelineSpec {
                label,
                module,
                vertex_entry: "vertex",
                fragment_entry: "fragment",
                constants,
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
    (page, skeletons): (&Page, &wgpu::BindGroup),
    pipeline_of: impl Fn(PipelineKey) -> Option<&'p wgpu::RenderPipeline>,
    stats: &mut FrameStats,
) {
    if batches.is_empty() {
        return;
    }
    pass.set_vertex_buffer(1, page.slice(instances));
    let mut has_skeletons = false;
    let (mut last_key, mut last_material, mut last_mesh, mut last_skin) = (None, None, None, None);
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
            if !has_skeletons {
                pass.set_bind_group(2, skeletons, &[]);
                has_skeletons = true;
            }
            if last_skin != Some(batch.mesh) {
                pass.set_vertex_buffer(2, skin.vertices.slice(..));
                last_skin = Some(batch.mesh);
            }
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
        for tint in [CrowdTint::Own, CrowdTint::First, CrowdTint::Second] {
            for (is_masked, both_sides) in [(false, false), (true, false), (false, true), (true, true)] {
                let key = PipelineKey::crowd(tint, is_masked, both_sides);
                assert_eq!((key.shading(), key.tint()), (Shading::Crowd, tint as u8));
                assert_eq!((key.is_masked(), key.shows_both_sides()), (is_masked, both_sides));
                assert!(!key.is_covered() && !key.is_blended() && key.covered() == key);
                assert!(seen.insert(key) && usize::from(key.0) < PipelineKey::COUNT);
            }
        }
        assert_eq!(seen.len(), PipelineKey::COUNT);
    }
}
