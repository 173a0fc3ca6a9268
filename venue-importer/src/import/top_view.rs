//! The coarsest tiles seen from above as a picture, without what is over the people's heads. Draws by itself: no graphics
//! chip is needed.

use anyhow::Result;
use glam::{Mat4, Vec2, Vec3};
use image::codecs::jpeg::JpegEncoder;
use venue_model::Bounds;
use venue_package::gltf::{Document, Limits, Picture, Primitive, decode_image_within};
use venue_package::{Package, Tileset};

/// Pixels of the picture's longer side.
const SIDE: f32 = 1_000.0;
/// Pixels of a tile's own picture are enough so many along a side.
const PICTURE_SIDE: u32 = 1_024;
/// What lies higher above the floor than this is cut off, metres.
const CUT: f32 = 1.9;
const QUALITY: u8 = 82;
/// What is seen where nothing is: the page's paper.
const PAPER: [u8; 3] = [238, 234, 225];

/// A picture of `area`, x to the right and z downwards, as JPEG.
pub(super) fn draw(package: &Package, tileset: &Tileset, area: &Bounds, floor: f32) -> Result<Vec<u8>> {
    let size = area.max - area.min;
    let per_metre = SIDE / size.x.max(size.z).max(0.1);
    let side = |metres: f32| ((metres * per_metre).ceil() as u32).clamp(1, SIDE as u32 + 1);
    let mut view = View {
        origin: Vec2::new(area.min.x, area.min.z),
        per_metre,
        cut: floor + CUT,
        image: image::RgbImage::from_pixel(side(size.x), side(size.z), image::Rgb(PAPER)),
        heights: vec![f32::MIN; (side(size.x) * side(size.z)) as usize],
    };
    for tile in tileset.tiles.iter().filter(|tile| tile.parent.is_none()) {
        let document = Document::read(&package.file(tile.content)?, &Limits::CLIENT)?;
        for node in document.scene_nodes().into_iter().map(|at| &document.nodes[at]) {
            let mesh = node.mesh.map(|mesh| &document.meshes[mesh]);
            for primitive in mesh.into_iter().flat_map(|mesh| &mesh.primitives) {
                view.primitive(&document, primitive, &node.world);
            }
        }
    }
    let mut bytes = Vec::new();
    view.image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
    Ok(bytes)
}

struct View {
    origin: Vec2,
    per_metre: f32,
    cut: f32,
    image: image::RgbImage,
    heights: Vec<f32>,
}

/// A corner: pixels, height, linear colour, place on the picture.
#[derive(Clone, Copy)]
struct Corner {
    at: Vec2,
    height: f32,
    color: Vec3,
    uv: Vec2,
}

impl View {
    fn primitive(&mut self, document: &Document, primitive: &Primitive, world: &Mat4) {
        let material = primitive.material.and_then(|at| document.materials.get(at));
        let factor = material.map_or(Vec3::ONE, |material| material.base_color.truncate());
        let texture = material.and_then(|material| material.base_color_texture);
        let image =
            texture.and_then(|texture| document.images.get(document.textures.get(texture.texture)?.image));
        let picture = image.and_then(|image| {
            decode_image_within(&image.bytes, &image.media_type, &Limits::CLIENT, PICTURE_SIDE).ok()
        });
        let corner = |at: usize| {
            let position = world.transform_point3(primitive.positions[at]);
            Corner {
                at: (Vec2::new(position.x, position.z) - self.origin) * self.per_metre,
                height: position.y,
                color: primitive.colors.get(at).map_or(Vec3::ONE, |color| color.truncate()) * factor,
                uv: primitive.uvs[0].get(at).copied().unwrap_or_default(),
            }
        };
        let corners: Vec<Corner> = (0..primitive.positions.len()).map(corner).collect();
        if primitive.indices.is_empty() {
            for (at, corner) in corners.iter().enumerate() {
                let radius = primitive.radii.get(at).copied().unwrap_or(0.01) * self.per_metre;
                self.disc(corner, radius.clamp(0.7, 20.0));
            }
        }
        for triangle in primitive.indices.as_chunks::<3>().0 {
            self.triangle(triangle.map(|index| corners[index as usize]), picture.as_ref());
        }
    }

    fn disc(&mut self, corner: &Corner, radius: f32) {
        self.each(corner.at - radius, corner.at + radius, |view, x, y, point| {
            if point.distance(corner.at) <= radius {
                view.put(x, y, corner.height, corner.color);
            }
        });
    }

    fn triangle(&mut self, [a, b, c]: [Corner; 3], picture: Option<&Picture>) {
        let area = (b.at - a.at).perp_dot(c.at - a.at);
        if area.abs() < 1e-6 || a.height.min(b.height).min(c.height) > self.cut {
            return;
        }
        let (low, high) = (a.at.min(b.at).min(c.at), a.at.max(b.at).max(c.at));
        self.each(low, high, |view, x, y, point| {
            let v = (point - a.at).perp_dot(c.at - a.at) / area;
            let w = (b.at - a.at).perp_dot(point - a.at) / area;
            let u = 1.0 - v - w;
            // A little beyond the edges, so that no seams are seen.
            if u.min(v).min(w) < -0.01 {
                return;
            }
            let height = a.height * u + b.height * v + c.height * w;
            let color = a.color * u + b.color * v + c.color * w;
            let seen = picture.map_or(Vec3::ONE, |picture| sample(picture, a.uv * u + b.uv * v + c.uv * w));
            view.put(x, y, height, color * seen);
        });
    }

    /// Calls for each pixel of a box, clipped to the picture, with its middle.
    fn each(&mut self, low: Vec2, high: Vec2, mut draw: impl FnMut(&mut Self, u32, u32, Vec2)) {
        let size = Vec2::new(self.image.width() as f32, self.image.height() as f32);
        if !(low.is_finite() && high.is_finite()) {
            return;
        }
        let (low, high) = (low.floor().max(Vec2::ZERO), high.ceil().min(size));
        for y in low.y as u32..high.y as u32 {
            for x in low.x as u32..high.x as u32 {
                draw(self, x, y, Vec2::new(x as f32 + 0.5, y as f32 + 0.5));
            }
        }
    }

    fn put(&mut self, x: u32, y: u32, height: f32, linear: Vec3) {
        let place = &mut self.heights[(y * self.image.width() + x) as usize];
        if height <= self.cut && height > *place {
            *place = height;
            let srgb = linear.clamp(Vec3::ZERO, Vec3::ONE).powf(1.0 / 2.2) * 255.0;
            self.image.put_pixel(x, y, image::Rgb(srgb.to_array().map(|value| value as u8)));
        }
    }
}

fn sample(picture: &Picture, uv: Vec2) -> Vec3 {
    let at =
        |value: f32, count: u32| ((value.clamp(0.0, 1.0) * count as f32) as u32).min(count.saturating_sub(1));
    let first = ((at(uv.y, picture.height) * picture.width + at(uv.x, picture.width)) * 4) as usize;
    let Some([r, g, b]) = picture.rgba8.get(first..first + 3) else { return Vec3::ONE };
    (Vec3::new(f32::from(*r), f32::from(*g), f32::from(*b)) / 255.0).powf(2.2)
}
