//! Losses, retries and visits of the client core, in virtual time.

use super::super::client::CoreEvent;
use super::super::rehearsed::{LINK, Stand};
use super::*;
use crate::input::Command;
use crate::panels::model::{Delivery, Notice};
use crate::sentence::Problem;
use venue_model::{BoundedText, ParticipantId, TextScope};
use venue_protocol::session::ClientRequest;
use venue_protocol::{Closing, ClosingReason, LocalTime, MessageBody, RefusalCode, Refused};
use venue_transport::ConnectError;

const OTHER_CODE: &str = "vev://vev.example/e/plenary#AAAA-BBBB";
const OTHER_HOST: &str = "vev://other.example/e/plenary#7KQ2-M9XT";

/// Frames of a second.
const SECOND: u32 = 60;

fn text(words: &str, scope: TextScope) -> Command {
    Command::SendText { scope, body: MessageBody::new(words).unwrap() }
}

fn texts_asked(stand: &Stand) -> usize {
    let is_text = |request: &&ClientRequest| matches!(request, ClientRequest::SendText(_));
    stand.server.borrow().requests.iter().filter(is_text).count()
}

#[test]
fn a_loss_before_the_server_has_admitted_anybody_promises_nothing() {
    let mut stand = Stand::new(0);
    stand.server.borrow_mut().mishaps.is_congested = true;
    stand.wish(Command::Connect(LINK.into()));
    stand.run(30);
    assert_ne!(*stand.core.stage(), Stage::Loading);
    stand.server.borrow_mut().cut();
    stand.run(20 * SECOND);
    assert_eq!(*stand.core.stage(), Stage::Ended(Problem::LostOnTheWay { host: "vev.example".into() }));
    assert_eq!(stand.targets.borrow().len(), 1, "nobody tried again");
}

#[test]
fn a_loss_while_the_first_room_loads_is_retried() {
    let mut stand = Stand::new(0);
    stand.server.borrow_mut().mishaps.withholds_files = true;
    stand.wish(Command::Connect(LINK.into()));
    stand.run(30);
    assert_eq!(*stand.core.stage(), Stage::Loading);
    stand.server.borrow_mut().cut();
    stand.server.borrow_mut().mishaps.withholds_files = false;
    stand.run(20 * SECOND);
    assert_eq!(*stand.core.stage(), Stage::Inside);
}

#[test]
fn a_server_that_restarts_is_awaited_under_that_name_even_by_those_who_were_not_inside_yet() {
    for is_inside in [true, false] {
        let mut stand = Stand::new(0);
        stand.server.borrow_mut().mishaps.withholds_files = !is_inside;
        stand.wish(Command::Connect(LINK.into()));
        stand.run(30);
        let closing = Closing { reason: ClosingReason::Restart, back_in_secs: 1 };
        stand.server.borrow_mut().mishaps.failure = Some(ConnectError::NoAnswer { port: 4433 });
        stand.server.borrow_mut().session().shut_down(closing);
        stand.run(20 * SECOND);
        assert!(stand.targets.borrow().len() > 2);
        assert_eq!(stand.ended_with().id(), "problem-server-closing");
        assert!(matches!(stand.core.stage(), Stage::Lost { .. }));
        let mut server = stand.server.borrow_mut();
        (server.mishaps.failure, server.mishaps.withholds_files) = (None, false);
        drop(server);
        stand.run(10 * SECOND);
        assert_eq!(*stand.core.stage(), Stage::Inside);
    }
}

#[test]
fn loading_that_stops_ends_with_a_sentence() {
    let mut stand = Stand::new(0);
    stand.server.borrow_mut().mishaps.withholds_files = true;
    stand.wish(Command::Connect(LINK.into()));
    stand.run(29 * SECOND);
    assert_eq!(*stand.core.stage(), Stage::Loading);
    stand.run(2 * SECOND);
    assert_eq!(stand.ended_with().id(), "problem-loading-stalled");
    stand.server.borrow_mut().mishaps.withholds_files = false;
    stand.wish(Command::Retry);
    stand.run(SECOND);
    assert_eq!(*stand.core.stage(), Stage::Inside);
}

#[test]
fn a_manifest_that_is_too_large_is_not_even_asked_for() {
    let mut stand = Stand::new(0);
    stand.server.borrow_mut().mishaps.manifest_bytes = Some(u32::MAX);
    stand.wish(Command::Connect(LINK.into()));
    stand.run(SECOND);
    assert_eq!(stand.ended_with().id(), "problem-damaged-package");
    assert_eq!(stand.core.loading(), (0, 0));
}

