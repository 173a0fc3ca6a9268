//! Bodies move as their clients say, as far as a body can: the step is judged by the same
//! code that the client predicts with, and undone where it can not be.
//!
//! It must not know doors beyond which space a floor belongs to.

use crate::systems::kept_places::Kept;
use crate::world::walker::Wanted;
use crate::world::{Effects, Plan, SpaceWorld, Walker};
use glam::Vec3;
use venue_model::ServerTime;
use venue_motion::{CorrectionReason, FloorPoint, SpeedLimit, StepVerdict, validate_step};
use venue_protocol::PlacementCause;
use venue_replication::{Body, Who};

/// Judges what the walkers of one space want, and moves or corrects them.
pub fn run(space: &mut SpaceWorld, plan: &Plan, kept: &[Kept], now: ServerTime, effects: &mut Effects) {
    for (who, walker, body) in space.world.query_mut::<(&Who, &mut Walker, Option<&mut Body>)>() {
        let Some(wanted) = walker.wanted.take() else { continue };
        let stops = |from, to| kept.iter().any(|kept| kept.stops(who.0, from, to));
        if let Some(cause) = step(walker, &wanted, plan, stops, now) {
            effects.tally.corrections += 1;
            effects.tell(who.0, walker.placed(cause).into());
        }
        if let Some(body) = body {
            *body = walker.body();
        }
    }
}

/// Moves a walker as far as it may; why it was corrected, if it was.
fn step(
    walker: &mut Walker,
    wanted: &Wanted,
    plan: &Plan,
    stops: impl Fn(Vec3, Vec3) -> bool,
    now: ServerTime,
) -> Option<PlacementCause> {
    walker.note_sampling(wanted.sampled_at, now);
    let wanted = &wanted.pose;
    // Head, hands and gesture are the client's own; only the floor point is judged.
    walker.pose.head = wanted.head;
    walker.pose.hands = wanted.hands;
    walker.pose.fingers = wanted.fingers;
    walker.gesture(wanted.gesture, now);
    if walker.seat.is_some() {
        return None;
    }
    walker.pose.yaw = wanted.yaw;
    let secs = walker.secs_since_judged(now);
    let limits = SpeedLimit::default();
    let verdict =
        validate_step(plan.floor(), walker.floor, wanted.root, secs, &limits, &mut walker.allowance);
    let cause = match verdict {
        verdict if !may_enter(walker, verdict.at()) => Some(PlacementCause::NotAllowed),
        verdict if stops(walker.floor.position, verdict.at().position) => Some(PlacementCause::NotAllowed),
        StepVerdict::Accepted { .. } => None,
        StepVerdict::Corrected { reason, .. } => Some(cause_of(reason)),
    };
    let floor = if cause == Some(PlacementCause::NotAllowed) { walker.floor } else { verdict.at() };
    if cause.is_some() {
        walker.put(floor, wanted.yaw, now);
    } else {
        walker.floor = floor;
        walker.pose.root = floor.position;
    }
    cause
}

fn cause_of(reason: CorrectionReason) -> PlacementCause {
    match reason {
        CorrectionReason::TooFast | CorrectionReason::TooFar => PlacementCause::TooFast,
        CorrectionReason::NotANumber | CorrectionReason::NoFloor | CorrectionReason::Wall => {
            PlacementCause::NotWalkable
        }
    }
}

