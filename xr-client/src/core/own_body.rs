//! The person's own body: moved here at once with the code that the server judges by, and put elsewhere when
//! the server says so.
//!
//! It must not know the network or devices; it takes intents and placements.

use super::play_space::PlaySpace;
use crate::input::Intent;
use crate::input::intent::TrackedPoses;
use glam::{Quat, Vec2, Vec3, Vec3Swizzles as _};
use venue_model::body::{STANDING_EYE_HEIGHT, USUAL_SEAT_HEIGHT, WHEELCHAIR_EYE_HEIGHT, seated_eye_height};
use venue_model::{BodyPose, Bounds, Fingers, Gesture, Place, Posture, RigidPose, SpaceId};
use venue_motion::{FloorPoint, RUN_SPEED, SpeedLimit, WALK_SPEED, Walkable};
use venue_protocol::{Appearance, Placement, PlacementCause};

/// Farthest that one looks up or down, radians.
const MAX_PITCH: f32 = 1.4;

/// How quickly the walk reaches its wanted speed, 1/s.
const AGILITY: f32 = 9.0;

/// How long a gesture is shown, seconds.
const GESTURE_SECS: f32 = 2.5;

/// A jump that leaves this much later than the server asks for comes late enough on an uneven line, too, seconds.
const JUMP_JITTER_SECS: f32 = 0.1;

/// How far a body may be from where the server last saw it at a door without being put back, metres.
const DOOR_SLACK: f32 = 3.0;

/// How far from a place the floor is looked for, metres.
const FLOOR_REACH: f32 = 2.0;

/// No hand is farther from the head, metres: a controller that is lies somewhere.
const HAND_REACH: f32 = 1.5;

/// Farthest jump; the server allows a little more.
pub const TELEPORT_RANGE: f32 = 10.0;

/// How many looks the program has, and which of them sits in a wheelchair; `scene/avatar` checks both.
pub const LOOKS: u8 = 10;
pub const WHEELCHAIR_LOOK: u8 = 9;

/// Whether somebody with this appearance sits in a wheelchair.
pub fn rolls(appearance: Appearance) -> bool {
    appearance.avatar % LOOKS == WHEELCHAIR_LOOK
}

/// What the height of the eyes depends on, beside sitting and standing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stature {
    /// On feet, or on a seat of this height in metres.
    Walks {
        /// Of the seat that one sits on.
        seat_metres: f32,
    },
    /// In a wheelchair, or moved over to a seat of this height in metres.
    Rolls {
        /// Of the seat that one sits on.
        seat_metres: f32,
    },
}

impl Default for Stature {
    fn default() -> Self {
        Self::Walks { seat_metres: USUAL_SEAT_HEIGHT }
    }
}

/// What a tracked head has to be brought to at the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alignment {
    /// Over the root, and looking where it looks: after an arrival.
    Face,
    /// Over the root: after a jump.
    Center,
}

/// The person's own body.
#[derive(Clone, Debug)]
pub struct OwnBody {
    pose: BodyPose,
    pitch: f32,
    velocity: Vec2,
    /// How fast the last step by the person's wish really was, metres a second: a wall may have stopped it.
    walked_speed: f32,
    floor: Option<FloorPoint>,
    placement: Placement,
    gesture_secs: f32,
    /// Until the server takes another jump.
    jump_wait_secs: f32,
    stature: Stature,
    play: PlaySpace,
    alignment: Option<Alignment>,
    is_away: bool,
    raised_metres: f32,
    curls: [Option<[f32; 5]>; 2],
    /// Places that the server keeps this body out of.
    shut: Vec<Bounds>,
    /// It came to the edge of one.
    is_stopped: bool,
}

impl Default for OwnBody {
    fn default() -> Self {
        Self {
            pose: BodyPose::standing(Vec3::ZERO, 0.0),
            pitch: 0.0,
            velocity: Vec2::ZERO,
            walked_speed: 0.0,
            floor: None,
            placement: Placement::default(),
            gesture_secs: 0.0,
            jump_wait_secs: 0.0,
            stature: Stature::default(),
            play: PlaySpace::default(),
            alignment: Some(Alignment::Face),
            is_away: false,
            raised_metres: 0.0,
            curls: [None; 2],
            shut: Vec::new(),
            is_stopped: false,
        }
    }
}

