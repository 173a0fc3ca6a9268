// Skinning: each vertex is carried by up to four joints.

struct JointsUniform {
    // Ambient light and its slopes along x and y; the slope along z, the direction to the strongest light, its colour.
    light: array<mat3x4<f32>, 2>,
    // The columns are the rows of the affine matrix from the bind pose to the model.
    model_from_bind: array<mat3x4<f32>, 128>,
}

@group(2) @binding(0) var<uniform> joints: JointsUniform;

fn skinned_matrix(skin: SkinVertex) -> mat3x4<f32> {
    return joints.model_from_bind[skin.joints.x] * skin.weights.x
        + joints.model_from_bind[skin.joints.y] * skin.weights.y
        + joints.model_from_bind[skin.joints.z] * skin.weights.z
        + joints.model_from_bind[skin.joints.w] * skin.weights.w;
}

fn skinned_position(matrix: mat3x4<f32>, position: vec3<f32>) -> vec3<f32> {
    return vec4<f32>(position, 1.0) * matrix;
}

// Skeletons do not scale unevenly enough to be seen, so the matrix itself carries the normals.
fn skinned_normal(matrix: mat3x4<f32>, normal: vec3<f32>) -> vec3<f32> {
    return vec4<f32>(normal, 0.0) * matrix;
}
