//! One avatar's movement: clips blended by how the body moves, then bent so that head and hands are exactly
//! where the body's pose says and the feet stay where the clips put them.
//!
//! It must not know the network or the GPU; it turns poses into joint matrices.

use super::clip::{Local, mixed, nlerp};
use super::gesture::{hands_of, nod_of};
use super::ik::{bend, turn_between};
use super::rig::{Globals, Limb, Rig};
use glam::{Mat4, Quat, Vec3};
use venue_model::{BodyPose, Gesture, Posture, RigidPose};

/// Slower than this one stands, metres a second.
const STILL_SPEED: f32 = 0.08;

/// From this speed on the walk is shown whole, metres a second.
const FULL_SPEED: f32 = 0.7;

/// A farther way in one frame is a jump, metres.
const JUMP_METRES: f32 = 1.0;

/// How quickly clips cross-fade, 1/s.
const FADE: f32 = 6.0;

/// Share of the head's turn that the neck takes.
const NECK_SHARE: f32 = 0.45;

/// Buffers that all figures share while they are posed.
#[derive(Default)]
pub struct Scratch {
    locals: Vec<Local>,
    globals: Globals,
}

/// One avatar's movement.
#[derive(Clone, Debug)]
pub struct Figure {
    skin: Vec<Mat4>,
    walk_phase: f32,
    idle_phase: f32,
    walking: f32,
    sitting: f32,
    /// Smoothed speed along the facing direction, metres a second.
    speed: f32,
    last_root: Option<Vec3>,
    gesture: Gesture,
    gesture_secs: f32,
}

impl Figure {
    /// A figure that stands; `seed` keeps a crowd from breathing in step.
    pub fn new(seed: u32) -> Self {
        Self {
            skin: Vec::new(),
            walk_phase: 0.0,
            idle_phase: (seed.wrapping_mul(2_654_435_761) >> 16) as f32 * 1e-3,
            walking: 0.0,
            sitting: 0.0,
            speed: 0.0,
            last_root: None,
            gesture: Gesture::None,
            gesture_secs: 0.0,
        }
    }

    /// The joint matrices in the root's frame, after [`Self::pose`].
    pub fn skin(&self) -> &[Mat4] {
        &self.skin
    }

    /// Moves on by `dt` seconds to this pose.
    pub fn pose(&mut self, rig: &Rig, scratch: &mut Scratch, body: &BodyPose, dt: f32) {
        self.follow(rig, body, dt);
        self.blend(rig, scratch);
        rig.solve(&scratch.locals, &mut scratch.globals);
        self.bend_to(rig, scratch, body);
        self.skin.clear();
        self.skin.extend(rig.joints.iter().map(|(node, inverse_bind)| {
            let globals = &scratch.globals;
            Mat4::from_rotation_translation(globals.rotations[*node], globals.positions[*node])
                * *inverse_bind
        }));
    }

    fn follow(&mut self, rig: &Rig, body: &BodyPose, dt: f32) {
        let moved = body.root - self.last_root.replace(body.root).unwrap_or(body.root);
        let is_jump = moved.length() > JUMP_METRES;
        let ahead = Quat::from_rotation_y(body.yaw) * Vec3::NEG_Z;
        let flat = Vec3::new(moved.x, 0.0, moved.z);
        let speed = if dt > 0.0 && !is_jump { flat.length() / dt } else { 0.0 };
        let sign = if flat.dot(ahead) < -0.3 * flat.length() { -1.0 } else { 1.0 };
        self.speed += (speed * sign - self.speed) * (12.0 * dt).min(1.0);
        let is_seated = matches!(body.posture, Posture::Seated(_));
        let walking = ((self.speed.abs() - STILL_SPEED) / (FULL_SPEED - STILL_SPEED)).clamp(0.0, 1.0);
        approach(&mut self.walking, if is_seated { 0.0 } else { walking }, FADE * 2.0 * dt);
        // Who is seen for the first time sits already.
        let fade = if self.skin.is_empty() { 1.0 } else { FADE * dt };
        approach(&mut self.sitting, f32::from(u8::from(is_seated)), fade);
        self.idle_phase = (self.idle_phase + dt).rem_euclid(rig.idle.secs() * rig.sit.secs());
        // The clip runs as fast as the root moves, so that the foot on the floor stays where it is.
        let pace = self.speed / rig.walk_speed;
        self.walk_phase = (self.walk_phase + pace * dt).rem_euclid(rig.walk.secs());
        if self.gesture == body.gesture {
            self.gesture_secs += dt;
        } else {
            self.gesture = body.gesture;
            self.gesture_secs = 0.0;
        }
    }

