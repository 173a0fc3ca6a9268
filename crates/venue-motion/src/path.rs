//! Ways on foot: A* over the polygons, then the shortest line through their shared edges (the funnel).

use crate::walkable::{FloorPoint, Walkable};
use glam::Vec3;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use venue_package::navigation::turn;

/// Polygons that one search looks at before it gives up.
const MAX_SEARCHED: usize = 20_000;

impl Walkable {
    /// The corners of a short way on foot, both ends included; none when no floor leads there.
    pub fn path(&self, from: FloorPoint, to: FloorPoint) -> Option<Vec<Vec3>> {
        self.path_within(from, to, f32::INFINITY)
    }

    /// The same, but no search beyond `most_metres`: none also when the way is longer. What is
    /// looked at lies within an ellipse around both ends, however large the mesh is.
    pub fn path_within(&self, from: FloorPoint, to: FloorPoint, most_metres: f32) -> Option<Vec<Vec3>> {
        if self.is_straight_walkable(from, to) {
            return Some(vec![from.position, to.position]).filter(|path| length(path) <= most_metres);
        }
        let corridor = self.corridor(from, to, most_metres).0?;
        Some(self.pull_straight(from.position, to.position, &corridor))
    }

    /// Metres of the way on foot.
    pub fn path_length(&self, from: FloorPoint, to: FloorPoint) -> Option<f32> {
        self.path(from, to).map(|path| length(&path))
    }

    /// The polygons to pass, first and last included, and how many were looked at.
    fn corridor(&self, from: FloorPoint, to: FloorPoint, most_metres: f32) -> (Option<Vec<u32>>, usize) {
        let count = self.mesh.polygons.len() as u32;
        if from.polygon >= count || to.polygon >= count {
            return (None, 0);
        }
        let mut known =
            BTreeMap::from([(from.polygon, Visit { cost: 0.0, entry: from.position, before: None })]);
        let mut open = BinaryHeap::from([Reverse((Cost(0.0), from.polygon))]);
        let mut closed = std::collections::BTreeSet::new();
        while let Some(Reverse((_, polygon))) = open.pop() {
            if polygon == to.polygon {
                return (Some(trace(&known, polygon)), closed.len());
            }
            if closed.len() == MAX_SEARCHED {
                break;
            }
            if !closed.insert(polygon) {
                continue;
            }
            let here = known[&polygon];
            for (edge, neighbour) in self.mesh.polygons[polygon as usize].neighbours.iter().enumerate() {
                let Some(neighbour) = *neighbour else { continue };
                let [a, b] = self.edge(polygon, edge);
                // Where the straight line would cross is unknown yet; the nearest point of the edge is a good guess.
                let entry = nearest_on(a, b, here.entry.lerp(to.position, 0.05));
                let cost = here.cost + here.entry.distance(entry);
                let whole_way = cost + entry.distance(to.position);
                if whole_way <= most_metres && known.get(&neighbour).is_none_or(|visit| cost < visit.cost) {
                    known.insert(neighbour, Visit { cost, entry, before: Some(polygon) });
                    open.push(Reverse((Cost(whole_way), neighbour)));
                }
            }
        }
        (None, closed.len())
    }

    fn edge(&self, polygon: u32, edge: usize) -> [Vec3; 2] {
        let corners = &self.mesh.polygons[polygon as usize].corners;
        [corners[edge], corners[(edge + 1) % corners.len()]].map(|corner| self.mesh.vertices[corner as usize])
    }

    /// The shared edges of the corridor as (left, right), seen in walking direction.
    fn portals(&self, corridor: &[u32]) -> Vec<(Vec3, Vec3)> {
        let portal = |pair: &[u32]| {
            let edge =
                self.mesh.polygons[pair[0] as usize].neighbours.iter().position(|n| *n == Some(pair[1]))?;
            // Corners go counter-clockwise seen from above: who walks out over an edge has its first corner at the right.
            let [right, left] = self.edge(pair[0], edge);
            Some((left, right))
        };
        corridor.windows(2).filter_map(portal).collect()
    }

    /// The funnel algorithm (Lee and Preparata 1984; Mononen 2010).
    fn pull_straight(&self, from: Vec3, to: Vec3, corridor: &[u32]) -> Vec<Vec3> {
        let mut portals = self.portals(corridor);
        portals.push((to, to));
        let mut path = vec![from];
        let mut apex = from;
        let (mut left, mut right) = (from, from);
        let (mut left_at, mut right_at) = (0, 0);
        let mut at = 0;
        // Each restart fixes one corner of the path, and there are no more corners than portals.
        while at < portals.len() && path.len() <= portals.len() + 1 {
            let (new_left, new_right) = portals[at];
            if turn(apex, right, new_right) >= 0.0 {
                if apex == right || turn(apex, left, new_right) < 0.0 {
                    (right, right_at) = (new_right, at);
                } else {
                    path.push(left);
                    apex = left;
                    (right, right_at) = (apex, left_at);
                    at = left_at + 1;
                    (left, left_at) = (apex, right_at);
                    continue;
                }
            }
            if turn(apex, left, new_left) <= 0.0 {
                if apex == left || turn(apex, right, new_left) > 0.0 {
                    (left, left_at) = (new_left, at);
                } else {
                    path.push(right);
                    apex = right;
                    (left, left_at) = (apex, right_at);
                    at = right_at + 1;
                    (right, right_at) = (apex, left_at);
                    continue;
                }
            }
            at += 1;
        }
        path.push(to);
        path.dedup_by(|a, b| a.distance_squared(*b) < 1e-8);
        path
    }
}

