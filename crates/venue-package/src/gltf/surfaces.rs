//! Materials, textures and images as stored (glTF 2.0 §3.8, §3.9).

use super::buffers::{Buffers, data_uri};
use super::json::{self, Root};
use super::{AlphaMode, GltfError, Image, Material, Texture, TextureUse, UvTransform, Wrap, picture};
use glam::{Vec2, Vec3, Vec4};
use serde_json::Value;

/// Images and textures.
pub(super) fn pictures(
    root: &Root,
    buffers: &Buffers<'_>,
    warnings: &mut Vec<String>,
) -> Result<(Vec<Image>, Vec<Texture>), GltfError> {
    let image = |(at, source): (usize, &json::Image)| {
        let name = format!("image {at}");
        image(&name, source, buffers)
    };
    let images: Vec<_> = root.images.iter().enumerate().map(image).collect::<Result<_, _>>()?;
    for (at, image) in images.iter().enumerate() {
        if !picture::is_supported(&image.media_type) {
            warnings.push(format!(
                "image {at}: {:?} is not PNG, JPEG, WebP or KTX2; it shows as plain colour",
                image.media_type
            ));
        }
    }
    Ok((images, textures(root)?))
}

/// Textures alone.
pub(super) fn textures(root: &Root) -> Result<Vec<Texture>, GltfError> {
    root.textures.iter().enumerate().map(|(at, source)| texture(root, at, source)).collect()
}

fn image(name: &str, source: &json::Image, buffers: &Buffers<'_>) -> Result<Image, GltfError> {
    let (said, bytes) = match (&source.uri, source.buffer_view) {
        (_, Some(view)) => (source.mime_type.clone(), buffers.view(view, name)?.to_vec()),
        (Some(uri), None) => {
            let (media_type, bytes) = data_uri(uri, name)?;
            (Some(media_type), bytes)
        }
        (None, None) => return Err(GltfError::broken(name, "it has neither bytes nor a name")),
    };
    buffers.charge(name, bytes.len() as u64, 1)?;
    // The bytes know better than the label.
    let media_type = picture::sniff(&bytes).map(str::to_owned).or(said).unwrap_or_default();
    Ok(Image { media_type: media_type.chars().take(60).collect(), bytes })
}

fn texture(root: &Root, at: usize, source: &json::Texture) -> Result<Texture, GltfError> {
    let name = format!("texture {at}");
    let named = |extension: &Option<json::TextureSource>| extension.as_ref().and_then(|named| named.source);
    // The plain source is for readers that know neither extension.
    let image = named(&source.extensions.basisu)
        .or(named(&source.extensions.webp))
        .or(source.source)
        .ok_or_else(|| GltfError::broken(&name, "it names no image that is supported"))?;
    if image >= root.images.len() {
        return Err(GltfError::missing(name, "image", image));
    }
    let sampler = match source.sampler {
        None => None,
        Some(at) => Some(root.samplers.get(at).ok_or_else(|| GltfError::missing(name, "sampler", at))?),
    };
    let wrap = |code: Option<u32>| match code {
        Some(33071) => Wrap::Clamp,
        Some(33648) => Wrap::Mirror,
        _ => Wrap::Repeat,
    };
    Ok(Texture {
        image,
        wrap: [wrap(sampler.and_then(|s| s.wrap_s)), wrap(sampler.and_then(|s| s.wrap_t))],
        nearest: sampler.and_then(|s| s.mag_filter) == Some(9728),
    })
}

/// Materials.
pub(super) fn materials(root: &Root, textures: usize) -> Result<Vec<Material>, GltfError> {
    root.materials.iter().enumerate().map(|(at, source)| material(at, source, textures)).collect()
}

fn material(at: usize, source: &json::Material, textures: usize) -> Result<Material, GltfError> {
    let name = format!("material {at}");
    let used = |info: &Option<json::TextureInfo>| texture_use(&name, info.as_ref(), textures);
    let surface = &source.pbr_metallic_roughness;
    let strength = source.extensions.get("KHR_materials_emissive_strength");
    let strength = strength.and_then(|value| value["emissiveStrength"].as_f64()).unwrap_or(1.0) as f32;
    let alpha = match source.alpha_mode.as_deref() {
        Some("MASK") => AlphaMode::Mask(source.alpha_cutoff.unwrap_or(0.5).clamp(0.0, 1.0)),
        Some("BLEND") => AlphaMode::Blend,
        _ => AlphaMode::Opaque,
    };
    Ok(Material {
        name: source.name.clone(),
        base_color: surface.base_color_factor.map_or(Vec4::ONE, Vec4::from).clamp(Vec4::ZERO, Vec4::ONE),
        base_color_texture: used(&surface.base_color_texture)?,
        emissive: source.emissive_factor.map_or(Vec3::ZERO, Vec3::from) * strength.clamp(0.0, 10_000.0),
        emissive_texture: used(&source.emissive_texture)?,
        roughness: surface.roughness_factor.unwrap_or(1.0).clamp(0.0, 1.0),
        metallic: surface.metallic_factor.unwrap_or(1.0).clamp(0.0, 1.0),
        metallic_roughness_texture: used(&surface.metallic_roughness_texture)?,
        normal_texture: used(&source.normal_texture)?,
        occlusion_texture: used(&source.occlusion_texture)?,
        unlit: source.extensions.contains_key("KHR_materials_unlit"),
        alpha,
        double_sided: source.double_sided,
    })
}

fn texture_use(
    name: &str,
    info: Option<&json::TextureInfo>,
    textures: usize,
) -> Result<Option<TextureUse>, GltfError> {
    let Some(info) = info else { return Ok(None) };
    if info.index >= textures {
        return Err(GltfError::missing(name, "texture", info.index));
    }
    let moved = info.extensions.transform.as_ref();
    let uv_set = moved.and_then(|t| t.tex_coord).unwrap_or(info.tex_coord);
    if uv_set > 1 {
        return Err(GltfError::broken(
            name,
            format!("it uses texture coordinates {uv_set}; 0 and 1 are supported"),
        ));
    }
    let transform = UvTransform {
        offset: moved.and_then(|t| t.offset).map_or(Vec2::ZERO, Vec2::from),
        rotation: moved.and_then(|t| t.rotation).unwrap_or(0.0),
        scale: moved.and_then(|t| t.scale).map_or(Vec2::ONE, Vec2::from),
    };
    Ok(Some(TextureUse { texture: info.index, uv_set, transform }))
}

/// The bytes behind `KHR_audio_emitter.audio`.
pub(super) fn audio(root: &Root, buffers: &Buffers<'_>) -> Result<Vec<Image>, GltfError> {
    let list = root.extensions.get("KHR_audio_emitter").and_then(|extension| extension.get("audio"));
    let entries = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let one = |(at, entry): (usize, &Value)| {
        let index =
            |key: &str| entry.get(key).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
        let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
        let source =
            json::Image { uri: text("uri"), mime_type: text("mimeType"), buffer_view: index("bufferView") };
        image(&format!("audio {at}"), &source, buffers)
    };
    entries.iter().enumerate().map(one).collect()
}
