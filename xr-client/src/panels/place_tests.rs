//! Panels about places: the map, what is around, and people who are gone to.

use super::model::Destination;
use super::tests::{Stand, inside};
use super::*;
use egui::accesskit::{Live, Role};
use egui::{Event, Key};
use venue_model::{Language, ParticipantId, SeatId, SpaceId};

#[test]
fn a_seat_is_chosen_from_the_list_beside_the_plan() {
    let mut stand = Stand::new(inside(Language::En));
    stand.open(Panel::Map);
    stand.named(Role::Image, "Plan of the venue");
    assert!(!stand.names().iter().any(|(_, name)| name.contains("seat B2")), "somebody sits there");
    let output = stand.click(Role::Button, "Free seat B1");
    assert_eq!(output.actions, [PanelAction::GoTo(Destination::Seat(SeatId(1)))]);
    assert_eq!(stand.panels.open_panel(), None);
}

#[test]
fn the_plan_is_never_mirrored_and_answers_to_clicks() {
    for language in [Language::En, Language::Ar] {
        let mut stand = Stand::new(inside(language));
        stand.open(Panel::Map);
        let spoken = stand.panels.words().get("map-spoken");
        let sheet = stand.named(Role::Image, &spoken).bounds().unwrap();
        // The venue is 24 m wide and 28 m high; the plan fills the height.
        let scale = (sheet.height() as f32 - 12.0) / 28.0;
        let at = |x: f32, y: f32| {
            let middle = pos2((sheet.x0 + sheet.x1) as f32 * 0.5, (sheet.y0 + sheet.y1) as f32 * 0.5);
            middle + vec2(x, y + 7.0) * scale
        };
        let output = stand.click_at(at(3.0, 4.0));
        assert_eq!(output.actions, [PanelAction::GoTo(Destination::Seat(SeatId(1)))], "{language:?}");
        stand.open(Panel::Map);
        let output = stand.click_at(at(-9.0, -15.0));
        assert_eq!(output.actions, [PanelAction::GoTo(Destination::Room(SpaceId(1)))], "{language:?}");
        stand.open(Panel::Map);
        let output = stand.click_at(at(9.0, -2.0));
        let [PanelAction::GoTo(Destination::Point(SpaceId(0), place))] = output.actions[..] else {
            panic!("{:?}", output.actions)
        };
        assert!(place.distance(glam::vec3(9.0, 0.0, -2.0)) < 0.2, "{place}");
    }
}

#[test]
fn sentences_follow_each_other_as_the_language_is_written() {
    let sentence = |language| {
        let mut stand = Stand::new(inside(language));
        stand.open(Panel::Around);
        let label = |node: &&egui::accesskit::Node| {
            node.role() == Role::Label && super::tests::node_name(node).contains("Anna Müller")
        };
        stand.nodes.iter().find(label).map(super::tests::node_name).unwrap()
    };
    let chinese = sentence(Language::Zh);
    assert!(chinese.contains('。') && !chinese.contains("。 "), "{chinese:?}");
    // The names follow each other from right to left, though the first is written from left to right.
    let arabic = sentence(Language::Ar);
    assert!(arabic.contains("\u{200f}Anna Müller (CHE)، محمد الأمين (EGY)"), "{arabic:?}");
}

#[test]
fn what_is_around_is_told_in_words_and_gone_to_by_the_keyboard() {
    let mut stand = Stand::new(inside(Language::En));
    stand.open(Panel::Around);
    stand.named(
        Role::Label,
        "You are in: Lounge. Near you: Anna Müller (CHE), محمد الأمين (EGY). Ahead of you: Door: Popov Hall.",
    );
    stand.named(Role::Button, "Anna Müller (CHE), ahead to the left, 2 metres");
    stand.press(Key::Tab);
    let output = stand.press(Key::Enter);
    assert_eq!(output.actions, [PanelAction::GoTo(Destination::Seat(SeatId(1)))], "the second row");
}

#[test]
fn where_one_is_and_what_others_write_is_read_aloud() {
    let mut stand = Stand::new(inside(Language::Fr));
    let here = stand.model.here.clone();
    stand.model.notice = Some(Notice::Where(here));
    stand.settle();
    let notice = stand.named(Role::Alert, "Vous êtes ici\u{a0}: Salon.");
    assert_eq!(notice.live(), Some(Live::Polite));
    let text = stand.named(Role::Log, "Anna Müller (CHE)\u{a0}: A word in private?");
    assert_eq!(text.live(), Some(Live::Polite));
    stand.model.notice = Some(Notice::Problem(Problem::LinkEmpty));
    stand.settle();
    assert_eq!(
        stand.nodes.iter().find(|node| node.role() == Role::Alert).unwrap().live(),
        Some(Live::Assertive)
    );
}

#[test]
fn people_are_found_by_what_is_typed_and_gone_to() {
    let mut stand = Stand::new(inside(Language::Ru));
    stand.open(Panel::People);
    stand.frame(vec![Event::Text("попов".to_owned())]);
    stand.settle();
    let is_listed =
        |(role, name): &(Role, String)| *role == Role::Button && name.contains("Anna Müller (CHE)");
    assert!(!stand.names().iter().any(is_listed));
    stand.click(Role::Button, "王小明 (CHN), ");
    let go = stand.panels.words().get("people-go");
    let output = stand.click(Role::Button, &go);
    assert_eq!(output.actions, [PanelAction::GoTo(Destination::Person(ParticipantId(4)))]);
    stand.open(Panel::People);
    stand.frame(vec![Event::Text(" nobody".to_owned())]);
    stand.settle();
    let none = stand.panels.words().get("people-none");
    stand.named(Role::Label, &none);
}
