//! What the hands of a headset can do, and by which part of which controller: a table of the paths that the OpenXR
//! specification gives them (section 6.4, interaction profile paths, and the extensions that add some).
//!
//! It must not know the runtime; the presenter makes actions of it.

use super::bare_hands::FISTS;
use super::hand_buttons::HandButton;

/// What is tracked or pressed, for each hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HandAction {
    /// The pose of the palm.
    Grip,
    /// The pose that points.
    Aim,
    /// Chooses what is pointed at, and aims a jump.
    Select,
    /// Walks, turns and aims.
    Stick,
    /// What has to be pressed for the stick to count: a thumb that lies on a pad wants nothing.
    StickGate,
    /// A button.
    Button(HandButton),
    /// How near thumb and index finger of a bare hand are: chooses and aims as [`HandAction::Select`] does.
    Pinch,
    /// Whether the pinch is to be believed.
    PinchReady,
    /// How far a bare hand is closed; the fist is a button.
    Grasp(HandButton),
    /// Whether the fist is to be believed.
    GraspReady,
    /// How far the trigger is pulled: the index finger bends with it.
    Pull,
    /// How far the palm squeezes: the other fingers bend with it.
    Squeeze,
    /// Whether the thumb lies on the controller.
    ThumbRest,
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

/// The extension of OpenXR that a profile comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// None: it is in OpenXR itself.
    Nothing,
    /// `XR_EXT_hand_interaction`.
    HandInteraction,
    /// `XR_EXT_hp_mixed_reality_controller`.
    Hp,
    /// `XR_FB_touch_controller_pro`.
    TouchPro,
    /// `XR_META_touch_controller_plus`.
    TouchPlus,
    /// `XR_BD_controller_interaction`.
    Pico,
}

/// One kind of controller.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// The profile's path.
    pub path: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What the runtime must offer for it.
    pub needs: Needs,
    /// Action, part below the hand's path, and whose.
    pub bindings: &'static [(HandAction, &'static str, Side)],
}

use HandAction::{
    Aim, Button, Grasp, GraspReady, Grip, Pinch, PinchReady, Pull, Select, Squeeze, Stick, StickGate,
    ThumbRest,
};
use HandButton::{Lower, Menu, StickPress, Upper};
use Side::{Both, Left, Right};

/// The controllers of Meta's headsets are bound alike.
const TOUCH: &[(HandAction, &str, Side)] = &[
    (Grip, "input/grip/pose", Both),
    (Aim, "input/aim/pose", Both),
    (Select, "input/trigger/value", Both),
    (Stick, "input/thumbstick", Both),
    (Button(Lower), "input/x/click", Left),
    (Button(Lower), "input/a/click", Right),
    (Button(Upper), "input/y/click", Left),
    (Button(Upper), "input/b/click", Right),
    (Button(StickPress), "input/thumbstick/click", Both),
    // The button of the same form on the right one belongs to the system.
    (Button(Menu), "input/menu/click", Left),
    (Button(HandButton::Squeeze), "input/squeeze/value", Both),
    (Pull, "input/trigger/value", Both),
    (Squeeze, "input/squeeze/value", Both),
    (ThumbRest, "input/thumbstick/touch", Both),
];

