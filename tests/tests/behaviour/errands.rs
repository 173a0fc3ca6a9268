//! Being taken to rooms, people, seats and places, and the words when no way leads there, also on a bad network.

use glam::Vec3;
use tests::stepper::{EVENT, Stepper};
use tests::virtual_network::Conditions;
use venue_model::{BoundedText, Role, SpaceId};
use venue_protocol::Act;
use xr_client::core::errand::{Destination, NoWay};
use xr_client::input::{Command, OrderCommand};
use xr_client::panels::model::Notice;

const FOYER: SpaceId = SpaceId(1);
const HALL: SpaceId = SpaceId(2);

fn stand(seed: u64) -> (Stepper, [usize; 2]) {
    let mut stepper = Stepper::new(seed, Conditions::BAD);
    let people = ["Amina", "Bruno"].map(|name| stepper.enter(name));
    stepper.run_until_all_inside();
    (stepper, people)
}

fn go(stepper: &mut Stepper, who: usize, to: Destination) {
    stepper.delegates[who].command(Command::GoTo(to));
}

/// Whether a delegate was told this since the last time.
fn was_told(stepper: &mut Stepper, who: usize, what: NoWay) -> bool {
    stepper.delegates[who].notices.drain(..).any(|notice| notice == Notice::NoWay(what))
}

#[test]
fn one_is_taken_to_a_room_and_back() {
    let (mut stepper, [a, b]) = stand(41);
    for room in [HALL, FOYER] {
        go(&mut stepper, a, Destination::Room(room));
        stepper.run_until("there", 10.0, |s| s.space(a) == Some(room));
        let id = stepper.id(a);
        stepper.run_until("for the other too", 10.0, |s| {
            s.delegates[b].core.people().get(id).is_some_and(|entry| entry.space == Some(room))
        });
    }
}

#[test]
fn one_is_taken_beside_a_person_in_another_room_and_faces_them() {
    let (mut stepper, [a, b]) = stand(42);
    go(&mut stepper, b, Destination::Room(HALL));
    stepper.run_until("the other is in the hall", 10.0, |s| s.space(b) == Some(HALL));
    stepper.run_secs(1.0);
    let other = stepper.id(b);
    go(&mut stepper, a, Destination::Person(other));
    stepper.run_until("beside them", 20.0, |s| {
        s.space(a) == Some(HALL) && (0.5..2.5).contains(&s.root(a).distance(s.root(b)))
    });
    stepper.run_secs(1.0);
    let to = (stepper.root(b) - stepper.root(a)).normalize();
    let yaw = stepper.delegates[a].core.body().pose().yaw;
    let ahead = Vec3::new(-yaw.sin(), 0.0, -yaw.cos());
    assert!(ahead.dot(to) > 0.9, "{ahead} is not towards {to}");
}

#[test]
fn one_is_taken_to_a_seat_in_another_room_and_sits_there() {
    let (mut stepper, [a, b]) = stand(43);
    let manifest = stepper.delegates[a].core.manifest().unwrap().clone();
    let seats: Vec<_> = manifest.seats.iter().filter(|seat| seat.space == HALL).collect();
    go(&mut stepper, a, Destination::Seat(seats[0].id));
    stepper.run_until("seated", 20.0, |s| s.delegates[a].core.body().is_seated());
    assert!(stepper.root(a).distance(seats[0].place.position) < 0.1);
    // Who comes second stands beside it, not on it, and may go on.
    go(&mut stepper, b, Destination::Seat(seats[0].id));
    stepper.run_secs(8.0);
    assert!(!stepper.delegates[b].core.body().is_seated());
    go(&mut stepper, b, Destination::Room(FOYER));
    stepper.run_until("elsewhere", 10.0, |s| s.space(b) == Some(FOYER));
}

#[test]
fn one_is_taken_to_a_place_of_the_map() {
    let (mut stepper, [a, _]) = stand(44);
    let to = stepper.root(a) + Vec3::new(2.0, 0.0, 0.5);
    go(&mut stepper, a, Destination::Point(FOYER, to));
    stepper.run_until("there", 10.0, |s| s.root(a).distance(to) < 1.5);
    assert!(!was_told(&mut stepper, a, NoWay::NotFound));
}

#[test]
fn no_way_leads_into_a_locked_room_nor_to_somebody_who_left() {
    let (mut stepper, [a, b]) = stand(45);
    let code = stepper.store.invite_as(EVENT, "Mona", "CHE", |invitation| invitation.role = Role::Moderator);
    let m = stepper.enter_with(code);
    stepper.run_until_all_inside();
    let lock = OrderCommand::Moderate(Act::Lock(HALL), BoundedText::lossy("closed session"));
    stepper.delegates[m].command(Command::Order(lock));
    stepper.run_until("locked", 10.0, |s| s.delegates[a].core.order().is_locked(HALL));
    go(&mut stepper, a, Destination::Room(HALL));
    stepper.run_secs(2.0);
    assert!(was_told(&mut stepper, a, NoWay::Closed));
    assert_eq!(stepper.space(a), Some(FOYER));
    let other = stepper.id(b);
    stepper.delegates[b].command(Command::Leave);
    stepper.run_until("gone", 10.0, |s| {
        s.delegates[a].core.people().get(other).is_none_or(|entry| entry.space.is_none())
    });
    go(&mut stepper, a, Destination::Person(other));
    stepper.run_secs(2.0);
    assert!(was_told(&mut stepper, a, NoWay::Gone));
}

#[test]
fn who_wants_to_sit_far_from_every_seat_is_told_so() {
    let (mut stepper, [a, _]) = stand(46);
    let manifest = stepper.delegates[a].core.manifest().unwrap().clone();
    assert!(manifest.seats.iter().all(|seat| seat.space != FOYER), "the foyer has no seat");
    stepper.delegates[a].command(Command::SitOrStand);
    stepper.run_secs(0.5);
    assert!(was_told(&mut stepper, a, NoWay::NoSeat));
    assert!(!stepper.delegates[a].core.body().is_seated());
}
