//! Between two known moments of a body, and a little beyond the last.

use venue_model::{BodyPose, RigidPose, ServerTime};

/// A body at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) at: ServerTime,
    pub(crate) pose: BodyPose,
}

/// Nobody walks further than this between two samples; who did was put there, metres.
const JUMP_METRES: f32 = 2.0;

/// A body whose samples stop coming walks on for this long, then slows down and stands, µs.
const WALK_ON_MICROS: f32 = 60_000.0;

/// It slows down over this time, µs; so it walks on for half of it more.
const SLOW_DOWN_MICROS: f32 = 80_000.0;

/// The body at `at` between `from` and `to`.
pub(crate) fn between(from: &Sample, to: &Sample, at: ServerTime, pause: Pause) -> BodyPose {
    // A mean of two equal numbers may be another one.
    if at >= to.at || from.pose == to.pose {
        return to.pose;
    }
    let start = match pause {
        Pause::None => from.at,
        Pause::RestedUntil(start) => start.clamp(from.at, to.at),
    };
    let jumped = from.pose.root.distance(to.pose.root) > JUMP_METRES;
    if at <= start || jumped {
        return from.pose;
    }
    let part = at.micros_since(start) as f32 / to.at.micros_since(start) as f32;
    blend(&from.pose, &to.pose, part)
}

/// Whether a body stood still for a while after a sample. Resting bodies are sent rarely: without this,
/// a pause would be shown as a slow walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// It moved all the time.
    None,
    /// It stood still until this moment.
    RestedUntil(ServerTime),
}

impl Pause {
    /// When a body that rested at `from` set off, if it walked to `to` as fast as it went on to `next`;
    /// without a next sample it set off one and a half of the usual gaps before.
    pub(crate) fn before(from: &Sample, to: &Sample, next: Option<&Sample>, gap_micros: u64) -> Self {
        let way = from.pose.root.distance(to.pose.root);
        let walked = next.map_or(0.0, |next| {
            let speed = to.pose.root.distance(next.pose.root) / next.at.micros_since(to.at).max(1) as f32;
            if speed > SLOWEST_METRES_PER_MICRO { way / speed } else { 0.0 }
        });
        let micros = if walked > 0.0 { walked as u64 } else { gap_micros * 3 / 2 };
        Self::RestedUntil(to.at - micros)
    }
}

/// Slower than this is swaying, not walking: 0.2 m/s.
const SLOWEST_METRES_PER_MICRO: f32 = 0.2e-6;

/// The body at `at` after the last sample, carried on from the one before it.
pub(crate) fn beyond(before: &Sample, last: &Sample, at: ServerTime) -> BodyPose {
    let step = last.pose.root - before.pose.root;
    let span = last.at.micros_since(before.at);
    let is_walk = step.length() > SLOWEST_METRES_PER_MICRO * span as f32;
    if !is_walk || step.length() > JUMP_METRES || last.pose.posture != before.pose.posture {
        return last.pose;
    }
    let ahead = walked_on(at.micros_since(last.at) as f32);
    BodyPose { root: last.pose.root + step * (ahead / span as f32), ..last.pose }
}

/// The way walked after the last sample, as time at full speed, µs: at most 100 ms.
fn walked_on(micros: f32) -> f32 {
    let slowing = (micros - WALK_ON_MICROS).clamp(0.0, SLOW_DOWN_MICROS);
    micros.min(WALK_ON_MICROS) + slowing - slowing * slowing / (2.0 * SLOW_DOWN_MICROS)
}

/// Part of the way from one pose to another: 0 is `from`, 1 is `to`. Posture, gesture and fingers stay `from`'s.
fn blend(from: &BodyPose, to: &BodyPose, part: f32) -> BodyPose {
    let turns = (to.yaw - from.yaw) / std::f32::consts::TAU;
    let yaw = from.yaw + (turns - turns.round()) * std::f32::consts::TAU * part;
    let hand = |side: usize| match (from.hands[side], to.hands[side]) {
        (Some(from), Some(to)) => Some(blend_rigid(&from, &to, part)),
        (hand, _) => hand,
    };
    BodyPose {
        root: from.root.lerp(to.root, part),
        yaw,
        head: blend_rigid(&from.head, &to.head, part),
        hands: [hand(0), hand(1)],
        fingers: from.fingers,
        posture: from.posture,
        gesture: from.gesture,
    }
}

fn blend_rigid(from: &RigidPose, to: &RigidPose, part: f32) -> RigidPose {
    RigidPose {
        position: from.position.lerp(to.position, part),
        orientation: from.orientation.slerp(to.orientation, part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec3;
    use std::f32::consts::PI;

    fn sample(at: u64, x: f32, yaw: f32) -> Sample {
        Sample { at: ServerTime(at), pose: BodyPose::standing(Vec3::X * x, yaw) }
    }

    #[test]
    fn half_way_is_half_way_and_turns_go_the_short_way() {
        let (from, to) = (sample(0, 0.0, PI - 0.1), sample(100, 1.0, 0.1 - PI));
        let pose = between(&from, &to, ServerTime(50), Pause::None);
        assert!((pose.root.x - 0.5).abs() < 1e-6);
        assert!((pose.yaw - PI).abs() < 1e-5, "{}", pose.yaw);
    }

    #[test]
    fn who_rested_sets_off_late() {
        let (from, to, next) = (sample(0, 0.0, 0.0), sample(333_333, 0.1, 0.0), sample(433_333, 0.3, 0.0));
        let x = |pause, at| between(&from, &to, ServerTime(at), pause).root.x;
        let walked = Pause::before(&from, &to, Some(&next), 33_333);
        assert_eq!(x(walked, 283_000), 0.0, "at 2 m/s it took 50 ms");
        assert!((x(walked, 308_333) - 0.05).abs() < 1e-3);
        let unknown = Pause::before(&from, &to, None, 33_333);
        assert_eq!(unknown, Pause::RestedUntil(ServerTime(333_333 - 49_999)));
    }

    #[test]
    fn who_was_put_somewhere_jumps() {
        let (from, far) = (sample(0, 0.0, 0.0), sample(100, 9.0, 0.0));
        let x = |at| between(&from, &far, ServerTime(at), Pause::None).root.x;
        assert_eq!((x(99), x(100)), (0.0, 9.0));
    }

    #[test]
    fn running_on_is_bounded_and_a_resting_body_does_not() {
        let (before, last) = (sample(0, 0.0, 0.0), sample(100_000, 0.1, 0.0));
        let x = |at| beyond(&before, &last, ServerTime(at)).root.x;
        assert!((x(120_000) - 0.12).abs() < 1e-6);
        assert!((x(9_000_000) - 0.2).abs() < 1e-6);
        let mut last_x = 0.0;
        for at in (100_000..300_000).step_by(1_000) {
            assert!(x(at) >= last_x, "it never walks back");
            last_x = x(at);
        }
        let still = sample(100_000, 0.0, 0.0);
        assert_eq!(beyond(&before, &still, ServerTime(200_000)), still.pose);
    }
}
