//! The own microphone: open only while the person wants it and the server says so. What closes it, and why.
//!
//! It must not know devices or samples; the line carries those.

use super::client::{ClientCore, CoreEvent};
use super::connect::Connector;
use crate::panels::model::Notice;
use crate::voice::{Line, Speaking, Way};
use arrayvec::ArrayVec;
use bytes::{Bytes, BytesMut};
use private_talk::SharedTalk;
use std::sync::{Arc, Mutex, PoisonError};
use venue_model::{ParticipantId, ParticipantKind};
use venue_protocol::session::ClientRequest;
use venue_protocol::{LocalTime, MAX_VOICES, Microphone, SetMicrophone, VoiceReport, VoiceStatus, VoiceWay};
use venue_transport::{ClientTransport, DatagramSender};

/// A voice as loud as this is seen to speak, decibels below full scale.
const SEEN_LEVEL: u8 = 50;

/// Speakers hear of how they are heard so often, µs.
const REPORT_MICROS: u64 = 2_000_000;

/// Datagrams that wait for the next step where the transport has no lane.
const MAX_QUEUED: usize = 64;

/// Why a microphone closed that its owner did not close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// The person is in another room.
    Entered,
    /// The connection was lost.
    Reconnected,
    /// The microphone's device is gone, or is another.
    DeviceGone,
    /// The headset was taken off.
    HeadsetOff,
    /// The server did not open it: the person only watches.
    Refused,
    /// A private talk began: others would hear it than before.
    TalkBegan,
    /// The private talk is over.
    TalkEnded,
}

/// How the own microphone is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnMicrophone {
    /// Closed.
    #[default]
    Closed,
    /// Closed until a moderator gives it back.
    ClosedByModerator,
    /// The server is asked.
    Opening,
    /// Open, but the key is not held.
    WaitsForKey,
    /// Heard.
    Open,
}

/// What is wanted of it and known of it.
#[derive(Debug, Default)]
pub(super) struct MicrophoneWish {
    line: Option<Arc<Line>>,
    queue: Arc<Queue>,
    is_wanted: bool,
    is_tried: bool,
    /// The line has the keys of a private talk.
    has_keys: bool,
    /// Heard only while the key is held.
    by_key: bool,
    is_key_held: bool,
    /// It was open when the connection was lost.
    was_lost: bool,
    status: VoiceStatus,
    heard: ArrayVec<Speaking, { spatial_voice::space::MAX_SOURCES }>,
    reported_at: LocalTime,
    buffer: BytesMut,
}

/// Datagrams of a transport without a lane.
#[derive(Debug, Default)]
struct Queue(Mutex<Vec<Bytes>>);

impl DatagramSender for Queue {
    fn send(&self, datagram: Bytes) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MAX_QUEUED {
            waiting.push(datagram);
        }
    }
}

impl MicrophoneWish {
    /// A connection begins: voices go past this program's frames, where the transport can.
    pub(super) fn connect(&self, transport: &mut impl ClientTransport) {
        if let Some(line) = &self.line {
            let lane = transport.open_lane(line.clone());
            line.connect(lane.unwrap_or_else(|| self.queue.clone()));
        }
    }

    /// Voices that came through the session.
    pub(super) fn take_voices(&self, datagram: &Bytes) {
        use venue_transport::DatagramTap as _;
        if let Some(line) = &self.line {
            line.receive(datagram);
        }
    }

