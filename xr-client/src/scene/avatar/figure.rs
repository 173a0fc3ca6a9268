//! One avatar's movement: clips blended by how the body moves, then bent so that head and hands are exactly
//! where the body's pose says and the feet stay where the clips put them.
//!
//! It must not know the network or the GPU; it turns poses into joint matrices.

use super::clip::{Local, mixed, nlerp};
use super::fingers::{Curls, HandPose, HandShape, Hands};
use super::gesture::{bow_of, hands_of, nod_of, raised_hand, shapes_of};
use super::ik::{bend, bend_arm, elbow_side, turn_between, turned_bone};
use super::life::Life;
use super::mouth::Mouth;
use super::pose_key::PoseKey;
use super::rig::{Globals, Limb, NECK_SHARE, Rig};
use glam::{Mat4, Quat, Vec3};
use std::f32::consts::{PI, TAU};
use venue_model::body::{SEATED_EYE_HEIGHT, STANDING_EYE_HEIGHT, WHEELCHAIR_EYE_HEIGHT};
use venue_model::{BodyPose, Gesture, Posture, RigidPose, SeatId};

/// Slower than this one stands, metres a second.
const STILL_SPEED: f32 = 0.08;

/// From this speed on the walk is shown whole, metres a second.
const FULL_SPEED: f32 = 0.7;

/// A farther way in one frame is a jump, metres.
const JUMP_METRES: f32 = 1.0;

/// How quickly clips cross-fade, 1/s.
const FADE: f32 = 6.0;

/// How quickly a gesture and a raised hand come and go, 1/s.
const GESTURE_FADE: f32 = 4.5;

/// Radius of the wheelchair's wheels and half their distance, metres.
const WHEEL_RADIUS: f32 = 0.305;
const HALF_TRACK: f32 = 0.285;

/// Who turns this fast steps at the walking clip's own pace, radians a second.
const TURN_FOR_STEPS: f32 = 2.0;

/// From the wrist to the middle of the palm, metres.
const PALM_FROM_WRIST: f32 = 0.085;

/// How much of the walking clip is seen in steps on the spot.
const STEPPING: f32 = 0.40;

/// Whose seat is so much higher than a chair has feet that begin to leave the floor, and higher than that has them on
/// the foot ring of a stool; metres.
const FEET_LEAVE: f32 = 0.12;
const FEET_ON_RING: f32 = 0.24;

/// Where the ankles are on the foot ring: so far above the floor, and so far before the middle of the seat; metres.
const RING_ANKLES: (f32, f32) = (0.345, -0.235);

/// How far behind a seat the wheelchair of whoever moved over to it stands, metres.
const PARKED_BEHIND: f32 = 0.95;

/// A wheelchair's user whose head is farther than this from where the chair has it, metres, comes from a program that
/// does not know the chair.
const STRANGE_HEAD: f32 = 0.25;

/// How a look gets about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// On feet.
    #[default]
    Walks,
    /// In a wheelchair.
    Rolls,
}

impl Way {
    /// The way of a look by its name.
    pub fn of_look(name: &str) -> Self {
        if name.contains("wheelchair") { Self::Rolls } else { Self::Walks }
    }
}

/// What a figure shows in a frame.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Where root, head and hands are.
    pub body: &'a BodyPose,
    /// How the look gets about.
    pub way: Way,
    /// Whether the person asks for the floor.
    pub raised_hand: bool,
    /// What the eyes look at, in the root's frame.
    pub gaze: Option<Vec3>,
    /// Fingers that are tracked, left and right.
    pub curls: [Option<Curls>; 2],
    /// How loud the voice is, 0 to 1.
    pub loudness: f32,
    /// Whether it is drawn so finely that fingers and lips are seen.
    pub is_near: bool,
}

impl<'a> Shown<'a> {
    /// A body on its feet that looks ahead.
    pub fn plain(body: &'a BodyPose) -> Self {
        let (way, curls) = (Way::Walks, [None; 2]);
        Self { body, way, raised_hand: false, gaze: None, curls, loudness: 0.0, is_near: true }
    }
}

/// Buffers that all figures share while they are posed.
#[derive(Default)]
pub struct Scratch {
    locals: Vec<Local>,
    globals: Globals,
}

/// What is worked out for whoever has a skeleton of their own; others lend it on.
#[derive(Clone, Debug, Default)]
pub struct Limbs {
    skin: Vec<Mat4>,
    hands: Hands,
}

/// One avatar's movement.
#[derive(Clone, Debug)]
pub struct Figure {
    limbs: Limbs,
    walk_phase: f32,
    idle_phase: f32,
    walking: f32,
    sitting: f32,
    /// Smoothed speed along the facing direction, metres a second.
    speed: f32,
    last_root: Option<Vec3>,
    last_yaw: f32,
    /// Smoothed rate of turning, radians a second.
    turning: f32,
    /// How far the wheels have turned, radians.
    wheels: [f32; 2],
    /// The gesture that is shown, or was shown last and fades.
    gesture: Gesture,
    gesture_secs: f32,
    gesture_weight: f32,
    raised: f32,
    life: Life,
    mouth: Mouth,
}

