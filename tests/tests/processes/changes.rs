//! What a crowd goes through in a running venue: other networks, and a server that is killed.

use crate::crowds::{PATIENCE, crowd, live_for_ticks, metric, server};
use load::Crowd;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;
use venue_model::Posture;
use venue_protocol::{GoToSpace, TakeSeat};

const DELEGATES: usize = 12;

/// Seats one of them, by the map.
fn seat_first(crowd: &mut Crowd) -> Posture {
    let package = venue_importer::tiny::open_tiny_package();
    let seat = package.manifest().seats.first().expect("the tiny venue has seats").clone();
    let is_there = |crowd: &Crowd| crowd.placed(0).is_some_and(|(space, ..)| space == seat.space);
    crowd.request(0, venue_protocol::ClientRequest::GoToSpace(GoToSpace { space: seat.space }));
    crowd.run_until(PATIENCE, "the first is in the space with seats", is_there).unwrap();
    crowd.request(0, venue_protocol::ClientRequest::TakeSeat(TakeSeat { seat: seat.id }));
    let sits = Posture::Seated(seat.id);
    let is_seated = |crowd: &Crowd| crowd.placed(0).is_some_and(|(.., posture)| posture == sits);
    crowd.run_until(PATIENCE, "the first sits", is_seated).unwrap();
    sits
}

/// Datagrams of all that reach the server in so many of its ticks.
fn heard_in(crowd: &mut Crowd, server: &xtask::demo::server::Server, ticks: f64) -> f64 {
    let name = "vev_datagrams_in_total";
    let (before, ticks_before) = (metric(server, name), metric(server, "vev_ticks_total"));
    live_for_ticks(crowd, server, ticks);
    (metric(server, name) - before) / (metric(server, "vev_ticks_total") - ticks_before)
}

#[test]
fn whoever_changes_networks_keeps_seat_number_and_place() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let mut crowd = crowd(&server, DELEGATES);
    let sits = seat_first(&mut crowd);
    let ids: Vec<_> = crowd.bots().iter().map(load::bot::Bot::id).collect();
    let heard = heard_in(&mut crowd, &server, 60.0);
    for (from, what) in [(None, "port"), (Some(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2))), "address")] {
        let places: Vec<_> = (0..DELEGATES).map(|number| crowd.placed(number)).collect();
        for number in 0..DELEGATES {
            crowd.change_network(number, from).unwrap();
        }
        let heard_now = heard_in(&mut crowd, &server, 60.0);
        assert!(heard_now > 0.7 * heard, "another {what}: {heard_now} datagrams a tick after {heard}");
        assert_eq!(crowd.lost(), 0, "another {what}");
        assert!(crowd.bots().iter().all(|bot| bot.welcomes() == 1 && bot.is_inside()), "another {what}");
        assert_eq!(crowd.bots().iter().map(load::bot::Bot::id).collect::<Vec<_>>(), ids);
        assert_eq!((0..DELEGATES).map(|number| crowd.placed(number)).collect::<Vec<_>>(), places);
        assert!(crowd.placed(0).is_some_and(|(.., posture)| posture == sits));
        // The others' watchers see who walks where they are, so their poses arrive, and come back to all.
        let watcher = (0..DELEGATES).find(|number| crowd.bots()[*number].watches() && *number != 0).unwrap();
        live_for_ticks(&mut crowd, &server, 30.0);
        let shown = crowd.shown(watcher);
        assert!(shown.len() >= DELEGATES - 2, "{} are shown", shown.len());
        for (number, shown, truth) in shown {
            let off = shown.root.distance(truth.root);
            assert!(off < 1.5, "another {what}: {number} is shown {off} m from where it is");
        }
    }
    server.stop().unwrap();
}

#[test]
fn everybody_is_back_with_the_same_number_after_the_server_was_killed() {
    const CROWD: usize = 60;
    let folder = tempfile::tempdir().unwrap();
    let mut server = server(folder.path());
    let mut crowd = crowd(&server, CROWD);
    let ids: Vec<_> = crowd.bots().iter().map(load::bot::Bot::id).collect();
    // They live on while the server is dead, as clients do.
    std::thread::scope(|scope| {
        let restart = scope.spawn(|| server.kill_and_restart().unwrap());
        while !restart.is_finished() {
            crowd.step().unwrap();
        }
    });
    let serves = Instant::now();
    crowd
        .run_until(PATIENCE, "all are back", |crowd| {
            crowd.bots().iter().all(|bot| bot.welcomes() >= 2 && bot.is_inside())
        })
        .unwrap();
    println!("all {CROWD} are back {:.2} s after the server serves again", serves.elapsed().as_secs_f64());
    assert_eq!(crowd.bots().iter().map(load::bot::Bot::id).collect::<Vec<_>>(), ids);
    assert!(crowd.bots().iter().all(|bot| bot.welcomes() == 2), "each came in once");
    server.stop().unwrap();
}
