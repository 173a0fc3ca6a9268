//! What outlives the process: events, invitations, texts, presence.
//!
//! The tick sees only [`api::Store`]; it must not know SQL, files or threads.

pub mod api;
pub mod code;
pub mod memory;

pub use api::{
    EventId, EventRecord, EventState, Invitation, InvitationId, InvitationState, PersonId, PresenceChange,
    RequestId, SpacesAllowed, Store, StoreChange, StoreError, StoreReply, StoreRequest, UnixMillis,
};
pub use code::{CodeError, InvitationCode};
