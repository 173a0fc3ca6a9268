//! `venue-server event add|list|close`.

use crate::cli::block_on;
use crate::config::Config;
use crate::ops::serving::Serving;
use crate::ops::{DataDirectory, times};
use crate::store::events::{EventSummary, NewEvent};
use crate::store::{EventState, UnixMillis};
use anyhow::Result;
use clap::Subcommand;
use venue_model::{EventKey, Language, Localized};

/// What to do with events.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Adds an event.
    #[command(
        after_help = "Example:\n  venue-server event add forum-26 --title \"World Forum 2026\" \\\n    \
        --title-in fr=\"Forum mondial 2026\" --opens \"2026-12-01 08:00\" --closes 2026-12-05"
    )]
    Add(AddArgs),
    /// Lists the events with their sums.
    List,
    /// Closes an event for good; whoever is inside leaves, and the retention days begin.
    Close {
        /// The event's name in links.
        event: EventKeyArg,
    },
}

/// `event add`.
#[derive(Debug, clap::Args)]
pub(super) struct AddArgs {
    /// Its name in links: 1 to 40 of a-z, 0-9 and -.
    event: EventKeyArg,
    /// Its title in English.
    #[arg(long)]
    title: String,
    /// Its title in another language, e.g. fr="Forum mondial"; may be repeated.
    #[arg(long, value_name = "LANGUAGE=TITLE", value_parser = title_in)]
    title_in: Vec<(Language, String)>,
    /// Nobody enters before: 2026-12-01 or "2026-12-01 09:00" (UTC), or with an offset as in
    /// RFC 3339. Without it the event is open at once.
    #[arg(long, value_name = "TIME", value_parser = times::parse)]
    opens: Option<UnixMillis>,
    /// The event ends then; a bare day is its last (it ends at 24:00 UTC). Without it, close it by hand: data is
    /// kept for [retention]'s days after the end, or after the last visit or text if there is no end.
    #[arg(long, value_name = "TIME", value_parser = times::parse_end)]
    closes: Option<UnixMillis>,
}

/// An event key as an argument.
#[derive(Clone, Debug)]
pub(super) struct EventKeyArg(pub(super) EventKey);

impl std::str::FromStr for EventKeyArg {
    type Err = venue_model::ids::EventKeyError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        EventKey::new(text).map(Self)
    }
}

fn title_in(text: &str) -> Result<(Language, String), String> {
    let (tag, title) = text.split_once('=').ok_or("write LANGUAGE=TITLE, e.g. fr=\"Forum mondial\"")?;
    let language = Language::from_tag(tag).ok_or("the languages are ar, zh, en, fr, ru, es")?;
    Ok((language, title.to_owned()))
}

pub(super) fn run(action: Action, directory: &DataDirectory, config: &Config) -> Result<()> {
    block_on(async {
        let mut database = directory.open_database().await?;
        match action {
            Action::Add(args) => {
                let mut title = Localized::english(args.title);
                title.0.extend(args.title_in);
                let EventKeyArg(key) = args.event;
                let event =
                    NewEvent { key: key.clone(), title, opens_at: args.opens, closes_at: args.closes };
                database.add_event(&event).await?;
                let port = Serving::read(directory).map_or(config.server.listen.port(), |s| s.page.port());
                println!("Added {key}. Its page: {}", config.server.public.entry_page(port, &key));
                println!("{}", span(event.opens_at, event.closes_at));
                println!("Invite people: venue-server invite --event {key} --csv names.csv --out links.csv");
            }
            Action::List => {
                let events = database.events().await?;
                if events.is_empty() {
                    println!("No event yet. Add one: venue-server event add KEY --title \"…\"");
                }
                events.iter().for_each(|event| println!("{}", line(event)));
            }
            Action::Close { event: EventKeyArg(key) } => {
                database.close_event(&key).await?;
                println!("{key} is closed. Texts and presence are deleted as [retention] says.");
            }
        }
        Ok(database.close().await?)
    })
}

/// The times as they were understood.
fn span(opens_at: Option<UnixMillis>, closes_at: Option<UnixMillis>) -> String {
    let opens =
        opens_at.map_or_else(|| "It is open now".to_owned(), |at| format!("It opens {}", times::minute(at)));
    match closes_at {
        Some(at) => format!("{opens} and closes {}.", times::minute(at)),
        None => format!("{opens} and stays open until you close it: venue-server event close."),
    }
}

fn line(event: &EventSummary) -> String {
    let EventSummary { record, times, people, invited, visits, texts } = event;
    let state = match (record.state, times.closed_at.or(times.closes_at)) {
        (EventState::Open, Some(end)) => format!("open until {}", times::minute(end)),
        (EventState::Open, None) => "open".to_owned(),
        (EventState::NotYetOpen { opens_at }, _) => format!("opens {}", times::minute(opens_at)),
        (EventState::Closed, Some(end)) => format!("ended {}", times::minute(end)),
        (EventState::Closed, None) => "ended".to_owned(),
    };
    let (key, title) = (&record.key, record.title.get(Language::En));
    format!(
        "{key:<20} {state:<30} {people} people of {invited} invited, {visits} visits, {texts} texts  {title}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_are_told_as_they_were_understood() {
        let told = span(times::parse("2026-12-01 08:00").ok(), times::parse_end("2026-12-05").ok());
        assert_eq!(told, "It opens 2026-12-01 08:00 UTC and closes 2026-12-06 00:00 UTC.");
        assert!(span(None, None).starts_with("It is open now and stays open"));
    }

    #[test]
    fn titles_name_their_language() {
        assert_eq!(title_in("fr=Forum = bien"), Ok((Language::Fr, "Forum = bien".into())));
        assert!(title_in("de=Forum").unwrap_err().contains("ar, zh"));
        assert!(title_in("Forum").unwrap_err().contains("LANGUAGE=TITLE"));
    }
}
