//! The way that one body goes, worked out beforehand: so anybody can ask where it truly is at any moment.

use crate::clip::Clip;
use crate::ground::Ground;
use crate::random::Random;
use glam::{Vec2, Vec3, Vec3Swizzles as _};
use venue_model::{BodyPose, Gesture, Place, Posture};
use venue_motion::FloorPoint;
use venue_protocol::LocalTime;

/// Metres a second on the way to the own place, below what a body may run.
const HURRY: f32 = 3.0;

/// Metres a second of a stroll.
const STROLL: f32 = 1.3;

/// Metres from knot to knot: what lies between is straight.
const STEP: f32 = 0.25;

/// Strolls of one round; then it begins anew.
const STROLLS: usize = 8;

/// Metres of one stroll.
const STROLL_METRES: [f32; 2] = [1.5, 5.0];

/// Seconds of rest after a stroll: together about a third of a crowd walks.
const REST_SECS: [f32; 2] = [2.0, 9.0];

/// Seconds for a turn on the spot.
const TURN_SECS: f32 = 0.4;

/// Knots of one way: a longer one ends there.
const MOST_KNOTS: usize = 4_096;

/// A moment of the way.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Knot {
    micros: u64,
    root: Vec3,
    yaw: f32,
}

/// A body's way: once to its own place, then the same round without end.
#[derive(Clone, Debug)]
pub struct Course {
    began: LocalTime,
    knots: Vec<Knot>,
    /// The first knot of the round.
    round: usize,
    posture: Posture,
    /// Where in the clip it began, µs.
    clip_offset: u64,
}

impl Course {
    /// Rests where it is, e.g. on a seat.
    pub fn resting(place: Place, posture: Posture, now: LocalTime) -> Self {
        let knot = Knot { micros: 0, root: place.position, yaw: place.yaw };
        Self { began: now, knots: vec![knot], round: 0, posture, clip_offset: 0 }
    }

    /// From where the body is to `home` and then about there, on the floor of the same space alone.
    pub fn new(
        ground: &Ground,
        from: FloorPoint,
        home: FloorPoint,
        now: LocalTime,
        random: &mut Random,
    ) -> Self {
        let mut way = Way { ground, at: from, secs: 0.0, yaw: 0.0, knots: Vec::new() };
        way.knot();
        way.go_to(home.position, HURRY);
        way.rest(random.between(0.0, REST_SECS[1]));
        let (round, home) = (way.knots.len() - 1, way.at);
        for _ in 0..STROLLS {
            let turn = Vec2::from_angle(random.between(0.0, std::f32::consts::TAU));
            let metres = random.between(STROLL_METRES[0], STROLL_METRES[1]);
            way.straight(way.at.position + Vec3::new(turn.x, 0.0, turn.y) * metres, STROLL);
            way.rest(random.between(REST_SECS[0], REST_SECS[1]));
        }
        way.go_to(home.position, STROLL);
        way.rest(random.between(REST_SECS[0], REST_SECS[1]));
        // The round has to end where it began, to the very number; a way that is cut short is walked back instead.
        let begins = way.knots[round];
        if way.knots.last().is_none_or(|last| last.root.distance(begins.root) > STEP) {
            way.walk_back(round);
        }
        way.face(begins.yaw);
        way.knots.last_mut().into_iter().for_each(|last| last.root = begins.root);
        Self {
            began: now,
            knots: way.knots,
            round,
            posture: Posture::Standing,
            clip_offset: random.bits() >> 20,
        }
    }

    /// The whole body at a moment; before the way began it stands at its beginning.
    pub fn pose_at(&self, at: LocalTime, clip: &Clip) -> BodyPose {
        let since = at.micros_since(self.began);
        let (root, yaw) = self.root_at(since);
        let frame = clip.at(since.wrapping_add(self.clip_offset));
        BodyPose {
            root,
            yaw,
            head: frame.head,
            hands: frame.hands.map(Some),
            fingers: [None; 2],
            posture: self.posture,
            gesture: Gesture::None,
        }
    }

    fn root_at(&self, since: u64) -> (Vec3, f32) {
        let (first, last) = (self.knots[self.round].micros, self.knots[self.knots.len() - 1].micros);
        let length = last - first;
        let since = if since > last && length > 0 { first + (since - first) % length } else { since };
        let next = self.knots.partition_point(|knot| knot.micros <= since);
        let Some(to) = self.knots.get(next) else {
            let rest = self.knots[self.knots.len() - 1];
            return (rest.root, rest.yaw);
        };
        let from = self.knots[next.saturating_sub(1)];
        let span = (to.micros - from.micros).max(1);
        let part = (since - from.micros.min(since)) as f32 / span as f32;
        let turn = (to.yaw - from.yaw + std::f32::consts::PI).rem_euclid(std::f32::consts::TAU)
            - std::f32::consts::PI;
        (from.root.lerp(to.root, part), from.yaw + turn * part)
    }
}

