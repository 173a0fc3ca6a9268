//! What a person has set for their comfort with a headset, and about hands.

use crate::input::hand_buttons::HandButtons;
use serde::{Deserialize, Serialize};

/// Left or right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hand {
    /// The left one.
    Left,
    /// The right one.
    #[default]
    Right,
}

impl Hand {
    /// Both, in the order of bodies' hands.
    pub const BOTH: [Self; 2] = [Self::Left, Self::Right];

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// Its place among a body's hands.
    pub fn index(self) -> usize {
        usize::from(self == Self::Right)
    }
}

/// What the stick of the only hand does when it is pushed ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OneStick {
    /// It aims a jump.
    #[default]
    Jump,
    /// It walks, and back when it is pulled back.
    Walk,
}

/// Whether a person stands or sits in the room where they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Height {
    /// Stands: the eyes are as high as they are.
    #[default]
    Standing,
    /// Sits, or lies: the eyes are raised to those of somebody who stands.
    Seated,
}

/// How far the view narrows while it moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vignette {
    /// Not at all.
    Off,
    /// A little.
    Weak,
    /// Clearly.
    #[default]
    Medium,
    /// To a tunnel.
    Strong,
}

impl Vignette {
    /// All, from the weakest.
    pub const ALL: [Self; 4] = [Self::Off, Self::Weak, Self::Medium, Self::Strong];

    /// How strong it gets, 0 to 1.
    pub fn most(self) -> f32 {
        match self {
            Self::Off => 0.0,
            Self::Weak => 0.4,
            Self::Medium => 0.7,
            Self::Strong => 1.0,
        }
    }
}

/// Everything about comfort and hands that a person can set.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ComfortSettings {
    /// Whether fields that are written in show a keyboard on the screen. A headset always shows it.
    pub on_screen_keyboard: bool,
    /// How far the view narrows in motion.
    pub vignette: Vignette,
    /// Motion below this speed narrows nothing, metres a second: 0 to 4.
    pub vignette_from_speed: f32,
    /// Turning below this rate narrows nothing, degrees a second: 0 to 180.
    pub vignette_from_turn: f32,
    /// Standing or seated.
    pub height: Height,
    /// The hand that points until the other one is used.
    pub hand: Hand,
    /// Whether that hand does everything, and the other one nothing.
    pub one_handed: bool,
    /// What that hand's stick does then, beside turning.
    pub one_stick: OneStick,
    /// Whether the view is dark for a moment when one jumps.
    pub jump_fade: bool,
    /// What is added to every tracked height, metres: -1.5 to 2. None until it was measured.
    pub height_offset: Option<f32>,
    /// What the buttons of controllers do.
    pub buttons: HandButtons,
}

impl Default for ComfortSettings {
    fn default() -> Self {
        Self {
            on_screen_keyboard: false,
            vignette: Vignette::default(),
            vignette_from_speed: 0.3,
            vignette_from_turn: 20.0,
            height: Height::default(),
            hand: Hand::default(),
            one_handed: false,
            one_stick: OneStick::default(),
            jump_fade: true,
            height_offset: None,
            buttons: HandButtons::default(),
        }
    }
}

impl ComfortSettings {
    /// The same within the ranges.
    pub fn clamped(self) -> Self {
        let within = |value: f32, most: f32, usual: f32| {
            if value.is_finite() { value.clamp(0.0, most) } else { usual }
        };
        let usual = Self::default();
        Self {
            vignette_from_speed: within(self.vignette_from_speed, 4.0, usual.vignette_from_speed),
            vignette_from_turn: within(self.vignette_from_turn, 180.0, usual.vignette_from_turn),
            height_offset: self.height_offset.filter(|metres| (-1.5..=2.0).contains(metres)),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_thresholds_are_the_usual_ones() {
        let broken = ComfortSettings {
            vignette_from_speed: f32::NAN,
            vignette_from_turn: 9_000.0,
            ..ComfortSettings::default()
        };
        let clamped = broken.clamped();
        assert_eq!((clamped.vignette_from_speed, clamped.vignette_from_turn), (0.3, 180.0));
    }

    #[test]
    fn hands_have_the_places_that_bodies_give_them() {
        assert_eq!(Hand::BOTH.map(Hand::index), [0, 1]);
        assert_eq!(Hand::Left.other(), Hand::Right);
    }
}
