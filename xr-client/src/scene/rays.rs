//! Rays against triangles: a tree of boxes that is cut at the middle of its widest side.
//!
//! It must not know materials or light.

use glam::Vec3;

/// Triangles in a leaf.
const LEAF: usize = 4;

struct Node {
    low: Vec3,
    high: Vec3,
    /// A leaf's first triangle, or the second child; the first child follows its parent.
    at: u32,
    /// Triangles of a leaf; 0 for a branch.
    count: u32,
}

/// Triangles that rays can be sent at.
pub struct Tree {
    nodes: Vec<Node>,
    order: Vec<u32>,
    corners: Vec<[Vec3; 3]>,
}

/// Where a ray meets a triangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Metres along the ray.
    pub metres: f32,
    /// Which triangle.
    pub triangle: usize,
    /// How much the second and the third corner count.
    pub weights: [f32; 2],
    /// Whether the front is met: corners run counter-clockwise there.
    pub is_front: bool,
}

impl Tree {
    /// Sorts triangles.
    pub fn new(corners: Vec<[Vec3; 3]>) -> Self {
        let mut order: Vec<u32> = (0..corners.len() as u32).collect();
        let mut tree = Self { nodes: Vec::with_capacity(corners.len()), order: Vec::new(), corners };
        if !order.is_empty() {
            tree.grow(&mut order, 0);
        }
        tree.order = order;
        tree
    }

    fn grow(&mut self, part: &mut [u32], first: usize) {
        let (mut low, mut high) = (Vec3::INFINITY, Vec3::NEG_INFINITY);
        let (mut inner_low, mut inner_high) = (Vec3::INFINITY, Vec3::NEG_INFINITY);
        for corners in part.iter().map(|index| &self.corners[*index as usize]) {
            for corner in corners {
                (low, high) = (low.min(*corner), high.max(*corner));
            }
            let middle = middle_of(corners);
            (inner_low, inner_high) = (inner_low.min(middle), inner_high.max(middle));
        }
        let node = self.nodes.len();
        let count = if part.len() <= LEAF { part.len() as u32 } else { 0 };
        self.nodes.push(Node { low, high, at: first as u32, count });
        if count > 0 {
            return;
        }
        let size = inner_high - inner_low;
        let axis = if size.x >= size.y && size.x >= size.z {
            0
        } else if size.y >= size.z {
            1
        } else {
            2
        };
        // Halves by number: the depth is bounded whatever the triangles are.
        let half = part.len() / 2;
        let corners = &self.corners;
        let key = |index: &u32| middle_of(&corners[*index as usize])[axis];
        part.select_nth_unstable_by(half, |a, b| key(a).total_cmp(&key(b)));
        let (left, right) = part.split_at_mut(half);
        self.grow(left, first);
        self.nodes[node].at = self.nodes.len() as u32;
        self.grow(right, first + half);
    }

    /// The nearest triangle on a ray.
    pub fn nearest(&self, from: Vec3, along: Vec3) -> Option<Hit> {
        self.nearest_within(from, along, f32::INFINITY)
    }

    /// The nearest triangle on the first so many metres of a ray.
    pub fn nearest_within(&self, from: Vec3, along: Vec3, metres: f32) -> Option<Hit> {
        let inverse = along.recip();
        let mut best: Option<Hit> = None;
        let mut stack = [0u32; 64];
        let mut waiting = usize::from(!self.nodes.is_empty());
        while waiting > 0 {
            waiting -= 1;
            let at = stack[waiting] as usize;
            let node = &self.nodes[at];
            if !meets(node, from, inverse, best.map_or(metres, |hit| hit.metres)) {
                continue;
            }
            if node.count == 0 {
                stack[waiting] = node.at;
                stack[waiting + 1] = at as u32 + 1;
                waiting += 2;
                continue;
            }
            for index in &self.order[node.at as usize..(node.at + node.count) as usize] {
                let triangle = *index as usize;
                let hit = meet(&self.corners[triangle], triangle, from, along);
                if let Some(hit) = hit.filter(|hit| hit.metres <= metres) {
                    best = Some(best.filter(|best| best.metres <= hit.metres).unwrap_or(hit));
                }
            }
        }
        best
    }
}

fn middle_of(corners: &[Vec3; 3]) -> Vec3 {
    (corners[0] + corners[1] + corners[2]) / 3.0
}

fn meets(node: &Node, from: Vec3, inverse: Vec3, before: f32) -> bool {
    let (a, b) = ((node.low - from) * inverse, (node.high - from) * inverse);
    let near = a.min(b).max_element().max(0.0);
    near <= a.max(b).min_element().min(before)
}

/// Möller and Trumbore, 1997.
fn meet(corners: &[Vec3; 3], triangle: usize, from: Vec3, along: Vec3) -> Option<Hit> {
    let (first, second) = (corners[1] - corners[0], corners[2] - corners[0]);
    let across = along.cross(second);
    let volume = first.dot(across);
    if volume.abs() < 1e-12 {
        return None;
    }
    let offset = from - corners[0];
    let u = offset.dot(across) / volume;
    let turned = offset.cross(first);
    let v = along.dot(turned) / volume;
    let metres = second.dot(turned) / volume;
    let is_inside = u >= 0.0 && v >= 0.0 && u + v <= 1.0 && metres > 1e-4;
    is_inside.then_some(Hit { metres, triangle, weights: [u, v], is_front: volume > 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_many_triangles_is_found_from_both_sides() {
        let facing =
            |z: f32, x: f32| [Vec3::new(x - 0.4, -1.0, z), Vec3::new(x + 0.4, -1.0, z), Vec3::new(x, 1.0, z)];
        let wall = |z: f32| (0..40).map(move |n| facing(z, n as f32));
        let tree = Tree::new(wall(-3.0).chain(wall(-2.0)).chain(wall(4.0)).collect());
        for n in 0..40 {
            let from = Vec3::new(n as f32, 0.0, 0.0);
            let hit = tree.nearest(from, Vec3::NEG_Z).unwrap();
            assert_eq!((hit.triangle, hit.is_front), (40 + n, true));
            assert!((hit.metres - 2.0).abs() < 1e-4);
            let behind = tree.nearest(from, Vec3::Z).unwrap();
            assert_eq!((behind.triangle, behind.is_front), (80 + n, false));
        }
        assert_eq!(tree.nearest(Vec3::new(0.5, 0.9, 0.0), Vec3::NEG_Z), None, "between two");
        let within = |metres| tree.nearest_within(Vec3::ZERO, Vec3::NEG_Z, metres).map(|hit| hit.triangle);
        assert_eq!((within(1.9), within(2.1)), (None, Some(40)));
        assert_eq!(Tree::new(Vec::new()).nearest(Vec3::ZERO, Vec3::X), None);
    }
}
