//! Gathers the light that comes to places in a space, by looking around from there at what the tiles' pictures show:
//! a venue needs no data for it, scanned ones neither.
//!
//! It must not know threads or the GPU.

use super::field::{Arriving, LightField};
use crate::scene::rays::{Hit, Tree};
use glam::{Mat4, UVec2, Vec2, Vec3};
use std::f32::consts::{PI, TAU};
use venue_package::gltf::{AlphaMode, Document};

/// Distance of places, metres, and the most of them in a space.
const STEP: f32 = 1.5;
const MAX_PLACES: u32 = 1_024;

/// Height above the space's floor at which one looks around, metres: the middle of a standing person's upper body.
const HEIGHT: f32 = 1.25;

/// Directions that are looked at from a place.
const DIRECTIONS: u32 = 320;

/// Pictures are looked at with so many pixels along each side.
pub const PICTURE_SIDE: u32 = 384;

/// Tiles with more triangles give no light: looking around in them would take too long.
const MAX_TRIANGLES: usize = 2_000_000;

/// A place is inside of a wall if so many of its looks end on the back of something.
const BACKS: f32 = 0.25;

/// Surfaces that are not baked are taken to be lit by this.
const LIT_BY: f32 = 0.5;

/// What is seen where nothing stands: above, at eye level, below.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings(pub [Vec3; 3]);

#[derive(Clone, Copy, Debug)]
struct Surface {
    color: Vec3,
    picture: Option<usize>,
    is_two_sided: bool,
}

/// A picture as light looks at it.
pub struct SmallPicture {
    size: UVec2,
    rgb: Vec<[u8; 3]>,
}

/// A tile as light sees it.
#[derive(Default)]
pub struct Source {
    corners: Vec<[Vec3; 3]>,
    uvs: Vec<[Vec2; 3]>,
    /// Of each triangle.
    surface: Vec<u32>,
    surfaces: Vec<Surface>,
    pictures: Vec<Option<SmallPicture>>,
}

impl Source {
    /// Takes from a decoded file what is needed; `uvs` are those of the base colour by mesh and primitive.
    pub fn of(document: &Document, pictures: Vec<Option<SmallPicture>>, uvs: &[Vec<Vec<[f32; 2]>>]) -> Self {
        let mut source = Self { pictures, ..Self::default() };
        source.surfaces.extend(document.materials.iter().map(|material| Surface {
            color: material.base_color.truncate() * if material.unlit { 1.0 } else { LIT_BY }
                + material.emissive,
            picture: material.base_color_texture.as_ref().map(|used| used.texture),
            is_two_sided: material.double_sided,
        }));
        let plain = source.surfaces.len() as u32;
        source.surfaces.push(Surface { color: Vec3::splat(LIT_BY), picture: None, is_two_sided: false });
        for node in document.nodes.iter().filter(|node| node.skin.is_none()) {
            let Some(mesh) = node.mesh else { continue };
            for (at, primitive) in document.meshes[mesh].primitives.iter().enumerate() {
                let material = primitive.material.and_then(|index| document.materials.get(index));
                // One looks through glass.
                if material.is_some_and(|material| material.alpha == AlphaMode::Blend) {
                    continue;
                }
                let surface = primitive.material.map_or(plain, |index| index as u32);
                source.add(&primitive.positions, &uvs[mesh][at], &primitive.indices, node.world, surface);
            }
        }
        source
    }

    fn add(&mut self, points: &[Vec3], uvs: &[[f32; 2]], indices: &[u32], world: Mat4, surface: u32) {
        if self.corners.len() + indices.len() / 3 > MAX_TRIANGLES {
            tracing::debug!("a tile is too large to light figures");
            return;
        }
        for triangle in indices.chunks_exact(3) {
            let corner = [0, 1, 2].map(|at| triangle[at] as usize);
            self.corners.push(corner.map(|index| world.transform_point3(points[index])));
            self.uvs.push(corner.map(|index| uvs.get(index).copied().map_or(Vec2::ZERO, Vec2::from)));
            self.surface.push(surface);
        }
    }

    /// How much of the tile lies within a space, 0 to 1.
    pub fn share_within(&self, bounds: (Vec3, Vec3)) -> f32 {
        let is_inside =
            |corners: &&[Vec3; 3]| corners[0].cmpge(bounds.0).all() && corners[0].cmple(bounds.1).all();
        self.corners.iter().filter(is_inside).count() as f32 / self.corners.len().max(1) as f32
    }

