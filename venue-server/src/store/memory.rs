//! A store in memory for tests: it can delay commits, fail them, and be changed from
//! outside like the real one.
//!
//! It must not know time: delays are counted in polling rounds, so that tests in virtual
//! time stay exact.

use crate::store::api::{
    EventId, EventRecord, EventState, FoundText, Invitation, InvitationId, InvitationState, NamedPerson,
    PersonId, PresenceChange, RequestId, SpacesAllowed, Store, StoreChange, StoreError, StoreReply,
    StoreRequest, StoredBlock, StoredQuote, StoredReport, UnixMillis,
};
use crate::store::code::InvitationCode;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use venue_model::text::MessageBody;
use venue_model::{EventKey, Language, Localized, ParticipantKind, Role, TextId};

/// The store; give it to the tick and keep a [`MemoryHandle`].
#[derive(Debug, Default)]
pub struct MemoryStore {
    shared: Arc<Mutex<State>>,
}

/// The test's hand on a [`MemoryStore`] that the tick owns.
#[derive(Clone, Debug)]
pub struct MemoryHandle {
    shared: Arc<Mutex<State>>,
}

/// A text as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredText {
    /// Its number.
    pub text: TextId,
    /// In which event.
    pub event: EventId,
    /// Who wrote it.
    pub from: PersonId,
    /// Where the writer stood.
    pub space: String,
    /// Its one reader, if it is to a person.
    pub to: Option<PersonId>,
    /// The writer's own number for it.
    pub client_ref: u32,
    /// The text.
    pub body: MessageBody,
    /// In which polling round.
    pub at: UnixMillis,
}

/// A presence entry as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPresence {
    /// Who.
    pub person: PersonId,
    /// Which space.
    pub space: String,
    /// What happened.
    pub change: PresenceChange,
    /// In which polling round.
    pub at: UnixMillis,
}

/// An act that keeps order as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAct {
    /// Who did it.
    pub by: PersonId,
    /// About whom.
    pub about: Option<PersonId>,
    /// What was done.
    pub action: &'static str,
    /// Key of the space that it is about.
    pub space: Option<String>,
    /// Why, or what was announced.
    pub reason: String,
    /// Who took it back.
    pub undone_by: Option<PersonId>,
}

#[derive(Debug, Default)]
struct State {
    events: BTreeMap<EventKey, EventRecord>,
    invitations: Vec<(InvitationCode, Invitation)>,
    /// How many there ever were; their numbers are never used again.
    invited: i64,
    texts: Vec<StoredText>,
    presence: Vec<StoredPresence>,
    acts: Vec<StoredAct>,
    blocks: Vec<StoredBlock>,
    blocks_made: u64,
    reports: Vec<StoredReport>,
    told: BTreeSet<u64>,
    waiting: VecDeque<(RequestId, u64, StoreRequest)>,
    changes: VecDeque<StoreChange>,
    next_request: u64,
    round: u64,
    commit_delay_rounds: u64,
    failure: Option<StoreError>,
}

impl MemoryStore {
    /// An empty store that commits at once.
    pub fn new() -> Self {
        Self::default()
    }

    /// A hand on this store.
    pub fn handle(&self) -> MemoryHandle {
        MemoryHandle { shared: Arc::clone(&self.shared) }
    }
}

impl Store for MemoryStore {
    fn submit(&mut self, request: StoreRequest) -> RequestId {
        let mut state = lock(&self.shared);
        let id = RequestId(state.next_request);
        state.next_request += 1;
        let due = state.round + state.commit_delay_rounds;
        state.waiting.push_back((id, due, request));
        id
    }

    fn poll(&mut self) -> Option<(RequestId, Result<StoreReply, StoreError>)> {
        let mut state = lock(&self.shared);
        let round = state.round;
        let Some((id, _, request)) = state.waiting.pop_front_if(|(_, due, _)| *due <= round) else {
            state.round += 1;
            return None;
        };
        let result = match state.failure.clone() {
            Some(failure) => Err(failure),
            None => Ok(state.carry_out(request)),
        };
        Some((id, result))
    }

