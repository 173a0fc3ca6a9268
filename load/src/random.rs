//! Chance that is the same in every run: a load is compared with the load before.

/// A generator (SplitMix64: Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// At least `from` and less than `to`.
    pub fn between(&mut self, from: f32, to: f32) -> f32 {
        let part = (self.bits() >> 40) as f32 / (1_u64 << 24) as f32;
        from + (to - from) * part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_cover_their_range_and_repeat_by_seed() {
        let draw = |seed| -> Vec<f32> {
            let mut random = Random::new(seed);
            (0..1_000).map(|_| random.between(2.0, 4.0)).collect()
        };
        let drawn = draw(7);
        assert!(drawn.iter().all(|number| (2.0..4.0).contains(number)));
        let mean = drawn.iter().sum::<f32>() / 1_000.0;
        assert!((mean - 3.0).abs() < 0.06, "{mean}");
        assert_eq!(drawn, draw(7));
        assert_ne!(drawn, draw(8));
    }
}
