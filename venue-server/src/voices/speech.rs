//! One speaker's frames as they come: rate, order, level, and how well they arrive.
//!
//! It must not know who listens.

use crate::rate::{Bucket, Rate};
use arrayvec::ArrayVec;
use venue_model::ServerTime;
use venue_protocol::SILENT_LEVEL;

/// A voice has 50 frames a second; a client whose network stalled sends some at once.
const FRAMES: Rate = Rate { burst: 30.0, per_second: 60.0 };

/// Reports a second from one listener, and some at once.
const REPORTS: Rate = Rate { burst: 4.0, per_second: 1.0 };

/// Who said nothing for so long does not speak any more, µs.
const SILENCE_MICROS: u64 = 1_000_000;

/// How many frames below the newest may still come.
const WINDOW: u16 = 64;

/// Of so many listeners the last words count.
const REPORTS_KEPT: usize = 16;

/// What the level keeps of itself from frame to frame.
const LEVEL_KEEP: f32 = 0.9;

/// The levels that count, decibels: who claims to be louder is no nearer, and who whispers is not forgotten.
const LEVELS: (f32, f32) = (-50.0, -12.0);

/// Frames after which the part that was lost on the way here is known anew.
const COUNTED: u32 = 100;

/// One speaker.
#[derive(Debug)]
pub struct Speech {
    frames: Bucket,
    reports: Bucket,
    newest: Option<u16>,
    /// Bit n: the frame n below the newest came.
    came: u64,
    spoke_at: Option<ServerTime>,
    level: f32,
    expected: u32,
    received: u32,
    lost_here: u8,
    lost_there: ArrayVec<u8, REPORTS_KEPT>,
    next_report: usize,
}

impl Speech {
    pub fn new(now: ServerTime) -> Self {
        Self {
            frames: Bucket::new(FRAMES, now),
            reports: Bucket::new(REPORTS, now),
            newest: None,
            came: 0,
            spoke_at: None,
            level: LEVELS.0,
            expected: 0,
            received: 0,
            lost_here: 0,
            lost_there: ArrayVec::new(),
            next_report: 0,
        }
    }

    /// Whether a frame is to be forwarded: it is not one too many, none of before, and came for the first time.
    pub fn take(&mut self, sequence: u16, level: u8, now: ServerTime) -> bool {
        if !self.frames.take(now) || !self.is_news(sequence) {
            return false;
        }
        let level = if level == SILENT_LEVEL { LEVELS.0 } else { -f32::from(level) };
        let level = level.clamp(LEVELS.0, LEVELS.1);
        let keep = if self.speaks(now) { LEVEL_KEEP } else { 0.0 };
        self.level = self.level * keep + level * (1.0 - keep);
        self.spoke_at = Some(now);
        true
    }

    fn is_news(&mut self, sequence: u16) -> bool {
        let Some(newest) = self.newest else {
            (self.newest, self.came) = (Some(sequence), 1);
            return true;
        };
        let ahead = sequence.wrapping_sub(newest);
        if ahead == 0 || ahead >= u16::MAX - WINDOW + 2 {
            let bit = 1 << newest.wrapping_sub(sequence);
            let is_first = self.came & bit == 0;
            self.came |= bit;
            self.received += u32::from(is_first);
            return is_first;
        }
        self.newest = Some(sequence);
        if ahead >= WINDOW {
            // A pause, another device, or a number from nowhere: counting begins anew.
            (self.came, self.expected, self.received) = (1, 0, 0);
            return true;
        }
        self.came = (self.came << ahead) | 1;
        self.count(u32::from(ahead));
        true
    }

    /// In a pause no frames come; only short gaps are losses.
    fn count(&mut self, ahead: u32) {
        const LONGEST_GAP: u32 = 8;
        self.expected += if ahead <= LONGEST_GAP { ahead } else { 1 };
        self.received += 1;
        if self.expected >= COUNTED {
            let lost = self.expected.saturating_sub(self.received);
            self.lost_here = (lost * 255 / self.expected).min(255) as u8;
            (self.expected, self.received) = (0, 0);
        }
    }

    /// Whether something came within the last second.
    pub fn speaks(&self, now: ServerTime) -> bool {
        self.spoke_at.is_some_and(|at| now.micros_since(at) < SILENCE_MICROS)
    }

    /// How loud the voice is, decibels below the loudest.
    pub fn level(&self) -> f32 {
        self.level
    }

    /// Whether a report of this person, as a listener, is taken.
    pub fn may_report(&mut self, now: ServerTime) -> bool {
        self.reports.take(now)
    }

    /// A listener says which part did not come in time, in 255ths.
    pub fn hear_of_loss(&mut self, lost: u8) {
        if self.lost_there.try_push(lost).is_err() {
            self.lost_there[self.next_report] = lost;
        }
        self.next_report = (self.next_report + 1) % REPORTS_KEPT;
    }

    /// The part that does not come to those to whom the way is bad (the worst quarter), in 255ths: what is lost on the way
    /// here is lost for all.
    pub fn lost(&self) -> u8 {
        let mut there = self.lost_there.clone();
        there.sort_unstable();
        let worst = there.get(there.len() * 3 / 4).copied().unwrap_or_default();
        worst.max(self.lost_here)
    }

    /// The part that is lost before it comes here, in 255ths.
    pub fn lost_here(&self) -> u8 {
        self.lost_here
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at_frame(n: u64) -> ServerTime {
        ServerTime(n * 20_000)
    }

    #[test]
    fn a_frame_counts_once() {
        let mut speech = Speech::new(ServerTime(0));
        let taken: Vec<bool> = [10, 12, 11, 12, 10, 11, 13]
            .into_iter()
            .zip(1..)
            .map(|(sequence, n)| speech.take(sequence, 30, at_frame(n)))
            .collect();
        assert_eq!(taken, [true, true, true, false, false, false, true]);
    }

    #[test]
    fn nobody_speaks_faster_than_time() {
        let mut speech = Speech::new(ServerTime(0));
        let taken = (0..2_000u16).filter(|n| speech.take(*n, 30, ServerTime(u64::from(*n) * 1_000))).count();
        assert!((100..200).contains(&taken), "{taken} of 2,000 frames in two seconds");
    }

    #[test]
    fn a_frame_that_does_not_come_is_counted_and_a_pause_is_none() {
        let mut speech = Speech::new(ServerTime(0));
        for n in 0..400u16 {
            if n % 10 != 5 && !(200..260).contains(&n) {
                speech.take(n, 30, at_frame(u64::from(n)));
            }
        }
        let lost = f32::from(speech.lost()) / 255.0;
        assert!((0.08..0.12).contains(&lost), "{lost}");
    }

    #[test]
    fn the_worst_quarter_of_the_listeners_counts() {
        let mut speech = Speech::new(ServerTime(0));
        (0..16).for_each(|n| speech.hear_of_loss(if n < 5 { 30 } else { 0 }));
        assert_eq!(speech.lost(), 30);
        (0..16).for_each(|n| speech.hear_of_loss(if n == 0 { 200 } else { 0 }));
        assert_eq!(speech.lost(), 0, "one listener's bad path costs nobody else's sound");
    }

    proptest! {
        #[test]
        fn any_order_of_numbers_is_borne(numbers in prop::collection::vec(any::<u16>(), 0..200)) {
            let mut speech = Speech::new(ServerTime(0));
            for (n, number) in numbers.iter().enumerate() {
                speech.take(*number, 40, at_frame(n as u64 * 3));
                let again = speech.take(*number, 40, at_frame(n as u64 * 3));
                prop_assert!(!again, "the frame {} twice", number);
            }
        }
    }
}