impl Figure {
    /// A figure that stands; `seed` keeps a crowd from breathing in step.
    pub fn new(seed: u32) -> Self {
        Self {
            limbs: Limbs::default(),
            walk_phase: 0.0,
            idle_phase: (seed.wrapping_mul(2_654_435_761) >> 16) as f32 * 1e-3,
            walking: 0.0,
            sitting: 0.0,
            speed: 0.0,
            last_root: None,
            last_yaw: 0.0,
            turning: 0.0,
            wheels: [0.0; 2],
            gesture: Gesture::None,
            gesture_secs: 0.0,
            gesture_weight: 0.0,
            raised: 0.0,
            life: Life::new(seed),
            mouth: Mouth::new(seed),
        }
    }

    /// The joint matrices in the root's frame, after [`Self::pose`]; without fingers unless it was near.
    pub fn skin(&self) -> &[Mat4] {
        &self.limbs.skin
    }

    /// Moves on by `dt` seconds to this pose.
    pub fn pose(&mut self, rig: &Rig, scratch: &mut Scratch, shown: Shown<'_>, dt: f32) {
        self.follow(rig, shown, dt);
        self.form_limbs(rig, scratch, shown, dt);
    }

    /// Works out where the limbs are after [`Self::follow`], `dt` seconds after the last time.
    pub fn form_limbs(&mut self, rig: &Rig, scratch: &mut Scratch, shown: Shown<'_>, dt: f32) {
        let head = shown.body.head;
        let aim = shown.gaze.map(|point| head.orientation.inverse() * (point - head.position));
        self.life.advance(aim, dt);
        match shown.is_near {
            true => self.mouth.advance(shown.loudness, dt),
            false => self.mouth.rest(),
        }
        self.form(rig, scratch, shown);
        if shown.is_near {
            let poses = self.hand_poses(shown);
            let Limbs { skin, hands } = &mut self.limbs;
            hands.advance(&rig.fingers, poses, dt);
            rig.fingers.append(hands, &mut scratch.globals, skin);
        } else {
            self.limbs.hands.rest();
        }
    }

    /// Works out the skin of what it does now, without fingers.
    fn form(&mut self, rig: &Rig, scratch: &mut Scratch, shown: Shown<'_>) {
        self.blend(rig, scratch, shown.way);
        self.enliven(rig, scratch);
        rig.solve(&scratch.locals, &mut scratch.globals);
        self.bend_to(rig, scratch, shown);
        self.limbs.make_room(rig);
        self.limbs.skin.extend(rig.body_joints().iter().map(|(node, inverse_bind)| {
            let globals = &scratch.globals;
            Mat4::from_rotation_translation(globals.rotations[*node], globals.positions[*node])
                * *inverse_bind
        }));
    }

    /// What it does now, in the steps in which a crowd is shown.
    pub fn key(&self, rig: &Rig, shown: Shown<'_>) -> PoseKey {
        let steps = |part: f32, count: u8| (part.clamp(0.0, 1.0) * f32::from(count)).round() as u8;
        let sitting = steps(self.sitting, PoseKey::SITTING);
        let rolls = shown.way == Way::Rolls;
        let walking = if rolls { 0 } else { steps(self.walking, PoseKey::WALKING) };
        let raised = steps(self.raised, PoseKey::RAISED);
        let weight = steps(self.gesture_weight, PoseKey::WEIGHTS);
        let is_busy = raised > 0 || weight > 0 || (1..PoseKey::SITTING).contains(&sitting);
        let resting = match (rolls, sitting) {
            (_, PoseKey::SITTING) => &rig.sit,
            (true, _) => &rig.roll,
            (false, _) => &rig.idle,
        };
        let step = match walking {
            0 if is_busy => 0,
            0 => PoseKey::step_of(self.idle_phase.rem_euclid(resting.secs()), PoseKey::RESTS_A_SEC),
            _ => PoseKey::step_of(self.walk_phase, PoseKey::WALKS_A_SEC),
        };
        let seat = match sitting {
            0 => 0,
            _ => PoseKey::seat_of(shown.body.head.position.y),
        };
        let gesture_step =
            if weight > 0 { PoseKey::gesture_step_of(self.gesture, self.gesture_secs) } else { 0 };
        let gesture = if weight > 0 { self.gesture } else { Gesture::None };
        PoseKey { rolls, sitting, seat, walking, step, raised, gesture, gesture_step, weight }
    }