impl OwnBody {
    /// The body as it is shown and sent.
    pub fn pose(&self) -> &BodyPose {
        &self.pose
    }

    /// How far one looks up, radians.
    pub fn pitch(&self) -> f32 {
        self.pitch
    }

    /// How far fingers are bent that are tracked, left and right.
    pub fn curls(&self) -> [Option<[f32; 5]>; 2] {
        self.curls
    }

    /// The server's count of placements, to be sent with poses.
    pub fn placement(&self) -> Placement {
        self.placement
    }

    /// The space below the feet, as far as the floor is known.
    pub fn space(&self) -> Option<SpaceId> {
        self.floor.map(|floor| floor.space)
    }

    /// The floor below the feet.
    pub fn floor(&self) -> Option<FloorPoint> {
        self.floor
    }

    /// How fast it walked by the person's wish, along the floor, metres a second; none before a wall. A headset's own steps
    /// are none.
    pub fn speed(&self) -> f32 {
        self.walked_speed
    }

    /// Whether it sits.
    pub fn is_seated(&self) -> bool {
        matches!(self.pose.posture, Posture::Seated(_))
    }

    /// Whether the person has turned away, e.g. taken the headset off.
    pub fn is_away(&self) -> bool {
        self.is_away
    }

    /// Lets what lies ahead of a tracked head be ahead of the body.
    pub fn recenter(&mut self) {
        self.alignment = Some(Alignment::Face);
    }

    /// The server put the body somewhere.
    pub fn place(&mut self, at: Place, posture: Posture, placement: Placement, cause: PlacementCause) {
        self.placement = placement;
        // A door only tells which room this is; the body is a few steps ahead of what the server has seen.
        if cause == PlacementCause::Door && self.pose.root.distance(at.position) < DOOR_SLACK {
            return;
        }
        self.pose.root = at.position;
        self.pose.posture = posture;
        self.velocity = Vec2::ZERO;
        self.floor = None;
        if !cause.is_correction() {
            self.pose.yaw = at.yaw;
            self.pitch = 0.0;
            self.recenter();
        }
        self.set_head();
    }

    /// The floor is another one: what is below the feet is looked for anew.
    pub fn leave_floor(&mut self) {
        self.floor = None;
    }

    /// The eyes are as high as this stature has them from now on.
    pub fn set_stature(&mut self, stature: Stature) {
        if self.stature != stature {
            self.stature = stature;
            self.set_head();
        }
    }

    /// The body stops at the edge of these places; who is inside may stay and leave.
    pub fn set_shut(&mut self, shut: Vec<Bounds>) {
        self.shut = shut;
    }

    /// Whether it came to the edge of such a place; asks once.
    pub fn take_stop(&mut self) -> bool {
        std::mem::take(&mut self.is_stopped)
    }

    /// Whether a step leads into a place that is shut, as the server judges it.
    fn is_kept_out(&mut self, from: Vec3, to: Vec3) -> bool {
        let is_out = self.shut.iter().any(|bounds| bounds.is_entered(from, to));
        self.is_stopped |= is_out;
        is_out
    }

    /// Turns the body and the look.
    pub fn face(&mut self, yaw: f32, pitch: f32) {
        self.pose.yaw = wrapped(yaw);
        self.pitch = pitch.clamp(-MAX_PITCH, MAX_PITCH);
        self.recenter();
        self.set_head();
    }

    /// Shows a gesture for a moment.
    pub fn gesture(&mut self, gesture: Gesture) {
        self.pose.gesture = gesture;
        self.gesture_secs = GESTURE_SECS;
    }

