//! Charts of our own: parts of a surface that face about the same way, each laid flat.
//!
//! It must not know pictures.

use glam::{Vec2, Vec3};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// A chart takes in what is turned away by so much at most, as a cosine: its pictures are stretched by the inverse.
const SAME_WAY: f32 = 0.6;
/// The same for what would be a chart of hardly any triangles.
const HARDLY: f32 = 0.2;
/// So few triangles are no chart if others take them.
const FEW: usize = 3;
/// Turns that are tried to lay a chart into a small rectangle.
const TURNS: u16 = 16;

/// A chart: triangles, and the plane that they are laid on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Flat {
    /// Numbers of triangles.
    pub(super) triangles: Vec<u32>,
    /// Directions of the plane, unit length.
    pub(super) axes: [Vec3; 2],
    /// Where the rectangle begins, metres along the axes.
    pub(super) corner: Vec2,
    /// How large it is, metres.
    pub(super) size: Vec2,
}

impl Flat {
    /// Metres from the rectangle's corner.
    pub(super) fn at(&self, point: Vec3) -> Vec2 {
        Vec2::from_array(self.axes.map(|axis| axis.dot(point))) - self.corner
    }
}

/// Lays out the triangles that `is_shown` names; corners of neighbours are found by their places.
pub(super) fn unfold(
    points: &[Vec3],
    places: &[[i32; 3]],
    triangles: &[[u32; 3]],
    is_shown: impl Fn(usize) -> bool,
) -> Vec<Flat> {
    let crosses: Vec<Vec3> = triangles
        .iter()
        .map(|corners| {
            let [a, b, c] = corners.map(|corner| points[corner as usize]);
            (b - a).cross(c - a)
        })
        .collect();
    let beside = neighbours(places, triangles);
    let mut order: Vec<u32> = (0..triangles.len() as u32).filter(|at| is_shown(*at as usize)).collect();
    order.sort_by(|a, b| {
        let size = |at: &u32| crosses[*at as usize].length_squared();
        size(b).total_cmp(&size(a)).then(a.cmp(b))
    });
    let mut growing =
        Growing { crosses: &crosses, beside: &beside, of: vec![None; triangles.len()], all: Vec::new() };
    order.iter().for_each(|at| growing.grow(*at, &is_shown));
    growing.give_away_few();
    let charts = growing.all.into_iter().filter(|chart| !chart.is_empty());
    charts.map(|members| lay_flat(members, points, triangles, &crosses)).collect()
}

/// The triangles across each triangle's sides.
fn neighbours(places: &[[i32; 3]], triangles: &[[u32; 3]]) -> Vec<[Option<u32>; 3]> {
    let mut open: FxHashMap<[[i32; 3]; 2], (u32, u8)> = FxHashMap::default();
    let mut beside = vec![[None; 3]; triangles.len()];
    for (at, corners) in triangles.iter().enumerate() {
        for side in 0..3 {
            let ends = [corners[side], corners[(side + 1) % 3]].map(|corner| places[corner as usize]);
            let key = if ends[0] < ends[1] { ends } else { [ends[1], ends[0]] };
            match open.remove(&key) {
                Some((other, its)) => {
                    beside[at][side] = Some(other);
                    beside[other as usize][usize::from(its)] = Some(at as u32);
                }
                None => {
                    open.insert(key, (at as u32, side as u8));
                }
            }
        }
    }
    beside
}

struct Growing<'a> {
    crosses: &'a [Vec3],
    beside: &'a [[Option<u32>; 3]],
    of: Vec<Option<u32>>,
    all: Vec<Vec<u32>>,
}

impl Growing<'_> {
    fn normal(&self, at: u32) -> Vec3 {
        self.crosses[at as usize].normalize_or_zero()
    }

    /// Makes a chart around a triangle that has none.
    fn grow(&mut self, seed: u32, is_shown: &impl Fn(usize) -> bool) {
        if self.of[seed as usize].is_some() {
            return;
        }
        let (axis, number) = (self.normal(seed), self.all.len() as u32);
        let mut members = Vec::new();
        let mut open = VecDeque::from([seed]);
        self.of[seed as usize] = Some(number);
        while let Some(at) = open.pop_front() {
            members.push(at);
            for next in self.beside[at as usize].into_iter().flatten() {
                let is_free = self.of[next as usize].is_none() && is_shown(next as usize);
                let normal = self.normal(next);
                if is_free && (normal == Vec3::ZERO || normal.dot(axis) > SAME_WAY) {
                    self.of[next as usize] = Some(number);
                    open.push_back(next);
                }
            }
        }
        self.all.push(members);
    }

    /// Gives the triangles of tiny charts to a neighbour that faces their way at all: each chart costs its margin.
    fn give_away_few(&mut self) {
        for number in 0..self.all.len() {
            if self.all[number].len() > FEW {
                continue;
            }
            for at in std::mem::take(&mut self.all[number]) {
                let around = self.beside[at as usize].into_iter().flatten();
                let taker = around.filter_map(|next| self.of[next as usize]).find(|chart| {
                    let members = &self.all[*chart as usize];
                    let first = members.first().filter(|_| *chart as usize != number && members.len() > FEW);
                    first.is_some_and(|first| self.normal(*first).dot(self.normal(at)) > HARDLY)
                });
                let chart = taker.unwrap_or(number as u32);
                self.of[at as usize] = Some(chart);
                self.all[chart as usize].push(at);
            }
        }
    }
}

