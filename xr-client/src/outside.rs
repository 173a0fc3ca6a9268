//! What the client starts outside of itself: a browser for the entry page, a server on this machine.
//!
//! It must not know panels' looks; it answers with a sentence when something can't be started.

use crate::link::{DEFAULT_PORT, Link, Place};
use crate::sentence::Problem;
use std::fmt;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Name of the server's program, which lies beside the client's in the archive.
const SERVER: &str = if cfg!(windows) { "venue-server.exe" } else { "venue-server" };

/// Lines of the server's output that are looked at for its links.
const MAX_LINES: usize = 200;

/// News of one server: that it is open, and that it has ended.
const MAX_NEWS: usize = 2;

/// How long a server has to tell everybody and store everything before it is killed.
const PATIENCE: Duration = Duration::from_secs(3);

/// Longest name of a person.
const MAX_NAME_CHARS: usize = 40;

/// Whether a server's program lies beside this one; looked at once.
pub fn can_host() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| server_path().is_ok())
}

/// The server's program beside this one.
pub fn server_path() -> Result<PathBuf, Problem> {
    let path = std::env::current_exe().ok().map(|own| own.with_file_name(SERVER));
    path.filter(|path| path.is_file()).ok_or_else(|| Problem::HostMissing { program: SERVER.into() })
}

/// Shows the entry page of a place, which has the privacy notice, in the person's browser.
pub fn open_page(place: &Place) -> Result<(), Problem> {
    let host = if place.host.contains(':') { format!("[{}]", place.host) } else { place.host.clone() };
    // Page and venue answer on the same port number.
    let page = format!("https://{host}:{}/e/{}", place.port, place.event);
    open_in_browser(&page)
}

/// Shows a web page in the person's browser.
pub fn open_in_browser(page: &str) -> Result<(), Problem> {
    let mut command = crate::platform::browser(page);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop).map_err(|error| can_not_start(&command, &error.to_string()))
}

/// A link into the venue that is hosted here.
#[derive(Clone, PartialEq, Eq)]
pub struct HostLink {
    /// Whom it is for.
    pub name: String,
    /// The link, which holds a code.
    pub link: String,
}

impl fmt::Debug for HostLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever has the link can enter; it belongs into no log.
        f.debug_struct("HostLink").field("name", &self.name).finish_non_exhaustive()
    }
}

/// How far a server on this computer has got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Hosting {
    /// There is none.
    #[default]
    No,
    /// It is being started.
    Starting,
    /// It is open; the first link is the host's own.
    Open(Vec<HostLink>),
}

/// What came of a server that was started.
#[derive(Debug, PartialEq, Eq)]
pub enum HostNews {
    /// It is open, and these links lead in: the host's own first.
    Open(Vec<HostLink>),
    /// It has ended.
    Ended(Problem),
}

/// A server on this machine, which ends with the client.
#[derive(Debug)]
pub struct Host {
    process: Child,
    news: Receiver<HostNews>,
    hosting: Hosting,
}

