//! One talk as one device takes part in it: what is asked for, what comes, what goes out, in which order.
//!
//! # The order of changes
//! The server relays what members send to all of them, the sender included, in one order. The first commit of an epoch in that
//! order counts for all; whoever sent another one takes it back and asks again in the next epoch. So a commit is carried out
//! when it comes back, and the welcome that belongs to it is sent then. A message of an epoch that has not begun here is kept until
//! the commits before it have come, within bounds; what belongs to an epoch that is over is late and changes nothing.
//!
//! The server can hold messages back or show different orders to different members. Then they do not hear each other, and say
//! so; it can not make them hear somebody else.

mod entered;
mod inbox;

use crate::MAX_MEMBERS;
use crate::comparison::{Code, Compared, Comparison};
use crate::content::Content;
use crate::error::{TalkError, VoiceError};
use crate::events::{End, Event, Outgoing, TalkStats};
use crate::group::{Candidate, Group, Package};
use crate::identity::{Admission, Device};
use crate::roster::Member;
use crate::voice::{Heard, Voice, VoiceStats};
use crate::wishes::{Wish, Wishes};
use inbox::Inbox;
use std::collections::VecDeque;
use venue_model::text::MessageBody;
use venue_model::{ParticipantId, TalkId, WallTime};
use venue_protocol::{DeviceCertificate, LocalTime};

/// How long a commit may be on its way before it is sent once more, µs.
const RESEND_MICROS: u64 = 5_000_000;

/// How long messages of epochs that are over can still be read, µs.
const PAST_MICROS: u64 = 10_000_000;

/// Messages in a row that can not be decrypted after which this device is out of step: the server has shown it another order
/// than the others.
const MOST_UNREADABLE: u32 = 8;

/// Own texts that have not come back yet.
const MOST_UNDELIVERED: usize = 64;

/// Others' texts that are remembered, so that one that went out anew is not shown twice.
const MOST_SHOWN: usize = 128;

/// The time, by the two clocks that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// For what waits.
    pub local: LocalTime,
    /// For what expires: best the server's, so that all members have the same.
    pub wall: WallTime,
}

/// What a talk must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TalkConfig {
    /// Which talk; a welcome to another is not taken.
    pub talk: TalkId,
    /// Whose certificates count.
    pub admission: Admission,
}

/// Where this device stands.
enum Stage {
    Waiting(Box<Candidate>),
    In(Box<Group>),
    Over,
}

/// An own commit on its way.
struct Pending {
    commit: Vec<u8>,
    welcome: Option<Vec<u8>>,
    invited: Vec<ParticipantId>,
    sent_at: LocalTime,
}

/// An own text on its way.
struct Undelivered {
    message: Vec<u8>,
    reference: u64,
    body: MessageBody,
}

/// One talk, as one device takes part in it.
pub struct Talk {
    config: TalkConfig,
    device: Device,
    stage: Stage,
    wishes: Wishes,
    pending: Option<Pending>,
    undelivered: VecDeque<Undelivered>,
    next_reference: u64,
    /// Texts that were shown: by whom, and the writer's number.
    shown: VecDeque<(Member, u64)>,
    inbox: Inbox,
    voice: Voice,
    comparison: Comparison,
    /// When the newest epoch began, as long as older messages can be read.
    past_since: Option<LocalTime>,
    /// Messages in a row that could not be decrypted.
    unreadable: u32,
    outgoing: VecDeque<Outgoing>,
    events: VecDeque<Event>,
    stats: TalkStats,
}

impl Talk {
    /// Begins a talk with this device alone in it.
    ///
    /// # Errors
    /// The encryption does not start.
    pub fn start(config: TalkConfig, device: Device, now: Now) -> Result<Self, TalkError> {
        let group = Group::start(config.talk, &device)?;
        let mut talk = Self::new(config, device, Stage::In(Box::new(group)));
        talk.events.push_back(Event::Begun);
        talk.enter_epoch(now)?;
        talk.begin_comparison()?;
        Ok(talk)
    }

    /// Says yes to an invitation: [`Talk::poll_outgoing`] has a key package for whoever asked, good for a quarter of an hour
    /// and for one welcome.
    ///
    /// # Errors
    /// The encryption does not start.
    pub fn answer(config: TalkConfig, device: Device, now: Now) -> Result<Self, TalkError> {
        let (candidate, package) = Candidate::new(&device, now.wall)?;
        let mut talk = Self::new(config, device, Stage::Waiting(Box::new(candidate)));
        talk.outgoing.push_back(Outgoing::KeyPackage(package));
        Ok(talk)
    }

    fn new(config: TalkConfig, device: Device, stage: Stage) -> Self {
        Self {
            config,
            device,
            stage,
            wishes: Wishes::default(),
            pending: None,
            undelivered: VecDeque::new(),
            next_reference: 1,
            shown: VecDeque::new(),
            inbox: Inbox::default(),
            voice: Voice::default(),
            comparison: Comparison::default(),
            past_since: None,
            unreadable: 0,
            outgoing: VecDeque::new(),
            events: VecDeque::new(),
            stats: TalkStats::default(),
        }
    }

