//! What members say to each other inside the encryption. One value has one encoding; knows no keys and no state.

use venue_model::ParticipantId;
use venue_model::text::MessageBody;
use venue_protocol::codec::DecodeFault;
use venue_protocol::{DecodeError, Decoder, Encoder};

/// One message inside the encryption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A text, with the sender's own number for it.
    Text { reference: u64, body: MessageBody },
    /// The sender leaves; whoever is in takes its device out. An MLS proposal would say the same, but it counts in one
    /// epoch only and would have to be sent again after each change that comes before it.
    Leaving,
    /// The sender has drawn a number for the code of this round and is bound to it.
    Commitment { round: u64, digest: [u8; 32] },
    /// The number.
    Reveal { round: u64, nonce: [u8; 32] },
    /// The sender has compared the code of this round with that person.
    Compared { round: u64, with: ParticipantId },
}

impl Content {
    pub fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new();
        match self {
            Self::Text { reference, body } => {
                encoder.u8(1);
                encoder.u64(*reference);
                encoder.text(body);
            }
            Self::Leaving => encoder.u8(2),
            Self::Commitment { round, digest } => {
                encoder.u8(3);
                encoder.u64(*round);
                encoder.raw(digest);
            }
            Self::Reveal { round, nonce } => {
                encoder.u8(4);
                encoder.u64(*round);
                encoder.raw(nonce);
            }
            Self::Compared { round, with } => {
                encoder.u8(5);
                encoder.u64(*round);
                encoder.u32(with.0);
            }
        }
        encoder.finish().to_vec()
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::new(bytes);
        let content = match decoder.u8("kind")? {
            1 => Self::Text { reference: decoder.u64("reference")?, body: decoder.text("text")? },
            2 => Self::Leaving,
            3 => Self::Commitment { round: decoder.u64("round")?, digest: decoder.array("digest")? },
            4 => Self::Reveal { round: decoder.u64("round")?, nonce: decoder.array("nonce")? },
            5 => Self::Compared { round: decoder.u64("round")?, with: ParticipantId(decoder.u32("with")?) },
            _ => return Err(decoder.error("kind", DecodeFault::UnknownType)),
        };
        decoder.finish("content")?;
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn contents() -> impl Strategy<Value = Content> {
        prop_oneof![
            (any::<u64>(), "[a-zа-я ]{0,40}").prop_map(|(reference, text)| Content::Text {
                reference,
                body: MessageBody::new(text).unwrap()
            }),
            Just(Content::Leaving),
            any::<(u64, [u8; 32])>().prop_map(|(round, digest)| Content::Commitment { round, digest }),
            any::<(u64, [u8; 32])>().prop_map(|(round, nonce)| Content::Reveal { round, nonce }),
            any::<(u64, u32)>()
                .prop_map(|(round, with)| Content::Compared { round, with: ParticipantId(with) }),
        ]
    }

    proptest! {
        #[test]
        fn contents_round_trip(content in contents()) {
            prop_assert_eq!(Content::decode(&content.encode()), Ok(content));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            if let Ok(content) = Content::decode(&bytes) {
                prop_assert_eq!(content.encode(), bytes);
            }
        }
    }
}
