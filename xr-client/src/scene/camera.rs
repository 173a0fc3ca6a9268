//! From where the venue is seen: through one's own eyes, or from behind one's own back.
//!
//! It must not know projections of a device; presenters make views of it.

use glam::{Mat4, Quat, Vec3};
use venue_model::{BodyPose, RigidPose};

/// First or third person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Perspective {
    /// Through one's own eyes.
    #[default]
    First,
    /// From behind and above.
    Third,
}

/// The eye that looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Where it is, and where it looks: along -z.
    pub eye: RigidPose,
    /// Vertical field of view of a flat picture, radians.
    pub vertical_fov: f32,
}

/// Nearest that is drawn, metres.
pub const NEAR: f32 = 0.05;

impl Camera {
    /// The camera of a body.
    pub fn of_body(body: &BodyPose, perspective: Perspective, vertical_fov: f32) -> Self {
        let head = body.head_in_building();
        let eye = match perspective {
            Perspective::First => head,
            Perspective::Third => {
                let back = head.orientation * Vec3::new(0.0, 0.0, 1.0);
                let position =
                    head.position + Vec3::new(back.x, back.y.max(0.05), back.z) * 2.4 + Vec3::Y * 0.3;
                RigidPose { position, orientation: head.orientation }
            }
        };
        Self { eye, vertical_fov }
    }

    /// From the building frame to the eye.
    pub fn view_from_world(&self) -> Mat4 {
        Mat4::from_rotation_translation(self.eye.orientation, self.eye.position).inverse()
    }

    /// Which way it looks.
    pub fn ahead(&self) -> Vec3 {
        self.eye.orientation * Vec3::NEG_Z
    }

    /// The direction through a point of the picture: x and y from -1 to 1, right and up.
    pub fn direction_through(&self, x: f32, y: f32, aspect: f32) -> Vec3 {
        let top = (self.vertical_fov * 0.5).tan();
        (self.eye.orientation * Vec3::new(x * top * aspect, y * top, -1.0)).normalize_or(Vec3::NEG_Z)
    }
}

impl Default for Camera {
    fn default() -> Self {
        let eye = RigidPose { position: Vec3::Y * 1.65, orientation: Quat::IDENTITY };
        Self { eye, vertical_fov: 65f32.to_radians() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_the_picture_is_straight_ahead() {
        let mut body = BodyPose::standing(Vec3::new(1.0, 0.0, 2.0), 1.1);
        body.head.orientation = Quat::from_rotation_x(0.3);
        let camera = Camera::of_body(&body, Perspective::First, 1.0);
        assert!(camera.direction_through(0.0, 0.0, 1.6).distance(camera.ahead()) < 1e-6);
        assert!(camera.ahead().y > 0.25, "positive pitch looks up");
        let seen = camera.view_from_world().transform_point3(camera.eye.position + camera.ahead());
        assert!(seen.distance(Vec3::NEG_Z) < 1e-5);
    }

    #[test]
    fn the_third_person_sees_its_own_head_ahead() {
        let body = BodyPose::standing(Vec3::ZERO, 0.4);
        let camera = Camera::of_body(&body, Perspective::Third, 1.0);
        let head = camera.view_from_world().transform_point3(body.head_in_building().position);
        assert!(head.z < -1.5, "{head}");
    }
}