    /// Lets somebody in who answered with this key package. A person who is in with another device, or was lost, comes in
    /// anew and the old device goes out. Everybody in the talk may invite.
    ///
    /// # Errors
    /// The certificate does not count, the key package is old or used, the talk is full or over.
    pub fn invite(&mut self, key_package: &[u8], now: Now) -> Result<ParticipantId, TalkError> {
        let Stage::In(group) = &self.stage else { return Err(TalkError::NotIn) };
        let package = Package::check(key_package, &self.config.admission, now.wall)?;
        let invited = package.participant;
        if self.wishes.was_used(&package) {
            return Err(TalkError::StalePackage);
        }
        if invited == self.device.participant() {
            return Err(TalkError::NotAllowed("to invite oneself"));
        }
        let roster = group.roster();
        let is_new = |one: &ParticipantId| *one != invited && roster.find(*one).is_none();
        let many = roster.len() + self.wishes.invited().filter(is_new).count();
        if roster.find(invited).is_none() && many >= MAX_MEMBERS {
            return Err(TalkError::Full);
        }
        self.wishes.push(Wish::Add(package))?;
        self.commit_wishes(now);
        Ok(invited)
    }

    /// Comes in by the welcome that answers this device's key package.
    ///
    /// # Errors
    /// It is for another device or talk, or somebody in the talk has no certificate that counts. Another one may come.
    pub fn join(&mut self, welcome: &[u8], now: Now) -> Result<(), TalkError> {
        let Stage::Waiting(candidate) = &self.stage else {
            return Err(TalkError::NotAllowed("to come in twice"));
        };
        let config = &self.config;
        let opened = candidate.open(welcome, config.talk, &self.device, &config.admission, now.wall);
        let mls = opened.inspect_err(|_| self.stats.refused += 1)?;
        let Stage::Waiting(candidate) = std::mem::replace(&mut self.stage, Stage::Over) else {
            return Err(TalkError::NotIn);
        };
        let group = candidate.enter(mls)?;
        let own = self.device.participant();
        self.events.push_back(Event::Begun);
        for (_, member) in group.roster().iter().filter(|(_, member)| member.participant != own) {
            self.events.push_back(Event::Joined { participant: member.participant, by: None });
        }
        self.stage = Stage::In(Box::new(group));
        self.enter_epoch(now)?;
        self.begin_comparison()?;
        self.read_kept(now);
        Ok(())
    }

    /// Takes somebody out.
    ///
    /// # Errors
    /// Nobody of that number is in the talk.
    pub fn put_out(&mut self, participant: ParticipantId, now: Now) -> Result<(), TalkError> {
        let member = self.other(participant)?;
        self.wishes.push(Wish::PutOut(member))?;
        self.commit_wishes(now);
        Ok(())
    }

    /// The server says that somebody is gone: a lost connection that is not kept any more, or an end. Every member calls this;
    /// the device on the lowest leaf takes the other out, the next one after two seconds, and so on.
    ///
    /// # Errors
    /// Nobody of that number is in the talk.
    pub fn gone(&mut self, participant: ParticipantId, now: Now) -> Result<(), TalkError> {
        let member = self.other(participant)?;
        self.wishes.push(Wish::Gone { member, since: now.local })?;
        self.commit_wishes(now);
        Ok(())
    }

    fn other(&self, participant: ParticipantId) -> Result<Member, TalkError> {
        let Stage::In(group) = &self.stage else { return Err(TalkError::NotIn) };
        let found = group.roster().find(participant).filter(|(leaf, _)| *leaf != group.own_leaf());
        found.map(|(_, member)| *member).ok_or(TalkError::NotHere(participant))
    }

    /// Renews the own keys, and the certificate if there is a newer one. A talk that lasts longer than certificates do
    /// needs this before the own one expires: who comes in later refuses a talk with an expired one.
    ///
    /// # Errors
    /// The certificate is of another device; the talk is over.
    pub fn renew(&mut self, certificate: Option<DeviceCertificate>, now: Now) -> Result<(), TalkError> {
        let Stage::In(_) = &self.stage else { return Err(TalkError::NotIn) };
        if let Some(certificate) = certificate {
            self.device.renew(certificate)?;
        }
        self.wishes.push(Wish::Renew)?;
        self.commit_wishes(now);
        Ok(())
    }

    /// Leaves: says so, and erases the keys. Those who stay take this device out.
    ///
    /// # Errors
    /// The talk is over already.
    pub fn leave(&mut self) -> Result<(), TalkError> {
        if let Stage::In(_) = &self.stage {
            self.say(&Content::Leaving)?;
        }
        self.end(End::Left)
    }

    /// Sends a text; returns the number under which [`Event::Delivered`] will name it.
    ///
    /// # Errors
    /// It is empty, the talk is over, or too many are on their way.
    pub fn send_text(&mut self, body: MessageBody) -> Result<u64, TalkError> {
        if body.is_empty() {
            return Err(TalkError::BadText);
        }
        if self.undelivered.len() >= MOST_UNDELIVERED {
            return Err(TalkError::Busy);
        }
        let reference = self.next_reference;
        let message = self.say(&Content::Text { reference, body: body.clone() })?;
        self.next_reference += 1;
        self.undelivered.push_back(Undelivered { message, reference, body });
        Ok(reference)
    }

