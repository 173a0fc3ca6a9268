//! The record of acts that keep order: who did what to whom, why, when, and when it was taken back.
//!
//! It must not know who may do what. A removal revokes the person's invitations in the same commit.

use crate::store::api::{StoreReply, StoreRequest, UnixMillis};
use crate::store::database::Database;
use crate::store::events::AdminError;
use crate::store::sql_error::store_error;
use sqlx::{FromRow, SqliteConnection};
use venue_model::EventKey;

/// Keeps an act.
pub(super) async fn record(
    connection: &mut SqliteConnection,
    request: &StoreRequest,
    now: UnixMillis,
) -> Result<StoreReply, sqlx::Error> {
    let StoreRequest::RecordAct { event, by, about, action, space, reason } = request else {
        return Err(sqlx::Error::Protocol("not an act".into()));
    };
    let done = sqlx::query(
        "INSERT INTO moderation (event, person, action, reason, at, moderator, space) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(event.0)
    .bind(about.map(|person| person.0))
    .bind(*action)
    .bind(reason.as_str())
    .bind(now.0)
    .bind(by.0)
    .bind(space.as_deref())
    .execute(&mut *connection)
    .await?;
    if let (Some(person), "removed") = (about, *action) {
        sqlx::query("UPDATE invitations SET revoked_at = ? WHERE person = ? AND revoked_at IS NULL")
            .bind(now.0)
            .bind(person.0)
            .execute(connection)
            .await?;
    }
    // Row ids of this table are positive and never reused.
    Ok(StoreReply::ActStored { act: done.last_insert_rowid().unsigned_abs(), at: now })
}

/// The acts that lock spaces now.
pub(super) async fn locks(connection: &mut SqliteConnection, event: i64) -> Result<StoreReply, sqlx::Error> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT id, space FROM moderation WHERE event = ? AND action = 'space locked' \
         AND undone_at IS NULL AND space IS NOT NULL ORDER BY id",
    )
    .bind(event)
    .fetch_all(connection)
    .await?;
    Ok(StoreReply::Locks(rows.into_iter().map(|(id, space)| (id.unsigned_abs(), space)).collect()))
}

/// Keeps that an act was taken back. What a removal revoked counts again; what was revoked before does not.
pub(super) async fn undo(
    connection: &mut SqliteConnection,
    act: u64,
    by: i64,
    now: UnixMillis,
) -> Result<StoreReply, sqlx::Error> {
    let id = i64::try_from(act).unwrap_or(i64::MAX);
    let undone: Option<(Option<i64>, String, i64)> = sqlx::query_as(
        "UPDATE moderation SET undone_at = ?, undone_by = ? WHERE id = ? AND undone_at IS NULL \
         RETURNING person, action, at",
    )
    .bind(now.0)
    .bind(by)
    .bind(id)
    .fetch_optional(&mut *connection)
    .await?;
    if let Some((Some(person), action, at)) = &undone
        && action == "removed"
    {
        sqlx::query("UPDATE invitations SET revoked_at = NULL WHERE person = ? AND revoked_at = ?")
            .bind(person)
            .bind(at)
            .execute(connection)
            .await?;
    }
    Ok(StoreReply::ActUndone { was_done: undone.is_some() })
}

/// An act as the command line lists it. Times are milliseconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ActRow {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: i64,
    /// What was done.
    pub action: String,
    /// Why, or what was announced.
    pub reason: String,
    /// Key of the space that it is about.
    pub space: Option<String>,
    /// Who did it; none for the command line and for who was erased.
    pub moderator: Option<String>,
    /// About whom.
    pub about: Option<String>,
    /// When it was taken back.
    pub undone_at: Option<i64>,
    /// By whom.
    pub undone_by: Option<String>,
}

impl Database {
    /// Every act of an event, newest first.
    pub async fn acts(&mut self, event: &EventKey) -> Result<Vec<ActRow>, AdminError> {
        let record = self.require_event(event).await?;
        let rows = sqlx::query_as(
            "SELECT m.id, m.at, m.action, m.reason, m.space, o.name AS moderator, a.name AS about, \
             m.undone_at, u.name AS undone_by FROM moderation m LEFT JOIN people o ON o.id = m.moderator \
             LEFT JOIN people a ON a.id = m.person LEFT JOIN people u ON u.id = m.undone_by \
             WHERE m.event = ? ORDER BY m.id DESC",
        );
        let rows = rows.bind(record.id.0).fetch_all(&mut self.connection).await;
        Ok(rows.map_err(|error| store_error(&self.path, &error))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::api::{EventId, PersonId};
    use crate::store::events::NewEvent;
    use crate::store::people::{NewPerson, PersonRef};
    use crate::store::testing::{PEPPER, TestDatabase, counting};

    async fn stand() -> (TestDatabase, EventKey, EventId, [PersonId; 2]) {
        let mut test = TestDatabase::new().await;
        let event = test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let key = EventKey::new("wtf").unwrap();
        let people = ["Mo", "Ada"].map(NewPerson::delegate);
        let invited = test.database.invite(&key, &people, &PEPPER, &mut counting()).await.unwrap();
        (test, key, event, [invited[0].person, invited[1].person])
    }

    fn removal(event: EventId, by: PersonId, about: PersonId) -> StoreRequest {
        let (about, space) = (Some(about), None);
        StoreRequest::RecordAct { event, by, about, action: "removed", space, reason: "shouted".into() }
    }

    #[tokio::test]
    async fn a_removal_revokes_and_its_undoing_gives_back_what_it_revoked() {
        let (mut test, key, event, [mo, ada]) = stand().await;
        let StoreReply::ActStored { act, .. } = test.ask(removal(event, mo, ada)).await else {
            panic!("not stored")
        };
        let who = PersonRef::Id(ada);
        let export = test.database.export(&key, &who).await.unwrap();
        assert!(export.invitations[0].revoked_at.is_some());
        assert_eq!(export.moderation[0].action, "removed");
        assert_eq!(export.moderation[0].moderator.as_deref(), Some("Mo"));
        let undo = StoreRequest::UndoAct { act, by: mo };
        assert_eq!(test.ask(undo.clone()).await, StoreReply::ActUndone { was_done: true });
        assert_eq!(test.ask(undo).await, StoreReply::ActUndone { was_done: false }, "once");
        let export = test.database.export(&key, &who).await.unwrap();
        assert_eq!(export.invitations[0].revoked_at, None);
        assert!(export.moderation[0].undone_at.is_some());
        assert_eq!(test.database.export(&key, &PersonRef::Id(mo)).await.unwrap().moderated.len(), 1);
    }

    #[tokio::test]
    async fn an_erased_moderator_leaves_the_record_without_a_name() {
        let (mut test, key, event, [mo, ada]) = stand().await;
        test.ask(removal(event, mo, ada)).await;
        test.database.erase(&key, &PersonRef::Id(mo)).await.unwrap();
        let export = test.database.export(&key, &PersonRef::Id(ada)).await.unwrap();
        assert_eq!((export.moderation[0].moderator.as_deref(), export.moderation.len()), (None, 1));
    }
}
