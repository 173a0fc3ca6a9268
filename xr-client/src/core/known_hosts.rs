//! Servers that this device has been at, with the key each one showed: trust on first use, then never silently.
//!
//! It must not know the network; it answers which key is expected.

use super::files::{Readers, write_whole};
use crate::link::{Place, fingerprint_text, parse_fingerprint};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Most servers that are remembered; beyond it the first in order of name is forgotten.
const MAX_HOSTS: usize = 1_000;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileFormat {
    version: u32,
    hosts: BTreeMap<String, String>,
}

/// The known servers.
#[derive(Clone, Debug, Default)]
pub struct KnownHosts {
    path: Option<PathBuf>,
    fingerprints: BTreeMap<String, [u8; 32]>,
}

impl KnownHosts {
    /// Known servers that are kept in memory alone.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Reads the file; a damaged one counts as empty, so that each server is asked about again.
    pub fn load(path: PathBuf) -> Self {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        Self { path: Some(path), ..Self::parse(&text) }
    }

    /// The file's text; what is damaged counts as not there.
    pub fn parse(text: &str) -> Self {
        let file: FileFormat = toml::from_str(text).unwrap_or_default();
        let read = |(host, text): (String, String)| Some((host, parse_fingerprint(&text)?));
        Self { path: None, fingerprints: file.hosts.into_iter().take(MAX_HOSTS).filter_map(read).collect() }
    }

    /// The key that this server showed before.
    pub fn fingerprint_of(&self, place: &Place) -> Option<[u8; 32]> {
        self.fingerprints.get(&name_of(place)).copied()
    }

    /// Forgets a server and writes the file.
    pub fn forget(&mut self, place: &Place) {
        if self.fingerprints.remove(&name_of(place)).is_some() {
            self.save();
        }
    }

    /// Remembers a server's key and writes the file.
    pub fn remember(&mut self, place: &Place, fingerprint: [u8; 32]) {
        if self.fingerprints.insert(name_of(place), fingerprint) != Some(fingerprint) {
            self.save();
        }
    }

    fn save(&mut self) {
        while self.fingerprints.len() > MAX_HOSTS {
            self.fingerprints.pop_first();
        }
        let Some(path) = &self.path else { return };
        let hosts = self.fingerprints.iter().map(|(host, key)| (host.clone(), fingerprint_text(key)));
        let file = FileFormat { version: 1, hosts: hosts.collect() };
        let written = toml::to_string(&file)
            .map_err(std::io::Error::other)
            .and_then(|text| write_whole(path, text.as_bytes(), Readers::Anyone));
        if let Err(error) = written {
            tracing::warn!(%error, "the known servers are not kept");
        }
    }
}

fn name_of(place: &Place) -> String {
    format!("{} {}", place.host, place.port)
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::EventKey;

    fn place(host: &str) -> Place {
        Place { host: host.into(), port: 4433, event: EventKey::new("e").unwrap(), fingerprint: None }
    }

    #[test]
    fn a_key_is_remembered_for_its_server_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known-hosts.toml");
        let mut hosts = KnownHosts::load(path.clone());
        assert_eq!(hosts.fingerprint_of(&place("a.example")), None);
        hosts.remember(&place("a.example"), [3; 32]);
        let hosts = KnownHosts::load(path);
        assert_eq!(hosts.fingerprint_of(&place("a.example")), Some([3; 32]));
        assert_eq!(hosts.fingerprint_of(&place("b.example")), None);
    }

    #[test]
    fn a_damaged_file_means_asking_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known-hosts.toml");
        std::fs::write(&path, "hosts = 3").unwrap();
        assert_eq!(KnownHosts::load(path).fingerprint_of(&place("a.example")), None);
    }
}
