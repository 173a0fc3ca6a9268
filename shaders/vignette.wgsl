// Darkness around the middle of the view while it moves: each eye's own middle, which its picture's is not. A ring: what
// stays clear is not touched, because writing samples is what a headset's card has least time for.

// How wide the edge of what stays clear is, radians.
const SOFT: f32 = 0.26;

// Where the ring ends, radians: beyond what any eye sees of a flat picture.
const OUTERMOST: f32 = 1.53;

// Corners around the ring, on each side.
const SIDES: f32 = 64.0;

struct VignettePixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) direction: vec3<f32>,
    @location(1) @interpolate(flat) ahead: vec3<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32, view: ViewInput) -> VignettePixel {
    let clip_from_world = frame.views[view_of(view)].clip_from_world;
    // What divides a point of the world is how far ahead it lies: its row of the matrix is the way ahead.
    let ahead = vec3<f32>(clip_from_world[0].w, clip_from_world[1].w, clip_from_world[2].w);
    let other = select(vec3<f32>(0.0, 1.0, 0.0), vec3<f32>(1.0, 0.0, 0.0), abs(ahead.y) > 0.7);
    let side = normalize(cross(ahead, other));
    let turn = f32(corner >> 1u) * (6.2831853 / SIDES);
    let outwards = side * cos(turn) + cross(side, ahead) * sin(turn);
    let angle = select(min(frame.vignette_radians, OUTERMOST), OUTERMOST, (corner & 1u) == 1u);
    let direction = ahead * cos(angle) + outwards * sin(angle);
    return VignettePixel(clip_from_world * vec4<f32>(direction, 0.0), direction, ahead);
}

@fragment
fn fragment(pixel: VignettePixel) -> @location(0) vec4<f32> {
    let angle = acos(clamp(dot(normalize(pixel.direction), pixel.ahead), -1.0, 1.0));
    let darkness = smoothstep(frame.vignette_radians, frame.vignette_radians + SOFT, angle);
    return vec4<f32>(0.0, 0.0, 0.0, darkness);
}
