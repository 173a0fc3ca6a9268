//! Voices: what forwarding them costs the server, hearing them the client, and how long they wait on the way.
//!
//! The router alone and the client's part are examples of `venue-server` and `spatial-voice`; the whole way is a real server
//! under `load`, once with people who speak and once without. Mumble's server carries the same frames to as many beside it.

use super::codec::value;
use super::figure::Figure;
use super::voice_peer::{self, Served};
use crate::process::{cargo, output, run, target};
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What to measure.
#[derive(clap::Args)]
pub struct Args {
    /// How many people, for the whole way.
    #[arg(long, value_delimiter = ',', default_value = "24,100")]
    people: Vec<usize>,
    /// So many of them speak without a pause.
    #[arg(long, default_value_t = 8)]
    speaking: usize,
    /// Each server is measured for so long.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// All servers in turn, so often; the median of each counts. What voices cost is a difference of two servers.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Speech (48 kHz, mono, 16 bits); without any, that of Debian's alsa-utils.
    #[arg(long)]
    speech: Vec<PathBuf>,
    /// Without Mumble.
    #[arg(long)]
    alone: bool,
}

/// People of the router's room.
const ROOMS: [usize; 2] = [24, 200];

/// Frames that a core should forward in a second, and guessed ones of a hundred on the path of [`LOSSY`].
const FRAMES_PER_CORE: f64 = 300_000.0;
const CONCEALED_PERCENT: f64 = 1.0;

/// Words of the lines of paths.
const CLEAN: &str = "path loss=0 jitter_ms=0 ";
const LOSSY: &str = "path loss=2 jitter_ms=20 ";

/// Servers run on the first core and crowds on the second.
pub(super) const SERVER_CORE: usize = 0;
pub(super) const CROWD_CORE: usize = 1;

/// Seconds before each measurement.
pub(super) const WARM_UP: u64 = 8;

/// Clean speech that comes with Debian's alsa-utils.
const CLIPS: &str = "/usr/share/sounds/alsa";

/// Measures, and prints tables and the figures.
pub fn measure(args: &Args) -> Result<()> {
    let speech = if args.speech.is_empty() { clips()? } else { args.speech.clone() };
    let programs = programs()?;
    let mut lines = router(&programs, args.speaking)?;
    lines.extend(client(&programs, &speech)?);
    for people in &args.people {
        lines.extend(whole_way(&programs, args, *people)?);
    }
    lines.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// All of ours in one build.
fn programs() -> Result<PathBuf> {
    let mut command = cargo(&["build", "--release", "--quiet"]);
    command.args(["--package", "venue-server", "--package", "load", "--package", "spatial-voice"]);
    command.args(["--bin", "venue-server", "--bin", "load"]);
    run(command.args(["--example", "voice-router", "--example", "voice-costs"]))?;
    Ok(target().join("release"))
}

fn clips() -> Result<Vec<PathBuf>> {
    crate::install::debian(&["alsa-utils"])?;
    let entries = std::fs::read_dir(CLIPS).context(CLIPS)?;
    let mut clips: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    clips.retain(|clip| !clip.ends_with("Noise.wav"));
    clips.sort();
    Ok(clips)
}

/// The number behind `name=` in a line, which has to be there.
fn number(line: &str, name: &str) -> Result<f64> {
    value(line, name).with_context(|| format!("no {name} in: {line}"))
}

fn line_of<'a>(printed: &'a str, begins: &str) -> Result<&'a str> {
    let line = printed.lines().find(|line| line.starts_with(begins));
    line.with_context(|| format!("no line `{begins}` in: {printed}"))
}

