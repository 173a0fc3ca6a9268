//! `venue-server new-pepper`: the way on when the pepper is lost and no backup has it.

use crate::cli::block_on;
use crate::ops::{DataDirectory, secrets};
use crate::store::{Database, DatabaseOptions, Upgrade};
use anyhow::{Result, bail};

/// `new-pepper`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "For a server that lost keys/pepper.key and has no backup of it, or whose pepper was \
    stolen.\nEvery link that was given out is dead afterwards; give people new ones by `invite --again`.\n\n\
    Example:\n  venue-server new-pepper --yes"
)]
pub(super) struct Args {
    /// Do it; it can not be undone.
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: &Args, directory: &DataDirectory) -> Result<()> {
    if !args.yes {
        bail!("every link that was given out would be dead; add --yes to do it");
    }
    let _lock = directory.lock()?;
    let revoked = block_on(async {
        let options = DatabaseOptions::new(directory.database_file(), Upgrade::Allowed);
        let mut database = Database::open(&options).await?;
        let revoked = database.revoke_everybody().await?;
        database.close().await?;
        Ok(revoked)
    })?;
    // In this order: cut short in between, no invitation depends on the pepper any more.
    secrets::replace_pepper(&directory.keys())?;
    println!(
        "Made a new pepper; {revoked} invitations no longer count. Give people new links: invite --again"
    );
    Ok(())
}
