//! Summons: a moderator asks somebody to come; who does not refuse in time is taken there.
//!
//! It must not know who may summon whom; that is checked before.

use crate::systems::{doors, seats};
use crate::world::order::PendingSummons;
use crate::world::{Effects, House, Plan};
use venue_model::{ParticipantId, SeatId, ServerTime, SpaceId};
use venue_protocol::{ActId, ActReason, PlacementCause, Summons, SummonsEnded, SummonsOutcome};

/// Time in which a summons can be refused, µs.
pub const COUNTDOWN_MICROS: u64 = 5_000_000;

/// Tells the person, and lets the countdown begin. A newer summons replaces one that has not ended.
pub fn begin(
    house: &mut House,
    (act, by, reason): (ActId, ParticipantId, ActReason),
    (who, space, seat): (ParticipantId, SpaceId, Option<SeatId>),
    now: ServerTime,
    effects: &mut Effects,
) {
    if let Some(older) = house.order.summons_of(who) {
        withdraw(house, older, now, effects);
    }
    let at = ServerTime(now.0 + COUNTDOWN_MICROS);
    house.order.pending.push(PendingSummons { act, by, who, space, seat, at });
    effects.tell(who, Summons { act, by, space, at, reason }.into());
}

/// The person does not want to come.
pub fn refuse(house: &mut House, who: ParticipantId, act: ActId, effects: &mut Effects) {
    if house.order.summons_of(who) == Some(act) {
        end(house, act, SummonsOutcome::Refused, effects);
    }
}

/// The moderator takes it back, as long as nobody was taken anywhere.
pub fn withdraw(house: &mut House, act: ActId, _now: ServerTime, effects: &mut Effects) {
    end(house, act, SummonsOutcome::Withdrawn, effects);
}

/// Takes everybody whose countdown is over to where they were asked to come.
pub fn run(house: &mut House, plan: &Plan, now: ServerTime, effects: &mut Effects) {
    let due: Vec<PendingSummons> =
        house.order.pending.iter().filter(|summons| summons.at <= now).copied().collect();
    for summons in due {
        let outcome = match bring(house, plan, &summons, now, effects) {
            Some(()) => SummonsOutcome::Followed,
            None => SummonsOutcome::Failed,
        };
        end(house, summons.act, outcome, effects);
    }
}

fn end(house: &mut House, act: ActId, outcome: SummonsOutcome, effects: &mut Effects) {
    let Some(at) = house.order.pending.iter().position(|summons| summons.act == act) else { return };
    let PendingSummons { by, who, .. } = house.order.pending.remove(at);
    for hearer in [by, who] {
        effects.tell(hearer, SummonsEnded { act, participant: who, outcome }.into());
    }
}

/// None when there is no way: nobody is carried about who can not see it.
fn bring(
    house: &mut House,
    plan: &Plan,
    summons: &PendingSummons,
    now: ServerTime,
    effects: &mut Effects,
) -> Option<()> {
    let PendingSummons { who, space, seat, .. } = *summons;
    let person = house.people.get(who).filter(|person| person.is_connected())?;
    let (is_elsewhere, has_body) = (person.space != space, person.entity.is_some());
    if is_elsewhere {
        if has_body {
            let (floor, yaw) = house.arrival_place(plan, space, who)?;
            seats::free(house, who, effects);
            house.change_walker(who, |walker| walker.put(floor, yaw, now));
        }
        doors::enter(house, plan, who, space, PlacementCause::Asked, effects);
    }
    if let Some(seat) = seat {
        house.people.get_mut(who)?.sent_by_map_at = Some(now);
        seats::take(house, plan, who, seat, now, effects);
    }
    Some(())
}
