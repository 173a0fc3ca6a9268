//! Draws panel meshes on the CPU, for tests alone.

use super::output::{AtlasUpdate, PanelMesh, PanelVertex};

/// The atlas as a renderer would hold it.
#[derive(Default)]
pub(crate) struct Texture {
    pub(crate) size: [u32; 2],
    pub(crate) rgba: Vec<u8>,
}

impl Texture {
    pub(crate) fn apply(&mut self, update: &AtlasUpdate) {
        if self.size != update.atlas_size {
            self.widen(update.atlas_size);
        }
        let region = update.region;
        for y in 0..region.height {
            let to = (((region.y + y) * self.size[0] + region.x) * 4) as usize;
            let from = (y * region.width * 4) as usize;
            let bytes = (region.width * 4) as usize;
            self.rgba[to..to + bytes].copy_from_slice(&update.rgba[from..from + bytes]);
        }
    }

    fn widen(&mut self, [width, height]: [u32; 2]) {
        let mut wide = vec![0; (width * height * 4) as usize];
        let (from, to) = ((self.size[0] * 4) as usize, (width * 4) as usize);
        for (old, new) in self.rgba.chunks_exact(from.max(1)).zip(wide.chunks_exact_mut(to)) {
            new[..from].copy_from_slice(old);
        }
        (self.size, self.rgba) = ([width, height], wide);
    }

    fn nearest(&self, uv: [f32; 2]) -> [f32; 4] {
        let texel = |axis: usize| {
            let size = self.size[axis];
            ((uv[axis] * size as f32) as u32).min(size - 1)
        };
        let at = ((texel(1) * self.size[0] + texel(0)) * 4) as usize;
        std::array::from_fn(|channel| f32::from(self.rgba[at + channel]) / 255.0)
    }
}

/// A picture of encoded values, opaque where nothing is drawn.
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgb: Vec<f32>,
}

impl Picture {
    /// A bright ground, as a sunny hall is.
    pub(crate) fn new(size: [u32; 2]) -> Self {
        let mut rgb = Vec::new();
        for y in 0..size[1] {
            let shade = 0.85 - 0.4 * y as f32 / size[1] as f32;
            for _ in 0..size[0] {
                rgb.extend([shade, shade * 0.97, shade * 0.9]);
            }
        }
        Self { width: size[0], height: size[1], rgb }
    }

    pub(crate) fn draw(&mut self, meshes: &[PanelMesh], texture: &Texture) {
        for mesh in meshes {
            for corners in mesh.indices.chunks_exact(3) {
                let triangle = [0, 1, 2].map(|corner| mesh.vertices[corners[corner] as usize]);
                self.triangle(&triangle, mesh.clip_rect, texture);
            }
        }
    }

    fn triangle(&mut self, corners: &[PanelVertex; 3], clip: [f32; 4], texture: &Texture) {
        let [a, b, c] = corners.map(|corner| corner.position);
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        if area == 0.0 {
            return;
        }
        let low = |axis: usize| a[axis].min(b[axis]).min(c[axis]).max(clip[axis]).floor().max(0.0) as u32;
        let high = |axis: usize, limit: u32| {
            (a[axis].max(b[axis]).max(c[axis]).min(clip[axis + 2]).ceil().max(0.0) as u32).min(limit)
        };
        for y in low(1)..high(1, self.height) {
            for x in low(0)..high(0, self.width) {
                let at = [x as f32 + 0.5, y as f32 + 0.5];
                let inside = at[0] >= clip[0] && at[0] < clip[2] && at[1] >= clip[1] && at[1] < clip[3];
                let edge = |p: [f32; 2], q: [f32; 2]| {
                    ((q[0] - p[0]) * (at[1] - p[1]) - (q[1] - p[1]) * (at[0] - p[0])) / area
                };
                let weights = [edge(b, c), edge(c, a), edge(a, b)];
                if inside && weights.iter().all(|&weight| weight >= 0.0) {
                    self.blend(x, y, corners, weights, texture);
                }
            }
        }
    }

    fn blend(&mut self, x: u32, y: u32, corners: &[PanelVertex; 3], weights: [f32; 3], texture: &Texture) {
        let mix = |value: &dyn Fn(&PanelVertex) -> f32| -> f32 {
            corners.iter().zip(weights).map(|(corner, weight)| value(corner) * weight).sum()
        };
        let texel = texture.nearest([mix(&|corner| corner.uv[0]), mix(&|corner| corner.uv[1])]);
        let channel = |index: usize| mix(&|corner| f32::from(corner.color[index]) / 255.0) * texel[index];
        let rest = 1.0 - channel(3);
        let at = ((y * self.width + x) * 3) as usize;
        for index in 0..3 {
            self.rgb[at + index] = channel(index) + rest * self.rgb[at + index];
        }
    }

    pub(crate) fn save(&self, path: &std::path::Path) {
        let bytes: Vec<u8> =
            self.rgb.iter().map(|value| (value * 255.0).round().clamp(0.0, 255.0) as u8).collect();
        image::save_buffer(path, &bytes, self.width, self.height, image::ColorType::Rgb8).unwrap();
    }
}
