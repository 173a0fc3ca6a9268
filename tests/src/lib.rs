//! What the behaviour tests stand on: a lossy network in virtual time, and a stepper that drives one server and
//! several clients in it. Only the tests use this crate; real processes are in `tests/processes`.

pub mod stepper;
pub mod virtual_network;
