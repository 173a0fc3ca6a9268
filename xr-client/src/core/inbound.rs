//! What comes in: the transport's events and the server's words, and what each does to the client core.
//!
//! It must not send anything by itself; sessions and requests do.

use super::client::{Admission, ClientCore, CoreEvent};
use super::connect::Connector;
use super::happening::Happening;
use super::stage::{self, Stage};
use crate::panels::model::Notice;
use crate::sentence::Problem;
use bytes::Bytes;
use glam::Vec3;
use venue_model::{ParticipantId, Posture, ServerTime};
use venue_package::limits::MANIFEST_BYTES;
use venue_protocol::session::{ClientRequest, ServerUpdate};
use venue_protocol::{
    BodyPlaced, ClientSessionEvent, DatagramKind, EntryNote, FetchTexts, Microphone, PlacementCause,
    Presence, SeatRefusal, SessionEnd, SpaceEntered, WatchState, Welcome,
};
use venue_replication::snapshot::decode_header;
use venue_transport::{ClientEvent, ClientTransport as _, ConnectError};

impl<C: Connector> ClientCore<C> {
    /// Takes everything that has come.
    pub(super) fn receive(&mut self) {
        while let Some(event) = self.connection.as_mut().and_then(|connection| connection.transport.poll()) {
            self.handle_transport(event);
            self.drain_session();
        }
        self.drain_session();
    }

    fn handle_transport(&mut self, event: ClientEvent) {
        let now = self.now;
        let Some(connection) = &mut self.connection else { return };
        let session = &mut connection.session;
        match event {
            ClientEvent::Opened { exporter, fingerprint } => {
                session.handle_opened(now, exporter);
                self.remember_server(fingerprint);
                if self.stage == Stage::Connecting {
                    self.set_stage(Stage::Joining);
                }
            }
            ClientEvent::Control(bytes) => session.handle_control(now, &bytes),
            ClientEvent::Datagram(bytes) => session.handle_datagram(now, bytes),
            ClientEvent::FileProgress { hash, received } => {
                self.venue.handle_progress(hash, received);
                self.changed();
            }
            ClientEvent::File { hash, result } => {
                self.venue.handle_file(hash, result, self.config.cache.as_mut());
                self.changed();
            }
            ClientEvent::Closed { reason } => session.handle_closed(reason),
            ClientEvent::Failed(error) => self.handle_failure(&error),
        }
    }

    fn handle_failure(&mut self, error: &ConnectError) {
        if self.is_renewed(error) {
            self.doubts_known_key = true;
            self.connection = None;
            return self.connect();
        }
        let Some(goal) = &self.goal else { return };
        if let ConnectError::UnknownServer { found } = error {
            let problem = match self.doubts_known_key {
                true => stage::renewed_server(&goal.place, &found.0),
                false => stage::unknown_server(&goal.place, &found.0),
            };
            self.connection = None;
            return self.set_stage(Stage::AsksTrust { fingerprint: found.0, problem });
        }
        let consequence = stage::after_failure(error, &goal.place, self.persistence());
        self.suffer(consequence);
    }

    fn drain_session(&mut self) {
        while let Some(event) =
            self.connection.as_mut().and_then(|connection| connection.session.poll_event())
        {
            match event {
                ClientSessionEvent::ProofWanted { message } => {
                    let proof = self.config.identity.sign(&message);
                    if let Some(connection) = &mut self.connection {
                        connection.session.join(proof);
                    }
                }
                ClientSessionEvent::Welcomed(welcome) => self.take_welcome(*welcome),
                ClientSessionEvent::TicketRenewed(ticket) => self.ticket = Some(ticket),
                ClientSessionEvent::Update(update) => self.take_update(update),
                ClientSessionEvent::Datagram(bytes) => self.take_datagram(&bytes),
                ClientSessionEvent::Ended(end) => self.take_end(&end),
            }
        }
    }

    fn take_datagram(&mut self, bytes: &Bytes) {
        match DatagramKind::of(bytes) {
            Some(DatagramKind::Voices) => self.microphone.take_voices(bytes),
            Some(DatagramKind::VoiceStatus) => self.take_voice_status(bytes),
            _ => self.take_snapshot(bytes),
        }
    }

    fn take_snapshot(&mut self, bytes: &[u8]) {
        let Some(time) = self.server_time() else { return };
        // It is there for the frame that is seen later: how far in the past bodies are shown is reckoned from then.
        self.look_through_door(bytes);
        if let Err(error) = self.replica.handle_snapshot(bytes, time + self.display_lead_micros)
            && let Some(connection) = &mut self.connection
        {
            connection.session.fail_malformed(error);
        }
    }

