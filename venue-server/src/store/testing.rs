//! A database in a temporary folder with a clock that the test turns.
//!
//! Only tests use it.

use crate::store::api::{StoreRequest, UnixMillis};
use crate::store::code::Pepper;
use crate::store::database::{Database, DatabaseOptions, Upgrade};
use crate::store::{RequestId, StoreReply, commit};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The pepper of test databases.
pub(crate) const PEPPER: Pepper = Pepper([5; 32]);

/// The database, its folder and its clock, which stands at 1,000 seconds.
pub(crate) struct TestDatabase {
    pub(crate) database: Database,
    now: Arc<AtomicI64>,
    pub(crate) folder: tempfile::TempDir,
}

/// Random numbers for codes that are none: 1, 2, 3 …
pub(crate) fn counting() -> impl FnMut() -> Result<u64, String> + Send {
    let mut next = 0;
    move || {
        next += 1;
        Ok(next)
    }
}

impl TestDatabase {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(1_000_000));
        let mut options = DatabaseOptions::new(folder.path().join("venue.db"), Upgrade::Allowed);
        let clock = Arc::clone(&now);
        options.clock = Arc::new(move || UnixMillis(clock.load(Ordering::Relaxed)));
        Self { database: Database::open(&options).await.unwrap(), now, folder }
    }

    pub(crate) fn set_now(&self, millis: i64) {
        self.now.store(millis, Ordering::Relaxed);
    }

    /// Does what the store's thread does with one request.
    pub(crate) async fn ask(&mut self, request: StoreRequest) -> StoreReply {
        let batch = [(RequestId(0), request)];
        commit::carry_out(&mut self.database, &PEPPER, &batch).await.remove(0).unwrap()
    }
}
