//! A server that is behind leaves ticks out, and loses nothing by it but smoothness.

use super::*;

/// Bytes of datagrams that the server sent while somebody walks, a step a tick; every `kept`-th tick finds the network ready.
fn bytes_of_a_walk(bench: &mut Bench, walker: usize, ticks: u32, kept: u32) -> u64 {
    let before = bench.venue.counters.datagram_bytes_out;
    for tick in 0..ticks {
        bench.network.fall_behind(tick % kept != 0);
        let from = bench.clients[walker].body.root;
        bench.clients[walker].body = BodyPose::standing(from + Vec3::Z * 0.04, 0.0);
        bench.run(1);
    }
    bench.network.fall_behind(false);
    bench.venue.counters.datagram_bytes_out - before
}

#[test]
fn ticks_that_are_left_out_cost_no_states_and_nobody_is_lost() {
    let mut bench = Bench::new();
    let (ada, bo) = (bench.join("Ada"), bench.join("Bo"));
    bench.run(30);
    let all = bytes_of_a_walk(&mut bench, ada, 30, 1);
    let third = bytes_of_a_walk(&mut bench, ada, 30, 3);
    assert_eq!(bench.venue.counters.ticks_unsent, 20);
    assert!(
        third < all / 2,
        "{third} bytes in a third of the ticks, {all} in all: states instead of updates"
    );
    let (seen, at) = (bench.clients[bo].seen[&bench.id(ada)], bench.clients[ada].body.root);
    assert!(seen.distance(at) < 0.15, "{seen} is not {at}");
    bench.run(20);
    let (seen, at) = (bench.clients[bo].seen[&bench.id(ada)], bench.clients[ada].body.root);
    assert!(seen.distance(at) < 0.01, "{seen} is not {at}");
}

#[test]
fn what_is_no_body_is_sent_all_the_same() {
    let mut bench = Bench::new();
    let (ada, bo) = (bench.join("Ada"), bench.join("Bo"));
    bench.network.fall_behind(true);
    bench.ask(bo, ClientRequest::GoToSpace(GoToSpace { space: HALL }));
    bench.run(5);
    assert_eq!(bench.clients[ada].people[&bench.id(bo)].space, HALL);
}
