//! Other people's programs read what we write: the Khronos glTF validator, a KTX2 reader, CesiumJS. They lie in
//! `tests/standards`; `cargo xtask test --only standards` installs them and runs this.

#![allow(clippy::unwrap_used, reason = "a test that can not go on fails")]

mod drawn;
mod likeness;
mod made;
mod tiles;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The repository's top folder.
fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// The package of the sample venue.
fn sample() -> PathBuf {
    repository().join("assets/venues/geneva/package")
}

/// The folder with the programs of this build.
fn programs() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(2).unwrap().to_path_buf()
}

/// Runs one of the scripts of `tests/standards` to its end.
fn node(script: &str, arguments: &[&str]) -> Output {
    let folder = repository().join("tests/standards");
    assert!(folder.join("node_modules").is_dir(), "run cargo xtask test --only standards: it installs them");
    Command::new("node").arg(folder.join(script)).args(arguments).output().unwrap()
}

/// What a program printed, for a failure's message.
fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
