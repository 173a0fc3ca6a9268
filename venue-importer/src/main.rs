//! `venue-importer`: parses the command line and delegates.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    venue_importer::memory::keep();
    venue_importer::cli::run(&venue_importer::cli::Command::parse())
}
