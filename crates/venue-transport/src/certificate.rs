//! The server's certificate: made at the first start, or a real one from PEM files.

use crate::Fingerprint;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};
use x509_parser::prelude::{FromDer, X509Certificate};

/// A certificate chain and its private key, DER. Its `Debug` shows no key.
#[derive(Clone)]
pub struct ServerCertificate {
    chain: Vec<Vec<u8>>,
    key: Vec<u8>,
    fingerprint: Fingerprint,
}

/// The certificate can not be had.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file can not be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no certificate in the PEM text.
    #[error("the PEM text holds no certificate (a line -----BEGIN CERTIFICATE----- begins one)")]
    NoCertificate,
    /// There is no private key in the PEM text.
    #[error("the PEM text holds no private key (a line -----BEGIN PRIVATE KEY----- begins one)")]
    NoKey,
    /// The certificate is not X.509.
    #[error("the certificate can not be read as X.509")]
    NotX509,
    /// A new certificate can not be made.
    #[error("can not make a certificate: {0}")]
    Make(#[from] rcgen::Error),
}

/// The names of the two files of a certificate that this crate made.
const CERTIFICATE_FILE: &str = "certificate.pem";
const KEY_FILE: &str = "key.pem";

impl ServerCertificate {
    /// The certificates, leaf first, DER.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// The private key, PKCS #8, PKCS #1 or SEC1 DER.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// What links pin this server by.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// A chain and a key out of PEM texts.
    pub fn from_pem(chain: &str, key: &str) -> Result<Self, CertificateError> {
        let chain: Vec<Vec<u8>> = CertificateDer::pem_slice_iter(chain.as_bytes())
            .map(|certificate| certificate.map(|der| der.to_vec()))
            .collect::<Result<_, _>>()
            .map_err(|_| CertificateError::NoCertificate)?;
        let leaf = chain.first().ok_or(CertificateError::NoCertificate)?;
        let fingerprint = fingerprint_of(leaf).ok_or(CertificateError::NotX509)?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| CertificateError::NoKey)?;
        Ok(Self { key: key.secret_der().to_vec(), chain, fingerprint })
    }

    /// A chain and a key out of PEM files, e.g. those of an ACME client.
    pub fn from_files(chain: &Path, key: &Path) -> Result<Self, CertificateError> {
        Self::from_pem(&read(chain)?, &read(key)?)
    }

    /// The certificate in a folder; made there for `names` when there is none yet.
    pub fn load_or_make(folder: &Path, names: &[String]) -> Result<Self, CertificateError> {
        let (chain, key) = (folder.join(CERTIFICATE_FILE), folder.join(KEY_FILE));
        if !(chain.exists() && key.exists()) {
            fs::create_dir_all(folder).map_err(|source| file_error(folder, source))?;
            let (chain_pem, key_pem) = make(names)?;
            // The key goes first: a crash in between leaves no certificate, and the next start makes both.
            write_privately(&key, &key_pem)?;
            write_privately(&chain, &chain_pem)?;
        }
        Self::from_files(&chain, &key)
    }

    /// A certificate of one's own that lives in memory only.
    pub fn self_signed(names: &[String]) -> Result<Self, CertificateError> {
        let (chain, key) = make(names)?;
        Self::from_pem(&chain, &key)
    }
}

impl fmt::Debug for ServerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerCertificate").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

/// The fingerprint of a certificate, DER; none when it is not X.509.
pub(crate) fn fingerprint_of(certificate: &[u8]) -> Option<Fingerprint> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    Some(Fingerprint(Sha256::digest(parsed.public_key().raw).into()))
}

fn make(names: &[String]) -> Result<(String, String), CertificateError> {
    let mut names = names.to_vec();
    if names.is_empty() {
        names.push("localhost".to_owned());
    }
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "VEV venue server");
    let key = KeyPair::generate()?;
    Ok((params.self_signed(&key)?.pem(), key.serialize_pem()))
}

fn file_error(path: &Path, source: io::Error) -> CertificateError {
    CertificateError::File { path: path.to_owned(), source }
}

fn read(path: &Path) -> Result<String, CertificateError> {
    fs::read_to_string(path).map_err(|source| file_error(path, source))
}

/// Writes a file that only its owner can read, whole or not at all.
fn write_privately(path: &Path, text: &str) -> Result<(), CertificateError> {
    let partial = path.with_extension("partial");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || {
        let mut file = options.open(&partial)?;
        io::Write::write_all(&mut file, text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&partial, path)
    };
    write().map_err(|source| file_error(path, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_certificate_stays_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("tls");
        let names = ["venue.example".to_owned(), "127.0.0.1".to_owned()];
        let made = ServerCertificate::load_or_make(&inner, &names).unwrap();
        let loaded = ServerCertificate::load_or_make(&inner, &names).unwrap();
        assert_eq!(made.fingerprint(), loaded.fingerprint());
        assert_eq!(made.chain(), loaded.chain());
        let other = ServerCertificate::self_signed(&[]).unwrap();
        assert_ne!(other.fingerprint(), made.fingerprint());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_the_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        ServerCertificate::load_or_make(folder.path(), &[]).unwrap();
        let mode = fs::metadata(folder.path().join(KEY_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn broken_pem_says_what_is_missing() {
        let (chain, key) = make(&[]).unwrap();
        let check = |chain: &str, key: &str, says: &str| {
            let error = ServerCertificate::from_pem(chain, key).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        check("", &key, "no certificate");
        check(&chain, "", "no private key");
        check(&key, &key, "no certificate");
        let missing = ServerCertificate::from_files(Path::new("no/chain"), Path::new("no/key"));
        assert!(missing.unwrap_err().to_string().starts_with("no/chain"));
    }

    #[test]
    fn a_certificate_shows_no_key() {
        let shown = format!("{:?}", ServerCertificate::self_signed(&[]).unwrap());
        assert!(shown.starts_with("ServerCertificate { fingerprint: Fingerprint("), "{shown}");
        assert!(shown.len() < 110, "{shown}");
    }
}
