//! The first words on a connection: versions, features, and who speaks. Their layout never changes.

use super::Payload;
use crate::codec::{DecodeError, DecodeFault, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::Wire;
use crate::{VERSION_MAX, VERSION_MIN};
use venue_model::{BoundedText, DeviceKey, Language, ServerTime};

/// A program and its version, e.g. `xr-client 0.1.0`; at most 64 characters.
pub type ProgramName = BoundedText<64>;

/// Optional abilities, one bit each; both ends use those that both have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Features(pub u64);

impl Features {
    /// What this build can do beyond the version's own messages: nothing yet.
    pub const OWN: Self = Self(0);

    /// What both can do.
    pub fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// The first message on a connection, from the client.
#[derive(Clone, Debug, PartialEq)]
pub struct Hello {
    /// Oldest version that the client speaks.
    pub version_min: u16,
    /// Newest version that the client speaks.
    pub version_max: u16,
    /// What the client can do.
    pub features: Features,
    /// The client's program.
    pub program: ProgramName,
    /// The device's public key; [`super::Join`] proves that the client holds the private one.
    pub device_key: DeviceKey,
    /// The language that the delegate reads.
    pub language: Language,
}

impl Hello {
    /// The newest version that both ends speak.
    pub fn common_version(&self) -> Option<u16> {
        let version = self.version_max.min(VERSION_MAX);
        (version >= self.version_min.max(VERSION_MIN)).then_some(version)
    }
}

impl Payload for Hello {
    const TYPE: MessageType = MessageType(1);

    fn encode(&self, encoder: &mut Encoder) {
        encoder.u16(self.version_min);
        encoder.u16(self.version_max);
        encoder.u64(self.features.0);
        encoder.text(&self.program);
        encoder.raw(&self.device_key.0);
        self.language.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let [version_min, version_max] = version_range(decoder)?;
        Ok(Self {
            version_min,
            version_max,
            features: Features(decoder.u64("features")?),
            program: decoder.text("program")?,
            device_key: DeviceKey(decoder.array("device key")?),
            language: Wire::decode(decoder)?,
        })
    }
}

fn version_range(decoder: &mut Decoder<'_>) -> Result<[u16; 2], DecodeError> {
    let range = [decoder.u16("oldest version")?, decoder.u16("newest version")?];
    if range[0] > range[1] {
        return Err(decoder.error("version range", DecodeFault::Invalid));
    }
    Ok(range)
}

/// The server's answer when there is a common version.
#[derive(Clone, Debug, PartialEq)]
pub struct HelloAccepted {
    /// The version that both speak from now on.
    pub version: u16,
    /// What both can do.
    pub features: Features,
    /// The server's clock when it answered.
    pub server_time: ServerTime,
    /// The server's program.
    pub program: ProgramName,
}

impl Payload for HelloAccepted {
    const TYPE: MessageType = MessageType(1);

    fn encode(&self, encoder: &mut Encoder) {
        encoder.u16(self.version);
        encoder.u64(self.features.0);
        self.server_time.encode(encoder);
        encoder.text(&self.program);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            version: decoder.u16("version")?,
            features: Features(decoder.u64("features")?),
            server_time: Wire::decode(decoder)?,
            program: decoder.text("program")?,
        })
    }
}

/// The server's answer when there is no common version; then it closes.
#[derive(Clone, Debug, PartialEq)]
pub struct HelloRefused {
    /// Oldest version that the server speaks.
    pub version_min: u16,
    /// Newest version that the server speaks.
    pub version_max: u16,
    /// The server's program.
    pub program: ProgramName,
}

impl HelloRefused {
    /// Whether the client is the older of the two, so that a newer client helps.
    pub fn client_is_older(&self) -> bool {
        self.version_min > VERSION_MAX
    }
}

impl Payload for HelloRefused {
    const TYPE: MessageType = MessageType(2);

    fn encode(&self, encoder: &mut Encoder) {
        encoder.u16(self.version_min);
        encoder.u16(self.version_max);
        encoder.text(&self.program);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let [version_min, version_max] = version_range(decoder)?;
        Ok(Self { version_min, version_max, program: decoder.text("program")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_common_version_is_chosen() {
        let check = |version_min, version_max, expected| {
            let hello = Hello {
                version_min,
                version_max,
                features: Features::OWN,
                program: ProgramName::default(),
                device_key: DeviceKey([0; 32]),
                language: Language::En,
            };
            assert_eq!(hello.common_version(), expected);
        };
        check(VERSION_MIN, VERSION_MAX, Some(VERSION_MAX));
        check(0, u16::MAX, Some(VERSION_MAX));
        check(VERSION_MAX + 1, u16::MAX, None);
        check(0, VERSION_MIN - 1, None);
    }
}
