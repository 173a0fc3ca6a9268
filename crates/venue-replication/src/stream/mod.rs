//! One body's way through time at one [`Ring`]'s detail: each update is the difference from what the updates before
//! it let expect. Both ends keep the same state, an update leads from one to the next; an *anchor* is the state
//! itself, for who missed an update or has just begun to look.

mod limb;
mod posture;
#[cfg(test)]
mod tests;
mod turning;

pub use crate::arithmetic::BitString;
use crate::arithmetic::{ArithmeticDecoder, ArithmeticEncoder, Channel};
use crate::beat::Beat;
use crate::detail::{Detail, Ring};
use crate::spread::{Habit, Spread, scalar};
use glam::{Quat, Vec3};
use limb::Limb;
use posture::{Extras, Stance};
use venue_model::{BodyPose, RigidPose, ServerTime, TICK_HZ, Tick};

/// Microseconds in a step of a sample's age.
pub(crate) const AGE_STEP_MICROS: u64 = 2_000;

/// The largest age that is told apart.
pub(crate) const MAX_AGE: i32 = 255;

const AGE_HABIT: Habit = Habit { pace: 2, first: 18 };

/// Bits of a hand's coordinate relative to the head, in an anchor.
const HAND_BITS: u32 = 13;

/// The state of a stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stream {
    ring: Ring,
    beat: Beat,
    /// When the pose was sampled, in steps before the tick.
    age: i32,
    age_spread: Spread,
    head: Limb,
    hands: [Option<Limb>; 2],
    stance: Stance,
    extras: Extras,
}

/// Steps from the clock's beginning. The grid is absolute, so a sample that is sent at several ticks keeps its time.
fn steps(at: ServerTime) -> u64 {
    at.0 / AGE_STEP_MICROS
}

/// How old a sample is at a tick, in steps.
pub(crate) fn age_at(tick: Tick, sampled_at: ServerTime) -> i32 {
    steps(tick.time()).saturating_sub(steps(sampled_at)).min(MAX_AGE as u64) as i32
}

/// When a sample of this age was taken.
pub(crate) fn sampled_at(tick: Tick, age: i32) -> ServerTime {
    ServerTime(steps(tick.time()).saturating_sub(age.clamp(0, MAX_AGE) as u64) * AGE_STEP_MICROS)
}

/// A body relative to the space's origin, head and hands not relative to the root.
struct Wanted {
    head: RigidPose,
    hands: [Option<RigidPose>; 2],
    root: Vec3,
    yaw: f32,
    extras: Extras,
}

impl Wanted {
    fn new(pose: &BodyPose, origin: Vec3, detail: &Detail) -> Self {
        let turn = Quat::from_rotation_y(pose.yaw);
        let root = pose.root - origin;
        let out = |part: &RigidPose| RigidPose {
            position: root + turn * part.position,
            orientation: turn * part.orientation,
        };
        let hands = if detail.has_hands { pose.hands } else { [None; 2] };
        Self {
            head: out(&pose.head),
            hands: hands.map(|hand| hand.as_ref().map(out)),
            root,
            yaw: pose.yaw,
            extras: Extras::of(pose, detail),
        }
    }
}

impl Stream {
    /// A body that is first looked at now.
    pub fn begin(ring: Ring, beat: Beat, sampled_at: ServerTime, pose: &BodyPose, origin: Vec3) -> Self {
        let detail = ring.detail();
        let wanted = Wanted::new(pose, origin, detail);
        let head = Limb::resting(&wanted.head, detail);
        Self {
            ring,
            beat,
            age: age_at(beat.tick, sampled_at),
            age_spread: Spread::new(AGE_HABIT),
            head,
            hands: wanted.hands.map(|hand| hand.map(|hand| Limb::resting(&hand, detail))),
            stance: Stance::new(&head, wanted.root, wanted.yaw, detail),
            extras: wanted.extras,
        }
    }

    /// Which ring's.
    pub fn ring(&self) -> Ring {
        self.ring
    }

    /// When the last update was.
    pub fn beat(&self) -> Beat {
        self.beat
    }

    /// Whether an update of this ring and beat leads on from here.
    pub fn is_followed_by(&self, ring: Ring, beat: Beat) -> bool {
        self.ring == ring && self.beat.beats_until(beat) == Some(ring.detail().period_beats)
    }

    /// When the body was sampled.
    pub fn sampled_at(&self) -> ServerTime {
        sampled_at(self.beat.tick, self.age)
    }

