//! Who is here, where, and a way to write to them.

use super::people_words::{kind_key, role_key};
use super::{frame, hands};
use crate::panels::model::{Conversation, Panel, Person};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, Icon, Row};
use crate::panels::words::Value;
use egui::Ui;
use venue_model::Participant;

/// Shows everybody, those of the same room first.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("people");
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        let model = view.model;
        let mut people: Vec<&Person> = model.people.iter().filter(|person| person.room.is_some()).collect();
        people.sort_by(|a, b| {
            let elsewhere = |person: &Person| person.room != model.room;
            let name = |person: &Person| person.participant.name.as_str().to_lowercase();
            elsewhere(a).cmp(&elsewhere(b)).then_with(|| name(a).cmp(&name(b)))
        });
        let count = view.tv("people-count", &[("count", Value::Count(people.len()))]);
        let quiet = view.theme.quiet;
        widgets::label_colored(view, ui, &count, Look::SMALL, quiet);
        frame::scrolled(view, ui, "people", 0.0, false, |view, ui| {
            hands::queue(view, ui);
            for person in people {
                entry(view, ui, person);
            }
        });
    });
}

fn entry(view: &mut View<'_>, ui: &mut Ui, person: &Person) {
    let participant = &person.participant;
    let own = view.model.own == Some(participant.id);
    let title = full_name(view, participant);
    let room = view.model.rooms.iter().find(|room| Some(room.id) == person.room);
    let place = room.map_or("", |room| view.localized(&room.name));
    let mut notes: Vec<String> = Vec::new();
    notes.extend(kind_key(participant.kind).map(|key| view.t(key)));
    notes.extend(role_key(participant.role).map(|key| view.t(key)));
    if view.model.hands.contains(&participant.id) {
        notes.push(view.t("hand-raised"));
    }
    notes.push(place.to_owned());
    let note = notes.join(" · ");
    let end = if own { view.t("people-you") } else { view.t("people-write") };
    let row =
        Row { icon: Some(Icon::Person), title: &title, note: &note, end: &end, still: own, ..Row::default() };
    if widgets::row(view, ui, row) {
        view.memory.write_to(Conversation::Person(participant.id));
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
