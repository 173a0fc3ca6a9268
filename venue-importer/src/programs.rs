//! The other programs, which lie beside this one in the archive and are started as processes: programs never import
//! each other.

use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A program beside this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Shows venues.
    Client,
    /// Hosts them.
    Server,
}

impl Program {
    /// Its name, as on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "xr-client",
            Self::Server => "venue-server",
        }
    }

    /// Where it lies.
    pub fn path(self) -> Result<PathBuf> {
        let file = format!("{}{}", self.name(), std::env::consts::EXE_SUFFIX);
        let own = std::env::current_exe().context("the system does not say where this program lies")?;
        let path = own.with_file_name(&file);
        path.is_file().then_some(path).with_context(|| {
            let folder = own.parent().map_or_else(String::new, |folder| folder.display().to_string());
            format!(
                "{file} is needed and does not lie beside this program, in {folder}; unpack the whole archive"
            )
        })
    }

    /// A command that starts it without a terminal's input.
    pub fn command(self) -> Result<Command> {
        let mut command = Command::new(self.path()?);
        command.stdin(Stdio::null());
        Ok(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_missing_is_named_with_its_place() {
        // Nothing lies beside a test.
        let error = Program::Server.path().unwrap_err().to_string();
        let file = format!("venue-server{}", std::env::consts::EXE_SUFFIX);
        assert!(error.starts_with(&file) && error.contains("deps"), "{error}");
    }
}
