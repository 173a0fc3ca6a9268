//! Private talks, as the client lives them: what the person wants, what the server tells, and what follows for the
//! microphone and the line.
//!
//! It must not know keys or ciphertext; [`private_talk::Talks`] does. It must not know panels.

use super::client::{ClientCore, CoreEvent};
use super::connect::Connector;
use super::happening::Happening;
use super::microphone::Shut;
use crate::panels::model::Notice;
use crate::panels::talk_model::{PlaceState, TalkNotice};
use private_talk::{TalkNews, Talks};
use std::collections::BTreeMap;
use venue_model::text::MessageBody;
use venue_model::{ParticipantId, TalkId, Zone, ZoneId};
use venue_protocol::session::{ClientRequest, ServerUpdate};
use venue_protocol::{KeepZone, LocalTime, TalkAnswer, ZoneKept};

/// Who is farther from everybody else of the talk has walked off, metres.
const TALKING_METRES: f32 = 7.0;

/// For so long, µs: a step aside ends nothing.
const WALKED_OFF_MICROS: u64 = 4_000_000;

/// Who stands before a place that is kept is told so once in this time, µs.
const STOPPED_MICROS: u64 = 10_000_000;

/// What the person does about private talks.
#[derive(Clone, Debug, PartialEq)]
pub enum TalkCommand {
    /// Asks somebody to talk, or into the talk that the person is in.
    Ask(ParticipantId),
    /// Answers somebody who asks.
    Answer {
        /// Who asks.
        by: ParticipantId,
        /// What.
        answer: TalkAnswer,
    },
    /// Says something in writing.
    Say(MessageBody),
    /// The person and another have read the code to each other, and it is the same.
    Confirm(ParticipantId),
    /// Keeps the table or booth where the person is for the talk, or gives it back.
    Keep {
        /// Which.
        zone: ZoneId,
        /// Whether it is to be kept.
        is_kept: bool,
    },
    /// Leaves.
    Leave,
}

/// The private talks of this device, and what was known of them last.
pub(super) struct Talking {
    talks: Talks,
    /// The talk at the end of the last step.
    was_in: Option<TalkId>,
    /// Whom the person asked and who has not answered.
    awaited: Vec<ParticipantId>,
    /// Walking off does not end a talk.
    goes_along: bool,
    /// Somebody of the talk was near.
    was_near: bool,
    /// Since when nobody of the talk is near.
    alone_since: Option<LocalTime>,
    /// Tables and booths that are kept for talks, and whether the person may go there.
    kept: BTreeMap<ZoneId, bool>,
    /// When the person was last told of a place that is kept for others.
    stopped_at: Option<LocalTime>,
}

impl Talking {
    /// For the device with this secret.
    pub(super) fn new(secret: [u8; 32]) -> Self {
        Self {
            talks: Talks::new(secret),
            was_in: None,
            awaited: Vec::new(),
            goes_along: false,
            was_near: false,
            alone_since: None,
            kept: BTreeMap::new(),
            stopped_at: None,
        }
    }
}

impl<C: Connector> ClientCore<C> {
    /// The private talks of this device.
    pub fn talks(&self) -> &Talks {
        &self.talking.talks
    }

    /// Whom the person asked to talk and who has not answered.
    pub fn awaited_talkers(&self) -> &[ParticipantId] {
        &self.talking.awaited
    }

    /// Whether the person is in a private talk, or is coming into one.
    pub fn is_in_talk(&self) -> bool {
        self.talking.talks.current().is_some()
    }

    /// Whether a talk goes along with who walks off, instead of ending.
    pub fn set_talk_goes_along(&mut self, goes_along: bool) {
        self.talking.goes_along = goes_along;
    }

    /// Tables and booths that are kept for talks, and whether the person may go there.
    pub fn kept_places(&self) -> impl Iterator<Item = (&Zone, bool)> {
        let zones = self.venue.manifest().map_or(&[][..], |manifest| &manifest.zones);
        let find = move |id: ZoneId| zones.iter().find(move |zone| zone.id == id);
        self.talking.kept.iter().filter_map(move |(id, is_ours)| Some((find(*id)?, *is_ours)))
    }

