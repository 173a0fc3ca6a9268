//! The body-centred cubic lattice: points whose three coordinates are all even or all odd. No other lattice covers
//! space with fewer points at the same largest distance (Bambah, 1954): at equal bounds a number less than a cubic
//! grid by 0.9 bits a point.

use glam::{IVec3, Vec3};

/// How far a point of space lies from the lattice at most, for coordinates one apart.
pub(crate) const COVERING_RADIUS: f32 = 1.118_034;

/// No coordinate is beyond ± 2²².
const LIMIT: f32 = (1 << 22) as f32;

/// The nearest point within the limit.
pub(crate) fn nearest(at: Vec3) -> IVec3 {
    let at = at.clamp(Vec3::splat(-LIMIT), Vec3::splat(LIMIT));
    let even = rounded(at * 0.5) * 2.0;
    let odd = rounded((at - 1.0) * 0.5) * 2.0 + 1.0;
    let point = if at.distance_squared(even) <= at.distance_squared(odd) { even } else { odd };
    // A cast of no number is zero.
    point.as_ivec3()
}

/// The nearest whole numbers, of numbers within the limit. Where a processor's oldest instructions have to do, this is no
/// call of a function: beside so large a number nothing is left behind the point.
pub(crate) fn rounded(at: Vec3) -> Vec3 {
    const LARGE: f32 = 3.0 * LIMIT;
    (at + LARGE) - LARGE
}

/// Whether the coordinates are those of a point.
#[cfg(test)]
pub(crate) fn has(point: IVec3) -> bool {
    let parity = point & 1;
    parity.x == parity.y && parity.y == parity.z
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_nearest_point_lies_within_the_covering_radius(at in prop::array::uniform3(-2000.0f32..2000.0)) {
            let at = Vec3::from_array(at);
            let point = nearest(at);
            prop_assert!(has(point));
            prop_assert!(point.as_vec3().distance(at) <= COVERING_RADIUS + 1e-3);
            let others = [IVec3::ONE, IVec3::NEG_ONE, IVec3::X * 2, IVec3::Y * 2, IVec3::Z * -2];
            for other in others {
                let farther = (point + other).as_vec3().distance(at);
                prop_assert!(point.as_vec3().distance(at) <= farther + 1e-3);
            }
        }
    }

    #[test]
    fn what_is_no_number_has_a_point_too() {
        assert!(has(nearest(Vec3::NAN)) && has(nearest(Vec3::INFINITY)));
    }
}
