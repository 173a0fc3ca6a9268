//! Private talks as they are asked for, answered, shown and left: by mouse and by the keyboard alone.

use super::language_tests::talking;
use super::talk_model::{PlaceState, TalkModel, TalkPlace};
use super::tests::{Stand, inside, keep, node_name};
use super::*;
use crate::core::talking::TalkCommand;
use crate::input::OrderCommand;
use egui::accesskit::Role;
use egui::{Event, Key};
use private_talk::Compared;
use venue_model::text::MessageBody;
use venue_model::{Language, ParticipantId};
use venue_protocol::TalkAnswer;

const ANNA: ParticipantId = ParticipantId(2);
const WANG: ParticipantId = ParticipantId(4);

fn talk(command: TalkCommand) -> PanelAction {
    PanelAction::Talk(command)
}

fn has(stand: &Stand, words: &str) -> bool {
    stand.names().iter().any(|(_, name)| name.contains(words))
}

/// In the talk of [`talking`], with nobody who asks.
fn within(language: Language) -> Stand {
    let mut stand = Stand::new(inside(language));
    stand.model.talk = TalkModel { requests: Vec::new(), ..talking() };
    stand.settle();
    stand
}

#[test]
fn from_a_person_s_page_it_is_one_press_to_ask() {
    let mut stand = Stand::new(inside(Language::En));
    stand.panels.open_person(ANNA);
    stand.settle();
    assert_eq!(stand.click(Role::Button, "Talk privately").actions, [talk(TalkCommand::Ask(ANNA))]);
    stand.model.talk.awaited = vec![ANNA];
    stand.settle();
    assert!(has(&stand, "Waiting for the answer") && !has(&stand, "Talk privately"), "not twice");
}

#[test]
fn who_is_asked_accepts_puts_off_declines_or_blocks() {
    for (name, expected) in [
        ("Accept", vec![talk(TalkCommand::Answer { by: WANG, answer: TalkAnswer::Accept })]),
        ("Not now", vec![talk(TalkCommand::Answer { by: WANG, answer: TalkAnswer::Later })]),
        ("Decline", vec![talk(TalkCommand::Answer { by: WANG, answer: TalkAnswer::Decline })]),
        (
            "Block",
            vec![
                talk(TalkCommand::Answer { by: WANG, answer: TalkAnswer::Decline }),
                PanelAction::Order(OrderCommand::Block(WANG)),
            ],
        ),
    ] {
        let mut stand = Stand::new(inside(Language::En));
        stand.model.talk.requests = vec![WANG];
        stand.settle();
        assert!(has(&stand, "asks to talk with you privately"));
        assert!(!stand.frame(Vec::new()).wants_keyboard, "it takes no key from who walks");
        assert_eq!(stand.click(Role::Button, name).actions, expected, "{name}");
        let opened = (name == "Accept").then_some(Panel::Talk);
        assert_eq!(stand.panels.open_panel(), opened);
    }
}

#[test]
fn a_request_is_answered_by_the_keyboard_alone() {
    let mut stand = Stand::new(inside(Language::En));
    stand.model.talk.requests = vec![WANG];
    stand.settle();
    for _ in 0..24 {
        if stand.focused == "Accept" {
            break;
        }
        stand.press(Key::Tab);
    }
    assert_eq!(stand.focused, "Accept");
    let expected = [talk(TalkCommand::Answer { by: WANG, answer: TalkAnswer::Accept })];
    assert_eq!(stand.press(Key::Enter).actions, expected);
}

#[test]
fn the_talk_s_page_says_who_hears_what_is_compared_and_what_was_written() {
    let mut stand = within(Language::En);
    stand.open(Panel::Talk);
    keep(&stand, "talk");
    assert!(has(&stand, "Private: Anna Müller (CHE), "), "the microphone's sign too: {:#?}", stand.names());
    assert!(has(&stand, "0427 1835 9902 6611") && has(&stand, "you have not"));
    let same = "Anna Müller (CHE) has the same code";
    assert_eq!(stand.click(Role::Button, same).actions, [talk(TalkCommand::Confirm(ANNA))]);
    let mut current = stand.model.talk.current.clone().unwrap();
    current.others[0].1 = Compared::ByMe;
    stand.model.talk.current = Some(current);
    stand.settle();
    assert!(!has(&stand, same), "it is said once");
    stand.click(Role::TextInput, "Write to the private talk");
    stand.frame(vec![Event::Text("meet us halfway".to_owned())]);
    let words = MessageBody::new("meet us halfway").unwrap();
    assert_eq!(stand.press(Key::Enter).actions, [talk(TalkCommand::Say(words))]);
    assert_eq!(stand.click(Role::Button, "Leave the private talk").actions, [talk(TalkCommand::Leave)]);
    assert_eq!(stand.panels.open_panel(), None);
}

#[test]
fn what_is_being_written_when_a_talk_ends_goes_nowhere() {
    let mut stand = within(Language::En);
    stand.open(Panel::Talk);
    stand.click(Role::TextInput, "Write to the private talk");
    stand.frame(vec![Event::Text("between us".to_owned())]);
    stand.model.talk = TalkModel::default();
    let output = stand.frame(vec![Event::Text(", only".to_owned())]);
    stand.settle();
    assert!(has(&stand, "The private talk is over."));
    assert!(output.wants_keyboard, "the letters that follow neither walk nor open the microphone");
    assert_eq!(stand.press(Key::Enter).actions, []);
    assert!(stand.panels.memory.talk_draft.is_empty() && stand.panels.memory.draft.is_empty());
    assert!(!stand.names().iter().any(|(role, _)| *role == Role::TextInput));
}

#[test]
fn others_are_seen_to_talk_and_a_third_is_asked_in() {
    let mut stand = within(Language::En);
    stand.open(Panel::People);
    let anna = stand.named(Role::Button, "Anna Müller (CHE), ");
    assert!(node_name(anna).contains("in a private talk"));
    stand.model.talk.awaited.clear();
    stand.panels.open_person(WANG);
    stand.settle();
    let asked = stand.click(Role::Button, "Ask into the private talk");
    assert_eq!(asked.actions, [talk(TalkCommand::Ask(WANG))]);
    stand.panels.open_person(ANNA);
    stand.settle();
    stand.click(Role::Button, "Show the private talk");
    assert_eq!(stand.panels.open_panel(), Some(Panel::Talk));
}

#[test]
fn a_table_is_kept_for_the_talk_and_given_back() {
    let mut stand = within(Language::En);
    let zone = venue_model::ZoneId(3);
    let place =
        |state| Some(TalkPlace { zone, name: venue_model::Localized::english("Corner table"), state });
    stand.model.talk.place = place(PlaceState::Free);
    stand.screen = [1280, 2_000];
    stand.open(Panel::Talk);
    let keep = |is_kept| [talk(TalkCommand::Keep { zone, is_kept })];
    assert_eq!(stand.click(Role::Button, "Keep Corner table for this talk").actions, keep(true));
    stand.model.talk.place = place(PlaceState::Ours);
    stand.settle();
    assert_eq!(stand.click(Role::Button, "Give Corner table back").actions, keep(false));
    stand.model.talk.place = place(PlaceState::Others);
    stand.settle();
    assert!(!has(&stand, "Corner table"), "another talk's is not ours to give");
}
