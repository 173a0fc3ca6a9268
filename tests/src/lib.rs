//! What the behaviour tests stand on: a lossy network in virtual time, and a stepper that drives one server and
//! several clients in it. Only the tests use this crate; real processes are in `tests/processes` and `tests/headset`.

pub mod delegates;
pub mod stepper;
pub mod virtual_network;

use std::path::PathBuf;
use venue_model::Language;
use venue_protocol::Appearance;
use xr_client::core::CoreConfig;
use xr_client::core::cache::MemoryCache;
use xr_client::core::identity::Identity;
use xr_client::core::known_hosts::KnownHosts;

/// Somebody who was never here: the device key is this number's, nothing is kept from an earlier visit.
pub fn newcomer(number: usize, seed: u64) -> CoreConfig {
    CoreConfig {
        identity: Identity::from_secret([number as u8 + 1; 32]),
        hosts: KnownHosts::in_memory(),
        cache: Box::new(MemoryCache::default()),
        appearance: Appearance::default(),
        language: Language::En,
        last_place: None,
        last_link: None,
        seed,
    }
}

/// The folder with the programs that this build made; `cargo xtask test` builds them before the tests.
pub fn programs() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its program");
    let folder = test.ancestors().nth(2).expect("tests lie in target/PROFILE/deps").to_path_buf();
    for program in ["venue-importer", "venue-server", "xr-client"] {
        let path = folder.join(program);
        assert!(path.is_file(), "{} is missing: cargo build --workspace --bins", path.display());
    }
    folder
}
