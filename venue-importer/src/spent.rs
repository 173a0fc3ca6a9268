//! What work costs: processor time of a thread or of the whole program, and its largest memory.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Processor time that this thread has used; zero where the system does not tell.
pub(crate) fn thread_time() -> Duration {
    clock::thread()
}

/// Processor time that all threads of this program have used; zero where the system does not tell.
pub(crate) fn process_time() -> Duration {
    clock::process()
}

/// The most memory that this program has had so far, bytes; none where the system does not tell.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

#[cfg(unix)]
mod clock {
    use std::time::Duration;

    pub(super) fn thread() -> Duration {
        read(libc::CLOCK_THREAD_CPUTIME_ID)
    }

    pub(super) fn process() -> Duration {
        read(libc::CLOCK_PROCESS_CPUTIME_ID)
    }

    fn read(clock: libc::clockid_t) -> Duration {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the pointer is to a live, writable timespec of this stack frame.
        #[expect(unsafe_code, reason = "the standard library has no clock of processor time")]
        let answer = unsafe { libc::clock_gettime(clock, &raw mut time) };
        if answer == 0 { Duration::new(time.tv_sec as u64, time.tv_nsec as u32) } else { Duration::ZERO }
    }
}

#[cfg(not(unix))]
mod clock {
    use std::time::Duration;

    pub(super) fn thread() -> Duration {
        Duration::ZERO
    }

    pub(super) fn process() -> Duration {
        Duration::ZERO
    }
}

/// What tiles are made of, as far as time goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Every triangle is put into its cell, and cells into a tree.
    Divide,
    /// Vertices become one, and what is no surface goes.
    Clean,
    /// Fewer triangles for the same surface.
    Levels,
    /// A picture of its own for each tile, and its packing.
    Textures,
    /// Geometry is packed and written.
    Write,
}

impl Part {
    /// All, in the order of the work.
    pub const ALL: [Self; 5] = [Self::Divide, Self::Clean, Self::Levels, Self::Textures, Self::Write];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Divide => "divide",
            Self::Clean => "clean",
            Self::Levels => "levels",
            Self::Textures => "textures",
            Self::Write => "geometry",
        }
    }
}

/// Adds up what the parts of the work cost, over all threads.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    nanoseconds: [AtomicU64; Part::ALL.len()],
}

impl Meter {
    /// Does the work, and notes what it cost.
    pub(crate) fn time<T>(&self, part: Part, work: impl FnOnce() -> T) -> T {
        let before = thread_time();
        let made = work();
        let spent = thread_time().saturating_sub(before).as_nanos() as u64;
        self.nanoseconds[part as usize].fetch_add(spent, Ordering::Relaxed);
        made
    }

    /// Processor time of each part.
    pub(crate) fn spent(&self) -> [Duration; Part::ALL.len()] {
        std::array::from_fn(|at| Duration::from_nanos(self.nanoseconds[at].load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn work_in_several_threads_is_added_up() {
        let meter = Meter::default();
        let work =
            || meter.time(Part::Levels, || (0..3_000_000_u64).fold(1, |a: u64, b| a.rotate_left(7) ^ b));
        std::thread::scope(|scope| {
            let others = [scope.spawn(work), scope.spawn(work)];
            others.into_iter().for_each(|other| assert_ne!(other.join().unwrap(), 0));
        });
        let spent = meter.spent();
        assert!(spent[Part::Levels as usize] > Duration::ZERO, "{spent:?}");
        assert_eq!(spent[Part::Clean as usize], Duration::ZERO);
        assert!(process_time() >= spent[Part::Levels as usize]);
        assert!(peak_memory().is_none_or(|bytes| bytes > 1 << 20));
    }
}
