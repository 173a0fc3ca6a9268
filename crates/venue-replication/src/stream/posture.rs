//! Where the root is below the head, and what of a body changes rarely.

use crate::arithmetic::{Channel, Distribution, TOTAL};
use crate::detail::Detail;
use crate::stream::limb::{FARTHEST, Limb};
use crate::whole;
use glam::{IVec3, Quat, Vec3};
use std::f32::consts::TAU;
use venue_model::{BodyPose, Fingers, Gesture, Posture, SeatId};

/// Bits of a yaw that is told: steps of 0.18°.
const YAW_BITS: u32 = 11;

/// A root may lie this far from where it should, lattice coordinates.
const ROOT_SLACK: i32 = 2;

/// The same of the yaw, as a part of the bound of a turn.
const YAW_SLACK: f32 = 2.0;

/// How a root goes with its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gait {
    /// It follows the head: who walks, or turns around.
    Follows,
    /// It stays: who sits, or leans.
    Stays,
    /// It is told.
    Told,
}

impl Gait {
    const ALL: [Self; 3] = [Self::Follows, Self::Stays, Self::Told];

    /// What it does next; whoever did something does it on, if that leads there.
    fn next(self, channel: &mut impl Channel, can_follow: bool, can_stay: bool) -> Self {
        let wished = match (can_follow, can_stay) {
            (true, true) if self == Self::Stays => Self::Stays,
            (true, _) => Self::Follows,
            (false, true) => Self::Stays,
            (false, false) => Self::Told,
        };
        let often = match self {
            Self::Follows => [0, 30_800, 32_000, TOTAL as u16],
            Self::Stays => [0, 1_200, 32_000, TOTAL as u16],
            Self::Told => [0, 10_000, 20_000, TOTAL as u16],
        };
        Self::ALL[channel.symbol(wished as usize, Distribution(&often)).min(2)]
    }

    fn transfer_whole(self, channel: &mut impl Channel) -> Self {
        Self::ALL[(channel.number(self as u32, 2) as usize).min(2)]
    }
}

/// The root and its yaw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stance {
    root: IVec3,
    /// Root from head, where the root follows.
    below: IVec3,
    along: Gait,
    height: Gait,
    yaw: f32,
    yaw_gait: Gait,
    /// The yaw from the head's.
    aside: f32,
}

/// The turn of a head about the vertical, radians.
fn twist(head: &Limb, detail: &Detail) -> f32 {
    let orientation: Quat = head.pose(detail).orientation;
    2.0 * orientation.y.atan2(orientation.w)
}

fn turns_apart(a: f32, b: f32) -> f32 {
    let turns = (a - b) / TAU;
    (turns - turns.round()) * TAU
}

fn bounded(root: IVec3) -> IVec3 {
    root.clamp(IVec3::splat(-2 * FARTHEST), IVec3::splat(2 * FARTHEST))
}

fn on_lattice(root: Vec3, detail: &Detail) -> IVec3 {
    bounded((root / detail.metres).round().as_ivec3())
}

impl Stance {
    pub(crate) fn new(head: &Limb, root: Vec3, yaw: f32, detail: &Detail) -> Self {
        let root = on_lattice(root, detail);
        let yaw = told_yaw(steps_of_yaw(yaw));
        Self {
            root,
            below: root - head.place(),
            along: Gait::Follows,
            height: Gait::Stays,
            yaw,
            yaw_gait: Gait::Follows,
            aside: turns_apart(yaw, twist(head, detail)),
        }
    }

    /// The root, metres from the space's origin, and the yaw, radians.
    pub(crate) fn place(&self, detail: &Detail) -> (Vec3, f32) {
        (self.root.as_vec3() * detail.metres, self.yaw)
    }

    pub(crate) fn update(
        &mut self,
        channel: &mut impl Channel,
        head: &Limb,
        root: Vec3,
        yaw: f32,
        detail: &Detail,
    ) {
        let wanted = on_lattice(root, detail);
        let follower = head.place() + self.below;
        let is_near = |a: i32, b: i32| (a - b).abs() <= ROOT_SLACK;
        let is_near_along = |at: IVec3| is_near(at.x, wanted.x) && is_near(at.z, wanted.z);
        self.along = self.along.next(channel, is_near_along(follower), is_near_along(self.root));
        self.height =
            self.height.next(channel, is_near(follower.y, wanted.y), is_near(self.root.y, wanted.y));
        [self.root.x, self.root.z] = match self.along {
            Gait::Follows => [follower.x, follower.z],
            Gait::Stays => [self.root.x, self.root.z],
            Gait::Told => [
                self.root.x + whole::number(channel, wanted.x - self.root.x),
                self.root.z + whole::number(channel, wanted.z - self.root.z),
            ],
        };
        self.root.y = match self.height {
            Gait::Follows => follower.y,
            Gait::Stays => self.root.y,
            Gait::Told => self.root.y + whole::number(channel, wanted.y - self.root.y),
        };
        self.root = bounded(self.root);
        self.below = self.root - head.place();
        self.turn(channel, twist(head, detail), yaw, detail);
    }

