// The frame's own data: bind group 0 of every pass that draws a frame.

struct ViewUniform {
    clip_from_world: mat4x4<f32>,
    // From a point of the picture to the direction in the world that is seen there.
    direction_from_clip: mat4x4<f32>,
    eye_in_world: vec3<f32>,
}

struct FrameUniform {
    views: array<ViewUniform, 2>,
    ambient_from_above: vec3<f32>,
    exposure: f32,
    ambient_from_below: vec3<f32>,
    // 0 shows the sky's gradient, 1 its panorama, 2 nothing: the picture is laid over something else.
    sky_kind: f32,
    direction_to_sun: vec3<f32>,
    sky_yaw: f32,
    sun_color: vec3<f32>,
    fade_amount: f32,
    fade_color: vec3<f32>,
    // What a vignette leaves clear, from straight ahead.
    vignette_radians: f32,
    sky_zenith: vec3<f32>,
    sky_horizon: vec3<f32>,
    sky_ground: vec3<f32>,
    // The middle between the eyes: what faces the viewer faces this point, the same in both eyes.
    head_in_world: vec3<f32>,
}

@group(0) @binding(0) var<uniform> frame: FrameUniform;

// A strip of four corners that covers the picture. Not one larger triangle: software Vulkan (Mesa 22.3) draws what is
// clipped at the picture's edges into the first view only.
fn covering_corner(corner: u32) -> vec2<f32> {
    return vec2<f32>(f32(corner & 1u) * 2.0 - 1.0, f32(corner >> 1u) * 2.0 - 1.0);
}
