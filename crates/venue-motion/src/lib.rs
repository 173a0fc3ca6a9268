//! Where a body may stand and walk: queries on a venue's navigation mesh.
//!
//! Server and client use the same code, so that a client's prediction is what the server
//! accepts. It knows no network, no time of its own and no body's height: the mesh is already
//! drawn back from walls by a body's radius.

#![warn(missing_docs)]

mod floor_tree;
mod path;
#[cfg(test)]
mod plan_mesh;
mod step;
mod storeys;
mod walk;
mod walkable;

pub use step::{
    CorrectionReason, RUN_SPEED, SpeedLimit, StepAllowance, StepKind, StepVerdict, WALK_SPEED, validate_step,
};
pub use storeys::{Storey, Storeys};
pub use walkable::{FloorPoint, Walkable};
