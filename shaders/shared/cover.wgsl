// What is only partly there: an even pattern of 8 × 8 pixels, each with a number of its own (Bayer 1973).

fn pattern(pixel: vec2<f32>) -> f32 {
    let place = vec2<u32>(pixel);
    let x = place.x ^ place.y;
    let y = place.y;
    let bits = ((x & 1u) << 5u) | ((y & 1u) << 4u) | ((x & 2u) << 2u) | ((y & 2u) << 1u) | ((x & 4u) >> 1u)
        | ((y & 4u) >> 2u);
    return (f32(bits) + 0.5) / 64.0;
}

// Whether a pixel is there, when the numbers from cover.x up to cover.y are.
fn covers(pixel: vec2<f32>, cover: vec2<f32>) -> bool {
    let number = pattern(pixel);
    return number >= cover.x && number < cover.y;
}
