//! Joints of hands, where the runtime tracks them: read once a frame.
//!
//! It must not know what they are for.

use super::runtime::Runtime;
use super::views::pose_of;
use crate::input::fingers::{self, JOINTS, PALM};
use crate::input::headset::HandState;
use glam::Vec3;
use openxr as xr;

/// Trackers of both hands, left and right; none where the headset sees no fingers.
pub struct HandJoints([Option<xr::HandTracker>; 2]);

impl HandJoints {
    /// Asks for them. Whoever has no fingers tracked goes on without.
    pub fn new(runtime: &Runtime, session: &xr::Session<xr::Vulkan>) -> Self {
        let is_offered = runtime.instance.supports_hand_tracking(runtime.system).unwrap_or(false);
        let tracker = |hand| {
            let made = is_offered.then(|| session.create_hand_tracker(hand))?;
            made.inspect_err(|error| tracing::warn!(%error, "fingers are not tracked")).ok()
        };
        Self([tracker(xr::Hand::LEFT), tracker(xr::Hand::RIGHT)])
    }

    /// Adds to a hand what its fingers do. Of one that holds nothing, and of which the runtime says no more, its palm is the
    /// grip and its joints are all that is known.
    pub fn fill(&self, side: usize, play: &xr::Space, time: xr::Time, hand: &mut HandState) {
        let Some(tracker) = &self.0[side] else { return };
        // A runtime that fails here fails at the eyes too, where it is told.
        let Ok(Some(joints)) = play.locate_hand_joints(tracker, time) else { return };
        let known = xr::SpaceLocationFlags::POSITION_VALID;
        if !joints.iter().all(|joint| joint.location_flags.contains(known)) {
            return;
        }
        let places: [Vec3; JOINTS] = joints.map(|joint| {
            let place = joint.pose.position;
            Vec3::new(place.x, place.y, place.z)
        });
        let Some(curls) = fingers::curls(&places) else { return };
        hand.curls = Some(curls);
        hand.tip = fingers::touching_tip(&places, &curls);
        let is_empty = hand.grip.is_none() && hand.aim.is_none();
        if hand.bare.is_none() && is_empty {
            hand.bare = Some(fingers::gestures(&places, &curls));
        }
        let palm = || pose_of(&joints[PALM].pose);
        hand.grip = hand.grip.or_else(|| palm().map(|palm| fingers::grip_of_palm(side, &palm)));
    }
}
