//! Scans of every format through `scan::read` into stores and back.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod scan {
    mod formats;
    mod kit;
    mod large;
    mod stores;
}
