//! Tries the programs for Windows under Wine: the sample venue drawn, the importer's check, the window without a headset.
//!
//! Wine is not Windows; what passes here shows that the programs start, find their files, draw by Vulkan and fall back to
//! the window.

use crate::install;
use crate::process::{Running, run, target};
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

const PACKAGES: [&str; 4] = ["mesa-vulkan-drivers", "wine", "wine64", "xvfb"];

/// Debian's Wine lacks the one call by which Rust's programs ask Windows for random numbers. Windows has it.
const RANDOM: &str = "#include <windows.h>\n#include <ntsecapi.h>\n\
    __declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T count) { return RtlGenRandom(to, count); }\n";

/// How long a program may take to say that it opens its window.
const PATIENCE: Duration = Duration::from_secs(180);

/// The client's words when no OpenXR runtime answers.
const IN_A_WINDOW: &str = "the venue is shown in a window: no OpenXR runtime answers";

/// What different greys a drawn room has at least; an empty picture has one.
const SHADES: usize = 40;

/// Wine with its own folders and a screen of its own.
struct Wine {
    folder: PathBuf,
    display: String,
    _screen: Running,
}

/// Runs what is in the archive's folder.
pub(super) fn smoke_test(archive: &Path) -> Result<()> {
    install::debian(&PACKAGES)?;
    let wine = Wine::start()?;
    let package = archive.join("assets/venues/geneva/package");
    run(wine.program(archive, "venue-importer")?.arg("check").arg(&package))?;
    println!("wine: the importer read the sample venue");
    let pictures = wine.folder.join("pictures");
    std::fs::create_dir_all(&pictures)?;
    run(wine.program(archive, "xr-client")?.arg("--preview").arg(&package).arg("--out").arg(&pictures))?;
    println!("wine: {} pictures of the sample venue in {}", drawn(&pictures)?, pictures.display());
    let said = wine.without_headset(archive)?;
    println!("wine: {said}");
    Ok(())
}

impl Wine {
    fn start() -> Result<Self> {
        let folder = target().join("windows/wine");
        std::fs::create_dir_all(&folder)?;
        let (screen, display) = screen()?;
        let wine = Self { folder, display, _screen: screen };
        run(wine.command("wineboot").arg("--init"))?;
        Ok(wine)
    }

    /// A program of Wine's that says nothing of its own.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("WINEPREFIX", self.folder.join("prefix"))
            .env("WINEDEBUG", "-all")
            .env("WINEDLLOVERRIDES", "bcryptprimitives=n;mscoree=;mshtml=")
            .env("DISPLAY", &self.display)
            // Wine's Direct3D compiles no shaders; Windows' own does, and is asked after Vulkan there, too.
            .env("WGPU_BACKEND", "vulkan")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XR_RUNTIME_JSON");
        command
    }

    /// A program of the archive, copied to where the missing call lies beside it.
    fn program(&self, archive: &Path, name: &str) -> Result<Command> {
        let file = format!("{name}.exe");
        for file in [file.as_str(), "openxr_loader.dll"] {
            std::fs::copy(archive.join("bin").join(file), self.folder.join(file))?;
        }
        self.random()?;
        let mut command = self.command("wine");
        command.arg(self.folder.join(&file)).current_dir(archive);
        Ok(command)
    }

    /// The library with the call.
    fn random(&self) -> Result<()> {
        let library = self.folder.join("bcryptprimitives.dll");
        if library.is_file() {
            return Ok(());
        }
        let source = self.folder.join("random.c");
        std::fs::write(&source, RANDOM)?;
        let mut compiler = Command::new("x86_64-w64-mingw32-gcc");
        run(compiler.args(["-shared", "-O1", "-o"]).arg(&library).arg(&source).arg("-ladvapi32"))
    }

    /// Starts the client as a double click does; gives the line in which it says that it found no headset.
    fn without_headset(&self, archive: &Path) -> Result<String> {
        let data = self.folder.join("data");
        let mut command = self.program(archive, "xr-client")?;
        command.arg("--data-dir").arg(&data).env("VEV_LOG", "xr_client=info");
        let mut client = Running(command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn()?);
        let errors = client.0.stderr.take().context("the client has no standard error")?;
        let (tell, told) = mpsc::channel();
        let reader = std::thread::Builder::new().name("wine-log".into()).spawn(move || {
            BufReader::new(errors).lines().map_while(Result::ok).for_each(|line| drop(tell.send(line)));
        })?;
        let said = self.wait_for_window(&told, &mut client);
        drop(client);
        run(self.command("wineserver").arg("--kill"))?;
        drop(reader.join());
        said
    }

    fn wait_for_window(&self, told: &mpsc::Receiver<String>, client: &mut Running) -> Result<String> {
        let until = Instant::now() + PATIENCE;
        let (mut said, mut all) = (None, String::new());
        while Instant::now() < until {
            if let Ok(line) = told.recv_timeout(Duration::from_millis(500)) {
                if line.contains(IN_A_WINDOW) {
                    said = Some(line.clone());
                }
                all += &line;
                all.push('\n');
            }
            if let Some(status) = client.0.try_wait()? {
                bail!("the client ended with {status} instead of opening its window:\n{all}");
            }
            if let Some(said) = said.take_if(|_| self.shades().is_ok_and(|shades| shades >= SHADES)) {
                return Ok(said);
            }
        }
        bail!("the client did not open its window within {} s:\n{all}", PATIENCE.as_secs())
    }

    /// How many greys the screen shows; kept as a picture to look at.
    fn shades(&self) -> Result<usize> {
        let picture = self.folder.join("window.png");
        run(Command::new("import")
            .args(["-window", "root"])
            .arg(&picture)
            .env("DISPLAY", &self.display)
            .stderr(Stdio::null()))?;
        shades(&picture)
    }
}

/// A screen in memory, and its name.
fn screen() -> Result<(Running, String)> {
    let mut command = Command::new("Xvfb");
    // The server writes the number of the display that it chose to its standard output.
    command.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
    let mut screen = Running(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().context("Xvfb")?);
    let mut number = String::new();
    let said = screen.0.stdout.take().context("Xvfb has no standard output")?;
    BufReader::new(said).read_line(&mut number)?;
    Ok((screen, format!(":{}", number.trim())))
}

/// How many pictures of rooms are in a folder; none may be empty.
fn drawn(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "png") {
            continue;
        }
        let greys = shades(&path)?;
        ensure!(greys >= SHADES, "{} shows nothing: {greys} greys", path.display());
        count += 1;
    }
    ensure!(count > 0, "no picture was drawn");
    Ok(count)
}

fn shades(picture: &Path) -> Result<usize> {
    let picture = image::open(picture).with_context(|| picture.display().to_string())?.to_luma8();
    let mut seen = [false; 256];
    picture.pixels().for_each(|grey| seen[usize::from(grey.0[0])] = true);
    Ok(seen.iter().filter(|seen| **seen).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_picture_has_too_few_greys() {
        let folder = tempfile::tempdir().unwrap();
        let room = image::GrayImage::from_fn(64, 64, |x, y| image::Luma([(x * 2 + y) as u8]));
        room.save(folder.path().join("room.png")).unwrap();
        std::fs::write(folder.path().join("preview.json"), "{}").unwrap();
        assert_eq!(drawn(folder.path()).unwrap(), 1);
        image::GrayImage::new(64, 64).save(folder.path().join("empty.png")).unwrap();
        assert!(drawn(folder.path()).unwrap_err().to_string().contains("empty.png"));
    }
}
