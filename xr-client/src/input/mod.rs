//! From devices to wishes: keys, mouse and scripts become [`Intent`]s that no longer know where they came from.
//!
//! It must not know the network or the renderer.

pub mod aim;
pub mod arc;
pub mod bare_hands;
pub mod devices;
pub mod fingers;
pub mod hand_aim;
pub mod hand_buttons;
pub mod headset;
pub mod held_over;
pub mod intent;
pub mod keys;
pub mod layout;
pub mod one_stick;
pub mod order;
pub mod player;
pub mod script;
pub mod shell;
pub mod window;
pub mod xr_actions;

pub use intent::{Command, Intent};
pub use order::OrderCommand;
pub use shell::ShellCommand;