/// The controllers that are known. A runtime maps others onto one of them.
pub const PROFILES: [Profile; 11] = [
    Profile {
        path: "/interaction_profiles/khr/simple_controller",
        name: "Khronos simple",
        needs: Needs::Nothing,
        bindings: &[
            (Grip, "input/grip/pose", Both),
            (Aim, "input/aim/pose", Both),
            (Select, "input/select/click", Both),
            // It has one button for each hand beside the one that selects.
            (Button(Menu), "input/menu/click", Left),
            (Button(Lower), "input/menu/click", Right),
        ],
    },
    Profile {
        path: "/interaction_profiles/oculus/touch_controller",
        name: "Oculus Touch",
        needs: Needs::Nothing,
        bindings: TOUCH,
    },
    Profile {
        path: "/interaction_profiles/facebook/touch_controller_pro",
        name: "Meta Touch Pro",
        needs: Needs::TouchPro,
        bindings: TOUCH,
    },
    Profile {
        path: "/interaction_profiles/meta/touch_controller_plus",
        name: "Meta Touch Plus",
        needs: Needs::TouchPlus,
        bindings: TOUCH,
    },
    Profile {
        path: "/interaction_profiles/valve/index_controller",
        name: "Valve Index",
        needs: Needs::Nothing,
        bindings: &[
            (Grip, "input/grip/pose", Both),
            (Aim, "input/aim/pose", Both),
            (Select, "input/trigger/click", Both),
            (Stick, "input/thumbstick", Both),
            (Button(Lower), "input/a/click", Both),
            (Button(Upper), "input/b/click", Both),
            (Button(StickPress), "input/thumbstick/click", Both),
            // Fingers that lie on it already squeeze it; only force is meant.
            (Button(HandButton::Squeeze), "input/squeeze/force", Both),
            (Pull, "input/trigger/value", Both),
            (Squeeze, "input/squeeze/value", Both),
            (ThumbRest, "input/thumbstick/touch", Both),
        ],
    },
    Profile {
        path: "/interaction_profiles/htc/vive_controller",
        name: "HTC Vive",
        needs: Needs::Nothing,
        bindings: &[
            (Grip, "input/grip/pose", Both),
            (Aim, "input/aim/pose", Both),
            (Select, "input/trigger/click", Both),
            (Stick, "input/trackpad", Both),
            (StickGate, "input/trackpad/click", Both),
            (Button(Menu), "input/menu/click", Both),
            // It has no other button.
            (Button(Lower), "input/squeeze/click", Both),
            (Pull, "input/trigger/value", Both),
            (ThumbRest, "input/trackpad/touch", Both),
        ],
    },
    Profile {
        path: "/interaction_profiles/microsoft/motion_controller",
        name: "Windows Mixed Reality",
        needs: Needs::Nothing,
        bindings: &[
            (Grip, "input/grip/pose", Both),
            (Aim, "input/aim/pose", Both),
            (Select, "input/trigger/value", Both),
            (Stick, "input/thumbstick", Both),
            (Button(Lower), "input/trackpad/click", Both),
            (Button(StickPress), "input/thumbstick/click", Both),
            (Button(Menu), "input/menu/click", Both),
            (Button(HandButton::Squeeze), "input/squeeze/click", Both),
            (Pull, "input/trigger/value", Both),
            (ThumbRest, "input/trackpad/touch", Both),
        ],
    },
    Profile {
        path: "/interaction_profiles/hp/mixed_reality_controller",
        name: "HP Mixed Reality",
        needs: Needs::Hp,
        bindings: &[
            (Grip, "input/grip/pose", Both),
            (Aim, "input/aim/pose", Both),
            (Select, "input/trigger/value", Both),
            (Stick, "input/thumbstick", Both),
            (Button(Lower), "input/x/click", Left),
            (Button(Lower), "input/a/click", Right),
            (Button(Upper), "input/y/click", Left),
            (Button(Upper), "input/b/click", Right),
            (Button(StickPress), "input/thumbstick/click", Both),
            (Button(Menu), "input/menu/click", Both),
            (Button(HandButton::Squeeze), "input/squeeze/value", Both),
            (Pull, "input/trigger/value", Both),
            (Squeeze, "input/squeeze/value", Both),
        ],
    },
    Profile {
        path: "/interaction_profiles/bytedance/pico_neo3_controller",
        name: "Pico Neo 3",
        needs: Needs::Pico,
        bindings: &[
            (Grip, "input/grip/pose", Both),
            (Aim, "input/aim/pose", Both),
            (Select, "input/trigger/value", Both),
            (Stick, "input/thumbstick", Both),
            (Button(Lower), "input/x/click", Left),
            (Button(Lower), "input/a/click", Right),
            (Button(Upper), "input/y/click", Left),
            (Button(Upper), "input/b/click", Right),
            (Button(StickPress), "input/thumbstick/click", Both),
            (Button(Menu), "input/menu/click", Both),
            (Button(HandButton::Squeeze), "input/squeeze/click", Both),
            (Pull, "input/trigger/value", Both),
            (Squeeze, "input/squeeze/value", Both),
            (ThumbRest, "input/thumbstick/touch", Both),
        ],
    },
    Profile {
        path: "/interaction_profiles/bytedance/pico4_controller",
        name: "Pico 4",
        needs: Needs::Pico,
        bindings: TOUCH,
    },
    Profile {
        path: "/interaction_profiles/ext/hand_interaction_ext",
        name: "Hands",
        needs: Needs::HandInteraction,
        bindings: &[
            (Grip, "input/grip/pose", Both),
            (Aim, "input/aim/pose", Both),
            (Pinch, "input/pinch_ext/value", Both),
            (PinchReady, "input/pinch_ext/ready_ext", Both),
            // A fist: the left one is the microphone, the right one the menu.
            (Grasp(FISTS[0]), "input/grasp_ext/value", Left),
            (Grasp(FISTS[1]), "input/grasp_ext/value", Right),
            (GraspReady, "input/grasp_ext/ready_ext", Both),
        ],
    },
];

/// The hands' paths, left and right.
pub const HANDS: [&str; 2] = ["/user/hand/left", "/user/hand/right"];

impl HandAction {
    /// Whether it only shows how the hand is held, and does nothing.
    pub fn is_felt(self) -> bool {
        matches!(self, Pull | Squeeze | ThumbRest)
    }
}

impl Profile {
    /// The whole paths of an action's bindings.
    pub fn paths(&self) -> impl Iterator<Item = (HandAction, String)> + '_ {
        self.bindings.iter().flat_map(|(action, part, side)| {
            let hands = match side {
                Both => &HANDS[..],
                Left => &HANDS[..1],
                Right => &HANDS[1..],
            };
            hands.iter().map(move |hand| (*action, format!("{hand}/{part}")))
        })
    }
}

#[cfg(test)]
#[path = "xr_actions_tests.rs"]
mod tests;
