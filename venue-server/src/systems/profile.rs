//! Looks and language: the person's own choice, and everybody sees it.
//!
//! It must not know what the looks are.

use crate::systems::presence;
use crate::world::{Effects, House, Person};
use venue_model::{Language, ParticipantId, ServerTime};
use venue_protocol::Appearance;

/// Changes the looks.
pub fn set_appearance(
    house: &mut House,
    who: ParticipantId,
    appearance: Appearance,
    now: ServerTime,
    effects: &mut Effects,
) {
    change(house, who, now, effects, |person| {
        std::mem::replace(&mut person.appearance, appearance) != appearance
    });
}

/// Changes the language.
pub fn set_language(
    house: &mut House,
    who: ParticipantId,
    language: Language,
    now: ServerTime,
    effects: &mut Effects,
) {
    change(house, who, now, effects, |person| {
        std::mem::replace(&mut person.participant.language, language) != language
    });
}

/// Makes a change and tells everybody if it is one. Beyond the person's limit it is
/// dropped: the choice counts again from the next change or join on.
fn change(
    house: &mut House,
    who: ParticipantId,
    now: ServerTime,
    effects: &mut Effects,
    make: impl FnOnce(&mut Person) -> bool,
) {
    let Some(person) = house.people.get_mut(who) else { return };
    if person.limits.changes.take(now) && make(person) {
        presence::changed(house, who, effects);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::testing;
    use glam::Vec3;

    #[test]
    fn everybody_hears_of_a_change_and_only_of_a_change() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let mut set = |language| {
            let mut effects = Effects::default();
            set_language(&mut house, ada, language, ServerTime(0), &mut effects);
            effects.messages.len()
        };
        assert_eq!(set(Language::Fr), 1);
        assert_eq!(set(Language::Fr), 0);
        assert_eq!(set(Language::Ar), 1);
    }

    #[test]
    fn nobody_is_flooded_with_changes() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let mut effects = Effects::default();
        for avatar in 1..=200 {
            let looks = Appearance { avatar, ..Appearance::default() };
            set_appearance(&mut house, ada, looks, ServerTime(0), &mut effects);
        }
        assert!(effects.messages.len() <= 12, "{}", effects.messages.len());
    }
}
