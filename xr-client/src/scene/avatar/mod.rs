//! All avatars of the scene: one model, one figure for each body, and the draws that they make.
//!
//! It must not know the network; it takes poses by participant.

pub mod clip;
pub mod figure;
pub mod gesture;
pub mod head;
pub mod ik;
mod looks;
pub mod rig;

use super::model::{DecodedModel, Progress, Uploaded};
use bytes::Bytes;
use figure::{Figure, Scratch};
use glam::{Mat4, Vec4};
use looks::Part;
use rig::{Rig, RigError};
use std::collections::BTreeMap;
use venue_model::{BodyPose, ParticipantId};
use venue_package::gltf::GltfError;
use venue_protocol::Appearance;
use wgpu_renderer::{Gpu, MaterialId, MeshId, RenderError, Renderer, SkinnedDraw};

/// The avatar that comes with the program.
static AVATAR: &[u8] = include_bytes!("../../../../assets/avatars/delegate.glb");

/// The avatar's file can not be used.
#[derive(Debug, thiserror::Error)]
pub enum AvatarError {
    /// No glTF.
    #[error("the avatar can not be read: {0}")]
    Gltf(#[from] GltfError),
    /// No humanoid.
    #[error(transparent)]
    Rig(#[from] RigError),
    /// The GPU does not take it.
    #[error(transparent)]
    Render(#[from] RenderError),
}

struct Piece {
    mesh: MeshId,
    material: MaterialId,
    part: Part,
}

struct Actor {
    figure: Figure,
    pose: BodyPose,
    appearance: Appearance,
    is_seen: bool,
}

/// All avatars.
pub struct Cast {
    rig: Rig,
    pieces: Vec<Piece>,
    actors: BTreeMap<ParticipantId, Actor>,
    scratch: Scratch,
}

impl Cast {
    /// Uploads the avatar that comes with the program.
    pub fn new(gpu: &Gpu, renderer: &mut Renderer) -> Result<Self, AvatarError> {
        let mut model = DecodedModel::decode(&Bytes::from_static(AVATAR))?;
        let rig = Rig::new(model.document())?;
        let mut uploaded = Uploaded::default();
        while model.upload_piece(&mut uploaded, gpu, renderer)? != Progress::Done {}
        let document = model.document();
        let mut pieces = Vec::new();
        for mesh in document.nodes.iter().filter(|node| node.skin.is_some()).filter_map(|node| node.mesh) {
            let made = uploaded.primitives(mesh).iter().zip(&document.meshes[mesh].primitives);
            pieces.extend(made.filter_map(|(made, primitive)| {
                let (mesh, material) = (*made)?;
                let name = primitive.material.map_or("", |index| &document.materials[index].name);
                Some(Piece { mesh, material, part: Part::of_material(name) })
            }));
        }
        Ok(Self { rig, pieces, actors: BTreeMap::new(), scratch: Scratch::default() })
    }

    /// Begins a frame: who is not shown again before [`Self::retire`] leaves the scene.
    pub fn begin(&mut self) {
        for actor in self.actors.values_mut() {
            actor.is_seen = false;
        }
    }

    /// Shows a body in this frame.
    pub fn show(&mut self, id: ParticipantId, pose: &BodyPose, appearance: Appearance, dt: f32) {
        let actor = self.actors.entry(id).or_insert_with(|| Actor {
            figure: Figure::new(id.0),
            pose: *pose,
            appearance,
            is_seen: true,
        });
        actor.pose = *pose;
        actor.appearance = appearance;
        actor.is_seen = true;
        actor.figure.pose(&self.rig, &mut self.scratch, pose, dt);
    }

    /// Ends a frame.
    pub fn retire(&mut self) {
        self.actors.retain(|_, actor| actor.is_seen);
    }

    /// Appends the draws of everybody but `hidden`; object ids are participants' ids, and heads are marked in them.
    pub fn append_draws<'a>(&'a self, hidden: Option<ParticipantId>, draws: &mut Vec<SkinnedDraw<'a>>) {
        let marked_joint = self.rig.head_joint();
        for (id, actor) in self.actors.iter().filter(|(id, _)| Some(**id) != hidden) {
            let root = actor.pose.building_from_root();
            let world_from_model = Mat4::from_rotation_translation(root.orientation, root.position);
            draws.extend(self.pieces.iter().map(|piece| SkinnedDraw {
                mesh: piece.mesh,
                material: piece.material,
                world_from_model,
                joints: actor.figure.skin(),
                tint: piece.part.tint(actor.appearance).extend(1.0) * Vec4::ONE,
                object_id: id.0,
                marked_joint,
            }));
        }
    }
}

/// A skeleton with a walk for tests: boxes have no say in where joints are.
#[cfg(test)]
pub fn stick_figure() -> Rig {
    tests::stick_figure()
}

#[cfg(test)]
mod tests {
    use super::rig::Rig;
    use glam::{Mat4, Quat, Vec3, Vec4};
    use venue_package::gltf::{
        Animation, Channel, Document, Interpolation, Limits, Node, Property, Skin, Transform,
    };

    /// Name, parent, place in the world; the file looks along +z, so left is +x.
    const BONES: [(&str, usize, [f32; 3]); 17] = [
        ("hips", 0, [0.0, 0.95, 0.0]),
        ("spine", 0, [0.0, 1.1, 0.0]),
        ("neck", 1, [0.0, 1.48, 0.0]),
        ("head", 2, [0.0, 1.56, 0.0]),
        ("eyes", 3, [0.0, 1.65, 0.1]),
        ("upper_arm.L", 1, [0.18, 1.42, 0.0]),
        ("forearm.L", 5, [0.20, 1.14, 0.0]),
        ("hand.L", 6, [0.21, 0.88, 0.02]),
        ("upper_arm.R", 1, [-0.18, 1.42, 0.0]),
        ("forearm.R", 8, [-0.20, 1.14, 0.0]),
        ("hand.R", 9, [-0.21, 0.88, 0.02]),
        ("thigh.L", 0, [0.09, 0.92, 0.0]),
        ("shin.L", 11, [0.09, 0.50, 0.02]),
        ("foot.L", 12, [0.09, 0.08, 0.0]),
        ("thigh.R", 0, [-0.09, 0.92, 0.0]),
        ("shin.R", 14, [-0.09, 0.50, 0.02]),
        ("foot.R", 15, [-0.09, 0.08, 0.0]),
    ];

    pub(super) fn stick_figure() -> Rig {
        let mut document = Document::default();
        for (index, (name, parent, place)) in BONES.iter().enumerate() {
            let place = Vec3::from(*place);
            let parent = (index > 0).then_some(*parent);
            let origin = parent.map_or(Vec3::ZERO, |parent| Vec3::from(BONES[parent].2));
            let local = Transform { translation: place - origin, ..Transform::default() };
            let world = Mat4::from_translation(place);
            document.nodes.push(Node { name: (*name).into(), parent, local, world, ..Node::default() });
        }
        let inverse_bind = document.nodes.iter().map(|node| node.world.inverse()).collect();
        document.skins.push(Skin { name: String::new(), joints: (0..BONES.len()).collect(), inverse_bind });
        document.animations.push(walk());
        Rig::new(&document).unwrap()
    }

    /// Thighs swing so that the foot on the floor goes back at an even speed; knees lift the foot that comes.
    fn walk() -> Animation {
        let turns = |node: usize, phase: f32, knee: bool| {
            let keys = 0..=32;
            let angle = |key: i32| {
                let part = (key as f32 / 32.0 + phase).rem_euclid(1.0);
                let swing = if part < 0.5 { 0.4 - 1.6 * part } else { -0.4 + 1.6 * (part - 0.5) };
                let lift = if part < 0.5 { 0.0 } else { (std::f32::consts::TAU * (part - 0.5)).sin() };
                if knee { 0.9 * lift } else { -swing - 0.35 * lift }
            };
            let values = keys.clone().map(|key| Vec4::from(Quat::from_rotation_x(angle(key)))).collect();
            Channel {
                node,
                property: Property::Rotation,
                interpolation: Interpolation::Linear,
                times: keys.map(|key| key as f32 / 32.0).collect(),
                values,
            }
        };
        let channels =
            vec![turns(11, 0.0, false), turns(12, 0.0, true), turns(14, 0.5, false), turns(15, 0.5, true)];
        Animation { name: "Walk".into(), channels }
    }

    /// The avatar that comes with the program.
    pub fn own_avatar() -> Rig {
        Rig::new(&Document::read(super::AVATAR, &Limits::CLIENT).unwrap()).unwrap()
    }

    #[test]
    fn a_skeleton_is_measured() {
        let rig = stick_figure();
        assert!((rig.legs[0].upper_metres - 0.42).abs() < 0.01);
        assert!(rig.walk_speed > 0.7 && rig.walk_speed < 2.5, "{}", rig.walk_speed);
    }

    #[test]
    fn the_avatar_of_the_program_is_a_humanoid_with_its_clips() {
        let document = venue_package::gltf::Document::read(super::AVATAR, &Limits::CLIENT).unwrap();
        let rig = Rig::new(&document).unwrap();
        for name in ["Idle", "Walk", "Sit"] {
            assert!(document.animations.iter().any(|clip| clip.name == name), "{name} is missing");
        }
        assert!(rig.joints.len() <= wgpu_renderer::MAX_JOINTS);
        assert!((0.8..2.5).contains(&rig.walk_speed), "{}", rig.walk_speed);
    }
}
