// Still meshes whose light is in their texture: shown in exactly their colours, without a tone curve.

@vertex
fn vertex(vertex: MeshVertex, instance: Instance, view: ViewInput) -> Surface {
    return surface_of(vertex, instance, view_of(view), vertex.position, vertex.normal.xyz);
}

@fragment
fn fragment(surface: Surface, @builtin(front_facing) front: bool) -> @location(0) vec4<f32> {
    let base = base_color(surface);
    let shade = mix(vec3<f32>(1.0), ambient_light(facing_normal(surface, front)), material.ambient);
    return blended(base.rgb * shade + material.emissive, base.a);
}
