//! What is around, as a list that is read or heard: what, which way, how far; pressing a row goes there.

use super::{frame, people};
use crate::panels::model::{Around, Here, Panel, PanelAction, Thing};
use crate::panels::theme::GAP;
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, Icon, Row};
use crate::panels::words::Value;
use egui::Ui;
use venue_model::SpaceId;

/// Shows where one is and what is around.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("around");
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        let sentence = here(view, &view.model.here);
        widgets::label(view, ui, &sentence, Look::BODY);
        ui.add_space(GAP);
        let model = view.model;
        frame::scrolled(view, ui, "around", 0.0, false, |view, ui| {
            for around in &model.around {
                entry(view, ui, around);
            }
        });
    });
}

fn entry(view: &mut View<'_>, ui: &mut Ui, around: &Around) {
    let title = thing(view, &around.thing);
    let note = way(view, around);
    let end = view.t("rooms-go");
    let icon = match around.thing {
        Thing::Person(_) => Icon::Person,
        Thing::Door { .. } => Icon::Room,
        Thing::Seat { .. } => Icon::Seat,
        Thing::Screen { .. } => Icon::Screen,
    };
    let row = Row { icon: Some(icon), title: &title, note: &note, end: &end, ..Row::default() };
    if widgets::row(view, ui, row) {
        view.actions.push(PanelAction::GoTo(around.goal));
        view.memory.open = None;
    }
}

/// "ahead to the left, 4 metres".
fn way(view: &View<'_>, around: &Around) -> String {
    let way = view.t(around.way.key());
    view.tv("around-way", &[("way", Value::Text(&way)), ("metres", Value::Count(around.metres))])
}

fn thing(view: &View<'_>, thing: &Thing) -> String {
    match thing {
        Thing::Person(id) => name(view, *id),
        Thing::Door { to } => view.tv("hud-door", &[("room", Value::Text(room(view, *to)))]),
        Thing::Seat { label, .. } if label.is_empty() => view.t("around-seat"),
        Thing::Seat { label, .. } => view.tv("around-seat-named", &[("label", Value::Text(label))]),
        Thing::Screen { name } => view.tv("around-screen", &[("name", Value::Text(view.localized(name)))]),
    }
}

fn name(view: &View<'_>, id: venue_model::ParticipantId) -> String {
    let person = view.model.people.iter().find(|person| person.participant.id == id);
    person.map_or_else(String::new, |person| people::full_name(view, &person.participant))
}

fn room<'v>(view: &View<'v>, id: SpaceId) -> &'v str {
    let room = view.model.rooms.iter().find(|room| room.id == id);
    room.map_or("", |room| room.name.get(view.words.language()))
}

/// Where one is, in a few sentences.
pub(crate) fn here(view: &View<'_>, here: &Here) -> String {
    let mut sentences = Vec::new();
    if let Some(id) = here.room {
        sentences.push(view.tv("here-room", &[("room", Value::Text(room(view, id)))]));
    }
    let names: Vec<String> =
        here.company.iter().map(|id| name(view, *id)).filter(|name| !name.is_empty()).collect();
    match names.as_slice() {
        [] => sentences.push(view.t("here-alone")),
        names => {
            let names = view.words.list(names);
            sentences.push(view.tv("here-company", &[("names", Value::Text(&names))]));
        }
    }
    if let Some(facing) = &here.facing {
        let facing = thing(view, facing);
        sentences.push(view.tv("here-facing", &[("thing", Value::Text(&facing))]));
    }
    view.words.sentences(&sentences)
}
