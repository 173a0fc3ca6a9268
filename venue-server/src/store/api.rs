//! The store as the tick sees it: requests go in, replies come out later, nothing blocks.
//!
//! It must not know SQL, threads or files. A reply to a writing request is given only
//! after its commit is on the disk, so whoever acknowledges on the reply never
//! acknowledges what a crash can lose.

use crate::store::code::InvitationCode;
use serde::{Deserialize, Serialize};
use std::fmt;
use venue_model::people::{Delegation, PersonName};
use venue_model::text::MessageBody;
use venue_model::{EventKey, Language, Localized, ParticipantId, ParticipantKind, Role, TextId, WallTime};

/// Where the tick puts what must last and looks up who may enter.
///
/// No call blocks; the work happens elsewhere. The tick submits during its systems and
/// polls replies and changes until `None` once per step.
pub trait Store: Send {
    /// Takes a request. Its reply comes by [`Store::poll`], always, exactly once: a full
    /// queue answers with [`StoreError::Overloaded`].
    fn submit(&mut self, request: StoreRequest) -> RequestId;

    /// The next finished request. Writing requests that were submitted in one step are
    /// answered in the order of submission.
    fn poll(&mut self) -> Option<(RequestId, Result<StoreReply, StoreError>)>;

    /// The next change that somebody else made (the command line, the clock).
    fn poll_change(&mut self) -> Option<StoreChange>;

    /// Requests without a reply yet; a graceful shutdown ends when it is zero.
    fn outstanding(&self) -> usize;
}

impl<S: Store + ?Sized> Store for Box<S> {
    fn submit(&mut self, request: StoreRequest) -> RequestId {
        (**self).submit(request)
    }

    fn poll(&mut self) -> Option<(RequestId, Result<StoreReply, StoreError>)> {
        (**self).poll()
    }

    fn poll_change(&mut self) -> Option<StoreChange> {
        (**self).poll_change()
    }

    fn outstanding(&self) -> usize {
        (**self).outstanding()
    }
}

/// Names a request until its reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

row_id!(
    /// One event of this server, never reused.
    EventId
);
row_id!(
    /// One person as invited to one event, never reused: the subject of tickets and the
    /// unit of taking over, exporting and erasing.
    PersonId
);
row_id!(
    /// One invitation (one code) of a person, never reused.
    InvitationId
);

impl PersonId {
    /// The number under which everybody in the event knows the person. It is the person's for ever, also across a
    /// restart of the server: a text to a number never reaches somebody else. None when the numbers are used up.
    pub fn participant(self) -> Option<ParticipantId> {
        u32::try_from(self.0).ok().map(ParticipantId)
    }
}

/// Milliseconds since 1970-01-01 UTC on the wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// As people's programs are told; what lies before 1970 is 1970.
    pub fn wall_time(self) -> WallTime {
        WallTime(u64::try_from(self.0).unwrap_or(0))
    }
}

