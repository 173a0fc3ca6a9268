//! Who of many has a skeleton of their own, and the rest, who take their poses from one table and are drawn together.
//!
//! It must not know the network or the camera; it is told sizes in pixels.

use super::Actor;
use super::Piece;
use super::figure::{Limbs, Scratch};
use super::looks::{Level, Part};
use super::pose_key::PoseKey;
use super::poses::{PoseBook, SharedPose};
use super::rig::Rig;
use glam::{Quat, Vec3};
use venue_model::body::STANDING_EYE_HEIGHT;
use venue_model::{BodyPose, Posture};
use wgpu_renderer::{CrowdDraw, CrowdFigure, CrowdPiece, CrowdTint, Gpu, RenderError, Renderer};

/// Skeletons in a frame: the largest in the picture have them.
const INDIVIDUALS: usize = 40;

/// Who is smaller has none, pixels: neither hands nor a gaze are seen.
const SMALLEST_INDIVIDUAL: f32 = 24.0;

/// Who is smaller casts no shadow that could be seen, pixels.
const SMALLEST_SHADOW: f32 = 30.0;

/// How much smaller than the others somebody may become before a skeleton is taken away, and how many may be kept so.
const HYSTERESIS: f32 = 0.87;
const KEPT: usize = 16;

/// Who has hands of their own is taken for so much larger: what they show is nowhere in the table.
const HANDS_COUNT: f32 = 2.0;

/// How much larger or smaller than the model somebody is shown at most.
const SCALES: (f32, f32) = (0.85, 1.15);

/// What holds a figure in any pose: half its width and its height, metres.
const REACH: [f32; 2] = [1.4, 2.6];

/// Levels in which a crowd is drawn.
const LEVELS: usize = 2;

/// Whether somebody has a skeleton of their own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rank {
    is_individual: bool,
    /// From the next frame on.
    will_be: bool,
    /// How large they are seen, pixels.
    size: f32,
}

impl Rank {
    /// In this frame.
    pub fn is_individual(&self) -> bool {
        self.is_individual
    }

    /// Whether they are so large that one sees a shadow at their feet.
    pub fn has_shadow(&self) -> bool {
        self.is_individual || self.size >= SMALLEST_SHADOW
    }
}

/// The pose of the table that somebody has and wants.
#[derive(Clone, Copy, Debug, Default)]
pub struct SharedShape {
    wish: Option<PoseKey>,
    has: Option<(PoseKey, SharedPose)>,
}

impl SharedShape {
    /// What somebody does in this frame.
    pub fn wish(&mut self, key: PoseKey) {
        self.wish = Some(key);
    }
}

/// People who look alike, before the list of them asks for memory.
const EXPECTED_ALIKE: usize = 256;

/// People who look alike at one level.
struct Group {
    pieces: Vec<CrowdPiece>,
    figures: Vec<CrowdFigure>,
}

/// The crowd.
pub struct Crowd {
    book: PoseBook,
    /// By look and level.
    groups: Vec<Group>,
    spare: Vec<Limbs>,
    individuals: usize,
    sizes: Vec<f32>,
}

impl Crowd {
    /// An empty crowd; `pieces` of each look at the middle and the far level.
    pub(super) fn new<'p>(
        gpu: &Gpu,
        renderer: &mut Renderer,
        rig: &Rig,
        pieces: impl Iterator<Item = [&'p [Piece]; LEVELS]>,
    ) -> Result<Self, RenderError> {
        let piece = |piece: &Piece| CrowdPiece {
            mesh: piece.mesh,
            material: piece.material,
            tint: match piece.part {
                Part::Skin => CrowdTint::First,
                Part::Clothing => CrowdTint::Second,
                Part::Other => CrowdTint::Own,
            },
        };
        let group = |pieces: &[Piece]| Group {
            pieces: pieces.iter().map(piece).collect(),
            figures: Vec::with_capacity(EXPECTED_ALIKE),
        };
        let groups = pieces.flat_map(|levels| levels.map(group)).collect();
        let limbs = |_| {
            let mut limbs = Limbs::default();
            limbs.make_room(rig);
            limbs
        };
        // Whoever comes near takes limbs from here, which asks for no memory in the middle of a frame.
        let spare = (0..INDIVIDUALS + KEPT).map(limbs).collect();
        let book = PoseBook::new(gpu, renderer, rig)?;
        Ok(Self { book, groups, spare, individuals: 0, sizes: Vec::new() })
    }

