//! How high the eyes are: measured once while a person looks ahead, so that who sits in a chair meets the eyes of those
//! who stand, and who stands is as tall as they are.

use super::Height;
use venue_model::body::STANDING_EYE_HEIGHT;

/// Eyes that are measured lower or higher than this are not a person's who looks ahead, metres.
const PLAUSIBLE: std::ops::RangeInclusive<f32> = 0.4..=2.3;

/// Standing eyes come to lie within this, metres: smaller people reach the buttons of nobody, larger ones hit doors.
const STANDING: std::ops::RangeInclusive<f32> = 1.2..=2.05;

/// What is added to every tracked height, metres.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeightOffset(f32);

impl HeightOffset {
    /// From the height of the eyes above the floor that the device tells, while the person looks ahead. A height that can
    /// not be right changes nothing.
    pub fn measured(height: Height, eyes_metres: f32) -> Option<Self> {
        if !PLAUSIBLE.contains(&eyes_metres) {
            return None;
        }
        Some(Self(match height {
            Height::Standing => eyes_metres.clamp(*STANDING.start(), *STANDING.end()) - eyes_metres,
            Height::Seated => STANDING_EYE_HEIGHT - eyes_metres,
        }))
    }

    /// Metres.
    pub fn metres(self) -> f32 {
        self.0
    }

    /// The height of the eyes in the venue: somebody who sits on a seat there has that seat's eyes when they were
    /// measured, and moves up and down from there.
    pub fn eyes_in_venue(self, eyes_metres: f32, seat_eyes_metres: Option<f32>) -> f32 {
        let standing = eyes_metres + self.0;
        seat_eyes_metres.map_or(standing, |seat| standing - STANDING_EYE_HEIGHT + seat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use venue_model::body::SEATED_EYE_HEIGHT;

    #[test]
    fn who_sits_at_home_meets_the_eyes_of_those_who_stand() {
        let offset = HeightOffset::measured(Height::Seated, 1.18).unwrap();
        assert!((offset.eyes_in_venue(1.18, None) - STANDING_EYE_HEIGHT).abs() < 1e-6);
        // Leaning down still leans down.
        assert!((offset.eyes_in_venue(1.0, None) - (STANDING_EYE_HEIGHT - 0.18)).abs() < 1e-6);
        assert!((offset.eyes_in_venue(1.18, Some(SEATED_EYE_HEIGHT)) - SEATED_EYE_HEIGHT).abs() < 1e-6);
    }

    #[test]
    fn who_stands_is_as_tall_as_they_are() {
        assert_eq!(HeightOffset::measured(Height::Standing, 1.52), Some(HeightOffset(0.0)));
        let child = HeightOffset::measured(Height::Standing, 1.0).unwrap();
        assert!((child.eyes_in_venue(1.0, None) - 1.2).abs() < 1e-6);
    }

    #[test]
    fn a_headset_on_the_table_measures_nothing() {
        for eyes in [0.0, -1.0, 3.0, f32::NAN] {
            assert_eq!(HeightOffset::measured(Height::Seated, eyes), None);
        }
    }

    proptest! {
        #[test]
        fn eyes_in_the_venue_are_where_a_person_s_can_be(eyes in 0.4f32..2.3, seated: bool) {
            let height = if seated { Height::Seated } else { Height::Standing };
            let offset = HeightOffset::measured(height, eyes).unwrap();
            prop_assert!(STANDING.contains(&offset.eyes_in_venue(eyes, None)));
        }
    }
}
