//! Where in the venue the floor lies on which a headset tracks head and hands: how a person's own steps and turns
//! become the body's.
//!
//! It must not know devices nor the floor of the venue; `own_body.rs` asks it and moves the root.

use glam::{Quat, Vec2, Vec3};
use venue_model::RigidPose;

/// How far the head may be beside the root before the root follows, metres: who leans over a table does not step.
const LEAN_METRES: f32 = 0.2;

/// How far the head may turn before the body turns with it, radians.
const TWIST: f32 = 60.0 * std::f32::consts::PI / 180.0;

/// How the play space lies in the root's frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PlaySpace {
    /// Turn of the play space, radians about +y.
    yaw: f32,
    /// Place of the play space's origin.
    offset: Vec3,
}

impl PlaySpace {
    /// A tracked pose in the root's frame.
    pub fn in_root(&self, pose: &RigidPose) -> RigidPose {
        let turn = Quat::from_rotation_y(self.yaw);
        RigidPose {
            position: self.offset + turn * pose.position,
            orientation: (turn * pose.orientation).normalize(),
        }
    }

    /// A pose of the root's frame as the headset would track it.
    pub fn out_of_root(&self, pose: &RigidPose) -> RigidPose {
        let turn = Quat::from_rotation_y(-self.yaw);
        RigidPose {
            position: turn * (pose.position - self.offset),
            orientation: (turn * pose.orientation).normalize(),
        }
    }

    /// Lets the head be over the root.
    pub fn center(&mut self, head: &RigidPose) {
        let beside = self.in_root(head).position;
        self.offset -= Vec3::new(beside.x, 0.0, beside.z);
    }

    /// Lets the head be over the root and look where the root looks. The head is so much higher than it really is, or at
    /// `eye_height` for who sits in the venue and may stand in the room.
    pub fn face(&mut self, head: &RigidPose, raised: f32, eye_height: Option<f32>) {
        self.yaw = -yaw_of(head.orientation);
        self.offset = Vec3::Y * eye_height.map_or(raised, |height| height - head.position.y);
        self.center(head);
    }

    /// Raises the play space.
    pub fn raise(&mut self, by: f32) {
        self.offset.y += by;
    }

    /// The root turned by this angle because the person wants it: the venue turns about the head.
    pub fn turn_about_head(&mut self, angle: f32, head: &RigidPose) {
        let head = self.in_root(head).position;
        let turned = Quat::from_rotation_y(-angle) * head;
        self.offset += Vec3::new(turned.x - head.x, 0.0, turned.z - head.z);
    }

    /// How far the root has to go to be below the head, x and z in the root's frame; zero while one only leans.
    pub fn lag(&self, head: &RigidPose) -> Vec2 {
        let head = self.in_root(head).position;
        let beside = Vec2::new(head.x, head.z);
        beside - beside.clamp_length_max(LEAN_METRES)
    }

    /// How far the root has to turn to follow the head, radians; zero while one only looks around.
    pub fn twist(&self, head: &RigidPose) -> f32 {
        let yaw = yaw_of(self.in_root(head).orientation);
        yaw - yaw.clamp(-TWIST, TWIST)
    }

    /// The root moved by this much of its own frame, the person did not.
    pub fn follow_move(&mut self, by_in_root: Vec3) {
        self.offset -= by_in_root;
    }

    /// The root turned by this angle, the person did not.
    pub fn follow_turn(&mut self, angle: f32) {
        self.yaw -= angle;
        self.offset = Quat::from_rotation_y(-angle) * self.offset;
    }
}