/// The router alone, on one thread and in virtual time.
fn router(programs: &Path, speaking: usize) -> Result<Vec<String>> {
    println!(
        "the server's router alone, {speaking} speak without a pause, 30 ticks a second among the frames:"
    );
    let mut lines = Vec::new();
    for people in ROOMS {
        let words = [people, speaking].map(|number| number.to_string());
        let printed = output(Command::new(programs.join("examples/voice-router")).args(words))?;
        let measured = number(&printed, "frames_per_core_s")?;
        println!(
            "  {people:>4} people  {measured:>10.0} frames a second and core ({:.0} to {:.0}); {:.0} ns a frame, \
             {:.1} µs a tick, {:.1} frames a datagram",
            number(&printed, "worst")?,
            number(&printed, "best")?,
            number(&printed, "forward_ns")?,
            number(&printed, "tick_us")?,
            number(&printed, "per_datagram")?,
        );
        let name = format!("voice.router-{people}.frames_per_core_s");
        let goal = Some(FRAMES_PER_CORE);
        let figure = Figure { name: &name, measured, unit: "frames/s", goal, peer: None };
        lines.push(figure.line_where_more_is_better());
    }
    Ok(lines)
}

/// What a client pays, and what it hears over paths.
fn client(programs: &Path, speech: &[PathBuf]) -> Result<Vec<String>> {
    let printed = output(Command::new(programs.join("examples/voice-costs")).args(speech))?;
    println!("a listener's client, on one thread:");
    printed.lines().for_each(|line| println!("  {line}"));
    Ok(client_figures(&printed)?.into_iter().map(|figure| figure.line()).collect())
}

fn client_figures(printed: &str) -> Result<Vec<Figure<'static>>> {
    let listening = |speakers: usize| {
        let begins = format!("listening mode=Binaural speakers={speakers} ");
        number(line_of(printed, &begins)?, "core_percent")
    };
    // What comes with the first speaker, the room's own part, is shared by all.
    let each = (listening(24)? - listening(8)?) / 16.0;
    let figure = |name, measured, unit, goal| Figure { name, measured, unit, goal, peer: None };
    let of_path = |path, name| number(line_of(printed, path)?, name);
    let percent = "% of a core";
    Ok(vec![
        figure("voice.speaker_core_percent", each, percent, None),
        figure("voice.listener-8_core_percent", listening(8)?, percent, None),
        figure(
            "voice.receiver_core_percent",
            number(line_of(printed, "receiving ")?, "core_percent")?,
            percent,
            None,
        ),
        figure(
            "voice.microphone_core_percent",
            number(line_of(printed, "speaking treatment=all ")?, "core_percent")?,
            percent,
            None,
        ),
        figure("voice.clean.delay_ms_p95", of_path(CLEAN, "delay_ms_p95")?, "ms", None),
        figure("voice.clean.concealed_percent", of_path(CLEAN, "concealed_percent")?, "%", Some(0.0)),
        figure("voice.loss2.delay_ms_p50", of_path(LOSSY, "delay_ms_p50")?, "ms", None),
        figure("voice.loss2.delay_ms_p95", of_path(LOSSY, "delay_ms_p95")?, "ms", None),
        figure(
            "voice.loss2.concealed_percent",
            of_path(LOSSY, "concealed_percent")?,
            "%",
            Some(CONCEALED_PERCENT),
        ),
    ])
}

