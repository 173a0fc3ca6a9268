//! What a talk tells its owner, and what it wants sent. Plain values, no behaviour.

use crate::comparison::{Code, Compared};
use crate::error::TalkError;
use venue_model::ParticipantId;
use venue_model::text::MessageBody;

/// Bytes that want to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// To all devices of the talk, this one too: the server relays these in one order to all.
    ToAll(Vec<u8>),
    /// To the device that was invited, and nobody else; for [`crate::Talk::join`].
    Welcome {
        /// Whose device.
        to: ParticipantId,
        /// The welcome.
        bytes: Vec<u8>,
    },
    /// To whoever asked this device in; for [`crate::Talk::invite`].
    KeyPackage(Vec<u8>),
}

/// How a talk ended for this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It left.
    Left,
    /// It was put out.
    PutOut {
        /// By whom.
        by: ParticipantId,
    },
    /// A message of the talk did not come, so that nothing after it can be read. Asking to be invited again helps.
    OutOfStep,
}

/// What a person must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// This device is in the talk.
    Begun,
    /// Somebody came in.
    Joined {
        /// Who.
        participant: ParticipantId,
        /// Whom this device of theirs was let in by; empty where this device came in itself and does not know.
        by: Option<ParticipantId>,
    },
    /// Somebody is out: left, lost, or put out.
    Left {
        /// Who.
        participant: ParticipantId,
        /// Who carried it out.
        by: ParticipantId,
    },
    /// The keys are new from here on.
    EpochChanged {
        /// Number of the epoch.
        epoch: u64,
    },
    /// A text.
    Text {
        /// By whom, as the keys say.
        from: ParticipantId,
        /// The text.
        body: MessageBody,
    },
    /// An own text has taken its place in the talk's order: who is in can read it.
    Delivered {
        /// What [`crate::Talk::send_text`] returned.
        reference: u64,
    },
    /// There is a code to compare, or there is none any more until all devices have taken part again.
    Code(Option<Code>),
    /// How far this person and another have come with comparing.
    Compared {
        /// The other.
        with: ParticipantId,
        /// How far.
        state: Compared,
    },
    /// Something that was asked for could not be done, or somebody tried what is not allowed.
    Failed(TalkError),
    /// The talk is over for this device; its keys are erased.
    Ended(End),
}

/// Counts of what came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TalkStats {
    /// Messages that were taken.
    pub taken: u64,
    /// Messages of epochs that were over.
    pub late: u64,
    /// Messages that came twice.
    pub repeated: u64,
    /// Messages that came before the one that they build on, and were kept.
    pub early: u64,
    /// Bytes that were no message of this talk, or did not decrypt.
    pub unreadable: u64,
    /// Messages by members that were refused: a certificate that does not count, or what is not allowed.
    pub refused: u64,
}
