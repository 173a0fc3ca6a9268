// Figures of a crowd: each is an instance that names a row in a table of poses. The table's first row says of each joint
// how much of the head's turn it takes, and whether it is the head.

@group(2) @binding(0) var poses: texture_2d<f32>;

struct CrowdInstance {
    // Where the feet are, and the figure's size.
    @location(4) place: vec4<f32>,
    // What the head turns about, in the model; and the figure's own turn about +y.
    @location(5) pivot_yaw: vec4<f32>,
    @location(6) head: vec4<f32>,
    @location(7) id_pose: vec2<u32>,
    // One after the other: a skeleton's light (ambient, slopes along x, y and z, direction, colour), then two colours;
    // below 0 the material keeps its own.
    @location(8) light_a: vec4<f32>,
    @location(11) light_b: vec4<f32>,
    @location(12) light_c: vec4<f32>,
    @location(13) light_d: vec4<f32>,
    @location(14) light_e: vec4<f32>,
    @location(15) colors: vec4<f32>,
}

struct CrowdCorner {
    position_in_world: vec3<f32>,
    normal_in_world: vec3<f32>,
    // How much of the vertex the head carries.
    marked: f32,
}

// The columns are the rows of the affine matrix from the bind pose to the model.
fn matrix_of(joint: u32, row: u32) -> mat3x4<f32> {
    let at = vec2<u32>(joint * 3u, row);
    return mat3x4<f32>(
        textureLoad(poses, at, 0),
        textureLoad(poses, at + vec2<u32>(1u, 0u), 0),
        textureLoad(poses, at + vec2<u32>(2u, 0u), 0),
    );
}

fn turned(rotation: vec4<f32>, way: vec3<f32>) -> vec3<f32> {
    let twice = 2.0 * cross(rotation.xyz, way);
    return way + rotation.w * twice + cross(rotation.xyz, twice);
}

fn crowd_corner(vertex: MeshVertex, skin: SkinVertex, figure: CrowdInstance) -> CrowdCorner {
    let row = figure.id_pose.y;
    let matrix = matrix_of(skin.joints.x, row) * skin.weights.x
        + matrix_of(skin.joints.y, row) * skin.weights.y
        + matrix_of(skin.joints.z, row) * skin.weights.z
        + matrix_of(skin.joints.w, row) * skin.weights.w;
    let marks = textureLoad(poses, vec2<u32>(skin.joints.x * 3u, 0u), 0).xy * skin.weights.x
        + textureLoad(poses, vec2<u32>(skin.joints.y * 3u, 0u), 0).xy * skin.weights.y
        + textureLoad(poses, vec2<u32>(skin.joints.z * 3u, 0u), 0).xy * skin.weights.z
        + textureLoad(poses, vec2<u32>(skin.joints.w * 3u, 0u), 0).xy * skin.weights.w;
    let head = normalize(mix(vec4<f32>(0.0, 0.0, 0.0, 1.0), figure.head, marks.x));
    let pivot = figure.pivot_yaw.xyz;
    let in_model = pivot + turned(head, vec4<f32>(vertex.position, 1.0) * matrix - pivot);
    let normal = turned(head, vec4<f32>(vertex.normal.xyz, 0.0) * matrix);
    let yaw = figure.pivot_yaw.w;
    let turn = vec4<f32>(0.0, sin(yaw * 0.5), 0.0, cos(yaw * 0.5));
    let in_world = figure.place.xyz + turned(turn, in_model * figure.place.w);
    return CrowdCorner(in_world, turned(turn, normal), marks.y);
}