    /// The first snapshot of a space that is not one's own: it is seen through a door.
    fn look_through_door(&mut self, bytes: &[u8]) {
        let Ok(header) = decode_header(bytes) else { return };
        if Some(header.space) == self.space() || self.replica.sees(header.space, header.epoch) {
            return;
        }
        let space = self.venue.manifest().and_then(|manifest| manifest.space(header.space));
        if let Some(space) = space {
            let there = self.people.iter().filter(|entry| entry.space == Some(space.id));
            self.replica.look_into(space, header.epoch, there.map(|entry| entry.participant.id));
        }
    }

    fn take_welcome(&mut self, welcome: Welcome) {
        if u64::from(welcome.manifest_bytes) > MANIFEST_BYTES {
            let detail = format!("its description has {} bytes", welcome.manifest_bytes);
            self.disconnect();
            return self.suffer(stage::Consequence::End(Problem::DamagedPackage { detail }));
        }
        let was_lost = matches!(self.stage, Stage::Lost { .. });
        self.people.restart(&welcome.people, &welcome.seats);
        self.order.restart();
        self.safety.restart();
        self.was_admitted = true;
        self.ticket = Some(welcome.ticket);
        self.admission = Some(Admission {
            you: welcome.you,
            title: welcome.event_title.to_string(),
            space: welcome.space,
            epoch: welcome.epoch,
            open_spaces: welcome.open_spaces,
        });
        self.body.place(welcome.place, Posture::Standing, welcome.placement, PlacementCause::Entered);
        self.venue.open(welcome.manifest, u64::from(welcome.manifest_bytes), welcome.space);
        self.venue.handle_reconnected();
        self.enter_replica();
        self.set_stage(Stage::Loading);
        for text in self.texts.resend_all(welcome.space) {
            self.ask(ClientRequest::SendText(text));
        }
        if was_lost {
            // The server remembers what was missed, unless it was the server that went.
            self.ask(ClientRequest::FetchTexts(FetchTexts { after: self.texts.newest() }));
            self.emit(CoreEvent::Happened(Happening::Back));
        }
        if welcome.entry == EntryNote::ObserverBecauseFull {
            self.emit(CoreEvent::Notice(Notice::Observing));
        } else if was_lost {
            self.emit(CoreEvent::Notice(Notice::Reconnected));
        }
        self.tell_lost_microphone();
        self.remember_visit();
        self.changed();
    }

    fn remember_visit(&mut self) {
        let (Some(goal), Some(admission)) = (&self.goal, &self.admission) else { return };
        let mut link = goal.clone();
        // The key that was just proven is pinned from now on.
        let proven = self.config.hosts.fingerprint_of(&link.place);
        link.place.fingerprint = link.place.fingerprint.or(proven);
        let title = admission.title.clone();
        self.config.last_link = Some(link.clone());
        self.config.last_place = Some(link.place.clone());
        self.emit(CoreEvent::Admitted { link, title });
    }

    fn take_end(&mut self, end: &SessionEnd) {
        super::lifecycle::flush_end(self);
        if matches!(end, SessionEnd::Left) {
            return;
        }
        tracing::info!(?end, "the session ended");
        let Some(goal) = &self.goal else { return };
        let used_ticket = self.connection.as_ref().is_some_and(|connection| connection.used_ticket);
        let mut consequence = stage::after_session(end, &goal.place, self.persistence());
        if consequence == stage::Consequence::UseInvitation && !used_ticket {
            consequence = stage::Consequence::End(Problem::UnknownInvitation);
        }
        self.suffer(consequence);
    }

