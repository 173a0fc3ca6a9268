//! Meshes: attributes, triangles and points (glTF 2.0 §3.7).

use super::accessors::Accessors;
use super::buffers::Buffers;
use super::json::{self, Root};
use super::{GltfError, Mesh, Primitive, Topology};
use glam::{Vec2, Vec3, Vec4};

pub(super) const POINTS: u32 = 0;
pub(super) const TRIANGLES: u32 = 4;
pub(super) const STRIP: u32 = 5;
pub(super) const FAN: u32 = 6;

pub(super) fn meshes(
    root: &Root,
    buffers: &Buffers<'_>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Mesh>, GltfError> {
    let accessors = Accessors { root, buffers };
    let mut meshes = Vec::with_capacity(root.meshes.len());
    for (at, mesh) in root.meshes.iter().enumerate() {
        let mut primitives = Vec::new();
        for (part, source) in mesh.primitives.iter().enumerate() {
            let name = format!("mesh {at} {:?}, primitive {part}", short(&mesh.name));
            primitives.extend(primitive(&accessors, source, &name, warnings)?);
        }
        meshes.push(Mesh { name: mesh.name.clone(), primitives });
    }
    Ok(meshes)
}

/// A name as it may stand in a sentence.
pub(super) fn short(name: &str) -> String {
    name.chars().take(60).collect()
}

fn primitive(
    accessors: &Accessors<'_>,
    source: &json::Primitive,
    name: &str,
    warnings: &mut Vec<String>,
) -> Result<Option<Primitive>, GltfError> {
    let mode = source.mode.unwrap_or(TRIANGLES);
    if mode != POINTS && !(TRIANGLES..=FAN).contains(&mode) {
        warnings.push(format!("{name}: lines are left out"));
        return Ok(None);
    }
    if source.targets.is_some() {
        warnings.push(format!("{name}: its morph targets are left out"));
    }
    if let Some(extension) = source.extensions.keys().next() {
        warnings.push(format!("{name}: what {:?} says is left out", short(extension)));
    }
    let Some(&positions) = source.attributes.get("POSITION") else {
        warnings.push(format!("{name}: it has no positions and is left out"));
        return Ok(None);
    };
    let positions: Vec<Vec3> =
        accessors.floats(positions, [0.0; 3], &["VEC3"], name)?.into_iter().map(Vec3::from).collect();
    if let Some(material) = source.material.filter(|&material| material >= accessors.root.materials.len()) {
        return Err(GltfError::missing(name, "material", material));
    }
    let mut out = Primitive { material: source.material, ..Primitive::default() };
    attributes(accessors, source, name, &mut out)?;
    match mode {
        POINTS => {
            out.topology = Topology::Points;
            out.radii = radii(accessors, source, name)?;
            // Indices of points would only say in which order to draw them.
        }
        _ => out.indices = triangles(accessors, source, mode, positions.len(), name)?,
    }
    out.positions = positions;
    check_lengths(&out, name)?;
    Ok(Some(out))
}

pub(super) fn attributes(
    accessors: &Accessors<'_>,
    source: &json::Primitive,
    name: &str,
    out: &mut Primitive,
) -> Result<(), GltfError> {
    let at = |attribute: &str| source.attributes.get(attribute).copied();
    if let Some(normals) = at("NORMAL") {
        let read = accessors.floats(normals, [0.0, 1.0, 0.0], &["VEC3"], name)?;
        // Quantised normals are not quite of unit length; broken ones point up.
        out.normals = read.into_iter().map(|n| Vec3::from(n).try_normalize().unwrap_or(Vec3::Y)).collect();
    }
    if let Some(tangents) = at("TANGENT") {
        let read = accessors.floats(tangents, [1.0, 0.0, 0.0, 1.0], &["VEC4"], name)?;
        out.tangents = read.into_iter().map(Vec4::from).collect();
    }
    for (set, attribute) in ["TEXCOORD_0", "TEXCOORD_1"].into_iter().enumerate() {
        if let Some(uvs) = at(attribute) {
            let read = accessors.floats(uvs, [0.0; 2], &["VEC2"], name)?;
            out.uvs[set] = read.into_iter().map(Vec2::from).collect();
        }
    }
    if let Some(colors) = at("COLOR_0") {
        let read = accessors.floats(colors, [1.0; 4], &["VEC3", "VEC4"], name)?;
        out.colors = read.into_iter().map(Vec4::from).collect();
    }
    if let (Some(joints), Some(weights)) = (at("JOINTS_0"), at("WEIGHTS_0")) {
        let read: Vec<[u32; 4]> = accessors.indices(joints, "VEC4", name)?;
        out.joints = read.into_iter().map(|four| four.map(|joint| joint.min(0xffff) as u16)).collect();
        let read = accessors.floats(weights, [0.0; 4], &["VEC4"], name)?;
        out.weights = read.into_iter().map(|four| unit_sum(Vec4::from(four))).collect();
    }
    Ok(())
}

/// The sizes of points, when the file has them.
fn radii(accessors: &Accessors<'_>, source: &json::Primitive, name: &str) -> Result<Vec<f32>, GltfError> {
    let Some(&radii) = source.attributes.get("_RADIUS") else { return Ok(Vec::new()) };
    let read = accessors.floats(radii, [0.0], &["SCALAR"], name)?;
    Ok(read.into_iter().map(|[radius]| radius.max(0.0)).collect())
}

/// Weights that add up to one; none at all follow the first joint.
fn unit_sum(weights: Vec4) -> Vec4 {
    let sum = weights.element_sum();
    if sum > 1e-6 { weights / sum } else { Vec4::X }
}

fn triangles(
    accessors: &Accessors<'_>,
    source: &json::Primitive,
    mode: u32,
    vertices: usize,
    name: &str,
) -> Result<Vec<u32>, GltfError> {
    let line: Vec<u32> = match source.indices {
        Some(indices) => {
            accessors.indices::<1>(indices, "SCALAR", name)?.into_iter().map(|[index]| index).collect()
        }
        None => {
            accessors.buffers.charge(name, vertices as u64, 4)?;
            (0..vertices as u32).collect()
        }
    };
    if let Some(index) = line.iter().find(|&&index| index as usize >= vertices) {
        return Err(GltfError::broken(name, format!("the index {index} is beyond its {vertices} vertices")));
    }
    if mode == TRIANGLES {
        let whole = line.len() / 3 * 3;
        return Ok(line[..whole].to_vec());
    }
    accessors.buffers.charge(name, line.len() as u64, 12)?;
    let corner = |i: usize| match mode {
        STRIP if i.is_multiple_of(2) => [line[i], line[i + 1], line[i + 2]],
        STRIP => [line[i + 1], line[i], line[i + 2]],
        _ => [line[i + 1], line[i + 2], line[0]],
    };
    Ok((0..line.len().saturating_sub(2)).flat_map(corner).collect())
}

pub(super) fn check_lengths(primitive: &Primitive, name: &str) -> Result<(), GltfError> {
    let count = primitive.positions.len();
    let lists = [
        ("normals", primitive.normals.len()),
        ("tangents", primitive.tangents.len()),
        ("texture coordinates", primitive.uvs[0].len()),
        ("second texture coordinates", primitive.uvs[1].len()),
        ("colours", primitive.colors.len()),
        ("joints", primitive.joints.len()),
        ("weights", primitive.weights.len()),
        ("radii", primitive.radii.len()),
    ];
    match lists.into_iter().find(|&(_, length)| length != 0 && length != count) {
        None => Ok(()),
        Some((what, length)) => {
            Err(GltfError::broken(name, format!("it has {length} {what} for {count} positions")))
        }
    }
}
