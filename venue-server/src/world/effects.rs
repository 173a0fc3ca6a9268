//! What the systems want done outside the world: messages to people, requests to the
//! store, people to be shown out.
//!
//! It must not know connections or the store's inside; the tick carries effects out.

use crate::store::{StoreRequest, StoredBlock};
use crate::world::order::{ActUnderWay, UndoUnderWay};
use venue_model::text::MessageBody;
use venue_model::{BoundedText, ParticipantId, SpaceId, TextScope};
use venue_protocol::{BlockId, ServerMessage};

/// What one house's systems want done, in order.
#[derive(Debug, Default)]
pub struct Effects {
    /// Messages, oldest first.
    pub messages: Vec<(To, ServerMessage)>,
    /// Requests to the store, oldest first.
    pub requests: Vec<(StoreRequest, Purpose)>,
    /// People whose sessions end after the messages are sent.
    pub endings: Vec<(ParticipantId, Ending)>,
    /// What happened, for the counters.
    pub tally: Tally,
}

/// Whom a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// One person.
    Person(ParticipantId),
    /// Everybody in a space.
    Space(SpaceId),
    /// Everybody in a space but one.
    SpaceBut(SpaceId, ParticipantId),
    /// Everybody in the house but one.
    AllBut(ParticipantId),
    /// Everybody in the house.
    All,
}

/// What a request to the store is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A text that is delivered when it is stored.
    Text(TextUnderWay),
    /// Texts that somebody missed while the server was gone.
    Missed {
        /// Who.
        who: ParticipantId,
    },
    /// A line in the presence record; nobody waits for it.
    Presence,
    /// An act that is done when it is recorded.
    Act(ActUnderWay),
    /// An act that is taken back when that is recorded.
    Undo(UndoUnderWay),
    /// Two people vanish for each other when it is stored.
    Block(BlockUnderWay),
    /// Two people see each other again when it is stored.
    Unblock {
        /// Who ends it.
        by: ParticipantId,
        /// Which.
        block: BlockId,
    },
    /// A report that is told to those on duty when it is stored.
    Report {
        /// Who reports.
        by: ParticipantId,
        /// The reporter's own number.
        client_ref: u32,
    },
    /// An answer that is told to the reporter when it is stored.
    Answer {
        /// Who answers.
        by: ParticipantId,
    },
    /// The locks of before, for a house that begins anew.
    Locks,
    /// Reports that concern somebody who came in.
    Reports {
        /// Whom.
        of: ParticipantId,
    },
}

/// A block between its owner and the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockUnderWay {
    /// Whose.
    pub by: ParticipantId,
    /// What; it gets its number from the store.
    pub block: StoredBlock,
}

/// A text between its sender and the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextUnderWay {
    /// Who wrote it.
    pub from: ParticipantId,
    /// The writer's own reference.
    pub client_ref: u32,
    /// For whom.
    pub scope: TextScope,
    /// Where the writer stood.
    pub space: SpaceId,
    /// The words.
    pub body: MessageBody,
}

/// Why a person is shown out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The invitation does not count any more, or opens nothing.
    Removed {
        /// What the person is told: the organiser's words, else the server's, in English.
        why: BoundedText<200>,
    },
    /// The event was closed.
    EventClosed,
}

impl Ending {
    /// Removed for a reason, which is cut at 200 characters.
    pub fn removed(why: &str) -> Self {
        Self::Removed { why: BoundedText::lossy(why) }
    }
}

/// What happened, for the counters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Movements that were corrected.
    pub corrections: u64,
    /// Spaces that were entered after the arrival.
    pub spaces_entered: u64,
    /// Texts that were stored and delivered.
    pub texts_stored: u64,
    /// Texts that were rejected.
    pub texts_rejected: u64,
}

impl Effects {
    /// Sends a message.
    pub fn send(&mut self, to: To, message: ServerMessage) {
        self.messages.push((to, message));
    }

    /// Sends a message to one person.
    pub fn tell(&mut self, who: ParticipantId, message: ServerMessage) {
        self.send(To::Person(who), message);
    }

    /// Asks the store.
    pub fn request(&mut self, request: StoreRequest, purpose: Purpose) {
        self.requests.push((request, purpose));
    }
}
