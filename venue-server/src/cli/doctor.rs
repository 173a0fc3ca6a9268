//! `venue-server doctor`.

use crate::cli::block_on;
use crate::config::Config;
use crate::ops::DataDirectory;
use crate::ops::doctor::{self, Level};
use crate::store::database::wall_clock;
use anyhow::Result;
use std::process::ExitCode;

/// `doctor`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Looks at configuration, data, keys, ports (UDP and TCP), certificate, disk, database, \
    venue, clock and network.\nNothing is changed. The exit status is 1 if something fails."
)]
pub(super) struct Args {}

pub(super) fn run(directory: &DataDirectory, config: Result<Config>) -> Result<ExitCode> {
    let mut worst = Level::Ok;
    let config = match config {
        Ok(config) => {
            println!("ok    configuration readable");
            config
        }
        Err(error) => {
            println!("FAIL  configuration {error:#}; looking on with the defaults");
            worst = Level::Fail;
            Config::default()
        }
    };
    let findings = block_on(async { Ok(doctor::examine(directory, &config, wall_clock()()).await) })?;
    for finding in &findings {
        println!("{finding}");
        worst = worst.max(finding.level);
    }
    Ok(if worst == Level::Fail { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
