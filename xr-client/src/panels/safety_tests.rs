//! One person's page, blocks, reports and their answers, as they are pressed and read.

use super::order_model::{BlockedView, OrderModel, QuoteView, ReportView};
use super::tests::{Stand, inside, keep};
use super::*;
use crate::input::OrderCommand;
use egui::Event;
use egui::accesskit::Role;
use venue_model::{BoundedText, Language, ParticipantId, SpaceId, WallTime};
use venue_protocol::{BlockId, ReportId};

const ANNA: ParticipantId = ParticipantId(2);

fn at_anna_s(language: Language) -> Stand {
    let mut stand = Stand::new(inside(language));
    stand.open(Panel::People);
    stand.click(Role::Button, "Anna Müller (CHE), ");
    assert_eq!(stand.panels.open_panel(), Some(Panel::Person));
    stand
}

fn order(action: OrderCommand) -> PanelAction {
    PanelAction::Order(action)
}

#[test]
fn somebody_is_blocked_from_their_page_and_met_again_from_the_list() {
    let mut stand = at_anna_s(Language::En);
    assert_eq!(stand.click(Role::Button, "Block").actions, [order(OrderCommand::Block(ANNA))]);
    let blocked = BlockedView { block: BlockId(9), name: "Anna Müller".into(), delegation: "CHE".into() };
    stand.model.order.blocked = vec![blocked];
    stand.open(Panel::People);
    assert_eq!(stand.click(Role::Button, "Unblock").actions, [order(OrderCommand::Unblock(BlockId(9)))]);
    keep(&stand, "people-blocked");
}

#[test]
fn a_report_has_words_and_quotes_only_what_is_agreed_to() {
    let mut stand = at_anna_s(Language::En);
    stand.click(Role::Button, "Report to the moderators");
    assert_eq!(stand.click(Role::Button, "Send report").actions, [], "nothing is sent without words");
    stand.click(Role::TextInput, "What happened");
    stand.frame(vec![Event::Text("insults".to_owned())]);
    stand.click(Role::RadioButton, "With these messages");
    stand.settle();
    keep(&stand, "person-report");
    assert!(
        stand.names().iter().any(|(_, name)| name.contains("A word in private?")),
        "read before it is sent"
    );
    let words = BoundedText::lossy("insults");
    let expected = OrderCommand::Report { about: ANNA, words, with_texts: true };
    assert_eq!(stand.click(Role::Button, "Send report").actions, [order(expected)]);
    stand.settle();
    assert!(!stand.names().iter().any(|(_, name)| name == "Send report"), "once");
}

#[test]
fn a_moderator_reads_a_report_and_answers_it() {
    let report = ReportView {
        report: ReportId(4),
        by: "Anna Müller".into(),
        by_delegation: "CHE".into(),
        about: "Jean Dupont".into(),
        about_delegation: "FRA".into(),
        participant: Some(ParticipantId(1)),
        room: Some(SpaceId(1)),
        words: "He shouts at me in the lounge.".into(),
        quotes: vec![QuoteView { by_reporter: false, body: "Be quiet!".into(), sent_at: WallTime(0) }],
        at: WallTime(0),
    };
    let model = OrderModel { keeps_order: true, reports: vec![report], ..OrderModel::default() };
    let mut stand = Stand::new(PanelModel { order: model, ..inside(Language::En) });
    stand.open(Panel::Moderation);
    stand.click(Role::Button, "Anna Müller (CHE) about Jean Dupont (FRA)");
    stand.click(Role::TextInput, "Answer, which Anna Müller reads");
    stand.frame(vec![Event::Text("We have spoken to him.".to_owned())]);
    stand.settle();
    keep(&stand, "moderation-report");
    let expected = OrderCommand::Answer(ReportId(4), BoundedText::lossy("We have spoken to him."));
    assert_eq!(stand.click(Role::Button, "Send answer").actions, [order(expected)]);
}

#[test]
fn the_safe_place_is_in_the_menu_and_shows_who_was_near() {
    let mut stand = Stand::new(inside(Language::En));
    stand.open(Panel::Menu);
    assert_eq!(stand.click(Role::Button, "Safe place").actions, [order(OrderCommand::GoToSafety)]);
    assert_eq!(stand.panels.open_panel(), None);
    stand.model.order.was_near = vec![ANNA];
    stand.open(Panel::People);
    keep(&stand, "people-near");
    stand.named(Role::Heading, "Who was near you");
}

#[test]
fn who_has_left_and_who_is_behind_a_closed_door_is_said() {
    let mut stand = at_anna_s(Language::En);
    stand
        .model
        .people
        .iter_mut()
        .filter(|person| person.participant.id == ANNA)
        .for_each(|anna| anna.room = None);
    stand.settle();
    stand.named(Role::Label, "This person has left the event.");
}

#[test]
fn one_person_s_page_in_every_language() {
    for language in Language::ALL {
        let mut stand = Stand::new(inside(language));
        stand.panels.memory.open_person(ANNA);
        stand.settle();
        keep(&stand, &format!("person-{}", language.code()));
    }
}
