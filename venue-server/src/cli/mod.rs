//! The command line: one file for each command.
//!
//! It must not know rows, sockets or ticks; it calls those who do and tells people.

mod backup;
mod doctor;
mod event;
mod invite;
mod new_pepper;
mod order;
mod person;
mod revoke;
mod serve;
mod sweep;
mod workbench;

use crate::config::Config;
use crate::ops::DataDirectory;
use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// The server of a virtual event venue.
#[derive(Debug, Parser)]
#[command(name = "venue-server", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Cli {
    /// Folder with everything that this server keeps: database, keys, certificate, logs.
    #[arg(long, env = "VENUE_SERVER_DATA", default_value = "venue-data", global = true)]
    data: PathBuf,
    /// Configuration file; DATA/venue-server.toml is read if it is there and no other is named.
    #[arg(long, env = "VENUE_SERVER_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Try it, on one machine:
  venue-server serve --demo
      serves the sample venue and prints two links to it

Hold an event:
  venue-server event add forum-26 --title \"World Forum 2026\"
  venue-server invite --event forum-26 --csv names.csv --out links.csv
  venue-server serve

Keep it well:
  venue-server doctor
  venue-server backup /backups/venue-2026-12-01.tar

Data is kept in ./venue-data unless --data or VENUE_SERVER_DATA names another folder.
Every command has a --help of its own.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the venue and the entry page until it is stopped (Ctrl-C, SIGTERM).
    Serve(serve::Args),
    /// Adds, lists and closes events.
    #[command(subcommand)]
    Event(event::Action),
    /// Invites people and writes their links.
    Invite(invite::Args),
    /// Takes invitations back; whoever is inside leaves at once.
    Revoke(revoke::Args),
    /// Makes a new secret for codes after the old one was lost; every link is dead then.
    NewPepper(new_pepper::Args),
    /// Lists people; exports or erases one person's data.
    #[command(subcommand)]
    Person(person::Action),
    /// Lists what was done to keep order and what people reported; answers reports.
    #[command(subcommand)]
    Order(order::Action),
    /// Deletes what was kept long enough; for a server that is not running.
    Sweep(sweep::Args),
    /// Looks at everything that a server needs, with advice.
    Doctor(doctor::Args),
    /// Writes everything that this server keeps into one file; it may be running.
    Backup(backup::BackupArgs),
    /// Brings a backup back; the server must be stopped.
    Restore(backup::RestoreArgs),
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("venue-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Cli {
    fn run(self) -> Result<ExitCode> {
        let directory = match self.command {
            // Doctor looks at what is there, whatever state it is in.
            Command::Doctor(_) => DataDirectory::look_at(&self.data),
            _ => DataDirectory::open(&self.data)?,
        };
        let config = || Config::load(self.config.as_deref(), &directory.config_file());
        match self.command {
            Command::Serve(args) => serve::run(&args, &directory, config()?),
            Command::Event(action) => done(event::run(action, &directory, &config()?)),
            Command::Invite(args) => done(invite::run(&args, &directory, &config()?)),
            Command::NewPepper(args) => done(new_pepper::run(&args, &directory)),
            Command::Revoke(args) => done(revoke::run(args, &directory)),
            Command::Person(action) => done(person::run(action, &directory)),
            Command::Order(action) => done(order::run(action, &directory)),
            Command::Sweep(_) => done(sweep::run(&directory, &config()?)),
            Command::Doctor(_) => doctor::run(&directory, config()),
            Command::Backup(args) => done(backup::write(&args, &directory)),
            Command::Restore(args) => done(backup::restore(&args, &directory)),
        }
    }
}

fn done(result: Result<()>) -> Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}

/// Runs a command's work on the database to its end.
fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_and_option_explains_itself() {
        fn check(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
