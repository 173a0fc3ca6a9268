//! Where a panel hangs: before the person when it opens, at a comfortable distance and a little below the eyes, following
//! only when they turn or walk far away from it; or on the wrist like a watch.
//!
//! It must not know what the panel shows or who points at it. Frames are the root's: who jumps or turns by a stick takes the
//! panel along.

use super::surface::{Surface, metres_per_point};
use glam::{Mat3, Quat, Vec2, Vec3};
use venue_model::RigidPose;

/// From the eyes to the panel, metres: what hands reach, and where headsets' lenses are sharp enough.
pub const DISTANCE: f32 = 1.05;

/// How much lower than the eyes its middle is, metres: 10° down, where a head rests.
const BELOW_EYES: f32 = 0.18;

/// A panel follows when it is seen so far aside, degrees, or is so near or far; and stops when it is nearly back.
const FOLLOW_DEGREES: f32 = 50.0;
const FOLLOW_METRES: std::ops::RangeInclusive<f32> = 0.55..=1.7;
const FOLLOW_HEIGHT: f32 = 0.40;
const BACK_METRES: f32 = 0.02;

/// How quickly it follows, and how quickly the wrist's shaking is smoothed, 1/s.
const QUICKNESS: f32 = 5.0;
const WRIST_QUICKNESS: f32 = 14.0;

/// From the grip to the middle of the panel on the wrist, metres in the building's directions: above the hand.
const ABOVE_WRIST: f32 = 0.17;

/// The distance from the eyes that the wrist's panel is sized for, metres.
const WRIST_DISTANCE: f32 = 0.45;

/// Width and height of a panel before the person, and of the one on the wrist, points.
pub const SIZE: Vec2 = Vec2::new(480.0, 640.0);
pub const WRIST_SIZE: Vec2 = Vec2::new(480.0, 220.0);

/// The largest letters make a panel so much larger.
const LARGEST: f32 = 1.35;

/// What a panel hangs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mount {
    /// Before the person.
    #[default]
    Air,
    /// On the wrist of the hand that does not point.
    Wrist,
}

/// A panel's place in the room.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hang {
    mount: Mount,
    pose: Option<RigidPose>,
    follows: bool,
}

impl Hang {
    /// The panel opens: it is put before the person with the next step.
    pub fn open(&mut self) {
        (self.pose, self.follows) = (None, false);
    }

    /// Hangs on something else from the next step on.
    pub fn set_mount(&mut self, mount: Mount) {
        if self.mount != mount {
            self.mount = mount;
            self.open();
        }
    }

    /// What it hangs on.
    pub fn mount(&self) -> Mount {
        self.mount
    }

    /// Moves on by `dt` seconds; none while it hangs on a wrist that is not tracked. `text_scale` is the size of letters.
    pub fn step(
        &mut self,
        head: &RigidPose,
        wrist: Option<&RigidPose>,
        text_scale: f32,
        dt: f32,
    ) -> Option<Surface> {
        match self.mount {
            Mount::Air => self.hang_in_air(head, dt),
            Mount::Wrist => match wrist {
                Some(wrist) => self.hang_on_wrist(head, wrist, dt),
                None => self.open(),
            },
        }
        let (size, distance) = match self.mount {
            Mount::Air => (SIZE * text_scale.clamp(1.0, LARGEST), DISTANCE),
            Mount::Wrist => (WRIST_SIZE, WRIST_DISTANCE),
        };
        self.pose.map(|root_from_panel| Surface {
            root_from_panel,
            size,
            metres_per_point: metres_per_point(distance),
        })
    }

    fn hang_in_air(&mut self, head: &RigidPose, dt: f32) {
        let wanted = before(head);
        let Some(pose) = &mut self.pose else {
            self.pose = Some(wanted);
            return;
        };
        self.follows |= is_left_behind(head, pose);
        if self.follows {
            let part = 1.0 - (-QUICKNESS * dt.max(0.0)).exp();
            // Around the head and not through it.
            let place = around(head.position, pose.position, wanted.position, part);
            *pose = RigidPose { position: place, orientation: facing(place, head.position) };
            self.follows = place.distance(wanted.position) > BACK_METRES;
        }
    }

