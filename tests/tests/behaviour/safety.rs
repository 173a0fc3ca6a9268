//! Blocks, reports and the safe place: the server keeps two people apart in everything, and somebody answers, also on a
//! bad network.

use tests::stepper::{EVENT, Stepper};
use tests::virtual_network::Conditions;
use venue_model::{BoundedText, ParticipantId, Role, SpaceId, TextScope};
use venue_protocol::{Act, BlockRefusal};
use xr_client::core::errand::Destination;
use xr_client::input::{Command, OrderCommand};
use xr_client::panels::model::Notice;
use xr_client::panels::order_model::{Announced, SafetyNotice};

const FOYER: SpaceId = SpaceId(1);
const HALL: SpaceId = SpaceId(2);

/// Three delegates in the foyer.
fn stand(seed: u64) -> (Stepper, [usize; 3]) {
    let mut stepper = Stepper::new(seed, Conditions::BAD);
    let people = ["Amina", "Bruno", "Chen"].map(|name| stepper.enter(name));
    stepper.run_until_all_inside();
    stepper.run_until("all see each other", 10.0, |s| {
        people.iter().all(|a| people.iter().filter(|b| a != *b).all(|b| sees(s, *a, s.id(*b))))
    });
    (stepper, people)
}

/// Whether somebody is there for a delegate in any way: in the list, or as a body.
fn sees(stepper: &Stepper, by: usize, who: ParticipantId) -> bool {
    let core = &stepper.delegates[by].core;
    core.people().get(who).is_some_and(|entry| entry.space.is_some())
        && stepper.delegates[by].sees(who).is_some()
}

fn knows_of(stepper: &Stepper, by: usize, who: ParticipantId) -> bool {
    let core = &stepper.delegates[by].core;
    core.people().get(who).is_some_and(|entry| entry.space.is_some())
        || core.bodies().iter().any(|(id, _)| *id == who)
}

fn say(stepper: &mut Stepper, who: usize, scope: TextScope, body: &str) {
    stepper.delegates[who].command(Command::SendText { scope, body: BoundedText::lossy(body) });
}

fn has_read(stepper: &Stepper, who: usize, body: &str) -> bool {
    stepper.delegates[who].core.texts().lines().any(|line| line.body == body)
}

/// What a delegate was told about safety since the last time.
fn safety_notices(stepper: &mut Stepper, who: usize) -> Vec<SafetyNotice> {
    let told = stepper.delegates[who].notices.drain(..);
    let about_safety = |notice| match notice {
        Notice::Safety(notice) => Some(notice),
        _ => None,
    };
    told.filter_map(about_safety).collect()
}

fn block(stepper: &mut Stepper, by: usize, who: usize) {
    let id = stepper.id(who);
    stepper.delegates[by].command(Command::Order(OrderCommand::Block(id)));
    stepper.run_until("they have vanished for each other", 10.0, |s| {
        !knows_of(s, by, id) && !knows_of(s, who, s.id(by))
    });
}

