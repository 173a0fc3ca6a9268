//! The check-up: everything that keeps a server from running well, each with advice.
//!
//! It must not change anything.

use crate::config::Config;
use crate::ops::serving::Serving;
use crate::ops::{DataDirectory, Secrets, private_file, restore, secrets, times, venue};
use crate::store::{Database, OpenError, UnixMillis};
use std::fmt;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use venue_package::DirectorySource;
use venue_transport::ServerCertificate;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

/// How good one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Ok,
    /// Works; somebody should look at it.
    Warn,
    /// Does not work.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How good it is.
    pub level: Level,
    /// What was looked at.
    pub subject: &'static str,
    /// What was found, and what to do.
    pub sentence: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Ok => "ok  ",
            Level::Warn => "warn",
            Level::Fail => "FAIL",
        };
        write!(f, "{level}  {:<13} {}", self.subject, self.sentence)
    }
}

const MEGABYTE: u64 = 1 << 20;

/// Below this a server stops soon.
const DISK_FAIL_BYTES: u64 = 100 * MEGABYTE;

/// Below this somebody should look.
const DISK_WARN_BYTES: u64 = 1024 * MEGABYTE;

/// A certificate that ends sooner should be renewed.
const CERTIFICATE_WARN_DAYS: i64 = 21;

/// 2026-01-01; an earlier clock is wrong.
const EARLIEST_PLAUSIBLE: UnixMillis = UnixMillis(1_767_225_600_000);

/// Receive buffers that hold a burst of a full hall, in bytes.
const RECEIVE_BUFFER_BYTES: u64 = 2_500_000;

/// Looks at everything. `now` is the wall clock's time.
pub async fn examine(directory: &DataDirectory, config: &Config, now: UnixMillis) -> Vec<Finding> {
    let mut findings = vec![data_directory(directory), secrets_of(directory).await];
    findings.push(public_address(config));
    findings.extend(ports(directory, config));
    findings.push(certificate(directory, config, now));
    findings.push(disk(directory.root()));
    let newest = database(directory, &mut findings).await;
    findings.push(package(config));
    findings.push(clock(now, newest));
    findings.extend(receive_buffer(Path::new("/proc/sys/net/core/rmem_max")));
    findings
}

fn ok(subject: &'static str, sentence: impl Into<String>) -> Finding {
    Finding { level: Level::Ok, subject, sentence: sentence.into() }
}

fn warn(subject: &'static str, sentence: impl Into<String>) -> Finding {
    Finding { level: Level::Warn, subject, sentence: sentence.into() }
}

fn fail(subject: &'static str, sentence: impl Into<String>) -> Finding {
    Finding { level: Level::Fail, subject, sentence: sentence.into() }
}

fn data_directory(directory: &DataDirectory) -> Finding {
    let root = directory.root();
    if !root.exists() {
        return ok("data", format!("{} is not there yet; the first start makes it", root.display()));
    }
    if restore::is_interrupted(directory) {
        return warn("data", "a restore was interrupted; any other command ends it while no server runs");
    }
    match private_file::others_can_read(root) {
        Ok(false) => ok("data", format!("{} is private to its owner", root.display())),
        Ok(true) => {
            let shown = root.display();
            warn("data", format!("other users can enter {shown}; close it: chmod 700 {shown}"))
        }
        Err(error) => fail("data", format!("{} cannot be read: {error}", root.display())),
    }
}

