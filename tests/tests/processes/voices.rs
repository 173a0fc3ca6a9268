//! A voice from one client process to another through a real server and a bad line, judged by numbers; and who does not
//! hear it.

use crate::bad_line::{BadLine, Badness};
use crate::delegates::tiny_venue;
use crate::desktop::until;
use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use serde_json::Value;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use xtask::demo::server::Server;
use xtask::install::python_program;
use xtask::process::Running;

const RATE: u32 = 48_000;
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/processes/voice_quality.py");

/// Clean speech that comes with Debian's alsa-utils.
const CLIPS: &str = "/usr/share/sounds/alsa";

/// Silence before the first word: both are inside and the microphone is open by then.
const BEFORE_SECONDS: usize = 12;

/// What is spoken, into a file: every clip, one after the other, for so long.
pub(crate) fn speech(path: &Path, seconds: usize) {
    let mut clips: Vec<PathBuf> =
        std::fs::read_dir(CLIPS).unwrap().map(|entry| entry.unwrap().path()).collect();
    clips.sort();
    clips.retain(|clip| !clip.ends_with("Noise.wav"));
    let spec =
        WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut writer = WavWriter::create(path, spec).unwrap();
    for _ in 0..BEFORE_SECONDS * RATE as usize {
        writer.write_sample(0i16).unwrap();
    }
    let mut written = 0;
    for clip in clips.iter().cycle() {
        for sample in WavReader::open(clip).unwrap().samples::<i16>() {
            writer.write_sample(sample.unwrap()).unwrap();
            written += 1;
        }
        if written >= seconds * RATE as usize {
            break;
        }
    }
    writer.finalize().unwrap();
}

/// Settings under which a voice is only carried: nothing is done to it, and both ears hear the same.
fn plain_settings(folder: &Path) {
    let settings = "version = 1\n\n[audio]\nmono = true\nroom_sound = false\necho = false\nnoise = false\ngain_control = false\nsounds = false\n";
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("settings.toml"), settings).unwrap();
}

pub(crate) struct Client {
    pub(crate) process: Running,
    log: PathBuf,
    pub(crate) heard: PathBuf,
}

/// A client process that plays this script.
pub(crate) fn client(folder: &Path, link: &str, script: &str, microphone: Option<&Path>) -> Client {
    plain_settings(&folder.join("data"));
    std::fs::write(folder.join("script.txt"), script).unwrap();
    let (log, heard) = (folder.join("log.txt"), folder.join("heard.wav"));
    let mut command = Command::new(crate::programs().join("xr-client"));
    command.arg("--headless").arg("--script").arg(folder.join("script.txt")).args(["--link", link, "--low"]);
    command.arg("--data-dir").arg(folder.join("data")).arg("--out").arg(folder);
    command.arg("--loudspeakers").arg(&heard);
    if let Some(microphone) = microphone {
        command.arg("--microphone").arg(microphone);
    }
    command.env("VEV_LOG", "xr_client=debug,warn");
    command.stdin(Stdio::null()).stderr(std::fs::File::create(&log).unwrap());
    Client { process: Running(command.spawn().unwrap()), log, heard }
}

