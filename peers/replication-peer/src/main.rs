//! The same crowd of recorded people with three kinds of replication: our own, bevy_replicon, lightyear. Everybody
//! sees everybody thirty times a second, head and two hands within 2 mm and 0.2°; no datagram is lost.
//!
//! Run by `cargo xtask bench codec`; prints a line of `name=value` words for each measurement.

mod crowd;
mod lightyear_peer;
mod ours;
mod packed;
mod replicon;
mod ways;

use anyhow::Context as _;
use crowd::Crowd;
use load::Recording;
use ways::{Diffs, Whole};

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let path = words.next().context("which recording, which peers, how many people?")?;
    let peers = words.next().context("which peers, e.g. ours,replicon,lightyear?")?;
    let people: Vec<u32> = words.filter_map(|word| word.parse().ok()).collect();
    for count in people {
        let crowd = Crowd::of(Recording::read(std::path::Path::new(&path))?, count);
        for peer in peers.split(',') {
            let outcome = match peer {
                "ours" => ours::measure(&crowd),
                "replicon" => replicon::measure::<Whole>(&crowd),
                "replicon-diffs" => replicon::measure::<Diffs>(&crowd),
                "lightyear" => lightyear_peer::measure::<Whole>(&crowd),
                "lightyear-diffs" => lightyear_peer::measure::<Diffs>(&crowd),
                other => anyhow::bail!("there is no peer {other}"),
            };
            println!("peer={peer} people={count} {outcome}");
        }
    }
    Ok(())
}