    /// Moves for `dt` seconds as the intent wants.
    pub fn step(&mut self, dt: f32, intent: &Intent, walkable: Option<&Walkable>) {
        let was_away = std::mem::replace(&mut self.is_away, intent.is_away);
        self.pose.yaw = wrapped(self.pose.yaw + intent.turn);
        self.curls = intent.tracked.map_or([None; 2], |tracked| tracked.curls);
        match &intent.tracked {
            Some(tracked) => self.be_tracked(tracked, intent.turn, walkable),
            // The head stays as it was; wherever the headset is put on again, it is over the root.
            None if was_away || self.is_away => {
                (self.pose.hands, self.pose.fingers) = ([None; 2], [None; 2]);
                self.alignment = self.alignment.or(Some(Alignment::Center));
            }
            None => {
                self.pitch = (self.pitch + intent.look_up).clamp(-MAX_PITCH, MAX_PITCH);
                self.set_head();
            }
        }
        self.jump_wait_secs -= dt;
        self.gesture_secs -= dt;
        if self.gesture_secs <= 0.0 {
            self.pose.gesture = Gesture::None;
        }
        let walked = walkable.filter(|_| !self.is_seated()).map(|walkable| self.walk(dt, intent, walkable));
        self.walked_speed = walked.filter(|_| dt > 0.0).map_or(0.0, |metres| metres / dt);
    }

    /// A pose that a headset tracks, in the root's frame.
    pub fn in_root(&self, tracked: &RigidPose) -> RigidPose {
        self.play.in_root(tracked)
    }

    /// The way back: a pose of the root's frame where the headset tracks.
    pub fn in_play_space(&self, pose: &RigidPose) -> RigidPose {
        self.play.out_of_root(pose)
    }

    /// Brings head and hands to where the headset has them; the root follows the head's steps and turns.
    fn be_tracked(&mut self, tracked: &TrackedPoses, turn: f32, walkable: Option<&Walkable>) {
        let head = &tracked.head;
        self.raise(tracked.raised_metres);
        match self.alignment.take() {
            Some(Alignment::Face) => {
                let eye_height = self.is_seated().then(|| self.eye_height());
                self.play.face(head, self.raised_metres, eye_height);
            }
            Some(Alignment::Center) => self.play.center(head),
            None => self.play.turn_about_head(turn, head),
        }
        let twist = self.play.twist(head);
        // Who sits turns the head alone, and the seat stays below.
        if !self.is_seated() && twist != 0.0 {
            self.pose.yaw = wrapped(self.pose.yaw + twist);
            self.play.follow_turn(twist);
        }
        if let Some(walkable) = walkable
            && !self.is_seated()
        {
            self.follow_head(head, walkable);
        }
        self.pose.head = self.play.in_root(head);
        // Whoever is away holds nothing: the hands lie where the device was put down.
        self.pose.hands = if self.is_away { [None; 2] } else { tracked.hands.map(|hand| self.held(&hand?)) };
        let fingers = |side: usize| self.pose.hands[side].and(self.curls[side]).map(Fingers::of_curls);
        self.pose.fingers = [fingers(0), fingers(1)];
    }

    /// A hand in the root's frame.
    fn held(&self, hand: &RigidPose) -> Option<RigidPose> {
        let hand = self.play.in_root(hand);
        (hand.position.distance(self.pose.head.position) <= HAND_REACH).then_some(hand)
    }

    /// The eyes were measured anew. Whoever sits in the venue has the seat's.
    fn raise(&mut self, metres: f32) {
        let by = metres - std::mem::replace(&mut self.raised_metres, metres);
        if !self.is_seated() {
            self.play.raise(by);
        }
    }

    /// Lets the root step after a head that went beside it, as far as the floor goes.
    fn follow_head(&mut self, head: &RigidPose, walkable: &Walkable) {
        let lag = self.play.lag(head);
        if lag == Vec2::ZERO {
            return;
        }
        self.floor = self.floor.or_else(|| walkable.locate(self.pose.root, FLOOR_REACH));
        let Some(floor) = self.floor else { return };
        let building_from_root = Quat::from_rotation_y(self.pose.yaw);
        let reached =
            walkable.walk(floor, floor.position + building_from_root * Vec3::new(lag.x, 0.0, lag.y));
        if self.is_kept_out(floor.position, reached.position) {
            return;
        }
        let moved = building_from_root.inverse() * (reached.position - floor.position);
        // The real floor has no stairs: with the root the person goes up and down.
        self.play.follow_move(Vec3::new(moved.x, 0.0, moved.z));
        self.floor = Some(reached);
        self.pose.root = reached.position;
    }

