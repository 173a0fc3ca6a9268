//! The page of chairs and moderators: acts on the room and on one person, and taking them back.

use super::people::full_name;
use super::{frame, reports, watching};
use crate::input::OrderCommand;
use crate::panels::model::{Panel, PanelAction, Person, Thing};
use crate::panels::text::TextField;
use crate::panels::text::field::FieldInput;
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind, FieldSpec, Icon, Row};
use crate::panels::words::Value;
use egui::Ui;
use venue_model::{BoundedText, ParticipantId, Role, SeatId, SpaceId};
use venue_protocol::{Act, ActId, ActKind, ActReason};

/// How many seats somebody can be asked to, the nearest first.
const OFFERED_SEATS: usize = 3;

/// Shows the page.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("moderation");
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        frame::scrolled(view, ui, "moderation", 0.0, false, |view, ui| {
            let hint = view.t("moderation-reason");
            let take_focus = view.memory.gives_focus();
            let spec = FieldSpec { id: "reason", hint: &hint, max_lines: 2, take_focus };
            let mut field = std::mem::take(&mut view.memory.reason);
            widgets::field(view, ui, &mut field, spec);
            view.memory.reason = field;
            ui.add_space(GAP);
            if let Some(room) = view.model.room {
                room_acts(view, ui, room);
            }
            reports::show(view, ui);
            people(view, ui);
            undo_list(view, ui);
        });
    });
}

/// Does an act for the reason that stands in the field.
fn moderate(view: &mut View<'_>, act: Act) {
    let reason: ActReason = BoundedText::lossy(view.memory.reason.text().trim());
    view.actions.push(PanelAction::Order(OrderCommand::Moderate(act, reason)));
}

fn clear(view: &mut View<'_>, field: fn(&mut crate::panels::memory::Memory) -> &mut TextField) {
    let text = field(view.memory);
    text.apply(view.engine, FieldInput::SelectAll);
    text.apply(view.engine, FieldInput::Backspace { word: false });
}

fn room_acts(view: &mut View<'_>, ui: &mut Ui, room: SpaceId) {
    let title = view.t("texts-room");
    widgets::label(view, ui, &title, Look::STRONG);
    let may_lock = own_role(view) >= Role::Moderator;
    let locked = view.model.order.locked.iter().find(|(locked, _)| *locked == room).map(|(_, act)| *act);
    ui.horizontal_wrapped(|ui| {
        let mute = view.t("moderation-mute-room");
        if widgets::button(view, ui, &mute, ButtonKind::Plain) {
            moderate(view, Act::MuteSpace(room));
        }
        let lock = view.t(if locked.is_some() { "moderation-unlock" } else { "moderation-lock" });
        if may_lock && widgets::button(view, ui, &lock, ButtonKind::Plain) {
            match locked {
                Some(act) => view.actions.push(PanelAction::Order(OrderCommand::Undo(act))),
                None => moderate(view, Act::Lock(room)),
            }
        }
    });
    let hint = view.t("moderation-words");
    let spec = FieldSpec { id: "announcement", hint: &hint, max_lines: 3, take_focus: false };
    let mut field = std::mem::take(&mut view.memory.announcement);
    widgets::field(view, ui, &mut field, spec);
    view.memory.announcement = field;
    ui.horizontal_wrapped(|ui| {
        let here = view.t("moderation-announce-room");
        let all = view.t("moderation-announce-all");
        let words = view.memory.announcement.text().trim().to_owned();
        let mut said = None;
        if widgets::button(view, ui, &here, ButtonKind::Plain) {
            said = Some(Some(room));
        }
        if may_lock && widgets::button(view, ui, &all, ButtonKind::Plain) {
            said = Some(None);
        }
        if let Some(space) = said.filter(|_| !words.is_empty()) {
            moderate(view, Act::Announce { space, words: BoundedText::lossy(&words) });
            clear(view, |memory| &mut memory.announcement);
        }
    });
    ui.add_space(SPACE - GAP);
}

