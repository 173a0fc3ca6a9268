//! Deletes what was kept long enough.
//!
//! It must not know configuration files; the days are arguments. Each statement deletes
//! a bounded number of rows, so that a running server's commits are never held up.

use crate::store::api::StoreError;
use crate::store::database::Database;
use crate::store::sql_error::store_error;

/// How many days things are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepDays {
    /// Texts, after the event's end.
    pub texts: u32,
    /// Presence, after the event's end.
    pub presence: u32,
    /// People and their invitations, after the event's end.
    pub people: u32,
    /// Moderation entries, reports, and the people whom they name, after the entry.
    pub moderation: u32,
}

/// How many rows were deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Texts.
    pub texts: u64,
    /// Presence entries.
    pub presence: u64,
    /// People.
    pub people: u64,
    /// Moderation entries and reports.
    pub moderation: u64,
}

/// Rows in one transaction.
const STEP: i64 = 500;

/// Entries for running servers are of no use after this long.
const CHANGES_DAYS: u32 = 1;

const DAY_MILLIS: i64 = 86_400_000;

/// Events that ended before the bound time. One without an end counts from its last activity, or from its
/// opening or its newest invitation if that is later; one that nobody ever visited is still to come.
macro_rules! ended_events {
    () => {
        concat!(
            "SELECT e.id FROM events e WHERE coalesce(",
            "min(coalesce(closed_at, closes_at), coalesce(closes_at, closed_at)), ",
            "max(last_active_at, coalesce(opens_at, 0), coalesce((SELECT max(i.created_at) ",
            "FROM invitations i JOIN people g ON g.id = i.person WHERE g.event = e.id), 0))) < ?"
        )
    };
}

impl Database {
    /// Deletes what is older than `keep`.
    pub async fn sweep(&mut self, keep: KeepDays) -> Result<Swept, StoreError> {
        let texts = concat!(
            "DELETE FROM texts WHERE id IN (SELECT id FROM texts WHERE event IN (",
            ended_events!(),
            ") LIMIT ?)"
        );
        let presence = concat!(
            "DELETE FROM presence WHERE id IN (SELECT id FROM presence WHERE event IN (",
            ended_events!(),
            ") LIMIT ?)"
        );
        // A person stays as long as something that is kept points to the person.
        let people = concat!(
            "DELETE FROM people WHERE id IN (SELECT p.id FROM people p WHERE p.event IN (",
            ended_events!(),
            ") AND NOT EXISTS (SELECT 1 FROM texts t WHERE t.author = p.id OR t.recipient = p.id) ",
            "AND NOT EXISTS (SELECT 1 FROM presence r WHERE r.person = p.id) ",
            "AND NOT EXISTS (SELECT 1 FROM moderation m WHERE p.id IN (m.person, m.moderator, m.undone_by)) ",
            "AND NOT EXISTS (SELECT 1 FROM reports q WHERE p.id IN (q.reporter, q.about, q.answered_by)) LIMIT ?)"
        );
        let moderation =
            "DELETE FROM moderation WHERE id IN (SELECT id FROM moderation WHERE at < ? LIMIT ?)";
        let reports = "DELETE FROM reports WHERE id IN (SELECT id FROM reports WHERE at < ? LIMIT ?)";
        let changes = "DELETE FROM changes WHERE id IN (SELECT id FROM changes WHERE at < ? LIMIT ?)";
        self.note_activity().await?;
        let swept = Swept {
            texts: self.delete(texts, keep.texts).await?,
            presence: self.delete(presence, keep.presence).await?,
            moderation: self.delete(moderation, keep.moderation).await?
                + self.delete(reports, keep.moderation).await?,
            people: self.delete(people, keep.people).await?,
        };
        self.delete(changes, CHANGES_DAYS).await?;
        // Always: an erasure or a sweep before may have found the log in use.
        self.checkpoint().await?;
        Ok(swept)
    }

