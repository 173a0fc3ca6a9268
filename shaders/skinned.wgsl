// Meshes on skeletons: avatars. Their materials may be lit or bring their own light.

fn light_of_place() -> PlaceLight {
    return PlaceLight(
        joints.light[0][0].xyz,
        mat3x3<f32>(joints.light[0][1].xyz, joints.light[0][2].xyz, joints.light[1][0].xyz),
        joints.light[1][1].xyz,
        joints.light[1][2].xyz,
    );
}

@vertex
fn vertex(vertex: MeshVertex, skin: SkinVertex, instance: Instance, view: ViewInput) -> Surface {
    let matrix = skinned_matrix(skin);
    let position = skinned_position(matrix, vertex.position);
    let normal = skinned_normal(matrix, vertex.normal.xyz);
    return surface_of(vertex, instance, view_of(view), position, normal);
}

@fragment
fn fragment(surface: Surface, @builtin(front_facing) front: bool) -> @location(0) vec4<f32> {
    let base = base_color(surface);
    let normal = facing_normal(surface, front);
    return shown(surface, base, normal, light_of_place());
}
