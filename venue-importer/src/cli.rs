//! The commands, their help, and what they print.

use crate::authored::Making;
use crate::hierarchy::Settings;
use crate::textures::Codec;
use crate::{check, pack, read};
use anyhow::{Context, Result, bail};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use venue_package::writer::{recover_directory, write_directory};

/// Makes venue packages out of 3-D models, and checks them.
///
/// A package is a folder: venue.json (what stands where), tileset.json and files/ (geometry,
/// navigation mesh, sounds). venue-server serves it; xr-client shows it. How to model a venue
/// is told in docs/modelers-guide.md, every field in docs/venue-package.md.
#[derive(Parser)]
#[command(name = "venue-importer", version)]
pub enum Command {
    /// Packs a GLB file whose nodes name spaces, doors and seats.
    ///
    /// Prints what was found, and warnings with advice. A package is written only when
    /// everything that a venue needs is there: a space, a spawn point in each, floors that are
    /// joined by the doors. The folder is never left half written.
    ///
    /// Example: venue-importer pack building.glb --into building-package
    Pack {
        /// The model: one glTF 2.0 binary, textures inside, metres, y up.
        #[arg(value_name = "IN.glb")]
        input: PathBuf,
        /// The folder to make.
        #[arg(long, value_name = "PACKAGE")]
        into: PathBuf,
        /// Replaces the package that lies there already.
        #[arg(long)]
        force: bool,
        /// How the pictures of the finest level are packed.
        #[arg(long, value_enum, default_value_t = Codec::Uastc)]
        near: Codec,
    },
    /// Reads every file of a package and tells all that is wrong with it.
    ///
    /// Ends with exit code 0 when the package can be used, warnings or not.
    Check {
        /// The folder with venue.json in it.
        #[arg(value_name = "PACKAGE")]
        package: PathBuf,
    },
}

/// Runs a command; a failure is printed in sentences.
pub fn run(command: &Command) -> ExitCode {
    let outcome = match command {
        Command::Pack { input, into, force, near } => pack_into(input, into, *force, *near),
        Command::Check { package } => check::check(package),
    };
    match outcome {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("venue-importer: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn pack_into(input: &std::path::Path, into: &std::path::Path, force: bool, near: Codec) -> Result<String> {
    recover_directory(into).context("what an earlier, interrupted run left behind could not be mended")?;
    if into.join("venue.json").exists() && !force {
        bail!(
            "{} holds a package already; add --force to replace it, or name another folder",
            into.display()
        );
    }
    let source = read::read_file(input)?;
    let settings = Settings { near, ..Settings::default() };
    let scratch = tempfile::tempdir().context("no folder for scratch files could be made")?;
    let packed = pack::pack(&source, Making { settings: &settings, scratch: scratch.path() })?;
    write_directory(&packed.files, into).context("the package could not be written")?;
    Ok(format!("{}\nwritten to {}\n", packed.report, into.display()))
}
