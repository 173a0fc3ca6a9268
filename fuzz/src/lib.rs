//! One fuzz target for every decoder that reads bytes from a network or from somebody's file.
//!
//! A target must neither panic nor hang nor take memory without bound; where a decoder has an encoder, what
//! was decoded must come through both unchanged. `cargo xtask fuzz --minutes N` drives them with libFuzzer; the
//! gate replays `corpus/` and mutated seeds through the same functions.

mod package;
mod protocol;
pub mod seeds;

/// A function that must survive any bytes.
pub struct Target {
    /// Name on the command line, and of its folder below `corpus/`.
    pub name: &'static str,
    /// Runs it once.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "client-message", run: protocol::client_message },
    Target { name: "server-message", run: protocol::server_message },
    Target { name: "client-session", run: protocol::client_session },
    Target { name: "server-session", run: protocol::server_session },
    Target { name: "pose-update", run: protocol::pose_update },
    Target { name: "snapshot", run: protocol::snapshot },
    Target { name: "manifest", run: package::manifest },
    Target { name: "tileset", run: package::tileset },
    Target { name: "navigation", run: package::navigation },
    Target { name: "gltf", run: package::gltf },
    Target { name: "picture", run: package::picture },
];
