//! What lies outside of every view is not drawn: boxes against the planes of the views' frusta.

use glam::{Mat4, Vec3, Vec4};

/// A box along the axes. Empty until it holds a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Aabb {
    pub(crate) min: Vec3,
    pub(crate) max: Vec3,
}

impl Aabb {
    pub(crate) const EMPTY: Self = Self { min: Vec3::INFINITY, max: Vec3::NEG_INFINITY };

    /// The box around points.
    pub(crate) fn around(points: impl Iterator<Item = Vec3>) -> Self {
        points.fold(Self::EMPTY, |all, point| all.with_sphere(point, 0.0))
    }

    /// This box, grown to hold a sphere.
    pub(crate) fn with_sphere(self, center: Vec3, radius: f32) -> Self {
        Self { min: self.min.min(center - radius), max: self.max.max(center + radius) }
    }

    pub(crate) fn center(&self) -> Vec3 {
        (self.min + self.max) * 0.5
    }

    pub(crate) fn half_size(&self) -> Vec3 {
        (self.max - self.min) * 0.5
    }

    /// The box around this one after an affine transform.
    pub(crate) fn transformed(&self, matrix: &Mat4) -> Self {
        let center = matrix.transform_point3(self.center());
        let half = self.half_size();
        let reach = matrix.x_axis.truncate().abs() * half.x
            + matrix.y_axis.truncate().abs() * half.y
            + matrix.z_axis.truncate().abs() * half.z;
        Self { min: center - reach, max: center + reach }
    }
}

/// What one view sees, bounded by five planes: there is no far plane.
#[derive(Clone, Copy, Debug)]
pub struct Frustum {
    planes: [Vec4; 5],
}

impl Frustum {
    /// Planes of a projection with reversed depth (Gribb and Hartmann 2001): inside is positive.
    pub fn of(clip_from_world: &Mat4) -> Self {
        let (x, y, z, w) =
            (clip_from_world.row(0), clip_from_world.row(1), clip_from_world.row(2), clip_from_world.row(3));
        Self { planes: [w + x, w - x, w + y, w - y, w - z] }
    }

    /// Whether a part of the box between two corners may be seen; see [`crate::View::clip_from_world`].
    pub fn may_see_box(&self, min: Vec3, max: Vec3) -> bool {
        self.may_see(&Aabb { min, max })
    }

    /// Whether a part of the box may be seen; a box near a corner may be kept although it is not.
    pub(crate) fn may_see(&self, bounds: &Aabb) -> bool {
        let (center, half) = (bounds.center(), bounds.half_size());
        self.planes.iter().all(|plane| {
            let normal = plane.truncate();
            normal.dot(center) + plane.w + normal.abs().dot(half) >= 0.0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reverse_z_perspective;
    use proptest::prelude::*;

    fn looking(from: Vec3, along: Vec3) -> Mat4 {
        reverse_z_perspective(1.0, 1.5, 0.1)
            * glam::camera::rh::view::look_to_mat4(from, along.normalize(), Vec3::Y)
    }

    fn unit_box_at(center: Vec3) -> Aabb {
        Aabb { min: center - 0.5, max: center + 0.5 }
    }

    #[test]
    fn a_box_before_the_eye_is_seen_and_others_are_not() {
        let frustum = Frustum::of(&looking(Vec3::new(0.0, 1.7, 0.0), Vec3::NEG_Z));
        assert!(frustum.may_see(&unit_box_at(Vec3::new(0.0, 1.7, -5.0))));
        assert!(frustum.may_see(&unit_box_at(Vec3::new(0.0, 1.7, -5.0e5))), "there is no far plane");
        assert!(frustum.may_see(&unit_box_at(Vec3::new(0.0, 1.7, 0.0))), "the eye is inside of it");
        assert!(!frustum.may_see(&unit_box_at(Vec3::new(0.0, 1.7, 5.0))), "behind");
        assert!(!frustum.may_see(&unit_box_at(Vec3::new(9.0, 1.7, -5.0))), "to the right");
        assert!(!frustum.may_see(&unit_box_at(Vec3::new(0.0, 9.7, -5.0))), "above");
    }

    proptest! {
        #[test]
        fn whatever_has_a_corner_in_the_picture_may_be_seen(
            center in prop::array::uniform3(-20.0_f32..20.0),
            half in prop::array::uniform3(0.01_f32..4.0),
            yaw in 0.0_f32..std::f32::consts::TAU,
        ) {
            let clip_from_world = looking(Vec3::ZERO, Vec3::new(yaw.sin(), 0.1, yaw.cos()));
            let (center, half) = (Vec3::from(center), Vec3::from(half));
            let bounds = Aabb { min: center - half, max: center + half };
            let corner_is_seen = (0..8).any(|corner| {
                let sign = Vec3::new((corner & 1) as f32, (corner >> 1 & 1) as f32, (corner >> 2) as f32) * 2.0 - 1.0;
                let clip = clip_from_world * (center + sign * half).extend(1.0);
                clip.w > 0.0 && clip.x.abs() <= clip.w && clip.y.abs() <= clip.w && clip.z <= clip.w
            });
            prop_assert!(!corner_is_seen || Frustum::of(&clip_from_world).may_see(&bounds));
        }

        #[test]
        fn a_transformed_box_holds_every_transformed_corner(
            half in prop::array::uniform3(0.01_f32..4.0),
            scale in prop::array::uniform3(-3.0_f32..3.0),
            angle in 0.0_f32..std::f32::consts::TAU,
        ) {
            let half = Vec3::from(half);
            let bounds = Aabb { min: -half, max: half };
            let matrix = Mat4::from_translation(Vec3::new(3.0, -1.0, 2.0))
                * Mat4::from_axis_angle(Vec3::new(0.6, 0.0, 0.8), angle)
                * Mat4::from_scale(Vec3::from(scale));
            let outer = bounds.transformed(&matrix);
            for corner in [half, -half, half * Vec3::new(-1.0, 1.0, 1.0)] {
                let point = matrix.transform_point3(corner);
                prop_assert!(point.cmpge(outer.min - 1e-3).all() && point.cmple(outer.max + 1e-3).all());
            }
        }
    }
}
