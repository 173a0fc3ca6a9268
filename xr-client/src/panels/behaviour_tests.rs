//! What the panels do: notices on every page, a host's links, keys that scroll, visits that leave nothing behind.

use super::order_model::{InLine, OrderModel, SummonsView};
use super::tests::{LOUNGE, Stand, at_start, inside, keep, line, node_name};
use super::*;
use crate::input::OrderCommand;
use crate::panels::model::{LiveWords, Thing};
use egui::accesskit::Role;

use egui::{Event, Key, Modifiers};
use venue_model::{Language, ParticipantId, SpaceId, WallTime};
use venue_protocol::{Act, ActId, ActReason};

fn notice() -> Option<Notice> {
    Some(Notice::Problem(Problem::DiskFull { folder: "/data".into(), detail: "os error 28".into() }))
}

#[test]
fn a_notice_is_told_on_every_page() {
    let problem = || Problem::ServerBusy { host: "vev.example".into() };
    let host = || "vev.example".to_owned();
    let stages = [
        Stage::Start,
        Stage::StartWithProblem(problem()),
        Stage::Hosting,
        Stage::Connecting { host: host() },
        Stage::Joining { host: host() },
        Stage::Loading { done: 1, total: 2 },
        Stage::Inside,
        Stage::Lost { problem: problem(), retry_in_secs: None },
        Stage::Ended(problem()),
    ];
    for stage in stages {
        let stand = Stand::new(PanelModel { stage, notice: notice(), ..inside(Language::En) });
        let told = |node: &&egui::accesskit::Node| {
            node.role() == Role::Alert && node_name(node).contains("Free some space in /data")
        };
        let found = stand.nodes.iter().find(told);
        let bounds = found.unwrap_or_else(|| panic!("{:?}", stand.model.stage)).bounds().unwrap();
        assert!(bounds.y0 >= 0.0 && bounds.y1 <= 800.0 && bounds.x0 >= 0.0 && bounds.x1 <= 1280.0);
    }
}

#[test]
fn a_technical_detail_stands_behind_for_support_in_every_language() {
    for language in Language::ALL {
        let stand = Stand::new(PanelModel { notice: notice(), ..at_start(language) });
        let words = stand.panels.words();
        let support = words.with("for-support", &[("detail", words::Value::Text("os error 28"))]);
        let support: String = support.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect();
        let alert = node_name(stand.named(Role::Alert, "/data"));
        assert!(alert.ends_with(&support), "{language:?}: {alert}");
    }
}

#[test]
fn a_notice_over_a_card_lets_clicks_through() {
    let mut stand = Stand::new(PanelModel { notice: notice(), ..at_start(Language::En) });
    (stand.screen, stand.model.settings.text_scale) = ([900, 500], 1.5);
    stand.settle();
    let output = stand.click(Role::RadioButton, "Русский");
    assert!(matches!(output.actions[..], [PanelAction::ChangeSettings(_)]), "{:?}", output.actions);
}

#[test]
fn hosting_shows_progress_and_can_be_given_up() {
    let mut stand = Stand::new(PanelModel { stage: Stage::Hosting, ..at_start(Language::Fr) });
    let heading = stand.panels.words().get("wait-hosting");
    stand.named(Role::Heading, &heading);
    let cancel = stand.panels.words().get("cancel");
    assert_eq!(stand.click(Role::Button, &cancel).actions, [PanelAction::Cancel]);
}

#[test]
fn a_host_copies_links_for_others() {
    let invite = |name: &str| Invite { name: name.into(), link: format!("https://h/e/demo#{name}") };
    let mut stand = Stand::new(PanelModel {
        hosts: true,
        invites: vec![invite("Guest 1"), invite("Guest 2")],
        ..inside(Language::En)
    });
    stand.open(Panel::Menu);
    stand.click(Role::Button, "Invite people");
    assert_eq!(stand.panels.open_panel(), Some(Panel::Invite));
    let output = stand.click(Role::Button, "Guest 2");
    let copied = egui::OutputCommand::CopyText("https://h/e/demo#Guest 2".to_owned());
    assert!(output.platform.commands.contains(&copied), "{:?}", output.platform.commands);
    stand.named(Role::Button, "Guest 2, Copied");
    let mut guest = Stand::new(inside(Language::En));
    guest.open(Panel::Menu);
    assert!(!guest.names().iter().any(|(_, name)| name == "Invite people"));
}

