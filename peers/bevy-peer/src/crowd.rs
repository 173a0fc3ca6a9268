//! Figures on one skeleton each, which walk in circles and move every joint.

use crate::Scene;
use crate::room::{Made, material, mesh};
use bevy::mesh::VertexAttributeValues;
use bevy::mesh::skinning::{SkinnedMesh, SkinnedMeshInverseBindposes};
use bevy::prelude::*;
use venue_package::gltf::{Document, Limits};

/// Metres a second.
const SPEED: f32 = 1.3;
/// Of a frame, as our bench has it.
const SECONDS: f32 = 0.016_667;
/// How far joints swing, radians.
const SWING: f32 = 0.25;

/// Where the crowd is.
#[derive(Resource)]
pub struct Start(pub Vec3);

/// A figure's root, with its angle on its circle.
#[derive(Component)]
pub struct Figure {
    middle: Vec3,
    radius: f32,
    angle: f32,
}

/// A joint, how it rests, and where in the swing it is.
#[derive(Component)]
pub struct Joint {
    rest: Quat,
    phase: f32,
}

/// Spawns the crowd.
pub fn set_up(
    mut commands: Commands,
    scene: Res<Scene>,
    start: Res<Start>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut images: ResMut<Assets<Image>>,
    mut poses: ResMut<Assets<SkinnedMeshInverseBindposes>>,
) {
    let made = Made { meshes: &mut meshes, materials: &mut materials, images: &mut images };
    spawn(&mut commands, &scene, start.0, made, &mut poses).expect("the figures can be drawn");
}

fn spawn(
    commands: &mut Commands,
    scene: &Scene,
    start: Vec3,
    mut made: Made<'_>,
    poses: &mut Assets<SkinnedMeshInverseBindposes>,
) -> Result<()> {
    let document = Document::read(&std::fs::read(&scene.avatars)?, &Limits::CLIENT)?;
    let skin = document.skins.first().context("the figures have no skin")?;
    let matrices = skin.inverse_bind.iter().map(|matrix| Mat4::from_cols_array(&matrix.to_cols_array()));
    let inverse_bindposes = poses.add(matrices.collect::<Vec<_>>());
    // Half of what our renderer draws of a crowd is the middle level.
    let looks: Vec<Vec<(Handle<Mesh>, Handle<StandardMaterial>)>> = document
        .meshes
        .iter()
        .filter(|mesh| mesh.name.ends_with(".middle"))
        .map(|of| {
            let primitives = of.primitives.iter();
            primitives.map(|p| (made.meshes.add(skinned(p)), material(&document, p, &mut made))).collect()
        })
        .collect();
    for number in 0..scene.count {
        let angle = number as f32 * 2.4;
        let radius = 2.0 + (number % 7) as f32 * 0.6;
        let root = commands
            .spawn((Figure { middle: start, radius, angle }, Transform::default(), Visibility::default()))
            .id();
        let joints = skeleton(commands, &document, root, number as f32);
        for (mesh, material) in &looks[number % looks.len()] {
            let joints: Vec<Entity> = skin.joints.iter().map(|&node| joints[node]).collect();
            let skinned = SkinnedMesh { inverse_bindposes: inverse_bindposes.clone(), joints };
            let part =
                (Mesh3d(mesh.clone()), MeshMaterial3d(material.clone()), skinned, Transform::default());
            let part = commands.spawn(part).id();
            commands.entity(root).add_child(part);
        }
    }
    Ok(())
}

/// An entity for each node of the file, below a root.
fn skeleton(commands: &mut Commands, document: &Document, root: Entity, offset: f32) -> Vec<Entity> {
    let entities: Vec<Entity> = (0..document.nodes.len())
        .map(|at| {
            let local = &document.nodes[at].local;
            let rest = Quat::from_array(local.rotation.to_array());
            let transform = Transform {
                translation: Vec3::from_array(local.translation.to_array()),
                rotation: rest,
                scale: Vec3::from_array(local.scale.to_array()),
            };
            commands.spawn((Joint { rest, phase: offset + at as f32 }, transform)).id()
        })
        .collect();
    for (at, node) in document.nodes.iter().enumerate() {
        let parent = node.parent.map_or(root, |parent| entities[parent]);
        commands.entity(parent).add_child(entities[at]);
    }
    entities
}

fn skinned(primitive: &venue_package::gltf::Primitive) -> Mesh {
    let weights: Vec<[f32; 4]> = primitive.weights.iter().map(|weights| weights.to_array()).collect();
    mesh(primitive)
        .with_inserted_attribute(
            Mesh::ATTRIBUTE_JOINT_INDEX,
            VertexAttributeValues::Uint16x4(primitive.joints.clone()),
        )
        .with_inserted_attribute(Mesh::ATTRIBUTE_JOINT_WEIGHT, weights)
}

/// Moves every figure and every joint.
pub fn walk(
    mut figures: Query<(&mut Figure, &mut Transform), Without<Joint>>,
    mut joints: Query<(&mut Joint, &mut Transform), Without<Figure>>,
) {
    for (mut figure, mut transform) in &mut figures {
        figure.angle += SPEED * SECONDS / figure.radius;
        let (sin, cos) = figure.angle.sin_cos();
        transform.translation = figure.middle + Vec3::new(cos, 0.0, sin) * figure.radius;
        transform.rotation = Quat::from_rotation_y(-figure.angle);
    }
    for (mut joint, mut transform) in &mut joints {
        joint.phase += SECONDS * 6.0;
        transform.rotation = joint.rest * Quat::from_rotation_x(joint.phase.sin() * SWING * 0.1);
    }
}
