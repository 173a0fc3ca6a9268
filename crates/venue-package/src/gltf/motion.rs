//! Skins and animations (glTF 2.0 §3.7.3, §3.11).

use super::accessors::Accessors;
use super::buffers::Buffers;
use super::geometry::short;
use super::json::{self, Root};
use super::{Animation, Channel, GltfError, Interpolation, Property, Skin};
use glam::{Mat4, Vec4};

pub(super) fn skins(root: &Root, buffers: &Buffers<'_>) -> Result<Vec<Skin>, GltfError> {
    let accessors = Accessors { root, buffers };
    root.skins.iter().enumerate().map(|(at, source)| skin(&accessors, at, source)).collect()
}

fn skin(accessors: &Accessors<'_>, at: usize, source: &json::Skin) -> Result<Skin, GltfError> {
    let name = format!("skin {at} {:?}", short(&source.name));
    if let Some(&joint) = source.joints.iter().find(|&&joint| joint >= accessors.root.nodes.len()) {
        return Err(GltfError::missing(name, "node", joint));
    }
    let joints = source.joints.to_vec();
    let inverse_bind: Vec<Mat4> = match source.inverse_bind_matrices {
        None => vec![Mat4::IDENTITY; joints.len()],
        Some(matrices) => {
            let read = accessors.floats(matrices, [0.0; 16], &["MAT4"], &name)?;
            read.iter().map(Mat4::from_cols_array).collect()
        }
    };
    if inverse_bind.len() < joints.len() {
        return Err(GltfError::broken(name, "it has fewer inverse bind matrices than joints"));
    }
    Ok(Skin { name: source.name.clone(), inverse_bind: inverse_bind[..joints.len()].to_vec(), joints })
}

pub(super) fn animations(
    root: &Root,
    buffers: &Buffers<'_>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Animation>, GltfError> {
    let accessors = Accessors { root, buffers };
    let mut animations = Vec::with_capacity(root.animations.len());
    for (at, source) in root.animations.iter().enumerate() {
        let name = format!("animation {at} {:?}", short(&source.name));
        let mut channels = Vec::new();
        for channel in source.channels.iter() {
            channels.extend(read_channel(&accessors, source, channel, &name, warnings)?);
        }
        animations.push(Animation { name: source.name.clone(), channels });
    }
    Ok(animations)
}

fn read_channel(
    accessors: &Accessors<'_>,
    animation: &json::Animation,
    channel: &json::Channel,
    name: &str,
    warnings: &mut Vec<String>,
) -> Result<Option<Channel>, GltfError> {
    let property = match channel.target.path.as_str() {
        "translation" => Property::Translation,
        "rotation" => Property::Rotation,
        "scale" => Property::Scale,
        other => {
            warnings.push(format!("{name}: the movement of {:?} is left out", short(other)));
            return Ok(None);
        }
    };
    let Some(node) = channel.target.node else { return Ok(None) };
    if node >= accessors.root.nodes.len() {
        return Err(GltfError::missing(name, "node", node));
    }
    let sampler = animation.samplers.get(channel.sampler);
    let sampler = sampler.ok_or_else(|| GltfError::missing(name, "sampler", channel.sampler))?;
    let interpolation = match sampler.interpolation.as_deref() {
        Some("STEP") => Interpolation::Step,
        Some("CUBICSPLINE") => Interpolation::Cubic,
        _ => Interpolation::Linear,
    };
    let shape = if property == Property::Rotation { "VEC4" } else { "VEC3" };
    let times: Vec<f32> =
        accessors.floats(sampler.input, [0.0], &["SCALAR"], name)?.into_iter().map(|[time]| time).collect();
    let values: Vec<Vec4> =
        accessors.floats(sampler.output, [0.0; 4], &[shape], name)?.into_iter().map(Vec4::from).collect();
    let needed = times.len() * if interpolation == Interpolation::Cubic { 3 } else { 1 };
    if values.len() != needed || times.is_empty() || !times.is_sorted() || times[0] < 0.0 {
        let what = format!("its {} times and {} values do not make a movement", times.len(), values.len());
        return Err(GltfError::broken(name, what));
    }
    Ok(Some(Channel { node, property, interpolation, times, values }))
}
