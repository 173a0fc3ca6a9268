//! Carries out a batch of requests in one transaction: one flush of the disk for all.
//!
//! It must not know queues or threads.

use crate::store::api::{PresenceChange, StoreError, StoreReply, StoreRequest, UnixMillis};
use crate::store::code::Pepper;
use crate::store::database::Database;
use crate::store::lookup::{self, Key};
use crate::store::sql_error::{spoils_only_its_statement, store_error};
use crate::store::sqlite::Job;
use crate::store::{missed, moderation, safety};
use sqlx::SqliteConnection;
use venue_model::TextId;
use venue_model::text::MessageBody;

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
            let found = find(connection, &key, now).await;
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

async fn find(
    connection: &mut SqliteConnection,
    key: &Key,
    now: UnixMillis,
) -> Result<StoreReply, sqlx::Error> {
    let found = lookup::find(connection, key, now).await?;
    // The name of an event stands in every link to it, so that it is wrong may be told.
    if let (None, Key::Code { event, .. }) = (&found, key)
        && !lookup::event_exists(connection, event).await?
    {
        return Ok(StoreReply::NoSuchEvent);
    }
    let Some(mut invitation) = found else { return Ok(StoreReply::Invitation(None)) };
    invitation.blocks = safety::blocks_of(connection, invitation.person).await?;
    Ok(StoreReply::Invitation(Some(Box::new(invitation))))
}

fn lookup_key(request: &StoreRequest, pepper: &Pepper) -> Option<Key> {
    match request {
        StoreRequest::FindInvitation { event, code } => {
            Some(Key::Code { event: event.clone(), digest: code.digest(pepper, event.as_str()) })
        }
        StoreRequest::FindTicketSubject { invitation } => Some(Key::Invitation(*invitation)),
        _ => None,
    }
}

/// An error means that nothing of the batch was written.
///
/// The transaction is written out in SQL: a full or failing disk makes SQLite end one by itself
/// (<https://www.sqlite.org/lang_transaction.html>, section 2.4), sqlx's `Transaction` goes on counting it, and
/// the connection could never begin another one, although the disk has room again.
async fn write_all(
    connection: &mut SqliteConnection,
    batch: &[Job],
    results: &mut [Option<Result<StoreReply, StoreError>>],
    now: UnixMillis,
) -> Result<(), sqlx::Error> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    let written = match write_each(connection, batch, results, now).await {
        Ok(()) => sqlx::query("COMMIT").execute(&mut *connection).await.map(drop),
        Err(error) => Err(error),
    };
    if written.is_err() {
        // An error says that SQLite has done it already.
        drop(sqlx::query("ROLLBACK").execute(connection).await);
    }
    written
}

async fn write_each(
    connection: &mut SqliteConnection,
    batch: &[Job],
    results: &mut [Option<Result<StoreReply, StoreError>>],
    now: UnixMillis,
) -> Result<(), sqlx::Error> {
    for ((_, request), result) in batch.iter().zip(results) {
        if result.is_some() {
            continue;
        }
        *result = match write_one(connection, request, now).await {
            Ok(reply) => Some(Ok(reply)),
            Err(error) if spoils_only_its_statement(&error) => Some(Err(StoreError::Gone)),
            Err(error) => return Err(error),
        };
    }
    Ok(())
}

async fn write_one(
    connection: &mut SqliteConnection,
    request: &StoreRequest,
    now: UnixMillis,
) -> Result<StoreReply, sqlx::Error> {
    match request {
        StoreRequest::AppendText { event, from, space, to, client_ref, body } => {
            let to = to.map(|person| person.0);
            if let Some(reply) = stored_before(connection, from.0, to, *client_ref, body).await? {
                return Ok(reply);
            }
            let done = sqlx::query(
                "INSERT INTO texts (event, author, space, recipient, client_ref, body, sent_at) \
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(event.0)
            .bind(from.0)
            .bind(space)
            .bind(to)
            .bind(client_ref)
            .bind(body.as_str())
            .bind(now.0)
            .execute(&mut *connection)
            .await?;
            count(connection, event.0, "texts", 1).await?;
            Ok(StoreReply::TextStored { text: text_id(done.last_insert_rowid()), sent_at: now })
        }
        StoreRequest::FindTexts { event, person, after } => {
            missed::find(connection, *event, *person, *after, now).await
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
        StoreRequest::RecordAct { .. } => moderation::record(connection, request, now).await,
        StoreRequest::FindLocks { event } => moderation::locks(connection, event.0).await,
        StoreRequest::UndoAct { act, by } => moderation::undo(connection, *act, by.0, now).await,
        StoreRequest::AddBlock { .. }
        | StoreRequest::RemoveBlock { .. }
        | StoreRequest::AddReport { .. }
        | StoreRequest::AnswerReport { .. }
        | StoreRequest::FindReports { .. }
        | StoreRequest::NoteReportTold { .. } => safety::write(connection, request, now).await,
        StoreRequest::FindInvitation { .. } | StoreRequest::FindTicketSubject { .. } => {
            Err(sqlx::Error::Protocol("a reading request came to the writer".into()))
        }
    }
}

/// The same text, if its writer sent it before: one that was stored and not acknowledged comes twice.
async fn stored_before(
    connection: &mut SqliteConnection,
    author: i64,
    recipient: Option<i64>,
    client_ref: u32,
    body: &MessageBody,
) -> Result<Option<StoreReply>, sqlx::Error> {
    let found: Option<(i64, i64)> = sqlx::query_as(
        "SELECT id, sent_at FROM texts \
         WHERE author = ? AND client_ref = ? AND recipient IS ? AND body = ? LIMIT 1",
    )
    .bind(author)
    .bind(client_ref)
    .bind(recipient)
    .bind(body.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|(id, at)| StoreReply::TextStored { text: text_id(id), sent_at: UnixMillis(at) }))
}

/// Row ids of this table are positive and never reused.
fn text_id(row: i64) -> TextId {
    TextId(row.unsigned_abs())
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
