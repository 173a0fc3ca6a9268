//! What the panels know of keys and of controllers' buttons, and of a change of either: plain data, like [`super::model`].

use crate::input::hand_buttons::HandDeed;
use crate::input::keys::Action;

/// What a deed's keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHint {
    /// The deed.
    pub deed: Action,
    /// What stands on its keys, e.g. `W`, `Shift`, `F1`, the most important first; the panels translate it.
    pub keys: Vec<String>,
    /// Whether they were chosen by the user.
    pub is_changed: bool,
}

/// How far the change of a key has got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChange {
    /// The deed whose key changes.
    pub deed: Action,
    /// What is asked now.
    pub step: KeyStep,
}

/// The change of a controller's button that is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ButtonChange {
    /// The deed whose button changes.
    pub deed: HandDeed,
    /// Whether the button that was pressed can not be taken from the menu.
    pub is_refused: bool,
}

/// What is asked of whoever changes a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyStep {
    /// The next key that is pressed is meant.
    Press,
    /// The key does something else: shall it be taken away there?
    Taken {
        /// What stands on the key.
        key: String,
        /// What it does now.
        by: Action,
    },
    /// The key can not be had; another one is waited for.
    Refused,
}
