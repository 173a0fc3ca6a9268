//! Nodes, their tree and their transforms (glTF 2.0 §3.5).

use super::geometry::short;
use super::json::{self, Root};
use super::{Asset, GltfError, Node, Transform};
use glam::{DMat4, DQuat, DVec3, Mat4, Vec3};
use serde_json::{Map, Value};

/// Deepest nesting of nodes.
const DEPTH: usize = 256;

/// All nodes, and those at the top of the default scene.
pub(super) fn nodes(root: &Root) -> Result<(Vec<Node>, Vec<usize>), GltfError> {
    let mut nodes = root
        .nodes
        .iter()
        .enumerate()
        .map(|(at, source)| node(root, at, source))
        .collect::<Result<Vec<_>, _>>()?;
    for parent in 0..nodes.len() {
        for child in nodes[parent].children.clone() {
            let count = nodes.len();
            let name = || format!("node {parent}");
            let node = nodes.get_mut(child).ok_or_else(|| GltfError::missing(name(), "node", child))?;
            if child >= count || node.parent.replace(parent).is_some() || child == parent {
                return Err(GltfError::broken(format!("node {child}"), "it has two parents, or is its own"));
            }
        }
    }
    let tops: Vec<_> = (0..nodes.len()).filter(|&at| nodes[at].parent.is_none()).collect();
    let placed = place(&mut nodes, &tops)?;
    if placed != nodes.len() {
        return Err(GltfError::broken("nodes", "some of them are each other's children in a circle"));
    }
    let roots = match scene(root)? {
        Some(scene) => check_roots(scene, &nodes)?,
        None => tops,
    };
    Ok((nodes, roots))
}

/// Extensions of the root and, over them, those of the default scene.
pub(super) fn extensions(root: &Root) -> Map<String, Value> {
    let mut all = root.extensions.clone();
    if let Ok(Some(scene)) = scene(root) {
        all.extend(scene.extensions.clone());
    }
    all
}

pub(super) fn asset(root: &Root) -> Asset {
    let extra = |key: &str| {
        root.asset.extras.get(key).and_then(Value::as_str).map(|text| text.chars().take(400).collect())
    };
    Asset {
        copyright: root.asset.copyright.as_ref().map(|text| text.chars().take(400).collect()),
        title: extra("title"),
        author: extra("author"),
        license: extra("license"),
        source: extra("source"),
    }
}

fn scene(root: &Root) -> Result<Option<&json::Scene>, GltfError> {
    match root.scene {
        None => Ok(root.scenes.first()),
        Some(at) => root.scenes.get(at).map(Some).ok_or_else(|| GltfError::missing("the file", "scene", at)),
    }
}

fn check_roots(scene: &json::Scene, nodes: &[Node]) -> Result<Vec<usize>, GltfError> {
    let mut seen = std::collections::BTreeSet::new();
    for &at in scene.nodes.iter() {
        let node = nodes.get(at).ok_or_else(|| GltfError::missing("the scene", "node", at))?;
        if node.parent.is_some() || !seen.insert(at) {
            return Err(GltfError::broken("the scene", format!("node {at} is no root, or is named twice")));
        }
    }
    Ok(scene.nodes.to_vec())
}

fn node(root: &Root, at: usize, source: &json::Node) -> Result<Node, GltfError> {
    let name = format!("node {at} {:?}", short(&source.name));
    if let Some(mesh) = source.mesh.filter(|&mesh| mesh >= root.meshes.len()) {
        return Err(GltfError::missing(name, "mesh", mesh));
    }
    if let Some(skin) = source.skin.filter(|&skin| skin >= root.skins.len()) {
        return Err(GltfError::missing(name, "skin", skin));
    }
    let local = transform(source);
    if !(local.translation.is_finite() && local.rotation.is_finite() && local.scale.is_finite()) {
        return Err(GltfError::broken(name, "its transform holds a number that is none"));
    }
    Ok(Node {
        name: source.name.clone(),
        children: source.children.to_vec(),
        parent: None,
        local,
        world: Mat4::IDENTITY,
        mesh: source.mesh,
        skin: source.skin,
        extensions: source.extensions.clone(),
    })
}

fn transform(source: &json::Node) -> Transform {
    if let Some(matrix) = source.matrix {
        // The specification allows only matrices that come apart into these three.
        let matrix = DMat4::from_cols_array(&matrix).as_mat4();
        let (scale, rotation, translation) = matrix.to_scale_rotation_translation();
        return Transform { translation, rotation, scale };
    }
    let vector = |numbers: [f64; 3]| DVec3::from(numbers).as_vec3();
    Transform {
        translation: source.translation.map_or(Vec3::ZERO, vector),
        rotation: rotation(source).as_quat(),
        scale: source.scale.map_or(Vec3::ONE, vector),
    }
}

fn rotation(source: &json::Node) -> DQuat {
    let rotation = source.rotation.map_or(DQuat::IDENTITY, DQuat::from_array);
    if rotation.length_squared() > 1e-12 { rotation.normalize() } else { DQuat::IDENTITY }
}

/// Parent from node, as exact as the file says it.
pub(super) fn exact_transform(source: &json::Node) -> DMat4 {
    if let Some(matrix) = source.matrix {
        return DMat4::from_cols_array(&matrix);
    }
    let vector = |numbers: Option<[f64; 3]>, without| numbers.map_or(without, DVec3::from);
    DMat4::from_scale_rotation_translation(
        vector(source.scale, DVec3::ONE),
        rotation(source),
        vector(source.translation, DVec3::ZERO),
    )
}

/// Computes world transforms from the top down; returns how many nodes were reached.
fn place(nodes: &mut [Node], tops: &[usize]) -> Result<usize, GltfError> {
    let mut open: Vec<_> = tops.iter().map(|&at| (at, Mat4::IDENTITY, 0)).collect();
    let mut placed = 0;
    while let Some((at, world_from_parent, depth)) = open.pop() {
        let world = world_from_parent * nodes[at].local.matrix();
        if depth > DEPTH || !world.is_finite() {
            return Err(GltfError::broken(
                format!("node {at}"),
                "it lies too deep, or its transform overflows",
            ));
        }
        nodes[at].world = world;
        placed += 1;
        open.extend(nodes[at].children.iter().map(|&child| (child, world, depth + 1)));
    }
    Ok(placed)
}
