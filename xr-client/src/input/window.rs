//! What a window's keys and buttons mean to the devices, as plain decisions: which key reaches the body, when
//! the pointer is captured, how its place becomes a point of the picture.
//!
//! It must not know a window; whoever has one asks here.

use super::devices::Devices;
use super::keys::{Action, KeyTable};
use glam::Vec2;
use winit::keyboard::KeyCode;

/// A key that went down or up.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Which, by its place on the keyboard.
    pub code: KeyCode,
    /// Whether it went down.
    pub is_pressed: bool,
    /// Whether the system repeats a key that is held.
    pub is_repeat: bool,
}

/// What the panels claim of the keyboard and the pointer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claims {
    /// A panel is open or a field has the focus.
    pub want_keyboard: bool,
    /// The pointer is over a panel.
    pub want_pointer: bool,
    /// The panels took this event for themselves.
    pub consumed: bool,
}

/// Hands a key to the devices, unless it belongs to a panel. A key for the menu that writes nothing is the menu's
/// wherever one is, so that the way to everything is never in the way of a field.
pub fn key(devices: &mut Devices, keys: &KeyTable, key: Key, claims: Claims) {
    let found = match devices.is_overlay_shown() {
        true => keys.action_over_overlay(key.code),
        false => keys.action_of(key.code),
    };
    let Some(action) = found else { return };
    if key.is_repeat && key.is_pressed {
        return;
    }
    if !key.is_pressed {
        devices.release(action);
    } else if action == Action::Menu && writes_nothing(key.code) {
        devices.press_menu();
    } else if !claims.want_keyboard && !claims.consumed {
        devices.press(action);
    }
}

/// Whether no field has a use for a key, in any layout.
fn writes_nothing(code: KeyCode) -> bool {
    use KeyCode::{F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11, F12};
    matches!(code, F1 | F2 | F3 | F4 | F5 | F6 | F7 | F8 | F9 | F10 | F11 | F12)
}

/// A button of the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// The one that jumps and sits.
    Left,
    /// The one that looks around.
    Right,
}

/// Hands a button to the devices, unless the pointer is over a panel. `is_inside` says whether there is a venue.
pub fn button(devices: &mut Devices, button: Button, is_pressed: bool, claims: Claims, is_inside: bool) {
    match button {
        Button::Right => devices.set_looking(is_pressed && !claims.want_pointer && is_inside),
        Button::Left if is_pressed && !claims.want_pointer && is_inside => devices.press_jump(),
        Button::Left if !is_pressed => devices.release_jump(),
        Button::Left => {}
    }
}

