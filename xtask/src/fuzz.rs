//! `cargo xtask fuzz`: drives every fuzz target with libFuzzer, or replays the committed corpora.

use crate::process::{self, cargo, output, repository, target};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How long, and what to keep.
#[derive(clap::Args)]
pub struct Args {
    /// Minutes for all targets together; without it the committed corpora are replayed.
    #[arg(long)]
    minutes: Option<u64>,
    /// Only this target.
    #[arg(long)]
    target: Option<String>,
    /// Afterwards chooses inputs that reach much code, and puts them into fuzz/corpus.
    #[arg(long, requires = "minutes")]
    keep: bool,
}

/// Coverage feedback for libFuzzer by stable compiler options.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions --cfg fuzzing";

/// Limits of each run: bytes of an input, megabytes of memory, seconds for one input.
const LIMITS: [&str; 3] = ["-max_len=65536", "-rss_limit_mb=2048", "-timeout=10"];

/// What is kept in the repository for one target: files, bytes of each, bytes together.
const KEPT_FILES: usize = 16;
const KEPT_FILE_BYTES: u64 = 4_096;
const KEPT_BYTES: u64 = 10_000;

/// Fuzzes, or replays.
pub fn run(args: &Args) -> Result<()> {
    let Some(minutes) = args.minutes else {
        let mut replay = cargo(&["nextest", "run", "--package", "fuzz"]);
        return process::run(process::with_tools(&mut replay)?);
    };
    let program = build()?;
    let names =
        output(Command::new(&program).env("VEV_FUZZ_TARGET", "list")).context("cannot list the targets")?;
    let names: Vec<&str> =
        names.lines().filter(|name| args.target.as_deref().is_none_or(|only| only == *name)).collect();
    ensure!(!names.is_empty(), "there is no fuzz target of that name");
    let seconds = (minutes * 60 / names.len() as u64).max(1);
    let mut failed = Vec::new();
    for name in names {
        let place = Place::of(&program, name)?;
        let outcome = place.fuzz(seconds);
        if args.keep {
            place.keep()?;
        }
        match outcome {
            Ok(executions) => println!("{name:<20} {executions:>10} executions in {seconds} s"),
            Err(error) => {
                println!("{name:<20} FAILS: {error:#}");
                failed.push(name);
            }
        }
    }
    ensure!(failed.is_empty(), "these targets fail: {}", failed.join(", "));
    Ok(())
}

/// Builds libFuzzer's program with every target in it.
fn build() -> Result<PathBuf> {
    let build = ["build", "--release", "--locked", "--target", "x86_64-unknown-linux-gnu", "--target-dir"];
    let mut command = cargo(&build);
    command.arg(target().join("fuzz")).current_dir(repository().join("fuzz/engine"));
    process::run(command.env("RUSTFLAGS", COVERAGE))?;
    Ok(target().join("fuzz/x86_64-unknown-linux-gnu/release/vev-fuzz"))
}

/// The folders of one target.
struct Place {
    program: PathBuf,
    name: String,
    /// Inputs that reached new code, and those that failed.
    found: PathBuf,
    /// Made by the product's own encoders.
    seeds: PathBuf,
    /// In the repository.
    committed: PathBuf,
}

impl Place {
    fn of(program: &Path, name: &str) -> Result<Self> {
        let (found, seeds) = (target().join("fuzz/found").join(name), target().join("fuzz/seeds").join(name));
        let committed = repository().join("fuzz/corpus").join(name);
        for folder in [&found, &seeds, &committed] {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let place = Self { program: program.to_owned(), name: name.to_owned(), found, seeds, committed };
        output(place.command().env("VEV_FUZZ_SEEDS", &place.seeds)).context("cannot write the seeds")?;
        Ok(place)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env("VEV_FUZZ_TARGET", &self.name);
        command
    }

    /// Fuzzes for so long and gives the number of executions.
    fn fuzz(&self, seconds: u64) -> Result<u64> {
        let mut command = self.command();
        // An input that fails is written to the working folder, and so is tried first by the next run.
        command.current_dir(&self.found).args([&self.found, &self.seeds, &self.committed]);
        command.args(LIMITS).arg("-print_final_stats=1").arg(format!("-max_total_time={seconds}"));
        let output = command.output().context("cannot start libFuzzer")?;
        let log = String::from_utf8_lossy(&output.stderr);
        let file = target().join(format!("fuzz/{}.log", self.name));
        std::fs::write(&file, log.as_bytes()).with_context(|| format!("cannot write {}", file.display()))?;
        ensure!(
            output.status.success(),
            "the input is in {}, the log {}",
            self.found.display(),
            file.display()
        );
        executions(&log).with_context(|| format!("{} tells no number of executions", file.display()))
    }

    /// Chooses what is committed: some inputs of a small set that covers what all inputs cover.
    fn keep(&self) -> Result<()> {
        let chosen = target().join("fuzz/chosen").join(&self.name);
        std::fs::remove_dir_all(&chosen).ok();
        std::fs::create_dir_all(&chosen)?;
        let mut merge = self.command();
        merge.args(["-set_cover_merge=1", &format!("-max_len={KEPT_FILE_BYTES}"), LIMITS[1], LIMITS[2]]);
        let inputs = [&chosen, &self.committed, &self.seeds, &self.found];
        output(merge.args(inputs).current_dir(&self.seeds)).context("cannot choose inputs")?;
        let files = sizes(&chosen)?;
        // What was kept before and is chosen no more would only grow.
        std::fs::remove_dir_all(&self.committed)?;
        std::fs::create_dir_all(&self.committed)?;
        for name in spread(files) {
            std::fs::copy(chosen.join(&name), self.committed.join(&name))?;
        }
        Ok(())
    }
}

/// Name and length of each file.
fn sizes(folder: &Path) -> Result<Vec<(String, u64)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        files.push((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len()));
    }
    Ok(files)
}

/// Files of all lengths within what may be kept; an empty input says nothing.
fn spread(mut files: Vec<(String, u64)>) -> Vec<String> {
    files.retain(|(_, bytes)| (1..=KEPT_FILE_BYTES).contains(bytes));
    files.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    let step = files.len().div_ceil(KEPT_FILES).max(1);
    let mut left = KEPT_BYTES;
    let within = files.into_iter().step_by(step).take_while(|(_, bytes)| {
        let fits = *bytes <= left;
        left = left.saturating_sub(*bytes);
        fits
    });
    within.map(|(name, _)| name).collect()
}

/// What libFuzzer's final statistics say.
fn executions(log: &str) -> Option<u64> {
    let number = log.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))?;
    number.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executions_are_read_from_libfuzzers_statistics() {
        assert_eq!(executions("#2 DONE\nstat::number_of_executed_units: 1234\nstat::x: 1\n"), Some(1234));
        assert_eq!(executions("ERROR: libFuzzer: out-of-memory\n"), None);
    }

    #[test]
    fn what_is_kept_is_of_all_lengths_and_bounded() {
        let file = |name: &str, bytes| (name.to_owned(), bytes);
        let kept = spread(vec![file("c", 5_000), file("b", 4_096), file("empty", 0), file("a", 9)]);
        assert_eq!(kept, ["a", "b"]);
        let many = (0..100).map(|number| file(&format!("{number:03}"), 4_000)).collect();
        assert_eq!(spread(many), ["000", "007"]);
        let tiny = (0..100).map(|number| file(&format!("{number:03}"), 1)).collect();
        assert_eq!(spread(tiny).len(), 15);
    }
}