#[test]
fn two_vanish_for_each_other_and_for_nobody_else_and_come_back() {
    let (mut stepper, [a, b, c]) = stand(21);
    let (amina, bruno, chen) = (stepper.id(a), stepper.id(b), stepper.id(c));
    block(&mut stepper, a, b);
    assert_eq!(stepper.store.blocks().len(), 1, "kept in the store");
    for who in [amina, bruno] {
        assert!(sees(&stepper, c, who));
    }
    assert!(sees(&stepper, a, chen) && sees(&stepper, b, chen));
    // Nothing of one reaches the other, by whatever way.
    say(&mut stepper, b, TextScope::Space, "to the room");
    say(&mut stepper, b, TextScope::Person(amina), "to one alone");
    stepper.delegates[b].command(Command::RaiseOrLowerHand);
    stepper.delegates[b].command(Command::WriteLive { scope: TextScope::Space, text: "half a li".into() });
    stepper.run_until("the third reads it", 10.0, |s| {
        let core = &s.delegates[c].core;
        has_read(s, c, "to the room")
            && core.people().has_raised_hand(bruno)
            && core.live_texts().others().count() == 1
    });
    stepper.run_secs(2.0);
    let core = &stepper.delegates[a].core;
    assert!(!has_read(&stepper, a, "to the room") && !has_read(&stepper, a, "to one alone"));
    assert!(!core.people().has_raised_hand(bruno) && core.live_texts().others().count() == 0);
    stepper.delegates[b].command(Command::GoToSpace(HALL));
    stepper.run_until("gone", 10.0, |s| s.space(b) == Some(HALL));
    stepper.delegates[b].command(Command::GoToSpace(FOYER));
    stepper.run_until("and back", 10.0, |s| s.space(b) == Some(FOYER) && sees(s, c, bruno));
    assert!(!knows_of(&stepper, a, bruno), "a change of rooms shows nobody");
    let blocked = stepper.delegates[a].core.safety().blocked().next().unwrap();
    assert_eq!(blocked.name, "Bruno");
    stepper.delegates[a].command(Command::Order(OrderCommand::Unblock(blocked.block)));
    stepper.run_until("they meet again", 10.0, |s| sees(s, a, bruno) && sees(s, b, amina));
    assert!(stepper.store.blocks().is_empty());
    say(&mut stepper, b, TextScope::Person(amina), "sorry");
    stepper.run_until("read", 10.0, |s| has_read(s, a, "sorry"));
}

#[test]
fn a_block_outlasts_lost_connections_and_visits() {
    let mut stepper = Stepper::new(22, Conditions::BAD);
    let code = stepper.store.invite(EVENT, "Amina", "CHE");
    let a = stepper.enter_with(code);
    let b = stepper.enter("Bruno");
    stepper.run_until_all_inside();
    let bruno = stepper.id(b);
    stepper.run_until("seen", 10.0, |s| sees(s, a, bruno));
    block(&mut stepper, a, b);
    stepper.network.cut(b as u64 + 1);
    stepper.run_until("lost", 5.0, |s| !s.delegates[b].is_inside());
    stepper.run_until("back", 30.0, |s| s.delegates[b].is_inside());
    stepper.run_secs(2.0);
    assert!(!knows_of(&stepper, a, bruno) && !knows_of(&stepper, b, stepper.id(a)));
    stepper.delegates[a].command(Command::Leave);
    stepper.run_secs(2.0);
    let again = stepper.enter_with(code);
    stepper.run_until("inside anew", 20.0, |s| s.delegates[again].is_inside());
    stepper.run_secs(2.0);
    assert!(!knows_of(&stepper, again, bruno) && !knows_of(&stepper, b, stepper.id(again)));
    assert_eq!(stepper.delegates[again].core.safety().blocked().count(), 1, "and can be ended");
}

#[test]
fn who_keeps_order_is_not_blocked_and_reaches_everybody() {
    let (mut stepper, [a, b, _]) = stand(23);
    let code = stepper.store.invite_as(EVENT, "Mona", "CHE", |invitation| invitation.role = Role::Moderator);
    let m = stepper.enter_with(code);
    stepper.run_until_all_inside();
    let mona = stepper.id(m);
    stepper.run_until("seen", 10.0, |s| sees(s, a, mona));
    block(&mut stepper, a, b);
    let (amina, bruno) = (stepper.id(a), stepper.id(b));
    stepper.run_until("both are seen", 10.0, |s| sees(s, m, amina) && sees(s, m, bruno));
    safety_notices(&mut stepper, a);
    stepper.delegates[a].command(Command::Order(OrderCommand::Block(mona)));
    stepper.run_secs(2.0);
    assert_eq!(safety_notices(&mut stepper, a), [SafetyNotice::BlockRefused(BlockRefusal::KeepsOrder)]);
    assert!(sees(&stepper, a, mona));
}

#[test]
fn what_is_not_stored_is_not_blocked_or_reported() {
    let (mut stepper, [a, b, _]) = stand(24);
    let bruno = stepper.id(b);
    stepper.store.fail_with(Some(venue_server::store::StoreError::DiskFull { path: "venue.db".into() }));
    safety_notices(&mut stepper, a);
    stepper.delegates[a].command(Command::Order(OrderCommand::Block(bruno)));
    let words = BoundedText::lossy("insults");
    stepper.delegates[a].command(Command::Order(OrderCommand::Report {
        about: bruno,
        words,
        with_texts: false,
    }));
    stepper.run_secs(2.0);
    assert!(sees(&stepper, a, bruno));
    assert_eq!(safety_notices(&mut stepper, a).len(), 2, "both are told");
}

