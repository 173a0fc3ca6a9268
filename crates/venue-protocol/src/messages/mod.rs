//! Every control message: one file per message or family, decode and encode side by side.
//!
//! A new message is one new struct with its `Payload` in a file here and one line in one of the
//! lists below.

/// A message whose fields are written one after the other.
macro_rules! plain_message {
    ($(#[$doc:meta])* $name:ident $number:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl Payload for $name {
            const TYPE: MessageType = MessageType($number);

            fn encode(&self, encoder: &mut Encoder) {
                $(Wire::encode(&self.$field, encoder);)*
            }

            fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
                Ok(Self { $($field: Wire::decode(decoder)?,)* })
            }
        }
    };
}

mod ending;
mod hand;
mod hello;
mod join;
mod live_text;
mod moderation;
mod place;
mod presence;
mod profile;
mod renewal;
mod safety;
mod seat;
mod talk;
mod text;
mod ticket;
mod watch;
mod welcome;

pub use ending::{Closing, ClosingReason, Leave, Removed, TakenOver};
pub use hand::{
    Hand, HandLowered, HandRaised, Microphone, MicrophoneChanged, MicrophoneOpened, SetHand, SetMicrophone,
};
pub use hello::{Features, Hello, HelloAccepted, HelloRefused, ProgramName};
pub use join::{Credential, InvitationCode, Join, MAX_CODE_CHARS, RefusalCode, Refused, join_proof_message};
pub use live_text::{LiveEdit, LiveText, WriteLive};
pub use moderation::{
    Act, ActDone, ActId, ActKind, ActReason, ActRefusal, ActRefused, ActTold, ActUndone, Announcement,
    AnnouncementWords, Moderate, RefuseSummons, SpaceLocked, SpaceUnlocked, Summons, SummonsEnded,
    SummonsOutcome, UndoAct,
};
pub use place::{BodyPlaced, GoToSpace, Placement, PlacementCause, SpaceEntered};
pub use presence::{Presence, PresenceChanged, PresenceJoined, PresenceLeft};
pub use profile::{Appearance, SetAppearance, SetLanguage};
pub use renewal::{VenueNote, VenueNoteWords, VenueRenewed};
pub use safety::{
    AnswerReport, Block, BlockId, BlockRefusal, BlockRefused, Blocked, MAX_QUOTES, Quote, Report,
    ReportAnswered, ReportClosed, ReportFiled, ReportId, ReportRefusal, ReportRefused, ReportStored,
    ReportWords, ShortList, Unblock, Unblocked,
};
pub use seat::{LeaveSeat, SeatFreed, SeatRefusal, SeatRefused, SeatTaken, TakeSeat};
pub use talk::{
    AnswerTalk, AskToTalk, DeviceCertified, InTalk, KeepZone, LeaveTalk, MAX_TALK_BYTES, MAX_TALKERS,
    PostToTalk, TalkAnswer, TalkAskEnded, TalkAskOutcome, TalkAsked, TalkBytes, TalkChanged, TalkPosted,
    Talkers, ZoneKept, ZoneRefusal, ZoneRefused,
};
pub use text::{FetchTexts, SendText, Text, TextAccepted, TextRejected, TextRejection};
pub use ticket::{MAX_TICKET_BYTES, RenewTicket, Ticket, TicketBytes, TicketTooLong};
pub use venue_model::text::MessageBody;
pub use watch::{Watch, WatchState};
pub use welcome::{EntryNote, EventTitle, MAX_WELCOME_PEOPLE, MAX_WELCOME_SEATS, NoticeVersion, Welcome};

use crate::codec::{DecodeError, DecodeFault, Decoder, Encoder};
use crate::frame::{Frame, MessageType, encode_frame};
use bytes::Bytes;

/// One kind of message: its number and its content.
pub(crate) trait Payload: Sized {
    /// The number on the wire; never given to another message.
    const TYPE: MessageType;
    /// Writes the content.
    fn encode(&self, encoder: &mut Encoder);
    /// Reads the content.
    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError>;
}

fn frame_of<P: Payload>(message: &P) -> Bytes {
    let mut encoder = Encoder::new();
    message.encode(&mut encoder);
    encode_frame(P::TYPE, &encoder.finish())
}

fn whole<P: Payload>(payload: &[u8]) -> Result<P, DecodeError> {
    let mut decoder = Decoder::new(payload);
    let message = P::decode(&mut decoder)?;
    decoder.finish("message")?;
    Ok(message)
}

