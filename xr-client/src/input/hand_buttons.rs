//! The buttons of controllers, whatever their makers call them, and what each does. People change it in the settings.
//!
//! It must not know which part of which controller a button is; that is the table of `xr_actions.rs`.

use serde::{Deserialize, Serialize};

/// A button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandButton {
    /// The lower one of two, under the thumb: A and X.
    Lower,
    /// The upper one: B and Y.
    Upper,
    /// The stick pressed down.
    StickPress,
    /// The one for menus.
    Menu,
    /// The one that the palm squeezes.
    Squeeze,
}

impl HandButton {
    /// All, in the order of [`super::headset::HandState::buttons`].
    pub const ALL: [Self; 5] = [Self::Lower, Self::Upper, Self::StickPress, Self::Menu, Self::Squeeze];

    /// The key of its name in the locales.
    pub fn key(self) -> &'static str {
        match self {
            Self::Lower => "button-lower",
            Self::Upper => "button-upper",
            Self::StickPress => "button-stick",
            Self::Menu => "button-menu",
            Self::Squeeze => "button-squeeze",
        }
    }
}

/// What a button can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandDeed {
    /// Nothing.
    #[default]
    Nothing,
    /// Opens the menu, or closes what is open.
    Menu,
    /// Closes the microphone, or opens it.
    Mute,
    /// Pressed shortly, what lies ahead is ahead of the body; held, one goes to the safe place.
    Recenter,
    /// Raises the hand, or lowers it.
    Hand,
    /// Sits down on the nearest seat, or stands up.
    Sit,
    /// Opens the texts.
    Text,
}

impl HandDeed {
    /// Those that a button can be given, in the order in which they are listed.
    pub const ALL: [Self; 6] = [Self::Menu, Self::Mute, Self::Recenter, Self::Hand, Self::Sit, Self::Text];

    /// The key of its name in the locales.
    pub fn key(self) -> &'static str {
        match self {
            Self::Nothing => "settings-keys-none",
            Self::Menu => "deed-menu",
            Self::Mute => "deed-mute",
            Self::Recenter => "deed-recenter",
            Self::Hand => "deed-hand",
            Self::Sit => "deed-sit",
            Self::Text => "deed-text",
        }
    }
}

/// What every button does, on both hands alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct HandButtons {
    lower: HandDeed,
    upper: HandDeed,
    stick_press: HandDeed,
    menu: HandDeed,
    squeeze: HandDeed,
}

impl Default for HandButtons {
    fn default() -> Self {
        Self {
            lower: HandDeed::Mute,
            upper: HandDeed::Menu,
            stick_press: HandDeed::Recenter,
            menu: HandDeed::Menu,
            // Hands that hold a controller squeeze it without meaning anything.
            squeeze: HandDeed::Nothing,
        }
    }
}

impl HandButtons {
    /// What a button does.
    pub fn deed_of(&self, button: HandButton) -> HandDeed {
        match button {
            HandButton::Lower => self.lower,
            HandButton::Upper => self.upper,
            HandButton::StickPress => self.stick_press,
            HandButton::Menu => self.menu,
            HandButton::Squeeze => self.squeeze,
        }
    }

    /// The buttons that do this.
    pub fn buttons_of(&self, deed: HandDeed) -> impl Iterator<Item = HandButton> + '_ {
        HandButton::ALL.into_iter().filter(move |button| self.deed_of(*button) == deed)
    }

    /// Lets a button do this; what it did before goes to the button that the deed had first. Whether it may: the menu keeps
    /// a button.
    pub fn bind(&mut self, deed: HandDeed, button: HandButton) -> bool {
        let before = self.deed_of(button);
        let had = self.buttons_of(deed).next();
        let menus = self.buttons_of(HandDeed::Menu).count();
        if before == HandDeed::Menu && deed != before && had.is_none() && menus == 1 {
            return false;
        }
        if let Some(had) = had.filter(|_| before != deed) {
            *self.slot(had) = before;
        }
        *self.slot(button) = deed;
        true
    }

    fn slot(&mut self, button: HandButton) -> &mut HandDeed {
        match button {
            HandButton::Lower => &mut self.lower,
            HandButton::Upper => &mut self.upper,
            HandButton::StickPress => &mut self.stick_press,
            HandButton::Menu => &mut self.menu,
            HandButton::Squeeze => &mut self.squeeze,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_deeds_change_their_buttons() {
        let mut buttons = HandButtons::default();
        assert!(buttons.bind(HandDeed::Recenter, HandButton::Lower));
        assert_eq!(buttons.deed_of(HandButton::Lower), HandDeed::Recenter);
        assert_eq!(buttons.deed_of(HandButton::StickPress), HandDeed::Mute);
        assert!(buttons.bind(HandDeed::Hand, HandButton::Squeeze));
        assert!(buttons.buttons_of(HandDeed::Hand).eq([HandButton::Squeeze]));
    }

    #[test]
    fn the_menu_keeps_its_last_button() {
        let mut buttons = HandButtons::default();
        assert!(buttons.bind(HandDeed::Hand, HandButton::Upper));
        assert!(!buttons.bind(HandDeed::Text, HandButton::Menu));
        assert_eq!(buttons.deed_of(HandButton::Menu), HandDeed::Menu);
    }

    proptest! {
        #[test]
        fn whatever_is_changed_the_menu_can_be_opened(changes in prop::collection::vec((0usize..6, 0usize..5), 0..20)) {
            let mut buttons = HandButtons::default();
            for (deed, button) in changes {
                let (deed, button) = (HandDeed::ALL[deed], HandButton::ALL[button]);
                prop_assert!(!buttons.bind(deed, button) || buttons.deed_of(button) == deed);
                prop_assert!(buttons.buttons_of(HandDeed::Menu).next().is_some());
            }
            let text = toml::to_string(&buttons).unwrap();
            prop_assert_eq!(toml::from_str::<HandButtons>(&text).unwrap(), buttons);
        }
    }
}