    /// The table or booth where the person is, and for whom it is; none outside of a talk.
    pub fn talk_place(&self) -> Option<(ZoneId, PlaceState)> {
        let space = self.space().filter(|_| self.talking.talks.shared().is_some())?;
        let root = self.body.pose().root;
        let zones = self.venue.manifest()?.zones.iter().filter(|zone| zone.space == space);
        let zone = zones.filter(|zone| zone.is_for_talks() && zone.bounds.contains_person(root)).min_by(
            |one, other| {
                let size = |zone: &Zone| (zone.bounds.max - zone.bounds.min).element_product();
                size(one).total_cmp(&size(other))
            },
        )?;
        let state = match self.talking.kept.get(&zone.id) {
            None => PlaceState::Free,
            Some(true) => PlaceState::Ours,
            Some(false) => PlaceState::Others,
        };
        Some((zone.id, state))
    }

    fn take_kept(&mut self, message: &ZoneKept) {
        match message.is_kept {
            true => self.talking.kept.insert(message.zone, message.is_for_you),
            false => self.talking.kept.remove(&message.zone),
        };
        self.mind_kept();
    }

    /// The body stops at the edge of what is kept for others.
    pub(super) fn mind_kept(&mut self) {
        let shut = self.kept_places().filter(|(_, is_ours)| !is_ours).map(|(zone, _)| zone.bounds).collect();
        self.body.set_shut(shut);
    }

    pub(super) fn talk(&mut self, command: &TalkCommand) {
        let (Some(own), now) = (self.own_id(), self.now) else { return };
        let Talking { talks, awaited, .. } = &mut self.talking;
        match command {
            TalkCommand::Ask(who) => {
                if !awaited.contains(who) {
                    awaited.push(*who);
                    talks.ask(*who);
                }
            }
            TalkCommand::Answer { by, answer } => talks.answer(*by, *answer),
            TalkCommand::Say(body) => {
                talks.say(own, body);
            }
            TalkCommand::Confirm(with) => talks.confirm(*with, now),
            TalkCommand::Keep { zone, is_kept } => {
                let (zone, is_kept) = (*zone, *is_kept);
                self.ask(ClientRequest::KeepZone(KeepZone { zone, is_kept }));
            }
            TalkCommand::Leave => talks.leave(),
        }
        self.changed();
    }

    /// Takes what the server says about talks; gives back what is about something else.
    pub(super) fn take_talk(&mut self, update: ServerUpdate) -> Option<ServerUpdate> {
        let (Some(own), now) = (self.own_id(), self.now) else { return Some(update) };
        let talks = &mut self.talking.talks;
        match update {
            ServerUpdate::DeviceCertified(message) => talks.handle_certified(message, now),
            ServerUpdate::TalkAsked(message) => talks.handle_asked(&message),
            ServerUpdate::TalkAskEnded(message) => {
                self.talking.awaited.retain(|who| *who != message.participant);
                talks.handle_ask_ended(own, &message);
            }
            ServerUpdate::TalkChanged(message) => {
                let members = message.members.as_slice();
                self.talking.awaited.retain(|who| !members.contains(who));
                talks.handle_changed(own, &message, now);
                // The microphone closes for what the person is told, not for what the server does next.
                self.follow_talk();
            }
            ServerUpdate::TalkPosted(message) => talks.handle_posted(own, &message, now),
            ServerUpdate::ZoneKept(message) => self.take_kept(&message),
            ServerUpdate::ZoneRefused(message) => {
                self.emit(CoreEvent::Notice(Notice::Talk(TalkNotice::NotKept(message.why))));
            }
            ServerUpdate::InTalk(message) => self.people.set_in_talk(message.participant, message.is_in),
            other => return Some(other),
        }
        None
    }

    /// What talks want done, sent and told.
    pub(super) fn tend_talks(&mut self) {
        let now = self.now;
        if self.talking.talks.poll_timeout().is_some_and(|due| due <= now) {
            self.talking.talks.handle_timeout(now);
        }
        self.end_walked_off();
        self.tell_stop();
        self.follow_talk();
        while let Some(request) = self.talking.talks.poll_request() {
            self.ask(request);
        }
        while let Some(news) = self.talking.talks.poll_news() {
            self.tell_talk(news);
        }
        self.give_keys();
    }

