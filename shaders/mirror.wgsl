// What a headset's left eye sees, for a window.

// The window encodes linear colours to sRGB.
override target_encodes: bool = false;

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var picture_sampler: sampler;

struct MirrorPixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) uv: vec2<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32) -> MirrorPixel {
    let place = vec2<f32>(f32(corner & 1u), f32(corner >> 1u));
    return MirrorPixel(vec4<f32>(place * vec2<f32>(2.0, -2.0) + vec2<f32>(-1.0, 1.0), 0.0, 1.0), place);
}

@fragment
fn fragment(pixel: MirrorPixel) -> @location(0) vec4<f32> {
    let color = textureSample(picture, picture_sampler, pixel.uv).rgb;
    if target_encodes {
        return vec4<f32>(color, 1.0);
    }
    return vec4<f32>(srgb_from_linear(color), 1.0);
}
