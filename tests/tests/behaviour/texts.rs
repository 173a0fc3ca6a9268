//! Texts reach whom they are for, and are acknowledged only when they are stored.

use tests::stepper::Stepper;
use tests::virtual_network::Conditions;
use venue_model::{BoundedText, SpaceId, TextScope};
use xr_client::input::Command;
use xr_client::panels::model::Delivery;

fn say(stepper: &mut Stepper, who: usize, scope: TextScope, body: &str) {
    stepper.delegates[who].command(Command::SendText { scope, body: BoundedText::lossy(body) });
}

fn has_text(stepper: &Stepper, who: usize, body: &str) -> bool {
    stepper.delegates[who].core.texts().lines().any(|line| line.body == body)
}

fn is_stored(stepper: &Stepper, who: usize, body: &str) -> bool {
    let mut lines = stepper.delegates[who].core.texts().lines();
    lines.any(|line| line.body == body && line.delivery == Delivery::Stored)
}

#[test]
fn a_text_to_the_space_stays_in_the_space_and_one_to_a_person_finds_them() {
    let mut stepper = Stepper::new(1, Conditions::BAD);
    let (a, b, c) = (stepper.enter("Amina"), stepper.enter("Bruno"), stepper.enter("Chen"));
    stepper.run_until_all_inside();
    stepper.delegates[c].command(Command::GoToSpace(SpaceId(2)));
    stepper.run_until("Chen is in the hall", 5.0, |s| s.space(c) == Some(SpaceId(2)));
    say(&mut stepper, a, TextScope::Space, "Shall we have a coffee?");
    stepper.run_until("Bruno reads it", 5.0, |s| has_text(s, b, "Shall we have a coffee?"));
    let chen = stepper.id(c);
    say(&mut stepper, a, TextScope::Person(chen), "We are in the foyer");
    stepper.run_until("Chen reads it", 5.0, |s| has_text(s, c, "We are in the foyer"));
    stepper.run_secs(1.0);
    assert!(!has_text(&stepper, c, "Shall we have a coffee?"), "the hall does not hear the foyer");
    assert!(!has_text(&stepper, b, "We are in the foyer"), "a text to a person is for that person");
    assert!(is_stored(&stepper, a, "We are in the foyer"));
}

#[test]
fn a_text_is_acknowledged_only_after_its_commit() {
    let mut stepper = Stepper::new(2, Conditions::GOOD);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    stepper.store.delay_commits(60);
    say(&mut stepper, a, TextScope::Space, "slow disk");
    stepper.run_secs(1.0);
    assert!(!is_stored(&stepper, a, "slow disk") && !has_text(&stepper, b, "slow disk"));
    stepper.run_until("stored", 10.0, |s| is_stored(s, a, "slow disk") && has_text(s, b, "slow disk"));
    assert_eq!(stepper.store.texts().len(), 1);
}

#[test]
fn a_text_that_a_broken_connection_swallowed_is_sent_again_and_stored_once() {
    let mut stepper = Stepper::new(3, Conditions::GOOD);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    stepper.store.delay_commits(20);
    for number in 0..4 {
        say(&mut stepper, a, TextScope::Space, &format!("text {number}"));
        stepper.run_secs(0.1);
    }
    stepper.network.cut(a as u64 + 1);
    stepper.run_until("inside again", 30.0, |s| s.delegates[a].is_inside());
    stepper
        .run_until("all stored", 30.0, |s| (0..4).all(|number| is_stored(s, a, &format!("text {number}"))));
    stepper.run_until("all read", 5.0, |s| (0..4).all(|number| has_text(s, b, &format!("text {number}"))));
    assert_eq!(stepper.store.texts().len(), 4, "none lost, none twice");
}

#[test]
fn what_was_written_during_an_outage_is_read_after_it_once_and_in_order() {
    let mut stepper = Stepper::new(4, Conditions::BAD);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    say(&mut stepper, b, TextScope::Space, "before");
    stepper.run_until("read before", 10.0, |s| has_text(s, a, "before"));
    let amina = stepper.id(a);
    stepper.network.cut(a as u64 + 1);
    for body in ["to the room", "to you", "to the room again"] {
        let scope = if body == "to you" { TextScope::Person(amina) } else { TextScope::Space };
        say(&mut stepper, b, scope, body);
        stepper.run_until("stored", 10.0, |s| is_stored(s, b, body));
    }
    stepper.run_until("inside again", 30.0, |s| s.delegates[a].is_inside());
    stepper.run_until("all read", 10.0, |s| has_text(s, a, "to the room again"));
    let read: Vec<_> = stepper.delegates[a].core.texts().lines().map(|line| line.body.to_string()).collect();
    assert_eq!(read, ["before", "to the room", "to you", "to the room again"]);
}

#[test]
fn after_a_restart_of_the_server_a_private_text_reaches_its_reader_or_nobody() {
    for seed in 20..30 {
        let mut stepper = Stepper::new(seed, Conditions::BAD);
        let (a, b, c) = (stepper.enter("Amina"), stepper.enter("Bruno"), stepper.enter("Chen"));
        stepper.run_until_all_inside();
        let (amina, chen) = (stepper.id(a), stepper.id(c));
        say(&mut stepper, a, TextScope::Person(chen), "for Chen alone");
        stepper.step();
        stepper.replace_server(venue_importer::tiny::open_tiny_package());
        stepper.run_until("all are inside again", 60.0, |s| s.delegates.iter().all(|who| who.is_inside()));
        stepper.run_secs(2.0);
        assert_eq!((stepper.id(a), stepper.id(c)), (amina, chen), "people keep their numbers; seed {seed}");
        let failed = stepper.delegates[a].core.texts().lines().next().map(|line| (line.key, line.delivery));
        if let Some((key, Delivery::Failed(_))) = failed {
            stepper.delegates[a].command(Command::RetryText(key));
        }
        stepper.run_until("Chen reads it", 10.0, |s| has_text(s, c, "for Chen alone"));
        stepper.run_secs(2.0);
        assert!(!has_text(&stepper, b, "for Chen alone"), "seed {seed}");
        assert_eq!(stepper.store.texts().len(), 1, "seed {seed}");
    }
}

#[test]
fn what_was_said_while_the_server_restarted_is_read_after_it_once_and_in_order() {
    let mut stepper = Stepper::new(5, Conditions::BAD);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    say(&mut stepper, b, TextScope::Space, "before");
    stepper.run_until("read before", 10.0, |s| has_text(s, a, "before"));
    stepper.replace_server(venue_importer::tiny::open_tiny_package());
    // The new server has never heard of Amina when Bruno speaks.
    stepper.delegates[a].is_asleep = true;
    stepper.run_secs(1.0);
    stepper.run_until("Bruno is back", 30.0, |s| s.delegates[b].is_inside());
    for body in ["first words", "second words"] {
        say(&mut stepper, b, TextScope::Space, body);
        stepper.run_until("stored", 10.0, |s| is_stored(s, b, body));
    }
    stepper.delegates[a].is_asleep = false;
    stepper.run_until("Amina is back", 60.0, |s| s.delegates[a].is_inside());
    stepper.run_until("all read", 10.0, |s| has_text(s, a, "second words"));
    let read: Vec<_> = stepper.delegates[a].core.texts().lines().map(|line| line.body.to_string()).collect();
    assert_eq!(read, ["before", "first words", "second words"]);
}
