//! Links in texts are shown before they are opened, and the first minute's steps stay out of the way.

use super::tests::{LOUNGE, Stand, inside, line, node_name};
use super::*;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use venue_model::Language;

fn with_text(body: &str) -> Stand {
    let texts = vec![line(1, 2, LOUNGE, body, Delivery::Received)];
    let mut stand = Stand::new(PanelModel { texts, ..inside(Language::En) });
    stand.open(Panel::Texts);
    stand
}

fn has(stand: &Stand, text: &str) -> bool {
    stand.nodes.iter().any(|node| node_name(node).contains(text))
}

#[test]
fn a_link_is_opened_only_after_its_real_address_was_shown() {
    let mut stand = with_text("The agenda: https://Agenda.example.int/today.");
    assert!(stand.click(Role::Button, "Open agenda.example.int").actions.is_empty(), "asked first");
    assert_eq!(stand.panels.open_panel(), Some(Panel::Link));
    stand.named(Role::Label, "https://agenda.example.int/today");
    assert!(!has(&stand, "another alphabet") && !has(&stand, "hides characters"));
    // Enter once too often opens nothing.
    assert!(stand.press(Key::Enter).actions.is_empty());
    assert_eq!(stand.panels.open_panel(), Some(Panel::Texts));
    stand.click(Role::Button, "Open agenda.example.int");
    let actions = stand.click(Role::Button, "Open in the browser").actions;
    let [PanelAction::OpenLink(link)] = &actions[..] else { panic!("{actions:?}") };
    assert_eq!(link.address(), "https://agenda.example.int/today");
}

#[test]
fn a_link_that_imitates_another_is_named_for_what_it_is() {
    let mut stand = with_text("https://аррӏе.com/\u{202e}gpj.exe");
    stand.click(Role::Button, "Open xn--80ak6aa92e.com");
    stand.named(Role::Label, "https://xn--80ak6aa92e.com/%E2%80%AEgpj.exe");
    assert!(has(&stand, "imitate a name that you know: аррӏе.com") && has(&stand, "hides characters"));
    let output = stand.click(Role::Button, "Copy the address");
    let copied = egui::OutputCommand::CopyText("https://xn--80ak6aa92e.com/%E2%80%AEgpj.exe".to_owned());
    assert!(output.platform.commands.contains(&copied), "{:?}", output.platform.commands);
}

#[test]
fn what_is_no_safe_link_is_plain_text() {
    let stand = with_text("http://example.int and https://example.int@evil.example and javascript:x");
    let offered = stand
        .nodes
        .iter()
        .filter(|node| node_name(node).starts_with("Open ") && node_name(node).contains('.'));
    assert_eq!(offered.count(), 0, "{:#?}", stand.names());
}

fn touring() -> Stand {
    let mut model = inside(Language::En);
    model.settings.wants_tour = true;
    Stand::new(model)
}

#[test]
fn the_first_steps_end_after_the_last_and_come_again_from_help() {
    let mut stand = touring();
    assert!(has(&stand, "1 of 4") && has(&stand, "Walk with W A S D"));
    for step in 2..=4 {
        stand.click(Role::Button, "Next");
        assert!(has(&stand, &format!("{step} of 4")), "{step}");
    }
    let actions = stand.click(Role::Button, "Done").actions;
    assert!(matches!(&actions[..], [PanelAction::ChangeSettings(settings)] if !settings.wants_tour));
    assert!(!has(&stand, " of 4"));
    stand.open(Panel::Help);
    let actions = stand.click(Role::Button, "Show the first steps again").actions;
    assert!(matches!(&actions[..], [PanelAction::ChangeSettings(settings)] if settings.wants_tour));
    assert!(has(&stand, "1 of 4"), "from the beginning");
    stand.click(Role::Button, "Skip");
    assert!(!has(&stand, " of 4"));
}

#[test]
fn the_first_steps_leave_the_keyboard_to_the_view_and_make_room_for_panels() {
    let mut stand = touring();
    let key = |pressed| Event::Key {
        key: Key::Enter,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    let output = stand.frame(vec![key(true), key(false)]);
    assert!(!output.wants_keyboard && output.actions.is_empty());
    stand.settle();
    assert!(has(&stand, "1 of 4"), "no key of the view reaches it");
    stand.open(Panel::Menu);
    assert!(!has(&stand, "1 of 4"));
    stand.panels.close();
    stand.settle();
    assert!(has(&stand, "1 of 4"));
}
