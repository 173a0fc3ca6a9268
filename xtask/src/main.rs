//! `cargo xtask`: the project's own commands. Parses and delegates.

use clap::Parser;
use std::process::ExitCode;
use xtask::{assets, bench, demo, dist, fuzz, gate, load, pictures, tidy};

/// The commands of the project.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true)]
enum Command {
    /// Installs what the machine lacks, then runs the whole gate; CI runs exactly this.
    Test(gate::Args),
    /// The product's main job with embedded defaults: window, headset, or pictures.
    Demo(demo::Args),
    /// Rebuilds the sample venue, the avatars and the fonts from their scripts.
    Assets(assets::Args),
    /// Takes the pictures of rooms and panels that the documents show.
    Pictures(pictures::Args),
    /// Makes an archive that runs without Rust.
    Dist(dist::Args),
    /// Fuzzes every decoder for some minutes, or replays the corpora.
    Fuzz(fuzz::Args),
    /// Measures a part of the product and prints its figures.
    Bench(bench::Args),
    /// Fills a real server with a crowd and says what it needs for it.
    Load(load::Args),
    /// Checks only what the compiler can not: imports, purity, sizes, headers, locales.
    Tidy,
}

fn main() -> ExitCode {
    let result = match Command::parse() {
        Command::Test(args) => gate::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Assets(args) => assets::run(&args),
        Command::Pictures(args) => pictures::run(&args),
        Command::Dist(args) => dist::run(&args),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Load(args) => load::run(&args),
        Command::Tidy => tidy::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
