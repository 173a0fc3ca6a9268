//! The true height of the floor: voxels are centimetres off, the model's triangles are not.

use glam::{Vec2, Vec3, Vec3Swizzles};
use std::collections::BTreeMap;

/// Metres on a side of a bin.
const BIN: f32 = 1.0;
/// A triangle over more bins than this is kept in one list of large ones.
const MANY_BINS: usize = 256;

/// Floor triangles, found by where they lie seen from above.
#[derive(Debug, Default)]
pub(crate) struct FloorProbe {
    triangles: Vec<[Vec3; 3]>,
    bins: BTreeMap<(i32, i32), Vec<u32>>,
    large: Vec<u32>,
}

impl FloorProbe {
    pub(crate) fn add(&mut self, triangle: [Vec3; 3]) {
        let index = self.triangles.len() as u32;
        self.triangles.push(triangle);
        let min = bin(triangle[0].min(triangle[1]).min(triangle[2]).xz());
        let max = bin(triangle[0].max(triangle[1]).max(triangle[2]).xz());
        // A wild coordinate lies in a bin at the end of the numbers.
        let side = |from: i32, to: i32| i64::from(to) - i64::from(from) + 1;
        if side(min.0, max.0).saturating_mul(side(min.1, max.1)) > MANY_BINS as i64 {
            self.large.push(index);
            return;
        }
        for x in min.0..=max.0 {
            for z in min.1..=max.1 {
                self.bins.entry((x, z)).or_default().push(index);
            }
        }
    }

    /// The floor's height nearest to `guess`, not farther from it than `reach` up or down.
    pub(crate) fn height(&self, guess: Vec3, reach: f32) -> Option<f32> {
        let near = self.bins.get(&bin(guess.xz())).into_iter().flatten().chain(&self.large);
        let heights = near.filter_map(|&index| height_on(self.triangles[index as usize], guess.xz()));
        heights
            .filter(|height| (height - guess.y).abs() <= reach)
            .min_by(|a, b| (a - guess.y).abs().total_cmp(&(b - guess.y).abs()))
    }
}

fn bin(at: Vec2) -> (i32, i32) {
    ((at.x / BIN).floor() as i32, (at.y / BIN).floor() as i32)
}

fn height_on([a, b, c]: [Vec3; 3], at: Vec2) -> Option<f32> {
    let (u, v, w) = (b.xz() - a.xz(), c.xz() - a.xz(), at - a.xz());
    let area = u.perp_dot(v);
    if area.abs() < 1e-10 {
        return None;
    }
    let (along_u, along_v) = (w.perp_dot(v) / area, u.perp_dot(w) / area);
    let is_inside = along_u >= -1e-4 && along_v >= -1e-4 && along_u + along_v <= 1.0001;
    is_inside.then_some(a.y + along_u * (b.y - a.y) + along_v * (c.y - a.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_storey_nearest_to_the_guess_answers() {
        let mut probe = FloorProbe::default();
        for (y, size) in [(0.0, 3.0), (3.0, 300.0)] {
            probe.add([Vec3::new(0.0, y, 0.0), Vec3::new(0.0, y, size), Vec3::new(size, y, 0.0)]);
        }
        let check = |guess: Vec3, expected| assert_eq!(probe.height(guess, 0.3), expected, "{guess}");
        check(Vec3::new(1.0, 0.1, 1.0), Some(0.0));
        check(Vec3::new(1.0, 2.9, 1.0), Some(3.0));
        check(Vec3::new(1.0, 1.5, 1.0), None);
        check(Vec3::new(2.9, 0.0, 2.9), None);
        check(Vec3::new(100.0, 3.1, 100.0), Some(3.0));
    }

    #[test]
    fn a_triangle_from_one_end_of_the_numbers_to_the_other_fills_no_bins() {
        let mut probe = FloorProbe::default();
        let far = f32::MAX;
        probe.add([Vec3::new(-far, 0.0, -far), Vec3::new(far, 0.0, -far), Vec3::new(far, 0.0, far)]);
        assert!(probe.bins.is_empty());
        assert_eq!(probe.large, [0]);
    }
}
