//! The client without a picture: from a link to a body in a venue. Time, transport and storage are arguments,
//! so that tests drive it in virtual time; it must not know windows, the renderer or a clock.

pub mod around;
pub mod backoff;
pub mod cache;
mod client;
pub mod connect;
pub mod content;
pub mod errand;
pub mod files;
mod hands;
mod happening;
pub mod identity;
mod inbound;
mod jump;
pub mod known_hosts;
mod lifecycle;
pub mod live_texts;
mod loading;
pub mod microphone;
pub mod nearby;
pub mod order;
pub mod own_body;
pub mod people;
mod play_space;
mod renewal;
pub mod safety;
mod seat_wish;
pub mod stage;
pub mod talking;
pub mod texts;
pub mod venue;
mod watching;

#[cfg(test)]
pub(crate) use client::tests as rehearsed;
pub use client::{ClientCore, CoreConfig, CoreEvent};
pub use connect::{Connector, Target, Trust};
pub use happening::Happening;
pub use stage::Stage;
