//! Blocks and reports: who does not want to meet whom, what was reported to the moderators, what they answered.
//!
//! It must not know who may do what.

use crate::store::api::{
    EventId, NamedPerson, PersonId, StoreReply, StoreRequest, StoredBlock, StoredQuote, StoredReport,
    UnixMillis,
};
use crate::store::database::Database;
use crate::store::events::AdminError;
use crate::store::lookup::{decode, from_word};
use crate::store::sql_error::store_error;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use venue_model::text::MessageBody;
use venue_model::{EventKey, TextId};

/// Reports of each sort that somebody who comes in is told of; the command line lists all.
const MAX_REPORTS: i64 = 200;

/// A report with the names of its people as they are now.
macro_rules! report_where {
    ($condition:literal) => {
        concat!(
            "SELECT r.id, r.space, r.words, r.quotes, r.at, r.answer, ",
            "r.reporter, a.name AS reporter_name, a.delegation AS reporter_delegation, ",
            "r.about, b.name AS about_name, b.delegation AS about_delegation, ",
            "r.answered_by, c.name AS answerer_name, c.delegation AS answerer_delegation ",
            "FROM reports r LEFT JOIN people a ON a.id = r.reporter LEFT JOIN people b ON b.id = r.about ",
            "LEFT JOIN people c ON c.id = r.answered_by WHERE ",
            $condition
        )
    };
}

/// Carries out one request about blocks or reports.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    request: &StoreRequest,
    now: UnixMillis,
) -> Result<StoreReply, sqlx::Error> {
    match request {
        StoreRequest::AddBlock { event, by, about } => block(connection, *event, *by, *about, now).await,
        StoreRequest::RemoveBlock { block, by } => {
            let gone = sqlx::query("DELETE FROM blocks WHERE id = ? AND blocker = ?")
                .bind(row_number(*block))
                .bind(by.0)
                .execute(connection)
                .await?;
            Ok(StoreReply::BlockRemoved { was_there: gone.rows_affected() > 0 })
        }
        StoreRequest::AddReport { .. } => add_report(connection, request, now).await,
        StoreRequest::AnswerReport { event, report, by, words } => {
            let found = answer(connection, *event, *report, Some(*by), words, now).await?;
            Ok(StoreReply::Report(found.map(Box::new)))
        }
        StoreRequest::FindReports { event, person, is_on_duty } => {
            find_reports(connection, *event, *person, *is_on_duty).await
        }
        StoreRequest::NoteReportTold { report } => {
            sqlx::query("UPDATE reports SET told_at = ? WHERE id = ? AND told_at IS NULL")
                .bind(now.0)
                .bind(row_number(*report))
                .execute(connection)
                .await?;
            Ok(StoreReply::ReportTold)
        }
        _ => Err(sqlx::Error::Protocol("not about blocks or reports".into())),
    }
}

async fn block(
    connection: &mut SqliteConnection,
    event: EventId,
    by: PersonId,
    about: PersonId,
    now: UnixMillis,
) -> Result<StoreReply, sqlx::Error> {
    sqlx::query(
        "INSERT INTO blocks (event, blocker, blocked, at) VALUES (?, ?, ?, ?) \
         ON CONFLICT (blocker, blocked) DO NOTHING",
    )
    .bind(event.0)
    .bind(by.0)
    .bind(about.0)
    .bind(now.0)
    .execute(&mut *connection)
    .await?;
    let id: i64 = sqlx::query_scalar("SELECT id FROM blocks WHERE blocker = ? AND blocked = ?")
        .bind(by.0)
        .bind(about.0)
        .fetch_one(connection)
        .await?;
    Ok(StoreReply::BlockStored { block: id.unsigned_abs() })
}

/// All blocks by and against a person.
pub(super) async fn blocks_of(
    connection: &mut SqliteConnection,
    person: PersonId,
) -> Result<Vec<StoredBlock>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT b.id, b.blocker, b.blocked, p.name, p.delegation FROM blocks b \
         JOIN people p ON p.id = b.blocked WHERE b.blocker = ?1 OR b.blocked = ?1 ORDER BY b.id",
    )
    .bind(person.0)
    .fetch_all(connection)
    .await?;
    let block = |row: &SqliteRow| {
        Ok(StoredBlock {
            id: row.try_get::<i64, _>("id")?.unsigned_abs(),
            blocker: PersonId(row.try_get("blocker")?),
            blocked: PersonId(row.try_get("blocked")?),
            name: from_word(row.try_get("name")?)?,
            delegation: from_word(row.try_get("delegation")?)?,
        })
    };
    rows.iter().map(block).collect()
}

