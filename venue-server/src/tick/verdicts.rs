//! What admission decided, carried out: letting in, refusing, renewing, showing out.

use super::{Moment, Running, Venue};
use crate::sessions::admission::{Verdict, refusal};
use crate::sessions::{Inside, encode};
use crate::store::{EventId, Invitation, Store, StoreRequest, UnixMillis};
use crate::systems::arrival::{self, Attendance, Guest, WelcomeFrame};
use crate::systems::{absence, blocks, hands, kept_places, reports, talks, watching};
use crate::world::{Effects, Ending, House, Purpose};
use std::sync::Arc;
use venue_model::{DeviceKey, ParticipantId, Role};
use venue_protocol::{
    EntryNote, JoinRequest, NoticeVersion, PlacementCause, RefusalCode, Refused, ServerMessage,
};
use venue_transport::{ConnectionId, ServerTransport};

/// After so long the store is asked again about a ticket that it could not look up.
const ASK_AGAIN_MILLIS: i64 = 10_000;

/// Who finds the server full tries again after so long.
const FULL_RETRY_SECS: u32 = 30;

/// What somebody who comes in has to know besides the welcome. It says where the body is; that it sits is said like any
/// sitting down.
fn beyond_the_welcome(house: &House, who: ParticipantId) -> Vec<ServerMessage> {
    let seated = house.walker(who).filter(|walker| walker.seat.is_some());
    let mut told: Vec<ServerMessage> = Vec::new();
    told.extend(seated.map(|walker| ServerMessage::from(walker.placed(PlacementCause::SatDown))));
    told.extend(hands::as_they_stand(house, who));
    told.extend(talks::as_they_stand(house, who));
    told.extend(kept_places::as_they_stand(house, who));
    told.extend(blocks::as_they_stand(house, who).into_iter().map(ServerMessage::from));
    told
}

impl<T: ServerTransport, S: Store> Venue<T, S> {
    pub(super) fn carry_out(&mut self, verdict: Verdict, moment: Moment) {
        match verdict {
            Verdict::Admitted { connection, invitation, join } => {
                self.let_in(connection, *invitation, &join, moment);
            }
            Verdict::Refused { connection, refusal } => self.refuse(connection, refusal),
            Verdict::Renewed { who, invitation } => self.renew_ticket(who, &invitation, moment),
            Verdict::Ended { who, objection } => self.show_out(who, ending_of(&objection)),
            Verdict::Undecided { who } => self.note_renewal(who, |inside| {
                // Asked again a little later; a store that fails shows nobody out.
                inside.ticket_until = inside.ticket_until.max(UnixMillis(moment.wall.0 + ASK_AGAIN_MILLIS));
            }),
        }
    }

    pub(super) fn refuse(&mut self, connection: ConnectionId, refused: Refused) {
        self.counters.joins_refused += 1;
        let is_guess = matches!(refused.code, RefusalCode::UnknownInvitation | RefusalCode::RateLimited);
        self.counters.codes_wrong += u64::from(is_guess);
        tracing::info!(connection = connection.0, code = ?refused.code, "join refused");
        if let Some(session) = self.sessions.get_mut(connection) {
            session.protocol.refuse(refused);
        }
    }

    /// Takes up the person's place, or gives a new one, and welcomes.
    fn let_in(
        &mut self,
        connection: ConnectionId,
        invitation: Invitation,
        join: &JoinRequest,
        moment: Moment,
    ) {
        // The client may have gone while the store was asked.
        if self.sessions.get(connection).is_none_or(|session| session.protocol.is_over()) {
            return;
        }
        if self.closing.is_some() {
            return self.refuse(connection, refusal(RefusalCode::ShuttingDown, "the server is stopping", 10));
        }
        let spaces = Arc::new(self.state.plan.opened_by(&invitation.spaces));
        if spaces.is_empty() {
            let why = "the invitation opens no space of this venue; ask the organiser";
            return self.refuse(connection, refusal(RefusalCode::UnknownInvitation, why, 0));
        }
        let event = invitation.event.id;
        let (ticket, ticket_until) = self.admission.ticket(&invitation, join.device_key, moment.wall);
        let guest = Guest {
            invitation,
            device: join.device_key,
            language: join.language,
            appearance: join.appearance,
            spaces,
        };
        let (who, entry, missed) = match self.place(event, guest, moment) {
            Ok(placed) => placed,
            Err(why) => return self.refuse(connection, why),
        };
        let frame = WelcomeFrame {
            entry,
            ticket,
            notice: NoticeVersion::lossy(&self.config.notice),
            manifest: self.state.manifest.0,
            manifest_bytes: self.state.manifest.1,
        };
        let running = self.houses.get(&event);
        let welcome =
            running.and_then(|running| Some((running, arrival::welcome(&running.house, who, frame)?)));
        let Some((running, welcome)) = welcome else {
            // The invitation was narrowed meanwhile, and there was nowhere left to put the person.
            return self.refuse(connection, refusal(RefusalCode::Removed, arrival::NOWHERE, 0));
        };
        self.counters.joins += 1;
        let inside = Inside { event, who, ticket_until, renewing: false };
        self.sessions.admit(connection, inside, welcome);
        self.transport.admitted(connection);
        let certified = self.admission.certify(&running.house.event.key, who, join.device_key, moment.wall);
        let beyond = beyond_the_welcome(&running.house, who);
        for message in [certified.into()].into_iter().chain(beyond).chain(missed) {
            self.sessions.send(who, &encode(message));
        }
        if let Some(Running { house, effects }) = self.houses.get_mut(&event) {
            reports::look_up(house, who, effects);
        }
    }

