//! How long a newcomer waits on a slow line: real server and client processes with a shaped line between them, an
//! empty cache each time. Beside it CesiumJS in a headless Chromium, with the same tiles from the same server over
//! HTTPS through a line of the same shape, from the same place.

use super::figure::Figure;
use super::shaper::{Shape, TcpLine, UdpLine};
use super::start::{Client, Start, median};
use crate::demo::scratch;
use crate::demo::server::Server;
use crate::install;
use crate::process::{output, repository};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

/// What to measure with.
#[derive(clap::Args)]
pub struct Args {
    /// Programs that are already built, e.g. target/release.
    #[arg(long)]
    programs: Option<PathBuf>,
    /// The folder of the venue package; without it the sample venue.
    #[arg(long, value_name = "FOLDER")]
    venue: Option<PathBuf>,
    /// Clients that start one after the other; the median counts.
    #[arg(long, default_value_t = 5)]
    clients: usize,
    /// Size of the pictures. Small ones leave the processors, which paint them here, to the rest.
    #[arg(long, default_value = "320x200")]
    size: String,
    /// Leaves CesiumJS out.
    #[arg(long)]
    without_peer: bool,
}

/// Pixels of error that our client allows; CesiumJS is asked for the same view with the same.
const OUR_ERROR: u32 = 8;

/// Goes in, waits until nothing more is wanted for the view, and goes out.
const SCRIPT: &str = "timeout 120\nwait inside\nwait loaded\nscreenshot view\nquit\n";

/// Megabytes of one arrival, as the line counted them on their way to the client.
#[derive(Clone, Copy, Debug)]
struct Fetched {
    until_inside: f64,
    for_view: f64,
}

/// Measures, and prints a table and the figures.
pub fn run(args: &Args) -> Result<()> {
    let programs = match &args.programs {
        Some(folder) => folder.canonicalize().context("--programs names no folder")?,
        None => super::programs()?,
    };
    let venue = args.venue.clone().unwrap_or_else(|| repository().join("assets/venues/geneva/package"));
    let venue = venue.canonicalize().context("--venue names no folder")?;
    let folder = scratch("bench-first-frame")?;
    std::fs::create_dir_all(folder.join("server"))?;
    let hosted =
        toml::Table::from_iter([("package".to_owned(), toml::Value::from(&*venue.to_string_lossy()))]);
    let config = toml::Table::from_iter([("venue".to_owned(), toml::Value::Table(hosted))]);
    std::fs::write(folder.join("server/venue-server.toml"), toml::to_string(&config)?)?;
    let server = Server::start(&programs, &folder.join("server"))?;
    let names: Vec<String> = (0..args.clients.max(1)).map(|number| format!("Visitor {number}")).collect();
    let people: Vec<_> = names.iter().map(|name| (name.as_str(), "VEV", "")).collect();
    let (mut starts, mut fetched) = (Vec::new(), Vec::new());
    for (number, link) in server.invite(&people)?.iter().enumerate() {
        let own = folder.join(format!("client-{number}"));
        let (start, bytes) = arrive(&programs, &own, link, server.port, &args.size)?;
        println!(
            "  client {number}: first picture {:.2} s, inside {:.2} s with {:.2} MB; the whole view {:.2} MB",
            start.first_frame, start.inside, bytes.until_inside, bytes.for_view
        );
        starts.push(start);
        fetched.push(bytes);
    }
    let peer = if args.without_peer { None } else { Some(cesium(&folder, &venue, server.port, &args.size)?) };
    server.stop()?;
    std::fs::remove_dir_all(&folder).ok();
    print!("{}", report(median(&starts), middle(&fetched), peer.as_ref(), args));
    Ok(())
}

/// One client with an empty cache, on a line of its own.
fn arrive(programs: &Path, folder: &Path, link: &str, port: u16, size: &str) -> Result<(Start, Fetched)> {
    let line = UdpLine::start(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), Shape::HOME)?;
    let link = link.replacen(&format!(":{port}/"), &format!(":{}/", line.address.port()), 1);
    let until_inside = AtomicU64::new(0);
    let client = Client { programs, folder, link: &link, size, script: SCRIPT };
    let start = client.start(|| until_inside.store(line.down.bytes(), Ordering::Relaxed))?;
    let megabytes = |bytes: u64| bytes as f64 * 1e-6;
    let until_inside = megabytes(until_inside.into_inner());
    Ok((start, Fetched { until_inside, for_view: megabytes(line.down.bytes()) }))
}

/// What CesiumJS needed.
#[derive(Debug)]
struct Peer {
    version: String,
    /// Until the last byte was here.
    fetched_seconds: f64,
    /// Until the view was drawn.
    seconds: f64,
    megabytes: f64,
}

