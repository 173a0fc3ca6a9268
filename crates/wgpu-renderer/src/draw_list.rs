//! From a frame's draws to batches: drops what is not seen, sorts by pipeline, merges what looks alike, orders
//! opaque batches front to back and transparent ones back to front. Keeps its memory between frames.

use crate::arena::Arena;
use crate::culling::Frustum;
use crate::gpu_data::{Instance, rows};
use crate::material::AlphaMode;
use crate::material::Material;
use crate::mesh::Mesh;
use crate::passes::geometry::{PipelineKey, Shading};
use crate::resources::Resources;
use crate::skeletons::Skeletons;
use crate::slots::SlotId;
use crate::{Cover, Draw, FrameInput, FrameStats, MaterialKind, PlaceLight, SkinnedDraw};
use glam::{Mat4, Vec3, Vec4};
use std::cmp::Ordering;
use std::ops::Range;

/// Instances that one draw command shows.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) key: PipelineKey,
    pub(crate) mesh: SlotId<Mesh>,
    pub(crate) material: SlotId<Material>,
    pub(crate) instances: Range<u32>,
    distance: f32,
}

/// One draw that is seen.
#[derive(Clone, Copy, Debug)]
struct Item {
    key: PipelineKey,
    mesh: SlotId<Mesh>,
    material: SlotId<Material>,
    instance: Instance,
    distance: f32,
}

impl Item {
    fn looks_like(&self, other: &Self) -> bool {
        (self.key, self.mesh, self.material) == (other.key, other.mesh, other.material)
    }

    fn by_looks(&self, other: &Self) -> Ordering {
        let looks = |item: &Self| (item.key, item.material.index, item.mesh.index);
        looks(self).cmp(&looks(other)).then(self.distance.total_cmp(&other.distance))
    }
}

/// What culling and sorting look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewpoint<'a> {
    /// One for each view.
    pub(crate) frusta: &'a [Frustum],
    /// The middle between the eyes.
    pub(crate) head_in_world: Vec3,
}

/// Items of a full hall, before the lists of them ask for memory.
const EXPECTED_ITEMS: usize = 1_024;

/// The batches of a frame.
#[derive(Debug)]
pub(crate) struct DrawList {
    opaque_items: Vec<Item>,
    blended_items: Vec<Item>,
    opaque: Vec<Batch>,
    blended: Vec<Batch>,
    instances: Range<u32>,
}

impl DrawList {
    /// Nothing, with room for a full hall.
    pub(crate) fn new() -> Self {
        let items = || Vec::with_capacity(EXPECTED_ITEMS);
        let batches = || Vec::with_capacity(EXPECTED_ITEMS);
        Self {
            opaque_items: items(),
            blended_items: items(),
            opaque: batches(),
            blended: batches(),
            instances: 0..0,
        }
    }

    /// Opaque and masked batches, front to back within each pipeline.
    pub(crate) fn opaque(&self) -> &[Batch] {
        &self.opaque
    }

    /// Transparent batches, back to front.
    pub(crate) fn blended(&self) -> &[Batch] {
        &self.blended
    }

    /// The pipelines that are needed.
    pub(crate) fn keys(&self) -> impl Iterator<Item = PipelineKey> {
        self.opaque.iter().chain(&self.blended).map(|batch| batch.key)
    }

    /// Where in the arena the instance table lies.
    pub(crate) fn instances(&self) -> &Range<u32> {
        &self.instances
    }

    /// Collects a frame's batches, and puts instances into the arena and joints into the table of skeletons.
    pub(crate) fn build(
        &mut self,
        frame: &FrameInput<'_>,
        resources: &Resources,
        viewpoint: Viewpoint<'_>,
        (arena, skeletons): (&mut Arena, &mut Skeletons),
        stats: &mut FrameStats,
    ) {
        skeletons.begin();
        self.opaque_items.clear();
        self.blended_items.clear();
        for draw in frame.static_draws {
            self.add_static(draw, resources, viewpoint, stats);
        }
        let mut last_joints: Option<(&[Mat4], u16)> = None;
        for draw in frame.skinned_draws {
            let Some(mut item) = skinned_item(draw, resources, viewpoint, stats) else { continue };
            let row = match last_joints {
                Some((joints, row)) if std::ptr::eq(joints, draw.joints) => row,
                _ => {
                    let light = draw.light.unwrap_or_else(|| PlaceLight::of(&frame.lighting));
                    skeletons.push(draw.joints, &light)
                }
            };
            item.instance.marked_skeleton[1] = row;
            last_joints = Some((draw.joints, row));
            self.push(item);
        }
        self.opaque_items.sort_unstable_by(Item::by_looks);
        self.blended_items.sort_unstable_by(|a, b| b.distance.total_cmp(&a.distance));
        let start = arena.end();
        let next = make_batches(&self.opaque_items, &mut self.opaque, 0, arena);
        make_batches(&self.blended_items, &mut self.blended, next, arena);
        self.instances = start..arena.end();
        self.opaque.sort_unstable_by(|a, b| a.key.cmp(&b.key).then(a.distance.total_cmp(&b.distance)));
    }

