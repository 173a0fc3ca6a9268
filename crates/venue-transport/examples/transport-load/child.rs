//! The process with the clients: started by the server's, told to end by a closed pipe, asked what it got.

use anyhow::{Context as _, Result};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A process that is told to end and then says what it has.
pub struct Clients {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Clients {
    /// This very program in another role.
    pub fn start(role: &[String]) -> Result<Self> {
        let program = std::env::current_exe()?;
        let mut command = Command::new(program);
        let mut process = command.args(role).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = BufReader::new(process.stdout.take().context("no pipe from the clients")?);
        let input = process.stdin.take();
        Ok(Self { process, input, output })
    }

    /// The next line that it prints.
    pub fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    /// Tells it to end; gives its last line, which is a number.
    pub fn end(mut self) -> Result<u64> {
        drop(self.input.take());
        let line = self.line()?;
        self.process.wait()?;
        line.parse().with_context(|| format!("the clients say `{line}`"))
    }
}

impl Drop for Clients {
    fn drop(&mut self) {
        // It ends by itself when the pipe is closed; this is for a server that failed.
        drop(self.input.take());
        if self.process.wait().is_err() {
            eprintln!("the clients did not end");
        }
    }
}

/// Lets this process open a socket for each of thousands of clients, as far as the system allows.
#[cfg(target_os = "linux")]
pub fn allow_many_sockets() -> Result<()> {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, rustix::process::Rlimit { current: limit.maximum, ..limit })?;
    Ok(())
}

/// On other systems there is no such limit, or none that is known here.
#[cfg(not(target_os = "linux"))]
pub fn allow_many_sockets() -> Result<()> {
    Ok(())
}

/// Closes in the clients' process when the server's process told it to end.
pub fn told_to_end() -> std::sync::mpsc::Receiver<()> {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        while std::io::stdin().read_line(&mut line).is_ok_and(|bytes| bytes > 0) {}
        drop(sender);
    });
    receiver
}
