//! What the hands of a headset can do, and by which part of which controller: a table of the paths that the OpenXR
//! specification gives them (section 6.4, interaction profile paths).
//!
//! It must not know the runtime; the presenter makes actions of it.

/// What is tracked or pressed, for each hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HandAction {
    /// The pose of the palm.
    Grip,
    /// The pose that points.
    Aim,
    /// Chooses what is pointed at.
    Select,
    /// Walks and turns.
    Stick,
    /// Opens the menu.
    Menu,
}

/// Which hands a part belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Both controllers have it.
    Both,
    /// The left one alone.
    Left,
    /// The right one alone.
    Right,
}

/// One kind of controller.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// The profile's path.
    pub path: &'static str,
    /// Action, part below the hand's path, and whose.
    pub bindings: &'static [(HandAction, &'static str, Side)],
}

use HandAction::{Aim, Grip, Menu, Select, Stick};
use Side::{Both, Left};

/// The controllers that are known. A runtime maps others onto one of them.
pub const PROFILES: [Profile; 3] = [
    Profile {
        path: "/interaction_profiles/khr/simple_controller",
        bindings: &[
            (Grip, "input/grip/pose", Both),
            (Aim, "input/aim/pose", Both),
            (Select, "input/select/click", Both),
            (Menu, "input/menu/click", Both),
        ],
    },
    Profile {
        path: "/interaction_profiles/oculus/touch_controller",
        bindings: &[
            (Grip, "input/grip/pose", Both),
            (Aim, "input/aim/pose", Both),
            (Select, "input/trigger/value", Both),
            (Stick, "input/thumbstick", Both),
            // The button of the same form on the right one belongs to the system.
            (Menu, "input/menu/click", Left),
        ],
    },
    Profile {
        path: "/interaction_profiles/valve/index_controller",
        bindings: &[
            (Grip, "input/grip/pose", Both),
            (Aim, "input/aim/pose", Both),
            (Select, "input/trigger/click", Both),
            (Stick, "input/thumbstick", Both),
            // It has no button for menus beside the system's.
            (Menu, "input/b/click", Both),
        ],
    },
];

/// The hands' paths, left and right.
pub const HANDS: [&str; 2] = ["/user/hand/left", "/user/hand/right"];

impl Profile {
    /// The whole paths of an action's bindings.
    pub fn paths(&self) -> impl Iterator<Item = (HandAction, String)> + '_ {
        self.bindings.iter().flat_map(|(action, part, side)| {
            let hands = match side {
                Both => &HANDS[..],
                Left => &HANDS[..1],
                Side::Right => &HANDS[1..],
            };
            hands.iter().map(move |hand| (*action, format!("{hand}/{part}")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_controller_is_seen_points_selects_and_opens_the_menu() {
        for profile in &PROFILES {
            for action in [Grip, Aim, Select] {
                let hands = profile.paths().filter(|(bound, _)| *bound == action).count();
                assert_eq!(hands, 2, "{action:?} of {}", profile.path);
            }
            assert!(profile.paths().any(|(bound, _)| bound == Menu), "{}", profile.path);
        }
    }

    #[test]
    fn no_part_does_two_things() {
        for profile in &PROFILES {
            let paths: BTreeSet<String> = profile.paths().map(|(_, path)| path).collect();
            assert_eq!(paths.len(), profile.paths().count(), "{}", profile.path);
            assert!(paths.iter().all(|path| path.contains("/input/")));
        }
    }
}
