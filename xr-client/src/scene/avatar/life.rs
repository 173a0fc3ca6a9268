//! What makes a face alive: eyes that blink, glance about, and turn to whom they talk with.
//!
//! It must not know bones; it gives angles.

use glam::{Quat, Vec2, Vec3};

/// One blink to each of these intervals, seconds.
const BLINK_EVERY: f32 = 3.4;

/// From open to closed and open again, seconds.
const BLINK_SECS: f32 = 0.17;

/// How far a lid turns down to close the eye, radians.
const LID_RADIANS: f32 = 0.98;

/// A glance to each of these intervals, seconds.
const GLANCE_EVERY: f32 = 1.3;

/// How far glances stray, radians.
const GLANCE_RADIANS: f32 = 0.055;

/// How far eyes turn without the head: to the sides and up or down, radians.
const REACH: Vec2 = Vec2::new(0.50, 0.30);

/// How quickly eyes find their aim, 1/s.
const QUICKNESS: f32 = 14.0;

/// One face's life.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    seed: u32,
    secs: f32,
    /// To the left and up, radians.
    gaze: Vec2,
}

impl Life {
    /// A face; `seed` keeps a crowd from blinking together.
    pub fn new(seed: u32) -> Self {
        Self { seed, secs: part(seed, 0) * 30.0, gaze: Vec2::ZERO }
    }

    /// Moves on; `aim` is the direction to what is looked at, in the head's own frame.
    pub fn advance(&mut self, aim: Option<Vec3>, dt: f32) {
        // After an hour it begins again, long before the seconds lose their fractions.
        self.secs = (self.secs + dt).rem_euclid(3_600.0);
        let wanted = aim.and_then(Vec3::try_normalize).filter(|aim| aim.z < -0.2).map_or(Vec2::ZERO, |aim| {
            Vec2::new((-aim.x).atan2(-aim.z), aim.y.clamp(-1.0, 1.0).asin()).clamp(-REACH, REACH)
        });
        let glance = (self.secs / GLANCE_EVERY) as u32;
        let stray = Vec2::new(part(self.seed, glance) - 0.5, 0.5 * (part(self.seed ^ 0x55, glance) - 0.5));
        let target = wanted + stray * 2.0 * GLANCE_RADIANS;
        self.gaze += (target - self.gaze) * (QUICKNESS * dt).min(1.0);
    }

    /// The eyes' turn in the head.
    pub fn eyes(&self) -> Quat {
        Quat::from_rotation_y(self.gaze.x) * Quat::from_rotation_x(self.gaze.y)
    }

    /// The lids' turn: they follow the eyes a little and close in a blink.
    pub fn lids(&self) -> Quat {
        let closed = self.closed();
        Quat::from_rotation_x(-LID_RADIANS * closed + 0.35 * self.gaze.y * (1.0 - closed))
    }

    /// 0 while the eyes are open, 1 in the middle of a blink.
    fn closed(&self) -> f32 {
        let interval = (self.secs / BLINK_EVERY) as u32;
        let start = part(self.seed, interval) * (BLINK_EVERY - BLINK_SECS);
        let through = (self.secs - interval as f32 * BLINK_EVERY - start) / BLINK_SECS;
        if (0.0..1.0).contains(&through) { (through * std::f32::consts::PI).sin() } else { 0.0 }
    }
}

/// An even number from 0 to 1 for a place in a sequence.
pub fn part(seed: u32, place: u32) -> f32 {
    let mixed = (seed ^ place.wrapping_mul(0x9E37_79B9)).wrapping_mul(0x85EB_CA6B);
    let mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xC2B2_AE35);
    (mixed >> 8) as f32 / 16_777_216.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const DT: f32 = 1.0 / 90.0;

    #[test]
    fn everybody_blinks_about_every_few_seconds_and_not_together() {
        let mut lives = [Life::new(1), Life::new(2)];
        let mut blinks = [0, 0];
        let mut together = 0;
        let mut before = [0.0f32; 2];
        for _ in 0..(60.0 / DT) as usize {
            let mut starts = 0;
            for (index, life) in lives.iter_mut().enumerate() {
                life.advance(None, DT);
                let closed = life.closed();
                if before[index] < 0.5 && closed >= 0.5 {
                    blinks[index] += 1;
                    starts += 1;
                }
                before[index] = closed;
            }
            together += usize::from(starts == 2);
        }
        assert!(blinks.iter().all(|count| (14..=20).contains(count)), "{blinks:?}");
        assert!(together < 3, "{together}");
    }

    #[test]
    fn eyes_turn_to_their_aim_and_not_out_of_the_head() {
        let mut life = Life::new(3);
        let settled = |life: &mut Life, aim| {
            (0..60).for_each(|_| life.advance(Some(aim), DT));
            life.eyes() * Vec3::NEG_Z
        };
        let left = Vec3::new(-0.3, 0.1, -1.0).normalize();
        assert!(settled(&mut life, left).dot(left) > 0.98);
        let beside = settled(&mut life, Vec3::new(1.0, 0.0, -0.3));
        assert!(beside.x > 0.3 && beside.z < -0.7, "{beside}");
        assert!(settled(&mut life, Vec3::Z).z < -0.9, "what is behind is not looked at");
    }
}
