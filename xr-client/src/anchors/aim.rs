//! What is aimed at: the anchor whose handle a look passes nearest by, unless the floor hides it.
//!
//! It must not know the mouse; it follows rays.

use super::{Anchor, all};
use glam::{Quat, Vec3};
use venue_package::Manifest;
use venue_package::manifest::Screen;

/// How near to a handle a look must pass, metres, and for far ones as a share of the distance.
const REACH: f32 = 0.22;
const REACH_SHARE: f32 = 0.02;

/// Nothing farther is meant, metres.
const FARTHEST: f32 = 60.0;

/// How far behind the first floor that the look meets something may still be meant, metres.
const BEHIND_FLOOR: f32 = 0.6;

/// The anchor that a look from `eye` means; `floor` is how far away it meets the floor, metres.
pub fn under_aim(manifest: &Manifest, eye: Vec3, direction: Vec3, floor: Option<f32>) -> Option<Anchor<'_>> {
    let farthest = floor.map_or(FARTHEST, |floor| (floor + BEHIND_FLOOR).min(FARTHEST));
    let met = all(manifest).filter_map(|anchor| {
        let to = anchor.handle() - eye;
        let along = to.dot(direction);
        let beside = (to - direction * along).length();
        let is_met = match anchor {
            Anchor::Screen(screen) => meets_screen(screen, eye, direction),
            _ => beside <= REACH.max(along * REACH_SHARE),
        };
        (is_met && (0.1..=farthest).contains(&along)).then_some((beside / along, anchor))
    });
    met.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, anchor)| anchor)
}

/// Whether a look meets a screen's surface, from either side.
fn meets_screen(screen: &Screen, eye: Vec3, direction: Vec3) -> bool {
    let into_screen: Quat = screen.orientation.inverse();
    let (from, way) = (into_screen * (eye - screen.center), into_screen * direction);
    let along = -from.z / way.z;
    let met = from + way * along;
    along.is_finite()
        && along > 0.0
        && met.x.abs() <= screen.width * 0.5
        && met.y.abs() <= screen.height * 0.5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tiny_package;
    use venue_model::{Language, Localized, SpaceId};

    fn aimed(at: Vec3, floor: Option<f32>) -> Option<String> {
        let package = tiny_package();
        let mut manifest = package.manifest().clone();
        manifest.screens.push(Screen {
            space: SpaceId(1),
            name: Localized::english("Main"),
            center: Vec3::new(0.0, 2.0, -7.0),
            orientation: Quat::IDENTITY,
            width: 4.0,
            height: 2.0,
        });
        let eye = Vec3::new(0.0, 1.65, 5.0);
        let met = under_aim(&manifest, eye, (at - eye).normalize(), floor);
        met.map(|anchor| format!("{} {}", anchor.sentence(), anchor.name(&manifest, Language::En)))
    }

    #[test]
    fn the_look_means_what_it_passes_nearest_by() {
        assert_eq!(aimed(Vec3::new(0.5, 0.45, 2.0), None).as_deref(), Some("anchor-seat A1"));
        assert_eq!(aimed(Vec3::new(5.05, 0.5, 2.0), None).as_deref(), Some("anchor-seat A2"));
        assert_eq!(aimed(Vec3::new(1.6, 2.4, -7.0), None).as_deref(), Some("anchor-screen Main"));
        assert_eq!(aimed(Vec3::new(-4.0, 0.0, -3.0), None), None);
        assert_eq!(aimed(Vec3::new(0.0, 1.65, 20.0), None), None, "what is behind is not meant");
    }

    #[test]
    fn what_lies_below_the_floor_is_not_meant() {
        let seat = Vec3::new(0.5, 0.45, 2.0);
        assert!(aimed(seat, Some(3.0)).is_some());
        assert_eq!(aimed(seat, Some(1.5)), None);
    }
}
