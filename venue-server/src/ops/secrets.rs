//! The server's secrets, made at the first start and kept beside the database.
//!
//! It must not know what they are used for beyond their length. None has a `Debug` that
//! shows it.

use crate::ops::private_file;
use crate::store::Pepper;
use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use std::fmt;
use std::path::Path;

/// Signs tickets; whoever has it can enter.
pub const TICKET_KEY_FILE: &str = "ticket.key";

/// Keys the digests of invitation codes.
pub const PEPPER_FILE: &str = "pepper.key";

/// Opens the operator's page with health and metrics.
pub const OPERATOR_TOKEN_FILE: &str = "operator.token";

/// All of them.
#[derive(Clone)]
pub struct Secrets {
    /// Signs tickets. Stored, so that tickets outlive a restart.
    pub ticket_key: SigningKey,
    /// Keys the digests of invitation codes.
    pub pepper: Pepper,
    /// Bearer token of the operator's page.
    pub operator_token: String,
}

impl Secrets {
    /// Reads the secrets in the folder and makes those that are missing.
    pub fn load_or_make(folder: &Path) -> Result<Self> {
        private_file::create_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self {
            ticket_key: SigningKey::from_bytes(&load_or_make(&folder.join(TICKET_KEY_FILE))?),
            pepper: Pepper(load_or_make(&folder.join(PEPPER_FILE))?),
            operator_token: URL_SAFE_NO_PAD.encode(load_or_make(&folder.join(OPERATOR_TOKEN_FILE))?),
        })
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(hidden)")
    }
}

/// A secret is stored as base64url, so that it can be pasted.
fn load_or_make(path: &Path) -> Result<[u8; 32]> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
            let Some(bytes) = bytes else {
                bail!(
                    "{} is damaged: it should hold 43 characters of base64url; restore it from a backup \
                     (without it, invitations and tickets that were given out no longer count)",
                    path.display()
                );
            };
            Ok(bytes)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let secret = random_bytes()?;
            private_file::write(path, URL_SAFE_NO_PAD.encode(secret).as_bytes())?;
            Ok(secret)
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Bytes from the system's random generator.
pub fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => bail!("the system gives no random numbers: {error}"),
    }
}

/// Random bits for one invitation code.
pub fn random_code_bits() -> Result<u64, String> {
    random_bytes().map(u64::from_le_bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay_the_same_and_are_hidden() {
        let folder = tempfile::tempdir().unwrap();
        let made = Secrets::load_or_make(folder.path()).unwrap();
        let loaded = Secrets::load_or_make(folder.path()).unwrap();
        assert_eq!(made.ticket_key.to_bytes(), loaded.ticket_key.to_bytes());
        assert_eq!(made.pepper.0, loaded.pepper.0);
        assert_eq!(made.operator_token, loaded.operator_token);
        assert_ne!(made.ticket_key.to_bytes(), made.pepper.0);
        assert_eq!(format!("{made:?}"), "Secrets(hidden)");
    }

    #[test]
    fn a_damaged_secret_is_not_silently_replaced() {
        let folder = tempfile::tempdir().unwrap();
        Secrets::load_or_make(folder.path()).unwrap();
        std::fs::write(folder.path().join(PEPPER_FILE), "short").unwrap();
        let refused = Secrets::load_or_make(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("pepper.key is damaged") && refused.contains("restore"), "{refused}");
    }
}