    /// Takes the shape that a key says, its head ahead; what the head turns about, in the root's frame.
    pub fn take_shape(&mut self, key: PoseKey, rig: &Rig, scratch: &mut Scratch) -> Vec3 {
        let part = |step: u8, count: u8| f32::from(step) / f32::from(count);
        self.sitting = part(key.sitting, PoseKey::SITTING);
        self.walking = part(key.walking, PoseKey::WALKING);
        self.raised = part(key.raised, PoseKey::RAISED);
        (self.walk_phase, self.idle_phase) = match key.walking {
            0 => (0.0, f32::from(key.step) / PoseKey::RESTS_A_SEC),
            _ => (f32::from(key.step) / PoseKey::WALKS_A_SEC, 0.0),
        };
        self.gesture = key.gesture;
        self.gesture_secs = f32::from(key.gesture_step) / PoseKey::GESTURES_A_SEC;
        self.gesture_weight = part(key.weight, PoseKey::WEIGHTS);
        let mut body = BodyPose::standing(Vec3::ZERO, 0.0);
        if key.sitting > 0 {
            body.posture = Posture::Seated(SeatId(0));
            body.head.position.y = key.eye_height();
        } else if key.rolls {
            body.head.position.y = WHEELCHAIR_EYE_HEIGHT;
        }
        let way = if key.rolls { Way::Rolls } else { Way::Walks };
        self.form(rig, scratch, Shown { way, is_near: false, ..Shown::plain(&body) });
        scratch.globals.positions[rig.head]
    }

    /// Takes or gives back what only a skeleton of one's own needs.
    pub fn limbs(&mut self) -> &mut Limbs {
        &mut self.limbs
    }

    /// Whether [`Self::skin`] has every joint.
    pub fn has_fingers(&self, rig: &Rig) -> bool {
        self.limbs.skin.len() == rig.joints.len()
    }

    fn hand_poses(&self, shown: Shown<'_>) -> [HandPose; 2] {
        let shapes = self.hand_shapes(shown);
        [0, 1].map(|side| shown.curls[side].map_or(HandPose::Shape(shapes[side]), HandPose::Tracked))
    }

    fn hand_shapes(&self, shown: Shown<'_>) -> [HandShape; 2] {
        // Hands of who sits lie on the knees.
        let sits = shown.way == Way::Rolls || self.sitting > 0.5;
        let at_rest = if sits { HandShape::Flat } else { HandShape::Relaxed };
        let made = if self.gesture_weight > 0.25 { shapes_of(self.gesture) } else { [None; 2] };
        let mut shapes = made.map(|shape| shape.unwrap_or(at_rest));
        if self.raised > 0.25 {
            shapes[1] = HandShape::Open;
        }
        for (shape, hand) in shapes.iter_mut().zip(shown.body.hands) {
            *shape = if hand.is_some() { HandShape::Relaxed } else { *shape };
        }
        shapes
    }

    /// Moves on by `dt` seconds, without working out where the limbs are.
    pub fn follow(&mut self, rig: &Rig, shown: Shown<'_>, dt: f32) {
        let body = shown.body;
        let is_new = self.last_root.is_none();
        let moved = body.root - self.last_root.replace(body.root).unwrap_or(body.root);
        let is_jump = moved.length() > JUMP_METRES;
        let ahead = Quat::from_rotation_y(body.yaw) * Vec3::NEG_Z;
        let flat = Vec3::new(moved.x, 0.0, moved.z);
        let speed = if dt > 0.0 && !is_jump { flat.length() / dt } else { 0.0 };
        let sign = if flat.dot(ahead) < -0.3 * flat.length() { -1.0 } else { 1.0 };
        self.speed += (speed * sign - self.speed) * (12.0 * dt).min(1.0);
        let is_seated = matches!(body.posture, Posture::Seated(_));
        let walking = ((self.speed.abs() - STILL_SPEED) / (FULL_SPEED - STILL_SPEED)).clamp(0.0, 1.0);
        let turned = if is_new { 0.0 } else { (body.yaw - self.last_yaw + PI).rem_euclid(TAU) - PI };
        self.last_yaw = body.yaw;
        self.roll(turned, if is_jump { 0.0 } else { flat.dot(ahead) });
        // Who turns on the spot takes small steps instead of spinning on fixed feet.
        let turning = if dt > 0.0 && !is_jump { (turned.abs() / dt).min(4.0) } else { 0.0 };
        self.turning += (turning - self.turning) * (10.0 * dt).min(1.0);
        let stepping = (self.turning / TURN_FOR_STEPS).min(1.0) * STEPPING;
        let walking = if is_seated { 0.0 } else { walking.max(stepping) };
        approach(&mut self.walking, walking, FADE * 2.0 * dt);
        // Who is seen for the first time sits already.
        let fade = if is_new { 1.0 } else { FADE * dt };
        approach(&mut self.sitting, f32::from(u8::from(is_seated)), fade);
        self.idle_phase = (self.idle_phase + dt).rem_euclid(rig.idle.secs() * rig.sit.secs());
        // The clip runs as fast as the root moves, so that the foot on the floor stays where it is.
        let pace = if self.speed.abs() > STILL_SPEED {
            self.speed / rig.walk_speed
        } else {
            (self.turning / TURN_FOR_STEPS).min(1.0)
        };
        self.walk_phase = (self.walk_phase + pace * dt).rem_euclid(rig.walk.secs());
        self.follow_gesture(body.gesture, dt);
        approach(&mut self.raised, f32::from(u8::from(shown.raised_hand)), GESTURE_FADE * dt);
    }