async fn secrets_of(directory: &DataDirectory) -> Finding {
    let names = [secrets::TICKET_KEY_FILE, secrets::PEPPER_FILE, secrets::OPERATOR_TOKEN_FILE];
    let (present, missing): (Vec<_>, Vec<_>) =
        names.map(|name| directory.keys().join(name)).into_iter().partition(|path| path.exists());
    match directory.invitations_without_pepper().await {
        Ok(0) if present.is_empty() => return ok("keys", "none yet; the first start makes them"),
        // A database that can not be read is told below.
        Ok(0) | Err(_) => {}
        Ok(_) => {
            let path = directory.keys().join(secrets::PEPPER_FILE);
            let advice =
                "every link depends on it; restore it from a backup, or see venue-server new-pepper --help";
            return fail("keys", format!("{} is missing, and {advice}", path.display()));
        }
    }
    if let Some(path) = missing.first() {
        return fail("keys", format!("{} is missing; restore it from a backup", path.display()));
    }
    for path in &present {
        match private_file::others_can_read(path) {
            Ok(false) => {}
            Ok(true) => {
                let path = path.display();
                return fail("keys", format!("other users can read {path}; close it: chmod 600 {path}"));
            }
            Err(error) => return fail("keys", format!("{} cannot be read: {error}", path.display())),
        }
    }
    match Secrets::load(&directory.keys()) {
        Ok(_) => ok("keys", "all there, private to their owner"),
        Err(error) => fail("keys", format!("{error:#}")),
    }
}

fn public_address(config: &Config) -> Finding {
    let public = &config.server.public;
    let is_local = public.host == "localhost" || public.host.starts_with("127.") || public.host == "::1";
    match is_local {
        false => ok("address", format!("links begin with {public}")),
        true => warn(
            "address",
            format!(
                "links begin with {public}, which works on this machine only; set [server] public to the name \
                 that delegates reach it by"
            ),
        ),
    }
}

fn ports(directory: &DataDirectory, config: &Config) -> Vec<Finding> {
    if let Some(serving) = Serving::read(directory) {
        let Serving { pid, venue, page, .. } = serving;
        return vec![ok("ports", format!("a server answers (process {pid}): UDP {venue}, TCP {page}"))];
    }
    let listen = config.server.listen;
    let operator = config.operator.listen;
    vec![
        port("UDP", listen, UdpSocket::bind(listen).map(drop)),
        port("TCP", listen, TcpListener::bind(listen).map(drop)),
        port("TCP", operator, TcpListener::bind(operator).map(drop)),
    ]
}

fn port(protocol: &str, address: SocketAddr, bound: std::io::Result<()>) -> Finding {
    use std::io::ErrorKind;
    let Err(error) = bound else { return ok("ports", format!("{protocol} {address} is free")) };
    let advice = match error.kind() {
        ErrorKind::AddrInUse => {
            format!("another program uses it; find it by: ss -lpn 'sport = :{}'", address.port())
        }
        ErrorKind::PermissionDenied => {
            "ports below 1024 need a right; the unit in deploy/ gives it, or choose a higher port".into()
        }
        ErrorKind::AddrNotAvailable => "this machine has no such address; see: ip address".into(),
        _ => error.to_string(),
    };
    fail("ports", format!("{protocol} {address} cannot be used: {advice}"))
}

fn certificate(directory: &DataDirectory, config: &Config, now: UnixMillis) -> Finding {
    let section = &config.certificate;
    let made = ["certificate.pem", "key.pem"].map(|name| directory.certificate().join(name));
    let loaded = match (&section.chain, &section.key) {
        (Some(chain), Some(key)) => ServerCertificate::from_files(chain, key),
        _ if made.iter().all(|path| !path.exists()) => {
            return ok("certificate", "none yet; the first start makes one");
        }
        _ => {
            if let Some(path) = made.iter().find(|path| !path.exists()) {
                return fail(
                    "certificate",
                    format!("{} is missing; restore it from a backup", path.display()),
                );
            }
            let [certificate, key] = &made;
            ServerCertificate::from_files(certificate, key)
        }
    };
    let certificate = match loaded {
        Ok(certificate) => certificate,
        Err(error) => {
            return fail("certificate", format!("{error}; check [certificate] in the configuration"));
        }
    };
    if let Err(error) = crate::console::tls::server_config(&certificate) {
        return fail("certificate", format!("{error:#}; chain and key must belong together"));
    }
    let Some((_, leaf)) = certificate.chain().first().and_then(|der| X509Certificate::from_der(der).ok())
    else {
        return fail("certificate", "it cannot be read as X.509");
    };
    let ends = UnixMillis(leaf.validity().not_after.timestamp().saturating_mul(1_000));
    let days = times::days_between(now, ends);
    let host = &config.server.public.host;
    if days < 0 {
        fail("certificate", format!("it ended on {}; renew it", times::minute(ends)))
    } else if days < CERTIFICATE_WARN_DAYS {
        warn("certificate", format!("{days} days left; renew it before {}", times::minute(ends)))
    } else if section.chain.is_some() && !names_host(&leaf, host) {
        warn(
            "certificate",
            format!("it does not name {host}, so browsers warn; links still work by fingerprint"),
        )
    } else if section.chain.is_none() {
        ok("certificate", "made by this server; browsers warn on the entry page, links pin its fingerprint")
    } else {
        ok("certificate", format!("{days} days left"))
    }
}

