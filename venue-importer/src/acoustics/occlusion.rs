//! How much of the sound between two places is blocked: the same pairs in the full and in the small mesh.

use super::random::Random;
use glam::Vec3;

/// Pairs of places.
const PAIRS: usize = 160;
/// Rays between two places.
const RAYS: usize = 8;
/// A voice is about so large, metres.
const RADIUS: f32 = 0.2;

/// Ways from around one place to around another.
pub(crate) type Pair = [[Vec3; 2]; RAYS];

/// Pairs of these places.
pub(crate) fn pairs(places: &[Vec3]) -> Vec<Pair> {
    if places.len() < 2 {
        return Vec::new();
    }
    let mut random = Random::new(0x0cc1);
    (0..PAIRS)
        .map(|_| {
            let ends = [places[random.below(places.len())], places[random.below(places.len())]];
            std::array::from_fn(|_| {
                ends.map(|end| end + random.direction() * (RADIUS * random.share().cbrt()))
            })
        })
        .collect()
}

/// For each pair, the share of ways that are blocked.
pub(crate) fn shares(pairs: &[Pair], is_blocked: impl Fn(Vec3, Vec3) -> bool) -> Vec<f32> {
    let blocked = |pair: &Pair| pair.iter().filter(|[from, to]| is_blocked(*from, *to)).count();
    pairs.iter().map(|pair| blocked(pair) as f32 / RAYS as f32).collect()
}

/// The mean of two lists, and of how far they are apart.
pub(crate) fn compared(own: &[f32], full: &[f32]) -> ([f32; 2], f32) {
    let count = own.len().max(1) as f32;
    let mean = |list: &[f32]| list.iter().sum::<f32>() / count;
    let apart: f32 = own.iter().zip(full).map(|(own, full)| (own - full).abs()).sum();
    ([mean(own), mean(full)], apart / count)
}
