//! All avatars of the scene: one model, one figure for each body, and the draws that they make.
//!
//! It must not know the network; it takes poses by participant.

pub mod clip;
mod crowd;
pub mod figure;
pub mod fingers;
pub mod gesture;
pub mod head;
pub mod ik;
mod life;
pub mod looks;
mod mouth;
mod own_hands;
mod pace;
mod pose_key;
mod poses;
pub mod rig;
mod shadow;

use super::model::{DecodedModel, Decoding, ModelError};
use super::upload::{Progress, Uploaded};
use bytes::Bytes;
use crowd::{Crowd, Rank, SharedShape};
use figure::{Figure, Scratch, Shown, Way, wrist_of};
use fingers::Curls;
use glam::{Mat4, Quat, Vec2, Vec3};
use looks::{Level, LookMeshes, Part};
use pace::Pace;
use rig::{Rig, RigError};
use shadow::ContactShadow;
use venue_model::{BodyPose, ParticipantId, RigidPose};
use venue_package::gltf::{Document, GltfError};
use venue_protocol::Appearance;
use wgpu_renderer::{
    CrowdDraw, Draw, Frustum, Gpu, MaterialId, MeshId, PlaceLight, RenderError, Renderer, SkinnedDraw,
};

/// The avatars that come with the program.
static AVATARS: &[u8] = include_bytes!("../../../../assets/avatars/avatars.glb");

/// How tall a figure is taken to be when its size in the picture is judged, metres.
const FIGURE_METRES: f32 = 1.75;

/// Who is nearer than this and before one's face is looked at, metres.
const CONVERSATION_METRES: f32 = 3.5;

/// Who speaks so near is looked at before anybody else, metres.
const HEARING_METRES: f32 = 12.0;

/// How far aside of where the head points eyes find somebody who speaks, and somebody who stands there: cosines.
const SPEAKER_ASIDE: f32 = 0.2;
const PARTNER_ASIDE: f32 = 0.45;

/// Nearer than this others begin to fade, and nearer than that they are gone, metres along the floor.
const PERSONAL_METRES: (f32, f32) = (0.7, 0.4);

/// How quickly the light on somebody becomes that of another place, 1/s.
const LIGHT_CHANGES: f32 = 5.0;

/// Frames after which the light on somebody in a crowd is renewed.
const LIGHT_TURNS: u32 = 8;

/// Who stands on another floor is not near, metres.
const STOREY_METRES: f32 = 1.8;

/// The avatars' file can not be used.
#[derive(Debug, thiserror::Error)]
pub enum AvatarError {
    /// No glTF.
    #[error("the avatars can not be read: {0}")]
    Model(#[from] ModelError),
    /// No glTF, where only its names are read.
    #[error("the avatars can not be read: {0}")]
    Gltf(#[from] GltfError),
    /// No humanoid.
    #[error(transparent)]
    Rig(#[from] RigError),
    /// No look.
    #[error("the avatars' file has no look")]
    NoLook,
    /// The GPU does not take it.
    #[error(transparent)]
    Render(#[from] RenderError),
}

struct Piece {
    mesh: MeshId,
    material: MaterialId,
    part: Part,
    /// The material's own colour.
    own: Vec3,
}

/// A look on the GPU.
struct Look {
    /// Pieces by level.
    levels: [Vec<Piece>; 3],
    way: Way,
}

/// What is known of a person beside the body's pose.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bearing {
    /// How they look.
    pub appearance: Appearance,
    /// Whether they ask for the floor.
    pub raised_hand: bool,
    /// Whether they speak to the room.
    pub is_speaking: bool,
    /// How loud their voice is, 0 to 1.
    pub loudness: f32,
    /// The light on them; none leaves it as it is, which is the frame's until [`Cast::light_up`].
    pub light: Option<PlaceLight>,
    /// Fingers that are tracked, left and right.
    pub curls: [Option<Curls>; 2],
}

/// From where a picture is seen.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// The eye, or the middle between both.
    pub eye: Vec3,
    /// The angle of a pixel.
    pub radians_per_pixel: f32,
    /// One for each view.
    pub frusta: &'a [Frustum],
}

struct Actor {
    id: ParticipantId,
    /// Apart, so that the list of all moves quickly.
    figure: Box<Figure>,
    pose: BodyPose,
    appearance: Appearance,
    raised_hand: bool,
    curls: [Option<Curls>; 2],
    is_speaking: bool,
    loudness: f32,
    level: Level,
    /// Whether it has a skeleton of its own, or takes its poses from the crowd's.
    rank: Rank,
    shape: SharedShape,
    pace: Pace,
    /// Since the limbs were worked out last, seconds.
    unformed: f32,
    is_seen: bool,
    /// Whether some view may show them, and did not in the last frame.
    is_in_view: bool,
    comes_into_view: bool,
    /// 1 unless the person comes too close.
    opacity: f32,
    light: Option<PlaceLight>,
}

impl Actor {
    /// What the figure shows but for its gaze.
    fn shown<'p>(&self, body: &'p BodyPose, looks: &[Look]) -> Shown<'p> {
        Shown {
            body,
            way: looks[look_of(self.appearance, looks)].way,
            raised_hand: self.raised_hand,
            gaze: None,
            curls: self.curls,
            loudness: self.loudness,
            is_near: self.level == Level::Near,
        }
    }

