//! `serve`: a package, or a scan, opened in the client at once; a change of the file of places, of a panorama that it names,
//! or of the package, is seen within seconds by whoever stands in it.
//!
//! The server and the client are processes beside this one. The server takes new states of the package by itself; here
//! places are put anew when one of these files changes, and what is wrong with it is told on the terminal and in the venue.

mod bench;
mod processes;
mod signals;
mod watch;

use crate::check;
use anyhow::{Context, Result};
use bench::{Bench, Outcome};
use processes::{ClientProcess, ServerProcess};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// How often files and processes are looked at.
const PERIOD: Duration = Duration::from_millis(250);

/// Events that wait; whoever has more waits.
const MOST_EVENTS: usize = 64;

/// What is served, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// A package, or scans.
    pub inputs: Vec<PathBuf>,
    /// The package that is made of scans.
    pub into: Option<PathBuf>,
    /// What stands where.
    pub places: Option<PathBuf>,
    /// Whether a window is opened where there is a display.
    pub window: bool,
    /// Where the server listens on this machine; 0 is any free port.
    pub port: u16,
}

/// What the loop hears of.
#[derive(Debug)]
pub(crate) enum Event {
    /// The server printed a line.
    Said(String),
    /// Somebody wants it to end.
    Stop,
}

/// Serves until it is asked to end, the window is closed or the server ends.
pub fn run(options: &Options) -> Result<String> {
    let mut bench = Bench::prepare(options)?;
    check::check(bench.package())?;
    let problem = bench.place().problem();
    let (sender, events) = sync_channel(MOST_EVENTS);
    signals::watch(sender.clone()).context("signals can not be heard")?;
    let scratch = tempfile::tempdir().context("no folder for the server's data could be made")?;
    let server = ServerProcess::start(bench.package(), scratch.path(), options.port, sender, &events)?;
    println!("Serving {}", bench.package().display());
    for (name, link) in server.links() {
        println!("  {name:<9} {link}");
    }
    let mut session = Session { bench, server, client: None };
    if let Some(problem) = problem {
        session.tell(&problem);
    }
    session.open_window(options.window, scratch.path())?;
    println!("{}Ctrl-C ends it.", session.bench.advice());
    let ending = session.run(&events);
    session.end();
    ending.map(|why| format!("{why}\n"))
}

/// Everything that runs.
struct Session {
    bench: Bench,
    server: ServerProcess,
    client: Option<ClientProcess>,
}

impl Session {
    fn open_window(&mut self, is_wanted: bool, scratch: &std::path::Path) -> Result<()> {
        let own = self.server.links().first().map(|(_, link)| link.clone());
        match own.filter(|_| is_wanted && processes::has_display()) {
            Some(link) => self.client = Some(ClientProcess::start(&link, scratch)?),
            None if is_wanted => {
                println!("There is no display for a window: enter by a link, from this machine.")
            }
            None => {}
        }
        Ok(())
    }

    fn run(&mut self, events: &Receiver<Event>) -> Result<String> {
        loop {
            match events.recv_timeout(PERIOD) {
                Ok(Event::Stop) => return Ok("Ended.".into()),
                Ok(Event::Said(line)) => println!("server: {line}"),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok("The server has ended.".into()),
            }
            if let Some(why) = self.server.ended()? {
                anyhow::bail!("the server has ended: {why}");
            }
            match self.client.as_mut().map(ClientProcess::ended).transpose()?.flatten() {
                Some(status) if status.success() => return Ok("The window was closed.".into()),
                Some(status) => {
                    self.client = None;
                    println!("The client has ended ({status}); enter by a link, or Ctrl-C.");
                }
                None => {}
            }
            if self.bench.has_changed() {
                let outcome = self.bench.place();
                match outcome.problem() {
                    Some(problem) => self.tell(&problem),
                    None => print_done(&outcome),
                }
            }
        }
    }

    /// Says what is wrong, on the terminal as a whole and in the venue as one paragraph.
    fn tell(&mut self, problem: &str) {
        eprintln!(
            "venue-importer: {problem}\nThe venue stays as it was; mend the file, and it is tried again."
        );
        self.server.note(problem);
    }

    /// The client first, so that nobody sees a lost connection.
    fn end(self) {
        if let Some(client) = self.client {
            client.end();
        }
        self.server.end();
    }
}

fn print_done(outcome: &Outcome) {
    if let Outcome::Placed(report) = outcome {
        print!("{report}");
    }
}
