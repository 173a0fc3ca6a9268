//! When packets come, against when they were spoken: how long to wait so that nearly all are there in time.

use crate::FRAME_MICROS;

/// Width of a step of the histogram, µs, and how many there are: half a second.
const STEP_MICROS: u64 = 5_000;
const STEPS: usize = 100;

/// What a packet leaves of those before it in the histogram: half is forgotten after seven seconds of speech.
const KEEP: f32 = 0.998;

/// The part of the packets that must be there in time.
const IN_TIME: f32 = 0.985;

/// Packets of which the quickest counts; half of it is the memory of a clock that drifts.
const WINDOW: u32 = 500;

/// The shortest and the longest wait, µs.
const WAITS: (u64, u64) = (10_000, 400_000);

/// Loss above which it is worth waiting for the next packet, which repairs the one before.
const REPAIR_LOSS: f32 = 0.004;

/// How packets of one speaker arrive.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Least transit of this half of the window and the one before, µs.
    least: [Option<i64>; 2],
    counted: u32,
    late: [f32; STEPS],
    loss: f32,
}

impl Arrival {
    pub fn new() -> Self {
        Self { least: [None; 2], counted: 0, late: [0.0; STEPS], loss: 0.0 }
    }

    /// A packet with this number came at this time, µs.
    pub fn note(&mut self, number: i64, arrived: u64) {
        let transit = arrived as i64 - number * FRAME_MICROS as i64;
        if self.counted >= WINDOW / 2 {
            self.least = [None, self.least[0]];
            self.counted = 0;
        }
        self.counted += 1;
        self.least[0] = Some(self.least[0].map_or(transit, |least| least.min(transit)));
        let late = transit - self.base().unwrap_or(transit);
        let step = (late.max(0) as u64 / STEP_MICROS).min(STEPS as u64 - 1) as usize;
        self.late.iter_mut().for_each(|weight| *weight *= KEEP);
        self.late[step] += 1.0 - KEEP;
    }

    /// A frame was lost, or was not.
    pub fn note_loss(&mut self, is_lost: bool) {
        let now = if is_lost { 1.0 } else { 0.0 };
        self.loss += (now - self.loss) * (1.0 - KEEP);
    }

    /// The part of the frames that is lost.
    pub fn loss(&self) -> f32 {
        self.loss
    }

    fn base(&self) -> Option<i64> {
        self.least.iter().flatten().min().copied()
    }

    /// How long to wait from when the quickest packet would be there, µs.
    pub fn wait(&self) -> u64 {
        let all: f32 = self.late.iter().sum();
        let mut sum = 0.0;
        let steps = self.late.iter().position(|weight| {
            sum += weight;
            sum >= all * IN_TIME
        });
        let wait = (steps.unwrap_or(0) as u64 + 1) * STEP_MICROS;
        let repair = if self.loss > REPAIR_LOSS { FRAME_MICROS } else { 0 };
        (wait + repair).clamp(WAITS.0, WAITS.1)
    }

    /// Which moment of the speech should be heard at this time, µs after the beginning of frame 0; none before the
    /// first packet.
    pub fn due(&self, now: u64) -> Option<i64> {
        Some(now as i64 - self.base()? - self.wait() as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_even_path_needs_the_shortest_wait() {
        let mut arrival = Arrival::new();
        (0..200).for_each(|number| arrival.note(number, 1_000_000 + number as u64 * FRAME_MICROS));
        assert_eq!(arrival.wait(), WAITS.0);
        assert_eq!(arrival.due(1_000_000 + 10_000), Some(0), "the first frame is due after the wait");
    }

    #[test]
    fn loss_is_worth_a_frame_of_waiting() {
        let mut arrival = Arrival::new();
        for number in 0..500 {
            arrival.note(number, number as u64 * FRAME_MICROS);
            arrival.note_loss(number % 20 == 0);
        }
        assert!((0.02..0.08).contains(&arrival.loss()), "{}", arrival.loss());
        assert_eq!(arrival.wait(), WAITS.0.max(STEP_MICROS + FRAME_MICROS));
    }

    #[test]
    fn a_path_that_became_longer_is_forgotten_after_the_window() {
        let mut arrival = Arrival::new();
        (0..300).for_each(|number| arrival.note(number, number as u64 * FRAME_MICROS));
        (300..1_500).for_each(|number| arrival.note(number, 80_000 + number as u64 * FRAME_MICROS));
        assert_eq!(arrival.base(), Some(80_000));
    }

    proptest! {
        #[test]
        fn nearly_all_are_there_in_time(jitter in prop::collection::vec(0u64..40_000, 400)) {
            let mut arrival = Arrival::new();
            for (number, late) in jitter.iter().enumerate() {
                arrival.note(number as i64, number as u64 * FRAME_MICROS + late);
            }
            let base = arrival.base().unwrap();
            let wait = arrival.wait() as i64;
            let late = jitter.iter().filter(|late| **late as i64 - base > wait).count();
            prop_assert!(late * 25 <= jitter.len(), "{late} of {} are late for {wait}", jitter.len());
        }
    }
}
