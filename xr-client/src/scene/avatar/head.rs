//! The heads of the avatars as their file has them, in the frame of a head's pose: where each point of its surface must be
//! seen when the pose is known.
//!
//! It must not know figures, joints' matrices or the GPU: it is what their work is compared with.

use super::AvatarError;
use super::looks::LookMeshes;
use super::rig::{Rig, RigError};
use glam::Vec3;
use venue_package::gltf::{Document, Limits};
use venue_protocol::Appearance;

/// The part of the avatar's surface that the head's joint and the jaw's carry more than half, the mouth closed.
#[derive(Clone, Debug, Default)]
pub struct HeadShape {
    /// Metres; the origin lies between the eyes, x to the right, y up, and the face looks along -z.
    pub points: Vec<Vec3>,
    /// How much these joints carry each point, 0 to 1.
    pub shares: Vec<f32>,
    /// Three points each; at least one of them is carried more than half.
    pub triangles: Vec<[u32; 3]>,
}

/// The heads of all looks.
#[derive(Clone, Debug)]
pub struct Heads {
    /// At least one.
    shapes: Vec<HeadShape>,
}

impl Heads {
    /// The heads of the avatars that come with the program.
    pub fn of_program() -> Result<Self, AvatarError> {
        let document = Document::read(super::AVATARS, &Limits::CLIENT)?;
        let rig = Rig::new(&document)?;
        let looks = LookMeshes::of(&document);
        let shapes = looks.iter().map(|look| HeadShape::of(&document, look, &rig));
        let shapes = shapes.collect::<Result<Vec<_>, _>>()?;
        if shapes.is_empty() { Err(AvatarError::NoLook) } else { Ok(Self { shapes }) }
    }

    /// All heads to be this one.
    #[cfg(test)]
    pub fn all(shape: HeadShape) -> Self {
        Self { shapes: vec![shape] }
    }

    /// The head of an appearance.
    pub fn of(&self, appearance: Appearance) -> &HeadShape {
        &self.shapes[LookMeshes::place(appearance, self.shapes.len())]
    }
}

impl HeadShape {
    fn of(document: &Document, look: &LookMeshes, rig: &Rig) -> Result<Self, RigError> {
        let joints_of_head = rig.head_joints();
        let joint = usize::from(joints_of_head[0].ok_or(RigError::NoBone("head"))?);
        let (_, joint_from_file) = rig.joints[joint];
        let upright = rig.rest_rotations[rig.head];
        let mut shape = Self::default();
        if let Some(mesh) = look.meshes[0].and_then(|mesh| document.meshes.get(mesh)) {
            for primitive in &mesh.primitives {
                let first = shape.points.len() as u32;
                shape.points.extend(
                    primitive
                        .positions
                        .iter()
                        .map(|point| upright * (joint_from_file.transform_point3(*point) - rig.eyes_in_head)),
                );
                shape.shares.extend(primitive.joints.iter().zip(&primitive.weights).map(
                    |(joints, weights)| {
                        let carried = joints.iter().zip(weights.to_array());
                        carried
                            .filter(|(index, _)| joints_of_head.contains(&Some(**index)))
                            .map(|(_, part)| part)
                            .sum::<f32>()
                    },
                ));
                // Whatever hangs on no joint is no head either.
                shape.shares.resize(shape.points.len(), 0.0);
                let corners = primitive.indices.chunks_exact(3);
                let triangles = corners.map(|corner| [0, 1, 2].map(|index| first + corner[index]));
                let shares = &shape.shares;
                let is_head = |triangle: &[u32; 3]| triangle.iter().any(|at| shares[*at as usize] > 0.5);
                shape.triangles.extend(triangles.filter(is_head));
            }
        }
        Ok(shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_the_program_s_avatars_have_the_size_of_heads_around_their_eyes() {
        for (index, shape) in Heads::of_program().unwrap().shapes.iter().enumerate() {
            let used = shape.triangles.iter().flatten().map(|index| shape.points[*index as usize]);
            let (low, high) = used.fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), point| {
                (low.min(point), high.max(point))
            });
            let size = high - low;
            assert!((0.12..0.32).contains(&size.x), "look {index} is as wide as a head with hair: {size}");
            assert!((0.18..0.40).contains(&size.y), "look {index} is as high as a head: {size}");
            assert!((0.15..0.38).contains(&size.z), "look {index} is as deep as a head: {size}");
            assert!((low.x + high.x).abs() < 0.03, "the eyes are in its middle: {low} to {high}");
            assert!(low.z < 0.0 && low.z > -0.07, "the nose is just before the eyes: {low}");
            assert!(high.y > 0.06 && low.y < -0.08, "crown above, chin below: {low} to {high}");
        }
    }
}
