//! Instructions of encoding and choosing, counted on a simulated processor: what must not grow unseen. These machines
//! are noisy, and a time would prove nothing; a count is the same in every run of the same program.
//!
//! A change that makes either cheaper lowers its bound here; one that makes it dearer says why in its commit.

use crate::install;
use crate::process::{cargo, run, target};
use anyhow::{Context as _, Result, ensure};
use std::process::Command;

/// One counted function of the example, how many times its work is done in a run, and how much that may take.
struct Count {
    function: &'static str,
    what: &'static str,
    times: &'static str,
    /// Instructions, measured with rustc 1.95 on x86-64.
    measured: u64,
}

const COUNTS: [Count; 2] = [
    Count { function: "counted_encoding", what: "a body's encoding", times: "bodies", measured: 9_761 },
    Count { function: "counted_choosing", what: "a viewer's choice", times: "choices", measured: 22_740 },
];

/// So much more than was measured is a regression, percent.
const MARGIN_PERCENT: u64 = 10;

/// Counts both and compares.
pub fn check() -> Result<()> {
    install::debian(&["valgrind"])?;
    let example = ["--package", "venue-replication", "--example", "codec-counts"];
    run(cargo(&["build", "--release", "--quiet"]).args(example))?;
    let mut grown = Vec::new();
    for count in COUNTS {
        let each = count_of(&count)?;
        let most = count.measured * (100 + MARGIN_PERCENT) / 100;
        println!("{}: {each} instructions (measured {}, at most {most})", count.what, count.measured);
        if each > most {
            grown.push(count.what);
        }
    }
    ensure!(
        grown.is_empty(),
        "{} takes more instructions than before: see xtask/src/counts.rs",
        grown.join(" and ")
    );
    Ok(())
}

/// Instructions of one deed.
fn count_of(count: &Count) -> Result<u64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    command.arg(format!("--toggle-collect=*{}*", count.function));
    command.arg(target().join("release/examples/codec-counts"));
    let output = command.output().context("valgrind can not be started")?;
    let (said, counted) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "valgrind failed: {counted}");
    each(&said, &counted, count.times).with_context(|| format!("no count in: {said}{counted}"))
}

fn each(said: &str, counted: &str, times: &str) -> Option<u64> {
    let word = said.split_whitespace().find_map(|word| word.strip_prefix(times)?.strip_prefix('='));
    let times: u64 = word?.parse().ok()?;
    let line = counted.lines().find_map(|line| line.split_once("Collected :"));
    let all: u64 = line?.1.trim().parse().ok()?;
    (all > 0).then_some(all.checked_div(times)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_of_one_is_that_of_all_by_how_many() {
        let counted = "==7== Events    : Ir\n==7== Collected : 1200\n==7==\n";
        assert_eq!(each("bodies=100 choices=10 bytes=7\n", counted, "choices"), Some(120));
        assert_eq!(each("bodies=100\n", counted, "choices"), None);
        assert_eq!(
            each("choices=10\n", "==7== Collected : 0\n", "choices"),
            None,
            "the function was inlined"
        );
    }
}
