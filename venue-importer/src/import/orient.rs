//! Step orient: metres, y up, the floor level and at height zero, the middle at the origin.
//!
//! What the file says counts; what it does not say is guessed from the shape and told in the report, and
//! the modeler's own word goes before both.

use super::{Options, Progress};
use crate::hierarchy::numbers::Numbers;
use crate::report::Report;
use crate::scan::{Batch, Store, Up};
use anyhow::{Result, bail};
use glam::{DAffine3, DMat3, DQuat, DVec3};
use std::collections::BTreeMap;

/// Floors that are off by more than this are ramps, or the wrong axis is up; degrees.
const MOST_TILT: f64 = 12.0;
/// Less than this is the scanner's own accuracy; degrees.
const LEAST_TILT: f64 = 0.05;
/// What faces up within this angle of the floor's normal is floor, cosine of 1.5 degrees.
const FLAT: f64 = 0.999_66;
/// The part of what faces up that must be that flat, so that a hillside is not levelled.
const FLAT_SHARE: f64 = 0.4;
/// Height of a layer in which floor is counted, metres.
const LAYER: f64 = 0.02;

/// How the scan lies in the building frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Orientation {
    /// Metres, y up, from the store's coordinates.
    pub building_from_store: DAffine3,
    /// Metres in one unit of the scan.
    pub metres_per_unit: f64,
    /// Which axis of the scan points up.
    pub up: Up,
    /// By how much the floor was tilted, degrees.
    pub tilt: f64,
    /// Source coordinates of the building's origin, source units.
    pub survey_origin: DVec3,
    /// Sentences on what was guessed.
    pub guesses: Vec<String>,
}

impl Orientation {
    /// The turn alone.
    pub fn turn(&self) -> DQuat {
        DQuat::from_mat3(&(self.building_from_store.matrix3 * (1.0 / self.metres_per_unit))).normalize()
    }

    /// Figures for the modeler.
    pub fn describe(&self, report: &mut Report) {
        report.fact(
            "orient",
            format!(
                "{} m a unit, {:?} up, tilted by {:.2}°, origin at {:.3} of the scan",
                self.metres_per_unit, self.up, self.tilt, self.survey_origin
            ),
        );
        self.guesses.iter().for_each(|guess| report.warn(guess.clone()));
    }
}

/// Finds out how a scan lies.
pub fn find(store: &Store, options: &Options, progress: &dyn Progress) -> Result<Orientation> {
    let info = store.info();
    let mut guesses = Vec::new();
    let size = info.bounds[1] - info.bounds[0];
    if !(size.is_finite() && size.max_element() > 0.0) {
        bail!("the scan has no extent");
    }
    let faces = Faces::count(store, progress)?;
    let up = match options.up.or(info.up) {
        Some(up) => up,
        None => faces.guess_up(size, &mut guesses),
    };
    let metres = match options.metres_per_unit.or(info.metres_per_unit) {
        Some(metres) => metres,
        None => guess_unit(size, &mut guesses),
    };
    if !(metres.is_finite() && metres > 0.0) {
        bail!("a unit of {metres} m makes no sense; say it with --units m, cm, mm, ft or in");
    }
    let stand = stand(up);
    let level = if options.keep_frame { DQuat::IDENTITY } else { faces.level(stand) };
    let turn = level * stand;
    let tilt = level.to_axis_angle().1.to_degrees();
    let floor = if options.keep_frame { None } else { floor_height(store, turn, metres)? };

    // The middle of the scan becomes the origin, on a whole metre, so that a second import of it meets the first.
    let middle = turn * ((info.bounds[0] + info.bounds[1]) * 0.5 - info.origin) * metres;
    let offset = if options.keep_frame {
        turn * info.origin * metres
    } else {
        DVec3::new(-middle.x.round(), -floor.unwrap_or(0.0), -middle.z.round())
    };
    let building_from_store = DAffine3 { matrix3: DMat3::from_quat(turn) * metres, translation: offset };
    let survey_origin = info.origin + building_from_store.inverse().transform_point3(DVec3::ZERO);
    Ok(Orientation { building_from_store, metres_per_unit: metres, up, tilt, survey_origin, guesses })
}

/// The turn that puts the axis up.
fn stand(up: Up) -> DQuat {
    match up {
        Up::Y => DQuat::IDENTITY,
        Up::Z => DQuat::from_rotation_x(-std::f64::consts::FRAC_PI_2),
    }
}

/// Units in which a building makes sense, the likeliest first.
fn guess_unit(size: DVec3, guesses: &mut Vec<String>) -> f64 {
    let largest = size.max_element();
    let fits = |unit: &f64| (1.5..=600.0).contains(&(largest * unit));
    let unit = [1.0, 0.001, 0.01].into_iter().find(fits).unwrap_or(1.0);
    guesses.push(format!(
        "the file does not say its unit; it is {largest:.1} units wide, so {unit} m a unit is assumed (--units says otherwise)"
    ));
    unit
}

/// How much surface faces where, in the store's axes.
struct Faces {
    /// Area-weighted unit normals, by direction rounded to about 3 degrees.
    directions: BTreeMap<[i32; 3], (DVec3, f64)>,
}

