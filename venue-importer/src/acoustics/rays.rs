//! Rays against triangles: a tree of boxes, split where the fewest boxes would be entered.
//!
//! The split is chosen among a few by the surface area heuristic (MacDonald and Booth 1990); triangles are met by the
//! test of Möller and Trumbore (1997), from both sides.

use glam::{Vec3, Vec3A};

/// Triangles in a leaf.
const LEAF: usize = 4;
/// Places in which a node may be split, each way.
const BINS: usize = 12;
/// Deepest way through the tree.
const DEPTH: usize = 64;

/// Triangles that rays are traced against.
#[derive(Clone, Debug, Default)]
pub(crate) struct Triangles {
    corners: Vec<[Vec3; 3]>,
    /// Numbers of the triangles as they were given, in the order of the leaves.
    numbers: Vec<u32>,
    nodes: Vec<Node>,
}

/// Where a ray meets a triangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    /// Metres along the ray.
    pub(crate) distance: f32,
    /// As the triangles were given.
    pub(crate) triangle: u32,
    /// Of unit length, towards where the ray comes from.
    pub(crate) normal: Vec3,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    min: Vec3A,
    max: Vec3A,
    /// First triangle of a leaf, or the second child; the first child is the next node.
    at: u32,
    /// Triangles of a leaf; 0: a node with children.
    count: u32,
}

impl Triangles {
    /// Builds the tree.
    pub(crate) fn new(corners: Vec<[Vec3; 3]>) -> Self {
        let mut numbers: Vec<u32> = (0..corners.len() as u32).collect();
        let mut nodes = Vec::new();
        if !corners.is_empty() {
            split(&corners, &mut numbers, 0, 0, &mut nodes);
        }
        let corners = numbers.iter().map(|&number| corners[number as usize]).collect();
        Self { corners, numbers, nodes }
    }

    /// The first triangle that the ray meets before `reach`.
    pub(crate) fn first(&self, from: Vec3, direction: Vec3, reach: f32) -> Option<Hit> {
        let mut found: Option<(f32, usize)> = None;
        self.walk(from, direction, reach, |distance, at| {
            found = Some((distance, at));
            distance
        });
        found.map(|(distance, at)| {
            let [a, b, c] = self.corners[at];
            let normal = (b - a).cross(c - a).normalize_or(-direction);
            let towards = if normal.dot(direction) > 0.0 { -normal } else { normal };
            Hit { distance, triangle: self.numbers[at], normal: towards }
        })
    }

    /// Whether anything stands between two points.
    pub(crate) fn is_blocked(&self, from: Vec3, to: Vec3) -> bool {
        let way = to - from;
        let mut is_blocked = false;
        self.walk(from, way, 1.0, |_, _| {
            is_blocked = true;
            -1.0
        });
        is_blocked
    }

    /// Tells each triangle that is met nearer than the ray's reach, which `met` may shorten.
    fn walk(&self, from: Vec3, direction: Vec3, mut reach: f32, mut met: impl FnMut(f32, usize) -> f32) {
        let (origin, inverse) = (Vec3A::from(from), Vec3A::from(direction).recip());
        let mut open = [0_u32; DEPTH];
        let mut count = usize::from(!self.nodes.is_empty());
        while count > 0 {
            count -= 1;
            let at = open[count];
            let node = &self.nodes[at as usize];
            if !enters(node, origin, inverse, reach) {
                continue;
            }
            if node.count == 0 {
                // The child that lies towards the ray's start is looked at first.
                let (first, second) = (at + 1, node.at);
                let middle = |child: u32| {
                    let node = &self.nodes[child as usize];
                    ((node.min + node.max) * 0.5 - origin).dot(Vec3A::from(direction))
                };
                let (near, far) =
                    if middle(first) <= middle(second) { (first, second) } else { (second, first) };
                open[count..count + 2].copy_from_slice(&[far, near]);
                count += 2;
                continue;
            }
            for at in node.at as usize..(node.at + node.count) as usize {
                if let Some(distance) = meets(&self.corners[at], from, direction)
                    && distance < reach
                {
                    reach = met(distance, at);
                }
            }
        }
    }
}

fn enters(node: &Node, origin: Vec3A, inverse: Vec3A, reach: f32) -> bool {
    let (a, b) = ((node.min - origin) * inverse, (node.max - origin) * inverse);
    let enter = a.min(b).max_element().max(0.0);
    let leave = a.max(b).min_element().min(reach);
    // Rounding must not make a ray miss a flat box; what is not a number is looked into.
    let is_missed = enter > leave * 1.000_01 + 1e-6;
    !is_missed
}

fn meets(&[a, b, c]: &[Vec3; 3], from: Vec3, direction: Vec3) -> Option<f32> {
    let (ab, ac) = (b - a, c - a);
    let p = direction.cross(ac);
    let scale = ab.dot(p);
    if scale == 0.0 {
        return None;
    }
    let t = from - a;
    let u = t.dot(p) / scale;
    let q = t.cross(ab);
    let v = direction.dot(q) / scale;
    let distance = ac.dot(q) / scale;
    (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && distance > 0.0).then_some(distance)
}

#[derive(Clone, Copy)]
struct Boxed {
    min: Vec3A,
    max: Vec3A,
}

impl Boxed {
    const NONE: Self = Self { min: Vec3A::MAX, max: Vec3A::MIN };

