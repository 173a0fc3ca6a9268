// Halves a texture's level into the next one. Not part of a frame: runs when a texture gets its pixels.

@group(0) @binding(0) var larger: texture_2d<f32>;
@group(0) @binding(1) var larger_sampler: sampler;

struct MipPixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) uv: vec2<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32) -> MipPixel {
    let place = vec2<f32>(f32(corner & 1u) * 4.0 - 1.0, f32(corner >> 1u) * 4.0 - 1.0);
    return MipPixel(vec4<f32>(place, 0.0, 1.0), place * vec2<f32>(0.5, -0.5) + 0.5);
}

@fragment
fn fragment(pixel: MipPixel) -> @location(0) vec4<f32> {
    return textureSample(larger, larger_sampler, pixel.uv);
}
