//! Why a connection ends: the codes on the wire, and what the other end sees.

use std::fmt;

/// The application error code with which a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseCode {
    /// Said goodbye.
    Normal,
    /// The peer sent something that is not in the protocol.
    ProtocolError,
    /// Not admitted; the message before says why.
    Refused,
    /// The same invitation joined from another device.
    TakenOver,
    /// Removed from the event.
    Removed,
    /// The server stops.
    ServerClosing,
    /// Nothing was heard for too long.
    Idle,
    /// The peer sent more than it may.
    TooFast,
    /// The peer did not read what it was sent.
    TooSlow,
    /// The handshake or the join took too long.
    HandshakeTimeout,
    /// The server holds as many connections as it may.
    TooManyConnections,
    /// An internal fault, logged where it happened.
    Internal,
    /// A code that this build does not know.
    Other(u32),
}

const KNOWN: [CloseCode; 12] = [
    CloseCode::Normal,
    CloseCode::ProtocolError,
    CloseCode::Refused,
    CloseCode::TakenOver,
    CloseCode::Removed,
    CloseCode::ServerClosing,
    CloseCode::Idle,
    CloseCode::TooFast,
    CloseCode::TooSlow,
    CloseCode::HandshakeTimeout,
    CloseCode::TooManyConnections,
    CloseCode::Internal,
];

impl CloseCode {
    /// The number on the wire.
    pub fn number(self) -> u32 {
        match self {
            Self::Other(number) => number,
            known => KNOWN.iter().position(|code| *code == known).map_or(u32::MAX, |at| at as u32),
        }
    }

    /// The code that a number stands for.
    pub fn from_number(number: u32) -> Self {
        KNOWN.get(number as usize).copied().unwrap_or(Self::Other(number))
    }
}

/// How a connection came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// This end closed it.
    Local,
    /// The other end closed it.
    Remote {
        /// With this code.
        code: CloseCode,
        /// And this text, at most [`MAX_CLOSE_REASON_BYTES`] long; for logs, not for people.
        reason: String,
    },
    /// Nothing came any more.
    TimedOut,
    /// The path or the peer failed: a reset, or bytes that are not QUIC.
    Lost {
        /// What the transport says, for logs.
        detail: String,
    },
}

/// Longest text in a close, in bytes; longer ones are cut.
pub const MAX_CLOSE_REASON_BYTES: usize = 200;

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local => f.write_str("closed by this end"),
            Self::Remote { code, reason } => write!(f, "closed by the other end ({code:?}): {reason}"),
            Self::TimedOut => f.write_str("nothing came from the other end any more"),
            Self::Lost { detail } => write!(f, "the connection broke: {detail}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_codes_are_the_same_thing() {
        for number in (0..40).chain([u32::MAX]) {
            assert_eq!(CloseCode::from_number(number).number(), number);
        }
        assert_eq!(CloseCode::Internal.number(), 11);
        assert_eq!(CloseCode::from_number(12), CloseCode::Other(12));
    }
}