    /// The person's id, how the person came in, and what was missed meanwhile. Who is inside
    /// already has a place; only for others the server can be full.
    fn place(
        &mut self,
        event: EventId,
        guest: Guest,
        moment: Moment,
    ) -> Result<(ParticipantId, EntryNote, Vec<venue_protocol::ServerMessage>), Refused> {
        let person = guest.invitation.person;
        let people: usize = self.houses.values().map(|running| running.house.people.len()).sum();
        let fresh = || {
            let house = House::new(guest.invitation.event.clone(), &self.state.plan, self.seed);
            let mut effects = Effects::default();
            // What was locked before the last person left, or the server stopped, still is.
            effects.request(StoreRequest::FindLocks { event }, Purpose::Locks);
            Running { house, effects }
        };
        let Running { house, effects } = self.houses.entry(event).or_insert_with(fresh);
        house.event = guest.invitation.event.clone();
        house.max_bodies = self.config.max_bodies;
        if let Some(who) = house.people.of_account(person) {
            self.counters.resumed += 1;
            let entry = entry_of_return(house, who, guest.device);
            let missed = arrival::resume(house, &self.state.plan, guest, who, moment.server, effects);
            return Ok((who, entry, missed.into()));
        }
        if people >= self.config.max_sessions {
            let why = "all places on this server are taken";
            return Err(refusal(RefusalCode::ServerFull, why, FULL_RETRY_SECS));
        }
        let Some(who) = person.participant() else {
            return Err(refusal(RefusalCode::ServerFull, "the server has no number left for anybody new", 0));
        };
        self.admission.come_in(person, moment.server)?;
        // Who keeps order is never kept waiting.
        let keeps_order = guest.invitation.role != Role::Participant;
        let (attendance, entry) = match watching::is_full(house) && !keeps_order {
            true => (Attendance::Watching, EntryNote::ObserverBecauseFull),
            false => (Attendance::Invited, EntryNote::AsInvited),
        };
        arrival::enter(house, &self.state.plan, guest, who, attendance, moment.server, effects);
        Ok((who, entry, Vec::new()))
    }

    /// A fresh ticket, and what changed in the invitation since the last.
    fn renew_ticket(&mut self, who: ParticipantId, invitation: &Invitation, moment: Moment) {
        let Some(Running { house, effects }) = self.houses.get_mut(&invitation.event.id) else { return };
        let Some(device) = house.people.get(who).map(|person| person.account.device) else { return };
        let spaces = Arc::new(self.state.plan.opened_by(&invitation.spaces));
        if spaces.is_empty() {
            return self.show_out(who, Ending::removed(arrival::NOWHERE));
        }
        arrival::restrict(house, &self.state.plan, who, spaces, moment.server, effects);
        if house.people.get(who).is_none() {
            return;
        }
        let (ticket, until) = self.admission.ticket(invitation, device, moment.wall);
        let certified = self.admission.certify(&invitation.event.key, who, device, moment.wall);
        self.sessions.send(who, &encode(ticket));
        self.sessions.send(who, &encode(certified));
        self.note_renewal(who, |inside| inside.ticket_until = until);
    }

    fn note_renewal(&mut self, who: ParticipantId, change: impl FnOnce(&mut Inside)) {
        if let Some(inside) = self.sessions.session_of(who).and_then(|session| session.inside.as_mut()) {
            inside.renewing = false;
            change(inside);
        }
    }

    /// The invitation does not count any more.
    fn show_out(&mut self, who: ParticipantId, ending: Ending) {
        let inside = self.sessions.session_of(who).and_then(|session| session.inside);
        let event = inside.map(|inside| inside.event);
        let running = event.and_then(|event| self.houses.get_mut(&event));
        let Some(Running { house, effects }) = running else { return };
        effects.endings.push((who, ending));
        absence::leave(house, &self.state.plan, who, effects);
    }
}

/// What somebody inside is told whom the door would not let in now.
fn ending_of(objection: &Refused) -> Ending {
    match objection.code {
        RefusalCode::EventClosed => Ending::EventClosed,
        _ => Ending::Removed { why: objection.detail.clone() },
    }
}

fn entry_of_return(house: &House, who: ParticipantId, device: DeviceKey) -> EntryNote {
    let took_over = |person: &crate::world::Person| person.is_connected() && person.account.device != device;
    match house.people.get(who) {
        Some(person) if took_over(person) => EntryNote::TookOver,
        Some(person) if person.is_watching() => EntryNote::ObserverBecauseFull,
        _ => EntryNote::AsInvited,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_is_over_is_told_from_a_removal() {
        let ending = |code| ending_of(&refusal(code, "why", 0));
        assert_eq!(ending(RefusalCode::EventClosed), Ending::EventClosed);
        assert_eq!(ending(RefusalCode::RevokedInvitation), Ending::removed("why"));
    }
}