    /// Somebody comes in: with a skeleton as long as there are some.
    pub fn admit(&mut self, limbs: &mut Limbs) -> Rank {
        let is_individual = self.individuals < INDIVIDUALS;
        if is_individual {
            self.give(limbs);
        }
        Rank { is_individual, will_be: is_individual, size: 0.0 }
    }

    /// Somebody leaves.
    pub fn dismiss(&mut self, rank: Rank, limbs: &mut Limbs) {
        if rank.is_individual {
            self.take_back(limbs);
        }
    }

    /// Lets what was chosen in the last frame be so.
    pub fn promote(&mut self, rank: &mut Rank, limbs: &mut Limbs) {
        match (rank.is_individual, rank.will_be) {
            (false, true) => self.give(limbs),
            (true, false) => self.take_back(limbs),
            _ => {}
        }
        rank.is_individual = rank.will_be;
    }

    fn give(&mut self, limbs: &mut Limbs) {
        *limbs = self.spare.pop().unwrap_or_default();
        self.individuals += 1;
    }

    fn take_back(&mut self, limbs: &mut Limbs) {
        self.spare.push(std::mem::take(limbs));
        self.individuals -= 1;
    }

    /// Begins to choose who has a skeleton.
    pub fn begin_ranking(&mut self) {
        self.sizes.clear();
    }

    /// Somebody is so large in the picture.
    pub fn see(&mut self, rank: &mut Rank, pixels: f32, has_hands: bool) {
        rank.size = if has_hands { pixels * HANDS_COUNT } else { pixels };
        self.sizes.push(rank.size);
    }

    /// Chooses the largest; who has a skeleton keeps it for a while longer.
    pub fn rank<'r>(&mut self, ranks: impl Iterator<Item = &'r mut Rank>) {
        let smallest = match self.sizes.len() {
            count if count > INDIVIDUALS => {
                let larger_first = |a: &f32, b: &f32| b.total_cmp(a);
                *self.sizes.select_nth_unstable_by(INDIVIDUALS - 1, larger_first).1
            }
            _ => 0.0,
        };
        let smallest = smallest.max(SMALLEST_INDIVIDUAL);
        let mut kept = 0;
        for rank in ranks {
            let stays = rank.is_individual && rank.size >= smallest * HYSTERESIS && kept < KEPT;
            rank.will_be = rank.size >= smallest || stays;
            kept += usize::from(stays && rank.size < smallest);
        }
    }

    /// Begins a frame's crowd.
    pub fn begin(&mut self) {
        self.book.begin();
        self.groups.iter_mut().for_each(|group| group.figures.clear());
    }

    /// Adds somebody in a pose of the table.
    pub(super) fn add(
        &mut self,
        actor: &mut Actor,
        look: usize,
        rig: &Rig,
        scratch: &mut Scratch,
        device: (&Gpu, &Renderer),
    ) {
        let SharedShape { wish, has } = &mut actor.shape;
        let Some(key) = *wish else { return };
        let again = has.filter(|(had, _)| *had == key).and_then(|(key, pose)| self.book.again(pose, key));
        let taken = again.or_else(|| self.book.take(key, rig, scratch, device)).map(|pose| (key, pose));
        // Whose pose must wait for a frame has the last one, if the table still knows it.
        let kept = || has.and_then(|(key, pose)| Some((key, self.book.again(pose, key)?)));
        let shown = taken.or_else(kept);
        *has = shown;
        let plain = || self.book.plain(key);
        let Some(pose) = shown.map(|(_, pose)| pose).or_else(plain) else { return };
        let level = usize::from(actor.level == Level::Far);
        if let Some(group) = self.groups.get_mut(look * LEVELS + level) {
            group.figures.push(figure_of(actor, key, pose));
        }
    }

    /// Appends what is drawn of it.
    pub fn append_draws<'a>(&'a self, draws: &mut Vec<CrowdDraw<'a>>) {
        let groups = self.groups.iter().filter(|group| !group.figures.is_empty());
        draws.extend(groups.map(|group| CrowdDraw {
            pieces: &group.pieces,
            poses: self.book.id(),
            reach: REACH,
            figures: &group.figures,
        }));
    }
}