    /// What is seen of a triangle; none from behind.
    fn seen(&self, triangle: usize, hit: &Hit) -> Option<Vec3> {
        let surface = self.surfaces.get(self.surface[triangle] as usize)?;
        if !hit.is_front && !surface.is_two_sided {
            return None;
        }
        let [a, b, c] = self.uvs[triangle];
        let uv = a + (b - a) * hit.weights[0] + (c - a) * hit.weights[1];
        let picture = surface.picture.and_then(|index| self.pictures.get(index)?.as_ref());
        Some(surface.color * picture.map_or(Vec3::ONE, |picture| picture.at(uv)))
    }
}

impl SmallPicture {
    fn at(&self, uv: Vec2) -> Vec3 {
        let wrapped = uv - uv.floor();
        let pixel = (wrapped * self.size.as_vec2()).as_uvec2().min(self.size - 1);
        let rgb = self.rgb[(pixel.y * self.size.x + pixel.x) as usize];
        Vec3::from_array(rgb.map(|value| linear(f32::from(value) / 255.0)))
    }
}

impl SmallPicture {
    /// Every so many pixels one.
    pub fn of(width: u32, height: u32, rgba8: &[u8]) -> Self {
        let full = UVec2::new(width, height);
        let size = full.min(UVec2::splat(PICTURE_SIDE)).max(UVec2::ONE);
        let pixel = |x: u32, y: u32| {
            let at = (y * full.y / size.y * full.x + x * full.x / size.x) as usize * 4;
            rgba8.get(at..at + 3).map_or([0; 3], |rgb| [rgb[0], rgb[1], rgb[2]])
        };
        let rows = (0..size.y).flat_map(|y| (0..size.x).map(move |x| (x, y)));
        Self { size, rgb: rows.map(|(x, y)| pixel(x, y)).collect() }
    }
}

fn linear(srgb: f32) -> f32 {
    if srgb <= 0.040_45 { srgb / 12.92 } else { ((srgb + 0.055) / 1.055).powf(2.4) }
}

/// Looks around from a grid of places in a space whose tiles these are.
pub fn gather(bounds: (Vec3, Vec3), sources: &[&Source], around: Surroundings) -> LightField {
    let tree = Tree::new(sources.iter().flat_map(|source| source.corners.iter().copied()).collect());
    let size = bounds.1 - bounds.0;
    let count = |metres: f32| (metres / STEP).ceil().clamp(1.0, MAX_PLACES as f32) as u32;
    let mut counts = UVec2::new(count(size.x), count(size.z));
    while counts.x * counts.y > MAX_PLACES {
        counts = (counts * 3 / 4).max(UVec2::ONE);
    }
    let places = (0..counts.x * counts.y).map(|index| {
        let floor = LightField::place(bounds, counts, index % counts.x, index / counts.x);
        look_around(floor + Vec3::Y * HEIGHT, &tree, sources, around)
    });
    LightField { bounds, counts, places: places.collect() }
}

fn look_around(from: Vec3, tree: &Tree, sources: &[&Source], around: Surroundings) -> Option<Arriving> {
    let (mut arriving, mut seen, mut backs) = (Arriving::default(), 0, 0);
    for index in 0..DIRECTIONS {
        let along = direction(index);
        let color = match tree.nearest(from, along) {
            Some(hit) => color_of(sources, &hit),
            None => Some(around.at(along.y)),
        };
        let Some(color) = color else {
            backs += 1;
            continue;
        };
        seen += 1;
        let moments = along.to_array().map(|part| color * part);
        arriving.add(&Arriving { mean: color, moments }, 1.0);
    }
    let is_walled = backs as f32 > BACKS * DIRECTIONS as f32;
    let mut mean = Arriving::default();
    mean.add(&arriving, 1.0 / seen.max(1) as f32);
    (!is_walled).then_some(mean)
}

fn color_of(sources: &[&Source], hit: &Hit) -> Option<Vec3> {
    let mut triangle = hit.triangle;
    for source in sources {
        if triangle < source.corners.len() {
            return source.seen(triangle, hit);
        }
        triangle -= source.corners.len();
    }
    None
}

