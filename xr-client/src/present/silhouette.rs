//! Where a head must be seen: the avatar's head is put to its pose and painted by the processor, pixel by pixel, so
//! that what the graphics device shows can be compared with something that it had no part in.
//!
//! It must not know joints, the object-id picture or the network.

use crate::scene::avatar::head::HeadShape;
use glam::{IVec2, UVec2, Vec2, Vec3, Vec4Swizzles as _};
use venue_model::RigidPose;
use wgpu_renderer::View;

/// Nearer than this to the eye's plane nothing is painted, metres.
const NEAREST: f32 = 0.02;

/// A pixel that shows a part of the head's surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Column and row; outside of the picture too.
    pub pixel: IVec2,
    /// The surface's point in the building frame.
    pub point: Vec3,
    /// Metres from the eye's plane.
    pub depth: f32,
}

/// A corner of a triangle on the picture.
#[derive(Clone, Copy, Debug)]
struct Corner {
    place: Vec2,
    depth: f32,
    point: Vec3,
    share: f32,
}

/// Every pixel that shows the head, as if nothing stood before it and the picture had no edges. None when a part of
/// it is beside or behind the eye.
pub fn of_head(head: &RigidPose, shape: &HeadShape, view: &View, size: UVec2) -> Option<Vec<Seen>> {
    let clip_from_world = view.clip_from_world();
    let corner = |(point, share): (&Vec3, &f32)| {
        let point = head.position + head.orientation * *point;
        let clip = clip_from_world * point.extend(1.0);
        let ndc = clip.xy() / clip.w;
        let place = (ndc * Vec2::new(0.5, -0.5) + 0.5) * size.as_vec2();
        Corner { place, depth: clip.w, point, share: *share }
    };
    let corners: Vec<Corner> = shape.points.iter().zip(&shape.shares).map(corner).collect();
    let used = || shape.triangles.iter().flatten().map(|index| &corners[*index as usize]);
    if used().any(|corner| corner.depth < NEAREST) {
        return None;
    }
    let low = used().fold(Vec2::INFINITY, |low, corner| low.min(corner.place)).floor();
    let high = used().fold(Vec2::NEG_INFINITY, |high, corner| high.max(corner.place)).ceil();
    // A head that fills more than some pictures is too near for any judgement.
    if !low.is_finite() || (high - low).max_element() > 4.0 * size.max_element() as f32 {
        return None;
    }
    let mut canvas = Canvas::new(low.as_ivec2(), (high - low).as_uvec2());
    for triangle in &shape.triangles {
        canvas.paint(triangle.map(|index| corners[index as usize]));
    }
    Some(canvas.seen.into_iter().flatten().collect())
}

/// The nearest surface at each pixel of a part of the picture.
struct Canvas {
    low: IVec2,
    size: UVec2,
    seen: Vec<Option<Seen>>,
}

impl Canvas {
    fn new(low: IVec2, size: UVec2) -> Self {
        Self { low, size, seen: vec![None; (size.x * size.y) as usize] }
    }

    /// Paints a triangle where its surface belongs to the head and nothing nearer was painted.
    fn paint(&mut self, corners: [Corner; 3]) {
        let [a, b, c] = corners.map(|corner| corner.place);
        let area = (b - a).perp_dot(c - a);
        if area == 0.0 {
            return;
        }
        let first = a.min(b).min(c).floor().as_ivec2().max(self.low);
        let last = a.max(b).max(c).ceil().as_ivec2().min(self.low + self.size.as_ivec2() - 1);
        for y in first.y..=last.y {
            for x in first.x..=last.x {
                let middle = IVec2::new(x, y).as_vec2() + 0.5;
                let parts = Vec3::new(
                    (b - middle).perp_dot(c - middle),
                    (c - middle).perp_dot(a - middle),
                    (a - middle).perp_dot(b - middle),
                ) / area;
                if parts.min_element() >= 0.0 {
                    self.mark(IVec2::new(x, y), parts, &corners);
                }
            }
        }
    }

    fn mark(&mut self, pixel: IVec2, parts: Vec3, corners: &[Corner; 3]) {
        // What is linear on the surface is linear on the picture after a division by depth.
        let parts = parts / Vec3::from_array(corners.map(|corner| corner.depth));
        let depth = 1.0 / parts.element_sum();
        let mixed = parts * depth;
        let share = mixed.dot(Vec3::from_array(corners.map(|corner| corner.share)));
        let at = (pixel - self.low).as_uvec2();
        let place = &mut self.seen[(at.y * self.size.x + at.x) as usize];
        if share > 0.5 && place.is_none_or(|seen| seen.depth > depth) {
            let point = (0..3).map(|corner| corners[corner].point * mixed[corner]).sum();
            *place = Some(Seen { pixel, point, depth });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::Views;
    use crate::scene::camera::Camera;
    use glam::Quat;

    /// A square of 20 cm that faces the eye, of which the right half belongs to the head.
    fn plate() -> HeadShape {
        let corner = |x: f32, y: f32| Vec3::new(x * 0.1, y * 0.1, 0.0);
        HeadShape {
            points: vec![corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)],
            shares: vec![0.0, 1.0, 1.0, 0.0],
            triangles: vec![[0, 1, 2], [0, 2, 3]],
        }
    }

    fn seen_at(position: Vec3) -> Option<Vec<Seen>> {
        let size = UVec2::new(400, 400);
        let eye = RigidPose { position: Vec3::ZERO, orientation: Quat::IDENTITY };
        let view = Views::flat(&Camera { eye, vertical_fov: 90f32.to_radians() }, size).as_slice()[0];
        of_head(&RigidPose { position, orientation: Quat::IDENTITY }, &plate(), &view, size)
    }

    #[test]
    fn a_surface_is_painted_where_it_projects_and_only_where_it_belongs_to_the_head() {
        // At two metres the picture is four metres wide: a pixel is a centimetre.
        let seen = seen_at(Vec3::new(0.5, 0.3, -2.0)).unwrap();
        assert_eq!(seen.len(), 10 * 20);
        for Seen { pixel, point, depth } in seen {
            assert!((250..260).contains(&pixel.x) && (160..180).contains(&pixel.y), "{pixel}");
            let expected = Vec3::new((pixel.x as f32 - 199.5) * 0.01, (199.5 - pixel.y as f32) * 0.01, -2.0);
            assert!(point.distance(expected) < 1e-4 && (depth - 2.0).abs() < 1e-4, "{point}");
        }
    }

    #[test]
    fn what_lies_beyond_the_picture_is_painted_too_and_what_lies_behind_the_eye_is_not() {
        assert!(seen_at(Vec3::new(-2.05, 0.0, -2.0)).unwrap().iter().all(|seen| seen.pixel.x < 10));
        assert_eq!(seen_at(Vec3::new(0.0, 0.0, 1.0)), None);
    }
}
