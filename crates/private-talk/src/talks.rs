//! The private talks of one device, as the server tells of them: who asks, who is in, and what goes to whom.
//!
//! The server's word decides to whom is carried; who can read is decided by the keys, and who is shown as a member is who
//! holds them. This file must not know connections, panels or samples.

use crate::comparison::{Code, Compared};
use crate::error::TalkError;
use crate::events::{End, Event, Outgoing};
use crate::identity::{Admission, Device};
use crate::parcel::Parcel;
use crate::talk::{Now, Talk, TalkConfig};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use venue_model::text::MessageBody;
use venue_model::{ParticipantId, TalkId, WallTime};
use venue_protocol::session::ClientRequest;
use venue_protocol::{
    AnswerTalk, AskToTalk, DeviceCertified, LeaveTalk, LocalTime, PostToTalk, TalkAnswer, TalkAskEnded,
    TalkAskOutcome, TalkAsked, TalkBytes, TalkChanged, TalkPosted,
};

/// Texts of a talk that are kept.
const MAX_TEXTS: usize = 200;

/// TalkNews that nobody fetches are few.
const MAX_NEWS: usize = 256;

/// A talk as the threads of the voice share it.
pub type SharedTalk = Arc<Mutex<Talk>>;

/// What a person must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TalkNews {
    /// Somebody asks this person to talk.
    Asked {
        /// Who.
        by: ParticipantId,
    },
    /// Somebody does not ask any more.
    NotAskedAnyMore {
        /// Who.
        by: ParticipantId,
    },
    /// What this person asked for ended without a talk.
    NoTalk {
        /// Who was asked.
        with: ParticipantId,
        /// How it ended.
        outcome: TalkAskOutcome,
    },
    /// This device can read and hear the others now.
    Begun,
    /// Somebody can read and hear from now on.
    Joined(ParticipantId),
    /// Somebody can not any more.
    Left(ParticipantId),
    /// A text came.
    Text(ParticipantId),
    /// There is a code to compare, or there is none any more.
    Code(Option<Code>),
    /// Comparing with somebody went on.
    Compared(ParticipantId, Compared),
    /// Something did not work.
    Failed(TalkError),
    /// The talk is over for this person.
    Ended(End),
}

/// A text of the talk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TalkText {
    /// By whom; oneself too.
    pub from: ParticipantId,
    /// The words.
    pub body: MessageBody,
    /// Whether it has its place, so that who is in can read it.
    pub is_delivered: bool,
    reference: Option<u64>,
}

/// Somebody who asks this person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TalkRequest {
    /// Which talk.
    pub talk: TalkId,
    /// Who asks.
    pub by: ParticipantId,
}

/// The talk that this device is in, or is coming into.
struct Current {
    id: TalkId,
    talk: SharedTalk,
    /// The server's word.
    members: Vec<ParticipantId>,
    asked: Vec<ParticipantId>,
    /// To whom this device's key package went, as long as no welcome has come.
    waits_for: Option<ParticipantId>,
    texts: VecDeque<TalkText>,
}

/// What this device proves itself with.
struct Standing {
    certified: DeviceCertified,
    at: LocalTime,
}

/// The private talks of one device.
pub struct Talks {
    secret: [u8; 32],
    standing: Option<Standing>,
    requests: Vec<TalkRequest>,
    /// The request that was answered with yes last: whoever asked lets this device in.
    accepted: Option<TalkRequest>,
    current: Option<Current>,
    outgoing: VecDeque<ClientRequest>,
    news: VecDeque<TalkNews>,
}

impl Talks {
    /// For the device with this Ed25519 secret, the one that proved itself at the door.
    pub fn new(secret: [u8; 32]) -> Self {
        Self {
            secret,
            standing: None,
            requests: Vec::new(),
            accepted: None,
            current: None,
            outgoing: VecDeque::new(),
            news: VecDeque::new(),
        }
    }

    /// The server states which device this is; a talk that goes on gets the newer certificate.
    pub fn handle_certified(&mut self, certified: DeviceCertified, now: LocalTime) {
        let certificate = certified.certificate.clone();
        self.standing = Some(Standing { certified, at: now });
        self.with_talk(now, |talk, now| match talk.renew(Some(certificate), now) {
            // Who is not in yet comes in with the certificate that it sent.
            Err(TalkError::NotIn) => Ok(()),
            result => result,
        });
    }

    /// Somebody asks.
    pub fn handle_asked(&mut self, asked: &TalkAsked) {
        let request = TalkRequest { talk: asked.talk, by: asked.by };
        if !self.requests.contains(&request) {
            self.requests.push(request);
            self.tell(TalkNews::Asked { by: asked.by });
        }
    }

