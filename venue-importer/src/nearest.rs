//! The place of a surface that is nearest to a point: a tree of boxes over triangles. Knows no files.

use glam::Vec3;

/// Triangles of a leaf at most: fewer cost more memory, more cost more time.
const LEAF: usize = 4;

/// What faces about the same way, as a cosine.
const SAME_WAY: f32 = 0.1;

/// A triangle to be found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Triangle {
    pub(crate) corners: [Vec3; 3],
    /// The caller's number for it.
    pub(crate) number: u32,
}

impl Triangle {
    pub(crate) fn new(corners: [Vec3; 3], number: u32) -> Self {
        Self { corners, number }
    }

    fn normal(&self) -> Vec3 {
        let [a, b, c] = self.corners;
        (b - a).cross(c - a).normalize_or_zero()
    }

    fn middle(&self) -> Vec3 {
        self.corners.iter().sum::<Vec3>() / 3.0
    }
}

/// A point of the surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Found {
    /// The triangle's number.
    pub(crate) number: u32,
    /// Weights of its corners.
    pub(crate) weights: [f32; 3],
    /// How far away, squared.
    pub(crate) squared: f32,
}

/// Places that a search has not looked into yet, with their distances squared; kept from search to search.
pub(crate) type Open = Vec<(f32, u32)>;

#[derive(Clone, Copy, Debug)]
struct Box3 {
    min: Vec3,
    max: Vec3,
    /// The first triangle of a leaf, or the right child; the left one follows its parent.
    at: u32,
    /// Triangles; 0 for a box with two children.
    count: u32,
}

impl Box3 {
    fn squared(&self, point: Vec3) -> f32 {
        (self.min - point).max(point - self.max).max(Vec3::ZERO).length_squared()
    }
}

/// Triangles in the order of a tree of boxes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surface {
    triangles: Vec<Triangle>,
    /// Children behind their parents; the left child follows at once.
    boxes: Vec<Box3>,
}

impl Surface {
    pub(crate) fn new(mut triangles: Vec<Triangle>) -> Self {
        let mut boxes = Vec::with_capacity(triangles.len() / 2 + 1);
        if !triangles.is_empty() {
            enclose(&mut triangles, 0, &mut boxes);
        }
        Self { triangles, boxes }
    }

    /// Numbers the triangles in their order.
    pub(crate) fn numbered(triangles: impl IntoIterator<Item = [Vec3; 3]>) -> Self {
        let numbered = triangles.into_iter().zip(0..).map(|(corners, number)| Triangle::new(corners, number));
        Self::new(numbered.collect())
    }

    /// The triangles, in the tree's order.
    pub(crate) fn triangles(&self) -> &[Triangle] {
        &self.triangles
    }

    /// The nearest point on a triangle that faces about this way, or any; none beyond `squared`.
    pub(crate) fn nearest(
        &self,
        point: Vec3,
        facing: Option<Vec3>,
        squared: f32,
        open: &mut Open,
    ) -> Option<Found> {
        let (mut best, mut bound) = (None, squared);
        open.clear();
        open.extend(self.boxes.first().map(|all| (all.squared(point), 0)));
        while let Some((away, at)) = open.pop() {
            if away > bound {
                continue;
            }
            let inner = self.boxes[at as usize];
            if inner.count == 0 {
                let mut below =
                    [at + 1, inner.at].map(|child| (self.boxes[child as usize].squared(point), child));
                if below[0].0 < below[1].0 {
                    below.swap(0, 1);
                }
                open.extend(below);
                continue;
            }
            for triangle in &self.triangles[inner.at as usize..(inner.at + inner.count) as usize] {
                if facing.is_some_and(|facing| triangle.normal().dot(facing) < SAME_WAY) {
                    continue;
                }
                let weights = nearest_weights(point, triangle.corners);
                // From a corner: a sum of weighted corners loses a micrometre in a large room.
                let [a, b, c] = triangle.corners;
                let there = a + (b - a) * weights[1] + (c - a) * weights[2];
                let squared = there.distance_squared(point);
                if squared <= bound {
                    bound = squared;
                    best = Some(Found { number: triangle.number, weights, squared });
                }
            }
        }
        best
    }
}

/// Puts a box around some triangles, and boxes around its halves below it.
fn enclose(triangles: &mut [Triangle], first: u32, boxes: &mut Vec<Box3>) {
    let mut inner = Box3 { min: Vec3::MAX, max: Vec3::MIN, at: first, count: 0 };
    let (mut low, mut high) = (Vec3::MAX, Vec3::MIN);
    for triangle in triangles.iter() {
        inner.min = triangle.corners.iter().fold(inner.min, |min, corner| min.min(*corner));
        inner.max = triangle.corners.iter().fold(inner.max, |max, corner| max.max(*corner));
        (low, high) = (low.min(triangle.middle()), high.max(triangle.middle()));
    }
    let place = boxes.len();
    if triangles.len() <= LEAF {
        inner.count = triangles.len() as u32;
        boxes.push(inner);
        return;
    }
    boxes.push(inner);
    let size = high - low;
    let axis = (0..3).fold(0, |axis, other| if size[other] > size[axis] { other } else { axis });
    let half = triangles.len() / 2;
    triangles.select_nth_unstable_by(half, |a, b| {
        a.middle()[axis].total_cmp(&b.middle()[axis]).then(a.number.cmp(&b.number))
    });
    let (left, right) = triangles.split_at_mut(half);
    enclose(left, first, boxes);
    boxes[place].at = boxes.len() as u32;
    enclose(right, first + half as u32, boxes);
}

