//! People see each other move, on a bad network too.

use glam::{Vec2, Vec3};
use tests::stepper::Stepper;
use tests::virtual_network::Conditions;
use venue_model::ServerTime;

/// Where the walker was and when, so that what is shown can be held against the moment that it is shown of.
#[derive(Default)]
struct History(Vec<(ServerTime, Vec3)>);

impl History {
    fn note(&mut self, stepper: &Stepper, walker: usize) {
        let core = &stepper.delegates[walker].core;
        self.0.extend(core.server_time().map(|time| (time, core.body().pose().root)));
    }

    /// Where the walker was at this moment, between two steps.
    fn at(&self, moment: ServerTime) -> Vec3 {
        let next = self.0.partition_point(|(time, _)| *time <= moment).clamp(1, self.0.len() - 1);
        let ((from, start), (to, end)) = (self.0[next - 1], self.0[next]);
        let part = moment.micros_since(from) as f32 / to.micros_since(from).max(1) as f32;
        start.lerp(end, part.clamp(0.0, 1.0))
    }
}

fn walk_and_stop(seed: u64, conditions: Conditions) {
    let mut stepper = Stepper::new(seed, conditions);
    let (walker, watcher) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    let walker_id = stepper.id(walker);
    stepper.run_until("the walker is seen", 5.0, |s| s.delegates[watcher].sees(walker_id).is_some());
    let mut history = History::default();
    let mut worst: f32 = 0.0;
    // A square with rounded corners around the room, at walking speed.
    for step in 0..800 {
        let intent = &mut stepper.delegates[walker].intent;
        intent.walk = Vec2::Y;
        intent.turn = if step % 100 < 30 { 0.05 } else { 0.0 };
        stepper.step();
        history.note(&stepper, walker);
        if step > 100 {
            let shown = stepper.delegates[watcher].sees(walker_id).expect("the walker stays visible");
            let moment =
                stepper.delegates[watcher].core.shown_moment(walker_id).expect("it is shown of a moment");
            worst = worst.max(history.at(moment).distance(shown.root));
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
    // Exactly what the wire's steps make of the truth.
    let origin = stepper.delegates[watcher].core.space_origin().expect("the watcher is in a space");
    let exact = venue_replication::quantised(&truth, origin);
    assert_eq!((shown.root, shown.yaw), (exact.root, exact.yaw), "seed {seed}");
}

#[test]
fn a_walker_is_shown_where_they_walk_on_a_good_network() {
    walk_and_stop(1, Conditions::GOOD);
}

#[test]
fn a_walker_is_shown_where_they_walk_on_a_bad_network() {
    for seed in [2, 3, 5, 7, 11, 13, 17, 19, 23, 29] {
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
