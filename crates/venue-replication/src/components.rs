//! The components of the server's world that are replicated.

use venue_model::{BodyPose, ParticipantId, ServerTime};

/// Whose entity this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Who(pub ParticipantId);

/// Where a participant's body is, and since when that is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body {
    /// Where.
    pub pose: BodyPose,
    /// When the client sampled the pose (its stamp, validated), or when the server put the body there.
    /// Viewers interpolate by it, so the way to the server adds no jitter.
    pub sampled_at: ServerTime,
}

/// What makes a person matter to others, beside being near.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// Speaks, or writes for all to read.
    pub is_speaking: bool,
    /// Leads the meeting: its chair or a moderator.
    pub leads: bool,
    /// Has the hand up.
    pub has_hand_up: bool,
    /// Which delegation, by a number that only says who belongs together; 0 is none.
    pub delegation: u32,
}
