//! The project's own commands. The tests of real processes use the same parts as `cargo xtask demo`.

pub mod assets;
pub mod bench;
mod counts;
pub mod demo;
pub mod dist;
pub mod fuzz;
pub mod gate;
pub mod install;
pub mod load;
pub mod pictures;
pub mod portability;
pub mod process;
pub mod tidy;