    fn poll_change(&mut self) -> Option<StoreChange> {
        lock(&self.shared).changes.pop_front()
    }

    fn outstanding(&self) -> usize {
        lock(&self.shared).waiting.len()
    }
}

impl MemoryHandle {
    /// Adds an open event.
    pub fn add_event(&self, key: &str, title: &str) -> EventId {
        let mut state = lock(&self.shared);
        let id = EventId(state.events.len() as i64 + 1);
        let key = EventKey::new(key).unwrap_or_else(|error| panic!("{key}: {error}"));
        let record =
            EventRecord { id, key: key.clone(), title: Localized::english(title), state: EventState::Open };
        state.events.insert(key, record);
        id
    }

    /// Invites a delegate to every space and returns the code.
    pub fn invite(&self, event: &str, name: &str, delegation: &str) -> InvitationCode {
        self.invite_as(event, name, delegation, |_| {})
    }

    /// Invites somebody, adjusted by `adjust`, and returns the code.
    pub fn invite_as(
        &self,
        event: &str,
        name: &str,
        delegation: &str,
        adjust: impl FnOnce(&mut Invitation),
    ) -> InvitationCode {
        let mut state = lock(&self.shared);
        state.invited += 1;
        let number = state.invited;
        let record = state.events.values().find(|record| record.key.as_str() == event);
        let record = record.unwrap_or_else(|| panic!("no event {event}")).clone();
        let mut invitation = Invitation {
            id: InvitationId(number),
            person: PersonId(number),
            event: record,
            state: InvitationState::Valid,
            name: venue_model::text::BoundedText::lossy(name),
            delegation: venue_model::text::BoundedText::lossy(delegation),
            kind: ParticipantKind::Delegate,
            role: Role::Participant,
            language: Some(Language::En),
            spaces: SpacesAllowed::All,
            blocks: Vec::new(),
        };
        adjust(&mut invitation);
        let code = InvitationCode::from_random((number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        state.invitations.push((code, invitation));
        code
    }

    /// Revokes an invitation as the command line does without a reason.
    pub fn revoke(&self, code: InvitationCode) {
        self.revoke_because(code, "");
    }

    /// Revokes an invitation as the command line does.
    pub fn revoke_because(&self, code: InvitationCode, reason: &str) {
        self.set_invitation_state(code, InvitationState::Revoked);
        let mut state = lock(&self.shared);
        let held = state.invitations.iter().find(|(held, _)| *held == code);
        let change = held.map(|(_, invitation)| StoreChange::InvitationRevoked {
            invitation: invitation.id,
            person: invitation.person,
            reason: reason.to_owned(),
        });
        state.changes.extend(change);
    }

    /// Sets the state of an invitation as time does: nobody is told.
    pub fn set_invitation_state(&self, code: InvitationCode, invitation_state: InvitationState) {
        let mut state = lock(&self.shared);
        let found = state.invitations.iter_mut().find(|(held, _)| *held == code);
        let Some((_, invitation)) = found else { panic!("no invitation {code}") };
        invitation.state = invitation_state;
    }

    /// Erases the person who holds this code as the command line does.
    pub fn erase(&self, code: InvitationCode) {
        let mut state = lock(&self.shared);
        let held = state.invitations.iter().position(|(held, _)| *held == code);
        let Some(held) = held else { panic!("no invitation {code}") };
        let (_, invitation) = state.invitations.remove(held);
        state.changes.push_back(StoreChange::PersonErased { person: invitation.person });
    }

    /// The store again, for a server that starts anew: what was committed is there, what was only asked is not.
    pub fn store(&self) -> MemoryStore {
        lock(&self.shared).waiting.clear();
        MemoryStore { shared: Arc::clone(&self.shared) }
    }

    /// Sets the state of an event; closing it is told like the command line's.
    pub fn set_event_state(&self, event: &str, event_state: EventState) {
        let mut state = lock(&self.shared);
        let Some(record) = state.events.values_mut().find(|record| record.key.as_str() == event) else {
            panic!("no event {event}")
        };
        record.state = event_state;
        let id = record.id;
        if event_state == EventState::Closed {
            state.changes.push_back(StoreChange::EventClosed { event: id });
        }
    }

    /// Lets every later request wait this many polling rounds (a round ends when `poll`
    /// returns `None`, so once per tick).
    pub fn delay_commits(&self, rounds: u64) {
        lock(&self.shared).commit_delay_rounds = rounds;
    }

    /// Answers everything with this error from now on; `None` heals the store.
    pub fn fail_with(&self, failure: Option<StoreError>) {
        lock(&self.shared).failure = failure;
    }

    /// Every text that was committed, in order.
    pub fn texts(&self) -> Vec<StoredText> {
        lock(&self.shared).texts.clone()
    }

    /// Every act that was committed, in order.
    pub fn acts(&self) -> Vec<StoredAct> {
        lock(&self.shared).acts.clone()
    }

    /// Every block that holds.
    pub fn blocks(&self) -> Vec<StoredBlock> {
        lock(&self.shared).blocks.clone()
    }

    /// Every report that was committed, in order.
    pub fn reports(&self) -> Vec<StoredReport> {
        lock(&self.shared).reports.clone()
    }

    /// Every presence entry that was committed, in order.
    pub fn presence(&self) -> Vec<StoredPresence> {
        lock(&self.shared).presence.clone()
    }
}

impl State {
    fn carry_out(&mut self, request: StoreRequest) -> StoreReply {
        match request {
            StoreRequest::FindInvitation { event, .. } if !self.events.contains_key(&event) => {
                StoreReply::NoSuchEvent
            }
            StoreRequest::FindInvitation { event, code } => {
                self.find(|held, invitation| *held == code && invitation.event.key == event)
            }
            StoreRequest::FindTicketSubject { invitation } => self.find(|_, held| held.id == invitation),
            StoreRequest::AppendText { event, from, space, to, client_ref, body } => {
                let sent_at = UnixMillis(self.round as i64);
                let repeated = |text: &&StoredText| {
                    (text.from, text.client_ref, text.to, &text.body) == (from, client_ref, to, &body)
                };
                if let Some(StoredText { text, .. }) = self.texts.iter().find(repeated) {
                    return StoreReply::TextStored { text: *text, sent_at };
                }
                let text = TextId(self.texts.len() as u64 + 1);
                self.texts.push(StoredText { text, event, from, space, to, client_ref, body, at: sent_at });
                StoreReply::TextStored { text, sent_at }
            }
            StoreRequest::AppendPresence { person, space, change, .. } => {
                let at = UnixMillis(self.round as i64);
                self.presence.push(StoredPresence { person, space, change, at });
                StoreReply::PresenceStored
            }
            StoreRequest::FindTexts { event, person, after } => {
                StoreReply::Texts(self.texts_for(event, person, after))
            }
            StoreRequest::RecordAct { by, about, action, space, reason, .. } => {
                if action == "removed" {
                    self.set_states_of(about, InvitationState::Revoked);
                }
                self.acts.push(StoredAct { by, about, action, space, reason, undone_by: None });
                StoreReply::ActStored { act: self.acts.len() as u64, at: UnixMillis(self.round as i64) }
            }
            StoreRequest::UndoAct { act, by } => {
                let held = self.acts.get_mut((act as usize).wrapping_sub(1));
                let held = held.filter(|act| act.undone_by.is_none());
                let Some(undone) = held else { return StoreReply::ActUndone { was_done: false } };
                undone.undone_by = Some(by);
                if undone.action == "removed" {
                    let about = undone.about;
                    self.set_states_of(about, InvitationState::Valid);
                }
                StoreReply::ActUndone { was_done: true }
            }
            StoreRequest::FindLocks { .. } => {
                let holds = |act: &&StoredAct| act.action == "space locked" && act.undone_by.is_none();
                let numbered = (1..).zip(&self.acts).filter(|(_, act)| holds(act));
                StoreReply::Locks(numbered.filter_map(|(id, act)| Some((id, act.space.clone()?))).collect())
            }
            other => self.carry_out_safety(other),
        }
    }

    /// As in [`StoreRequest::FindTexts`], with no end to how long ago it was: rounds are no time.
    fn texts_for(&self, event: EventId, person: PersonId, after: TextId) -> Vec<FoundText> {
        let was_there = |text: &StoredText| {
            let of_person = || self.presence.iter().filter(|entry| entry.person == person);
            let before = of_person().filter(|entry| entry.at <= text.at).count();
            let is_back = of_person().skip(before).any(|entry| entry.change == PresenceChange::Joined);
            let last = of_person().take(before).last().filter(|entry| entry.space == text.space);
            last.is_some_and(|entry| entry.change != PresenceChange::Left || is_back)
        };
        let is_meant = |text: &&StoredText| match text.to {
            Some(to) => to == person,
            None => was_there(text),
        };
        let later =
            self.texts.iter().filter(|text| text.event == event && text.text > after && text.from != person);
        let found = later.filter(is_meant).cloned();
        found
            .map(|StoredText { text, from, space, to, body, at, .. }| FoundText {
                text,
                from,
                space,
                to,
                body,
                sent_at: at,
            })
            .collect()
    }

    /// What is about blocks and reports.
    fn carry_out_safety(&mut self, request: StoreRequest) -> StoreReply {
        match request {
            StoreRequest::AddBlock { by, about, .. } => self.add_block(by, about),
            StoreRequest::RemoveBlock { block, by } => {
                let before = self.blocks.len();
                self.blocks.retain(|held| held.id != block || held.blocker != by);
                StoreReply::BlockRemoved { was_there: self.blocks.len() < before }
            }
            StoreRequest::AddReport { by, about, space, words, texts, .. } => {
                self.add_report((by, about), space, words, &texts)
            }
            StoreRequest::AnswerReport { report, by, words, .. } => {
                let answerer = self.named(by);
                let open = |held: &&mut StoredReport| {
                    held.id == report && held.answer.is_none() && held.about.person != Some(by)
                };
                let Some(held) = self.reports.iter_mut().find(open) else { return StoreReply::Report(None) };
                held.answer = Some((words, answerer));
                StoreReply::Report(Some(Box::new(held.clone())))
            }
            StoreRequest::FindReports { person, is_on_duty, .. } => {
                let open = |held: &&StoredReport| held.answer.is_none() && held.about.person != Some(person);
                let own = |held: &&StoredReport| {
                    held.reporter.person == Some(person)
                        && held.answer.is_some()
                        && !self.told.contains(&held.id)
                };
                StoreReply::Reports {
                    open: self.reports.iter().filter(|_| is_on_duty).filter(open).cloned().collect(),
                    answered: self.reports.iter().filter(own).cloned().collect(),
                }
            }
            StoreRequest::NoteReportTold { report } => {
                self.told.insert(report);
                StoreReply::ReportTold
            }
            _ => unreachable!("the others are carried out by the caller"),
        }
    }

    fn add_block(&mut self, blocker: PersonId, blocked: PersonId) -> StoreReply {
        let same = |held: &&StoredBlock| (held.blocker, held.blocked) == (blocker, blocked);
        if let Some(held) = self.blocks.iter().find(same) {
            return StoreReply::BlockStored { block: held.id };
        }
        self.blocks_made += 1;
        let NamedPerson { name, delegation, .. } = self.named(blocked);
        self.blocks.push(StoredBlock { id: self.blocks_made, blocker, blocked, name, delegation });
        StoreReply::BlockStored { block: self.blocks_made }
    }

    fn add_report(
        &mut self,
        (by, about): (PersonId, PersonId),
        space: String,
        words: String,
        texts: &[TextId],
    ) -> StoreReply {
        let is_between = |text: &&StoredText| {
            let is_of_both = text.from == by || text.from == about;
            let is_readable = text.to.is_none_or(|to| to == by || to == about);
            texts.contains(&text.text) && is_of_both && is_readable
        };
        let quote = |text: &StoredText| StoredQuote {
            by_reporter: text.from == by,
            body: text.body.clone(),
            sent_at: UnixMillis(0),
        };
        let report = StoredReport {
            id: self.reports.len() as u64 + 1,
            reporter: self.named(by),
            about: self.named(about),
            space,
            words,
            quotes: self.texts.iter().filter(is_between).map(quote).collect(),
            at: UnixMillis(self.round as i64),
            answer: None,
        };
        self.reports.push(report.clone());
        StoreReply::Report(Some(Box::new(report)))
    }

    fn named(&self, person: PersonId) -> NamedPerson {
        let held = self.invitations.iter().find(|(_, invitation)| invitation.person == person);
        let none = NamedPerson { person: Some(person), ..NamedPerson::default() };
        held.map_or(none, |(_, invitation)| NamedPerson {
            person: Some(person),
            name: invitation.name.clone(),
            delegation: invitation.delegation.clone(),
        })
    }

    fn set_states_of(&mut self, person: Option<PersonId>, invitation_state: InvitationState) {
        let of_person = self.invitations.iter_mut().filter(|(_, held)| Some(held.person) == person);
        of_person.for_each(|(_, held)| held.state = invitation_state);
    }

    fn find(&self, matches: impl Fn(&InvitationCode, &Invitation) -> bool) -> StoreReply {
        let found = self.invitations.iter().find(|(code, invitation)| matches(code, invitation));
        StoreReply::Invitation(found.map(|(_, invitation)| {
            let mut invitation = invitation.clone();
            let concerns = |block: &&StoredBlock| [block.blocker, block.blocked].contains(&invitation.person);
            invitation.blocks = self.blocks.iter().filter(concerns).cloned().collect();
            if let Some(event) = self.events.get(&invitation.event.key) {
                invitation.event = event.clone();
            }
            Box::new(invitation)
        }))
    }
}

/// A panic of another test thread leaves the state readable.
fn lock(shared: &Mutex<State>) -> MutexGuard<'_, State> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> StoreRequest {
        StoreRequest::AppendText {
            event: EventId(1),
            from: PersonId(1),
            space: "lounge".into(),
            to: None,
            client_ref: 1,
            body: MessageBody::lossy(body),
        }
    }

