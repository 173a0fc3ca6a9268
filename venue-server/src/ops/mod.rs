//! What the operator's machine holds and needs: the data directory, secrets, logs,
//! backups, the check-up, the sweeper.
//!
//! It must not know the tick, sessions or worlds.

pub mod backup;
pub mod data_directory;
pub mod doctor;
pub mod links;
pub mod logs;
pub mod names_csv;
pub mod restore;
pub mod secrets;
pub mod serving;
pub mod sweeper;
pub mod times;
pub mod venue;

pub use crate::private_file;
pub use data_directory::{DataDirectory, ServerLock};
pub use secrets::Secrets;