/// CesiumJS from where the first client stood. Its own program comes unshaped, as ours is installed.
fn cesium(folder: &Path, venue: &Path, port: u16, size: &str) -> Result<Peer> {
    install::debian(&["chromium"])?;
    install::readers()?;
    let line = TcpLine::start(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), Shape::HOME)?;
    let proof: Value = serde_json::from_slice(&std::fs::read(folder.join("client-0/view.json"))?)?;
    let mut camera = proof["camera"].clone();
    camera["size"] = proof["size"].clone();
    let manifest = std::fs::read(venue.join("venue.json"))?;
    let key = Sha256::digest(manifest).iter().fold(String::new(), |mut key, byte| {
        // Writing into a text does not fail.
        write!(key, "{byte:02x}").ok();
        key
    });
    let url = format!("https://127.0.0.1:{}/venues/{key}/tileset.json", line.address.port());
    let out = folder.join("cesium.png");
    let wish = json!({"url": url, "camera": camera, "error": OUR_ERROR, "seconds": 300, "out": out});
    let script = repository().join("tests/standards/draw.mjs");
    let told = output(Command::new("node").arg(script).arg(wish.to_string()))?;
    let told: Value = serde_json::from_str(&told).context("CesiumJS's driver said something else")?;
    println!("  CesiumJS at {size}: {told}");
    let number = |field: &str| told[field].as_f64().with_context(|| format!("the driver told no {field}"));
    Ok(Peer {
        version: format!("CesiumJS {}", told["version"].as_str().unwrap_or_default()),
        fetched_seconds: number("fetched_seconds")?,
        seconds: number("seconds")?,
        megabytes: line.down.bytes() as f64 * 1e-6,
    })
}

/// The median of each.
fn middle(fetched: &[Fetched]) -> Fetched {
    let middle = |bytes: fn(&Fetched) -> f64| {
        let mut sorted: Vec<f64> = fetched.iter().map(bytes).collect();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    };
    Fetched {
        until_inside: middle(|fetched| fetched.until_inside),
        for_view: middle(|fetched| fetched.for_view),
    }
}

/// The table, and one line of JSON a figure.
fn report(start: Start, fetched: Fetched, peer: Option<&Peer>, args: &Args) -> String {
    let Start { first_frame, inside } = start;
    let Fetched { until_inside, for_view } = fetched;
    let mut text = format!(
        "a newcomer on a line of 20 Mbit/s and 40 ms, pictures of {}, median of {}\n\
         \x20 first picture         {first_frame:.2} s\n\
         \x20 inside                {inside:.2} s, {until_inside:.2} MB until then\n\
         \x20 the view's last tile  {for_view:.2} MB\n",
        args.size, args.clients
    );
    if let Some(peer) = peer {
        text += &format!(
            "  {}       view drawn {:.2} s, its last byte {:.2} s, {:.2} MB\n",
            peer.version, peer.seconds, peer.fetched_seconds, peer.megabytes
        );
    }
    let of = |value: fn(&Peer) -> f64| peer.map(|peer| (peer.version.as_str(), value(peer)));
    let figures = [
        ("first_frame.seconds", first_frame, "s", 1.0, of(|peer| peer.seconds)),
        ("first_frame.inside_seconds", inside, "s", 2.0, of(|peer| peer.seconds)),
        ("first_frame.view_mb", until_inside, "MB", 1.5, of(|peer| peer.megabytes)),
    ];
    for (name, measured, unit, goal, peer) in figures {
        let figure = Figure { name, measured, unit, goal: Some(goal), peer };
        text += &figure.line();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_name_their_goals_and_their_peer() {
        let args =
            Args { programs: None, venue: None, clients: 5, size: "640x400".into(), without_peer: false };
        let start = Start { first_frame: 0.4, inside: 1.7 };
        let fetched = Fetched { until_inside: 1.25, for_view: 3.0 };
        let version = "CesiumJS 1".to_owned();
        let peer = Peer { version, fetched_seconds: 2.0, seconds: 2.5, megabytes: 7.0 };
        let text = report(start, fetched, Some(&peer), &args);
        let lines: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let figure = |name: &str| lines.iter().find(|line| line["figure"] == name).unwrap().clone();
        let view = figure("first_frame.view_mb");
        assert_eq!(
            (&view["measured"], &view["goal"], &view["peer_measured"]),
            (&json!(1.25), &json!(1.5), &json!(7.0))
        );
        assert_eq!(figure("first_frame.inside_seconds")["peer_measured"], 2.5);
        assert_eq!(figure("first_frame.seconds")["goal"], 1.0);
        let alone = report(start, fetched, None, &args);
        assert!(alone.lines().count() == 7 && alone.contains("\"peer\":null"), "{alone}");
    }
}
