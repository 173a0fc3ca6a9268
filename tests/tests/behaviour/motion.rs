//! People see each other move, on a bad network too.

use glam::Vec2;
use tests::stepper::{STEP_MICROS, Stepper};
use tests::virtual_network::Conditions;
use venue_model::BodyPose;

/// The truth at every step, so that what is shown can be held against when it was shown of.
struct History(Vec<BodyPose>);

impl History {
    /// Distance between what is shown and the nearest truth of the last `secs`, metres. A client shows the past
    /// by its delay; a right picture of a moment ago is right.
    fn error(&self, shown: &BodyPose, secs: f64) -> f32 {
        let steps = (secs * 1e6 / STEP_MICROS as f64) as usize;
        let recent = self.0.iter().rev().take(steps);
        recent.map(|truth| truth.root.distance(shown.root)).fold(f32::INFINITY, f32::min)
    }
}

fn walk_and_stop(seed: u64, conditions: Conditions) {
    let mut stepper = Stepper::new(seed, conditions);
    let (walker, watcher) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    let walker_id = stepper.id(walker);
    stepper.run_until("the walker is seen", 5.0, |s| s.delegates[watcher].sees(walker_id).is_some());
    let mut history = History(Vec::new());
    let mut worst: f32 = 0.0;
    // A square with rounded corners around the room, at walking speed.
    for step in 0..800 {
        let intent = &mut stepper.delegates[walker].intent;
        intent.walk = Vec2::Y;
        intent.turn = if step % 100 < 30 { 0.05 } else { 0.0 };
        stepper.step();
        history.0.push(*stepper.delegates[walker].core.body().pose());
        if step > 100 {
            let shown = stepper.delegates[watcher].sees(walker_id).expect("the walker stays visible");
            worst = worst.max(history.error(&shown, 0.5));
        }
    }
    assert!(worst < 0.10, "seed {seed}: shown {worst} m beside the truth");
    stepper.delegates[walker].intent.walk = Vec2::ZERO;
    stepper.delegates[walker].intent.turn = 0.0;
    stepper.run_secs(2.0);
    let truth = *stepper.delegates[walker].core.body().pose();
    let shown = stepper.delegates[watcher].sees(walker_id).expect("the walker stays visible");
    stepper.run_secs(1.0);
    assert_eq!(stepper.delegates[watcher].sees(walker_id), Some(shown), "a body at rest does not tremble");
    // The wire carries whole millimetres and parts of degrees.
    assert!(shown.root.distance(truth.root) < 0.002, "seed {seed}: {} beside {}", shown.root, truth.root);
    assert!(
        (shown.yaw - truth.yaw).rem_euclid(std::f32::consts::TAU) < 0.01
            || (truth.yaw - shown.yaw).rem_euclid(std::f32::consts::TAU) < 0.01
    );
}

#[test]
fn a_walker_is_shown_where_they_walk_on_a_good_network() {
    walk_and_stop(1, Conditions::GOOD);
}

#[test]
fn a_walker_is_shown_where_they_walk_on_a_bad_network() {
    for seed in [2, 3, 5, 7, 11] {
        walk_and_stop(seed, Conditions::BAD);
    }
}

#[test]
fn what_is_shown_does_not_lag_by_more_than_the_network_asks_for() {
    let mut stepper = Stepper::new(4, Conditions::BAD);
    let (walker, watcher) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    let walker_id = stepper.id(walker);
    stepper.run_secs(3.0);
    stepper.delegates[walker].intent.walk = Vec2::Y;
    let start = stepper.root(walker);
    let begun = stepper.now_micros();
    stepper.run_until("the watcher sees the walker leave", 2.0, |s| {
        s.delegates[watcher].sees(walker_id).is_some_and(|shown| shown.root.distance(start) > 0.2)
    });
    // Up and down take at most 2 × 55 ms, a tick each side and the walk of 0.2 m take their time too.
    let micros = stepper.now_micros() - begun;
    assert!(micros < 600_000, "{micros} µs until the walk was seen");
}
