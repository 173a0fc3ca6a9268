//! The store's thread: takes what the tick submitted, commits it together, answers.
//!
//! It must not answer a write before its commit, nor know the tick.

use crate::store::api::{StoreChange, StoreRequest, UnixMillis};
use crate::store::code::Pepper;
use crate::store::commit;
use crate::store::condition::{Condition, Work};
use crate::store::database::Database;
use crate::store::heartbeat::BEAT_EVERY_MILLIS;
use crate::store::sqlite::{Answer, Job};
use crate::store::watch::Watch;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

/// Most requests in one transaction; the rest waits for the next.
const MAX_BATCH: usize = 1_024;

/// How often the file is looked at for changes by other processes.
const WATCH_EVERY: Duration = Duration::from_millis(500);

/// The thread's ends of the queues.
pub(super) struct Queues {
    pub(super) jobs: mpsc::Receiver<Job>,
    pub(super) answers: mpsc::Sender<Answer>,
    pub(super) changes: mpsc::Sender<StoreChange>,
}

/// Runs until the tick's end of the queue is dropped and everything in it is done.
pub(super) async fn run(
    mut database: Database,
    mut watch: Watch,
    pepper: Pepper,
    mut queues: Queues,
    condition: &Condition,
) {
    let mut look = tokio::time::interval(WATCH_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut batch = Vec::with_capacity(MAX_BATCH);
    let mut next_beat = database.now();
    loop {
        condition.came_round(Instant::now());
        tokio::select! {
            count = queues.jobs.recv_many(&mut batch, MAX_BATCH) => {
                if count == 0 {
                    break;
                }
                answer(&mut database, &pepper, &mut batch, &queues.answers, condition).await;
            }
            _ = look.tick() => {
                let room = queues.changes.capacity();
                if database.now() >= next_beat {
                    next_beat = UnixMillis(database.now().0 + BEAT_EVERY_MILLIS);
                    condition.note(Work::Write, &database.beat().await);
                }
                for change in watch.look(&mut database, room).await {
                    // The tick's end may be closed already; then nobody is left to tell.
                    drop(queues.changes.try_send(change));
                }
            }
        }
    }
    if let Err(error) = database.close().await {
        tracing::warn!(%error, "the database was not closed cleanly; nothing acknowledged is lost");
    }
}

/// The answer queue holds as many as may wait, so sending never waits for the tick.
async fn answer(
    database: &mut Database,
    pepper: &Pepper,
    batch: &mut Vec<Job>,
    answers: &mpsc::Sender<Answer>,
    condition: &Condition,
) {
    database.limit_pages().await;
    let results = commit::carry_out(database, pepper, batch).await;
    for ((id, request), result) in batch.drain(..).zip(results) {
        let work = match request {
            StoreRequest::FindInvitation { .. } | StoreRequest::FindTicketSubject { .. } => Work::Read,
            _ => Work::Write,
        };
        condition.note(work, &result);
        drop(answers.try_send((id, result)));
    }
}
