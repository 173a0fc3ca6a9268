//! A full event: who comes then watches, asks for the floor, is brought in and sent back, and comes in when it is their
//! turn, also on a bad network.

use tests::stepper::{EVENT, Stepper};
use tests::virtual_network::Conditions;
use venue_model::{BoundedText, ParticipantId, ParticipantKind, Role, SeatId, TextScope};
use venue_protocol::{Act, WatchState};
use xr_client::input::{Command, OrderCommand};
use xr_client::panels::model::Notice;
use xr_client::panels::order_model::WatchNews;

/// A chair and a delegate in an event for two, and three who come then.
fn stand(seed: u64) -> (Stepper, [usize; 5]) {
    let mut stepper = Stepper::for_few(seed, Conditions::BAD, 2);
    let chair = stepper.store.invite_as(EVENT, "Mona", "CHE", |invitation| invitation.role = Role::Chair);
    let mut all = vec![stepper.enter_with(chair)];
    for name in ["Amina", "Bruno", "Chen", "Dalia"] {
        all.push(stepper.enter(name));
        stepper.run_until_all_inside();
    }
    (stepper, all.try_into().unwrap())
}

fn line(stepper: &Stepper, by: usize) -> Vec<(ParticipantId, WatchState)> {
    stepper.delegates[by].core.people().line().iter().map(|watch| (watch.participant, watch.state)).collect()
}

fn kind(stepper: &Stepper, who: usize) -> ParticipantKind {
    stepper.delegates[who].core.you().unwrap().kind
}

fn moderate(stepper: &mut Stepper, who: usize, act: Act) {
    stepper.delegates[who]
        .command(Command::Order(OrderCommand::Moderate(act, BoundedText::lossy("the floor"))));
}

#[test]
fn who_comes_to_a_full_event_watches_in_a_line_that_everybody_knows() {
    let (mut stepper, [m, a, b, c, d]) = stand(1);
    let expected: Vec<_> = [b, c, d].map(|who| (stepper.id(who), WatchState::Watching)).into();
    stepper
        .run_until("all know the line", 5.0, |s| [m, a, b, c, d].iter().all(|by| line(s, *by) == expected));
    assert_eq!([a, b].map(|who| kind(&stepper, who)), [ParticipantKind::Delegate, ParticipantKind::Observer]);
    let ids = [m, a, b, c, d].map(|who| stepper.id(who));
    stepper.run_until("the two are seen", 5.0, |s| {
        s.delegates[b].sees(ids[0]).is_some() && s.delegates[b].sees(ids[1]).is_some()
    });
    stepper.run_secs(1.0);
    assert!([b, c, d].iter().all(|who| stepper.delegates[a].sees(stepper.id(*who)).is_none()));
}

#[test]
fn who_watches_does_what_listeners_do() {
    let (mut stepper, [m, a, b, ..]) = stand(2);
    let (amina, bruno) = (stepper.id(a), stepper.id(b));
    let says = |scope, body: &str| Command::SendText { scope, body: BoundedText::lossy(body) };
    stepper.delegates[b].command(says(TextScope::Space, "Good morning"));
    stepper.delegates[a].command(says(TextScope::Person(bruno), "You came late"));
    let has = |s: &Stepper, who: usize, from, words: &str| {
        s.delegates[who].core.texts().lines().any(|line| line.from == from && line.body.as_str() == words)
    };
    stepper.run_until("both are read", 5.0, |s| {
        has(s, a, bruno, "Good morning") && has(s, b, amina, "You came late")
    });
    let words = BoundedText::lossy("Pause");
    let space = stepper.delegates[m].core.space();
    moderate(&mut stepper, m, Act::Announce { space, words });
    let is_told = |s: &Stepper| s.delegates[b].notices.iter().any(|n| matches!(n, Notice::Announced(_)));
    stepper.run_until("the announcement", 5.0, is_told);
    stepper.delegates[b].command(Command::TakeSeat(SeatId(1)));
    stepper.run_secs(1.0);
    assert!(!stepper.delegates[b].core.body().is_seated(), "a seat is for who is seen on it");
}

#[test]
fn an_observer_asks_for_the_floor_is_brought_in_and_sent_back() {
    let (mut stepper, [m, a, _, c, _]) = stand(3);
    let chen = stepper.id(c);
    stepper.delegates[c].command(Command::RaiseOrLowerHand);
    stepper.run_until("the chair sees it", 5.0, |s| s.delegates[m].core.people().has_raised_hand(chen));
    assert!(line(&stepper, m).contains(&(chen, WatchState::Watching)), "and that it is an observer's");
    moderate(&mut stepper, a, Act::BringIn(chen));
    stepper.run_until("only who keeps order may", 5.0, |s| {
        s.delegates[a].notices.iter().any(|n| matches!(n, Notice::ActRefused(_)))
    });
    moderate(&mut stepper, m, Act::BringIn(chen));
    stepper.run_until("all see the body", 5.0, |s| {
        [m, a].iter().all(|by| s.delegates[*by].sees(chen).is_some())
            && kind(s, c) == ParticipantKind::Delegate
    });
    assert!(stepper.delegates[c].notices.contains(&Notice::Watching(WatchNews::BroughtIn)));
    assert_eq!(stepper.store.acts().last().map(|act| act.action), Some("observer brought in"));
    moderate(&mut stepper, m, Act::SendBack(chen));
    stepper.run_until("nobody does", 5.0, |s| {
        [m, a].iter().all(|by| s.delegates[*by].sees(chen).is_none())
            && kind(s, c) == ParticipantKind::Observer
    });
    assert!(stepper.delegates[c].notices.contains(&Notice::Watching(WatchNews::SentBack)));
    assert!(!stepper.delegates[c].core.has_raised_hand());
}

#[test]
fn a_place_that_becomes_free_goes_to_who_came_first_also_after_a_lost_connection() {
    let (mut stepper, [m, a, b, c, d]) = stand(4);
    let [bruno, chen, dalia] = [b, c, d].map(|who| stepper.id(who));
    stepper.network.cut(b as u64 + 1);
    stepper.run_until("it notices", 5.0, |s| !s.delegates[b].is_inside());
    stepper.run_until("it is back", 30.0, |s| s.delegates[b].is_inside());
    let watching =
        |ids: &[ParticipantId]| ids.iter().map(|id| (*id, WatchState::Watching)).collect::<Vec<_>>();
    let before = watching(&[bruno, chen, dalia]);
    stepper.run_until("at the old place", 5.0, |s| line(s, b) == before);
    stepper.delegates[a].command(Command::Leave);
    let after = watching(&[chen, dalia]);
    stepper.run_until("the first came in", 5.0, |s| [m, b, c, d].iter().all(|by| line(s, *by) == after));
    stepper.run_until("and is seen", 5.0, |s| s.delegates[m].sees(bruno).is_some());
    assert!(stepper.delegates[b].notices.contains(&Notice::Watching(WatchNews::CameIn)));
    // Who keeps order is let in at once, beyond the limit.
    let code = stepper.store.invite_as(EVENT, "Ola", "NOR", |invitation| invitation.role = Role::Moderator);
    let moderator = stepper.enter_with(code);
    stepper.run_until("the moderator is inside", 20.0, |s| s.delegates[moderator].is_inside());
    assert_eq!((kind(&stepper, moderator), line(&stepper, m).len()), (ParticipantKind::Delegate, 2));
}
