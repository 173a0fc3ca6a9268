//! Whose CPU time it was: the tick's thread looks at its own clock after each part of its work.
//!
//! It must not know what the parts do.

use crate::counters::{TickCpu, TickPart};
use crate::tick::Laps;

/// CPU time of the thread that owns it.
#[derive(Debug)]
pub struct CpuStopwatch {
    cpu: TickCpu,
    /// At the last lap.
    seen_nanos: u64,
    /// At the end of the last tick.
    tick_began_nanos: u64,
}

impl CpuStopwatch {
    /// Counts from now, on the thread whose time it is.
    pub fn start() -> Self {
        let now = thread_cpu_nanos();
        Self { cpu: TickCpu::default(), seen_nanos: now, tick_began_nanos: now }
    }

    /// A tick is over.
    pub fn end_tick(&mut self) {
        self.cpu.note(self.seen_nanos - self.tick_began_nanos);
        self.tick_began_nanos = self.seen_nanos;
    }

    /// What was counted.
    pub fn cpu(&self) -> TickCpu {
        self.cpu
    }
}

impl Laps for CpuStopwatch {
    fn lap(&mut self, part: TickPart) {
        let now = thread_cpu_nanos();
        self.cpu.part_nanos[part as usize] += now - self.seen_nanos;
        self.seen_nanos = now;
    }
}

/// CPU time of this thread.
#[cfg(unix)]
fn thread_cpu_nanos() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs()
}

/// Other systems give no such clock here: nothing is counted.
#[cfg(not(unix))]
fn thread_cpu_nanos() -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn work_is_counted_to_its_part_and_waiting_is_not() {
        let mut stopwatch = CpuStopwatch::start();
        std::thread::park_timeout(std::time::Duration::from_millis(30));
        stopwatch.lap(TickPart::Receive);
        let mut sum = 0_u64;
        while stopwatch.cpu().part_nanos[TickPart::Systems as usize] < 5_000_000 {
            sum = (0..100_000)
                .fold(sum, |sum: u64, n| sum.wrapping_mul(31).wrapping_add(std::hint::black_box(n)));
            stopwatch.lap(TickPart::Systems);
        }
        stopwatch.end_tick();
        let [waited, worked, ..] = stopwatch.cpu().part_nanos;
        assert!(waited < worked, "{waited} ns of waiting, {worked} ns of work, {sum}");
        let counted: u64 = stopwatch.cpu().buckets.iter().sum();
        assert_eq!(
            (counted + stopwatch.cpu().beyond, stopwatch.cpu().buckets[0]),
            (1, 0),
            "one tick of 5 ms"
        );
    }
}
