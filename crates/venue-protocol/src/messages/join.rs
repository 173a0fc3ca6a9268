//! Asking to be admitted: a credential, the device's proof, and the refusal when it is not enough.

use super::{Appearance, Payload, TicketBytes};
use crate::codec::{DecodeError, DecodeFault, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::{Wire, wire_enum};
use std::fmt;
use venue_model::{BoundedText, EventKey};

/// Longest invitation code, in characters.
pub const MAX_CODE_CHARS: usize = 40;

/// An invitation code as a person types it. Its `Debug` never shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationCode(pub BoundedText<MAX_CODE_CHARS>);

impl fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationCode(…)")
    }
}

/// What entitles a client to be admitted.
#[derive(Clone, Debug, PartialEq)]
pub enum Credential {
    /// An invitation, at the first entry.
    Invitation {
        /// The event that it is for.
        event: EventKey,
        /// The secret.
        code: InvitationCode,
    },
    /// A ticket that the server gave before, after a lost connection.
    Ticket(TicketBytes),
}

impl Wire for Credential {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Invitation { event, code } => {
                encoder.u8(0);
                event.encode(encoder);
                encoder.text(&code.0);
            }
            Self::Ticket(ticket) => {
                encoder.u8(1);
                ticket.encode(encoder);
            }
        }
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        match decoder.u8("credential")? {
            0 => Ok(Self::Invitation {
                event: Wire::decode(decoder)?,
                code: InvitationCode(decoder.text("code")?),
            }),
            1 => Ok(Self::Ticket(Wire::decode(decoder)?)),
            _ => Err(decoder.error("credential", DecodeFault::Invalid)),
        }
    }
}

/// The bytes that the device signs with Ed25519 (RFC 8032): they bind the credential to this very
/// TLS connection, so a proof can not be replayed or relayed.
pub fn join_proof_message(exporter: &[u8; 32], credential: &Credential) -> Vec<u8> {
    let mut encoder = Encoder::new();
    encoder.raw(b"vev join");
    encoder.raw(exporter);
    credential.encode(&mut encoder);
    encoder.finish().to_vec()
}

/// Asks to be admitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// What entitles.
    pub credential: Credential,
    /// The device key's signature of [`join_proof_message`].
    pub proof: [u8; 64],
    /// How the delegate wants to look.
    pub appearance: Appearance,
}

impl Payload for Join {
    const TYPE: MessageType = MessageType(2);

    fn encode(&self, encoder: &mut Encoder) {
        self.credential.encode(encoder);
        encoder.raw(&self.proof);
        self.appearance.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            credential: Wire::decode(decoder)?,
            proof: decoder.array("proof")?,
            appearance: Wire::decode(decoder)?,
        })
    }
}

/// Why somebody is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalCode {
    /// The server knows no such event.
    UnknownEvent,
    /// The server knows no such invitation.
    UnknownInvitation,
    /// The invitation's time is over.
    ExpiredInvitation,
    /// The invitation was taken back.
    RevokedInvitation,
    /// The event has not begun.
    EventNotOpen,
    /// The event is over.
    EventClosed,
    /// Too many attempts from this address; try later.
    RateLimited,
    /// The device's proof is wrong.
    BadProof,
    /// The ticket is not this server's, is of another device, or its time is over: use the invitation.
    BadTicket,
    /// The person was removed from the event.
    Removed,
    /// The server can take nobody in, not even as an observer.
    ServerFull,
    /// The server is shutting down.
    ShuttingDown,
    /// The server can not do it now, e.g. its disk is full.
    Unavailable,
}

impl RefusalCode {
    /// All, in wire order.
    pub const ALL: [Self; 13] = [
        Self::UnknownEvent,
        Self::UnknownInvitation,
        Self::ExpiredInvitation,
        Self::RevokedInvitation,
        Self::EventNotOpen,
        Self::EventClosed,
        Self::RateLimited,
        Self::BadProof,
        Self::BadTicket,
        Self::Removed,
        Self::ServerFull,
        Self::ShuttingDown,
        Self::Unavailable,
    ];

    /// Whether trying the same again later can succeed.
    pub fn is_worth_retrying(self) -> bool {
        matches!(self, Self::RateLimited | Self::ServerFull | Self::ShuttingDown | Self::Unavailable)
    }
}

wire_enum!(RefusalCode, RefusalCode::ALL);

/// Not admitted; the server closes after this.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Why.
    pub code: RefusalCode,
    /// More, in English, for the log and for support.
    pub detail: BoundedText<200>,
    /// Seconds after which another attempt makes sense; zero when none does.
    pub retry_after_secs: u16,
}

impl Payload for Refused {
    const TYPE: MessageType = MessageType(4);

    fn encode(&self, encoder: &mut Encoder) {
        self.code.encode(encoder);
        encoder.text(&self.detail);
        encoder.u16(self.retry_after_secs);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            code: Wire::decode(decoder)?,
            detail: decoder.text("detail")?,
            retry_after_secs: decoder.u16("retry after")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_bound_to_the_connection_and_the_credential() {
        let ticket = |bytes: &[u8]| Credential::Ticket(TicketBytes::new(bytes.to_vec()).unwrap());
        let message = join_proof_message(&[7; 32], &ticket(b"abc"));
        assert_eq!(&message[..8], b"vev join");
        assert_ne!(message, join_proof_message(&[8; 32], &ticket(b"abc")));
        assert_ne!(message, join_proof_message(&[7; 32], &ticket(b"abd")));
    }

    #[test]
    fn a_code_is_never_logged() {
        let code = InvitationCode(BoundedText::new("ABCD-EFGH").unwrap());
        let credential = Credential::Invitation { event: EventKey::new("e").unwrap(), code };
        assert!(!format!("{credential:?}").contains("ABCD"));
    }
}
