// What every mesh brings: its vertices, and the table of its instances.

struct MeshVertex {
    @location(0) position: vec3<f32>,
    @location(1) normal: vec4<f32>,
    @location(2) uv: vec2<f32>,
    // Square roots of the linear colour: eight bits are then fine enough in the dark.
    @location(3) color_root: vec4<f32>,
}

// What a skeleton's mesh brings besides.
struct SkinVertex {
    @location(9) joints: vec4<u32>,
    @location(10) weights: vec4<f32>,
}

struct Instance {
    // Rows of the affine matrix from the model to the world.
    @location(4) world_row_x: vec4<f32>,
    @location(5) world_row_y: vec4<f32>,
    @location(6) world_row_z: vec4<f32>,
    @location(7) tint: vec4<f32>,
    @location(8) object_id: u32,
    // What mostly hangs on these two joints, a byte each, is told apart in the object-id picture, and no joint has the
    // largest number; and the row of the skeleton.
    @location(11) marked_skeleton: vec2<u32>,
    // Which part of the screen's pattern is there.
    @location(12) cover: vec2<f32>,
}

fn position_in_world(instance: Instance, position: vec3<f32>) -> vec3<f32> {
    let point = vec4<f32>(position, 1.0);
    return vec3<f32>(
        dot(instance.world_row_x, point),
        dot(instance.world_row_y, point),
        dot(instance.world_row_z, point),
    );
}

// The cofactor matrix carries normals through uneven and mirrored scales. A mirror turns them over, and turns the
// triangles' winding as well: the fragment's turn for back faces then makes both right.
fn normal_in_world(instance: Instance, normal: vec3<f32>) -> vec3<f32> {
    let x = instance.world_row_x.xyz;
    let y = instance.world_row_y.xyz;
    let z = instance.world_row_z.xyz;
    return vec3<f32>(dot(cross(y, z), normal), dot(cross(z, x), normal), dot(cross(x, y), normal));
}