/// What the tick asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreRequest {
    /// Who holds this code? Answered by [`StoreReply::Invitation`] or [`StoreReply::NoSuchEvent`].
    FindInvitation {
        /// The event of the link.
        event: EventKey,
        /// The code of the link; the store hashes it.
        code: InvitationCode,
    },
    /// Is the subject of this ticket still invited? Asked when a ticket is renewed or
    /// used to resume. Answered by [`StoreReply::Invitation`].
    FindTicketSubject {
        /// The ticket's invitation.
        invitation: InvitationId,
    },
    /// Keep a text. Answered by [`StoreReply::TextStored`] after the commit.
    AppendText {
        /// In which event.
        event: EventId,
        /// Who wrote it.
        from: PersonId,
        /// Key of the space where the writer stood.
        space: String,
        /// The one reader of a text to a person; none for a text to the space.
        to: Option<PersonId>,
        /// The writer's own number for it. The same number, words and reader from the same person are one
        /// text, however often they are sent: a client repeats what was not acknowledged before a crash.
        client_ref: u32,
        /// The text.
        body: MessageBody,
    },
    /// Which texts came for this person after a known one, in the last ten minutes: those to the person, and those
    /// to spaces where the person was by the record of presence. A gap in the record that is no longer than a lost
    /// connection is waited for counts as presence. Answered by [`StoreReply::Texts`].
    FindTexts {
        /// In which event.
        event: EventId,
        /// Whose.
        person: PersonId,
        /// The newest that is known.
        after: TextId,
    },
    /// Keep that a person came, moved to another space, or went. Answered by
    /// [`StoreReply::PresenceStored`] after the commit.
    AppendPresence {
        /// In which event.
        event: EventId,
        /// Who.
        person: PersonId,
        /// Key of the space: the one entered, or the one left.
        space: String,
        /// What happened.
        change: PresenceChange,
    },
    /// Keep an act that keeps order; a removal revokes the person's invitations too. Answered by
    /// [`StoreReply::ActStored`] after the commit.
    RecordAct {
        /// In which event.
        event: EventId,
        /// Who did it.
        by: PersonId,
        /// About whom.
        about: Option<PersonId>,
        /// What was done.
        action: &'static str,
        /// Key of the space that it is about.
        space: Option<String>,
        /// Why, or what was announced.
        reason: String,
    },
    /// Keep that an act was taken back. Answered by [`StoreReply::ActUndone`] after the commit.
    UndoAct {
        /// Its number.
        act: u64,
        /// Who takes it back.
        by: PersonId,
    },
    /// Keep that somebody does not want to meet somebody; one that is kept already stays. Answered by
    /// [`StoreReply::BlockStored`] after the commit.
    AddBlock {
        /// In which event.
        event: EventId,
        /// Who does not want it.
        by: PersonId,
        /// Whom.
        about: PersonId,
    },
    /// Forget a block. Answered by [`StoreReply::BlockRemoved`] after the commit.
    RemoveBlock {
        /// Its number.
        block: u64,
        /// Whose it must be.
        by: PersonId,
    },
    /// Keep a report. Answered by [`StoreReply::Report`] after the commit.
    AddReport {
        /// In which event.
        event: EventId,
        /// Who reports.
        by: PersonId,
        /// About whom.
        about: PersonId,
        /// Key of the space where the reporter stood.
        space: String,
        /// What happened.
        words: String,
        /// Texts to quote; those that are of neither of the two, or not for the reporter, are left out.
        texts: Vec<TextId>,
    },
    /// Keep the answer to a report that is open. Answered by [`StoreReply::Report`] after the commit.
    AnswerReport {
        /// In which event.
        event: EventId,
        /// Which.
        report: u64,
        /// Who answers.
        by: PersonId,
        /// The answer.
        words: String,
    },
    /// Which reports concern somebody who comes in? Answered by [`StoreReply::Reports`].
    FindReports {
        /// In which event.
        event: EventId,
        /// Who comes in.
        person: PersonId,
        /// Whether the person answers reports.
        is_on_duty: bool,
    },
    /// Which spaces are locked? Answered by [`StoreReply::Locks`].
    FindLocks {
        /// In which event.
        event: EventId,
    },
    /// Keep that the reporter was sent the answer. Answered by [`StoreReply::ReportTold`].
    NoteReportTold {
        /// Which.
        report: u64,
    },
}

/// That somebody does not want to meet somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBlock {
    /// Its number, never reused.
    pub id: u64,
    /// Who does not want it.
    pub blocker: PersonId,
    /// Whom.
    pub blocked: PersonId,
    /// Name of the blocked person.
    pub name: PersonName,
    /// Delegation of the blocked person.
    pub delegation: Delegation,
}

/// A person whom a report names; no number when the person was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedPerson {
    /// Who.
    pub person: Option<PersonId>,
    /// Name as shown.
    pub name: PersonName,
    /// Delegation as shown.
    pub delegation: Delegation,
}

/// A report as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReport {
    /// Its number; grows in the order of storage, never reused.
    pub id: u64,
    /// Who reports.
    pub reporter: NamedPerson,
    /// About whom.
    pub about: NamedPerson,
    /// Key of the space where the reporter stood.
    pub space: String,
    /// What happened.
    pub words: String,
    /// Texts between the two, oldest first.
    pub quotes: Vec<StoredQuote>,
    /// When it was stored.
    pub at: UnixMillis,
    /// The answer and who gave it.
    pub answer: Option<(String, NamedPerson)>,
}

/// A text that a report quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredQuote {
    /// Whether the reporter wrote it; else the reported person did.
    pub by_reporter: bool,
    /// The text.
    pub body: MessageBody,
    /// When it was stored.
    pub sent_at: UnixMillis,
}

/// A text as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundText {
    /// Its number.
    pub text: TextId,
    /// Who wrote it.
    pub from: PersonId,
    /// Key of the space where the writer stood.
    pub space: String,
    /// The one reader; none for a text to the space.
    pub to: Option<PersonId>,
    /// The text.
    pub body: MessageBody,
    /// When it was stored.
    pub sent_at: UnixMillis,
}

/// What happened to a person's presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresenceChange {
    /// Came into the event.
    Joined,
    /// Went from one space to another.
    Moved,
    /// Went out of the event.
    Left,
}

