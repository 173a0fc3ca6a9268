//! How long a person waits: real server and client processes over QUIC on loopback, from the client's start to its
//! first picture and to being inside, with an empty cache and with the venue's files in it.

use super::figure::Figure;
use crate::demo::scratch;
use crate::demo::server::Server;
use crate::process::{Running, repository};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

/// Clients that start one after the other, each twice. The median counts.
const CLIENTS: usize = 5;

/// Goes in and out again.
const SCRIPT: &str = "timeout 60\nwait inside\nquit\n";

/// Pictures are small, because the software renderer paints them on the same processors.
const SIZE: &str = "320x200";

/// One start, seconds.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// Until the first picture of anything.
    pub first_frame: f64,
    /// Until the delegate stands inside.
    pub inside: f64,
}

/// Measures, and prints a table and the figures.
pub fn measure(programs: &Path, scene: &str) -> Result<()> {
    let folder = scratch("bench-start")?;
    let server = Server::start(programs, &folder.join("server"))?;
    let names: Vec<String> = (0..CLIENTS).map(|number| format!("Visitor {number}")).collect();
    let people: Vec<_> = names.iter().map(|name| (name.as_str(), "VEV", "")).collect();
    let links = server.invite(&people)?;
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for (number, link) in links.iter().enumerate() {
        let own = folder.join(format!("client-{number}"));
        let client = Client { programs, folder: &own, link, size: SIZE, script: SCRIPT };
        cold.push(client.start(|| {})?);
        warm.push(client.start(|| {})?);
    }
    server.stop()?;
    std::fs::remove_dir_all(&folder).ok();
    let (cold, warm) = (median(&cold), median(&warm));
    println!("start of a client process, QUIC over loopback, nobody else there, median of {CLIENTS}");
    println!(
        "  first frame           {:.2} s, with files in the cache {:.2} s",
        cold.first_frame, warm.first_frame
    );
    println!("  inside                {:.2} s, with files in the cache {:.2} s", cold.inside, warm.inside);
    for (what, cold, warm, goal) in [
        ("first_frame_seconds", cold.first_frame, warm.first_frame, 1.0),
        ("inside_seconds", cold.inside, warm.inside, 2.0),
    ] {
        for (suffix, measured) in [("", cold), (".warm", warm)] {
            let name = format!("frame.{scene}.{what}{suffix}");
            let figure = Figure { name: &name, measured, unit: "s", goal: Some(goal), peer: None };
            println!("{}", figure.line());
        }
    }
    Ok(())
}

/// A client that is started once or more.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// The folder with the programs.
    pub programs: &'a Path,
    /// Its own folder; what it keeps there makes the next start a warm one.
    pub folder: &'a Path,
    /// How it enters.
    pub link: &'a str,
    /// Size of its pictures.
    pub size: &'a str,
    /// What it does.
    pub script: &'a str,
}

impl Client<'_> {
    /// Starts it and waits until it has ended; `when_inside` is called in the moment at which it says that it is.
    pub fn start(&self, when_inside: impl FnOnce()) -> Result<Start> {
        let Self { programs, folder, link, size, script: lines } = *self;
        std::fs::create_dir_all(folder)?;
        let script = folder.join("script.vev");
        std::fs::write(&script, lines)?;
        let log = std::fs::File::create(folder.join("client.log"))?;
        let mut command = Command::new(programs.join("xr-client"));
        command.args(["--headless", "--size", size, "--language", "en", "--script"]).arg(&script);
        command.arg("--out").arg(folder).arg("--data-dir").arg(folder.join("data"));
        command.env("VEV_LINK", link).current_dir(repository());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        // The client counts from here: what the system needs to load the program belongs to the wait.
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        command.env("VEV_STARTED_AT", now.as_micros().to_string());
        let mut client = Running(command.spawn().context("cannot start xr-client")?);
        let stdout = client.0.stdout.take().context("the client has no output")?;
        let (mut said, mut when_inside) = (None, Some(when_inside));
        for line in BufReader::new(stdout).lines() {
            let Some(start) = parse(&line?) else { continue };
            said = Some(start);
            when_inside.take().into_iter().for_each(|tell| tell());
        }
        let status = client.0.wait()?;
        let why = || std::fs::read_to_string(folder.join("client.log")).unwrap_or_default();
        ensure!(status.success(), "the client ended with {status}: {}", why());
        said.context("the client did not say when it was inside")
    }
}

/// The client's answer.
fn parse(printed: &str) -> Option<Start> {
    let answers = printed.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let secs = |answer: &serde_json::Value, field: &str| Some(answer[field].as_f64()? * 1e-6);
    let start = |answer: serde_json::Value| {
        let (first_frame, inside) = (secs(&answer, "first_frame_micros")?, secs(&answer, "inside_micros")?);
        Some(Start { first_frame, inside })
    };
    answers.filter_map(start).next_back()
}

/// The median of each time.
pub fn median(starts: &[Start]) -> Start {
    let middle = |time: fn(&Start) -> f64| {
        let mut times: Vec<f64> = starts.iter().map(time).collect();
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
    };
    Start { first_frame: middle(|start| start.first_frame), inside: middle(|start| start.inside) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_s_answer_is_read_among_other_lines() {
        let start = parse("hello\n{\"first_frame_micros\":250000,\"inside_micros\":1500000}\n").unwrap();
        assert_eq!((start.first_frame, start.inside), (0.25, 1.5));
        assert!(parse("{\"first_frame_micros\":250000}\n").is_none());
    }

    #[test]
    fn the_middle_of_three_starts_counts() {
        let starts = [3.0, 1.0, 2.0].map(|inside| Start { first_frame: 10.0 - inside, inside });
        let Start { first_frame, inside } = median(&starts);
        assert_eq!((first_frame, inside), (8.0, 2.0));
    }
}
