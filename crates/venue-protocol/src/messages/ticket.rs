//! Tickets: what a client shows to come back without its invitation. Opaque to the client.

use super::Payload;
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::Wire;
use std::fmt;

/// Longest ticket, in bytes.
pub const MAX_TICKET_BYTES: usize = 1024;

/// A ticket as the server made it. Its `Debug` never shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct TicketBytes(Vec<u8>);

/// More bytes than a ticket may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a ticket has at most {MAX_TICKET_BYTES} bytes")]
pub struct TicketTooLong;

impl TicketBytes {
    /// Checks the length.
    pub fn new(bytes: Vec<u8>) -> Result<Self, TicketTooLong> {
        if bytes.len() <= MAX_TICKET_BYTES { Ok(Self(bytes)) } else { Err(TicketTooLong) }
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for TicketBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TicketBytes({} bytes)", self.0.len())
    }
}

impl Wire for TicketBytes {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.blob(&self.0);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        decoder.blob("ticket", MAX_TICKET_BYTES).map(|bytes| Self(bytes.to_vec()))
    }
}

/// Asks for a fresh ticket; the client's session sends it at half of the ticket's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewTicket;

impl Payload for RenewTicket {
    const TYPE: MessageType = MessageType(3);

    fn encode(&self, _: &mut Encoder) {}

    fn decode(_: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

/// A ticket and how long it is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The ticket.
    pub bytes: TicketBytes,
    /// Seconds from now on that the server accepts it.
    pub valid_secs: u32,
}

impl Payload for Ticket {
    const TYPE: MessageType = MessageType(5);

    fn encode(&self, encoder: &mut Encoder) {
        self.bytes.encode(encoder);
        encoder.u32(self.valid_secs);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { bytes: Wire::decode(decoder)?, valid_secs: decoder.u32("ticket life")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_bounded_and_never_logged() {
        assert_eq!(TicketBytes::new(vec![0; MAX_TICKET_BYTES + 1]), Err(TicketTooLong));
        let ticket = TicketBytes::new(vec![77; 3]).unwrap();
        assert_eq!(format!("{ticket:?}"), "TicketBytes(3 bytes)");
    }
}
