//! Keyboard and mouse: what is held and what was pressed becomes an intent.
//!
//! It must not know windows' events (the flat presenter translates them) nor the network.

use super::keys::Action;
use super::{Command, Intent, OrderCommand, ShellCommand};
use crate::panels::Panel;
use crate::scene::camera::Perspective;
use crate::settings::Turn;
use glam::Vec2;
use std::collections::BTreeSet;
use venue_model::Gesture;

/// Turn while a key is held in smooth mode, radians a second.
const SMOOTH_TURN: f32 = 1.9;

/// Look up or down while a key is held, radians a second.
const LOOK_SPEED: f32 = 1.2;

/// Radians of turn for one point of mouse movement at mouse speed 1.
const RADIANS_PER_POINT: f32 = 0.001;

/// How an aim for a jump was begun.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aiming {
    /// At a point of the picture: x and y from -1 to 1, right and up.
    Pointer(Vec2),
    /// Straight ahead.
    Ahead,
}

/// What was set for the devices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeviceSettings {
    /// How turn keys turn.
    pub turn: Turn,
    /// Speed of mouse look.
    pub mouse_speed: f32,
    /// Whether the microphone's key is held to talk.
    pub push_to_talk: bool,
}

/// The state of keyboard and mouse.
#[derive(Debug, Default)]
pub struct Devices {
    held: BTreeSet<Action>,
    pressed: Vec<Action>,
    is_menu_wanted: bool,
    is_looking: bool,
    look: Vec2,
    pointer: Vec2,
    aiming: Option<Aiming>,
    released: bool,
    is_overlay_shown: bool,
    /// Whether the microphone's key was told to be held.
    is_talking: bool,
}

impl Devices {
    /// A key went down.
    pub fn press(&mut self, action: Action) {
        if self.held.insert(action) {
            self.pressed.push(action);
        }
        if action == Action::Teleport {
            self.aiming = Some(Aiming::Ahead);
        }
    }

    /// The menu's key went down; unlike the others it is heard whoever has the keyboard.
    pub fn press_menu(&mut self) {
        self.is_menu_wanted = true;
    }

    /// A key came up.
    pub fn release(&mut self, action: Action) {
        self.held.remove(&action);
        if action == Action::Teleport && self.aiming == Some(Aiming::Ahead) {
            self.released = true;
        }
    }

    /// The window lost the keyboard: nothing is held any more.
    pub fn release_all(&mut self) {
        let Self { pointer, is_overlay_shown, is_talking, .. } = *self;
        // Who was told that somebody talks is told that it is over.
        *self = Self { pointer, is_overlay_shown, is_talking, ..Self::default() };
    }

    /// The overlay is shown, or not: some keys do something else then.
    pub fn set_overlay(&mut self, is_shown: bool) {
        self.is_overlay_shown = is_shown;
    }

    /// Whether the overlay is shown.
    pub fn is_overlay_shown(&self) -> bool {
        self.is_overlay_shown
    }

    /// The point that is meant when something is to be done at once: the pointer's, or straight ahead while it is
    /// captured.
    pub fn pointing(&self) -> Aiming {
        if self.is_looking { Aiming::Ahead } else { Aiming::Pointer(self.pointer) }
    }

    /// The button that looks around went down or up.
    pub fn set_looking(&mut self, is_looking: bool) {
        self.is_looking = is_looking;
    }

    /// Whether the button that looks around is down.
    pub fn is_looking(&self) -> bool {
        self.is_looking
    }

    /// The pointer moved by this many points, and is now at this point of the picture (-1 to 1, right and up).
    pub fn move_pointer(&mut self, by_points: Vec2, place: Vec2) {
        self.pointer = place;
        if self.is_looking {
            self.look += by_points;
        }
        if let Some(Aiming::Pointer(aimed)) = &mut self.aiming {
            *aimed = place;
        }
    }

    /// The mouse moved by this much while the pointer is captured.
    pub fn look_by(&mut self, by: Vec2) {
        if self.is_looking {
            self.look += by;
        }
    }

    /// The button that jumps went down.
    pub fn press_jump(&mut self) {
        self.aiming = Some(Aiming::Pointer(self.pointer));
    }

