//! How long a space reverberates, by tracing rays that lose energy at every surface.
//!
//! All energy in the space at a time is what counts, not what a listener gets: its decay is the same and needs no
//! listener. RT60 is three times the time from -5 to -25 dB (T20 of ISO 3382-2), the air included.

use super::random::Random;
use glam::Vec3;
use venue_package::acoustics::BANDS;

/// Metres in a second, at 20 °C.
const SPEED: f32 = 343.0;
/// Share of energy that a metre of air takes: 2.2, 12 and 230 dB a kilometre at 400 Hz, 2.5 kHz and 15 kHz
/// (ISO 9613-1, 20 °C, 50 % of humidity).
const AIR: [f32; BANDS] = [0.000_51, 0.002_8, 0.053];
/// A step of the decay, seconds.
const STEP: f32 = 0.004;
/// Longest decay that is traced, seconds; a slower one is drawn out.
const LONGEST: f32 = 8.0;
/// A ray with less than this share of its energy is forgotten.
const FAINT: f32 = 2e-4;
/// Rays in all.
const RAYS: usize = 768;
/// Metres by which a ray starts off the surface.
const OFF: f32 = 1e-3;
/// Most surfaces that a ray meets: between two that face each other closely it would meet them for ever.
const MOST_HITS: usize = 4_000;

/// What a ray meets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Met {
    /// A surface at this distance with this normal towards the ray.
    Surface { distance: f32, normal: Vec3, material: u8, absorption: [f32; BANDS], scattering: f32 },
    /// The open at this distance: nothing comes back.
    Open { distance: f32 },
}

/// What the rays tell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decay {
    /// RT60 in each band, seconds.
    pub(crate) times: [f32; BANDS],
    /// How often sound meets each material on a metre.
    pub(crate) rates: Vec<f32>,
}

/// What is added up over all rays.
struct Sums {
    /// In each step of the time.
    energy: Vec<[f64; BANDS]>,
    /// In the middle band: what met each material, and metres on the way.
    met: Vec<f64>,
    metres: f64,
}

/// The decay in the space in which `sources` lie; `meet` tells what a ray from a point in a direction meets.
pub(crate) fn reverberation(sources: &[Vec3], mut meet: impl FnMut(Vec3, Vec3) -> Met) -> Decay {
    let steps = (LONGEST / STEP) as usize;
    let mut sums = Sums { energy: vec![[0.0; BANDS]; steps], met: vec![0.0; 256], metres: 0.0 };
    if sources.is_empty() {
        return Decay { times: [0.0; BANDS], rates: vec![0.0; 256] };
    }
    let mut random = Random::new(0x5eed);
    for ray in 0..RAYS {
        trace(sources[ray % sources.len()], &mut random, &mut sums, &mut meet);
    }
    let times = std::array::from_fn(|band| {
        let levels: Vec<f64> = (sums.energy.iter().enumerate())
            .map(|(step, energy)| {
                let air = f64::from(AIR[band] * SPEED * STEP) * step as f64;
                10.0 * (energy[band] / RAYS as f64).max(1e-30).log10() - air * 10.0 / std::f64::consts::LN_10
            })
            .collect();
        time_of(&levels)
    });
    Decay { times, rates: sums.met.iter().map(|met| (met / sums.metres.max(1e-9)) as f32).collect() }
}

/// Follows one ray, and adds its energy to each step of the time that it is on its way.
fn trace(source: Vec3, random: &mut Random, sums: &mut Sums, meet: &mut impl FnMut(Vec3, Vec3) -> Met) {
    let energy = &mut sums.energy;
    let (mut from, mut direction) = (source, random.direction());
    let mut left = [1.0_f32; BANDS];
    let (mut gone, mut step) = (0.0_f32, 0_usize);
    for _ in 0..MOST_HITS {
        let met = meet(from, direction);
        let (Met::Surface { distance, .. } | Met::Open { distance }) = met;
        gone += distance;
        sums.metres += f64::from(left[1] * distance);
        let until = ((gone / (SPEED * STEP)).ceil() as usize).min(energy.len());
        for bin in &mut energy[step.min(until)..until] {
            bin.iter_mut().zip(left).for_each(|(sum, left)| *sum += f64::from(left));
        }
        step = step.max(until);
        let Met::Surface { normal, material, absorption, scattering, .. } = met else { return };
        sums.met[usize::from(material)] += f64::from(left[1]);
        left.iter_mut().zip(absorption).for_each(|(left, lost)| *left *= 1.0 - lost);
        if step >= energy.len() || left.iter().all(|&left| left < FAINT) {
            return;
        }
        from += direction * distance + normal * OFF;
        let is_rough = random.share() < scattering;
        direction = if is_rough { random.around(normal) } else { direction.reflect(normal) };
    }
}

/// Three times the time from -5 to -25 dB along the line that fits best; what is never reached is drawn out.
fn time_of(levels: &[f64]) -> f32 {
    let start = levels[0];
    let first_below = |level: f64| levels.iter().position(|&at| at - start <= level).unwrap_or(levels.len());
    let (from, to) = (first_below(-5.0), first_below(-25.0));
    let count = to.saturating_sub(from);
    if count < 4 {
        return (to as f32 - from as f32).max(0.0) * STEP * 3.0;
    }
    let line = |at: usize| (at as f64 * f64::from(STEP), levels[at]);
    let (mean_t, mean_l) = (from..to).map(line).fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
    let (mean_t, mean_l) = (mean_t / count as f64, mean_l / count as f64);
    let (across, along) = (from..to).map(line).fold((0.0, 0.0), |sum, (t, l)| {
        (sum.0 + (t - mean_t) * (l - mean_l), sum.1 + (t - mean_t) * (t - mean_t))
    });
    let slope = across / along;
    if slope < 0.0 { ((-60.0 / slope) as f32).min(60.0) } else { 60.0 }
}

