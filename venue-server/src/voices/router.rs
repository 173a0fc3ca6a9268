//! The way of each frame: from its speaker to everybody who is to hear it, several in one datagram.
//!
//! Choosing is rare and forwarding is often: who hears whom is chosen when somebody begins to speak and now and then for all;
//! whether somebody *may* hear is asked for each frame, so that what the world said last holds from then on.

use super::earshot::{Attendee, Nearness, Room, nearness};
use super::hearing::{Hearing, Offer};
use super::speech::Speech;
use bytes::{Bytes, BytesMut};
use std::collections::HashMap;
use venue_model::{ParticipantId, ServerTime, ZoneId};
use venue_protocol::{
    DatagramKind, DecodeError, Earshot, HeardFrame, MAX_DATAGRAM_BYTES, MAX_VOICES, VoiceFrame, VoiceReport,
    VoiceStatus, VoiceWay,
};
use venue_transport::ConnectionId;

/// What comes within so long leaves together, µs.
const FLUSH_MICROS: u64 = 5_000;

/// A listener's choice is made anew each third time that the world is told.
const TURNS: u64 = 3;

/// Voices for each while the server has too much to do.
const BUSY_VOICES: usize = 8;

/// People are told who hears them when it changes, and so often anyway, µs: a datagram may be lost.
const STATUS_MICROS: u64 = 3_000_000;

/// Changes of it are told so often at most, µs.
const STATUS_PAUSE_MICROS: u64 = 400_000;

/// Loss on the way here above which a speaker's path is narrow, 255ths: 8 %.
const NARROW: u8 = 20;

/// Bytes of voices for a listener at once.
const PENDING_BYTES: usize = 4 * MAX_DATAGRAM_BYTES;

/// Connections whose garbage is remembered until the world is told.
const MOST_MALFORMED: usize = 1_000;

/// What was counted since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RouterCounts {
    /// Frames that came and were good.
    pub frames_in: u64,
    /// Frames that were refused: closed microphones, unknown speakers, twice the same, too many.
    pub frames_refused: u64,
    /// Frames sent on, one for each listener.
    pub frames_out: u64,
    /// Datagrams that they left in.
    pub datagrams_out: u64,
}

/// Somebody who may speak and listen.
#[derive(Debug)]
struct Person {
    at: Attendee,
    speech: Speech,
    hearing: Hearing,
    /// Who is sent this person's voice.
    heard_by: Vec<usize>,
    /// Frames that wait for the flush.
    pending: BytesMut,
    told: VoiceStatus,
    told_at: Option<ServerTime>,
    /// The update that last named this person.
    update: u64,
}

/// Everybody's voices.
#[derive(Debug, Default)]
pub struct Router {
    /// Slots; empty ones are used again.
    people: Vec<Option<Box<Person>>>,
    free: Vec<usize>,
    by_connection: HashMap<ConnectionId, usize>,
    by_who: HashMap<ParticipantId, usize>,
    /// Slots by room, made anew at each update.
    rooms: HashMap<Room, Vec<usize>>,
    speakers: Vec<usize>,
    /// Slots that have something waiting.
    waiting: Vec<usize>,
    /// Full datagrams, and those that concern one person.
    ready: Vec<(ConnectionId, Bytes)>,
    flush_at: Option<ServerTime>,
    updates: u64,
    is_busy: bool,
    malformed: Vec<(ConnectionId, DecodeError)>,
    counts: RouterCounts,
}

impl Router {
    /// What was counted.
    pub fn counts(&self) -> RouterCounts {
        self.counts
    }

    /// Connections that sent what is in no protocol.
    pub fn take_malformed(&mut self) -> Vec<(ConnectionId, DecodeError)> {
        std::mem::take(&mut self.malformed)
    }

    /// When [`Self::flush`] has something to do.
    pub fn due(&self) -> Option<ServerTime> {
        self.flush_at
    }

    /// The world as it is now: everybody who has a connection. Who is not named is gone.
    pub fn update(&mut self, all: impl Iterator<Item = Attendee>, is_busy: bool, now: ServerTime) {
        self.updates += 1;
        self.is_busy = is_busy;
        self.rooms.values_mut().for_each(Vec::clear);
        for attendee in all {
            let room = attendee.room;
            let slot = self.seat(attendee, now);
            self.rooms.entry(room).or_default().push(slot);
        }
        self.rooms.retain(|_, slots| !slots.is_empty());
        self.forget_who_left();
        self.choose(now);
        self.tell_status(now);
    }

