//! The stand-in for Valve's library, for every test that needs it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles the stand-in under a name of the test's own; `variant` is none, or one of its `--cfg`.
pub fn mock(test: &str, variant: Option<&str>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("libphonon-{test}.so"));
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let mut command = Command::new(compiler);
    command.args([
        "--edition",
        "2024",
        "--crate-type",
        "cdylib",
        "--crate-name",
        "phonon",
        "-O",
        "-A",
        "warnings",
    ]);
    command.args(variant.iter().flat_map(|variant| ["--cfg", variant]));
    command.arg("-o").arg(&path).arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mock/phonon.rs"));
    assert!(command.status().is_ok_and(|status| status.success()), "the stand-in does not compile");
    path
}
