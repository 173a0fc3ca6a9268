//! Hands that hold no controller: what thumb and fingers do becomes trigger and buttons, where it is meant.
//!
//! A pinch or a fist counts only after the hand was seen open. A fist closes the microphone and opens it, so it counts only
//! before the eyes and when it is held: hands that hang down or lie in the lap are half closed all day. It must not know
//! the runtime.

use super::hand_buttons::HandButton;
use super::headset::{HandState, HeadsetState};
use glam::{Quat, Vec3};
use venue_model::RigidPose;

/// The button that a fist is, left and right.
pub const FISTS: [HandButton; 2] = [HandButton::Lower, HandButton::Menu];

/// Thumb and index finger touch beyond the first and are apart below the second.
const TOUCH: f32 = 0.8;
const APART: f32 = 0.5;

/// A hand is a fist beyond the first, is one no more below the second, and open below the third.
const FIST: f32 = 0.9;
const LOOSE: f32 = 0.6;
const OPEN: f32 = 0.35;

/// A fist is meant when it is held so long, seconds.
const FIST_SECS: f32 = 0.4;

/// What a hand was it still is while nobody can say for so long, seconds.
const UNSURE_SECS: f32 = 0.15;

/// A fist counts so far below the eyes at most, metres, and so far aside of where the head looks, as a cosine (60°).
const BELOW_EYES: f32 = 0.5;
const IN_VIEW: f32 = 0.5;

/// A palm that faces the eyes within this (a cosine, 40°) is the system's: many runtimes open their menu by a pinch then.
const FACES_EYES: f32 = 0.77;

/// The shoulder, seen from the eyes of who looks ahead: the right one, metres.
const SHOULDER: Vec3 = Vec3::new(0.17, -0.22, 0.06);

/// In this time a ray from the joints comes most of the way to where the hand points now, seconds.
const CALM_SECS: f32 = 0.06;

/// What a hand without a controller does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gestures {
    /// How near thumb and index finger are: 1 when they touch.
    pub pinch: f32,
    /// Whether that is to be believed.
    pub can_pinch: bool,
    /// How far the hand is closed: 1 in the fist.
    pub grasp: f32,
    /// Whether that is to be believed.
    pub can_grasp: bool,
    /// Known from the joints alone: where the index finger begins, if the hand may point. The runtime says neither where it
    /// points nor whether the system means a pinch.
    pub knuckle: Option<Vec3>,
}

/// What is done with both hands, left and right.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BareHands([BareHand; 2]);

/// Something that a hand does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Deed {
    /// It was not seen open yet.
    #[default]
    Unready,
    Open,
    Held,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct BareHand {
    pinch: Deed,
    fist: Deed,
    /// How long the fist is closed.
    fist_secs: f32,
    /// How long nobody can say what the fingers do, while they did something.
    unsure_secs: f32,
    /// Where the ray from the joints points.
    ray: Option<Vec3>,
}

impl BareHands {
    /// Forgets what the hands did: the venue does not hear them.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Presses trigger and buttons of the hands that hold no controller, `dt` seconds after the last time.
    pub fn step(&mut self, state: &mut HeadsetState, last_head: Option<RigidPose>, dt: f32) {
        let head = state.head.or(last_head).unwrap_or_default();
        for (side, (bare, hand)) in self.0.iter_mut().zip(&mut state.hands).enumerate() {
            match hand.bare {
                Some(said) => bare.step(side, said, hand, &head, dt),
                None => *bare = BareHand::default(),
            }
        }
    }
}

impl BareHand {
    fn step(&mut self, side: usize, said: Gestures, hand: &mut HandState, head: &RigidPose, dt: f32) {
        self.point(side, said, hand, head, dt);
        let is_sure = said.can_pinch || self.pinch != Deed::Held;
        self.unsure_secs = if is_sure { 0.0 } else { self.unsure_secs + dt };
        let is_the_system_s = said.knuckle.is_some() && faces_eyes(side, hand, head);
        let before = self.pinch;
        self.pinch = self.pinched(said, is_the_system_s);
        self.fist = self.closed(said, hand, head, dt);
        hand.select = self.pinch == Deed::Held;
        hand.buttons[FISTS[side] as usize] = self.fist == Deed::Held;
        if before == Deed::Held && self.pinch == Deed::Unready {
            // Given up, not let go: a hand that points nowhere neither clicks nor jumps.
            hand.aim = None;
        }
    }

