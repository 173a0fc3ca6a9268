//! `cargo xtask load`: a real server on one core, a crowd of simulated delegates on the other, and what both measure.

pub(crate) mod crowd;
mod fit;
pub mod server;
pub(crate) mod table;

use crate::process::{cargo, repository, run as run_command, target};
use anyhow::{Result, ensure};
use crowd::CrowdProcess;
use server::Pinned;
use std::path::{Path, PathBuf};
use table::Outcome;

/// What to load a server with.
#[derive(clap::Args)]
#[command(after_help = "\
venue-server, built as it is shipped, runs on the first core, with the sample venue and one event; everybody is invited to \
one hall by its own command line. The crowd runs on the second core: real connections, sessions and tickets, bodies \
that walk on the floor and move as the recording does, 30 poses a second. Some of them (--watchers) decode what they \
get as the product's client does and compare it with where the others truly are.\n\n\
--speaking: so many have the microphone open and speak without a pause, 50 frames of 80 bytes a second; the server forwards them \
as it does voices.\n\n\
The limits for one address are raised in the server's configuration ([limits] address_burst, address_per_s), because \
the whole crowd sits behind one.")]
pub struct Args {
    /// How many delegates; several numbers, e.g. 200,500,1000, are measured one after the other and fitted.
    #[arg(long, value_delimiter = ',', default_value = "200")]
    pub(crate) delegates: Vec<usize>,
    /// Measured for so long.
    #[arg(long, default_value_t = 20)]
    pub(crate) seconds: u64,
    /// After all are inside: so long until all have found their places.
    #[arg(long, default_value_t = 15)]
    pub(crate) warm_up: u64,
    /// So many speak without a pause.
    #[arg(long, default_value_t = 0)]
    pub(crate) speaking: usize,
    /// So many decode what they get.
    #[arg(long, default_value_t = 12)]
    pub(crate) watchers: usize,
    /// The space where all are, by its key.
    #[arg(long, default_value = "popov-hall")]
    pub(crate) space: String,
    /// At the end the server is killed and started anew: how long until all are back.
    #[arg(long)]
    pub(crate) kill: bool,
    /// Core of the server.
    #[arg(long, default_value_t = 0)]
    pub(crate) server_core: usize,
    /// Core of the crowd.
    #[arg(long, default_value_t = 1)]
    pub(crate) crowd_core: usize,
}

/// As it is shipped.
const PROFILE: &str = "shipped";

/// A recording that everybody moves by, where it lies; without it the motion is made up.
const MOTION: &str = "../shared/data/motion/01_03.bvh";

/// The sample venue.
const VENUE: &str = "assets/venues/geneva/package";

/// Measures, and prints a table and the figures.
pub fn run(args: &Args) -> Result<()> {
    ensure!(args.delegates.iter().all(|count| *count > 0), "at least one delegate is needed");
    run_command(&mut cargo(&[
        "build",
        "--profile",
        PROFILE,
        "--quiet",
        "--package",
        "venue-server",
        "--package",
        "load",
    ]))?;
    let programs = target().join(PROFILE);
    let motion = motion();
    let told = if motion.is_some() { "moving as recorded" } else { "moving as made up (no recording here)" };
    println!("a crowd {told}; server on core {}, crowd on core {}", args.server_core, args.crowd_core);
    let mut outcomes = Vec::new();
    for count in &args.delegates {
        let outcome = measure(args, &programs, motion.as_deref(), *count)?;
        table::print(&outcome);
        outcomes.push(outcome);
    }
    if outcomes.len() > 1 {
        fit::print(&outcomes);
    }
    table::print_figures(&outcomes);
    Ok(())
}

/// The recording, where there is one.
pub(crate) fn motion() -> Option<PathBuf> {
    Some(repository().join(MOTION)).filter(|file| file.is_file())
}

/// Measures a server with so many.
pub(crate) fn measure(args: &Args, programs: &Path, motion: Option<&Path>, count: usize) -> Result<Outcome> {
    let folder = scratch(count)?;
    let mut server = Pinned::start(programs, &folder.join("server"), args.server_core, count)?;
    let empty = server.measure()?;
    let links = server.invite(count, &args.space)?;
    let links_file = folder.join("links.txt");
    std::fs::write(&links_file, links.join("\n"))?;
    let number = |name: &str, value: u64| [format!("--{name}"), value.to_string()];
    let mut words: Vec<String> = [
        number("seconds", args.seconds),
        number("warm-up", args.warm_up),
        number("speaking", args.speaking as u64),
        number("watchers", args.watchers as u64),
        number("coming-in", server::COMING_IN as u64),
    ]
    .concat();
    words.insert(0, "crowd".into());
    words.extend(["--links".into(), links_file.display().to_string()]);
    words.extend(["--venue".into(), repository().join(VENUE).display().to_string()]);
    words.extend(motion.into_iter().flat_map(|file| ["--motion".into(), file.display().to_string()]));
    let mut crowd = CrowdProcess::start(&programs.join("load"), args.crowd_core, &words)?;
    crowd.wait_for("inside")?;
    crowd.wait_for("begin")?;
    let before = server.measure()?;
    let report = crowd.wait_for("end")?;
    let after = server.measure()?;
    let back = if args.kill { Some(kill(&mut server, &mut crowd)?) } else { None };
    crowd.end()?;
    server.stop()?;
    std::fs::remove_dir_all(&folder).ok();
    let report = serde_json::from_str(&report)?;
    Ok(Outcome { delegates: count, rss_empty: empty.rss_bytes, before, after, report, back })
}

/// Seconds from the moment at which the new server says that it serves until the last one is back.
fn kill(server: &mut Pinned, crowd: &mut CrowdProcess) -> Result<table::Back> {
    crowd.say("expect loss")?;
    let serves_at = server.kill_and_restart()?;
    let back: serde_json::Value = serde_json::from_str(&crowd.wait_for("back")?)?;
    let after = |name: &str| (back[name].as_f64().unwrap_or(f64::NAN) - serves_at).max(0.0);
    let same_numbers = back["same_numbers"].as_u64().unwrap_or(0);
    Ok(table::Back {
        median: after("median"),
        last: after("last"),
        same_numbers,
        failures: back["failures"].to_string(),
    })
}

/// A fresh folder for one run.
fn scratch(count: usize) -> Result<PathBuf> {
    crate::demo::scratch(&format!("load-{count}"))
}