async fn add_report(
    connection: &mut SqliteConnection,
    request: &StoreRequest,
    now: UnixMillis,
) -> Result<StoreReply, sqlx::Error> {
    let StoreRequest::AddReport { event, by, about, space, words, texts } = request else {
        return Err(sqlx::Error::Protocol("not a report".into()));
    };
    let mut quotes = Vec::with_capacity(texts.len());
    for text in texts {
        quotes.extend(quote(connection, *event, *by, *about, *text).await?);
    }
    quotes.sort_by_key(|quote| quote.sent_at);
    let done = sqlx::query(
        "INSERT INTO reports (event, reporter, about, space, words, quotes, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(event.0)
    .bind(by.0)
    .bind(about.0)
    .bind(space)
    .bind(words)
    .bind(serde_json::to_string(&quotes).map_err(decode)?)
    .bind(now.0)
    .execute(&mut *connection)
    .await?;
    let found = one(connection, done.last_insert_rowid()).await?;
    Ok(StoreReply::Report(found.map(Box::new)))
}

/// A text as it is stored, if the reporter may read it and one of the two wrote it.
async fn quote(
    connection: &mut SqliteConnection,
    event: EventId,
    by: PersonId,
    about: PersonId,
    text: TextId,
) -> Result<Option<StoredQuote>, sqlx::Error> {
    let found: Option<(i64, String, i64)> = sqlx::query_as(
        "SELECT author, body, sent_at FROM texts WHERE id = ?1 AND event = ?2 AND \
         ((author = ?3 AND recipient IS ?4) OR (author = ?4 AND (recipient IS NULL OR recipient = ?3)) \
          OR (author = ?3 AND recipient IS NULL))",
    )
    .bind(row_number(text.0))
    .bind(event.0)
    .bind(by.0)
    .bind(about.0)
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|(author, body, at)| StoredQuote {
        by_reporter: author == by.0,
        body: MessageBody::lossy(&body),
        sent_at: UnixMillis(at),
    }))
}

/// Answers a report that is open; none when there is no such one. `by` is none for the command line.
async fn answer(
    connection: &mut SqliteConnection,
    event: EventId,
    report: u64,
    by: Option<PersonId>,
    words: &str,
    now: UnixMillis,
) -> Result<Option<StoredReport>, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE reports SET answer = ?1, answered_at = ?2, answered_by = ?3 \
         WHERE id = ?4 AND event = ?5 AND answered_at IS NULL AND (?3 IS NULL OR about IS NOT ?3)",
    )
    .bind(words)
    .bind(now.0)
    .bind(by.map(|by| by.0))
    .bind(row_number(report))
    .bind(event.0)
    .execute(&mut *connection)
    .await?;
    match done.rows_affected() {
        0 => Ok(None),
        _ => one(connection, row_number(report)).await,
    }
}

async fn one(connection: &mut SqliteConnection, id: i64) -> Result<Option<StoredReport>, sqlx::Error> {
    let row = sqlx::query(report_where!("r.id = ?")).bind(id).fetch_optional(connection).await?;
    row.as_ref().map(report).transpose()
}

async fn find_reports(
    connection: &mut SqliteConnection,
    event: EventId,
    person: PersonId,
    is_on_duty: bool,
) -> Result<StoreReply, sqlx::Error> {
    let mut open = Vec::new();
    if is_on_duty {
        let sql = report_where!(
            "r.event = ?1 AND r.answered_at IS NULL AND r.about IS NOT ?2 ORDER BY r.id LIMIT ?3"
        );
        let rows = sqlx::query(sql).bind(event.0).bind(person.0).bind(MAX_REPORTS);
        open = rows.fetch_all(&mut *connection).await?.iter().map(report).collect::<Result<_, _>>()?;
    }
    let sql = report_where!(
        "r.reporter = ?1 AND r.answered_at IS NOT NULL AND r.told_at IS NULL ORDER BY r.id LIMIT ?2"
    );
    let rows = sqlx::query(sql).bind(person.0).bind(MAX_REPORTS).fetch_all(connection).await?;
    Ok(StoreReply::Reports { open, answered: rows.iter().map(report).collect::<Result<_, _>>()? })
}

