//! A head or a hand in motion: where it is, how it moves, and how well that is usually known.

use crate::arithmetic::Channel;
use crate::detail::Detail;
use crate::lattice;
use crate::spread::{Spread, vector};
use crate::stream::turning::{Orientation, turn, turn_between};
use crate::whole;
use glam::{IVec3, Quat, Vec3};
use venue_model::RigidPose;

/// Parts of a lattice coordinate in which rates are kept.
const RATE_PARTS: f32 = 8.0;

/// No rate is beyond this, lattice coordinates an update.
const FASTEST: f32 = 2000.0;

/// No place is beyond this, lattice coordinates: kilometres, so that numbers of an enemy lead nowhere.
pub(crate) const FARTHEST: i32 = 1 << 22;

/// An update that comes this much sooner than usual says nothing of speed.
const SOONEST: f32 = 0.3;

/// Bits of a coordinate of an anchor: half of that many lattice units on either side.
const PLACE_BITS: u32 = 20;

/// The state of one limb: the same at both ends, to the last bit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limb {
    place: IVec3,
    orientation: Orientation,
    /// The last two steps and turns of an update, in [`RATE_PARTS`] of lattice coordinates.
    steps: [IVec3; 2],
    turns: [IVec3; 2],
    place_spread: Spread,
    turn_spread: Spread,
}

impl Limb {
    /// At rest.
    pub(crate) fn resting(pose: &RigidPose, detail: &Detail) -> Self {
        Self {
            place: lattice::nearest(pose.position / detail.metres),
            orientation: Orientation::new(pose.orientation),
            steps: [IVec3::ZERO; 2],
            turns: [IVec3::ZERO; 2],
            place_spread: Spread::new(detail.place_habit),
            turn_spread: Spread::new(detail.turn_habit),
        }
    }

    /// Where it is, in lattice coordinates.
    pub(crate) fn place(&self) -> IVec3 {
        self.place
    }

    /// Where it is, metres from the space's origin.
    pub(crate) fn pose(&self, detail: &Detail) -> RigidPose {
        RigidPose { position: self.place.as_vec3() * detail.metres, orientation: self.orientation.quat() }
    }

    /// The next update; `pace` is the time since the last one, as a part of the usual. Says whether the limb arrived
    /// where it was wanted: what is too far from the expected can't be said.
    pub(crate) fn update(
        &mut self,
        channel: &mut impl Channel,
        wanted: &RigidPose,
        pace: f32,
        detail: &Detail,
    ) -> bool {
        let is_there = self.step(channel, wanted.position, pace, detail);
        self.turn(channel, wanted.orientation, pace, detail) && is_there
    }

    fn step(&mut self, channel: &mut impl Channel, wanted: Vec3, pace: f32, detail: &Detail) -> bool {
        let before = self.place;
        let ahead = ahead(self.steps, detail.step_weights) * pace;
        let expected = before + lattice::nearest(ahead);
        let wanted = lattice::nearest(wanted / detail.metres);
        let residual = vector(channel, wanted - expected, &mut self.place_spread, detail.place_habit);
        self.place = (expected + residual).clamp(IVec3::splat(-FARTHEST), IVec3::splat(FARTHEST));
        if pace >= SOONEST {
            self.steps = [rate((self.place - before).as_vec3() / pace), self.steps[0]];
        }
        self.place == wanted
    }

    fn turn(&mut self, channel: &mut impl Channel, wanted: Quat, pace: f32, detail: &Detail) -> bool {
        let before = self.orientation.quat();
        let ahead = ahead(self.turns, detail.turn_weights) * pace;
        let expected = turn(before, ahead, detail.radians);
        let left = turn_between(expected, wanted, detail.radians);
        let wanted = lattice::nearest(left.unwrap_or(Vec3::ZERO));
        let residual = vector(channel, wanted, &mut self.turn_spread, detail.turn_habit);
        self.orientation = Orientation::new(turn(expected, residual.as_vec3(), detail.radians));
        if pace >= SOONEST {
            let by = turn_between(before, self.orientation.quat(), detail.radians).unwrap_or(Vec3::ZERO);
            self.turns = [rate(by / pace), self.turns[0]];
        }
        left.is_some() && residual == wanted
    }

    /// Sends the state itself; the place relative to another one.
    pub(crate) fn transfer(&self, channel: &mut impl Channel, base: IVec3, bits: u32) -> Self {
        let half = 1 << (bits - 1);
        let offset = (self.place - base).clamp(IVec3::splat(-half), IVec3::splat(half - 1)) + half;
        let place = IVec3::from_array(offset.to_array().map(|axis| channel.wide(axis as u32, bits) as i32));
        let [a, b] = self.steps;
        let [c, d] = self.turns;
        Self {
            place: base + place - half,
            orientation: self.orientation.transfer(channel),
            steps: [whole::vector(channel, a), whole::vector(channel, b)],
            turns: [whole::vector(channel, c), whole::vector(channel, d)],
            place_spread: self.place_spread.transfer(channel),
            turn_spread: self.turn_spread.transfer(channel),
        }
    }

    /// The same, relative to the space's origin.
    pub(crate) fn transfer_whole(&self, channel: &mut impl Channel) -> Self {
        self.transfer(channel, IVec3::ZERO, PLACE_BITS)
    }
}

/// What is expected of the next update by the last two, lattice coordinates.
fn ahead(rates: [IVec3; 2], weights: [f32; 2]) -> Vec3 {
    (rates[0].as_vec3() * weights[0] + rates[1].as_vec3() * weights[1]) / RATE_PARTS
}

fn rate(by: Vec3) -> IVec3 {
    lattice::rounded(by.clamp(Vec3::splat(-FASTEST), Vec3::splat(FASTEST)) * RATE_PARTS).as_ivec3()
}
