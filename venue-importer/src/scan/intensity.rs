//! Points that have intensities and no colours are shown in grey.
//!
//! Devices use very different parts of their range. So the first batch decides what is black and what is white:
//! its second and ninety-eighth percentile.

use super::batch::RawBatch;

#[derive(Default)]
pub(super) struct Grey {
    black: f32,
    /// Greys in one unit of intensity.
    scale: f32,
    is_known: bool,
}

impl Grey {
    /// Gives the batch's points their grey, and empties the list. Nothing happens without intensities.
    pub(super) fn color(&mut self, batch: &mut RawBatch, intensities: &mut Vec<f32>) {
        if intensities.is_empty() {
            return;
        }
        if !self.is_known {
            self.learn(intensities);
        }
        batch.colors.clear();
        batch.colors.extend(intensities.drain(..).map(|intensity| {
            let grey = ((intensity - self.black) * self.scale).clamp(0.0, 255.0) as u8;
            [grey, grey, grey, 255]
        }));
    }

    fn learn(&mut self, intensities: &[f32]) {
        let mut sorted: Vec<f32> = intensities.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let at = |part: f32| sorted.get((sorted.len() as f32 * part) as usize).copied().unwrap_or_default();
        let (black, white) = (at(0.02), at(0.98));
        self.is_known = true;
        self.black = black;
        // All the same: a middle grey.
        self.scale = if white > black { 255.0 / (white - black) } else { 0.0 };
        if self.scale == 0.0 {
            (self.black, self.scale) = (black - 1.0, 128.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_that_is_used_becomes_black_to_white() {
        let mut grey = Grey::default();
        let mut batch = RawBatch::default();
        let mut first: Vec<f32> = (0..=1_000).map(|i| 300.0 + i as f32).collect();
        first.push(f32::NAN);
        grey.color(&mut batch, &mut first);
        assert_eq!((batch.colors[0], batch.colors[1_000]), ([0, 0, 0, 255], [255; 4]));
        let middle = batch.colors[500][0];
        assert!((120..136).contains(&middle), "{middle}");
        // What the first batch decided holds for the next.
        grey.color(&mut batch, &mut vec![800.0]);
        assert_eq!(batch.colors, [[middle, middle, middle, 255]]);
    }

    #[test]
    fn one_intensity_for_all_is_a_middle_grey() {
        let mut batch = RawBatch::default();
        Grey::default().color(&mut batch, &mut vec![7.0; 5]);
        assert_eq!(batch.colors[4], [128, 128, 128, 255]);
    }
}
