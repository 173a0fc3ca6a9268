//! A display of one's own (Xvfb) with the real window on it, driven by keys and pointer like a person's.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use xtask::process::Running;

/// Far beyond what a loaded machine needs; only a hanging test gets here.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// Greys below this are nearly black.
const DARK: u8 = 60;

/// A part of the screen, pixels.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// From the left edge.
    pub left: usize,
    /// From the upper edge.
    pub top: usize,
    /// How wide.
    pub width: usize,
    /// How high.
    pub height: usize,
}

/// Sends a window the message WM_DELETE_WINDOW (ICCCM 4.2.8.1) by the system's X library.
const CLOSE: &str = "
import ctypes, sys
x = ctypes.CDLL('libX11.so.6')
x.XOpenDisplay.restype = ctypes.c_void_p
d = ctypes.c_void_p(x.XOpenDisplay(None))
class Message(ctypes.Structure):
    _fields_ = [('type', ctypes.c_int), ('serial', ctypes.c_ulong), ('send_event', ctypes.c_int),
        ('display', ctypes.c_void_p), ('window', ctypes.c_ulong), ('message_type', ctypes.c_ulong),
        ('format', ctypes.c_int), ('data', ctypes.c_long * 5), ('fill', ctypes.c_long * 12)]
x.XInternAtom.restype = ctypes.c_ulong
atom = lambda name: x.XInternAtom(d, name, 0)
w = int(sys.argv[1])
m = Message(33, 0, 1, d, w, atom(b'WM_PROTOCOLS'), 32, (ctypes.c_long * 5)(atom(b'WM_DELETE_WINDOW'), 0, 0, 0, 0))
x.XSendEvent(d, ctypes.c_ulong(w), 0, ctypes.c_long(0), ctypes.byref(m))
x.XSync(d, 0)
";

/// A screen in memory.
pub struct Desktop {
    name: String,
    size: [usize; 2],
    _server: Running,
}

impl Desktop {
    /// Starts an X server on a free display.
    pub fn start() -> Self {
        Self::start_with([1400, 900])
    }

    /// The same with a screen of this width and height.
    pub fn start_with(size: [usize; 2]) -> Self {
        let mut command = Command::new("Xvfb");
        // The server writes the number of the display that it chose to the descriptor: its standard output.
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &format!("{}x{}x24", size[0], size[1]),
            "-nolisten",
            "tcp",
        ]);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Xvfb is installed");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { name: format!(":{}", line.trim()), size, _server: Running(child) }
    }

    /// Its name, as programs find it in the variable `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes a picture of the whole screen, for people.
    pub fn save(&self, file: &Path) {
        let mut command = Command::new("import");
        let output = command.args(["-window", "root"]).arg(file).env("DISPLAY", &self.name).output();
        assert!(output.expect("ImageMagick is installed").status.success());
    }

    /// A part of the screen in colours, red first, row by row.
    pub fn colors(&self, part: Part) -> Vec<[u8; 3]> {
        let Part { left, top, width, height } = part;
        let mut command = Command::new("import");
        let crop = format!("{width}x{height}+{left}+{top}");
        let output = command.args(["-window", "root", "-crop", &crop, "-depth", "8", "rgb:-"]);
        let output = output.env("DISPLAY", &self.name).output().expect("ImageMagick is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout.len(), width * height * 3);
        output.stdout.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
    }

    /// Drives keyboard, pointer and windows.
    pub fn xdotool(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("xdotool");
        let output =
            command.args(arguments).env("DISPLAY", &self.name).output().expect("xdotool is installed");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "xdotool {arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Tells a window that its cross was pressed, as a window manager does; there is none here.
    pub fn close(&self, window: &str) {
        let mut command = Command::new("python3");
        let output = command.args(["-c", CLOSE, window]).env("DISPLAY", &self.name).output();
        let output = output.expect("Python is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A picture of the whole screen: width, and grey values row by row.
    pub fn picture(&self) -> (usize, Vec<u8>) {
        let mut command = Command::new("import");
        let output = command.args(["-window", "root", "-depth", "8", "gray:-"]).env("DISPLAY", &self.name);
        let output = output.output().expect("ImageMagick is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout.len(), self.size[0] * self.size[1]);
        (self.size[0], output.stdout)
    }

    /// How many different greys a part of the screen has: a drawn room has many, an empty window one.
    pub fn shades(&self, left: usize, top: usize, width: usize, height: usize) -> usize {
        let (stride, greys) = self.picture();
        let mut seen = [false; 256];
        for row in top..top + height {
            greys[row * stride + left..][..width].iter().for_each(|grey| seen[usize::from(*grey)] = true);
        }
        seen.iter().filter(|seen| **seen).count()
    }

    /// Which part of an area is nearly black, 0 to 1: the glass of a panel is, a lit room is not.
    pub fn darkness(&self, left: usize, top: usize, width: usize, height: usize) -> f32 {
        let (stride, greys) = self.picture();
        let rows = (top..top + height).map(|row| &greys[row * stride + left..][..width]);
        let dark: usize = rows.map(|row| row.iter().filter(|grey| **grey < DARK).count()).sum();
        dark as f32 / (width * height) as f32
    }

    /// Starts a program with a window on this screen and listens to its log.
    pub fn open(&self, program: &Path, arguments: &[&str], data: &Path) -> Window {
        self.open_with(program, arguments, data, [])
    }

    /// The same with more in its environment.
    pub fn open_with<const N: usize>(
        &self,
        program: &Path,
        arguments: &[&str],
        data: &Path,
        environment: [(&str, String); N],
    ) -> Window {
        let mut command = Command::new(program);
        command.envs(environment);
        command.args(arguments).arg("--data-dir").arg(data);
        command.env("DISPLAY", &self.name).env_remove("WAYLAND_DISPLAY").env("LANG", "en_US.UTF-8");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = child.stderr.take().unwrap();
        let (sender, lines) = mpsc::channel();
        // The thread ends with the program, whose output it drains.
        std::thread::spawn(move || {
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                drop(sender.send(line));
            }
        });
        Window { process: Running(child), lines, heard: VecDeque::new() }
    }
}

/// A program with a window.
pub struct Window {
    process: Running,
    lines: mpsc::Receiver<String>,
    heard: VecDeque<String>,
}

impl Window {
    /// Waits for a line of the program's log that contains this.
    pub fn wait_for(&mut self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if line.contains(text) => return,
                Ok(line) => self.heard.push_back(line),
                Err(_) => panic!("{text:?} was not heard; what was: {:#?}", self.heard),
            }
        }
    }

    /// Whether the log says this by now.
    pub fn has_said(&mut self, text: &str) -> bool {
        self.heard.extend(self.lines.try_iter());
        self.heard.iter().any(|line| line.contains(text))
    }

    /// The program's process.
    pub fn process_id(&self) -> u32 {
        self.process.0.id()
    }

    /// The X window of the program.
    pub fn id(&self, desktop: &Desktop) -> String {
        let pid = self.process.0.id().to_string();
        let found = desktop.xdotool(&["search", "--sync", "--onlyvisible", "--pid", &pid]);
        found.lines().next().expect("the program has a window").to_owned()
    }
}

/// Tries until it holds: what is waited for happens in other processes.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "not in time: {what}");
    }
}
