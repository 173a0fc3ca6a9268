//! One person's data: exported whole, erased whole.
//!
//! It must not know where the export is written to. docs/privacy.md says what is kept.

use crate::store::api::{EventId, PersonId, UnixMillis};
use crate::store::database::Database;
use crate::store::events::AdminError;
use crate::store::lookup::spaces_from_json;
use crate::store::people::PersonRef;
use crate::store::{SpacesAllowed, sql_error::store_error};
use serde::Serialize;
use sqlx::{Connection, FromRow, Row, SqliteConnection};
use venue_model::EventKey;

/// Everything that is stored about one person. Times are milliseconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonExport {
    /// The event's key.
    pub event: String,
    /// The person's number.
    pub person: PersonId,
    /// Name as shown.
    pub name: String,
    /// Delegation as shown.
    pub delegation: String,
    /// Kind of participant.
    pub kind: String,
    /// Role in the event.
    pub role: String,
    /// Language as invited.
    pub language: Option<String>,
    /// Spaces that the invitation opens; none means all.
    pub spaces: Option<Vec<String>>,
    /// When the person was invited first.
    pub created_at: i64,
    /// Invitations; their codes are stored as keyed digests only.
    pub invitations: Vec<InvitationExport>,
    /// Texts by this person.
    pub texts_written: Vec<TextExport>,
    /// Texts of others to this person alone.
    pub texts_received: Vec<TextExport>,
    /// Coming, moving, going.
    pub presence: Vec<PresenceExport>,
    /// What was done about this person to keep order.
    pub moderation: Vec<ModerationExport>,
    /// What this person did to keep order.
    pub moderated: Vec<ModeratedExport>,
    /// Whom this person does not want to meet; who does not want to meet this person is the others' data.
    pub blocks: Vec<BlockExport>,
    /// What this person reported, and what was answered.
    pub reported: Vec<ReportExport>,
    /// Answers that this person gave to reports.
    pub answered: Vec<AnswerExport>,
}

/// One block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct BlockExport {
    /// Name of the blocked person.
    pub name: String,
    /// Since when.
    pub at: i64,
}

/// One report by the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct ReportExport {
    /// Name of the reported person; none for who was erased.
    pub about: Option<String>,
    /// Where the reporter stood.
    pub space: String,
    /// What happened, in the reporter's words.
    pub words: String,
    /// Quoted texts, as JSON.
    pub quotes: String,
    /// When.
    pub at: i64,
    /// The answer.
    pub answer: Option<String>,
    /// When it was answered.
    pub answered_at: Option<i64>,
}

/// One answer of the person to a report of somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct AnswerExport {
    /// The answer.
    pub answer: String,
    /// When.
    pub answered_at: i64,
}

/// One invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct InvitationExport {
    /// Number.
    pub id: i64,
    /// When made.
    pub created_at: i64,
    /// When revoked, if it was.
    pub revoked_at: Option<i64>,
    /// Until when it counts, if it has an end of its own.
    pub expires_at: Option<i64>,
}

/// One text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct TextExport {
    /// Number.
    pub id: i64,
    /// Where the writer stood.
    pub space: String,
    /// The other person of a text to a person; none for a text to the space.
    pub other: Option<String>,
    /// The text.
    pub body: String,
    /// When stored.
    pub sent_at: i64,
}

/// One presence entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct PresenceExport {
    /// Which space.
    pub space: String,
    /// joined, moved, left.
    pub change: String,
    /// When.
    pub at: i64,
}

/// One moderation entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct ModerationExport {
    /// What was done.
    pub action: String,
    /// Why, as whoever did it wrote.
    pub reason: String,
    /// When.
    pub at: i64,
    /// Name of who did it; none for the command line and for who was erased.
    pub moderator: Option<String>,
    /// In which space.
    pub space: Option<String>,
    /// When it was taken back.
    pub undone_at: Option<i64>,
    /// Name of who took it back.
    pub undone_by: Option<String>,
}

/// What a person did to keep order; whom it was about is the other's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct ModeratedExport {
    /// What was done.
    pub action: String,
    /// Why, or what was announced.
    pub reason: String,
    /// When.
    pub at: i64,
    /// In which space.
    pub space: Option<String>,
}

