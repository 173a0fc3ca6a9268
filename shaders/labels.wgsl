// Name tags: pictures that face the viewer and keep their angular size. They are drawn twice: where they are seen,
// and faintly where something stands before them.

// Draws the part that is behind something.
override hidden_part: bool = false;

@group(1) @binding(0) var atlas: texture_2d<f32>;
@group(1) @binding(1) var atlas_sampler: sampler;

struct LabelInstance {
    @location(0) anchor_in_world: vec3<f32>,
    @location(1) depth_bias: f32,
    @location(2) size_radians: vec2<f32>,
    @location(3) hidden_opacity: f32,
    // 1 when the texture holds sRGB numbers that the sampler does not decode.
    @location(4) encoded: f32,
    @location(5) uv_rect: vec4<f32>,
    @location(6) tint: vec4<f32>,
}

struct LabelPixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) uv: vec2<f32>,
    @location(1) tint: vec4<f32>,
    @location(2) encoded: f32,
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32, label: LabelInstance, view: ViewInput) -> LabelPixel {
    let corner_uv = vec2<f32>(f32(corner & 1u), f32(corner >> 1u));
    let to_head = frame.head_in_world - label.anchor_in_world;
    let distance = max(length(to_head), 0.05);
    let forward = to_head / distance;
    // Straight above or below the viewer any direction serves.
    let across = vec3<f32>(forward.z, 0.0, -forward.x);
    let right = across / max(length(across), 0.001);
    let up = cross(forward, right);
    let size = label.size_radians * distance;
    let offset = right * ((corner_uv.x - 0.5) * size.x) + up * ((1.0 - corner_uv.y) * size.y);
    let position = label.anchor_in_world + offset;

    let clip_from_world = frame.views[view_of(view)].clip_from_world;
    var clip_position = clip_from_world * vec4<f32>(position, 1.0);
    let nearer = clip_from_world * vec4<f32>(position + forward * min(label.depth_bias, distance * 0.5), 1.0);
    if nearer.w > 0.0 {
        clip_position.z = nearer.z / nearer.w * clip_position.w;
    }
    let opacity = select(1.0, label.hidden_opacity, hidden_part);
    if opacity <= 0.0 {
        // Nothing to see: outside of the picture.
        clip_position = vec4<f32>(2.0, 2.0, 0.0, 1.0);
    }
    let alpha = label.tint.a * opacity;
    let uv = mix(label.uv_rect.xy, label.uv_rect.zw, corner_uv);
    return LabelPixel(clip_position, uv, vec4<f32>(label.tint.rgb * alpha, alpha), label.encoded);
}

@fragment
fn fragment(pixel: LabelPixel) -> @location(0) vec4<f32> {
    let texel = textureSample(atlas, atlas_sampler, pixel.uv);
    // Premultiplied sRGB numbers do not decode as they are: soft edges would turn dark before a bright sky.
    let own_color = linear_from_srgb(texel.rgb / max(texel.a, 0.001)) * texel.a;
    let linear = select(texel.rgb, own_color, pixel.encoded > 0.5);
    return vec4<f32>(linear, texel.a) * pixel.tint;
}
