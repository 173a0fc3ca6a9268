//! Mumble's server, of Debian's package, under as many speakers and listeners as ours.
//!
//! Its clients are `peers/mumble-peer`, which speaks the public protocol: TLS for control, UDP under OCB2-AES128 for voices.

use super::codec::value;
use super::voice::{CROWD_CORE, SERVER_CORE, WARM_UP};
use crate::load::crowd::CrowdProcess;
use crate::load::server::thread_seconds;
use crate::process::{Running, cargo, output, repository, run, target};
use anyhow::{Context as _, Result, bail, ensure};
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Debian's name of it, and where its program lies, which is on no user's search path.
const PACKAGE: &str = "mumble-server";
const PROGRAM: &str = "/usr/sbin/murmurd";

/// What a server did.
#[derive(Clone, Copy, Debug)]
pub struct Served {
    /// CPU seconds a second of all its threads.
    pub cores: f64,
    /// Frames that it sent on, one for each listener.
    pub frames_per_s: f64,
    /// The part of them that came.
    pub came: f64,
}

impl Served {
    /// CPU time of a forwarded frame, if the server does nothing else.
    pub fn us_per_frame(&self) -> f64 {
        1e6 * self.cores / self.frames_per_s
    }
}

/// The version that is installed.
pub fn version() -> Option<String> {
    let query = ["--show", "--showformat=${Version}", PACKAGE];
    output(Command::new("dpkg-query").args(query)).ok()
}

/// A server on one core, its crowd on the other.
pub fn measure(people: usize, speaking: usize, seconds: u64) -> Result<Served> {
    crate::install::debian(&[PACKAGE])?;
    let program = clients()?;
    let folder = crate::demo::scratch("mumble")?;
    let port = free_port()?;
    let server = serve(&folder, port)?;
    let words = [u64::from(port), people as u64, speaking as u64, WARM_UP, seconds];
    let words = words.map(|word| word.to_string());
    let mut crowd = CrowdProcess::start(&program, CROWD_CORE, &words)?;
    crowd.wait_for("inside")?;
    crowd.wait_for("begin")?;
    let cpu = || Ok::<f64, anyhow::Error>(thread_seconds(server.0.id())?.values().sum());
    let before = cpu()?;
    let report = crowd.wait_for("end")?;
    let used = cpu()? - before;
    crowd.end()?;
    drop(server);
    std::fs::remove_dir_all(&folder).ok();
    let number = |name| value(&report, name).with_context(|| format!("no {name} in: {report}"));
    let (sent, heard, took) = (number("sent")?, number("heard")?, number("seconds")?);
    let forwarded = sent * (people - 1) as f64;
    ensure!(heard > 0.0, "Mumble's server forwarded nothing");
    Ok(Served { cores: used / took, frames_per_s: forwarded / took, came: heard / forwarded })
}

/// The program with its clients, outside the workspace.
fn clients() -> Result<PathBuf> {
    let folder = target().join("peers");
    let mut command = cargo(&["build", "--release", "--quiet", "--locked"]);
    command.arg("--manifest-path").arg(repository().join("peers/mumble-peer/Cargo.toml"));
    run(command.env("CARGO_TARGET_DIR", &folder))?;
    Ok(folder.join("release/mumble-peer"))
}

/// A port that nobody listens on, neither by TCP nor by UDP.
fn free_port() -> Result<u16> {
    for _ in 0..100 {
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = tcp.local_addr()?.port();
        if UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port is free")
}

/// Starts it and waits until it listens.
fn serve(folder: &Path, port: u16) -> Result<Running> {
    let file = folder.join("murmur.ini");
    std::fs::write(&file, settings(folder, port))?;
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &SERVER_CORE.to_string(), PROGRAM, "-fg", "-ini"]).arg(&file);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut server = Running(child.context("cannot start Mumble's server")?);
    let mut log = BufReader::new(server.0.stderr.take().context("it has no log")?);
    let mut said = String::new();
    while !said.contains("listening on") {
        if log.read_line(&mut said)? == 0 {
            bail!("Mumble's server does not serve: {said}");
        }
    }
    // What it says of its clients is taken away, so that it never waits for a reader; the thread ends with it.
    std::thread::Builder::new()
        .name("mumble-log".into())
        .spawn(move || std::io::copy(&mut log, &mut std::io::sink()))?;
    Ok(server)
}

/// Nobody is banned for coming from one address, and nothing is announced. As root it stays root, which may write the folder.
fn settings(folder: &Path, port: u16) -> String {
    format!(
        "database={}\nhost=127.0.0.1\nport={port}\nusers=1000\nbandwidth=558000\nopusthreshold=0\nautobanAttempts=0\n\
         bonjour=False\nallowping=False\nsendversion=False\nrememberchannel=False\nlogdays=-1\ndbus=\nice=\nlogfile=\n\
         pidfile=\nuname=root\n",
        folder.join("murmur.sqlite").display()
    )
}
