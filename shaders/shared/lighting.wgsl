// Light on lit materials: ambient light by direction, and one strongest light, the sun or a place's own.

struct PlaceLight {
    ambient: vec3<f32>,
    // How the ambient light grows along x, y and z.
    slopes: mat3x3<f32>,
    to_light: vec3<f32>,
    color: vec3<f32>,
}

// The light that is the same everywhere.
fn light_of_frame() -> PlaceLight {
    let middle = (frame.ambient_from_above + frame.ambient_from_below) * 0.5;
    let slopes = mat3x3<f32>(vec3<f32>(0.0), frame.ambient_from_above - middle, vec3<f32>(0.0));
    return PlaceLight(middle, slopes, frame.direction_to_sun, frame.sun_color);
}

fn ambient_at(light: PlaceLight, normal: vec3<f32>) -> vec3<f32> {
    return max(light.ambient + light.slopes * normal, vec3<f32>(0.0));
}

// Share of a rough surface's reflection of its surroundings (Karis, Physically Based Shading on Mobile, 2014).
fn reflected_share(f0: vec3<f32>, roughness: f32, n_dot_v: f32) -> vec3<f32> {
    let c0 = vec4<f32>(-1.0, -0.0275, -0.572, 0.022);
    let c1 = vec4<f32>(1.0, 0.0425, 1.04, -0.04);
    let r = roughness * c0 + c1;
    let a = min(r.x * r.x, exp2(-9.28 * n_dot_v)) * r.x + r.y;
    return f0 * (-1.04 * a + r.z) + (1.04 * a + r.w);
}

// GGX distribution with height-correlated visibility (Heitz 2014) and Schlick's Fresnel term; times pi, because the
// sun's colour is given as what a white matt surface sends back.
fn sun_highlight(normal: vec3<f32>, to_eye: vec3<f32>, to_sun: vec3<f32>, f0: vec3<f32>, roughness: f32) -> vec3<f32> {
    let half_way = normalize(to_eye + to_sun);
    let n_dot_v = max(dot(normal, to_eye), 0.001);
    let n_dot_l = max(dot(normal, to_sun), 0.0);
    let n_dot_h = max(dot(normal, half_way), 0.0);
    let a2 = pow(roughness, 4.0);
    let d = n_dot_h * n_dot_h * (a2 - 1.0) + 1.0;
    let visibility = n_dot_l * sqrt(n_dot_v * n_dot_v * (1.0 - a2) + a2)
        + n_dot_v * sqrt(n_dot_l * n_dot_l * (1.0 - a2) + a2);
    let fresnel = f0 + (1.0 - f0) * pow(1.0 - max(dot(to_eye, half_way), 0.0), 5.0);
    return fresnel * (a2 / (d * d) * 0.5 / max(visibility, 0.0001) * n_dot_l);
}

fn lit_color(surface: Surface, base: vec3<f32>, normal: vec3<f32>, place: PlaceLight) -> vec3<f32> {
    let roughness = clamp(material.roughness, 0.06, 1.0);
    let to_eye = normalize(frame.views[surface.view].eye_in_world - surface.position_in_world);
    let to_sun = place.to_light;
    let f0 = mix(vec3<f32>(0.04), base, material.metallic);
    let matt = base * (1.0 - material.metallic);
    let mirrored = ambient_at(place, reflect(-to_eye, normal));
    let surroundings = mix(mirrored, ambient_at(place, normal), roughness);
    let share = reflected_share(f0, roughness, max(dot(normal, to_eye), 0.0));
    let sun = matt * max(dot(normal, to_sun), 0.0) + sun_highlight(normal, to_eye, to_sun, f0, roughness);
    let light = matt * ambient_at(place, normal) + share * surroundings + sun * place.color + material.emissive;
    return tone_mapped(light * frame.exposure);
}

// A figure's pixel, whose material may be lit or bring its own light.
fn shown(surface: Surface, base: vec4<f32>, normal: vec3<f32>, place: PlaceLight) -> vec4<f32> {
    let shade = mix(vec3<f32>(1.0), ambient_at(place, normal), material.ambient);
    let baked = base.rgb * shade + material.emissive;
    // A select, not a branch: Mesa's software Vulkan builds (and keeps) a program for each value of a uniform that
    // decides where to go, at every draw.
    return blended(select(baked, lit_color(surface, base.rgb, normal, place), material.lit > 0.5), base.a);
}