#[test]
fn a_report_reaches_moderators_with_what_was_agreed_to_and_its_answer_comes_back() {
    let (mut stepper, [a, b, c]) = stand(25);
    let code = stepper.store.invite_as(EVENT, "Mona", "CHE", |invitation| invitation.role = Role::Moderator);
    let m = stepper.enter_with(code);
    stepper.run_until_all_inside();
    let (amina, bruno) = (stepper.id(a), stepper.id(b));
    say(&mut stepper, b, TextScope::Person(amina), "an insult");
    stepper.run_until("read", 10.0, |s| has_read(s, a, "an insult"));
    safety_notices(&mut stepper, a);
    for with_texts in [false, true] {
        let words = BoundedText::lossy("insults");
        stepper.delegates[a].command(Command::Order(OrderCommand::Report {
            about: bruno,
            words,
            with_texts,
        }));
    }
    stepper.run_until("both are with the moderator", 10.0, |s| {
        s.delegates[m].core.safety().reports().count() == 2
    });
    let reports: Vec<_> = stepper.delegates[m].core.safety().reports().cloned().collect();
    assert_eq!(
        (reports[0].by.as_str(), reports[0].about.as_str(), reports[0].room),
        ("Amina", "Bruno", Some(FOYER))
    );
    let quoted = |at: usize| reports[at].quotes.iter().map(|quote| quote.body.as_str()).collect::<Vec<_>>();
    assert_eq!((quoted(0), quoted(1)), (vec!["an insult"], vec![]), "texts only if the reporter says so");
    assert_eq!(stepper.delegates[b].core.safety().reports().count(), 0, "not told to whom it is about");
    assert_eq!(stepper.delegates[c].core.safety().reports().count(), 0);
    // The answer waits for a reporter who is not there.
    stepper.network.cut(a as u64 + 1);
    stepper.run_until("lost", 5.0, |s| !s.delegates[a].is_inside());
    let answer = Command::Order(OrderCommand::Answer(
        reports[0].report,
        BoundedText::lossy("We have spoken to them."),
    ));
    stepper.delegates[m].command(answer);
    stepper.run_until("closed", 10.0, |s| s.delegates[m].core.safety().reports().count() == 1);
    stepper.run_until("back", 30.0, |s| s.delegates[a].is_inside());
    stepper.run_secs(2.0);
    let told = safety_notices(&mut stepper, a);
    let answered = |notice: &SafetyNotice| matches!(notice, SafetyNotice::Answered { words, .. } if words.contains("spoken"));
    assert_eq!(told.iter().filter(|notice| answered(notice)).count(), 1, "{told:?}");
    // A moderator who comes in later finds what is open.
    let code = stepper.store.invite_as(EVENT, "Mika", "CHE", |invitation| invitation.role = Role::Moderator);
    let late = stepper.enter_with(code);
    stepper.run_until("the open one", 20.0, |s| s.delegates[late].core.safety().reports().count() == 1);
}

#[test]
fn nobody_answers_a_report_about_themself_and_delegates_answer_none() {
    let (mut stepper, [a, b, _]) = stand(26);
    let code = stepper.store.invite_as(EVENT, "Mona", "CHE", |invitation| invitation.role = Role::Moderator);
    let m = stepper.enter_with(code);
    stepper.run_until_all_inside();
    let mona = stepper.id(m);
    let words = BoundedText::lossy("unfair");
    stepper.delegates[a].command(Command::Order(OrderCommand::Report {
        about: mona,
        words,
        with_texts: false,
    }));
    stepper.run_until("stored", 10.0, |s| s.store.reports().len() == 1);
    stepper.run_secs(1.0);
    assert_eq!(stepper.delegates[m].core.safety().reports().count(), 0);
    let report = venue_protocol::ReportId(stepper.store.reports()[0].id);
    for who in [b, m] {
        let answer = BoundedText::lossy("All is well.");
        stepper.delegates[who].command(Command::Order(OrderCommand::Answer(report, answer)));
    }
    stepper.run_secs(2.0);
    assert_eq!(stepper.store.reports()[0].answer, None);
}

