//! Structures of Steam Audio's C interface, version 4.6, laid out as its published header `phonon.h` says; names are
//! ours. Knows no library; sizes and offsets are tested against numbers that a C compiler took from that header.
//!
//! Later versions 4.x append fields to two structures, which they touch only for callers of those versions, or for
//! paths, which are not used here. What the library writes to has room to spare all the same.

use std::ffi::c_void;

/// The version that is asked for: 4.6.0. The library answers for it if it is of 4.6 or a later 4.x.
pub const VERSION: u32 = 4 << 16 | 6 << 8;

/// An object of the library.
pub type Handle = *mut c_void;

/// Answer of all that can fail: 0 is good.
pub type Status = i32;

/// A point or a direction.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Vector {
    pub x: f32,
    pub y: f32,
    pub z: f32,
}

/// A place with its axes.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Frame {
    pub right: Vector,
    pub up: Vector,
    pub ahead: Vector,
    pub origin: Vector,
}

#[repr(C)]
#[derive(Debug)]
pub struct ContextSettings {
    pub version: u32,
    pub log: *mut c_void,
    pub allocate: *mut c_void,
    pub free: *mut c_void,
    /// The best that may be used: [`AVX2`].
    pub simd: i32,
    pub flags: i32,
}

/// The library takes less where the processor has less.
pub const AVX2: i32 = 3;

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct AudioSettings {
    pub rate: i32,
    pub block: i32,
}

#[repr(C)]
#[derive(Debug)]
pub struct AudioBuffer {
    pub channels: i32,
    pub samples: i32,
    pub data: *mut *mut f32,
}

/// Type 0: the library's own set of head responses.
#[repr(C)]
#[derive(Debug)]
pub struct HrtfSettings {
    pub kind: i32,
    pub file: *const i8,
    pub bytes: *const u8,
    pub byte_count: i32,
    pub volume: f32,
    pub norm: i32,
}

#[repr(C)]
#[derive(Debug)]
pub struct BinauralSettings {
    pub hrtf: Handle,
}

#[repr(C)]
#[derive(Debug)]
pub struct BinauralParams {
    pub direction: Vector,
    /// [`BILINEAR`].
    pub interpolation: i32,
    pub blend: f32,
    pub hrtf: Handle,
    pub peak_delays: *mut f32,
}

pub const BILINEAR: i32 = 1;