fn own_role(view: &View<'_>) -> Role {
    let own = view.model.people.iter().find(|person| Some(person.participant.id) == view.model.own);
    own.map_or(Role::Participant, |own| own.participant.role)
}

fn people(view: &mut View<'_>, ui: &mut Ui) {
    let title = view.t("people");
    widgets::label(view, ui, &title, Look::STRONG);
    let model = view.model;
    let others = model.people.iter().filter(|person| person.room.is_some());
    let mut others: Vec<&Person> = others.filter(|person| Some(person.participant.id) != model.own).collect();
    // Who asks for the floor comes first, then who is here.
    let place = |person: &Person| model.hands.iter().position(|id| *id == person.participant.id);
    others.sort_by_key(|person| (place(person).unwrap_or(usize::MAX), person.room != model.room));
    for person in others {
        let id = person.participant.id;
        let title = full_name(view, &person.participant);
        let mut notes: Vec<String> = watching::note(view, id).into_iter().collect();
        if place(person).is_some() {
            notes.push(view.t("hand-raised"));
        }
        if model.order.muted.contains(&id) {
            notes.push(view.t("microphone-muted"));
        }
        let note = notes.join(" · ");
        let flag = person.participant.delegation.as_str();
        let row = Row { icon: Some(Icon::Person), flag, title: &title, note: &note, ..Row::default() };
        if widgets::row(view, ui, row) {
            view.memory.moderated = (view.memory.moderated != Some(id)).then_some(id);
        }
        if view.memory.moderated == Some(id) {
            person_acts(view, ui, id);
        }
    }
    ui.add_space(SPACE - GAP);
}

fn person_acts(view: &mut View<'_>, ui: &mut Ui, who: ParticipantId) {
    let is_muted = view.model.order.muted.contains(&who);
    let may_move = own_role(view) >= Role::Moderator;
    let mut offered: Vec<(&str, ButtonKind, Act)> = Vec::new();
    match is_muted {
        false => offered.push(("moderation-mute", ButtonKind::Plain, Act::Mute(who))),
        true => offered.push(("moderation-unmute", ButtonKind::Plain, Act::AskToUnmute(who))),
    }
    offered.extend(watching::act(view, who).map(|(key, act)| (key, ButtonKind::Plain, act)));
    if view.model.hands.contains(&who) {
        offered.push(("hand-lower", ButtonKind::Plain, Act::LowerHand(who)));
    }
    if let Some(space) = view.model.room.filter(|_| may_move) {
        let summon = Act::Summon { participant: who, space, seat: None };
        offered.push(("moderation-summon", ButtonKind::Plain, summon));
    }
    if may_move {
        offered.push(("moderation-remove", ButtonKind::Warning, Act::Remove(who)));
    }
    let named = |(key, kind, act): (&str, ButtonKind, Act)| (view.t(key), kind, act);
    let mut offered: Vec<(String, ButtonKind, Act)> = offered.into_iter().map(named).collect();
    if may_move {
        offered.extend(summons_to_seats(view, who));
        offered.extend(summons_elsewhere(view, who));
    }
    ui.horizontal_wrapped(|ui| {
        for (text, kind, act) in offered {
            if widgets::button(view, ui, &text, kind) {
                moderate(view, act);
                clear(view, |memory| &mut memory.reason);
                view.memory.moderated = None;
            }
        }
    });
}

/// To the nearest free seats of one's own room.
fn summons_to_seats(view: &View<'_>, who: ParticipantId) -> Vec<(String, ButtonKind, Act)> {
    let Some(space) = view.model.room else { return Vec::new() };
    let seats = view.model.around.iter().filter_map(|around| match &around.thing {
        Thing::Seat { id, label } if !label.is_empty() => Some((*id, label)),
        _ => None,
    });
    let summon = |(seat, label): (SeatId, &String)| {
        let text = view.tv("moderation-summon-seat", &[("label", Value::Text(label))]);
        (text, ButtonKind::Plain, Act::Summon { participant: who, space, seat: Some(seat) })
    };
    seats.take(OFFERED_SEATS).map(summon).collect()
}

