//! How often it is worked out what somebody in a crowd does: as often as one can see it. Where they stand is followed in
//! every frame.
//!
//! It must not know poses; it counts seconds.

use venue_model::ParticipantId;

/// Between two steps of somebody who is seen, seconds: the table of poses has no finer ones.
const SEEN_SECS: f32 = 1.0 / 30.0;

/// The same for who is so small that a step of the legs moves them by less than a pixel.
const SMALL_SECS: f32 = 1.0 / 15.0;

/// Who is smaller than this is small, pixels.
const SMALL_PIXELS: f32 = 24.0;

/// The same for who is outside of every view: a walk that is not seen goes on all the same, but roughly.
const UNSEEN_SECS: f32 = 0.2;

/// When somebody's next step is due.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Since the last step, seconds.
    waited: f32,
    /// Until the next one, seconds.
    left: f32,
    interval: f32,
    /// Part of an interval by which the second step comes later, so that not everybody steps in the same frame.
    phase: f32,
}

impl Pace {
    /// The pace of a newcomer, whose first step is due at once.
    pub fn of(id: ParticipantId) -> Self {
        // The golden ratio spreads consecutive numbers evenly.
        let phase = (id.0 as f32 * 0.618_034).fract();
        Self { waited: 0.0, left: 0.0, interval: SEEN_SECS, phase }
    }

    /// How somebody is seen from the next frame on.
    pub fn follow_view(&mut self, is_in_view: bool, pixels: f32) {
        let interval = match is_in_view {
            false => UNSEEN_SECS,
            true if pixels < SMALL_PIXELS => SMALL_SECS,
            true => SEEN_SECS,
        };
        // Who comes into view has no time to lose.
        self.left = self.left.min(interval);
        self.interval = interval;
    }

    /// Lets a frame pass; how many seconds the step moves on by that is due in it, if one is.
    pub fn advance(&mut self, dt: f32) -> Option<f32> {
        self.waited += dt;
        self.left -= dt;
        // The next frame would be farther from the right moment than this one.
        if self.left > dt * 0.5 {
            return None;
        }
        let late = std::mem::take(&mut self.phase) * self.interval;
        self.left = (self.left + self.interval).max(self.interval * 0.5) + late;
        Some(std::mem::take(&mut self.waited))
    }

    /// Lets a frame pass in which a step is made in any case; how many seconds it moves on by.
    pub fn step(&mut self, dt: f32) -> f32 {
        self.left = 0.0;
        std::mem::take(&mut self.waited) + dt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DT: f32 = 1.0 / 60.0;

    /// Steps in so many frames, and the seconds that they moved on by.
    fn steps(pace: &mut Pace, frames: usize, dt: f32) -> (usize, f32) {
        let made: Vec<f32> = (0..frames).filter_map(|_| pace.advance(dt)).collect();
        (made.len(), made.iter().sum())
    }

    #[test]
    fn who_is_seen_steps_as_often_as_the_table_does_and_loses_no_time() {
        for (hertz, fewest) in [(60.0, 29), (72.0, 30), (90.0, 29), (20.0, 20)] {
            let mut pace = Pace::of(ParticipantId(5));
            let (count, secs) = steps(&mut pace, hertz as usize * 10, 1.0 / hertz);
            assert!((fewest * 10..=370).contains(&count), "{hertz} Hz: {count} steps in ten seconds");
            assert!((10.0 - secs).abs() < 0.06, "{hertz} Hz: {secs} s");
        }
    }

    #[test]
    fn not_everybody_steps_in_the_same_frame() {
        let mut crowd: Vec<Pace> = (1..=1_000).map(|id| Pace::of(ParticipantId(id))).collect();
        let mut due = || crowd.iter_mut().filter_map(|pace| pace.advance(DT)).count();
        assert_eq!(due(), 1_000, "newcomers are shown at once");
        let busiest = (0..60).map(|_| due()).skip(10).max().unwrap();
        assert!(busiest < 600, "{busiest} of 1,000 step in one frame");
    }

    #[test]
    fn who_comes_into_view_is_right_at_once_and_whoever_leaves_it_hardly_costs_anything() {
        let mut pace = Pace::of(ParticipantId(5));
        pace.follow_view(false, 100.0);
        assert!(steps(&mut pace, 600, DT).0 <= 52);
        pace.follow_view(true, 100.0);
        assert!(steps(&mut pace, 3, DT).0 >= 1);
        assert!(steps(&mut pace, 600, DT).0 >= 290);
        pace.follow_view(true, 10.0);
        assert!(steps(&mut pace, 600, DT).0 <= 160);
        pace.advance(DT);
        assert!(pace.step(DT) >= DT, "what was waited for is not lost");
    }
}