    fn seat(&mut self, at: Attendee, now: ServerTime) -> usize {
        let update = self.updates;
        let known = self.by_who.get(&at.who).copied();
        let slot = known.or_else(|| self.free.pop()).unwrap_or(self.people.len());
        if slot == self.people.len() {
            self.people.push(None);
        }
        if let Some(person) = &mut self.people[slot] {
            if person.at.connection != at.connection {
                self.by_connection.remove(&person.at.connection);
                person.speech = Speech::new(now);
                person.pending.clear();
            }
            self.by_connection.insert(at.connection, slot);
            (person.at, person.update) = (at, update);
            return slot;
        }
        self.by_who.insert(at.who, slot);
        self.by_connection.insert(at.connection, slot);
        self.people[slot] = Some(Box::new(Person {
            at,
            speech: Speech::new(now),
            hearing: Hearing::default(),
            heard_by: Vec::new(),
            pending: BytesMut::new(),
            told: VoiceStatus::default(),
            told_at: None,
            update,
        }));
        slot
    }

    fn forget_who_left(&mut self) {
        for slot in 0..self.people.len() {
            let is_gone = self.people[slot].as_ref().is_some_and(|person| person.update != self.updates);
            if let Some(person) = self.people[slot].take_if(|_| is_gone) {
                self.by_connection.remove(&person.at.connection);
                self.by_who.remove(&person.at.who);
                self.free.push(slot);
            }
        }
    }

    /// A third of all listeners choose anew; then it is written down who is heard by whom.
    fn choose(&mut self, now: ServerTime) {
        let mut speakers = std::mem::take(&mut self.speakers);
        speakers.clear();
        let speaks = |person: &Person| person.at.is_open && person.speech.speaks(now);
        speakers.extend((0..self.people.len()).filter(|slot| self.person(*slot).is_some_and(speaks)));
        let limit = self.limit();
        let turn = self.updates % TURNS;
        for slot in 0..self.people.len() {
            let Some(mut listener) = self.people[slot].take() else { continue };
            listener.heard_by.clear();
            // Somebody who said nothing for a second makes place, also before the listener's turn.
            if slot as u64 % TURNS == turn {
                let loudness =
                    |speaker: &usize| Some((*speaker, loudness(self.person(*speaker)?, &listener.at)?));
                let mut hearing = std::mem::take(&mut listener.hearing);
                hearing.choose(speakers.iter().filter_map(loudness), limit);
                listener.hearing = hearing;
            }
            self.people[slot] = Some(listener);
        }
        self.speakers = speakers;
        for slot in 0..self.people.len() {
            let Some(listener) = &self.people[slot] else { continue };
            let heard: arrayvec::ArrayVec<usize, MAX_VOICES> = listener.hearing.speakers().collect();
            for speaker in heard {
                if let Some(speaker) = self.people[speaker].as_mut() {
                    speaker.heard_by.push(slot);
                }
            }
        }
    }

    fn limit(&self) -> usize {
        if self.is_busy { BUSY_VOICES } else { MAX_VOICES }
    }

    fn person(&self, slot: usize) -> Option<&Person> {
        self.people.get(slot)?.as_deref()
    }

    /// A client's datagram of a kind that is the voices'.
    pub fn receive(&mut self, from: ConnectionId, datagram: &Bytes, now: ServerTime) {
        let Some(&slot) = self.by_connection.get(&from) else {
            self.counts.frames_refused += 1;
            return;
        };
        let read = match DatagramKind::of(datagram) {
            Some(DatagramKind::VoiceFrame) => {
                VoiceFrame::decode(datagram).map(|frame| self.hear(slot, &frame, now))
            }
            Some(DatagramKind::VoiceReport) => {
                VoiceReport::decode(datagram).map(|report| self.hear_report(slot, &report, now))
            }
            _ => return,
        };
        if let Err(error) = read
            && self.malformed.len() < MOST_MALFORMED
        {
            self.malformed.push((from, error));
        }
    }