#[cfg(test)]
mod tests {
    use super::super::rays::Triangles;
    use super::*;

    /// Both sides of each wall of a box, and their absorption.
    fn shoebox(size: Vec3) -> Vec<[Vec3; 3]> {
        let corner = |x: usize, y: usize, z: usize| Vec3::new(x as f32, y as f32, z as f32) * size;
        let mut triangles = Vec::new();
        for (a, b, c, d) in [
            (corner(0, 0, 0), corner(1, 0, 0), corner(1, 1, 0), corner(0, 1, 0)),
            (corner(0, 0, 1), corner(1, 0, 1), corner(1, 1, 1), corner(0, 1, 1)),
            (corner(0, 0, 0), corner(1, 0, 0), corner(1, 0, 1), corner(0, 0, 1)),
            (corner(0, 1, 0), corner(1, 1, 0), corner(1, 1, 1), corner(0, 1, 1)),
            (corner(0, 0, 0), corner(0, 1, 0), corner(0, 1, 1), corner(0, 0, 1)),
            (corner(1, 0, 0), corner(1, 1, 0), corner(1, 1, 1), corner(1, 0, 1)),
        ] {
            triangles.extend([[a, b, c], [a, c, d]]);
        }
        triangles
    }

    fn decay(size: Vec3, absorption: [f32; BANDS], scattering: f32) -> Decay {
        let tree = Triangles::new(shoebox(size));
        reverberation(&[size * 0.4, size * 0.7], |from, direction| match tree.first(from, direction, 1e3) {
            Some(hit) => Met::Surface {
                distance: hit.distance,
                normal: hit.normal,
                material: 3,
                absorption,
                scattering,
            },
            None => Met::Open { distance: 1e3 },
        })
    }

    fn measured(size: Vec3, absorption: [f32; BANDS], scattering: f32) -> [f32; BANDS] {
        decay(size, absorption, scattering).times
    }

    #[test]
    fn sound_meets_surfaces_as_often_as_the_mean_free_path_says() {
        let size = Vec3::new(8.0, 5.0, 3.5);
        let rates = decay(size, [0.1; BANDS], 0.9).rates;
        let area = 2.0 * (size.x * size.y + size.y * size.z + size.z * size.x);
        let expected = area / (4.0 * size.element_product());
        assert!((rates[3] / expected - 1.0).abs() < 0.05, "{} {expected}", rates[3]);
        assert_eq!(rates.iter().filter(|rate| **rate > 0.0).count(), 1);
    }

    /// Eyring's formula with the air: 24 ln 10 V / (c (4 m V - S ln(1 - a))).
    fn eyring(size: Vec3, absorption: f32, air: f32) -> f32 {
        let volume = size.element_product();
        let area = 2.0 * (size.x * size.y + size.y * size.z + size.z * size.x);
        24.0 * std::f32::consts::LN_10 * volume
            / (SPEED * (4.0 * air * volume - area * (1.0 - absorption).ln()))
    }

    #[test]
    fn a_box_reverberates_as_eyring_and_sabine_say() {
        // A rough box is as diffuse as the formula assumes, as long as not half of the sound is gone at once.
        for size in [Vec3::new(8.0, 5.0, 3.5), Vec3::new(20.0, 15.0, 8.0), Vec3::new(4.0, 3.0, 2.5)] {
            for absorption in [[0.05, 0.1, 0.15], [0.2, 0.3, 0.5]] {
                let found = measured(size, absorption, 0.9);
                for band in 0..BANDS {
                    let expected = eyring(size, absorption[band], AIR[band]);
                    let off = found[band] / expected - 1.0;
                    let tolerance = if absorption[band] > 0.4 { 0.15 } else { 0.1 };
                    assert!(
                        off.abs() < tolerance,
                        "{size} {absorption:?} {band}: {} {expected}",
                        found[band]
                    );
                }
            }
        }
        // Sabine's formula holds where little is absorbed.
        let size = Vec3::new(8.0, 5.0, 3.5);
        let area = 2.0 * (size.x * size.y + size.y * size.z + size.z * size.x);
        let sabine = 0.161 * size.element_product() / (area * 0.05 + 4.0 * AIR[0] * size.element_product());
        let found = measured(size, [0.05; BANDS], 0.9)[0];
        assert!((found / sabine - 1.0).abs() < 0.1, "{found} {sabine}");
    }

    #[test]
    fn the_air_alone_ends_the_highest_band() {
        let found = measured(Vec3::splat(10.0), [0.0; BANDS], 0.5);
        assert!((found[2] / eyring(Vec3::splat(10.0), 0.0, AIR[2]) - 1.0).abs() < 0.02, "{found:?}");
        assert!(found[0] > 20.0, "{found:?}");
    }

    #[test]
    fn in_the_open_nothing_reverberates() {
        assert_eq!(reverberation(&[], |_, _| Met::Open { distance: 1.0 }).times, [0.0; BANDS]);
        let found = reverberation(&[Vec3::ZERO], |_, _| Met::Open { distance: 1.0 });
        assert!(found.times.iter().all(|&time| time < 0.05), "{found:?}");
    }
}
