//! Calls to the operating system that the standard library lacks; besides
//! `present/xr`, where graphics go from hand to hand, the only place with `unsafe` in the client.
//!
//! It must not know anything of venues. A new system adds its arm to each function here.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// Lets only the owner read a file that is created with these options.
#[cfg(unix)]
pub fn restrict_to_owner(options: &mut std::fs::OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

/// On Windows the profile folder already belongs to its user alone.
#[cfg(not(unix))]
pub fn restrict_to_owner(_options: &mut std::fs::OpenOptions) {}

/// The command that shows a page in the person's browser.
pub fn browser(page: &str) -> std::process::Command {
    let program = match std::env::consts::OS {
        "windows" => "explorer",
        "macos" => "open",
        _ => "xdg-open",
    };
    let mut command = std::process::Command::new(program);
    command.arg(page);
    command
}

/// Asks a program that was started here to end in order.
#[cfg(unix)]
pub fn ask_to_end(process: &mut std::process::Child) {
    let Ok(id) = libc::pid_t::try_from(process.id()) else { return };
    // SAFETY: `kill` takes plain numbers. The id is the child's: a child keeps it until it has been waited for, and
    // who can borrow it has not done so in between.
    #[allow(unsafe_code)]
    let answer = unsafe { libc::kill(id, libc::SIGTERM) };
    if answer != 0 {
        tracing::debug!(id, "the program has ended already");
    }
}

/// Windows knows no way to ask a program without a window; what it stores is whole at any moment.
#[cfg(not(unix))]
pub fn ask_to_end(process: &mut std::process::Child) {
    if let Err(error) = process.kill() {
        tracing::debug!(%error, "the program has ended already");
    }
}

/// CPU time that this thread has used, in microseconds; none where the system does not tell.
#[cfg(unix)]
pub fn thread_cpu_micros() -> Option<f64> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a live, writable timespec of this stack frame.
    #[allow(unsafe_code)]
    let answer = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    (answer == 0).then_some(time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 * 1e-3)
}

/// CPU time that this thread has used; not measured on this system.
#[cfg(not(unix))]
pub fn thread_cpu_micros() -> Option<f64> {
    None
}

/// Memory of this process that lies in the machine's memory, in MiB; none where the system does not tell.
pub fn resident_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

/// The system's allocator, with a count of the allocations of each kind.
pub struct CountingAllocator;

static TOTAL: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static OWN: Cell<u64> = const { Cell::new(0) };
    static PAUSED: Cell<bool> = const { Cell::new(false) };
}

/// Allocations since the program's start: all threads', and this thread's outside of foreign calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllocationCount {
    /// Every allocation of every thread.
    pub total: u64,
    /// Allocations of this thread while no [`foreign`] call ran.
    pub own: u64,
}

/// The counts now; zero when the program does not use [`CountingAllocator`].
pub fn allocation_count() -> AllocationCount {
    AllocationCount { total: TOTAL.load(Ordering::Relaxed), own: OWN.with(Cell::get) }
}

/// Runs a call into wgpu, winit or egui, whose allocations are not ours.
pub fn foreign<R>(call: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            PAUSED.with(|paused| paused.set(self.0));
        }
    }
    let _restore = Restore(PAUSED.with(|paused| paused.replace(true)));
    call()
}

fn count() {
    TOTAL.fetch_add(1, Ordering::Relaxed);
    // A thread that ends frees its locals before its last allocations; those are nobody's.
    if !PAUSED.try_with(Cell::get).unwrap_or(true) {
        OWN.try_with(|own| own.set(own.get() + 1)).ok();
    }
}

// SAFETY: every call is handed to the system's allocator unchanged; counting neither allocates nor unwinds.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as in `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count();
        // SAFETY: as in `alloc`; the pointer came from the same allocator.
        unsafe { System.realloc(pointer, layout, new_size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as in `alloc`; the pointer came from the same allocator.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_thread_uses_cpu_time() {
        let Some(before) = thread_cpu_micros() else { return };
        let mut sum = 0u64;
        for i in 0..2_000_000u64 {
            sum = std::hint::black_box(sum.wrapping_add(i * i));
        }
        assert!(thread_cpu_micros().unwrap() > before, "{sum}");
    }

    #[test]
    fn foreign_allocations_are_not_ours() {
        let before = OWN.with(Cell::get);
        foreign(|| {
            count();
            foreign(count);
            count();
        });
        assert_eq!(OWN.with(Cell::get), before);
        count();
        assert_eq!(OWN.with(Cell::get), before + 1);
    }
}
