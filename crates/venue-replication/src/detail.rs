//! How finely and how often a body is sent, by how much it matters to who looks.

use crate::spread::Habit;

/// How much of a body is sent. Ordered from the most to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ring {
    /// Head, hands and fingers, thirty times a second, within 2 mm and 0.2°.
    Near,
    /// Head and hands, ten times a second, within 1 cm and 0.8°.
    Middle,
    /// The head, three times a second, within 3 cm and 2°.
    Far,
    /// The head, once in a second and a half, within 6 cm and 4°.
    Crowd,
}

impl Ring {
    /// All, from the most to the least.
    pub const ALL: [Self; 4] = [Self::Near, Self::Middle, Self::Far, Self::Crowd];

    /// Beats from one update to the next: ticks, where none is left out.
    pub fn period_beats(self) -> u32 {
        self.detail().period_beats
    }

    /// Its place in [`Self::ALL`].
    pub(crate) fn index(self) -> usize {
        self as usize
    }

    pub(crate) fn detail(self) -> &'static Detail {
        &DETAILS[self as usize]
    }

    /// Whether a body of this number is due at a beat: a ring's bodies are spread over its period.
    pub(crate) fn is_due(self, number: u32, beat: u32) -> bool {
        beat.wrapping_add(number).is_multiple_of(self.detail().period_beats)
    }
}

/// What a ring sends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Detail {
    /// Beats from one update to the next: ticks, where none is left out.
    pub(crate) period_beats: u32,
    /// What a lattice coordinate is worth, metres.
    pub(crate) metres: f32,
    /// The same of a turn, as twice the tangent of half its angle, radians.
    pub(crate) radians: f32,
    /// Bits of an update, usually.
    pub(crate) update_bits: f32,
    /// Whether hands are sent.
    pub(crate) has_hands: bool,
    /// Whether fingers are.
    pub(crate) has_fingers: bool,
    /// What is expected of the next step, of the last and the one before.
    pub(crate) step_weights: [f32; 2],
    /// The same of turns.
    pub(crate) turn_weights: [f32; 2],
    /// The scale of positions.
    pub(crate) place_habit: Habit,
    /// The scale of turns.
    pub(crate) turn_habit: Habit,
}

const fn detail(period_beats: u32, millimetres: f32, degrees: f32, update_bits: f32) -> Detail {
    Detail {
        period_beats,
        metres: millimetres / 1000.0 / crate::lattice::COVERING_RADIUS,
        radians: degrees.to_radians() / crate::lattice::COVERING_RADIUS,
        update_bits,
        has_hands: false,
        has_fingers: false,
        step_weights: [0.5, 0.45],
        turn_weights: [0.55, 0.3],
        place_habit: Habit { pace: 2, first: 30 },
        turn_habit: Habit { pace: 3, first: 34 },
    }
}

// A little finer than promised: singles round, and an anchor's orientation is off by 0.003°.
const DETAILS: [Detail; 4] = [
    Detail { has_hands: true, has_fingers: true, ..detail(1, 1.95, 0.195, 66.0) },
    Detail {
        has_hands: true,
        step_weights: [0.7, 0.2],
        turn_weights: [0.6, 0.2],
        ..detail(3, 9.9, 0.79, 57.0)
    },
    Detail { step_weights: [0.7, 0.2], turn_weights: [0.4, 0.2], ..detail(10, 29.0, 1.95, 21.0) },
    Detail { step_weights: [0.6, 0.2], turn_weights: [0.2, 0.1], ..detail(45, 58.0, 3.9, 26.0) },
];
