//! What the client starts outside of itself: a browser for the entry page, a server on this machine.
//!
//! It must not know panels' looks; it answers with a sentence when something can't be started.

use crate::link::{Link, Place};
use crate::sentence::Problem;
use std::io::{BufRead as _, BufReader};
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Name of the server's program, which lies beside the client's in the archive.
const SERVER: &str = if cfg!(windows) { "venue-server.exe" } else { "venue-server" };

/// Lines of the server's output that are looked at for its link.
const MAX_LINES: usize = 200;

/// Whether a server's program lies beside this one.
pub fn can_host() -> bool {
    server_path().is_some()
}

fn server_path() -> Option<PathBuf> {
    let path = std::env::current_exe().ok()?.with_file_name(SERVER);
    path.is_file().then_some(path)
}

/// Shows the entry page of a place, which has the privacy notice, in the person's browser.
pub fn open_page(place: &Place) -> Result<(), Problem> {
    let host = if place.host.contains(':') { format!("[{}]", place.host) } else { place.host.clone() };
    // Page and venue answer on the same port number.
    let page = format!("https://{host}:{}/e/{}", place.port, place.event);
    let mut command = crate::platform::browser(&page);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop).map_err(|error| can_not_start(&command, &error.to_string()))
}

/// What came of a server that was started.
#[derive(Debug, PartialEq, Eq)]
pub enum HostNews {
    /// It is open; this link leads in.
    Open(String),
    /// It ended before it was open.
    Failed(Problem),
}

/// A server on this machine, which ends with the client.
#[derive(Debug)]
pub struct Host {
    process: Child,
    news: Receiver<HostNews>,
}

impl Host {
    /// Starts a server whose files lie in `folder`, for this machine and its neighbours in the network.
    pub fn start(folder: &Path) -> Result<Self, Problem> {
        let none = || Problem::CanNotStart {
            program: SERVER.into(),
            detail: "it does not lie beside this program".into(),
        };
        let mut command = Command::new(server_path().ok_or_else(none)?);
        command.arg("--data").arg(folder).args(["serve", "--demo", "--operator", "127.0.0.1:0"]);
        command.args(["--listen", "0.0.0.0:0", "--public", &own_address()]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().map_err(|error| can_not_start(&command, &error.to_string()))?;
        let (sender, news) = sync_channel(1);
        if let Some(output) = process.stdout.take() {
            let listen = move || listen(output, &sender);
            let thread = std::thread::Builder::new().name("vev-host".into()).spawn(listen);
            thread.map_err(|error| can_not_start(&command, &error.to_string()))?;
        }
        Ok(Self { process, news })
    }

    /// What came of it; told once.
    pub fn poll(&mut self) -> Option<HostNews> {
        self.news.try_recv().ok()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // A server that has ended already can not be killed; that is the wish fulfilled.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Looks for the link in what the server prints, then drains the rest so that the server never waits.
fn listen(output: ChildStdout, news: &SyncSender<HostNews>) {
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let link = lines.by_ref().take(MAX_LINES).find_map(|line| link_in(&line));
    let program = SERVER.to_owned();
    let found = match link {
        Some(link) => HostNews::Open(link),
        None => HostNews::Failed(Problem::CanNotStart { program, detail: "it ended at once".into() }),
    };
    // Who does not listen any more has ended.
    if news.send(found).is_ok() {
        lines.for_each(drop);
    }
}

fn link_in(line: &str) -> Option<String> {
    let word = line.split_whitespace().find(|word| word.starts_with("https://") && word.contains('#'))?;
    Link::parse(word, None).is_ok().then(|| word.to_owned())
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
    fn the_link_is_found_among_what_the_server_prints() {
        assert_eq!(link_in("  entry page   TCP 127.0.0.1:44185 (HTTPS)"), None);
        assert_eq!(link_in("Its page: https://127.0.0.1:4433/e/demo"), None);
        let line = "  Guest One    https://127.0.0.1:44185/e/demo#EZF4Z82W";
        assert_eq!(link_in(line).as_deref(), Some("https://127.0.0.1:44185/e/demo#EZF4Z82W"));
    }

    #[test]
    fn this_machine_has_an_address() {
        assert!(own_address().parse::<std::net::IpAddr>().is_ok());
    }
}