    /// Moves on by `dt` seconds to where the body is now.
    fn follow(&mut self, rig: &Rig, looks: &[Look], dt: f32) {
        let body = self.pose;
        let shown = self.shown(&body, looks);
        self.figure.follow(rig, shown, dt);
        if !self.rank.is_individual() {
            self.shape.wish(self.figure.key(rig, shown));
        }
    }

    /// Works out a skeleton of one's own.
    fn form_limbs(&mut self, rig: &Rig, looks: &[Look], faces: &[Face], scratch: &mut Scratch) {
        let dt = std::mem::take(&mut self.unformed);
        // Nobody sees the eyes of those who are drawn coarsely.
        let is_near = self.level == Level::Near;
        let gaze = if is_near { partner_of(faces, self.id, &self.pose) } else { None };
        let body = self.pose;
        let shown = Shown { gaze, ..self.shown(&body, looks) };
        self.figure.form_limbs(rig, scratch, shown, dt);
    }
}

/// The place of a look among all.
fn look_of(appearance: Appearance, looks: &[Look]) -> usize {
    LookMeshes::place(appearance, looks.len())
}

/// Somebody whom others may look at.
#[derive(Clone, Copy, Debug)]
struct Face {
    id: ParticipantId,
    eyes: Vec3,
    is_speaking: bool,
}

/// All avatars.
pub struct Cast {
    rig: Rig,
    looks: Vec<Look>,
    /// By their ids.
    actors: Vec<Actor>,
    /// Where the one who was shown last is in the list: the next is most often behind it.
    last: usize,
    /// Who is looked at in this frame.
    faces: Vec<Face>,
    /// Counts frames.
    turn: u32,
    /// What was known of people when they were asked about.
    news: Option<u64>,
    crowd: Crowd,
    scratch: Scratch,
    shadow: ContactShadow,
    /// Through whose eyes the picture is seen, and what they see of their hands.
    seen_by: Option<ParticipantId>,
    own_hands: [Vec<Mat4>; 2],
}

impl Cast {
    /// Uploads the avatars that come with the program.
    pub fn new(gpu: &Gpu, renderer: &mut Renderer) -> Result<Self, AvatarError> {
        let model = DecodedModel::decode(&Bytes::from_static(AVATARS), Decoding::default())?;
        let rig = Rig::new(model.document())?;
        let mut uploaded = Uploaded::default();
        while model.upload_piece(&mut uploaded, gpu, renderer)? != Progress::Done {}
        let document = model.document();
        let look = |meshes: &LookMeshes| Look {
            levels: meshes
                .meshes
                .map(|mesh| mesh.map_or_else(Vec::new, |at| pieces(document, &uploaded, at))),
            way: Way::of_look(&meshes.name),
        };
        let looks: Vec<_> = LookMeshes::of(document).iter().map(look).collect();
        if looks.is_empty() {
            return Err(AvatarError::NoLook);
        }
        let shadow = ContactShadow::new(gpu, renderer)?;
        let pieces =
            looks.iter().map(|look: &Look| [Level::Middle, Level::Far].map(|level| look.pieces(level)));
        let crowd = Crowd::new(gpu, renderer, &rig, pieces)?;
        let (actors, faces, scratch) = (Vec::new(), Vec::new(), Scratch::default());
        let (seen_by, own_hands) = (None, Default::default());
        let (last, turn, news) = (0, 0, None);
        Ok(Self { rig, looks, actors, last, faces, turn, news, crowd, scratch, shadow, seen_by, own_hands })
    }