    fn hang_on_wrist(&mut self, head: &RigidPose, wrist: &RigidPose, dt: f32) {
        let place = wrist.position + Vec3::Y * ABOVE_WRIST;
        let wanted = RigidPose { position: place, orientation: facing(place, head.position) };
        let part = 1.0 - (-WRIST_QUICKNESS * dt.max(0.0)).exp();
        self.pose = Some(match self.pose {
            None => wanted,
            Some(pose) => RigidPose {
                position: pose.position.lerp(wanted.position, part),
                orientation: pose.orientation.slerp(wanted.orientation, part).normalize(),
            },
        });
    }
}

/// The way that a head looks, seen from above; a head that looks straight up or down is turned where its crown or chin is.
pub(super) fn ahead(head: &RigidPose) -> Vec3 {
    let flat = |direction: Vec3| Vec3::new(direction.x, 0.0, direction.z);
    let (look, up) = (head.orientation * Vec3::NEG_Z, head.orientation * Vec3::Y);
    let flat_up = if look.y > 0.0 { -flat(up) } else { flat(up) };
    // Both agree wherever they are long; near the poles the second takes over.
    (flat(look) + flat_up * look.y.abs().powi(4)).try_normalize().unwrap_or(Vec3::NEG_Z)
}

/// The pose before a head.
fn before(head: &RigidPose) -> RigidPose {
    let down = Vec3::Y * -BELOW_EYES;
    let ahead = ahead(head) * (DISTANCE * DISTANCE - BELOW_EYES * BELOW_EYES).sqrt();
    let position = head.position + ahead + down;
    RigidPose { position, orientation: facing(position, head.position) }
}

/// Upright, and tilted to the eyes.
fn facing(place: Vec3, eyes: Vec3) -> Quat {
    let normal = (eyes - place).try_normalize().unwrap_or(Vec3::Z);
    let right = Vec3::Y.cross(normal).try_normalize().unwrap_or(Vec3::X);
    Quat::from_mat3(&Mat3::from_cols(right, normal.cross(right), normal)).normalize()
}

fn is_left_behind(head: &RigidPose, panel: &RigidPose) -> bool {
    let to_panel = panel.position - head.position;
    let flat = Vec3::new(to_panel.x, 0.0, to_panel.z);
    let aside = ahead(head).angle_between(flat.try_normalize().unwrap_or(Vec3::NEG_Z));
    aside.to_degrees() > FOLLOW_DEGREES
        || !FOLLOW_METRES.contains(&to_panel.length())
        || (to_panel.y + BELOW_EYES).abs() > FOLLOW_HEIGHT
}

