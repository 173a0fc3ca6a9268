//! What a person wants in this frame, whatever the device.

use super::OrderCommand;
use crate::core::errand::Destination;
use crate::core::talking::TalkCommand;
use glam::{Vec2, Vec3};
use venue_model::{BoundedText, Gesture, Language, RigidPose, SeatId, SpaceId, TextScope};
use venue_protocol::Appearance;

/// The wishes of one frame. Cleared and filled again, so that it allocates nothing in steady state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intent {
    /// Wanted walk in the body's frame: x to the right, y ahead; length up to 1.
    pub walk: Vec2,
    /// Whether to run.
    pub run: bool,
    /// Turn of the body in this frame, radians, positive to the left.
    pub turn: f32,
    /// Change of the look's height in this frame, radians, positive upwards.
    pub look_up: f32,
    /// Tracked head and hands; none for keyboard and mouse.
    pub tracked: Option<TrackedPoses>,
    /// Whether the person has turned away from the venue, e.g. taken the headset off: the body rests, and whatever
    /// listens to the person must not.
    pub is_away: bool,
    /// Deeds, in order.
    pub commands: Vec<Command>,
}

/// What a headset tracks, in the play space's frame: origin on the real floor, y up. The body knows where in the venue
/// that is (`core/play_space.rs`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackedPoses {
    /// Between the eyes.
    pub head: RigidPose,
    /// Grips, left and right.
    pub hands: [Option<RigidPose>; 2],
    /// How far fingers are bent, left and right, from the thumb to the little finger: 0 straight, 1 in the fist.
    pub curls: [Option<[f32; 5]>; 2],
    /// What is added to every tracked height of who stands in the venue, metres.
    pub raised_metres: f32,
}

/// One deed.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Enter by a link or a code.
    Connect(String),
    /// Enter the venue that was entered last.
    ConnectLast,
    /// Forget that venue and its invitation.
    ForgetLast,
    /// Go on although the server's key was never seen before.
    TrustServer,
    /// Try again now.
    Retry,
    /// Take the place back from another device.
    TakeOver,
    /// Leave for the start page; also gives up a try to connect.
    Leave,
    /// Jump to a floor point.
    Teleport(Vec3),
    /// Face this way, radians about +y, and look this much up.
    Face {
        /// Radians about +y.
        yaw: f32,
        /// Radians upwards.
        pitch: f32,
    },
    /// Go to a space.
    GoToSpace(SpaceId),
    /// Let what lies ahead of the person be ahead of the body.
    Recenter,
    /// Sit there.
    TakeSeat(SeatId),
    /// Be there: in a room, at a person, on a seat, at a point; hop by hop as far as it is.
    GoTo(Destination),
    /// Sit on this seat, which was pointed at; a jump leads beside it if it is far.
    SitOn(SeatId),
    /// Sit on the nearest free seat in reach, or stand up.
    SitOrStand,
    /// Stand up.
    StandUp,
    /// Make a gesture.
    Gesture(Gesture),
    /// Raise the hand, or lower it.
    RaiseOrLowerHand,
    /// Close the microphone, or open it.
    MuteOrUnmute,
    /// The key that is held to talk goes down, or up.
    HoldToTalk(bool),
    /// Hear how one sounds, or not any more.
    TryMicrophone(bool),
    /// Talk in private.
    Talk(TalkCommand),
    /// Keep order, or be safe.
    Order(OrderCommand),
    /// Send a text.
    SendText {
        /// To whom.
        scope: TextScope,
        /// What.
        body: BoundedText<{ venue_model::text::MAX_MESSAGE_CHARS }>,
    },
    /// Show this line to others while it is being written; an empty one ends it.
    WriteLive {
        /// To whom.
        scope: TextScope,
        /// The line so far.
        text: String,
    },
    /// Send a failed text again.
    RetryText(u64),
    /// Read and listen in this language.
    SetLanguage(Language),
    /// Look like this.
    SetAppearance(Appearance),
}

impl Intent {
    /// Empties it for the next frame and keeps its memory.
    pub fn clear(&mut self) {
        let mut commands = std::mem::take(&mut self.commands);
        commands.clear();
        *self = Self { commands, ..Self::default() };
    }
}
