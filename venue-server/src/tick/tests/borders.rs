//! People on the two sides of an open door see each other; through the door of a locked room nobody is seen.

use super::*;
use venue_protocol::ActId;

/// One in the lounge and one in the hall, on the two sides of the opening.
fn on_both_sides() -> (Bench, usize, usize) {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let bo = bench.join("Bo");
    bench.ask(bo, ClientRequest::GoToSpace(GoToSpace { space: HALL }));
    bench.run(2);
    bench.walk(ada, Vec3::new(3.0, 0.0, 0.0));
    bench.run(20);
    (bench, ada, bo)
}

#[test]
fn through_an_open_door_the_others_are_seen_where_they_are() {
    let (mut bench, ada, bo) = on_both_sides();
    let (ada_id, bo_id) = (bench.id(ada), bench.id(bo));
    let at = bench.clients[bo].body.root;
    assert!(bench.clients[ada].seen_beyond[&bo_id].distance(at) < 0.05);
    assert!(bench.clients[bo].seen_beyond[&ada_id].distance(Vec3::new(3.0, 0.0, 0.0)) < 0.05);
    // Who is in one's own room is no neighbour.
    bench.walk(ada, Vec3::new(7.0, 0.0, 0.0));
    bench.run(20);
    assert!(bench.clients[bo].seen[&ada_id].distance(Vec3::new(7.0, 0.0, 0.0)) < 0.05);
}

#[test]
fn through_the_door_of_a_locked_room_nobody_is_seen() {
    let (mut bench, ada, bo) = on_both_sides();
    bench.venue.houses.values_mut().for_each(|running| running.house.order.lock(HALL, ActId(1)));
    bench.run(2);
    bench.clients[ada].seen_beyond.clear();
    bench.walk(bo, Vec3::new(8.0, 0.0, 1.0));
    bench.run(20);
    assert!(bench.clients[ada].seen_beyond.is_empty(), "the hall is closed to her");
    assert!(bench.clients[bo].seen_beyond.contains_key(&bench.id(ada)), "the lounge is open to him");
}

#[test]
fn who_is_blocked_is_not_seen_through_a_door_either() {
    let (mut bench, ada, bo) = on_both_sides();
    let block = venue_protocol::Block { participant: bench.id(bo) };
    bench.ask(ada, ClientRequest::Block(block));
    bench.run(5);
    bench.clients[ada].seen_beyond.clear();
    bench.clients[bo].seen_beyond.clear();
    bench.walk(bo, Vec3::new(9.0, 0.0, 0.0));
    bench.run(20);
    assert!(bench.clients[ada].seen_beyond.is_empty() && bench.clients[bo].seen_beyond.is_empty());
}
