//! What the server tells an admitted client, without the messages that the session handles itself.

use crate::{
    ActDone, ActRefused, ActTold, ActUndone, Announcement, BlockRefused, Blocked, BodyPlaced,
    DeviceCertified, HandLowered, HandRaised, InTalk, LiveText, MicrophoneChanged, MicrophoneOpened,
    PresenceChanged, PresenceJoined, PresenceLeft, ReportAnswered, ReportClosed, ReportFiled, ReportRefused,
    ReportStored, SeatFreed, SeatRefused, SeatTaken, ServerMessage, SpaceEntered, SpaceLocked, SpaceUnlocked,
    Summons, SummonsEnded, TalkAskEnded, TalkAsked, TalkChanged, TalkPosted, Text, TextAccepted,
    TextRejected, Unblocked, VenueNote, VenueRenewed, Watch, ZoneKept, ZoneRefused,
};

/// What the server tells an admitted client.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerUpdate {
    /// Somebody entered the event.
    PresenceJoined(PresenceJoined),
    /// Somebody moved to another space or changed name, looks or language.
    PresenceChanged(PresenceChanged),
    /// Somebody left the event.
    PresenceLeft(PresenceLeft),
    /// You are in another space now.
    SpaceEntered(SpaceEntered),
    /// Your body was put somewhere.
    BodyPlaced(BodyPlaced),
    /// The venue has a new state.
    VenueRenewed(VenueRenewed),
    /// Something for whoever builds the venue.
    VenueNote(VenueNote),
    /// A seat is taken now.
    SeatTaken(SeatTaken),
    /// A seat is free now.
    SeatFreed(SeatFreed),
    /// You do not get the seat.
    SeatRefused(SeatRefused),
    /// Your text is stored.
    TextAccepted(TextAccepted),
    /// Your text is not taken.
    TextRejected(TextRejected),
    /// A text for you.
    Text(Text),
    /// A line that is being written.
    LiveText(LiveText),
    /// Somebody raised a hand.
    HandRaised(HandRaised),
    /// A hand is down.
    HandLowered(HandLowered),
    /// A microphone is closed or given back by a moderator.
    MicrophoneChanged(MicrophoneChanged),
    /// A microphone is open.
    MicrophoneOpened(MicrophoneOpened),
    /// Somebody watches a full event, was brought in, or has a place now.
    Watch(Watch),
    /// An own act is done.
    ActDone(ActDone),
    /// An own act is not done.
    ActRefused(ActRefused),
    /// An act was taken back.
    ActUndone(ActUndone),
    /// An act concerns the person.
    ActTold(ActTold),
    /// The person is asked to come.
    Summons(Summons),
    /// A summons ended.
    SummonsEnded(SummonsEnded),
    /// A space was locked.
    SpaceLocked(SpaceLocked),
    /// A space is open again.
    SpaceUnlocked(SpaceUnlocked),
    /// Something was announced.
    Announcement(Announcement),
    /// A block of the person's own.
    Blocked(Blocked),
    /// A block of the person's own ended.
    Unblocked(Unblocked),
    /// A block is not done.
    BlockRefused(BlockRefused),
    /// A report of the person's own is stored.
    ReportStored(ReportStored),
    /// A report, or an answer to one, is not taken.
    ReportRefused(ReportRefused),
    /// A report to answer.
    ReportFiled(ReportFiled),
    /// A report was answered.
    ReportClosed(ReportClosed),
    /// A report of the person's own was answered.
    ReportAnswered(ReportAnswered),
    /// Somebody asks the person to talk in private.
    TalkAsked(TalkAsked),
    /// A request to talk ended without a talk.
    TalkAskEnded(TalkAskEnded),
    /// Who is in the person's private talk now.
    TalkChanged(TalkChanged),
    /// A member of the private talk said something.
    TalkPosted(TalkPosted),
    /// Somebody is in a private talk, or not any more.
    InTalk(InTalk),
    /// The server's word for the person's device.
    DeviceCertified(DeviceCertified),
    /// A table or booth is kept for a private talk, or is free again.
    ZoneKept(ZoneKept),
    /// A table or booth is not kept.
    ZoneRefused(ZoneRefused),
}

