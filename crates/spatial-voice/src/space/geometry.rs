//! Faces of all spaces in one tree of boxes, as rays meet them. Knows no doors' states and no formulas of sound.

use super::DoorNumber;
use super::scene::{AcousticScene, Material};
use arrayvec::ArrayVec;
use glam::{Vec3, Vec3A};
use obvhs::BvhBuildParams;
use obvhs::bvh2::Bvh2;
use obvhs::bvh2::builder::build_bvh2_from_tris;
use obvhs::ray::{Ray, RayHit};
use obvhs::triangle::Triangle;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Faces that are met on one way at most; behind so many nothing is heard anyway.
const MOST_MET: usize = 24;

/// Two faces of one space that are met within this are one: the ray went through their common edge, metres.
const SAME: f32 = 1e-3;

/// What a face is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Surface(Material),
    Opening(Option<DoorNumber>),
}

/// A triangle's meaning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Face {
    pub kind: Kind,
    /// Index of its space.
    pub space: usize,
}

/// Where a way meets a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Met {
    pub distance: f32,
    pub face: Face,
    /// From the side of the air.
    pub is_front: bool,
}

/// An opening between two spaces that somebody may close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Doorway {
    pub door: DoorNumber,
    spaces: [usize; 2],
    pub middle: Vec3,
}

impl Doorway {
    /// Whether it lies between these two spaces.
    pub(crate) fn leads(&self, from: usize, to: usize) -> bool {
        self.spaces == [from.min(to), from.max(to)]
    }
}

/// The building as rays meet it.
pub(crate) struct Geometry {
    tree: Bvh2,
    triangles: Vec<Triangle>,
    faces: Vec<Face>,
    /// At most one for each door.
    pub doorways: Vec<Doorway>,
}

impl Geometry {
    /// Builds the tree; faces that are broken are left out.
    pub(crate) fn new(scene: &AcousticScene) -> Self {
        let (mut triangles, mut faces) = (Vec::new(), Vec::new());
        for (space, one) in scene.spaces.iter().enumerate() {
            let surfaces = one.triangles.iter().filter_map(|triangle| {
                let material = one.materials.get(usize::from(triangle.material))?.bounded();
                Some((triangle.corners, Kind::Surface(material)))
            });
            let openings = one.openings.iter().map(|opening| (opening.corners, Kind::Opening(opening.door)));
            for (corners, kind) in surfaces.chain(openings) {
                let Some([a, b, c]) = one.corners(corners) else { continue };
                triangles.push(Triangle { v0: a.into(), v1: b.into(), v2: c.into() });
                faces.push(Face { kind, space });
            }
        }
        let tree = match triangles.is_empty() {
            true => Bvh2::default(),
            false => build_bvh2_from_tris(&triangles, BvhBuildParams::fast_build(), &mut Duration::default()),
        };
        let doorways = doorways(&triangles, &faces);
        Self { tree, triangles, faces, doorways }
    }

    /// All faces from one point to another, nearest first.
    pub(crate) fn between(&self, from: Vec3, to: Vec3) -> ArrayVec<Met, MOST_MET> {
        let mut met = ArrayVec::<Met, MOST_MET>::new();
        let (Some(ray), length) = ray(from, to) else { return met };
        self.tree.ray_traverse_anyhit(ray, |ray, at| {
            let number = self.tree.primitive_indices[at] as usize;
            let distance = self.triangles[number].intersect(ray);
            if distance < length {
                let is_front = self.is_front(number, ray.direction);
                met.try_push(Met { distance, face: self.faces[number], is_front }).ok();
            }
        });
        met.sort_unstable_by(|a, b| a.distance.total_cmp(&b.distance));
        let mut last: Option<Met> = None;
        met.retain(|met| {
            let is_same = |last: &Met| {
                met.distance - last.distance < SAME
                    && (met.face.space, met.is_front) == (last.face.space, last.is_front)
            };
            let is_new = !last.as_ref().is_some_and(is_same);
            last = Some(*met);
            is_new
        });
        met
    }

    /// The first face in a direction.
    pub(crate) fn first(&self, from: Vec3, direction: Vec3) -> Option<Met> {
        let (ray, _) = ray(from, from + direction * 1e5);
        let mut hit = RayHit::none();
        self.tree.ray_traverse(ray?, &mut hit, |ray, at| {
            self.triangles[self.tree.primitive_indices[at] as usize].intersect(ray)
        });
        let number = *self.tree.primitive_indices.get(hit.primitive_id as usize)? as usize;
        let is_front = self.is_front(number, direction.into());
        Some(Met { distance: hit.t, face: self.faces[number], is_front })
    }