    /// Turns the wheels as far as the floor passes below each of them.
    fn roll(&mut self, turned: f32, ahead: f32) {
        // Who turns left rolls backwards with the left wheel.
        for (wheel, side) in self.wheels.iter_mut().zip([-1.0, 1.0]) {
            *wheel = (*wheel + (ahead + side * turned * HALF_TRACK) / WHEEL_RADIUS).rem_euclid(TAU);
        }
    }

    fn follow_gesture(&mut self, gesture: Gesture, dt: f32) {
        let wanted = f32::from(u8::from(gesture != Gesture::None));
        if gesture != Gesture::None && gesture != self.gesture {
            self.gesture = gesture;
            self.gesture_secs = 0.0;
        } else {
            self.gesture_secs += dt;
        }
        approach(&mut self.gesture_weight, wanted, GESTURE_FADE * dt);
        if self.gesture_weight == 0.0 {
            self.gesture = Gesture::None;
        }
    }

    fn blend(&self, rig: &Rig, scratch: &mut Scratch, way: Way) {
        let at = |node: usize| {
            let mut local = match way {
                Way::Rolls => rig.roll.local(node, self.idle_phase),
                Way::Walks => rig.idle.local(node, self.idle_phase),
            };
            if self.walking > 0.0 && way == Way::Walks {
                local = mixed(&local, &rig.walk.local(node, self.walk_phase), self.walking);
            }
            if self.sitting > 0.0 {
                local = mixed(&local, &rig.sit.local(node, self.idle_phase), self.sitting);
            }
            local
        };
        if scratch.locals.len() != rig.rest.len() {
            scratch.locals.clone_from(&rig.rest);
        }
        for &node in &rig.order {
            scratch.locals[node] = at(node);
        }
        if let Some(chair) = rig.chair.filter(|_| way == Way::Rolls) {
            scratch.locals[chair].translation.z += PARKED_BEHIND * ease(self.sitting);
        }
    }

    /// Turns what no clip moves: eyes, lids, the jaw and wheels.
    fn enliven(&self, rig: &Rig, scratch: &mut Scratch) {
        let mut turn = |node: Option<usize>, by: Quat| {
            if let Some(local) = node.and_then(|node| scratch.locals.get_mut(node)) {
                local.rotation *= by;
            }
        };
        for side in [0, 1] {
            turn(rig.eyes[side], self.life.eyes());
            turn(rig.lids[side], self.life.lids());
            turn(rig.wheels[side], Quat::from_rotation_x(-self.wheels[side]));
        }
        turn(rig.jaw, self.mouth.jaw());
    }

    /// How far the feet are on the foot ring of a high seat, 0 to 1.
    fn on_ring(&self, body: &BodyPose) -> f32 {
        let higher = body.head.position.y - SEATED_EYE_HEIGHT;
        let part = ((higher - FEET_LEAVE) / (FEET_ON_RING - FEET_LEAVE)).clamp(0.0, 1.0);
        ease(part) * ease(self.sitting)
    }

    fn bend_to(&self, rig: &Rig, scratch: &mut Scratch, shown: Shown<'_>) {
        let body = shown.body;
        let feet = rig.legs.map(|leg| scratch.globals.positions[leg.end]);
        let foot_rotations = rig.legs.map(|leg| scratch.globals.rotations[leg.end]);
        let nod = nod_of(self.gesture, self.gesture_secs);
        let nod = Quat::IDENTITY.lerp(nod, self.gesture_weight);
        turn_head(rig, scratch, body.head.orientation * nod);
        let rolls = shown.way == Way::Rolls && self.sitting < 0.5;
        let eyes_now = eyes(rig, &scratch.globals);
        // Whoever rolls sits, whatever height the head of a standing body would have.
        let is_strange = rolls && body.head.position.distance(eyes_now) > STRANGE_HEAD;
        let head = if is_strange { eyes_now } else { body.head.position };
        shift_by(scratch, head - eyes_now);
        if !rolls {
            // A chair that stands behind is not moved by its user's head.
            let parked = [rig.chair, rig.wheels[0], rig.wheels[1]];
            parked.into_iter().flatten().for_each(|node| scratch.globals.positions[node] -= head - eyes_now);
        }
        let bow = bow_of(self.gesture, self.gesture_secs) * self.gesture_weight;
        if bow > 0.0 {
            let upright = scratch.globals.rotations[rig.spine];
            set_rotation(rig, scratch, rig.spine, Quat::from_rotation_x(-bow) * upright);
        }
        for (side, leg) in rig.legs.iter().enumerate().filter(|_| !rolls) {
            // Knees bend ahead and a little outwards.
            let outwards = if side == 0 { -0.15 } else { 0.15 };
            let pole = Vec3::new(outwards, 0.0, -1.0);
            let foot = feet[side].lerp(on_ring(feet[side]), self.on_ring(body));
            reach(rig, scratch, leg, foot, pole, Some(foot_rotations[side]));
        }
        // Gestures are made at the height of the shoulders, standing or seated.
        let below_standing = Vec3::Y * (head.y - STANDING_EYE_HEIGHT).min(0.0);
        let made = hands_of(self.gesture, self.gesture_secs);
        for (side, arm) in rig.arms.iter().enumerate() {
            let lowered = |hand: RigidPose| RigidPose { position: hand.position + below_standing, ..hand };
            if let Some(hand) = body.hands[side] {
                reach_with(rig, scratch, arm, side, &wrist_of(&hand), 1.0);
                continue;
            }
            if let Some(hand) = made[side].filter(|_| self.gesture_weight > 0.0) {
                reach_with(rig, scratch, arm, side, &lowered(hand), ease(self.gesture_weight));
            }
            if side == 1 && self.raised > 0.0 {
                reach_with(rig, scratch, arm, side, &lowered(raised_hand()), ease(self.raised));
            }
        }
    }
}

