//! The life of connections: entering by a link, trust, loss, retries, leaving.
//!
//! It must not know what the server says inside of a session; `inbound.rs` does.

use super::client::{ClientCore, Connection};
use super::connect::{Connector, Target, Trust};
use super::people::People;
use super::stage::{Consequence, Persistence, Stage, sentence_of_retry};
use crate::link::Link;
use venue_protocol::{ClientSession, ClientSessionConfig, Credential, InvitationCode, ProgramName};
use venue_transport::{ClientTransport, ConnectError, Fingerprint, SendError};

impl<C: Connector> ClientCore<C> {
    pub(super) fn enter(&mut self, link: Link) {
        self.disconnect();
        if self.goal.as_ref() != Some(&link) {
            self.begin_visit();
        }
        self.goal = Some(link);
        self.ticket = None;
        self.was_admitted = false;
        self.doubts_known_key = false;
        self.backoff.reset();
        self.connect();
    }

    /// Nothing of what was said and who was there follows to another visit.
    fn begin_visit(&mut self) {
        self.texts.forget();
        self.safety = super::safety::Safety::default();
        self.live_texts.clear();
        self.people = People::default();
        self.admission = None;
        self.visit = self.visit.wrapping_add(1);
        self.changed();
    }

    pub(super) fn trust_server(&mut self) {
        if let (Stage::AsksTrust { fingerprint, .. }, Some(goal)) = (&self.stage, &self.goal) {
            let (fingerprint, place) = (*fingerprint, goal.place.clone());
            self.config.hosts.remember(&place, fingerprint);
            self.doubts_known_key = false;
            self.connect();
        }
    }

    pub(super) fn retry_now(&mut self) {
        if matches!(self.stage, Stage::Lost { .. } | Stage::Ended(_)) && self.goal.is_some() {
            self.disconnect();
            self.connect();
        }
    }

    pub(super) fn retry_if_due(&mut self) {
        if matches!(self.stage, Stage::Lost { retry_at: Some(at), .. } if at <= self.now) {
            self.connect();
        }
    }

    pub(super) fn leave(&mut self) {
        self.disconnect();
        self.begin_visit();
        self.goal = None;
        self.ticket = None;
        self.was_admitted = false;
        self.set_stage(Stage::Start);
    }

    pub(super) fn disconnect(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.session.leave();
            flush(&mut connection);
        }
        self.texts.connection_lost();
        self.live_texts.connection_lost();
        self.lose_talk();
        self.lose_line();
        self.replica.clear();
    }

    pub(super) fn connect(&mut self) {
        let Some(goal) = self.goal.clone() else { return };
        let trust = match (goal.place.fingerprint, self.config.hosts.fingerprint_of(&goal.place)) {
            (Some(pinned), _) => Trust::Pinned(pinned),
            (None, Some(known)) if !self.doubts_known_key => Trust::Known(known),
            (None, _) => Trust::PublicOrAsk,
        };
        let mut transport = self.connector.connect(&Target { place: goal.place.clone(), trust });
        self.lose_line();
        self.microphone.connect(&mut transport);
        let ticket = self.ticket.as_ref().map(|ticket| Credential::Ticket(ticket.bytes.clone()));
        let used_ticket = ticket.is_some();
        let code = venue_model::BoundedText::lossy(goal.code.as_str());
        let invitation =
            Credential::Invitation { event: goal.place.event.clone(), code: InvitationCode(code) };
        let config = ClientSessionConfig {
            program: ProgramName::lossy(concat!("xr-client ", env!("CARGO_PKG_VERSION"))),
            device_key: self.config.identity.public(),
            language: self.config.language,
            credential: ticket.unwrap_or(invitation),
            appearance: self.config.appearance,
        };
        let session = ClientSession::new(config, self.config.seed);
        self.inside_since = None;
        self.connection = Some(Connection { transport, session, unsent: None, used_ticket, trust });
        match &mut self.stage {
            // What was lost stays on the screen with its sentence until the connection is back.
            Stage::Lost { retry_at, .. } => {
                *retry_at = None;
                self.changed();
            }
            _ => self.set_stage(Stage::Connecting),
        }
    }

    /// Whether the failure is that a server that was visited before shows another key. Its certificate may have
    /// been renewed: a public authority may vouch for the new key, or the person may.
    pub(super) fn is_renewed(&self, error: &ConnectError) -> bool {
        let is_known =
            self.connection.as_ref().is_some_and(|connection| matches!(connection.trust, Trust::Known(_)));
        is_known && matches!(error, ConnectError::FingerprintMismatch { .. })
    }

    /// Keeps the key that a link named. One that a public authority vouches for may change when it is renewed.
    pub(super) fn remember_server(&mut self, fingerprint: Fingerprint) {
        if self.doubts_known_key
            && let Some(goal) = &self.goal
        {
            // An authority vouches for the new key; the old one is not asked for again.
            self.config.hosts.forget(&goal.place);
        }
        let is_pinned =
            self.connection.as_ref().is_some_and(|connection| connection.trust != Trust::PublicOrAsk);
        if let Some(goal) = self.goal.as_ref().filter(|_| is_pinned) {
            let place = goal.place.clone();
            self.config.hosts.remember(&place, fingerprint.0);
        }
    }

    /// Who was admitted comes back; who was told so, because the server is being restarted, does too.
    pub(super) fn persistence(&self) -> Persistence {
        match self.was_admitted || matches!(self.stage, Stage::Lost { .. }) {
            true => Persistence::ComesBack,
            false => Persistence::AsksThePerson,
        }
    }

    pub(super) fn suffer(&mut self, consequence: Consequence) {
        self.connection = None;
        self.texts.connection_lost();
        self.live_texts.connection_lost();
        self.lose_talk();
        self.changed();
        match consequence {
            Consequence::Start => self.set_stage(Stage::Start),
            Consequence::UseInvitation => {
                self.ticket = None;
                self.connect();
            }
            Consequence::Retry { problem, pause_micros } => {
                let problem = match &self.stage {
                    Stage::Lost { problem: known, .. } => sentence_of_retry(known, problem),
                    _ => problem,
                };
                let pause = self.backoff.next_pause().max(pause_micros);
                self.set_stage(Stage::Lost { problem, retry_at: Some(self.now + pause) });
            }
            Consequence::End(problem) => self.set_stage(Stage::Ended(problem)),
        }
    }
}

/// Sends what the session has to say, and closes when it says so.
pub(super) fn flush<T: ClientTransport>(connection: &mut Connection<T>) {
    while let Some(bytes) = connection.unsent.take().or_else(|| connection.session.poll_control()) {
        match connection.transport.send_control(bytes.clone()) {
            Ok(()) => {}
            Err(SendError::Backlog) => {
                connection.unsent = Some(bytes);
                break;
            }
            // A connection that is gone reports its end as an event.
            Err(SendError::Gone) => break,
        }
    }
    while let Some(bytes) = connection.session.poll_datagram() {
        connection.transport.send_datagram(bytes);
    }
    if let Some(close) = connection.session.poll_close() {
        connection.transport.close(close.code, &close.reason);
    }
}

/// Sends a session's last words.
pub(super) fn flush_end<C: Connector>(core: &mut ClientCore<C>) {
    if let Some(connection) = &mut core.connection {
        flush(connection);
    }
}

#[cfg(test)]
#[path = "lifecycle_tests.rs"]
mod tests;