    fn is_front(&self, number: usize, direction: Vec3A) -> bool {
        self.triangles[number].compute_normal().dot(direction) < 0.0
    }
}

/// Doors whose openings belong to two spaces, each with the middle of all its triangles.
fn doorways(triangles: &[Triangle], faces: &[Face]) -> Vec<Doorway> {
    let mut doors: BTreeMap<DoorNumber, (BTreeSet<usize>, Vec3A, f32)> = BTreeMap::new();
    for (triangle, face) in triangles.iter().zip(faces) {
        let Kind::Opening(Some(door)) = face.kind else { continue };
        let Triangle { v0, v1, v2 } = *triangle;
        let area = (v1 - v0).cross(v2 - v0).length();
        let (spaces, middle, sum) = doors.entry(door).or_default();
        spaces.insert(face.space);
        *middle += (v0 + v1 + v2) / 3.0 * area;
        *sum += area;
    }
    let doorway = |(door, (spaces, middle, sum)): (DoorNumber, (BTreeSet<usize>, Vec3A, f32))| {
        let spaces: Vec<usize> = spaces.into_iter().collect();
        Some(Doorway { door, spaces: spaces.try_into().ok()?, middle: (middle / sum).into() })
    };
    doors.into_iter().filter_map(doorway).collect()
}

/// A ray along the way and the way's length; none where there is no way.
fn ray(from: Vec3, to: Vec3) -> (Option<Ray>, f32) {
    let way = to - from;
    let length = way.length();
    let is_way = from.is_finite() && length.is_finite() && length > 1e-6;
    (is_way.then(|| Ray::new(from.into(), (way / length).into(), 0.0, length)), length)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, BRICK};
    use super::*;

    #[test]
    fn a_way_through_two_rooms_meets_both_sides_of_the_wall() {
        let scene = testing::two_rooms(None);
        let geometry = Geometry::new(&scene);
        let met = geometry.between(Vec3::new(2.0, 1.5, 2.1), Vec3::new(8.0, 1.6, 2.3));
        let sides: Vec<_> = met.iter().map(|met| (met.face.space, met.is_front)).collect();
        assert_eq!(sides, [(0, true), (1, false)]);
        assert_eq!(met[0].face.kind, Kind::Surface(BRICK));
        assert!((met[1].distance - met[0].distance - 0.2).abs() < 0.01);
    }

    #[test]
    fn an_edge_between_two_triangles_is_met_once() {
        let geometry = Geometry::new(&testing::two_rooms(None));
        // Straight through the middle of the wall, where its two triangles touch.
        assert_eq!(geometry.between(Vec3::new(2.5, 1.5, 2.0), Vec3::new(5.1, 1.5, 2.0)).len(), 1);
    }

    #[test]
    fn broken_faces_and_ways_do_no_harm() {
        let mut scene = testing::two_rooms(None);
        let space = &mut scene.spaces[0];
        space.vertices.push(Vec3::NAN);
        let last = space.vertices.len() as u32 - 1;
        for corners in [[0, 1, last], [0, 0, 0], [0, 1, 1], [0, 1, 4_000_000]] {
            space.triangles.push(super::super::Triangle { corners, material: 0 });
        }
        space.triangles.push(super::super::Triangle { corners: [0, 1, 2], material: 99 });
        let geometry = Geometry::new(&scene);
        assert_eq!(geometry.faces.len(), Geometry::new(&testing::two_rooms(None)).faces.len());
        for (from, to) in [(Vec3::NAN, Vec3::ZERO), (Vec3::ZERO, Vec3::INFINITY), (Vec3::ONE, Vec3::ONE)] {
            assert!(geometry.between(from, to).is_empty());
        }
        assert!(geometry.first(Vec3::NAN, Vec3::X).is_none());
        let nothing = Geometry::new(&AcousticScene::default());
        assert!(nothing.first(Vec3::ZERO, Vec3::X).is_none());
    }

    #[test]
    fn a_thousand_faces_in_one_place_are_a_tree_too() {
        let mut scene = testing::two_rooms(None);
        let same = scene.spaces[0].triangles[0];
        scene.spaces[0].triangles.extend([same; 1_000]);
        let geometry = Geometry::new(&scene);
        assert!(!geometry.between(Vec3::new(2.0, 1.5, 2.1), Vec3::new(8.0, 1.6, 2.3)).is_empty());
    }
}
