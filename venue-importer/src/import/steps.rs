//! A step of an import: runs it, measures it, and keeps what it found apart from what others found.

use super::Progress;
use crate::report::{Report, Step};
use crate::spent;
use anyhow::Result;
use std::time::Instant;

/// Does a step's work; what it adds to the report belongs to the step.
pub(super) fn run<T>(
    name: &'static str,
    progress: &dyn Progress,
    report: &mut Report,
    work: impl FnOnce(&mut Report) -> Result<T>,
) -> Result<T> {
    let (facts, warnings) = (report.facts.len(), report.warnings.len());
    let (started, used) = (Instant::now(), spent::process_time());
    progress.begin(name);
    let made = work(report)?;
    let step = Step {
        name: name.to_owned(),
        wall: started.elapsed(),
        cpu: spent::process_time().saturating_sub(used),
        facts: report.facts[facts..].to_vec(),
        warnings: report.warnings[warnings..].to_vec(),
        parts: std::mem::take(&mut report.parts),
    };
    progress.end(&step);
    report.steps.push(step);
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Quiet;

    #[test]
    fn what_a_step_found_is_told_with_it_and_a_failed_step_ends_the_import() {
        let mut report = Report::default();
        report.fact("before", 1);
        let found = run("read", &Quiet, &mut report, |report| {
            report.fact("triangles", 7);
            report.warn("it is small");
            Ok(3)
        });
        assert_eq!(found.unwrap(), 3);
        let step = &report.steps[0];
        assert_eq!((step.name.as_str(), step.facts.len(), step.warnings.len()), ("read", 1, 1));
        let failed = run("orient", &Quiet, &mut report, |_| -> Result<()> { anyhow::bail!("no") });
        assert!(failed.is_err());
        assert_eq!(report.steps.len(), 1);
    }
}