impl Limbs {
    /// Room for a skeleton's matrices, so that posing asks for no memory.
    pub fn make_room(&mut self, rig: &Rig) {
        self.skin.clear();
        self.skin.reserve(rig.joints.len());
        self.hands.reserve(&rig.fingers);
    }
}

/// Where a foot is on the ring of a stool.
fn on_ring(foot: Vec3) -> Vec3 {
    let (above, ahead) = RING_ANKLES;
    Vec3::new(foot.x, above, ahead)
}

/// A hand's pose is its palm's, the fingers along -y and the thumb along -z, as OpenXR has grips; bones end at the wrist.
pub fn wrist_of(palm: &RigidPose) -> RigidPose {
    RigidPose { position: palm.position + palm.orientation * Vec3::Y * PALM_FROM_WRIST, ..*palm }
}

/// Brings an arm this part of the way from how it is to where its hand has a pose. Bones are turned from the pose of the
/// file, and not from how a clip happens to have them: else they twist where the two are opposite.
fn reach_with(rig: &Rig, scratch: &mut Scratch, arm: &Limb, side: usize, hand: &RigidPose, part: f32) {
    let outwards = if side == 0 { -1.0 } else { 1.0 };
    let shoulder = scratch.globals.positions[arm.upper];
    let found = bend_arm(shoulder, arm.upper_metres, arm.lower_metres, hand.position, outwards);
    let elbow = found.bend.middle;
    for (node, child, along) in
        [(arm.upper, arm.lower, elbow - shoulder), (arm.lower, arm.end, found.bend.end - elbow)]
    {
        let first = rig.rest_rotations[node];
        let first_along = first * rig.rest[child].translation;
        let first_hinge = first_along.cross(elbow_side(first_along.normalize_or(Vec3::NEG_Y), outwards));
        let wanted = turned_bone(first, first_along, first_hinge, along, found.hinge);
        let rotation = nlerp(scratch.globals.rotations[node], wanted, part);
        set_rotation(rig, scratch, node, rotation);
    }
    let wanted = hand.orientation * rig.rest_rotations[arm.end];
    let rotation = nlerp(scratch.globals.rotations[arm.end], wanted, part);
    set_rotation(rig, scratch, arm.end, rotation);
}

