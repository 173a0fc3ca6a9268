//! `venue-server person list|export|erase`.

use crate::cli::block_on;
use crate::cli::event::EventKeyArg;
use crate::cli::invite::person_ref;
use crate::ops::{DataDirectory, private_file};
use anyhow::{Result, bail};
use clap::Subcommand;
use std::path::PathBuf;

/// What to do with people.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Lists everybody who is invited to an event, with their numbers.
    List {
        /// The event's name in links.
        #[arg(long)]
        event: EventKeyArg,
    },
    /// Writes all data of one person as JSON.
    #[command(
        after_help = "Example:\n  venue-server person export --event forum-26 --person 17 --out ada.json"
    )]
    Export {
        /// The event's name in links.
        #[arg(long)]
        event: EventKeyArg,
        /// A number or a name as invited.
        #[arg(long, value_name = "WHO")]
        person: String,
        /// Writes into this file, which only you can read; to the terminal without it.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Erases one person: name, invitations, presence, every text by or to the person.
    #[command(after_help = "Sums (texts, visits, invited) stay. Older backups still hold the person: \
        delete them, or erase again after a restore.\n\nExample:\n  \
        venue-server person erase --event forum-26 --person 17 --yes")]
    Erase {
        /// The event's name in links.
        #[arg(long)]
        event: EventKeyArg,
        /// A number or a name as invited.
        #[arg(long, value_name = "WHO")]
        person: String,
        /// Do it; it can not be undone.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(action: Action, directory: &DataDirectory) -> Result<()> {
    block_on(async {
        let mut database = directory.open_database().await?;
        match action {
            Action::List { event: EventKeyArg(event) } => {
                for row in database.people(&event).await? {
                    let state = match (row.valid_invitations, row.expired_invitations) {
                        (0, 0) => "  (revoked)",
                        (0, _) => "  (expired)",
                        _ => "",
                    };
                    println!("{:>6}  {} ({}){state}", row.person.0, row.name, row.delegation);
                }
            }
            Action::Export { event: EventKeyArg(event), person, out } => {
                let export = database.export(&event, &person_ref(&person)).await?;
                let text = serde_json::to_string_pretty(&export)?;
                match out {
                    Some(out) if out.exists() => {
                        bail!("{} exists already; choose another name", out.display())
                    }
                    Some(out) => private_file::write(&out, text.as_bytes())?,
                    None => println!("{text}"),
                }
            }
            Action::Erase { event: EventKeyArg(event), person, yes } => {
                let who = database.require_person(&event, &person_ref(&person)).await?;
                if !yes {
                    bail!("this would erase {} ({}) for good; add --yes to do it", who.name, who.delegation);
                }
                let erased = database.erase(&event, &crate::store::people::PersonRef::Id(who.person)).await?;
                println!(
                    "Erased person {}: {} texts, {} presence entries, {} invitations. Older backups still hold them.",
                    erased.person, erased.texts, erased.presence, erased.invitations
                );
            }
        }
        Ok(database.close().await?)
    })
}
