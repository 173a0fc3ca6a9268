//! Keeping order, as one client sees it: locked spaces, the summons that runs, the acts that can be taken back.
//!
//! It must not decide who may do what: the server does, and says so.

use super::client::{ClientCore, CoreEvent};
use super::connect::Connector;
use super::happening::Happening;
use crate::input::OrderCommand;
use crate::panels::model::Notice;
use crate::panels::order_model::Announced;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use venue_model::{ParticipantId, Role, SpaceId};
use venue_protocol::session::{ClientRequest, ServerUpdate};
use venue_protocol::{Act, ActId, ActReason, Moderate, RefuseSummons, Summons, SummonsOutcome, UndoAct};

/// Own acts that are listed; older ones stay in the server's record.
const MAX_ACTS: usize = 50;

/// Announcements that can be read again; older ones are let go.
const MAX_ANNOUNCEMENTS: usize = 30;

/// What keeps order on one visit.
#[derive(Clone, Debug, Default)]
pub struct Order {
    locked: BTreeMap<SpaceId, ActId>,
    summons: Option<Summons>,
    acts: VecDeque<(ActId, Act)>,
    asked: VecDeque<(u32, Act)>,
    announcements: Arc<Vec<Announced>>,
    next_ref: u32,
}

impl Order {
    /// Begins anew with what the server is about to tell; one's own acts can still be taken back.
    pub(super) fn restart(&mut self) {
        self.locked.clear();
        self.summons = None;
        self.asked.clear();
    }

    /// Whether a space is locked.
    pub fn is_locked(&self, space: SpaceId) -> bool {
        self.locked.contains_key(&space)
    }

    /// The locked spaces, and the act by which each can be opened.
    pub fn locked(&self) -> impl Iterator<Item = (SpaceId, ActId)> {
        self.locked.iter().map(|(space, act)| (*space, *act))
    }

    /// The summons that can be refused now.
    pub fn summons(&self) -> Option<&Summons> {
        self.summons.as_ref()
    }

    /// Own acts that can be taken back, newest first.
    pub fn acts(&self) -> impl Iterator<Item = (ActId, &Act)> {
        self.acts.iter().map(|(id, act)| (*id, act))
    }

    /// What was announced on this visit, oldest first.
    pub fn announcements(&self) -> &Arc<Vec<Announced>> {
        &self.announcements
    }

    fn note(&mut self, announced: Announced) {
        let kept = Arc::make_mut(&mut self.announcements);
        kept.drain(..(kept.len() + 1).saturating_sub(MAX_ANNOUNCEMENTS));
        kept.push(announced);
    }

    fn ask(&mut self, act: Act) -> u32 {
        self.next_ref = self.next_ref.wrapping_add(1).max(1);
        self.asked.truncate(MAX_ACTS - 1);
        self.asked.push_front((self.next_ref, act));
        self.next_ref
    }

    fn done(&mut self, client_ref: u32, id: ActId) -> Option<&Act> {
        let at = self.asked.iter().position(|(asked, _)| *asked == client_ref)?;
        let (_, act) = self.asked.remove(at)?;
        self.acts.truncate(MAX_ACTS - 1);
        self.acts.push_front((id, act));
        self.acts.front().map(|(_, act)| act)
    }
}

impl<C: Connector> ClientCore<C> {
    /// Locked spaces, summons and own acts.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// Whether the person's role lets them keep order.
    pub fn keeps_order(&self) -> bool {
        self.you().is_some_and(|you| you.role != Role::Participant)
    }

    /// Seconds until the summons takes the person along, counted up; none when there is none.
    pub fn summons_secs(&self) -> Option<u32> {
        let (summons, now) = self.order.summons().zip(self.server_time())?;
        Some(summons.at.micros_since(now.min(summons.at)).div_ceil(1_000_000) as u32)
    }

