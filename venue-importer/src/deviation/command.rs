//! `deviation` on the command line.

use crate::import::Options;
use crate::scan::Up;
use anyhow::{Context, Result};
use std::path::PathBuf;

/// What is compared with what.
#[derive(clap::Args)]
pub struct Args {
    /// The files, folders and archives that the package was made of.
    #[arg(value_name = "SCAN", required = true)]
    inputs: Vec<PathBuf>,
    /// The package.
    #[arg(long, value_name = "PACKAGE")]
    package: PathBuf,
    /// Another program's model of the same scan, in its frame. May be given more than once.
    #[arg(long = "model", value_name = "MODEL")]
    models: Vec<PathBuf>,
    /// As `import` was told.
    #[arg(long = "align", value_name = "ALIGNMENT")]
    alignments: Vec<PathBuf>,
    /// As `import` was told.
    #[arg(long, value_enum)]
    up: Option<Up>,
    /// As `import` was told.
    #[arg(long, value_name = "UNIT", value_parser = crate::cli::unit)]
    units: Option<f64>,
    /// As `import` was told.
    #[arg(long)]
    keep_frame: bool,
    /// Prints one object of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

impl Args {
    /// Measures, and gives what is printed.
    pub fn run(&self) -> Result<String> {
        let options = Options {
            alignments: self.alignments.clone(),
            up: self.up,
            metres_per_unit: self.units,
            keep_frame: self.keep_frame,
            ..Options::new(self.inputs.clone(), self.package.clone())
        };
        let found = super::run(&options, &self.models)?;
        if self.json {
            let text = serde_json::to_string(&found).context("the figures can not be written as JSON")?;
            return Ok(format!("{text}\n"));
        }
        Ok(found.to_string())
    }
}
