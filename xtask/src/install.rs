//! What the gate needs on a bare Debian machine, and how it gets there.

mod bare_hands;
pub mod monado;

use crate::process::{cargo, is_on_path, output, repository, run, target};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// Debian packages that building and testing need.
const PACKAGES: [&str; 30] = [
    "alsa-utils",
    "at-spi2-core",
    "ca-certificates",
    "chromium",
    "clang",
    "cmake",
    "dbus",
    "gir1.2-atspi-2.0",
    "git",
    "imagemagick",
    "libasound2-dev",
    "libegl1",
    "libvulkan1",
    "libwayland-dev",
    "libx11-xcb1",
    "libxcursor1",
    "libxi6",
    "libxkbcommon-x11-0",
    "libxrandr2",
    "mesa-vulkan-drivers",
    "openxr-layer-corevalidation",
    "pkg-config",
    "procps",
    "python3",
    "python3-dev",
    "python3-gi",
    "python3-venv",
    "vulkan-validationlayers",
    "xdotool",
    "xvfb",
];

/// Debian packages that the checks for Windows and the browser need.
pub const PORTABILITY_PACKAGES: [&str; 5] =
    ["cargo-web", "g++-mingw-w64-x86-64-posix", "gcc-mingw-w64-x86-64-posix", "rust-web-src", "rustc-web"];

const CARGO_DENY: &str = "cargo-deny@0.20.2";

/// From PyPI, in an environment of their own: the spelling checker, a QUIC that others wrote, and what judges voices.
const PYTHON_PACKAGES: [&str; 6] =
    ["aioquic==1.7.2", "numpy==1.26.4", "pesq==0.0.4", "pystoi==0.4.1", "scipy==1.14.1", "typos==1.52.0"];

/// What runs other people's readers of our formats; only where neither is there, because they may come from elsewhere.
const NODE_PACKAGES: [&str; 2] = ["nodejs", "npm"];

/// Installs what is missing for the whole gate.
pub fn everything() -> Result<()> {
    debian(&PACKAGES)?;
    python_packages()?;
    cargo_deny()?;
    nextest()?;
    monado::install()?;
    readers()
}

/// Other people's programs that read our formats, as `tests/standards/package-lock.json` names them.
pub fn readers() -> Result<()> {
    if !is_on_path("node") || !is_on_path("npm") {
        debian(&NODE_PACKAGES)?;
    }
    let folder = repository().join("tests/standards");
    let lock =
        std::fs::read(folder.join("package-lock.json")).context("tests/standards/package-lock.json")?;
    let stamp = folder.join("node_modules/installed-lock.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    // They are data and pages; no package needs to run anything when it is installed.
    let options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(Command::new("npm").args(options).current_dir(&folder))?;
    std::fs::write(&stamp, lock).with_context(|| stamp.display().to_string())
}

/// Installs those of the Debian packages that are missing.
pub fn debian(packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("installing {}", missing.join(" "));
    run(apt().args(["update", "--quiet=2"]))?;
    run(apt().args(["install", "--yes", "--quiet=2", "--no-install-recommends"]).args(&missing))
        .with_context(|| format!("install these Debian packages by hand: {}", missing.join(" ")))
}

fn apt() -> Command {
    // Root needs no sudo, and a container often has none.
    let is_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let mut command = Command::new(if is_root { "apt-get" } else { "sudo" });
    if !is_root {
        command.arg("apt-get");
    }
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_installed(package: &str) -> bool {
    let query = ["--show", "--showformat=${db:Status-Status}", package];
    output(Command::new("dpkg-query").args(query)).is_ok_and(|status| status == "installed")
}

fn tools() -> PathBuf {
    target().join("tools")
}

/// Where the spelling checker lies.
pub fn typos_program() -> PathBuf {
    tools().join("python/bin/typos")
}

/// Where the licence checker lies.
pub fn cargo_deny_program() -> PathBuf {
    tools().join("bin/cargo-deny")
}

/// Python with the packages that the gate installs.
pub fn python_program() -> PathBuf {
    tools().join("python/bin/python")
}

fn python_packages() -> Result<()> {
    let environment = tools().join("python");
    let (stamp, wanted) = (environment.join("installed.txt"), PYTHON_PACKAGES.join("\n"));
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    run(Command::new(environment.join("bin/pip")).args(["install", "--quiet"]).args(PYTHON_PACKAGES))?;
    std::fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())
}

fn cargo_deny() -> Result<()> {
    if cargo_deny_program().is_file() {
        return Ok(());
    }
    // No registry has a recent ready program; the unoptimised build takes a third of the time.
    let options = ["--debug", "--no-default-features", "--quiet", CARGO_DENY, "--root"];
    run(cargo(&["install"]).args(options).arg(tools()).env("CARGO_TARGET_DIR", target().join("tools-build")))
}

fn nextest() -> Result<()> {
    if is_on_path("cargo-nextest") {
        return Ok(());
    }
    run(cargo(&["install", "--debug", "--locked", "--quiet", "cargo-nextest", "--root"]).arg(tools()))
}
