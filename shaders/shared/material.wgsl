// A surface's material, and what the rasteriser hands from a mesh's corners to its pixels.

struct MaterialUniform {
    base_color: vec4<f32>,
    emissive: vec3<f32>,
    alpha_cutoff: f32,
    roughness: f32,
    metallic: f32,
    // How much of the ambient light shades a baked surface.
    ambient: f32,
    // 1 for lit materials, 0 for those that show their own light.
    lit: f32,
}

@group(1) @binding(0) var<uniform> material: MaterialUniform;
@group(1) @binding(1) var base_texture: texture_2d<f32>;
@group(1) @binding(2) var base_sampler: sampler;

// The pixel is there or not, by its alpha.
override alpha_mask: bool = false;
// The pixel lies over what is behind it.
override alpha_blend: bool = false;
// A mask's alpha becomes its share of the samples.
override alpha_to_coverage: bool = false;
// Only a part of the pixels is there.
override is_covered: bool = false;

struct Surface {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) position_in_world: vec3<f32>,
    @location(1) normal_in_world: vec3<f32>,
    @location(2) uv: vec2<f32>,
    @location(3) color: vec4<f32>,
    @location(4) @interpolate(flat) view: u32,
    @location(5) @interpolate(flat) cover: vec2<f32>,
}

// What all meshes share, once a position and a normal in the model are known.
fn surface_of(vertex: MeshVertex, instance: Instance, view: u32, position: vec3<f32>, normal: vec3<f32>) -> Surface {
    let in_world = position_in_world(instance, position);
    return Surface(
        frame.views[view].clip_from_world * vec4<f32>(in_world, 1.0),
        in_world,
        normal_in_world(instance, normal),
        vertex.uv,
        vertex.color_root * vertex.color_root * instance.tint,
        view,
        instance.cover,
    );
}

// The base colour and alpha; leaves where a mask says that nothing is.
fn base_color(surface: Surface) -> vec4<f32> {
    var color = textureSample(base_texture, base_sampler, surface.uv) * material.base_color * surface.color;
    let sharpness = max(fwidth(color.a), 0.0001);
    if is_covered {
        if !covers(surface.clip_position.xy, surface.cover) {
            discard;
        }
    }
    if alpha_mask {
        if alpha_to_coverage {
            color.a = clamp((color.a - material.alpha_cutoff) / sharpness + 0.5, 0.0, 1.0);
        } else {
            color.a = select(0.0, 1.0, color.a >= material.alpha_cutoff);
        }
        if color.a <= 0.0 {
            discard;
        }
    }
    return color;
}

fn facing_normal(surface: Surface, front: bool) -> vec3<f32> {
    let normal = normalize(surface.normal_in_world);
    return select(-normal, normal, front);
}

fn ambient_light(normal: vec3<f32>) -> vec3<f32> {
    return mix(frame.ambient_from_below, frame.ambient_from_above, normal.y * 0.5 + 0.5);
}

// Colour and alpha for the blend, which expects premultiplied alpha. A mask's alpha only chooses samples, and what is
// opaque has none, whatever its texture says.
fn blended(color: vec3<f32>, alpha: f32) -> vec4<f32> {
    if alpha_blend {
        return vec4<f32>(color * alpha, alpha);
    }
    return vec4<f32>(color, select(1.0, alpha, alpha_mask));
}
