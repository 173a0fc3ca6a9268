//! CPU time of this thread.

use std::time::Duration;

/// CPU time that this thread has used.
#[cfg(unix)]
pub fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Other systems give no such clock here.
#[cfg(not(unix))]
pub fn thread_time() -> Duration {
    Duration::ZERO
}

/// CPU time that this thread took for something, ns.
pub fn nanos_of(work: impl FnOnce()) -> f64 {
    let before = thread_time();
    work();
    (thread_time() - before).as_nanos() as f64
}