    /// A request is over.
    pub fn handle_ask_ended(&mut self, own: ParticipantId, ended: &TalkAskEnded) {
        if ended.participant != own {
            return self.tell(TalkNews::NoTalk { with: ended.participant, outcome: ended.outcome });
        }
        let (over, open): (Vec<TalkRequest>, _) =
            self.requests.drain(..).partition(|request| request.talk == ended.talk);
        self.requests = open;
        over.iter().for_each(|request| self.tell(TalkNews::NotAskedAnyMore { by: request.by }));
    }

    /// Who is in, and who is asked.
    pub fn handle_changed(&mut self, own: ParticipantId, changed: &TalkChanged, now: LocalTime) {
        let members = changed.members.as_slice();
        let is_in = members.contains(&own);
        match &mut self.current {
            Some(current) if current.id == changed.talk && is_in => {
                let before = std::mem::replace(&mut current.members, members.to_vec());
                current.asked = changed.asked.as_slice().to_vec();
                let gone = before.into_iter().filter(|member| !members.contains(member));
                self.let_go(&gone.collect::<Vec<_>>(), now);
                self.ask_another(own, now);
            }
            Some(current) if current.id == changed.talk => self.end(End::Left),
            _ if is_in => self.come_in(own, changed, now),
            _ => {}
        }
    }

    /// A member's device said something.
    pub fn handle_posted(&mut self, own: ParticipantId, posted: &TalkPosted, now: LocalTime) {
        let Some(current) = self.current.as_ref().filter(|current| current.id == posted.talk) else { return };
        let rank = |who| current.members.iter().position(|member| *member == who);
        let waits = current.waits_for.is_some();
        let is_before = rank(own) < rank(posted.from);
        match Parcel::of(posted.bytes.as_slice()) {
            Some(Parcel::KeyPackage(package)) if posted.is_for_you => {
                if waits && is_before {
                    // Neither is in: whoever came first begins.
                    self.begin(now);
                }
                if !waits || is_before {
                    self.with_talk(now, |talk, now| talk.invite(package, now).map(|_| ()));
                }
            }
            Some(Parcel::Welcome(welcome)) if posted.is_for_you => {
                self.with_talk(now, |talk, now| talk.join(welcome, now));
            }
            Some(Parcel::Message(message)) if !posted.is_for_you => {
                self.with_talk(now, |talk, now| match talk.handle_message(message, now) {
                    Err(TalkError::Late { .. } | TalkError::Repeated | TalkError::NotIn) => Ok(()),
                    result => result,
                });
            }
            _ => {}
        }
    }

    /// The connection is lost: so is the talk.
    pub fn handle_lost(&mut self) {
        self.requests.clear();
        self.accepted = None;
        self.outgoing.clear();
        self.standing = None;
        if self.current.is_some() {
            self.end(End::OutOfStep);
            // The server knows.
            self.outgoing.clear();
        }
    }

    /// Asks somebody to talk, or into the talk that this device is in.
    pub fn ask(&mut self, participant: ParticipantId) {
        self.outgoing.push_back(ClientRequest::AskToTalk(AskToTalk { participant }));
    }

    /// Answers who asks.
    pub fn answer(&mut self, by: ParticipantId, answer: TalkAnswer) {
        let Some(at) = self.requests.iter().position(|request| request.by == by) else { return };
        let request = self.requests.remove(at);
        let talk = request.talk;
        if answer == TalkAnswer::Accept {
            self.accepted = Some(request);
        }
        self.outgoing.push_back(ClientRequest::AnswerTalk(AnswerTalk { talk, answer }));
    }

    /// Leaves.
    pub fn leave(&mut self) {
        if self.current.is_some() {
            self.end(End::Left);
        }
    }

    /// Says something in writing; false when there is no talk that could carry it.
    pub fn say(&mut self, own: ParticipantId, body: &MessageBody) -> bool {
        let Some(current) = &mut self.current else { return false };
        let sent = lock(&current.talk).send_text(body.clone());
        match sent {
            Ok(reference) => {
                let reference = Some(reference);
                current.keep(TalkText { from: own, body: body.clone(), is_delivered: false, reference });
                self.flush();
                true
            }
            Err(error) => {
                self.tell(TalkNews::Failed(error));
                false
            }
        }
    }

    /// This person and another have read the code to each other, and it is the same.
    pub fn confirm(&mut self, with: ParticipantId, now: LocalTime) {
        self.with_talk(now, |talk, _| talk.confirm(with));
    }

    /// Who asks this person, oldest first.
    pub fn requests(&self) -> &[TalkRequest] {
        &self.requests
    }

    /// The talk that this device is in, or is coming into.
    pub fn current(&self) -> Option<TalkId> {
        self.current.as_ref().map(|current| current.id)
    }