#[test]
fn the_safe_place_is_the_entrance_at_once_and_remembers_who_was_near() {
    let (mut stepper, [a, b, c]) = stand(27);
    let bruno = stepper.id(b);
    for who in [a, b] {
        stepper.delegates[who].command(Command::GoToSpace(HALL));
    }
    stepper.run_until("together in the hall", 10.0, |s| s.space(a) == Some(HALL) && sees(s, a, bruno));
    stepper.run_secs(1.0);
    stepper.delegates[a].command(Command::Order(OrderCommand::GoToSafety));
    stepper.run_until("at the entrance", 3.0, |s| s.space(a) == Some(FOYER));
    assert_eq!(stepper.delegates[a].core.safety().was_near(), [bruno]);
    // Also from a seat.
    let manifest = stepper.delegates[c].core.manifest().unwrap().clone();
    let seat = manifest.seats.iter().find(|seat| seat.space == HALL).expect("the hall has seats").id;
    stepper.delegates[c].command(Command::GoTo(Destination::Seat(seat)));
    stepper.run_until("seated", 20.0, |s| s.delegates[c].core.body().is_seated());
    stepper.delegates[c].command(Command::Order(OrderCommand::GoToSafety));
    stepper.run_until("up and away", 3.0, |s| {
        !s.delegates[c].core.body().is_seated() && s.space(c) == Some(FOYER)
    });
    // And from another end of the entrance's own room.
    let arrived = stepper.root(c);
    let aside = arrived + glam::Vec3::new(2.0, 0.0, 0.0);
    stepper.delegates[c].command(Command::GoTo(Destination::Point(FOYER, aside)));
    stepper.run_until("aside", 10.0, |s| s.root(c).distance(arrived) > 0.5);
    let away = stepper.root(c);
    stepper.delegates[c].command(Command::Order(OrderCommand::GoToSafety));
    stepper.run_until("back where people arrive", 5.0, |s| s.root(c).distance(away) > 0.3);
}

#[test]
fn an_announcement_is_read_by_those_whom_it_is_for_and_by_who_was_lost() {
    let (mut stepper, [a, b, c]) = stand(28);
    let code = stepper.store.invite_as(EVENT, "Mona", "CHE", |invitation| invitation.role = Role::Moderator);
    let m = stepper.enter_with(code);
    stepper.run_until_all_inside();
    stepper.delegates[c].command(Command::GoToSpace(HALL));
    stepper.run_until("in the hall", 10.0, |s| s.space(c) == Some(HALL));
    let announce = |space, words: &str| {
        Command::Order(OrderCommand::Moderate(
            Act::Announce { space, words: BoundedText::lossy(words) },
            BoundedText::lossy(""),
        ))
    };
    stepper.network.cut(b as u64 + 1);
    stepper.run_until("one is lost", 5.0, |s| !s.delegates[b].is_inside());
    stepper.delegates[m].command(announce(Some(FOYER), "coffee"));
    stepper.delegates[m].command(announce(None, "vote"));
    stepper.run_until("back", 30.0, |s| s.delegates[b].is_inside());
    stepper.run_secs(2.0);
    let heard = |who: usize| -> Vec<&str> {
        let mut words = Vec::new();
        for notice in &stepper.delegates[who].notices {
            if let Notice::Announced(Announced { words: said, .. }) = notice {
                words.push(said.as_str());
            }
        }
        words
    };
    assert_eq!(heard(a), ["coffee", "vote"]);
    assert_eq!(heard(b), ["coffee", "vote"]);
    assert_eq!(heard(c), ["vote"]);
    let again = |who: usize| -> Vec<&str> {
        let kept = stepper.delegates[who].core.order().announcements().iter();
        kept.map(|announced| announced.words.as_str()).collect()
    };
    assert_eq!([again(a), again(b)], [["coffee", "vote"]; 2], "and can be read again");
}
