//! One fuzz target for every decoder that reads bytes from a network or from somebody's file.
//!
//! A target must neither panic nor hang nor take memory without bound; where a decoder has an encoder, what
//! was decoded must come through both unchanged. `cargo xtask fuzz --minutes N` drives them with libFuzzer; the
//! gate replays `corpus/` and mutated seeds through the same functions.

mod package;
mod programs;
mod protocol;
mod scans;
pub mod seeds;
mod talk;

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
    Target { name: "feedback", run: protocol::feedback },
    Target { name: "voice", run: protocol::voice },
    Target { name: "snapshot", run: protocol::snapshot },
    Target { name: "mirror", run: protocol::mirror },
    Target { name: "probe", run: protocol::probe },
    Target { name: "device-certificate", run: talk::device_certificate },
    Target { name: "talk", run: talk::talk },
    Target { name: "manifest", run: package::manifest },
    Target { name: "tileset", run: package::tileset },
    Target { name: "navigation", run: package::navigation },
    Target { name: "acoustics", run: package::acoustics },
    Target { name: "walkable", run: package::walkable },
    Target { name: "package", run: package::package },
    Target { name: "gltf", run: package::gltf },
    Target { name: "gltf-import", run: package::gltf_import },
    Target { name: "picture", run: package::picture },
    Target { name: "link", run: programs::link },
    Target { name: "script", run: programs::script },
    Target { name: "settings", run: programs::settings },
    Target { name: "ticket", run: programs::ticket },
    Target { name: "invitation-code", run: programs::invitation_code },
    Target { name: "names", run: programs::names },
    Target { name: "configuration", run: programs::configuration },
    Target { name: "accept-language", run: programs::accept_language },
    Target { name: "identifiers", run: programs::identifiers },
    Target { name: "known-hosts", run: programs::known_hosts },
    Target { name: "public-address", run: programs::public_address },
    Target { name: "times", run: programs::times },
    Target { name: "serving", run: programs::serving },
    Target { name: "backup", run: programs::backup },
    Target { name: "certificate", run: programs::certificate },
    Target { name: "tile", run: programs::tile },
    Target { name: "model", run: programs::model },
    Target { name: "scan-gltf", run: scans::gltf },
    Target { name: "scan-ply", run: scans::ply },
    Target { name: "scan-obj", run: scans::obj },
    Target { name: "scan-xyz", run: scans::xyz },
    Target { name: "scan-las", run: scans::las },
    Target { name: "scan-e57", run: scans::e57 },
    Target { name: "scan-zip", run: scans::zip },
    Target { name: "places", run: scans::places },
];