#[test]
fn a_venue_that_is_hosted_here_is_entered_again_from_the_start_page() {
    let mut stand = Stand::new(PanelModel { hosts: true, ..at_start(Language::En) });
    assert_eq!(stand.click(Role::Button, "Back to the venue").actions, [PanelAction::HostHere]);
}

/// Where a row with this name lies, if any of it is on the screen.
fn top_of(stand: &Stand, name: &str) -> f64 {
    stand.named(Role::ListItem, name).bounds().unwrap().y0
}

#[test]
fn lists_are_scrolled_by_the_keyboard_even_at_200_percent() {
    let settings = PanelSettings { text_scale: 2.0, ..PanelSettings::default() };
    let mut stand = Stand::new(PanelModel { settings, ..inside(Language::En) });
    stand.model.keys = (0..30)
        .map(|_| (Action::Forward, "W"))
        .chain([(Action::Help, "F1")])
        .map(|(deed, key)| KeyHint { deed, keys: vec![key.to_owned()], is_changed: false })
        .collect();
    stand.open(Panel::Help);
    let start = top_of(&stand, "Help, F1");
    assert!(start > 800.0, "the last key lies below the screen: {start}");
    stand.press(Key::PageDown);
    let down = top_of(&stand, "Help, F1");
    assert!(down < start - 200.0, "{down}");
    stand.press(Key::PageUp);
    assert!((top_of(&stand, "Help, F1") - start).abs() < 1.0);
    stand.press(Key::End);
    assert!(top_of(&stand, "Help, F1") < 800.0);
    stand.press(Key::Home);
    assert!((top_of(&stand, "Help, F1") - start).abs() < 1.0);
}

#[test]
fn home_and_end_belong_to_the_field_that_is_written_in() {
    let mut stand = Stand::new(inside(Language::En));
    stand.model.texts =
        (0..60).map(|key| line(key, 2, LOUNGE, &format!("line {key}."), Delivery::Received)).collect();
    stand.open(Panel::Texts);
    stand.frame(vec![Event::Text("good".to_owned())]);
    let start = top_of(&stand, "line 59.");
    stand.press(Key::Home);
    assert!((top_of(&stand, "line 59.") - start).abs() < 1.0, "the list stays where it was");
    stand.frame(vec![Event::Text("very ".to_owned())]);
    stand.press(Key::PageUp);
    assert!(top_of(&stand, "line 59.") > start + 100.0, "older texts are read");
    let output = stand.press(Key::Enter);
    assert_eq!(output.actions, [PanelAction::SendText { conversation: LOUNGE, body: "very good".into() }]);
}

#[test]
fn others_read_along_only_while_the_user_wishes_it() {
    let mut stand = Stand::new(inside(Language::En));
    stand.open(Panel::Texts);
    let output = stand.frame(vec![Event::Text("before".to_owned())]);
    assert_eq!(output.actions, [], "off unless it is chosen");
    let line = |line: &str| PanelAction::WriteLive { conversation: LOUNGE, line: line.to_owned() };
    let output = stand.click(Role::RadioButton, "Real-time text");
    assert_eq!(output.actions, [line("before")]);
    stand.model.texts.clear();
    stand.panels.close();
    let output = stand.frame(Vec::new());
    assert_eq!(output.actions, [line("")], "a panel that is closed shows nothing to anybody");
    stand.open(Panel::Texts);
    let output = stand.frame(vec![Event::Text(" and after".to_owned())]);
    assert_eq!(output.actions.last(), Some(&line("before and after")));
    let output = stand.press(Key::Enter);
    let sent = PanelAction::SendText { conversation: LOUNGE, body: "before and after".to_owned() };
    assert_eq!(output.actions, [sent, line("")]);
}

#[test]
fn what_others_are_writing_is_read_in_the_thread_and_over_the_venue() {
    let live = vec![LiveWords { from: ParticipantId(2), conversation: LOUNGE, text: "Shall we".into() }];
    let mut stand = Stand::new(PanelModel { live, ..inside(Language::En) });
    let caption = node_name(stand.named(Role::Status, "Shall we"));
    assert!(caption.contains(": Shall we"), "{caption}");
    stand.open(Panel::Texts);
    let bubble = node_name(stand.named(Role::ListItem, "is writing"));
    assert!(bubble.ends_with("Shall we"), "{bubble}");
}