    /// The body.
    pub fn pose(&self, origin: Vec3) -> BodyPose {
        let detail = self.ring.detail();
        let (root, yaw) = self.stance.place(detail);
        let back = Quat::from_rotation_y(-yaw);
        let into = |limb: &Limb| {
            let pose = limb.pose(detail);
            RigidPose {
                position: back * (pose.position - root),
                orientation: (back * pose.orientation).normalize(),
            }
        };
        BodyPose {
            root: origin + root,
            yaw,
            head: into(&self.head),
            hands: self.hands.each_ref().map(|hand| hand.as_ref().map(into)),
            fingers: self.extras.fingers,
            posture: self.extras.posture,
            gesture: self.extras.gesture,
        }
    }

    /// Leads the stream to a body and says by which bits; none when the way is too far for an update. Then the stream
    /// has to begin anew.
    pub fn encode(
        &mut self,
        beat: Beat,
        sampled_at: ServerTime,
        pose: &BodyPose,
        origin: Vec3,
    ) -> Option<BitString> {
        let wanted = Wanted::new(pose, origin, self.ring.detail());
        if wanted.hands.each_ref().map(Option::is_some) != self.hands.each_ref().map(Option::is_some) {
            return None;
        }
        let mut encoder = ArithmeticEncoder::new();
        let is_there = self.update(&mut encoder, beat, age_at(beat.tick, sampled_at), &wanted);
        let string = encoder.finish();
        (is_there && !string.is_full()).then_some(string)
    }

    /// Takes an update's bits, which lie from `start` to `end`.
    pub fn decode(&mut self, beat: Beat, bytes: &[u8], start: u32, end: u32) {
        let mut decoder = ArithmeticDecoder::new(bytes, start, end);
        let nobody = Wanted::new(&BodyPose::standing(Vec3::ZERO, 0.0), Vec3::ZERO, self.ring.detail());
        self.update(&mut decoder, beat, 0, &nobody);
    }

    fn update(&mut self, channel: &mut impl Channel, beat: Beat, age: i32, wanted: &Wanted) -> bool {
        let detail = self.ring.detail();
        let told = scalar(channel, age - self.age, &mut self.age_spread, AGE_HABIT);
        let mut is_there = told == age - self.age;
        let pace = self.pace(beat, told);
        self.age = (self.age + told).clamp(0, MAX_AGE);
        self.beat = beat;
        self.extras.update(channel, &wanted.extras);
        is_there &= self.head.update(channel, &wanted.head, pace, detail);
        for (hand, wanted) in self.hands.iter_mut().zip(&wanted.hands) {
            if let Some(hand) = hand {
                is_there &=
                    hand.update(channel, wanted.as_ref().unwrap_or(&RigidPose::default()), pace, detail);
            }
        }
        self.stance.update(channel, &self.head, wanted.root, wanted.yaw, detail);
        is_there
    }

    /// The time between the samples, as a part of the time between two updates where no tick is left out.
    fn pace(&self, beat: Beat, older: i32) -> f32 {
        const STEPS_IN_TICK: f32 = 1e6 / (TICK_HZ as f32 * AGE_STEP_MICROS as f32);
        let ticks = beat.tick.0.wrapping_sub(self.beat.tick.0).min(1_000) as f32;
        let usual = self.ring.detail().period_beats as f32 * STEPS_IN_TICK;
        ((ticks * STEPS_IN_TICK - older as f32) / usual).clamp(0.0, 4.0)
    }

    /// The state itself, in bits.
    pub fn anchor(&self) -> BitString {
        let mut encoder = ArithmeticEncoder::new();
        self.transfer(&mut encoder);
        encoder.finish()
    }

    /// Reads an anchor; none if it is no state.
    pub fn from_anchor(ring: Ring, beat: Beat, bytes: &[u8], start: u32, end: u32) -> Self {
        let blank = Self::begin(ring, beat, ServerTime(0), &BodyPose::standing(Vec3::ZERO, 0.0), Vec3::ZERO);
        blank.transfer(&mut ArithmeticDecoder::new(bytes, start, end))
    }

    fn transfer(&self, channel: &mut impl Channel) -> Self {
        let detail = self.ring.detail();
        let age = channel.number(self.age as u32, 8) as i32;
        let age_spread = self.age_spread.transfer(channel);
        let head = self.head.transfer_whole(channel);
        let mut hands = [None; 2];
        for (seen, hand) in hands.iter_mut().zip(&self.hands) {
            if detail.has_hands && channel.flag(hand.is_some(), crate::arithmetic::TOTAL / 2) {
                *seen = Some(hand.unwrap_or(self.head).transfer(channel, head.place(), HAND_BITS));
            }
        }
        let stance = self.stance.transfer(channel, &head);
        let extras = self.extras.transfer(channel);
        Self { ring: self.ring, beat: self.beat, age, age_spread, head, hands, stance, extras }
    }
}
