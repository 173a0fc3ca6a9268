// Two-dimensional panels. Colours are multiplied as sRGB numbers with premultiplied alpha, as egui means them; on a
// target that encodes by itself the result is decoded first.

// The target encodes linear colours to sRGB.
override target_encodes: bool = false;

@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var picture_sampler: sampler;

struct PanelUniform {
    clip_from_panel: array<mat4x4<f32>, 2>,
}

@group(2) @binding(0) var<uniform> panel: PanelUniform;

struct PanelVertex {
    @location(0) position: vec2<f32>,
    @location(1) uv: vec2<f32>,
    @location(2) color: vec4<f32>,
}

struct PanelInstance {
    @location(3) clip_rect: vec4<f32>,
    // 1 when the texture holds sRGB numbers that the sampler does not decode.
    @location(4) encoded: f32,
}

struct PanelPixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) position: vec2<f32>,
    @location(1) uv: vec2<f32>,
    @location(2) color: vec4<f32>,
    @location(3) @interpolate(flat) clip_rect: vec4<f32>,
    @location(4) @interpolate(flat) encoded: f32,
}

@vertex
fn vertex(vertex: PanelVertex, instance: PanelInstance, view: ViewInput) -> PanelPixel {
    var out: PanelPixel;
    out.clip_position = panel.clip_from_panel[view_of(view)] * vec4<f32>(vertex.position, 0.0, 1.0);
    out.position = vertex.position;
    out.uv = vertex.uv;
    out.color = vertex.color;
    out.clip_rect = instance.clip_rect;
    out.encoded = instance.encoded;
    return out;
}

@fragment
fn fragment(pixel: PanelPixel) -> @location(0) vec4<f32> {
    let texel = textureSample(picture, picture_sampler, pixel.uv);
    if any(pixel.position < pixel.clip_rect.xy) || any(pixel.position > pixel.clip_rect.zw) {
        discard;
    }
    let encoded = vec4<f32>(select(srgb_from_linear(texel.rgb), texel.rgb, pixel.encoded > 0.5), texel.a);
    let color = encoded * pixel.color;
    if target_encodes {
        return vec4<f32>(linear_from_srgb(color.rgb), color.a);
    }
    return color;
}
