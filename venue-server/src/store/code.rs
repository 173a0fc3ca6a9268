//! Invitation codes: eight characters that people can read out on the telephone.
//!
//! It must not know how codes are stored beyond their keyed digest, nor who holds them.

use sha2::{Digest, Sha256};
use std::fmt;

/// Crockford's base32 alphabet (<https://www.crockford.com/base32.html>): no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of a code.
const LENGTH: usize = 8;

/// An invitation code: 40 random bits, written as eight characters of Crockford's base32.
///
/// `Debug` hides it, because codes must not reach logs; `Display` writes `XXXX-XXXX`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct InvitationCode([u8; LENGTH]);

/// The text is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an invitation code has eight letters and digits, for example K7QX-9M2P")]
pub struct CodeError;

/// SHA-256 keyed with the server's pepper: what the database holds in place of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeDigest(pub [u8; 32]);

/// A secret of this server that is kept outside the database: a stolen database alone
/// does not let 40-bit codes be guessed off line.
#[derive(Clone)]
pub struct Pepper(pub [u8; 32]);

impl InvitationCode {
    /// Takes what a person typed or a link holds: either case, with or without hyphens
    /// and spaces, O read as 0, I and L read as 1.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let mut code = [0; LENGTH];
        let mut count = 0;
        for c in text.chars().filter(|c| !matches!(c, '-' | ' ' | '\u{2010}' | '\u{2011}')) {
            *code.get_mut(count).ok_or(CodeError)? = symbol(c).ok_or(CodeError)?;
            count += 1;
        }
        if count == LENGTH { Ok(Self(code)) } else { Err(CodeError) }
    }

    /// Makes a code from 40 random bits (the low ones of `random`).
    pub fn from_random(random: u64) -> Self {
        Self(std::array::from_fn(|i| ALPHABET[(random >> (5 * i)) as usize & 31]))
    }

    /// The eight characters without the hyphen, as links carry them.
    pub fn compact(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The digest under which the code is stored for an event: HMAC-SHA256 (RFC 2104)
    /// with the pepper over the event key, a zero byte and the code. A code copied to
    /// another event's link finds nothing.
    pub fn digest(&self, pepper: &Pepper, event: &str) -> CodeDigest {
        let pad = |byte: u8| -> [u8; 64] {
            std::array::from_fn(|i| byte ^ pepper.0.get(i).copied().unwrap_or_default())
        };
        let inner = Sha256::new()
            .chain_update(pad(0x36))
            .chain_update(event.as_bytes())
            .chain_update([0])
            .chain_update(self.0)
            .finalize();
        CodeDigest(Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into())
    }
}

fn symbol(c: char) -> Option<u8> {
    let upper = u8::try_from(c).ok()?.to_ascii_uppercase();
    let read = match upper {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    ALPHABET.contains(&read).then_some(read)
}

impl fmt::Display for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.compact().split_at(LENGTH / 2);
        write!(f, "{first}-{second}")
    }
}

impl fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationCode(hidden)")
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_type_is_read_kindly() {
        let code = InvitationCode::parse("K7QX9M01").unwrap();
        for typed in ["k7qx-9m01", " K7QX 9MO1 ", "k7qx\u{2011}9moI", "K7-QX-9M-0l"] {
            assert_eq!(InvitationCode::parse(typed), Ok(code), "{typed}");
        }
        assert_eq!(code.to_string(), "K7QX-9M01");
    }

    #[test]
    fn other_text_is_no_code() {
        for typed in ["", "K7QX-9M0", "K7QX-9M012", "K7QX-9MU1", "K7QX-9Mé1", "ⅭⅭⅭⅭⅭⅭⅭⅭ"] {
            assert_eq!(InvitationCode::parse(typed), Err(CodeError), "{typed}");
        }
    }

    #[test]
    fn debug_output_hides_code_and_pepper() {
        let code = InvitationCode::parse("K7QX9M01").unwrap();
        assert!(!format!("{code:?}").contains("K7QX"));
        assert!(!format!("{:?}", Pepper([0x41; 32])).contains("65"));
    }

    #[test]
    fn a_digest_depends_on_pepper_event_and_code() {
        let code = InvitationCode::parse("K7QX9M01").unwrap();
        let other = InvitationCode::parse("K7QX9M02").unwrap();
        let pepper = Pepper([7; 32]);
        let digest = code.digest(&pepper, "wtf-26");
        assert_eq!(digest, code.digest(&pepper, "wtf-26"));
        assert_ne!(digest, code.digest(&pepper, "wtf-27"));
        assert_ne!(digest, code.digest(&Pepper([8; 32]), "wtf-26"));
        assert_ne!(digest, other.digest(&pepper, "wtf-26"));
    }

    proptest! {
        #[test]
        fn every_code_survives_display_and_parse(random: u64) {
            let code = InvitationCode::from_random(random);
            prop_assert_eq!(InvitationCode::parse(&code.to_string()), Ok(code));
            prop_assert_eq!(InvitationCode::parse(code.compact()), Ok(code));
        }
    }
}
