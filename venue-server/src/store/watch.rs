//! Notices what other processes and the clock changed.
//!
//! The command line writes to the same file and leaves a row in `changes`. SQLite's
//! `data_version` says for nothing that nobody else wrote. It must not change anything.

use crate::store::api::{EventId, InvitationId, PersonId, StoreChange, StoreError, UnixMillis};
use crate::store::database::Database;
use crate::store::sql_error::store_error;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// How far the changes have been told.
pub(super) struct Watch {
    data_version: i64,
    last_change: i64,
    /// Events that ended by the clock up to this time have been told.
    ends_told_until: UnixMillis,
}

impl Watch {
    /// Begins after everything that is in the file now.
    pub(super) async fn new(database: &mut Database) -> Self {
        let last: Result<i64, _> = sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM changes")
            .fetch_one(&mut database.connection)
            .await;
        // A failure here would come again with the first look, which logs it.
        Self { data_version: -1, last_change: last.unwrap_or_default(), ends_told_until: database.now() }
    }

    /// What changed since the last look, at most `room` changes; the rest comes next time.
    pub(super) async fn look(&mut self, database: &mut Database, room: usize) -> Vec<StoreChange> {
        match self.try_look(database, room).await {
            Ok(changes) => changes,
            Err(error) => {
                tracing::warn!(%error, "cannot look for changes by the command line; trying again");
                Vec::new()
            }
        }
    }

    async fn try_look(
        &mut self,
        database: &mut Database,
        room: usize,
    ) -> Result<Vec<StoreChange>, StoreError> {
        let path = database.path.clone();
        let changes = async {
            let mut changes = self.written(database, room).await?;
            if changes.len() < room {
                self.ended(database, &mut changes).await?;
            }
            Ok(changes)
        };
        changes.await.map_err(|error: sqlx::Error| store_error(&path, &error))
    }

    async fn written(
        &mut self,
        database: &mut Database,
        room: usize,
    ) -> Result<Vec<StoreChange>, sqlx::Error> {
        let version: i64 =
            sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut database.connection).await?;
        if version == self.data_version {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(
            "SELECT id, kind, event, person, invitation, \
             (SELECT reason FROM moderation WHERE moderation.person = changes.person \
              AND action = 'revoked' ORDER BY moderation.id DESC LIMIT 1) AS reason \
             FROM changes WHERE id > ? ORDER BY id LIMIT ?",
        )
        .bind(self.last_change)
        .bind(i64::try_from(room).unwrap_or(i64::MAX))
        .fetch_all(&mut database.connection)
        .await?;
        let mut changes = Vec::with_capacity(rows.len());
        for row in &rows {
            self.last_change = row.try_get("id")?;
            changes.extend(change(row)?);
        }
        if rows.len() < room {
            self.data_version = version;
        }
        Ok(changes)
    }

    async fn ended(
        &mut self,
        database: &mut Database,
        changes: &mut Vec<StoreChange>,
    ) -> Result<(), sqlx::Error> {
        let now = database.now();
        let ended: Vec<i64> = sqlx::query_scalar(
            "SELECT id FROM events WHERE closed_at IS NULL AND closes_at > ? AND closes_at <= ? ORDER BY id",
        )
        .bind(self.ends_told_until.0)
        .bind(now.0)
        .fetch_all(&mut database.connection)
        .await?;
        changes.extend(ended.into_iter().map(|id| StoreChange::EventClosed { event: EventId(id) }));
        self.ends_told_until = self.ends_told_until.max(now);
        Ok(())
    }
}

/// A kind of a newer program is nothing to this one.
fn change(row: &SqliteRow) -> Result<Option<StoreChange>, sqlx::Error> {
    let kind: String = row.try_get("kind")?;
    let person = |row: &SqliteRow| row.try_get("person").map(PersonId);
    Ok(match kind.as_str() {
        "revoked" => Some(StoreChange::InvitationRevoked {
            invitation: InvitationId(row.try_get("invitation")?),
            person: person(row)?,
            reason: row.try_get::<Option<String>, _>("reason")?.unwrap_or_default(),
        }),
        "closed" => Some(StoreChange::EventClosed { event: EventId(row.try_get("event")?) }),
        "erased" => Some(StoreChange::PersonErased { person: person(row)? }),
        _ => None,
    })
}
