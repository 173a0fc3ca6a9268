//! What happens without a notice in words, but is worth a sound.
//!
//! It must not know which sound; `sound/table.rs` does.

use super::client::{ClientCore, CoreEvent};
use super::connect::Connector;
use super::stage::Stage;
use crate::panels::model::Conversation;
use venue_protocol::Text;

/// Something that is seen somewhere else than among the notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Somebody else wrote here; not what was written before the person came.
    Text(Conversation),
    /// Somebody asks the person to talk in private.
    TalkAsked,
    /// Somebody else wrote in the private talk.
    TalkText,
    /// Somebody asks the person to come; the countdown runs.
    Summoned,
    /// The countdown is over, whatever its end.
    SummonsOver,
    /// The connection is gone, for a while or for good.
    Lost,
    /// The connection is back.
    Back,
}

impl<C: Connector> ClientCore<C> {
    /// Takes a text that came.
    pub(super) fn take_text(&mut self, text: &Text) {
        self.live_texts.settle(text.from);
        let Some(own) = self.own_id() else { return };
        let Some(conversation) = self.texts.receive(text, own) else { return };
        if self.stage == Stage::Inside && !self.safety.hides(text.from) {
            self.emit(CoreEvent::Happened(Happening::Text(conversation)));
        }
    }

    /// Tells of a loss when the stage becomes this one.
    pub(super) fn tell_loss(&mut self, next: &Stage) {
        let had_one = matches!(self.stage, Stage::Loading | Stage::Inside);
        if had_one && matches!(next, Stage::Lost { .. } | Stage::Ended(_)) {
            self.emit(CoreEvent::Happened(Happening::Lost));
        }
    }
}