/// An enum over messages that are told apart by their number alone.
macro_rules! message_list {
    ($(#[$doc:meta])* $list:ident { $($(#[$item_doc:meta])* $name:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $list {
            $($(#[$item_doc])* $name($name),)*
        }

        impl $list {
            /// The message with its frame, ready for the control stream.
            pub fn encode(&self) -> Bytes {
                match self {
                    $(Self::$name(message) => frame_of(message),)*
                }
            }

            /// Reads one message; none when the type is unknown and may be skipped.
            pub fn decode(frame: &Frame) -> Result<Option<Self>, DecodeError> {
                $(if frame.message_type == <$name as Payload>::TYPE {
                    return whole(&frame.payload).map(|message| Some(Self::$name(message)));
                })*
                if frame.message_type.is_optional() {
                    return Ok(None);
                }
                Err(DecodeError { what: "message", fault: DecodeFault::UnknownType, at: 0 })
            }
        }

        $(impl From<$name> for $list {
            fn from(message: $name) -> Self {
                Self::$name(message)
            }
        })*
    };
}

message_list! {
    /// Everything that a client sends on the control stream.
    ClientMessage {
        /// The first message on a connection.
        Hello,
        /// Asks to be admitted.
        Join,
        /// Asks for a fresh ticket.
        RenewTicket,
        /// Asks to be taken to another space.
        GoToSpace,
        /// Asks for a seat.
        TakeSeat,
        /// Stands up.
        LeaveSeat,
        /// Sends a text.
        SendText,
        /// Changes the line that others read while one writes it.
        WriteLive,
        /// Changes the looks.
        SetAppearance,
        /// Changes the language.
        SetLanguage,
        /// Says goodbye.
        Leave,
        /// Raises or lowers the own hand.
        SetHand,
        /// Opens or closes the own microphone.
        SetMicrophone,
        /// Asks for an act that keeps order.
        Moderate,
        /// Takes an act back.
        UndoAct,
        /// Refuses a summons.
        RefuseSummons,
        /// Blocks somebody.
        Block,
        /// Ends a block.
        Unblock,
        /// Reports somebody to the moderators.
        Report,
        /// Answers a report.
        AnswerReport,
        /// Asks for the texts that came meanwhile.
        FetchTexts,
        /// Asks somebody to talk in private.
        AskToTalk,
        /// Answers such a request.
        AnswerTalk,
        /// Leaves a private talk.
        LeaveTalk,
        /// Says something to the devices of a private talk.
        PostToTalk,
        /// Keeps a table or booth for a private talk.
        KeepZone,
    }
}

message_list! {
    /// Everything that the server sends on the control stream.
    #[allow(clippy::large_enum_variant, reason = "messages live for a tick at most, and boxing would touch every sender")]
    ServerMessage {
        /// Answers [`Hello`].
        HelloAccepted,
        /// No common version.
        HelloRefused,
        /// Admitted.
        Welcome,
        /// Not admitted.
        Refused,
        /// A fresh ticket.
        Ticket,
        /// Somebody entered the event.
        PresenceJoined,
        /// Somebody moved to another space or changed name, looks or language.
        PresenceChanged,
        /// Somebody left the event.
        PresenceLeft,
        /// You are in another space now.
        SpaceEntered,
        /// Your body was put somewhere.
        BodyPlaced,
        /// The venue has a new state.
        VenueRenewed,
        /// Something for whoever builds the venue.
        VenueNote,
        /// A seat is taken now.
        SeatTaken,
        /// A seat is free now.
        SeatFreed,
        /// You do not get the seat.
        SeatRefused,
        /// Your text is stored.
        TextAccepted,
        /// Your text is not taken.
        TextRejected,
        /// A text for you.
        Text,
        /// A line that is being written.
        LiveText,
        /// The same invitation joined from another device; the session ends.
        TakenOver,
        /// You were removed; the session ends.
        Removed,
        /// The server stops; the session ends.
        Closing,
        /// Somebody raised a hand.
        HandRaised,
        /// A hand is down.
        HandLowered,
        /// A microphone is closed by somebody else now.
        MicrophoneChanged,
        /// A microphone is open now.
        MicrophoneOpened,
        /// Somebody watches a full event, was brought in, or has a place now.
        Watch,
        /// Your act is recorded and done.
        ActDone,
        /// Your act is not done.
        ActRefused,
        /// An act was taken back.
        ActUndone,
        /// An act concerns you.
        ActTold,
        /// You are asked to come.
        Summons,
        /// A summons ended.
        SummonsEnded,
        /// A space was locked.
        SpaceLocked,
        /// A space is open again.
        SpaceUnlocked,
        /// Something was announced.
        Announcement,
        /// You blocked somebody.
        Blocked,
        /// A block of yours ended.
        Unblocked,
        /// Your block is not done.
        BlockRefused,
        /// Your report is stored.
        ReportStored,
        /// Your report, or your answer to one, is not taken.
        ReportRefused,
        /// A report for the moderators.
        ReportFiled,
        /// A report was answered.
        ReportClosed,
        /// Your report was answered.
        ReportAnswered,
        /// Somebody asks you to talk in private.
        TalkAsked,
        /// A request to talk ended without a talk.
        TalkAskEnded,
        /// Who is in your private talk now.
        TalkChanged,
        /// A member of your private talk said something.
        TalkPosted,
        /// Somebody is in a private talk now, or not any more.
        InTalk,
        /// The server's word for your device.
        DeviceCertified,
        /// A table or booth is kept for a private talk now, or is free again.
        ZoneKept,
        /// A table or booth is not kept.
        ZoneRefused,
    }
}