    #[test]
    fn a_delayed_commit_is_neither_answered_nor_stored_early() {
        let mut store = MemoryStore::new();
        let handle = store.handle();
        handle.delay_commits(2);
        let id = store.submit(text("hello"));
        assert_eq!(store.poll(), None);
        assert_eq!(store.poll(), None);
        assert!(handle.texts().is_empty());
        assert_eq!(store.outstanding(), 1);
        let (answered, reply) = store.poll().unwrap();
        assert_eq!(answered, id);
        assert!(matches!(reply, Ok(StoreReply::TextStored { text: TextId(1), .. })));
        assert_eq!(handle.texts().len(), 1);
    }

    #[test]
    fn a_failing_store_keeps_nothing() {
        let mut store = MemoryStore::new();
        let handle = store.handle();
        let full = StoreError::DiskFull { path: "venue.db".into() };
        handle.fail_with(Some(full.clone()));
        store.submit(text("hello"));
        assert_eq!(store.poll().unwrap().1, Err(full));
        assert!(handle.texts().is_empty());
    }

    #[test]
    fn an_invitation_is_found_by_code_in_its_event_only() {
        let mut store = MemoryStore::new();
        let handle = store.handle();
        handle.add_event("one", "One");
        handle.add_event("two", "Two");
        let code = handle.invite("one", "Ada", "CHE");
        let mut ask = |event: &str| {
            store.submit(StoreRequest::FindInvitation { event: EventKey::new(event).unwrap(), code });
            match store.poll() {
                Some((_, Ok(StoreReply::Invitation(found)))) => Some(found),
                Some((_, Ok(StoreReply::NoSuchEvent))) => None,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(ask("one").unwrap().unwrap().name.as_str(), "Ada");
        assert_eq!(ask("two"), Some(None));
        assert_eq!(ask("three"), None);
        handle.revoke(code);
        assert_eq!(ask("one").unwrap().unwrap().state, InvitationState::Revoked);
        assert_eq!(
            store.poll_change(),
            Some(StoreChange::InvitationRevoked {
                invitation: InvitationId(1),
                person: PersonId(1),
                reason: String::new(),
            })
        );
    }
}
