//! Safety, as one client sees it: whom the person blocks, what is reported, and a way out.
//!
//! It must not decide who may do what: the server does, and says so.

use super::client::{ClientCore, CoreEvent};
use super::connect::Connector;
use crate::panels::model::{Conversation, Delivery, Notice, TextLine};
use crate::panels::order_model::{BlockedView, QuoteView, ReportView, SafetyNotice};
use std::collections::BTreeSet;
use venue_model::{ParticipantId, SpaceId};
use venue_protocol::session::{ClientRequest, ServerUpdate};
use venue_protocol::{
    AnswerReport, Block, BlockId, Blocked, GoToSpace, MAX_QUOTES, Report, ReportFiled, ReportId, ReportWords,
    ShortList, Unblock,
};

/// Open reports that are listed; the server's record has all.
const MAX_REPORTS: usize = 200;

/// Who is nearer than this when the person leaves for the safe place may be meant, metres.
const NEAR_METRES: f32 = 4.0;

/// What concerns safety on one visit.
#[derive(Clone, Debug, Default)]
pub struct Safety {
    blocked: Vec<Blocked>,
    /// Everybody whom a block of this visit was about, so that their texts stay hidden after they leave.
    hidden: BTreeSet<(ParticipantId, BlockId)>,
    reports: Vec<ReportView>,
    was_near: Vec<ParticipantId>,
    next_ref: u32,
}

impl Safety {
    /// Begins anew with what the server is about to tell.
    pub(super) fn restart(&mut self) {
        self.blocked.clear();
        self.reports.clear();
    }

    /// Whom the person blocks.
    pub fn blocked(&self) -> impl Iterator<Item = BlockedView> {
        self.blocked.iter().map(|blocked| BlockedView {
            block: blocked.block,
            name: blocked.name.to_string(),
            delegation: blocked.delegation.to_string(),
        })
    }

    /// Open reports, for those who answer them; the newest first.
    pub fn reports(&self) -> impl Iterator<Item = &ReportView> {
        self.reports.iter().rev()
    }

    /// Who was near when the person left for the safe place, the nearest first.
    pub fn was_near(&self) -> &[ParticipantId] {
        &self.was_near
    }

    /// Whether the texts of somebody are not shown.
    pub fn hides(&self, writer: ParticipantId) -> bool {
        self.hidden.range((writer, BlockId(0))..=(writer, BlockId(u64::MAX))).next().is_some()
    }
}

/// The last texts that somebody wrote to the person or to a room, and what the person answered them alone: what a
/// report about them can quote. Oldest first, stored ones only.
pub fn quotable<'t>(
    lines: impl DoubleEndedIterator<Item = &'t TextLine>,
    about: ParticipantId,
) -> Vec<&'t TextLine> {
    let is_between = |line: &&TextLine| {
        let is_stored = matches!(line.delivery, Delivery::Received | Delivery::Stored);
        is_stored && (line.from == about || line.conversation == Conversation::Person(about))
    };
    let mut found: Vec<_> = lines.rev().filter(is_between).take(MAX_QUOTES).collect();
    found.reverse();
    found
}

impl<C: Connector> ClientCore<C> {
    /// Blocks and reports.
    pub fn safety(&self) -> &Safety {
        &self.safety
    }

    pub(super) fn block(&mut self, participant: ParticipantId) {
        self.ask(ClientRequest::Block(Block { participant }));
    }

    pub(super) fn unblock(&mut self, block: BlockId) {
        self.ask(ClientRequest::Unblock(Unblock { block }));
    }

    pub(super) fn report(&mut self, about: ParticipantId, words: &ReportWords, with_texts: bool) {
        let shown = quotable(self.texts.lines(), about);
        let quoted = shown.iter().filter(|_| with_texts).filter_map(|line| self.texts.stored_as(line.key));
        let texts = ShortList::of(quoted);
        self.safety.next_ref = self.safety.next_ref.wrapping_add(1).max(1);
        let client_ref = self.safety.next_ref;
        self.ask(ClientRequest::Report(Report { client_ref, about, words: words.clone(), texts }));
    }

    pub(super) fn answer_report(&mut self, report: ReportId, words: &ReportWords) {
        self.ask(ClientRequest::AnswerReport(AnswerReport { report, words: words.clone() }));
    }

    /// Takes the person out of whatever happens, to where people arrive, and remembers who was near.
    pub(super) fn go_to_safety(&mut self) {
        let Some(space) = self.safe_space() else { return };
        self.errand = None;
        let own = self.body.pose().root;
        let distance = |root: glam::Vec3| root.distance(own);
        let mut near: Vec<_> = self.bodies().iter().map(|(id, pose)| (distance(pose.root), *id)).collect();
        near.retain(|(away, _)| *away <= NEAR_METRES);
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.safety.was_near = near.into_iter().map(|(_, id)| id).collect();
        self.ask(ClientRequest::GoToSpace(GoToSpace { space }));
        self.emit(CoreEvent::Notice(Notice::Safety(SafetyNotice::Away)));
    }