impl Client {
    fn log(&self) -> String {
        let mut text = String::new();
        std::fs::File::open(&self.log).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// Waits for its end and says when its files of sound began, µs since 1970.
    pub(crate) fn end(&mut self) -> u64 {
        let mut status = None;
        until("the client ends", || {
            status = self.process.0.try_wait().unwrap();
            status.is_some()
        });
        let log = self.log();
        assert!(status.unwrap().success(), "{log}");
        let began = log.split("unix_micros=").nth(1).expect("the files' beginning is in the log");
        began.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
    }
}

/// How a voice was heard.
#[derive(Debug)]
pub(crate) struct Quality {
    pub(crate) pesq: f64,
    pub(crate) stoi: f64,
    /// From the mouth to the ear, ms.
    delay_ms: f64,
    gain_db: f64,
}

pub(crate) fn quality(spoken: (&Path, u64), heard: (&Path, u64)) -> Quality {
    let output = Command::new(python_program()).arg(SCRIPT).args([spoken.0, heard.0]).output();
    let output = output.expect("cargo xtask test --only install has made the environment");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let number = |name: &str| told[name].as_f64().unwrap();
    let apart = (heard.1 as f64 - spoken.1 as f64) / 1_000.0;
    Quality {
        pesq: number("pesq"),
        stoi: number("stoi"),
        delay_ms: number("delay_ms") + apart,
        gain_db: number("gain_db"),
    }
}

/// The link by way of the line.
pub(crate) fn by(line: &BadLine, server: &Server, link: &str) -> String {
    let direct = format!(":{}/", server.port);
    assert!(link.contains(&direct), "{link}");
    link.replace(&direct, &format!(":{}/", line.port))
}

/// Ana speaks for so long over this line; how Bo hears it.
fn carried(badness: Badness, seconds: usize) -> Quality {
    let folder = tempfile::tempdir().unwrap();
    tiny_venue(folder.path());
    let server = Server::start(&crate::programs(), folder.path()).unwrap();
    let links = server.invite(&[("Ana", "CHE", "en"), ("Bo", "CHE", "en")]).unwrap();
    let lines = [1, 2].map(|seed| BadLine::to(server.port, seed));
    let spoken = folder.path().join("spoken.wav");
    speech(&spoken, seconds);
    let [ana, bo] = ["ana", "bo"].map(|name| {
        let own = folder.path().join(name);
        std::fs::create_dir_all(&own).unwrap();
        own
    });
    // Each waits for the other; the file is played in real time.
    let listen = "timeout 150\nwait inside\nsay here\nwait heard Ana\nwait text Goodbye\nquit\n";
    let talk = "timeout 150\nwait inside\nwait text here\nmicrophone open\nwait microphone open\nwait spoken\nsay Goodbye\n\
                wait text Goodbye\nquit\n";
    let mut bo = client(&bo, &by(&lines[1], &server, &links[1]), listen, None);
    let mut ana = client(&ana, &by(&lines[0], &server, &links[0]), talk, Some(&spoken));
    lines[0].be(Badness { delay: badness.delay, ..Badness::default() });
    lines[1].be(badness);
    let [ana_began, bo_began] = [ana.end(), bo.end()];
    if let Some(last) = bo.log().lines().rfind(|line| line.contains("a voice")) {
        eprintln!("{last}");
    }
    if std::env::var_os("VEV_KEEP").is_some() {
        eprintln!("kept in {}", folder.keep().display());
    }
    quality((&spoken, ana_began), (&bo.heard, bo_began))
}

#[test]
fn a_voice_is_carried_whole() {
    let badness = Badness { delay: Duration::from_millis(10), ..Badness::default() };
    let quality = carried(badness, 24);
    eprintln!("clean: {quality:?}");
    assert!(quality.pesq > 3.0 && quality.stoi > 0.9, "{quality:?}");
    assert!(quality.gain_db.abs() < 12.0 && quality.delay_ms > 10.0, "{quality:?}");
}

#[test]
fn a_voice_is_carried_over_a_line_that_loses() {
    let badness =
        Badness { loss_percent: 3.0, delay: Duration::from_millis(10), jitter: Duration::from_millis(20) };
    let quality = carried(badness, 24);
    eprintln!("3 % lost: {quality:?}");
    assert!(quality.pesq > 2.5 && quality.stoi > 0.85, "{quality:?}");
}

#[test]
fn a_voice_is_understood_over_a_line_that_loses_a_tenth() {
    let badness = Badness { loss_percent: 10.0, delay: Duration::from_millis(10), ..Badness::default() };
    let quality = carried(badness, 24);
    eprintln!("10 % lost: {quality:?}");
    assert!(quality.pesq > 2.2 && quality.stoi > 0.8, "{quality:?}");
}
