//! The store on SQLite as the tick holds it: two bounded queues and a named thread.
//!
//! It must not block the tick and must not know SQL; the thread's work is in `worker`.

use crate::store::api::{RequestId, Store, StoreChange, StoreError, StoreReply, StoreRequest};
use crate::store::code::Pepper;
use crate::store::condition::{Condition, Work};
use crate::store::database::{Database, DatabaseOptions, OpenError};
use crate::store::watch::Watch;
use crate::store::worker;
use std::collections::{BTreeSet, VecDeque};
use std::thread::JoinHandle;
use std::time::Instant;
use tokio::sync::mpsc::error::{TryRecvError, TrySendError};
use tokio::sync::{mpsc, oneshot};

/// Requests that may wait for the disk; the next one is refused as overload.
pub(super) const MAX_WAITING: usize = 4_096;

/// Changes that may wait for the tick; the worker reads no more than fit.
const MAX_CHANGES: usize = 256;

/// A request on its way to the thread.
pub(super) type Job = (RequestId, StoreRequest);

/// An answer on its way to the tick.
pub(super) type Answer = (RequestId, Result<StoreReply, StoreError>);

/// The store on SQLite. Dropping it carries out what was submitted, then closes the file.
pub struct SqliteStore {
    jobs: Option<mpsc::Sender<Job>>,
    answers: mpsc::Receiver<Answer>,
    changes: mpsc::Receiver<StoreChange>,
    refused: VecDeque<Answer>,
    waiting: BTreeSet<RequestId>,
    next: u64,
    condition: Condition,
    thread: Option<JoinHandle<()>>,
}

impl SqliteStore {
    /// Opens the database on a thread of its own and waits until it is up to date.
    pub fn start(options: DatabaseOptions, pepper: Pepper) -> Result<Self, OpenError> {
        let (jobs, jobs_out) = mpsc::channel(MAX_WAITING);
        let (answers_in, answers) = mpsc::channel(MAX_WAITING);
        let (changes_in, changes) = mpsc::channel(MAX_CHANGES);
        let (opened_in, opened) = oneshot::channel();
        let queues = worker::Queues { jobs: jobs_out, answers: answers_in, changes: changes_in };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.map_err(OpenError::Thread)?;
        let condition = Condition::new(Instant::now());
        let for_thread = condition.clone();
        let body = move || {
            let _alive = for_thread.alive();
            runtime.block_on(async {
                match Database::open(&options).await {
                    Ok(mut database) => {
                        end_open_visits(&mut database).await;
                        // The watch begins before the caller goes on: nothing is missed in between.
                        let watch = Watch::new(&mut database).await;
                        if opened_in.send(Ok(())).is_ok() {
                            worker::run(database, watch, pepper, queues, &for_thread).await;
                        }
                    }
                    Err(error) => drop(opened_in.send(Err(error))),
                }
            });
        };
        let thread =
            std::thread::Builder::new().name("vev-store".into()).spawn(body).map_err(OpenError::Thread)?;
        let ended = || OpenError::Store(StoreError::Failed("the store's thread ended at its start".into()));
        opened.blocking_recv().map_err(|_| ended())??;
        Ok(Self {
            jobs: Some(jobs),
            answers,
            changes,
            refused: VecDeque::new(),
            waiting: BTreeSet::new(),
            next: 0,
            condition,
            thread: Some(thread),
        })
    }

    /// How the store is, for other threads to ask.
    pub fn condition(&self) -> Condition {
        self.condition.clone()
    }
}

impl Store for SqliteStore {
    fn submit(&mut self, request: StoreRequest) -> RequestId {
        let id = RequestId(self.next);
        self.next += 1;
        // Counting answers that were not polled yet bounds the answer queue as well.
        let waiting = self.waiting.len();
        let refusal = match &self.jobs {
            _ if waiting >= MAX_WAITING => Some(StoreError::Overloaded { waiting }),
            Some(jobs) => match jobs.try_send((id, request)) {
                Ok(()) => None,
                Err(TrySendError::Full(_)) => Some(StoreError::Overloaded { waiting }),
                Err(TrySendError::Closed(_)) => Some(thread_ended()),
            },
            None => Some(thread_ended()),
        };
        match refusal {
            Some(refusal) => {
                let refused = Err(refusal);
                self.condition.note(Work::Write, &refused);
                self.refused.push_back((id, refused));
            }
            None => drop(self.waiting.insert(id)),
        }
        id
    }