#[test]
fn keys_that_walk_do_not_lay_out_the_panels() {
    let mut stand = Stand::new(inside(Language::En));
    let key = |pressed| Event::Key {
        key: Key::W,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    for events in [vec![key(true), Event::Text("w".to_owned())], vec![key(false)], vec![Event::Zoom(1.0)]] {
        assert!(!stand.frame(events).changed);
    }
    assert!(stand.frame(vec![Event::WindowFocused(true)]).changed);
    stand.settle();
    // A key that a panel saw go down is let go even when the panel closed in between.
    stand.open(Panel::Menu);
    let escape = |pressed| Event::Key {
        key: Key::Escape,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    stand.frame(vec![escape(true)]);
    stand.settle();
    assert_eq!(stand.panels.open_panel(), None);
    stand.frame(vec![escape(false)]);
    stand.settle();
    assert!(!stand.panels.context().input(|input| input.keys_down.contains(&Key::Escape)));
    assert!(!stand.frame(vec![escape(false)]).changed);
}

#[test]
fn another_visit_begins_with_an_empty_field_and_unread_texts() {
    let mut stand = Stand::new(inside(Language::En));
    stand.panels.memory.write_to(Conversation::Person(ParticipantId(2)));
    stand.settle();
    stand.frame(vec![Event::Text("for Anna alone".to_owned())]);
    stand.model.visit += 1;
    stand.settle();
    assert_eq!(stand.panels.open_panel(), None);
    assert_eq!(stand.panels.memory.unread_in_all(&stand.model), 4);
    stand.open(Panel::Texts);
    assert!(stand.press(Key::Enter).actions.is_empty(), "the draft is gone");
    stand.frame(vec![Event::Text("hello".to_owned())]);
    let sent = PanelAction::SendText { conversation: LOUNGE, body: "hello".to_owned() };
    assert_eq!(stand.press(Key::Enter).actions, [sent]);
}

#[test]
fn what_was_said_in_another_room_is_read_there_and_not_written_to() {
    let mut stand = Stand::new(inside(Language::En));
    stand.model.room = Some(SpaceId(1));
    stand.open(Panel::Texts);
    assert!(!stand.names().iter().any(|(_, name)| name.contains("Shall we meet")), "this is Popov Hall");
    stand.click(Role::RadioButton, "Lounge");
    assert!(stand.names().iter().any(|(_, name)| name.contains("Shall we meet")));
    assert!(!stand.names().iter().any(|(role, _)| *role == Role::TextInput), "one is not in the Lounge");
    let elsewhere = stand.panels.words().get("texts-elsewhere");
    assert!(stand.names().iter().any(|(_, name)| *name == elsewhere));
    stand.click(Role::RadioButton, "Popov Hall");
    stand.named(Role::TextInput, "");
}

#[test]
fn keys_are_called_what_stands_on_them() {
    let caps = |language, keys: &[&str]| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        let caps = Words::new(language).caps(&KeyHint { deed: Action::Help, keys, is_changed: false });
        caps.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect::<String>()
    };
    assert_eq!(caps(Language::Fr, &["Space"]), "Espace");
    assert_eq!(caps(Language::Es, &["Shift"]), "Mayús");
    assert_eq!(caps(Language::Ru, &["Space"]), "Пробел");
    assert_eq!(caps(Language::Zh, &["Num 7"]), "小键盘 7");
    assert_eq!(caps(Language::Ar, &["1", "F7"]), "1 · F7");
    assert_eq!(caps(Language::En, &["W"]), "W");
}

#[test]
fn a_host_and_guests_have_names_in_the_hosts_language() {
    let words = Words::new(Language::Es);
    assert_eq!(words.host_names(Some("Ada".into()), 2), ["Ada", "Invitado 1", "Invitado 2"]);
    assert_eq!(words.host_names(None, 0), ["Anfitrión"]);
}

#[test]
fn the_chair_sees_whose_hand_is_an_observer_s_and_brings_them_in_from_the_list() {
    let mut model = at_the_moderator_s(Language::En);
    let anna = ParticipantId(2);
    model.people[0].participant.role = venue_model::Role::Chair;
    model.order.line = vec![InLine { who: anna, is_brought_in: false }];
    let mut stand = Stand::new(model);
    stand.open(Panel::People);
    keep(&stand, "people-chair");
    let act = |act| PanelAction::Order(OrderCommand::Moderate(act, ActReason::lossy("")));
    let output = stand.click(Role::Button, "1. Anna Müller (CHE)");
    assert_eq!(output.actions, [act(Act::BringIn(anna))]);
    stand.model.order.line[0].is_brought_in = true;
    stand.settle();
    let output = stand.click(Role::Button, "1. Anna Müller (CHE)");
    assert_eq!(output.actions, [act(Act::SendBack(anna))]);
    // The page of those who keep order offers the same.
    stand.model.order.line[0].is_brought_in = false;
    stand.open(Panel::Moderation);
    stand.click(Role::Button, "Anna Müller (CHE)");
    assert_eq!(stand.click(Role::Button, "Bring in").actions, [act(Act::BringIn(anna))]);
}

#[test]
fn who_watches_is_told_the_place_in_the_line_and_raises_a_hand_from_the_menu() {
    let mut model = inside(Language::En);
    let line = [4, 2, 1].map(|who| InLine { who: ParticipantId(who), is_brought_in: who == 4 });
    model.order.line = line.into();
    let mut stand = Stand::new(model);
    stand.open(Panel::Menu);
    keep(&stand, "menu-watching");
    stand.named(Role::Label, "You observe, as number 3 in the line for a place.");
    stand.named(Role::Label, "One more person observes.");
    assert_eq!(stand.click(Role::Button, "Raise hand").actions, [PanelAction::RaiseOrLowerHand]);
}

fn at_the_moderator_s(language: Language) -> PanelModel {
    let order = OrderModel {
        keeps_order: true,
        muted: vec![ParticipantId(3)],
        acts: vec![(ActId(7), Act::Mute(ParticipantId(3)))],
        ..OrderModel::default()
    };
    let mut model = PanelModel { order, hands: vec![ParticipantId(2)], ..inside(language) };
    model.people[0].participant.role = venue_model::Role::Moderator;
    model
}

#[test]
fn a_moderator_chooses_somebody_and_summons_them_and_takes_back_a_mute() {
    let mut stand = Stand::new(at_the_moderator_s(Language::En));
    stand.open(Panel::Menu);
    stand.click(Role::Button, "Keep order");
    assert_eq!(stand.panels.open_panel(), Some(Panel::Moderation));
    stand.click(Role::Button, "Anna Müller (CHE)");
    keep(&stand, "moderation-chosen");
    let summon = Act::Summon { participant: ParticipantId(2), space: SpaceId(0), seat: None };
    let expected = PanelAction::Order(OrderCommand::Moderate(summon, ActReason::lossy("")));
    assert_eq!(stand.click(Role::Button, "Ask to come here").actions, [expected]);
    stand.click(Role::Button, "Anna Müller (CHE)");
    let elsewhere = Act::Summon { participant: ParticipantId(2), space: SpaceId(1), seat: None };
    let expected = PanelAction::Order(OrderCommand::Moderate(elsewhere, ActReason::lossy("")));
    assert_eq!(stand.click(Role::Button, "Ask to go to Popov Hall").actions, [expected]);
    // The nearest free seat is offered by its label.
    stand.click(Role::Button, "Anna Müller (CHE)");
    let Some(Thing::Seat { id, .. }) = stand
        .model
        .around
        .iter()
        .map(|around| around.thing.clone())
        .find(|t| matches!(t, Thing::Seat { .. }))
    else {
        panic!("a seat is near")
    };
    let seated = Act::Summon { participant: ParticipantId(2), space: SpaceId(0), seat: Some(id) };
    let expected = PanelAction::Order(OrderCommand::Moderate(seated, ActReason::lossy("")));
    assert_eq!(stand.click(Role::Button, "Ask to take seat B1").actions, [expected]);
    let undo = PanelAction::Order(OrderCommand::Undo(ActId(7)));
    assert_eq!(stand.click(Role::Button, "Undo").actions, [undo]);
    let mut delegate = Stand::new(inside(Language::En));
    delegate.open(Panel::Menu);
    assert!(!delegate.names().iter().any(|(_, name)| name.contains("Keep order")));
}

#[test]
fn a_summons_is_refused_by_its_button_whatever_is_open() {
    let summons = SummonsView { name: "Mona".into(), room: SpaceId(1), reason: "vote".into(), secs: 4 };
    let order = OrderModel { summons: Some(summons), ..OrderModel::default() };
    let mut stand = Stand::new(PanelModel { order, ..inside(Language::En) });
    keep(&stand, "summons");
    stand.open(Panel::People);
    stand.named(Role::TextInput, &stand.panels.words().get("people-search"));
    assert!(stand.panels.solid.iter().all(|rect| rect.width() < 1_200.0), "the venue stays in sight");
    let refuse = PanelAction::Order(OrderCommand::RefuseSummons);
    assert_eq!(stand.click(Role::Button, "Stay here").actions, [refuse]);
}

#[test]
fn raised_hands_are_a_queue_in_the_list_of_people() {
    let hands = vec![ParticipantId(2), ParticipantId(1)];
    let mut stand = Stand::new(PanelModel { hands, ..inside(Language::En) });
    stand.open(Panel::People);
    keep(&stand, "hands");
    stand.named(Role::ListItem, "1. Anna Müller (CHE)");
    stand.named(Role::ListItem, "2. Jean Dupont (FRA)");
    stand.open(Panel::Menu);
    assert_eq!(stand.click(Role::Button, "Lower hand").actions, [PanelAction::RaiseOrLowerHand]);
}

#[test]
fn each_day_of_a_thread_has_its_name_once_and_each_language_its_numbers() {
    let mut model = inside(Language::Fr);
    for (line, day) in model.texts.iter_mut().zip([0, 0, 1, 1, 1, 3]) {
        line.sent_at = Some(WallTime((20_417 + day) * 86_400_000 + line.key * 60_000));
    }
    let mut stand = Stand::new(model);
    stand.open(Panel::Texts);
    let days = [
        "samedi 25 novembre 2025",
        "mardi 25 novembre 2025",
        "mercredi 26 novembre 2025",
        "vendredi 28 novembre 2025",
    ];
    let times = days.map(|day| stand.names().iter().filter(|(_, name)| name == day).count());
    assert_eq!(times, [0, 1, 1, 1], "{:?}", stand.names());
    let stage = Stage::Loading { done: 3_100_000, total: 2_400_000_000 };
    let stand = Stand::new(PanelModel { stage, ..at_start(Language::Fr) });
    assert!(
        stand.names().iter().any(|(_, name)| name.contains("3,1 / 2\u{202f}400,0")),
        "{:?}",
        stand.names()
    );
}

#[test]
fn the_way_out_is_in_sight_in_the_menu_in_the_largest_letters() {
    for language in Language::ALL {
        let mut model = inside(language);
        model.settings.text_scale = 2.0;
        let mut stand = Stand::new(model);
        stand.open(Panel::Menu);
        let leave = stand.panels.words().get("leave");
        let bounds = stand.named(Role::Button, &leave).bounds().unwrap();
        assert!(bounds.y1 <= f64::from(stand.screen[1]) - 16.0, "{language:?} {bounds:?}");
        stand.click(Role::Button, &leave);
        assert_eq!(stand.panels.open_panel(), Some(Panel::Leave), "{language:?}");
    }
}

#[test]
fn an_announcement_can_be_read_again_and_its_link_is_asked_about() {
    let mut stand = Stand::new(super::language_tests::busy(Language::En));
    stand.model.order.summons = None;
    stand.open(Panel::Texts);
    stand.click(Role::RadioButton, "Announcements · 1");
    stand.named(Role::Label, "… https://vev.example.int/agenda");
    assert!(
        stand.names().iter().all(|(role, _)| *role != Role::MultilineTextInput),
        "nothing is written there"
    );
    stand.click(Role::Button, "Open vev.example.int");
    assert_eq!(stand.panels.open_panel(), Some(Panel::Link));
    // The threads are where they were.
    stand.open(Panel::Texts);
    stand.click(Role::RadioButton, "Lounge");
    assert!(!stand.names().iter().any(|(_, name)| name.starts_with("… https")));
}
