// Depth of one view for whoever shows the picture: the first sample of each pixel.

@group(0) @binding(0) var samples: texture_depth_multisampled_2d;

@vertex
fn vertex(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4<f32> {
    return vec4<f32>(f32(corner & 1u) * 2.0 - 1.0, f32(corner >> 1u) * 2.0 - 1.0, 0.0, 1.0);
}

@fragment
fn fragment(@builtin(position) clip_position: vec4<f32>) -> @builtin(frag_depth) f32 {
    return textureLoad(samples, vec2<i32>(clip_position.xy), 0);
}
