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

/// A body runs on for at most this long when its samples stop coming, µs.
const EXTRAPOLATION_MICROS: u64 = 50_000;

/// The body at `at` between `from` and `to`. `from_rests` says that the body stood still at `from`,
/// so that a long pause before `to` is a rest and not a slow walk; `gap_micros` is the usual pause.
pub(crate) fn between(
    from: &Sample,
    to: &Sample,
    at: ServerTime,
    from_rests: bool,
    gap_micros: u64,
) -> BodyPose {
    if at >= to.at {
        return to.pose;
    }
    let start = if from_rests { from.at.max(to.at - gap_micros * 3 / 2) } else { from.at };
    let jumped = from.pose.root.distance(to.pose.root) > JUMP_METRES;
    if at <= start || jumped {
        return from.pose;
    }
    let part = at.micros_since(start) as f32 / to.at.micros_since(start) as f32;
    blend(&from.pose, &to.pose, part)
}

/// The body at `at` after the last sample, carried on from the one before it.
pub(crate) fn beyond(before: &Sample, last: &Sample, at: ServerTime) -> BodyPose {
    let step = last.pose.root - before.pose.root;
    let span = last.at.micros_since(before.at);
    if span == 0 || step.length() > JUMP_METRES || last.pose.posture != before.pose.posture {
        return last.pose;
    }
    let ahead = at.micros_since(last.at).min(EXTRAPOLATION_MICROS);
    BodyPose { root: last.pose.root + step * (ahead as f32 / span as f32), ..last.pose }
}

/// Part of the way from one pose to another: 0 is `from`, 1 is `to`. Posture and gesture stay `from`'s.
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
        let pose = between(&from, &to, ServerTime(50), false, 33_333);
        assert!((pose.root.x - 0.5).abs() < 1e-6);
        assert!((pose.yaw - PI).abs() < 1e-5, "{}", pose.yaw);
    }

    #[test]
    fn who_rested_starts_late_and_who_was_put_jumps() {
        let (from, to) = (sample(0, 0.0, 0.0), sample(333_333, 0.05, 0.0));
        let rested = |at| between(&from, &to, ServerTime(at), true, 33_333).root.x;
        assert_eq!(rested(280_000), 0.0);
        assert!(rested(320_000) > 0.01);
        let far = sample(100, 9.0, 0.0);
        assert_eq!(between(&from, &far, ServerTime(99), false, 33_333).root.x, 0.0);
        assert_eq!(between(&from, &far, ServerTime(100), false, 33_333).root.x, 9.0);
    }

    #[test]
    fn running_on_is_bounded_and_a_resting_body_does_not() {
        let (before, last) = (sample(0, 0.0, 0.0), sample(100_000, 0.1, 0.0));
        let x = |at| beyond(&before, &last, ServerTime(at)).root.x;
        assert!((x(120_000) - 0.12).abs() < 1e-6);
        assert!((x(9_000_000) - 0.15).abs() < 1e-6);
        let still = sample(100_000, 0.0, 0.0);
        assert_eq!(beyond(&before, &still, ServerTime(200_000)), still.pose);
    }
}
