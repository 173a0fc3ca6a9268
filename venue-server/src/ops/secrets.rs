//! The server's secrets, made at the first start and kept beside the database.
//!
//! It must not know what they are used for beyond their length. None has a `Debug` that
//! shows it.

use crate::private_file::{self, Made};
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
    /// Reads the secrets in the folder; one that is missing is an error.
    pub fn load(folder: &Path) -> Result<Self> {
        let read = |name| {
            let path = folder.join(name);
            read(&path)?.with_context(|| format!("{} is missing; restore it from a backup", path.display()))
        };
        Ok(Self::from_bytes(read(TICKET_KEY_FILE)?, Pepper(read(PEPPER_FILE)?), read(OPERATOR_TOKEN_FILE)?))
    }

    /// Reads the secrets in the folder and makes those that are missing. A pepper is made only while no
    /// `invitations` depend on the one that was lost.
    pub fn load_or_make(folder: &Path, invitations: i64) -> Result<Self> {
        let is_first_start = !folder.join(PEPPER_FILE).exists();
        let pepper = pepper(folder, invitations)?;
        let (ticket_key, was_made) = read_or_make(&folder.join(TICKET_KEY_FILE))?;
        if was_made == Made::Now && !is_first_start {
            tracing::warn!(
                "{TICKET_KEY_FILE} was missing and was made anew: people who are inside enter again by their links"
            );
        }
        let (operator_token, _) = read_or_make(&folder.join(OPERATOR_TOKEN_FILE))?;
        Ok(Self::from_bytes(ticket_key, pepper, operator_token))
    }

    fn from_bytes(ticket_key: [u8; 32], pepper: Pepper, operator_token: [u8; 32]) -> Self {
        Self {
            ticket_key: SigningKey::from_bytes(&ticket_key),
            pepper,
            operator_token: URL_SAFE_NO_PAD.encode(operator_token),
        }
    }
}

/// The pepper in the folder, made if it is missing and no `invitations` depend on the one that was lost.
pub fn pepper(folder: &Path, invitations: i64) -> Result<Pepper> {
    let path = folder.join(PEPPER_FILE);
    if invitations > 0 && !path.exists() {
        bail!(
            "{} is missing, and {invitations} invitations in the database count only with it; restore it from a \
             backup. If there is none, every link that was given out is dead: make a new one by `venue-server \
             new-pepper --yes`, then give everybody a new link by `venue-server invite --again`",
            path.display()
        );
    }
    private_file::create_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(Pepper(read_or_make(&path)?.0))
}

/// Puts a new pepper in the place of the one that is there or was lost: every code that was given out is dead.
pub fn replace_pepper(folder: &Path) -> Result<()> {
    private_file::create_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    private_file::write(&folder.join(PEPPER_FILE), URL_SAFE_NO_PAD.encode(random_bytes::<32>()?).as_bytes())
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(hidden)")
    }
}

/// A secret that is there, or a new one. Of two commands that make it at once, both get the one that stays.
fn read_or_make(path: &Path) -> Result<([u8; 32], Made)> {
    if let Some(secret) = read(path)? {
        return Ok((secret, Made::Before));
    }
    let secret = random_bytes()?;
    match private_file::write_new(path, URL_SAFE_NO_PAD.encode(secret).as_bytes())? {
        Made::Now => Ok((secret, Made::Now)),
        Made::Before => match read(path)? {
            Some(secret) => Ok((secret, Made::Before)),
            None => bail!("{} comes and goes; is another program at work in its folder?", path.display()),
        },
    }
}

/// A secret is stored as base64url, so that it can be pasted; none when there is no file.
fn read(path: &Path) -> Result<Option<[u8; 32]>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
    let Some(bytes) = bytes else {
        bail!(
            "{} is damaged: it should hold 43 characters of base64url; restore it from a backup \
             (without it, invitations and tickets that were given out no longer count)",
            path.display()
        );
    };
    Ok(Some(bytes))
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
        let made = Secrets::load_or_make(folder.path(), 0).unwrap();
        let loaded = Secrets::load_or_make(folder.path(), 0).unwrap();
        assert_eq!(made.ticket_key.to_bytes(), loaded.ticket_key.to_bytes());
        assert_eq!(made.pepper.0, loaded.pepper.0);
        assert_eq!(made.operator_token, loaded.operator_token);
        assert_ne!(made.ticket_key.to_bytes(), made.pepper.0);
        assert_eq!(format!("{made:?}"), "Secrets(hidden)");
    }

    #[test]
    fn a_damaged_secret_is_not_silently_replaced() {
        let folder = tempfile::tempdir().unwrap();
        Secrets::load_or_make(folder.path(), 0).unwrap();
        std::fs::write(folder.path().join(PEPPER_FILE), "short").unwrap();
        let refused = Secrets::load_or_make(folder.path(), 0).unwrap_err().to_string();
        assert!(refused.contains("pepper.key is damaged") && refused.contains("restore"), "{refused}");
    }

    #[test]
    fn a_lost_pepper_is_not_silently_replaced_while_invitations_depend_on_it() {
        let folder = tempfile::tempdir().unwrap();
        let made = Secrets::load_or_make(folder.path(), 0).unwrap();
        std::fs::remove_file(folder.path().join(PEPPER_FILE)).unwrap();
        let refused = Secrets::load_or_make(folder.path(), 3).unwrap_err().to_string();
        assert!(refused.contains(PEPPER_FILE) && refused.contains("restore it from a backup"), "{refused}");
        assert!(refused.contains("new-pepper --yes"), "{refused}");
        assert!(!folder.path().join(PEPPER_FILE).exists());
        let missing = Secrets::load(folder.path()).unwrap_err().to_string();
        assert!(missing.contains("pepper.key is missing"), "{missing}");
        // Nothing depends on it: a folder whose first start was cut short goes on.
        assert_ne!(Secrets::load_or_make(folder.path(), 0).unwrap().pepper.0, made.pepper.0);
    }

    #[test]
    fn first_commands_at_once_agree_on_the_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("keys");
        let peppers = std::thread::scope(|scope| {
            let commands: Vec<_> =
                (0..8).map(|_| scope.spawn(|| Secrets::load_or_make(&inner, 0).unwrap().pepper.0)).collect();
            commands.into_iter().map(|command| command.join().unwrap()).collect::<Vec<_>>()
        });
        let stays = Secrets::load(&inner).unwrap().pepper.0;
        assert!(peppers.iter().all(|pepper| *pepper == stays), "two commands made two peppers");
    }
}
