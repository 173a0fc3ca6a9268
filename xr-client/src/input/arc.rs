//! The arc of a jump: thrown from a hand as a ball would fly, until it meets the floor.
//!
//! It must not know which device the hand holds. Where one may land is the body's rule, which is the server's.

use crate::core::own_body::teleport_target;
use glam::Vec3;
use venue_model::SpaceId;
use venue_motion::{FloorPoint, Walkable};

/// How quickly the ball leaves the hand, metres a second: thrown at 45° it comes as far as a jump may lead.
const SPEED: f32 = 9.0;

/// How quickly it falls, metres a second squared.
const GRAVITY: f32 = 9.81;

/// The ball is looked at this often, seconds: at its quickest it flies less than [`REACH`] between two looks.
const STEP_SECS: f32 = 0.016;

/// It flies no longer than this, seconds: also down to a floor some storeys below.
const LONGEST_SECS: f32 = 1.8;

/// How far from the ball the floor is looked for, metres.
const REACH: f32 = 0.45;

/// A ball in flight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Throw {
    from: Vec3,
    velocity: Vec3,
}

/// Where the flight ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Landing {
    /// On the floor, or where the ball is lost from sight.
    pub to: Vec3,
    /// After this time.
    pub secs: f32,
    /// The space of the floor that one may jump to; none where one may not.
    pub space: Option<SpaceId>,
}

impl Throw {
    /// From a hand at this place that points this way.
    pub fn new(from: Vec3, direction: Vec3) -> Self {
        Self { from, velocity: direction.normalize_or_zero() * SPEED }
    }

    /// Where the ball is after so many seconds.
    pub fn at(&self, secs: f32) -> Vec3 {
        self.from + self.velocity * secs - Vec3::Y * (0.5 * GRAVITY * secs * secs)
    }

    /// Where it comes down for somebody who stands on this floor: falling through the floor, not rising through a storey's.
    pub fn landing(&self, walkable: &Walkable, standing: Option<FloorPoint>) -> Landing {
        let mut before = self.from;
        for step in 1..=(LONGEST_SECS / STEP_SECS) as u32 {
            let secs = step as f32 * STEP_SECS;
            let ball = self.at(secs);
            let floor = walkable.locate(ball, REACH).map(|floor| floor.position);
            if let Some(floor) = floor.filter(|floor| ball.y <= floor.y && before.y > floor.y) {
                // Between two looks the ball flies nearly straight.
                let part = (before.y - floor.y) / (before.y - ball.y);
                let (met, secs) = (before.lerp(ball, part), secs - (1.0 - part) * STEP_SECS);
                let target = teleport_target(standing, met, walkable);
                let to = target.map_or(met, |target| target.position);
                return Landing { to, secs, space: target.map(|target| target.space) };
            }
            before = ball;
        }
        Landing { to: before, secs: LONGEST_SECS, space: None }
    }

    /// The pieces of the flight up to a time, each from a point to the next.
    pub fn pieces(&self, until_secs: f32) -> impl Iterator<Item = Piece> + '_ {
        const COARSE_SECS: f32 = 0.08;
        (0..).map(|piece| piece as f32 * COARSE_SECS).take_while(move |begin| *begin < until_secs).map(
            move |begin| {
                let end = (begin + COARSE_SECS).min(until_secs);
                Piece { from: self.at(begin), to: self.at(end), end_secs: end }
            },
        )
    }
}

/// How high a flight of so many seconds rises above the straight line between its ends, metres.
pub fn rise(secs: f32) -> f32 {
    GRAVITY * secs * secs / 8.0
}

/// A nearly straight piece of a flight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Its begin.
    pub from: Vec3,
    /// Its end.
    pub to: Vec3,
    /// When the ball is there.
    pub end_secs: f32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::square_room;
    use proptest::prelude::*;

    const HAND: Vec3 = Vec3::new(0.2, 1.2, -0.3);

    fn land(half: f32, pitch: f32) -> Landing {
        let room = square_room(half);
        let direction = Vec3::new(0.0, pitch.sin(), -pitch.cos());
        Throw::new(HAND, direction).landing(&room, room.locate(Vec3::ZERO, 0.5))
    }

    #[test]
    fn a_level_throw_lands_a_few_metres_ahead_and_a_steep_one_far_away() {
        let (level, steep) = (land(20.0, 0.0), land(20.0, 0.6));
        assert!(level.space.is_some() && steep.space.is_some(), "{level:?} {steep:?}");
        assert!((level.to.z + 4.75).abs() < 0.3 && level.to.y == 0.0, "{level:?}");
        assert!(steep.to.z < -8.5, "{steep:?}");
    }

    #[test]
    fn what_is_thrown_over_the_edge_lands_nowhere() {
        let over = land(3.0, 0.5);
        assert!(over.space.is_none() && over.to.y < -3.0, "{over:?}");
        let nowhere = Throw::new(HAND, Vec3::NAN).landing(&square_room(3.0), None);
        assert!(nowhere.space.is_none());
    }

    #[test]
    fn the_highest_point_of_a_flight_is_its_rise_above_the_line() {
        let throw = Throw::new(HAND, Vec3::new(0.0, 0.5, -1.0));
        let middle = HAND.lerp(throw.at(1.4), 0.5);
        assert!((throw.at(0.7).y - middle.y - rise(1.4)).abs() < 1e-4);
    }

    proptest! {
        #[test]
        fn wherever_a_hand_points_a_jump_that_is_shown_is_one_that_is_allowed(
            pitch in -1.5f32..1.5, yaw in -3.2f32..3.2, height in 0.2f32..2.2,
        ) {
            let room = square_room(6.0);
            let standing = room.locate(Vec3::ZERO, 0.5);
            let direction = glam::Quat::from_euler(glam::EulerRot::YXZ, yaw, pitch, 0.0) * Vec3::NEG_Z;
            let landing = Throw::new(Vec3::Y * height, direction).landing(&room, standing);
            let target = teleport_target(standing, landing.to, &room);
            prop_assert!(landing.space.is_none() || target.is_some_and(|at| at.position.distance(landing.to) < 0.01));
            prop_assert!(landing.to.is_finite());
        }

        #[test]
        fn pieces_follow_each_other_to_the_end(until in 0.01f32..2.0) {
            let throw = Throw::new(HAND, Vec3::NEG_Z);
            let pieces: Vec<Piece> = throw.pieces(until).collect();
            prop_assert!(pieces.windows(2).all(|pair| pair[0].to.abs_diff_eq(pair[1].from, 1e-4)));
            prop_assert!(pieces.last().unwrap().to.abs_diff_eq(throw.at(until), 1e-4));
        }
    }
}
