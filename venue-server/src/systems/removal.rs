//! Removal at once: a revoked invitation, an erased person, a closed event.
//!
//! It must not know who decided it or how it was noticed.

use crate::store::StoreChange;
use crate::systems::absence;
use crate::world::{Effects, Ending, House, Person, Plan};

/// Shows out everybody whom a change concerns.
pub fn apply(house: &mut House, plan: &Plan, change: &StoreChange, effects: &mut Effects) {
    let concerns = |person: &&Person| match change {
        StoreChange::InvitationRevoked { invitation, .. } => person.account.invitation == *invitation,
        StoreChange::PersonErased { person: erased } => person.account.person == *erased,
        StoreChange::EventClosed { event } => house.event.id == *event,
    };
    let ending = match change {
        StoreChange::EventClosed { .. } => Ending::EventClosed,
        StoreChange::InvitationRevoked { reason, .. } if !reason.trim().is_empty() => {
            Ending::removed(reason.trim())
        }
        StoreChange::InvitationRevoked { .. } => {
            Ending::removed("the organiser has withdrawn the invitation")
        }
        StoreChange::PersonErased { .. } => {
            Ending::removed("everything about you was erased from the server")
        }
    };
    let concerned: Vec<_> =
        house.people.iter().filter(concerns).map(|person| person.participant.id).collect();
    if let StoreChange::PersonErased { person } = change {
        house.blocks.forget(*person);
    }
    for who in concerned {
        effects.endings.push((who, ending.clone()));
        absence::leave(house, plan, who, effects);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{EventId, InvitationId, PersonId};
    use crate::world::testing;
    use glam::Vec3;
    use venue_model::ParticipantId;

    fn revoked(number: i64, reason: &str) -> StoreChange {
        let (invitation, person) = (InvitationId(number), PersonId(number));
        StoreChange::InvitationRevoked { invitation, person, reason: reason.into() }
    }

    #[test]
    fn the_organisers_words_are_told_and_else_ours() {
        let told = |change| {
            let (plan, mut house) = testing::plan_and_house();
            testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
            let mut effects = Effects::default();
            apply(&mut house, &plan, &change, &mut effects);
            match effects.endings.pop() {
                Some((_, Ending::Removed { why })) => why.to_string(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(told(revoked(1, "left the delegation")), "left the delegation");
        assert_eq!(told(revoked(1, " ")), "the organiser has withdrawn the invitation");
        assert!(told(StoreChange::PersonErased { person: PersonId(1) }).contains("erased"));
        assert_eq!(told(revoked(1, &"x".repeat(900))).len(), 200);
    }

    fn check(change: &StoreChange, gone: &[u32]) {
        let (plan, mut house) = testing::plan_and_house();
        for n in 1..=3 {
            testing::let_in(&mut house, &plan, n, Vec3::ZERO);
        }
        let mut effects = Effects::default();
        apply(&mut house, &plan, change, &mut effects);
        let gone: Vec<_> = gone.iter().copied().map(ParticipantId).collect();
        assert_eq!(effects.endings.iter().map(|(who, _)| *who).collect::<Vec<_>>(), gone);
        assert!(gone.iter().all(|&who| house.people.get(who).is_none()));
        assert_eq!(house.people.len(), 3 - gone.len());
    }

    #[test]
    fn a_change_shows_out_whom_it_concerns() {
        let revoked = |n| revoked(n, "");
        check(&revoked(2), &[2]);
        check(&revoked(9), &[]);
        check(&StoreChange::PersonErased { person: PersonId(3) }, &[3]);
        check(&StoreChange::EventClosed { event: EventId(1) }, &[1, 2, 3]);
        check(&StoreChange::EventClosed { event: EventId(7) }, &[]);
    }
}