fn lay_flat(members: Vec<u32>, points: &[Vec3], triangles: &[[u32; 3]], crosses: &[Vec3]) -> Flat {
    let sum: Vec3 = members.iter().map(|at| crosses[*at as usize]).sum();
    let seed = crosses[members[0] as usize];
    // The mean lies better than the seed, unless something is turned away from it.
    let faces = |axis: Vec3| members.iter().all(|at| crosses[*at as usize].dot(axis) >= 0.0);
    let axis = if faces(sum) { sum } else { seed }.try_normalize().unwrap_or(Vec3::Y);
    let (right, up) = axis.any_orthonormal_pair();
    let corners =
        || members.iter().flat_map(|at| triangles[*at as usize]).map(|corner| points[corner as usize]);
    let around = |axes: [Vec3; 2]| {
        let at = |point: Vec3| Vec2::from_array(axes.map(|axis| axis.dot(point)));
        corners().map(at).fold((Vec2::MAX, Vec2::MIN), |(low, high), at| (low.min(at), high.max(at)))
    };
    let turned = |turn: u16| {
        let (sin, cos) = (f32::from(turn) * std::f32::consts::FRAC_PI_2 / f32::from(TURNS)).sin_cos();
        [right * cos + up * sin, up * cos - right * sin]
    };
    let area = |axes: [Vec3; 2]| {
        let (low, high) = around(axes);
        (high - low).element_product()
    };
    let best = (0..TURNS).map(turned).min_by(|a, b| area(*a).total_cmp(&area(*b)));
    let axes = best.unwrap_or([right, up]);
    let (low, high) = around(axes);
    Flat { triangles: members, axes, corner: low, size: high - low }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A box of `side` × `side` quads on each of its six sides, 1 m.
    fn cube(side: i32) -> (Vec<Vec3>, Vec<[i32; 3]>, Vec<[u32; 3]>) {
        let (mut places, mut triangles) = (Vec::new(), Vec::new());
        for face in 0..6 {
            let axis = face / 2;
            let place = |u: i32, v: i32| {
                let mut place = [0; 3];
                place[axis] = if face % 2 == 0 { 0 } else { side };
                place[(axis + 1) % 3] = u;
                place[(axis + 2) % 3] = v;
                place
            };
            for (u, v) in (0..side).flat_map(|u| (0..side).map(move |v| (u, v))) {
                let first = places.len() as u32;
                places.extend([place(u, v), place(u + 1, v), place(u + 1, v + 1), place(u, v + 1)]);
                let turned = if face % 2 == 1 { [0, 1, 2, 0, 2, 3] } else { [0, 2, 1, 0, 3, 2] };
                triangles.extend([0, 3].map(|i| [0, 1, 2].map(|j| first + turned[i + j])));
            }
        }
        let point = |place: &[i32; 3]| Vec3::from_array(place.map(|value| value as f32 / side as f32));
        (places.iter().map(point).collect(), places, triangles)
    }

    #[test]
    fn a_cube_is_six_squares() {
        let (points, places, triangles) = cube(4);
        let flats = unfold(&points, &places, &triangles, |_| true);
        assert_eq!(flats.len(), 6);
        assert!(flats.iter().all(|flat| flat.triangles.len() == 32));
        assert!(flats.iter().all(|flat| flat.size.abs_diff_eq(Vec2::ONE, 1e-4)), "{flats:?}");
        assert_eq!(unfold(&points, &places, &triangles, |at| at < 32).len(), 1);
    }

    #[test]
    fn every_triangle_keeps_its_front_and_is_in_one_chart() {
        let (points, places, triangles) = cube(3);
        // Pulled towards a ball: nothing is flat any more.
        let points: Vec<Vec3> = points
            .iter()
            .map(|point| {
                let out = *point - 0.5;
                0.5 + out.normalize() * (0.5 + 0.3 * out.length())
            })
            .collect();
        let flats = unfold(&points, &places, &triangles, |_| true);
        let mut all: Vec<u32> = flats.iter().flat_map(|flat| flat.triangles.clone()).collect();
        all.sort_unstable();
        assert_eq!(all, (0..triangles.len() as u32).collect::<Vec<_>>());
        for flat in &flats {
            for at in &flat.triangles {
                let [a, b, c] = triangles[*at as usize].map(|corner| flat.at(points[corner as usize]));
                assert!((b - a).perp_dot(c - a) > 0.0, "a triangle lies on its face");
                assert!(
                    [a, b, c]
                        .iter()
                        .all(|p| p.cmpge(Vec2::splat(-1e-4)).all() && p.cmple(flat.size + 1e-4).all())
                );
            }
        }
    }
}
