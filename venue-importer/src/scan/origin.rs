//! Where a store's zero lies in source coordinates.
//!
//! Coordinates of a national grid have seven digits before the point, and single precision has seven in all. So a
//! rounded place in the middle of the scan is subtracted. The middle is a median: scans have stray points at zero.

use glam::DVec3;

/// From here on single precision is worse than half a millimetre; nearer, source coordinates stay as they are.
const NEAR: f64 = 4_096.0;
/// Origins are multiples of this.
const ROUND: f64 = 100.0;
/// Most positions that are kept for the median.
const SAMPLE: usize = 8_192;

/// The origin that is used, decided by the first batch.
pub(super) struct Origin(Option<DVec3>);

impl Origin {
    pub(super) fn new(known: Option<DVec3>) -> Self {
        Self(known)
    }

    pub(super) fn of(&mut self, first: &[DVec3]) -> DVec3 {
        *self.0.get_or_insert_with(|| rounded(median(first)))
    }

    pub(super) fn get(&self) -> DVec3 {
        self.0.unwrap_or_default()
    }
}

/// Positions from all over the scan: every n-th, n growing with the scan.
#[derive(Default)]
pub(super) struct Sample {
    kept: Vec<DVec3>,
    seen: u64,
    every: u64,
}

impl Sample {
    pub(super) fn add(&mut self, position: DVec3) {
        if self.seen.is_multiple_of(self.every.max(1)) {
            self.kept.push(position);
            if self.kept.len() >= SAMPLE {
                let mut at = 0;
                self.kept.retain(|_| {
                    at += 1;
                    at % 2 == 1
                });
                self.every = self.every.max(1) * 2;
            }
        }
        self.seen += 1;
    }

    /// Where the origin should have been, if this one is too far from most of the scan.
    pub(super) fn better_origin(&self, origin: DVec3) -> Option<DVec3> {
        let median = median(&self.kept);
        let is_far = (median - origin).abs().max_element() > NEAR;
        let better = rounded(median);
        (is_far && better != origin).then_some(better)
    }
}

/// Along each axis the middle one.
fn median(positions: &[DVec3]) -> DVec3 {
    let along = |axis: usize| {
        let mut values: Vec<f64> = positions.iter().map(|position| position[axis]).collect();
        let middle = values.len() / 2;
        match values.is_empty() {
            true => 0.0,
            false => *values.select_nth_unstable_by(middle, f64::total_cmp).1,
        }
    };
    DVec3::new(along(0), along(1), along(2))
}

fn rounded(place: DVec3) -> DVec3 {
    let axis = |value: f64| if value.abs() <= NEAR { 0.0 } else { (value / ROUND).round() * ROUND };
    DVec3::new(axis(place.x), axis(place.y), axis(place.z))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A room in the Swiss grid, with a stray point at zero and one a world away.
    fn room() -> Vec<DVec3> {
        let mut points: Vec<_> = (0..1_000)
            .map(|i| DVec3::new(2_600_012.345 + f64::from(i) * 0.01, 1_200_003.4, 450.25))
            .collect();
        points.extend([DVec3::ZERO, DVec3::splat(1e9)]);
        points
    }

    #[test]
    fn survey_coordinates_are_kept_to_a_millimetre() {
        let points = room();
        let origin = Origin::new(None).of(&points);
        assert_eq!(origin, DVec3::new(2_600_000.0, 1_200_000.0, 0.0));
        for &point in &points[..1_000] {
            let back = (point - origin).as_vec3().as_dvec3() + origin;
            assert!((back - point).length() < 0.001, "{back} {point}");
        }
    }

    #[test]
    fn coordinates_near_zero_stay_as_they_are() {
        let points: Vec<_> = (0..50).map(|i| DVec3::splat(f64::from(i) * 20.0)).collect();
        assert_eq!(Origin::new(None).of(&points), DVec3::ZERO);
    }

    #[test]
    fn an_origin_that_was_taken_from_strays_is_found_out() {
        let mut sample = Sample::default();
        (0..40_000).for_each(|_| sample.add(DVec3::ZERO));
        (0..60_000).for_each(|i| sample.add(room()[i % 1_000]));
        assert!(sample.kept.len() < SAMPLE);
        assert_eq!(sample.better_origin(DVec3::ZERO), Some(DVec3::new(2_600_000.0, 1_200_000.0, 0.0)));
        assert_eq!(sample.better_origin(DVec3::new(2_600_000.0, 1_200_000.0, 0.0)), None);
    }
}
