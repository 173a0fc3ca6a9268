//! Real-time text (ITU-T T.140): characters appear to the others within half a second, can be taken back, and are
//! never stored.

use tests::stepper::Stepper;
use tests::virtual_network::Conditions;
use venue_model::{BoundedText, SpaceId, TextScope};
use xr_client::input::Command;

/// T.140 asks that characters appear within so long.
const HALF_A_SECOND: u64 = 500_000;

fn write(stepper: &mut Stepper, who: usize, scope: TextScope, text: &str) {
    stepper.delegates[who].command(Command::WriteLive { scope, text: text.to_owned() });
}

fn read(stepper: &Stepper, reader: usize, writer: usize) -> Option<String> {
    let from = stepper.id(writer);
    let mut lines = stepper.delegates[reader].core.live_texts().others();
    lines.find(|line| line.from == from).map(|line| line.text.clone())
}

#[test]
fn characters_appear_within_half_a_second_and_can_be_taken_back() {
    let path = Conditions { loss: 0.0, delay_micros: 40_000, jitter_micros: 10_000 };
    let mut stepper = Stepper::new(1, path);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    let mut slowest = 0;
    for typed in ["T", "Te", "Tea o", "Tea or ", "Tea or coffee?", "Tea?", "Tea?\nOr coffee?"] {
        write(&mut stepper, a, TextScope::Space, typed);
        let since = stepper.now_micros();
        stepper.run_until("Bruno reads it", 5.0, |s| read(s, b, a).as_deref() == Some(typed));
        slowest = slowest.max(stepper.now_micros() - since);
    }
    assert!(slowest <= HALF_A_SECOND, "{slowest} µs");
    assert!(stepper.store.texts().is_empty(), "what is being written is not stored");
}

#[test]
fn under_loss_every_line_ends_as_it_was_written() {
    for seed in 0..5 {
        let mut stepper = Stepper::new(seed, Conditions::BAD);
        let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
        stepper.run_until_all_inside();
        let words = "The delegation of 🇨🇭 would like to thank the chair.";
        for count in 1..=words.chars().count() {
            let typed: String = words.chars().take(count).collect();
            write(&mut stepper, a, TextScope::Space, &typed);
            stepper.run_secs(0.07);
        }
        stepper.run_until("Bruno has read it all", 5.0, |s| read(s, b, a).as_deref() == Some(words));
        write(&mut stepper, a, TextScope::Space, "");
        stepper.run_until("the line is gone", 5.0, |s| read(s, b, a).is_none());
    }
}

#[test]
fn the_sent_text_takes_the_place_of_the_line() {
    let mut stepper = Stepper::new(3, Conditions::BAD);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    write(&mut stepper, a, TextScope::Space, "Good morning");
    stepper.run_until("Bruno reads along", 5.0, |s| read(s, b, a).is_some());
    let body = BoundedText::lossy("Good morning");
    stepper.delegates[a].command(Command::SendText { scope: TextScope::Space, body });
    write(&mut stepper, a, TextScope::Space, "");
    stepper.run_until("Bruno has the text", 5.0, |s| s.delegates[b].core.texts().lines().count() == 1);
    stepper.run_until("and the line is gone", 2.0, |s| read(s, b, a).is_none());
}

#[test]
fn a_line_is_read_by_those_it_is_for_and_follows_nobody_to_another_room() {
    let mut stepper = Stepper::new(4, Conditions::GOOD);
    let (a, b, c) = (stepper.enter("Amina"), stepper.enter("Bruno"), stepper.enter("Chen"));
    stepper.run_until_all_inside();
    let bruno = stepper.id(b);
    write(&mut stepper, a, TextScope::Person(bruno), "between us");
    stepper.run_until("Bruno reads along", 5.0, |s| read(s, b, a).is_some());
    stepper.run_secs(1.0);
    assert_eq!(read(&stepper, c, a), None, "Chen is not meant");
    write(&mut stepper, a, TextScope::Space, "for all");
    stepper.run_until("all read along", 5.0, |s| {
        [b, c].iter().all(|reader| read(s, *reader, a).as_deref() == Some("for all"))
    });
    stepper.delegates[a].command(Command::GoToSpace(SpaceId(2)));
    stepper.run_until("the line has ended here", 5.0, |s| read(s, b, a).is_none() && read(s, c, a).is_none());
}

#[test]
fn after_a_lost_connection_writer_and_reader_agree_again() {
    let mut stepper = Stepper::new(5, Conditions::GOOD);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    write(&mut stepper, a, TextScope::Space, "half a sen");
    stepper.run_until("Bruno reads along", 5.0, |s| read(s, b, a).is_some());
    stepper.network.cut(a as u64 + 1);
    stepper.run_until("Amina is back", 30.0, |s| s.delegates[a].is_inside());
    write(&mut stepper, a, TextScope::Space, "half a sentence");
    stepper.run_until("Bruno reads the whole", 5.0, |s| read(s, b, a).as_deref() == Some("half a sentence"));
    stepper.network.cut(b as u64 + 1);
    stepper.run_until("Bruno is back", 30.0, |s| s.delegates[b].is_inside());
    write(&mut stepper, a, TextScope::Space, "half a sentence more");
    stepper.run_until("the whole again", 5.0, |s| read(s, b, a).as_deref() == Some("half a sentence more"));
}
