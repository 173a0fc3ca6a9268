//! People change from a pose of the crowd's table to a skeleton and from level to level while they walk and are walked past,
//! and nobody can see it: from frame to frame no silhouette jumps or swells.

use super::*;
use crate::cli::offscreen_gpu;
use crate::settings::Settings;
use glam::UVec2;
use std::collections::BTreeMap;
use wgpu_renderer::{FrameInput, ObjectIdImage, Quality, RenderSettings, View, reverse_z_perspective, wgpu};

const SIZE: UVec2 = UVec2::new(1_200, 300);
const DT: f32 = 1.0 / 60.0;

/// People in a row before the viewer, and how far from each other, metres.
const ROW: u32 = 16;
const APART: f32 = 2.0;

/// How far before the viewer the row is, metres.
const AWAY: f32 = 5.0;

/// So many others take skeletons, behind the viewer's back.
const BEHIND: u32 = 36;

/// Who fills fewer pixels is not judged.
const FEWEST_PIXELS: usize = 150;

/// How far the middle of a silhouette may move against where its person stands, in figure's heights.
const MOST_JUMP: f32 = 0.035;

/// How much of its size a silhouette may gain or lose.
const MOST_SWELL: f32 = 0.22;

struct Stage {
    gpu: Gpu,
    renderer: Renderer,
    cast: Cast,
}

/// What is seen of somebody.
#[derive(Clone, Copy, Debug)]
struct Silhouette {
    pixels: usize,
    /// The middle, against where the person stands, in figure's heights.
    middle: Vec2,
    is_individual: bool,
    level: Level,
}

impl Stage {
    fn new() -> Self {
        let gpu = offscreen_gpu(&Settings::default()).unwrap();
        let settings = RenderSettings::flat(Quality::Low, wgpu::TextureFormat::Rgba8UnormSrgb);
        let mut renderer = Renderer::new(&gpu, settings).unwrap();
        let cast = Cast::new(&gpu, &mut renderer).unwrap();
        Self { gpu, renderer, cast }
    }

    /// A frame in which the viewer stands at `eye` and looks along -z.
    fn frame(&mut self, people: &[(ParticipantId, BodyPose)], eye: Vec3) -> BTreeMap<u32, Silhouette> {
        let cast = &mut self.cast;
        cast.begin();
        for (id, body) in people {
            // The tenth look sits in a wheelchair, where nobody has the eyes of who stands.
            let appearance = Appearance { avatar: (id.0 % 9) as u8, ..Appearance::default() };
            cast.show(*id, body, Bearing { appearance, ..Bearing::default() }, DT);
        }
        cast.retire();
        let view = View {
            view_from_world: Mat4::from_translation(-eye),
            clip_from_view: reverse_z_perspective(0.9, SIZE.x as f32 / SIZE.y as f32, 0.1),
        };
        let frusta = [Frustum::of(&view.clip_from_world())];
        let radians_per_pixel = view.radians_per_pixel(SIZE.y);
        cast.choose_levels(Sight { eye, radians_per_pixel, frusta: &frusta });
        cast.gather(&self.gpu, &self.renderer);
        let (mut crowds, mut skinned) = (Vec::new(), Vec::new());
        cast.append_crowds(&mut crowds);
        cast.append_draws(|_| true, &mut skinned);
        let frame =
            FrameInput { views: &[view], skinned_draws: &skinned, crowds: &crowds, ..FrameInput::default() };
        let drawing = self.renderer.render_object_ids(&self.gpu, &frame, SIZE);
        let image = pollster::block_on(drawing).unwrap();
        silhouettes(&self.cast, &image, &view)
    }
}

