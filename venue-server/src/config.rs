//! The configuration file: one typed section for each module that has settings.
//!
//! It must not read the environment or act. Every key has a default, so an empty file and
//! no file mean the same; `venue-server.sample.toml` shows them all.

use crate::console::PageSection;
use crate::ops::links::PublicAddress;
use crate::ops::logs::LogSection;
use crate::ops::sweeper::RetentionSection;
use crate::ops::venue::VenueSection;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// UDP port of the venue and TCP port of the entry page.
pub const DEFAULT_PORT: u16 = 4433;

/// So slow that answers to many askers would stand still for longer than the page's door waits.
const LEAST_FILES_MBIT: u32 = 10;

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Addresses.
    pub server: ServerSection,
    /// The venue that is hosted.
    pub venue: VenueSection,
    /// The certificate.
    pub certificate: CertificateSection,
    /// How many people.
    pub limits: LimitsSection,
    /// The entry page.
    pub page: PageSection,
    /// Health and metrics.
    pub operator: OperatorSection,
    /// Log files.
    pub log: LogSection,
    /// How long things are kept.
    pub retention: RetentionSection,
}

/// Section `[server]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerSection {
    /// Where the venue (UDP) and the entry page (TCP) are answered.
    pub listen: SocketAddr,
    /// Where delegates find the server, as links have it.
    pub public: PublicAddress,
}

impl Default for ServerSection {
    fn default() -> Self {
        let listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), DEFAULT_PORT);
        Self { listen, public: PublicAddress { host: "127.0.0.1".into(), port: None } }
    }
}

/// Section `[certificate]`: both files, or neither for one that the server makes itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CertificateSection {
    /// PEM file with the certificate and those above it.
    pub chain: Option<PathBuf>,
    /// PEM file with its private key.
    pub key: Option<PathBuf>,
}

/// Section `[limits]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSection {
    /// Connections at once.
    pub connections: usize,
    /// People with a body in one event; who comes later watches.
    pub bodies: usize,
    /// For so long a lost person's place is kept.
    pub grace_secs: u32,
    /// Megabits a second that the venue's files may take over HTTPS, all askers together.
    pub files_mbit_per_s: u32,
    /// New connections at once from one address.
    pub address_burst: u32,
    /// New connections a second from one address, after those.
    pub address_per_s: u32,
    /// Connections at once from one network that are on their way in.
    pub network_newcomers: usize,
}

impl Default for LimitsSection {
    fn default() -> Self {
        Self {
            connections: 3_000,
            bodies: 1_000,
            grace_secs: 30,
            files_mbit_per_s: 200,
            address_burst: 400,
            address_per_s: 20,
            network_newcomers: 64,
        }
    }
}

/// Section `[operator]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OperatorSection {
    /// Loopback address of health and metrics.
    pub listen: SocketAddr,
}

impl Default for OperatorSection {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 9433)) }
    }
}

impl Config {
    /// Reads a configuration out of TOML text and checks what no type can say.
    pub fn parse(text: &str) -> Result<Self> {
        let config: Self = toml::from_str(text)?;
        config.check()?;
        Ok(config)
    }

    /// Reads the named file, or the usual one if it is there.
    pub fn load(named: Option<&Path>, usual: &Path) -> Result<Self> {
        let path = match named {
            Some(path) => path,
            None if usual.exists() => usual,
            None => return Ok(Self::default()),
        };
        let problem = || format!("configuration file {}", path.display());
        let text = std::fs::read_to_string(path).with_context(problem)?;
        Self::parse(&text).with_context(problem)
    }

    fn check(&self) -> Result<()> {
        if self.certificate.chain.is_some() != self.certificate.key.is_some() {
            bail!("[certificate]: give both chain and key, or neither");
        }
        if !self.operator.listen.ip().is_loopback() {
            bail!(
                "[operator] listen = \"{}\": health and metrics are answered on loopback only, e.g. \
                 127.0.0.1:9433; put a proxy or a tunnel before it to read them elsewhere",
                self.operator.listen
            );
        }
        if self.limits.connections == 0 || self.limits.bodies == 0 {
            bail!("[limits]: connections and bodies must be at least 1");
        }
        let LimitsSection { address_burst, address_per_s, network_newcomers, .. } = self.limits;
        if address_burst == 0 || address_per_s == 0 || network_newcomers == 0 {
            bail!("[limits]: address_burst, address_per_s and network_newcomers must be at least 1");
        }
        if self.limits.files_mbit_per_s < LEAST_FILES_MBIT {
            bail!(
                "[limits] files_mbit_per_s must be at least {LEAST_FILES_MBIT}: files are asked for together"
            );
        }
        self.page.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../venue-server.sample.toml");

    /// The sample's lines `# key = value`, taken out of their comments.
    fn uncommented() -> String {
        let is_setting = |line: &str| line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        let lines = SAMPLE.lines().map(|line| match line.strip_prefix("# ") {
            Some(rest) if is_setting(rest) => rest,
            _ => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_sample_as_shipped_is_the_default() {
        assert_eq!(Config::parse(SAMPLE).unwrap(), Config::default());
        assert_eq!(Config::parse("").unwrap(), Config::default());
    }

    #[test]
    fn every_key_of_the_sample_exists_and_shows_its_default() {
        let text = uncommented();
        let table: toml::Table = toml::from_str(&text).unwrap();
        assert_eq!(table.len(), 8, "every section");
        let config = Config::parse(&text).unwrap();
        let default = Config::default();
        assert_eq!(config.server, ServerSection { public: config.server.public.clone(), ..default.server });
        assert_eq!((config.limits, config.operator), (default.limits, default.operator));
        assert_eq!((config.log, config.retention), (default.log, default.retention));
    }

    #[test]
    fn every_key_that_exists_stands_in_the_sample() {
        let table: toml::Table = toml::from_str(&uncommented()).unwrap();
        let keys =
            |section: &str| -> Vec<String> { table[section].as_table().unwrap().keys().cloned().collect() };
        // An unknown key makes serde list those that it expects.
        for section in table.keys() {
            let error = Config::parse(&format!("[{section}]\nno_such_key = 1")).unwrap_err().to_string();
            let expected = error.lines().find(|line| line.contains("expected")).unwrap_or_default();
            let (_, expected) = expected.split_once("expected").unwrap();
            let mut names: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
            names.sort_unstable();
            assert_eq!(names, keys(section), "section {section}");
        }
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let check = |text: &str, part: &str| {
            let error = format!("{:#}", Config::parse(text).unwrap_err());
            assert!(error.contains(part), "{error}");
        };
        check("[server]\nlissten = \"x\"", "lissten");
        check("[server]\nlisten = \"everywhere\"", "line 2");
        check("[server]\npublic = \"https://x\"", "venue.example.org:4433");
        check("[certificate]\nchain = \"x.pem\"", "both chain and key");
        check("[operator]\nlisten = \"0.0.0.0:9433\"", "loopback only");
        check("[limits]\nbodies = 0", "at least 1");
        check("[limits]\naddress_per_s = 0", "address_per_s");
        check("[limits]\nfiles_mbit_per_s = 9", "at least 10");
        check("[retention]\ntext_days = -1", "text_days");
        check("[page]\nprogram_url = \"javascript:alert(1)\"", "https://");
    }

    #[test]
    fn a_named_file_must_exist_and_the_usual_one_need_not() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("none.toml");
        assert_eq!(Config::load(None, &absent).unwrap(), Config::default());
        let refused = format!("{:#}", Config::load(Some(&absent), &absent).unwrap_err());
        assert!(refused.contains("none.toml"), "{refused}");
    }
}
