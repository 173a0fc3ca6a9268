//! Who is here, where, and a way to write to them and to go to them; a search for those who know whom they want.

use super::people_words::{kind_key, role_key};
use super::{frame, hands, watching};
use crate::input::OrderCommand;
use crate::panels::model::{Conversation, Panel, PanelAction, Person};
use crate::panels::theme::SPACE;
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, FieldSpec, Icon, Row};
use crate::panels::words::Value;
use egui::Ui;
use venue_model::Participant;

/// The order in which people are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PeopleOrder {
    /// Those of the same room first.
    #[default]
    Near,
    /// By name.
    Name,
    /// By delegation.
    Delegation,
}

/// Shows everybody who fits the search.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("people");
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        search(view, ui);
        order(view, ui);
        let people = found(view);
        let count = match people.len() {
            0 => view.t("people-none"),
            found => view.tv("people-count", &[("count", Value::Count(found))]),
        };
        let quiet = view.theme.quiet;
        widgets::label_colored(view, ui, &count, Look::SMALL, quiet);
        frame::scrolled(view, ui, "people", 0.0, false, |view, ui| {
            was_near(view, ui);
            watching::status(view, ui);
            hands::queue(view, ui);
            for person in people {
                entry(view, ui, person);
            }
            blocked(view, ui);
        });
    });
}

fn search(view: &mut View<'_>, ui: &mut Ui) {
    let mut text = std::mem::take(&mut view.memory.people_search);
    let hint = view.t("people-search");
    let take_focus = view.memory.gives_focus();
    let spec = FieldSpec { id: "people-search", hint: &hint, max_lines: 1, take_focus };
    let answer = widgets::field(view, ui, &mut text, spec);
    view.memory.people_search = text;
    // Enter goes on to the first who was found.
    if answer.submitted
        && !view.memory.people_search.is_empty()
        && let Some(person) =
            found(view).into_iter().find(|person| view.model.own != Some(person.participant.id))
    {
        view.memory.write_to(Conversation::Person(person.participant.id));
    }
}

fn order(view: &mut View<'_>, ui: &mut Ui) {
    let orders = [
        (PeopleOrder::Near, "people-sort-near"),
        (PeopleOrder::Name, "people-sort-name"),
        (PeopleOrder::Delegation, "people-sort-delegation"),
    ];
    ui.horizontal_wrapped(|ui| {
        for (order, key) in orders {
            let text = view.t(key);
            if widgets::choice(view, ui, &text, view.memory.people_order == order) {
                view.memory.people_order = order;
            }
        }
    });
}

/// Who is in the event and fits the search, in the chosen order.
fn found<'m>(view: &View<'m>) -> Vec<&'m Person> {
    let model = view.model;
    let wanted = view.memory.people_search.text().to_lowercase();
    let fits = |person: &&Person| {
        let room = model.rooms.iter().find(|room| Some(room.id) == person.room);
        let room = room.map_or("", |room| view.localized(&room.name));
        let participant = &person.participant;
        let all = format!("{} {} {room}", participant.name.as_str(), participant.delegation.as_str());
        let all = all.to_lowercase();
        person.room.is_some() && wanted.split_whitespace().all(|word| all.contains(word))
    };
    let mut people: Vec<&Person> = model.people.iter().filter(fits).collect();
    let order = view.memory.people_order;
    people.sort_by_cached_key(|person| {
        let participant = &person.participant;
        let delegation = match order {
            PeopleOrder::Delegation => participant.delegation.as_str().to_lowercase(),
            PeopleOrder::Near | PeopleOrder::Name => String::new(),
        };
        let is_elsewhere = order == PeopleOrder::Near && person.room != model.room;
        (is_elsewhere, delegation, participant.name.as_str().to_lowercase())
    });
    people
}

fn entry(view: &mut View<'_>, ui: &mut Ui, person: &Person) {
    let participant = &person.participant;
    let own = view.model.own == Some(participant.id);
    let title = full_name(view, participant);
    let note = notes_of(view, person);
    let end = if own { view.t("people-you") } else { String::new() };
    let flag = participant.delegation.as_str();
    let row = Row { flag, icon: Some(Icon::Person), title: &title, note: &note, end: &end, ..Row::default() };
    let row = Row { still: own, ..row };
    if own {
        widgets::row(view, ui, row);
        return;
    }
    let write = view.tv("people-write-to", &[("name", Value::Text(&title))]);
    let (is_opened, is_write) = widgets::row_with_button(view, ui, row, Icon::Text, &write);
    if is_opened {
        view.memory.open_person(participant.id);
    }
    if is_write {
        view.memory.write_to(Conversation::Person(participant.id));
    }
}

/// Kind, role, raised hand, closed microphone, room: whatever there is to say.
pub(crate) fn notes_of(view: &View<'_>, person: &Person) -> String {
    let participant = &person.participant;
    let mut notes: Vec<String> = Vec::new();
    let kind = || kind_key(participant.kind).map(|key| view.t(key));
    notes.extend(watching::note(view, participant.id).or_else(kind));
    notes.extend(role_key(participant.role).map(|key| view.t(key)));
    if view.model.hands.contains(&participant.id) {
        notes.push(view.t("hand-raised"));
    }
    if view.model.talk.talkers.contains(&participant.id) {
        notes.push(view.t("talk-in"));
    }
    if view.model.order.muted.contains(&participant.id) {
        notes.push(view.t("microphone-muted"));
    }
    let room = view.model.rooms.iter().find(|room| Some(room.id) == person.room);
    notes.extend(room.map(|room| view.localized(&room.name).to_owned()));
    notes.join(" · ")
}

/// Who was near when the user left for the safe place: the first whom they may want to block or report.
fn was_near(view: &mut View<'_>, ui: &mut Ui) {
    let model = view.model;
    let near = model.order.was_near.iter();
    let near: Vec<&Person> =
        near.filter_map(|id| model.people.iter().find(|p| p.participant.id == *id)).collect();
    if near.is_empty() {
        return;
    }
    let title = view.t("safe-near");
    widgets::heading(view, ui, &title, Look::STRONG);
    ui.push_id("near", |ui| near.into_iter().for_each(|person| entry(view, ui, person)));
    widgets::rule(view, ui);
}

/// Whom the user blocks, and the way back.
fn blocked(view: &mut View<'_>, ui: &mut Ui) {
    let model = view.model;
    if model.order.blocked.is_empty() {
        return;
    }
    ui.add_space(SPACE);
    let (title, end) = (view.t("blocked-people"), view.t("block-undo"));
    widgets::heading(view, ui, &title, Look::STRONG);
    for person in &model.order.blocked {
        let note = &person.delegation;
        let (icon, flag) = (Some(Icon::Close), note.as_str());
        let row = Row { icon, flag, title: &person.name, note, end: &end, ..Row::default() };
        if widgets::row(view, ui, row) {
            view.actions.push(PanelAction::Order(OrderCommand::Unblock(person.block)));
        }
    }
}

/// "Name (DELEGATION)".
pub(crate) fn full_name(view: &View<'_>, participant: &Participant) -> String {
    let (name, delegation) = (participant.name.as_str(), participant.delegation.as_str());
    if delegation.is_empty() {
        return name.to_owned();
    }
    view.tv("person", &[("name", Value::Text(name)), ("delegation", Value::Text(delegation))])
}
