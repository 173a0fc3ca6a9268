//! What an import found: figures for the modeler, warnings with advice, and errors that stop it.

pub use crate::acoustics::figures::{MaterialFigures, RoomFigures};

use serde_json::{Value, json};
use std::fmt;
use std::time::Duration;

/// A step of an import: what it found, and what it cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// E.g. `read`.
    pub name: String,
    /// How long it took.
    pub wall: Duration,
    /// Processor time of all threads.
    pub cpu: Duration,
    /// Its figures.
    pub facts: Vec<(String, String)>,
    /// What is probably not meant.
    pub warnings: Vec<String>,
    /// Processor time of its parts.
    pub parts: Vec<(String, Duration)>,
}

impl Step {
    /// Everything for programs; times are seconds.
    pub fn json(&self) -> Value {
        let facts: Vec<Value> =
            self.facts.iter().map(|(what, value)| json!({"what": what, "value": value})).collect();
        let parts: serde_json::Map<String, Value> =
            self.parts.iter().map(|(name, cpu)| (name.clone(), json!(cpu.as_secs_f64()))).collect();
        json!({
            "step": self.name,
            "seconds": self.wall.as_secs_f64(),
            "cpu_seconds": self.cpu.as_secs_f64(),
            "parts_cpu_seconds": parts,
            "facts": facts,
            "warnings": self.warnings,
        })
    }
}

/// The outcome of an import, step by step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Figures: what, and how much.
    pub facts: Vec<(String, String)>,
    /// What is probably not meant.
    pub warnings: Vec<String>,
    /// What must be mended before there is a package.
    pub errors: Vec<String>,
    /// What was done, one after the other; only imports of scans have them.
    pub steps: Vec<Step>,
    /// Processor time of parts of the step that runs.
    pub(crate) parts: Vec<(String, Duration)>,
    /// What was made, in numbers.
    pub figures: Option<Figures>,
    /// How each space sounds.
    pub sound: Vec<RoomFigures>,
}

/// What an import made, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Figures {
    /// The scan's own triangles.
    pub scan_triangles: u64,
    /// The scan's own points.
    pub scan_points: u64,
    /// Triangles and surfels of the finest level.
    pub finest_items: u64,
    /// Bytes of the finest tiles.
    pub finest_bytes: u64,
    /// Bytes of all tiles.
    pub tiles_bytes: u64,
    /// Bytes of all files of the package.
    pub package_bytes: u64,
    /// Each tile, in the order of the tileset.
    pub tiles: Vec<TileFigures>,
}

/// A tile in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct TileFigures {
    /// Triangles or surfels.
    pub items: u64,
    /// Bytes of its file.
    pub bytes: u64,
    /// Bytes of its picture in the file.
    pub picture_bytes: u64,
    /// Pixels of its picture, without mips.
    pub pixels: u64,
    /// Levels below it.
    pub level: u32,
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

    /// Everything for programs; times are seconds.
    pub fn json(&self) -> Value {
        let sum = |time: fn(&Step) -> Duration| self.steps.iter().map(time).sum::<Duration>().as_secs_f64();
        json!({
            "steps": self.steps.iter().map(Step::json).collect::<Vec<_>>(),
            "seconds": sum(|step| step.wall),
            "cpu_seconds": sum(|step| step.cpu),
            "peak_memory_bytes": crate::spent::peak_memory(),
            "warnings": self.warnings,
            "figures": self.figures,
            "sound": self.sound,
        })
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
        if !self.steps.is_empty() {
            let time = |step: &Step| format!("{} {:.1} s", step.name, step.wall.as_secs_f64());
            let times: Vec<String> = self.steps.iter().map(time).collect();
            writeln!(f, "times: {}", times.join(" · "))?;
        }
        Ok(())
    }
}