    /// Begins a frame: who is not shown again before [`Self::retire`] leaves the scene.
    pub fn begin(&mut self) {
        self.faces.clear();
        for actor in &mut self.actors {
            actor.is_seen = false;
            self.crowd.promote(&mut actor.rank, actor.figure.limbs());
            // Whoever is one of a crowd is too far away to be looked at, but heard.
            if actor.rank.is_individual() || actor.is_speaking {
                let eyes = actor.pose.head_in_building().position;
                self.faces.push(Face { id: actor.id, eyes, is_speaking: actor.is_speaking });
            }
        }
    }

    /// Hears how often news of people came; whether there are some since the last frame.
    pub fn hear_of_news(&mut self, revision: u64) -> bool {
        self.news.replace(revision) != Some(revision)
    }

    /// What was known of somebody in the last frame: the looks, and whether they ask for the floor.
    pub fn known(&self, id: ParticipantId) -> Option<(Appearance, bool)> {
        let actor = self.actors.get(self.last + 1).filter(|actor| actor.id == id)?;
        Some((actor.appearance, actor.raised_hand))
    }

    /// Through whose eyes the next picture is seen: of them it has no more than the hands.
    pub fn see_by(&mut self, own: Option<ParticipantId>) {
        self.seen_by = own;
    }

    /// Shows a body in this frame.
    pub fn show(&mut self, id: ParticipantId, pose: &BodyPose, bearing: Bearing, dt: f32) {
        let Bearing { appearance, raised_hand, is_speaking, loudness, light, curls } = bearing;
        let place = self.place_of(id, pose);
        self.last = place;
        let actor = &mut self.actors[place];
        actor.pose = *pose;
        actor.appearance = appearance;
        actor.raised_hand = raised_hand;
        actor.is_speaking = is_speaking;
        actor.loudness = loudness;
        actor.is_seen = true;
        actor.light = light.or(actor.light);
        actor.curls = curls;
        actor.unformed += dt;
        // Who has a skeleton is followed in every frame that shows them.
        let is_followed_closely = actor.rank.is_individual() && actor.is_in_view;
        let step = if is_followed_closely { Some(actor.pace.step(dt)) } else { actor.pace.advance(dt) };
        if let Some(dt) = step {
            actor.follow(&self.rig, &self.looks, dt);
        }
    }

    /// Where somebody is in the list; they come in if they are not there.
    fn place_of(&mut self, id: ParticipantId, pose: &BodyPose) -> usize {
        let is_next = |place: &usize| self.actors.get(*place).is_some_and(|actor| actor.id == id);
        if let Some(place) = [self.last + 1, self.last].into_iter().find(is_next) {
            return place;
        }
        match self.actors.binary_search_by_key(&id, |actor| actor.id) {
            Ok(place) => place,
            Err(place) => {
                let mut figure = Box::new(Figure::new(id.0));
                let rank = self.crowd.admit(figure.limbs());
                let actor = Actor {
                    id,
                    figure,
                    pose: *pose,
                    appearance: Appearance::default(),
                    raised_hand: false,
                    curls: [None; 2],
                    is_speaking: false,
                    loudness: 0.0,
                    level: Level::default(),
                    rank,
                    shape: SharedShape::default(),
                    pace: Pace::of(id),
                    unformed: 0.0,
                    is_seen: true,
                    is_in_view: true,
                    comes_into_view: false,
                    opacity: 1.0,
                    light: None,
                };
                self.actors.insert(place, actor);
                place
            }
        }
    }

