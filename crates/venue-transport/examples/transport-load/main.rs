//! The load of `cargo xtask bench transport`: a server process with nothing but the server's threads, whose
//! CPU time is the figure, and a process beside it with its clients.
//!
//! `transport-load KIND CONNECTIONS DATAGRAMS SECONDS`, where the kind is `ours`, `async` (a small driver
//! around asynchronous quinn) or `raw` (one `sendmmsg` a tick of sealed datagrams, no protocol). It prints one
//! line of `name=value` words.

#![cfg_attr(not(target_os = "linux"), allow(dead_code, unused_imports, reason = "measured on Linux only"))]

#[path = "../../tests/loopback/anybody.rs"]
mod anybody;
mod async_quinn;
mod bots;
mod child;
mod measure;
mod ours;
mod raw;

use anyhow::{Context as _, Result, bail};

/// How often the server and every client say something.
const TICKS_PER_SECOND: u32 = 30;

/// What is sent, and for how long.
#[derive(Clone, Copy, Debug)]
struct Load {
    connections: usize,
    /// Full ones that each connection gets a tick.
    datagrams: usize,
    seconds: u32,
}

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let number = |at: usize| -> Result<usize> {
        let word = words.get(at).with_context(|| format!("argument {at} is missing"))?;
        word.parse().with_context(|| format!("`{word}` is no number"))
    };
    child::allow_many_sockets()?;
    match words.first().copied() {
        Some("bots") => bots::run(words[1].parse()?, number(2)?, words.get(3) == Some(&"ack-frequency")),
        #[cfg(target_os = "linux")]
        Some("sinks") => raw::sinks(number(1)?),
        Some(kind) => {
            let seconds = u32::try_from(number(3)?)?;
            let load = Load { connections: number(1)?, datagrams: number(2)?, seconds };
            measure_kind(kind, load)
        }
        None => bail!("say what to measure: ours, async or raw"),
    }
}

#[cfg(target_os = "linux")]
fn measure_kind(kind: &str, load: Load) -> Result<()> {
    match kind {
        "ours" => measure::run(ours::Ours::bind()?, load, "ack-frequency"),
        "async" => measure::run(async_quinn::AsyncQuinn::bind()?, load, "plain"),
        "raw" => raw::run(load),
        other => bail!("`{other}` is not ours, async or raw"),
    }
}

#[cfg(not(target_os = "linux"))]
fn measure_kind(_: &str, _: Load) -> Result<()> {
    bail!("the load is measured on Linux")
}
