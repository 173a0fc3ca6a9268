//! Where everybody is for the ears: the listener's head, and each speaker at the place that the way of the voice gives it.
//!
//! It must not know samples.

use super::Speaking;
use glam::Vec3;
use spatial_voice::space::{Listener, OutputMode};
use spatial_voice::{Hall, Place};
use venue_model::{ParticipantId, RigidPose};
use venue_protocol::VoiceWay;

/// The stage's loudspeakers: nobody on it is farther away, metres.
const STAGE_METRES: f32 = 4.0;

/// Who talks in private is as near as across a small table, metres.
const PRIVATE_METRES: f32 = 1.2;

/// The mouth lies so far below the eyes, metres.
const MOUTH_BELOW_EYES: f32 = 0.08;

/// How the person hears now.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// The person's head, in the building.
    pub head: RigidPose,
    /// For which ears.
    pub mode: OutputMode,
    /// Volume of all voices.
    pub gain: f32,
    /// Volume of those who are not in the same private talk.
    pub room_gain: f32,
}

/// Where everybody is heard. `place_of` gives somebody's head and volume; none for who is not seen.
pub fn hall_of(
    situation: &Situation,
    speaking: &[Speaking],
    place_of: impl Fn(ParticipantId) -> (Option<Vec3>, f32),
) -> Hall {
    let RigidPose { position, orientation } = situation.head;
    let place = |speaking: &Speaking| {
        let (head, gain) = place_of(speaking.who);
        let head = head.filter(|_| speaking.way != VoiceWay::Back)?;
        let mouth = head - Vec3::Y * MOUTH_BELOW_EYES;
        let (position, gain) = match speaking.way {
            VoiceWay::Stage => (nearer(position, mouth, STAGE_METRES), gain * situation.room_gain),
            VoiceWay::Private => (nearer(position, mouth, PRIVATE_METRES), gain),
            VoiceWay::Around | VoiceWay::Back => (mouth, gain * situation.room_gain),
        };
        Some(Place { speaker: speaking.who.0, position, gain })
    };
    Hall {
        listener: Listener { position, building_from_head: orientation },
        places: speaking.iter().filter_map(place).collect(),
        mode: situation.mode,
        gain: situation.gain,
    }
}

/// The same direction, and no farther than this.
fn nearer(from: Vec3, to: Vec3, most: f32) -> Vec3 {
    from + (to - from).clamp_length_max(most)
}
