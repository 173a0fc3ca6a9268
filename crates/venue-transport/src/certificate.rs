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
    /// The key is gone that links are pinned to.
    #[error(
        "{folder} lacks the file {KEY_FILE}, and links that were mailed name its key: restore the folder from a \
         backup. If there is none, delete all that is left in it; the next start makes a new key, and every link \
         must be mailed again"
    )]
    KeyLost {
        /// Where it should be.
        folder: PathBuf,
    },
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

/// Says that a key was made here, and which: links may be out that name it.
const MARKER_FILE: &str = "fingerprint.txt";

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
        // Between the two lines there may be nothing.
        if key.secret_der().is_empty() {
            return Err(CertificateError::NoKey);
        }
        Ok(Self { key: key.secret_der().to_vec(), chain, fingerprint })
    }

    /// A chain and a key out of PEM files, e.g. those of an ACME client.
    pub fn from_files(chain: &Path, key: &Path) -> Result<Self, CertificateError> {
        Self::from_pem(&read(chain)?, &read(key)?)
    }

    /// The certificate in a folder; made there for `names` when there is none yet. A key is made
    /// only once: links pin it. Over a key that is there a lost certificate is made again.
    pub fn load_or_make(folder: &Path, names: &[String]) -> Result<Self, CertificateError> {
        let [chain, key, marker] = [CERTIFICATE_FILE, KEY_FILE, MARKER_FILE].map(|file| folder.join(file));
        if !key.exists() {
            if chain.exists() || marker.exists() {
                return Err(CertificateError::KeyLost { folder: folder.to_owned() });
            }
            make_folder(folder).map_err(|source| file_error(folder, source))?;
            write_new(&key, &KeyPair::generate()?.serialize_pem())?;
        }
        if !chain.exists() {
            // Another command may have made the key at the same time: what is on the disk counts.
            let pair = KeyPair::from_pem(&read(&key)?).map_err(|_| CertificateError::NoKey)?;
            write_new(&chain, &sign(&pair, names)?)?;
        }
        let certificate = Self::from_files(&chain, &key)?;
        if !marker.exists() {
            write_new(&marker, &format!("{}\n", certificate.fingerprint))?;
        }
        Ok(certificate)
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
pub fn fingerprint_of(certificate: &[u8]) -> Option<Fingerprint> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    Some(Fingerprint(Sha256::digest(parsed.public_key().raw).into()))
}

fn make(names: &[String]) -> Result<(String, String), CertificateError> {
    let key = KeyPair::generate()?;
    Ok((sign(&key, names)?, key.serialize_pem()))
}

fn sign(key: &KeyPair, names: &[String]) -> Result<String, CertificateError> {
    let mut names = names.to_vec();
    if names.is_empty() {
        names.push("localhost".to_owned());
    }
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "VEV venue server");
    Ok(params.self_signed(key)?.pem())
}

fn file_error(path: &Path, source: io::Error) -> CertificateError {
    CertificateError::File { path: path.to_owned(), source }
}

fn read(path: &Path) -> Result<String, CertificateError> {
    fs::read_to_string(path).map_err(|source| file_error(path, source))
}

/// Makes a folder that only its owner can enter.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a new file that only its owner can read, whole or not at all. One that is there
/// already, because another command was quicker, stays as it is.
fn write_new(path: &Path, text: &str) -> Result<(), CertificateError> {
    let partial = path.with_extension(format!("partial-{}", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || {
        let mut file = options.open(&partial)?;
        io::Write::write_all(&mut file, text.as_bytes())?;
        file.sync_all()?;
        // Unlike a rename, a link never replaces a file; a file system without links gets the rename.
        match fs::hard_link(&partial, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
                fs::rename(&partial, path)
            }
            _ => fs::remove_file(&partial),
        }
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
    fn only_the_owner_reads_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("certificate");
        ServerCertificate::load_or_make(&inner, &[]).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&inner), 0o700);
        let files: Vec<_> = fs::read_dir(&inner).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 3, "no partial file is left: {files:?}");
        assert!(files.iter().all(|file| mode(file) == 0o600));
    }

    #[test]
    fn a_lost_certificate_is_made_again_over_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let made = ServerCertificate::load_or_make(folder.path(), &[]).unwrap();
        fs::remove_file(folder.path().join(CERTIFICATE_FILE)).unwrap();
        let again = ServerCertificate::load_or_make(folder.path(), &[]).unwrap();
        assert_eq!(again.fingerprint(), made.fingerprint(), "links that are out keep working");
        assert_eq!(again.key(), made.key());
    }

    #[test]
    fn a_key_of_nothing_is_no_key() {
        let (chain, _) = make(&[]).unwrap();
        let empty = "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n";
        assert!(matches!(ServerCertificate::from_pem(&chain, empty), Err(CertificateError::NoKey)));
    }

    #[test]
    fn a_lost_key_is_not_silently_replaced() {
        let check = |lost: &[&str]| {
            let folder = tempfile::tempdir().unwrap();
            let made = ServerCertificate::load_or_make(folder.path(), &[]).unwrap();
            lost.iter().for_each(|file| fs::remove_file(folder.path().join(file)).unwrap());
            let refused = ServerCertificate::load_or_make(folder.path(), &[]).unwrap_err().to_string();
            assert!(refused.contains("restore the folder from a backup"), "{refused}");
            assert!(refused.contains("every link must be mailed again"), "{refused}");
            for file in fs::read_dir(folder.path()).unwrap() {
                fs::remove_file(file.unwrap().path()).unwrap();
            }
            let anew = ServerCertificate::load_or_make(folder.path(), &[]).unwrap();
            assert_ne!(anew.fingerprint(), made.fingerprint());
        };
        check(&[KEY_FILE]);
        check(&[KEY_FILE, MARKER_FILE]);
        check(&[KEY_FILE, CERTIFICATE_FILE]);
    }

    #[test]
    fn commands_that_start_at_the_same_time_make_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        write_new(&path.join(KEY_FILE), &KeyPair::generate().unwrap().serialize_pem()).unwrap();
        let first = fs::read_to_string(path.join(KEY_FILE)).unwrap();
        write_new(&path.join(KEY_FILE), "the slower one's").unwrap();
        assert_eq!(fs::read_to_string(path.join(KEY_FILE)).unwrap(), first);
        ServerCertificate::load_or_make(path, &[]).unwrap();
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
