//! Where the panels stand in the venue: before the person at arm's reach, until the person turns or goes away.
//!
//! Pure; it must not know what the panels say.

use glam::{Mat4, Quat, UVec2, Vec3};
use venue_model::RigidPose;

/// Pixels of the panels' picture: as wide as a window, so that pages lie in it as they do there.
pub const SIZE_PX: UVec2 = UVec2::new(1600, 1000);

/// Pixels of a point.
pub const PIXELS_PER_POINT: f32 = 1.25;

/// How far before the eyes the panels stand, metres.
const REACH: f32 = 0.9;

/// How wide they are, metres: 62° at this distance.
const WIDTH: f32 = 1.1;

/// How far below the eyes their middle is, metres.
const BELOW: f32 = 0.12;

/// How far the person may turn away or go before the panels come after.
const FOLLOW_RADIANS: f32 = 55.0 * std::f32::consts::PI / 180.0;
const FOLLOW_METRES: f32 = 0.6;

/// Where the panels stand.
#[derive(Clone, Copy, Debug, Default)]
pub struct PanelStand {
    /// The eyes that they were put before, and which way those looked about +y.
    put_for: Option<(Vec3, f32)>,
}

impl PanelStand {
    /// Metres of a pixel.
    pub fn meters_per_pixel() -> f32 {
        WIDTH / SIZE_PX.x as f32
    }

    /// The pose of the panels' middle for eyes that are here now.
    pub fn world_from_panel(&mut self, eye: &RigidPose) -> Mat4 {
        let ahead = eye.orientation * Vec3::NEG_Z;
        let yaw = (-ahead.x).atan2(-ahead.z);
        let (place, facing) = match self.put_for {
            Some((place, facing)) if !is_away(place, facing, eye.position, yaw) => (place, facing),
            _ => *self.put_for.insert((eye.position, yaw)),
        };
        let turn = Quat::from_rotation_y(facing);
        let middle = place + turn * Vec3::new(0.0, -BELOW, -REACH);
        // Below the eyes, they lean back to be seen straight on.
        let lean = Quat::from_rotation_x(-(BELOW / REACH).atan());
        Mat4::from_rotation_translation(turn * lean, middle)
    }
}

fn is_away(place: Vec3, facing: f32, eye: Vec3, yaw: f32) -> bool {
    use std::f32::consts::{PI, TAU};
    let turned = (yaw - facing + PI).rem_euclid(TAU) - PI;
    place.distance(eye) > FOLLOW_METRES || turned.abs() > FOLLOW_RADIANS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eye(x: f32, yaw: f32) -> RigidPose {
        RigidPose { position: Vec3::new(x, 1.7, 0.0), orientation: Quat::from_rotation_y(yaw) }
    }

    #[test]
    fn panels_stand_before_the_eyes_and_face_them() {
        let stands = PanelStand::default().world_from_panel(&eye(2.0, 1.0));
        let middle = stands.transform_point3(Vec3::ZERO);
        let way = middle - eye(2.0, 1.0).position;
        assert!((0.85..0.95).contains(&way.length()), "{}", way.length());
        assert!(way.normalize().dot(eye(2.0, 1.0).orientation * Vec3::NEG_Z) > 0.98);
        let normal = stands.transform_vector3(Vec3::Z);
        assert!(normal.dot(-way.normalize()) > 0.999, "they are seen straight on");
    }

    #[test]
    fn they_stay_while_one_looks_around_and_come_after_whoever_turns_or_goes_away() {
        let mut stand = PanelStand::default();
        let first = stand.world_from_panel(&eye(0.0, 0.0));
        assert_eq!(stand.world_from_panel(&eye(0.3, 0.8)), first);
        let turned = stand.world_from_panel(&eye(0.3, 1.2));
        assert_ne!(turned, first);
        assert_eq!(stand.world_from_panel(&eye(0.3, 0.9)), turned);
        assert_ne!(stand.world_from_panel(&eye(2.0, 0.9)), turned);
    }

    #[test]
    fn a_point_of_text_is_large_enough_to_read() {
        let points_of_a_line = 15.0;
        let height = points_of_a_line * PIXELS_PER_POINT * PanelStand::meters_per_pixel();
        assert!((height / REACH).atan().to_degrees() > 0.75, "a line is {height} m high");
    }
}