    /// The button that jumps came up.
    pub fn release_jump(&mut self) {
        if matches!(self.aiming, Some(Aiming::Pointer(_))) {
            self.released = true;
        }
    }

    /// What is aimed at now.
    pub fn aiming(&self) -> Option<Aiming> {
        self.aiming
    }

    /// Whether the aim was let go; asks once.
    pub fn take_jump(&mut self) -> bool {
        let released = std::mem::take(&mut self.released);
        if released {
            self.aiming = None;
        }
        released
    }

    /// Fills this frame's intent. With `panels_have_keys` the body does not listen to the keyboard.
    pub fn fill(
        &mut self,
        intent: &mut Intent,
        shell: &mut Vec<ShellCommand>,
        settings: &DeviceSettings,
        dt: f32,
        panels_have_keys: bool,
    ) {
        let look = std::mem::take(&mut self.look) * RADIANS_PER_POINT * settings.mouse_speed;
        intent.turn -= look.x;
        intent.look_up -= look.y;
        if std::mem::take(&mut self.is_menu_wanted) {
            perform(Action::Menu, settings.turn, intent, shell);
        }
        if panels_have_keys {
            // A key that is held while a panel opens must not go on walking behind it.
            self.held.clear();
            self.pressed.clear();
            if settings.push_to_talk {
                self.hold_to_talk(intent);
            }
            return;
        }
        let held = |action| f32::from(u8::from(self.held.contains(&action)));
        intent.walk = Vec2::new(
            held(Action::Right) - held(Action::Left),
            held(Action::Forward) - held(Action::Backward),
        );
        intent.run = self.held.contains(&Action::Run);
        intent.look_up += (held(Action::LookUp) - held(Action::LookDown)) * LOOK_SPEED * dt;
        if settings.turn == Turn::Smooth {
            intent.turn += (held(Action::TurnLeft) - held(Action::TurnRight)) * SMOOTH_TURN * dt;
        }
        if settings.push_to_talk {
            self.hold_to_talk(intent);
        }
        for action in self.pressed.drain(..) {
            perform(action, settings.turn, intent, shell);
        }
    }
}

impl Devices {
    /// Tells when the key that is held to talk goes down, and when it is up for whatever reason.
    fn hold_to_talk(&mut self, intent: &mut Intent) {
        self.pressed.retain(|action| *action != Action::Microphone);
        let is_held = self.held.contains(&Action::Microphone);
        if std::mem::replace(&mut self.is_talking, is_held) != is_held {
            intent.commands.push(Command::HoldToTalk(is_held));
        }
    }
}

fn perform(action: Action, turn: Turn, intent: &mut Intent, shell: &mut Vec<ShellCommand>) {
    let step = match turn {
        Turn::Snap30 => 30f32.to_radians(),
        Turn::Snap45 => 45f32.to_radians(),
        Turn::Smooth => 0.0,
    };
    match action {
        Action::TurnLeft => intent.turn += step,
        Action::TurnRight => intent.turn -= step,
        Action::Sit => intent.commands.push(Command::SitOrStand),
        Action::Hand => intent.commands.push(Command::RaiseOrLowerHand),
        Action::Microphone => intent.commands.push(Command::MuteOrUnmute),
        Action::Text => shell.push(ShellCommand::TogglePanel(Panel::Texts)),
        Action::Menu => shell.push(ShellCommand::TogglePanel(Panel::Menu)),
        Action::People => shell.push(ShellCommand::TogglePanel(Panel::People)),
        Action::Rooms => shell.push(ShellCommand::TogglePanel(Panel::Rooms)),
        Action::Map => shell.push(ShellCommand::TogglePanel(Panel::Map)),
        Action::Around => shell.push(ShellCommand::TogglePanel(Panel::Around)),
        Action::Where => shell.push(ShellCommand::SayWhere),
        Action::Safety => intent.commands.push(Command::Order(OrderCommand::GoToSafety)),
        Action::Help => shell.push(ShellCommand::TogglePanel(Panel::Help)),
        Action::Release => shell.push(ShellCommand::ClosePanel),
        Action::View => shell.push(ShellCommand::TogglePerspective),
        Action::Overlay => shell.push(ShellCommand::ToggleOverlay),
        Action::CopyAnchor => shell.push(ShellCommand::CopyAnchor),
        Action::Times => shell.push(ShellCommand::ToggleTimes),
        Action::Gesture1 => gesture(1, intent),
        Action::Gesture2 => gesture(2, intent),
        Action::Gesture3 => gesture(3, intent),
        Action::Gesture4 => gesture(4, intent),
        Action::Gesture5 => gesture(5, intent),
        Action::Gesture6 => gesture(6, intent),
        Action::Gesture7 => gesture(7, intent),
        Action::Forward
        | Action::Backward
        | Action::Left
        | Action::Right
        | Action::Run
        | Action::LookUp
        | Action::LookDown
        | Action::Teleport => {}
    }
}

