//! The component of everybody who walks: where the server says that a body is.
//!
//! The visible body is another component; who watches because the house is full walks
//! without one. This file must not know navigation meshes beyond a point on them.

use crate::rate::{Bucket, Rate};
use std::collections::BTreeSet;
use std::sync::Arc;
use venue_model::{BodyPose, Gesture, Place, Posture, SeatId, ServerTime, SpaceId};
use venue_motion::{FloorPoint, StepAllowance};
use venue_protocol::{BodyPlaced, Placement, PlacementCause};
use venue_replication::Body;

/// One walker in a space's world.
#[derive(Debug)]
pub struct Walker {
    /// The last place that was accepted.
    pub floor: FloorPoint,
    /// The whole body there; a sitter's root is the seat's.
    pub pose: BodyPose,
    /// When the pose was sampled.
    pub sampled_at: ServerTime,
    /// Where the client says that it is, not judged yet: the latest wins.
    pub wanted: Option<Wanted>,
    /// What may still be moved; it is saved up with time, so that updates which the
    /// network bunches together are not taken for speed.
    pub allowance: StepAllowance,
    /// When the walker was last judged.
    pub judged_at: ServerTime,
    /// Counts how often the server put the walker somewhere; updates from before are void.
    pub placement: Placement,
    /// Number of the newest update; older ones that come later are void.
    pub newest: Option<u32>,
    /// The spaces that the walker may enter.
    pub allowed: Arc<BTreeSet<SpaceId>>,
    /// The seat under the walker, and the way a sitter faces.
    pub seat: Option<(SeatId, Place)>,
    /// Gestures that may still be made.
    gestures: Bucket,
    /// The gesture that the client asked for last.
    gesture_wanted: Gesture,
}

/// What a client's update says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// The body.
    pub pose: BodyPose,
    /// When the client sampled it, by its estimate of the server's time.
    pub sampled_at: ServerTime,
}

/// An update is not taken for older than this, µs: stamps decide only how others see the
/// movement, and a client that lies about them gains nothing.
const OLDEST_SAMPLE_MICROS: u64 = 1_000_000;

/// A greeting round is a wave for each; a body that twitches all the time is a nuisance.
const GESTURES: Rate = Rate { burst: 8.0, per_second: 1.0 };

impl Walker {
    /// Somebody who stands at a place.
    pub fn standing(floor: FloorPoint, yaw: f32, allowed: Arc<BTreeSet<SpaceId>>, now: ServerTime) -> Self {
        Self {
            floor,
            pose: BodyPose::standing(floor.position, yaw),
            sampled_at: now,
            wanted: None,
            allowance: StepAllowance::default(),
            judged_at: now,
            placement: Placement(1),
            newest: None,
            allowed,
            seat: None,
            gestures: Bucket::new(GESTURES, now),
            gesture_wanted: Gesture::None,
        }
    }

    /// Makes the gesture that the client asks for, unless it is one too many: then the body rests until another is
    /// asked for.
    pub fn gesture(&mut self, wanted: Gesture, now: ServerTime) {
        if std::mem::replace(&mut self.gesture_wanted, wanted) == wanted {
            return;
        }
        let may = wanted == Gesture::None || self.gestures.take(now);
        self.pose.gesture = if may { wanted } else { Gesture::None };
    }

    /// Seconds since the walker was last judged.
    pub fn secs_since_judged(&mut self, now: ServerTime) -> f32 {
        let micros = now.micros_since(self.judged_at);
        self.judged_at = now;
        micros as f32 * 1e-6
    }

    /// Takes an update if it is from after the last placement and newer than the others.
    /// Numbers wrap; one that is less than half a turn ahead is newer.
    pub fn offer(&mut self, placement: Placement, number: u32, wanted: Wanted) -> bool {
        let is_ahead = |newest| (1..0x8000_0000).contains(&number.wrapping_sub(newest));
        let is_newer = self.newest.is_none_or(is_ahead);
        if placement != self.placement || !is_newer {
            return false;
        }
        self.newest = Some(number);
        self.wanted = Some(wanted);
        true
    }

    /// Puts the walker on the floor by the server's will; what the client wanted is void.
    pub fn put(&mut self, floor: FloorPoint, yaw: f32, now: ServerTime) {
        self.floor = floor;
        self.pose.root = floor.position;
        self.pose.yaw = yaw;
        self.pose.posture = Posture::Standing;
        self.seat = None;
        self.place_anew(now);
    }

    /// Puts the walker on a seat; the floor point stays, to stand up on.
    pub fn sit(&mut self, seat: SeatId, place: Place, now: ServerTime) {
        self.pose.root = place.position;
        self.pose.yaw = place.yaw;
        self.pose.posture = Posture::Seated(seat);
        self.seat = Some((seat, place));
        self.place_anew(now);
    }

    /// Voids what the client sent before it hears of its new placement.
    pub fn place_anew(&mut self, now: ServerTime) {
        self.wanted = None;
        self.placement = self.placement.next();
        self.sampled_at = now;
    }

    /// Takes over when the accepted pose was sampled; time never runs backwards in it.
    pub fn note_sampling(&mut self, sampled_at: ServerTime, now: ServerTime) {
        self.sampled_at = sampled_at.clamp(now - OLDEST_SAMPLE_MICROS, now).max(self.sampled_at);
    }

    /// The component that others see.
    pub fn body(&self) -> Body {
        Body { pose: self.pose, sampled_at: self.sampled_at }
    }

    /// Where the body is.
    pub fn place(&self) -> Place {
        Place { position: self.pose.root, yaw: self.pose.yaw }
    }

    /// The message that tells the client where it was put.
    pub fn placed(&self, cause: PlacementCause) -> BodyPlaced {
        BodyPlaced { placement: self.placement, place: self.place(), posture: self.pose.posture, cause }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::testing;
    use glam::Vec3;

    fn walker() -> Walker {
        testing::walker_at(Vec3::ZERO)
    }

    #[test]
    fn late_updates_are_void() {
        let mut walker = walker();
        let wanted = Wanted { pose: walker.pose, sampled_at: ServerTime(0) };
        let mut offer = |number| walker.offer(Placement(1), number, wanted);
        assert!(offer(u32::MAX - 1));
        assert!(!offer(u32::MAX - 1));
        assert!(offer(1));
        assert!(!offer(u32::MAX));
        assert!(offer(2));
    }

    #[test]
    fn updates_from_before_a_placement_are_void() {
        let mut walker = walker();
        let wanted = Wanted { pose: walker.pose, sampled_at: ServerTime(0) };
        walker.put(walker.floor, 1.0, ServerTime(0));
        assert!(!walker.offer(Placement(1), 7, wanted));
        assert!(walker.offer(Placement(2), 7, wanted));
    }

    #[test]
    fn stamps_stay_near_the_servers_time_and_never_run_backwards() {
        let mut walker = walker();
        let mut note = |sampled_at, now| {
            walker.note_sampling(ServerTime(sampled_at), ServerTime(now));
            walker.sampled_at.0
        };
        assert_eq!(note(5_000_000, 5_050_000), 5_000_000);
        assert_eq!(note(9_000_000, 5_100_000), 5_100_000);
        assert_eq!(note(5_050_000, 5_200_000), 5_100_000);
        assert_eq!(note(0, 8_000_000), 7_000_000);
    }
}
