//! The small mesh: where the air ends, drawn to the surfaces that are there, and simplified.

use super::air::{Air, Beyond, Face, Limits, WAYS};
use super::rules::Facing;
use super::solid::Solids;
use glam::Vec3;
use meshopt::{SimplifyOptions, VertexDataAdapter};
use rustc_hash::FxHashMap;
use venue_package::acoustics::{AcousticMesh, Opening, SolidTriangle};

/// A corner keeps so much of its way from the surface: both sides of a thin wall do not become one.
const AWAY: f32 = 0.05;

/// Weight of a vertex's nearness to the mean, where planes leave it free.
const NEAR: f32 = 0.05;

/// What a triangle is of: a material, a gate, or the open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Patch {
    Material(u8),
    Gate(u16),
    Open,
}

/// Corners of faces as vertices; those of two patches are two at the same place.
#[derive(Default)]
struct Builder {
    places: Vec<Vec3>,
    numbers: FxHashMap<[i32; 3], u32>,
    vertices: FxHashMap<(u32, Patch), u32>,
    /// Place and patch of each vertex.
    of: Vec<(u32, Patch)>,
    indices: Vec<u32>,
}

/// The surface of the air; triangles may leave it by so many metres. Materials are not filled in.
pub(crate) fn mesh(solids: &Solids, air: &Air, limits: &Limits<'_>, error: f32) -> AcousticMesh {
    let mut builder = Builder::default();
    for face in air.faces(solids, limits) {
        builder.add(&face, solids, air, limits);
    }
    let positions: Vec<[f32; 3]> =
        builder.of.iter().map(|(place, _)| builder.places[*place as usize].to_array()).collect();
    let indices = if error > 0.0 && !positions.is_empty() {
        let bytes: &[u8] = bytemuck::cast_slice(&positions);
        let adapter = VertexDataAdapter::new(bytes, 12, 0).expect("positions are twelve bytes each");
        let options = SimplifyOptions::ErrorAbsolute | SimplifyOptions::Prune;
        meshopt::simplify(&builder.indices, &adapter, 0, error, options, None)
    } else {
        std::mem::take(&mut builder.indices)
    };
    builder.finish(&indices, limits)
}

impl Builder {
    fn add(&mut self, face: &Face, solids: &Solids, air: &Air, limits: &Limits<'_>) {
        let way = WAYS[face.way];
        let patch = match face.beyond {
            Beyond::Gate(gate) => Patch::Gate(gate),
            Beyond::Open => Patch::Open,
            Beyond::Solid => {
                let solid = solids.get(super::air::beside(face.cell, way));
                // The surface looks back at the air.
                let normal = -Vec3::from_array(way.map(|step| step as f32));
                Patch::Material(solid.map_or(0, |solid| solid.guesses[Facing::of(normal) as usize].material))
            }
        };
        let axis = face.way / 2;
        let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
        let mut base = face.cell;
        base[axis] += i32::from(way[axis] > 0);
        let corner = |along: i32, up: i32| {
            let mut corner = base;
            corner[u] += along;
            corner[v] += up;
            corner
        };
        let mut corners = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
        if way[axis] > 0 {
            // Counter-clockwise seen from the air, which lies below the face then.
            corners.reverse();
        }
        let [a, b, c, d] = corners.map(|corner| self.vertex(corner, patch, solids, air, limits));
        self.indices.extend([a, b, c, a, c, d]);
    }

    fn vertex(
        &mut self,
        corner: [i32; 3],
        patch: Patch,
        solids: &Solids,
        air: &Air,
        limits: &Limits<'_>,
    ) -> u32 {
        let place = match self.numbers.get(&corner) {
            Some(&place) => place,
            None => {
                let place = self.places.len() as u32;
                self.places.push(drawn(corner, patch, solids, air, limits));
                self.numbers.insert(corner, place);
                place
            }
        };
        let next = self.of.len() as u32;
        let number = *self.vertices.entry((place, patch)).or_insert(next);
        if number == next {
            self.of.push((place, patch));
        }
        number
    }

