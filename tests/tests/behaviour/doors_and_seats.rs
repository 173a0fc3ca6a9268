//! People walk through doors, sit, and free their seats.

use glam::{Vec2, Vec3};
use tests::stepper::Stepper;
use tests::virtual_network::Conditions;
use venue_model::{Posture, SpaceId};
use xr_client::input::Command;

const FOYER: SpaceId = SpaceId(1);
const HALL: SpaceId = SpaceId(2);

/// Turns towards a floor point and walks until it is near.
fn walk_to(stepper: &mut Stepper, who: usize, target: Vec3) {
    for _ in 0..2_000 {
        let to = target - stepper.root(who);
        if to.length() < 0.3 {
            break;
        }
        let yaw = (-to.x).atan2(-to.z);
        stepper.delegates[who].command(Command::Face { yaw, pitch: 0.0 });
        stepper.delegates[who].intent.walk = Vec2::Y;
        stepper.step();
    }
    stepper.delegates[who].intent.walk = Vec2::ZERO;
    stepper.run_secs(0.5);
    let left = (target - stepper.root(who)).length();
    assert!(left < 0.5, "{left} m are left to {target}");
}

#[test]
fn who_walks_through_a_door_is_in_the_other_room() {
    let mut stepper = Stepper::new(1, Conditions::BAD);
    let (walker, watcher) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    let walker_id = stepper.id(walker);
    assert_eq!(stepper.space(walker), Some(FOYER));
    stepper.run_until("seen before", 5.0, |s| s.delegates[watcher].sees(walker_id).is_some());
    walk_to(&mut stepper, walker, Vec3::new(0.0, 0.0, 1.5));
    walk_to(&mut stepper, walker, Vec3::new(0.0, 0.0, -1.5));
    stepper.run_until("in the hall", 5.0, |s| s.space(walker) == Some(HALL));
    stepper.run_until("gone from the foyer", 5.0, |s| s.delegates[watcher].sees(walker_id).is_none());
    let entry = stepper.delegates[watcher].core.people().get(walker_id).expect("still in the event");
    assert_eq!(entry.space, Some(HALL));
}

#[test]
fn a_seat_has_one_sitter_and_is_free_when_they_leave() {
    let mut stepper = Stepper::new(2, Conditions::BAD);
    let (first, second) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    let manifest = stepper.delegates[first].core.manifest().expect("the venue is open").clone();
    let seat = manifest.seats.iter().find(|seat| seat.space == HALL).expect("a seat").id;
    for who in [first, second] {
        stepper.delegates[who].command(Command::GoToSpace(HALL));
    }
    stepper.run_until("both in the hall", 5.0, |s| {
        [first, second].iter().all(|who| s.space(*who) == Some(HALL))
    });
    stepper.delegates[first].command(Command::TakeSeat(seat));
    stepper.run_until("the first sits", 5.0, |s| s.delegates[first].core.body().is_seated());
    stepper.delegates[second].command(Command::TakeSeat(seat));
    stepper.run_secs(2.0);
    assert!(!stepper.delegates[second].core.body().is_seated(), "one seat, one person");
    let first_id = stepper.id(first);
    let shown = stepper.delegates[second].sees(first_id).expect("the sitter is seen");
    assert_eq!(shown.posture, Posture::Seated(seat));
    stepper.delegates[first].command(Command::Leave);
    stepper
        .run_until("the seat is free", 5.0, |s| s.delegates[second].core.people().sitter_on(seat).is_none());
    stepper.delegates[second].command(Command::TakeSeat(seat));
    stepper.run_until("the second sits", 5.0, |s| s.delegates[second].core.body().is_seated());
}
