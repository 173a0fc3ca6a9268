//! What keeps whoever wears a headset well: darkness in walls, and around the view while it is moved.
//!
//! It must not draw; the renderer is told.

use super::App;
use crate::comfort::vignette::VignetteState;
use crate::comfort::walls;
use crate::core::Connector;
use crate::present::Presenter;
use crate::settings::Turn;
use wgpu_renderer::Vignette;

impl<C: Connector, P: Presenter> App<C, P> {
    /// How dark it is because the head of who wears a headset is inside of a wall, 0 to 1.
    pub(super) fn wall_darkness(&self) -> f32 {
        let body = self.core.body();
        if self.in_world.is_none() || self.scene.is_mirror_open() {
            return 0.0;
        }
        let eyes = body.pose().head_in_building().position;
        let depth = |from, to| self.scene.depth_in_walls(from, to);
        match (self.core.walkable(), body.floor()) {
            _ if body.is_seated() => walls::darkness_on_seat(body.pose().root, eyes, depth),
            (Some(walkable), Some(floor)) => walls::darkness(walkable, floor, eyes, depth),
            _ => 0.0,
        }
    }

    /// Narrows the view while sticks move it: the head's own movement, jumps and snaps do not.
    pub(super) fn narrow_view(&mut self, dt: f32) {
        if self.in_world.is_none() {
            (self.narrowing, self.vignette) = (VignetteState::default(), None);
            return;
        }
        let speed = self.core.body().speed();
        let is_smooth = self.settings.turn == Turn::Smooth && dt > 0.0;
        let turn_rate = if is_smooth { self.intent.turn / dt } else { 0.0 };
        let strength = self.narrowing.step(&self.settings.comfort, speed, turn_rate, dt);
        let clear_radians = VignetteState::clear_angle(strength);
        self.vignette = (strength > 0.0).then_some(Vignette { clear_radians });
    }
}

#[cfg(test)]
mod tests {
    use crate::app::Driver;
    use crate::bench::Stand;
    use crate::comfort::{Height, walls};
    use crate::input::headset::{Attention, HeadsetState};
    use crate::panels::PanelAction;
    use crate::testing::{furnished_package, tiny_package};
    use glam::{Quat, Vec3};
    use std::path::Path;
    use venue_model::{Place, Posture, RigidPose, SeatId};
    use venue_package::{DirectorySource, Package};
    use venue_protocol::{BodyPlaced, Placement, PlacementCause};

    /// Frames with the head there, in the room of who wears the headset.
    fn look_from(stand: &mut Stand, position: Vec3) {
        let Driver::Headset(headset) = &mut stand.app.driver else { panic!("a headset drives") };
        let head = Some(RigidPose { position, ..RigidPose::default() });
        headset.set(HeadsetState { attention: Attention::Full, head, ..HeadsetState::default() });
        (0..3).for_each(|_| stand.step().unwrap());
    }

    fn worn(folder: &Path) -> Stand {
        worn_in(tiny_package(), "room", folder)
    }

    fn worn_in(package: Package, space: &str, folder: &Path) -> Stand {
        let mut stand = Stand::build(package, space, 0, folder).unwrap();
        stand.app.scene.be_solid();
        stand.load().unwrap();
        stand.app.driver = Driver::Headset(Box::default());
        look_from(&mut stand, Vec3::Y * 1.65);
        stand
    }

    fn eyes(stand: &Stand) -> f32 {
        stand.app.core.body().pose().head_in_building().position.y
    }

    #[test]
    fn who_sits_at_home_is_as_high_as_others_and_keeps_that_on_a_later_day() {
        let folder = tempfile::tempdir().unwrap();
        let mut stand = worn(folder.path());
        look_from(&mut stand, Vec3::Y * 1.15);
        let mut chosen = stand.app.keeper.model().settings;
        chosen.comfort.height = Height::Seated;
        stand.app.act(PanelAction::ChangeSettings(chosen));
        look_from(&mut stand, Vec3::Y * 1.15);
        assert!((eyes(&stand) - 1.65).abs() < 0.01, "{}", eyes(&stand));
        look_from(&mut stand, Vec3::Y * 0.95);
        assert!((eyes(&stand) - 1.45).abs() < 0.01, "leaning down leans down: {}", eyes(&stand));
        stand.app.act(PanelAction::MeasureHeight);
        look_from(&mut stand, Vec3::Y * 0.95);
        assert!((eyes(&stand) - 1.65).abs() < 0.01, "measured anew: {}", eyes(&stand));
        let kept = toml::to_string(&stand.app.settings).unwrap();
        let again: crate::settings::Settings = toml::from_str(&kept).unwrap();
        assert_eq!(again.comfort.height_offset, stand.app.settings.comfort.height_offset);
        chosen = stand.app.keeper.model().settings;
        chosen.comfort.height = Height::Standing;
        stand.app.act(PanelAction::ChangeSettings(chosen));
        look_from(&mut stand, Vec3::Y * 1.7);
        assert!((eyes(&stand) - 1.7).abs() < 0.01, "{}", eyes(&stand));
    }