/// Weights of the corners for the triangle's point that is nearest (Ericson, Real-Time Collision Detection, 5.1.5).
fn nearest_weights(point: Vec3, [a, b, c]: [Vec3; 3]) -> [f32; 3] {
    let (ab, ac, ap) = (b - a, c - a, point - a);
    let (d1, d2) = (ab.dot(ap), ac.dot(ap));
    if d1 <= 0.0 && d2 <= 0.0 {
        return [1.0, 0.0, 0.0];
    }
    let bp = point - b;
    let (d3, d4) = (ab.dot(bp), ac.dot(bp));
    if d3 >= 0.0 && d4 <= d3 {
        return [0.0, 1.0, 0.0];
    }
    let vc = d1 * d4 - d3 * d2;
    if vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0 {
        let v = d1 / (d1 - d3);
        return [1.0 - v, v, 0.0];
    }
    let cp = point - c;
    let (d5, d6) = (ab.dot(cp), ac.dot(cp));
    if d6 >= 0.0 && d5 <= d6 {
        return [0.0, 0.0, 1.0];
    }
    let vb = d5 * d2 - d1 * d6;
    if vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0 {
        let w = d2 / (d2 - d6);
        return [1.0 - w, 0.0, w];
    }
    let va = d3 * d6 - d5 * d4;
    if va <= 0.0 && d4 - d3 >= 0.0 && d5 - d6 >= 0.0 {
        let w = (d4 - d3) / ((d4 - d3) + (d5 - d6));
        return [0.0, 1.0 - w, w];
    }
    let whole = va + vb + vc;
    if whole <= 0.0 {
        return [1.0, 0.0, 0.0];
    }
    let (v, w) = (vb / whole, vc / whole);
    [1.0 - v - w, v, w]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number between 0 and 1, another for each `n`.
    fn unit(n: u32) -> f32 {
        (n.wrapping_mul(2_654_435_761) >> 8) as f32 / (1 << 24) as f32
    }

    fn some(count: u32) -> Vec<Triangle> {
        let at = |n: u32| Vec3::new(unit(n), unit(n + 7), unit(n + 13));
        let triangle = |n: u32| {
            let middle = at(n * 31) * 10.0;
            Triangle::new([0, 1, 2].map(|i| middle + at(n * 97 + i * 5)), n)
        };
        (0..count).map(triangle).collect()
    }

    #[test]
    fn the_tree_finds_what_a_look_at_every_triangle_finds() {
        let all = some(700);
        let surface = Surface::new(all.clone());
        let mut open = Open::new();
        for n in 0..300 {
            let point = Vec3::new(unit(n * 3 + 1), unit(n * 5 + 2), unit(n * 7 + 3)) * 12.0 - 1.0;
            let normal = Vec3::new(unit(n) - 0.5, unit(n + 1) - 0.5, unit(n + 2) - 0.5).normalize();
            let away = |triangle: &Triangle| {
                let weights = nearest_weights(point, triangle.corners);
                (0..3).map(|i| triangle.corners[i] * weights[i]).sum::<Vec3>().distance_squared(point)
            };
            let facing = all.iter().filter(|triangle| triangle.normal().dot(normal) >= SAME_WAY);
            let least = facing.map(away).fold(f32::MAX, f32::min);
            let found = surface.nearest(point, Some(normal), f32::MAX, &mut open).unwrap();
            assert!((found.squared - least).abs() <= 1e-5 * least.max(1e-3), "{found:?} {least}");
            assert!((found.weights.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
        assert_eq!(surface.nearest(Vec3::splat(100.0), None, 1.0, &mut open), None);
        assert_eq!(Surface::new(Vec::new()).nearest(Vec3::ZERO, None, 1.0, &mut open), None);
    }

    #[test]
    fn the_nearest_point_of_a_triangle_is_at_a_corner_on_an_edge_or_inside() {
        let corners = [Vec3::ZERO, Vec3::X, Vec3::Z];
        let check = |point: Vec3, expected: [f32; 3]| {
            let weights = nearest_weights(point, corners);
            assert!((0..3).all(|i| (weights[i] - expected[i]).abs() < 1e-6), "{point} {weights:?}");
        };
        check(Vec3::new(-1.0, 2.0, -1.0), [1.0, 0.0, 0.0]);
        check(Vec3::new(3.0, 1.0, 0.0), [0.0, 1.0, 0.0]);
        check(Vec3::new(0.5, 1.0, -2.0), [0.5, 0.5, 0.0]);
        check(Vec3::new(2.0, 1.0, 2.0), [0.0, 0.5, 0.5]);
        check(Vec3::new(0.25, 9.0, 0.25), [0.5, 0.25, 0.25]);
    }
}
