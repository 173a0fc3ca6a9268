//! Formulas of sound on its way: loss by distance, by air, in rooms. Knows no scene and no samples.

use super::scene::{BANDS, Band};

/// Metres a second at 20 °C.
pub(crate) const SPEED: f32 = 343.0;

/// Share of energy that a metre of air takes: 2.2, 12 and 230 dB a kilometre at 400 Hz, 2.5 kHz and 15 kHz
/// (ISO 9613-1, 20 °C, 50 % of humidity).
pub(crate) const AIR: Band = [0.000_51, 0.002_8, 0.053];

/// At this distance a voice is as loud as it was recorded, metres.
const REFERENCE: f32 = 1.0;

/// Nearer than this it becomes no louder, metres.
const NEAREST: f32 = 0.5;

/// Power of the distance by which it fades: a point in the open has 1, -6 dB for each doubling. A little less lets a
/// hall be spoken across: -9 dB at 3 m, -19 dB across a lounge (12 m), -27 dB across a hall (30 m).
const ROLLOFF: f32 = 0.9;

/// How much louder than in all directions a mouth is in front of it, as a factor of power.
const MOUTH: f32 = 2.0;

/// Share of a room's reverberation that is made: every voice brings some of its own room along, and who meets wants
/// to understand.
const CLARITY: f32 = 0.6;

/// The loudest reverberation: in small bare rooms it would cover the voice.
const LOUDEST_ROOM: f32 = 0.5;

/// Reverberation that can be told from none, and the longest that is made, seconds.
pub(crate) const SHORTEST: f32 = 0.1;
const LONGEST: f32 = 12.0;

/// Gain of amplitude by distance alone.
pub(crate) fn by_distance(distance: f32) -> f32 {
    (REFERENCE / distance.max(NEAREST)).powf(ROLLOFF)
}

/// Gain of amplitude by the air on the way.
pub(crate) fn by_air(distance: f32) -> Band {
    AIR.map(|share| (-0.5 * share * distance).exp())
}

/// RT60 by Eyring's formula with the air: a room of this volume and surface that absorbs this share in the mean.
pub(crate) fn eyring(volume: f32, surface: f32, absorption: Band) -> Band {
    std::array::from_fn(|band| {
        let walls = -surface * (1.0 - absorption[band].clamp(0.0, 0.99)).ln();
        let lost = walls + 4.0 * AIR[band] * volume;
        (24.0 * std::f32::consts::LN_10 / SPEED * volume / lost.max(1e-6)).min(LONGEST)
    })
}

/// How the room around the listener answers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct RoomSound {
    /// RT60, seconds; below [`SHORTEST`] in the middle band: no reverberation at all.
    pub times: Band,
    /// Amplitude of the reverberation of a voice that has amplitude 1 at one metre.
    pub level: f32,
}

impl RoomSound {
    /// A room of this volume with these RT60: the diffuse field of a source is 16 π / A of its direct sound at one
    /// metre, A being the absorbing area by Sabine's formula.
    pub(crate) fn new(volume: f32, times: Band) -> Self {
        let times = times.map(|time| if time.is_finite() { time.clamp(0.0, LONGEST) } else { 0.0 });
        if times[1] < SHORTEST || volume.is_nan() || volume <= 1.0 {
            return Self::default();
        }
        let area = 24.0 * std::f32::consts::LN_10 / SPEED * volume / times[1];
        let level = (CLARITY * (16.0 * std::f32::consts::PI / (MOUTH * area)).sqrt()).min(LOUDEST_ROOM);
        Self { times: times.map(|time| time.max(SHORTEST)), level }
    }

    /// Amplitude of the reverberation of a voice at this distance: in large rooms less of it is far from the source
    /// (Barron and Lee 1988, e^(-0.04 r / T) in energy).
    pub(crate) fn level_at(&self, distance: f32) -> f32 {
        if self.level == 0.0 { 0.0 } else { self.level * (-0.02 * distance / self.times[1]).exp() }
    }
}

/// Gain of amplitude of a share of energy.
pub(crate) fn amplitude(energy: Band) -> Band {
    energy.map(|share| share.max(0.0).sqrt())
}

/// Two gains in a row.
pub(crate) fn product(a: Band, b: Band) -> Band {
    std::array::from_fn::<f32, BANDS, _>(|band| a[band] * b[band])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_fades_with_the_distance_and_never_explodes() {
        let decibels = |distance: f32| 20.0 * by_distance(distance).log10();
        assert_eq!(by_distance(1.0), 1.0);
        assert!((-20.5..-18.5).contains(&decibels(12.0)), "{}", decibels(12.0));
        assert!((-28.0..-25.0).contains(&decibels(30.0)), "{}", decibels(30.0));
        assert_eq!(by_distance(0.0), by_distance(0.5));
        assert!(by_distance(0.0) < 2.0);
    }

    #[test]
    fn the_air_takes_the_highest_first() {
        let [low, middle, high] = by_air(30.0);
        assert!(low > 0.98 && low > middle && middle > high && high < 0.5, "{low} {middle} {high}");
    }

    #[test]
    fn where_little_is_absorbed_eyring_is_sabine() {
        let (volume, surface) = (200.0, 220.0);
        let sabine = 0.161 * volume / (surface * 0.05 + 4.0 * AIR[1] * volume);
        let found = eyring(volume, surface, [0.05; BANDS])[1];
        assert!((found / sabine - 1.0).abs() < 0.05, "{found} {sabine}");
    }

    #[test]
    fn rooms_without_air_or_time_do_not_reverberate() {
        for (volume, time) in [(0.0, 1.0), (100.0, 0.0), (f32::NAN, 1.0), (100.0, f32::NAN)] {
            assert_eq!(RoomSound::new(volume, [time; BANDS]), RoomSound::default());
        }
        let room = RoomSound::new(300.0, [0.6; BANDS]);
        assert!((0.2..0.5).contains(&room.level), "{}", room.level);
        assert!(room.level_at(20.0) < room.level_at(1.0));
    }
}
