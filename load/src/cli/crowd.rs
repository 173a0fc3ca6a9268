//! `load crowd`: as a process, so that none of its work is the server's. `cargo xtask load` starts it and reads its lines.
//!
//! Its lines are `inside`, `begin` and `end REPORT`, then for each line `expect loss` of its standard input, when all
//! have lost their connections and are inside again, `back REPORT`. It ends with its input.

use anyhow::{Context as _, Result, ensure};
use load::bot::Stage;
use load::{Clip, Crowd, CrowdConfig, Ground, Invitation, bvh};
use serde_json::json;
use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use venue_model::ParticipantId;

/// Longest time for all to come in, and to come back.
const PATIENCE: Duration = Duration::from_secs(240);

/// Metres of one unit of length in the recordings of Carnegie Mellon's laboratory.
const METRES: f32 = 0.056_444;

/// What the crowd is to do.
#[derive(clap::Args)]
pub struct Args {
    /// File with a link for each delegate, one a line.
    #[arg(long)]
    links: PathBuf,
    /// Folder of the venue's package.
    #[arg(long)]
    venue: PathBuf,
    /// Measured for so long.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// After all are inside: so long until all have found their places.
    #[arg(long, default_value_t = 15)]
    warm_up: u64,
    /// So many speak without a pause.
    #[arg(long, default_value_t = 0)]
    speaking: usize,
    /// So many look at what they get.
    #[arg(long, default_value_t = 12)]
    watchers: usize,
    /// So many are on their way in at once; the server has a limit for one network.
    #[arg(long, default_value_t = 48)]
    coming_in: usize,
    /// Motion capture (BVH) that everybody moves by, each from another moment on; made up without it.
    #[arg(long)]
    motion: Option<PathBuf>,
}

/// Lets it come in, measures, and serves words until its input ends.
pub fn run(args: &Args) -> Result<()> {
    allow_many_sockets()?;
    let links = std::fs::read_to_string(&args.links).with_context(|| args.links.display().to_string())?;
    let invitations = links.lines().map(Invitation::parse).collect::<Result<Vec<_>>>()?;
    let clip = args.motion.as_deref().map_or_else(|| Ok(Clip::made_up()), recorded)?;
    let stage = Stage { ground: Ground::read(&args.venue)?, clip };
    let Args { speaking, watchers, coming_in, .. } = *args;
    let mut crowd = Crowd::new(CrowdConfig { invitations, stage, speaking, watchers, coming_in })?;
    let all = crowd.bots().len();
    crowd.run_until(PATIENCE, "all are inside", |crowd| crowd.inside() == all)?;
    println!("inside");
    step_for(&mut crowd, args.warm_up)?;
    println!("begin");
    crowd.begin();
    step_for(&mut crowd, args.seconds)?;
    let report = crowd.end().context("nothing was measured")?;
    println!("end {}", serde_json::to_string(&report)?);
    serve_words(&mut crowd, &words())
}

fn recorded(file: &Path) -> Result<Clip> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let capture = bvh::read(&text).with_context(|| file.display().to_string())?;
    Clip::recorded(&capture, METRES).with_context(|| format!("{} is only an instant", file.display()))
}

fn step_for(crowd: &mut Crowd, seconds: u64) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < end {
        crowd.step()?;
    }
    Ok(())
}

/// The lines of the standard input.
fn words() -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn serve_words(crowd: &mut Crowd, words: &Receiver<String>) -> Result<()> {
    loop {
        match words.try_recv() {
            Ok(word) => {
                ensure!(word == "expect loss", "`{word}` is no word for a crowd");
                println!("back {}", come_back(crowd)?);
            }
            Err(TryRecvError::Empty) => crowd.step()?,
            Err(TryRecvError::Disconnected) => return Ok(()),
        }
    }
}

/// Until all have lost their connections and are inside again.
fn come_back(crowd: &mut Crowd) -> Result<String> {
    let before: Vec<(u32, Option<ParticipantId>)> =
        crowd.bots().iter().map(|bot| (bot.welcomes(), bot.id())).collect();
    let mut welcomed_at = vec![None; before.len()];
    let all = before.len();
    crowd.take_failures();
    crowd.run_until(PATIENCE, "all are back", |crowd| {
        for ((bot, (welcomes, _)), at) in crowd.bots().iter().zip(&before).zip(&mut welcomed_at) {
            if at.is_none() && bot.welcomes() > *welcomes {
                *at = SystemTime::now().duration_since(UNIX_EPOCH).ok();
            }
        }
        welcomed_at.iter().flatten().count() == all && crowd.inside() == all
    })?;
    let same = crowd.bots().iter().zip(&before).filter(|(bot, (_, id))| bot.id() == *id).count();
    let mut times: Vec<f64> = welcomed_at.iter().flatten().map(Duration::as_secs_f64).collect();
    times.sort_by(f64::total_cmp);
    let (first, median, last) = (times[0], times[all / 2], times[all - 1]);
    let failures = crowd.take_failures();
    let told =
        json!({ "first": first, "median": median, "last": last, "same_numbers": same, "failures": failures });
    Ok(told.to_string())
}

/// Lets this process open a socket for each of thousands of clients, as far as the system allows.
#[cfg(unix)]
fn allow_many_sockets() -> Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })?;
    Ok(())
}

/// On other systems there is no such limit, or none that is known here.
#[cfg(not(unix))]
fn allow_many_sockets() -> Result<()> {
    Ok(())
}
