//! A panel as a piece of a plane: from its points to the room and back.
//!
//! Sizes are chosen by angle. A point is 0.082° wide wherever the panel hangs, so that letters for reading (16 points) take
//! 1.3°, rows and keys 3° and more. At 20 pixels a degree, as headsets have, a point is 1.6 of the screen's pixels; the
//! panels are laid out with [`OVERSAMPLING`] more, because the headset's compositor resamples. It must not know what panels
//! show.

use egui::{Pos2, pos2};
use glam::{Mat4, Quat, Vec2, Vec3};
use venue_model::RigidPose;
use wgpu_renderer::PanelPlacement;

/// What a point takes of the view, degrees.
pub const DEGREES_PER_POINT: f32 = 0.082;

/// Pixels of the panel for a pixel of the headset's screen.
pub const OVERSAMPLING: f32 = 1.3;

/// Pixels of a degree where a headset tells none.
pub const USUAL_PIXELS_PER_DEGREE: f32 = 20.0;

/// Pixels of a point that a panel has at least and at most.
const PIXELS_PER_POINT: std::ops::RangeInclusive<f32> = 1.5..=4.0;

/// A panel in the room; frames are the root's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surface {
    /// Its centre; x to the right, y up, seen from +z.
    pub root_from_panel: RigidPose,
    /// Width and height, points.
    pub size: Vec2,
    /// Size of a point.
    pub metres_per_point: f32,
}

/// Where a line meets a panel's plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Meeting {
    /// On the panel, points from its top left corner; outside of it when the line misses it.
    pub at: Pos2,
    /// From the line's start, metres.
    pub metres: f32,
}

/// The size of a point that takes [`DEGREES_PER_POINT`] at this distance, metres.
pub fn metres_per_point(distance: f32) -> f32 {
    distance * DEGREES_PER_POINT.to_radians()
}

/// Pixels of a point for a headset with so many pixels a degree.
pub fn pixels_per_point(pixels_per_degree: f32) -> f32 {
    let pixels = if pixels_per_degree.is_finite() { pixels_per_degree } else { USUAL_PIXELS_PER_DEGREE };
    (pixels * DEGREES_PER_POINT * OVERSAMPLING).clamp(*PIXELS_PER_POINT.start(), *PIXELS_PER_POINT.end())
}

impl Surface {
    /// Towards whoever reads it.
    pub fn normal(&self) -> Vec3 {
        self.root_from_panel.orientation * Vec3::Z
    }

    /// Width and height, metres.
    pub fn metres(&self) -> Vec2 {
        self.size * self.metres_per_point
    }

    /// How far a place is before the panel's plane, metres; negative behind it.
    pub fn before(&self, place: Vec3) -> f32 {
        (place - self.root_from_panel.position).dot(self.normal())
    }

    /// The point of the plane below a place.
    pub fn below(&self, place: Vec3) -> Pos2 {
        let inverse: Quat = self.root_from_panel.orientation.inverse();
        let local = inverse * (place - self.root_from_panel.position) / self.metres_per_point;
        pos2(local.x + 0.5 * self.size.x, 0.5 * self.size.y - local.y)
    }

    /// The place of a point in the room.
    pub fn place_of(&self, point: Pos2) -> Vec3 {
        let local = Vec3::new(point.x - 0.5 * self.size.x, 0.5 * self.size.y - point.y, 0.0);
        self.root_from_panel.position + self.root_from_panel.orientation * local * self.metres_per_point
    }

    /// Where a ray meets the plane from before; none when it runs beside or away, or comes from behind.
    pub fn meeting(&self, from: Vec3, direction: Vec3) -> Option<Meeting> {
        let towards = -direction.dot(self.normal());
        let before = self.before(from);
        if !(towards > 1e-4 && before >= 0.0) {
            return None;
        }
        let metres = before / towards;
        let at = self.below(from + direction * metres);
        (at.x.is_finite() && at.y.is_finite()).then_some(Meeting { at, metres })
    }

    /// The point of the panel that is nearest to a point of its plane.
    pub fn clamped(&self, point: Pos2) -> Pos2 {
        pos2(point.x.clamp(0.0, self.size.x), point.y.clamp(0.0, self.size.y))
    }