/// The real server with everything it does, with and without voices, and Mumble's.
fn whole_way(programs: &Path, args: &Args, people: usize) -> Result<Vec<String>> {
    let (mut silent, mut speaking, mut peers) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..args.rounds.max(1) {
        silent.push(ours(programs, args, people, 0)?);
        speaking.push(ours(programs, args, people, args.speaking)?);
        if !args.alone {
            peers.push(voice_peer::measure(people, args.speaking, args.seconds)?);
        }
    }
    let (silent, ours) = (median(silent), median(speaking));
    let served = (!peers.is_empty()).then(|| median(peers));
    println!(
        "real servers, {people} people, {} of them speak without a pause, {} s, median of {}:",
        args.speaking, args.seconds, args.rounds
    );
    let row = |name: &str, served: &Served| {
        println!(
            "  {name:<34} {:.3} cores, {:>7.0} frames forwarded a second, {:.1} % came",
            served.cores,
            served.frames_per_s,
            100.0 * served.came
        );
    };
    row("ours, bodies, nobody speaks", &silent);
    row("ours, bodies and voices", &ours);
    let us = 1e6 * (ours.cores - silent.cores) / ours.frames_per_s;
    println!("    the voices' part: {us:.2} µs of CPU a forwarded frame");
    let version = voice_peer::version().unwrap_or_default();
    let peer_name = format!("Mumble server {version}");
    if let Some(served) = &served {
        row(&format!("{peer_name}, voices"), served);
        let theirs = served.us_per_frame();
        println!("    {theirs:.2} µs of CPU a forwarded frame; ours takes {:.2} of that", us / theirs);
        println!("    ours with the bodies too takes {:.2} of its cores", ours.cores / served.cores);
    }
    let name = format!("voice.server-{people}.us_per_frame");
    let peer = served.as_ref().map(|served| (peer_name.as_str(), served.us_per_frame()));
    let each = Figure { name: &name, measured: us, unit: "µs", goal: None, peer };
    let name = format!("voice.server-{people}.frames_per_core_s");
    let peer = served.as_ref().map(|served| (peer_name.as_str(), 1e6 / served.us_per_frame()));
    let goal = Some(FRAMES_PER_CORE);
    let core = Figure { name: &name, measured: 1e6 / us, unit: "frames/s", goal, peer };
    let name = format!("voice.server-{people}.cores");
    let peer = served.as_ref().map(|served| (peer_name.as_str(), served.cores));
    let whole = Figure { name: &name, measured: ours.cores, unit: "cores", goal: None, peer };
    Ok(vec![core.line_where_more_is_better(), each.line(), whole.line()])
}

/// The one in the middle, by what it uses; there is at least one.
fn median(mut rounds: Vec<Served>) -> Served {
    rounds.sort_by(|a, b| a.cores.total_cmp(&b.cores));
    rounds[rounds.len() / 2]
}

/// A server of ours under a crowd whose bodies move.
fn ours(programs: &Path, args: &Args, people: usize, speaking: usize) -> Result<Served> {
    let load = crate::load::Args {
        delegates: vec![people],
        seconds: args.seconds,
        warm_up: WARM_UP,
        speaking,
        watchers: 0,
        space: "popov-hall".into(),
        kill: false,
        server_core: SERVER_CORE,
        crowd_core: CROWD_CORE,
    };
    let outcome = crate::load::measure(&load, programs, crate::load::motion().as_deref(), people)?;
    let frames = outcome.after.grown(&outcome.before, "vev_voice_frames_out_total");
    let seconds = outcome.of("seconds");
    ensure!(speaking == 0 || frames > 0.0, "the server forwarded no voice");
    Ok(Served {
        cores: outcome.cores(),
        frames_per_s: frames / seconds,
        came: if frames > 0.0 { outcome.of("frames_heard") / frames } else { 1.0 },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speaker_costs_what_more_of_them_add() {
        let listening = |speakers: usize, percent: f64| {
            format!("listening mode=Binaural speakers={speakers} core_percent={percent} block_us_p99=9\n")
        };
        let printed = [
            listening(8, 3.0),
            listening(24, 7.0),
            "receiving core_percent=0.2\nspeaking treatment=all core_percent=1.5 sent=9 of=9\n".into(),
            format!("{CLEAN}concealed_percent=0 delay_ms_p50=11 delay_ms_p95=12\n"),
            format!("{LOSSY}concealed_percent=0.4 delay_ms_p50=31 delay_ms_p95=44\n"),
        ]
        .concat();
        let figures = client_figures(&printed).unwrap();
        let measured = |name: &str| figures.iter().find(|figure| figure.name == name).unwrap().measured;
        assert_eq!(measured("voice.speaker_core_percent"), 0.25);
        assert_eq!(measured("voice.loss2.concealed_percent"), 0.4);
        assert!(client_figures("listening").is_err());
    }
}
