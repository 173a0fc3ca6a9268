//! A server's fingerprint: what a link pins it by.

use std::fmt;
use std::str::FromStr;

/// The SHA-256 of the certificate's SubjectPublicKeyInfo (RFC 5280 §4.1): it stays the same when a
/// certificate is renewed over the same key. As text: base64url without padding, 43 characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

/// The text is not a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has 43 characters out of A-Z, a-z, 0-9, - and _")]
pub struct FingerprintError;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Characters of a fingerprint's text.
const TEXT_LENGTH: usize = 43;

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 32 bytes and two zero bits more make 43 digits of six bits.
        for digit in 0..TEXT_LENGTH {
            let bit = digit * 6;
            let high = u16::from(self.0[bit / 8]) << 8;
            let low = u16::from(self.0.get(bit / 8 + 1).copied().unwrap_or(0));
            let value = (high | low) >> (10 - bit % 8) & 0x3f;
            write!(f, "{}", ALPHABET[usize::from(value)] as char)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        if text.len() != TEXT_LENGTH {
            return Err(FingerprintError);
        }
        let mut bytes = [0; 32];
        for (digit, character) in text.bytes().enumerate() {
            let value = ALPHABET.iter().position(|c| *c == character).ok_or(FingerprintError)? as u16;
            let bit = digit * 6;
            let [high, low] = (value << (10 - bit % 8)).to_be_bytes();
            bytes[bit / 8] |= high;
            match bytes.get_mut(bit / 8 + 1) {
                Some(next) => *next |= low,
                // The two bits behind the last byte are zero, so that a key has one text only.
                None if low != 0 => return Err(FingerprintError),
                None => {}
            }
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_base64url_without_padding() {
        let check = |bytes: [u8; 32], text: &str| {
            assert_eq!(Fingerprint(bytes).to_string(), text);
            assert_eq!(text.parse(), Ok(Fingerprint(bytes)));
        };
        check([0; 32], &"A".repeat(43));
        check([0xff; 32], &format!("{}8", "_".repeat(42)));
        let counted = std::array::from_fn(|i| i as u8);
        check(counted, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    }

    #[test]
    fn other_texts_are_refused() {
        let check = |text: &str| assert_eq!(text.parse::<Fingerprint>(), Err(FingerprintError), "{text}");
        check("");
        check(&"A".repeat(42));
        check(&"A".repeat(44));
        check(&format!("{}=", "A".repeat(42)));
        check(&format!("{}9", "_".repeat(42)));
    }
}