    fn turn(&mut self, channel: &mut impl Channel, twist: f32, wanted: f32, detail: &Detail) {
        let is_near = |at: f32| turns_apart(at, wanted).abs() <= detail.radians * YAW_SLACK;
        self.yaw_gait = self.yaw_gait.next(channel, is_near(twist + self.aside), is_near(self.yaw));
        match self.yaw_gait {
            Gait::Follows => self.yaw = turns_apart(twist + self.aside, 0.0),
            Gait::Stays => {}
            Gait::Told => self.yaw = told_yaw(channel.number(steps_of_yaw(wanted), YAW_BITS)),
        }
        if self.yaw_gait != Gait::Follows {
            self.aside = turns_apart(self.yaw, twist);
        }
    }

    pub(crate) fn transfer(&self, channel: &mut impl Channel, head: &Limb) -> Self {
        let along = self.along.transfer_whole(channel);
        let height = self.height.transfer_whole(channel);
        let yaw_gait = self.yaw_gait.transfer_whole(channel);
        let below = whole::vector(channel, self.below);
        let yaw = fine_angle(channel.wide(fine_steps(self.yaw), 16));
        let aside = fine_angle(channel.wide(fine_steps(self.aside), 16));
        Self { root: head.place() + below, below, along, height, yaw, yaw_gait, aside }
    }
}

fn steps_of_yaw(yaw: f32) -> u32 {
    // A whole turn is none.
    (yaw.rem_euclid(TAU) / TAU * (1 << YAW_BITS) as f32).round() as u32 & ((1 << YAW_BITS) - 1)
}

fn told_yaw(steps: u32) -> f32 {
    turns_apart(steps as f32 / (1 << YAW_BITS) as f32 * TAU, 0.0)
}

fn fine_steps(angle: f32) -> u32 {
    (angle.rem_euclid(TAU) / TAU * 65_536.0).round() as u32 & 0xffff
}

fn fine_angle(steps: u32) -> f32 {
    turns_apart(steps as f32 / 65_536.0 * TAU, 0.0)
}

/// What changes rarely, and fingers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extras {
    pub(crate) fingers: [Option<Fingers>; 2],
    pub(crate) posture: Posture,
    pub(crate) gesture: Gesture,
}

/// How often posture or gesture change, of [`TOTAL`].
const RARELY: u32 = 120;

/// How often fingers change.
const SOMETIMES: u32 = 3_000;

/// A finger that moves stays, opens or closes by one or two steps, or does something else.
const FINGER: [u16; 7] = [0, 13_000, 21_000, 29_000, 30_600, 32_200, TOTAL as u16];
const FINGER_STEPS: [i32; 5] = [0, 1, -1, 2, -2];

impl Extras {
    pub(crate) fn of(pose: &BodyPose, detail: &Detail) -> Self {
        let hand = |side: usize| pose.hands[side].and(pose.fingers[side]).filter(|_| detail.has_fingers);
        Self { fingers: [hand(0), hand(1)], posture: pose.posture, gesture: pose.gesture }
    }

    pub(crate) fn update(&mut self, channel: &mut impl Channel, wanted: &Self) {
        let rare = |of: &Self| (of.posture, of.gesture, of.fingers.map(|fingers| fingers.is_some()));
        if channel.flag(rare(self) != rare(wanted), RARELY) {
            *self = wanted.transfer(channel);
            return;
        }
        for (fingers, wanted) in self.fingers.iter_mut().zip(wanted.fingers) {
            let Some(now) = *fingers else { continue };
            let wanted = wanted.unwrap_or_default();
            if channel.flag(now != wanted, SOMETIMES) {
                let mut steps = now.steps();
                for (step, wanted) in steps.iter_mut().zip(wanted.steps()) {
                    *step = finger(channel, *step, wanted);
                }
                *fingers = Fingers::of_steps(steps);
            }
        }
    }

    pub(crate) fn transfer(&self, channel: &mut impl Channel) -> Self {
        let posture = match (channel.flag(self.posture != Posture::Standing, TOTAL / 2), self.posture) {
            (false, _) => Posture::Standing,
            (true, Posture::Seated(SeatId(seat))) => {
                Posture::Seated(SeatId(channel.wide(u32::from(seat), 16) as u16))
            }
            (true, Posture::Standing) => Posture::Seated(SeatId(channel.wide(0, 16) as u16)),
        };
        let gesture = Gesture::ALL.iter().position(|gesture| *gesture == self.gesture).unwrap_or(0);
        let gesture = Gesture::ALL[channel.number(gesture as u32, 3) as usize];
        let mut fingers = [None; 2];
        for (seen, sent) in fingers.iter_mut().zip(self.fingers) {
            if channel.flag(sent.is_some(), TOTAL / 2) {
                let steps = sent.unwrap_or_default().steps();
                *seen = Fingers::of_steps(steps.map(|step| channel.number(u32::from(step), 4) as u8));
            }
        }
        Self { fingers, posture, gesture }
    }
}

fn finger(channel: &mut impl Channel, now: u8, wanted: u8) -> u8 {
    let by = i32::from(wanted) - i32::from(now);
    let known = FINGER_STEPS.iter().position(|step| *step == by);
    let symbol = channel.symbol(known.unwrap_or(FINGER_STEPS.len()), Distribution(&FINGER));
    match FINGER_STEPS.get(symbol) {
        Some(by) => (i32::from(now) + by).clamp(0, i32::from(Fingers::FIST)) as u8,
        None => channel.number(u32::from(wanted), 4) as u8,
    }
}
