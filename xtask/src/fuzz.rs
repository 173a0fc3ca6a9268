//! `cargo xtask fuzz`: drives every fuzz target with libFuzzer, or replays the committed corpora.

use crate::process::{self, cargo, output, repository, target};
use anyhow::{Context, Result};
use std::process::Command;

/// How long.
#[derive(clap::Args)]
pub struct Args {
    /// Minutes for all targets together; without it the committed corpora are replayed.
    #[arg(long)]
    minutes: Option<u64>,
    /// Only this target.
    #[arg(long)]
    target: Option<String>,
}

/// Coverage feedback for libFuzzer by stable compiler options.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions --cfg fuzzing";

/// Fuzzes, or replays.
pub fn run(args: &Args) -> Result<()> {
    let Some(minutes) = args.minutes else {
        return process::run(&mut cargo(&["nextest", "run", "--package", "fuzz"]));
    };
    let engine = repository().join("fuzz/engine");
    let build = ["build", "--release", "--target", "x86_64-unknown-linux-gnu", "--target-dir"];
    process::run(cargo(&build).arg(target().join("fuzz")).current_dir(&engine).env("RUSTFLAGS", COVERAGE))?;
    let program = target().join("fuzz/x86_64-unknown-linux-gnu/release/vev-fuzz");
    let names =
        output(Command::new(&program).env("VEV_FUZZ_TARGET", "list")).context("cannot list the targets")?;
    let names: Vec<&str> =
        names.lines().filter(|name| args.target.as_deref().is_none_or(|only| only == *name)).collect();
    anyhow::ensure!(!names.is_empty(), "there is no fuzz target of that name");
    let seconds = (minutes * 60 / names.len() as u64).max(1);
    for name in names {
        println!("── {name}, {seconds} s");
        let found = target().join("fuzz/found").join(name);
        std::fs::create_dir_all(&found)?;
        let mut command = Command::new(&program);
        command.env("VEV_FUZZ_TARGET", name).current_dir(&found).arg(&found);
        // Seeds of the product's own encoders, and the inputs that were committed because they once failed.
        let seeds = target().join("fuzz/seeds").join(name);
        std::fs::create_dir_all(&seeds)?;
        process::run(Command::new(&program).env("VEV_FUZZ_TARGET", name).env("VEV_FUZZ_SEEDS", &seeds))?;
        command.arg(&seeds);
        let committed = repository().join("fuzz/corpus").join(name);
        if committed.is_dir() {
            command.arg(committed);
        }
        command.args(["-max_len=65536", "-rss_limit_mb=2048", "-timeout=10", "-print_final_stats=1"]);
        process::run(command.arg(format!("-max_total_time={seconds}"))).with_context(|| {
            format!("{name} fails on the input that libFuzzer wrote to {}", found.display())
        })?;
    }
    Ok(())
}
