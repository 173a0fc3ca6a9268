// Meshes on skeletons: avatars. Their materials may be lit or bring their own light.

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
    if material.lit > 0.5 {
        return blended(lit_color(surface, base.rgb, normal), base.a);
    }
    let shade = mix(vec3<f32>(1.0), ambient_light(normal), material.ambient);
    return blended(base.rgb * shade + material.emissive, base.a);
}