    fn poll(&mut self) -> Option<Answer> {
        if let Some(refused) = self.refused.pop_front() {
            return Some(refused);
        }
        match self.answers.try_recv() {
            Ok((id, result)) => {
                self.waiting.remove(&id);
                Some((id, result))
            }
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => self.waiting.pop_first().map(|id| (id, Err(thread_ended()))),
        }
    }

    fn poll_change(&mut self) -> Option<StoreChange> {
        self.changes.try_recv().ok()
    }

    fn outstanding(&self) -> usize {
        self.waiting.len() + self.refused.len()
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's thread panicked; what was acknowledged is on the disk");
        }
    }
}

/// Attendance is worth a warning, not a venue that stays closed.
async fn end_open_visits(database: &mut Database) {
    match database.end_open_visits().await {
        Ok(0) => {}
        Ok(visits) => tracing::info!(visits, "visits that the last run left open were ended"),
        Err(error) => tracing::warn!(%error, "visits that the last run left open could not be ended"),
    }
}

fn thread_ended() -> StoreError {
    StoreError::Failed("the store's thread ended; restart the server".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::api::{EventId, InvitationState, PersonId, PresenceChange, UnixMillis};
    use crate::store::code::InvitationCode;
    use crate::store::database::Upgrade;
    use crate::store::events::NewEvent;
    use crate::store::people::{NewPerson, PersonRef};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
    use std::time::Duration;
    use venue_model::text::MessageBody;
    use venue_model::{EventKey, TextId};

    const PEPPER: Pepper = Pepper([5; 32]);

    struct Fixture {
        folder: tempfile::TempDir,
        now: Arc<AtomicI64>,
        runtime: tokio::runtime::Runtime,
    }

    impl Fixture {
        fn new() -> Self {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            Self { folder: tempfile::tempdir().unwrap(), now: Arc::new(AtomicI64::new(1_000_000)), runtime }
        }

        fn options(&self) -> DatabaseOptions {
            let mut options = DatabaseOptions::new(self.folder.path().join("venue.db"), Upgrade::Allowed);
            let now = Arc::clone(&self.now);
            options.clock = Arc::new(move || UnixMillis(now.load(Ordering::Relaxed)));
            options
        }

        /// What the command line does: another connection to the same file.
        fn cli<T>(&self, work: impl AsyncFnOnce(&mut Database) -> T) -> T {
            self.runtime.block_on(async {
                let mut database = Database::open(&self.options()).await.unwrap();
                let result = work(&mut database).await;
                database.close().await.unwrap();
                result
            })
        }

        fn invite(&self) -> (EventId, PersonId, InvitationCode) {
            self.cli(async |database| {
                let event = database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
                let people = [NewPerson::delegate("Ada")];
                let invited = database.invite(&key(), &people, &PEPPER, &mut || Ok(77)).await.unwrap();
                (event, invited[0].person, invited[0].code)
            })
        }
    }

    fn key() -> EventKey {
        EventKey::new("wtf").unwrap()
    }

    /// Waits for what another thread is about to do.
    fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "nothing happened for a minute");
            std::thread::yield_now();
        }
    }

    fn text(event: EventId, from: PersonId, body: &str) -> StoreRequest {
        static NEXT_REF: AtomicU32 = AtomicU32::new(0);
        numbered(event, from, NEXT_REF.fetch_add(1, Ordering::Relaxed), body)
    }

    fn numbered(event: EventId, from: PersonId, client_ref: u32, body: &str) -> StoreRequest {
        let body = MessageBody::lossy(body);
        StoreRequest::AppendText { event, from, space: "lounge".into(), to: None, client_ref, body }
    }

    #[test]
    fn texts_are_numbered_in_order_and_survive_a_restart() {
        let fixture = Fixture::new();
        let (event, person, _) = fixture.invite();
        for round in 0..2 {
            let mut store = SqliteStore::start(fixture.options(), PEPPER).unwrap();
            let ids: Vec<_> = (0..50).map(|n| store.submit(text(event, person, &format!("{n}")))).collect();
            for (n, id) in ids.into_iter().enumerate() {
                let (answered, reply) = until(|| store.poll());
                assert_eq!(answered, id);
                let Ok(StoreReply::TextStored { text, sent_at }) = reply else { panic!("{reply:?}") };
                assert_eq!((text, sent_at), (TextId(round * 50 + n as u64 + 1), UnixMillis(1_000_000)));
            }
        }
        let export = fixture.cli(async |database| database.export(&key(), &PersonRef::Id(person)).await);
        assert_eq!(export.unwrap().texts_written.len(), 100);
    }

    #[test]
    fn a_text_that_is_sent_again_after_a_restart_is_stored_once() {
        let fixture = Fixture::new();
        let (event, person, _) = fixture.invite();
        let mut found = Vec::new();
        for (client_ref, body) in [(7, "hello"), (7, "hello"), (8, "hello"), (7, "bye")] {
            let mut store = SqliteStore::start(fixture.options(), PEPPER).unwrap();
            store.submit(numbered(event, person, client_ref, body));
            let (_, Ok(StoreReply::TextStored { text, .. })) = until(|| store.poll()) else { panic!() };
            found.push(text.0);
        }
        assert_eq!(found, [1, 1, 2, 3]);
        let export = fixture.cli(async |database| database.export(&key(), &PersonRef::Id(person)).await);
        assert_eq!(export.unwrap().texts_written.len(), 3);
    }

    #[test]
    fn what_was_submitted_is_stored_even_if_the_store_is_dropped() {
        let fixture = Fixture::new();
        let (event, person, _) = fixture.invite();
        let mut store = SqliteStore::start(fixture.options(), PEPPER).unwrap();
        for n in 0..20 {
            store.submit(text(event, person, &n.to_string()));
        }
        drop(store);
        let export = fixture.cli(async |database| database.export(&key(), &PersonRef::Id(person)).await);
        assert_eq!(export.unwrap().texts_written.len(), 20);
    }

    #[test]
    fn invitations_are_found_by_code_and_by_ticket() {
        let fixture = Fixture::new();
        let (event, person, code) = fixture.invite();
        let mut store = SqliteStore::start(fixture.options(), PEPPER).unwrap();
        let mut ask = |request| {
            store.submit(request);
            let (_, reply) = until(|| store.poll());
            let Ok(StoreReply::Invitation(found)) = reply else { panic!("{reply:?}") };
            found
        };
        let found = ask(StoreRequest::FindInvitation { event: key(), code }).unwrap();
        assert_eq!((found.person, found.event.id), (person, event));
        assert_eq!(found.name.as_str(), "Ada");
        let again = ask(StoreRequest::FindTicketSubject { invitation: found.id }).unwrap();
        assert_eq!(again, found);
        let wrong = InvitationCode::from_random(1);
        assert_eq!(ask(StoreRequest::FindInvitation { event: key(), code: wrong }), None);
        let other = EventKey::new("other").unwrap();
        store.submit(StoreRequest::FindInvitation { event: other, code });
        assert_eq!(until(|| store.poll()).1, Ok(StoreReply::NoSuchEvent));
    }

    #[test]
    fn changes_of_another_process_arrive() {
        let fixture = Fixture::new();
        let (event, person, code) = fixture.invite();
        let mut store = SqliteStore::start(fixture.options(), PEPPER).unwrap();
        fixture.cli(async |database| {
            database.revoke(&key(), &[PersonRef::Id(person)], "left the delegation").await.unwrap();
        });
        let change = until(|| store.poll_change());
        assert!(
            matches!(&change, StoreChange::InvitationRevoked { person: whose, reason, .. }
                if *whose == person && reason == "left the delegation"),
            "{change:?}"
        );
        store.submit(StoreRequest::FindInvitation { event: key(), code });
        let (_, reply) = until(|| store.poll());
        let Ok(StoreReply::Invitation(Some(found))) = reply else { panic!("{reply:?}") };
        assert_eq!(found.state, InvitationState::Revoked);

        fixture.cli(async |database| database.erase(&key(), &PersonRef::Id(person)).await.unwrap());
        assert_eq!(until(|| store.poll_change()), StoreChange::PersonErased { person });
        fixture.cli(async |database| database.close_event(&key()).await.unwrap());
        assert_eq!(until(|| store.poll_change()), StoreChange::EventClosed { event });
    }

    #[test]
    fn an_event_whose_end_passes_is_told_once() {
        let fixture = Fixture::new();
        let event = fixture.cli(async |database| {
            let new = NewEvent { closes_at: Some(UnixMillis(2_000_000)), ..NewEvent::test("wtf", "F") };
            database.add_event(&new).await.unwrap()
        });
        let mut store = SqliteStore::start(fixture.options(), PEPPER).unwrap();
        fixture.now.store(2_000_000, Ordering::Relaxed);
        assert_eq!(until(|| store.poll_change()), StoreChange::EventClosed { event });
        // The command line's own closing still arrives, and nothing stands between the two.
        fixture.cli(async |database| database.close_event(&key()).await.unwrap());
        assert_eq!(until(|| store.poll_change()), StoreChange::EventClosed { event });
    }

    #[test]
    fn a_text_of_an_erased_person_is_gone_and_spoils_no_other() {
        let fixture = Fixture::new();
        let (event, person, _) = fixture.invite();
        let mut store = SqliteStore::start(fixture.options(), PEPPER).unwrap();
        store.submit(text(event, PersonId(4_711), "nobody's"));
        store.submit(text(event, person, "Ada's"));
        let joined = StoreRequest::AppendPresence {
            event,
            person,
            space: "lounge".into(),
            change: PresenceChange::Joined,
        };
        store.submit(joined);
        assert_eq!(until(|| store.poll()).1, Err(StoreError::Gone));
        assert!(matches!(until(|| store.poll()).1, Ok(StoreReply::TextStored { .. })));
        assert_eq!(until(|| store.poll()).1, Ok(StoreReply::PresenceStored));
        assert_eq!(store.outstanding(), 0);
    }

    #[test]
    fn a_full_disk_is_a_sentence_acknowledges_nothing_and_passes() {
        let fixture = Fixture::new();
        let (event, person, code) = fixture.invite();
        let mut options = fixture.options();
        let room = Arc::new(AtomicU32::new(1));
        options.max_pages = Some(Arc::clone(&room));
        let mut store = SqliteStore::start(options, PEPPER).unwrap();
        let condition = store.condition();
        let body = "x".repeat(1_900);
        let mut stored = 0;
        let failed = loop {
            store.submit(text(event, person, &body));
            match until(|| store.poll()).1 {
                Ok(_) => stored += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(failed, StoreError::DiskFull { .. }), "{failed}");
        assert!(failed.to_string().contains("is full; free some space"));
        assert_eq!(condition.problem(Instant::now()), Some(failed.to_string()));
        // Reading goes on, so nobody is locked out.
        store.submit(StoreRequest::FindInvitation { event: key(), code });
        assert!(matches!(until(|| store.poll()).1, Ok(StoreReply::Invitation(Some(_)))));
        // Somebody made room.
        room.store(100_000, Ordering::Relaxed);
        store.submit(text(event, person, &body));
        assert!(matches!(until(|| store.poll()).1, Ok(StoreReply::TextStored { .. })));
        assert_eq!(condition.problem(Instant::now()), None);
        drop(store);
        let export = fixture.cli(async |database| database.export(&key(), &PersonRef::Id(person)).await);
        assert_eq!(export.unwrap().texts_written.len(), stored + 1);
    }

    #[test]
    fn a_start_on_a_full_disk_is_a_sentence() {
        let fixture = Fixture::new();
        let mut options = fixture.options();
        options.max_pages = Some(Arc::new(AtomicU32::new(1)));
        let refused = SqliteStore::start(options, PEPPER).err().unwrap().to_string();
        assert!(refused.contains("the disk that holds") && refused.contains("is full"), "{refused}");
        // The next start, on a disk with room, goes on from there.
        SqliteStore::start(fixture.options(), PEPPER).unwrap();
    }

    #[test]
    fn a_store_whose_thread_ended_is_told() {
        let fixture = Fixture::new();
        let store = SqliteStore::start(fixture.options(), PEPPER).unwrap();
        let condition = store.condition();
        assert_eq!(condition.problem(Instant::now()), None);
        drop(store);
        assert!(condition.problem(Instant::now()).unwrap().contains("restart the server"));
    }

    #[test]
    fn a_lock_held_by_another_program_is_a_sentence_and_passes() {
        let fixture = Fixture::new();
        let (event, person, _) = fixture.invite();
        let mut options = fixture.options();
        options.busy_timeout = Duration::ZERO;
        let mut store = SqliteStore::start(options, PEPPER).unwrap();
        fixture.cli(async |database| {
            database.lock_for_test().await;
            store.submit(text(event, person, "while locked"));
            let (_, reply) = until(|| store.poll());
            assert!(matches!(reply, Err(StoreError::Locked { .. })), "{reply:?}");
        });
        store.submit(text(event, person, "afterwards"));
        assert!(matches!(until(|| store.poll()).1, Ok(StoreReply::TextStored { text: TextId(1), .. })));
    }

    #[test]
    fn too_many_requests_are_refused_at_once() {
        let fixture = Fixture::new();
        let (event, person, _) = fixture.invite();
        let mut store = SqliteStore::start(fixture.options(), PEPPER).unwrap();
        for _ in 0..=MAX_WAITING {
            store.submit(text(event, person, "x"));
        }
        let (_, reply) = until(|| store.poll());
        assert!(matches!(reply, Err(StoreError::Overloaded { .. })), "{reply:?}");
        for _ in 0..MAX_WAITING {
            assert!(until(|| store.poll()).1.is_ok());
        }
        assert_eq!(store.outstanding(), 0);
    }
}