impl Faces {
    fn count(store: &Store, progress: &dyn Progress) -> Result<Self> {
        let mut numbers: Numbers<[i32; 3]> = Numbers::with_capacity(1 << 12);
        let mut sums: Vec<(DVec3, f64)> = Vec::new();
        let (mut done, total) = (0, store.info().triangles.max(1));
        for batch in store.batches() {
            let batch = batch?;
            for normal in normals(&batch) {
                let area = normal.length();
                if area > 0.0 && area.is_finite() {
                    let unit = normal / area;
                    let key = (unit * 20.0).round().to_array().map(|value| value as i32);
                    let number = numbers.of(key) as usize;
                    if number == sums.len() {
                        sums.push((DVec3::ZERO, 0.0));
                    }
                    sums[number].0 += normal;
                    sums[number].1 += area;
                }
            }
            done += batch.indices.len() as u64 / 3;
            progress.step("orient", "", done as f64, total as f64);
        }
        // In an order that does not hang on the scan's own.
        Ok(Self { directions: numbers.into_known().into_iter().zip(sums).collect() })
    }

    /// What faces within a cone around a direction: the sum of normals, and the area.
    fn within(&self, axis: DVec3, cosine: f64) -> (DVec3, f64) {
        let near = |(sum, _): &&(DVec3, f64)| sum.normalize_or_zero().dot(axis) >= cosine;
        self.directions
            .values()
            .filter(near)
            .fold((DVec3::ZERO, 0.0), |all, one| (all.0 + one.0, all.1 + one.1))
    }

    /// Floors and ceilings are larger than any wall, and rooms wider than high.
    fn guess_up(&self, size: DVec3, guesses: &mut Vec<String>) -> Up {
        let cosine = 0.97;
        let flat = |axis: DVec3| self.within(axis, cosine).1 + self.within(-axis, cosine).1;
        let (y, z) = (flat(DVec3::Y), flat(DVec3::Z));
        let up = if y > z * 1.1 {
            Up::Y
        } else if z > y * 1.1 {
            Up::Z
        } else if size.y <= size.z {
            Up::Y
        } else {
            Up::Z
        };
        guesses.push(format!("the file does not say which axis points up; {up:?} is assumed from its shape (--up says otherwise)"));
        up
    }

    /// The turn that makes the floor level, after `stand`.
    fn level(&self, stand: DQuat) -> DQuat {
        let above = stand.inverse() * DVec3::Y;
        let mut normal = above;
        let (_, upwards) = self.within(above, MOST_TILT.to_radians().cos() - 0.01);
        for cosine in [0.985, 0.995, 0.999, FLAT] {
            let (sum, _) = self.within(normal, cosine);
            normal = sum.try_normalize().unwrap_or(normal);
        }
        let (_, flat) = self.within(normal, FLAT - 0.001);
        let tilt = normal.dot(above).clamp(-1.0, 1.0).acos().to_degrees();
        if flat < upwards * FLAT_SHARE || !(LEAST_TILT..=MOST_TILT).contains(&tilt) {
            return DQuat::IDENTITY;
        }
        DQuat::from_rotation_arc(stand * normal, DVec3::Y)
    }
}

/// Twice the area times the normal of each triangle.
fn normals(batch: &Batch) -> impl Iterator<Item = DVec3> + '_ {
    batch.indices.as_chunks::<3>().0.iter().map(|triangle| {
        let [a, b, c] = triangle.map(|index| batch.positions[index as usize].as_dvec3());
        (b - a).cross(c - a)
    })
}

/// The height of the lowest large floor, metres, in the turned frame.
fn floor_height(store: &Store, turn: DQuat, metres: f64) -> Result<Option<f64>> {
    let mut layers: BTreeMap<i64, f64> = BTreeMap::new();
    let mut lowest = f64::MAX;
    for batch in store.batches() {
        let batch = batch?;
        let heights: Vec<f64> = batch.positions.iter().map(|p| (turn * p.as_dvec3()).y * metres).collect();
        lowest = heights.iter().copied().fold(lowest, f64::min);
        for (normal, triangle) in normals(&batch).zip(batch.indices.as_chunks::<3>().0) {
            let upward = (turn * normal).y;
            if upward > 0.95 * normal.length() {
                let height = triangle.iter().map(|&index| heights[index as usize]).sum::<f64>() / 3.0;
                *layers.entry((height / LAYER).round() as i64).or_default() += upward;
            }
        }
        if batch.indices.is_empty() {
            // Points have no area; a layer with many of them is a floor as well.
            for height in heights {
                *layers.entry((height / LAYER).round() as i64).or_default() += 1.0;
            }
        }
    }
    // Three layers together, because a floor lies between two of them.
    let around = |at: i64| (at - 1..=at + 1).filter_map(|at| layers.get(&at)).sum::<f64>();
    let most = layers.keys().map(|&at| around(at)).fold(0.0, f64::max);
    let floor = layers.keys().copied().find(|&at| around(at) >= most * 0.3);
    // The mean of those layers is finer than a layer.
    let mean = floor.map(|first| {
        let best = (first..=first + 2).max_by(|a, b| around(*a).total_cmp(&around(*b))).unwrap_or(first);
        let range = best - 1..=best + 1;
        let sum: f64 = range.clone().filter_map(|at| Some(layers.get(&at)? * at as f64)).sum();
        sum / around(best) * LAYER
    });
    Ok(mean.or((lowest < f64::MAX).then_some(lowest)))
}
