//! How far one surface lies from another: distances from points that are spread evenly over it.

use crate::nearest::{Open, Surface, Triangle};
use glam::Vec3;
use serde::Serialize;

/// Distances in millimetres, from the surface that is named to the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The mean.
    pub mean_mm: f64,
    /// Of a hundred points 99 are nearer.
    pub p99_mm: f64,
    /// The farthest point that was tried.
    pub max_mm: f64,
}

impl Spread {
    /// The worse of two, number by number.
    pub fn worse(self, other: Self) -> Self {
        Self {
            mean_mm: self.mean_mm.max(other.mean_mm),
            p99_mm: self.p99_mm.max(other.p99_mm),
            max_mm: self.max_mm.max(other.max_mm),
        }
    }
}

/// Measures from so many points of one surface to the other; nothing when either is empty.
pub(super) fn measure(from: &Surface, to: &Surface, points: usize) -> Option<Spread> {
    let mut open = Open::new();
    let mut away =
        |point| to.nearest(point, None, f32::INFINITY, &mut open).map(|found| found.squared.sqrt());
    let mut distances: Vec<f32> =
        spread(from.triangles(), points).into_iter().filter_map(&mut away).collect();
    distances.sort_unstable_by(f32::total_cmp);
    let last = *distances.last()?;
    let at = (distances.len() * 99).div_ceil(100).saturating_sub(1);
    let sum: f64 = distances.iter().copied().map(f64::from).sum();
    Some(Spread {
        mean_mm: sum / distances.len() as f64 * 1e3,
        p99_mm: f64::from(distances[at]) * 1e3,
        max_mm: f64::from(last) * 1e3,
    })
}

/// Points by area: one in each of so many equal shares of it, inside of its triangle by a sequence that fills evenly
/// (R2: Roberts, 2018). The same surface always gives the same points.
fn spread(triangles: &[Triangle], points: usize) -> Vec<Vec3> {
    let area =
        |Triangle { corners: [a, b, c], .. }: &Triangle| f64::from((*b - *a).cross(*c - *a).length()) * 0.5;
    let step = triangles.iter().map(area).sum::<f64>() / points as f64;
    let mut out = Vec::with_capacity(points);
    if step <= 0.0 {
        return out;
    }
    let mut behind = 0.0;
    for triangle in triangles {
        behind += area(triangle);
        while (out.len() as f64 + 0.5) * step < behind && out.len() < points {
            let number = out.len() as f64;
            let (mut u, mut v) = ((number * 0.754_877_666_2).fract(), (number * 0.569_840_291).fract());
            if u + v > 1.0 {
                (u, v) = (1.0 - u, 1.0 - v);
            }
            let [a, b, c] = triangle.corners;
            out.push(a + (b - a) * u as f32 + (c - a) * v as f32);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square of a metre at a height, out of `side` × `side` quads.
    fn sheet(side: i32, height: f32) -> Surface {
        let point = |x: i32, z: i32| Vec3::new(x as f32, height * side as f32, z as f32) / side as f32;
        let quads = (0..side).flat_map(|x| (0..side).map(move |z| (x, z)));
        let halves = quads.flat_map(|(x, z)| {
            let [a, b, c, d] = [point(x, z), point(x, z + 1), point(x + 1, z + 1), point(x + 1, z)];
            [[a, b, c], [a, c, d]]
        });
        Surface::numbered(halves)
    }

    #[test]
    fn points_are_spread_by_area_and_not_by_triangles() {
        let mut triangles = sheet(20, 0.0).triangles().to_vec();
        triangles.extend(sheet(1, 1.0).triangles());
        let points = spread(&triangles, 1_000);
        let high = points.iter().filter(|point| point.y > 0.5).count();
        assert_eq!((points.len(), high), (1_000, 500));
        let near = points.iter().filter(|point| point.x < 0.5 && point.z < 0.5).count();
        assert!((200..300).contains(&near), "{near}");
    }

    #[test]
    fn sheets_in_parallel_are_as_far_apart_as_they_are() {
        let spread = measure(&sheet(9, 0.0), &sheet(4, 0.002), 5_000).unwrap();
        assert!((spread.mean_mm - 2.0).abs() < 1e-3 && (spread.max_mm - 2.0).abs() < 1e-3, "{spread:?}");
        assert_eq!(measure(&sheet(9, 0.0), &Surface::default(), 100), None);
    }

    #[test]
    fn one_bad_place_is_in_the_largest_and_not_in_the_99th() {
        let mut triangles = sheet(10, 0.0).triangles().to_vec();
        let spike = [Vec3::ZERO, Vec3::new(0.02, 0.5, 0.0), Vec3::new(0.0, 0.5, 0.02)];
        triangles.push(Triangle::new(spike, 200));
        let spread = measure(&Surface::new(triangles), &sheet(10, 0.0), 20_000).unwrap();
        assert!(spread.max_mm > 300.0 && spread.p99_mm < 1.0, "{spread:?}");
    }
}