    #[test]
    fn a_head_that_leans_into_a_wall_sees_darkness_and_nobody_is_moved() {
        let folder = tempfile::tempdir().unwrap();
        let mut stand = worn(folder.path());
        assert_eq!(stand.app.wall_darkness(), 0.0);
        // The room ends 8 m from its middle.
        (0..60).for_each(|step| look_from(&mut stand, Vec3::new(0.0, 1.65, step as f32 * 0.2)));
        let body = *stand.app.core.body().pose();
        assert!(body.root.z < 8.01, "{body:?}");
        assert_eq!(stand.app.wall_darkness(), 1.0);
        look_from(&mut stand, Vec3::new(0.0, 1.65, 7.0));
        assert_eq!(stand.app.wall_darkness(), 0.0);
    }

    #[test]
    fn over_a_table_it_is_bright_and_in_the_wall_behind_it_dark() {
        let folder = tempfile::tempdir().unwrap();
        let mut stand = worn_in(furnished_package(), "room", folder.path());
        let mut lean = |height: f32, z: f32| {
            // The root follows as far as the floor goes.
            let steps = (z.abs() / 0.2) as i32;
            (0..steps).for_each(|step| {
                look_from(&mut stand, Vec3::new(0.0, height, z.signum() * step as f32 * 0.2))
            });
            look_from(&mut stand, Vec3::new(0.0, height, z));
            let darkness = stand.app.wall_darkness();
            (0..steps).rev().for_each(|step| {
                look_from(&mut stand, Vec3::new(0.0, height, z.signum() * step as f32 * 0.2))
            });
            darkness
        };
        assert_eq!(lean(1.3, 8.5), 0.0, "over the table");
        assert_eq!(lean(1.3, 8.8), 1.0, "in the wall behind it");
        assert_eq!(lean(0.5, 8.5), 1.0, "in the table");
        assert_eq!(lean(1.65, -8.1), 0.0, "before a wall");
        assert_eq!(lean(1.65, -8.4), 1.0, "in a wall");
    }

    #[test]
    fn who_sits_leans_over_a_table_and_sees_darkness_in_the_wall_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut stand = worn_in(furnished_package(), "room", folder.path());
        let mut sit = |placement: u16, z: f32, yaw: f32| {
            let place = Place { position: Vec3::new(0.0, 0.0, z), yaw };
            let (posture, cause) = (Posture::Seated(SeatId(1)), PlacementCause::SatDown);
            let placed = BodyPlaced { placement: Placement(placement), place, posture, cause };
            stand.server.borrow_mut().session().send(&placed.into());
            look_from(&mut stand, Vec3::Y * 1.65);
            assert!(stand.app.core.body().is_seated());
            [0.0, 0.3, 0.7, 1.0].map(|ahead| {
                look_from(&mut stand, Vec3::new(0.0, 1.65, -ahead));
                stand.app.wall_darkness()
            })
        };
        // A wall 0.44 m ahead, and a table 0.44 m ahead with the wall 0.85 m ahead.
        assert_eq!(sit(2, -7.8, 0.0), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(sit(3, 7.8, std::f32::consts::PI), [0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn in_the_sample_venue_one_leans_over_a_table_and_not_into_a_wall() {
        let place = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/venues/geneva/package"));
        let package = Package::open(DirectorySource::new(place)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let stand = worn_in(package, "lounge", folder.path());
        let walkable = stand.app.core.walkable().unwrap();
        let darkness = |from: Vec3, eyes: Vec3| {
            let floor = walkable.locate(from, 1.5).unwrap();
            let known =
                walls::darkness(walkable, floor, eyes, |from, to| stand.app.scene.depth_in_walls(from, to));
            [known, walls::darkness(walkable, floor, eyes, |_, _| None)]
        };
        // Over the middle of a high table, from all around it.
        let table = Vec3::new(6.6, 0.0, -1.7);
        for degrees in (0..360).step_by(45) {
            let aside = Quat::from_rotation_y((degrees as f32).to_radians()) * Vec3::X;
            let [known, by_floor] = darkness(table + aside, table + Vec3::Y * 1.5);
            assert_eq!((known, by_floor), (0.0, 1.0), "{degrees}°");
        }
        // The wall to hall A, 12 m east of the middle.
        let beside = Vec3::new(11.5, 0.0, -2.5);
        assert_eq!(darkness(beside, Vec3::new(12.15, 1.6, -2.5)), [1.0; 2]);
        assert_eq!(darkness(beside, Vec3::new(11.6, 1.6, -2.5)), [0.0; 2]);
    }
}