    /// The same as the renderer takes it, laid out with so many pixels a point.
    pub fn placement(&self, building_from_root: &RigidPose, pixels_per_point: f32) -> PanelPlacement {
        let root =
            Mat4::from_rotation_translation(building_from_root.orientation, building_from_root.position);
        let RigidPose { position, orientation } = self.root_from_panel;
        PanelPlacement::World {
            world_from_panel: root * Mat4::from_rotation_translation(orientation, position),
            meters_per_unit: self.metres_per_point / pixels_per_point,
        }
    }

    /// Its size in pixels.
    pub fn pixels(&self, pixels_per_point: f32) -> [u32; 2] {
        (self.size * pixels_per_point).to_array().map(|side| side.round().max(1.0) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn surface(yaw: f32, pitch: f32) -> Surface {
        let orientation = Quat::from_rotation_y(yaw) * Quat::from_rotation_x(pitch);
        let root_from_panel = RigidPose { position: Vec3::new(0.3, 1.4, -1.0), orientation };
        Surface { root_from_panel, size: Vec2::new(480.0, 640.0), metres_per_point: metres_per_point(1.05) }
    }

    #[test]
    fn the_panel_s_corner_is_up_and_left_for_who_stands_before_it() {
        let surface = surface(0.0, 0.0);
        let corner = surface.place_of(Pos2::ZERO);
        assert!(corner.x < 0.3 && corner.y > 1.4, "{corner}");
        let met = surface.meeting(Vec3::new(0.3, 1.4, 0.0), Vec3::NEG_Z).unwrap();
        assert_eq!(met, Meeting { at: pos2(240.0, 320.0), metres: 1.0 });
        assert_eq!(surface.meeting(Vec3::new(0.3, 1.4, -2.0), Vec3::Z), None, "not from behind");
        assert_eq!(surface.meeting(Vec3::ZERO, Vec3::X), None, "nor along it");
    }

    #[test]
    fn letters_are_large_and_crisp_enough_to_read() {
        // 16 points for reading, at 20 pixels a degree: 1.3° and 26 pixels of the headset.
        const { assert!(16.0 * DEGREES_PER_POINT > 1.25) };
        assert!(
            pixels_per_point(20.0) / DEGREES_PER_POINT >= 20.0 * OVERSAMPLING - 0.01,
            "more than the screen has"
        );
        assert_eq!((pixels_per_point(5.0), pixels_per_point(200.0)), (1.5, 4.0));
        assert!(pixels_per_point(f32::NAN) > 2.0);
    }

    #[test]
    fn the_renderer_puts_a_point_where_it_is_pointed_at() {
        let (surface, scale) = (surface(0.4, -0.2), 2.0);
        let building_from_root =
            RigidPose { position: Vec3::new(5.0, 0.0, 2.0), orientation: Quat::from_rotation_y(1.0) };
        let PanelPlacement::World { world_from_panel, meters_per_unit } =
            surface.placement(&building_from_root, scale)
        else {
            panic!("in the world")
        };
        let [width, height] = surface.pixels(scale).map(|side| side as f32);
        // As the panels' pass does it: pixels from the top left corner, y down.
        let pixel = Vec2::new(100.0, 60.0) * scale;
        let local = Vec3::new(pixel.x - width * 0.5, height * 0.5 - pixel.y, 0.0) * meters_per_unit;
        let drawn = world_from_panel.transform_point3(local);
        let place = surface.place_of(pos2(100.0, 60.0));
        let expected = building_from_root.position + building_from_root.orientation * place;
        assert!(drawn.distance(expected) < 1e-4, "{drawn} {expected}");
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_point(
            x in -100.0f32..600.0, y in -100.0f32..800.0, yaw in -3.0f32..3.0, pitch in -1.2f32..1.2, off in 0.0f32..1.0
        ) {
            let surface = surface(yaw, pitch);
            let place = surface.place_of(pos2(x, y));
            prop_assert!(surface.below(place + surface.normal() * off).distance(pos2(x, y)) < 0.1);
            let eye = place + surface.normal() * 0.7 + surface.root_from_panel.orientation * Vec3::new(0.2, 0.1, 0.0);
            let met = surface.meeting(eye, (place - eye).normalize()).unwrap();
            prop_assert!(met.at.distance(pos2(x, y)) < 0.2, "{:?}", met);
            prop_assert!((surface.before(place + surface.normal() * off) - off).abs() < 1e-4);
        }
    }
}