    /// Lets the light of where they stand fall on everybody, or none where nothing is known. It changes softly, also where two
    /// rooms meet; whoever is one of a crowd has it renewed now and then.
    pub fn light_up(&mut self, at: impl Fn(Vec3) -> Option<PlaceLight>, dt: f32) {
        self.turn = self.turn.wrapping_add(1);
        let part = |frames: f32| 1.0 - (-LIGHT_CHANGES * dt * frames).exp();
        let parts = [part(1.0), part(LIGHT_TURNS as f32)];
        for actor in &mut self.actors {
            let is_one_of_many = !actor.rank.is_individual() && actor.light.is_some();
            if is_one_of_many && self.turn.wrapping_add(actor.id.0) % LIGHT_TURNS != 0 {
                continue;
            }
            let light = at(actor.pose.root);
            let part = parts[usize::from(is_one_of_many)];
            actor.light = actor.light.zip(light).map(|(from, to)| from.mixed(&to, part)).or(light);
        }
    }

    /// Ends a frame.
    pub fn retire(&mut self) {
        let crowd = &mut self.crowd;
        self.actors.retain_mut(|actor| {
            if !actor.is_seen {
                crowd.dismiss(actor.rank, actor.figure.limbs());
            }
            actor.is_seen
        });
    }

    /// Lets those fade who come closer than a personal distance to where this person stands.
    pub fn fade_around(&mut self, own: Option<(ParticipantId, Vec3)>) {
        for actor in self.actors.iter_mut().filter(|actor| actor.rank.is_individual()) {
            let here = own.filter(|(own, _)| *own != actor.id).map(|(_, here)| here);
            actor.opacity = here.map_or(1.0, |here| opacity_at(actor.pose.root, here));
        }
    }

    /// Works out the limbs of everybody who is in view: with a skeleton of their own, or by a pose of the crowd's table. Must
    /// run after everybody was shown, and after [`Self::choose_levels`].
    pub fn gather(&mut self, gpu: &Gpu, renderer: &Renderer) {
        self.crowd.begin();
        self.own_hands.iter_mut().for_each(Vec::clear);
        let Self { actors, looks, faces, rig, scratch, crowd, .. } = self;
        for actor in actors.iter_mut().filter(|actor| actor.is_in_view) {
            if actor.comes_into_view {
                let missed = actor.pace.step(0.0);
                actor.follow(rig, looks, missed);
            }
            match actor.rank.is_individual() {
                true => actor.form_limbs(rig, looks, faces, scratch),
                false => crowd.add(actor, look_of(actor.appearance, looks), rig, scratch, (gpu, renderer)),
            }
        }
        let is_own = |actor: &&Actor| Some(actor.id) == self.seen_by && actor.is_in_view;
        for (side, kept) in self.own_hands.iter_mut().enumerate() {
            let own = self.actors.iter().find(is_own);
            if let Some((actor, hand)) = own.and_then(|actor| Some((actor, actor.pose.hands[side]?))) {
                own_hands::keep_one(&self.rig, side, wrist_of(&hand).position, actor.figure.skin(), kept);
            }
        }
    }

    /// Chooses who is drawn and how finely, and who has a skeleton from the next frame on, by what a picture shows of them.
    pub fn choose_levels(&mut self, sight: Sight<'_>) {
        self.crowd.begin_ranking();
        for actor in &mut self.actors {
            let metres = actor.pose.head_in_building().position.distance(sight.eye).max(0.1);
            let pixels = FIGURE_METRES / metres / sight.radians_per_pixel.max(1e-6);
            actor.level = actor.level.next(pixels);
            let [low, high] = crowd::reach_of(&actor.pose);
            let was_in_view = actor.is_in_view;
            actor.is_in_view = sight.frusta.iter().any(|frustum| frustum.may_see_box(low, high));
            actor.comes_into_view = actor.is_in_view && !was_in_view;
            actor.pace.follow_view(actor.is_in_view, pixels);
            let has_hands = actor.pose.hands.iter().any(Option::is_some);
            self.crowd.see(&mut actor.rank, pixels, has_hands);
        }
        self.crowd.rank(self.actors.iter_mut().map(|actor| &mut actor.rank));
    }

    /// Appends the soft shadows at the feet of those who are asked for.
    pub fn append_shadows(&self, of: impl Fn(ParticipantId) -> bool, draws: &mut Vec<Draw>) {
        let has_shadow = |actor: &&Actor| actor.rank.has_shadow() && actor.opacity >= 1.0 && of(actor.id);
        let actors = self.actors.iter().filter(has_shadow);
        draws.extend(actors.map(|actor| self.shadow.draw(&actor.pose)));
    }

