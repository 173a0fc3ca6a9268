//! What somebody in a crowd does, in steps: whoever has the same key has the same pose.
//!
//! It must not know bones; figures turn it into a shape.

use venue_model::Gesture;
use venue_model::body::SEATED_EYE_HEIGHT;

/// What a figure does but for its place, the turn of its head, and its look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PoseKey {
    /// Whether it has a wheelchair.
    pub rolls: bool,
    /// How far it has sat down, of [`Self::SITTING`].
    pub sitting: u8,
    /// How high its seat is; 0 for who stands.
    pub seat: u8,
    /// How much of the walk is seen, of [`Self::WALKING`].
    pub walking: u8,
    /// The step of the clip that is seen.
    pub step: u16,
    /// How far the hand is up, of [`Self::RAISED`].
    pub raised: u8,
    /// Its gesture, and the step in it.
    pub gesture: Gesture,
    /// The step in the gesture.
    pub gesture_step: u8,
    /// How much of the gesture is seen, of [`Self::WEIGHTS`].
    pub weight: u8,
}

/// The lowest seat's eyes, and how much higher the next step's are, metres.
const LOWEST_EYES: f32 = SEATED_EYE_HEIGHT - 0.3;
const SEAT_STEP: f32 = 0.02;
const MOST_SEATS: u8 = 50;

impl PoseKey {
    /// Steps from standing to sitting.
    pub const SITTING: u8 = 6;
    /// Steps from standing to walking.
    pub const WALKING: u8 = 4;
    /// Steps of a hand that rises.
    pub const RAISED: u8 = 6;
    /// Steps of a gesture that begins.
    pub const WEIGHTS: u8 = 3;
    /// Steps in a second of a walk, of a gesture, and of who only breathes.
    pub const WALKS_A_SEC: f32 = 30.0;
    /// In a gesture.
    pub const GESTURES_A_SEC: f32 = 15.0;
    /// Of who only breathes.
    pub const RESTS_A_SEC: f32 = 8.0;
    /// After so long gestures that repeat are where they were, and others have come to rest, seconds.
    pub const GESTURE_SECS: f32 = 5.0;

    /// Who only stands, rolls or sits on a usual seat.
    pub fn plain(rolls: bool, sitting: u8) -> Self {
        let seat = if sitting > 0 { Self::seat_of(SEATED_EYE_HEIGHT) } else { 0 };
        Self { rolls, sitting, seat, ..Self::default() }
    }

    /// The step at this time.
    pub fn step_of<T: TryFrom<u32> + Default>(secs: f32, a_sec: f32) -> T {
        T::try_from((secs * a_sec) as u32).unwrap_or_default()
    }

    /// The step so long after a gesture began.
    pub fn gesture_step_of(gesture: Gesture, secs: f32) -> u8 {
        let secs = match gesture {
            Gesture::Wave | Gesture::Nod | Gesture::Applaud => secs.rem_euclid(Self::GESTURE_SECS),
            _ => secs.min(Self::GESTURE_SECS),
        };
        Self::step_of(secs, Self::GESTURES_A_SEC)
    }

    /// The step of a seat by the height of the eyes on it, metres.
    pub fn seat_of(eyes: f32) -> u8 {
        ((eyes - LOWEST_EYES) / SEAT_STEP).round().clamp(0.0, f32::from(MOST_SEATS)) as u8
    }

    /// How high the eyes are of who sits there, metres.
    pub fn eye_height(&self) -> f32 {
        LOWEST_EYES + f32::from(self.seat) * SEAT_STEP
    }
}