/// A way while it is made.
struct Way<'a> {
    ground: &'a Ground,
    at: FloorPoint,
    secs: f32,
    yaw: f32,
    knots: Vec<Knot>,
}

impl Way<'_> {
    fn knot(&mut self) {
        let micros = (f64::from(self.secs) * 1e6) as u64;
        self.knots.push(Knot { micros, root: self.at.position, yaw: self.yaw });
    }

    fn rest(&mut self, secs: f32) {
        self.secs += secs;
        self.knot();
    }

    /// Turns on the spot.
    fn face(&mut self, yaw: f32) {
        self.yaw = yaw;
        self.rest(TURN_SECS);
    }

    /// Around corners; stays where no way leads.
    fn go_to(&mut self, target: Vec3, speed: f32) {
        let Some(end) = self.ground.walkable().locate_in(self.at.space, target, STEP) else { return };
        let corners = self.ground.walkable().path(self.at, end).unwrap_or_default();
        corners.iter().for_each(|corner| self.straight(*corner, speed));
    }

    /// Straight ahead until there, a wall, or the space's end.
    fn straight(&mut self, target: Vec3, speed: f32) {
        let toward = (target - self.at.position).xz();
        let (Some(direction), false) = (toward.try_normalize(), self.knots.len() > MOST_KNOTS) else {
            return;
        };
        self.face((-direction.x).atan2(-direction.y));
        let steps = (toward.length() / STEP).ceil().clamp(1.0, 1_000.0);
        let step = toward / steps;
        for _ in 0..steps as usize {
            let wanted = self.at.position + Vec3::new(step.x, 0.0, step.y);
            let next = self.ground.walkable().walk(self.at, wanted);
            let is_straight = next.position.xz().distance(wanted.xz()) < 0.01;
            if !is_straight || next.space != self.at.space {
                return;
            }
            self.at = next;
            self.secs += step.length() / speed;
            self.knot();
        }
    }

    /// The knots since `round` once more, backwards.
    fn walk_back(&mut self, round: usize) {
        let back: Vec<Knot> = self.knots[round..].to_vec();
        for pair in back.windows(2).rev() {
            self.secs += (pair[1].micros - pair[0].micros) as f32 * 1e-6;
            let micros = (f64::from(self.secs) * 1e6) as u64;
            self.knots.push(Knot { micros, ..pair[0] });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::SpaceId;
    use venue_motion::{SpeedLimit, StepAllowance, StepVerdict, validate_step};

    fn at(micros: u64) -> LocalTime {
        LocalTime(1_000_000 + micros)
    }

    fn course(seed: u64, space: SpaceId) -> (Ground, Course, FloorPoint) {
        let ground = crate::ground::tests::tiny();
        let mut random = Random::new(seed);
        let from = ground.anywhere(space, &mut random).unwrap();
        let home = ground.anywhere(space, &mut random).unwrap();
        let course = Course::new(&ground, from, home, at(0), &mut random);
        (ground, course, from)
    }

    #[test]
    fn the_server_takes_every_step_of_five_minutes() {
        let clip = Clip::made_up();
        for seed in 0..20 {
            let (ground, course, mut floor) = course(seed, SpaceId(1));
            let (limits, mut allowance) = (SpeedLimit::default(), StepAllowance::default());
            let mut walked = 0.0;
            for tick in 0..9_000 {
                let pose = course.pose_at(at(tick * 33_333), &clip);
                assert!(pose.is_plausible());
                walked += pose.root.distance(floor.position);
                match validate_step(ground.walkable(), floor, pose.root, 0.033, &limits, &mut allowance) {
                    StepVerdict::Accepted { at, .. } => floor = at,
                    refused => panic!("seed {seed}, tick {tick}: {refused:?}"),
                }
                assert_eq!(floor.space, SpaceId(1));
            }
            assert!(walked > 20.0, "seed {seed}: {walked} m in five minutes");
        }
    }

    #[test]
    fn a_sitter_rests() {
        let place = Place { position: Vec3::ONE, yaw: 0.5 };
        let course = Course::resting(place, Posture::Standing, at(0));
        let pose = course.pose_at(at(99_000_000), &Clip::made_up());
        assert_eq!((pose.root, pose.yaw), (Vec3::ONE, 0.5));
    }
}
