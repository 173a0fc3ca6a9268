//! Hands that hold no controller, as `XR_EXT_hand_interaction` tells of them: a pinch points, presses and jumps, a fist is the
//! microphone's button or the menu's; and what they do without meaning it.

use crate::person::{KNOWS, Person, place_of};
use crate::remote::Hand;
use glam::Vec3;
use tests::delegates::run_until;
use venue_model::BodyPose;

/// How far from where it was aimed a jump may end.
const METRES: f32 = 0.05;

#[test]
fn a_pinch_points_presses_and_jumps_and_fists_open_the_menu_and_the_microphone() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::put_on_bare(folder.path(), |setup| setup);
    person.worn.wait_for("hand_interaction_ext");
    // The first minute has the words for hands.
    person.worn.until("the words", "panels ", |told| told.contains("Pinch thumb").then_some(()));
    person.press("Skip");

    let place = Vec3::new(1.0, 0.0, 1.5);
    person.aim(place, "allowed=true");
    person.trigger(false);
    person.see("a jump", |body| body.root.distance(place) < METRES);

    person.open_menu("Raise hand");
    person.scroll_to("Raise hand");
    person.press("Raise hand");
    person.see_hand_up();

    person.close(Hand::Left);
    let is_told = |told: &str| told.contains("microphone is closed").then_some(());
    person.worn.until("the microphone's notice", "panels ", is_told);

    let fingers = |body: &BodyPose, side: usize| body.fingers[side].map(|fingers| fingers.curls());
    let body = person.see("both hands", |body| body.hands.iter().all(Option::is_some));
    for side in [0, 1] {
        let curls = fingers(&body, side).unwrap();
        assert!(curls[1..].iter().all(|curl| (0.1..0.6).contains(curl)), "{curls:?}");
    }
    person.leave();
}