    /// Appends the crowd's draws.
    pub fn append_crowds<'a>(&'a self, draws: &mut Vec<CrowdDraw<'a>>) {
        self.crowd.append_draws(draws);
    }

    /// Appends the draws of those who are asked for; object ids are participants' ids, and heads are marked in them. Of whom
    /// [`Self::see_by`] names there are the hands alone.
    pub fn append_draws<'a>(&'a self, of: impl Fn(ParticipantId) -> bool, draws: &mut Vec<SkinnedDraw<'a>>) {
        let is_drawn = |actor: &&Actor| {
            actor.rank.is_individual() && actor.is_in_view && actor.opacity > 0.0 && of(actor.id)
        };
        for actor in self.actors.iter().filter(is_drawn) {
            if Some(actor.id) == self.seen_by {
                let hands = self.own_hands.iter().filter(|hand| !hand.is_empty());
                hands.for_each(|hand| self.append_figure(actor, hand, draws));
            } else {
                self.append_figure(actor, actor.figure.skin(), draws);
            }
        }
    }

    fn append_figure<'a>(&'a self, actor: &'a Actor, joints: &'a [Mat4], draws: &mut Vec<SkinnedDraw<'a>>) {
        let root = actor.pose.building_from_root();
        let world_from_model = Mat4::from_rotation_translation(root.orientation, root.position);
        let look = &self.looks[LookMeshes::place(actor.appearance, self.looks.len())];
        // Who has just come near has no fingers before the next frame.
        let level =
            if actor.figure.has_fingers(&self.rig) { actor.level } else { actor.level.max(Level::Middle) };
        draws.extend(look.pieces(level).iter().map(|piece| SkinnedDraw {
            mesh: piece.mesh,
            material: piece.material,
            world_from_model,
            joints,
            tint: piece.part.tint(piece.own, actor.appearance).extend(actor.opacity),
            object_id: actor.id.0,
            marked_joints: self.rig.head_joints(),
            light: actor.light,
        }));
    }
}

/// The eyes of whom somebody listens to or talks with, in that body's frame: whoever speaks, or the nearest before
/// the face.
fn partner_of(faces: &[Face], id: ParticipantId, pose: &BodyPose) -> Option<Vec3> {
    let others = faces.iter().filter(|other| other.id != id);
    let eyes = looked_at(pose.head_in_building(), others.map(|other| (other.eyes, other.is_speaking)))?;
    Some(Quat::from_rotation_y(-pose.yaw) * (eyes - pose.root))
}

/// Which of these eyes are looked at: the nearest of those who speak, or else the nearest in conversation.
fn looked_at(head: RigidPose, others: impl Iterator<Item = (Vec3, bool)>) -> Option<Vec3> {
    let ahead = head.orientation * Vec3::NEG_Z;
    let seen = others.filter_map(|(eyes, is_speaking)| {
        let way = eyes - head.position;
        let (metres, toward) = (way.length(), way.dot(ahead));
        let is_heard = is_speaking && metres < HEARING_METRES && toward > SPEAKER_ASIDE * metres;
        let is_met = metres < CONVERSATION_METRES && toward > PARTNER_ASIDE * metres;
        (is_heard || is_met).then_some((!is_heard, metres, eyes))
    });
    let (_, _, eyes) = seen.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))?;
    Some(eyes)
}

/// How much is seen of somebody who stands there, from here.
fn opacity_at(there: Vec3, here: Vec3) -> f32 {
    let away = there - here;
    if away.y.abs() > STOREY_METRES {
        return 1.0;
    }
    let (begins, gone) = PERSONAL_METRES;
    let part = ((Vec2::new(away.x, away.z).length() - gone) / (begins - gone)).clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}

impl Look {
    /// The pieces of a level, or of the next finer one that there is.
    fn pieces(&self, level: Level) -> &[Piece] {
        let finer = Level::ALL.iter().rev().skip_while(|other| **other > level);
        finer
            .map(|level| &self.levels[*level as usize])
            .find(|pieces| !pieces.is_empty())
            .map_or(&[], Vec::as_slice)
    }
}

