//! Raised hands are one queue, the same for everybody, and survive what the network does.

use tests::stepper::Stepper;
use tests::virtual_network::Conditions;
use venue_model::{ParticipantId, ParticipantKind, SpaceId};
use xr_client::input::Command;

fn queue(stepper: &Stepper, who: usize) -> Vec<ParticipantId> {
    stepper.delegates[who].core.people().hands().collect()
}

fn raise_or_lower(stepper: &mut Stepper, who: usize) {
    stepper.delegates[who].command(Command::RaiseOrLowerHand);
}

#[test]
fn everybody_sees_one_queue_in_the_order_in_which_hands_went_up() {
    let mut stepper = Stepper::new(1, Conditions::BAD);
    let (a, b, c) = (stepper.enter("Amina"), stepper.enter("Bruno"), stepper.enter("Chen"));
    stepper.run_until_all_inside();
    let ids = [stepper.id(a), stepper.id(b), stepper.id(c)];
    for who in [c, a, b] {
        raise_or_lower(&mut stepper, who);
        stepper.run_until("it is up", 5.0, |s| s.delegates[who].core.has_raised_hand());
    }
    let expected = vec![ids[2], ids[0], ids[1]];
    stepper.run_until("all see the queue", 5.0, |s| [a, b, c].iter().all(|who| queue(s, *who) == expected));
    raise_or_lower(&mut stepper, a);
    stepper.run_until("one is down", 5.0, |s| [a, b, c].iter().all(|who| queue(s, *who) == [ids[2], ids[1]]));
    let late = stepper.enter("Dalia");
    stepper.run_until_all_inside();
    stepper.run_until("who comes later sees it too", 5.0, |s| queue(s, late) == [ids[2], ids[1]]);
}

#[test]
fn a_lost_connection_keeps_the_place_in_the_queue_and_a_departure_does_not() {
    let mut stepper = Stepper::new(2, Conditions::BAD);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    for who in [a, b] {
        raise_or_lower(&mut stepper, who);
        stepper.run_until("it is up", 5.0, |s| s.delegates[who].core.has_raised_hand());
    }
    let both = vec![stepper.id(a), stepper.id(b)];
    stepper.network.cut(a as u64 + 1);
    stepper.run_until("it notices", 5.0, |s| !s.delegates[a].is_inside());
    assert_eq!(queue(&stepper, b), both, "the others wait for who was lost");
    stepper.run_until("it is back", 30.0, |s| s.delegates[a].is_inside() && queue(s, a) == both);
    stepper.delegates[a].command(Command::Leave);
    stepper.run_until("gone", 10.0, |s| queue(s, b) == both[1..]);
}

#[test]
fn a_hand_comes_down_when_its_owner_goes_to_another_room() {
    let mut stepper = Stepper::new(3, Conditions::BAD);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    raise_or_lower(&mut stepper, a);
    stepper.run_until("it is up", 5.0, |s| queue(s, b).len() == 1);
    stepper.delegates[a].command(Command::GoToSpace(SpaceId(2)));
    stepper.run_until("it is down", 5.0, |s| queue(s, b).is_empty() && queue(s, a).is_empty());
}

#[test]
fn an_observer_does_not_get_into_the_queue() {
    let mut stepper = Stepper::new(4, Conditions::GOOD);
    let code = stepper.store.invite_as(tests::stepper::EVENT, "Olga", "CHE", |invitation| {
        invitation.kind = ParticipantKind::Observer;
    });
    let (a, b) = (stepper.enter_with(code), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    raise_or_lower(&mut stepper, a);
    stepper.run_secs(1.0);
    assert!(queue(&stepper, a).is_empty() && queue(&stepper, b).is_empty());
}
