//! Eyes: what the runtime says of them becomes views of the renderer.
//!
//! Pure; it must not know the session.

use crate::present::Views;
use crate::scene::camera::{Camera, NEAR};
use glam::{Mat4, Quat, Vec3};
use openxr as xr;
use venue_model::RigidPose;
use wgpu_renderer::{View, reverse_z_perspective_from_angles};

/// Where the two eyes are, and how they see.
#[derive(Clone, Copy)]
pub struct Eyes {
    /// Between the eyes, in the play space's frame.
    middle: RigidPose,
    is_tracked: bool,
    /// As the runtime gives them: in the play space's frame.
    pub eyes: [xr::View; 2],
}

impl Eyes {
    /// From what was located.
    pub fn new(flags: xr::ViewStateFlags, eyes: [xr::View; 2]) -> Self {
        let known = xr::ViewStateFlags::POSITION_VALID | xr::ViewStateFlags::ORIENTATION_VALID;
        let [left, right] = eyes.each_ref().map(|eye| pose_of(&eye.pose));
        let middle = left.zip(right).map(|(left, right)| between(&left, &right));
        let is_tracked = flags.contains(known) && middle.is_some();
        Self { middle: middle.unwrap_or_default(), is_tracked, eyes }
    }

    /// The head in the play space's frame; none while it is not tracked.
    pub fn head(&self) -> Option<RigidPose> {
        self.is_tracked.then_some(self.middle)
    }

    /// How the world is turned in the play space, if the first eye sees it so.
    pub fn play_from_world(&self, view_from_world: &Mat4) -> Quat {
        let eye = pose_of(&self.eyes[0].pose).unwrap_or(self.middle);
        (eye.orientation * Quat::from_mat4(view_from_world)).normalize()
    }

    /// Both eyes of a head that is where the camera is.
    pub fn views(&self, camera: &Camera) -> Views {
        Views::stereo(self.eyes.each_ref().map(|eye| {
            let eye_pose = pose_of(&eye.pose).unwrap_or(self.middle);
            let world_from_eye = matrix(&camera.eye) * matrix(&self.middle).inverse() * matrix(&eye_pose);
            View { view_from_world: world_from_eye.inverse(), clip_from_view: projection(&eye.fov) }
        }))
    }
}

/// A pose of OpenXR: it has our axes and metres. None if its numbers are no pose.
pub fn pose_of(pose: &xr::Posef) -> Option<RigidPose> {
    let (p, q) = (pose.position, pose.orientation);
    let position = Vec3::new(p.x, p.y, p.z);
    let orientation = Quat::from_xyzw(q.x, q.y, q.z, q.w);
    let is_turn = orientation.is_finite() && orientation.length_squared() > 0.25;
    (position.is_finite() && is_turn).then(|| RigidPose { position, orientation: orientation.normalize() })
}

/// The projection of an eye: reversed depth, nothing is too far.
pub fn projection(fov: &xr::Fovf) -> Mat4 {
    reverse_z_perspective_from_angles(fov.angle_left, fov.angle_right, fov.angle_down, fov.angle_up, NEAR)
}

fn matrix(pose: &RigidPose) -> Mat4 {
    Mat4::from_rotation_translation(pose.orientation, pose.position)
}

