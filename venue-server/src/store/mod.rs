//! What outlives the process: events, invitations, texts, presence.
//!
//! The tick sees only [`api::Store`]; it must not know SQL, files or threads. No SQL
//! type leaves this folder.

pub mod api;
pub mod code;
mod commit;
mod condition;
pub mod database;
pub mod events;
mod heartbeat;
mod inspect;
pub mod invite;
mod lookup;
pub mod memory;
mod missed;
mod moderation;
pub mod people;
pub mod personal_data;
pub mod retention;
mod safety;
mod sql_error;
pub mod sqlite;
#[cfg(test)]
pub(crate) mod testing;
mod watch;
mod worker;

pub use api::{
    EventId, EventRecord, EventState, FoundText, Invitation, InvitationId, InvitationState, NamedPerson,
    PersonId, PresenceChange, RequestId, SpacesAllowed, Store, StoreChange, StoreError, StoreReply,
    StoreRequest, StoredBlock, StoredQuote, StoredReport, UnixMillis,
};
pub use code::{CodeError, InvitationCode, Pepper};
pub use condition::Condition;
pub use database::{Database, DatabaseOptions, OpenError, Upgrade};
pub use inspect::Inspection;
pub use lookup::EventTimes;
pub use sqlite::SqliteStore;
