// Darkness around the middle of the view while it moves: each eye's own middle, which its picture's is not. A ring from the
// picture's edges inwards: what stays clear is not touched, because a headset's card has least time for writing samples.
// Nothing of it lies outside: software Vulkan (Mesa 22.3) draws what is clipped at the picture's edges into the first view only.

// How wide the edge of what stays clear is, radians.
const SOFT: f32 = 0.26;

// Steps along each of the picture's edges.
const STEPS: u32 = 16u;

struct VignettePixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) direction: vec3<f32>,
    @location(1) @interpolate(flat) ahead: vec3<f32>,
}

// A place on the picture's edges, once around.
fn edge_place(step: u32) -> vec2<f32> {
    let along = f32(step % STEPS) / f32(STEPS) * 2.0 - 1.0;
    let edge = (step / STEPS) % 4u;
    let place = select(vec2<f32>(along, -1.0), vec2<f32>(1.0, along), (edge & 1u) == 1u);
    return select(place, -place, edge >= 2u);
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32, view: ViewInput) -> VignettePixel {
    let eye = frame.views[view_of(view)];
    // What divides a point of the world is how far ahead it lies: its row of the matrix is the way ahead.
    let ahead = vec3<f32>(eye.clip_from_world[0].w, eye.clip_from_world[1].w, eye.clip_from_world[2].w);
    let place = edge_place(corner >> 1u);
    let outer = normalize((eye.direction_from_clip * vec4<f32>(place, 1.0, 1.0)).xyz);
    let outwards = normalize(outer - ahead * dot(outer, ahead));
    let inner = ahead * cos(frame.vignette_radians) + outwards * sin(frame.vignette_radians);
    let is_inner = (corner & 1u) == 0u && dot(inner, ahead) > dot(outer, ahead);
    let at_edge = vec4<f32>(place, 0.0, 1.0);
    let clip_position = select(at_edge, eye.clip_from_world * vec4<f32>(inner, 0.0), is_inner);
    // The same divisor as of the place, so that directions between corners are those that are seen there.
    let reach = select(outer / dot(outer, ahead), inner, is_inner);
    return VignettePixel(clip_position, reach, ahead);
}

@fragment
fn fragment(pixel: VignettePixel) -> @location(0) vec4<f32> {
    let angle = acos(clamp(dot(normalize(pixel.direction), pixel.ahead), -1.0, 1.0));
    let darkness = smoothstep(frame.vignette_radians, frame.vignette_radians + SOFT, angle);
    return vec4<f32>(0.0, 0.0, 0.0, darkness);
}