    pub(super) fn queued(&self) -> Vec<Bytes> {
        std::mem::take(&mut *self.queue.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<C: Connector> ClientCore<C> {
    /// What the voices' threads share; before the first connection.
    pub fn set_line(&mut self, line: Arc<Line>) {
        self.microphone.line = Some(line);
    }

    /// How the own microphone is.
    pub fn own_microphone(&self) -> OwnMicrophone {
        let Some(own) = self.own_id() else { return OwnMicrophone::Closed };
        let MicrophoneWish { is_wanted, by_key, is_key_held, .. } = self.microphone;
        match (self.people.microphone(own), is_wanted) {
            (Microphone::MutedByModerator, _) => OwnMicrophone::ClosedByModerator,
            (_, false) => OwnMicrophone::Closed,
            (Microphone::Muted, true) => OwnMicrophone::Opening,
            (Microphone::Open, true) if by_key && !is_key_held => OwnMicrophone::WaitsForKey,
            (Microphone::Open, true) => OwnMicrophone::Open,
        }
    }

    /// Who hears the person, as the server says.
    pub fn voice_status(&self) -> &VoiceStatus {
        &self.microphone.status
    }

    /// Whether the device has to record: the microphone is open, or is tried.
    pub fn wants_to_be_recorded(&self) -> bool {
        self.microphone.is_wanted || self.microphone.is_tried
    }

    /// Whether the person hears how they sound.
    pub fn tries_microphone(&self) -> bool {
        self.microphone.is_tried
    }

    /// Opens the microphone, or closes it; who may not speak is told.
    pub(super) fn mute_or_unmute(&mut self) {
        if self.microphone.is_wanted {
            return self.close_own();
        }
        let (Some(own), Some(kind)) = (self.own_id(), self.kind_with_place()) else { return };
        if self.people.microphone(own) == Microphone::MutedByModerator {
            return self.emit(CoreEvent::Notice(Notice::MicrophoneClosed));
        }
        if !matches!(kind, ParticipantKind::Delegate | ParticipantKind::Interpreter) {
            return self.emit(CoreEvent::Notice(Notice::MicrophoneShut(Shut::Refused)));
        }
        self.microphone.is_wanted = true;
        self.microphone.is_tried = false;
        self.ask(ClientRequest::SetMicrophone(SetMicrophone { is_open: true }));
        self.changed();
    }

    fn close_own(&mut self) {
        self.microphone.is_wanted = false;
        self.aim_line();
        self.ask(ClientRequest::SetMicrophone(SetMicrophone { is_open: false }));
        self.changed();
    }

    /// Closes the microphone though its owner did not want it; who had it open is told why.
    pub fn shut_microphone(&mut self, why: Shut) {
        self.microphone.is_tried = false;
        if self.microphone.is_wanted {
            self.emit(CoreEvent::Notice(Notice::MicrophoneShut(why)));
            self.close_own();
        }
        self.aim_line();
        self.changed();
    }

    /// Lets the person hear how they sound, or not any more. Nobody else hears it.
    pub(super) fn try_microphone(&mut self, is_tried: bool) {
        if is_tried && self.microphone.is_wanted {
            self.close_own();
        }
        self.microphone.is_tried = is_tried;
        self.aim_line();
        self.changed();
    }

    /// Whether the microphone is heard only while a key is held.
    pub fn set_push_to_talk(&mut self, by_key: bool) {
        self.microphone.by_key = by_key;
        self.aim_line();
    }

    /// The key that is held to talk. The first time opens the microphone.
    pub(super) fn hold_to_talk(&mut self, is_held: bool) {
        self.microphone.is_key_held = is_held;
        if is_held && !self.microphone.is_wanted {
            self.mute_or_unmute();
        }
        self.aim_line();
    }

    /// The server says how a microphone is.
    pub(super) fn take_microphone(&mut self, id: ParticipantId, microphone: Microphone) {
        let before = self.people.microphone(id);
        self.people.set_microphone(id, microphone);
        if self.own_id() != Some(id) {
            return;
        }
        if microphone != Microphone::Open && self.microphone.is_wanted {
            // What was wanted is not so: somebody else closed it, or it was never opened.
            self.microphone.is_wanted = false;
            if microphone == Microphone::Muted {
                let why = if before == Microphone::Open { Shut::Entered } else { Shut::Refused };
                self.emit(CoreEvent::Notice(Notice::MicrophoneShut(why)));
            }
        }
        self.aim_line();
    }

    /// The person is in another room: the server has closed the microphone.
    pub(super) fn leave_earshot(&mut self) {
        self.shut_microphone(Shut::Entered);
    }

    /// The connection is gone: nothing goes out, and it begins closed.
    pub(super) fn lose_line(&mut self) {
        self.microphone.was_lost |= self.microphone.is_wanted;
        (self.microphone.is_wanted, self.microphone.is_tried) = (false, false);
        self.microphone.status = VoiceStatus::default();
        self.microphone.heard.clear();
        if let Some(line) = &self.microphone.line {
            line.disconnect();
        }
    }

    /// The person is inside again: whose microphone was open before is told that it is not.
    pub(super) fn tell_lost_microphone(&mut self) {
        if std::mem::take(&mut self.microphone.was_lost) {
            self.emit(CoreEvent::Notice(Notice::MicrophoneShut(Shut::Reconnected)));
        }
    }

    pub(super) fn take_voice_status(&mut self, datagram: &[u8]) {
        match VoiceStatus::decode(datagram) {
            Ok(status) => {
                if self.microphone.status != status {
                    self.microphone.status = status;
                    self.changed();
                }
                if let Some(line) = &self.microphone.line {
                    line.take_status(&status);
                }
            }
            Err(error) => {
                if let Some(connection) = &mut self.connection {
                    connection.session.fail_malformed(error);
                }
            }
        }
    }

    /// Who is heard now, as the ears say.
    pub fn tell_heard(&mut self, heard: &[Speaking]) {
        self.microphone.heard.clear();
        self.microphone.heard.extend(heard.iter().copied());
    }

    /// Who is heard now.
    pub fn heard(&self) -> &[Speaking] {
        &self.microphone.heard
    }

    /// How loud the microphone hears the person, 0 to 1, whether it is sent or not.
    pub fn own_level(&self) -> f32 {
        let level = self.microphone.line.as_ref().map(|line| line.own().level);
        level.map_or(0.0, |level| (1.0 - f32::from(level) / 60.0).max(0.0))
    }

    /// How loud somebody is heard, 0 (not at all) to 1; oneself too.
    pub fn loudness(&self, id: ParticipantId) -> f32 {
        let level = match self.own_id() == Some(id) {
            true => {
                let line = self.microphone.line.as_ref();
                line.filter(|line| matches!(line.way(), Way::Around | Way::Private))
                    .map(|line| line.own().level)
            }
            false => {
                let others = self.microphone.heard.iter().filter(|heard| heard.way != VoiceWay::Back);
                others.filter(|heard| heard.who == id).map(|heard| heard.said.level).next()
            }
        };
        // From a whisper to a call.
        level.map_or(0.0, |level| (f32::from(SEEN_LEVEL.saturating_sub(level)) / 35.0).min(1.0))
    }

    /// Whether a person speaks to the room now, oneself too: is heard, or writes for all to read along.
    pub fn is_speaking(&self, id: ParticipantId) -> bool {
        self.loudness(id) > 0.0 || self.is_writing_to_room(id)
    }

    /// Whether a person writes for all to read along, oneself too.
    pub fn is_writing_to_room(&self, id: ParticipantId) -> bool {
        if self.own_id() == Some(id) {
            return self.live_texts().is_own_for_room();
        }
        self.live_texts().is_writing_to_room(id)
    }

    /// Tells the speakers how they are heard.
    pub(super) fn report_voices(&mut self) {
        let Self { microphone, connection, now, .. } = self;
        let is_due = now.micros_since(microphone.reported_at) >= REPORT_MICROS;
        let Some(connection) = connection.as_mut().filter(|_| is_due && !microphone.heard.is_empty()) else {
            return;
        };
        microphone.reported_at = *now;
        for Speaking { who, way, said } in &microphone.heard {
            tracing::debug!(%who, ?way, ?said, "a voice");
        }
        let heard = microphone.heard.iter().filter(|heard| heard.way != VoiceWay::Back);
        let lost = heard.take(MAX_VOICES).map(|heard| (heard.who, (heard.said.loss * 255.0) as u8)).collect();
        let report = VoiceReport { lost };
        connection.transport.send_datagram(report.encode(&mut microphone.buffer));
    }

    /// The keys of the talk that the person is in, and the others who hold them; none outside of one.
    pub(super) fn set_line_talk(&mut self, talk: Option<(SharedTalk, Vec<ParticipantId>)>) {
        self.microphone.has_keys = talk.is_some();
        if let Some(line) = &self.microphone.line {
            line.set_talk(talk);
        }
        self.aim_line();
    }

    /// What the line has to do follows from how the microphone is.
    fn aim_line(&mut self) {
        let way = match self.own_microphone() {
            _ if self.microphone.is_tried => Way::Back,
            OwnMicrophone::Open if self.microphone.has_keys => Way::Private,
            // Who is coming into a talk says nothing to the room meanwhile.
            OwnMicrophone::Open if self.is_in_talk() => Way::Closed,
            OwnMicrophone::Open => Way::Around,
            _ => Way::Closed,
        };
        if let Some(line) = &self.microphone.line {
            line.set_way(way);
        }
    }
}
