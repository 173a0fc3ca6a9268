//! The delegate's program as a library: `main.rs` parses the command line and calls it.

pub mod panels;
pub mod sentence;