/// Whether the floor is in a space where the walker is or may go.
fn may_enter(walker: &Walker, floor: FloorPoint) -> bool {
    floor.space == walker.floor.space || walker.allowed.contains(&floor.space)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::House;
    use crate::world::testing::{self, LOUNGE};
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use venue_model::{BodyPose, Gesture, ParticipantId, Posture, SeatId};
    use venue_motion::RUN_SPEED;
    use venue_protocol::ServerMessage;

    const TICK: u64 = 33_333;

    /// One tick in which Ada wants to be somewhere; where she is then, and the correction.
    fn want(
        house: &mut House,
        plan: &Plan,
        who: ParticipantId,
        root: Vec3,
        number: u32,
    ) -> (Vec3, Option<PlacementCause>) {
        let at = ServerTime(u64::from(number) * TICK);
        house.change_walker(who, |walker| {
            let wanted = Wanted { pose: BodyPose::standing(root, 0.5), sampled_at: at };
            walker.offer(walker.placement, number, wanted);
        });
        let mut effects = Effects::default();
        for (_, space) in house.spaces_mut() {
            run(space, plan, &[], at, &mut effects);
        }
        let cause = effects.messages.iter().find_map(|(_, message)| match message {
            ServerMessage::BodyPlaced(placed) => Some(placed.cause),
            _ => None,
        });
        (house.walker(who).unwrap().pose.root, cause)
    }

    #[test]
    fn a_runner_is_not_corrected() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::new(-4.0, 0.0, 0.0));
        for n in 1..=60 {
            let root = Vec3::new(-4.0 + RUN_SPEED * n as f32 / 30.0, 0.0, 0.0);
            assert_eq!(want(&mut house, &plan, ada, root, n), (root, None));
        }
    }

    #[test]
    fn a_cheat_in_speed_is_held_back() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::new(-5.0, 0.0, 0.0));
        let mut corrected = 0;
        for n in 1..=9 {
            let ahead = house.walker(ada).unwrap().pose.root + Vec3::X * 2.0;
            corrected += u32::from(want(&mut house, &plan, ada, ahead, n).1 == Some(PlacementCause::TooFast));
        }
        // One of them counts as a teleport; 60 metres a second do not pass.
        assert!(corrected >= 7, "{corrected}");
        assert!(house.walker(ada).unwrap().pose.root.x < 0.5);
    }

    #[test]
    fn nobody_leaves_the_floor() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::new(-5.9, 0.0, 0.0));
        let (root, cause) = want(&mut house, &plan, ada, Vec3::new(-6.3, 0.0, 0.0), 10);
        assert_eq!(cause, Some(PlacementCause::NotWalkable));
        assert!(root.x >= -6.001, "{root}");
    }

    #[test]
    fn a_closed_space_keeps_out() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::new(4.95, 0.0, 0.0));
        house.change_walker(ada, |walker| walker.allowed = Arc::new(BTreeSet::from([LOUNGE])));
        let (root, cause) = want(&mut house, &plan, ada, Vec3::new(5.05, 0.0, 0.0), 10);
        assert_eq!(cause, Some(PlacementCause::NotAllowed));
        assert!(root.x < 5.0);
    }

    #[test]
    fn a_flood_of_gestures_is_slowed_down_and_a_greeting_round_is_not() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let mut shown = 0;
        for n in 1..=60 {
            let at = ServerTime(u64::from(n) * TICK);
            let gesture = if n % 2 == 0 { Gesture::None } else { Gesture::Wave };
            let pose = BodyPose { gesture, ..BodyPose::standing(Vec3::ZERO, 0.0) };
            house.change_walker(ada, |walker| {
                walker.offer(walker.placement, n, Wanted { pose, sampled_at: at });
            });
            for (_, space) in house.spaces_mut() {
                run(space, &plan, &[], at, &mut Effects::default());
            }
            shown += u32::from(house.walker(ada).unwrap().pose.gesture == Gesture::Wave);
        }
        assert!((8..=10).contains(&shown), "{shown} of 30 in two seconds");
    }

    #[test]
    fn a_posture_that_the_server_does_not_know_is_not_taken() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let pose = BodyPose { posture: Posture::Seated(SeatId(3)), ..BodyPose::standing(Vec3::ZERO, 0.0) };
        let wanted = Wanted { pose, sampled_at: ServerTime(0) };
        house.change_walker(ada, |walker| walker.offer(walker.placement, 1, wanted));
        for (_, space) in house.spaces_mut() {
            run(space, &plan, &[], ServerTime(TICK), &mut Effects::default());
        }
        assert_eq!(house.walker(ada).unwrap().pose.posture, Posture::Standing);
    }
}
