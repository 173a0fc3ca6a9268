//! Which glTF extensions a file may *require*.

use super::GltfError;
use super::json::Root;

/// Extensions that a file may list in `extensionsRequired`: all that it says with them is understood.
///
/// Others may be *used*: what they say is skipped, as glTF has it.
pub const SUPPORTED_WHEN_REQUIRED: [&str; 22] = [
    "EXT_meshopt_compression",
    "EXT_texture_webp",
    "KHR_audio_emitter",
    "KHR_materials_emissive_strength",
    "KHR_materials_unlit",
    "KHR_mesh_quantization",
    "KHR_texture_basisu",
    "KHR_texture_transform",
    "OMI_seat",
    "OMI_spawn_point",
    "VEV_acoustics",
    "VEV_booth",
    "VEV_door",
    "VEV_environment",
    "VEV_exhibit",
    "VEV_navigation",
    "VEV_screen",
    "VEV_seat",
    "VEV_space",
    "VEV_spawn_point",
    "VEV_venue",
    "VEV_zone",
];

pub(super) fn check_required(root: &Root) -> Result<(), GltfError> {
    match root.extensions_required.iter().find(|name| !SUPPORTED_WHEN_REQUIRED.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(GltfError::RequiredExtension(name.chars().take(60).collect())),
    }
}