    fn add(&mut self, corners: &[Vec3; 3]) {
        for &corner in corners {
            self.min = self.min.min(corner.into());
            self.max = self.max.max(corner.into());
        }
    }

    fn join(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    fn half_area(&self) -> f32 {
        let size = (self.max - self.min).max(Vec3A::ZERO);
        size.x * size.y + size.y * size.z + size.z * size.x
    }
}

fn middle(corners: &[Vec3; 3]) -> Vec3 {
    (corners[0] + corners[1] + corners[2]) / 3.0
}

/// Makes the node of these triangles and all below it.
fn split(corners: &[[Vec3; 3]], numbers: &mut [u32], first: usize, depth: usize, nodes: &mut Vec<Node>) {
    let (mut all, mut middles) = (Boxed::NONE, Boxed::NONE);
    for &number in numbers.iter() {
        let triangle = &corners[number as usize];
        all.add(triangle);
        middles.add(&[middle(triangle); 3]);
    }
    let at = nodes.len();
    nodes.push(Node { min: all.min, max: all.max, at: first as u32, count: numbers.len() as u32 });
    // Two children for each node on the way, and one more: the stack of a walk never overflows.
    if numbers.len() <= LEAF || depth + 2 >= DEPTH {
        return;
    }
    let half = match best_split(corners, numbers, &middles) {
        Some((axis, below)) => partition(numbers, |number| middle(&corners[number as usize])[axis] < below),
        None => numbers.len() / 2,
    };
    let half = if half == 0 || half == numbers.len() { numbers.len() / 2 } else { half };
    let (left, right) = numbers.split_at_mut(half);
    split(corners, left, first, depth + 1, nodes);
    let second = nodes.len() as u32;
    split(corners, right, first + half, depth + 1, nodes);
    (nodes[at].at, nodes[at].count) = (second, 0);
}

/// Axis and coordinate at which two boxes would be the cheapest; none where all middles are the same.
fn best_split(corners: &[[Vec3; 3]], numbers: &[u32], middles: &Boxed) -> Option<(usize, f32)> {
    let size = middles.max - middles.min;
    let axis = (0..3).max_by(|&a, &b| size[a].total_cmp(&size[b]))?;
    if size[axis] <= 0.0 {
        return None;
    }
    let (start, step) = (middles.min[axis], size[axis] / BINS as f32);
    let mut bins = [(Boxed::NONE, 0_u32); BINS];
    for &number in numbers {
        let triangle = &corners[number as usize];
        let bin = (((middle(triangle)[axis] - start) / step) as usize).min(BINS - 1);
        bins[bin].0.add(triangle);
        bins[bin].1 += 1;
    }
    let sum = |bins: &[(Boxed, u32)]| {
        let (all, count) = bins.iter().fold((Boxed::NONE, 0), |sum, bin| (sum.0.join(bin.0), sum.1 + bin.1));
        if count == 0 { 0.0 } else { all.half_area() * count as f32 }
    };
    let cost = |at: usize| sum(&bins[..at]) + sum(&bins[at..]);
    let best = (1..BINS).min_by(|&a, &b| cost(a).total_cmp(&cost(b)))?;
    Some((axis, start + step * best as f32))
}

/// Puts what is `before` first; gives how many these are.
fn partition(numbers: &mut [u32], before: impl Fn(u32) -> bool) -> usize {
    let mut next = 0;
    for at in 0..numbers.len() {
        if before(numbers[at]) {
            numbers.swap(at, next);
            next += 1;
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    fn noise(count: usize) -> Vec<[Vec3; 3]> {
        let mut random = Random::new(7);
        let mut point = |scale: f32| Vec3::new(random.share(), random.share(), random.share()) * scale;
        (0..count)
            .map(|_| {
                let start = point(10.0);
                [start, start + point(1.0), start + point(1.0)]
            })
            .collect()
    }

    #[test]
    fn the_tree_finds_what_looking_at_each_triangle_finds() {
        let triangles = noise(3_000);
        let tree = Triangles::new(triangles.clone());
        let mut random = Random::new(8);
        let mut hits = 0;
        for _ in 0..500 {
            let from = Vec3::new(random.share(), random.share(), random.share()) * 10.0;
            let direction = random.direction();
            let each =
                triangles.iter().enumerate().filter_map(|(at, t)| Some((meets(t, from, direction)?, at)));
            let expected = each.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(distance, _)| *distance < 5.0);
            let found = tree.first(from, direction, 5.0);
            assert_eq!(found.map(|hit| (hit.distance, hit.triangle as usize)), expected);
            assert_eq!(tree.is_blocked(from, from + direction * 5.0), expected.is_some());
            assert!(found.is_none_or(|hit| hit.normal.dot(direction) <= 0.0));
            hits += usize::from(expected.is_some());
        }
        assert!((100..500).contains(&hits), "{hits}");
    }

    #[test]
    fn triangles_in_one_place_and_flat_ones_do_no_harm() {
        let same = [[Vec3::ZERO, Vec3::X, Vec3::Y]; 900];
        let flat = [[Vec3::ONE; 3]; 50];
        let tree = Triangles::new([same.as_slice(), &flat].concat());
        let hit = tree.first(Vec3::new(0.2, 0.2, 1.0), Vec3::NEG_Z, 9.0).unwrap();
        assert_eq!((hit.distance, hit.normal), (1.0, Vec3::Z));
        assert_eq!(Triangles::new(Vec::new()).first(Vec3::ZERO, Vec3::X, 9.0), None);
    }
}