#[derive(Clone, Copy)]
struct Visit {
    cost: f32,
    entry: Vec3,
    before: Option<u32>,
}

/// Metres, in an order that a heap can have.
#[derive(Clone, Copy, PartialEq)]
struct Cost(f32);

impl Eq for Cost {}

impl Ord for Cost {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn trace(known: &BTreeMap<u32, Visit>, last: u32) -> Vec<u32> {
    let mut corridor = vec![last];
    let mut at = last;
    while let Some(before) = known.get(&at).and_then(|visit| visit.before) {
        corridor.push(before);
        at = before;
    }
    corridor.reverse();
    corridor
}

fn length(path: &[Vec3]) -> f32 {
    path.windows(2).map(|ends| ends[0].distance(ends[1])).sum()
}

fn nearest_on(a: Vec3, b: Vec3, point: Vec3) -> Vec3 {
    let along = (point - a).dot(b - a) / (b - a).length_squared().max(1e-12);
    a.lerp(b, along.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan_mesh::{flat, stairs_to_gallery};

    fn way(walkable: &Walkable, from: Vec3, to: Vec3) -> Option<Vec<Vec3>> {
        walkable.path(walkable.locate(from, 0.2).unwrap(), walkable.locate(to, 0.2).unwrap())
    }

    #[test]
    fn a_free_way_is_straight() {
        let walkable = flat(&["aaaaa", "aaaaa", "aaaaa"]);
        let (from, to) = (Vec3::new(0.2, 0.0, 0.3), Vec3::new(4.7, 0.0, 2.6));
        assert_eq!(way(&walkable, from, to), Some(vec![from, to]));
    }

    #[test]
    fn a_way_bends_round_corners_only() {
        let walkable = flat(&["aaaaa", "aaa##", "aaa##"]);
        let (from, to) = (Vec3::new(2.5, 0.0, 2.5), Vec3::new(4.5, 0.0, 0.5));
        assert_eq!(way(&walkable, from, to), Some(vec![from, Vec3::new(3.0, 0.0, 1.0), to]));
        assert_eq!(way(&walkable, to, from), Some(vec![to, Vec3::new(3.0, 0.0, 1.0), from]));
        let walkable = flat(&["aaaaa", "##a##", "aaaaa"]);
        let (from, to) = (Vec3::new(0.5, 0.0, 0.5), Vec3::new(0.5, 0.0, 2.5));
        let corners = [Vec3::new(2.0, 0.0, 1.0), Vec3::new(2.0, 0.0, 2.0)];
        assert_eq!(way(&walkable, from, to), Some(vec![from, corners[0], corners[1], to]));
    }

    #[test]
    fn where_no_floor_leads_there_is_no_way() {
        let walkable = flat(&["aa#bb"]);
        assert_eq!(way(&walkable, Vec3::new(0.5, 0.0, 0.5), Vec3::new(4.5, 0.0, 0.5)), None);
    }

    #[test]
    fn a_bounded_search_looks_at_an_ellipse_and_not_at_the_mesh() {
        // Two halls of 150 by 60 m on either side of a wall without a door.
        let hall = format!("{}#{}", "a".repeat(150), "b".repeat(150));
        let walkable = flat(&vec![hall.as_str(); 60]);
        let at = |x: f32| walkable.locate(Vec3::new(x, 0.0, 30.5), 0.2).unwrap();
        let looked_at = |most_metres| {
            let (found, looked_at) = walkable.corridor(at(145.5), at(155.5), most_metres);
            assert_eq!(found, None);
            looked_at
        };
        assert_eq!(looked_at(f32::INFINITY), 150 * 60);
        // The half of the ellipse that lies in the hall has 206 m², and its edge passes through polygons.
        assert!(looked_at(24.0) < 260, "{}", looked_at(24.0));
    }

    #[test]
    fn a_way_that_is_longer_than_allowed_is_none() {
        let walkable = flat(&["aaaaa", "##a##", "aaaaa"]);
        let at = |x, z| walkable.locate(Vec3::new(x, 0.0, z), 0.2).unwrap();
        let (from, to) = (at(0.5, 0.5), at(0.5, 2.5));
        assert!(walkable.path_within(from, to, 6.0).is_some());
        assert_eq!(walkable.path_within(from, to, 3.0), None);
        assert_eq!(walkable.path_within(from, at(4.5, 0.5), 3.0), None, "a straight way too");
    }

    #[test]
    fn a_way_upstairs_takes_the_stairs() {
        let walkable = stairs_to_gallery();
        let (from, to) = (Vec3::new(0.5, 0.0, 3.5), Vec3::new(0.5, 3.0, 3.5));
        let path = way(&walkable, from, to).unwrap();
        assert!(path.len() > 3 && path.iter().any(|point| point.x >= 3.0 && point.y > 0.0), "{path:?}");
    }
}
