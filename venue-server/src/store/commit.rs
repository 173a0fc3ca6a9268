//! Carries out a batch of requests in one transaction: one flush of the disk for all.
//!
//! It must not know queues or threads.

use crate::store::api::{PresenceChange, StoreError, StoreReply, StoreRequest, UnixMillis};
use crate::store::code::Pepper;
use crate::store::database::Database;
use crate::store::lookup::{self, Key};
use crate::store::sql_error::{spoils_only_its_statement, store_error};
use crate::store::sqlite::Job;
use sqlx::{Connection, SqliteConnection};
use venue_model::TextId;

/// The results in the order of the batch. Writes are on the disk when this returns.
pub(super) async fn carry_out(
    database: &mut Database,
    pepper: &Pepper,
    batch: &[Job],
) -> Vec<Result<StoreReply, StoreError>> {
    let now = database.now();
    let Database { connection, path, .. } = database;
    let mut results: Vec<Option<Result<StoreReply, StoreError>>> = vec![None; batch.len()];
    // Reads stand outside the transaction: a full disk or a lock must not keep anybody out.
    for ((_, request), result) in batch.iter().zip(&mut results) {
        if let Some(key) = lookup_key(request, pepper) {
            let found = lookup::find(connection, &key, now).await;
            let found = found.map(|invitation| StoreReply::Invitation(invitation.map(Box::new)));
            *result = Some(found.map_err(|error| store_error(path, &error)));
        }
    }
    if results.iter().any(Option::is_none)
        && let Err(error) = write_all(connection, batch, &mut results, now).await
    {
        let failure = store_error(path, &error);
        for ((_, request), result) in batch.iter().zip(&mut results) {
            if lookup_key(request, pepper).is_none() {
                *result = Some(Err(failure.clone()));
            }
        }
    }
    let unanswered = || Err(StoreError::Failed("a request was not carried out".into()));
    results.into_iter().map(|result| result.unwrap_or_else(unanswered)).collect()
}

fn lookup_key(request: &StoreRequest, pepper: &Pepper) -> Option<Key> {
    match request {
        StoreRequest::FindInvitation { event, code } => {
            Some(Key::Code { event: event.clone(), digest: code.digest(pepper, event.as_str()) })
        }
        StoreRequest::FindTicketSubject { invitation } => Some(Key::Invitation(*invitation)),
        StoreRequest::AppendText { .. } | StoreRequest::AppendPresence { .. } => None,
    }
}

/// An error means that nothing of the batch was written.
async fn write_all(
    connection: &mut SqliteConnection,
    batch: &[Job],
    results: &mut [Option<Result<StoreReply, StoreError>>],
    now: UnixMillis,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for ((_, request), result) in batch.iter().zip(results) {
        if result.is_some() {
            continue;
        }
        *result = match write_one(&mut transaction, request, now).await {
            Ok(reply) => Some(Ok(reply)),
            Err(error) if spoils_only_its_statement(&error) => Some(Err(StoreError::Gone)),
            Err(error) => return Err(error),
        };
    }
    transaction.commit().await
}

async fn write_one(
    connection: &mut SqliteConnection,
    request: &StoreRequest,
    now: UnixMillis,
) -> Result<StoreReply, sqlx::Error> {
    match request {
        StoreRequest::AppendText { event, from, space, to, body } => {
            let done = sqlx::query(
                "INSERT INTO texts (event, author, space, recipient, body, sent_at) \
                 VALUES (?, ?, ?, ?, ?, ?)",
            )
            .bind(event.0)
            .bind(from.0)
            .bind(space)
            .bind(to.map(|person| person.0))
            .bind(body.as_str())
            .bind(now.0)
            .execute(&mut *connection)
            .await?;
            count(connection, event.0, "texts", 1).await?;
            // Row ids of this table are positive and never reused.
            let text = TextId(done.last_insert_rowid().unsigned_abs());
            Ok(StoreReply::TextStored { text, sent_at: now })
        }
        StoreRequest::AppendPresence { event, person, space, change } => {
            sqlx::query("INSERT INTO presence (event, person, space, change, at) VALUES (?, ?, ?, ?, ?)")
                .bind(event.0)
                .bind(person.0)
                .bind(space)
                .bind(change_word(*change))
                .bind(now.0)
                .execute(&mut *connection)
                .await?;
            if *change == PresenceChange::Joined {
                count(connection, event.0, "visits", 1).await?;
            }
            Ok(StoreReply::PresenceStored)
        }
        StoreRequest::FindInvitation { .. } | StoreRequest::FindTicketSubject { .. } => {
            Err(sqlx::Error::Protocol("a reading request came to the writer".into()))
        }
    }
}

/// Adds to one of an event's sums, which outlive the people.
pub(super) async fn count(
    connection: &mut SqliteConnection,
    event: i64,
    name: &str,
    more: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO counters (event, name, value) VALUES (?, ?, ?) \
         ON CONFLICT (event, name) DO UPDATE SET value = value + excluded.value",
    )
    .bind(event)
    .bind(name)
    .bind(more)
    .execute(connection)
    .await
    .map(drop)
}

fn change_word(change: PresenceChange) -> &'static str {
    match change {
        PresenceChange::Joined => "joined",
        PresenceChange::Moved => "moved",
        PresenceChange::Left => "left",
    }
}
