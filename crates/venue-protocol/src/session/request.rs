//! What an admitted client asks for, without the messages that the session handles itself.

use crate::{
    AnswerReport, AnswerTalk, AskToTalk, Block, ClientMessage, FetchTexts, GoToSpace, KeepZone, LeaveTalk,
    Moderate, PostToTalk, RefuseSummons, Report, SendText, SetAppearance, SetHand, SetLanguage,
    SetMicrophone, TakeSeat, Unblock, UndoAct, WriteLive,
};

/// What an admitted client asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientRequest {
    /// A fresh ticket.
    RenewTicket,
    /// To be taken to another space.
    GoToSpace(GoToSpace),
    /// A seat.
    TakeSeat(TakeSeat),
    /// To stand up.
    LeaveSeat,
    /// To store and deliver a text.
    SendText(SendText),
    /// To show a line while it is being written.
    WriteLive(WriteLive),
    /// Other looks.
    SetAppearance(SetAppearance),
    /// Another language.
    SetLanguage(SetLanguage),
    /// The own hand up or down.
    SetHand(SetHand),
    /// To open or close the own microphone.
    SetMicrophone(SetMicrophone),
    /// An act that keeps order.
    Moderate(Moderate),
    /// To take an act back.
    UndoAct(UndoAct),
    /// Not to follow a summons.
    RefuseSummons(RefuseSummons),
    /// Not to meet somebody any more.
    Block(Block),
    /// To end a block.
    Unblock(Unblock),
    /// That the moderators look at what somebody does.
    Report(Report),
    /// That a report is answered.
    AnswerReport(AnswerReport),
    /// The texts that came meanwhile.
    FetchTexts(FetchTexts),
    /// That somebody talks with the person in private.
    AskToTalk(AskToTalk),
    /// The answer to such a request.
    AnswerTalk(AnswerTalk),
    /// To leave a private talk.
    LeaveTalk(LeaveTalk),
    /// To say something to the devices of a private talk.
    PostToTalk(PostToTalk),
    /// A table or booth for a private talk.
    KeepZone(KeepZone),
}

impl From<ClientRequest> for ClientMessage {
    fn from(request: ClientRequest) -> Self {
        match request {
            ClientRequest::RenewTicket => crate::RenewTicket.into(),
            ClientRequest::GoToSpace(message) => message.into(),
            ClientRequest::TakeSeat(message) => message.into(),
            ClientRequest::LeaveSeat => crate::LeaveSeat.into(),
            ClientRequest::SendText(message) => message.into(),
            ClientRequest::WriteLive(message) => message.into(),
            ClientRequest::SetAppearance(message) => message.into(),
            ClientRequest::SetLanguage(message) => message.into(),
            ClientRequest::SetHand(message) => message.into(),
            ClientRequest::SetMicrophone(message) => message.into(),
            ClientRequest::Moderate(message) => message.into(),
            ClientRequest::UndoAct(message) => message.into(),
            ClientRequest::RefuseSummons(message) => message.into(),
            ClientRequest::Block(message) => message.into(),
            ClientRequest::Unblock(message) => message.into(),
            ClientRequest::Report(message) => message.into(),
            ClientRequest::AnswerReport(message) => message.into(),
            ClientRequest::FetchTexts(message) => message.into(),
            ClientRequest::AskToTalk(message) => message.into(),
            ClientRequest::AnswerTalk(message) => message.into(),
            ClientRequest::LeaveTalk(message) => message.into(),
            ClientRequest::PostToTalk(message) => message.into(),
            ClientRequest::KeepZone(message) => message.into(),
        }
    }
}

impl ClientRequest {
    /// The request that a message is; none when it is the session's own business.
    pub(super) fn of(message: ClientMessage) -> Option<Self> {
        Some(match message {
            ClientMessage::RenewTicket(_) => Self::RenewTicket,
            ClientMessage::GoToSpace(message) => Self::GoToSpace(message),
            ClientMessage::TakeSeat(message) => Self::TakeSeat(message),
            ClientMessage::LeaveSeat(_) => Self::LeaveSeat,
            ClientMessage::SendText(message) => Self::SendText(message),
            ClientMessage::WriteLive(message) => Self::WriteLive(message),
            ClientMessage::SetAppearance(message) => Self::SetAppearance(message),
            ClientMessage::SetLanguage(message) => Self::SetLanguage(message),
            ClientMessage::SetHand(message) => Self::SetHand(message),
            ClientMessage::SetMicrophone(message) => Self::SetMicrophone(message),
            ClientMessage::Moderate(message) => Self::Moderate(message),
            ClientMessage::UndoAct(message) => Self::UndoAct(message),
            ClientMessage::RefuseSummons(message) => Self::RefuseSummons(message),
            ClientMessage::Block(message) => Self::Block(message),
            ClientMessage::Unblock(message) => Self::Unblock(message),
            ClientMessage::Report(message) => Self::Report(message),
            ClientMessage::AnswerReport(message) => Self::AnswerReport(message),
            ClientMessage::FetchTexts(message) => Self::FetchTexts(message),
            ClientMessage::AskToTalk(message) => Self::AskToTalk(message),
            ClientMessage::AnswerTalk(message) => Self::AnswerTalk(message),
            ClientMessage::LeaveTalk(message) => Self::LeaveTalk(message),
            ClientMessage::PostToTalk(message) => Self::PostToTalk(message),
            ClientMessage::KeepZone(message) => Self::KeepZone(message),
            ClientMessage::Hello(_) | ClientMessage::Join(_) | ClientMessage::Leave(_) => return None,
        })
    }
}
