//! What `cargo xtask dist` makes runs in an empty folder and is joined from it.

use std::process::Command;
use xtask::demo::{server::Server, tour};
use xtask::dist;

#[test]
fn the_unpacked_archive_serves_and_is_joined() {
    let out = tempfile::tempdir().unwrap();
    let archive = dist::pack(&super::programs(), out.path()).unwrap();
    let empty = tempfile::tempdir().unwrap();
    let unpacked =
        Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(empty.path()).status().unwrap();
    assert!(unpacked.success());
    let folder = std::fs::read_dir(empty.path()).unwrap().next().unwrap().unwrap().path();
    let sums =
        Command::new("sha256sum").args(["--check", "--quiet", "SHA256SUMS"]).current_dir(&folder).status();
    assert!(sums.unwrap().success(), "a file is not what SHA256SUMS says");
    assert!(folder.join("deploy/vev.desktop").is_file(), "vev:// links need their entry");
    dist::units::verify(&folder).unwrap();
    let programs = folder.join("bin");
    let server = Server::start_in(&programs, &empty.path().join("server"), &folder).unwrap();
    let links = server.invite(&[("Amina Diallo", "SEN", "fr")]).unwrap();
    let script = "timeout 60\nwait inside\nwait loaded\nscreenshot inside\nquit\n";
    let mut client =
        tour::client(&programs, &empty.path().join("client"), &links[0], script, "8,1,1").unwrap();
    let status = client.0.wait().unwrap();
    let log = std::fs::read_to_string(empty.path().join("client/client.log")).unwrap();
    assert!(status.success(), "the client ended with {status}: {log}");
    assert!(empty.path().join("client/inside.png").is_file());
    server.stop().unwrap();
}
