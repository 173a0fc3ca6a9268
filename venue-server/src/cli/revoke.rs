//! `venue-server revoke`.

use crate::cli::block_on;
use crate::cli::event::EventKeyArg;
use crate::cli::invite::person_ref;
use crate::ops::DataDirectory;
use crate::store::InvitationCode;
use crate::store::people::PersonRef;
use anyhow::{Result, bail};

/// `revoke`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  venue-server revoke --event forum-26 --person \"Ada Lovelace\" --reason \"left the delegation\"\n  \
    venue-server revoke --event forum-26 --person 17 --person 18\n  \
    venue-server revoke --event forum-26 --code K7QX-9M2P\n\n\
    Every invitation of the person stops counting; a running server sends the person out within a second."
)]
pub(super) struct Args {
    /// The event's name in links.
    #[arg(long)]
    event: EventKeyArg,
    /// Whose invitations: a number or a name as invited; may be repeated.
    #[arg(long, value_name = "WHO")]
    person: Vec<String>,
    /// Whose invitations: the person who holds this code; may be repeated.
    #[arg(long, value_name = "CODE")]
    code: Vec<String>,
    /// Why; kept with the entry as long as [retention] moderation_days says.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Longest reason that is kept, in characters.
const MAX_REASON_CHARS: usize = 500;

pub(super) fn run(args: Args, directory: &DataDirectory) -> Result<()> {
    let mut people: Vec<PersonRef> = args.person.iter().map(|who| person_ref(who)).collect();
    if !args.code.is_empty() {
        let pepper = block_on(directory.pepper())?;
        for code in &args.code {
            people.push(PersonRef::Code(InvitationCode::parse(code)?, pepper.clone()));
        }
    }
    if people.is_empty() {
        bail!("say whose invitations: --person WHO or --code CODE");
    }
    if args.reason.chars().count() > MAX_REASON_CHARS {
        bail!("the reason has more than {MAX_REASON_CHARS} characters");
    }
    let EventKeyArg(event) = &args.event;
    block_on(async {
        let mut database = directory.open_database().await?;
        for (person, count) in database.revoke(event, &people, &args.reason).await? {
            match count {
                0 => println!("{} had no invitation that counts.", person.name),
                1 => println!("Revoked the invitation of {}.", person.name),
                count => println!("Revoked {count} invitations of {}.", person.name),
            }
        }
        Ok(database.close().await?)
    })
}
