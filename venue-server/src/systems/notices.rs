//! What makes somebody matter to others beside being near: who writes for all to read, leads, has the hand up, or
//! comes from the same delegation. Replication gives them more of its bits.
//!
//! It must not know rings or datagrams.

use crate::world::{House, Person};
use glam::Vec3;
use venue_model::{BodyPose, Delegation, Role, TICK_HZ, Tick};
use venue_replication::Notice;

/// Looked at so many times a second.
const LOOKS_PER_SECOND: u32 = 5;

/// Brings everybody's notice up to date now and then.
pub fn run(house: &mut House, tick: Tick) {
    if !tick.0.is_multiple_of(TICK_HZ / LOOKS_PER_SECOND) {
        return;
    }
    let wanted: Vec<_> = house
        .people
        .iter()
        .filter_map(|person| Some((person.space, person.entity?, notice_of(person))))
        .collect();
    for (space, entity, notice) in wanted {
        house.set_notice(space, entity, notice);
    }
}

fn notice_of(person: &Person) -> Notice {
    Notice {
        is_speaking: person.live.is_some(),
        leads: person.participant.role != Role::Participant,
        has_hand_up: person.hand_since.is_some(),
        delegation: delegation(&person.participant.delegation),
    }
}

/// A number that delegations of the same name share; 0 for none.
pub fn delegation(name: &Delegation) -> u32 {
    // FNV-1a: two delegations with the same number would only see each other a little more sharply.
    let hash = name
        .as_str()
        .bytes()
        .fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    if name.as_str().is_empty() { 0 } else { hash.max(1) }
}

/// Which way a body looks along the floor; zero for who looks straight up or down.
pub fn facing(pose: &BodyPose) -> Vec3 {
    let ahead = pose.head_in_building().orientation * Vec3::NEG_Z;
    Vec3::new(ahead.x, 0.0, ahead.z).normalize_or_zero()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::testing;
    use venue_model::{BoundedText, ServerTime};

    #[test]
    fn delegations_are_told_apart_and_none_is_none() {
        let of = |name: &str| delegation(&BoundedText::lossy(name));
        assert_eq!(of(""), 0);
        assert_eq!(of("CHE"), of("CHE"));
        assert_ne!(of("CHE"), of("ITU-R"));
    }

    #[test]
    fn who_has_the_hand_up_is_noticed_within_a_moment() {
        let (plan, mut house) = testing::plan_and_house();
        let who = testing::let_in(&mut house, &plan, 3, Vec3::ZERO);
        let noticed = |house: &mut House| {
            (1..=TICK_HZ).for_each(|tick| run(house, Tick(tick)));
            house.notice(who).unwrap_or_default().has_hand_up
        };
        assert!(!noticed(&mut house));
        house.people.get_mut(who).unwrap().hand_since = Some(ServerTime(5));
        assert!(noticed(&mut house));
        house.people.get_mut(who).unwrap().hand_since = None;
        assert!(!noticed(&mut house));
    }

    #[test]
    fn a_body_looks_where_its_head_is_turned() {
        let body = BodyPose::standing(Vec3::ZERO, std::f32::consts::FRAC_PI_2);
        assert!(facing(&body).abs_diff_eq(Vec3::NEG_X, 1e-6));
    }
}
