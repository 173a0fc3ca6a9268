//! The client without a picture: from a link to a body in a venue. Time, transport and storage are arguments,
//! so that tests drive it in virtual time; it must not know windows, the renderer or a clock.

pub mod backoff;
pub mod cache;
pub mod files;
pub mod identity;
pub mod known_hosts;