/// What an erasure removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Who.
    pub person: i64,
    /// Texts by and to the person.
    pub texts: u64,
    /// Presence entries.
    pub presence: u64,
    /// Invitations.
    pub invitations: u64,
}

impl Database {
    /// All data of one person.
    pub async fn export(&mut self, event: &EventKey, who: &PersonRef) -> Result<PersonExport, AdminError> {
        let person = self.require_person(event, who).await?.person;
        let work = async {
            // One transaction: the parts fit together even while the server writes.
            let mut transaction = self.connection.begin().await?;
            let export = export(&mut transaction, event, person).await?;
            transaction.commit().await?;
            Ok(export)
        };
        let result: Result<_, sqlx::Error> = work.await;
        Ok(result.map_err(|error| store_error(&self.path, &error))?)
    }

    /// Erases one person: name, invitations, presence, every text by or to the person.
    /// Sums stay; moderation entries stay without the person and the reason. A running
    /// server sends the person out.
    pub async fn erase(&mut self, event: &EventKey, who: &PersonRef) -> Result<Erased, AdminError> {
        let person = self.require_person(event, who).await?.person;
        let record = self.require_event(event).await?;
        let now = self.now();
        let work = async {
            let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
            let erased = erase(&mut transaction, record.id, person, now).await?;
            transaction.commit().await?;
            Ok(erased)
        };
        let result: Result<_, sqlx::Error> = work.await;
        let erased = result.map_err(|error| store_error(&self.path, &error))?;
        self.checkpoint().await?;
        Ok(erased)
    }
}

async fn export(
    connection: &mut SqliteConnection,
    event: &EventKey,
    person: PersonId,
) -> Result<PersonExport, sqlx::Error> {
    let row =
        sqlx::query("SELECT * FROM people WHERE id = ?").bind(person.0).fetch_one(&mut *connection).await?;
    let spaces: Option<String> = row.try_get("spaces")?;
    let spaces = match spaces_from_json(spaces.as_deref())? {
        SpacesAllowed::All => None,
        SpacesAllowed::Only(keys) => Some(keys),
    };
    let invitations =
        "SELECT id, created_at, revoked_at, expires_at FROM invitations WHERE person = ? ORDER BY id";
    let written = "SELECT t.id, t.space, o.name AS other, t.body, t.sent_at FROM texts t \
         LEFT JOIN people o ON o.id = t.recipient WHERE t.author = ? ORDER BY t.id";
    let received = "SELECT t.id, t.space, o.name AS other, t.body, t.sent_at FROM texts t \
         JOIN people o ON o.id = t.author WHERE t.recipient = ? ORDER BY t.id";
    let presence = "SELECT space, change, at FROM presence WHERE person = ? ORDER BY id";
    let moderation = "SELECT m.action, m.reason, m.at, o.name AS moderator, m.space, m.undone_at, \
         u.name AS undone_by FROM moderation m LEFT JOIN people o ON o.id = m.moderator \
         LEFT JOIN people u ON u.id = m.undone_by WHERE m.person = ? ORDER BY m.id";
    let blocks = "SELECT o.name, b.at FROM blocks b JOIN people o ON o.id = b.blocked \
         WHERE b.blocker = ? ORDER BY b.id";
    let reported = "SELECT o.name AS about, r.space, r.words, r.quotes, r.at, r.answer, r.answered_at \
         FROM reports r LEFT JOIN people o ON o.id = r.about WHERE r.reporter = ? ORDER BY r.id";
    let answered = "SELECT answer, answered_at FROM reports WHERE answered_by = ? ORDER BY id";
    let moderated = "SELECT action, reason, at, space FROM moderation WHERE moderator = ? ORDER BY id";
    Ok(PersonExport {
        event: event.to_string(),
        person,
        name: row.try_get("name")?,
        delegation: row.try_get("delegation")?,
        kind: row.try_get("kind")?,
        role: row.try_get("role")?,
        language: row.try_get("language")?,
        spaces,
        created_at: row.try_get("created_at")?,
        invitations: rows(connection, invitations, person).await?,
        texts_written: rows(connection, written, person).await?,
        texts_received: rows(connection, received, person).await?,
        presence: rows(connection, presence, person).await?,
        moderation: rows(connection, moderation, person).await?,
        moderated: rows(connection, moderated, person).await?,
        blocks: rows(connection, blocks, person).await?,
        reported: rows(connection, reported, person).await?,
        answered: rows(connection, answered, person).await?,
    })
}

