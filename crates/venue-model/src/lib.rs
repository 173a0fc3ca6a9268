//! The vocabulary that every part of VEV shares: ids, time, poses, people, places.
//!
//! This crate knows no network, no storage, no renderer and no clock; it holds
//! plain values with their units and ranges, and nothing that acts.
//!
//! Frames: one building frame for all spaces of a venue, in metres, right-handed,
//! y up; a body whose yaw is zero looks along -z. Angles are radians.

pub mod body;
pub mod ids;
pub mod language;
pub mod people;
pub mod place;
pub mod text;
pub mod time;

pub use body::{BodyPose, Fingers, Gesture, Posture, RigidPose};
pub use ids::{
    DeviceKey, DoorId, EventKey, FileHash, ParticipantId, SeatId, SpaceEpoch, SpaceId, TalkId, TextId, ZoneId,
};
pub use language::{Language, Localized};
pub use people::{Delegation, Participant, ParticipantKind, Role};
pub use place::{Bounds, Door, Place, Seat, Space, SpawnPoint, Zone};
pub use text::{BoundedText, TextError, TextScope};
pub use time::{ServerTime, TICK_HZ, TICK_MICROS, Tick, WallTime};
