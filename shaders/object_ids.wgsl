// Which object is seen at which pixel. Depth tells where it is.

struct IdPixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) uv: vec2<f32>,
    @location(1) alpha: f32,
    @location(2) @interpolate(flat) object_id: u32,
    // How much the marked joints carry, 0 to 1.
    @location(3) marked: f32,
}

// The highest bit of an id tells the marked part of an object from the rest.
const MARK = 0x80000000u;

fn id_pixel(vertex: MeshVertex, position: vec3<f32>, instance: Instance, view: u32, marked: f32) -> IdPixel {
    let clip_position = frame.views[view].clip_from_world * vec4<f32>(position_in_world(instance, position), 1.0);
    let root = vertex.color_root.a;
    return IdPixel(clip_position, vertex.uv, root * root * instance.tint.a, instance.object_id, marked);
}

fn marked_share(skin: SkinVertex, instance: Instance) -> f32 {
    let marked = vec2<u32>(instance.marked_skeleton.x & 0xffu, instance.marked_skeleton.x >> 8u);
    let is_marked = (skin.joints == vec4<u32>(marked.x)) | (skin.joints == vec4<u32>(marked.y));
    return dot(select(vec4<f32>(0.0), skin.weights, is_marked), vec4<f32>(1.0));
}

@vertex
fn vertex_still(vertex: MeshVertex, instance: Instance, view: ViewInput) -> IdPixel {
    return id_pixel(vertex, vertex.position, instance, view_of(view), 0.0);
}

@vertex
fn vertex_skinned(vertex: MeshVertex, skin: SkinVertex, instance: Instance, view: ViewInput) -> IdPixel {
    let position = skinned_position(skinned_matrix(skin, instance.marked_skeleton.y), vertex.position);
    return id_pixel(vertex, position, instance, view_of(view), marked_share(skin, instance));
}

@vertex
fn vertex_crowd(vertex: MeshVertex, skin: SkinVertex, figure: CrowdInstance, view: ViewInput) -> IdPixel {
    let corner = crowd_corner(vertex, skin, figure);
    let clip_position = frame.views[view_of(view)].clip_from_world * vec4<f32>(corner.position_in_world, 1.0);
    let root = vertex.color_root.a;
    return IdPixel(clip_position, vertex.uv, root * root, figure.id_pose.x, corner.marked);
}

@fragment
fn fragment(pixel: IdPixel) -> @location(0) u32 {
    let alpha = textureSample(base_texture, base_sampler, pixel.uv).a * material.base_color.a * pixel.alpha;
    if alpha < material.alpha_cutoff {
        discard;
    }
    return select(pixel.object_id, pixel.object_id | MARK, pixel.marked > 0.5);
}