/// What the store answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreReply {
    /// The invitation, or none when the code or the person is not known.
    Invitation(Option<Box<Invitation>>),
    /// There is no event of the name that [`StoreRequest::FindInvitation`] gave.
    NoSuchEvent,
    /// The text is on the disk.
    TextStored {
        /// Its number; grows in the order of storage.
        text: TextId,
        /// When it was stored, by the wall clock.
        sent_at: UnixMillis,
    },
    /// Texts, oldest first.
    Texts(Vec<FoundText>),
    /// The presence entry is on the disk.
    PresenceStored,
    /// The act is on the disk.
    ActStored {
        /// Its number; grows in the order of storage.
        act: u64,
        /// When it was stored, by the wall clock.
        at: UnixMillis,
    },
    /// It is on the disk that the act was taken back.
    ActUndone {
        /// Whether it held until now.
        was_done: bool,
    },
    /// The block is on the disk.
    BlockStored {
        /// Its number.
        block: u64,
    },
    /// The block is gone from the disk.
    BlockRemoved {
        /// Whether it was there.
        was_there: bool,
    },
    /// A report as it is on the disk now; none when no such report is open.
    Report(Option<Box<StoredReport>>),
    /// Reports that concern somebody who comes in.
    Reports {
        /// Open ones, for those who answer; oldest first.
        open: Vec<StoredReport>,
        /// The person's own whose answers were not sent yet.
        answered: Vec<StoredReport>,
    },
    /// The acts that lock spaces now, each with its space's key.
    Locks(Vec<(u64, String)>),
    /// It is on the disk that the answer was sent.
    ReportTold,
}

/// An invitation with everything that admission needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Which invitation.
    pub id: InvitationId,
    /// Whose. Two invitations of one person share it: the second device takes over.
    pub person: PersonId,
    /// The event it opens.
    pub event: EventRecord,
    /// Whether it still counts. The event's own state is in `event`.
    pub state: InvitationState,
    /// Name as shown.
    pub name: PersonName,
    /// Delegation as shown, may be empty.
    pub delegation: Delegation,
    /// Kind of participant.
    pub kind: ParticipantKind,
    /// Role in the event.
    pub role: Role,
    /// Language to begin with; the person may change it.
    pub language: Option<Language>,
    /// Where the person may go.
    pub spaces: SpacesAllowed,
    /// The person's blocks, and those of others against the person.
    pub blocks: Vec<StoredBlock>,
}

/// Whether an invitation still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    /// It does.
    Valid,
    /// It was revoked.
    Revoked,
    /// Its time is over, by the store's wall clock at the lookup.
    Expired {
        /// Since when.
        at: UnixMillis,
    },
}

/// An event as its guests see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// Which event.
    pub id: EventId,
    /// Its name in links.
    pub key: EventKey,
    /// Its title.
    pub title: Localized,
    /// Whether one may enter now.
    pub state: EventState,
}

/// Whether one may enter an event now, by the store's wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventState {
    /// It opens later.
    NotYetOpen {
        /// When.
        opens_at: UnixMillis,
    },
    /// Come in.
    Open,
    /// It was closed, or its end has passed.
    Closed,
}

/// The spaces that an invitation opens, by their keys in the venue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SpacesAllowed {
    /// Every space of the venue.
    #[default]
    All,
    /// Only these; a key that the venue does not have opens nothing.
    Only(Vec<String>),
}

impl SpacesAllowed {
    /// Whether the space with this key is open to the holder.
    pub fn allows(&self, space_key: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(keys) => keys.iter().any(|key| key == space_key),
        }
    }
}

/// What somebody else changed while the server runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreChange {
    /// This invitation no longer counts: whoever entered with it leaves.
    InvitationRevoked {
        /// Which.
        invitation: InvitationId,
        /// Whose.
        person: PersonId,
        /// What the organiser says about it, may be empty.
        reason: String,
    },
    /// The event ended: everybody in it leaves.
    EventClosed {
        /// Which.
        event: EventId,
    },
    /// The person's data was erased: the person leaves and the name is forgotten.
    PersonErased {
        /// Who.
        person: PersonId,
    },
}

/// The store could not do it. The sentence is for the operator; what a delegate is told
/// is the session's business.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Too many requests wait already.
    #[error("the store is behind: {waiting} requests wait already; the disk may be slow or failing")]
    Overloaded {
        /// How many wait.
        waiting: usize,
    },
    /// The disk is full.
    #[error("the disk that holds {path} is full; free some space, nothing stored so far is lost")]
    DiskFull {
        /// The database file.
        path: String,
    },
    /// Another process keeps the database locked.
    #[error(
        "another program keeps {path} locked; wait for a running backup or import to end, or stop the other program"
    )]
    Locked {
        /// The database file.
        path: String,
    },
    /// What was deleted is still in the write-ahead log.
    #[error(
        "it is erased; but another program reads the database, so the erased text is still in {path}-wal: \
         run `venue-server sweep` when the backup or the other program is over"
    )]
    StillInLog {
        /// The database file.
        path: String,
    },
    /// The event, person or invitation is gone (closed and swept, or erased) meanwhile.
    #[error("the event or person is not in the store any more")]
    Gone,
    /// Anything else.
    #[error("the store failed: {0}")]
    Failed(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_opens_only_its_spaces() {
        let some = SpacesAllowed::Only(vec!["lounge".into(), "hall-c".into()]);
        assert!(some.allows("hall-c"));
        assert!(!some.allows("hall"));
        assert!(SpacesAllowed::All.allows("anything"));
    }
}
