//! What the venue is made of, over the venue; and a mark of it copied as the text that a modeler's file says it with.
//!
//! It must not draw.

use super::{App, Driver};
use crate::anchors::{entry_of, floor_entry, under_aim};
use crate::core::{Connector, Stage};
use crate::input::ShellCommand;
use crate::input::aim::floor_along;
use crate::input::devices::Aiming;
use crate::input::keys::Action;
use crate::panels::model::Notice;
use crate::present::Presenter;
use glam::Vec3;

/// A text that was copied.
#[derive(Debug)]
pub(super) struct Copied {
    text: String,
    /// Whether the system's clipboard was given it.
    is_given: bool,
}

impl Copied {
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

impl<C: Connector, P: Presenter> App<C, P> {
    /// Shows floor and marks from now on, or does not.
    pub(super) fn show_overlay(&mut self, is_shown: bool) {
        if *self.core.stage() != Stage::Inside {
            return;
        }
        self.scene.overlay.set_wanted(is_shown);
        if is_shown {
            let caps = self.settings.keys.caps_of(Action::CopyAnchor, &self.settings.keyboard);
            let key = caps.into_iter().next().unwrap_or_default();
            self.keeper.notify(Notice::Overlay { key }, self.now);
        }
    }

    /// What was copied last.
    pub fn copied_text(&self) -> Option<&str> {
        self.copied.as_ref().map(Copied::text)
    }

    /// A wish for the program itself, from outside of devices and scripts.
    pub fn command(&mut self, command: ShellCommand) {
        self.shell.push(command);
    }

    /// Copies the mark that is aimed at, else the point of the floor.
    pub(super) fn copy_anchor(&mut self) {
        let Some(text) = self.aimed_entry() else {
            return self.keeper.notify(Notice::NothingToCopy, self.now);
        };
        // A notice is one paragraph.
        let entry = text.trim_end().replace('\n', "  ");
        self.keeper.notify(Notice::Copied { entry }, self.now);
        self.copied = Some(Copied { text, is_given: false });
    }

    fn aimed_entry(&self) -> Option<String> {
        let (manifest, walkable) = self.core.manifest().zip(self.core.walkable())?;
        let (eye, direction) = (self.camera.eye.position, self.aimed_direction());
        let floor = floor_along(walkable, eye, direction, None).map(|(place, _)| place);
        let met = under_aim(manifest, eye, direction, floor.map(|place| place.distance(eye)));
        if let Some(anchor) = met {
            return Some(entry_of(&anchor, manifest, Some(walkable)));
        }
        // The search goes in steps; the point that is meant lies on the look itself.
        let near = floor?;
        let exact = eye + direction * ((near.y - eye.y) / direction.y);
        let floor = walkable.locate(exact, 0.3).or_else(|| walkable.locate(near, 0.1))?;
        Some(floor_entry(floor, self.core.body().pose().yaw, manifest))
    }

    fn aimed_direction(&self) -> Vec3 {
        let pointing = match &self.driver {
            Driver::Devices(devices) => devices.pointing(),
            _ => Aiming::Ahead,
        };
        match pointing {
            Aiming::Ahead => self.camera.ahead(),
            Aiming::Pointer(place) => {
                let size = self.presenter.view_size();
                self.camera.direction_through(place.x, place.y, size.x as f32 / size.y.max(1) as f32)
            }
        }
    }

    /// Hands what was copied to whoever has the system's clipboard.
    pub(super) fn fill_clipboard(&mut self) {
        if let Some(copied) = self.copied.as_mut().filter(|copied| !copied.is_given) {
            copied.is_given = true;
            self.output.platform.commands.push(egui::OutputCommand::CopyText(copied.text.clone()));
        }
    }
}
