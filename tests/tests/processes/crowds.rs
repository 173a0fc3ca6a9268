//! Simulated delegates in the tiny venue at a real server process, for tests that need many.

use crate::delegates::tiny_venue;
use load::bot::Stage;
use load::{Clip, Crowd, CrowdConfig, Ground, Invitation};
use std::path::Path;
use std::time::Duration;
use xtask::demo::server::Server;
use xtask::load::server::Measured;

/// Far beyond what a loaded machine needs.
pub const PATIENCE: Duration = Duration::from_secs(150);

/// A server in the tiny venue.
pub fn server(folder: &Path) -> Server {
    tiny_venue(folder);
    Server::start(&super::programs(), folder).unwrap()
}

/// So many delegates, who are inside; some of them watch.
pub fn crowd(server: &Server, count: usize) -> Crowd {
    let names: Vec<String> = (0..count).map(|number| format!("Delegate {number}")).collect();
    let people: Vec<_> = names.iter().map(|name| (name.as_str(), "CHE", "en")).collect();
    let links = server.invite(&people).unwrap();
    let mut crowd = unconnected(&links);
    crowd.run_until(PATIENCE, "all are inside", |crowd| crowd.inside() == count).unwrap();
    crowd
}

/// Delegates with these links, who will come in when they are stepped.
pub fn unconnected(links: &[String]) -> Crowd {
    let invitations = links.iter().map(|link| Invitation::parse(link).unwrap()).collect();
    let ground = Ground::of(&venue_importer::tiny::open_tiny_package()).unwrap();
    let stage = Stage { ground, clip: Clip::made_up() };
    Crowd::new(CrowdConfig { invitations, stage, speaking: 0, watchers: 4, coming_in: 48 }).unwrap()
}

/// A counter or gauge of the server's.
pub fn metric(server: &Server, name: &str) -> f64 {
    *Measured::of(server).unwrap().metrics.get(name).expect("the server counts it")
}

/// Lives on until the server has taken so many ticks more: its clock, not ours.
pub fn live_for_ticks(crowd: &mut Crowd, server: &Server, ticks: f64) {
    let name = "vev_ticks_total";
    let end = metric(server, name) + ticks;
    while metric(server, name) < end {
        for _ in 0..100 {
            crowd.step().unwrap();
        }
    }
}