    /// The talk for the threads of the voice; none before this device is in.
    pub fn shared(&self) -> Option<SharedTalk> {
        let current = self.current.as_ref().filter(|current| current.waits_for.is_none())?;
        Some(Arc::clone(&current.talk))
    }

    /// Who can read and hear, this device's person too: who holds the keys, whatever the server says.
    pub fn members(&self) -> Vec<ParticipantId> {
        let members = self.current.as_ref().map(|current| lock(&current.talk).members()).unwrap_or_default();
        members.into_iter().map(|member| member.participant).collect()
    }

    /// Who is asked into the talk.
    pub fn asked(&self) -> &[ParticipantId] {
        self.current.as_ref().map_or(&[], |current| &current.asked)
    }

    /// What was written, oldest first.
    pub fn texts(&self) -> impl Iterator<Item = &TalkText> {
        self.current.iter().flat_map(|current| &current.texts)
    }

    /// The code to compare.
    pub fn code(&self) -> Option<Code> {
        self.current.as_ref().and_then(|current| lock(&current.talk).code())
    }

    /// How far this person and another have come with comparing.
    pub fn compared(&self, with: ParticipantId) -> Compared {
        self.current.as_ref().map(|current| lock(&current.talk).compared(with)).unwrap_or_default()
    }

    /// The next request for the server.
    pub fn poll_request(&mut self) -> Option<ClientRequest> {
        self.outgoing.pop_front()
    }

    /// The next thing that the person must be told.
    pub fn poll_news(&mut self) -> Option<TalkNews> {
        self.news.pop_front()
    }

    /// When [`Talks::handle_timeout`] must be called next.
    pub fn poll_timeout(&self) -> Option<LocalTime> {
        self.current.as_ref().and_then(|current| lock(&current.talk).poll_timeout())
    }

    /// Does what is due.
    pub fn handle_timeout(&mut self, now: LocalTime) {
        self.with_talk(now, |talk, now| {
            talk.handle_timeout(now);
            Ok(())
        });
    }

    /// The server let this device into a talk: who is first begins, the others ask to be let in.
    fn come_in(&mut self, own: ParticipantId, changed: &TalkChanged, now: LocalTime) {
        if self.current.is_some() {
            self.end(End::Left);
        }
        let members = changed.members.as_slice().to_vec();
        let asker =
            self.accepted.take().filter(|request| request.talk == changed.talk).map(|request| request.by);
        self.requests.retain(|request| request.talk != changed.talk);
        let is_first = members.first() == Some(&own);
        let door = asker.filter(|by| members.contains(by)).or_else(|| other_of(&members, own));
        let waits_for = door.filter(|_| !is_first);
        let Some(talk) = self.made(changed.talk, now, waits_for.is_some()) else {
            return self.outgoing.push_back(ClientRequest::LeaveTalk(LeaveTalk { talk: changed.talk }));
        };
        let asked = changed.asked.as_slice().to_vec();
        let (id, texts) = (changed.talk, VecDeque::new());
        self.current = Some(Current { id, talk, members, asked, waits_for, texts });
        self.flush();
    }

    /// A talk with this device alone, or one that waits for a welcome.
    fn made(&mut self, id: TalkId, now: LocalTime, waits: bool) -> Option<SharedTalk> {
        let Standing { certified, .. } = self.standing.as_ref()?;
        let admission =
            Admission { server_key: certified.server_key, event: certified.certificate.claims.event.clone() };
        let config = TalkConfig { talk: id, admission };
        let clocks = self.clocks(now);
        let made = Device::new(&self.secret, certified.certificate.clone())
            .map_err(TalkError::from)
            .and_then(|device| {
                if waits { Talk::answer(config, device, clocks) } else { Talk::start(config, device, clocks) }
            });
        match made {
            Ok(talk) => Some(Arc::new(Mutex::new(talk))),
            Err(error) => {
                self.tell(TalkNews::Failed(error));
                None
            }
        }
    }

    /// Whoever was to let this device in is gone: another does.
    fn ask_another(&mut self, own: ParticipantId, now: LocalTime) {
        let Some(current) = &self.current else { return };
        if current.waits_for.is_none_or(|door| current.members.contains(&door)) {
            return;
        }
        let (id, next) = (current.id, other_of(&current.members, own));
        if let Some(next) = next
            && let Some(talk) = self.made(id, now, true)
            && let Some(current) = &mut self.current
        {
            (current.talk, current.waits_for) = (talk, Some(next));
            self.flush();
        }
    }

    /// Begins with this device alone though it waited for a welcome.
    fn begin(&mut self, now: LocalTime) {
        let Some(id) = self.current() else { return };
        if let Some(talk) = self.made(id, now, false)
            && let Some(current) = &mut self.current
        {
            (current.talk, current.waits_for) = (talk, None);
            self.flush();
        }
    }

