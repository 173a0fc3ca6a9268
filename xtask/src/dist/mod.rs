//! `cargo xtask dist [--windows]`: an archive that runs without Rust: programs, sample venue, documents, licences,
//! units, checksums.

mod openxr_loader;
mod third_party;
pub mod units;
mod windows;
mod wine;

use crate::process::{self, cargo, is_on_path, repository, target};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How to build it and where to put it.
#[derive(clap::Args)]
pub struct Args {
    /// Cargo's profile; `release` and `dev` are quicker to build and slower to run.
    #[arg(long, default_value = "shipped", value_parser = ["shipped", "release", "dev"])]
    profile: String,
    /// The folder that the archive is written to; `target/dist` unless told.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Client and importer for Windows, built here, and tried under Wine.
    #[arg(long)]
    windows: bool,
}

/// What delegates, hosts and modelers start.
pub const PROGRAMS: [&str; 3] = ["venue-server", "venue-importer", "xr-client"];

/// What is copied as it stands: from the repository, to the archive.
const FILES: [(&str, &str); 10] = [
    ("assets/avatars", "assets/avatars"),
    ("assets/venues/geneva/package", "assets/venues/geneva/package"),
    ("assets/LICENSES.md", "assets/LICENSES.md"),
    ("docs/client-scripts.md", "docs/client-scripts.md"),
    ("docs/modelers-guide.md", "docs/modelers-guide.md"),
    ("docs/privacy.md", "docs/privacy.md"),
    ("docs/venue-package.md", "docs/venue-package.md"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("CHANGELOG.md", "CHANGELOG.md"),
];

/// What stands beside these where there is a server.
const SERVER_FILES: [(&str, &str); 3] = [
    ("deploy", "deploy"),
    ("venue-server/venue-server.sample.toml", "venue-server.sample.toml"),
    ("docs/operations.md", "docs/operations.md"),
];

const READ_ME: &str = include_str!("README-linux.txt");

/// What is in an archive.
struct Contents<'a> {
    programs: &'a [&'a str],
    /// Of a program's file.
    suffix: &'a str,
    files: &'a [(&'a str, &'a str)],
    read_me: &'a str,
    /// What the programs are built for.
    triple: &'a str,
}

/// Builds the programs and the archive; prints the archive's path.
pub fn run(args: &Args) -> Result<()> {
    let out = args.out.clone().unwrap_or_else(|| target().join("dist"));
    if args.windows {
        println!("{}", windows::make(&args.profile, &out)?.display());
        return Ok(());
    }
    let packages: Vec<&str> = PROGRAMS.iter().flat_map(|name| ["--package", name]).collect();
    process::run(cargo(&["build", "--locked", "--quiet", "--profile", &args.profile]).args(packages))?;
    println!("{}", pack(&target().join(built_in(&args.profile)), &out)?.display());
    Ok(())
}

/// Where cargo puts what it builds by a profile.
fn built_in(profile: &str) -> &str {
    if profile == "dev" { "debug" } else { profile }
}

/// Makes the archive in `out` from programs that are built already; gives its path.
pub fn pack(built: &Path, out: &Path) -> Result<PathBuf> {
    let name = format!("vev-{}-linux-{}", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH);
    fill(
        built,
        &out.join(&name),
        &Contents {
            programs: &PROGRAMS,
            suffix: "",
            files: &[FILES.as_slice(), &SERVER_FILES].concat(),
            read_me: READ_ME,
            triple: &format!("{}-unknown-linux-gnu", std::env::consts::ARCH),
        },
    )?;
    let archive = out.join(format!("{name}.tar.gz"));
    process::run(Command::new("tar").arg("-C").arg(out).arg("-czf").arg(&archive).arg(&name))?;
    Ok(archive)
}

/// Makes the folder that becomes an archive.
fn fill(built: &Path, folder: &Path, contents: &Contents<'_>) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).context("cannot remove the folder of an earlier run")?;
    }
    for program in contents.programs {
        let name = format!("{program}{}", contents.suffix);
        let copied = folder.join("bin").join(&name);
        copy(&built.join(&name), &copied)?;
        strip(&copied)?;
    }
    for (from, to) in contents.files {
        copy(&repository().join(from), &folder.join(to))?;
    }
    std::fs::write(folder.join("README.txt"), contents.read_me)?;
    std::fs::write(folder.join("THIRD-PARTY.md"), third_party::page(contents.programs, contents.triple)?)?;
    std::fs::write(folder.join("SHA256SUMS"), checksums(folder)?)?;
    Ok(())
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

/// Takes the debugger's tables out of a program, four fifths of its bytes; a backtrace still names functions.
fn strip(program: &Path) -> Result<()> {
    let mut magic = [0; 4];
    let length = std::fs::File::open(program)?.read(&mut magic)?;
    let tool = match &magic[..length] {
        b"\x7fELF" => "strip",
        [b'M', b'Z', ..] => "x86_64-w64-mingw32-strip",
        _ => return Ok(()),
    };
    if !is_on_path(tool) {
        return Ok(());
    }
    process::run(Command::new(tool).arg("--strip-debug").arg(program))
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// Programs that do nothing, in the place of built ones.
    fn stubs() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for program in PROGRAMS {
            let path = folder.path().join(program);
            std::fs::write(&path, "#!/bin/sh\n").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder
    }

    #[test]
    fn debug_tables_are_not_shipped() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        let before = program.metadata().unwrap().len();
        strip(&program).unwrap();
        assert!(program.metadata().unwrap().len() < before / 2, "{before} bytes before");
        let run = Command::new(&program).arg("--list").output().unwrap();
        assert!(run.status.success(), "it still runs");
        let script = folder.path().join("script");
        std::fs::write(&script, "#!/bin/sh\n").unwrap();
        strip(&script).unwrap();
        assert_eq!(std::fs::read(&script).unwrap(), b"#!/bin/sh\n");
    }

    #[test]
    fn the_archive_holds_what_its_pages_name_and_its_units_verify() {
        let out = tempfile::tempdir().unwrap();
        let archive = pack(stubs().path(), out.path()).unwrap();
        assert!(archive.is_file());
        let folder = PathBuf::from(archive.to_string_lossy().trim_end_matches(".tar.gz"));
        units::verify(&folder).unwrap();
        let words = READ_ME.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ':' | ';'));
        let tops = ["bin/", "docs/", "deploy/", "assets/"];
        for path in words.filter(|word| tops.iter().any(|top| word.starts_with(top))) {
            assert!(folder.join(path.trim_end_matches('.')).exists(), "README.txt names {path}");
        }
        let licences = std::fs::read_to_string(folder.join("THIRD-PARTY.md")).unwrap();
        for text in ["| quinn ", "| wgpu ", "| sqlx", "Permission is hereby granted", "Apache License"] {
            assert!(licences.contains(text), "{text}");
        }
        assert!(!licences.contains("| proptest "), "what only tests use is not shipped");
        let sums = std::fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
        for file in ["THIRD-PARTY.md", "deploy/vev.desktop", "docs/modelers-guide.md", "bin/xr-client"] {
            assert!(sums.contains(&format!("  {file}\n")), "{file}");
        }
    }
}
