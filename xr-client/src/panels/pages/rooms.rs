//! The rooms of the venue, and a way to be there at once.

use super::frame;
use crate::panels::model::{Panel, PanelAction, Room};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, Icon, Row};
use crate::panels::words::Value;
use egui::Ui;

/// Shows the rooms.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("rooms");
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        let line = view.t("rooms-line");
        let quiet = view.theme.quiet;
        widgets::label_colored(view, ui, &line, Look::SMALL, quiet);
        let model = view.model;
        frame::scrolled(view, ui, "rooms", 0.0, false, |view, ui| {
            for room in &model.rooms {
                entry(view, ui, room);
            }
        });
    });
}

/// A room with who is in it; pressing it goes there.
pub(crate) fn entry(view: &mut View<'_>, ui: &mut Ui, room: &Room) {
    let model = view.model;
    let people = model.people.iter().filter(|person| person.room == Some(room.id)).count();
    let note = view.tv("rooms-people", &[("count", Value::Count(people))]);
    let here = model.room == Some(room.id);
    let end = match (here, room.open) {
        (true, _) => view.t("rooms-here"),
        (false, true) => view.t("rooms-go"),
        (false, false) => view.t("rooms-closed"),
    };
    let row = Row {
        icon: Some(if here { Icon::Check } else { Icon::Room }),
        title: room.name.get(view.words.language()),
        note: &note,
        end: &end,
        chosen: here,
        still: !here && !room.open,
        ..Row::default()
    };
    if widgets::row(view, ui, row) && !here {
        view.actions.push(PanelAction::GoToRoom(room.id));
        view.memory.open = None;
    }
}
