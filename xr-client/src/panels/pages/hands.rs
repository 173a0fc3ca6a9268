//! Raised hands: the queue at the top of the list of people, the row in the menu.

use super::people::full_name;
use super::watching;
use crate::panels::model::{PanelAction, Person};
use crate::panels::theme::GAP;
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, Icon, Row};
use crate::panels::words::Value;
use egui::Ui;

/// Those of the user's room whose hands are up, first come first.
pub(crate) fn here<'a>(view: &View<'a>) -> Vec<&'a Person> {
    let model = view.model;
    let person_of = |id| model.people.iter().find(|person| person.participant.id == id);
    let raised = model.hands.iter().filter_map(|id| person_of(*id));
    raised.filter(|person| person.room == model.room).collect()
}

/// Lists the raised hands of the room with their places; nothing when all are down.
pub(crate) fn queue(view: &mut View<'_>, ui: &mut Ui) {
    let raised = here(view);
    if raised.is_empty() {
        return;
    }
    let title = view.t("hands");
    widgets::label(view, ui, &title, Look::STRONG);
    for (place, person) in raised.into_iter().enumerate() {
        let name = full_name(view, &person.participant);
        let title =
            view.tv("hand-place", &[("count", Value::Count(place + 1)), ("name", Value::Text(&name))]);
        // Who watches a full event is brought in from here.
        let note = watching::note(view, person.participant.id).unwrap_or_default();
        let act = watching::act(view, person.participant.id);
        let end = act.as_ref().map_or_else(String::new, |(key, _)| view.t(key));
        let (icon, still) = (Some(Icon::Hand), act.is_none());
        let row = Row { icon, title: &title, note: &note, end: &end, still, ..Row::default() };
        let is_pressed = widgets::row(view, ui, row);
        if let Some((_, act)) = act.filter(|_| is_pressed) {
            watching::moderate(view, act);
        }
    }
    ui.add_space(GAP);
}

/// The row of the menu that raises the hand or lowers it.
pub(crate) fn menu_row(view: &mut View<'_>, ui: &mut Ui) {
    let is_up = view.model.own.is_some_and(|own| view.model.hands.contains(&own));
    let title = view.t(if is_up { "hand-lower" } else { "hand-raise" });
    let row = Row { icon: Some(Icon::Hand), title: &title, ..Row::default() };
    if widgets::row(view, ui, row) {
        view.actions.push(PanelAction::RaiseOrLowerHand);
        view.memory.open = None;
    }
}