/// Halfway between two eyes, which may be turned outwards.
fn between(left: &RigidPose, right: &RigidPose) -> RigidPose {
    RigidPose {
        position: (left.position + right.position) * 0.5,
        orientation: left.orientation.slerp(right.orientation, 0.5).normalize(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eye(x: f32, turn: f32, fov: [f32; 4]) -> xr::View {
        let q = Quat::from_rotation_y(turn);
        let [angle_left, angle_right, angle_down, angle_up] = fov;
        xr::View {
            pose: xr::Posef {
                orientation: xr::Quaternionf { x: q.x, y: q.y, z: q.z, w: q.w },
                position: xr::Vector3f { x, y: 1.6, z: 0.5 },
            },
            fov: xr::Fovf { angle_left, angle_right, angle_up, angle_down },
        }
    }

    fn eyes(turn: f32) -> Eyes {
        let known = xr::ViewStateFlags::POSITION_VALID | xr::ViewStateFlags::ORIENTATION_VALID;
        let left = eye(-0.032, turn, [-0.9, 0.7, -0.8, 0.85]);
        let right = eye(0.032, -turn, [-0.7, 0.9, -0.8, 0.85]);
        Eyes::new(known, [left, right])
    }

    #[test]
    fn the_head_is_between_the_eyes_and_looks_ahead_though_they_turn_outwards() {
        let head = eyes(0.1).head().unwrap();
        assert!(head.position.abs_diff_eq(Vec3::new(0.0, 1.6, 0.5), 1e-6));
        assert!(head.orientation.angle_between(Quat::IDENTITY) < 1e-3);
    }

    #[test]
    fn the_eyes_stand_left_and_right_of_wherever_the_camera_is() {
        let turn = Quat::from_rotation_y(1.0);
        let place = RigidPose { position: Vec3::new(5.0, 2.0, -3.0), orientation: turn };
        let views = eyes(0.0).views(&Camera { eye: place, ..Camera::default() });
        let [left, right] = [0, 1].map(|index: usize| views.as_slice()[index].position_in_world());
        assert!((left - place.position).abs_diff_eq(turn * Vec3::X * -0.032, 1e-5), "{left}");
        assert!((right - place.position).abs_diff_eq(turn * Vec3::X * 0.032, 1e-5), "{right}");
    }

    #[test]
    fn the_play_space_turns_with_the_body_and_not_with_the_head() {
        let body = Quat::from_rotation_y(2.0);
        for (turn, up) in [(0.0, 0.0), (0.7, 0.4)] {
            let mut eyes = eyes(turn);
            // The eyes' own turn outwards is not the head's.
            let head = Quat::from_rotation_x(up);
            for eye in &mut eyes.eyes {
                let q = head * pose_of(&eye.pose).unwrap().orientation;
                eye.pose.orientation = xr::Quaternionf { x: q.x, y: q.y, z: q.z, w: q.w };
            }
            let known = xr::ViewStateFlags::POSITION_VALID | xr::ViewStateFlags::ORIENTATION_VALID;
            let eyes = Eyes::new(known, eyes.eyes);
            let camera = RigidPose {
                position: Vec3::new(3.0, 1.0, 2.0),
                orientation: body * eyes.head().unwrap().orientation,
            };
            let views = eyes.views(&Camera { eye: camera, ..Camera::default() });
            let turned = eyes.play_from_world(&views.as_slice()[0].view_from_world);
            assert!(turned.angle_between(body.inverse()) < 1e-3, "{turned}");
        }
    }

    #[test]
    fn near_things_shift_more_between_the_eyes_than_far_ones() {
        let views = eyes(0.0).views(&Camera::default());
        let shift = |distance: f32| {
            let point = Camera::default().eye.position + Vec3::NEG_Z * distance;
            let [left, right] =
                [0, 1].map(|index: usize| views.as_slice()[index].clip_from_world().project_point3(point).x);
            left - right
        };
        assert!(shift(0.5) > shift(2.0) && shift(2.0) > shift(50.0), "{} {}", shift(0.5), shift(2.0));
    }

    #[test]
    fn what_an_eye_s_angles_bound_is_the_edge_of_its_picture() {
        let views = eyes(0.0).views(&Camera::default());
        let view = &views.as_slice()[0];
        let point = Vec3::new((-0.9f32).tan(), 0.85f32.tan(), -1.0) * 4.0;
        let seen = view.clip_from_view.project_point3(point);
        assert!((seen.x + 1.0).abs() < 1e-5 && (seen.y - 1.0).abs() < 1e-5, "{seen}");
        let depth = |metres: f32| view.clip_from_view.project_point3(Vec3::NEG_Z * metres).z;
        assert!((depth(NEAR) - 1.0).abs() < 1e-5 && depth(10.0) < depth(1.0), "depth is reversed");
    }

    #[test]
    fn a_head_that_is_not_tracked_is_none_and_is_drawn_from_the_camera_all_the_same() {
        assert!(Eyes::new(xr::ViewStateFlags::EMPTY, eyes(0.0).eyes).head().is_none());
        let zero = xr::Posef { orientation: xr::Quaternionf::default(), position: xr::Vector3f::default() };
        assert!(pose_of(&zero).is_none());
        let nowhere = eyes(0.0).eyes.map(|eye| xr::View { pose: zero, ..eye });
        let views = Eyes::new(xr::ViewStateFlags::EMPTY, nowhere).views(&Camera::default());
        assert!(views.as_slice()[0].position_in_world().abs_diff_eq(Camera::default().eye.position, 1e-5));
    }
}
