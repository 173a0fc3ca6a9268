//! Events as the operator handles them: add, list, close.
//!
//! It must not know command lines or pages.

use crate::store::api::{EventId, EventRecord, StoreError, UnixMillis};
use crate::store::commit::count;
use crate::store::database::Database;
use crate::store::lookup::{self, EventTimes};
use crate::store::sql_error::store_error;
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row, SqliteConnection};
use venue_model::{EventKey, Localized};

/// An event that is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Its name in links.
    pub key: EventKey,
    /// Its title.
    pub title: Localized,
    /// Not before; at once if none.
    pub opens_at: Option<UnixMillis>,
    /// Not from then on; until closed by hand if none.
    pub closes_at: Option<UnixMillis>,
}

/// An event with its sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSummary {
    /// The event.
    pub record: EventRecord,
    /// When it may be entered.
    pub times: EventTimes,
    /// People now in the store.
    pub people: i64,
    /// People ever invited.
    pub invited: i64,
    /// Visits ever made.
    pub visits: i64,
    /// Texts ever stored.
    pub texts: i64,
}

/// The operator asked for something that can not be done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// Its key is taken.
    #[error("the event {0} is there already; choose another key, or invite people to it")]
    EventExists(EventKey),
    /// No such event.
    #[error("there is no event {key}; {known}")]
    NoSuchEvent {
        /// The key asked for.
        key: EventKey,
        /// A sentence that lists those that are.
        known: String,
    },
    /// The times are in the wrong order.
    #[error("the event would close before it opens; look at --opens and --closes")]
    ClosesBeforeItOpens,
    /// The event has ended.
    #[error("the event {0} has ended; nobody can be invited to it any more")]
    EventEnded(EventKey),
    /// The invitations would never count.
    #[error(
        "the invitations would end before they are made; give --valid-until a time that is still to come"
    )]
    EndsBeforeItBegins,
    /// The codes did not reach those who give them to people.
    #[error("nobody was invited: {0}")]
    NotHandedOut(String),
    /// No such person.
    #[error(
        "nobody called {who} is invited to {event}; `venue-server person list --event {event}` lists them"
    )]
    NoSuchPerson {
        /// The name or number asked for.
        who: String,
        /// The event.
        event: EventKey,
    },
    /// More than one person has the name.
    #[error("several people are called {who}: {candidates}; say which by --person NUMBER")]
    Ambiguous {
        /// The name asked for.
        who: String,
        /// Numbers and delegations.
        candidates: String,
    },
    /// No invitation has the code.
    #[error("no invitation to {0} has this code; check its characters")]
    NoSuchCode(EventKey),
    /// No randomness.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl NewEvent {
    /// An event that is open at once, with a title in English.
    pub fn english(key: EventKey, title: &str) -> Self {
        Self { key, title: Localized::english(title), opens_at: None, closes_at: None }
    }

    /// The same for a test's key.
    #[cfg(test)]
    pub(crate) fn test(key: &str, title: &str) -> Self {
        Self::english(EventKey::new(key).unwrap(), title)
    }
}

impl Database {
    /// Adds an event.
    pub async fn add_event(&mut self, event: &NewEvent) -> Result<EventId, AdminError> {
        if let (Some(opens_at), Some(closes_at)) = (event.opens_at, event.closes_at)
            && closes_at <= opens_at
        {
            return Err(AdminError::ClosesBeforeItOpens);
        }
        let title = serde_json::to_string(&event.title).unwrap_or_default();
        let added = sqlx::query(
            "INSERT INTO events (key, title, opens_at, closes_at, created_at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (key) DO NOTHING",
        )
        .bind(event.key.as_str())
        .bind(title)
        .bind(event.opens_at.map(|at| at.0))
        .bind(event.closes_at.map(|at| at.0))
        .bind(self.now().0)
        .execute(&mut self.connection)
        .await
        .map_err(|error| store_error(&self.path, &error))?;
        if added.rows_affected() == 0 {
            return Err(AdminError::EventExists(event.key.clone()));
        }
        Ok(EventId(added.last_insert_rowid()))
    }

    /// Every event with its sums, in the order in which they were added.
    pub async fn events(&mut self) -> Result<Vec<EventSummary>, StoreError> {
        let now = self.now();
        let rows = sqlx::query(
            "SELECT e.id AS event, e.key, e.title, e.opens_at, e.closes_at, e.closed_at, \
             (SELECT count(*) FROM people WHERE event = e.id) AS people, \
             coalesce((SELECT value FROM counters WHERE event = e.id AND name = 'invited'), 0) AS invited, \
             coalesce((SELECT value FROM counters WHERE event = e.id AND name = 'visits'), 0) AS visits, \
             coalesce((SELECT value FROM counters WHERE event = e.id AND name = 'texts'), 0) AS texts \
             FROM events e ORDER BY e.id",
        )
        .fetch_all(&mut self.connection)
        .await;
        let rows = rows.map_err(|error| store_error(&self.path, &error))?;
        let read = rows.iter().map(|row| summary(row, now)).collect::<Result<_, _>>();
        read.map_err(|error| store_error(&self.path, &error))
    }