#[test]
fn private_texts_of_one_visit_never_reach_another_host_or_invitation() {
    for other in [OTHER_CODE, OTHER_HOST] {
        let mut stand = Stand::entered(2);
        let first = stand.core.visit();
        stand.server.borrow_mut().mishaps.is_congested = true;
        stand.wish(text("for Bo alone", TextScope::Person(ParticipantId(2))));
        stand.run(2);
        assert_eq!(stand.core.texts().lines().count(), 1);
        stand.server.borrow_mut().mishaps.is_congested = false;
        stand.wish(Command::Connect(other.into()));
        stand.run(SECOND);
        assert_eq!(*stand.core.stage(), Stage::Inside);
        assert_eq!((stand.core.texts().lines().count(), texts_asked(&stand)), (0, 0));
        assert_ne!(stand.core.visit(), first);
        stand.wish(text("hello", TextScope::Space));
        stand.run(2);
        assert_eq!(stand.core.texts().lines().next().unwrap().key, 1, "a key means one text");
    }
}

#[test]
fn leaving_ends_the_visit() {
    let mut stand = Stand::entered(2);
    let first = stand.core.visit();
    stand.wish(text("hello", TextScope::Space));
    stand.run(2);
    stand.wish(Command::Leave);
    stand.run(2);
    assert_eq!((stand.core.texts().lines().count(), stand.core.people().iter().count()), (0, 0));
    assert_ne!(stand.core.visit(), first);
    assert_eq!(stand.core.own_id(), None);
}

#[test]
fn a_text_waits_while_the_stream_takes_nothing_and_goes_out_after() {
    let mut stand = Stand::entered(0);
    stand.server.borrow_mut().mishaps.is_congested = true;
    stand.wish(text("patience", TextScope::Space));
    stand.run(SECOND);
    assert_eq!(texts_asked(&stand), 0);
    assert_eq!(stand.core.texts().lines().next().unwrap().delivery, Delivery::Sending);
    stand.server.borrow_mut().mishaps.is_congested = false;
    stand.run(2);
    assert_eq!(texts_asked(&stand), 1);
}

#[test]
fn a_bare_code_follows_the_last_admission_and_not_the_last_attempt() {
    let mut stand = Stand::entered(0);
    stand.wish(Command::Leave);
    let refusal =
        Refused { code: RefusalCode::UnknownEvent, detail: BoundedText::lossy(""), retry_after_secs: 0 };
    stand.server.borrow_mut().mishaps.refusal = Some(refusal);
    stand.wish(Command::Connect(OTHER_HOST.into()));
    stand.run(SECOND);
    stand.server.borrow_mut().mishaps.refusal = None;
    stand.wish(Command::Connect("7KQ2-M9XT".into()));
    stand.run(SECOND);
    let hosts: Vec<_> = stand.targets.borrow().iter().map(|target| target.place.host.clone()).collect();
    assert_eq!(hosts, ["vev.example", "other.example", "vev.example"]);
}

/// Loses the connection and gives the pause before the next try, µs.
fn pause_after_loss(stand: &mut Stand) -> u64 {
    stand.server.borrow_mut().cut();
    stand.run(1);
    match stand.core.stage() {
        Stage::Lost { retry_at: Some(at), .. } => at.micros_since(LocalTime(stand.now)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_connection_that_breaks_again_and_again_is_tried_ever_more_seldom() {
    let mut stand = Stand::entered(0);
    let pauses: Vec<u64> = (0..6)
        .map(|_| {
            let pause = pause_after_loss(&mut stand);
            // Admitted again, but for less than the time in which a connection proves good.
            stand.run((pause / 16_667) as u32 + SECOND);
            assert_eq!(*stand.core.stage(), Stage::Inside);
            pause
        })
        .collect();
    assert!(pauses[5] > 3_000_000, "{pauses:?}");
    stand.run(11 * SECOND);
    assert!(pause_after_loss(&mut stand) <= 400_000);
}

#[test]
fn coming_back_is_told() {
    let mut stand = Stand::entered(0);
    stand.events();
    let pause = pause_after_loss(&mut stand);
    stand.run((pause / 16_667) as u32 + SECOND);
    let is_told = |event: &CoreEvent| matches!(event, CoreEvent::Notice(Notice::Reconnected));
    assert!(stand.events().iter().any(is_told));
}
