//! The process with the crowd: its lines in, our words out.

use crate::process::Running;
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

/// A crowd on a core of its own.
pub struct CrowdProcess {
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    process: Running,
}

impl CrowdProcess {
    /// Starts its program with these arguments.
    pub fn start(program: &Path, core: usize, arguments: &[String]) -> Result<Self> {
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", &core.to_string()]).arg(program).args(arguments);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process =
            Running(child.context("cannot start the crowd (taskset is of Debian's util-linux)")?);
        let output = BufReader::new(process.0.stdout.take().context("the crowd has no output")?);
        let input = process.0.stdin.take();
        Ok(Self { input, output, process })
    }

    /// Waits for a line that begins with this word; what stands behind it.
    pub fn wait_for(&mut self, word: &str) -> Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("the crowd ended before it said `{word}`; its own words stand above");
        }
        let rest = line
            .trim()
            .strip_prefix(word)
            .with_context(|| format!("`{}` instead of `{word}`", line.trim()))?;
        Ok(rest.trim().to_owned())
    }

    /// Tells it something.
    pub fn say(&mut self, word: &str) -> Result<()> {
        let input = self.input.as_mut().context("the crowd hears nothing")?;
        Ok(writeln!(input, "{word}")?)
    }

    /// Tells it to end, and waits until it has.
    pub fn end(mut self) -> Result<()> {
        drop(self.input.take());
        let status = self.process.0.wait()?;
        if !status.success() {
            bail!("the crowd ended with {status}");
        }
        Ok(())
    }
}
