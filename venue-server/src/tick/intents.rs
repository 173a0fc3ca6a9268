//! What clients want, turned into calls of the systems: one line for each kind of request.

use super::{Moment, Running, Venue};
use crate::sessions::Inside;
use crate::sessions::admission::{refusal, renewal};
use crate::store::Store;
use crate::systems::{
    absence, blocks, hands, kept_places, live_texts, microphones, moderation, profile, reports, seats,
    summons, talks, texts, travel,
};
use crate::world::Purpose;
use crate::world::walker::Wanted;
use bytes::Bytes;
use venue_protocol::{
    ClientRequest, CloseCode, CloseReason, DatagramKind, GoToSpace, JoinRequest, LeaveTalk, RefusalCode,
    RefuseSummons, ServerSessionEnd, ServerSessionEvent, SetAppearance, SetHand, SetLanguage, SetMicrophone,
    TakeSeat, UndoAct,
};
use venue_replication::{Feedback, PoseUpdate};
use venue_transport::{ConnectionId, ServerTransport};

/// A store that fails does not keep the server from stopping for longer than this, µs.
const LONGEST_CLOSING_MICROS: u64 = 5_000_000;

impl<T: ServerTransport, S: Store> Venue<T, S> {
    /// Sessions → admission, intents, departures.
    pub(super) fn hear_sessions(&mut self, moment: Moment) {
        self.close_if_due(moment);
        let mut events = Vec::new();
        self.sessions.drain_events(&mut events);
        for (connection, event) in events {
            match event {
                ServerSessionEvent::JoinRequested(join) => self.consider(connection, join, moment),
                ServerSessionEvent::Request(request) => {
                    self.counters.messages_in += 1;
                    if let Some(inside) = self.inside(connection) {
                        self.apply(inside, request, moment);
                    }
                }
                ServerSessionEvent::Datagram(bytes) => self.take_datagram(connection, &bytes),
                ServerSessionEvent::Ended(end) => self.part(connection, &end, moment),
            }
        }
        self.renew_late_tickets(moment);
    }

    fn inside(&self, connection: ConnectionId) -> Option<Inside> {
        self.sessions.get(connection)?.inside
    }

    /// Shows everybody out when the server stops, as soon as their texts are stored.
    fn close_if_due(&mut self, moment: Moment) {
        let Some(closing) = self.closing else { return };
        let since = *self.closing_since.get_or_insert(moment.local);
        let waits_for_texts = self.waiting.values().any(|(_, purpose)| matches!(purpose, Purpose::Text(_)));
        if waits_for_texts && moment.local.micros_since(since) < LONGEST_CLOSING_MICROS {
            return;
        }
        for (_, session) in self.sessions.iter_mut() {
            session.inside = None;
            session.protocol.shut_down(closing);
        }
        for Running { house, effects } in self.houses.values_mut() {
            let people: Vec<_> = house.people.iter().map(|person| person.participant.id).collect();
            people.into_iter().for_each(|who| absence::leave(house, &self.state.plan, who, effects));
        }
        self.is_shown_out = true;
    }

    /// Somebody asks to come in: the store is asked, or a refusal given at once.
    fn consider(&mut self, connection: ConnectionId, join: Box<JoinRequest>, moment: Moment) {
        let Some(address) = self.sessions.get(connection).map(|session| session.remote.ip()) else { return };
        if self.closing.is_some() {
            let why = refusal(RefusalCode::ShuttingDown, "the server is stopping", 10);
            return self.refuse(connection, why);
        }
        match self.admission.consider(connection, address, join, moment.wall, moment.server) {
            Ok(question) => {
                let request = self.store.submit(question.request);
                self.admission.expect(request, question.lookup);
            }
            Err(refusal) => self.refuse(connection, refusal),
        }
    }

    /// What somebody inside asks for.
    fn apply(&mut self, inside: Inside, request: ClientRequest, moment: Moment) {
        if request == ClientRequest::RenewTicket {
            return self.renew(inside);
        }
        let Inside { event, who, .. } = inside;
        let Some(Running { house, effects }) = self.houses.get_mut(&event) else { return };
        let (plan, now) = (&self.state.plan, moment.server);
        match request {
            ClientRequest::RenewTicket => {}
            ClientRequest::GoToSpace(GoToSpace { space }) => {
                travel::go(house, plan, who, space, now, effects)
            }
            ClientRequest::TakeSeat(TakeSeat { seat }) => seats::take(house, plan, who, seat, now, effects),
            ClientRequest::LeaveSeat => seats::leave(house, plan, who, now, effects),
            ClientRequest::SendText(text) if self.closing.is_some() => texts::reject(who, &text, effects),
            ClientRequest::FetchTexts(wanted) => texts::fetch(house, who, wanted, now, effects),
            ClientRequest::SendText(text) => texts::submit(house, plan, who, text, now, effects),
            ClientRequest::WriteLive(line) => live_texts::write(house, who, &line, now, effects),
            ClientRequest::SetAppearance(SetAppearance { appearance }) => {
                profile::set_appearance(house, who, appearance, now, effects);
            }
            ClientRequest::SetLanguage(SetLanguage { language }) => {
                profile::set_language(house, who, language, now, effects);
            }
            ClientRequest::Moderate(wanted) => moderation::submit(house, plan, who, wanted, now, effects),
            ClientRequest::UndoAct(UndoAct { act }) => moderation::undo(house, who, act, effects),
            ClientRequest::RefuseSummons(RefuseSummons { act }) => summons::refuse(house, who, act, effects),
            ClientRequest::SetHand(SetHand { hand }) => hands::set(house, who, hand, now, effects),
            ClientRequest::SetMicrophone(SetMicrophone { is_open }) => {
                microphones::wish(house, who, is_open, now, effects);
            }
            ClientRequest::AskToTalk(wanted) => talks::ask(house, who, &wanted, now, effects),
            ClientRequest::AnswerTalk(given) => talks::answer(house, who, &given, effects),
            ClientRequest::LeaveTalk(LeaveTalk { talk }) => talks::leave(house, who, talk, effects),
            ClientRequest::KeepZone(wanted) => {
                kept_places::wish(house, plan, who, &wanted, now, effects);
            }
            ClientRequest::PostToTalk(said) => talks::post(house, who, said, now, effects),
            ClientRequest::Block(wanted) => blocks::block(house, who, &wanted, now, effects),
            ClientRequest::Unblock(wanted) => blocks::unblock(house, who, &wanted, effects),
            ClientRequest::Report(report) => reports::submit(house, plan, who, report, now, effects),
            ClientRequest::AnswerReport(answer) => reports::answer(house, who, &answer, now, effects),
        }
    }