    /// Where people arrive, or the room that one is in when that is closed to the person.
    fn safe_space(&self) -> Option<SpaceId> {
        let entrance = self.manifest()?.spawn_points.first()?.space;
        if self.may_enter(entrance) { Some(entrance) } else { self.space() }
    }

    /// Takes what the server says about safety; gives back what is about something else.
    pub(super) fn take_safety(&mut self, update: ServerUpdate) -> Option<ServerUpdate> {
        let notice = match update {
            ServerUpdate::Blocked(message) => self.take_block(message),
            ServerUpdate::Unblocked(message) => {
                self.safety.hidden.retain(|(_, block)| *block != message.block);
                let at = self.safety.blocked.iter().position(|known| known.block == message.block);
                let ended = at.map(|at| self.safety.blocked.remove(at));
                ended.map(|ended| SafetyNotice::Unblocked { name: ended.name.to_string() })
            }
            ServerUpdate::BlockRefused(message) => Some(SafetyNotice::BlockRefused(message.why)),
            ServerUpdate::ReportStored(_) => Some(SafetyNotice::Reported),
            ServerUpdate::ReportRefused(message) => Some(SafetyNotice::ReportRefused(message.why)),
            ServerUpdate::ReportFiled(message) => Some(self.take_report(message)),
            ServerUpdate::ReportClosed(message) => {
                self.safety.reports.retain(|report| report.report != message.report);
                let is_own = self.you().is_some_and(|you| you.name == message.by);
                (!is_own).then(|| SafetyNotice::ReportClosed { name: message.by.to_string() })
            }
            ServerUpdate::ReportAnswered(message) => Some(SafetyNotice::Answered {
                about: message.about.to_string(),
                words: message.words.to_string(),
            }),
            other => return Some(other),
        };
        notice.into_iter().for_each(|notice| self.emit(CoreEvent::Notice(Notice::Safety(notice))));
        None
    }

    /// What is told again after a welcome is no news.
    fn take_block(&mut self, blocked: Blocked) -> Option<SafetyNotice> {
        let hidden = blocked.participant.map(|participant| (participant, blocked.block));
        let is_news = hidden.is_some_and(|hidden| self.safety.hidden.insert(hidden));
        let name = blocked.name.to_string();
        self.safety.blocked.retain(|known| known.block != blocked.block);
        self.safety.blocked.push(blocked);
        is_news.then_some(SafetyNotice::Blocked { name })
    }

    fn take_report(&mut self, message: ReportFiled) -> SafetyNotice {
        let quotes = message.quotes.as_slice().iter().map(|quote| QuoteView {
            by_reporter: quote.by_reporter,
            body: quote.body.to_string(),
            sent_at: quote.sent_at,
        });
        let view = ReportView {
            report: message.report,
            by: message.by.to_string(),
            by_delegation: message.by_delegation.to_string(),
            about: message.about.to_string(),
            about_delegation: message.about_delegation.to_string(),
            participant: message.participant,
            room: message.space,
            words: message.words.to_string(),
            quotes: quotes.collect(),
            at: message.at,
        };
        let (by, about) = (view.by.clone(), view.about.clone());
        self.safety.reports.retain(|known| known.report != view.report);
        if self.safety.reports.len() == MAX_REPORTS {
            self.safety.reports.remove(0);
        }
        self.safety.reports.push(view);
        SafetyNotice::Filed { by, about }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: ParticipantId = ParticipantId(1);
    const ANA: ParticipantId = ParticipantId(2);

    fn line(key: u64, from: ParticipantId, conversation: Conversation, delivery: Delivery) -> TextLine {
        TextLine { key, conversation, from, body: String::new(), sent_at: None, delivery }
    }

    #[test]
    fn a_report_can_quote_what_is_between_the_two_and_stored() {
        let (room, ana) = (Conversation::Room(SpaceId(1)), Conversation::Person(ANA));
        let lines = [
            line(0, ANA, room, Delivery::Received),
            line(1, OWN, room, Delivery::Stored),
            line(2, OWN, ana, Delivery::Stored),
            line(3, ParticipantId(3), room, Delivery::Received),
            line(4, OWN, ana, Delivery::Sending),
        ];
        let keys: Vec<_> = quotable(lines.iter(), ANA).iter().map(|line| line.key).collect();
        assert_eq!(keys, [0, 2]);
        let many: Vec<_> = (0..30).map(|key| line(key, ANA, ana, Delivery::Received)).collect();
        let keys: Vec<_> = quotable(many.iter(), ANA).iter().map(|line| line.key).collect();
        assert_eq!(keys, (20..30).collect::<Vec<_>>(), "the last ones, oldest first");
    }
}
