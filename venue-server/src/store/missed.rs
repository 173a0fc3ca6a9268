//! Texts that somebody missed while the server, and with it all memory of an absence, was gone.
//!
//! It must not know who is inside; where somebody was is what the record of presence says.

use crate::store::api::{EventId, FoundText, PersonId, StoreReply, UnixMillis};
use sqlx::SqliteConnection;
use venue_model::TextId;
use venue_model::text::MessageBody;

/// How far back texts are found, milliseconds.
pub(crate) const SPAN_MILLIS: i64 = 600_000;
/// Who is back so soon was there all the time, milliseconds: a server that stops records that everybody left.
pub(crate) const GAP_MILLIS: i64 = 120_000;
/// Most texts that are found; the newest.
pub(crate) const MOST: i64 = 200;

const FIND: &str = "SELECT t.id, t.author, t.space, t.recipient, t.body, t.sent_at FROM texts t \
    WHERE t.event = ?1 AND t.id > ?2 AND t.author <> ?3 AND t.sent_at >= ?4 AND (t.recipient = ?3 OR \
    (t.recipient IS NULL AND EXISTS (SELECT 1 FROM presence p \
    WHERE p.id = (SELECT MAX(q.id) FROM presence q WHERE q.person = ?3 AND q.at <= t.sent_at) \
    AND p.space = t.space AND (p.change <> 'left' OR EXISTS (SELECT 1 FROM presence r \
    WHERE r.person = ?3 AND r.id > p.id AND r.change = 'joined' AND r.at - p.at <= ?5))))) \
    ORDER BY t.id DESC LIMIT ?6";

/// The texts of [`crate::store::StoreRequest::FindTexts`], oldest first.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    event: EventId,
    person: PersonId,
    after: TextId,
    now: UnixMillis,
) -> Result<StoreReply, sqlx::Error> {
    let mut rows: Vec<(i64, i64, String, Option<i64>, String, i64)> = sqlx::query_as(FIND)
        .bind(event.0)
        .bind(i64::try_from(after.0).unwrap_or(i64::MAX))
        .bind(person.0)
        .bind(now.0 - SPAN_MILLIS)
        .bind(GAP_MILLIS)
        .bind(MOST)
        .fetch_all(connection)
        .await?;
    rows.reverse();
    let found = rows.into_iter().map(|(id, from, space, to, body, sent_at)| FoundText {
        text: TextId(id.unsigned_abs()),
        from: PersonId(from),
        space,
        to: to.map(PersonId),
        body: MessageBody::lossy(&body),
        sent_at: UnixMillis(sent_at),
    });
    Ok(StoreReply::Texts(found.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::api::{PresenceChange, StoreRequest};
    use crate::store::events::NewEvent;
    use crate::store::people::NewPerson;
    use crate::store::testing::{PEPPER, TestDatabase, counting};
    use venue_model::EventKey;

    struct Stand {
        test: TestDatabase,
        now: i64,
        event: EventId,
        people: Vec<PersonId>,
        refs: u32,
    }

    impl Stand {
        async fn new() -> Self {
            let mut test = TestDatabase::new().await;
            let event = test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
            let people = ["Ada", "Bo", "Cy"].map(NewPerson::delegate);
            let key = EventKey::new("wtf").unwrap();
            let invited = test.database.invite(&key, &people, &PEPPER, &mut counting()).await.unwrap();
            Self {
                test,
                event,
                people: invited.iter().map(|one| one.person).collect(),
                refs: 0,
                now: 1_000_000,
            }
        }

        fn forward(&mut self, millis: i64) {
            self.now += millis;
            self.test.set_now(self.now);
        }

        async fn is(&mut self, who: usize, change: PresenceChange, space: &str) {
            let (event, person, space) = (self.event, self.people[who], space.into());
            self.test.ask(StoreRequest::AppendPresence { event, person, space, change }).await;
        }

        async fn says(&mut self, who: usize, space: &str, to: Option<usize>, body: &str) {
            self.refs += 1;
            let request = StoreRequest::AppendText {
                event: self.event,
                from: self.people[who],
                space: space.into(),
                to: to.map(|to| self.people[to]),
                client_ref: self.refs,
                body: MessageBody::lossy(body),
            };
            self.test.ask(request).await;
        }

        async fn found(&mut self, who: usize, after: u64) -> Vec<String> {
            let (event, person, after) = (self.event, self.people[who], TextId(after));
            let reply = self.test.ask(StoreRequest::FindTexts { event, person, after }).await;
            let StoreReply::Texts(found) = reply else { panic!("{reply:?}") };
            found.iter().map(|text| text.body.as_str().to_owned()).collect()
        }
    }

    #[tokio::test]
    async fn what_was_said_where_one_was_is_found_and_nothing_else() {
        let mut stand = Stand::new().await;
        stand.says(1, "lounge", None, "before Ada came").await;
        stand.forward(1_000);
        stand.is(0, PresenceChange::Joined, "lounge").await;
        stand.forward(1_000);
        stand.says(1, "lounge", None, "one").await;
        stand.says(1, "hall", None, "in another room").await;
        stand.says(1, "lounge", Some(0), "to Ada").await;
        stand.says(1, "lounge", Some(2), "to Cy").await;
        stand.says(0, "lounge", None, "her own").await;
        assert_eq!(stand.found(0, 0).await, ["one", "to Ada"]);
        assert_eq!(stand.found(0, 2).await, ["to Ada"], "what is known is not found again");
        assert_eq!(stand.found(2, 0).await, ["to Cy"], "who is not in the room reads what is to him");
        stand.forward(1_000);
        stand.is(0, PresenceChange::Moved, "hall").await;
        stand.forward(1_000);
        stand.says(1, "lounge", None, "after she went").await;
        assert_eq!(stand.found(0, 0).await, ["one", "to Ada"]);
    }

    #[tokio::test]
    async fn a_stop_of_the_server_is_no_absence_but_a_departure_is() {
        let mut stand = Stand::new().await;
        stand.is(0, PresenceChange::Joined, "lounge").await;
        stand.is(0, PresenceChange::Left, "lounge").await;
        stand.forward(1_000);
        stand.says(1, "lounge", None, "meanwhile").await;
        assert!(stand.found(0, 0).await.is_empty(), "she has not come back");
        stand.forward(GAP_MILLIS - 1_000);
        stand.is(0, PresenceChange::Joined, "lounge").await;
        assert_eq!(stand.found(0, 0).await, ["meanwhile"]);
        stand.is(0, PresenceChange::Left, "lounge").await;
        stand.forward(1_000);
        stand.says(1, "lounge", None, "long after").await;
        stand.forward(GAP_MILLIS);
        stand.is(0, PresenceChange::Joined, "lounge").await;
        assert_eq!(stand.found(0, 0).await, ["meanwhile"]);
        stand.forward(SPAN_MILLIS);
        assert!(stand.found(0, 0).await.is_empty(), "too long ago");
    }
}
