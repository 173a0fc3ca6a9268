// Darkness around the middle of the view while it moves: each eye's own middle, which its picture's is not.

// How wide the edge of what stays clear is, radians.
const SOFT: f32 = 0.26;

struct VignettePixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) direction: vec3<f32>,
    @location(1) @interpolate(flat) ahead: vec3<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32, view: ViewInput) -> VignettePixel {
    let place = covering_corner(corner);
    let eye = frame.views[view_of(view)];
    let direction = eye.direction_from_clip * vec4<f32>(place, 1.0, 1.0);
    // What divides a point of the world is how far ahead it lies: its row of the matrix is the way ahead.
    let ahead = vec3<f32>(eye.clip_from_world[0].w, eye.clip_from_world[1].w, eye.clip_from_world[2].w);
    return VignettePixel(vec4<f32>(place, 0.0, 1.0), direction.xyz, ahead);
}

@fragment
fn fragment(pixel: VignettePixel) -> @location(0) vec4<f32> {
    let angle = acos(clamp(dot(normalize(pixel.direction), pixel.ahead), -1.0, 1.0));
    let darkness = smoothstep(frame.vignette_radians, frame.vignette_radians + SOFT, angle);
    return vec4<f32>(0.0, 0.0, 0.0, darkness);
}
