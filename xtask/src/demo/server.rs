//! A real server process with its own folder, and people invited to it.

use crate::process::{Running, output, repository};
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The event that is held.
pub const EVENT: &str = "demo";

/// Longest time that a server may take to open; it reads and checks the whole venue package.
const OPENING_LIMIT: Duration = Duration::from_secs(60);

/// Where a server listens, and under which name delegates find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    listen: SocketAddr,
    public: String,
}

impl Default for Addresses {
    /// Any free port, for this machine alone.
    fn default() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { listen, public: listen.ip().to_string() }
    }
}

impl Addresses {
    /// For this machine alone unless an address is given; then for whoever reaches that address, or the name.
    pub fn new(listen: Option<SocketAddr>, public: Option<&str>) -> Result<Self> {
        let Some(listen) = listen else {
            ensure!(public.is_none(), "--public names the machine for others; add --listen 0.0.0.0:4433");
            return Ok(Self::default());
        };
        let public = match public {
            Some(name) => name.to_owned(),
            None if listen.ip().is_unspecified() => bail!(
                "nobody can connect to {}: add --public with the name or the address under which the other machine \
                 finds this one",
                listen.ip()
            ),
            None if listen.is_ipv6() => format!("[{}]", listen.ip()),
            None => listen.ip().to_string(),
        };
        Ok(Self { listen, public })
    }

    fn arguments(&self) -> [String; 4] {
        ["--listen".into(), self.listen.to_string(), "--public".into(), self.public.clone()]
    }
}

/// A server process on free loopback ports, unless it was told others. It is killed when it goes out of scope.
pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    /// Where the programs run; the sample venue is looked for there and beside them.
    place: PathBuf,
    addresses: Addresses,
    /// UDP and TCP port.
    pub port: u16,
    process: Running,
}

impl Server {
    /// Starts a server with an open event in a new folder, with the sample venue, on free ports.
    pub fn start(programs: &Path, folder: &Path) -> Result<Self> {
        Self::start_at(programs, folder, &repository(), Addresses::default())
    }

    /// The same with another working folder, e.g. of an unpacked archive.
    pub fn start_in(programs: &Path, folder: &Path, place: &Path) -> Result<Self> {
        Self::start_at(programs, folder, place, Addresses::default())
    }

    /// The same at other addresses too.
    pub fn start_at(programs: &Path, folder: &Path, place: &Path, addresses: Addresses) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let title = ["event", "add", EVENT, "--title", "VEV demonstration"];
        output(command(programs, folder, place).args(title))?;
        let (process, port) = serve(command(programs, folder, place), folder, &addresses)?;
        let (programs, folder, place) = (programs.to_owned(), folder.to_owned(), place.to_owned());
        Ok(Self { programs, folder, place, addresses, port, process })
    }

    /// Invites people (name, delegation, language) and gives a link for each.
    pub fn invite(&self, people: &[(&str, &str, &str)]) -> Result<Vec<String>> {
        let list = self.folder.join(format!("names-{}.csv", people.len()));
        let rows =
            people.iter().map(|(name, delegation, language)| format!("{name},{delegation},{language}\n"));
        std::fs::write(&list, format!("name,delegation,language\n{}", rows.collect::<String>()))?;
        let table = output(self.command().args(["invite", "--event", EVENT, "--csv"]).arg(&list))?;
        let links = table.lines().skip(1).filter_map(|row| row.rsplit(',').next());
        let links: Vec<String> = links.map(str::to_owned).collect();
        if links.len() != people.len() {
            bail!("invited {} people and got {} links", people.len(), links.len());
        }
        Ok(links)
    }

    /// The server's command line on the same folder.
    pub fn command(&self) -> Command {
        command(&self.programs, &self.folder, &self.place)
    }

    /// The server's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The process's number.
    pub fn pid(&self) -> u32 {
        self.process.0.id()
    }

    /// Ends the process as a power cut does, and starts it again on the same port.
    pub fn kill_and_restart(&mut self) -> Result<()> {
        self.process.0.kill()?;
        self.process.0.wait()?;
        self.addresses.listen.set_port(self.port);
        (self.process, self.port) = serve(self.command(), &self.folder, &self.addresses)?;
        Ok(())
    }

    /// Waits until the process ends by itself, e.g. because Ctrl-C reached it too.
    pub fn wait(mut self) -> Result<()> {
        let status = self.process.0.wait()?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }

    /// Asks the process to stop, as a service manager does, and waits until it has.
    pub fn stop(mut self) -> Result<()> {
        output(Command::new("kill").args(["-TERM", &self.pid().to_string()]))?;
        let status = self.process.0.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }
}

fn command(programs: &Path, folder: &Path, place: &Path) -> Command {
    let mut command = Command::new(programs.join("venue-server"));
    command.arg("--data").arg(folder).current_dir(place);
    command
}

/// Starts the process and waits until it says where it serves.
fn serve(mut command: Command, folder: &Path, addresses: &Addresses) -> Result<(Running, u16)> {
    command.args(["serve", "--operator", "127.0.0.1:0"]).args(addresses.arguments());
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut process = Running(child.context("cannot start venue-server")?);
    let stdout = process.0.stdout.take().context("the server has no output")?;
    let (sender, lines) = mpsc::channel();
    // The thread ends with the process, whose output it drains so that the server never waits for a reader.
    std::thread::Builder::new().name("server-output".into()).spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // Nobody listens any more once the server is up.
            drop(sender.send(line));
        }
    })?;
    let notice = folder.join("serving.json");
    loop {
        let line = lines.recv_timeout(OPENING_LIMIT).context("the server did not open; its log says why")?;
        let text = std::fs::read_to_string(&notice).unwrap_or_default();
        let Ok(serving) = serde_json::from_str::<serde_json::Value>(&text) else { continue };
        if serving["pid"].as_u64() != Some(u64::from(process.0.id())) {
            continue;
        }
        let address = serving["venue"].as_str().and_then(|address| address.rsplit(':').next());
        let port = address.and_then(|port| port.parse().ok());
        return Ok((process, port.with_context(|| format!("{line}: serving.json names no port"))?));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(listen: Option<&str>, public: Option<&str>, expected: &[&str]) {
        let listen = listen.map(|address| address.parse().unwrap());
        assert_eq!(Addresses::new(listen, public).unwrap().arguments(), expected);
    }

    #[test]
    fn without_addresses_only_this_machine_enters() {
        check(None, None, &["--listen", "127.0.0.1:0", "--public", "127.0.0.1"]);
    }

    #[test]
    fn another_machine_enters_by_the_name_or_the_address() {
        let name = Some("venue.example.org");
        check(Some("0.0.0.0:4433"), name, &["--listen", "0.0.0.0:4433", "--public", "venue.example.org"]);
        check(Some("10.0.0.7:4433"), None, &["--listen", "10.0.0.7:4433", "--public", "10.0.0.7"]);
        check(Some("[fd00::7]:4433"), None, &["--listen", "[fd00::7]:4433", "--public", "[fd00::7]"]);
    }

    #[test]
    fn addresses_that_nobody_reaches_are_refused_with_advice() {
        let refused = |listen: Option<&str>, public| {
            let listen = listen.map(|address| address.parse().unwrap());
            Addresses::new(listen, public).unwrap_err().to_string()
        };
        assert!(refused(Some("0.0.0.0:4433"), None).contains("add --public"));
        assert!(refused(Some("[::]:4433"), None).contains("add --public"));
        assert!(refused(None, Some("venue.example.org")).contains("add --listen"));
    }
}
