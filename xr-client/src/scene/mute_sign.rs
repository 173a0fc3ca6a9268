//! The sign that says that the own microphone is closed: a crossed-out microphone at the lower edge of the view.
//!
//! It must not know who closed it, beyond the colour that it is told.

use glam::{Mat4, Quat, Vec2, Vec3, Vec4};
use std::f32::consts::{PI, TAU};
use venue_model::RigidPose;
use venue_protocol::Microphone;
use wgpu_renderer::{
    Cover, Draw, Gpu, MaterialData, MaterialId, MaterialKind, MeshData, MeshId, RenderError, Renderer,
};

/// From the eyes to the sign, metres, and how far left of and below straight ahead it is seen, radians: beside the panels.
const DISTANCE: f32 = 0.7;
const ASIDE: f32 = 0.43;
const BELOW: f32 = 0.36;

/// Half its height, metres: it is seen 2° high.
const HALF: f32 = 0.0125;

/// Segments of half a circle.
const ARC: usize = 10;

/// A sign that is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeenSign {
    /// The eyes, in the building.
    pub head: RigidPose,
    /// What it shows.
    pub microphone: Microphone,
}

/// Meshes and material of the sign.
pub struct MuteSign {
    microphone: MeshId,
    bar: MeshId,
    material: MaterialId,
}

type Shape = (Vec<[f32; 3]>, Vec<u32>);

impl MuteSign {
    /// Uploads it.
    pub fn new(gpu: &Gpu, renderer: &mut Renderer) -> Result<Self, RenderError> {
        let mut add = |(positions, indices): Shape| {
            renderer
                .add_mesh(gpu, &MeshData { positions: &positions, indices: &indices, ..MeshData::default() })
        };
        let (microphone, bar) = (add(microphone())?, add(bar())?);
        let data = MaterialData { kind: MaterialKind::Unlit, double_sided: true, ..MaterialData::default() };
        Ok(Self { microphone, bar, material: renderer.add_material(gpu, &data)? })
    }

    /// Appends the draws.
    pub fn append_draws(&self, sign: &SeenSign, draws: &mut Vec<Draw>) {
        let mut add = |mesh, nearer: f32, tint| {
            draws.push(Draw {
                mesh,
                material: self.material,
                world_from_model: matrix(&sign.head, nearer),
                tint,
                cover: Cover::WHOLE,
                object_id: 0,
            });
        };
        if sign.microphone == Microphone::Open {
            // Open, and seen to be: green, without a bar.
            return add(self.microphone, 0.0, Vec4::new(0.1, 0.8, 0.25, 1.0));
        }
        let bar = match sign.microphone {
            Microphone::Muted => Vec4::new(0.9, 0.08, 0.05, 1.0),
            // Another form too, not another colour alone: a second bar.
            Microphone::MutedByModerator | Microphone::Open => Vec4::new(1.0, 0.45, 0.0, 1.0),
        };
        add(self.microphone, 0.0, Vec4::new(0.85, 0.9, 0.95, 1.0));
        add(self.bar, 0.002, bar);
        if sign.microphone == Microphone::MutedByModerator {
            let crossed = Mat4::from_rotation_y(PI);
            draws.push(Draw {
                mesh: self.bar,
                material: self.material,
                world_from_model: matrix(&sign.head, 0.002) * crossed,
                tint: bar,
                cover: Cover::WHOLE,
                object_id: 0,
            });
        }
    }
}

/// Where the sign is, upright for the eyes, so much nearer to them.
fn matrix(head: &RigidPose, nearer: f32) -> Mat4 {
    let turn = head.orientation * Quat::from_rotation_y(ASIDE) * Quat::from_rotation_x(-BELOW);
    let place = head.position + turn * Vec3::NEG_Z * (DISTANCE - nearer);
    Mat4::from_scale_rotation_translation(Vec3::splat(HALF), turn, place)
}

/// Adds a band of this half width along a line.
fn band(line: &[Vec2], half: f32, shape: &mut Shape) {
    for ends in line.windows(2) {
        let way = (ends[1] - ends[0]).normalize_or_zero();
        let (ahead, aside) = (way * half * 0.5, way.perp() * half);
        let first = shape.0.len() as u32;
        let corners = [
            ends[0] - ahead - aside,
            ends[0] - ahead + aside,
            ends[1] + ahead - aside,
            ends[1] + ahead + aside,
        ];
        shape.0.extend(corners.map(|corner| [corner.x, corner.y, 0.0]));
        shape.1.extend([0, 2, 1, 1, 2, 3].map(|corner| first + corner));
    }
}

fn half_circle(middle: Vec2, radius: f32, from: f32) -> impl Iterator<Item = Vec2> {
    (0..=ARC).map(move |step| middle + Vec2::from_angle(from + step as f32 / ARC as f32 * PI) * radius)
}

/// Two high, around the origin: a capsule, the bow below it, and a foot.
fn microphone() -> Shape {
    let mut shape = Shape::default();
    let outline: Vec<Vec2> = half_circle(Vec2::new(0.0, 0.62), 0.3, 0.0)
        .chain(half_circle(Vec2::new(0.0, 0.05), 0.3, PI))
        .collect();
    shape.0.push([0.0, 0.3, 0.0]);
    shape.0.extend(outline.iter().map(|point| [point.x, point.y, 0.0]));
    let count = outline.len() as u32;
    shape.1.extend((0..count).flat_map(|at| [0, 1 + at, 1 + (at + 1) % count]));
    let bow: Vec<Vec2> = half_circle(Vec2::new(0.0, 0.05), 0.52, PI).collect();
    band(&bow, 0.055, &mut shape);
    band(&[Vec2::new(0.0, -0.47), Vec2::new(0.0, -0.85)], 0.055, &mut shape);
    band(&[Vec2::new(-0.3, -0.88), Vec2::new(0.3, -0.88)], 0.055, &mut shape);
    shape
}

/// Across it.
fn bar() -> Shape {
    let mut shape = Shape::default();
    let end = Vec2::from_angle(TAU / 8.0) * 1.15;
    band(&[-end, end], 0.1, &mut shape);
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_at_the_lower_edge_of_the_view_wherever_one_looks() {
        for turn in [Quat::IDENTITY, Quat::from_rotation_y(2.0) * Quat::from_rotation_x(0.8)] {
            let head = RigidPose { position: Vec3::new(1.0, 1.7, -2.0), orientation: turn };
            let seen = turn.inverse() * (matrix(&head, 0.0).transform_point3(Vec3::ZERO) - head.position);
            let (aside, below) = ((-seen.x).atan2(-seen.z), (-seen.y / seen.length()).asin());
            assert!((aside - ASIDE).abs() < 1e-4 && (below - BELOW).abs() < 1e-4, "{seen}");
        }
    }

    #[test]
    fn its_shapes_are_whole() {
        for (positions, indices) in [microphone(), bar()] {
            assert!(indices.iter().all(|index| (*index as usize) < positions.len()));
            assert!(positions.iter().flatten().all(|number| number.abs() <= 1.3));
        }
    }
}
