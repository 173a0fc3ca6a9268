//! A client process in a headset of Monado: started, listened to, ended.

use crate::remote::{Remote, free_port};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use xtask::process::Running;

/// Far beyond what a loaded machine needs; only a hanging test gets here.
const PATIENCE: Duration = Duration::from_secs(300);

/// A client in a headset.
pub struct Worn {
    process: Running,
    /// Its end is the client's.
    input: Option<ChildStdin>,
    lines: mpsc::Receiver<String>,
    heard: Vec<String>,
    port: u16,
}

/// The client's program with nothing of this machine's desktop and runtimes.
pub fn client(data: &Path) -> Command {
    let mut command = Command::new(tests::programs().join("xr-client"));
    command.args(["--language", "en", "--low", "--data-dir"]).arg(data);
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env("VEV_LOG", "xr_client=debug,room=trace");
    command
}

impl Worn {
    /// Starts a client that enters by this link, with a scripted headset of its own.
    pub fn start(folder: &Path, link: &str) -> Self {
        let runtime = xtask::install::monado::runtime_file();
        assert!(runtime.is_file(), "{} is missing: cargo xtask test --only install", runtime.display());
        let port = free_port();
        let settings = folder.join("config/monado");
        let sockets = folder.join("run");
        std::fs::create_dir_all(&settings).unwrap();
        std::fs::create_dir_all(&sockets).unwrap();
        let remote =
            format!(r#"{{"active":"remote","remote":{{"version":0,"port":{port},"view_count":2}}}}"#);
        std::fs::write(settings.join("config_v0.json"), remote).unwrap();
        let mut command = client(&folder.join("data"));
        command.args(["--xr", "--until-input-ends"]).env("VEV_LINK", link);
        command.env("XR_RUNTIME_JSON", runtime).env("XRT_COMPOSITOR_NULL", "1");
        command.env("XDG_CONFIG_HOME", folder.join("config")).env("XDG_RUNTIME_DIR", sockets);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (log, input) = (child.stderr.take().unwrap(), child.stdin.take());
        let (sender, lines) = mpsc::channel();
        // The thread ends with the program, whose output it drains.
        std::thread::spawn(move || {
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                drop(sender.send(line));
            }
        });
        Self { process: Running(child), input, lines, heard: Vec::new(), port }
    }

    /// The script's end of the headset.
    pub fn remote(&self) -> Remote {
        Remote::connect(self.port)
    }

    /// Waits for a line of the program's log that contains this.
    pub fn wait_for(&mut self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.heard.iter().any(|line| line.contains(text)) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.heard.push(line),
                Err(_) => panic!("{text:?} was not heard; what was: {:#?}", self.heard),
            }
        }
    }

    /// Waits until the newest line about something (what follows this word) is one in which something is found.
    pub fn until<T>(&mut self, what: &str, about: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let told = |line: &String| line.split_once("room: ").map(|(_, told)| told.to_owned());
        loop {
            while let Ok(line) = self.lines.try_recv() {
                self.heard.push(line);
            }
            let newest = self.heard.iter().rev().filter_map(told).find(|told| told.starts_with(about));
            if let Some(found) = newest.as_deref().and_then(&find) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.heard.push(line),
                Err(_) => panic!("{what:?} was not told; what was: {:#?}", self.heard),
            }
        }
    }

    /// Asks the client to leave, as its starter does by ending, and waits until it has.
    pub fn leave(mut self) -> (ExitStatus, Vec<String>) {
        drop(self.input.take());
        let deadline = Instant::now() + PATIENCE;
        // The log ends with the process.
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.heard.push(line),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => panic!("it does not leave: {:#?}", self.heard),
            }
        }
        (self.process.0.wait().unwrap(), std::mem::take(&mut self.heard))
    }
}
