//! The end of the program: it waits for the server's word about texts, but not for ever.
//!
//! It must not know who asked for it.

use super::Flow;
use crate::core::{ClientCore, Connector};
use crate::input::Command;
use venue_protocol::LocalTime;

/// How long a program that is to end waits for the server's word about texts, µs.
const LONGEST_MICROS: u64 = 2_000_000;

/// Whether the program is to end.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Goodbye {
    by: Option<LocalTime>,
}

impl Goodbye {
    /// The program is to end as soon as may be.
    pub(super) fn ask(&mut self, now: LocalTime) {
        self.by.get_or_insert(now + LONGEST_MICROS);
    }

    /// Whether it is to end.
    pub(super) fn is_asked(&self) -> bool {
        self.by.is_some()
    }

    /// Whether it goes on: a text may still be under way, or among the wishes that the next frame fulfils.
    pub(super) fn flow<C: Connector>(
        &self,
        now: LocalTime,
        core: &ClientCore<C>,
        wishes: &[Command],
    ) -> Flow {
        let is_text = |wish: &Command| matches!(wish, Command::SendText { .. } | Command::RetryText(_));
        let is_settled = core.texts().is_settled() && !wishes.iter().any(is_text);
        match self.by {
            Some(by) if is_settled || now >= by => Flow::Quit,
            _ => Flow::Continue,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::rehearsed::Stand;
    use venue_model::{TextId, TextScope, WallTime};
    use venue_protocol::{MessageBody, TextAccepted};

    fn say(words: &str) -> Command {
        Command::SendText { scope: TextScope::Space, body: MessageBody::new(words).unwrap() }
    }

    #[test]
    fn a_text_that_was_sent_in_the_last_frame_is_stored_before_the_program_ends() {
        let mut stand = Stand::entered(0);
        let mut goodbye = Goodbye::default();
        let flow = |goodbye: &Goodbye, stand: &Stand, wishes: &[Command]| {
            goodbye.flow(LocalTime(stand.now), &stand.core, wishes)
        };
        assert_eq!(flow(&goodbye, &stand, &[]), Flow::Continue);
        goodbye.ask(LocalTime(stand.now));
        // Panels push both wishes in one frame; the core hears of the text in the next.
        assert_eq!(flow(&goodbye, &stand, &[say("bye")]), Flow::Continue);
        stand.wish(say("bye"));
        stand.run(3);
        assert_eq!(flow(&goodbye, &stand, &[]), Flow::Continue);
        let client_ref = stand.server.borrow().requests.iter().find_map(crate::core::rehearsed::reference);
        let (text_id, sent_at) = (TextId(1), WallTime(0));
        let accepted = TextAccepted { client_ref: client_ref.unwrap(), text_id, sent_at };
        stand.server.borrow_mut().session().send(&accepted.into());
        stand.run(2);
        assert_eq!(flow(&goodbye, &stand, &[]), Flow::Quit);
    }

    #[test]
    fn a_server_that_says_nothing_does_not_keep_the_program() {
        let mut stand = Stand::entered(0);
        let mut goodbye = Goodbye::default();
        stand.wish(say("hello?"));
        stand.run(1);
        let asked = LocalTime(stand.now);
        goodbye.ask(asked);
        goodbye.ask(asked + LONGEST_MICROS);
        assert_eq!(goodbye.flow(asked, &stand.core, &[]), Flow::Continue);
        assert_eq!(goodbye.flow(asked + LONGEST_MICROS, &stand.core, &[]), Flow::Quit);
    }
}
