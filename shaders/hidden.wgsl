// What a headset's optics never show, nearest of all: nothing behind it is shaded. It has no colour.

struct HiddenCorner {
    @location(0) place_in_clip: vec2<f32>,
    @location(1) view: u32,
}

@vertex
fn vertex(corner: HiddenCorner, view: ViewInput) -> @builtin(position) vec4<f32> {
    // The other view's triangles shrink to a point.
    let place = select(vec2<f32>(0.0), corner.place_in_clip, corner.view == view_of(view));
    return vec4<f32>(place, 1.0, 1.0);
}

@fragment
fn fragment() -> @location(0) vec4<f32> {
    return vec4<f32>(0.0);
}
