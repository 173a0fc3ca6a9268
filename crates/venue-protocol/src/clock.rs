//! The client's estimate of the server's clock, from four-timestamp probes (as NTP's, RFC 5905 §8)
//! filtered by their delay. Knows no message and no real clock.

use crate::LocalTime;
use std::collections::VecDeque;
use venue_model::ServerTime;

/// Probes that are remembered.
const WINDOW: usize = 16;

/// How fast two crystals may drift apart, in millionths: what an old probe's estimate loses each second.
const DRIFT_PPM: u64 = 100;

/// The shown time runs at most this part faster or slower than real time while it catches up.
const SLEW_DIVISOR: u64 = 20;

/// Errors beyond this are jumped over (only forwards) instead of slewed.
const STEP_MICROS: u64 = 250_000;

/// One answered probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockSample {
    /// When the client asked.
    pub asked: LocalTime,
    /// When the server received the question.
    pub received: ServerTime,
    /// When the server answered.
    pub answered: ServerTime,
    /// When the client received the answer.
    pub returned: LocalTime,
}

impl ClockSample {
    /// Time on the way, there and back, without the time in the server; µs.
    pub fn delay_micros(&self) -> u64 {
        let there_and_back = self.returned.micros_since(self.asked);
        there_and_back.saturating_sub(self.answered.micros_since(self.received))
    }

    /// Server time minus local time, if both ways take equally long; µs.
    fn offset_micros(&self) -> i64 {
        let there = self.received.0.wrapping_sub(self.asked.0) as i64;
        let back = self.answered.0.wrapping_sub(self.returned.0) as i64;
        there / 2 + back / 2
    }

    /// How wrong the offset can be by now: half of the delay, and the drift since.
    fn error_bound_micros(&self, now: LocalTime) -> u64 {
        self.delay_micros() / 2 + now.micros_since(self.returned) * DRIFT_PPM / 1_000_000
    }
}

/// Follows the server's clock; what it shows never runs backwards.
#[derive(Clone, Debug)]
pub struct ServerClock {
    samples: VecDeque<ClockSample>,
    shown: Option<Shown>,
}

/// A line from local time to server time, and the offset that it bends towards.
#[derive(Clone, Copy, Debug)]
struct Shown {
    at: LocalTime,
    server: ServerTime,
    target_offset: i64,
    delay_micros: u64,
}

impl Shown {
    fn target(&self, now: LocalTime) -> u64 {
        now.0.saturating_add_signed(self.target_offset)
    }

    fn time(&self, now: LocalTime) -> ServerTime {
        let elapsed = now.micros_since(self.at);
        let free = self.server.0.saturating_add(elapsed);
        let target = self.target(now);
        let room = elapsed / SLEW_DIVISOR;
        ServerTime(target.clamp(free.saturating_sub(room), free.saturating_add(room)))
    }
}

impl Default for ServerClock {
    fn default() -> Self {
        Self::new()
    }
}

impl ServerClock {
    /// A clock that knows nothing yet.
    pub fn new() -> Self {
        // Full from the start: no probe asks for memory in the middle of a frame.
        Self { samples: VecDeque::with_capacity(WINDOW + 1), shown: None }
    }