    /// Walks by the person's wish as far as the floor goes; how far it came, metres.
    fn walk(&mut self, dt: f32, intent: &Intent, walkable: &Walkable) -> f32 {
        if self.floor.is_none() {
            self.floor = walkable.locate(self.pose.root, FLOOR_REACH);
        }
        let Some(floor) = self.floor else { return 0.0 };
        let speed = if intent.run { RUN_SPEED } else { WALK_SPEED };
        let wanted = intent.walk.clamp_length_max(1.0) * speed;
        self.velocity += (wanted - self.velocity) * (AGILITY * dt).min(1.0);
        if wanted == Vec2::ZERO && self.velocity.length() < 0.05 {
            self.velocity = Vec2::ZERO;
            return 0.0;
        }
        let step = Vec3::new(self.velocity.x, 0.0, -self.velocity.y) * dt;
        let wanted = floor.position + Quat::from_rotation_y(self.pose.yaw) * step;
        let reached = walkable.walk(floor, wanted);
        if self.is_kept_out(floor.position, reached.position) {
            self.velocity = Vec2::ZERO;
            return 0.0;
        }
        self.floor = Some(reached);
        self.pose.root = reached.position;
        reached.position.xz().distance(floor.position.xz())
    }

    /// Whether the last jump is so long ago that the server takes another.
    pub fn may_jump(&self) -> bool {
        self.jump_wait_secs <= 0.0
    }

    /// Jumps to the floor near `target` if that is allowed; tells whether it did.
    pub fn teleport(&mut self, target: Vec3, walkable: &Walkable) -> bool {
        let Some(to) = teleport_target(self.floor, target, walkable).filter(|_| !self.is_seated()) else {
            return false;
        };
        let from = self.pose.root;
        if self.is_kept_out(from, to.position) {
            return false;
        }
        self.floor = Some(to);
        self.jump_wait_secs = SpeedLimit::default().teleport_pause_secs + JUMP_JITTER_SECS;
        self.pose.root = to.position;
        self.velocity = Vec2::ZERO;
        self.alignment = self.alignment.or(Some(Alignment::Center));
        true
    }

    /// Height of the eyes of somebody whom no headset tracks.
    fn eye_height(&self) -> f32 {
        match self.stature {
            Stature::Walks { seat_metres } | Stature::Rolls { seat_metres } if self.is_seated() => {
                seated_eye_height(seat_metres)
            }
            Stature::Rolls { .. } => WHEELCHAIR_EYE_HEIGHT,
            Stature::Walks { .. } => STANDING_EYE_HEIGHT,
        }
    }

    fn set_head(&mut self) {
        let position = Vec3::Y * self.eye_height();
        self.pose.head = RigidPose { position, orientation: Quat::from_rotation_x(self.pitch) };
    }
}

/// The floor point that a jump from `from` to `target` ends on; none where the server would refuse it.
pub fn teleport_target(from: Option<FloorPoint>, target: Vec3, walkable: &Walkable) -> Option<FloorPoint> {
    let from = from?;
    let to = walkable.locate(target, 0.6)?;
    let is_near = from.position.distance(to.position) <= TELEPORT_RANGE;
    let way = if is_near { walkable.path_within(from, to, 2.0 * TELEPORT_RANGE) } else { None };
    way.map(|_| to)
}

