// Meshes on skeletons: avatars. Bodies that share a mesh are one draw; each brings the light of its place.

struct SkinnedPixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) position_in_world: vec3<f32>,
    @location(1) normal_in_world: vec3<f32>,
    @location(2) uv: vec2<f32>,
    @location(3) color: vec4<f32>,
    @location(4) @interpolate(flat) view: u32,
    @location(5) @interpolate(flat) ambient: vec3<f32>,
    @location(6) @interpolate(flat) slope_x: vec3<f32>,
    @location(7) @interpolate(flat) slope_y: vec3<f32>,
    @location(8) @interpolate(flat) slope_z: vec3<f32>,
    @location(9) @interpolate(flat) direction_to_light: vec3<f32>,
    @location(10) @interpolate(flat) light_color: vec3<f32>,
}

fn light_of(skeleton: u32, part: u32) -> vec3<f32> {
    return textureLoad(skeletons, vec2<u32>(part, skeleton), 0).xyz;
}

@vertex
fn vertex(vertex: MeshVertex, skin: SkinVertex, instance: Instance, view: ViewInput) -> SkinnedPixel {
    let row = instance.marked_skeleton.y;
    let matrix = skinned_matrix(skin, row);
    let position = skinned_position(matrix, vertex.position);
    let normal = skinned_normal(matrix, vertex.normal.xyz);
    let surface = surface_of(vertex, instance, view_of(view), position, normal);
    return SkinnedPixel(
        surface.clip_position,
        surface.position_in_world,
        surface.normal_in_world,
        surface.uv,
        surface.color,
        surface.view,
        light_of(row, 0u),
        light_of(row, 1u),
        light_of(row, 2u),
        light_of(row, 3u),
        light_of(row, 4u),
        light_of(row, 5u),
    );
}

@fragment
fn fragment(pixel: SkinnedPixel, @builtin(front_facing) front: bool) -> @location(0) vec4<f32> {
    let surface = Surface(
        pixel.clip_position,
        pixel.position_in_world,
        pixel.normal_in_world,
        pixel.uv,
        pixel.color,
        pixel.view,
        vec2<f32>(0.0, 1.0),
    );
    let base = base_color(surface);
    let normal = facing_normal(surface, front);
    let place = PlaceLight(
        pixel.ambient,
        mat3x3<f32>(pixel.slope_x, pixel.slope_y, pixel.slope_z),
        pixel.direction_to_light,
        pixel.light_color,
    );
    return shown(surface, base, normal, place);
}