/// The point of the picture (-1 to 1, right and up) below a place of the window, both in pixels.
pub fn point_of_picture(place_px: Vec2, size_px: Vec2) -> Vec2 {
    let half = size_px.max(Vec2::ONE) * 0.5;
    (place_px - half) / half * Vec2::new(1.0, -1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::devices::DeviceSettings;
    use crate::input::{Intent, ShellCommand};
    use crate::panels::Panel;
    use crate::settings::Turn;

    const DOWN: Key = Key { code: KeyCode::KeyW, is_pressed: true, is_repeat: false };

    fn walks(devices: &mut Devices) -> bool {
        filled(devices).0.walk == Vec2::Y
    }

    fn filled(devices: &mut Devices) -> (Intent, Vec<ShellCommand>) {
        let settings = DeviceSettings { turn: Turn::Snap30, mouse_speed: 3.0, push_to_talk: false };
        let (mut intent, mut shell) = (Intent::default(), Vec::new());
        devices.fill(&mut intent, &mut shell, &settings, 0.016, false);
        (intent, shell)
    }

    #[test]
    fn a_key_walks_until_it_comes_up() {
        let (mut devices, keys) = (Devices::default(), KeyTable::default());
        key(&mut devices, &keys, DOWN, Claims::default());
        key(&mut devices, &keys, Key { is_repeat: true, ..DOWN }, Claims::default());
        assert!(walks(&mut devices));
        // A key that comes up while a panel has the keyboard must not go on walking afterwards.
        let panels = Claims { want_keyboard: true, ..Claims::default() };
        key(&mut devices, &keys, Key { is_pressed: false, ..DOWN }, panels);
        assert!(!walks(&mut devices));
    }

    #[test]
    fn a_key_that_belongs_to_a_panel_does_nothing_in_the_world() {
        let keys = KeyTable::default();
        for panels in [
            Claims { want_keyboard: true, ..Claims::default() },
            Claims { consumed: true, ..Claims::default() },
        ] {
            let mut devices = Devices::default();
            key(&mut devices, &keys, DOWN, panels);
            assert!(!walks(&mut devices), "{panels:?}");
        }
    }

    #[test]
    fn f10_opens_the_menu_and_tab_is_left_to_the_panels() {
        let (mut devices, keys) = (Devices::default(), KeyTable::default());
        key(&mut devices, &keys, Key { code: KeyCode::Tab, ..DOWN }, Claims::default());
        assert_eq!(filled(&mut devices).1, []);
        key(&mut devices, &keys, Key { code: KeyCode::F10, ..DOWN }, Claims::default());
        assert_eq!(filled(&mut devices).1, [ShellCommand::TogglePanel(Panel::Menu)]);
    }

    #[test]
    fn f10_opens_the_menu_also_over_a_panel() {
        let (mut devices, keys) = (Devices::default(), KeyTable::default());
        let panels = Claims { want_keyboard: true, consumed: true, ..Claims::default() };
        let f10 = Key { code: KeyCode::F10, ..DOWN };
        key(&mut devices, &keys, f10, panels);
        key(&mut devices, &keys, Key { is_repeat: true, ..f10 }, panels);
        let settings = DeviceSettings { turn: Turn::Snap30, mouse_speed: 3.0, push_to_talk: false };
        let (mut intent, mut shell) = (Intent::default(), Vec::new());
        devices.fill(&mut intent, &mut shell, &settings, 0.016, true);
        assert_eq!(shell, [ShellCommand::TogglePanel(Panel::Menu)]);
        // A menu's key that writes a letter writes it into a field.
        let mut keys = KeyTable::default();
        keys.bind(Action::Menu, KeyCode::KeyQ);
        key(&mut devices, &keys, Key { code: KeyCode::KeyQ, ..DOWN }, panels);
        shell.clear();
        devices.fill(&mut intent, &mut shell, &settings, 0.016, true);
        assert_eq!(shell, []);
    }

    #[test]
    fn nothing_is_held_after_the_window_lost_the_keyboard() {
        let (mut devices, keys) = (Devices::default(), KeyTable::default());
        key(&mut devices, &keys, DOWN, Claims::default());
        button(&mut devices, Button::Right, true, Claims::default(), true);
        button(&mut devices, Button::Left, true, Claims::default(), true);
        devices.release_all();
        assert!(!walks(&mut devices) && !devices.is_looking() && devices.aiming().is_none());
    }

    #[test]
    fn buttons_over_panels_and_outside_of_a_venue_neither_look_nor_jump() {
        for (panels, is_inside) in
            [(Claims { want_pointer: true, ..Claims::default() }, true), (Claims::default(), false)]
        {
            let mut devices = Devices::default();
            button(&mut devices, Button::Right, true, panels, is_inside);
            button(&mut devices, Button::Left, true, panels, is_inside);
            assert!(!devices.is_looking() && devices.aiming().is_none());
        }
    }

    #[test]
    fn places_of_the_window_are_points_of_the_picture() {
        let size = Vec2::new(800.0, 600.0);
        assert_eq!(point_of_picture(Vec2::new(400.0, 300.0), size), Vec2::ZERO);
        assert_eq!(point_of_picture(Vec2::new(800.0, 0.0), size), Vec2::ONE);
        assert!(point_of_picture(Vec2::ZERO, Vec2::ZERO).is_finite());
    }
}
