//! How far behind server time a body is shown: as little as its datagrams' delay and jitter allow.

use venue_model::ServerTime;

/// Arrivals that are remembered: four seconds of the nearest ring.
const WINDOW: usize = 128;

/// Least and most delay, µs.
const DELAY_RANGE_MICROS: [u64; 2] = [40_000, 600_000];

/// Pauses between samples beyond this are a body at rest and say nothing about the network, µs.
const RESTING_GAP_MICROS: u64 = 200_000;

/// What is added to the first sample's latency, when nothing is known of the network's jitter yet, µs.
const FIRST_MARGIN_MICROS: u64 = 80_000;

/// The delay changes by at most this part of the time that passes, so that nobody sees people speed up.
const SLEW_DIVISOR: u64 = 10;

/// Watches one body's samples arrive and sets its display delay.
///
/// Just before a sample comes, the one before it is the newest: had the body been shown further behind
/// than that one's age, it would never have run out of samples. The delay is the largest such age of the
/// last seconds but one (a body walks on for that one): late, lost and reordered datagrams all count by what they do to the picture.
#[derive(Clone, Debug)]
pub(crate) struct DisplayDelay {
    /// What the arrivals below ask for: worked out when one comes, and asked for in every frame, µs.
    target_micros: u64,
    gap_micros: u64,
    newest: Option<ServerTime>,
    shown_micros: u64,
    shown_at: Option<ServerTime>,
    count: usize,
    needed_micros: [u32; WINDOW],
}

impl DisplayDelay {
    pub(crate) fn new() -> Self {
        Self {
            target_micros: DELAY_RANGE_MICROS[0],
            gap_micros: venue_model::TICK_MICROS,
            newest: None,
            shown_micros: 0,
            shown_at: None,
            count: 0,
            needed_micros: [0; WINDOW],
        }
    }

    /// A sample came. Late duplicates say nothing new and are ignored.
    pub(crate) fn arrived(&mut self, sampled_at: ServerTime, received_at: ServerTime) {
        let latency = received_at.micros_since(sampled_at);
        let Some(newest) = self.newest else {
            self.newest = Some(sampled_at);
            return self.remember(latency + FIRST_MARGIN_MICROS);
        };
        if sampled_at <= newest {
            return;
        }
        self.newest = Some(sampled_at);
        let gap = sampled_at.micros_since(newest);
        if gap <= RESTING_GAP_MICROS {
            self.gap_micros = (self.gap_micros * 7 + gap) / 8;
            self.remember(latency + gap);
        }
    }

    fn remember(&mut self, needed: u64) {
        self.needed_micros[self.count % WINDOW] = needed.min(DELAY_RANGE_MICROS[1]) as u32;
        self.count += 1;
        self.target_micros = self.needed();
    }

    /// The usual time between samples, µs.
    pub(crate) fn gap_micros(&self) -> u64 {
        self.gap_micros
    }

    fn needed(&self) -> u64 {
        let (mut worst, mut next_worst) = (0, 0);
        for needed in &self.needed_micros[..self.count.min(WINDOW)] {
            next_worst = next_worst.max(worst.min(*needed));
            worst = worst.max(*needed);
        }
        let needed = if self.count < 2 { worst } else { next_worst };
        u64::from(needed).clamp(DELAY_RANGE_MICROS[0], DELAY_RANGE_MICROS[1])
    }

    /// The delay at this moment, µs; moves slowly towards what the network needs.
    pub(crate) fn at(&mut self, now: ServerTime) -> u64 {
        let target = self.target_micros;
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
    fn a_steady_path_is_shown_one_gap_behind_its_latency() {
        let mut delay = DisplayDelay::new();
        feed(&mut delay, 0..300, |_| 50_000);
        let shown = delay.at(ServerTime(10_000_000));
        assert!(shown.abs_diff(50_000 + 33_333) < 100, "{shown}");
    }

    #[test]
    fn jitter_raises_the_delay_and_calm_lowers_it_slowly() {
        let mut delay = DisplayDelay::new();
        feed(&mut delay, 0..300, |sample| if sample % 3 == 0 { 50_000 } else { 76_000 });
        let jittery = delay.at(ServerTime(10_000_000));
        assert_eq!(jittery, 76_000 + 33_333);
        feed(&mut delay, 300..600, |_| 20_000);
        assert_eq!(delay.at(ServerTime(10_100_000)), jittery - 10_000);
        assert!(delay.at(ServerTime(12_000_000)) < 54_000);
    }

    #[test]
    fn a_body_at_rest_does_not_raise_the_delay() {
        let mut delay = DisplayDelay::new();
        for sample in 0..50 {
            let at = ServerTime(sample * 333_333);
            delay.arrived(at, at + 20_000);
        }
        assert_eq!(delay.at(ServerTime(20_000_000)), 100_000);
    }
}