fn wrapped(angle: f32) -> f32 {
    use std::f32::consts::{PI, TAU};
    (angle + PI).rem_euclid(TAU) - PI
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::square_room;
    use venue_model::SeatId;

    const DT: f32 = 1.0 / 60.0;

    fn body_in(walkable: &Walkable) -> OwnBody {
        let mut body = OwnBody::default();
        let at = Place { position: Vec3::ZERO, yaw: 0.0 };
        body.place(at, Posture::Standing, Placement(1), PlacementCause::Entered);
        body.step(DT, &Intent::default(), Some(walkable));
        body
    }

    fn walk_ahead(body: &mut OwnBody, walkable: &Walkable, secs: f32) {
        let intent = Intent { walk: Vec2::Y, ..Intent::default() };
        for _ in 0..(secs / DT) as u32 {
            body.step(DT, &intent, Some(walkable));
        }
    }

    #[test]
    fn walking_ahead_leads_along_the_facing_direction_at_walking_speed() {
        let room = square_room(10.0);
        let mut body = body_in(&room);
        walk_ahead(&mut body, &room, 2.0);
        let metres = -body.pose().root.z;
        assert!((2.0 * WALK_SPEED * 0.85..=2.0 * WALK_SPEED).contains(&metres), "{metres}");
        body.face(std::f32::consts::FRAC_PI_2, 0.0);
        let before = body.pose().root.x;
        walk_ahead(&mut body, &room, 1.0);
        assert!(body.pose().root.x < before - 1.0, "positive yaw turns left, towards -x");
    }

    #[test]
    fn a_place_that_is_kept_for_others_stops_the_body_and_lets_it_out() {
        let room = square_room(10.0);
        let mut body = body_in(&room);
        let shut = Bounds { min: Vec3::new(-2.0, 0.0, -6.0), max: Vec3::new(2.0, 3.0, -2.0) };
        body.set_shut(vec![shut]);
        walk_ahead(&mut body, &room, 4.0);
        assert!((-2.0..-1.9).contains(&body.pose().root.z), "{}", body.pose().root);
        assert!(body.take_stop() && !body.take_stop());
        assert!(!body.teleport(Vec3::new(0.0, 0.0, -4.0), &room), "nor by a jump");
        body.set_shut(Vec::new());
        assert!(body.teleport(Vec3::new(0.0, 0.0, -4.0), &room));
        body.set_shut(vec![shut]);
        walk_ahead(&mut body, &room, 0.5);
        assert!(body.pose().root.z < -4.3, "who is inside walks about");
        walk_ahead(&mut body, &room, 4.0);
        assert!(body.pose().root.z < -6.5, "and out");
    }

    #[test]
    fn a_wall_stops_the_body() {
        let room = square_room(3.0);
        let mut body = body_in(&room);
        walk_ahead(&mut body, &room, 10.0);
        assert!((body.pose().root.z + 3.0).abs() < 0.05, "{}", body.pose().root);
    }

    #[test]
    fn the_speed_is_that_of_the_walk_and_none_before_a_wall() {
        let room = square_room(3.0);
        let mut body = body_in(&room);
        walk_ahead(&mut body, &room, 1.0);
        assert!((body.speed() - WALK_SPEED).abs() < 0.05, "{}", body.speed());
        walk_ahead(&mut body, &room, 9.0);
        assert!(body.speed() < 0.01, "{}", body.speed());
        // Along the wall one moves again, by the part of the wish that leads there.
        body.face(0.25 * std::f32::consts::PI, 0.0);
        walk_ahead(&mut body, &room, 0.5);
        assert!((body.speed() - 0.5f32.sqrt() * WALK_SPEED).abs() < 0.1, "{}", body.speed());
        let seat = Place { position: Vec3::ZERO, yaw: 0.0 };
        body.place(seat, Posture::Seated(SeatId(4)), Placement(2), PlacementCause::SatDown);
        walk_ahead(&mut body, &room, 0.1);
        assert_eq!(body.speed(), 0.0);
    }

    #[test]
    fn a_seated_body_stays_and_its_head_is_lower() {
        let room = square_room(5.0);
        let mut body = body_in(&room);
        let seat = Place { position: Vec3::new(1.0, 0.0, 1.0), yaw: 1.0 };
        body.place(seat, Posture::Seated(SeatId(4)), Placement(2), PlacementCause::SatDown);
        walk_ahead(&mut body, &room, 1.0);
        assert_eq!(body.pose().root, seat.position);
        let eyes = |body: &OwnBody| body.pose().head.position.y;
        assert!((eyes(&body) - 1.2).abs() < 1e-6);
        body.set_stature(Stature::Walks { seat_metres: 0.76 });
        assert!((eyes(&body) - 1.51).abs() < 1e-6, "on a bar stool");
        body.set_stature(Stature::Rolls { seat_metres: 0.45 });
        assert!((eyes(&body) - 1.2).abs() < 1e-6, "moved over from the wheelchair");
        assert!(!body.teleport(Vec3::ZERO, &room));
    }

    #[test]
    fn a_door_does_not_put_the_body_back() {
        let room = square_room(10.0);
        let mut body = body_in(&room);
        walk_ahead(&mut body, &room, 1.0);
        let before = *body.pose();
        let seen = Place { position: before.root + Vec3::Z * 0.4, yaw: 0.0 };
        body.place(seen, Posture::Standing, Placement(9), PlacementCause::Door);
        assert_eq!((body.pose().root, body.placement()), (before.root, Placement(9)));
        body.place(seen, Posture::Standing, Placement(10), PlacementCause::TooFast);
        assert_eq!(body.pose().root, seen.position);
    }

    #[test]
    fn a_jump_ends_on_the_floor_or_does_not_happen() {
        let room = square_room(8.0);
        let mut body = body_in(&room);
        assert!(body.teleport(Vec3::new(4.0, 0.3, -4.0), &room));
        assert!((body.pose().root - Vec3::new(4.0, 0.0, -4.0)).length() < 0.01);
        assert!(!body.teleport(Vec3::new(30.0, 0.0, 0.0), &room));
    }

    #[test]
    fn a_gesture_ends() {
        let room = square_room(5.0);
        let mut body = body_in(&room);
        body.gesture(Gesture::Wave);
        assert_eq!(body.pose().gesture, Gesture::Wave);
        walk_ahead(&mut body, &room, 3.0);
        assert_eq!(body.pose().gesture, Gesture::None);
    }

    #[test]
    fn one_can_not_look_over_ones_own_back() {
        let mut body = OwnBody::default();
        body.step(DT, &Intent { look_up: 9.0, ..Intent::default() }, None);
        assert!(body.pitch() <= MAX_PITCH);
        assert!(body.pose().is_plausible());
    }

    fn worn(position: Vec3, yaw: f32) -> Intent {
        let head = RigidPose { position, orientation: Quat::from_rotation_y(yaw) };
        let hand = RigidPose { position: position + Vec3::new(0.2, -0.4, -0.3), orientation: Quat::IDENTITY };
        Intent {
            tracked: Some(TrackedPoses {
                head,
                hands: [None, Some(hand)],
                curls: [None; 2],
                raised_metres: 0.0,
            }),
            ..Intent::default()
        }
    }

    #[test]
    fn a_tracked_head_begins_over_the_root_and_moves_by_what_it_really_moves() {
        let room = square_room(5.0);
        let mut body = body_in(&room);
        body.step(DT, &worn(Vec3::new(0.4, 1.7, 2.0), 0.9), Some(&room));
        let before = body.pose().head_in_building();
        assert!(before.position.abs_diff_eq(Vec3::Y * 1.7, 1e-5), "{before:?}");
        assert!(before.orientation.angle_between(Quat::IDENTITY) < 1e-3);
        // Along what was ahead of the person, a metre, with a turn to the right.
        let ahead = Quat::from_rotation_y(0.9) * Vec3::NEG_Z;
        body.step(DT, &worn(Vec3::new(0.4, 1.6, 2.0) + ahead, 0.9 - 1.4), Some(&room));
        let after = body.pose().head_in_building();
        assert!(after.position.abs_diff_eq(Vec3::new(0.0, 1.6, -1.0), 1e-4), "{after:?}");
        assert!(after.orientation.angle_between(Quat::from_rotation_y(-1.4)) < 1e-3);
        assert!((body.pose().root.z + 0.8).abs() < 1e-3, "the root follows: {}", body.pose().root);
        assert!(body.pose().yaw < -0.3, "and turns: {}", body.pose().yaw);
        assert!(body.pose().hands[1].is_some() && body.pose().is_plausible());
    }

    #[test]
    fn a_wall_stops_the_root_of_a_tracked_head_but_not_the_head() {
        let room = square_room(1.0);
        let mut body = body_in(&room);
        body.step(DT, &worn(Vec3::Y * 1.7, 0.0), Some(&room));
        body.step(DT, &worn(Vec3::new(0.0, 1.7, -1.8), 0.0), Some(&room));
        assert!((body.pose().root.z + 1.0).abs() < 0.06, "{}", body.pose().root);
        assert!((body.pose().head_in_building().position.z + 1.8).abs() < 1e-3);
    }

    #[test]
    fn who_sits_down_with_a_headset_has_seated_eyes_and_stands_up_at_their_own_height() {
        let room = square_room(5.0);
        let mut body = body_in(&room);
        let standing = worn(Vec3::new(0.0, 1.82, 0.0), 0.0);
        body.step(DT, &standing, Some(&room));
        let seat = Place { position: Vec3::new(1.0, 0.0, 1.0), yaw: 1.0 };
        body.place(seat, Posture::Seated(SeatId(4)), Placement(2), PlacementCause::SatDown);
        body.step(DT, &standing, Some(&room));
        assert!((body.pose().head.position.y - 1.2).abs() < 1e-5);
        body.place(seat, Posture::Standing, Placement(3), PlacementCause::StoodUp);
        body.step(DT, &standing, Some(&room));
        assert!((body.pose().head.position.y - 1.82).abs() < 1e-5);
    }

    #[test]
    fn who_is_away_rests() {
        let room = square_room(5.0);
        let mut body = body_in(&room);
        body.step(DT, &worn(Vec3::Y * 1.6, 0.0), Some(&room));
        // A menu of the system lies over the venue: one looks around in it, but does nothing.
        body.step(DT, &Intent { is_away: true, ..worn(Vec3::Y * 1.5, 0.0) }, Some(&room));
        assert!(body.is_away() && body.pose().hands == [None; 2] && body.pose().head.position.y < 1.51);
        // The headset is off, and put on again at the other end of the room.
        body.step(DT, &Intent { is_away: true, ..Intent::default() }, Some(&room));
        assert!((body.pose().head.position.y - 1.5).abs() < 1e-5);
        body.step(DT, &worn(Vec3::new(3.0, 1.6, 0.0), 0.0), Some(&room));
        assert!(!body.is_away() && body.pose().hands[1].is_some());
        assert!(body.pose().root.length() < 1e-3, "nobody walked: {}", body.pose().root);
    }

    #[test]
    fn a_controller_that_was_left_behind_is_no_hand() {
        let room = square_room(5.0);
        let mut body = body_in(&room);
        let left_behind = worn(Vec3::Y * 1.6, 0.0);
        body.step(DT, &left_behind, Some(&room));
        assert!(body.pose().hands[1].is_some());
        let mut gone = left_behind.clone();
        gone.tracked.as_mut().unwrap().head.position.z = -4.0;
        body.step(DT, &gone, Some(&room));
        assert!(body.pose().hands == [None; 2] && body.pose().is_plausible(), "{:?}", body.pose());
    }

    #[test]
    fn a_jump_ends_below_the_tracked_head() {
        let room = square_room(8.0);
        let mut body = body_in(&room);
        body.step(DT, &worn(Vec3::Y * 1.7, 0.0), Some(&room));
        let beside = worn(Vec3::new(0.15, 1.7, 0.0), 0.5);
        body.step(DT, &beside, Some(&room));
        assert!(body.teleport(Vec3::new(4.0, 0.0, -4.0), &room));
        body.step(DT, &beside, Some(&room));
        let head = body.pose().head_in_building();
        assert!(head.position.abs_diff_eq(Vec3::new(4.0, 1.7, -4.0), 1e-3), "{head:?}");
        assert!(
            head.orientation.angle_between(Quat::from_rotation_y(0.5)) < 1e-3,
            "one still looks where one did"
        );
    }
}
