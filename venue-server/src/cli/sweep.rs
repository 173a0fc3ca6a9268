//! `venue-server sweep`.

use crate::cli::block_on;
use crate::config::Config;
use crate::ops::{DataDirectory, sweeper};
use anyhow::Result;

/// `sweep`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A running server does this at its start and every hour. While no server runs, let the \
    system run it once a day (docs/operations.md). It also takes what was erased out of the database's log, \
    if another program kept that from being done.\n\nExample:\n  \
    venue-server --data /var/lib/venue-server sweep"
)]
pub(super) struct Args {}

pub(super) fn run(directory: &DataDirectory, config: &Config) -> Result<()> {
    let report = block_on(sweeper::sweep_once(directory, &config.retention))?;
    let rows = report.rows;
    println!(
        "Deleted {} texts, {} presence entries, {} people, {} moderation entries, {} log files, {} copies.",
        rows.texts, rows.presence, rows.people, rows.moderation, report.logs, report.copies
    );
    Ok(())
}