/// The corners of what holds somebody in any pose: a head is never farther aside than an arm reaches.
pub(super) fn reach_of(pose: &BodyPose) -> [Vec3; 2] {
    let [half_width, height] = REACH.map(|metres| metres * SCALES.1);
    let aside = Vec3::new(half_width, 0.0, half_width) * 2.0;
    [pose.root - aside - Vec3::Y * half_width, pose.root + aside + Vec3::Y * height]
}

fn figure_of(actor: &Actor, key: PoseKey, pose: SharedPose) -> CrowdFigure {
    let body = &actor.pose;
    let head = body.head.position;
    let stands = body.posture == Posture::Standing && !key.rolls;
    let scale = if stands { (head.y / STANDING_EYE_HEIGHT).clamp(SCALES.0, SCALES.1) } else { 1.0 };
    let aside = Quat::from_rotation_y(body.yaw) * Vec3::new(head.x, 0.0, head.z);
    CrowdFigure {
        position: body.root + aside,
        yaw: body.yaw,
        scale,
        head: body.head.orientation,
        pivot: pose.pivot,
        pose: pose.place,
        colors: [Part::Skin, Part::Clothing].map(|part| part.chosen(actor.appearance)),
        object_id: actor.id.0,
        light: actor.light,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::offscreen_gpu;
    use crate::scene::avatar::figure::{Figure, Shown, Way};
    use crate::scene::avatar::tests::own_avatar;
    use crate::scene::avatar::{Bearing, Cast, Sight};
    use crate::settings::Settings;
    use glam::Mat4;
    use venue_model::body::{WHEELCHAIR_EYE_HEIGHT, seated_eye_height};
    use venue_model::{Gesture, ParticipantId, SeatId};
    use wgpu_renderer::{Frustum, Quality, RenderSettings, reverse_z_perspective, wgpu};

    const DT: f32 = 1.0 / 72.0;

    /// How far the joints of a pose of the table are from a skeleton's own, metres, at most in some seconds.
    fn farthest(way: Way, frames: usize, mut act: impl FnMut(usize, &mut BodyPose) -> bool) -> f32 {
        let rig = own_avatar();
        let (mut figure, mut model) = (Figure::new(3), Figure::new(0));
        let mut scratch = Scratch::default();
        let mut body = BodyPose::standing(Vec3::ZERO, 0.4);
        let mut most = 0.0_f32;
        for frame in 0..frames {
            let raised_hand = act(frame, &mut body);
            let shown = Shown { way, raised_hand, is_near: false, ..Shown::plain(&body) };
            figure.pose(&rig, &mut scratch, shown, DT);
            model.take_shape(figure.key(&rig, shown), &rig, &mut scratch);
            let skins = figure.skin().iter().zip(model.skin());
            for ((own, shared), (_, inverse_bind)) in skins.zip(rig.body_joints()) {
                let joint = inverse_bind.inverse().w_axis.truncate();
                most = most.max(own.transform_point3(joint).distance(shared.transform_point3(joint)));
            }
        }
        most
    }

    #[test]
    fn whoever_stands_walks_sits_and_gestures_is_where_a_skeleton_of_their_own_has_them() {
        let stand = farthest(Way::Walks, 300, |_, _| false);
        assert!(stand < 0.01, "standing: {stand} m");
        let walk = farthest(Way::Walks, 400, |frame, body| {
            let speed = if (60..320).contains(&frame) { 1.4 } else { 0.0 };
            body.root += Quat::from_rotation_y(body.yaw) * Vec3::NEG_Z * speed * DT;
            false
        });
        assert!(walk < 0.12, "walking, with its beginning and end: {walk} m");
        let sit = farthest(Way::Walks, 300, |frame, body| {
            if frame == 60 {
                body.posture = Posture::Seated(SeatId(4));
                body.head.position.y = seated_eye_height(0.47);
            }
            false
        });
        assert!(sit < 0.08, "sitting down: {sit} m");
        let raise = farthest(Way::Walks, 200, |frame, _| (40..140).contains(&frame));
        assert!(raise < 0.2, "a hand that rises: {raise} m");
        let roll = farthest(Way::Rolls, 200, |_, body| {
            body.head.position.y = WHEELCHAIR_EYE_HEIGHT;
            body.root.z -= 0.8 * DT;
            false
        });
        assert!(roll < 0.01, "in a wheelchair, whose wheels stand still: {roll} m");
        for gesture in Gesture::ALL {
            let apart = farthest(Way::Walks, 600, |frame, body| {
                body.gesture = if (20..500).contains(&frame) { gesture } else { Gesture::None };
                false
            });
            assert!(apart < 0.25, "{gesture:?}: {apart} m");
        }
    }

    fn ranks(sizes: &[f32], ranks: &mut Vec<Rank>, crowd: &mut Crowd) {
        ranks.resize_with(sizes.len(), || crowd.admit(&mut Limbs::default()));
        crowd.begin_ranking();
        ranks.iter_mut().zip(sizes).for_each(|(rank, size)| crowd.see(rank, *size, false));
        crowd.rank(ranks.iter_mut());
        ranks.iter_mut().for_each(|rank| crowd.promote(rank, &mut Limbs::default()));
    }

    fn stage() -> (Gpu, Renderer, Cast) {
        let gpu = offscreen_gpu(&Settings::default()).unwrap();
        let settings = RenderSettings::flat(Quality::Low, wgpu::TextureFormat::Rgba8UnormSrgb);
        let mut renderer = Renderer::new(&gpu, settings).unwrap();
        let cast = Cast::new(&gpu, &mut renderer).unwrap();
        (gpu, renderer, cast)
    }

    #[test]
    fn the_largest_have_skeletons_and_who_sways_keeps_theirs() {
        let (.., mut cast) = stage();
        let crowd = &mut cast.crowd;
        let mut list = Vec::new();
        let mut sizes: Vec<f32> = (0..200).map(|place| 400.0 - place as f32).collect();
        ranks(&sizes, &mut list, crowd);
        let individuals = |list: &[Rank]| list.iter().filter(|rank| rank.is_individual()).count();
        assert_eq!(individuals(&list), INDIVIDUALS);
        assert!(list[..INDIVIDUALS].iter().all(Rank::is_individual));
        // Two at the border change places.
        sizes.swap(INDIVIDUALS - 1, INDIVIDUALS);
        ranks(&sizes, &mut list, crowd);
        assert!(list[INDIVIDUALS - 1].is_individual() && list[INDIVIDUALS].is_individual());
        // Others come near.
        sizes.swap(INDIVIDUALS - 1, INDIVIDUALS);
        sizes.reverse();
        ranks(&sizes, &mut list, crowd);
        assert!(list[200 - INDIVIDUALS..].iter().all(Rank::is_individual));
        assert!(individuals(&list) <= INDIVIDUALS + KEPT, "{}", individuals(&list));
        // From far away nobody has one.
        sizes.fill(SMALLEST_INDIVIDUAL * 0.5);
        ranks(&sizes, &mut list, crowd);
        assert_eq!((individuals(&list), crowd.individuals), (0, 0));
        assert_eq!(crowd.spare.len(), INDIVIDUALS + KEPT, "every skeleton is given back");
    }

    #[test]
    fn everybody_of_a_crowd_is_drawn_once_and_a_pose_is_made_once() {
        let (gpu, renderer, mut cast) = stage();
        let people: Vec<_> = (1..=300)
            .map(|id| (ParticipantId(id), BodyPose::standing(Vec3::new(id as f32 * 0.1, 0.0, -30.0), 0.3)))
            .collect();
        let frame = |cast: &mut Cast| {
            cast.begin();
            people.iter().for_each(|(id, body)| cast.show(*id, body, Bearing::default(), DT));
            cast.retire();
            let eye = Vec3::new(15.0, 1.6, 0.0);
            let clip_from_world = reverse_z_perspective(1.2, 1.0, 0.1) * Mat4::from_translation(-eye);
            let frustum = Frustum::of(&clip_from_world);
            cast.choose_levels(Sight { eye, radians_per_pixel: 0.002, frusta: &[frustum] });
            cast.gather(&gpu, &renderer);
            let (mut crowds, mut skinned) = (Vec::new(), Vec::new());
            cast.append_crowds(&mut crowds);
            cast.append_draws(|_| true, &mut skinned);
            let mut ids: Vec<u32> = skinned.iter().map(|draw| draw.object_id).collect();
            ids.dedup();
            ids.extend(crowds.iter().flat_map(|crowd| crowd.figures).map(|figure| figure.object_id));
            ids.sort_unstable();
            (ids, cast.crowd.book.len())
        };
        // From the first frame on, although only a few poses are made in each.
        for _ in 0..400 {
            assert_eq!(frame(&mut cast).0, (1..=300).collect::<Vec<_>>());
        }
        let (.., made) = frame(&mut cast);
        assert!(made < 120, "{made} poses for people who only breathe");
    }
}
