//! The archive for Windows: client and importer, built by Debian's compilers, and tried under Wine before it is packed.

use super::{Contents, FILES, fill, openxr_loader, wine};
use crate::install;
use crate::portability::{WINDOWS, build_for_windows};
use crate::process::{output, run};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What runs on Windows.
const PROGRAMS: [&str; 2] = ["venue-importer", "xr-client"];

const READ_ME: &str = include_str!("README-windows.txt");

/// Libraries that the programs may ask for are Windows' own; the compilers' would be missing on every other machine.
const OF_COMPILERS: [&str; 4] = ["libgcc", "libstdc++", "libwinpthread", "libssp"];

/// Builds, tries and packs; gives the archive.
pub(super) fn make(profile: &str, out: &Path) -> Result<PathBuf> {
    install::debian(&["zip"])?;
    let built = build_for_windows(&PROGRAMS, profile)?;
    for program in PROGRAMS {
        stands_alone(&built.join(format!("{program}.exe")))?;
    }
    let name = format!("vev-{}-windows-x86_64", env!("CARGO_PKG_VERSION"));
    let folder = out.join(&name);
    // Editors of Windows want both characters at the end of a line.
    let read_me = READ_ME.replace('\n', "\r\n");
    let loader = openxr_loader::build()?;
    let path = |of: &'_ Path| of.to_str().map(str::to_owned).context("a path that is no text");
    let [library, licence] = [path(&loader.library)?, path(&loader.licence)?];
    let of_loader = [(library.as_str(), "bin/openxr_loader.dll"), (&licence, "LICENSE-openxr-loader.txt")];
    let files = [FILES.as_slice(), &of_loader].concat();
    let contents =
        Contents { programs: &PROGRAMS, suffix: ".exe", files: &files, read_me: &read_me, triple: WINDOWS };
    fill(&built, &folder, &contents)?;
    wine::smoke_test(&folder)?;
    let archive = out.join(format!("{name}.zip"));
    if archive.exists() {
        std::fs::remove_file(&archive)?;
    }
    run(Command::new("zip").args(["--quiet", "--recurse-paths"]).arg(&archive).arg(&name).current_dir(out))?;
    Ok(archive)
}

/// Fails where a program needs a library of the compilers.
pub(super) fn stands_alone(program: &Path) -> Result<()> {
    let listed = output(Command::new("x86_64-w64-mingw32-objdump").arg("-p").arg(program))?;
    let foreign: Vec<&str> = libraries(&listed).filter(|name| is_of_compilers(name)).collect();
    if !foreign.is_empty() {
        bail!("{} needs {}, which Windows does not have", program.display(), foreign.join(", "));
    }
    Ok(())
}

/// Names of libraries in what `objdump -p` lists.
fn libraries(listed: &str) -> impl Iterator<Item = &str> {
    listed.lines().filter_map(|line| line.trim().strip_prefix("DLL Name:")).map(str::trim)
}

fn is_of_compilers(name: &str) -> bool {
    OF_COMPILERS.iter().any(|library| name.starts_with(library))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_of_compilers_are_told_from_those_of_windows() {
        let listed = "\tDLL Name: KERNEL32.dll\n\tvma:  Hint/Ord\n\tDLL Name: libstdc++-6.dll\n  DLL Name: libgcc_s_dw2-1.dll";
        let found: Vec<&str> = libraries(listed).collect();
        assert_eq!(found, ["KERNEL32.dll", "libstdc++-6.dll", "libgcc_s_dw2-1.dll"]);
        assert_eq!(found.iter().filter(|name| is_of_compilers(name)).count(), 2);
    }

    #[test]
    fn the_start_page_names_files_that_are_packed() {
        for word in READ_ME.split_whitespace().filter(|word| word.contains('\\')) {
            let path = word.trim_end_matches([',', ';', '.', ':']).replace('\\', "/");
            let program = path.strip_prefix("bin/").and_then(|name| name.strip_suffix(".exe"));
            let is_packed = path == "bin/openxr_loader.dll" || FILES.iter().any(|(_, to)| *to == path);
            assert!(program.is_some_and(|name| PROGRAMS.contains(&name)) || is_packed, "{word}");
        }
    }
}
