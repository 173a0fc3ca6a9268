//! The device's key: made once, kept on this computer, proves on every join that it is the same device.
//!
//! It must not know sessions; it signs what it is given.

use super::files::{Readers, write_whole};
use crate::sentence::Problem;
use ed25519_dalek::{Signer as _, SigningKey};
use std::path::Path;
use venue_model::DeviceKey;

/// The device's Ed25519 key pair (RFC 8032).
pub struct Identity {
    key: SigningKey,
}

impl Identity {
    /// The identity that follows from 32 secret bytes.
    pub fn from_secret(secret: [u8; 32]) -> Self {
        Self { key: SigningKey::from_bytes(&secret) }
    }

    /// Reads the key file, or makes one with fresh random bytes.
    pub fn load_or_make(path: &Path) -> Result<Self, Problem> {
        let refused = |detail: String| Problem::DataFolder { folder: path.display().to_string(), detail };
        match std::fs::read(path) {
            Ok(bytes) => {
                if let Ok(secret) = <[u8; 32]>::try_from(bytes) {
                    return Ok(Self::from_secret(secret));
                }
                // A key of the wrong length is of no use; a new one means a join as a new device.
                tracing::warn!("the device key is damaged and is made anew");
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(refused(error.to_string())),
        }
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| refused(error.to_string()))?;
        write_whole(path, &secret, Readers::Owner).map_err(|error| refused(error.to_string()))?;
        Ok(Self::from_secret(secret))
    }

    /// The secret half, for what proves this device elsewhere than at the door.
    pub(super) fn secret(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// The public half.
    pub fn public(&self) -> DeviceKey {
        DeviceKey(self.key.verifying_key().to_bytes())
    }

    /// Signs a message.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.key");
        let first = Identity::load_or_make(&path).unwrap();
        let second = Identity::load_or_make(&path).unwrap();
        assert_eq!(first.public(), second.public());
        assert_eq!(first.sign(b"hello"), second.sign(b"hello"));
    }

    #[test]
    fn a_damaged_key_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.key");
        std::fs::write(&path, b"short").unwrap();
        let made = Identity::load_or_make(&path).unwrap();
        assert_eq!(Identity::load_or_make(&path).unwrap().public(), made.public());
    }
}
