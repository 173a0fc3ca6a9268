//! Other people's replication with the same crowd: bits and CPU time of an update, beside ours in the same program.

use super::codec::value;
use super::figure::Figure;
use crate::process::{cargo, output, repository, run, target};
use anyhow::{Context as _, Result, ensure};
use std::path::Path;
use std::process::Command;

/// The peers as the program calls them, and as people do.
const PEERS: [(&str, &str); 4] = [
    ("replicon", "bevy_replicon 0.45.5"),
    ("replicon-diffs", "bevy_replicon 0.45.5, differences"),
    ("lightyear", "lightyear 0.31.0"),
    ("lightyear-diffs", "lightyear 0.31.0, differences"),
];

/// So many people who all see each other that ours sends everybody at the full rate to each: an update beside an update.
const NEAR: u32 = 41;

/// So many that ours sends most of them more coarsely and more seldom, as the product does; the peers send all at the
/// full rate, because they know nothing of bodies. What a listener gets, beside what a listener gets.
const HALL: u32 = 200;

/// Errors that an update may have: millimetres, degrees.
const BOUNDS: [(&str, f64); 2] = [("worst_mm", 2.0), ("worst_degrees", 0.2)];

/// Builds the program of all peers, runs it, and prints a table and the figures of each crowd.
pub fn compare(recording: &Path) -> Result<()> {
    let folder = target().join("peers");
    let mut command = cargo(&["build", "--release", "--quiet", "--locked", "--ignore-rust-version"]);
    command.arg("--manifest-path").arg(repository().join("peers/replication-peer/Cargo.toml"));
    run(command.env("CARGO_TARGET_DIR", &folder))?;
    let names: Vec<&str> = ["ours"].into_iter().chain(PEERS.map(|(name, _)| name)).collect();
    let mut command = Command::new(folder.join("release/replication-peer"));
    command.arg(recording).arg(names.join(",")).args([NEAR, HALL].map(|people| people.to_string()));
    let said = output(&mut command)?;
    println!(
        "{NEAR} people who all see each other, everybody 30 times a second, head and two hands within 2 mm and 0.2°, \
         nothing lost"
    );
    names.iter().try_for_each(|name| is_within_bounds(line_of(&said, name, NEAR)?))?;
    let of_updates = [("bits_per_update", "bit"), ("cpu_ns_per_update", "ns")];
    table(&said, NEAR, of_updates)?.into_iter().for_each(|line| println!("{line}"));
    println!("{HALL} of them: ours as the product sends them, the others everybody 30 times a second");
    let of_listeners = [("kbit_per_listener", "kbit/s"), ("tick_ms", "ms")];
    table(&said, HALL, of_listeners)?.into_iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// What a listener has after a tick is the truth of that tick.
fn is_within_bounds(line: &str) -> Result<()> {
    for (key, most) in BOUNDS {
        let worst = value(line, key).with_context(|| format!("{key} in {line}"))?;
        ensure!(worst <= most, "not at the same error, {most} at most: {line}");
    }
    Ok(())
}

/// A line for each peer, and these figures of each with ours.
fn table(said: &str, people: u32, keys: [(&str, &'static str); 2]) -> Result<Vec<String>> {
    let ours = line_of(said, "ours", people)?;
    let mut lines = vec![row("ours", ours)?];
    let mut figures = Vec::new();
    for (name, spoken) in PEERS {
        let theirs = line_of(said, name, people)?;
        lines.push(row(spoken, theirs)?);
        for (key, unit) in keys {
            let [measured, peer] = [ours, theirs].map(|line| value(line, key));
            let (measured, peer) = measured.zip(peer).with_context(|| format!("{key} of {name}"))?;
            lines.push(format!("    {key}: ours is {:.2} of it", measured / peer));
            let name = format!("codec.crowd-{people}.{key}");
            figures
                .push(Figure { name: &name, measured, unit, goal: None, peer: Some((spoken, peer)) }.line());
        }
    }
    lines.extend(figures);
    Ok(lines)
}

fn line_of<'a>(said: &'a str, peer: &str, people: u32) -> Result<&'a str> {
    let begins = format!("peer={peer} people={people} ");
    let line = said.lines().find(|line| line.starts_with(&begins));
    line.with_context(|| format!("no measurement of {peer} with {people} in: {said}"))
}

fn row(name: &str, line: &str) -> Result<String> {
    let get = |key| value(line, key).with_context(|| format!("{key} in {line}"));
    let bits = get("bits_per_update")?;
    ensure!(bits > 0.0, "{name} sent nothing");
    Ok(format!(
        "  {name:<38} {bits:>6.1} bit and {:>6.1} ns CPU an update; {:>5.0} kbit/s a listener, {:>7.3} ms CPU a tick",
        get("cpu_ns_per_update")?,
        get("kbit_per_listener")?,
        get("tick_ms")?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_peer_stands_beside_ours() {
        let line = |peer: &str, bits: u32| {
            format!(
                "peer={peer} people=41 bits_per_update={bits} kbit_per_listener=9 tick_ms=1 cpu_ns_per_update=50 \
                 worst_mm=1.9 worst_degrees=0.19\n"
            )
        };
        let all = [
            ("ours", 80),
            ("replicon", 240),
            ("replicon-diffs", 200),
            ("lightyear", 320),
            ("lightyear-diffs", 160),
        ];
        let said: String = all.map(|(peer, bits)| line(peer, bits)).concat();
        let keys = [("bits_per_update", "bit"), ("cpu_ns_per_update", "ns")];
        let lines = table(&said, NEAR, keys).unwrap();
        let at = lines.iter().position(|line| line.contains("lightyear 0.31.0 ")).unwrap();
        assert_eq!(lines[at + 1], "    bits_per_update: ours is 0.25 of it");
        assert!(table(&said, HALL, keys).is_err());
    }

    #[test]
    fn who_is_farther_off_is_not_compared() {
        assert!(is_within_bounds("worst_mm=2.0 worst_degrees=0.2").is_ok());
        assert!(is_within_bounds("worst_mm=2.1 worst_degrees=0.2").is_err());
        assert!(is_within_bounds("worst_mm=2.0").is_err());
    }
}
