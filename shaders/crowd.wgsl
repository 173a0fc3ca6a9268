// People of a crowd, all who share a mesh in one draw.

// Which of a figure's two colours stands in for the material's own: 1, 2, or 0 for none.
override tinted: u32 = 0u;

struct CrowdPixel {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) position_in_world: vec3<f32>,
    @location(1) normal_in_world: vec3<f32>,
    @location(2) uv: vec2<f32>,
    @location(3) color: vec4<f32>,
    @location(4) @interpolate(flat) view: u32,
    @location(5) @interpolate(flat) light_a: vec4<f32>,
    @location(6) @interpolate(flat) light_b: vec4<f32>,
    @location(7) @interpolate(flat) light_c: vec4<f32>,
    @location(8) @interpolate(flat) light_d: vec4<f32>,
    @location(9) @interpolate(flat) light_e: vec4<f32>,
}

fn tint_of(figure: CrowdInstance) -> vec3<f32> {
    let first = vec3<f32>(figure.light_e.zw, figure.colors.x);
    let chosen = select(first, figure.colors.yzw, tinted == 2u);
    let factor = chosen / max(material.base_color.rgb, vec3<f32>(0.005));
    return select(vec3<f32>(1.0), factor, tinted > 0u && chosen.r >= 0.0);
}

@vertex
fn vertex(vertex: MeshVertex, skin: SkinVertex, figure: CrowdInstance, view: ViewInput) -> CrowdPixel {
    let corner = crowd_corner(vertex, skin, figure);
    let color = vertex.color_root * vertex.color_root * vec4<f32>(tint_of(figure), 1.0);
    return CrowdPixel(
        frame.views[view_of(view)].clip_from_world * vec4<f32>(corner.position_in_world, 1.0),
        corner.position_in_world,
        corner.normal_in_world,
        vertex.uv,
        color,
        view_of(view),
        figure.light_a,
        figure.light_b,
        figure.light_c,
        figure.light_d,
        figure.light_e,
    );
}

@fragment
fn fragment(pixel: CrowdPixel, @builtin(front_facing) front: bool) -> @location(0) vec4<f32> {
    let surface = Surface(
        pixel.clip_position,
        pixel.position_in_world,
        pixel.normal_in_world,
        pixel.uv,
        pixel.color,
        pixel.view,
        vec2<f32>(0.0, 1.0),
    );
    let base = base_color(surface);
    let normal = facing_normal(surface, front);
    let place = PlaceLight(
        pixel.light_a.xyz,
        mat3x3<f32>(
            vec3<f32>(pixel.light_a.w, pixel.light_b.xy),
            vec3<f32>(pixel.light_b.zw, pixel.light_c.x),
            pixel.light_c.yzw,
        ),
        pixel.light_d.xyz,
        vec3<f32>(pixel.light_d.w, pixel.light_e.xy),
    );
    return shown(surface, base, normal, place);
}
