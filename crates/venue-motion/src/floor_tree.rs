//! A tree of boxes over the polygons of a mesh, for nearest-floor queries. Its size grows with the polygon count alone.

use glam::Vec3;
use venue_package::NavigationMesh;

/// Polygons in a leaf at most.
const LEAF: usize = 4;

/// Nodes that wait in a query: one for each level, and 2^32 polygons make 32 levels.
const MAX_OPEN: usize = 64;

#[derive(Clone, Debug)]
pub(crate) struct FloorTree {
    /// Polygons in leaf order.
    order: Vec<u32>,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    min: Vec3,
    max: Vec3,
    /// Of an inner node: its second child (the first follows it); of a leaf: its first place in the order.
    next: u32,
    /// Polygons of a leaf; zero for an inner node.
    count: u32,
}

impl FloorTree {
    pub(crate) fn new(mesh: &NavigationMesh) -> Self {
        let boxes: Vec<_> = (0..mesh.polygons.len()).map(|polygon| bounds(mesh, polygon)).collect();
        let mut tree = Self { order: (0..boxes.len() as u32).collect(), nodes: Vec::new() };
        if !boxes.is_empty() {
            tree.build(&boxes, 0, boxes.len());
        }
        tree
    }

    fn build(&mut self, boxes: &[(Vec3, Vec3)], start: usize, end: usize) {
        let all = self.order[start..end].iter().map(|&polygon| boxes[polygon as usize]);
        let (min, max) = all.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default();
        let at = self.nodes.len();
        self.nodes.push(Node { min, max, next: start as u32, count: (end - start) as u32 });
        if end - start <= LEAF {
            return;
        }
        let axis = (max - min).max_position();
        let middle = (start + end) / 2;
        let center = |polygon: &u32| {
            let (min, max) = boxes[*polygon as usize];
            min[axis] + max[axis]
        };
        // Halving the list whatever the boxes are keeps the depth at the logarithm of their number.
        self.order[start..end].select_nth_unstable_by(middle - start, |a, b| center(a).total_cmp(&center(b)));
        self.build(boxes, start, middle);
        self.nodes[at].next = self.nodes.len() as u32;
        self.nodes[at].count = 0;
        self.build(boxes, middle, end);
    }

    /// The polygon whose `closest` point is nearest, and that point.
    pub(crate) fn nearest(
        &self,
        point: Vec3,
        reach: f32,
        closest: impl Fn(u32) -> Option<Vec3>,
    ) -> Option<(u32, Vec3)> {
        let mut best: Option<(u32, Vec3)> = None;
        let mut limit = reach * reach;
        // A query runs each frame and takes no memory: the tree is as deep as the logarithm of its size.
        let mut open = [0; MAX_OPEN];
        let mut count = 1;
        while count > 0 {
            count -= 1;
            let at = open[count];
            let Some(node) = self.nodes.get(at as usize) else { continue };
            if point.clamp(node.min, node.max).distance_squared(point) > limit {
                continue;
            }
            if node.count == 0 {
                open[count..count + 2].copy_from_slice(&[node.next, at + 1]);
                count += 2;
                continue;
            }
            for &polygon in &self.order[node.next as usize..(node.next + node.count) as usize] {
                let Some(candidate) = closest(polygon) else { continue };
                let distance = candidate.distance_squared(point);
                if distance < limit || (best.is_none() && distance <= limit) {
                    limit = distance;
                    best = Some((polygon, candidate));
                }
            }
        }
        best
    }
}

fn bounds(mesh: &NavigationMesh, polygon: usize) -> (Vec3, Vec3) {
    let heights = &mesh.polygons[polygon].heights;
    let fine = mesh.height_triangles[heights.start as usize..heights.end as usize].iter().flatten();
    let points = mesh.corner_points(polygon).chain(fine.map(|&i| mesh.height_vertices[i as usize]));
    points.fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(min, max), point| (min.min(point), max.max(point)))
}
