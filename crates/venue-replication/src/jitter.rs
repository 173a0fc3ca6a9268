//! How far behind server time a body is shown: as little as its datagrams' delay and jitter allow.

use venue_model::ServerTime;

/// Arrivals that are remembered.
const WINDOW: usize = 64;

/// Least and most delay, µs.
const DELAY_RANGE_MICROS: [u64; 2] = [40_000, 600_000];

/// Pauses between samples beyond this are a body at rest and say nothing about the rate, µs.
const RESTING_GAP_MICROS: u64 = 200_000;

/// The delay changes by at most this part of the time that passes, so that nobody sees people speed up.
const SLEW_DIVISOR: u64 = 10;

/// Watches one body's samples arrive and sets its display delay.
#[derive(Clone, Debug)]
pub(crate) struct DisplayDelay {
    latencies: [u32; WINDOW],
    count: usize,
    gap_micros: u64,
    newest: Option<ServerTime>,
    shown_micros: u64,
    shown_at: Option<ServerTime>,
}

impl DisplayDelay {
    pub(crate) fn new() -> Self {
        Self {
            latencies: [0; WINDOW],
            count: 0,
            gap_micros: venue_model::TICK_MICROS,
            newest: None,
            shown_micros: 0,
            shown_at: None,
        }
    }

    /// A sample came. Late duplicates say nothing new and are ignored.
    pub(crate) fn arrived(&mut self, sampled_at: ServerTime, received_at: ServerTime) {
        if let Some(newest) = self.newest {
            if sampled_at <= newest {
                return;
            }
            let gap = sampled_at.micros_since(newest);
            if gap <= RESTING_GAP_MICROS {
                self.gap_micros = (self.gap_micros * 7 + gap) / 8;
            }
        }
        self.newest = Some(sampled_at);
        let latency = received_at.micros_since(sampled_at).min(DELAY_RANGE_MICROS[1]);
        self.latencies[self.count % WINDOW] = latency as u32;
        self.count += 1;
    }

    /// The usual time between samples, µs.
    pub(crate) fn gap_micros(&self) -> u64 {
        self.gap_micros
    }

    /// The worst recent latency but one, and two gaps: one lost sample does not make the body stop.
    fn target_micros(&self) -> u64 {
        let mut recent = self.latencies;
        let recent = &mut recent[..self.count.min(WINDOW)];
        recent.sort_unstable_by(|a, b| b.cmp(a));
        let worst = recent.get(1).or(recent.first()).copied().unwrap_or(0);
        (u64::from(worst) + 2 * self.gap_micros).clamp(DELAY_RANGE_MICROS[0], DELAY_RANGE_MICROS[1])
    }

    /// The delay at this moment, µs; moves slowly towards what the network needs.
    pub(crate) fn at(&mut self, now: ServerTime) -> u64 {
        let target = self.target_micros();
        self.shown_micros = match self.shown_at {
            None => target,
            Some(before) => {
                let room = now.micros_since(before) / SLEW_DIVISOR;
                target.clamp(self.shown_micros.saturating_sub(room), self.shown_micros + room)
            }
        };
        self.shown_at = Some(self.shown_at.map_or(now, |before| before.max(now)));
        self.shown_micros
    }

    /// The delay that was last used, µs.
    pub(crate) fn last_micros(&self) -> u64 {
        self.shown_micros
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(delay: &mut DisplayDelay, samples: std::ops::Range<u64>, latency: impl Fn(u64) -> u64) {
        for sample in samples {
            let at = ServerTime(sample * 33_333);
            delay.arrived(at, at + latency(sample));
        }
    }

    #[test]
    fn a_steady_path_is_shown_two_gaps_behind_its_latency() {
        let mut delay = DisplayDelay::new();
        feed(&mut delay, 0..100, |_| 50_000);
        let shown = delay.at(ServerTime(4_000_000));
        assert!(shown.abs_diff(50_000 + 66_666) < 100, "{shown}");
    }

    #[test]
    fn jitter_raises_the_delay_and_calm_lowers_it_slowly() {
        let mut delay = DisplayDelay::new();
        feed(&mut delay, 0..100, |sample| if sample % 2 == 0 { 50_000 } else { 110_000 });
        let jittery = delay.at(ServerTime(4_000_000));
        assert!(jittery >= 110_000 + 66_000, "{jittery}");
        feed(&mut delay, 100..200, |_| 50_000);
        assert_eq!(delay.at(ServerTime(4_100_000)), jittery - 10_000);
        assert!(delay.at(ServerTime(8_000_000)) < 120_000);
    }

    #[test]
    fn a_body_at_rest_does_not_raise_the_delay() {
        let mut delay = DisplayDelay::new();
        for sample in 0..50 {
            let at = ServerTime(sample * 333_333);
            delay.arrived(at, at + 20_000);
        }
        assert!(delay.at(ServerTime(20_000_000)) < 90_000);
    }
}
