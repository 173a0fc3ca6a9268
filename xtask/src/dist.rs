//! `cargo xtask dist`: an archive that runs without Rust: programs, sample venue, units, checksums.

use crate::process::{self, cargo, repository, target};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How to build it and where to put it.
#[derive(clap::Args)]
pub struct Args {
    /// Cargo's profile; `dev` is quicker to build and slower to run.
    #[arg(long, default_value = "release", value_parser = ["release", "dev"])]
    profile: String,
    /// The folder that the archive is written to; `target/dist` unless told.
    #[arg(long)]
    out: Option<PathBuf>,
}

const PROGRAMS: [&str; 3] = ["venue-server", "venue-importer", "xr-client"];

/// What is copied as it stands: from the repository, to the archive.
const FILES: [(&str, &str); 10] = [
    ("assets/avatars", "assets/avatars"),
    ("assets/venues/geneva/package", "assets/venues/geneva/package"),
    ("assets/LICENSES.md", "assets/LICENSES.md"),
    ("deploy", "deploy"),
    ("venue-server/venue-server.sample.toml", "venue-server.sample.toml"),
    ("docs/operations.md", "docs/operations.md"),
    ("docs/privacy.md", "docs/privacy.md"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("CHANGELOG.md", "CHANGELOG.md"),
];

const READ_ME: &str = "\
VEV, the Virtual Event Venue

    bin/venue-server doctor          says what this machine lacks
    bin/venue-server serve --demo    serves the sample venue and prints a link
    bin/xr-client --link LINK        enters it

An operator reads docs/operations.md: configuration (venue-server.sample.toml), a systemd
unit (deploy/), backups, upgrades.

Ports: UDP 4433 (venue, QUIC) and TCP 4433 (entry page, HTTPS) from the delegates' networks;
TCP 9433 on loopback only (health and metrics).

Check the files with: sha256sum --check SHA256SUMS
";

/// Builds the programs and the archive; prints the archive's path.
pub fn run(args: &Args) -> Result<()> {
    let packages: Vec<&str> = PROGRAMS.iter().flat_map(|name| ["--package", name]).collect();
    process::run(cargo(&["build", "--locked", "--quiet", "--profile", &args.profile]).args(packages))?;
    let built = target().join(if args.profile == "dev" { "debug" } else { "release" });
    let out = args.out.clone().unwrap_or_else(|| target().join("dist"));
    println!("{}", pack(&built, &out)?.display());
    Ok(())
}

/// Makes the archive in `out` from programs that are built already; gives its path.
pub fn pack(built: &Path, out: &Path) -> Result<PathBuf> {
    let name = format!("vev-{}-linux-{}", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH);
    let folder = out.join(&name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("cannot remove the folder of an earlier run")?;
    }
    for program in PROGRAMS {
        copy(&built.join(program), &folder.join("bin").join(program))?;
    }
    for (from, to) in FILES {
        copy(&repository().join(from), &folder.join(to))?;
    }
    std::fs::write(folder.join("README.txt"), READ_ME)?;
    std::fs::write(folder.join("SHA256SUMS"), checksums(&folder)?)?;
    let archive = out.join(format!("{name}.tar.gz"));
    process::run(Command::new("tar").arg("-C").arg(out).arg("-czf").arg(&archive).arg(&name))?;
    Ok(archive)
}

/// Copies a file or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let problem = || format!("cannot copy {} to {}", from.display(), to.display());
    if from.is_dir() {
        for entry in std::fs::read_dir(from).with_context(problem)? {
            let name = entry?.file_name();
            copy(&from.join(&name), &to.join(&name))?;
        }
        return Ok(());
    }
    std::fs::create_dir_all(to.parent().unwrap_or(to)).with_context(problem)?;
    std::fs::copy(from, to).map(drop).with_context(problem)
}

/// One line a file, in the form that `sha256sum --check` reads.
fn checksums(folder: &Path) -> Result<String> {
    let mut files = Vec::new();
    list(folder, folder, &mut files)?;
    files.sort();
    let mut lines = String::new();
    for file in files {
        let digest = Sha256::digest(std::fs::read(folder.join(&file))?);
        for byte in digest {
            write!(lines, "{byte:02x}")?;
        }
        writeln!(lines, "  {}", file.display())?;
    }
    Ok(lines)
}

fn list(top: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(top, &path, files)?;
        } else {
            files.push(path.strip_prefix(top)?.to_path_buf());
        }
    }
    Ok(())
}