fn pieces(document: &Document, uploaded: &Uploaded, mesh: usize) -> Vec<Piece> {
    let made = uploaded.primitives(mesh).iter().zip(&document.meshes[mesh].primitives);
    let piece = |(made, primitive): (&Option<(MeshId, MaterialId)>, &venue_package::gltf::Primitive)| {
        let (mesh, material) = (*made)?;
        let source = primitive.material.and_then(|index| document.materials.get(index));
        let part = source.map_or(Part::Other, |source| Part::of_material(&source.name));
        let own = source.map_or(Vec3::ONE, |source| source.base_color.truncate());
        Some(Piece { mesh, material, part, own })
    };
    made.filter_map(piece).collect()
}

/// A skeleton with a walk for tests: boxes have no say in where joints are.
#[cfg(test)]
mod popping_tests;

#[cfg(test)]
pub fn stick_figure() -> Rig {
    tests::stick_figure()
}

#[cfg(test)]
mod tests {
    use super::rig::Rig;
    use crate::core::own_body::{LOOKS, WHEELCHAIR_LOOK};
    use glam::{Mat4, Quat, Vec3, Vec4};
    use venue_model::RigidPose;
    use venue_package::gltf::{
        Animation, Channel, Document, Interpolation, Limits, Node, Property, Skin, Transform,
    };

    /// Name, parent, place in the world; the file looks along +z, so left is +x.
    const BONES: [(&str, usize, [f32; 3]); 17] = [
        ("hips", 0, [0.0, 0.95, 0.0]),
        ("spine", 0, [0.0, 1.1, 0.0]),
        ("neck", 1, [0.0, 1.48, 0.0]),
        ("head", 2, [0.0, 1.56, 0.0]),
        ("eyes", 3, [0.0, 1.65, 0.1]),
        ("upper_arm.L", 1, [0.18, 1.42, 0.0]),
        ("forearm.L", 5, [0.20, 1.14, 0.0]),
        ("hand.L", 6, [0.21, 0.88, 0.02]),
        ("upper_arm.R", 1, [-0.18, 1.42, 0.0]),
        ("forearm.R", 8, [-0.20, 1.14, 0.0]),
        ("hand.R", 9, [-0.21, 0.88, 0.02]),
        ("thigh.L", 0, [0.09, 0.92, 0.0]),
        ("shin.L", 11, [0.09, 0.50, 0.02]),
        ("foot.L", 12, [0.09, 0.08, 0.0]),
        ("thigh.R", 0, [-0.09, 0.92, 0.0]),
        ("shin.R", 14, [-0.09, 0.50, 0.02]),
        ("foot.R", 15, [-0.09, 0.08, 0.0]),
    ];

    #[test]
    fn who_speaks_is_looked_at_before_who_is_near() {
        let head = RigidPose { position: Vec3::Y * 1.65, orientation: Quat::IDENTITY };
        let near = head.position + Vec3::new(0.3, 0.0, -1.5);
        let far = head.position + Vec3::new(-3.0, 0.0, -5.0);
        let seen = |far_speaks: bool| super::looked_at(head, [(near, false), (far, far_speaks)].into_iter());
        assert_eq!((seen(false), seen(true)), (Some(near), Some(far)));
        let alone = |eyes: Vec3, speaks: bool| super::looked_at(head, std::iter::once((eyes, speaks)));
        assert_eq!(alone(far, false), None, "too far for a conversation");
        assert_eq!(alone(head.position + Vec3::Z * 2.0, true), None, "behind the back");
        assert_eq!(alone(head.position - Vec3::Z * 13.0, true), None, "out of hearing");
    }

    #[test]
    fn who_comes_too_close_fades_smoothly_and_nobody_else() {
        let at = |x: f32, y: f32| super::opacity_at(Vec3::new(x, y, 0.0), Vec3::ZERO);
        assert_eq!((at(0.7, 0.0), at(5.0, 0.0), at(0.3, 0.0)), (1.0, 1.0, 0.0));
        assert!((at(0.55, 0.0) - 0.5).abs() < 1e-3);
        assert_eq!(at(0.1, 3.0), 1.0, "on the floor above");
        let steps: Vec<f32> = (0..100).map(|n| at(n as f32 * 0.01, 0.0)).collect();
        assert!(steps.windows(2).all(|pair| pair[1] >= pair[0] && pair[1] - pair[0] < 0.06));
    }

