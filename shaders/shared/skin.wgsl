// Skinning: each vertex is carried by up to four joints. Every skeleton of the frame has a row of a table: ambient light and
// its slopes along x, y and z, the direction to the strongest light and its colour, then the rows of each joint's affine
// matrix from the bind pose to the model.

@group(2) @binding(0) var skeletons: texture_2d<f32>;

// Texels before the first joint.
const LIGHT_TEXELS = 6u;

// The columns are the rows of the matrix.
fn joint_of(skeleton: u32, joint: u32) -> mat3x4<f32> {
    let at = vec2<u32>(LIGHT_TEXELS + joint * 3u, skeleton);
    return mat3x4<f32>(
        textureLoad(skeletons, at, 0),
        textureLoad(skeletons, at + vec2<u32>(1u, 0u), 0),
        textureLoad(skeletons, at + vec2<u32>(2u, 0u), 0),
    );
}

fn skinned_matrix(skin: SkinVertex, skeleton: u32) -> mat3x4<f32> {
    return joint_of(skeleton, skin.joints.x) * skin.weights.x
        + joint_of(skeleton, skin.joints.y) * skin.weights.y
        + joint_of(skeleton, skin.joints.z) * skin.weights.z
        + joint_of(skeleton, skin.joints.w) * skin.weights.w;
}

fn skinned_position(matrix: mat3x4<f32>, position: vec3<f32>) -> vec3<f32> {
    return vec4<f32>(position, 1.0) * matrix;
}

// Skeletons do not scale unevenly enough to be seen, so the matrix itself carries the normals.
fn skinned_normal(matrix: mat3x4<f32>, normal: vec3<f32>) -> vec3<f32> {
    return vec4<f32>(normal, 0.0) * matrix;
}
