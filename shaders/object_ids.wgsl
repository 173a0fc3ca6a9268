// Which object is seen at which pixel. Depth tells where it is.

struct IdPixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) uv: vec2<f32>,
    @location(1) alpha: f32,
    @location(2) @interpolate(flat) object_id: u32,
}

fn id_pixel(vertex: MeshVertex, position: vec3<f32>, instance: Instance, view: u32) -> IdPixel {
    let clip_position = frame.views[view].clip_from_world * vec4<f32>(position_in_world(instance, position), 1.0);
    let root = vertex.color_root.a;
    return IdPixel(clip_position, vertex.uv, root * root * instance.tint.a, instance.object_id);
}

@vertex
fn vertex_still(vertex: MeshVertex, instance: Instance, view: ViewInput) -> IdPixel {
    return id_pixel(vertex, vertex.position, instance, view_of(view));
}

@vertex
fn vertex_skinned(vertex: MeshVertex, skin: SkinVertex, instance: Instance, view: ViewInput) -> IdPixel {
    return id_pixel(vertex, skinned_position(skinned_matrix(skin), vertex.position), instance, view_of(view));
}

@fragment
fn fragment(pixel: IdPixel) -> @location(0) u32 {
    let alpha = textureSample(base_texture, base_sampler, pixel.uv).a * material.base_color.a * pixel.alpha;
    if alpha < material.alpha_cutoff {
        discard;
    }
    return pixel.object_id;
}
