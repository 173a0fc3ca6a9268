//! Type checks for the browser and for Windows, and programs for Windows, by Debian's own compiler.
//!
//! The project's toolchain has no standard library for other targets; Debian's `rust-web-src` has its
//! source, which the unstable `build-std` compiles for them.

use crate::install;
use crate::process::{repository, run, target};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// Crates that a browser client will share: no time, network, files, threads or tokio in them.
pub const PURE_CRATES: [&str; 6] =
    ["venue-model", "venue-package", "venue-motion", "venue-protocol", "venue-replication", "wgpu-renderer"];

/// What Debian has a linker for.
pub const WINDOWS: &str = "x86_64-pc-windows-gnu";

/// What their names begin with.
pub const COMPILERS: &str = "x86_64-w64-mingw32";

/// Checks the pure crates for the browser.
pub fn browser() -> Result<()> {
    let packages: Vec<&str> = PURE_CRATES.iter().flat_map(|name| ["--package", name]).collect();
    let mut command = debian_cargo("browser")?;
    command.args(["check", "--target", "wasm32-unknown-unknown"]).args(packages);
    run(command.env("RUSTFLAGS", "--cfg=web_sys_unstable_apis"))
}

/// Checks the client for Windows.
pub fn windows() -> Result<()> {
    let mut command = debian_cargo("windows")?;
    run(command.args(["check", "--target", WINDOWS, "--package", "xr-client"]))
}

/// Builds programs for Windows that need nothing but what Windows has; gives the folder that they are in.
pub fn build_for_windows(programs: &[&str], profile: &str) -> Result<PathBuf> {
    let packages: Vec<&str> = programs.iter().flat_map(|name| ["--package", name]).collect();
    let mut command = debian_cargo("windows")?;
    command.args(["build", "--target", WINDOWS, "--profile", profile]).args(packages);
    // All of the compiler's own libraries go into the programs, those of C++ too.
    command.env("RUSTFLAGS", "-Ctarget-feature=+crt-static -Clink-arg=-static");
    command.env("CXXSTDLIB_STATIC_x86_64_pc_windows_gnu", "1");
    run(&mut command)?;
    let built = if profile == "dev" { "debug" } else { profile };
    Ok(target().join("windows").join(WINDOWS).join(built))
}

/// Debian's cargo with its compiler, in a target directory of its own beside the project's: the two
/// compilers would otherwise throw away each other's work.
fn debian_cargo(name: &str) -> Result<Command> {
    install::debian(&install::PORTABILITY_PACKAGES)?;
    let mut command = Command::new("/usr/bin/cargo");
    command
        .current_dir(repository())
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("CARGO_TARGET_DIR", target().join(name))
        .args(["-Zbuild-std=std,panic_abort", "--quiet", "--locked"]);
    Ok(command)
}
