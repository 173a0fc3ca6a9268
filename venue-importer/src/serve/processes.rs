//! The server and the client as processes. Their standard input is their lifeline: when this program ends, however it
//! does, its end closes and they end too.
//!
//! It must not know packages.

use super::Event;
use crate::programs::Program;
use anyhow::{Context, Result, bail};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// People who are invited: the modeler, and whoever looks along.
const GUESTS: [&str; 2] = ["Modeler", "Visitor"];

/// What the server prints when it answers.
const READY: &str = "Ready.";

/// How long the server may take until then: it reads the whole package.
const START_PATIENCE: Duration = Duration::from_secs(120);

/// How long a process may take to end before it is killed.
const END_PATIENCE: Duration = Duration::from_secs(5);

/// Pause between two looks at a process that ends.
const PAUSE: Duration = Duration::from_millis(20);

/// Last lines of a server's errors that are kept to tell why it ended.
const LAST_WORDS: usize = 8;

/// Longest note, characters, as the server takes it.
const NOTE_CHARS: usize = 500;

/// A process that ends when its input does.
struct Kept {
    child: Child,
    input: Option<ChildStdin>,
}

impl Kept {
    fn new(mut child: Child) -> Self {
        let input = child.stdin.take();
        Self { child, input }
    }

    fn end(mut self) {
        drop(self.input.take());
        let by = Instant::now() + END_PATIENCE;
        while Instant::now() < by {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::park_timeout(PAUSE);
        }
        // What has ended meanwhile can not be killed; that is the wish fulfilled.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The server that hosts the package on this machine alone.
pub(super) struct ServerProcess {
    process: Kept,
    links: Vec<(String, String)>,
    last_words: Arc<Mutex<VecDeque<String>>>,
}

impl ServerProcess {
    /// Starts it and waits until it answers. What it prints comes as events.
    pub(super) fn start(
        package: &Path,
        scratch: &Path,
        port: u16,
        sender: SyncSender<Event>,
        events: &Receiver<Event>,
    ) -> Result<Self> {
        let mut command = Program::Server.command()?;
        command.arg("--data").arg(scratch.join("server")).arg("serve").args(["--demo", "--workbench"]);
        for guest in GUESTS {
            command.args(["--guest", guest]);
        }
        command.args(["--listen", &format!("127.0.0.1:{port}"), "--operator", "127.0.0.1:0"]);
        command.arg("--venue").arg(package);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("venue-server can not be started")?;
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        let last_words = Arc::new(Mutex::new(VecDeque::new()));
        // From here on a failure ends the process.
        let mut server =
            Self { process: Kept::new(child), links: Vec::new(), last_words: Arc::clone(&last_words) };
        if let (Some(output), Some(errors)) = (output, errors) {
            thread("vev-server-out", move || forward(output, &sender))?;
            thread("vev-server-err", move || keep_last(errors, &last_words))?;
        }
        match server.wait_until_ready(events) {
            Ok(()) => Ok(server),
            Err(error) => {
                server.end();
                Err(error)
            }
        }
    }

    fn wait_until_ready(&mut self, events: &Receiver<Event>) -> Result<()> {
        let by = Instant::now() + START_PATIENCE;
        loop {
            match events.recv_timeout(super::PERIOD) {
                Ok(Event::Said(line)) if line.starts_with(READY) => return Ok(()),
                Ok(Event::Said(line)) => self.links.extend(link_in(&line)),
                Ok(Event::Stop) => bail!("ended before the server answered"),
                Err(_) => {}
            }
            if let Some(why) = self.ended()? {
                bail!("the server can not host the package: {why}");
            }
            if Instant::now() > by {
                bail!("the server does not answer after {} s", START_PATIENCE.as_secs());
            }
        }
    }

    /// Names and links of those who are invited.
    pub(super) fn links(&self) -> &[(String, String)] {
        &self.links
    }

    /// Shows everybody inside what is wrong.
    pub(super) fn note(&mut self, words: &str) {
        let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let words: String = words.chars().take(NOTE_CHARS).collect();
        if let Some(input) = &mut self.process.input
            && let Err(error) = writeln!(input, "{words}").and_then(|()| input.flush())
        {
            eprintln!("venue-importer: the server does not listen: {error}");
        }
    }

    /// Why it has ended, if it has.
    pub(super) fn ended(&mut self) -> Result<Option<String>> {
        let Some(status) = self.process.child.try_wait()? else { return Ok(None) };
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Ok(Some(if words.is_empty() { status.to_string() } else { words.join("\n") }))
    }

    /// Ends it in order.
    pub(super) fn end(self) {
        self.process.end();
    }
}

/// The client's window.
pub(super) struct ClientProcess(Kept);

impl ClientProcess {
    /// Opens it with a link. What it keeps goes with the session: these links lead nowhere later.
    pub(super) fn start(link: &str, scratch: &Path) -> Result<Self> {
        let mut command = Program::Client.command()?;
        // The link holds a code; other people on this machine can read command lines.
        command.env("VEV_LINK", link).arg("--until-input-ends").arg("--data-dir").arg(scratch.join("client"));
        command.stdin(Stdio::piped());
        Ok(Self(Kept::new(command.spawn().context("xr-client can not be started")?)))
    }

    /// How it has ended, if it has.
    pub(super) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.0.child.try_wait()?)
    }

    /// Closes it.
    pub(super) fn end(self) {
        self.0.end();
    }
}

/// Whether a window can be opened.
pub(super) fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<()> {
    std::thread::Builder::new().name(name.into()).spawn(work).context("the system gives no thread")?;
    Ok(())
}

fn forward(output: impl Read, sender: &SyncSender<Event>) {
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        if sender.send(Event::Said(line)).is_err() {
            return;
        }
    }
}

fn keep_last(errors: impl Read, last: &Mutex<VecDeque<String>>) {
    let lines = BufReader::new(errors).lines().map_while(Result::ok);
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == LAST_WORDS {
            last.pop_front();
        }
        last.push_back(line);
    }
}

/// Name and link of a guest, as the server prints them.
fn link_in(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let name = GUESTS.into_iter().find(|guest| line.starts_with(guest))?;
    let link = line[name.len()..].trim();
    (link.starts_with("https://") && link.contains('#')).then(|| (name.to_owned(), link.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::sync_channel;

    #[test]
    fn links_are_found_among_what_the_server_prints() {
        assert_eq!(link_in("  entry page   TCP 127.0.0.1:44185 (HTTPS)"), None);
        assert_eq!(link_in("Serving the venue /home/Modeler"), None);
        let link = "https://127.0.0.1:44185/e/demo#EZF4Z82W";
        let found = link_in(&format!("  Modeler      {link}"));
        assert_eq!(found, Some(("Modeler".to_owned(), link.to_owned())));
    }

    #[test]
    fn the_last_words_are_kept_and_lines_are_told() {
        let last = Mutex::new(VecDeque::new());
        keep_last(&b"1\n\n2\n3\n4\n5\n6\n7\n8\n9\n"[..], &last);
        assert_eq!(last.into_inner().unwrap(), ["2", "3", "4", "5", "6", "7", "8", "9"]);
        let (sender, events) = sync_channel(4);
        forward(&b"a\nb\n"[..], &sender);
        drop(sender);
        assert_eq!(events.iter().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_process_ends_with_its_input() {
        let mut command = std::process::Command::new("cat");
        let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let id = child.id();
        let began = Instant::now();
        Kept::new(child).end();
        assert!(began.elapsed() < END_PATIENCE, "it was not killed");
        assert!(!Path::new(&format!("/proc/{id}")).exists());
    }
}
