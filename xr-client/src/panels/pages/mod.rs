//! The pages and panels, one file each, and the frames that they stand in.
//!
//! A page reads the model, uses widgets, and pushes actions; it knows nothing of how they are done.

mod announce;
mod around;
pub(crate) mod audio;
mod avatar;
pub(crate) mod frame;
mod hand_buttons;
mod hands;
mod headset;
mod headset_pictures;
mod help;
mod hud;
mod invite;
mod keys;
mod leave;
mod link;
mod live;
mod map;
mod menu;
mod microphone;
mod moderation;
mod notice;
mod order_words;
mod people;
pub(crate) mod people_words;
mod person;
mod reports;
mod rooms;
mod settings;
mod sound_check;
mod start;
mod talk;
mod talk_words;
mod texts;
mod times;
mod tour;
mod waiting;
mod watching;

pub(crate) use people::PeopleOrder;
#[cfg(test)]
pub(crate) use tour::STEPS;

use super::keyboard;
use super::model::{Panel, Stage};
use super::view::View;
use egui::Ui;

/// Lays out everything that is to be seen now.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    match &view.model.stage {
        Stage::Start | Stage::StartWithProblem(_) if view.memory.open == Some(Panel::Avatar) => {
            avatar::show(view, ui)
        }
        Stage::Start | Stage::StartWithProblem(_) if view.memory.open == Some(Panel::SoundCheck) => {
            sound_check::show(view, ui)
        }
        Stage::Start => start::show(view, ui, None),
        Stage::StartWithProblem(problem) => start::show(view, ui, Some(problem)),
        Stage::Inside => inside(view, ui),
        Stage::Hosting
        | Stage::Connecting { .. }
        | Stage::Joining { .. }
        | Stage::Loading { .. }
        | Stage::Lost { .. }
        | Stage::Ended(_) => waiting::show(view, ui),
    }
    sound_check::end_try(view);
    times::show(view, ui);
    notice::show(view, ui);
    keyboard::show(view, ui);
}

fn inside(view: &mut View<'_>, ui: &mut Ui) {
    hud::show(view, ui);
    microphone::chip(view, ui);
    announce::show(view, ui);
    match view.memory.open {
        None => {}
        Some(Panel::Menu) => menu::show(view, ui),
        Some(Panel::People) => people::show(view, ui),
        Some(Panel::Texts) => texts::show(view, ui),
        Some(Panel::Link) => link::show(view, ui),
        Some(Panel::Rooms) => rooms::show(view, ui),
        Some(Panel::Map) => map::show(view, ui),
        Some(Panel::Around) => around::show(view, ui),
        Some(Panel::Moderation) => moderation::show(view, ui),
        Some(Panel::Person) => person::show(view, ui),
        Some(Panel::Invite) => invite::show(view, ui),
        Some(Panel::Avatar) => avatar::show(view, ui),
        Some(Panel::Settings) => settings::show(view, ui),
        Some(Panel::SoundCheck) => sound_check::show(view, ui),
        Some(Panel::Help) => help::show(view, ui),
        Some(Panel::Leave) => leave::show(view, ui),
        Some(Panel::Talk) => talk::show(view, ui),
    }
    tour::show(view, ui);
    moderation::summons(view, ui);
    talk::request(view, ui);
    live::tend(view);
}
