// What is seen where nothing stands: a gradient by height, a panorama at infinite distance, or what lies behind the
// picture.

@group(1) @binding(0) var panorama: texture_2d<f32>;
@group(1) @binding(1) var panorama_sampler: sampler;

struct SkyPixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) direction: vec3<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32, view: ViewInput) -> SkyPixel {
    let place = covering_corner(corner);
    let direction = frame.views[view_of(view)].direction_from_clip * vec4<f32>(place, 1.0, 1.0);
    return SkyPixel(vec4<f32>(place, 0.0, 1.0), direction.xyz);
}

fn gradient(height: f32) -> vec3<f32> {
    let above = mix(frame.sky_horizon, frame.sky_zenith, pow(max(height, 0.0), 0.6));
    let below = mix(frame.sky_horizon, frame.sky_ground, smoothstep(0.0, 0.12, -height));
    return select(below, above, height >= 0.0);
}

@fragment
fn fragment(pixel: SkyPixel) -> @location(0) vec4<f32> {
    if frame.sky_kind > 1.5 {
        return vec4<f32>(0.0);
    }
    let direction = normalize(pixel.direction);
    let uv = panorama_place(direction, frame.sky_yaw / 6.2831853);
    // Where the panorama's ends meet, u jumps by one; the derivatives must not see the jump.
    let raw_dx = dpdx(uv);
    let raw_dy = dpdy(uv);
    let dx = vec2<f32>(raw_dx.x - round(raw_dx.x), raw_dx.y);
    let dy = vec2<f32>(raw_dy.x - round(raw_dy.x), raw_dy.y);
    let photographed = textureSampleGrad(panorama, panorama_sampler, uv, dx, dy).rgb * frame.sky_zenith;
    let color = select(gradient(direction.y), photographed, frame.sky_kind > 0.5);
    let encoded = srgb_from_linear(color) + dither(pixel.clip_position.xy) / 255.0;
    return vec4<f32>(linear_from_srgb(encoded), 1.0);
}
