//! Keeping order: what chairs, moderators and organisers do, what it answers, and what others are told.
//!
//! All of these are optional types: a program that knows none of them skips them.

use super::Payload;
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::{Wire, wire_enum};
use venue_model::{BoundedText, ParticipantId, SeatId, ServerTime, SpaceId, WallTime};

/// Why something is done, in the words of who does it; may be empty.
pub type ActReason = BoundedText<200>;

/// What is announced.
pub type AnnouncementWords = BoundedText<500>;

/// Names an act in the record of the event; grows, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActId(pub u64);

impl Wire for ActId {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.u64(self.0);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        decoder.u64("act").map(Self)
    }
}

/// Something that keeps order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Closes one microphone.
    Mute(ParticipantId),
    /// Closes every microphone in a space but those of chairs, moderators and organisers.
    MuteSpace(SpaceId),
    /// Asks somebody to open the microphone; one that was closed by a moderator is given back.
    AskToUnmute(ParticipantId),
    /// Lowers a hand.
    LowerHand(ParticipantId),
    /// Summons somebody, who may refuse within the countdown.
    Summon {
        /// Whom.
        participant: ParticipantId,
        /// Where to.
        space: SpaceId,
        /// To this seat there, if it is free then.
        seat: Option<SeatId>,
    },
    /// Removes somebody from the event.
    Remove(ParticipantId),
    /// Lets nobody in any more who does not keep order.
    Lock(SpaceId),
    /// Says something to a space, or to all.
    Announce {
        /// To whom; none is everybody in the event.
        space: Option<SpaceId>,
        /// What.
        words: AnnouncementWords,
    },
    /// Gives somebody who watches a full event a body beyond the limit.
    BringIn(ParticipantId),
    /// Lets somebody who was brought in watch again.
    SendBack(ParticipantId),
}

impl Act {
    /// Which sort it is.
    pub fn kind(&self) -> ActKind {
        match self {
            Self::Mute(_) => ActKind::Mute,
            Self::MuteSpace(_) => ActKind::MuteSpace,
            Self::AskToUnmute(_) => ActKind::AskToUnmute,
            Self::LowerHand(_) => ActKind::LowerHand,
            Self::Summon { .. } => ActKind::Summon,
            Self::Remove(_) => ActKind::Remove,
            Self::Lock(_) => ActKind::Lock,
            Self::Announce { .. } => ActKind::Announce,
            Self::BringIn(_) => ActKind::BringIn,
            Self::SendBack(_) => ActKind::SendBack,
        }
    }

    /// The one person whom it is about.
    pub fn person(&self) -> Option<ParticipantId> {
        match self {
            Self::Mute(who) | Self::AskToUnmute(who) | Self::LowerHand(who) | Self::Remove(who) => Some(*who),
            Self::BringIn(who) | Self::SendBack(who) => Some(*who),
            Self::Summon { participant, .. } => Some(*participant),
            Self::MuteSpace(_) | Self::Lock(_) | Self::Announce { .. } => None,
        }
    }

    /// The space that it is about.
    pub fn space(&self) -> Option<SpaceId> {
        match self {
            Self::MuteSpace(space) | Self::Lock(space) | Self::Summon { space, .. } => Some(*space),
            Self::Announce { space, .. } => *space,
            Self::Mute(_) | Self::AskToUnmute(_) | Self::LowerHand(_) | Self::Remove(_) => None,
            Self::BringIn(_) | Self::SendBack(_) => None,
        }
    }
}

/// A sort of act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActKind {
    /// One microphone closed.
    Mute,
    /// All microphones of a space closed.
    MuteSpace,
    /// Asked to open the microphone.
    AskToUnmute,
    /// A hand lowered.
    LowerHand,
    /// Summoned.
    Summon,
    /// Removed from the event.
    Remove,
    /// A space locked.
    Lock,
    /// Something announced.
    Announce,
    /// An observer brought in.
    BringIn,
    /// Somebody sent back to observing.
    SendBack,
}

impl ActKind {
    /// All, in wire order.
    pub const ALL: [Self; 10] = [
        Self::Mute,
        Self::MuteSpace,
        Self::AskToUnmute,
        Self::LowerHand,
        Self::Summon,
        Self::Remove,
        Self::Lock,
        Self::Announce,
        Self::BringIn,
        Self::SendBack,
    ];
}

wire_enum!(ActKind, ActKind::ALL);

