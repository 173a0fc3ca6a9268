//! Ctrl-C and SIGTERM ask for the end; a second one ends this program at once, and the others by the end of their input.
//!
//! It must not know what ends.

use super::Event;
use std::sync::mpsc::SyncSender;

/// Exit status of a program that was stopped at once.
const STOPPED_AT_ONCE: i32 = 130;

/// Hears signals from now on.
pub(super) fn watch(events: SyncSender<Event>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let wait = move || {
        runtime.block_on(next());
        // Who does not listen any more has ended.
        events.try_send(Event::Stop).ok();
        runtime.block_on(next());
        std::process::exit(STOPPED_AT_ONCE);
    };
    std::thread::Builder::new().name("vev-signals".into()).spawn(wait)?;
    Ok(())
}

#[cfg(unix)]
async fn next() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut hang_up)) =
        (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
        pressed = tokio::signal::ctrl_c() => if pressed.is_err() { std::future::pending().await },
    }
}

#[cfg(not(unix))]
async fn next() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
