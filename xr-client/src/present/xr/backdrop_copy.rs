//! A small copy of the panorama that the runtime shows behind the pictures, for the window beside the headset: what the
//! runtime has was given away.
//!
//! It must not know the runtime.

use wgpu_renderer::{Gpu, wgpu};

/// Most pixels on a side: what a window shows of it, at the middle of a headset's view, is about as sharp as the window.
const LARGEST_SIDE: u32 = 2_048;

/// The copy: of each square of so many pixels on a side one.
pub struct BackdropCopy {
    texture: wgpu::Texture,
    view: wgpu::TextureView,
    whole_width: u32,
    every: u32,
    size: [u32; 2],
}

impl BackdropCopy {
    /// Room for a copy of a panorama of this size.
    pub fn new(gpu: &Gpu, whole: [u32; 2]) -> Self {
        let every = every_of(whole);
        let size = whole.map(|side| (side / every).max(1));
        let texture = gpu.device().create_texture(&wgpu::TextureDescriptor {
            label: Some("panorama of the mirror"),
            size: wgpu::Extent3d { width: size[0], height: size[1], depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8UnormSrgb,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        Self { texture, view, whole_width: whole[0], every, size }
    }

    /// The copy, to be looked at.
    pub fn view(&self) -> &wgpu::TextureView {
        &self.view
    }

    /// Takes the next rows of the whole: RGBA, colours encoded as sRGB.
    pub fn write(&self, gpu: &Gpu, first_row: u32, rgba8: &[u8]) {
        let [width, height] = self.size;
        let first = first_row.div_ceil(self.every);
        let rows = thinned(rgba8, self.whole_width, first_row, self.every, self.size);
        let count = rows.len() as u32 / (width * 4);
        if count == 0 || first + count > height {
            return;
        }
        gpu.queue().write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &self.texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x: 0, y: first, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            &rows,
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(width * 4), rows_per_image: None },
            wgpu::Extent3d { width, height: count, depth_or_array_layers: 1 },
        );
    }
}

fn every_of(whole: [u32; 2]) -> u32 {
    whole[0].max(whole[1]).div_ceil(LARGEST_SIDE).max(1)
}

/// Of whole rows those that the copy has, and of their pixels one of so many.
fn thinned(rgba8: &[u8], whole_width: u32, first_row: u32, every: u32, [width, height]: [u32; 2]) -> Vec<u8> {
    let rows = (first_row..).zip(rgba8.chunks_exact(whole_width as usize * 4));
    let is_kept = |row: u32| row.is_multiple_of(every) && row / every < height;
    let kept = rows.filter(|(row, _)| is_kept(*row));
    let pixels = kept.flat_map(|(_, row)| row.chunks_exact(4).step_by(every as usize).take(width as usize));
    pixels.flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_each_so_many_eth_pixel_however_the_rows_come() {
        // 7 × 5 pixels that tell their place; of each 2 × 2 the first.
        let [width, height] = [7_u32, 5_u32];
        let pixel = |x: u32, y: u32| [x as u8, y as u8, 0, 255];
        let whole: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
        let expected: Vec<u8> =
            [0, 2].into_iter().flat_map(|y| [0, 2, 4].into_iter().flat_map(move |x| pixel(x, y))).collect();
        for strip in 1..=height {
            let bytes = (strip * width * 4) as usize;
            let strips = whole.chunks(bytes).zip((0..).step_by(strip as usize));
            let copied: Vec<u8> =
                strips.flat_map(|(rows, first)| thinned(rows, width, first, 2, [3, 2])).collect();
            assert_eq!(copied, expected, "{strip} rows at a time");
        }
    }

    #[test]
    fn a_panorama_that_is_small_is_copied_as_it_is() {
        assert_eq!([[720, 360], [2_048, 1_024], [2_049, 1_024], [8_192, 4_096]].map(every_of), [1, 1, 2, 4]);
    }
}