impl Database {
    /// All reports of an event, newest first.
    pub async fn reports(&mut self, event: &EventKey) -> Result<Vec<StoredReport>, AdminError> {
        let record = self.require_event(event).await?;
        let found = all(&mut self.connection, record.id).await;
        Ok(found.map_err(|error| store_error(&self.path, &error))?)
    }

    /// Answers an open report from the command line; none when there is no such one.
    pub async fn answer_report(
        &mut self,
        event: &EventKey,
        report: u64,
        words: &str,
    ) -> Result<Option<StoredReport>, AdminError> {
        let record = self.require_event(event).await?;
        let now = self.now();
        let answered = answer(&mut self.connection, record.id, report, None, words, now).await;
        Ok(answered.map_err(|error| store_error(&self.path, &error))?)
    }
}

/// All reports of an event, newest first.
async fn all(connection: &mut SqliteConnection, event: EventId) -> Result<Vec<StoredReport>, sqlx::Error> {
    let sql = report_where!("r.event = ? ORDER BY r.id DESC");
    sqlx::query(sql).bind(event.0).fetch_all(connection).await?.iter().map(report).collect()
}

fn report(row: &SqliteRow) -> Result<StoredReport, sqlx::Error> {
    let named = |id: &str, name: &str, delegation: &str| -> Result<NamedPerson, sqlx::Error> {
        let text = |column| row.try_get::<Option<String>, _>(column).map(Option::unwrap_or_default);
        Ok(NamedPerson {
            person: row.try_get::<Option<i64>, _>(id)?.map(PersonId),
            name: from_word(text(name)?)?,
            delegation: from_word(text(delegation)?)?,
        })
    };
    let quotes: String = row.try_get("quotes")?;
    let answer: Option<String> = row.try_get("answer")?;
    let by = named("answered_by", "answerer_name", "answerer_delegation")?;
    Ok(StoredReport {
        id: row.try_get::<i64, _>("id")?.unsigned_abs(),
        reporter: named("reporter", "reporter_name", "reporter_delegation")?,
        about: named("about", "about_name", "about_delegation")?,
        space: row.try_get("space")?,
        words: row.try_get("words")?,
        quotes: serde_json::from_str(&quotes).map_err(decode)?,
        at: UnixMillis(row.try_get("at")?),
        answer: answer.map(|words| (words, by)),
    })
}