    /// One frame of a speaker.
    fn hear(&mut self, slot: usize, frame: &VoiceFrame, now: ServerTime) {
        let Some(mut speaker) = self.people[slot].take() else { return };
        let is_allowed = match frame.way {
            // Oneself may be heard by oneself with the microphone closed: that is how one tries it.
            VoiceWay::Back => true,
            VoiceWay::Around => speaker.at.is_open && speaker.at.talk.is_none(),
            VoiceWay::Private => speaker.at.is_open && speaker.at.talk.is_some(),
            VoiceWay::Stage => false,
        };
        let began = !speaker.speech.speaks(now);
        if !is_allowed || !speaker.speech.take(frame.sequence, frame.level, now) {
            self.counts.frames_refused += 1;
            self.people[slot] = Some(speaker);
            return;
        }
        self.counts.frames_in += 1;
        if frame.way == VoiceWay::Back {
            let (who, sequence) = (speaker.at.who, frame.sequence);
            let heard = HeardFrame { speaker: who, way: VoiceWay::Back, sequence, voice: &frame.voice };
            self.queue(slot, &mut speaker, heard, now);
            self.people[slot] = Some(speaker);
            return;
        }
        if began {
            self.begin(slot, &mut speaker);
        }
        self.forward(&speaker, frame, now);
        self.people[slot] = Some(speaker);
    }

    /// Somebody begins to speak: who stands near is to hear the first word.
    fn begin(&mut self, slot: usize, speaker: &mut Person) {
        let limit = self.limit();
        // Members of a talk may be in any room; of others only those who are in the room, or see it through a door.
        for listener_slot in 0..self.people.len() {
            let Some(listener) = self.people[listener_slot].as_mut() else { continue };
            let Some(loudness) = loudness(speaker, &listener.at) else { continue };
            let Offer::Taken(instead_of) = listener.hearing.offer(slot, loudness, limit) else { continue };
            if !speaker.heard_by.contains(&listener_slot) {
                speaker.heard_by.push(listener_slot);
            }
            if let Some(other) = instead_of.and_then(|other| self.people[other].as_mut()) {
                other.heard_by.retain(|heard_by| *heard_by != listener_slot);
            }
        }
    }

    /// A frame to everybody who hears the speaker, if they may.
    fn forward(&mut self, speaker: &Person, frame: &VoiceFrame, now: ServerTime) {
        for &slot in &speaker.heard_by {
            let Some(mut listener) = self.people[slot].take() else { continue };
            if let Some(near) = nearness(&speaker.at, &listener.at) {
                let way = match near {
                    Nearness::Talk => VoiceWay::Private,
                    Nearness::Stage => VoiceWay::Stage,
                    Nearness::Metres(_) => VoiceWay::Around,
                };
                let (speaker, sequence) = (speaker.at.who, frame.sequence);
                let heard = HeardFrame { speaker, way, sequence, voice: &frame.voice };
                self.queue(slot, &mut listener, heard, now);
            }
            self.people[slot] = Some(listener);
        }
    }

    /// Puts a frame to others that wait for the same listener.
    fn queue(&mut self, slot: usize, listener: &mut Person, frame: HeardFrame<'_>, now: ServerTime) {
        let pending = &mut listener.pending;
        if pending.is_empty() {
            self.waiting.push(slot);
        } else if pending.len() + frame.bytes() > MAX_DATAGRAM_BYTES {
            self.ready.push((listener.at.connection, pending.split().freeze()));
            self.counts.datagrams_out += 1;
        }
        if pending.capacity() < MAX_DATAGRAM_BYTES {
            pending.reserve(PENDING_BYTES);
        }
        frame.append(pending);
        self.counts.frames_out += 1;
        self.flush_by(ServerTime((now.0 / FLUSH_MICROS + 1) * FLUSH_MICROS));
    }

    fn flush_by(&mut self, at: ServerTime) {
        self.flush_at = Some(self.flush_at.map_or(at, |known| known.min(at)));
    }

    /// What has waited long enough.
    pub fn flush(&mut self, now: ServerTime, out: &mut Vec<(ConnectionId, Bytes)>) {
        if self.flush_at.is_none_or(|at| at > now) {
            return;
        }
        self.flush_at = None;
        out.append(&mut self.ready);
        for slot in self.waiting.drain(..) {
            let Some(person) = self.people[slot].as_mut() else { continue };
            if !person.pending.is_empty() {
                out.push((person.at.connection, person.pending.split().freeze()));
                self.counts.datagrams_out += 1;
            }
        }
    }