    fn add_static(
        &mut self,
        draw: &Draw,
        resources: &Resources,
        viewpoint: Viewpoint<'_>,
        stats: &mut FrameStats,
    ) {
        let (Some(mesh), Some(material)) =
            (resources.meshes.get(draw.mesh.0), resources.materials.get(draw.material.0))
        else {
            stats.skipped += 1;
            return;
        };
        let bounds = mesh.bounds.transformed(&draw.world_from_model);
        if !viewpoint.frusta.iter().any(|frustum| frustum.may_see(&bounds)) {
            stats.culled += 1;
            return;
        }
        stats.drawn += 1;
        let shading = match material.kind {
            MaterialKind::Lit => Shading::Lit,
            MaterialKind::Baked | MaterialKind::Unlit => Shading::Baked,
        };
        // A mirrored mesh shows its triangles' backs: drawing both sides shows the right ones.
        let both_sides = material.double_sided || draw.world_from_model.determinant() < 0.0;
        self.push(Item {
            key: PipelineKey::new(shading, material.alpha, both_sides, !draw.cover.is_whole()),
            mesh: draw.mesh.0,
            material: draw.material.0,
            instance: instance_of(&draw.world_from_model, draw.tint, draw.cover, draw.object_id, [None; 2]),
            distance: bounds.center().distance(viewpoint.head_in_world),
        });
    }

    fn push(&mut self, item: Item) {
        if item.key.is_blended() { self.blended_items.push(item) } else { self.opaque_items.push(item) }
    }

    /// How much room is kept.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.opaque_items.capacity()
            + self.blended_items.capacity()
            + self.opaque.capacity()
            + self.blended.capacity()
    }
}

fn skinned_item(
    draw: &SkinnedDraw<'_>,
    resources: &Resources,
    viewpoint: Viewpoint<'_>,
    stats: &mut FrameStats,
) -> Option<Item> {
    let found = resources.meshes.get(draw.mesh.0).zip(resources.materials.get(draw.material.0));
    let usable = found.and_then(|(mesh, material)| mesh.skin.as_ref().map(|skin| (skin, material)));
    let Some((skin, material)) =
        usable.filter(|(skin, _)| (skin.joint_count..=crate::MAX_JOINTS).contains(&draw.joints.len()))
    else {
        stats.skipped += 1;
        return None;
    };
    let bounds = skin.bounds(draw.joints).transformed(&draw.world_from_model);
    if !viewpoint.frusta.iter().any(|frustum| frustum.may_see(&bounds)) {
        stats.culled += 1;
        return None;
    }
    stats.drawn += 1;
    // Whoever fades is mixed with what lies behind.
    let alpha = if draw.tint.w < 1.0 { AlphaMode::Blend } else { material.alpha };
    Some(Item {
        key: PipelineKey::new(Shading::Skinned, alpha, material.double_sided, false),
        mesh: draw.mesh.0,
        material: draw.material.0,
        instance: instance_of(
            &draw.world_from_model,
            draw.tint,
            Cover::WHOLE,
            draw.object_id,
            draw.marked_joints,
        ),
        distance: bounds.center().distance(viewpoint.head_in_world),
    })
}

fn instance_of(
    world_from_model: &Mat4,
    tint: Vec4,
    cover: Cover,
    object_id: u32,
    marked: [Option<u16>; 2],
) -> Instance {
    let [world_row_x, world_row_y, world_row_z] = rows(world_from_model);
    // No skeleton has so many joints that a byte does not number them, or that one has the largest number.
    let [first, second] =
        marked.map(|joint| joint.and_then(|joint| u8::try_from(joint).ok()).unwrap_or(u8::MAX));
    let marked_skeleton = [u16::from_le_bytes([first, second]), 0];
    let cover = [cover.from, cover.to];
    Instance { world_row_x, world_row_y, world_row_z, tint, object_id, marked_skeleton, cover }
}

/// Writes the items' instances from number `first` on and merges neighbours that look alike; returns the next number.
fn make_batches(items: &[Item], batches: &mut Vec<Batch>, first: u32, arena: &mut Arena) -> u32 {
    batches.clear();
    let mut next = first;
    let mut previous: Option<&Item> = None;
    for item in items {
        arena.push(std::slice::from_ref(&item.instance));
        match (previous, batches.last_mut()) {
            (Some(previous), Some(batch)) if previous.looks_like(item) => batch.instances.end = next + 1,
            _ => batches.push(Batch {
                key: item.key,
                mesh: item.mesh,
                material: item.material,
                instances: next..next + 1,
                distance: item.distance,
            }),
        }
        previous = Some(item);
        next += 1;
    }
    next
}
