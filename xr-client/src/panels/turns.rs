//! Keys in their turn: egui knows a frame later where a key has moved the focus, or what it has opened. When frames are
//! long, Return and the Tab after it come in one, and Return would press the button that Tab goes to.

use super::focus;
use egui::{Event, Key, RawInput};

/// So many events are kept for later at most; more of them come at once, in their order.
const MOST: usize = 512;

/// Events that wait for the frame after one in which a key does something.
#[derive(Debug, Default)]
pub(super) struct Turns {
    waiting: Vec<Event>,
}

impl Turns {
    /// Whether the next frame has something to do.
    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Leaves what belongs to this frame.
    pub(super) fn take(&mut self, raw: &mut RawInput) {
        if self.is_waiting() {
            self.waiting.append(&mut raw.events);
            std::mem::swap(&mut self.waiting, &mut raw.events);
        }
        let Some(at) = raw.events.iter().position(ends_turn) else { return };
        let rest = &raw.events[at + 1..];
        if rest.len() <= MOST && rest.iter().any(focus::is_for_focus) {
            self.waiting = raw.events.split_off(at + 1);
        }
    }
}

/// Keys that move the focus, press what has it, or open and close.
fn ends_turn(event: &Event) -> bool {
    let Event::Key { key, pressed: true, .. } = event else { return false };
    matches!(key, Key::Tab | Key::Enter | Key::Space | Key::Escape)
}