/// A part of the way on an arc about a centre.
fn around(centre: Vec3, from: Vec3, to: Vec3, part: f32) -> Vec3 {
    let polar = |place: Vec3| {
        let off = place - centre;
        (off.x.atan2(-off.z), Vec2::new(off.x, off.z).length(), off.y)
    };
    let ((from_angle, from_radius, from_y), (to_angle, to_radius, to_y)) = (polar(from), polar(to));
    let turn = (to_angle - from_angle + std::f32::consts::PI).rem_euclid(std::f32::consts::TAU)
        - std::f32::consts::PI;
    let (angle, radius) = (from_angle + turn * part, from_radius + (to_radius - from_radius) * part);
    centre + Vec3::new(angle.sin() * radius, from_y + (to_y - from_y) * part, -angle.cos() * radius)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DT: f32 = 1.0 / 90.0;

    fn head(yaw: f32, pitch: f32) -> RigidPose {
        let orientation = Quat::from_rotation_y(yaw) * Quat::from_rotation_x(pitch);
        RigidPose { position: Vec3::new(0.1, 1.65, 0.2), orientation }
    }

    fn opened(head: &RigidPose) -> (Hang, Surface) {
        let mut hang = Hang::default();
        let surface = hang.step(head, None, 1.0, DT).unwrap();
        (hang, surface)
    }

    #[test]
    fn a_panel_opens_before_the_person_at_arm_s_reach_and_looks_at_their_eyes() {
        let (_, surface) = opened(&head(0.7, -0.3));
        let to_eyes = head(0.7, -0.3).position - surface.root_from_panel.position;
        assert!((to_eyes.length() - DISTANCE).abs() < 1e-4);
        assert!(to_eyes.normalize().dot(surface.normal()) > 0.9999, "tilted to the eyes");
        assert!(surface.root_from_panel.position.y < 1.65 - 0.1, "a little below them");
        let right = surface.root_from_panel.orientation * Vec3::X;
        assert!(right.y.abs() < 1e-5, "and level");
        // A row of the panels is 44 points high, a key of the keyboard 38 wide.
        let degrees = |points: f32| (points * surface.metres_per_point / DISTANCE).atan().to_degrees();
        assert!(degrees(44.0) > 3.5 && degrees(36.0) > 2.5, "{}", degrees(36.0));
    }

    #[test]
    fn it_stays_while_one_looks_around_and_follows_who_turns_away() {
        let (mut hang, first) = opened(&head(0.0, 0.0));
        for yaw in [0.3, -0.6, 0.8] {
            assert_eq!(hang.step(&head(yaw, -0.4), None, 1.0, DT), Some(first));
        }
        let turned = head(1.6, 0.0);
        let mut before = first;
        for _ in 0..270 {
            let now = hang.step(&turned, None, 1.0, DT).unwrap();
            let step = now.root_from_panel.position.distance(before.root_from_panel.position);
            assert!(step < 0.12, "it glides: {step}");
            let metres = now.root_from_panel.position.distance(turned.position);
            assert!((0.9..1.2).contains(&metres), "around the person: {metres}");
            before = now;
        }
        assert!(before.root_from_panel.position.distance(opened(&turned).1.root_from_panel.position) < 0.05);
        // It rests there, and does not follow every nod from now on.
        assert_eq!(hang.step(&head(1.3, 0.0), None, 1.0, DT), hang.step(&head(1.8, 0.2), None, 1.0, DT));
    }

    #[test]
    fn it_follows_who_sits_down_or_walks_away() {
        let (mut hang, first) = opened(&head(0.0, 0.0));
        let sitting = RigidPose { position: Vec3::new(0.1, 1.1, 0.2), ..head(0.0, 0.0) };
        let low = (0..270).filter_map(|_| hang.step(&sitting, None, 1.0, DT)).last().unwrap();
        assert!(low.root_from_panel.position.y < first.root_from_panel.position.y - 0.5);
        let away = RigidPose { position: Vec3::new(0.1, 1.1, 2.0), ..head(0.0, 0.0) };
        let near = (0..270).filter_map(|_| hang.step(&away, None, 1.0, DT)).last().unwrap();
        assert!((near.root_from_panel.position.distance(away.position) - DISTANCE).abs() < 0.05);
    }

    #[test]
    fn a_panel_on_the_wrist_is_above_the_hand_and_goes_with_it() {
        let mut hang = Hang::default();
        hang.set_mount(Mount::Wrist);
        assert_eq!(hang.step(&head(0.0, 0.0), None, 1.0, DT), None, "the hand is not tracked");
        let wrist = RigidPose { position: Vec3::new(-0.2, 1.2, -0.15), ..RigidPose::default() };
        let surface = hang.step(&head(0.0, 0.0), Some(&wrist), 1.0, DT).unwrap();
        assert!(surface.metres().x < 0.4, "as large as a hand and a half: {}", surface.metres());
        assert!(surface.before(head(0.0, 0.0).position) > 0.3, "its face is to the eyes");
        let moved = RigidPose { position: Vec3::new(0.1, 1.3, -0.2), ..wrist };
        let late = (0..90).filter_map(|_| hang.step(&head(0.0, 0.0), Some(&moved), 1.0, DT)).last().unwrap();
        assert!(late.root_from_panel.position.distance(moved.position + Vec3::Y * ABOVE_WRIST) < 0.01);
    }

    #[test]
    fn large_letters_have_a_larger_panel() {
        let mut hang = Hang::default();
        let surface = hang.step(&head(0.0, 0.0), None, 2.0, DT).unwrap();
        assert!(surface.size.x > SIZE.x * 1.3 && surface.metres().x < 1.0);
    }

    proptest! {
        #[test]
        fn it_is_finite_upright_and_before_the_eyes_whatever_the_head_does(
            turns in prop::collection::vec((-3.2f32..3.2, -1.57f32..1.57, -0.8f32..0.8), 1..60)
        ) {
            let mut hang = Hang::default();
            for (yaw, pitch, aside) in turns {
                let mut head = head(yaw, pitch);
                head.position.x += aside;
                let surface = hang.step(&head, None, 1.0, DT).unwrap();
                let pose = surface.root_from_panel;
                prop_assert!(pose.position.is_finite() && pose.orientation.is_normalized());
                prop_assert!((pose.orientation * Vec3::Y).y > 0.1, "upright");
            }
        }
    }
}