    fn pinched(&self, said: Gestures, is_the_system_s: bool) -> Deed {
        let is_fist = said.can_grasp && said.grasp >= FIST;
        match self.pinch {
            Deed::Held if is_fist || self.unsure_secs > UNSURE_SECS => Deed::Unready,
            Deed::Held if said.can_pinch && said.pinch < APART => Deed::Open,
            Deed::Open if said.pinch >= TOUCH => {
                let is_meant = said.can_pinch && !is_fist && !is_the_system_s;
                if is_meant { Deed::Held } else { Deed::Unready }
            }
            Deed::Unready if said.pinch < APART => Deed::Open,
            as_before => as_before,
        }
    }

    fn closed(&mut self, said: Gestures, hand: &HandState, head: &RigidPose, dt: f32) -> Deed {
        let is_closed = said.can_grasp && said.grasp >= FIST && self.pinch != Deed::Held;
        self.fist_secs = if is_closed { self.fist_secs + dt } else { 0.0 };
        match self.fist {
            Deed::Held if said.grasp < LOOSE => Deed::Unready,
            Deed::Held => Deed::Held,
            _ if !is_before_eyes(hand, head) => Deed::Unready,
            Deed::Unready if said.can_grasp && said.grasp < OPEN => Deed::Open,
            Deed::Open if self.fist_secs >= FIST_SECS => Deed::Held,
            as_before => as_before,
        }
    }

    /// Lets a hand whose runtime says nothing of it point away from the shoulder.
    fn point(&mut self, side: usize, said: Gestures, hand: &mut HandState, head: &RigidPose, dt: f32) {
        let Some(knuckle) = said.knuckle.filter(|_| hand.aim.is_none()) else {
            self.ray = None;
            return;
        };
        let now = (knuckle - shoulder(side, head)).normalize_or(Vec3::NEG_Z);
        let part = 1.0 - (-dt / CALM_SECS).exp();
        let ray = self.ray.map_or(now, |before| before.lerp(now, part).normalize_or(now));
        self.ray = Some(ray);
        let orientation = Quat::from_rotation_arc(Vec3::NEG_Z, ray);
        hand.aim = Some(RigidPose { position: knuckle, orientation });
    }
}

/// Where a shoulder is below a head that may look anywhere.
fn shoulder(side: usize, head: &RigidPose) -> Vec3 {
    let across = head.orientation * Vec3::X;
    let level = Vec3::new(across.x, 0.0, across.z).normalize_or(Vec3::X);
    let back = level.cross(Vec3::Y);
    let aside = if side == 0 { -SHOULDER.x } else { SHOULDER.x };
    head.position + level * aside + Vec3::Y * SHOULDER.y + back * SHOULDER.z
}

fn is_before_eyes(hand: &HandState, head: &RigidPose) -> bool {
    hand.grip.is_some_and(|grip| {
        let way = grip.position - head.position;
        let ahead = head.orientation * Vec3::NEG_Z;
        way.y > -BELOW_EYES && way.normalize_or(ahead).dot(ahead) > IN_VIEW
    })
}

/// A grip's x goes into the right palm and out of the left one.
fn faces_eyes(side: usize, hand: &HandState, head: &RigidPose) -> bool {
    hand.grip.is_some_and(|grip| {
        let out_of_palm = grip.orientation * if side == 0 { Vec3::X } else { Vec3::NEG_X };
        out_of_palm.dot((head.position - grip.position).normalize_or_zero()) > FACES_EYES
    })
}

#[cfg(test)]
#[path = "bare_hands_tests.rs"]
mod tests;
