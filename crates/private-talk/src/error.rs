//! What can go wrong, as sentences that a person or a log can use. Knows no state.

use venue_model::ParticipantId;
use venue_protocol::DecodeError;

/// Why somebody's certificate does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// The bytes are no certificate.
    #[error("the device certificate can not be read: {0}")]
    Unreadable(DecodeError),
    /// The signature is not the server's.
    #[error("the device certificate was not signed by this server")]
    NotOurs,
    /// Made for another event.
    #[error("the device certificate is for another event")]
    OtherEvent,
    /// Its time is over.
    #[error("the device certificate of participant {} has expired", .0.0)]
    Expired(ParticipantId),
    /// The key that signs in the talk is not the certified one.
    #[error("the device of participant {} signs with a key that its certificate does not name", .0.0)]
    OtherKey(ParticipantId),
}

/// Why a message or a wish is not taken. What is not taken changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TalkError {
    /// Bytes that are no message of this protocol.
    #[error("these bytes are no message of a private talk ({0})")]
    Unreadable(&'static str),
    /// A message of another talk.
    #[error("the message belongs to another talk")]
    OtherTalk,
    /// A device that can not show who it is.
    #[error(transparent)]
    Certificate(#[from] CertificateFault),
    /// As many as may be are in.
    #[error("the talk is full: {} devices are in it", crate::MAX_MEMBERS)]
    Full,
    /// The talk has not begun, or is over for this device.
    #[error("this device is not in the talk")]
    NotIn,
    /// The participant is not in the talk.
    #[error("participant {} is not in the talk", .0.0)]
    NotHere(ParticipantId),
    /// A message of an epoch that is over: late, or sent twice.
    #[error("the message is of epoch {epoch}, which is over; the talk is in epoch {current}")]
    Late {
        /// The message's.
        epoch: u64,
        /// The talk's.
        current: u64,
    },
    /// A message came before the one that it builds on, and there is no room to keep it.
    #[error("too many messages came before the one that they build on")]
    TooEarly,
    /// A message that was read before.
    #[error("the message came twice")]
    Repeated,
    /// Nobody in the talk made this, or it was changed on its way.
    #[error("the message can not be decrypted: it was changed on its way, or nobody in the talk made it")]
    NotDecrypted,
    /// A member asks for what a talk does not have.
    #[error("a member tried what a talk does not allow: {0}")]
    NotAllowed(&'static str),
    /// The key package is too old, or was used before.
    #[error("the invited device's key package is too old or was used before; ask it for a new one")]
    StalePackage,
    /// The welcome is not for this device, or not whole.
    #[error("the welcome does not open the talk for this device")]
    NotWelcome,
    /// The text is too long or empty.
    #[error("the text is empty or has more than {} characters", venue_model::text::MAX_MESSAGE_CHARS)]
    BadText,
    /// There is no code to compare yet.
    #[error("there is no code to compare yet: not every device has taken part")]
    NoCode,
    /// Too many wishes wait to be carried out.
    #[error("too many changes of the talk are waiting")]
    Busy,
    /// A fault in the encryption itself.
    #[error("the encryption failed: {0}")]
    Crypto(String),
}

/// Why a voice packet is not heard or not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoiceError {
    /// Not an SFrame packet of a talk.
    #[error("these bytes are no voice packet of a private talk")]
    Unreadable,
    /// No keys are held for its epoch: too old, or not there yet.
    #[error("the voice packet is of an epoch whose keys are gone or not here yet")]
    WrongEpoch,
    /// Nobody has that place in the talk.
    #[error("the voice packet names a place in the talk that nobody has")]
    NobodysPlace,
    /// The server says that one sent it, the key says that another did.
    #[error("the server says participant {} spoke, the key is participant {}'s", .claimed.0, .keyed.0)]
    Spoofed {
        /// Whom the server named.
        claimed: ParticipantId,
        /// Whose key it is.
        keyed: ParticipantId,
    },
    /// A packet that was heard before.
    #[error("the voice packet came twice")]
    Replayed,
    /// So far behind the newest that nobody can say whether it was heard.
    #[error("the voice packet is too far behind the newest")]
    TooOld,
    /// Changed on its way, or made by nobody in the talk.
    #[error("the voice packet can not be decrypted")]
    NotDecrypted,
    /// Longer than a packet may be, or empty.
    #[error("the voice packet is empty or longer than {} bytes", crate::MAX_VOICE_BYTES)]
    BadSize,
    /// Each frame number is used once and they grow.
    #[error("frame numbers must grow: this one was used, or a later one was")]
    NumberUsed,
    /// The talk has not begun, or is over for this device.
    #[error("this device is not in the talk")]
    NotIn,
    /// A fault in the encryption itself.
    #[error("the encryption of voice failed")]
    Crypto,
}

/// Faults of the library under this, which names its own types, as one of ours.
pub(crate) fn crypto(error: impl std::fmt::Display) -> TalkError {
    TalkError::Crypto(error.to_string())
}