    /// Who comes to the edge of a place that is kept for others is told, and not all the time.
    fn tell_stop(&mut self) {
        let is_told = |since: LocalTime| self.now.micros_since(since) < STOPPED_MICROS;
        if self.body.take_stop() && !self.talking.stopped_at.is_some_and(is_told) {
            self.talking.stopped_at = Some(self.now);
            self.emit(CoreEvent::Notice(Notice::Talk(TalkNotice::KeptOut)));
        }
    }

    /// The connection is gone, and with it the talk.
    pub(super) fn lose_talk(&mut self) {
        self.talking.kept.clear();
        self.mind_kept();
        self.talking.talks.handle_lost();
        self.talking.awaited.clear();
        self.follow_talk();
        while let Some(news) = self.talking.talks.poll_news() {
            self.tell_talk(news);
        }
        self.give_keys();
    }

    /// A talk that begins or ends closes the microphone: nobody is heard by others than they know.
    fn follow_talk(&mut self) {
        let current = self.talking.talks.current();
        let before = std::mem::replace(&mut self.talking.was_in, current);
        if before == current {
            return;
        }
        self.talking.was_near = false;
        self.talking.alone_since = None;
        self.shut_microphone(if current.is_some() { Shut::TalkBegan } else { Shut::TalkEnded });
    }

    /// Who walks off leaves, unless the person wants to take the talk along.
    fn end_walked_off(&mut self) {
        if self.talking.goes_along || self.talking.talks.shared().is_none() {
            self.talking.alone_since = None;
            return;
        }
        let own = self.body.pose().root;
        let members = self.talking.talks.members();
        let is_near = self
            .replica
            .bodies()
            .iter()
            .any(|(id, pose)| members.contains(id) && pose.root.distance(own) <= TALKING_METRES);
        if is_near {
            (self.talking.was_near, self.talking.alone_since) = (true, None);
            return;
        }
        // Two who never stood together talk over the distance.
        if !self.talking.was_near {
            return;
        }
        let since = *self.talking.alone_since.get_or_insert(self.now);
        if self.now.micros_since(since) >= WALKED_OFF_MICROS {
            self.talking.talks.leave();
            self.changed();
        }
    }

    fn tell_talk(&mut self, news: TalkNews) {
        self.changed();
        let name = |core: &Self, who: ParticipantId| {
            core.people.get(who).map(|entry| entry.participant.name.to_string()).unwrap_or_default()
        };
        let own = self.own_id();
        let notice = match news {
            TalkNews::Asked { by } => {
                if self.safety.hides(by) {
                    return;
                }
                return self.emit(CoreEvent::Happened(Happening::TalkAsked));
            }
            TalkNews::Text(from) if Some(from) != own => {
                return self.emit(CoreEvent::Happened(Happening::TalkText));
            }
            // The page shows these.
            TalkNews::NotAskedAnyMore { .. }
            | TalkNews::Text(_)
            | TalkNews::Code(_)
            | TalkNews::Compared(..) => return,
            TalkNews::NoTalk { with, outcome } => TalkNotice::None { name: name(self, with), outcome },
            TalkNews::Begun => TalkNotice::Begun,
            TalkNews::Joined(who) => TalkNotice::Joined { name: name(self, who) },
            TalkNews::Left(who) => TalkNotice::Left { name: name(self, who) },
            TalkNews::Failed(error) => {
                tracing::warn!(%error, "a private talk");
                TalkNotice::Failed
            }
            TalkNews::Ended(end) => TalkNotice::Ended(end),
        };
        self.emit(CoreEvent::Notice(Notice::Talk(notice)));
    }

    /// Who holds the keys now decides where the line's words go.
    fn give_keys(&mut self) {
        let talks = &self.talking.talks;
        let own = self.own_id();
        let shared = talks.shared();
        let others = talks.members().into_iter().filter(|member| Some(*member) != own).collect();
        self.set_line_talk(shared.map(|talk| (talk, others)));
    }
}