    fn finish(self, indices: &[u32], limits: &Limits<'_>) -> AcousticMesh {
        let mut mesh = AcousticMesh::default();
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        for triangle in indices.as_chunks::<3>().0 {
            let places = triangle.map(|vertex| self.of[vertex as usize].0);
            if places[0] == places[1] || places[1] == places[2] || places[2] == places[0] {
                continue;
            }
            let corners = places.map(|place| {
                *numbers.entry(place).or_insert_with(|| {
                    mesh.vertices.push(self.places[place as usize]);
                    mesh.vertices.len() as u32 - 1
                })
            });
            match self.of[triangle[0] as usize].1 {
                Patch::Material(material) => mesh.triangles.push(SolidTriangle { corners, material }),
                Patch::Open => mesh.openings.push(Opening { corners, door: None }),
                Patch::Gate(gate) => {
                    let door = limits.gates.get(usize::from(gate)).map(|gate| gate.door);
                    mesh.openings.push(Opening { corners, door });
                }
            }
        }
        mesh
    }
}

/// A corner of the grid, drawn to the surface in the solid cells around it, or onto the door.
fn drawn(corner: [i32; 3], patch: Patch, solids: &Solids, air: &Air, limits: &Limits<'_>) -> Vec3 {
    let at = solids.corner(corner);
    let around: [[i32; 3]; 8] =
        std::array::from_fn(|i| [0, 1, 2].map(|axis| corner[axis] - (i as i32 >> axis & 1)));
    let mut planes: Vec<(Vec3, Vec3)> = Vec::new();
    for (i, key) in around.iter().enumerate() {
        let Some(solid) = solids.get(*key) else { continue };
        // Where the three cells beside it, among the eight, are air, the surface looks there.
        let mut normal = Vec3::ZERO;
        for axis in 0..3 {
            if air.is_air(around[i ^ (1 << axis)]) {
                let way = if i >> axis & 1 == 0 { -1.0 } else { 1.0 };
                normal[axis] = way * solid.facing[axis].max(0.05);
            }
        }
        if normal != Vec3::ZERO {
            planes.push((solid.middle, normal.normalize()));
        }
    }
    match patch {
        _ if !planes.is_empty() => where_planes_meet(&planes, at, solids.side).lerp(at, AWAY),
        Patch::Gate(gate) => limits.gates.get(usize::from(gate)).map_or(at, |gate| gate.onto(at)),
        _ => at,
    }
}

/// The point with the least squares of distances to planes, near the mean of their points (Ju et al. 2002).
fn where_planes_meet(planes: &[(Vec3, Vec3)], corner: Vec3, reach: f32) -> Vec3 {
    let mean = planes.iter().map(|(point, _)| *point).sum::<Vec3>() / planes.len() as f32;
    let mut sum = glam::Mat3::from_diagonal(Vec3::splat(NEAR));
    let mut side = Vec3::ZERO;
    for &(point, normal) in planes {
        sum += glam::Mat3::from_cols(normal * normal.x, normal * normal.y, normal * normal.z);
        side += normal * normal.dot(point - mean);
    }
    let found = mean + sum.inverse() * side;
    found.clamp(corner - reach, corner + reach)
}

/// The corners of a triangle.
pub(crate) fn points(mesh: &AcousticMesh, corners: [u32; 3]) -> [Vec3; 3] {
    corners.map(|corner| mesh.vertices[corner as usize])
}

/// Square metres.
pub(crate) fn area(corners: [Vec3; 3]) -> f32 {
    (corners[1] - corners[0]).cross(corners[2] - corners[0]).length() * 0.5
}

/// Cubic metres that solids and openings close in.
pub(crate) fn volume(mesh: &AcousticMesh) -> f32 {
    let Some(&middle) = mesh.vertices.first() else { return 0.0 };
    let all = mesh.triangles.iter().map(|triangle| triangle.corners);
    let six: f64 = all
        .chain(mesh.openings.iter().map(|opening| opening.corners))
        .map(|corners| {
            let [a, b, c] = points(mesh, corners).map(|corner| (corner - middle).as_dvec3());
            // Surfaces look at the air, inwards.
            -a.dot(b.cross(c))
        })
        .sum();
    (six / 6.0).max(0.0) as f32
}
