//! A screen reader's ears: a session bus of one's own, and what the window tells over AT-SPI.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use xtask::process::Running;

/// Debian's own Python, which has the bindings.
const PYTHON: &str = "/usr/bin/python3";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/processes/reader.py");

/// One thing that is told.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Told {
    /// What it is, e.g. `push button`.
    pub role: String,
    /// What it is called.
    pub name: String,
    /// Whether the keys go there.
    pub focused: bool,
    /// What stands in a field.
    pub text: String,
}

/// The session bus and the reader on it.
pub struct Reader {
    address: String,
    runtime: std::path::PathBuf,
    _bus: Running,
}

impl Reader {
    /// Starts a session bus and listens on it; what belongs to it lies in `folder`.
    pub fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let mut command = Command::new("dbus-daemon");
        command.args(["--session", "--nofork", "--print-address=1"]).env("XDG_RUNTIME_DIR", folder);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("dbus is installed");
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let (address, runtime) = (address.trim().to_owned(), folder.to_path_buf());
        let reader = Self { address, runtime, _bus: Running(child) };
        reader.run(&["on"]);
        reader
    }

    /// What a program on this session needs to know.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        [
            ("DBUS_SESSION_BUS_ADDRESS", self.address.clone()),
            ("XDG_RUNTIME_DIR", self.runtime.display().to_string()),
        ]
    }

    fn run(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(PYTHON);
        command.arg(SCRIPT).args(arguments).envs(self.environment());
        let output = command.output().expect("python3 is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Everything that the program of this process tells now.
    pub fn read(&self, process: u32) -> Vec<Told> {
        serde_json::from_str(&self.run(&["read", &process.to_string()])).unwrap()
    }
}
