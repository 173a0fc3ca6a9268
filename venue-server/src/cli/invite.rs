//! `venue-server invite`: people in, links out.

use crate::cli::block_on;
use crate::cli::event::EventKeyArg;
use crate::config::Config;
use crate::ops::links::PublicAddress;
use crate::ops::serving::Serving;
use crate::ops::{DataDirectory, names_csv, private_file, secrets, serving, venue};
use crate::store::InvitationCode;
use crate::store::people::{Invited, NewPerson, PersonRef};
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::PathBuf;
use venue_model::EventKey;
use venue_transport::{Fingerprint, ServerCertificate};

/// `invite`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Args {
    /// The event's name in links.
    #[arg(long)]
    event: EventKeyArg,
    /// The list of people, CSV; - reads the standard input.
    #[arg(long, value_name = "FILE", required_unless_present_any = ["name", "again"])]
    csv: Option<PathBuf>,
    /// Invites this one person as a delegate who may go everywhere.
    #[arg(long, conflicts_with = "csv")]
    name: Option<String>,
    /// The delegation of the one person.
    #[arg(long, requires = "name", default_value = "")]
    delegation: String,
    /// Gives a person who is invited already, named by number or name, one more link.
    #[arg(long, value_name = "WHO", conflicts_with_all = ["csv", "name"])]
    again: Option<String>,
    /// Writes the links into this new file, which only you can read, and not to the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

const HELP: &str = "\
The list has a first line with its columns, in any order; only name is required:
  name,delegation,role,kind,language,spaces
  Ada Lovelace,GBR,chair,delegate,en,lounge popov-hall
  Хуан Пабло,ESP,,,es,

  role      participant (default), chair, moderator, organiser
  kind      delegate (default), observer, interpreter, kiosk, robot, service
  language  ar, zh, en, fr, ru, es
  spaces    keys of the venue's spaces; empty opens all of them

Semicolons and tabs separate columns as well as commas. If one line is wrong, all wrong
lines are named and nobody is invited. The answer is CSV: name,delegation,person,code,link.
Codes are shown this once; the server keeps only their digests.";

pub(super) fn run(args: &Args, directory: &DataDirectory, config: &Config) -> Result<()> {
    let EventKeyArg(event) = &args.event;
    if let Some(out) = args.out.as_ref().filter(|out| out.exists()) {
        bail!("{} exists already; choose another name", out.display());
    }
    let secrets = directory.secrets()?;
    let links = Links::new(directory, config)?;
    let rows = block_on(async {
        let mut database = directory.open_database().await?;
        let mut random = secrets::random_code_bits;
        let rows = if let Some(who) = &args.again {
            let person = database.require_person(event, &person_ref(who)).await?;
            let bits = random().map_err(anyhow::Error::msg)?;
            let invited = database.invite_again(event, person.person, &secrets.pepper, bits).await?;
            vec![links.row(event, &person.name, &person.delegation, &invited)]
        } else {
            let people = people(args, config)?;
            let invited = database.invite(event, &people, &secrets.pepper, &mut random).await?;
            let rows = people.iter().zip(&invited).map(|(person, invited)| {
                links.row(event, person.name.as_str(), person.delegation.as_str(), invited)
            });
            rows.collect()
        };
        database.close().await?;
        Ok(rows)
    })?;
    let table = table(&rows)?;
    match &args.out {
        Some(out) => {
            private_file::write(out, &table)?;
            println!("Invited {} to {event}; the links are in {}.", rows.len(), out.display());
        }
        None => std::io::stdout().write_all(&table)?,
    }
    Ok(())
}

/// A number means a person's number, anything else a name.
pub(super) fn person_ref(who: &str) -> PersonRef {
    match who.parse() {
        Ok(number) => PersonRef::Id(crate::store::PersonId(number)),
        Err(_) => PersonRef::Name(who.to_owned()),
    }
}

fn people(args: &Args, config: &Config) -> Result<Vec<NewPerson>> {
    let Some(csv) = &args.csv else {
        let text =
            format!("name,delegation\n{},{}\n", quoted(args.name.as_deref()), quoted(Some(&args.delegation)));
        return Ok(names_csv::read(&text, None)?);
    };
    let text = read_list(csv)?;
    // Without a venue the names of spaces can not be checked; serving needs it later.
    let package = venue::find(&config.venue).and_then(|folder| venue::open(&folder));
    let spaces: Option<Vec<String>> = match package {
        Ok(package) => Some(package.manifest().spaces.iter().map(|space| space.key.clone()).collect()),
        Err(error) => {
            eprintln!("The spaces in the list are not checked: {error:#}");
            None
        }
    };
    names_csv::read(&text, spaces.as_deref())
        .with_context(|| format!("nobody was invited, because of {}", csv.display()))
}

fn quoted(cell: Option<&str>) -> String {
    format!("\"{}\"", cell.unwrap_or_default().replace('"', "\"\""))
}

fn read_list(csv: &PathBuf) -> Result<String> {
    use std::io::Read;
    let problem = || format!("cannot read the list {}", csv.display());
    let source: Box<dyn Read> = match csv.as_os_str() == "-" {
        true => Box::new(std::io::stdin()),
        false => Box::new(std::fs::File::open(csv).with_context(problem)?),
    };
    let mut bytes = Vec::new();
    source.take(names_csv::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).with_context(problem)?;
    if bytes.len() > names_csv::MAX_BYTES {
        bail!("the list {} has more than {} MB; split it", csv.display(), names_csv::MAX_BYTES >> 20);
    }
    String::from_utf8(bytes).map_err(|_| {
        anyhow::anyhow!("the list {} is not UTF-8; save it as \"CSV UTF-8\" and try again", csv.display())
    })
}

/// What links are made of.
pub(super) struct Links {
    public: PublicAddress,
    port: u16,
    pin: Fingerprint,
}

impl Links {
    /// Links of the server on this folder; the port is the running server's, if one runs.
    pub(super) fn new(directory: &DataDirectory, config: &Config) -> Result<Self> {
        let certificate = serving::certificate(directory, config)?;
        let port =
            Serving::read(directory).map_or(config.server.listen.port(), |serving| serving.page.port());
        Ok(Self::with_port(config, port, &certificate))
    }

    /// Links of a server that listens on this port.
    pub(super) fn with_port(config: &Config, port: u16, certificate: &ServerCertificate) -> Self {
        Self { public: config.server.public.clone(), port, pin: certificate.fingerprint() }
    }

    /// The link for a code.
    pub(super) fn link(&self, event: &EventKey, code: &InvitationCode) -> String {
        self.public.link(self.port, event, code, self.pin)
    }

    fn row(&self, event: &EventKey, name: &str, delegation: &str, invited: &Invited) -> [String; 5] {
        let link = self.link(event, &invited.code);
        [name.into(), delegation.into(), invited.person.to_string(), invited.code.to_string(), link]
    }
}

fn table(rows: &[[String; 5]]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["name", "delegation", "person", "code", "link"])?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner()?)
}
