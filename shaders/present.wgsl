// The last step to the target: copies the finished picture where it was drawn elsewhere, and lays the fade over it.
// Tone curves are applied where materials are shaded: multisampled edges then stay smooth, and baked colours true.

// The target encodes linear colours to sRGB.
override target_encodes: bool = false;

@group(1) @binding(0) var scene: texture_2d_array<f32>;
@group(1) @binding(1) var scene_sampler: sampler;

struct PresentPixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) uv: vec2<f32>,
    @location(1) @interpolate(flat) view: u32,
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32, view: ViewInput) -> PresentPixel {
    let place = covering_corner(corner);
    return PresentPixel(vec4<f32>(place, 0.0, 1.0), place * vec2<f32>(0.5, -0.5) + 0.5, view_of(view));
}

fn for_target(linear: vec3<f32>) -> vec3<f32> {
    if target_encodes {
        return linear;
    }
    return srgb_from_linear(linear);
}

@fragment
fn fragment_copy(pixel: PresentPixel) -> @location(0) vec4<f32> {
    let color = textureSample(scene, scene_sampler, pixel.uv, pixel.view);
    return vec4<f32>(for_target(color.rgb), select(1.0, color.a, frame.sky_kind > 1.5));
}

@fragment
fn fragment_fade(pixel: PresentPixel) -> @location(0) vec4<f32> {
    return vec4<f32>(for_target(frame.fade_color) * frame.fade_amount, frame.fade_amount);
}
