//! `venue-server order acts|reports|answer`: what was done to keep order, and what people reported.

use crate::cli::block_on;
use crate::cli::event::EventKeyArg;
use crate::ops::{DataDirectory, times};
use crate::store::{NamedPerson, StoredReport, UnixMillis};
use anyhow::{Result, bail};
use clap::Subcommand;

/// What to do with the record of order.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Lists every act of chairs, moderators and organisers, newest first, and what was taken back.
    Acts {
        /// The event's name in links.
        #[arg(long)]
        event: EventKeyArg,
    },
    /// Lists the reports, newest first, with what they quote and what was answered.
    Reports {
        /// The event's name in links.
        #[arg(long)]
        event: EventKeyArg,
        /// Only those that nobody has answered.
        #[arg(long)]
        open: bool,
    },
    /// Answers a report; the reporter reads it at the next coming in.
    #[command(
        after_help = "Example:\n  venue-server order answer --event forum-26 3 \"We have spoken to them.\""
    )]
    Answer {
        /// The event's name in links.
        #[arg(long)]
        event: EventKeyArg,
        /// The report's number.
        report: u64,
        /// The answer, at most 500 characters.
        words: String,
    },
}

pub(super) fn run(action: Action, directory: &DataDirectory) -> Result<()> {
    block_on(async {
        let mut database = directory.open_database().await?;
        match action {
            Action::Acts { event: EventKeyArg(event) } => {
                for act in database.acts(&event).await? {
                    let by = act.moderator.as_deref().unwrap_or("the command line, or somebody erased");
                    let about = act.about.as_deref().or(act.space.as_deref()).unwrap_or("");
                    println!(
                        "{:>6}  {}  {by}: {} {about}",
                        act.id,
                        times::minute(UnixMillis(act.at)),
                        act.action
                    );
                    if !act.reason.is_empty() {
                        println!("        {}", act.reason);
                    }
                    if let Some(at) = act.undone_at {
                        println!(
                            "        taken back {} by {}",
                            times::minute(UnixMillis(at)),
                            act.undone_by.as_deref().unwrap_or("somebody erased")
                        );
                    }
                }
            }
            Action::Reports { event: EventKeyArg(event), open } => {
                let reports = database.reports(&event).await?;
                reports.iter().filter(|report| !open || report.answer.is_none()).for_each(print);
            }
            Action::Answer { event: EventKeyArg(event), report, words } => {
                let words = words.trim();
                if words.is_empty() || words.chars().count() > 500 {
                    bail!("an answer has 1 to 500 characters; this one has {}", words.chars().count());
                }
                match database.answer_report(&event, report, words).await? {
                    Some(_) => {
                        println!("Report {report} is answered; the reporter reads it at the next coming in.")
                    }
                    None => bail!(
                        "no report {report} of this event is open; see `venue-server order reports --event {event} --open`"
                    ),
                }
            }
        }
        Ok(database.close().await?)
    })
}

fn print(report: &StoredReport) {
    let (by, about) = (named(&report.reporter), named(&report.about));
    println!("{:>6}  {}  {by} about {about}, in {}", report.id, times::minute(report.at), report.space);
    println!("        {}", report.words);
    for quote in &report.quotes {
        let who = if quote.by_reporter { &by } else { &about };
        println!("        > {who}: {}", quote.body);
    }
    match &report.answer {
        Some((words, answerer)) => println!("        answered by {}: {words}", named(answerer)),
        None => println!("        open"),
    }
}

fn named(person: &NamedPerson) -> String {
    match (person.person, person.delegation.as_str()) {
        (None, _) => "somebody erased, or the command line".to_owned(),
        (_, "") => person.name.to_string(),
        (_, delegation) => format!("{} ({delegation})", person.name),
    }
}
