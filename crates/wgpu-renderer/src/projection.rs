//! Projections with reversed depth and an infinite far plane: depth is `near / distance`, so that a 32-bit
//! float keeps its precision from the hand to the horizon.

use glam::{Mat4, Vec4};

/// A symmetric projection. `vertical_fov` in radians, `aspect` is width over height, `near` in metres.
pub fn reverse_z_perspective(vertical_fov: f32, aspect: f32, near: f32) -> Mat4 {
    let top = (vertical_fov * 0.5).tan();
    let right = top * aspect;
    from_tangents(-right, right, -top, top, near)
}

/// A projection from the four angles of an eye in radians, as a headset reports them: left and down negative.
pub fn reverse_z_perspective_from_angles(left: f32, right: f32, down: f32, up: f32, near: f32) -> Mat4 {
    from_tangents(left.tan(), right.tan(), down.tan(), up.tan(), near)
}

fn from_tangents(left: f32, right: f32, bottom: f32, top: f32, near: f32) -> Mat4 {
    let (width, height) = (right - left, top - bottom);
    Mat4::from_cols(
        Vec4::new(2.0 / width, 0.0, 0.0, 0.0),
        Vec4::new(0.0, 2.0 / height, 0.0, 0.0),
        Vec4::new((right + left) / width, (top + bottom) / height, 0.0, -1.0),
        Vec4::new(0.0, 0.0, near, 0.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::{Vec3, camera};

    #[test]
    fn depth_is_one_at_the_near_plane_and_goes_to_zero() {
        let clip_from_view = reverse_z_perspective(1.2, 1.6, 0.1);
        let depth = |distance: f32| clip_from_view.project_point3(Vec3::new(0.0, 0.0, -distance)).z;
        assert!((depth(0.1) - 1.0).abs() < 1e-6);
        assert!((depth(10.0) - 0.01).abs() < 1e-6);
        assert!(depth(1.0e6) > 0.0 && depth(1.0e6) < 1e-6);
    }

    #[test]
    fn a_symmetric_projection_is_glam_s_and_equals_the_one_from_angles() {
        let ours = reverse_z_perspective(1.0, 1.5, 0.05);
        let theirs = camera::rh::proj::directx::perspective_infinite_reverse(1.0, 1.5, 0.05);
        assert!(ours.abs_diff_eq(theirs, 1e-5));
        let across = (0.5_f32.tan() * 1.5).atan();
        let angles = reverse_z_perspective_from_angles(-across, across, -0.5, 0.5, 0.05);
        assert!(ours.abs_diff_eq(angles, 1e-5));
    }

    #[test]
    fn an_eye_s_asymmetric_angles_meet_the_picture_s_edges() {
        let clip_from_view = reverse_z_perspective_from_angles(-0.9, 0.7, -0.8, 0.85, 0.1);
        let left = clip_from_view.project_point3(Vec3::new((-0.9_f32).tan(), 0.0, -1.0));
        let top = clip_from_view.project_point3(Vec3::new(0.0, 0.85_f32.tan(), -1.0));
        assert!((left.x + 1.0).abs() < 1e-5);
        assert!((top.y - 1.0).abs() < 1e-5);
    }
}