#[repr(C)]
#[derive(Debug)]
pub struct DirectSettings {
    pub channels: i32,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct DirectParams {
    pub flags: i32,
    /// [`BY_FREQUENCY`].
    pub transmission_kind: i32,
    pub distance: f32,
    pub air: [f32; 3],
    pub directivity: f32,
    pub occlusion: f32,
    pub transmission: [f32; 3],
}

/// Flags of [`DirectParams`], and of the simulation of the direct sound.
pub const DISTANCE: i32 = 1;
pub const AIR: i32 = 1 << 1;
pub const OCCLUSION: i32 = 1 << 3;
pub const TRANSMISSION: i32 = 1 << 4;
pub const BY_FREQUENCY: i32 = 1;

/// Type of reflections: by reverberation times only.
pub const PARAMETRIC: i32 = 1;

#[repr(C)]
#[derive(Debug)]
pub struct ReflectionSettings {
    pub kind: i32,
    pub response_samples: i32,
    pub channels: i32,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ReflectionParams {
    pub kind: i32,
    pub response: Handle,
    pub times: [f32; 3],
    pub eq: [f32; 3],
    pub delay: i32,
    pub channels: i32,
    pub response_samples: i32,
    pub tan_device: Handle,
    pub tan_slot: i32,
}

/// Type 0: the library's own rays.
#[repr(C)]
#[derive(Debug)]
pub struct SceneSettings {
    pub kind: i32,
    pub callbacks: [*mut c_void; 4],
    pub user: *mut c_void,
    pub embree: Handle,
    pub radeon_rays: Handle,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SteamMaterial {
    pub absorption: [f32; 3],
    pub scattering: f32,
    /// Of amplitude.
    pub transmission: [f32; 3],
}

#[repr(C)]
#[derive(Debug)]
pub struct MeshSettings {
    pub vertex_count: i32,
    pub triangle_count: i32,
    pub material_count: i32,
    pub vertices: *mut Vector,
    pub triangles: *mut [i32; 3],
    pub material_indices: *mut i32,
    pub materials: *mut SteamMaterial,
}

/// What is simulated.
pub const DIRECT: i32 = 1;
pub const REFLECTIONS: i32 = 1 << 1;

#[repr(C)]
#[derive(Debug)]
pub struct SimulationSettings {
    pub flags: i32,
    pub scene_kind: i32,
    pub reflection_kind: i32,
    pub occlusion_samples: i32,
    pub rays: i32,
    pub diffuse_samples: i32,
    pub seconds: f32,
    pub order: i32,
    pub sources: i32,
    pub threads: i32,
    pub ray_batch: i32,
    pub visibility_samples: i32,
    pub rate: i32,
    pub block: i32,
    pub open_cl: Handle,
    pub radeon_rays: Handle,
    pub tan: Handle,
}

#[repr(C)]
#[derive(Debug)]
pub struct SourceSettings {
    pub flags: i32,
}

/// Types 0: the library's own models.
#[repr(C)]
#[derive(Debug)]
pub struct DistanceModel {
    pub kind: i32,
    pub nearest: f32,
    pub callback: *mut c_void,
    pub user: *mut c_void,
    pub dirty: i32,
}

#[repr(C)]
#[derive(Debug)]
pub struct AirModel {
    pub kind: i32,
    pub coefficients: [f32; 3],
    pub callback: *mut c_void,
    pub user: *mut c_void,
    pub dirty: i32,
}

#[repr(C)]
#[derive(Debug)]
pub struct Directivity {
    pub weight: f32,
    pub power: f32,
    pub callback: *mut c_void,
    pub user: *mut c_void,
}

#[repr(C)]
#[derive(Debug)]
pub struct SourceInputs {
    pub flags: i32,
    pub direct_flags: i32,
    pub source: Frame,
    pub distance: DistanceModel,
    pub air: AirModel,
    pub directivity: Directivity,
    /// [`VOLUMETRIC`].
    pub occlusion_kind: i32,
    pub occlusion_radius: f32,
    pub occlusion_samples: i32,
    pub reverb_scale: [f32; 3],
    pub hybrid_time: f32,
    pub hybrid_overlap: f32,
    pub baked: i32,
    /// Type, variation, sphere of what is baked.
    pub baked_data: [u32; 6],
    pub probes: Handle,
    pub visibility: [f32; 3],
    pub path_order: i32,
    pub validates_paths: i32,
    pub finds_paths: i32,
    pub transmission_rays: i32,
    pub spare: [usize; 4],
}

pub const VOLUMETRIC: i32 = 1;

#[repr(C)]
#[derive(Debug)]
pub struct SharedInputs {
    pub listener: Frame,
    pub rays: i32,
    pub bounces: i32,
    pub seconds: f32,
    pub order: i32,
    pub nearest: f32,
    pub path_callback: *mut c_void,
    pub path_user: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Outputs {
    pub direct: DirectParams,
    pub reflections: ReflectionParams,
    /// Of paths, which are not simulated; and what later versions append.
    pub paths: [usize; 24],
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::{offset_of, size_of};

    /// Compares sizes and offsets with what gcc 12 on x86-64 says of the published `phonon.h` of 4.6.0.
    macro_rules! same {
        ($($ours:ident $size:literal: $($field:ident $at:literal),*;)*) => {
            $(
                assert_eq!(size_of::<$ours>(), $size, stringify!($ours));
                $(assert_eq!(offset_of!($ours, $field), $at, "{}.{}", stringify!($ours), stringify!($field));)*
            )*
        };
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn sizes_and_offsets_are_those_of_the_published_header() {
        same! {
            ContextSettings 40: version 0, log 8, allocate 16, free 24, simd 32, flags 36;
            Vector 12: x 0, y 4, z 8;
            Frame 48: right 0, up 12, ahead 24, origin 36;
            SteamMaterial 28: absorption 0, scattering 12, transmission 16;
            SceneSettings 64: kind 0, callbacks 8, user 40, embree 48, radeon_rays 56;
            MeshSettings 48: vertex_count 0, triangle_count 4, material_count 8, vertices 16, triangles 24,
                material_indices 32, materials 40;
            AudioSettings 8: rate 0, block 4;
            AudioBuffer 16: channels 0, samples 4, data 8;
            HrtfSettings 40: kind 0, file 8, bytes 16, byte_count 24, volume 28, norm 32;
            BinauralSettings 8: hrtf 0;
            BinauralParams 40: direction 0, interpolation 12, blend 16, hrtf 24, peak_delays 32;
            DirectSettings 4: channels 0;
            DirectParams 44: flags 0, transmission_kind 4, distance 8, air 12, directivity 24, occlusion 28,
                transmission 32;
            ReflectionSettings 12: kind 0, response_samples 4, channels 8;
            ReflectionParams 72: kind 0, response 8, times 16, eq 28, delay 40, channels 44, response_samples 48,
                tan_device 56, tan_slot 64;
            DistanceModel 32: kind 0, nearest 4, callback 8, user 16, dirty 24;
            AirModel 40: kind 0, coefficients 4, callback 16, user 24, dirty 32;
            Directivity 24: weight 0, power 4, callback 8, user 16;
            SimulationSettings 80: flags 0, scene_kind 4, reflection_kind 8, occlusion_samples 12, rays 16,
                diffuse_samples 20, seconds 24, order 28, sources 32, threads 36, ray_batch 40,
                visibility_samples 44, rate 48, block 52, open_cl 56, radeon_rays 64, tan 72;
            SourceSettings 4: flags 0;
            SharedInputs 88: listener 0, rays 48, bounces 52, seconds 56, order 60, nearest 64, path_callback 72,
                path_user 80;
        }
        // Two have room to spare behind the header's own 256 and 208 bytes.
        same! {
            SourceInputs 288: flags 0, direct_flags 4, source 8, distance 56, air 88, directivity 128,
                occlusion_kind 152, occlusion_radius 156, occlusion_samples 160, reverb_scale 164,
                hybrid_time 176, hybrid_overlap 180, baked 184, baked_data 188, probes 216, visibility 224,
                path_order 236, validates_paths 240, finds_paths 244, transmission_rays 248, spare 256;
            Outputs 312: direct 0, reflections 48, paths 120;
        }
        assert_eq!(VERSION, 0x0004_0600);
    }
}