    /// One event, if there is one with this key.
    pub async fn event(&mut self, key: &EventKey) -> Result<Option<EventRecord>, StoreError> {
        let now = self.now();
        find_event(&mut self.connection, key, now).await.map_err(|error| store_error(&self.path, &error))
    }

    /// One event, or a sentence that lists those that are.
    pub async fn require_event(&mut self, key: &EventKey) -> Result<EventRecord, AdminError> {
        if let Some(record) = self.event(key).await? {
            return Ok(record);
        }
        let keys: Vec<String> =
            self.events().await?.into_iter().map(|event| event.record.key.to_string()).collect();
        let known = match keys.is_empty() {
            true => "add it by `venue-server event add`".to_owned(),
            false => format!("there are: {}", keys.join(", ")),
        };
        Err(AdminError::NoSuchEvent { key: key.clone(), known })
    }

    /// Closes an event for good; a running server tells those inside. Closing twice is
    /// the same as once.
    pub async fn close_event(&mut self, key: &EventKey) -> Result<EventRecord, AdminError> {
        let record = self.require_event(key).await?;
        let now = self.now();
        let done = close(&mut self.connection, record.id, now).await;
        done.map_err(|error| store_error(&self.path, &error))?;
        self.require_event(key).await
    }
}

async fn close(
    connection: &mut SqliteConnection,
    event: EventId,
    now: UnixMillis,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let closed = sqlx::query("UPDATE events SET closed_at = ? WHERE id = ? AND closed_at IS NULL")
        .bind(now.0)
        .bind(event.0)
        .execute(&mut *transaction)
        .await?;
    if closed.rows_affected() > 0 {
        sqlx::query("INSERT INTO changes (kind, event, at) VALUES ('closed', ?, ?)")
            .bind(event.0)
            .bind(now.0)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}

/// Finds an event by its key.
pub(super) async fn find_event(
    connection: &mut SqliteConnection,
    key: &EventKey,
    now: UnixMillis,
) -> Result<Option<EventRecord>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id AS event, key, title, opens_at, closes_at, closed_at FROM events WHERE key = ?",
    )
    .bind(key.as_str())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(|row| lookup::event(row, now)).transpose()
}

/// Adds to the sum of people ever invited.
pub(super) async fn count_invited(
    connection: &mut SqliteConnection,
    event: EventId,
    more: usize,
) -> Result<(), sqlx::Error> {
    count(connection, event.0, "invited", i64::try_from(more).unwrap_or(i64::MAX)).await
}

fn summary(row: &SqliteRow, now: UnixMillis) -> Result<EventSummary, sqlx::Error> {
    Ok(EventSummary {
        record: lookup::event(row, now)?,
        times: lookup::times(row)?,
        people: row.try_get("people")?,
        invited: row.try_get("invited")?,
        visits: row.try_get("visits")?,
        texts: row.try_get("texts")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::api::EventState;
    use crate::store::testing::TestDatabase;

    fn key(text: &str) -> EventKey {
        EventKey::new(text).unwrap()
    }

    #[tokio::test]
    async fn events_are_added_listed_and_closed() {
        let mut test = TestDatabase::new().await;
        let database = &mut test.database;
        let mut new = NewEvent::test("forum-26", "World Forum");
        new.opens_at = Some(UnixMillis(5_000_000));
        database.add_event(&new).await.unwrap();
        let again = database.add_event(&new).await.unwrap_err().to_string();
        assert!(again.contains("forum-26 is there already"), "{again}");

        let events = database.events().await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].record.state, EventState::NotYetOpen { opens_at: UnixMillis(5_000_000) });
        let closed = database.close_event(&key("forum-26")).await.unwrap();
        assert_eq!(closed.state, EventState::Closed);
        database.close_event(&key("forum-26")).await.unwrap();

        let unknown = database.close_event(&key("forum-27")).await.unwrap_err().to_string();
        assert_eq!(unknown, "there is no event forum-27; there are: forum-26");
    }

    #[tokio::test]
    async fn an_event_can_not_close_before_it_opens() {
        let mut test = TestDatabase::new().await;
        let new = NewEvent {
            opens_at: Some(UnixMillis(2)),
            closes_at: Some(UnixMillis(2)),
            ..NewEvent::test("e", "E")
        };
        assert!(matches!(test.database.add_event(&new).await, Err(AdminError::ClosesBeforeItOpens)));
    }
}