    /// Takes an answered probe. Samples whose answer came before their question are ignored.
    pub fn add(&mut self, sample: ClockSample) {
        if sample.returned < sample.asked || sample.answered < sample.received {
            return;
        }
        if self.samples.len() == WINDOW {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
        let now = sample.returned;
        let best = self.samples.iter().min_by_key(|sample| sample.error_bound_micros(now)).unwrap_or(&sample);
        self.aim(now, best.offset_micros(), best.delay_micros());
    }

    fn aim(&mut self, now: LocalTime, target_offset: i64, delay_micros: u64) {
        let target = now.0.saturating_add_signed(target_offset);
        let server = match self.shown {
            None => target,
            Some(shown) => {
                let current = shown.time(now).0;
                if target > current.saturating_add(STEP_MICROS) { target } else { current }
            }
        };
        self.shown = Some(Shown { at: now, server: ServerTime(server), target_offset, delay_micros });
    }

    /// The server's time; none before the first sample. Monotone in `now`, also across new samples.
    pub fn server_time(&self, now: LocalTime) -> Option<ServerTime> {
        self.shown.map(|shown| shown.time(now))
    }

    /// Delay there and back of the best probe, µs: the estimate is at most half of it wrong.
    pub fn round_trip_micros(&self) -> Option<u64> {
        self.shown.map(|shown| shown.delay_micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OFFSET: u64 = 5_000_000;

    fn sample(asked: u64, there: u64, back: u64) -> ClockSample {
        ClockSample {
            asked: LocalTime(asked),
            received: ServerTime(asked + there + OFFSET),
            answered: ServerTime(asked + there + OFFSET + 300),
            returned: LocalTime(asked + there + 300 + back),
        }
    }

    #[test]
    fn a_symmetric_path_gives_the_exact_offset() {
        let mut clock = ServerClock::new();
        assert_eq!(clock.server_time(LocalTime(9)), None);
        clock.add(sample(1_000_000, 40_000, 40_000));
        let now = LocalTime(2_000_000);
        assert_eq!(clock.server_time(now), Some(ServerTime(2_000_000 + OFFSET)));
        assert_eq!(clock.round_trip_micros(), Some(80_000));
    }

    #[test]
    fn the_fastest_probe_wins() {
        let mut clock = ServerClock::new();
        clock.add(sample(1_000_000, 90_000, 20_000));
        clock.add(sample(2_000_000, 21_000, 20_000));
        clock.add(sample(3_000_000, 20_000, 95_000));
        // Some seconds later the slew is over, and the error is that of the best probe: 0.5 ms.
        let now = 10_000_000;
        let shown = clock.server_time(LocalTime(now)).unwrap().0;
        assert!(shown.abs_diff(now + OFFSET) <= 500, "{shown}");
    }

    #[test]
    fn a_clock_far_behind_jumps_forwards_and_one_ahead_only_slows_down() {
        let mut clock = ServerClock::new();
        clock.add(sample(0, 10_000, 10_000));
        let mut ahead = sample(1_000_000, 5_000, 5_000);
        ahead.received = ahead.received + 10_000_000;
        ahead.answered = ahead.answered + 10_000_000;
        clock.add(ahead);
        let jumped = clock.server_time(ahead.returned).unwrap();
        assert_eq!(jumped.0, ahead.returned.0 + OFFSET + 10_000_000);
        clock.add(sample(2_000_000, 1_000, 1_000));
        let earlier = clock.server_time(LocalTime(2_010_000)).unwrap();
        let later = clock.server_time(LocalTime(3_010_000)).unwrap();
        assert_eq!(later.micros_since(earlier), 950_000);
    }

    #[test]
    fn impossible_samples_are_ignored() {
        let mut clock = ServerClock::new();
        let mut broken = sample(1_000, 10, 10);
        broken.returned = LocalTime(999);
        clock.add(broken);
        assert_eq!(clock.server_time(LocalTime(2_000)), None);
    }

    proptest! {
        #[test]
        fn the_shown_time_never_runs_backwards(
            probes in prop::collection::vec((1u64..3_000_000, 0u64..400_000, 0u64..400_000), 1..40),
        ) {
            let mut clock = ServerClock::new();
            let (mut now, mut last) = (0, ServerTime(0));
            for (pause, there, back) in probes {
                let probe = sample(now, there, back);
                clock.add(probe);
                for step in [0, pause / 2, pause] {
                    let shown = clock.server_time(probe.returned + step).unwrap();
                    prop_assert!(shown >= last);
                    last = shown;
                }
                now = probe.returned.0 + pause;
            }
            let error = clock.server_time(LocalTime(now)).unwrap().0.abs_diff(now + OFFSET);
            prop_assert!(error <= 200_000, "{error}");
        }

        #[test]
        fn arbitrary_samples_never_panic(numbers: [u64; 4], now: u64) {
            let [asked, received, answered, returned] = numbers;
            let mut clock = ServerClock::new();
            clock.add(ClockSample {
                asked: LocalTime(asked),
                received: ServerTime(received),
                answered: ServerTime(answered),
                returned: LocalTime(returned),
            });
            clock.server_time(LocalTime(now));
        }
    }
}
