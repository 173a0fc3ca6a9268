//! `venue-server invite`: people in, links out.

use crate::cli::block_on;
use crate::cli::event::EventKeyArg;
use crate::config::Config;
use crate::ops::links::PublicAddress;
use crate::ops::serving::Serving;
use crate::ops::{DataDirectory, names_csv, private_file, secrets, serving, times, venue};
use crate::store::invite::{Invitees, Terms};
use crate::store::people::{Invited, NewPerson, PersonRef};
use crate::store::{InvitationCode, UnixMillis};
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
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
    /// The links count until then and no longer: 2026-12-05 (to the end of that day, UTC) or "2026-12-05 18:00";
    /// as long as the event is open without it. Who is inside leaves within a quarter of an hour.
    #[arg(long, value_name = "TIME", value_parser = times::parse_end)]
    valid_until: Option<UnixMillis>,
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
Codes are shown this once; the server keeps only their digests. An apostrophe stands before
names that begin with = + - or @, so that spreadsheets do not run them as formulas.";

pub(super) fn run(args: &Args, directory: &DataDirectory, config: &Config) -> Result<()> {
    let EventKeyArg(event) = &args.event;
    let links = Links::new(directory, config)?;
    let newcomers = if args.again.is_none() { people(args, config)? } else { Vec::new() };
    let mut output = Output::open(args.out.as_deref())?;
    let count = block_on(async {
        let pepper = directory.pepper().await?;
        let mut database = directory.open_database().await?;
        let (invitees, names) = match &args.again {
            Some(who) => {
                let person = database.require_person(event, &person_ref(who)).await?;
                (Invitees::Again(person.person), vec![(person.name, person.delegation)])
            }
            None => {
                let names = newcomers.iter().map(|new| (new.name.to_string(), new.delegation.to_string()));
                (Invitees::New(&newcomers), names.collect())
            }
        };
        let mut hand_out = |made: &[Invited]| {
            let rows = names.iter().zip(made).map(|(who, invited)| links.row(event, who, invited));
            let written = table(rows).and_then(|table| output.write(&table));
            written.map_err(|error| format!("{error:#}"))
        };
        let terms = Terms { pepper: &pepper, valid_until: args.valid_until };
        let mut random = secrets::random_code_bits;
        let made = database.invite_with(event, invitees, terms, &mut random, &mut hand_out).await?;
        database.close().await?;
        Ok(made.len())
    })?;
    output.keep();
    if let Some(out) = &args.out {
        println!("Invited {count} to {event}; the links are in {}.", out.display());
        if let Some(end) = args.valid_until {
            println!("They count until {}.", times::minute(end));
        }
    }
    Ok(())
}

/// Where the links go: to the terminal, or into a file that is there before anybody is invited, so that a taken
/// name or a full disk costs nobody an invitation. Unless it is kept, the file is removed.
struct Output<'a>(Option<(&'a Path, File)>);

impl<'a> Output<'a> {
    fn open(out: Option<&'a Path>) -> Result<Self> {
        let Some(path) = out else { return Ok(Self(None)) };
        match private_file::create_new(path) {
            Ok(file) => Ok(Self(Some((path, file)))),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                bail!("{} exists already; choose another name", path.display())
            }
            Err(error) => Err(error).with_context(|| format!("cannot write {}", path.display())),
        }
    }

    /// All of it, on the disk when this returns.
    fn write(&mut self, table: &[u8]) -> Result<()> {
        match &mut self.0 {
            Some((path, file)) => file
                .write_all(table)
                .and_then(|()| file.sync_all())
                .and_then(|()| private_file::sync_folder_of(path))
                .with_context(|| format!("cannot write {}", path.display())),
            None => {
                let mut terminal = std::io::stdout();
                let written = terminal.write_all(table).and_then(|()| terminal.flush());
                written.context("the links cannot be written to the terminal")
            }
        }
    }

    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Output<'_> {
    fn drop(&mut self) {
        if let Some((path, _)) = &self.0
            && let Err(error) = std::fs::remove_file(path)
        {
            eprintln!("{} was left behind and its links do not count: {error}", path.display());
        }
    }
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
    pin: Option<Fingerprint>,
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
        let is_our_own = config.certificate.chain.is_none();
        let pin = is_our_own.then(|| certificate.fingerprint());
        Self { public: config.server.public.clone(), port, pin }
    }

    /// The link for a code.
    pub(super) fn link(&self, event: &EventKey, code: &InvitationCode) -> String {
        self.public.link(self.port, event, code, self.pin)
    }

    fn row(&self, event: &EventKey, (name, delegation): &(String, String), invited: &Invited) -> [String; 5] {
        let link = self.link(event, &invited.code);
        [no_formula(name), no_formula(delegation), invited.person.to_string(), invited.code.to_string(), link]
    }
}

/// Spreadsheets run cells that begin like a formula, and names are what organisers were sent: an apostrophe
/// makes such a cell a text (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn no_formula(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

fn table(rows: impl Iterator<Item = [String; 5]>) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["name", "delegation", "person", "code", "link"])?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_begin_like_a_formula_are_made_texts() {
        for (cell, expected) in [("=1+1", "'=1+1"), ("@SUM", "'@SUM"), ("-x", "'-x"), ("Ada = b", "Ada = b")]
        {
            assert_eq!(no_formula(cell), expected);
        }
    }

    #[test]
    fn an_output_that_is_not_kept_leaves_nothing_and_one_that_is_there_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("links.csv");
        let mut output = Output::open(Some(&path)).unwrap();
        output.write(b"links").unwrap();
        drop(output);
        assert!(!path.exists());
        std::fs::write(&path, "mine").unwrap();
        let refused = Output::open(Some(&path)).err().unwrap().to_string();
        assert!(refused.contains("exists already"), "{refused}");
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
        std::fs::remove_file(&path).unwrap();
        let mut output = Output::open(Some(&path)).unwrap();
        output.write(b"links").unwrap();
        output.keep();
        assert!(!private_file::others_can_read(&path).unwrap());
    }

    #[test]
    fn the_key_of_an_authoritys_certificate_is_not_pinned() {
        let certificate = ServerCertificate::self_signed(&[]).unwrap();
        let (event, code) = (EventKey::new("forum-26").unwrap(), InvitationCode::from_random(1));
        let link = |config: &Config| Links::with_port(config, 4433, &certificate).link(&event, &code);
        let mut config = Config::default();
        assert!(link(&config).ends_with(&format!(".{}", certificate.fingerprint())));
        config.certificate.chain = Some("fullchain.pem".into());
        assert!(link(&config).ends_with(&format!("#{}", code.compact())));
    }
}