fn names_host(leaf: &X509Certificate<'_>, host: &str) -> bool {
    let Ok(Some(names)) = leaf.subject_alternative_name() else { return false };
    names.value.general_names.iter().any(|name| match name {
        GeneralName::DNSName(name) => {
            let wildcard = name.strip_prefix("*.").zip(host.split_once('.'));
            name.eq_ignore_ascii_case(host)
                || wildcard.is_some_and(|(domain, (_, rest))| domain.eq_ignore_ascii_case(rest))
        }
        GeneralName::IPAddress(bytes) => match host.parse() {
            Ok(std::net::IpAddr::V4(address)) => *bytes == address.octets(),
            Ok(std::net::IpAddr::V6(address)) => *bytes == address.octets(),
            Err(_) => false,
        },
        _ => false,
    })
}

fn disk(root: &Path) -> Finding {
    // The disk of a folder that is not there yet is that of the one above it.
    let there = root.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let free = match rustix::fs::statvfs(there) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => return warn("disk", format!("free space of {} is not known: {error}", root.display())),
    };
    let sentence = format!("{} MB free for {}", free / MEGABYTE, root.display());
    match free {
        0..DISK_FAIL_BYTES => {
            fail("disk", format!("only {sentence}; free some, texts are refused when it is full"))
        }
        DISK_FAIL_BYTES..DISK_WARN_BYTES => warn("disk", format!("only {sentence}")),
        _ => ok("disk", sentence),
    }
}

async fn database(directory: &DataDirectory, findings: &mut Vec<Finding>) -> Option<UnixMillis> {
    let file = directory.database_file();
    if !file.exists() {
        findings.push(ok("database", "none yet; the first start makes it"));
        return None;
    }
    let inspection = match Database::inspect(&file).await {
        Ok(inspection) => inspection,
        Err(error) => {
            let level = if matches!(error, OpenError::Unrecovered { .. }) { warn } else { fail };
            findings.push(level("database", error.to_string()));
            return None;
        }
    };
    findings.push(if let Some(problem) = inspection.problems.first() {
        fail("database", format!("{} is damaged ({problem}); restore the latest backup", file.display()))
    } else if inspection.schema > inspection.known {
        fail("database", format!("{} was written by a newer venue-server; install that", file.display()))
    } else if inspection.schema < inspection.known {
        warn("database", format!("{} is older; the next start copies and upgrades it", file.display()))
    } else {
        ok("database", format!("{} is whole", file.display()))
    });
    inspection.newest_row
}

fn package(config: &Config) -> Finding {
    let folder = match venue::find(&config.venue) {
        Ok(folder) => folder,
        Err(error) => return fail("venue", format!("{error:#}")),
    };
    let report = venue_package::validate(Arc::new(DirectorySource::new(&folder)));
    let shown = folder.display();
    match (report.errors.first(), report.warnings.len()) {
        (Some(first), _) => {
            let more = report.errors.len() - 1;
            fail("venue", format!("{shown} cannot be used: {first}; and {more} more errors"))
        }
        (None, 0) => ok("venue", format!("{shown} is whole")),
        (None, count) => warn(
            "venue",
            format!("{shown} can be used; `venue-importer check {shown}` tells {count} warnings"),
        ),
    }
}

