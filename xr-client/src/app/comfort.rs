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
        let stands = self.in_world.is_some() && !body.is_seated() && !self.scene.is_mirror_open();
        match (self.core.walkable().filter(|_| stands), body.floor()) {
            (Some(walkable), Some(floor)) => {
                walls::darkness(walkable, floor, body.pose().head_in_building().position)
            }
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
    use crate::comfort::Height;
    use crate::input::headset::{Attention, HeadsetState};
    use crate::panels::PanelAction;
    use crate::testing::tiny_package;
    use glam::Vec3;
    use venue_model::RigidPose;

    /// Frames with the head there, in the room of who wears the headset.
    fn look_from(stand: &mut Stand, position: Vec3) {
        let Driver::Headset(headset) = &mut stand.app.driver else { panic!("a headset drives") };
        let head = Some(RigidPose { position, ..RigidPose::default() });
        headset.set(HeadsetState { attention: Attention::Full, head, ..HeadsetState::default() });
        (0..3).for_each(|_| stand.step().unwrap());
    }

    fn worn(folder: &std::path::Path) -> Stand {
        let mut stand = Stand::build(tiny_package(), "room", 0, folder).unwrap();
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
}