impl Wire for Act {
    fn encode(&self, encoder: &mut Encoder) {
        self.kind().encode(encoder);
        match self {
            Self::Mute(who)
            | Self::AskToUnmute(who)
            | Self::LowerHand(who)
            | Self::Remove(who)
            | Self::BringIn(who)
            | Self::SendBack(who) => {
                who.encode(encoder);
            }
            Self::MuteSpace(space) | Self::Lock(space) => space.encode(encoder),
            Self::Summon { participant, space, seat } => {
                participant.encode(encoder);
                space.encode(encoder);
                seat.encode(encoder);
            }
            Self::Announce { space, words } => {
                space.encode(encoder);
                encoder.text(words);
            }
        }
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(match ActKind::decode(decoder)? {
            ActKind::Mute => Self::Mute(Wire::decode(decoder)?),
            ActKind::MuteSpace => Self::MuteSpace(Wire::decode(decoder)?),
            ActKind::AskToUnmute => Self::AskToUnmute(Wire::decode(decoder)?),
            ActKind::LowerHand => Self::LowerHand(Wire::decode(decoder)?),
            ActKind::Summon => Self::Summon {
                participant: Wire::decode(decoder)?,
                space: Wire::decode(decoder)?,
                seat: Wire::decode(decoder)?,
            },
            ActKind::Remove => Self::Remove(Wire::decode(decoder)?),
            ActKind::Lock => Self::Lock(Wire::decode(decoder)?),
            ActKind::Announce => {
                Self::Announce { space: Wire::decode(decoder)?, words: decoder.text("announcement")? }
            }
            ActKind::BringIn => Self::BringIn(Wire::decode(decoder)?),
            ActKind::SendBack => Self::SendBack(Wire::decode(decoder)?),
        })
    }
}

/// Why an act is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActRefusal {
    /// The role does not allow it, or the other's role is as high.
    NotAllowed,
    /// The person or the place is not there.
    NobodyThere,
    /// It makes no sense here: the space is where people arrive, or is not open to the person.
    NotPossible,
    /// It was undone before, or cannot be.
    NotUndoable,
    /// Too many in a short time.
    TooFast,
    /// It could not be recorded; what is not recorded is not done.
    NotStored,
}

impl ActRefusal {
    /// All, in wire order.
    pub const ALL: [Self; 6] = [
        Self::NotAllowed,
        Self::NobodyThere,
        Self::NotPossible,
        Self::NotUndoable,
        Self::TooFast,
        Self::NotStored,
    ];
}

wire_enum!(ActRefusal, ActRefusal::ALL);

/// How a summons ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SummonsOutcome {
    /// The person is there now.
    Followed,
    /// The person refused.
    Refused,
    /// There was no way: no place, no connection.
    Failed,
    /// The moderator took it back.
    Withdrawn,
}

impl SummonsOutcome {
    /// All, in wire order.
    pub const ALL: [Self; 4] = [Self::Followed, Self::Refused, Self::Failed, Self::Withdrawn];
}

wire_enum!(SummonsOutcome, SummonsOutcome::ALL);

plain_message! {
    /// Asks for an act. [`ActDone`] or [`ActRefused`] answers.
    Moderate 0x8002 {
        /// The sender's own number for it.
        client_ref: u32,
        /// What.
        act: Act,
        /// Why; the person concerned reads it.
        reason: ActReason,
    }
}

plain_message! {
    /// Takes an act back. [`ActUndone`] answers, or [`ActRefused`] with the number 0.
    UndoAct 0x8003 {
        /// Which.
        act: ActId,
    }
}

plain_message! {
    /// Refuses a summons.
    RefuseSummons 0x8004 {
        /// Which.
        act: ActId,
    }
}

plain_message! {
    /// The act is recorded and done.
    ActDone 0x8004 {
        /// The sender's number.
        client_ref: u32,
        /// Its number in the record.
        act: ActId,
    }
}

plain_message! {
    /// The act is not done.
    ActRefused 0x8005 {
        /// The sender's number.
        client_ref: u32,
        /// Why not.
        why: ActRefusal,
    }
}

plain_message! {
    /// An act was taken back; told to who did it, who took it back and whom it concerned.
    ActUndone 0x8006 {
        /// Which.
        act: ActId,
        /// Of which sort.
        kind: ActKind,
    }
}

plain_message! {
    /// Somebody who keeps order did something that concerns you.
    ActTold 0x8007 {
        /// Which.
        act: ActId,
        /// Of which sort.
        kind: ActKind,
        /// Who did it.
        by: ParticipantId,
        /// Why; may be empty.
        reason: ActReason,
    }
}

plain_message! {
    /// You are asked to come; who does not refuse is taken there.
    Summons 0x8008 {
        /// Which.
        act: ActId,
        /// Who asks.
        by: ParticipantId,
        /// Where to.
        space: SpaceId,
        /// When you are taken there.
        at: ServerTime,
        /// Why; may be empty.
        reason: ActReason,
    }
}

plain_message! {
    /// A summons ended; told to who summoned and who was summoned.
    SummonsEnded 0x8009 {
        /// Which.
        act: ActId,
        /// Who was summoned.
        participant: ParticipantId,
        /// How.
        outcome: SummonsOutcome,
    }
}

plain_message! {
    /// A space was locked: only who keeps order enters.
    SpaceLocked 0x800a {
        /// Which.
        space: SpaceId,
        /// The act that locked it: whoever keeps order opens it by taking it back.
        act: ActId,
    }
}

plain_message! {
    /// A space is open again.
    SpaceUnlocked 0x800b {
        /// Which.
        space: SpaceId,
    }
}

plain_message! {
    /// Something was announced.
    Announcement 0x800c {
        /// Who says it.
        by: ParticipantId,
        /// To which space; none is everybody.
        space: Option<SpaceId>,
        /// What.
        words: AnnouncementWords,
        /// When.
        sent_at: WallTime,
    }
}