    /// The server does not carry to these any more.
    fn let_go(&mut self, gone: &[ParticipantId], now: LocalTime) {
        for who in gone {
            self.with_talk(now, |talk, now| match talk.gone(*who, now) {
                // It said so itself, or never came in.
                Err(TalkError::NotHere(_) | TalkError::NotIn) => Ok(()),
                result => result,
            });
        }
    }

    fn clocks(&self, now: LocalTime) -> Now {
        let wall = self
            .standing
            .as_ref()
            .map_or(0, |standing| standing.certified.at.0 + now.0.saturating_sub(standing.at.0) / 1_000);
        Now { local: now, wall: WallTime(wall) }
    }

    /// Lets the talk do something; what follows goes out, what fails is told.
    fn with_talk(&mut self, now: LocalTime, act: impl FnOnce(&mut Talk, Now) -> Result<(), TalkError>) {
        let clocks = self.clocks(now);
        let Some(current) = &self.current else { return };
        let done = act(&mut lock(&current.talk), clocks);
        if let Err(error) = done {
            self.tell(TalkNews::Failed(error));
        }
        self.flush();
    }

    /// What the talk wants sent, and what it tells.
    fn flush(&mut self) {
        let Some(current) = &mut self.current else { return };
        let (id, door) = (current.id, current.waits_for);
        let mut events = Vec::new();
        {
            let mut talk = lock(&current.talk);
            while let Some(outgoing) = talk.poll_outgoing() {
                self.outgoing.extend(post(id, door, &outgoing));
            }
            events.extend(std::iter::from_fn(|| talk.poll_event()));
        }
        for event in events {
            self.take_event(event);
        }
    }

    fn take_event(&mut self, event: Event) {
        let Some(current) = &mut self.current else { return };
        match event {
            Event::Begun => {
                current.waits_for = None;
                self.tell(TalkNews::Begun);
            }
            Event::Joined { participant, .. } => self.tell(TalkNews::Joined(participant)),
            Event::Left { participant, .. } => self.tell(TalkNews::Left(participant)),
            Event::EpochChanged { .. } => {}
            Event::Text { from, body } => {
                current.keep(TalkText { from, body, is_delivered: true, reference: None });
                self.tell(TalkNews::Text(from));
            }
            Event::Delivered { reference } => {
                let text = current.texts.iter_mut().find(|text| text.reference == Some(reference));
                if let Some(text) = text {
                    text.is_delivered = true;
                }
            }
            Event::Code(code) => self.tell(TalkNews::Code(code)),
            Event::Compared { with, state } => self.tell(TalkNews::Compared(with, state)),
            Event::Failed(error) => self.tell(TalkNews::Failed(error)),
            Event::Ended(End::Left) => {}
            Event::Ended(why) => self.end(why),
        }
    }

    /// The talk is over here: its keys go, and the server is told.
    fn end(&mut self, why: End) {
        let Some(current) = self.current.take() else { return };
        {
            let mut talk = lock(&current.talk);
            // An error says that it was over already, or had not begun.
            talk.leave().ok();
            while let Some(outgoing) = talk.poll_outgoing() {
                self.outgoing.extend(post(current.id, None, &outgoing));
            }
        }
        self.outgoing.push_back(ClientRequest::LeaveTalk(LeaveTalk { talk: current.id }));
        self.tell(TalkNews::Ended(why));
    }

    fn tell(&mut self, news: TalkNews) {
        if self.news.len() < MAX_NEWS {
            self.news.push_back(news);
        }
    }
}

impl Current {
    fn keep(&mut self, text: TalkText) {
        if self.texts.len() == MAX_TEXTS {
            self.texts.pop_front();
        }
        self.texts.push_back(text);
    }
}

/// The first who is not oneself.
fn other_of(members: &[ParticipantId], own: ParticipantId) -> Option<ParticipantId> {
    members.iter().copied().find(|member| *member != own)
}

/// What the server is asked to carry; none when it is too long for it, or for nobody.
fn post(talk: TalkId, door: Option<ParticipantId>, outgoing: &Outgoing) -> Option<ClientRequest> {
    let (to, parcel) = match outgoing {
        Outgoing::ToAll(bytes) => (None, Parcel::Message(bytes)),
        Outgoing::Welcome { to, bytes } => (Some(*to), Parcel::Welcome(bytes)),
        Outgoing::KeyPackage(bytes) => (Some(door?), Parcel::KeyPackage(bytes)),
    };
    let bytes = TalkBytes::new(parcel.bytes())?;
    Some(ClientRequest::PostToTalk(PostToTalk { talk, to, bytes }))
}

fn lock(talk: &Mutex<Talk>) -> MutexGuard<'_, Talk> {
    talk.lock().unwrap_or_else(PoisonError::into_inner)
}
