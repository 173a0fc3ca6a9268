//! How far an import is. The command line draws it; tests are quiet.

use crate::report::Step;

/// Somebody who wants to know how far an import is.
pub trait Progress: Sync {
    /// A step begins.
    fn begin(&self, _name: &str) {}

    /// So much of so much of a step is done; `what` is the file that is worked on, or nothing.
    fn step(&self, name: &str, what: &str, done: f64, total: f64);

    /// A step is done.
    fn end(&self, _step: &Step) {}
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn step(&self, _: &str, _: &str, _: f64, _: f64) {}
}
