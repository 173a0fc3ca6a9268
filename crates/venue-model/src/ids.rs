//! Identities. Each is a newtype, so that a seat can not be passed for a door.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// One participant of a running event; never reused while the server runs.
    ParticipantId(u32)
);
number_id!(
    /// One space (a room, a sphere) of a venue; given by the venue's modeler.
    SpaceId(u16)
);
number_id!(
    /// One door between two spaces of a venue.
    DoorId(u16)
);
number_id!(
    /// One seat of a venue.
    SeatId(u16)
);
number_id!(
    /// One zone (a quiet corner, a booth, a stand) of a venue.
    ZoneId(u16)
);
number_id!(
    /// One private talk of a running event; never reused while the server runs.
    TalkId(u32)
);
number_id!(
    /// Which owner of a space is meant: grows by one with each hand-over to another owner.
    SpaceEpoch(u32)
);
number_id!(
    /// One stored line of text; grows in the order of storage.
    TextId(u64)
);

/// The name of an event in links: 1 to 40 of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventKey(String);

/// The text is not an event key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event key has 1 to 40 characters out of a-z, 0-9 and -")]
pub struct EventKeyError;

impl EventKey {
    /// Checks and takes an event key.
    pub fn new(text: impl Into<String>) -> Result<Self, EventKeyError> {
        let text = text.into();
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=40).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text))
        } else {
            Err(EventKeyError)
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for EventKey {
    type Error = EventKeyError;
    fn try_from(text: String) -> Result<Self, EventKeyError> {
        Self::new(text)
    }
}

impl From<EventKey> for String {
    fn from(key: EventKey) -> Self {
        key.0
    }
}

/// The Ed25519 public key of a delegate's device (RFC 8032), 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceKey(pub [u8; 32]);

/// The SHA-256 of a file's bytes: its name inside a venue package.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileHash(pub [u8; 32]);

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file hash is written as 64 lower-case hexadecimal digits")]
pub struct FileHashError;

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Four bytes tell devices apart in a log without naming the device for good.
        f.write_str("DeviceKey(")?;
        write_hex(&self.0[..4], f)?;
        f.write_str("…)")
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Debug for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for FileHash {
    type Err = FileHashError;
    fn from_str(text: &str) -> Result<Self, FileHashError> {
        let digit = |b: u8| match b {
            b'0'..=b'9' => Ok(b - b'0'),
            b'a'..=b'f' => Ok(b - b'a' + 10),
            _ => Err(FileHashError),
        };
        let mut hash = [0; 32];
        if text.len() != 64 {
            return Err(FileHashError);
        }
        for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(hash))
    }
}

impl TryFrom<String> for FileHash {
    type Error = FileHashError;
    fn try_from(text: String) -> Result<Self, FileHashError> {
        text.parse()
    }
}

impl From<FileHash> for String {
    fn from(hash: FileHash) -> Self {
        hash.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_keys_are_checked() {
        let check = |text: &str, good: bool| assert_eq!(EventKey::new(text).is_ok(), good, "{text:?}");
        check("plenipotentiary-2026", true);
        check("a", true);
        check("", false);
        check("Geneva", false);
        check("a/b", false);
        check(&"x".repeat(41), false);
    }

    #[test]
    fn file_hashes_round_trip_as_text() {
        let hash = FileHash(std::array::from_fn(|i| (i * 7) as u8));
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!("zz".repeat(32).parse::<FileHash>(), Err(FileHashError));
        assert_eq!("00".parse::<FileHash>(), Err(FileHashError));
    }

    #[test]
    fn a_device_key_is_not_logged_whole() {
        assert_eq!(format!("{:?}", DeviceKey([0xab; 32])), "DeviceKey(abababab…)");
    }
}