    /// Encrypts a packet of the voice codec. Frame numbers grow.
    ///
    /// # Errors
    /// See [`VoiceError`].
    pub fn seal_voice(&mut self, frame: u64, opus: &[u8]) -> Result<Vec<u8>, VoiceError> {
        self.voice.seal(frame, opus)
    }

    /// Decrypts a voice packet of which the server says that `claimed` sent it.
    ///
    /// # Errors
    /// See [`VoiceError`]; each is counted.
    pub fn open_voice(
        &mut self,
        claimed: ParticipantId,
        packet: &[u8],
        now: LocalTime,
    ) -> Result<Heard, VoiceError> {
        self.voice.open(claimed, packet, now)
    }

    /// The code that people read to each other, once all devices have taken part.
    pub fn code(&self) -> Option<Code> {
        self.comparison.code()
    }

    /// This person has compared the code with another and they are the same.
    ///
    /// # Errors
    /// There is no code yet, or the other is not in the talk.
    pub fn confirm(&mut self, with: ParticipantId) -> Result<(), TalkError> {
        self.other(with)?;
        let content = self.comparison.confirm(with).ok_or(TalkError::NoCode)?;
        self.say(&content)?;
        self.events.push_back(Event::Compared { with, state: self.comparison.compared(with) });
        Ok(())
    }

    /// How far this person and another have come with comparing.
    pub fn compared(&self, with: ParticipantId) -> Compared {
        self.comparison.compared(with)
    }

    /// Everybody in the talk, this device too.
    pub fn members(&self) -> Vec<Member> {
        let Stage::In(group) = &self.stage else { return Vec::new() };
        group.roster().iter().map(|(_, member)| *member).collect()
    }

    /// The epoch, while the device is in.
    pub fn epoch(&self) -> Option<u64> {
        let Stage::In(group) = &self.stage else { return None };
        Some(group.epoch())
    }

    /// Counts of messages.
    pub fn stats(&self) -> TalkStats {
        self.stats
    }

    /// Counts of voice packets.
    pub fn voice_stats(&self) -> VoiceStats {
        self.voice.stats
    }

    /// The next bytes to be sent.
    pub fn poll_outgoing(&mut self) -> Option<Outgoing> {
        self.outgoing.pop_front()
    }

    /// The next thing that a person must know.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When [`Talk::handle_timeout`] must be called next.
    pub fn poll_timeout(&self) -> Option<LocalTime> {
        let Stage::In(group) = &self.stage else { return None };
        let resend = self.pending.as_ref().map(|pending| LocalTime(pending.sent_at.0 + RESEND_MICROS));
        let wish = match &self.pending {
            Some(_) => None,
            None => self.wishes.poll_timeout(group.roster(), group.own_leaf()),
        };
        let past = self.past_since.map(|since| LocalTime(since.0 + PAST_MICROS));
        [resend, wish, past, self.voice.poll_timeout(), self.inbox.poll_timeout()].into_iter().flatten().min()
    }

    /// Does what is due: erases old keys, sends again, takes out who is gone, gives up waiting for what does not come.
    pub fn handle_timeout(&mut self, now: Now) {
        self.voice.handle_timeout(now.local);
        if self.past_since.is_some_and(|since| since.0 + PAST_MICROS <= now.local.0) {
            self.past_since = None;
            if let Stage::In(group) = &mut self.stage
                && let Err(error) = group.forget_past()
            {
                self.events.push_back(Event::Failed(error));
            }
        }
        if let Some(pending) = &mut self.pending
            && pending.sent_at.0 + RESEND_MICROS <= now.local.0
        {
            pending.sent_at = now.local;
            self.outgoing.push_back(Outgoing::ToAll(pending.commit.clone()));
        }
        if self.inbox.poll_timeout().is_some_and(|due| due <= now.local) {
            self.end(End::OutOfStep).ok();
            return;
        }
        self.commit_wishes(now);
    }

    /// Ends the talk for this device and erases its keys.
    fn end(&mut self, end: End) -> Result<(), TalkError> {
        if let Stage::Over = std::mem::replace(&mut self.stage, Stage::Over) {
            return Err(TalkError::NotIn);
        }
        self.voice.end();
        self.comparison = Comparison::default();
        self.wishes = Wishes::default();
        self.pending = None;
        self.undelivered.clear();
        self.shown.clear();
        self.inbox = Inbox::default();
        self.past_since = None;
        self.unreadable = 0;
        self.events.push_back(Event::Ended(end));
        Ok(())
    }

    /// Encrypts and sends something that is said; returns the bytes.
    fn say(&mut self, content: &Content) -> Result<Vec<u8>, TalkError> {
        let Stage::In(group) = &mut self.stage else { return Err(TalkError::NotIn) };
        let message = group.say(&self.device, &content.encode())?;
        self.outgoing.push_back(Outgoing::ToAll(message.clone()));
        Ok(message)
    }
}
