//! The product as processes over real QUIC on loopback: what only real processes can show.

#![allow(clippy::unwrap_used, reason = "a test that can not go on fails")]

mod accessible;
mod archive;
mod delegates;
mod desktop;
mod host_here;
mod hostile_clients;
mod killed_server;
mod modelers;
mod reader;
mod tour;
mod window;

use std::path::PathBuf;

/// The folder with the programs that this build made; `cargo xtask test` builds them before the tests.
fn programs() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its program");
    let folder = test.ancestors().nth(2).expect("tests lie in target/PROFILE/deps").to_path_buf();
    for program in ["venue-importer", "venue-server", "xr-client"] {
        let path = folder.join(program);
        assert!(path.is_file(), "{} is missing: cargo build --workspace --bins", path.display());
    }
    folder
}