impl Host {
    /// Starts the server's `program`, whose files lie in `folder`, for this machine and its neighbours in the
    /// network. Each of `names` gets a link; the first is the host.
    pub fn start(program: &Path, folder: &Path, names: &[String]) -> Result<Self, Problem> {
        let mut command = Command::new(program);
        command.arg("--data").arg(folder).args(["serve", "--demo", "--operator", "127.0.0.1:0"]);
        command.args(["--listen", &format!("0.0.0.0:{}", free_port()), "--public", &own_address()]);
        for name in names {
            command.args(["--guest", name]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(|error| can_not_start(&command, &error.to_string()))?;
        let (sender, news) = sync_channel(MAX_NEWS);
        let (output, errors) = (process.stdout.take(), process.stderr.take());
        // From here on a failure ends the process.
        let host = Self { process, news, hosting: Hosting::Starting };
        if let (Some(output), Some(errors)) = (output, errors) {
            let count = names.len();
            let failed = |error: std::io::Error| can_not_start(&command, &error.to_string());
            let last_words = thread("vev-host-errors", move || last_line(errors)).map_err(failed)?;
            thread("vev-host", move || listen(output, count, last_words, &sender)).map_err(failed)?;
        }
        Ok(host)
    }

    /// How far it has got.
    pub fn hosting(&self) -> &Hosting {
        &self.hosting
    }

    /// What came of it; each is told once.
    pub fn poll(&mut self) -> Option<HostNews> {
        let news = self.news.try_recv().ok()?;
        self.hosting = match &news {
            HostNews::Open(links) => Hosting::Open(links.clone()),
            HostNews::Ended(_) => Hosting::No,
        };
        Some(news)
    }

    /// Ends it without holding up whoever asks.
    pub fn end(self) {
        // Without a thread the wish is fulfilled here and now: the closure is dropped, and the host with it.
        thread("vev-host-end", move || drop(self)).ok();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        crate::platform::ask_to_end(&mut self.process);
        let by = Instant::now() + PATIENCE;
        // The listener lets go of the channel when the server has closed its output, that is, has ended.
        while let Some(left) = by.checked_duration_since(Instant::now()) {
            if self.news.recv_timeout(left) == Err(RecvTimeoutError::Disconnected) {
                break;
            }
        }
        // A server that has ended already can not be killed; that is the wish fulfilled.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Whoever started this program; their end is heard as the end of standard input.
#[derive(Clone, Debug)]
pub struct Starter(Arc<AtomicBool>);

impl Starter {
    /// Listens from now on.
    pub fn watch() -> std::io::Result<Self> {
        Self::listen_to(std::io::stdin())
    }

    fn listen_to(input: impl std::io::Read + Send + 'static) -> std::io::Result<Self> {
        let is_gone = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&is_gone);
        thread("vev-starter", move || {
            // What is said meanwhile is not for this program. Input that can not be read has ended.
            std::io::copy(&mut BufReader::new(input), &mut std::io::sink()).ok();
            told.store(true, Ordering::Relaxed);
        })?;
        Ok(Self(is_gone))
    }

    /// Whether they are gone.
    pub fn is_gone(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

fn thread<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> std::io::Result<JoinHandle<T>> {
    std::thread::Builder::new().name(name.into()).spawn(work)
}

/// Looks for `count` links in what the server prints, then reads on to its end, so that the server never waits.
fn listen(output: ChildStdout, count: usize, last_words: JoinHandle<String>, news: &SyncSender<HostNews>) {
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let links: Vec<_> =
        lines.by_ref().take(MAX_LINES).filter_map(|line| link_in(&line)).take(count).collect();
    let was_open = !links.is_empty();
    let is_heard = !was_open || news.send(HostNews::Open(links)).is_ok();
    lines.for_each(drop);
    // The thread ends with the server's last line; it does not panic.
    let detail = last_words.join().unwrap_or_default();
    let problem = if was_open { Problem::HostStopped { detail } } else { Problem::HostEnded { detail } };
    if is_heard {
        // Who does not listen any more ended it.
        news.send(HostNews::Ended(problem)).ok();
    }
}

/// The last line that says anything.
fn last_line(errors: impl std::io::Read) -> String {
    let lines = BufReader::new(errors).lines().map_while(Result::ok);
    let last = lines.filter(|line| !line.trim().is_empty()).last();
    last.map(|line| line.trim().to_owned()).unwrap_or_default()
}

fn link_in(line: &str) -> Option<HostLink> {
    let (name, link) = line.split_at(line.find("https://")?);
    let link = link.split_whitespace().next()?;
    let is_link = link.contains('#') && Link::parse(link, None).is_ok();
    is_link.then(|| HostLink { name: name.trim().to_owned(), link: link.to_owned() })
}

/// The usual port, which neighbours' firewalls may know, or any when something else answers there.
fn free_port() -> u16 {
    let usual = (Ipv4Addr::UNSPECIFIED, DEFAULT_PORT);
    let is_free = UdpSocket::bind(usual).is_ok() && TcpListener::bind(usual).is_ok();
    if is_free { DEFAULT_PORT } else { 0 }
}

/// What the system calls the person who uses it.
pub fn own_name() -> Option<String> {
    let name = std::env::var("USER").or_else(|_| std::env::var("USERNAME")).ok()?;
    let mut letters = name.trim().chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS);
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}

/// The address under which neighbours reach this machine.
fn own_address() -> String {
    // Connecting a UDP socket sends nothing; it only asks the system which address it would send from.
    let address = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    address.map_or_else(|_| "127.0.0.1".to_owned(), |address| address.ip().to_string())
}

fn can_not_start(command: &Command, detail: &str) -> Problem {
    let program = command.get_program().to_string_lossy().into_owned();
    Problem::CanNotStart { program, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_their_people_are_found_among_what_the_server_prints() {
        assert_eq!(link_in("  entry page   TCP 127.0.0.1:44185 (HTTPS)"), None);
        assert_eq!(link_in("Its page: https://127.0.0.1:4433/e/demo"), None);
        let line = "  Guest One    https://127.0.0.1:44185/e/demo#EZF4Z82W";
        let link = "https://127.0.0.1:44185/e/demo#EZF4Z82W".to_owned();
        assert_eq!(link_in(line), Some(HostLink { name: "Guest One".into(), link }));
    }

    #[test]
    fn the_starter_is_gone_when_the_input_ends() {
        let (input, output) = std::io::pipe().unwrap();
        let starter = Starter::listen_to(input).unwrap();
        assert!(!starter.is_gone());
        drop(output);
        let by = Instant::now() + Duration::from_secs(30);
        while !starter.is_gone() && Instant::now() < by {
            std::thread::yield_now();
        }
        assert!(starter.is_gone());
    }

    #[test]
    fn a_link_is_never_logged() {
        let link = link_in("Ada https://127.0.0.1:44185/e/demo#EZF4Z82W").unwrap();
        assert!(!format!("{link:?}").contains("EZF4"));
    }

    #[test]
    fn the_last_words_are_kept_for_support() {
        let words = "a warning\nError: the port is taken\n\n";
        assert_eq!(last_line(words.as_bytes()), "Error: the port is taken");
        assert_eq!(last_line(&b""[..]), "");
    }

    /// A program that stands in for the server.
    #[cfg(unix)]
    fn stand_in(folder: &Path, script: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = folder.join("stand-in");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        path
    }

    #[cfg(unix)]
    #[test]
    fn a_server_that_ends_before_it_is_open_is_told_with_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let program = stand_in(folder.path(), "echo 'Error: no venue' >&2; exit 1");
        let mut host = Host::start(&program, folder.path(), &["Ada".into()]).unwrap();
        assert_eq!(*host.hosting(), Hosting::Starting);
        let news = host.news.recv().unwrap();
        assert_eq!(news, HostNews::Ended(Problem::HostEnded { detail: "Error: no venue".into() }));
        assert_eq!(host.poll(), None);
    }

    #[cfg(unix)]
    #[test]
    fn every_link_is_collected_and_the_server_is_asked_to_end_before_it_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let told = folder.path().join("told");
        let script = format!(
            "trap 'echo asked > {}; kill $!; exit 0' TERM\necho 'Serving'\necho ' Ada  https://h.example/e/demo#AAAA1111'\n\
             echo ' Guest 1  https://h.example/e/demo#BBBB2222'\ntail -f /dev/null >/dev/null 2>&1 &\nwait",
            told.display()
        );
        let program = stand_in(folder.path(), &script);
        let mut host = Host::start(&program, folder.path(), &["Ada".into(), "Guest 1".into()]).unwrap();
        let HostNews::Open(links) = host.news.recv().unwrap() else { panic!("it is open") };
        assert_eq!(links.iter().map(|link| link.name.as_str()).collect::<Vec<_>>(), ["Ada", "Guest 1"]);
        assert_eq!(host.poll(), None);
        drop(host);
        assert_eq!(std::fs::read_to_string(told).unwrap(), "asked\n");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let problem = Host::start(&folder.path().join("none"), folder.path(), &[]).unwrap_err();
        assert_eq!(problem.id(), "problem-can-not-start");
        assert!(matches!(server_path(), Err(Problem::HostMissing { .. })), "none lies beside a test");
    }

    #[test]
    fn this_machine_has_an_address() {
        assert!(own_address().parse::<std::net::IpAddr>().is_ok());
    }
}
