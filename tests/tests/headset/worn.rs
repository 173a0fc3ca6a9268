//! A client process in a headset of Monado: started, listened to, ended.

use crate::remote::{Remote, free_port};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use xtask::install::monado::{Build, service_program};
use xtask::process::Running;

/// Far beyond what a loaded machine needs; only a hanging test gets here.
const PATIENCE: Duration = Duration::from_secs(300);

/// How a client is put into a headset.
pub struct Setup<'a> {
    folder: &'a Path,
    port: u16,
    build: Build,
    /// What Monado shows pictures on: nothing, or a window.
    compositor: (&'static str, &'static str),
    display: Option<&'a str>,
    insists: bool,
    settings: &'a str,
    arguments: Vec<&'a str>,
    environment: Vec<(&'static str, String)>,
}

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
    command.args(["--language", "en", "--data-dir"]).arg(data);
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env("VEV_LOG", "xr_client=debug");
    command
}

impl<'a> Setup<'a> {
    /// A headset without a screen, in a quality for slow machines, on whose use the client insists.
    pub fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            port: free_port(),
            build: Build::InProcess,
            compositor: ("XRT_COMPOSITOR_NULL", "1"),
            display: None,
            insists: true,
            settings: "",
            arguments: vec!["--low"],
            environment: Vec::new(),
        }
    }

    /// With a runtime in a process of its own.
    pub fn by_service(self) -> Self {
        Self { build: Build::Service, ..self }
    }

    /// Takes the window where there is no headset.
    pub fn yielding(self) -> Self {
        Self { insists: false, ..self }
    }

    /// Beside a display.
    pub fn beside(self, display: &'a str) -> Self {
        Self { display: Some(display), ..self }
    }

    /// Monado shows both eyes in a window of the display.
    pub fn composed(self) -> Self {
        Self { compositor: ("XRT_COMPOSITOR_FORCE_XCB", "1"), ..self }
    }

    /// In the quality of a machine that is not slow.
    pub fn in_full_quality(self) -> Self {
        Self { arguments: Vec::new(), ..self }
    }

    /// With these settings of the person.
    pub fn with_settings(self, settings: &'a str) -> Self {
        Self { settings, ..self }
    }

    /// With another variable in the client's environment.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }

    /// Gives a command what leads to this headset alone.
    pub fn lead(&self, command: &mut Command) {
        let runtime = self.build.runtime_file();
        assert!(runtime.is_file(), "{} is missing: cargo xtask test --only install", runtime.display());
        let (settings, sockets) = (self.folder.join("config/monado"), self.folder.join("run"));
        std::fs::create_dir_all(&settings).unwrap();
        std::fs::create_dir_all(&sockets).unwrap();
        let port = self.port;
        let remote =
            format!(r#"{{"active":"remote","remote":{{"version":0,"port":{port},"view_count":2}}}}"#);
        std::fs::write(settings.join("config_v0.json"), remote).unwrap();
        command.env("XR_RUNTIME_JSON", runtime).env(self.compositor.0, self.compositor.1);
        command.env("XDG_CONFIG_HOME", self.folder.join("config")).env("XDG_RUNTIME_DIR", sockets);
        if let Some(display) = self.display {
            command.env("DISPLAY", display);
        }
    }

    /// Starts the runtime's own process, and waits until it can be asked.
    pub fn start_service(&self) -> Running {
        let mut command = Command::new(service_program());
        self.lead(&mut command);
        command.env("XRT_NO_STDIN", "1").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let service = Running(command.spawn().unwrap());
        let socket = self.folder.join("run/monado_comp_ipc");
        let deadline = Instant::now() + PATIENCE;
        while !socket.exists() {
            assert!(Instant::now() < deadline, "Monado's service does not come up");
        }
        service
    }

    /// Starts a client that enters by this link; with an empty one it shows the start page.
    pub fn start(self, link: &str) -> Worn {
        let data = self.folder.join("data");
        std::fs::create_dir_all(&data).unwrap();
        std::fs::write(data.join("settings.toml"), format!("version = 1\n{}", self.settings)).unwrap();
        let mut command = client(&data);
        self.lead(&mut command);
        command.args(&self.arguments).args(self.insists.then_some("--xr")).arg("--until-input-ends");
        if !link.is_empty() {
            command.env("VEV_LINK", link);
        }
        // What hangs in the room and what is pointed at is told to scripts alone: that takes memory in each frame.
        command.env("VEV_LOG", "xr_client=debug,room=trace");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        Worn::listen(command.spawn().unwrap(), self.port)
    }
}

impl Worn {
    /// Starts a client that enters by this link, with a scripted headset of its own.
    pub fn start(folder: &Path, link: &str) -> Self {
        Setup::new(folder).start(link)
    }

    fn listen(mut child: Child, port: u16) -> Self {
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

    /// The program's process.
    pub fn process_id(&self) -> u32 {
        self.process.0.id()
    }

    /// Waits for a line of the program's log that contains this.
    pub fn wait_for(&mut self, text: &str) {
        self.wait_for_more(text, 1);
    }

    /// Waits until so many lines of the program's log contain this; the newest of them.
    pub fn wait_for_more(&mut self, text: &str, count: usize) -> String {
        let deadline = Instant::now() + PATIENCE;
        while self.heard.iter().filter(|line| line.contains(text)).count() < count {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.heard.push(line),
                Err(_) => panic!("{text:?} was not heard; what was: {:#?}", self.heard),
            }
        }
        self.heard.iter().rfind(|line| line.contains(text)).cloned().unwrap_or_default()
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

    /// How many lines about something (what follows this word) contain a text that the line before them does not.
    pub fn count(&mut self, about: &str, text: &str) -> usize {
        self.heard.extend(self.lines.try_iter());
        let told = self.heard.iter().filter_map(|line| Some(line.split_once("room: ")?.1));
        let has: Vec<bool> =
            told.filter(|told| told.starts_with(about)).map(|told| told.contains(text)).collect();
        has.windows(2).filter(|pair| !pair[0] && pair[1]).count()
    }

    /// Asks the client to leave, as its starter does by ending, and waits until it has.
    pub fn leave(mut self) -> (ExitStatus, Vec<String>) {
        drop(self.input.take());
        self.wait()
    }

    /// Waits until the client has ended by itself.
    pub fn wait(mut self) -> (ExitStatus, Vec<String>) {
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
