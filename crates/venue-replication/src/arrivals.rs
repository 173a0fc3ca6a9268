//! What has arrived, as a client tells the server.

use crate::feedback::{DELAY_STEP_MILLIS, Feedback};
use crate::snapshot::SnapshotHeader;
use venue_model::{ServerTime, SpaceId};

/// What has arrived of a viewer's datagrams.
#[derive(Debug, Default)]
pub struct Arrivals {
    newest: Option<u16>,
    received: u16,
    is_reported: bool,
    delay: Option<PathDelay>,
}

/// How long datagrams are on their way, µs: only differences have a meaning, the clocks are no better than that.
#[derive(Clone, Copy, Debug)]
struct PathDelay {
    least: i64,
    usual: i64,
    at: ServerTime,
}

impl PathDelay {
    /// The least is forgotten at this pace, µs a second: paths change.
    const FORGOTTEN_A_SECOND: i64 = 2_000;

    fn with(before: Option<Self>, delay: i64, at: ServerTime) -> Self {
        let Some(Self { least, usual, at: before }) = before else {
            return Self { least: delay, usual: delay, at };
        };
        let forgotten = at.micros_since(before) as i64 * Self::FORGOTTEN_A_SECOND / 1_000_000;
        Self { least: (least + forgotten).min(delay), usual: usual + (delay - usual) / 8, at: at.max(before) }
    }

    fn steps(self) -> u8 {
        let waits = (self.usual - self.least).max(0) as u64;
        (waits / 1000 / DELAY_STEP_MILLIS).min(255) as u8
    }
}

impl Arrivals {
    /// A datagram with this header came.
    pub fn note(&mut self, header: &SnapshotHeader, received_at: ServerTime) {
        let is_newer = |newest: u16| header.sequence.wrapping_sub(newest) < 1 << 15;
        if self.newest.is_none_or(is_newer) {
            self.newest = Some(header.sequence);
        }
        self.received = self.received.wrapping_add(1);
        self.is_reported = false;
        let delay = received_at.0 as i64 - header.beat.tick.time().0 as i64;
        self.delay = Some(PathDelay::with(self.delay, delay, received_at));
    }

    /// What the server should know, if something came since the last report.
    pub fn report(&mut self, space: SpaceId) -> Option<Feedback> {
        let newest = self.newest.filter(|_| !self.is_reported)?;
        self.is_reported = true;
        let delay_steps = self.delay.map_or(0, PathDelay::steps);
        Some(Feedback { space, newest, received: self.received, delay_steps, lacks: Default::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::beat::Beat;
    use venue_model::{SpaceEpoch, Tick};

    #[test]
    fn a_queue_is_told_from_a_long_path_and_nothing_is_reported_twice() {
        let mut arrivals = Arrivals::default();
        let mut report = |tick: u32, sequence: u16, micros: u64| {
            let header = SnapshotHeader {
                space: SpaceId(1),
                epoch: SpaceEpoch(1),
                beat: Beat::steady(Tick(tick)),
                sequence,
            };
            arrivals.note(&header, header.beat.tick.time() + micros);
            let report = arrivals.report(SpaceId(1)).unwrap();
            assert_eq!(arrivals.report(SpaceId(1)), None);
            report
        };
        let steady: Vec<_> =
            (0..60).map(|tick| report(100 + tick, 65_500 + tick as u16 % 30, 90_000)).collect();
        assert!(steady.iter().all(|report| report.delay_steps == 0), "a long path is none");
        let queued: Vec<_> = (60..160u32).map(|tick| report(100 + tick, tick as u16, 290_000)).collect();
        let last = queued.last().unwrap();
        assert!(last.delay_steps > 40, "{last:?}");
        assert_eq!((last.newest, last.received), (159, 160), "numbers begin again");
    }
}
