//! Pictures in memory, eight bits of sRGB a channel, and their reduction in linear light.

use std::sync::LazyLock;

/// A picture, top row first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// sRGB and alpha, row by row.
    pub pixels: Vec<[u8; 4]>,
}

impl Picture {
    /// A picture of one colour.
    pub fn filled(width: u32, height: u32, color: [u8; 4]) -> Self {
        Self { width, height, pixels: vec![color; width as usize * height as usize] }
    }

    /// A row's pixels.
    pub fn row(&self, y: u32) -> &[[u8; 4]] {
        let start = y as usize * self.width as usize;
        &self.pixels[start..start + self.width as usize]
    }

    /// A picture of half the width and height, rounded up.
    pub fn halved(&self) -> Self {
        self.scaled(0.5, self.width.div_ceil(2), self.height.div_ceil(2))
    }

    /// A smaller picture: pixel (x, y) is the mean of what lies within [x, x + 1) × [y, y + 1), divided by `scale`.
    ///
    /// The mean is taken in linear light, and colours weigh as much as they cover.
    pub fn scaled(&self, scale: f64, width: u32, height: u32) -> Self {
        let span = |at: u32, limit: u32| {
            let from = (f64::from(at) / scale).floor().min(f64::from(limit - 1)) as u32;
            let to = (f64::from(at + 1) / scale).ceil().min(f64::from(limit)) as u32;
            from..to.max(from + 1)
        };
        let columns: Vec<_> = (0..width).map(|x| span(x, self.width)).collect();
        let mut pixels = Vec::with_capacity(width as usize * height as usize);
        for y in 0..height {
            let rows = span(y, self.height);
            for column in &columns {
                let mut sum = [0.0_f32; 4];
                let mut plain = [0.0_f32; 3];
                for y in rows.clone() {
                    for [r, g, b, a] in &self.row(y)[column.start as usize..column.end as usize] {
                        let alpha = f32::from(*a) / 255.0;
                        let linear = [*r, *g, *b].map(|value| LINEAR[usize::from(value)]);
                        (0..3).for_each(|i| sum[i] += linear[i] * alpha);
                        (0..3).for_each(|i| plain[i] += linear[i]);
                        sum[3] += alpha;
                    }
                }
                let count = (rows.len() * column.len()) as f32;
                // Where nothing is covered, the colour below still shows at soft edges.
                let color = |i: usize| if sum[3] > 0.0 { sum[i] / sum[3] } else { plain[i] / count };
                let alpha = (sum[3] / count * 255.0 + 0.5) as u8;
                pixels.push([encode(color(0)), encode(color(1)), encode(color(2)), alpha]);
            }
        }
        Self { width, height, pixels }
    }

    /// The colour at a place, 0 to 1 over the picture: the mean of the four pixels about it, by nearness.
    pub fn sampled(&self, uv: glam::Vec2) -> [u8; 4] {
        let at = uv * glam::Vec2::new(self.width as f32, self.height as f32) - 0.5;
        let (low, part) = (at.floor(), at - at.floor());
        let side = |value: f32, size: u32| (value.max(0.0) as u32).min(size.saturating_sub(1)) as usize;
        let columns = [side(low.x, self.width), side(low.x + 1.0, self.width)];
        let rows = [side(low.y, self.height), side(low.y + 1.0, self.height)];
        let four = rows.map(|row| columns.map(|column| self.row(row as u32)[column]));
        let mix = |a: f32, b: f32, part: f32| a + (b - a) * part;
        std::array::from_fn(|i| {
            let [above, below] =
                four.map(|[left, right]| mix(f32::from(left[i]), f32::from(right[i]), part.x));
            (mix(above, below, part.y) + 0.5) as u8
        })
    }

    /// The mean colour of pixels that are seen, for where nothing is drawn.
    pub fn mean(&self) -> [u8; 4] {
        let step = (self.pixels.len() / 4_096).max(1);
        let mut sum = [0_u64; 5];
        for pixel in self.pixels.iter().step_by(step).filter(|pixel| pixel[3] > 0) {
            (0..4).for_each(|i| sum[i] += u64::from(pixel[i]));
            sum[4] += 1;
        }
        if sum[4] == 0 { [128, 128, 128, 255] } else { std::array::from_fn(|i| (sum[i] / sum[4]) as u8) }
    }
}

/// Linear light of each sRGB value (IEC 61966-2-1).
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|value| {
        let value = value as f32 / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
});

/// sRGB of linear light, by a table fine enough for eight bits.
fn encode(linear: f32) -> u8 {
    const STEPS: usize = 1 << 13;
    static TABLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let value = |at: usize| {
            let linear = at as f32 / (STEPS - 1) as f32;
            let srgb =
                if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
            (srgb * 255.0).round() as u8
        };
        (0..STEPS).map(value).collect()
    });
    // Adding a half and cutting rounds what is not negative, and is no call of a function for each pixel.
    TABLE[(linear.clamp(0.0, 1.0) * (STEPS - 1) as f32 + 0.5) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_and_white_average_to_the_grey_of_half_the_light() {
        let mut picture = Picture::filled(4, 2, [0, 0, 0, 255]);
        picture.pixels.iter_mut().step_by(2).for_each(|pixel| *pixel = [255, 255, 255, 255]);
        let half = picture.halved();
        assert_eq!((half.width, half.height), (2, 1));
        assert!(half.pixels.iter().all(|pixel| pixel[0].abs_diff(188) <= 1 && pixel[3] == 255), "{half:?}");
    }

    #[test]
    fn what_is_not_there_does_not_darken_what_is() {
        let picture = Picture { width: 2, height: 1, pixels: vec![[200, 100, 50, 255], [0, 0, 0, 0]] };
        let half = picture.halved();
        assert!(half.pixels[0][0].abs_diff(200) <= 1 && half.pixels[0][3].abs_diff(128) <= 1, "{half:?}");
    }

    #[test]
    fn one_colour_stays_itself_at_every_scale() {
        for value in 0..=255 {
            let picture = Picture::filled(5, 3, [value, value, value, 255]);
            let small = picture.scaled(0.37, 2, 2);
            assert!(small.pixels.iter().all(|pixel| pixel[0].abs_diff(value) <= 1), "{value} {small:?}");
        }
    }
}
