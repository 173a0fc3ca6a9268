//! Device certificates: the server states, signed, which device a participant of an event came in with.
//!
//! In a private talk everybody shows one, so that nobody has to ask the server who holds a key. Here are only the
//! layout and the bytes that are signed; this file must not know keys, ciphers or clocks. The server signs with the key
//! that signs its tickets (Ed25519, RFC 8032), `private-talk` verifies.
//!
//! Layout, all big-endian: version `01`, participant u32, device key 32, valid until u64 (ms since 1970, UTC), length
//! of the event's key u8 (1 to 40) and the key, signature 64.

use crate::codec::{DecodeError, DecodeFault, Decoder, Encoder};
use crate::values::Wire;
use bytes::Bytes;
use venue_model::{DeviceKey, EventKey, ParticipantId, WallTime};

/// No certificate is longer, in bytes.
pub const MAX_DEVICE_CERTIFICATE_BYTES: usize = 1 + 4 + 32 + 8 + 1 + 40 + 64;

const VERSION: u8 = 1;

/// Stands before what is signed, so that the signature is good for nothing else that the key signs.
const LABEL: &[u8] = b"vev device certificate";

/// What a certificate states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceClaims {
    /// The event in which the number counts.
    pub event: EventKey,
    /// Who came in.
    pub participant: ParticipantId,
    /// With this device (an Ed25519 public key); it proved at the door that it holds the private half.
    pub device: DeviceKey,
    /// Good until then.
    pub valid_until: WallTime,
}

impl DeviceClaims {
    /// The bytes that the server signs: a label, and the claims as they travel.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let mut encoder = Encoder::with_capacity(LABEL.len() + MAX_DEVICE_CERTIFICATE_BYTES);
        encoder.raw(LABEL);
        self.encode(&mut encoder);
        encoder.finish().to_vec()
    }

    fn encode(&self, encoder: &mut Encoder) {
        encoder.u8(VERSION);
        self.participant.encode(encoder);
        encoder.raw(&self.device.0);
        self.valid_until.encode(encoder);
        // The key has at most 40 bytes: its length is always one byte.
        self.event.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        if decoder.u8("version")? != VERSION {
            return Err(decoder.error("version", DecodeFault::Invalid));
        }
        Ok(Self {
            participant: Wire::decode(decoder)?,
            device: DeviceKey(decoder.array("device key")?),
            valid_until: Wire::decode(decoder)?,
            event: Wire::decode(decoder)?,
        })
    }
}

/// Claims with the server's signature. Whether it is right is for the reader to find out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCertificate {
    /// What it states.
    pub claims: DeviceClaims,
    /// Ed25519 over [`DeviceClaims::signed_bytes`].
    pub signature: [u8; 64],
}

impl DeviceCertificate {
    /// The bytes that travel.
    pub fn encode(&self) -> Bytes {
        let mut encoder = Encoder::with_capacity(MAX_DEVICE_CERTIFICATE_BYTES);
        self.claims.encode(&mut encoder);
        encoder.raw(&self.signature);
        encoder.finish()
    }

    /// Reads one; whatever has another layout, or bytes behind it, is refused.
    ///
    /// # Errors
    /// Says which field is wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::new(bytes);
        let claims = DeviceClaims::decode(&mut decoder)?;
        let signature = decoder.array("signature")?;
        decoder.finish("device certificate")?;
        Ok(Self { claims, signature })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn certificate(event: &str) -> DeviceCertificate {
        let claims = DeviceClaims {
            event: EventKey::new(event).unwrap(),
            participant: ParticipantId(0x0102_0304),
            device: DeviceKey([5; 32]),
            valid_until: WallTime(0x0607),
        };
        DeviceCertificate { claims, signature: [8; 64] }
    }

    #[test]
    fn the_layout_is_the_written_one() {
        let bytes = certificate("wtf-26").encode();
        let expected =
            [&[1, 1, 2, 3, 4][..], &[5; 32], &[0, 0, 0, 0, 0, 0, 6, 7], &[6], b"wtf-26", &[8; 64]].concat();
        assert_eq!(&bytes[..], expected);
        assert_eq!(DeviceCertificate::decode(&bytes), Ok(certificate("wtf-26")));
        assert_eq!(certificate(&"e".repeat(40)).encode().len(), MAX_DEVICE_CERTIFICATE_BYTES);
    }

    #[test]
    fn what_is_signed_is_the_label_and_everything_but_the_signature() {
        let bytes = certificate("wtf-26").encode();
        let signed = certificate("wtf-26").claims.signed_bytes();
        assert_eq!(signed, [LABEL, &bytes[..bytes.len() - 64]].concat());
    }

    #[test]
    fn other_layouts_are_refused() {
        let bytes = certificate("wtf-26").encode();
        for length in 0..bytes.len() {
            assert!(DeviceCertificate::decode(&bytes[..length]).is_err(), "{length}");
        }
        let fault = |bytes: &[u8]| DeviceCertificate::decode(bytes).unwrap_err().fault;
        assert_eq!(fault(&[&bytes[..], &[0]].concat()), DecodeFault::Trailing);
        assert_eq!(fault(&[&[2], &bytes[1..]].concat()), DecodeFault::Invalid);
        let mut upper = bytes.to_vec();
        upper[46] = b'W';
        assert_eq!(fault(&upper), DecodeFault::BadText);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(certificate) = DeviceCertificate::decode(&bytes) {
                prop_assert_eq!(&certificate.encode()[..], &bytes[..]);
            }
        }
    }
}
