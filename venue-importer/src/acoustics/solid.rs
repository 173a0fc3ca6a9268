//! Cells put together to larger ones, that are solid when there is enough of a surface in them.

use super::cells::{Cell, Cells};
use super::guess::Guess;
use glam::Vec3;
use rustc_hash::FxHashMap;

/// A cell with less surface than this share of its face's area is air.
///
/// Where a surface parts two neighbouring cells, it fills a disc as wide as a cell in both together, so one of the two
/// has 0.39 of a face at least: what goes is never a wall.
pub(crate) const LEAST: f32 = 0.3;

/// The solid cells of a space.
#[derive(Clone, Debug, Default)]
pub(crate) struct Solids {
    /// Corner of the cell 0, 0, 0; building frame, metres.
    pub(crate) origin: Vec3,
    /// Metres.
    pub(crate) side: f32,
    map: FxHashMap<[i32; 3], Solid>,
}

/// A solid cell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Solid {
    /// Mean place of the surface in it, building frame.
    pub(crate) middle: Vec3,
    /// Unit normal of it without signs; zero: points do not tell.
    pub(crate) facing: Vec3,
    /// By the way that is looked from, in the order of [`super::rules::Facing`].
    pub(crate) guesses: [Guess; 3],
}

impl Solids {
    /// Puts `factor` cells each way together.
    pub(crate) fn of(
        cells: &Cells,
        sorted: &[([i32; 3], Cell)],
        guesses: &[[Guess; 3]],
        factor: i32,
        least: f32,
    ) -> Self {
        let mut order: Vec<([i32; 3], u32)> = sorted
            .iter()
            .zip(0..)
            .map(|((key, _), at)| (key.map(|value| value.div_euclid(factor)), at))
            .collect();
        order.sort_unstable();
        let side = cells.side * factor as f32;
        let mut map = FxHashMap::default();
        for group in order.chunk_by(|a, b| a.0 == b.0) {
            let of = || group.iter().map(|&(_, at)| (&sorted[at as usize].1, &guesses[at as usize]));
            let area: f32 = of().map(|(cell, _)| cell.area).sum();
            if area < least * side * side {
                continue;
            }
            let weight: f32 = of().map(|(cell, _)| cell.area).sum();
            let middle = of().map(|(cell, _)| cell.middle(cells.origin) * cell.area).sum::<Vec3>() / weight;
            let guesses =
                [0, 1, 2].map(|facing| majority(of().map(|(cell, guess)| (cell.area, guess[facing]))));
            let facing =
                of().map(|(cell, _)| cell.mean_facing() * cell.area).sum::<Vec3>().normalize_or_zero();
            map.insert(group[0].0, Solid { middle, facing, guesses });
        }
        Self { origin: cells.origin, side, map }
    }

    pub(crate) fn get(&self, key: [i32; 3]) -> Option<&Solid> {
        self.map.get(&key)
    }

    pub(crate) fn key(&self, point: Vec3) -> [i32; 3] {
        ((point - self.origin) / self.side).floor().to_array().map(|value| value as i32)
    }

    /// The middle of a cell.
    pub(crate) fn center(&self, key: [i32; 3]) -> Vec3 {
        self.corner(key) + self.side * 0.5
    }

    /// The lowest corner of a cell.
    pub(crate) fn corner(&self, key: [i32; 3]) -> Vec3 {
        self.origin + Vec3::from_array(key.map(|value| value as f32)) * self.side
    }

    /// The solid at a point, or the nearest one in the cells around.
    pub(crate) fn near(&self, point: Vec3) -> Option<&Solid> {
        let key = self.key(point);
        self.get(key).or_else(|| {
            let around = (0..27).map(|i| [key[0] + i % 3 - 1, key[1] + i / 3 % 3 - 1, key[2] + i / 9 - 1]);
            let far = |solid: &&Solid| solid.middle.distance_squared(point);
            around.filter_map(|key| self.get(key)).min_by(|a, b| far(a).total_cmp(&far(b)))
        })
    }
}

/// The material with the most area, and how sure that is.
fn majority(guesses: impl Iterator<Item = (f32, Guess)> + Clone) -> Guess {
    let of = |material: u8| -> f32 {
        guesses.clone().filter(|(_, guess)| guess.material == material).map(|(area, _)| area).sum()
    };
    let mut best: Option<(f32, Guess)> = None;
    for (_, guess) in guesses.clone() {
        if best.is_none_or(|(_, best)| best.material != guess.material) {
            let area = of(guess.material);
            if best.is_none_or(|(most, _)| area > most) {
                best = Some((area, guess));
            }
        }
    }
    best.map_or(Guess { material: 0, confidence: 0.0, why: super::guess::Why::Place }, |(_, guess)| guess)
}
