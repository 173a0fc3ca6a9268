// Where a direction of the world is in a panorama: u to the right from behind, v down from above. A turn is positive to
// the right, in parts of a whole one.

fn panorama_place(direction: vec3<f32>, turn: f32) -> vec2<f32> {
    let turns = atan2(direction.x, -direction.z) / 6.2831853 + 0.5 + turn;
    return vec2<f32>(turns, acos(clamp(direction.y, -1.0, 1.0)) / 3.1415927);
}
