//! A visit in a headset: put on, shown, seen by somebody else where the head and the hands really are, and left.

use crate::remote::Hand;
use crate::worn::Worn;
use glam::{Quat, Vec2, Vec3};
use std::time::Instant;
use tests::delegates::{Delegate, delegate, run_until, tiny_venue};
use venue_model::{BodyPose, RigidPose};
use xr_client::core::Stage;
use xtask::demo::server::Server;

const METRES: f32 = 0.01;
const DEGREES: f32 = 1.0;

/// A server with a small venue and links for two people.
pub fn server(folder: &std::path::Path) -> (Server, Vec<String>) {
    server_of(folder, tiny_venue)
}

/// The same with a venue that is put into its folder so.
pub fn server_of(folder: &std::path::Path, put: impl FnOnce(&std::path::Path)) -> (Server, Vec<String>) {
    let place = folder.join("server");
    put(&place);
    let server = Server::start(&tests::programs(), &place).unwrap();
    let links = server.invite(&[("Amina", "SEN", "en"), ("Bruno", "CHE", "en")]).unwrap();
    (server, links)
}

/// The body of the only other person, as this delegate sees it.
fn other(delegates: &[Delegate]) -> Option<BodyPose> {
    delegates[0].core.bodies().first().map(|(_, pose)| *pose)
}

/// A pose in another one's frame.
fn within(frame: &RigidPose, pose: &RigidPose) -> RigidPose {
    RigidPose {
        position: frame.position + frame.orientation * pose.position,
        orientation: frame.orientation * pose.orientation,
    }
}

fn is_at(seen: &RigidPose, expected: &RigidPose) -> bool {
    seen.position.distance(expected.position) < METRES
        && seen.orientation.angle_between(expected.orientation).to_degrees() < DEGREES
}

#[test]
fn the_venue_is_shown_and_left_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (server, links) = server(folder.path());
    let mut worn = Worn::start(&folder.path().join("amina"), &links[0]);
    worn.wait_for("stage=\"inside\"");
    worn.wait_for("state=\"focused\"");
    worn.wait_for("frames=300");
    let (status, log) = worn.leave();
    assert!(status.success(), "{status}: {log:#?}");
    let has = |text: &str| log.iter().any(|line| line.contains(text));
    assert!(has("state=\"stopping\"") && has("state=\"exiting\""), "{log:#?}");
    assert!(!has(" ERROR ") && !has("panicked"), "{log:#?}");
    server.stop().unwrap();
}

#[test]
fn others_see_head_and_hands_where_they_really_are() {
    let folder = tempfile::tempdir().unwrap();
    let (server, links) = server(folder.path());
    let mut worn = Worn::start(&folder.path().join("amina"), &links[0]);
    worn.wait_for("a headset is there");
    let mut remote = worn.remote();
    remote.head(Vec3::Y * 1.7, Quat::IDENTITY).send();
    worn.wait_for("stage=\"inside\"");
    worn.wait_for("state=\"focused\"");
    let started = Instant::now();
    let mut others = vec![delegate(1, &links[1])];
    run_until(&mut others, started, "the other sees who wears the headset", |others| {
        *others[0].core.stage() == Stage::Inside
            && other(others).is_some_and(|body| (body.head.position.y - 1.7).abs() < METRES)
    });
    let before = other(&others).unwrap().head_in_building();

    // A step to the right with a turn to the left, the right hand held out.
    let head = RigidPose {
        position: Vec3::new(0.3, 0.0, 0.0),
        orientation: Quat::from_rotation_y(40f32.to_radians()),
    };
    let hand = RigidPose { position: Vec3::new(0.35, -0.4, -0.35), orientation: Quat::from_rotation_x(0.3) };
    remote.head(Vec3::Y * 1.7 + head.position, head.orientation);
    remote.hand(Hand::Right, Vec3::Y * 1.7 + hand.position, hand.orientation).send();
    run_until(&mut others, started, "head and hand arrive", |others| {
        let Some(body) = other(others) else { return false };
        let root = body.building_from_root();
        let held = body.hands[1].is_some_and(|held| {
            // A grip is turned to the hand's pose as the controller's form has it; its place is the hand's.
            within(&root, &held).position.distance(within(&before, &hand).position) < METRES
        });
        is_at(&body.head_in_building(), &within(&before, &head)) && held
    });

    // The stick of the left hand walks ahead, which is where the body looks.
    let from = other(&others).unwrap();
    remote.stick(Hand::Left, Vec2::Y).send();
    run_until(&mut others, started, "a pushed stick walks", |others| {
        other(others).is_some_and(|body| {
            let way = body.root - from.root;
            way.dot(Quat::from_rotation_y(from.yaw) * Vec3::NEG_Z) > 0.3
        })
    });
    let (status, log) = worn.leave();
    assert!(status.success(), "{status}: {log:#?}");
    server.stop().unwrap();
}
