//! What an import found: figures for the modeler, warnings with advice, and errors that stop it.

use std::fmt;

/// The outcome of an import, step by step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Figures: what, and how much.
    pub facts: Vec<(String, String)>,
    /// What is probably not meant.
    pub warnings: Vec<String>,
    /// What must be mended before there is a package.
    pub errors: Vec<String>,
}

impl Report {
    pub(crate) fn fact(&mut self, what: impl Into<String>, value: impl ToString) {
        self.facts.push((what.into(), value.to_string()));
    }

    pub(crate) fn warn(&mut self, sentence: impl Into<String>) {
        self.warnings.push(sentence.into());
    }

    pub(crate) fn error(&mut self, sentence: impl Into<String>) {
        self.errors.push(sentence.into());
    }

    /// An error that lists everything wrong, when something is.
    pub(crate) fn stop_on_errors(&self) -> anyhow::Result<()> {
        if self.errors.is_empty() {
            return Ok(());
        }
        let list: Vec<_> = self.errors.iter().map(|error| format!("  - {error}")).collect();
        let warnings: Vec<_> =
            self.warnings.iter().map(|warning| format!("  - (warning) {warning}")).collect();
        anyhow::bail!("the model can not be packed yet:\n{}", [list, warnings].concat().join("\n"))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.facts.iter().map(|(what, _)| what.chars().count()).max().unwrap_or(0);
        for (what, value) in &self.facts {
            writeln!(f, "{what:<width$}  {value}")?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        Ok(())
    }
}
