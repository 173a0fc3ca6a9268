//! The place of a surface that is nearest to a point: a tree of boxes over triangles. Knows no files.

use glam::Vec3;

/// Triangles of a leaf at most: fewer cost more memory, more cost more time.
const LEAF: usize = 6;

/// Triangles in the order of a tree of boxes.
#[derive(Clone, Debug, Default)]
pub(super) struct Nearest {
    triangles: Vec<[Vec3; 3]>,
    /// Children behind their parents; the first child follows at once.
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    min: Vec3,
    max: Vec3,
    /// Of a leaf its first triangle, else the node of the second child.
    at: u32,
    /// Triangles of a leaf; 0 of others.
    count: u32,
}

impl Nearest {
    /// Builds the tree.
    pub(super) fn new(mut triangles: Vec<[Vec3; 3]>) -> Self {
        let mut nodes = Vec::with_capacity(triangles.len() / 2 + 1);
        if !triangles.is_empty() {
            grow(&mut triangles, 0, &mut nodes);
        }
        Self { triangles, nodes }
    }

    /// The triangles, in the tree's order.
    pub(super) fn triangles(&self) -> &[[Vec3; 3]] {
        &self.triangles
    }

    /// How far the surface is from a point; infinite when there is none. `open` is scratch.
    pub(super) fn distance(&self, point: Vec3, open: &mut Vec<(f32, u32)>) -> f32 {
        let mut best = f32::INFINITY;
        open.clear();
        open.extend(self.nodes.first().map(|root| (root.distance_squared(point), 0)));
        while let Some((distance, at)) = open.pop() {
            if distance >= best {
                continue;
            }
            let node = &self.nodes[at as usize];
            if node.count > 0 {
                let leaf = &self.triangles[node.at as usize..(node.at + node.count) as usize];
                for triangle in leaf {
                    best = best.min(closest(point, *triangle).distance_squared(point));
                }
                continue;
            }
            let child = |at: u32| (self.nodes[at as usize].distance_squared(point), at);
            let (first, second) = (child(at + 1), child(node.at));
            // The nearer one is looked into first.
            open.extend(if first.0 < second.0 { [second, first] } else { [first, second] });
        }
        best.sqrt()
    }
}

/// Puts a node for these triangles and those below it; `first` is the number of the first of them.
fn grow(triangles: &mut [[Vec3; 3]], first: u32, nodes: &mut Vec<Node>) {
    let corners = || triangles.iter().flatten().copied();
    let min = corners().fold(Vec3::INFINITY, Vec3::min);
    let max = corners().fold(Vec3::NEG_INFINITY, Vec3::max);
    let own = nodes.len();
    nodes.push(Node { min, max, at: first, count: triangles.len() as u32 });
    if triangles.len() <= LEAF {
        return;
    }
    let axis = (max - min).max_position();
    let middle = |triangle: &[Vec3; 3]| triangle[0][axis] + triangle[1][axis] + triangle[2][axis];
    let half = triangles.len() / 2;
    triangles.select_nth_unstable_by(half, |a, b| middle(a).total_cmp(&middle(b)));
    let (low, high) = triangles.split_at_mut(half);
    grow(low, first, nodes);
    (nodes[own].at, nodes[own].count) = (nodes.len() as u32, 0);
    grow(high, first + half as u32, nodes);
}

impl Node {
    fn distance_squared(&self, point: Vec3) -> f32 {
        point.clamp(self.min, self.max).distance_squared(point)
    }
}

/// The point of a triangle that is nearest to another (Ericson, Real-Time Collision Detection, 5.1.5).
fn closest(point: Vec3, [a, b, c]: [Vec3; 3]) -> Vec3 {
    let (ab, ac) = (b - a, c - a);
    let from = |corner: Vec3| (ab.dot(point - corner), ac.dot(point - corner));
    let (d1, d2) = from(a);
    if d1 <= 0.0 && d2 <= 0.0 {
        return a;
    }
    let (d3, d4) = from(b);
    if d3 >= 0.0 && d4 <= d3 {
        return b;
    }
    let (d5, d6) = from(c);
    if d6 >= 0.0 && d5 <= d6 {
        return c;
    }
    let on_ab = d1 * d4 - d3 * d2;
    if on_ab <= 0.0 && d1 >= 0.0 && d3 <= 0.0 {
        return a + ab * (d1 / (d1 - d3));
    }
    let on_ac = d5 * d2 - d1 * d6;
    if on_ac <= 0.0 && d2 >= 0.0 && d6 <= 0.0 {
        return a + ac * (d2 / (d2 - d6));
    }
    let on_bc = d3 * d6 - d5 * d4;
    if on_bc <= 0.0 && d4 - d3 >= 0.0 && d5 - d6 >= 0.0 {
        return b + (c - b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6)));
    }
    let sum = on_bc + on_ac + on_ab;
    // A triangle without an area has none of the regions above but this; its corners are as near as can be told.
    if sum <= 0.0 { a } else { a + ab * (on_ac / sum) + ac * (on_ab / sum) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> impl FnMut() -> f32 {
        let mut state = 9_u64;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1 << 24) as f32
        }
    }

    #[test]
    fn every_region_of_a_triangle_is_found() {
        let triangle = [Vec3::ZERO, Vec3::X * 4.0, Vec3::Z * 4.0];
        let check = |point: [f32; 3], expected: [f32; 3]| {
            let found = closest(Vec3::from(point), triangle);
            assert!(found.abs_diff_eq(Vec3::from(expected), 1e-6), "{point:?}: {found}");
        };
        check([1.0, 2.0, 1.0], [1.0, 0.0, 1.0]);
        check([-1.0, 1.0, -1.0], [0.0, 0.0, 0.0]);
        check([9.0, 0.0, -1.0], [4.0, 0.0, 0.0]);
        check([-2.0, 0.0, 9.0], [0.0, 0.0, 4.0]);
        check([2.0, 1.0, -3.0], [2.0, 0.0, 0.0]);
        check([-3.0, 1.0, 2.0], [0.0, 0.0, 2.0]);
        check([4.0, 0.0, 4.0], [2.0, 0.0, 2.0]);
    }

    #[test]
    fn the_tree_finds_what_looking_at_all_finds() {
        let mut next = numbers();
        let mut vector = |size: f32| Vec3::new(next() * size, next() * size, next() * size);
        let triangles: Vec<[Vec3; 3]> = (0..700)
            .map(|_| {
                let corner = vector(10.0);
                [corner, corner + vector(0.7), corner + vector(0.7)]
            })
            .collect();
        let tree = Nearest::new(triangles.clone());
        let mut open = Vec::new();
        for _ in 0..300 {
            let point = vector(12.0) - 1.0;
            let all = triangles.iter().map(|triangle| closest(point, *triangle).distance(point));
            let expected = all.fold(f32::INFINITY, f32::min);
            assert!((tree.distance(point, &mut open) - expected).abs() < 1e-5, "{point}");
        }
        assert_eq!(Nearest::new(Vec::new()).distance(Vec3::ZERO, &mut open), f32::INFINITY);
    }
}
