//! The menu.

use super::{frame, hands, watching};
use crate::input::OrderCommand;
use crate::panels::model::{Panel, PanelAction};
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, Icon, Row};
use egui::Ui;

/// Shows the menu.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("menu");
    frame::side(view, ui, &name, None, |view, ui| {
        let title = view.model.event_title.clone();
        if !title.is_empty() {
            let quiet = view.theme.quiet;
            widgets::label_colored(view, ui, &title, Look::BODY, quiet);
            ui.add_space(GAP);
        }
        // The way out is in sight wherever one has scrolled to.
        let below = view.theme.row_height() + GAP;
        frame::scrolled(view, ui, "menu", below, false, |view, ui| {
            watching::status(view, ui);
            let people = view.model.people.iter().filter(|person| person.room.is_some()).count();
            let people = view.words.number(people);
            let unread = view.memory.unread_in_all(view.model);
            let texts = if unread > 0 { view.words.number(unread) } else { String::new() };
            entry(view, ui, Panel::People, Icon::People, "people", &people, false);
            entry(view, ui, Panel::Texts, Icon::Text, "texts", &texts, true);
            let rooms = view.words.number(view.model.rooms.len());
            if view.model.talk.current.is_some() {
                entry(view, ui, Panel::Talk, Icon::Talk, "talk", "", false);
            }
            entry(view, ui, Panel::Rooms, Icon::Room, "rooms", &rooms, false);
            entry(view, ui, Panel::Map, Icon::Map, "map", "", false);
            entry(view, ui, Panel::Around, Icon::Around, "around", "", false);
            let place = view.t("deed-where");
            if widgets::row(view, ui, Row { icon: Some(Icon::Place), title: &place, ..Row::default() }) {
                view.actions.push(PanelAction::SayWhere);
            }
            let safe = view.t("safe-place");
            if widgets::row(view, ui, Row { icon: Some(Icon::Shield), title: &safe, ..Row::default() }) {
                view.actions.push(PanelAction::Order(OrderCommand::GoToSafety));
                view.memory.open = None;
            }
            if view.model.lacks_keyboard {
                let recenter = view.t("recenter");
                let row = Row { icon: Some(Icon::Person), title: &recenter, ..Row::default() };
                if widgets::row(view, ui, row) {
                    view.actions.push(PanelAction::Recenter);
                    view.memory.open = None;
                }
            }
            if view.model.order.keeps_order {
                entry(view, ui, Panel::Moderation, Icon::Hand, "moderation", "", false);
            }
            if view.model.hosts && !view.model.invites.is_empty() {
                entry(view, ui, Panel::Invite, Icon::More, "invite", "", false);
            }
            hands::menu_row(view, ui);
            if view.model.seated {
                let stand = view.t("stand-up");
                if widgets::row(view, ui, Row { icon: Some(Icon::Stand), title: &stand, ..Row::default() }) {
                    view.actions.push(PanelAction::StandUp);
                    view.memory.open = None;
                }
            }
            ui.add_space(SPACE - GAP);
            entry(view, ui, Panel::Avatar, Icon::Person, "avatar", "", false);
            entry(view, ui, Panel::SoundCheck, Icon::Sound, "sound-check", "", false);
            entry(view, ui, Panel::Settings, Icon::Settings, "settings", "", false);
            entry(view, ui, Panel::Help, Icon::Help, "help", "", false);
        });
        frame::foot(view, ui, |view, ui| entry(view, ui, Panel::Leave, Icon::Leave, "leave", "", false));
    });
}

fn entry(
    view: &mut View<'_>,
    ui: &mut Ui,
    panel: Panel,
    icon: Icon,
    key: &str,
    end: &str,
    end_is_count: bool,
) {
    let title = view.t(key);
    let row = Row { icon: Some(icon), title: &title, end, end_is_count, ..Row::default() };
    if widgets::row(view, ui, row) {
        view.memory.open(panel);
    }
}