impl Surroundings {
    fn at(self, height: f32) -> Vec3 {
        let [above, level, below] = self.0;
        level.lerp(if height > 0.0 { above } else { below }, height.abs())
    }
}

/// Directions that lie evenly on a sphere, along a golden spiral.
fn direction(index: u32) -> Vec3 {
    let y = 1.0 - (2.0 * index as f32 + 1.0) / DIRECTIONS as f32;
    let turn = (index as f32 * (3.0 - 5.0f32.sqrt()) * PI).rem_euclid(TAU);
    let radius = (1.0 - y * y).sqrt();
    Vec3::new(radius * turn.cos(), y, radius * turn.sin())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: (Vec3, Vec3) = (Vec3::ZERO, Vec3::new(6.0, 3.0, 6.0));

    /// A closed room whose wall at the highest x has another colour; its triangles look inwards.
    fn room(wall: Vec3, others: Vec3) -> Source {
        let plain = |color| Surface { color, picture: None, is_two_sided: false };
        let mut source = Source { surfaces: vec![plain(others), plain(wall)], ..Source::default() };
        let (low, high) = BOUNDS;
        let middle = (low + high) / 2.0;
        for axis in 0..3 {
            for (side, at) in [(0, low[axis]), (1, high[axis])] {
                let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
                let corner = |a: f32, b: f32| {
                    let mut point = Vec3::ZERO;
                    (point[axis], point[u], point[v]) = (at, a, b);
                    point
                };
                let ring = [
                    corner(low[u], low[v]),
                    corner(high[u], low[v]),
                    corner(high[u], high[v]),
                    corner(low[u], high[v]),
                ];
                let normal = (ring[1] - ring[0]).cross(ring[2] - ring[0]);
                let inward = normal.dot(middle - ring[0]) > 0.0;
                let indices = if inward { [0, 1, 2, 0, 2, 3] } else { [0, 2, 1, 0, 3, 2] };
                let surface = u32::from(axis == 0 && side == 1);
                source.add(&ring, &[], &indices, Mat4::IDENTITY, surface);
            }
        }
        source
    }

    #[test]
    fn a_bright_wall_brightens_figures_from_its_side_and_the_more_the_nearer() {
        let source = room(Vec3::new(1.0, 0.9, 0.8), Vec3::splat(0.2));
        let field = gather(BOUNDS, &[&source], Surroundings::default());
        let at = |x: f32| field.at(Vec3::new(x, 0.0, 3.0)).unwrap();
        let (near, far) = (at(5.0), at(1.0));
        assert!(near.mean.x > far.mean.x + 0.1, "{near:?}, {far:?}");
        let light = near.light();
        assert!(light.direction_to_light.x > 0.95, "{light:?}");
        assert!(light.light_color.x > 0.2 && light.light_color.x > light.light_color.z, "{light:?}");
        assert!(far.light().light_color.x < light.light_color.x * 0.6);
    }

    #[test]
    fn in_a_room_of_one_colour_light_has_that_colour_and_no_direction() {
        let grey = Vec3::new(0.4, 0.5, 0.6);
        let field = gather(BOUNDS, &[&room(grey, grey)], Surroundings::default());
        for arriving in field.places.iter().map(|place| place.unwrap()) {
            assert!((arriving.mean - grey).abs().max_element() < 1e-3, "{arriving:?}");
            assert!(arriving.light().light_color.max_element() < 0.03, "{arriving:?}");
        }
    }

    #[test]
    fn outside_there_is_the_sky_and_inside_of_walls_nothing() {
        let sky = Surroundings([Vec3::Z, Vec3::splat(0.5), Vec3::X]);
        let open = gather(BOUNDS, &[], sky).at(Vec3::ONE).unwrap();
        assert!(open.moments[1].z > 0.05 && open.moments[1].x < -0.05, "{open:?}");
        let beyond = (Vec3::new(20.0, 0.0, 0.0), Vec3::new(22.0, 3.0, 2.0));
        let mut turned = room(Vec3::ONE, Vec3::ONE);
        turned.corners.iter_mut().for_each(|corners| {
            corners.swap(1, 2);
            corners.iter_mut().for_each(|corner| corner.x += 18.0);
        });
        assert_eq!(gather(beyond, &[&turned], sky).at(beyond.0), None, "behind all walls");
        assert!(room(Vec3::ONE, Vec3::ONE).share_within(BOUNDS) > 0.99);
    }
}
