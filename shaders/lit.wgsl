// Still meshes in the frame's light: exhibits, furniture that was not baked.

@vertex
fn vertex(vertex: MeshVertex, instance: Instance, view: ViewInput) -> Surface {
    return surface_of(vertex, instance, view_of(view), vertex.position, vertex.normal.xyz);
}

@fragment
fn fragment(surface: Surface, @builtin(front_facing) front: bool) -> @location(0) vec4<f32> {
    let base = base_color(surface);
    return blended(lit_color(surface, base.rgb, facing_normal(surface, front), light_of_frame()), base.a);
}
