//! When the server was last known to run, and what that says about visits that a crash left open.
//!
//! It must not know who is inside now: it runs before anybody can be.

use crate::store::api::{StoreError, UnixMillis};
use crate::store::database::Database;
use crate::store::sql_error::store_error;

/// Time between two notes, ms: attendance after a crash is right to a minute.
pub(super) const BEAT_EVERY_MILLIS: i64 = 60_000;

impl Database {
    /// Notes that the server runs now.
    pub(super) async fn beat(&mut self) -> Result<(), StoreError> {
        let now = self.now();
        sqlx::query(
            "INSERT INTO heartbeat (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
        )
        .bind(now.0)
        .execute(&mut self.connection)
        .await
        .map(drop)
        .map_err(|error| store_error(&self.path, &error))
    }

    /// Ends every visit that has no end: nobody is inside before the server starts. A visit ended with its
    /// last entry or the last note that the server runs, whichever is later. Gives the number of visits.
    pub async fn end_open_visits(&mut self) -> Result<u64, StoreError> {
        sqlx::query(
            "INSERT INTO presence (event, person, space, change, at) \
             SELECT event, person, space, 'left', max(at, coalesce((SELECT at FROM heartbeat), 0)) \
             FROM presence AS entry WHERE change <> 'left' AND NOT EXISTS \
             (SELECT 1 FROM presence AS later WHERE later.person = entry.person AND later.id > entry.id)",
        )
        .execute(&mut self.connection)
        .await
        .map(|done| done.rows_affected())
        .map_err(|error| store_error(&self.path, &error))
    }

    /// When the server was last known to run; none before the first note.
    pub async fn last_beat(&mut self) -> Result<Option<UnixMillis>, StoreError> {
        sqlx::query_scalar("SELECT at FROM heartbeat")
            .fetch_optional(&mut self.connection)
            .await
            .map(|at| at.map(UnixMillis))
            .map_err(|error| store_error(&self.path, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::api::{PresenceChange, StoreRequest};
    use crate::store::events::NewEvent;
    use crate::store::people::{NewPerson, PersonRef};
    use crate::store::testing::{PEPPER, TestDatabase, counting};
    use venue_model::EventKey;

    #[tokio::test]
    async fn visits_that_a_crash_left_open_end_when_the_server_last_ran() {
        let mut test = TestDatabase::new().await;
        let event = test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let key = EventKey::new("wtf").unwrap();
        let people = ["Ada", "Bo"].map(NewPerson::delegate);
        let invited = test.database.invite(&key, &people, &PEPPER, &mut counting()).await.unwrap();
        let (ada, bo) = (invited[0].person, invited[1].person);
        for (person, change) in
            [(ada, PresenceChange::Joined), (bo, PresenceChange::Joined), (bo, PresenceChange::Left)]
        {
            test.ask(StoreRequest::AppendPresence { event, person, space: "lounge".into(), change }).await;
        }
        test.set_now(1_300_000);
        test.database.beat().await.unwrap();
        test.set_now(9_000_000);
        assert_eq!(test.database.end_open_visits().await.unwrap(), 1);
        assert_eq!(test.database.end_open_visits().await.unwrap(), 0, "a visit ends once");
        let export = test.database.export(&key, &PersonRef::Id(ada)).await.unwrap();
        let last = export.presence.last().unwrap();
        assert_eq!((last.change.as_str(), last.space.as_str()), ("left", "lounge"));
        assert_eq!(test.database.last_beat().await.unwrap(), Some(UnixMillis(1_300_000)));
        let bos = test.database.export(&key, &PersonRef::Id(bo)).await.unwrap().presence;
        assert_eq!(bos.len(), 2);
    }
}
