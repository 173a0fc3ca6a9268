//! The mirror: one's own figure alone before a neutral backdrop, turned as one likes.
//!
//! It must not know panels or settings; it is told what to show and how far to turn.

use super::avatar::{Bearing, Cast};
use super::camera::Camera;
use glam::{Quat, Vec3};
use std::f32::consts::{PI, TAU};
use venue_model::{BodyPose, ParticipantId, RigidPose};
use venue_protocol::Appearance;
use wgpu_renderer::{Lighting, Sky};

/// The light of a photographer's room.
pub const STUDIO_LIGHT: Lighting = Lighting {
    ambient_from_above: Vec3::new(0.74, 0.75, 0.78),
    ambient_from_below: Vec3::new(0.46, 0.43, 0.41),
    // Of length 1.
    direction_to_sun: Vec3::new(0.401_690, 0.624_851, 0.669_483),
    sun_color: Vec3::new(0.50, 0.47, 0.43),
    exposure: 1.0,
};

/// The figure's id in the scene: ids of participants are given from 1 on and never get there.
pub const MIRRORED: ParticipantId = ParticipantId(u32::MAX);

/// Far below every venue, so that nobody there is looked at.
const PLACE: Vec3 = Vec3::new(0.0, -900.0, 0.0);

/// How far the eye is from the figure, metres.
const DISTANCE: f32 = 3.3;

/// How high the eye is, metres: the middle of a figure, so that head and feet have as much room.
const HEIGHT: f32 = 0.98;

/// How far the figure stands beside the middle of the picture, where no panel lies, metres.
const BESIDE: f32 = 0.52;

/// Vertical field of view, radians.
const FIELD_OF_VIEW: f32 = 0.66;

/// Where panels lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelSide {
    /// At the left edge.
    Left,
    /// At the right edge.
    Right,
}

/// The mirror while it is open.
#[derive(Clone, Copy, Debug)]
pub struct Mirror {
    /// Turn of the figure away from the viewer, radians.
    turn: f32,
    side: PanelSide,
}

impl Mirror {
    /// A mirror that shows the figure a little from the side.
    pub fn new(side: PanelSide) -> Self {
        Self { turn: -0.35, side }
    }

    /// Turns the figure to its left by an angle, radians.
    pub fn turn(&mut self, by: f32) {
        self.turn = if by.is_finite() { (self.turn + by).rem_euclid(TAU) } else { self.turn };
    }

    /// Where the panel lies now; it changes with the language.
    pub fn set_side(&mut self, side: PanelSide) {
        self.side = side;
    }

    /// Shows the figure in this frame, while its voice is so loud.
    pub fn show(&self, cast: &mut Cast, appearance: Appearance, loudness: f32, dt: f32) {
        let bearing = Bearing { appearance, loudness, ..Bearing::default() };
        cast.show(MIRRORED, &BodyPose::standing(PLACE, PI + self.turn), bearing, dt);
    }

    /// The eye before the mirror.
    pub fn camera(&self) -> Camera {
        let beside = match self.side {
            PanelSide::Left => -BESIDE,
            PanelSide::Right => BESIDE,
        };
        let position = PLACE + Vec3::new(beside, HEIGHT, DISTANCE);
        Camera { eye: RigidPose { position, orientation: Quat::IDENTITY }, vertical_fov: FIELD_OF_VIEW }
    }

    /// The backdrop.
    pub fn sky(&self) -> Sky {
        Sky::Gradient {
            zenith: Vec3::new(0.16, 0.20, 0.26),
            horizon: Vec3::new(0.42, 0.46, 0.50),
            ground: Vec3::new(0.34, 0.35, 0.37),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figure_faces_the_eye_and_stands_beside_the_panel() {
        for (side, sign) in [(PanelSide::Left, 1.0), (PanelSide::Right, -1.0)] {
            let mut mirror = Mirror::new(side);
            mirror.turn(0.35);
            let seen = mirror.camera().view_from_world().transform_point3(PLACE + Vec3::Y);
            assert!(seen.x * sign > 0.3 && seen.z < -2.0, "{seen}");
            let face = Quat::from_rotation_y(PI + mirror.turn) * Vec3::NEG_Z;
            assert!(face.z > 0.99, "{face}");
        }
    }

    #[test]
    fn nonsense_does_not_turn_it() {
        let mut mirror = Mirror::new(PanelSide::Left);
        mirror.turn(f32::NAN);
        assert!(mirror.turn.is_finite());
    }
}
