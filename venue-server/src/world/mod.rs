//! The world that the tick moves: the plan of the venue, and for each event a house with
//! its people, seats and spaces.
//!
//! It must not know connections, runtimes, files or SQL.

pub mod blocks;
pub mod effects;
pub mod house;
pub mod live_line;
pub mod order;
pub mod people;
pub mod plan;
pub mod seats;
pub mod spawn;
pub mod talks;
#[cfg(test)]
pub mod testing;
pub mod walker;

pub use effects::{Effects, Ending, Purpose, TextUnderWay, To};
pub use house::{House, SpaceWorld};
pub use live_line::LiveLine;
pub use people::{Account, People, Person};
pub use plan::{Plan, PlanError};
pub use walker::Walker;
