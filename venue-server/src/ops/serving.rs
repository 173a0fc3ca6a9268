//! What a running server says about itself for other commands: its addresses.
//!
//! It must hold no secret.

use crate::config::Config;
use crate::ops::{DataDirectory, private_file};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use venue_transport::ServerCertificate;

/// The addresses of a running server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// The server's process.
    pub pid: u32,
    /// Where QUIC is answered (UDP).
    pub venue: SocketAddr,
    /// Where the entry page is answered (TCP, HTTPS).
    pub page: SocketAddr,
    /// Where health and metrics are answered (TCP, HTTP, loopback).
    pub operator: Option<SocketAddr>,
}

/// Removes the file when the server ends in order.
#[derive(Debug)]
pub struct ServingNotice {
    directory: DataDirectory,
}

impl Serving {
    /// Tells other commands.
    pub fn announce(&self, directory: &DataDirectory) -> Result<ServingNotice> {
        let text = serde_json::to_string_pretty(self)?;
        private_file::write(&directory.serving_file(), text.as_bytes())?;
        Ok(ServingNotice { directory: directory.clone() })
    }

    /// The server that runs on the folder now, if one does. A file that a killed server
    /// left behind does not count: the lock is free.
    pub fn read(directory: &DataDirectory) -> Option<Self> {
        let text = std::fs::read_to_string(directory.serving_file()).ok()?;
        let serving = serde_json::from_str(&text).ok()?;
        directory.is_served().then_some(serving)
    }
}

/// The server's certificate: the configured one, else its own, made if it is missing.
pub fn certificate(directory: &DataDirectory, config: &Config) -> Result<ServerCertificate> {
    let section = &config.certificate;
    match (&section.chain, &section.key) {
        (Some(chain), Some(key)) => {
            ServerCertificate::from_files(chain, key).context("[certificate] in the configuration")
        }
        _ => {
            let names = [config.server.public.host.clone(), "localhost".into(), "127.0.0.1".into()];
            let certificate = ServerCertificate::load_or_make(&directory.certificate(), &names);
            certificate.context("the server's own certificate cannot be had")
        }
    }
}

impl Drop for ServingNotice {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(self.directory.serving_file()) {
            tracing::debug!(%error, "serving.json was gone already");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_killed_servers_notice_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path()).unwrap();
        let venue = SocketAddr::from(([127, 0, 0, 1], 4433));
        let serving = Serving { pid: 1, venue, page: venue, operator: None };
        let lock = directory.lock().unwrap();
        let notice = serving.announce(&directory).unwrap();
        assert_eq!(Serving::read(&directory), Some(serving));
        drop(lock);
        assert_eq!(Serving::read(&directory), None);
        drop(notice);
        assert!(!directory.serving_file().exists());
    }
}