/// Which way a head looks, radians about +y: zero along -z, positive to the left. Who looks straight up or down is
/// asked by the crown or the chin instead.
fn yaw_of(orientation: Quat) -> f32 {
    let (ahead, up) = (orientation * Vec3::NEG_Z, orientation * Vec3::Y);
    let flat = if ahead.y.abs() < 0.98 { ahead } else { up * -ahead.y.signum() };
    (-flat.x).atan2(-flat.z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head(x: f32, y: f32, z: f32, yaw: f32) -> RigidPose {
        RigidPose { position: Vec3::new(x, y, z), orientation: Quat::from_rotation_y(yaw) }
    }

    /// Where the root and its play space have a tracked pose in the building.
    fn in_building(root: Vec3, yaw: f32, play: &PlaySpace, pose: &RigidPose) -> RigidPose {
        let (turn, pose) = (Quat::from_rotation_y(yaw), play.in_root(pose));
        RigidPose { position: root + turn * pose.position, orientation: turn * pose.orientation }
    }

    /// Radians between two turns. `Quat::angle_between` takes an arc cosine, which is 1e-3 off between equal ones.
    fn angle(one: Quat, other: Quat) -> f32 {
        let between = one.conjugate() * other;
        2.0 * between.xyz().length().atan2(between.w.abs())
    }

    fn assert_same(one: &RigidPose, other: &RigidPose) {
        assert!(one.position.abs_diff_eq(other.position, 1e-4), "{one:?} {other:?}");
        assert!(angle(one.orientation, other.orientation) < 1e-3, "{one:?} {other:?}");
    }

    #[test]
    fn whoever_faces_is_over_the_root_and_looks_ahead() {
        let mut play = PlaySpace::default();
        play.face(&head(1.0, 1.7, -2.0, 0.8), 0.0, None);
        assert_same(&play.in_root(&head(1.0, 1.7, -2.0, 0.8)), &head(0.0, 1.7, 0.0, 0.0));
        play.face(&head(1.0, 1.7, -2.0, 0.8), 0.4, Some(1.2));
        assert_same(&play.in_root(&head(1.0, 1.7, -2.0, 0.8)), &head(0.0, 1.2, 0.0, 0.0));
        // Who bends down afterwards is lower by as much.
        assert_same(&play.in_root(&head(1.0, 1.5, -2.0, 0.8)), &head(0.0, 1.0, 0.0, 0.0));
    }

    #[test]
    fn leaning_and_looking_around_move_no_root() {
        let play = PlaySpace::default();
        assert_eq!(play.lag(&head(0.15, 1.6, -0.1, 0.0)), Vec2::ZERO);
        assert!(play.lag(&head(0.3, 1.6, 0.0, 0.0)).abs_diff_eq(Vec2::new(0.1, 0.0), 1e-6));
        assert_eq!(play.twist(&head(0.0, 1.6, 0.0, 1.0)), 0.0);
        assert!((play.twist(&head(0.0, 1.6, 0.0, -1.5)) + 1.5 - TWIST).abs() < 1e-5);
    }

    #[test]
    fn the_way_back_leads_back() {
        let play = PlaySpace { yaw: 0.9, offset: Vec3::new(0.2, 0.1, -0.4) };
        let pose = head(1.0, 1.7, -2.0, 0.8);
        assert_same(&play.out_of_root(&play.in_root(&pose)), &pose);
    }

    #[test]
    fn a_look_at_the_floor_is_no_turn() {
        let down = Quat::from_rotation_y(0.4) * Quat::from_rotation_x(-1.55);
        let up = Quat::from_rotation_y(0.4) * Quat::from_rotation_x(1.55);
        assert!((yaw_of(down) - 0.4).abs() < 1e-3 && (yaw_of(up) - 0.4).abs() < 1e-3);
    }

    proptest! {
        #[test]
        fn a_root_that_follows_leaves_the_head_where_it_is(
            x in -2.0f32..2.0, z in -2.0f32..2.0, yaw in -3.0f32..3.0, root_yaw in -3.0f32..3.0, turn in -2.0f32..2.0,
        ) {
            let (tracked, root) = (head(x, 1.6, z, yaw), Vec3::new(3.0, 0.5, -1.0));
            let mut play = PlaySpace { yaw: 0.3, offset: Vec3::new(0.2, 0.0, -0.4) };
            let before = in_building(root, root_yaw, &play, &tracked);
            let lag = play.lag(&tracked);
            let by = Vec3::new(lag.x, 0.0, lag.y);
            play.follow_move(by);
            let root = root + Quat::from_rotation_y(root_yaw) * by;
            assert_same(&in_building(root, root_yaw, &play, &tracked), &before);
            play.follow_turn(turn);
            assert_same(&in_building(root, root_yaw + turn, &play, &tracked), &before);
            prop_assert!(play.lag(&tracked).length() < 1e-4);
        }

        #[test]
        fn a_wanted_turn_is_about_the_head(x in -2.0f32..2.0, z in -2.0f32..2.0, turn in -2.0f32..2.0) {
            let tracked = head(x, 1.6, z, 0.7);
            let mut play = PlaySpace { yaw: -0.9, offset: Vec3::new(0.1, 0.0, 0.2) };
            let before = in_building(Vec3::ZERO, 0.0, &play, &tracked);
            play.turn_about_head(turn, &tracked);
            let after = in_building(Vec3::ZERO, turn, &play, &tracked);
            prop_assert!(after.position.abs_diff_eq(before.position, 1e-4));
            prop_assert!((angle(after.orientation, before.orientation) - turn.abs()).abs() < 1e-3);
        }
    }
}