async fn rows<T>(
    connection: &mut SqliteConnection,
    sql: &'static str,
    person: PersonId,
) -> Result<Vec<T>, sqlx::Error>
where
    T: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin,
{
    sqlx::query_as(sql).bind(person.0).fetch_all(connection).await
}

async fn erase(
    connection: &mut SqliteConnection,
    event: EventId,
    person: PersonId,
    now: UnixMillis,
) -> Result<Erased, sqlx::Error> {
    let mut run = async |sql: &'static str| -> Result<u64, sqlx::Error> {
        Ok(sqlx::query(sql).bind(person.0).execute(&mut *connection).await?.rows_affected())
    };
    let erased = Erased {
        person: person.0,
        texts: run("DELETE FROM texts WHERE author = ?1 OR recipient = ?1").await?,
        presence: run("DELETE FROM presence WHERE person = ?").await?,
        invitations: run("DELETE FROM invitations WHERE person = ?").await?,
    };
    run("UPDATE moderation SET person = NULL, reason = '' WHERE person = ?").await?;
    // What the person announced is the person's own text; what was done to others stays their record.
    run("UPDATE moderation SET reason = '' WHERE moderator = ? AND person IS NULL").await?;
    run("UPDATE moderation SET moderator = NULL WHERE moderator = ?").await?;
    run("UPDATE moderation SET undone_by = NULL WHERE undone_by = ?").await?;
    run("DELETE FROM blocks WHERE blocker = ?1 OR blocked = ?1").await?;
    // A report is about what happened between two; without one of them nothing of it is left but that it was.
    run("UPDATE reports SET words = '', quotes = '[]' WHERE reporter = ?1 OR about = ?1").await?;
    run("UPDATE reports SET answer = '' WHERE answered_by = ?1 OR (answer IS NOT NULL AND (reporter = ?1 OR about = ?1))")
        .await?;
    run("UPDATE reports SET reporter = NULL WHERE reporter = ?").await?;
    run("UPDATE reports SET about = NULL WHERE about = ?").await?;
    run("UPDATE reports SET answered_by = NULL WHERE answered_by = ?").await?;
    run("DELETE FROM people WHERE id = ?").await?;
    sqlx::query("INSERT INTO changes (kind, event, person, at) VALUES ('erased', ?, ?, ?)")
        .bind(event.0)
        .bind(person.0)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(erased)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::api::{PresenceChange, StoreReply, StoreRequest};
    use crate::store::database::{DatabaseOptions, Upgrade};
    use crate::store::events::NewEvent;
    use crate::store::people::NewPerson;
    use crate::store::retention::KeepDays;
    use crate::store::testing::{PEPPER, TestDatabase, counting};
    use venue_model::text::MessageBody;

    fn key() -> EventKey {
        EventKey::new("wtf").unwrap()
    }

    async fn talk() -> (TestDatabase, PersonId, PersonId) {
        let mut test = TestDatabase::new().await;
        let event = test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let people = ["Ada", "Bo"].map(NewPerson::delegate);
        let invited = test.database.invite(&key(), &people, &PEPPER, &mut counting()).await.unwrap();
        let (ada, bo) = (invited[0].person, invited[1].person);
        for (from, to, body) in [(ada, None, "to all"), (ada, Some(bo), "to Bo"), (bo, Some(ada), "to Ada")] {
            let body = MessageBody::lossy(body);
            let space = "lounge".into();
            test.ask(StoreRequest::AppendText { event, from, space, to, client_ref: 1, body }).await;
        }
        let space = "lounge".into();
        let change = PresenceChange::Joined;
        test.ask(StoreRequest::AppendPresence { event, person: ada, space, change }).await;
        (test, ada, bo)
    }

    #[tokio::test]
    async fn an_export_holds_everything_about_the_person() {
        let (mut test, ada, _) = talk().await;
        test.database.revoke(&key(), &[PersonRef::Id(ada)], "spoke too long").await.unwrap();
        let export = test.database.export(&key(), &PersonRef::Name("Ada".into())).await.unwrap();
        assert_eq!(export.name, "Ada");
        let bodies: Vec<&str> = export.texts_written.iter().map(|text| text.body.as_str()).collect();
        assert_eq!(bodies, ["to all", "to Bo"]);
        assert_eq!(export.texts_written[1].other.as_deref(), Some("Bo"));
        assert_eq!(export.texts_received[0].body, "to Ada");
        assert_eq!(export.presence[0].change, "joined");
        assert_eq!(export.moderation[0].reason, "spoke too long");
        assert!(export.invitations[0].revoked_at.is_some());
        assert!(serde_json::to_string(&export).unwrap().contains("\"person\":1"));
    }

    /// Every column with something of a person, and where an export holds it.
    const EXPORTED: [(&str, &str, &str); 45] = [
        ("events", "key", "/event"),
        ("people", "id", "/person"),
        ("people", "name", "/name"),
        ("people", "delegation", "/delegation"),
        ("people", "kind", "/kind"),
        ("people", "role", "/role"),
        ("people", "language", "/language"),
        ("people", "spaces", "/spaces/0"),
        ("people", "created_at", "/created_at"),
        ("invitations", "id", "/invitations/0/id"),
        ("invitations", "created_at", "/invitations/0/created_at"),
        ("invitations", "revoked_at", "/invitations/0/revoked_at"),
        ("invitations", "expires_at", "/invitations/0/expires_at"),
        ("texts", "id", "/texts_written/0/id"),
        ("texts", "author", "/texts_received/0/other"),
        ("texts", "space", "/texts_written/0/space"),
        ("texts", "recipient", "/texts_written/1/other"),
        ("texts", "body", "/texts_written/0/body"),
        ("texts", "sent_at", "/texts_written/0/sent_at"),
        ("presence", "space", "/presence/0/space"),
        ("presence", "change", "/presence/0/change"),
        ("presence", "at", "/presence/0/at"),
        ("moderation", "action", "/moderation/0/action"),
        ("moderation", "reason", "/moderation/0/reason"),
        ("moderation", "at", "/moderation/0/at"),
        ("moderation", "moderator", "/moderation/1/moderator"),
        ("moderation", "space", "/moderation/1/space"),
        ("moderation", "undone_at", "/moderation/1/undone_at"),
        ("moderation", "undone_by", "/moderation/1/undone_by"),
        ("blocks", "blocked", "/blocks/0/name"),
        ("blocks", "at", "/blocks/0/at"),
        ("reports", "about", "/reported/0/about"),
        ("reports", "space", "/reported/0/space"),
        ("reports", "words", "/reported/0/words"),
        ("reports", "quotes", "/reported/0/quotes"),
        ("reports", "at", "/reported/0/at"),
        ("reports", "answer", "/reported/0/answer"),
        ("reports", "answered_at", "/reported/0/answered_at"),
        // The export is one event's and one person's, so these say what its head says.
        ("blocks", "event", "/event"),
        ("reports", "event", "/event"),
        ("people", "event", "/event"),
        ("texts", "event", "/event"),
        ("presence", "event", "/event"),
        ("presence", "person", "/person"),
        ("invitations", "person", "/person"),
    ];

    /// Every other column, and why an export does not hold it; `*` stands for a whole table.
    const NOT_EXPORTED: [(&str, &str, &str); 16] = [
        ("events", "*", "about the event, the same for everybody"),
        ("counters", "*", "sums that name nobody"),
        ("heartbeat", "*", "about the server"),
        ("changes", "*", "a copy for the running server of what stands elsewhere, gone after a day"),
        ("invitations", "code_digest", "tells nothing to the person, and helps whoever would guess codes"),
        ("texts", "client_ref", "a number of the writer's own program"),
        ("presence", "id", "a number that only orders rows"),
        ("blocks", "id", "a number that only orders rows"),
        ("blocks", "blocker", "the export's person"),
        ("reports", "id", "a number that only orders rows"),
        ("reports", "reporter", "the export's person"),
        ("reports", "answered_by", "who answered is that person's data; the answer is there"),
        ("reports", "told_at", "about the server"),
        ("moderation", "id", "a number that only orders rows"),
        ("moderation", "event", "the export's event"),
        ("moderation", "person", "the export's person"),
    ];

    #[tokio::test]
    async fn every_stored_field_of_a_person_is_exported_or_left_out_for_a_reason() {
        let (mut test, ada, bo) = talk().await;
        for sql in [
            "UPDATE people SET language = 'fr', spaces = '[\"lounge\"]'",
            "UPDATE invitations SET expires_at = 9000000",
        ] {
            sqlx::query(sql).execute(&mut test.database.connection).await.unwrap();
        }
        test.database.revoke(&key(), &[PersonRef::Id(ada)], "spoke too long").await.unwrap();
        let record = StoreRequest::RecordAct {
            event: EventId(1),
            by: bo,
            about: Some(ada),
            action: "muted",
            space: Some("lounge".into()),
            reason: "noise".into(),
        };
        let StoreReply::ActStored { act, .. } = test.ask(record).await else { panic!("not stored") };
        test.ask(StoreRequest::UndoAct { act, by: bo }).await;
        let event = EventId(1);
        test.ask(StoreRequest::AddBlock { event, by: ada, about: bo }).await;
        let (space, words, texts) = ("lounge".into(), "insults".into(), Vec::new());
        test.ask(StoreRequest::AddReport { event, by: ada, about: bo, space, words, texts }).await;
        test.ask(StoreRequest::AnswerReport { event, report: 1, by: ada, words: "spoken to".into() }).await;
        let export = test.database.export(&key(), &PersonRef::Id(ada)).await.unwrap();
        let json = serde_json::to_value(&export).unwrap();
        for (table, column) in test.database.columns().await.unwrap() {
            let is_this =
                |(of, name, _): &&(&str, &str, &str)| *of == table && (*name == column || *name == "*");
            match (EXPORTED.iter().find(is_this), NOT_EXPORTED.iter().find(is_this)) {
                (Some((.., place)), _) => {
                    let found = json.pointer(place).filter(|value| !value.is_null());
                    assert!(found.is_some(), "{table}.{column} is not at {place} of an export");
                }
                (None, Some((.., reason))) => assert!(!reason.is_empty()),
                (None, None) => panic!("{table}.{column} is neither exported nor left out for a reason"),
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_erasure_says_so_when_a_reader_keeps_the_text_in_the_log() {
        let (mut test, ada, _) = talk().await;
        let options = DatabaseOptions::new(test.folder.path().join("venue.db"), Upgrade::Refused);
        let mut eraser = Database::open(&options).await.unwrap();
        let mut reader = test.database.connection.begin().await.unwrap();
        sqlx::query("SELECT body FROM texts").fetch_all(&mut *reader).await.unwrap();
        let refused = eraser.erase(&key(), &PersonRef::Id(ada)).await.unwrap_err().to_string();
        assert!(refused.contains("is erased; but") && refused.contains("venue.db-wal"), "{refused}");
        assert!(refused.contains("venue-server sweep"), "{refused}");
        let holds = |needle: &str| {
            let log = std::fs::read(test.folder.path().join("venue.db-wal")).unwrap();
            log.windows(needle.len()).any(|window| window == needle.as_bytes())
        };
        assert!(holds("to all"), "the sentence is true");
        reader.rollback().await.unwrap();
        let keep = KeepDays { texts: 30, presence: 30, people: 30, moderation: 365 };
        eraser.sweep(keep).await.unwrap();
        assert!(!holds("to all"));
    }

    #[tokio::test]
    async fn an_erased_person_is_nowhere_in_the_file_and_the_sums_stay() {
        let (mut test, ada, bo) = talk().await;
        test.database.revoke(&key(), &[PersonRef::Id(ada)], "was Ada").await.unwrap();
        let erased = test.database.erase(&key(), &PersonRef::Id(ada)).await.unwrap();
        assert_eq!(erased, Erased { person: ada.0, texts: 3, presence: 1, invitations: 1 });
        assert!(test.database.require_person(&key(), &PersonRef::Id(ada)).await.is_err());
        assert!(test.database.export(&key(), &PersonRef::Id(bo)).await.unwrap().texts_received.is_empty());
        let sums = &test.database.events().await.unwrap()[0];
        assert_eq!((sums.people, sums.invited, sums.texts, sums.visits), (1, 2, 3, 1));
        for name in ["venue.db", "venue.db-wal"] {
            let bytes = std::fs::read(test.folder.path().join(name)).unwrap_or_default();
            for needle in ["Ada", "to all"] {
                let found = bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
                assert!(!found, "{needle} is still in {name}");
            }
        }
    }
}
