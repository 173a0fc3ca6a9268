//! Who has the keyboard inside of the venue: the 3-D view, or what lies over it.
//!
//! Keys walk only while the view has it. A panel that opens takes it; Tab goes from the view to the panel, or to the
//! buttons at the edge when none is open; Esc and a click into the view give it back.

use super::{PanelModel, Panels, Stage};
use egui::{Event, Key, RawInput};

impl Panels {
    /// Hands the keyboard over as these events ask for it.
    pub(super) fn follow_focus(&mut self, raw: &RawInput, model: &PanelModel) {
        if model.stage != Stage::Inside {
            return;
        }
        for event in &raw.events {
            match event {
                Event::Key { key: Key::Tab, pressed: true, .. } if self.memory.view_has_keys => {
                    self.memory.view_has_keys = false;
                    self.memory.just_opened = true;
                }
                Event::Key { key: Key::Escape, pressed: true, .. } if self.memory.open.is_none() => {
                    self.give_keys_to_view();
                }
                Event::PointerButton { pos, pressed: true, .. } => {
                    if !self.is_over(*pos) {
                        self.give_keys_to_view();
                    } else if self.memory.open.is_some() {
                        self.memory.view_has_keys = false;
                    }
                }
                _ => {}
            }
        }
    }

    /// Keys walk from now on; what is open stays open.
    pub(super) fn give_keys_to_view(&mut self) {
        self.memory.view_has_keys = true;
        self.forget_focus();
    }

    /// Nothing has the focus any more.
    pub(super) fn forget_focus(&self) {
        self.context.memory_mut(|memory| {
            if let Some(id) = memory.focused() {
                memory.surrender_focus(id);
            }
        });
    }
}

/// Takes away what is meant for the view; keys that come up are left, so that none stays down.
pub(super) fn leave_keys_to_view(raw: &mut RawInput) {
    raw.events.retain(|event| !is_for_focus(event));
}

/// Whether an event goes to whatever has the focus.
pub(super) fn is_for_focus(event: &Event) -> bool {
    matches!(
        event,
        Event::Key { pressed: true, .. }
            | Event::Text(_)
            | Event::Ime(_)
            | Event::Copy
            | Event::Cut
            | Event::Paste(_)
    )
}
