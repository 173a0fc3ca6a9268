//! Private talks as the server knows them: who asks whom, who is in, and what members send each other, of which it can read
//! nothing.
//!
//! All of these are optional types: a program that knows no talks skips them.

use super::Payload;
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::device_certificate::{DeviceCertificate, MAX_DEVICE_CERTIFICATE_BYTES};
use crate::frame::MessageType;
use crate::values::{Wire, wire_enum};
use bytes::Bytes;
use venue_model::{ParticipantId, TalkId, WallTime, ZoneId};

/// Most people in one talk, with those who are asked.
pub const MAX_TALKERS: usize = 16;

/// Most bytes of one message between members.
pub const MAX_TALK_BYTES: usize = 16_000;

/// Bytes between members. Their `Debug` shows how many there are.
#[derive(Clone, PartialEq, Eq)]
pub struct TalkBytes(Bytes);

impl TalkBytes {
    /// These bytes; none when there are more than [`MAX_TALK_BYTES`].
    pub fn new(bytes: impl Into<Bytes>) -> Option<Self> {
        let bytes = bytes.into();
        (bytes.len() <= MAX_TALK_BYTES).then_some(Self(bytes))
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for TalkBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TalkBytes({} bytes)", self.0.len())
    }
}

impl Wire for TalkBytes {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.blob(&self.0);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        decoder.blob("message of a talk", MAX_TALK_BYTES).map(|bytes| Self(Bytes::copy_from_slice(bytes)))
    }
}

/// At most [`MAX_TALKERS`] people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talkers(Vec<ParticipantId>);

impl Talkers {
    /// The first [`MAX_TALKERS`] of these.
    pub fn of(people: impl IntoIterator<Item = ParticipantId>) -> Self {
        Self(people.into_iter().take(MAX_TALKERS).collect())
    }

    /// The people.
    pub fn as_slice(&self) -> &[ParticipantId] {
        &self.0
    }
}

impl Wire for Talkers {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.list(MAX_TALKERS, &self.0, |e, who| who.encode(e));
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        decoder.list("people of a talk", MAX_TALKERS, Wire::decode).map(Self)
    }
}

/// What somebody answers who is asked to talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TalkAnswer {
    /// Yes.
    Accept,
    /// No.
    Decline,
    /// Not now.
    Later,
}

impl TalkAnswer {
    /// All, in wire order.
    pub const ALL: [Self; 3] = [Self::Accept, Self::Decline, Self::Later];
}

wire_enum!(TalkAnswer, TalkAnswer::ALL);

/// How a request ended that did not lead to a talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TalkAskOutcome {
    /// The answer was no.
    Declined,
    /// The answer was: not now.
    Later,
    /// There is nobody to be asked, or nobody any more who asks.
    Gone,
    /// No answer came in time.
    Expired,
    /// There are as many as can talk, or too many requests in a short time.
    TooMany,
}

impl TalkAskOutcome {
    /// All, in wire order.
    pub const ALL: [Self; 5] = [Self::Declined, Self::Later, Self::Gone, Self::Expired, Self::TooMany];
}

wire_enum!(TalkAskOutcome, TalkAskOutcome::ALL);

plain_message! {
    /// Asks somebody to talk in private, or into the talk that one is in.
    AskToTalk 0x800b {
        /// Whom.
        participant: ParticipantId,
    }
}

plain_message! {
    /// Answers [`TalkAsked`].
    AnswerTalk 0x800c {
        /// Which talk.
        talk: TalkId,
        /// What.
        answer: TalkAnswer,
    }
}

plain_message! {
    /// Leaves a talk.
    LeaveTalk 0x800d {
        /// Which.
        talk: TalkId,
    }
}

plain_message! {
    /// Says something to the devices of a talk that one is in.
    PostToTalk 0x800e {
        /// Which.
        talk: TalkId,
        /// To one member alone; else to all, oneself too.
        to: Option<ParticipantId>,
        /// What, encrypted.
        bytes: TalkBytes,
    }
}

plain_message! {
    /// Keeps the table or booth where one stands for the private talk that one is in, or gives it back.
    KeepZone 0x800f {
        /// Which.
        zone: ZoneId,
        /// Whether it is to be kept.
        is_kept: bool,
    }
}

/// Why a table or booth is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ZoneRefusal {
    /// It is no table or booth, or the person does not stand there.
    NotThere,
    /// Somebody is there who is not in the talk.
    Occupied,
    /// It is kept for another talk.
    Taken,
    /// The person is in no talk.
    NotInTalk,
}

impl ZoneRefusal {
    /// All, in wire order.
    pub const ALL: [Self; 4] = [Self::NotThere, Self::Occupied, Self::Taken, Self::NotInTalk];
}

wire_enum!(ZoneRefusal, ZoneRefusal::ALL);

plain_message! {
    /// A table or booth is kept for a private talk now, or is free again.
    ZoneKept 0x801e {
        /// Which.
        zone: ZoneId,
        /// Whether it is kept.
        is_kept: bool,
        /// Whether you may go there: you are in the talk, or asked into it.
        is_for_you: bool,
    }
}

plain_message! {
    /// Answers [`KeepZone`] that is not done.
    ZoneRefused 0x801f {
        /// Which.
        zone: ZoneId,
        /// Why.
        why: ZoneRefusal,
    }
}

plain_message! {
    /// Somebody asks you to talk in private.
    TalkAsked 0x8018 {
        /// Which talk it would be.
        talk: TalkId,
        /// Who asks.
        by: ParticipantId,
    }
}

plain_message! {
    /// A request ended without a talk; told to both.
    TalkAskEnded 0x8019 {
        /// Which talk it would have been.
        talk: TalkId,
        /// Who was asked.
        participant: ParticipantId,
        /// How.
        outcome: TalkAskOutcome,
    }
}

plain_message! {
    /// Who is in your talk now, and who is asked; without yourself among the members it is over for you.
    TalkChanged 0x801a {
        /// Which.
        talk: TalkId,
        /// The members, in the order in which they came in.
        members: Talkers,
        /// Who is asked.
        asked: Talkers,
    }
}

plain_message! {
    /// A member said something. All members are told what is for all in the same order.
    TalkPosted 0x801b {
        /// Which talk.
        talk: TalkId,
        /// Who said it, as the server knows.
        from: ParticipantId,
        /// Whether it is for you alone.
        is_for_you: bool,
        /// What, encrypted.
        bytes: TalkBytes,
    }
}

plain_message! {
    /// Somebody is in a private talk now, or not any more; with whom is told to nobody.
    InTalk 0x801c {
        /// Who.
        participant: ParticipantId,
        /// Whether.
        is_in: bool,
    }
}

/// The server's word for your device, for others in private talks; after the welcome and with each new ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCertified {
    /// The key (Ed25519) that certificates of this server are checked with.
    pub server_key: [u8; 32],
    /// The server's clock now, for those who must know whether others' certificates still count.
    pub at: WallTime,
    /// The certificate.
    pub certificate: DeviceCertificate,
}

impl Payload for DeviceCertified {
    const TYPE: MessageType = MessageType(0x801d);

    fn encode(&self, encoder: &mut Encoder) {
        encoder.raw(&self.server_key);
        self.at.encode(encoder);
        encoder.blob(&self.certificate.encode());
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let server_key = decoder.array("server's key")?;
        let at = Wire::decode(decoder)?;
        let certificate = decoder.blob("device certificate", MAX_DEVICE_CERTIFICATE_BYTES)?;
        Ok(Self { server_key, at, certificate: DeviceCertificate::decode(certificate)? })
    }
}
