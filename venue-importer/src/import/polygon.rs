//! Polygons on a floor, any shape without crossings, as triangles that face up.

use glam::{Vec2, Vec3, Vec3Swizzles};

/// What a body needs above a floor, metres.
pub(super) const HEADROOM: f32 = 1.8;

/// Triangles by cutting off ears (Meisters, 1975); none, when edges cross or the polygon is flat.
pub(super) fn triangles(corners: &[Vec3]) -> Option<Vec<[Vec3; 3]>> {
    // Seen from above with x to the right and z down, a floor that faces up turns clockwise in x and z.
    let flat = |corner: &Vec3| Vec2::new(corner.x, -corner.z);
    let doubled: f32 =
        (0..corners.len()).map(|i| flat(&corners[i]).perp_dot(flat(&corners[(i + 1) % corners.len()]))).sum();
    if doubled.abs() < 1e-3 || crosses(corners) {
        return None;
    }
    let mut left: Vec<Vec3> = corners.to_vec();
    if doubled < 0.0 {
        left.reverse();
    }
    let mut out = Vec::with_capacity(left.len());
    while left.len() > 3 {
        let at = (0..left.len()).find(|&at| is_ear(&left, at, flat))?;
        let (before, after) = ((at + left.len() - 1) % left.len(), (at + 1) % left.len());
        out.push([left[before], left[at], left[after]]);
        left.remove(at);
    }
    out.push([left[0], left[1], left[2]]);
    Some(out)
}

fn is_ear(corners: &[Vec3], at: usize, flat: impl Fn(&Vec3) -> Vec2) -> bool {
    let count = corners.len();
    let [a, b, c] = [corners[(at + count - 1) % count], corners[at], corners[(at + 1) % count]]
        .map(|corner| flat(&corner));
    let side = |from: Vec2, to: Vec2, point: Vec2| (to - from).perp_dot(point - from);
    if side(a, b, c) < 0.0 {
        return false;
    }
    let is_inside = |point: Vec2| {
        point != a
            && point != b
            && point != c
            && side(a, b, point) >= 0.0
            && side(b, c, point) >= 0.0
            && side(c, a, point) >= 0.0
    };
    !corners.iter().map(flat).any(is_inside)
}

/// Whether two edges that do not meet in a corner cross.
fn crosses(corners: &[Vec3]) -> bool {
    let count = corners.len();
    let edge = |i: usize| [corners[i].xz(), corners[(i + 1) % count].xz()];
    let side = |[from, to]: [Vec2; 2], point: Vec2| (to - from).perp_dot(point - from);
    (0..count).any(|i| {
        (i + 2..count).filter(|&j| (j + 1) % count != i).any(|j| {
            let (a, b) = (edge(i), edge(j));
            side(a, b[0]) * side(a, b[1]) < 0.0 && side(b, a[0]) * side(b, a[1]) < 0.0
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(corners: &[[f32; 2]], area: Option<f32>) {
        for reversed in [false, true] {
            let mut corners: Vec<Vec3> = corners.iter().map(|&[x, z]| Vec3::new(x, 1.0, z)).collect();
            if reversed {
                corners.reverse();
            }
            let found = triangles(&corners).map(|triangles| {
                let up = |[a, b, c]: &[Vec3; 3]| (*b - *a).cross(*c - *a).y * 0.5;
                assert!(triangles.iter().all(|triangle| up(triangle) > 0.0), "they face up");
                triangles.iter().map(up).sum::<f32>()
            });
            assert_eq!(found.map(|area| (area * 100.0).round() / 100.0), area, "{corners:?}");
        }
    }

    #[test]
    fn polygons_of_any_shape_keep_their_area() {
        check(&[[0.0, 0.0], [2.0, 0.0], [0.0, 3.0]], Some(3.0));
        check(&[[0.0, 0.0], [4.0, 0.0], [4.0, 1.0], [1.0, 1.0], [1.0, 4.0], [0.0, 4.0]], Some(7.0));
        check(&[[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]], None);
        check(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]], None);
    }
}
