//! A finger tip at a panel: near it, on it, through it. Contact has two thresholds, so that a finger that trembles at the
//! surface presses once; it begins only from before, so that a hand that comes from behind presses nothing. Who pushes on
//! through the panel, or draws back quickly, has pressed.
//!
//! It must not know whose finger it is.

use super::surface::Surface;
use egui::Pos2;
use glam::Vec3;

/// A finger is near from this distance on, and away beyond the second, metres.
const NEAR: f32 = 0.07;
const AWAY: f32 = 0.10;

/// It presses when it reaches the surface, and lets go when it is so far before it, metres.
const CONTACT: f32 = 0.0;
const LET_GO: f32 = 0.012;

/// A finger that is so far behind the surface does not press it any more, metres.
const THROUGH: f32 = -0.09;

/// How far beside the panel a finger still counts, points.
const BESIDE: f32 = 6.0;

/// How a finger is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Touch {
    /// Somewhere else, or behind the panel.
    #[default]
    Away,
    /// Before the panel.
    Near,
    /// On it.
    Down,
}

/// A finger that is at the panel in this frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TouchChange {
    /// The point below it.
    pub at: Pos2,
    /// Whether it reached the surface now.
    pub goes_down: bool,
    /// Whether it is on the surface.
    pub is_down: bool,
}

impl Touch {
    /// Follows the finger; none while it is away.
    pub fn step(&mut self, surface: Option<&Surface>, tip: Option<Vec3>) -> Option<TouchChange> {
        let found = surface.zip(tip).map(|(surface, tip)| (surface, surface.before(tip), surface.below(tip)));
        let Some((surface, before, at)) = found.filter(|(_, before, _)| before.is_finite()) else {
            *self = Self::Away;
            return None;
        };
        let is_over = surface.clamped(at).distance(at) <= BESIDE;
        let was = *self;
        *self = match was {
            Self::Away if is_over && before > CONTACT && before <= NEAR => Self::Near,
            // From before, within one frame: a quick finger.
            Self::Near if is_over && before <= CONTACT && before > THROUGH => Self::Down,
            Self::Near if is_over && before > CONTACT && before <= AWAY => Self::Near,
            // A finger that is down may be drawn beside the panel, as a list is dragged.
            Self::Down if before > THROUGH && before < LET_GO => Self::Down,
            Self::Down if is_over && (LET_GO..=AWAY).contains(&before) => Self::Near,
            _ => Self::Away,
        };
        let (is_down, at) = (*self == Self::Down, surface.clamped(at));
        let is_at_it = *self != Self::Away || was == Self::Down;
        is_at_it.then_some(TouchChange { at, goes_down: is_down && was != Self::Down, is_down })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::in_world::surface::metres_per_point;
    use glam::Vec2;
    use venue_model::RigidPose;

    fn surface() -> Surface {
        let size = Vec2::new(480.0, 640.0);
        Surface { root_from_panel: RigidPose::default(), size, metres_per_point: metres_per_point(1.05) }
    }

    /// How often a finger presses on this way before the panel's middle, metres.
    fn presses(way: &[f32]) -> usize {
        let (surface, mut touch) = (surface(), Touch::default());
        let step = |before: &f32| touch.step(Some(&surface), Some(Vec3::Z * *before));
        way.iter().filter_map(step).filter(|change| change.goes_down).count()
    }

    #[test]
    fn a_finger_that_trembles_at_the_surface_presses_once() {
        assert_eq!(presses(&[0.2, 0.06, 0.02, -0.001, 0.004, -0.002, 0.009, -0.004, 0.008, 0.05]), 1);
        assert_eq!(presses(&[0.06, -0.001, 0.013, -0.001]), 2, "lifted, it presses again");
    }

    #[test]
    fn what_comes_from_behind_or_goes_through_presses_nothing_more() {
        assert_eq!(presses(&[-0.3, -0.05, -0.01, 0.005, 0.03, 0.2]), 0);
        assert_eq!(presses(&[0.05, -0.02, -0.2, -0.05, -0.01]), 1);
        assert_eq!(presses(&[0.3, -0.3]), 0, "too quick to be meant");
    }

    #[test]
    fn a_finger_that_goes_through_or_leaves_quickly_lets_go() {
        for last in [-0.2, 0.3] {
            let (surface, mut touch) = (surface(), Touch::default());
            let mut step = |before: f32| touch.step(Some(&surface), Some(Vec3::Z * before));
            assert!(step(0.05).is_some() && step(-0.01).is_some_and(|change| change.goes_down));
            assert!(step(last).is_some_and(|change| !change.is_down), "{last}");
            assert_eq!(step(last), None);
        }
    }

    #[test]
    fn a_finger_beside_the_panel_is_away() {
        let (surface, mut touch) = (surface(), Touch::default());
        let beside = Vec3::new(surface.metres().x * 0.5 + 0.05, 0.0, 0.03);
        assert_eq!(touch.step(Some(&surface), Some(beside)), None);
        assert_eq!(touch.step(None, Some(Vec3::ZERO)), None);
    }
}
