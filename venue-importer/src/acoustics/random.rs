//! Numbers that look random and are the same in every run.

use glam::Vec3;

/// A sequence of numbers: SplitMix64 (Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to below 1, evenly.
    pub(crate) fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// Below `count`, which is not zero.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        ((self.next() >> 32) as usize * count) >> 32
    }

    /// Unit length, all directions evenly.
    pub(crate) fn direction(&mut self) -> Vec3 {
        let up = self.share() * 2.0 - 1.0;
        let (sin, cos) = (self.share() * std::f32::consts::TAU).sin_cos();
        let flat = (1.0 - up * up).max(0.0).sqrt();
        Vec3::new(cos * flat, up, sin * flat)
    }

    /// Unit length, as a rough surface with this normal sends light and sound: by Lambert's law.
    pub(crate) fn around(&mut self, normal: Vec3) -> Vec3 {
        (normal + self.direction()).normalize_or(normal)
    }
}
