//! The delegate's program as a library: `main.rs` parses the command line and calls it.

pub mod core;
pub mod input;
pub mod link;
pub mod panels;
pub mod platform;
pub mod replica;
pub mod sentence;
pub mod settings;
#[cfg(test)]
mod testing;