fn silhouettes(cast: &Cast, image: &ObjectIdImage, view: &View) -> BTreeMap<u32, Silhouette> {
    let mut sums: BTreeMap<u32, (usize, Vec2, bool)> = BTreeMap::new();
    for (index, id) in image.ids().iter().enumerate().filter(|(_, id)| **id != 0) {
        let place = UVec2::new(index as u32 % SIZE.x, index as u32 / SIZE.x);
        let is_cut = place.x == 0 || place.y == 0 || place.x + 1 == SIZE.x || place.y + 1 == SIZE.y;
        let sum = sums.entry(id & !ObjectIdImage::MARK).or_default();
        *sum = (sum.0 + 1, sum.1 + place.as_vec2(), sum.2 || is_cut);
    }
    let whole = sums.into_iter().filter(|(_, (pixels, _, is_cut))| !is_cut && *pixels >= FEWEST_PIXELS);
    let seen = whole.map(|(id, (pixels, sum, _))| {
        let actor = cast.actors.iter().find(|actor| actor.id.0 == id).unwrap();
        let on_picture = |point: Vec3| {
            let clip = view.clip_from_world().project_point3(point);
            Vec2::new(clip.x * 0.5 + 0.5, 0.5 - clip.y * 0.5) * SIZE.as_vec2()
        };
        let (feet, top) = (actor.pose.root, actor.pose.root + Vec3::Y * FIGURE_METRES);
        let height = on_picture(feet).distance(on_picture(top));
        let middle = (sum / pixels as f32 - on_picture(feet)) / height;
        let (is_individual, level) = (actor.rank.is_individual(), actor.level);
        (id, Silhouette { pixels, middle, is_individual, level })
    });
    seen.collect()
}

#[test]
fn nobody_pops_who_gets_or_loses_a_skeleton_or_changes_level() {
    let mut stage = Stage::new();
    let mut people: Vec<(ParticipantId, BodyPose)> = (0..ROW)
        .map(|n| (n, Vec3::new(n as f32 * APART - 8.0, 0.0, -AWAY), 0.3 * n as f32))
        .chain((0..BEHIND).map(|n| (ROW + n, Vec3::new(n as f32 * 0.4, 0.0, 4.0), 0.0)))
        .map(|(n, place, yaw)| (ParticipantId(n + 1), BodyPose::standing(place, yaw)))
        .collect();
    let (mut ranks, mut levels, mut worst) = (0, 0, (0.0_f32, 0.0_f32));
    let mut before: BTreeMap<u32, Silhouette> = BTreeMap::new();
    for frame in 0..420 {
        let eye = Vec3::new(frame as f32 * 0.06, 1.6, 0.0);
        for (id, body) in &mut people {
            // Every third stands, the others walk in circles so small that nobody hides anybody.
            let speed = if id.0 % 3 == 0 { 0.0 } else { 0.8 };
            body.root += Quat::from_rotation_y(body.yaw) * Vec3::NEG_Z * speed * DT;
            body.yaw += if speed > 0.0 { 2.5 * DT } else { 0.0 };
            // The others follow the viewer, with hands of their own.
            if id.0 > ROW {
                body.root = eye + Vec3::new((id.0 - ROW) as f32 * 0.1 - 1.6, -1.6, 3.0);
                body.hands = [Some(RigidPose { position: Vec3::Y, orientation: Quat::IDENTITY }); 2];
            }
        }
        let now = stage.frame(&people, eye);
        // The first second is for who comes in.
        for (id, seen) in now.iter().filter(|_| frame > 60) {
            let Some(last) = before.get(id) else { continue };
            ranks += usize::from(seen.is_individual != last.is_individual);
            levels += usize::from(seen.level != last.level);
            let jump = seen.middle.distance(last.middle);
            let swell = (seen.pixels as f32 / last.pixels as f32 - 1.0).abs();
            worst = (worst.0.max(jump), worst.1.max(swell));
            let is_calm = jump < MOST_JUMP && swell < MOST_SWELL;
            assert!(is_calm, "frame {frame}, person {id}: {last:?}, then {seen:?}");
        }
        before = now;
    }
    println!(
        "{ranks} changes of rank, {levels} of level; farthest jump {}, largest swell {}",
        worst.0, worst.1
    );
    assert!(ranks >= 10 && levels >= 6, "{ranks} changes of rank, {levels} of level: nothing was tried");
}
