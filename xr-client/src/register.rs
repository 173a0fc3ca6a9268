//! Makes `vev://` links open this program, for the person who runs it; nothing is changed for others.
//!
//! It must not know what a link means.

use anyhow::{Context as _, Result, bail};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Name of the entry below the person's `applications` folder.
const ENTRY: &str = "vev.desktop";

/// What the archive installs for every user of a machine; the program's place is filled in.
const TEMPLATE: &str = include_str!("../../deploy/vev.desktop");

/// Registers this program for the person's desktop (freedesktop.org's Desktop Entry and MIME Applications
/// specifications) and says where.
pub fn register() -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!(
            "this system's links are registered by its installer; paste the link on the start page instead"
        );
    }
    let program = std::env::current_exe().context("the program does not know where it lies")?;
    let folder = applications().context("neither XDG_DATA_HOME nor HOME is set; set one of them")?;
    let path = write_entry(&folder, &program)?;
    println!("vev:// links open {}", program.display());
    println!("  entry {}", path.display());
    let default = Command::new("xdg-mime").args(["default", ENTRY, "x-scheme-handler/vev"]).status();
    if !default.is_ok_and(|status| status.success()) {
        println!("  xdg-mime is missing or failed; your desktop may ask once which program opens such links");
    }
    Ok(())
}

fn applications() -> Option<PathBuf> {
    let data = std::env::var_os("XDG_DATA_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share"));
    Some(data.or_else(home)?.join("applications"))
}

fn write_entry(folder: &Path, program: &Path) -> Result<PathBuf> {
    let problem = || format!("{} can not be written; is the folder yours?", folder.join(ENTRY).display());
    std::fs::create_dir_all(folder).with_context(problem)?;
    let path = folder.join(ENTRY);
    let text = entry(program);
    crate::core::files::write_whole(&path, text.as_bytes(), crate::core::files::Readers::Anyone)
        .with_context(problem)?;
    Ok(path)
}

/// The template with the program's place in it.
fn entry(program: &Path) -> String {
    let mut text = String::new();
    for line in TEMPLATE.lines() {
        let line = match line.strip_prefix("Exec=") {
            Some(_) => format!("Exec={} %u", quoted(&program.to_string_lossy())),
            None => line.to_owned(),
        };
        // Writing into a string does not fail.
        writeln!(text, "{line}").ok();
    }
    text
}

/// A word of an `Exec` line (Desktop Entry Specification 1.5, "The Exec key").
fn quoted(word: &str) -> String {
    let mut quoted = String::from("\"");
    for c in word.chars() {
        match c {
            '"' | '`' | '$' | '\\' => quoted.extend(['\\', '\\', c]),
            '%' => quoted.push_str("%%"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_names_this_program_and_the_scheme() {
        let folder = tempfile::tempdir().unwrap();
        let path =
            write_entry(&folder.path().join("applications"), Path::new("/opt/my vev/xr-client")).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains("Exec=\"/opt/my vev/xr-client\" %u\n"), "{text}");
        assert!(text.contains("MimeType=x-scheme-handler/vev;"), "{text}");
        assert!(text.starts_with("[Desktop Entry]\n"));
    }

    #[test]
    fn characters_that_mean_something_are_escaped() {
        assert_eq!(quoted("/a b/100%/$x"), "\"/a b/100%%/\\\\$x\"");
    }
}