impl ServerUpdate {
    /// The update that a message is; none when it is the session's own business.
    pub(super) fn of(message: ServerMessage) -> Option<Self> {
        Some(match message {
            ServerMessage::PresenceJoined(update) => Self::PresenceJoined(update),
            ServerMessage::PresenceChanged(update) => Self::PresenceChanged(update),
            ServerMessage::PresenceLeft(update) => Self::PresenceLeft(update),
            ServerMessage::SpaceEntered(update) => Self::SpaceEntered(update),
            ServerMessage::BodyPlaced(update) => Self::BodyPlaced(update),
            ServerMessage::VenueRenewed(update) => Self::VenueRenewed(update),
            ServerMessage::VenueNote(update) => Self::VenueNote(update),
            ServerMessage::SeatTaken(update) => Self::SeatTaken(update),
            ServerMessage::SeatFreed(update) => Self::SeatFreed(update),
            ServerMessage::SeatRefused(update) => Self::SeatRefused(update),
            ServerMessage::TextAccepted(update) => Self::TextAccepted(update),
            ServerMessage::TextRejected(update) => Self::TextRejected(update),
            ServerMessage::Text(update) => Self::Text(update),
            ServerMessage::LiveText(update) => Self::LiveText(update),
            ServerMessage::HandRaised(update) => Self::HandRaised(update),
            ServerMessage::HandLowered(update) => Self::HandLowered(update),
            ServerMessage::MicrophoneChanged(update) => Self::MicrophoneChanged(update),
            ServerMessage::MicrophoneOpened(update) => Self::MicrophoneOpened(update),
            ServerMessage::Watch(update) => Self::Watch(update),
            ServerMessage::ActDone(update) => Self::ActDone(update),
            ServerMessage::ActRefused(update) => Self::ActRefused(update),
            ServerMessage::ActUndone(update) => Self::ActUndone(update),
            ServerMessage::ActTold(update) => Self::ActTold(update),
            ServerMessage::Summons(update) => Self::Summons(update),
            ServerMessage::SummonsEnded(update) => Self::SummonsEnded(update),
            ServerMessage::SpaceLocked(update) => Self::SpaceLocked(update),
            ServerMessage::SpaceUnlocked(update) => Self::SpaceUnlocked(update),
            ServerMessage::Announcement(update) => Self::Announcement(update),
            ServerMessage::Blocked(update) => Self::Blocked(update),
            ServerMessage::Unblocked(update) => Self::Unblocked(update),
            ServerMessage::BlockRefused(update) => Self::BlockRefused(update),
            ServerMessage::ReportStored(update) => Self::ReportStored(update),
            ServerMessage::ReportRefused(update) => Self::ReportRefused(update),
            ServerMessage::ReportFiled(update) => Self::ReportFiled(update),
            ServerMessage::ReportClosed(update) => Self::ReportClosed(update),
            ServerMessage::ReportAnswered(update) => Self::ReportAnswered(update),
            ServerMessage::TalkAsked(update) => Self::TalkAsked(update),
            ServerMessage::TalkAskEnded(update) => Self::TalkAskEnded(update),
            ServerMessage::TalkChanged(update) => Self::TalkChanged(update),
            ServerMessage::TalkPosted(update) => Self::TalkPosted(update),
            ServerMessage::InTalk(update) => Self::InTalk(update),
            ServerMessage::DeviceCertified(update) => Self::DeviceCertified(update),
            ServerMessage::ZoneKept(update) => Self::ZoneKept(update),
            ServerMessage::ZoneRefused(update) => Self::ZoneRefused(update),
            _ => return None,
        })
    }
}