    fn blend(&self, rig: &Rig, scratch: &mut Scratch) {
        scratch.locals.clear();
        scratch.locals.extend((0..rig.rest.len()).map(|node| {
            let mut local = rig.idle.local(node, self.idle_phase);
            if self.walking > 0.0 {
                local = mixed(&local, &rig.walk.local(node, self.walk_phase), self.walking);
            }
            if self.sitting > 0.0 {
                local = mixed(&local, &rig.sit.local(node, self.idle_phase), self.sitting);
            }
            local
        }));
    }

    fn bend_to(&self, rig: &Rig, scratch: &mut Scratch, body: &BodyPose) {
        let feet = rig.legs.map(|leg| scratch.globals.positions[leg.end]);
        let foot_rotations = rig.legs.map(|leg| scratch.globals.rotations[leg.end]);
        turn_head(rig, scratch, body.head.orientation * nod_of(self.gesture, self.gesture_secs));
        shift_to_head(rig, scratch, body.head.position);
        for (side, leg) in rig.legs.iter().enumerate() {
            // Knees bend ahead and a little outwards.
            let outwards = if side == 0 { -0.15 } else { 0.15 };
            let pole = Vec3::new(outwards, 0.0, -1.0);
            reach(rig, scratch, leg, feet[side], pole, Some(foot_rotations[side]));
        }
        let made = hands_of(self.gesture, self.gesture_secs);
        for (side, arm) in rig.arms.iter().enumerate() {
            if let Some(hand) = body.hands[side].or(made[side]) {
                self.reach_with(rig, scratch, arm, side, &hand, body.hands[side].is_some());
            }
        }
    }

    fn reach_with(
        &self,
        rig: &Rig,
        scratch: &mut Scratch,
        arm: &Limb,
        side: usize,
        hand: &RigidPose,
        is_tracked: bool,
    ) {
        let now = scratch.globals.positions[arm.end];
        // Tracked hands are followed exactly, made ones are eased in.
        let part = if is_tracked { 1.0 } else { (self.gesture_secs * 5.0).min(1.0) };
        let target = now.lerp(hand.position, part);
        // Elbows point down, backwards and outwards.
        let outwards = if side == 0 { -0.5 } else { 0.5 };
        let pole = Vec3::new(outwards, -1.0, 0.6);
        let rotation = hand.orientation * rig.rest_rotations[arm.end];
        let rotation = is_tracked.then_some(rotation);
        reach(rig, scratch, arm, target, pole, rotation);
    }
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

/// Moves the whole figure so that its eyes are where the head's pose says.
fn shift_to_head(rig: &Rig, scratch: &mut Scratch, head: Vec3) {
    let shift = head - eyes(rig, &scratch.globals);
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
    let Some(start) = rig.order.iter().position(|other| *other == node) else { return };
    for &child in &rig.order[start + 1..] {
        let Some(parent) = rig.parents[child] else { continue };
        if !hangs_on(rig, child, node) {
            continue;
        }
        globals.positions[child] =
            globals.positions[parent] + globals.rotations[parent] * locals[child].translation;
        globals.rotations[child] = globals.rotations[parent] * locals[child].rotation;
    }
    // Later turns of a node below this one must start from its new place.
    let parent = rig.parents[node].map_or(rig.root_from_file, |parent| globals.rotations[parent]);
    locals[node].rotation = parent.inverse() * rotation;
}

fn hangs_on(rig: &Rig, mut node: usize, ancestor: usize) -> bool {
    while let Some(parent) = rig.parents[node] {
        if parent == ancestor {
            return true;
        }
        node = parent;
    }
    false
}

fn approach(value: &mut f32, target: f32, step: f32) {
    *value += (target - *value).clamp(-step, step);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::avatar::stick_figure;

    const DT: f32 = 1.0 / 60.0;

    fn posed(body: &BodyPose) -> (Rig, Scratch) {
        let rig = stick_figure();
        let mut scratch = Scratch::default();
        let mut figure = Figure::new(1);
        for _ in 0..60 {
            figure.pose(&rig, &mut scratch, body, DT);
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
        let off = scratch.globals.positions[rig.arms[1].end].distance(hand.position);
        assert!(off < 0.01, "{off}");
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
            figure.pose(rig, &mut scratch, &body, DT);
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

    #[test]
    fn posing_allocates_nothing_after_the_first_time() {
        let rig = stick_figure();
        let mut scratch = Scratch::default();
        let mut figure = Figure::new(1);
        let body = BodyPose::standing(Vec3::ZERO, 0.0);
        figure.pose(&rig, &mut scratch, &body, DT);
        let before = (figure.skin.as_ptr(), figure.skin.capacity());
        figure.pose(&rig, &mut scratch, &body, DT);
        assert_eq!((figure.skin.as_ptr(), figure.skin.capacity()), before);
    }
}
