// What a headset's left eye sees, for a window: its picture, over what the headset shows behind it.

// The window encodes linear colours to sRGB.
override target_encodes: bool = false;

struct MirrorUniform {
    direction_from_clip: mat4x4<f32>,
    // Part of a whole turn, positive to the right.
    turn: f32,
    // 1 where a panorama lies behind the picture.
    has_panorama: f32,
}

@group(0) @binding(0) var<uniform> mirror: MirrorUniform;
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var picture_sampler: sampler;
@group(0) @binding(3) var panorama: texture_2d<f32>;
@group(0) @binding(4) var panorama_sampler: sampler;

struct MirrorPixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) uv: vec2<f32>,
    @location(1) direction: vec3<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32) -> MirrorPixel {
    let uv = vec2<f32>(f32(corner & 1u), f32(corner >> 1u));
    let place = uv * vec2<f32>(2.0, -2.0) + vec2<f32>(-1.0, 1.0);
    let direction = mirror.direction_from_clip * vec4<f32>(place, 1.0, 1.0);
    return MirrorPixel(vec4<f32>(place, 0.0, 1.0), uv, direction.xyz);
}

@fragment
fn fragment(pixel: MirrorPixel) -> @location(0) vec4<f32> {
    // Colours of an open sky are premultiplied.
    let seen = textureSampleLevel(picture, picture_sampler, pixel.uv, 0.0);
    let place = panorama_place(normalize(pixel.direction), mirror.turn);
    let behind = textureSampleLevel(panorama, panorama_sampler, place, 0.0).rgb * mirror.has_panorama;
    let color = seen.rgb + behind * (1.0 - seen.a);
    if target_encodes {
        return vec4<f32>(color, 1.0);
    }
    return vec4<f32>(srgb_from_linear(color), 1.0);
}
