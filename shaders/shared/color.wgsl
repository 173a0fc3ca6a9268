// Colour curves. Linear to sRGB and back: IEC 61966-2-1.

fn srgb_from_linear(linear: vec3<f32>) -> vec3<f32> {
    let clamped = clamp(linear, vec3<f32>(0.0), vec3<f32>(1.0));
    let low = clamped * 12.92;
    let high = 1.055 * pow(clamped, vec3<f32>(1.0 / 2.4)) - 0.055;
    return select(high, low, clamped <= vec3<f32>(0.0031308));
}

fn linear_from_srgb(srgb: vec3<f32>) -> vec3<f32> {
    let low = srgb / 12.92;
    let high = pow((max(srgb, vec3<f32>(0.0)) + 0.055) / 1.055, vec3<f32>(2.4));
    return select(high, low, srgb <= vec3<f32>(0.04045));
}

// Khronos PBR Neutral (specification 1.0): keeps base colours as they are up to 0.8 and rolls only what is brighter
// off towards white, so that lit things sit beside baked ones without another look.
fn tone_mapped(linear: vec3<f32>) -> vec3<f32> {
    let start_compression = 0.8 - 0.04;
    let desaturation = 0.15;
    let darkest = min(linear.r, min(linear.g, linear.b));
    let offset = select(0.04, darkest - 6.25 * darkest * darkest, darkest < 0.08);
    let lifted = linear - offset;
    let peak = max(lifted.r, max(lifted.g, lifted.b));
    if peak < start_compression {
        return lifted;
    }
    let headroom = 1.0 - start_compression;
    let new_peak = 1.0 - headroom * headroom / (peak + headroom - start_compression);
    let scaled = lifted * (new_peak / peak);
    let grey = 1.0 - 1.0 / (desaturation * (peak - new_peak) + 1.0);
    return mix(scaled, vec3<f32>(new_peak), grey);
}

// Even noise between -0.5 and 0.5 that hides the steps of 8-bit gradients (interleaved gradient noise, Jimenez 2014).
fn dither(pixel: vec2<f32>) -> f32 {
    return fract(52.9829189 * fract(dot(pixel, vec2<f32>(0.06711056, 0.00583715)))) - 0.5;
}
