// Points of a scan as discs that lie in its surfaces, in their own colours, without a tone curve.

struct Surfel {
    @location(0) position: vec3<f32>,
    // Metres.
    @location(1) radius: f32,
    // The fourth number is 0 where the scan knows no normal.
    @location(2) normal: vec4<f32>,
    // Square roots of the linear colour.
    @location(3) color_root: vec4<f32>,
}

struct SurfelsUniform {
    world_row_x: vec4<f32>,
    world_row_y: vec4<f32>,
    world_row_z: vec4<f32>,
    tint: vec4<f32>,
    cover: vec2<f32>,
}

@group(1) @binding(0) var<uniform> surfels: SurfelsUniform;

struct SurfelPixel {
    @builtin(position) clip_position: vec4<f32>,
    // Place on the disc, whose edge is at 1.
    @location(0) place: vec2<f32>,
    @location(1) @interpolate(flat) color: vec3<f32>,
}

// A disc that is seen from its edge would leave a gap at a surface's outline: it turns a little towards the viewer.
const LEAST_FACING: f32 = 0.3;

fn turned(vector: vec3<f32>) -> vec3<f32> {
    return vec3<f32>(
        dot(surfels.world_row_x.xyz, vector),
        dot(surfels.world_row_y.xyz, vector),
        dot(surfels.world_row_z.xyz, vector),
    );
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32, surfel: Surfel, view: ViewInput) -> SurfelPixel {
    let middle = turned(surfel.position)
        + vec3<f32>(surfels.world_row_x.w, surfels.world_row_y.w, surfels.world_row_z.w);
    let to_head = normalize(frame.head_in_world - middle + vec3<f32>(0.0, 0.00001, 0.0));
    let known = turned(surfel.normal.xyz);
    let normal = select(to_head, known / max(length(known), 0.000001), surfel.normal.w > 0.5);
    let facing = dot(normal, to_head);
    let side = select(-1.0, 1.0, facing >= 0.0);
    let lift = max(LEAST_FACING - abs(facing), 0.0);
    let across = normalize(normal * side + to_head * lift);
    // Any vector that is not along the normal serves: a disc looks the same however it is turned.
    let other = select(vec3<f32>(1.0, 0.0, 0.0), vec3<f32>(0.0, 1.0, 0.0), abs(across.x) > 0.7);
    let right = normalize(cross(other, across));
    let up = cross(across, right);
    let place = vec2<f32>(f32(corner & 1u), f32(corner >> 1u)) * 2.0 - 1.0;
    let radius = surfel.radius * length(turned(vec3<f32>(1.0, 0.0, 0.0)));
    let position = middle + (right * place.x + up * place.y) * radius;
    let clip_position = frame.views[view_of(view)].clip_from_world * vec4<f32>(position, 1.0);
    let color = surfel.color_root.rgb * surfel.color_root.rgb * surfels.tint.rgb;
    return SurfelPixel(clip_position, place, color);
}

@fragment
fn fragment(pixel: SurfelPixel) -> @location(0) vec4<f32> {
    let is_there = dot(pixel.place, pixel.place) <= 1.0 && covers(pixel.clip_position.xy, surfels.cover);
    if !is_there {
        discard;
    }
    return vec4<f32>(pixel.color, 1.0);
}