/// Into every other room than one's own.
fn summons_elsewhere(view: &View<'_>, who: ParticipantId) -> Vec<(String, ButtonKind, Act)> {
    let model = view.model;
    let of_person = model.people.iter().find(|person| person.participant.id == who).and_then(|p| p.room);
    let others = model.rooms.iter().filter(|room| Some(room.id) != model.room && Some(room.id) != of_person);
    let summon = |room: &crate::panels::model::Room| {
        let name = view.localized(&room.name);
        let text = view.tv("moderation-summon-to", &[("room", Value::Text(name))]);
        (text, ButtonKind::Plain, Act::Summon { participant: who, space: room.id, seat: None })
    };
    others.map(summon).collect()
}

/// The acts that can be taken back, newest first.
fn undo_list(view: &mut View<'_>, ui: &mut Ui) {
    let model = view.model;
    let undoable = |act: &Act| match act.kind() {
        ActKind::Announce | ActKind::AskToUnmute | ActKind::BringIn | ActKind::SendBack => false,
        ActKind::Mute | ActKind::MuteSpace | ActKind::LowerHand => true,
        ActKind::Summon | ActKind::Remove | ActKind::Lock => true,
    };
    let acts: Vec<&(ActId, Act)> = model.order.acts.iter().filter(|(_, act)| undoable(act)).collect();
    if acts.is_empty() {
        return;
    }
    let title = view.t("moderation-done");
    widgets::label(view, ui, &title, Look::STRONG);
    let undo = view.t("moderation-undo");
    for (id, act) in acts {
        let about = act.person().and_then(|who| model.people.iter().find(|p| p.participant.id == who));
        let room = act.space().and_then(|space| model.rooms.iter().find(|room| room.id == space));
        let note = match (about, room) {
            (Some(person), _) => full_name(view, &person.participant),
            (None, Some(room)) => view.localized(&room.name).to_owned(),
            (None, None) => String::new(),
        };
        let title = view.t(act_key(act.kind()));
        let row = Row { title: &title, note: &note, end: &undo, ..Row::default() };
        if widgets::row(view, ui, row) {
            view.actions.push(PanelAction::Order(OrderCommand::Undo(*id)));
        }
    }
}

/// What an act is called.
fn act_key(kind: ActKind) -> &'static str {
    match kind {
        ActKind::Mute => "moderation-mute",
        ActKind::MuteSpace => "moderation-mute-room",
        ActKind::AskToUnmute => "moderation-unmute",
        ActKind::LowerHand => "hand-lower",
        ActKind::Summon => "moderation-summon",
        ActKind::Remove => "moderation-remove",
        ActKind::Lock => "moderation-lock",
        ActKind::Announce => "moderation-announce-room",
        ActKind::BringIn => "watching-bring-in",
        ActKind::SendBack => "watching-send-back",
    }
}

/// The countdown of a summons, over whatever else is open: it can be refused by one key.
pub(crate) fn summons(view: &mut View<'_>, ui: &mut Ui) {
    let Some(summons) = &view.model.order.summons else { return };
    let room = view.model.rooms.iter().find(|room| room.id == summons.room);
    let room = room.map_or("", |room| view.localized(&room.name)).to_owned();
    let values = [
        ("name", Value::Text(&summons.name)),
        ("room", Value::Text(&room)),
        ("seconds", Value::Count(summons.secs as usize)),
    ];
    let sentence = view.tv("summons-line", &values);
    let reason = match summons.reason.is_empty() {
        true => None,
        false => Some(view.tv("told-reason", &[("reason", Value::Text(&summons.reason))])),
    };
    let stay = view.t("summons-stay");
    frame::slip(view, ui, |view, ui| {
        widgets::label(view, ui, &sentence, Look::BODY);
        if let Some(reason) = reason {
            widgets::label(view, ui, &reason, Look::SMALL);
        }
        if widgets::button(view, ui, &stay, ButtonKind::Primary) {
            view.actions.push(PanelAction::Order(OrderCommand::RefuseSummons));
        }
    });
}