/// 0 to 1, soft at both ends.
fn ease(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// Where the point between the eyes is after posing, in the root's frame.
fn eyes(rig: &Rig, globals: &Globals) -> Vec3 {
    globals.positions[rig.head] + globals.rotations[rig.head] * rig.eyes_in_head
}

fn turn_head(rig: &Rig, scratch: &mut Scratch, orientation: Quat) {
    if rig.neck != rig.head {
        let wanted = orientation * rig.rest_rotations[rig.neck];
        let rotation = nlerp(scratch.globals.rotations[rig.neck], wanted, NECK_SHARE);
        set_rotation(rig, scratch, rig.neck, rotation);
    }
    set_rotation(rig, scratch, rig.head, orientation * rig.rest_rotations[rig.head]);
}

/// Moves the whole figure.
fn shift_by(scratch: &mut Scratch, shift: Vec3) {
    for position in &mut scratch.globals.positions {
        *position += shift;
    }
}

/// Bends a limb to a target, and turns its end if a rotation is given.
fn reach(rig: &Rig, scratch: &mut Scratch, limb: &Limb, target: Vec3, pole: Vec3, end: Option<Quat>) {
    let globals = &scratch.globals;
    let root = globals.positions[limb.upper];
    let found = bend(root, limb.upper_metres, limb.lower_metres, target, pole);
    let upper_turn = turn_between(globals.positions[limb.lower] - root, found.middle - root);
    set_rotation(rig, scratch, limb.upper, upper_turn * globals.rotations[limb.upper]);
    let globals = &scratch.globals;
    let middle = globals.positions[limb.lower];
    let lower_turn = turn_between(globals.positions[limb.end] - middle, found.end - middle);
    set_rotation(rig, scratch, limb.lower, lower_turn * globals.rotations[limb.lower]);
    if let Some(rotation) = end {
        set_rotation(rig, scratch, limb.end, rotation);
    }
}

/// Turns a node to a rotation in the root's frame and takes along everything that hangs on it.
fn set_rotation(rig: &Rig, scratch: &mut Scratch, node: usize, rotation: Quat) {
    let Scratch { locals, globals } = scratch;
    globals.rotations[node] = rotation;
    for &child in &rig.below[node] {
        let Some(parent) = rig.parents[child] else { continue };
        globals.positions[child] =
            globals.positions[parent] + globals.rotations[parent] * locals[child].translation;
        globals.rotations[child] = globals.rotations[parent] * locals[child].rotation;
    }
    // Later turns of a node below this one must start from its new place.
    let parent = rig.parents[node].map_or(rig.root_from_file, |parent| globals.rotations[parent]);
    locals[node].rotation = parent.inverse() * rotation;
}

fn approach(value: &mut f32, target: f32, step: f32) {
    *value += (target - *value).clamp(-step, step);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::avatar::stick_figure;
    use venue_model::body::{WHEELCHAIR_EYE_HEIGHT, seated_eye_height};

    const DT: f32 = 1.0 / 60.0;

    fn posed(body: &BodyPose) -> (Rig, Scratch) {
        let rig = stick_figure();
        let mut scratch = Scratch::default();
        let mut figure = Figure::new(1);
        for _ in 0..60 {
            figure.pose(&rig, &mut scratch, Shown::plain(body), DT);
        }
        (rig, scratch)
    }

    #[test]
    fn the_eyes_are_where_the_pose_says() {
        let mut body = BodyPose::standing(Vec3::new(3.0, 0.0, 1.0), 0.7);
        for (height, pitch) in [(1.65, 0.0), (1.45, -0.6), (1.75, 0.5), (1.2, 0.2)] {
            body.head.position = Vec3::new(0.04, height, -0.06);
            body.head.orientation = Quat::from_rotation_x(pitch) * Quat::from_rotation_y(0.3);
            let (rig, scratch) = posed(&body);
            let off = eyes(&rig, &scratch.globals).distance(body.head.position);
            assert!(off < 1e-3, "{off} m off at height {height}");
        }
    }

    #[test]
    fn feet_stay_on_the_floor_when_the_head_goes_down() {
        let mut body = BodyPose::standing(Vec3::ZERO, 0.0);
        let (rig, upright) = posed(&body);
        body.head.position.y -= 0.25;
        let (_, crouched) = posed(&body);
        for leg in rig.legs {
            let (a, b) = (upright.globals.positions[leg.end], crouched.globals.positions[leg.end]);
            assert!(a.distance(b) < 0.02, "{a} became {b}");
        }
    }

    #[test]
    fn a_tracked_hand_in_reach_is_followed() {
        let mut body = BodyPose::standing(Vec3::ZERO, 0.0);
        let hand = RigidPose { position: Vec3::new(0.25, 1.25, -0.35), orientation: Quat::IDENTITY };
        body.hands[1] = Some(hand);
        let (rig, scratch) = posed(&body);
        let wrist = scratch.globals.positions[rig.arms[1].end];
        let off = (wrist + Vec3::NEG_Y * PALM_FROM_WRIST).distance(hand.position);
        assert!(off < 0.01, "{off}");
    }

    /// A way that a right hand takes in a second: hangs, comes ahead, across, up over the head, out to the side, too far away.
    const SWEEP: [Vec3; 8] = [
        Vec3::new(0.25, 0.75, 0.0),
        Vec3::new(0.2, 1.1, -0.4),
        Vec3::new(-0.2, 1.3, -0.35),
        Vec3::new(0.15, 1.9, -0.15),
        Vec3::new(0.25, 2.4, 0.0),
        Vec3::new(0.9, 1.5, -0.1),
        Vec3::new(0.6, 0.9, 0.15),
        Vec3::new(0.2, 1.42, -0.1),
    ];

    #[test]
    fn an_arm_follows_a_sweeping_hand_without_a_leap_or_a_twist() {
        let rig = stick_figure();
        let (mut scratch, mut figure) = (Scratch::default(), Figure::new(1));
        let mut body = BodyPose::standing(Vec3::ZERO, 0.0);
        let arm = rig.arms[1];
        let mut before: Option<(Vec3, Quat, Quat)> = None;
        let steps = 120;
        for (from, to) in SWEEP.iter().zip(&SWEEP[1..]) {
            for step in 0..steps {
                let position = from.lerp(*to, step as f32 / steps as f32);
                body.hands[1] = Some(RigidPose { position, orientation: Quat::IDENTITY });
                figure.pose(&rig, &mut scratch, Shown::plain(&body), DT);
                let globals = &scratch.globals;
                let now = (
                    globals.positions[arm.lower],
                    globals.rotations[arm.upper],
                    globals.rotations[arm.lower],
                );
                if let Some((elbow, upper, lower)) = before {
                    assert!(elbow.distance(now.0) < 0.04, "the elbow leaps at {position}: {elbow} {}", now.0);
                    assert!(upper.angle_between(now.1) < 0.25, "the upper arm twists at {position}");
                    assert!(lower.angle_between(now.2) < 0.25, "the forearm twists at {position}");
                }
                before = Some(now);
            }
        }
    }

    /// How far the foot on the floor slides for each metre of a walk at this speed.
    fn slide(rig: &Rig, speed: f32) -> f32 {
        let mut scratch = Scratch::default();
        let mut figure = Figure::new(1);
        let mut body = BodyPose::standing(Vec3::ZERO, 0.0);
        let (mut slid, mut walked) = (0.0f32, 0.0f32);
        let mut before: Option<[Vec3; 2]> = None;
        for frame in 0..360 {
            body.root.z -= speed * DT;
            figure.pose(rig, &mut scratch, Shown::plain(&body), DT);
            let feet = rig.legs.map(|leg| body.root + scratch.globals.positions[leg.end]);
            // While both feet are about as high, the weight passes from one to the other.
            let stands_on_one = (feet[0].y - feet[1].y).abs() > 0.03;
            if let Some(before) = before.filter(|_| frame > 60 && stands_on_one) {
                let lower = usize::from(feet[1].y < feet[0].y);
                // An ankle may rise while the foot rolls; along the floor it should stay.
                slid += (feet[lower] - before[lower]).with_y(0.0).length();
                walked += speed * DT;
            }
            before = Some(feet);
        }
        assert!(walked > 0.5, "the feet are lifted");
        slid / walked
    }

    #[test]
    fn the_foot_on_the_floor_does_not_slide_noticeably() {
        let avatar = crate::scene::avatar::tests::own_avatar();
        for rig in [stick_figure(), avatar] {
            for speed in [0.9, 1.4, 1.8] {
                let share = slide(&rig, speed);
                assert!(share < 0.3, "at {speed} m/s it slides {share} m a metre");
            }
        }
    }

    /// The right hand after this long of a gesture or of asking for the floor.
    fn right_hand(gesture: Gesture, raised_hand: bool, secs: f32) -> Vec3 {
        let rig = crate::scene::avatar::tests::own_avatar();
        let mut scratch = Scratch::default();
        let mut figure = Figure::new(1);
        let body = BodyPose { gesture, ..BodyPose::standing(Vec3::ZERO, 0.0) };
        for _ in 0..(secs / DT) as usize {
            figure.pose(&rig, &mut scratch, Shown { raised_hand, ..Shown::plain(&body) }, DT);
        }
        scratch.globals.positions[rig.arms[1].end]
    }

    #[test]
    fn who_asks_for_the_floor_has_a_hand_above_the_head_and_gestures_lift_theirs() {
        assert!(right_hand(Gesture::None, false, 1.0).y < 1.0, "it hangs");
        assert!(right_hand(Gesture::None, true, 1.0).y > 1.8, "it is raised");
        assert!(right_hand(Gesture::Wave, false, 1.0).y > 1.55);
        assert!(right_hand(Gesture::Point, false, 1.0).z < -0.4);
        assert!(right_hand(Gesture::Applaud, true, 1.0).y > 1.8, "who asks goes on asking");
    }

    #[test]
    fn a_bow_brings_the_head_forward_and_down_and_leaves_the_feet() {
        let rig = crate::scene::avatar::tests::own_avatar();
        let mut scratch = Scratch::default();
        let mut figure = Figure::new(1);
        let mut body = BodyPose::standing(Vec3::ZERO, 0.0);
        let mut seen = |body: &BodyPose| {
            (0..120).for_each(|_| figure.pose(&rig, &mut scratch, Shown::plain(body), DT));
            (eyes(&rig, &scratch.globals), scratch.globals.positions[rig.legs[0].end])
        };
        let (upright, foot) = seen(&body);
        body.gesture = Gesture::Bow;
        let (bowed, same_foot) = seen(&body);
        assert!(bowed.y < upright.y - 0.08 && bowed.z < upright.z - 0.25, "{upright} became {bowed}");
        assert!(foot.distance(same_foot) < 0.03, "{foot} became {same_foot}");
        body.gesture = Gesture::None;
        let (again, _) = seen(&body);
        assert!(again.distance(upright) < 0.01, "{again} is not {upright}");
    }

    #[test]
    fn a_wheelchair_s_user_sits_and_its_wheels_turn_as_far_as_the_floor_passes() {
        let rig = crate::scene::avatar::tests::own_avatar();
        let mut scratch = Scratch::default();
        let mut figure = Figure::new(1);
        let mut body = BodyPose::standing(Vec3::ZERO, 0.0);
        for frame in 0..61 {
            body.root.z = -0.005 * frame as f32;
            figure.pose(&rig, &mut scratch, Shown { way: Way::Rolls, ..Shown::plain(&body) }, DT);
        }
        let turned = 60.0 * 0.005 / WHEEL_RADIUS;
        assert!((figure.wheels[0] - turned).abs() < 0.01, "{:?}", figure.wheels);
        let height = eyes(&rig, &scratch.globals).y;
        assert!((height - WHEELCHAIR_EYE_HEIGHT).abs() < 0.03, "eyes at {height} m");
        // The same from a program that knows the chair: the head is exactly where it says.
        body.head.position.y = WHEELCHAIR_EYE_HEIGHT;
        figure.pose(&rig, &mut scratch, Shown { way: Way::Rolls, ..Shown::plain(&body) }, DT);
        assert!(eyes(&rig, &scratch.globals).distance(body.head.position) < 1e-3);
    }

    #[test]
    fn who_moves_over_from_a_wheelchair_sits_on_the_seat_and_finds_it_behind() {
        let rig = crate::scene::avatar::tests::own_avatar();
        let (mut scratch, mut figure) = (Scratch::default(), Figure::new(1));
        let mut body = BodyPose::standing(Vec3::ZERO, 0.0);
        body.head.position.y = WHEELCHAIR_EYE_HEIGHT;
        let mut pose = |figure: &mut Figure, body: &BodyPose| {
            (0..60).for_each(|_| {
                figure.pose(&rig, &mut scratch, Shown { way: Way::Rolls, ..Shown::plain(body) }, DT);
            });
            let chair = scratch.globals.positions[rig.chair.unwrap()];
            let ankles = rig.legs.map(|leg| scratch.globals.positions[leg.end]);
            (eyes(&rig, &scratch.globals), chair, ankles)
        };
        assert!(pose(&mut figure, &body).1.length() < 0.1, "the chair is below its user");
        body.posture = Posture::Seated(venue_model::SeatId(1));
        body.head.position.y = seated_eye_height(0.45);
        let (eyes, chair, ankles) = pose(&mut figure, &body);
        assert!(eyes.distance(body.head.position) < 1e-3);
        assert!((chair.z - PARKED_BEHIND).abs() < 1e-3 && chair.y.abs() < 1e-3, "{chair}");
        for ankle in ankles {
            assert!((0.05..0.14).contains(&ankle.y), "on the floor, not on the chair's rests: {ankle}");
        }
        body.posture = Posture::Standing;
        body.head.position.y = WHEELCHAIR_EYE_HEIGHT;
        assert!(pose(&mut figure, &body).1.length() < 0.1, "and back");
    }

    #[test]
    fn feet_are_on_the_floor_before_a_chair_and_on_the_ring_of_a_stool() {
        let rig = crate::scene::avatar::tests::own_avatar();
        let ankles = |seat_metres: f32| {
            let mut body = BodyPose::standing(Vec3::ZERO, 0.0);
            body.posture = Posture::Seated(venue_model::SeatId(1));
            body.head.position.y = seated_eye_height(seat_metres);
            let (mut scratch, mut figure) = (Scratch::default(), Figure::new(1));
            (0..30).for_each(|_| figure.pose(&rig, &mut scratch, Shown::plain(&body), DT));
            let off = eyes(&rig, &scratch.globals).distance(body.head.position);
            assert!(off < 1e-3, "the eyes are {off} m off at {seat_metres} m");
            rig.legs.map(|leg| scratch.globals.positions[leg.end])
        };
        for ankle in [0.38, 0.45, 0.50].into_iter().flat_map(ankles) {
            assert!((0.05..0.14).contains(&ankle.y), "on the floor: {ankle}");
        }
        for ankle in ankles(0.76) {
            let (above, ahead) = RING_ANKLES;
            assert!((ankle.y - above).abs() < 0.02 && (ankle.z - ahead).abs() < 0.02, "on the ring: {ankle}");
        }
    }

    #[test]
    fn posing_allocates_nothing_after_the_first_time() {
        let rig = stick_figure();
        let mut scratch = Scratch::default();
        let mut figure = Figure::new(1);
        let body = BodyPose::standing(Vec3::ZERO, 0.0);
        figure.pose(&rig, &mut scratch, Shown::plain(&body), DT);
        let before = (figure.skin().as_ptr(), figure.limbs.skin.capacity());
        figure.pose(&rig, &mut scratch, Shown::plain(&body), DT);
        assert_eq!((figure.skin().as_ptr(), figure.limbs.skin.capacity()), before);
    }
}
