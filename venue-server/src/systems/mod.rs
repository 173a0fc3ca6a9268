//! What happens in a house each tick: one plain function on the house for each thing.
//!
//! A system must not know connections, runtimes or SQL; what it wants done outside it
//! writes into [`crate::world::Effects`].

pub mod absence;
pub mod arrival;
pub mod blocks;
pub mod doors;
pub mod hands;
pub mod kept_places;
pub mod live_texts;
pub mod microphones;
pub mod moderation;
pub mod movement;
pub mod notices;
pub mod presence;
pub mod profile;
pub mod removal;
pub mod renewal;
pub mod reports;
pub mod seats;
pub mod summons;
pub mod talks;
pub mod texts;
pub mod travel;
pub mod voices;
pub mod watching;