    fn take_update(&mut self, update: ServerUpdate) {
        self.changed();
        let Some(update) = self.take_order(update) else { return };
        let Some(update) = self.take_safety(update) else { return };
        let Some(update) = self.take_talk(update) else { return };
        match update {
            ServerUpdate::PresenceJoined(message) => self.take_presence(&message.presence),
            ServerUpdate::PresenceChanged(message) => self.take_presence(&message.presence),
            ServerUpdate::PresenceLeft(message) => self.take_departure(message.participant),
            ServerUpdate::SpaceEntered(message) => self.take_space(message),
            ServerUpdate::BodyPlaced(message) => self.take_placement(message),
            ServerUpdate::VenueRenewed(message) => self.take_renewal(message),
            ServerUpdate::VenueNote(message) => self.take_note(&message),
            ServerUpdate::SeatTaken(message) => self.people.take_seat(message.seat, message.participant),
            ServerUpdate::SeatFreed(message) => self.people.free_seat(message.seat),
            ServerUpdate::SeatRefused(message)
                if message.why == SeatRefusal::TooFar && self.is_pursuing(message.seat) => {}
            ServerUpdate::SeatRefused(message) => {
                let reason = seat_refusal(message.why).to_owned();
                self.emit(CoreEvent::Notice(Notice::Problem(Problem::SeatRefused { reason })));
            }
            ServerUpdate::TextAccepted(message) => self.texts.accepted(&message),
            ServerUpdate::TextRejected(message) => self.texts.rejected(&message),
            ServerUpdate::LiveText(message) => {
                if let Some(own) = self.own_id() {
                    self.live_texts.receive(&message, own, self.now);
                }
            }
            ServerUpdate::HandRaised(message) => self.take_hand(message),
            ServerUpdate::HandLowered(message) => self.people.lower_hand(message.participant),
            ServerUpdate::MicrophoneChanged(message) => {
                self.take_microphone(message.participant, message.microphone);
            }
            ServerUpdate::MicrophoneOpened(message) => {
                self.take_microphone(message.participant, Microphone::Open);
            }
            ServerUpdate::Watch(message) => self.take_watch(message),
            ServerUpdate::Text(message) => self.take_text(&message),
            // Taken above.
            _ => {}
        }
    }

    fn take_presence(&mut self, presence: &Presence) {
        if let Some(admission) = &mut self.admission
            && presence.participant.id == admission.you.id
        {
            admission.you = presence.participant.clone();
            return;
        }
        let own_space = self.space();
        let before = self.people.get(presence.participant.id).and_then(|entry| entry.space);
        self.people.set(presence);
        let name = || presence.participant.name.to_string();
        if let Some(left) = before.filter(|before| *before != presence.space) {
            self.replica.forget(left, presence.participant.id);
        }
        let watch = self.people.in_line(presence.participant.id);
        if watch.is_none_or(|watch| watch.state == WatchState::BroughtIn) {
            self.replica.admit(presence.space, presence.participant.id);
        }
        if before != own_space && Some(presence.space) == own_space {
            self.emit(CoreEvent::Notice(Notice::Arrived { name: name() }));
        } else if before == own_space && before.is_some() && Some(presence.space) != own_space {
            self.emit(CoreEvent::Notice(Notice::Departed { name: name() }));
        }
    }

    fn take_departure(&mut self, id: venue_model::ParticipantId) {
        let entry = self.people.get(id).filter(|entry| entry.space == self.space());
        if let Some(name) = entry.map(|entry| entry.participant.name.to_string()) {
            self.emit(CoreEvent::Notice(Notice::Departed { name }));
        }
        self.live_texts.forget(id);
        if let Some(space) = self.people.get(id).and_then(|entry| entry.space) {
            self.replica.forget(space, id);
        }
        self.people.leave(id);
    }

    fn take_space(&mut self, message: SpaceEntered) {
        if let Some(admission) = &mut self.admission {
            admission.space = message.space;
            admission.epoch = message.epoch;
        }
        self.leave_earshot();
        self.enter_replica();
        self.body.place(message.place, Posture::Standing, message.placement, message.cause);
        if message.cause != PlacementCause::Door {
            self.emit(CoreEvent::Jumped);
        }
    }

    fn take_placement(&mut self, message: BodyPlaced) {
        self.body.place(message.place, message.posture, message.placement, message.cause);
        self.emit(CoreEvent::Jumped);
        if message.cause.is_correction() {
            self.emit(CoreEvent::Notice(Notice::PutBack));
        }
    }

    /// The moment that somebody's body is shown of: now, less what the network needs.
    pub fn shown_moment(&self, id: ParticipantId) -> Option<ServerTime> {
        self.replica.shown_moment(id)
    }

    /// The point that bodies of this space are sent relative to.
    pub fn space_origin(&self) -> Option<Vec3> {
        self.replica.origin()
    }
}

fn seat_refusal(why: SeatRefusal) -> &'static str {
    match why {
        SeatRefusal::Taken => "somebody sits there",
        SeatRefusal::Elsewhere => "it is in another room",
        SeatRefusal::Unknown => "the venue has no such seat",
        SeatRefusal::Reserved => "it is kept for somebody else",
        SeatRefusal::TooFar => "it is too far away; walk nearer",
    }
}
