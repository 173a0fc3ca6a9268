//! How far the view narrows while it is moved by something else than the head: what the eyes see then and the ears do
//! not feel makes people ill, least so when it is seen only in the middle.

use super::ComfortSettings;

/// The view is narrowed fully at so much more than the thresholds: metres a second, and degrees a second.
const SPEED_RANGE: f32 = 2.5;
const TURN_RANGE: f32 = 70.0;

/// How quickly it narrows, and how much slower it widens again, 1/s.
const NARROWING: f32 = 10.0;
const WIDENING: f32 = 3.5;

/// Half the angle of what stays clear, degrees: open, and at strength 1.
const OPEN_DEGREES: f32 = 75.0;
const NARROW_DEGREES: f32 = 24.0;

/// How far the view is narrowed now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VignetteState {
    strength: f32,
}

/// How strongly motion calls for a narrower view, 0 to 1: speed in metres a second, turn in radians a second. Snaps,
/// jumps and the head's own movement are no motion.
pub fn wanted(settings: &ComfortSettings, speed: f32, turn_rate: f32) -> f32 {
    let part = |value: f32, from: f32, range: f32| {
        let value = if value.is_finite() { value.abs() } else { 0.0 };
        ((value - from) / range).clamp(0.0, 1.0)
    };
    let by_speed = part(speed, settings.vignette_from_speed, SPEED_RANGE);
    let by_turn = part(turn_rate.to_degrees(), settings.vignette_from_turn, TURN_RANGE);
    // Both together call for more than either, and never for more than everything.
    let both = 1.0 - (1.0 - by_speed) * (1.0 - by_turn);
    both.sqrt() * settings.vignette.most()
}

impl VignetteState {
    /// Moves on by `dt` seconds; the strength now, 0 to 1.
    pub fn step(&mut self, settings: &ComfortSettings, speed: f32, turn_rate: f32, dt: f32) -> f32 {
        let wanted = wanted(settings, speed, turn_rate);
        let quickness = if wanted > self.strength { NARROWING } else { WIDENING };
        self.strength += (wanted - self.strength) * (1.0 - (-quickness * dt.max(0.0)).exp());
        if self.strength < 0.002 && wanted == 0.0 {
            self.strength = 0.0;
        }
        self.strength
    }

    /// Half the angle of what stays clear at this strength, radians.
    pub fn clear_angle(strength: f32) -> f32 {
        let strength = strength.clamp(0.0, 1.0);
        (OPEN_DEGREES + (NARROW_DEGREES - OPEN_DEGREES) * strength).to_radians()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comfort::Vignette;
    use proptest::prelude::*;

    const DT: f32 = 1.0 / 90.0;

    #[test]
    fn nothing_narrows_below_the_thresholds_or_when_it_is_off() {
        let settings = ComfortSettings::default();
        assert_eq!(wanted(&settings, 0.29, 19f32.to_radians()), 0.0);
        let off = ComfortSettings { vignette: Vignette::Off, ..settings };
        assert_eq!(wanted(&off, 4.0, 3.0), 0.0);
        let later = ComfortSettings { vignette_from_speed: 2.0, ..settings };
        assert_eq!(wanted(&later, 1.8, 0.0), 0.0, "walking is below a threshold of running");
    }

    #[test]
    fn walking_narrows_and_standing_still_widens_again_within_two_seconds() {
        let settings = ComfortSettings::default();
        let mut state = VignetteState::default();
        let walking = (0..45).map(|_| state.step(&settings, 1.8, 0.0, DT)).last().unwrap();
        assert!(walking > 0.4 && walking <= Vignette::Medium.most(), "{walking}");
        let still = (0..180).map(|_| state.step(&settings, 0.0, 0.0, DT)).last().unwrap();
        assert_eq!(still, 0.0);
    }

    #[test]
    fn broken_numbers_narrow_nothing() {
        assert_eq!(wanted(&ComfortSettings::default(), f32::NAN, f32::INFINITY), 0.0);
    }

    proptest! {
        #[test]
        fn more_motion_never_narrows_less(speed in 0.0f32..5.0, turn in 0.0f32..4.0, more in 0.0f32..2.0) {
            let settings = ComfortSettings::default();
            let now = wanted(&settings, speed, turn);
            prop_assert!((0.0..=Vignette::Medium.most()).contains(&now));
            prop_assert!(wanted(&settings, speed + more, turn) >= now);
            prop_assert!(wanted(&settings, -speed, -turn - more) >= now);
            prop_assert!(VignetteState::clear_angle(now) <= VignetteState::clear_angle(0.0));
        }

        #[test]
        fn it_never_leaps(motions in prop::collection::vec((0.0f32..5.0, 0.0f32..4.0), 1..100)) {
            let settings = ComfortSettings { vignette: Vignette::Strong, ..ComfortSettings::default() };
            let mut state = VignetteState::default();
            let mut before = 0.0;
            for (speed, turn) in motions {
                let now = state.step(&settings, speed, turn, DT);
                prop_assert!((now - before).abs() < 0.12, "{before} {now}");
                before = now;
            }
        }
    }
}