/// A number that no row has, for one that is too large.
fn row_number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(-1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::events::NewEvent;
    use crate::store::people::{NewPerson, PersonRef};
    use crate::store::testing::{PEPPER, TestDatabase, counting};

    struct Stand {
        test: TestDatabase,
        key: EventKey,
        event: EventId,
        people: Vec<PersonId>,
    }

    async fn stand() -> Stand {
        let mut test = TestDatabase::new().await;
        let event = test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let key = EventKey::new("wtf").unwrap();
        let people = ["Ada", "Bo", "Cy"].map(NewPerson::delegate);
        let invited = test.database.invite(&key, &people, &PEPPER, &mut counting()).await.unwrap();
        Stand { test, key, event, people: invited.iter().map(|one| one.person).collect() }
    }

    impl Stand {
        async fn say(&mut self, from: usize, to: Option<usize>, body: &str) -> TextId {
            let request = StoreRequest::AppendText {
                event: self.event,
                from: self.people[from],
                space: "lounge".into(),
                to: to.map(|to| self.people[to]),
                client_ref: 1,
                body: MessageBody::lossy(body),
            };
            let StoreReply::TextStored { text, .. } = self.test.ask(request).await else { panic!() };
            text
        }

        async fn report(&mut self, by: usize, about: usize, texts: Vec<TextId>) -> StoredReport {
            let (by, about) = (self.people[by], self.people[about]);
            let (space, words) = ("lounge".into(), "insults".into());
            let request = StoreRequest::AddReport { event: self.event, by, about, space, words, texts };
            let StoreReply::Report(Some(report)) = self.test.ask(request).await else { panic!() };
            *report
        }

        async fn found(&mut self, person: usize, is_on_duty: bool) -> (Vec<u64>, Vec<u64>) {
            let person = self.people[person];
            let request = StoreRequest::FindReports { event: self.event, person, is_on_duty };
            let StoreReply::Reports { open, answered } = self.test.ask(request).await else { panic!() };
            let ids = |reports: Vec<StoredReport>| reports.iter().map(|report| report.id).collect();
            (ids(open), ids(answered))
        }
    }

    #[tokio::test]
    async fn a_block_is_kept_once_known_to_both_and_ended_by_its_owner_alone() {
        let mut stand = stand().await;
        let (event, ada, bo) = (stand.event, stand.people[0], stand.people[1]);
        let add = StoreRequest::AddBlock { event, by: ada, about: bo };
        let StoreReply::BlockStored { block } = stand.test.ask(add.clone()).await else { panic!() };
        assert_eq!(stand.test.ask(add).await, StoreReply::BlockStored { block }, "once");
        for person in [ada, bo] {
            let known = blocks_of(&mut stand.test.database.connection, person).await.unwrap();
            assert_eq!((known.len(), known[0].name.as_str()), (1, "Bo"));
        }
        let remove = |by| StoreRequest::RemoveBlock { block, by };
        assert_eq!(stand.test.ask(remove(bo)).await, StoreReply::BlockRemoved { was_there: false });
        assert_eq!(stand.test.ask(remove(ada)).await, StoreReply::BlockRemoved { was_there: true });
        assert_eq!(blocks_of(&mut stand.test.database.connection, bo).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_report_quotes_only_what_the_reporter_could_read_of_the_two() {
        let mut stand = stand().await;
        let texts = [
            stand.say(1, None, "to the room").await,
            stand.say(1, Some(0), "to the reporter").await,
            stand.say(0, Some(1), "by the reporter").await,
            stand.say(1, Some(2), "to somebody else").await,
            stand.say(2, None, "by somebody else").await,
            TextId(999),
            TextId(u64::MAX),
        ];
        let report = stand.report(0, 1, texts.to_vec()).await;
        let quoted: Vec<_> = report.quotes.iter().map(|q| (q.by_reporter, q.body.as_str())).collect();
        assert_eq!(quoted, [(false, "to the room"), (false, "to the reporter"), (true, "by the reporter")]);
    }

    #[tokio::test]
    async fn an_answer_closes_a_report_and_waits_for_its_reporter() {
        let mut stand = stand().await;
        let id = stand.report(0, 1, Vec::new()).await.id;
        assert_eq!(stand.found(2, true).await, (vec![id], vec![]));
        assert_eq!(stand.found(1, true).await, (vec![], vec![]), "not told to whom it is about");
        assert_eq!(stand.found(2, false).await, (vec![], vec![]));
        let (event, by) = (stand.event, stand.people[2]);
        let own = StoreRequest::AnswerReport { event, report: id, by: stand.people[1], words: "no".into() };
        assert_eq!(stand.test.ask(own).await, StoreReply::Report(None), "nobody answers about themself");
        let answer = StoreRequest::AnswerReport { event, report: id, by, words: "spoken to".into() };
        let StoreReply::Report(Some(answered)) = stand.test.ask(answer.clone()).await else { panic!() };
        assert_eq!(answered.answer.unwrap().0, "spoken to");
        assert_eq!(stand.test.ask(answer).await, StoreReply::Report(None), "once");
        assert_eq!(stand.found(0, false).await, (vec![], vec![id]));
        stand.test.ask(StoreRequest::NoteReportTold { report: id }).await;
        assert_eq!(stand.found(0, true).await, (vec![], vec![]));
    }

    #[tokio::test]
    async fn an_erased_person_is_in_no_block_and_no_report() {
        let mut stand = stand().await;
        let (event, ada, bo) = (stand.event, stand.people[0], stand.people[1]);
        stand.test.ask(StoreRequest::AddBlock { event, by: ada, about: bo }).await;
        let text = stand.say(1, None, "an insult").await;
        stand.report(0, 1, vec![text]).await;
        let key = stand.key.clone();
        stand.test.database.erase(&key, &PersonRef::Id(bo)).await.unwrap();
        assert_eq!(blocks_of(&mut stand.test.database.connection, ada).await.unwrap(), []);
        let reports = all(&mut stand.test.database.connection, event).await.unwrap();
        assert_eq!(
            (reports[0].about.person, reports[0].quotes.len(), reports[0].words.as_str()),
            (None, 0, "")
        );
    }
}