    pub(super) fn stick_figure() -> Rig {
        let mut document = Document::default();
        for (index, (name, parent, place)) in BONES.iter().enumerate() {
            let place = Vec3::from(*place);
            let parent = (index > 0).then_some(*parent);
            let origin = parent.map_or(Vec3::ZERO, |parent| Vec3::from(BONES[parent].2));
            let local = Transform { translation: place - origin, ..Transform::default() };
            let world = Mat4::from_translation(place);
            document.nodes.push(Node { name: (*name).into(), parent, local, world, ..Node::default() });
        }
        let inverse_bind = document.nodes.iter().map(|node| node.world.inverse()).collect();
        document.skins.push(Skin { name: String::new(), joints: (0..BONES.len()).collect(), inverse_bind });
        document.animations.push(walk());
        Rig::new(&document).unwrap()
    }

    /// Thighs swing so that the foot on the floor goes back at an even speed; knees lift the foot that comes.
    fn walk() -> Animation {
        let turns = |node: usize, phase: f32, knee: bool| {
            let keys = 0..=32;
            let angle = |key: i32| {
                let part = (key as f32 / 32.0 + phase).rem_euclid(1.0);
                let swing = if part < 0.5 { 0.4 - 1.6 * part } else { -0.4 + 1.6 * (part - 0.5) };
                let lift = if part < 0.5 { 0.0 } else { (std::f32::consts::TAU * (part - 0.5)).sin() };
                if knee { 0.9 * lift } else { -swing - 0.35 * lift }
            };
            let values = keys.clone().map(|key| Vec4::from(Quat::from_rotation_x(angle(key)))).collect();
            Channel {
                node,
                property: Property::Rotation,
                interpolation: Interpolation::Linear,
                times: keys.map(|key| key as f32 / 32.0).collect(),
                values,
            }
        };
        let channels =
            vec![turns(11, 0.0, false), turns(12, 0.0, true), turns(14, 0.5, false), turns(15, 0.5, true)];
        Animation { name: "Walk".into(), channels }
    }

    /// The avatar that comes with the program.
    pub fn own_avatar() -> Rig {
        Rig::new(&Document::read(super::AVATARS, &Limits::CLIENT).unwrap()).unwrap()
    }

    #[test]
    fn a_skeleton_is_measured() {
        let rig = stick_figure();
        assert!((rig.legs[0].upper_metres - 0.42).abs() < 0.01);
        assert!(rig.walk_speed > 0.7 && rig.walk_speed < 2.5, "{}", rig.walk_speed);
    }

    #[test]
    fn the_avatar_of_the_program_is_a_humanoid_with_its_clips() {
        let document = venue_package::gltf::Document::read(super::AVATARS, &Limits::CLIENT).unwrap();
        let rig = Rig::new(&document).unwrap();
        for name in ["Idle", "Walk", "Sit"] {
            assert!(document.animations.iter().any(|clip| clip.name == name), "{name} is missing");
        }
        assert!(rig.joints.len() <= wgpu_renderer::MAX_JOINTS);
        assert!([rig.eyes, rig.lids, rig.wheels].iter().flatten().all(Option::is_some));
        assert_eq!(rig.parents[rig.jaw.expect("a jaw")], Some(rig.head));
        assert!((0.8..2.5).contains(&rig.walk_speed), "{}", rig.walk_speed);
    }

    #[test]
    fn every_look_keeps_to_its_triangles_and_comes_in_three_levels() {
        let document = Document::read(super::AVATARS, &Limits::CLIENT).unwrap();
        let looks = super::LookMeshes::of(&document);
        assert_eq!(looks.len(), usize::from(LOOKS));
        let wheelchair = &looks[usize::from(WHEELCHAIR_LOOK)];
        assert_eq!(super::Way::of_look(&wheelchair.name), super::Way::Rolls);
        assert_eq!(
            looks.iter().filter(|look| super::Way::of_look(&look.name) == super::Way::Rolls).count(),
            1
        );
        for look in looks {
            for (mesh, most) in look.meshes.iter().zip([8_000, 2_000, 500]) {
                let mesh = &document.meshes[mesh.expect("a level is missing")];
                let triangles: usize = mesh.primitives.iter().map(|part| part.indices.len() / 3).sum();
                assert!((most / 4..=most).contains(&triangles), "{}: {triangles} of {most}", look.name);
            }
        }
        assert!(super::AVATARS.len() < 5 << 20, "{} bytes", super::AVATARS.len());
    }
}