    fn take_datagram(&mut self, connection: ConnectionId, bytes: &Bytes) {
        match DatagramKind::of(bytes) {
            Some(DatagramKind::PoseUpdate) => self.take_pose(connection, bytes),
            Some(DatagramKind::Feedback) => self.take_feedback(connection, bytes),
            _ => {}
        }
    }

    /// What a client says of the snapshots that came.
    fn take_feedback(&mut self, connection: ConnectionId, bytes: &Bytes) {
        let Some(Inside { event, who, .. }) = self.inside(connection) else { return };
        let Some(Running { house, .. }) = self.houses.get_mut(&event) else { return };
        match Feedback::decode(bytes) {
            Ok(feedback) => house.hear_feedback(who, &feedback),
            Err(error) => {
                if let Some(session) = self.sessions.get_mut(connection) {
                    session.protocol.fail_malformed(error);
                }
            }
        }
    }

    /// A pose update: kept for the movement system, which judges it.
    fn take_pose(&mut self, connection: ConnectionId, bytes: &Bytes) {
        let Some(Inside { event, who, .. }) = self.inside(connection) else { return };
        let Some(Running { house, .. }) = self.houses.get_mut(&event) else { return };
        let Some(origin) = house.origin_of(who) else { return };
        let update = match PoseUpdate::decode(bytes, origin) {
            Ok(update) => update,
            Err(error) => {
                if let Some(session) = self.sessions.get_mut(connection) {
                    session.protocol.fail_malformed(error);
                }
                return;
            }
        };
        // A number that is no number, or a hand ten metres away, is dropped, not judged.
        let PoseUpdate { placement, sequence, sampled_at, pose } = update;
        let wanted = Wanted { pose, sampled_at };
        let taken = pose.is_plausible()
            && house.change_walker(who, |walker| walker.offer(placement, sequence, wanted)).unwrap_or(false);
        self.counters.datagrams_dropped += u64::from(!taken);
    }

    /// A session ended: who said goodbye or misbehaved is gone, who was lost is waited for.
    fn part(&mut self, connection: ConnectionId, end: &ServerSessionEnd, moment: Moment) {
        let is_misbehaviour = matches!(
            end,
            ServerSessionEnd::Malformed(_) | ServerSessionEnd::OutOfOrder(_) | ServerSessionEnd::TooFast
        );
        self.counters.sessions_misbehaved += u64::from(is_misbehaviour);
        tracing::debug!(connection = connection.0, ?end, "session ended");
        let Some(Inside { event, who, .. }) = self.sessions.vacate(connection) else { return };
        let Some(Running { house, effects }) = self.houses.get_mut(&event) else { return };
        let is_goodbye = matches!(
            end,
            ServerSessionEnd::Left
                | ServerSessionEnd::Connection(CloseReason::Remote { code: CloseCode::Normal, .. })
        );
        if is_goodbye || is_misbehaviour {
            absence::leave(house, &self.state.plan, who, effects);
        } else {
            absence::lose(house, who, moment.server);
        }
    }

    fn renew(&mut self, inside: Inside) {
        let person = self.houses.get(&inside.event).and_then(|running| running.house.people.get(inside.who));
        let Some(invitation) = person.map(|person| person.account.invitation) else { return };
        let session = self.sessions.session_of(inside.who).and_then(|session| session.inside.as_mut());
        let Some(inside) = session.filter(|inside| !inside.renewing) else { return };
        inside.renewing = true;
        let question = renewal(inside.who, invitation);
        let request = self.store.submit(question.request);
        self.admission.expect(request, question.lookup);
    }

    /// Nobody stays on an expired ticket: whose client does not renew it in time is looked
    /// up all the same.
    fn renew_late_tickets(&mut self, moment: Moment) {
        let is_late = |inside: &Inside| inside.ticket_until <= moment.wall;
        let late: Vec<Inside> =
            self.sessions.iter_mut().filter_map(|(_, session)| session.inside).filter(is_late).collect();
        late.into_iter().for_each(|inside| self.renew(inside));
    }
}