fn clock(now: UnixMillis, newest_row: Option<UnixMillis>) -> Finding {
    let shown = times::minute(now);
    let advice = "set the clock (timedatectl set-ntp true); tickets and opening times need it";
    if now < EARLIEST_PLAUSIBLE {
        return fail("clock", format!("it says {shown}, which is past; {advice}"));
    }
    match newest_row {
        Some(newest) if newest.0 > now.0 + 60_000 => fail(
            "clock",
            format!("it says {shown}, but a row was stored at {}; {advice}", times::minute(newest)),
        ),
        _ => ok("clock", format!("it says {shown}")),
    }
}

/// Linux only; elsewhere the file is not there.
fn receive_buffer(file: &Path) -> Option<Finding> {
    let limit: u64 = std::fs::read_to_string(file).ok()?.trim().parse().ok()?;
    Some(match limit < RECEIVE_BUFFER_BYTES {
        false => ok("network", "receive buffers are large enough for a full hall"),
        true => warn(
            "network",
            format!(
                "receive buffers are limited to {limit} bytes; for more than 200 people: \
                 sysctl -w net.core.rmem_max={RECEIVE_BUFFER_BYTES}"
            ),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::database::wall_clock;
    use crate::store::events::NewEvent;
    use crate::store::people::NewPerson;
    use std::collections::BTreeMap;
    use std::path::PathBuf;
    use venue_model::EventKey;

    fn level(findings: &[Finding], subject: &str) -> Level {
        findings
            .iter()
            .filter(|finding| finding.subject == subject)
            .map(|finding| finding.level)
            .max()
            .unwrap()
    }

    fn config() -> Config {
        let mut config = Config::default();
        config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        config.operator.listen = config.server.listen;
        config
    }

    #[tokio::test]
    async fn an_empty_folder_needs_only_a_venue() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        let mut config = config();
        config.venue.package = Some(folder.path().join("no-venue"));
        let findings = examine(&directory, &config, wall_clock()()).await;
        let failed: Vec<_> = findings.iter().filter(|finding| finding.level == Level::Fail).collect();
        assert_eq!(failed.len(), 1, "{failed:?}");
        assert_eq!(failed[0].subject, "venue");
        assert_eq!(level(&findings, "address"), Level::Warn);
        assert!(!directory.database_file().exists(), "nothing was changed");
    }

    /// Every file of a folder and of those in it, with its bytes; folders with none.
    fn content(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                let bytes = path.is_file().then(|| std::fs::read(&path).unwrap());
                folders.extend(path.is_dir().then(|| path.clone()));
                found.insert(path, bytes);
            }
        }
        found
    }

    /// What fails when this file of a whole folder is missing; nothing in the folder may change.
    async fn failed_without(missing: &str) -> Vec<&'static str> {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        directory.secrets().await.unwrap();
        let config = config();
        crate::ops::serving::certificate(&directory, &config).unwrap();
        let mut database = directory.open_database().await.unwrap();
        database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let (key, people) = (EventKey::new("wtf").unwrap(), [NewPerson::delegate("Ada")]);
        let pepper = directory.pepper().await.unwrap();
        database.invite(&key, &people, &pepper, &mut || Ok(1)).await.unwrap();
        database.close().await.unwrap();
        let path = directory.root().join(missing);
        match missing {
            "" => {}
            "keys" => std::fs::remove_dir_all(path).unwrap(),
            "." => std::fs::remove_dir_all(directory.root()).unwrap(),
            _ => std::fs::remove_file(path).unwrap(),
        }
        let before = content(folder.path());
        let findings = examine(&DataDirectory::look_at(directory.root()), &config, wall_clock()()).await;
        assert!(content(folder.path()) == before, "something was changed without {missing}");
        let failed =
            findings.iter().filter(|finding| finding.level == Level::Fail && finding.subject != "venue");
        failed.map(|finding| finding.subject).collect()
    }

    #[tokio::test]
    async fn nothing_is_changed_whatever_is_missing_and_a_missing_key_fails() {
        let expected: [(&str, &[&str]); 9] = [
            ("", &[]),
            (".", &[]),
            ("venue.db", &[]),
            ("keys", &["keys"]),
            ("keys/pepper.key", &["keys"]),
            ("keys/ticket.key", &["keys"]),
            ("keys/operator.token", &["keys"]),
            ("certificate/key.pem", &["certificate"]),
            ("certificate/certificate.pem", &["certificate"]),
        ];
        for (missing, failed) in expected {
            assert_eq!(failed_without(missing).await, failed, "without {missing}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn open_folders_and_keys_are_found() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        directory.secrets().await.unwrap();
        let open = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        assert_eq!(secrets_of(&directory).await.level, Level::Ok);
        open(directory.root(), 0o755);
        open(&directory.keys().join(secrets::PEPPER_FILE), 0o644);
        assert_eq!(data_directory(&directory).level, Level::Warn);
        assert!(secrets_of(&directory).await.sentence.contains("chmod 600"));
    }

    #[test]
    fn a_port_in_use_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let finding = port("TCP", address, TcpListener::bind(address).map(drop));
        assert_eq!(finding.level, Level::Fail);
        assert!(finding.sentence.contains("another program uses it"), "{finding}");
    }

    #[test]
    fn an_ending_certificate_is_warned_of() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config();
        let directory = DataDirectory::open(folder.path()).unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(["venue.example.org".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(2027, 1, 1);
        let paths = [folder.path().join("chain.pem"), folder.path().join("key.pem")];
        std::fs::write(&paths[0], params.self_signed(&key).unwrap().pem()).unwrap();
        std::fs::write(&paths[1], key.serialize_pem()).unwrap();
        let [chain, key] = paths;
        config.certificate = crate::config::CertificateSection { chain: Some(chain), key: Some(key) };
        let check = |host: &str, day: &str, expected, part: &str| {
            let mut config = config.clone();
            config.server.public = host.parse().unwrap();
            let finding = certificate(&directory, &config, times::parse(day).unwrap());
            assert_eq!(finding.level, expected, "{finding}");
            assert!(finding.sentence.contains(part), "{finding}");
        };
        check("venue.example.org", "2026-06-01", Level::Ok, "214 days left");
        check("elsewhere.example.org", "2026-06-01", Level::Warn, "does not name elsewhere");
        check("venue.example.org", "2026-12-20", Level::Warn, "12 days left");
        check("venue.example.org", "2027-01-02", Level::Fail, "renew it");
    }

    #[tokio::test]
    async fn a_damaged_database_fails() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path()).unwrap();
        std::fs::write(directory.database_file(), [b'x'; 8192]).unwrap();
        let mut findings = Vec::new();
        database(&directory, &mut findings).await;
        assert_eq!(level(&findings, "database"), Level::Fail);
    }

    #[test]
    fn a_clock_that_is_behind_the_store_fails() {
        let now = times::parse("2026-12-01").unwrap();
        assert_eq!(clock(now, None).level, Level::Ok);
        assert_eq!(clock(UnixMillis(0), None).level, Level::Fail);
        assert_eq!(clock(now, Some(UnixMillis(now.0 + 61_000))).level, Level::Fail);
    }

    #[test]
    fn small_receive_buffers_are_warned_of() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "212992\n").unwrap();
        let finding = receive_buffer(file.path()).unwrap();
        assert!(finding.level == Level::Warn && finding.sentence.contains("rmem_max"), "{finding}");
        assert_eq!(receive_buffer(Path::new("/nowhere/at/all")), None);
    }
}