    fn hear_report(&mut self, slot: usize, report: &VoiceReport, now: ServerTime) {
        let Some(mut listener) = self.people[slot].take() else { return };
        if listener.speech.may_report(now) && !report.lost.is_empty() {
            for (speaker, lost) in &report.lost {
                let speaker = self.by_who.get(speaker).and_then(|slot| self.people[*slot].as_mut());
                // A report of a voice that was not sent is none.
                if let Some(speaker) = speaker.filter(|speaker| speaker.heard_by.contains(&slot)) {
                    speaker.speech.hear_of_loss(*lost);
                }
            }
            let sum: usize = report.lost.iter().map(|(_, lost)| usize::from(*lost)).sum();
            listener.hearing.adapt((sum / report.lost.len()) as u8);
        }
        self.people[slot] = Some(listener);
    }

    /// Tells people who hears them, when that changed, and now and then.
    fn tell_status(&mut self, now: ServerTime) {
        let crowds: HashMap<Room, Crowd> = self
            .rooms
            .iter()
            .map(|(room, slots)| (*room, Crowd::of(slots.iter().filter_map(|slot| self.person(*slot)))))
            .collect();
        for slot in 0..self.people.len() {
            let Some(person) = self.person(slot) else { continue };
            let since = person.told_at.map_or(u64::MAX, |at| now.micros_since(at));
            if since < STATUS_PAUSE_MICROS {
                continue;
            }
            let status = self.status_of(person, &crowds);
            if status == person.told && since < STATUS_MICROS {
                continue;
            }
            if let Some(person) = self.people[slot].as_mut() {
                (person.told, person.told_at) = (status, Some(now));
                self.ready.push((person.at.connection, status.encode()));
            }
            self.flush_by(now);
        }
    }

    fn status_of(&self, person: &Person, crowds: &HashMap<Room, Crowd>) -> VoiceStatus {
        let Attendee { earshot, zone, talk, .. } = person.at;
        let here = crowds.get(&person.at.room);
        let in_zone = || here.and_then(|crowd| crowd.zones.get(&zone?)).copied().unwrap_or_default();
        // Oneself is among those who were counted.
        let hearers = match (talk, earshot) {
            (Some(_), _) => {
                let others = self.people.iter().flatten().filter(|other| other.at.talk == talk);
                others.count().saturating_sub(1)
            }
            (None, Earshot::Room) => {
                let inside = here.map_or(0, |crowd| crowd.all - crowd.in_booths).saturating_sub(1);
                inside + self.behind_doors(person)
            }
            (None, Earshot::Stage) => {
                here.map_or(0, |crowd| crowd.all).saturating_sub(1) + self.behind_doors(person)
            }
            (None, Earshot::Table | Earshot::Booth) => in_zone().saturating_sub(1),
            (None, Earshot::Quiet | Earshot::Private) => 0,
        };
        let earshot = if talk.is_some() { Earshot::Private } else { earshot };
        VoiceStatus {
            earshot,
            zone,
            hearers: hearers.saturating_sub(person.at.hidden.len()).min(usize::from(u16::MAX)) as u16,
            lost: person.speech.lost(),
            is_narrow: person.speech.lost_here() > NARROW,
        }
    }

    /// How many in other rooms hear the person through a door.
    fn behind_doors(&self, person: &Person) -> usize {
        let others = self.people.iter().flatten().filter(|other| !other.at.doors.is_empty());
        let elsewhere = others.filter(|other| other.at.room.space != person.at.room.space);
        elsewhere.filter(|other| nearness(&person.at, &other.at).is_some()).count()
    }
}

/// How many listen in one room.
#[derive(Debug, Default)]
struct Crowd {
    all: usize,
    in_booths: usize,
    zones: HashMap<ZoneId, usize>,
}

impl Crowd {
    fn of<'a>(people: impl Iterator<Item = &'a Person>) -> Self {
        let mut crowd = Self::default();
        for person in people {
            crowd.all += 1;
            crowd.in_booths += usize::from(person.at.earshot == Earshot::Booth);
            if let Some(zone) = person.at.zone {
                *crowd.zones.entry(zone).or_default() += 1;
            }
        }
        crowd
    }
}

/// How loud a speaker is for a listener, decibels; none for whom the listener may not hear.
fn loudness(speaker: &Person, listener: &Attendee) -> Option<f32> {
    Some(nearness(&speaker.at, listener)?.decibels() + speaker.speech.level())
}

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
