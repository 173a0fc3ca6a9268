//! `venue-server backup` and `venue-server restore`.

use crate::cli::block_on;
use crate::ops::restore::{self, Existing};
use crate::ops::{DataDirectory, backup, times};
use anyhow::Result;
use std::path::PathBuf;

/// `backup`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The file holds the database, the keys, the certificate and the configuration; whoever has it \
    can open the event, so keep it safe.\nThe venue package is not in it.\n\nExample:\n  \
    venue-server backup /backups/venue-$(date +%F).tar"
)]
pub(super) struct BackupArgs {
    /// The new file.
    file: PathBuf,
}

/// `restore`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "All of the backup is checked before anything is changed. An interrupted restore is ended by \
    the next command.\n\nExample:\n  venue-server --data /var/lib/venue-server restore /backups/venue-2026-12-01.tar"
)]
pub(super) struct RestoreArgs {
    /// The backup.
    file: PathBuf,
    /// Replaces what is there; a backup of it is made first.
    #[arg(long)]
    force: bool,
}

pub(super) fn write(args: &BackupArgs, directory: &DataDirectory) -> Result<()> {
    let list = block_on(backup::write(directory, &args.file))?;
    let bytes: u64 = list.files.iter().map(|entry| entry.bytes).sum();
    println!("Wrote {} files, {} kB, to {}.", list.files.len(), bytes / 1024, args.file.display());
    Ok(())
}

pub(super) fn restore(args: &RestoreArgs, directory: &DataDirectory) -> Result<()> {
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let restored = block_on(restore::restore(directory, &args.file, existing))?;
    let made_at = times::minute(restored.list.made_at);
    println!("Restored {} as of {made_at} into {}.", args.file.display(), directory.root().display());
    if let Some(before) = restored.before {
        println!("What was there before is in {}.", before.display());
    }
    Ok(())
}