    /// What is deleted now can not say afterwards when the event was active.
    async fn note_activity(&mut self) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE events SET last_active_at = nullif(max(coalesce(last_active_at, 0), \
             coalesce((SELECT sent_at FROM texts WHERE event = events.id ORDER BY id DESC LIMIT 1), 0), \
             coalesce((SELECT at FROM presence WHERE event = events.id ORDER BY id DESC LIMIT 1), 0)), 0) \
             WHERE closed_at IS NULL AND closes_at IS NULL",
        )
        .execute(&mut self.connection)
        .await
        .map(drop)
        .map_err(|error| store_error(&self.path, &error))
    }

    async fn delete(&mut self, sql: &'static str, days: u32) -> Result<u64, StoreError> {
        let before = self.now().0.saturating_sub(i64::from(days) * DAY_MILLIS);
        let mut total = 0;
        loop {
            let done = sqlx::query(sql).bind(before).bind(STEP).execute(&mut self.connection).await;
            let done = done.map_err(|error| store_error(&self.path, &error))?.rows_affected();
            total += done;
            if done < STEP.unsigned_abs() {
                return Ok(total);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::api::{PersonId, PresenceChange, StoreRequest, UnixMillis};
    use crate::store::events::NewEvent;
    use crate::store::people::{NewPerson, PersonRef};
    use crate::store::testing::{PEPPER, TestDatabase, counting};
    use venue_model::EventKey;
    use venue_model::text::MessageBody;

    const KEEP: KeepDays = KeepDays { texts: 30, presence: 30, people: 30, moderation: 365 };

    async fn add(test: &mut TestDatabase, key: &str, closes_at: Option<i64>) -> Vec<PersonId> {
        let new = NewEvent { closes_at: closes_at.map(UnixMillis), ..NewEvent::test(key, key) };
        let event = test.database.add_event(&new).await.unwrap();
        let key = EventKey::new(key).unwrap();
        let people = ["Ada", "Bo"].map(NewPerson::delegate);
        let invited = test.database.invite(&key, &people, &PEPPER, &mut counting()).await.unwrap();
        for person in &invited {
            let (from, space) = (person.person, "lounge".to_owned());
            let body = MessageBody::lossy("hello");
            let text =
                StoreRequest::AppendText { event, from, space: space.clone(), to: None, client_ref: 1, body };
            test.ask(text).await;
            let change = PresenceChange::Joined;
            test.ask(StoreRequest::AppendPresence { event, person: from, space, change }).await;
        }
        test.database.revoke(&key, &[PersonRef::Id(invited[0].person)], "why").await.unwrap();
        invited.iter().map(|invited| invited.person).collect()
    }

    #[tokio::test]
    async fn things_go_when_their_days_are_over_and_not_before() {
        let mut test = TestDatabase::new().await;
        let end = 2_000_000;
        add(&mut test, "over", Some(end)).await;
        let day = |days: i64| end + days * DAY_MILLIS;
        test.set_now(day(30));
        assert_eq!(test.database.sweep(KEEP).await.unwrap(), Swept::default());
        test.set_now(day(30) + 1);
        let swept = test.database.sweep(KEEP).await.unwrap();
        // Ada is named by a moderation entry, so only Bo goes.
        assert_eq!(swept, Swept { texts: 2, presence: 2, people: 1, moderation: 0 });
        test.set_now(day(366));
        let swept = test.database.sweep(KEEP).await.unwrap();
        assert_eq!(swept, Swept { texts: 0, presence: 0, people: 1, moderation: 1 });
        let events = test.database.events().await.unwrap();
        assert_eq!((events[0].people, events[0].texts), (0, 2), "sums stay");
    }

    #[tokio::test]
    async fn an_event_without_an_end_counts_from_its_last_activity() {
        let mut test = TestDatabase::new().await;
        let last = 1_000_000;
        add(&mut test, "endless", None).await;
        let (to_come, people) = (NewEvent::test("to-come", "To come"), [NewPerson::delegate("Cy")]);
        test.database.add_event(&to_come).await.unwrap();
        test.database.invite(&to_come.key, &people, &PEPPER, &mut || Ok(9)).await.unwrap();
        let keep = KeepDays { people: 40, ..KEEP };
        let day = |days: i64| last + days * DAY_MILLIS;
        test.set_now(day(30));
        assert_eq!(test.database.sweep(keep).await.unwrap(), Swept::default());
        test.set_now(day(30) + 1);
        let swept = test.database.sweep(keep).await.unwrap();
        assert_eq!(swept, Swept { texts: 2, presence: 2, people: 0, moderation: 0 });
        // The activity is remembered after what proved it is gone; Ada is named by a moderation entry.
        test.set_now(day(40) + 1);
        assert_eq!(test.database.sweep(keep).await.unwrap().people, 1);
        let events = test.database.events().await.unwrap();
        assert_eq!(events[1].people, 1, "an event that nobody visited yet keeps its people");
    }

    #[tokio::test]
    async fn an_event_without_an_end_that_opens_later_keeps_its_people() {
        let mut test = TestDatabase::new().await;
        let people = add(&mut test, "rehearsed", None).await;
        let day = |days: i64| 1_000_000 + days * DAY_MILLIS;
        sqlx::query("UPDATE events SET opens_at = ?")
            .bind(day(60))
            .execute(&mut test.database.connection)
            .await
            .unwrap();
        test.set_now(day(61));
        test.database.sweep(KEEP).await.unwrap();
        assert_eq!(test.database.events().await.unwrap()[0].people, people.len() as i64);
    }

    #[tokio::test]
    async fn many_rows_go_in_steps() {
        let mut test = TestDatabase::new().await;
        let event = test.database.add_event(&NewEvent::test("over", "Over")).await.unwrap();
        let key = EventKey::new("over").unwrap();
        let invited =
            test.database.invite(&key, &[NewPerson::delegate("Ada")], &PEPPER, &mut || Ok(1)).await.unwrap();
        let person = invited[0].person;
        for _ in 0..2 * STEP {
            let (space, change) = ("lounge".into(), PresenceChange::Moved);
            test.ask(StoreRequest::AppendPresence { event, person, space, change }).await;
        }
        test.database.close_event(&key).await.unwrap();
        test.set_now(1_000_001 + 30 * DAY_MILLIS);
        assert_eq!(test.database.sweep(KEEP).await.unwrap().presence, 2 * STEP.unsigned_abs());
    }
}
