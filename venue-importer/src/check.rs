//! `check`: looks a package through.

use anyhow::{Result, bail};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use venue_package::writer::recover_directory;
use venue_package::{DirectorySource, ValidationReport, validate};

/// What `check` says about a package; an error when it can not be used.
pub fn check(folder: &Path) -> Result<String> {
    // Who may only read here gets the report all the same.
    recover_directory(folder).ok();
    let report = validate(Arc::new(DirectorySource::new(folder)));
    let text = sentences(&report);
    if report.is_usable() {
        Ok(format!("{text}{} is a good venue package\n", folder.display()))
    } else {
        bail!("{} can not be used:\n{text}", folder.display())
    }
}

fn sentences(report: &ValidationReport) -> String {
    let mut text = String::new();
    for (kind, findings) in [("error", &report.errors), ("warning", &report.warnings)] {
        for finding in findings {
            // Writing into a text can not fail.
            writeln!(text, "{kind}: {finding}").ok();
        }
    }
    text
}