    /// Asks the server for what somebody wants.
    pub(super) fn keep_order(&mut self, command: &OrderCommand) {
        match command {
            OrderCommand::Moderate(act, reason) => self.moderate(act, reason),
            OrderCommand::Undo(act) => self.undo_act(*act),
            OrderCommand::RefuseSummons => self.refuse_summons(),
            OrderCommand::Block(participant) => self.block(*participant),
            OrderCommand::Unblock(block) => self.unblock(*block),
            OrderCommand::Report { about, words, with_texts } => self.report(*about, words, *with_texts),
            OrderCommand::Answer(report, words) => self.answer_report(*report, words),
            OrderCommand::GoToSafety => self.go_to_safety(),
        }
    }

    pub(super) fn moderate(&mut self, act: &Act, reason: &ActReason) {
        let client_ref = self.order.ask(act.clone());
        let wanted = Moderate { client_ref, act: act.clone(), reason: reason.clone() };
        self.ask(ClientRequest::Moderate(wanted));
    }

    pub(super) fn undo_act(&mut self, act: ActId) {
        self.ask(ClientRequest::UndoAct(UndoAct { act }));
    }

    pub(super) fn refuse_summons(&mut self) {
        if let Some(act) = self.order.summons().map(|summons| summons.act) {
            self.ask(ClientRequest::RefuseSummons(RefuseSummons { act }));
        }
    }

    /// Takes what the server says about order; gives back what is about something else.
    pub(super) fn take_order(&mut self, update: ServerUpdate) -> Option<ServerUpdate> {
        let notice = match update {
            ServerUpdate::ActDone(message) => {
                let act = self.order.done(message.client_ref, message.act)?;
                Some(Notice::ActDone(act.kind()))
            }
            ServerUpdate::ActRefused(message) => Some(Notice::ActRefused(message.why)),
            ServerUpdate::ActUndone(message) => {
                self.order.acts.retain(|(id, _)| *id != message.act);
                Some(Notice::ActUndone(message.kind))
            }
            ServerUpdate::ActTold(message) => {
                let name = self.name_of(message.by);
                Some(Notice::ActTold { kind: message.kind, name, reason: message.reason.to_string() })
            }
            ServerUpdate::Summons(message) => {
                self.order.summons = Some(message);
                self.emit(CoreEvent::Happened(Happening::Summoned));
                None
            }
            ServerUpdate::SummonsEnded(message) => {
                self.end_summons(message.act, message.participant, message.outcome)
            }
            ServerUpdate::SpaceLocked(message) => {
                self.order.locked.insert(message.space, message.act);
                None
            }
            ServerUpdate::SpaceUnlocked(message) => {
                self.order.locked.remove(&message.space);
                None
            }
            ServerUpdate::Announcement(message) => {
                let announced =
                    Announced { name: self.name_of(message.by), words: message.words.to_string() };
                self.order.note(announced.clone());
                Some(Notice::Announced(announced))
            }
            other => return Some(other),
        };
        notice.into_iter().for_each(|notice| self.emit(CoreEvent::Notice(notice)));
        None
    }

    fn end_summons(&mut self, act: ActId, who: ParticipantId, outcome: SummonsOutcome) -> Option<Notice> {
        if self.order.summons().is_some_and(|summons| summons.act == act) {
            self.order.summons = None;
            self.emit(CoreEvent::Happened(Happening::SummonsOver));
        }
        if outcome != SummonsOutcome::Withdrawn {
            // Who came, and who did not, is not to be called back.
            self.order.acts.retain(|(id, _)| *id != act);
        }
        let is_own = self.own_id() == Some(who);
        (!is_own).then(|| Notice::SummonsEnded { name: self.name_of(who), outcome })
    }

    fn name_of(&self, who: ParticipantId) -> String {
        let own = self.you().filter(|you| you.id == who);
        let other = || self.people.get(who).map(|entry| &entry.participant);
        own.or_else(other).map_or_else(String::new, |person| person.name.to_string())
    }
}