fn gesture(number: usize, intent: &mut Intent) {
    if let Some(gesture) = Gesture::ALL.get(number) {
        intent.commands.push(Command::Gesture(*gesture));
    }
}

/// The other perspective.
pub fn other(perspective: Perspective) -> Perspective {
    match perspective {
        Perspective::First => Perspective::Third,
        Perspective::Third => Perspective::First,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: DeviceSettings =
        DeviceSettings { turn: Turn::Snap30, mouse_speed: 3.0, push_to_talk: false };

    fn filled(devices: &mut Devices, panels_have_keys: bool) -> (Intent, Vec<ShellCommand>) {
        let (mut intent, mut shell) = (Intent::default(), Vec::new());
        devices.fill(&mut intent, &mut shell, &SETTINGS, 0.016, panels_have_keys);
        (intent, shell)
    }

    #[test]
    fn held_keys_walk_and_opposite_keys_cancel() {
        let mut devices = Devices::default();
        devices.press(Action::Forward);
        devices.press(Action::Run);
        assert_eq!(filled(&mut devices, false).0.walk, Vec2::Y);
        devices.press(Action::Backward);
        let (intent, _) = filled(&mut devices, false);
        assert_eq!((intent.walk, intent.run), (Vec2::ZERO, true));
    }

    #[test]
    fn a_snap_turn_happens_once_a_press() {
        let mut devices = Devices::default();
        devices.press(Action::TurnLeft);
        devices.press(Action::TurnLeft);
        assert!((filled(&mut devices, false).0.turn - 30f32.to_radians()).abs() < 1e-6);
        assert_eq!(filled(&mut devices, false).0.turn, 0.0);
    }

    #[test]
    fn the_mouse_looks_only_while_its_button_is_down() {
        let mut devices = Devices::default();
        devices.move_pointer(Vec2::new(100.0, 0.0), Vec2::ZERO);
        assert_eq!(filled(&mut devices, false).0.turn, 0.0);
        devices.set_looking(true);
        devices.move_pointer(Vec2::new(100.0, -50.0), Vec2::ZERO);
        let (intent, _) = filled(&mut devices, false);
        assert!(intent.turn < 0.0, "to the right is a negative turn");
        assert!(intent.look_up > 0.0, "upwards looks up");
    }

    #[test]
    fn keys_that_belong_to_panels_do_not_walk_even_after_the_panel_closes() {
        let mut devices = Devices::default();
        devices.press(Action::Forward);
        assert_eq!(filled(&mut devices, true).0.walk, Vec2::ZERO);
        assert_eq!(filled(&mut devices, false).0.walk, Vec2::ZERO);
    }

    #[test]
    fn a_jump_follows_the_pointer_and_happens_on_release() {
        let mut devices = Devices::default();
        devices.press_jump();
        devices.move_pointer(Vec2::ONE, Vec2::new(0.2, -0.4));
        assert_eq!(devices.aiming(), Some(Aiming::Pointer(Vec2::new(0.2, -0.4))));
        assert!(!devices.take_jump());
        devices.release_jump();
        assert!(devices.take_jump());
        assert_eq!(devices.aiming(), None);
    }

    #[test]
    fn every_panel_and_gesture_has_its_key() {
        let mut devices = Devices::default();
        for action in [Action::Menu, Action::Text, Action::Help, Action::Gesture7, Action::Sit] {
            devices.press(action);
        }
        let (intent, shell) = filled(&mut devices, false);
        assert_eq!(shell.len(), 3);
        assert_eq!(intent.commands, [Command::Gesture(Gesture::ThumbUp), Command::SitOrStand]);
    }
}
