//! The light in a space as a grid of places, and what a figure has of it at any point.
//!
//! Building frame, metres; linear colours in the units of baked pictures: a white matt surface that is lit by surroundings
//! of one colour has that colour. It must not know where the light comes from.

use glam::{UVec2, Vec2, Vec3};
use wgpu_renderer::PlaceLight;

/// Share of the light's one-sidedness that is shown as light from one direction, and so gives forms an edge.
const DIRECTED: f32 = 0.65;

/// How far below a space's bounds its floor may lie, metres.
const FLOOR_METRES: f32 = 0.3;

/// Light that comes to a point: its mean over all directions, and its mean times the direction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Arriving {
    /// Mean.
    pub mean: Vec3,
    /// Along x, y, z.
    pub moments: [Vec3; 3],
}

/// A grid over a space's floor.
#[derive(Clone, Debug, PartialEq)]
pub struct LightField {
    /// Lowest and highest corner of the space.
    pub bounds: (Vec3, Vec3),
    /// Places along x and z; at least one each.
    pub counts: UVec2,
    /// Row by row along z; none inside of walls.
    pub places: Vec<Option<Arriving>>,
}

impl Arriving {
    /// Takes a share of another light in.
    pub fn add(&mut self, other: &Self, part: f32) {
        self.mean += other.mean * part;
        for (moment, other) in self.moments.iter_mut().zip(other.moments) {
            *moment += other * part;
        }
    }

    /// What a figure shows of it.
    pub fn light(&self) -> PlaceLight {
        // A matt surface answers to the first moment with two thirds (Ramamoorthi and Hanrahan, 2001).
        let slopes = self.moments.map(|moment| moment * 2.0);
        let toward = Vec3::from_array(slopes.map(luminance));
        let direction = toward.try_normalize().unwrap_or(Vec3::Y);
        // A light's cosine has half of its height as slope and a quarter as mean.
        let along =
            (slopes[0] * direction.x + slopes[1] * direction.y + slopes[2] * direction.z).max(Vec3::ZERO);
        let light_color = along * (2.0 * DIRECTED);
        let lessened = |axis: usize| slopes[axis] - along * (direction[axis] * DIRECTED);
        PlaceLight {
            ambient: (self.mean - light_color * 0.25).max(self.mean * 0.25),
            slopes: [lessened(0), lessened(1), lessened(2)],
            direction_to_light: direction,
            light_color,
        }
    }
}

impl LightField {
    /// The floor point of a place.
    pub fn place(bounds: (Vec3, Vec3), counts: UVec2, column: u32, row: u32) -> Vec3 {
        let step = step_of(bounds, counts);
        let (x, z) = ((column as f32 + 0.5) * step.x, (row as f32 + 0.5) * step.y);
        Vec3::new(bounds.0.x + x, bounds.0.y, bounds.0.z + z)
    }

    /// Whether feet stand in the space; a floor may lie a little below its bounds.
    pub fn contains(&self, feet: Vec3) -> bool {
        let low = self.bounds.0 - Vec3::Y * FLOOR_METRES;
        feet.cmpge(low).all() && feet.cmple(self.bounds.1).all()
    }

    /// The light at a point: a mean of the four places around it, without those inside of walls.
    pub fn at(&self, point: Vec3) -> Option<Arriving> {
        let step = step_of(self.bounds, self.counts);
        let flat = Vec2::new(point.x - self.bounds.0.x, point.z - self.bounds.0.z) / step - 0.5;
        let last = (self.counts - 1).as_vec2();
        let flat = flat.clamp(Vec2::ZERO, last);
        let corner = flat.floor();
        let part = flat - corner;
        let (mut sum, mut weights) = (Arriving::default(), 0.0);
        for (dx, dz) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let share = |part: f32, far: u32| if far == 1 { part } else { 1.0 - part };
            let weight = share(part.x, dx) * share(part.y, dz);
            let column = (corner.x as u32 + dx).min(self.counts.x - 1);
            let row = (corner.y as u32 + dz).min(self.counts.y - 1);
            if let Some(Some(arriving)) = self.places.get((row * self.counts.x + column) as usize) {
                sum.add(arriving, weight);
                weights += weight;
            }
        }
        if weights < 1e-4 {
            return None;
        }
        let mut mean = Arriving::default();
        mean.add(&sum, 1.0 / weights);
        Some(mean)
    }
}

fn step_of(bounds: (Vec3, Vec3), counts: UVec2) -> Vec2 {
    let size = bounds.1 - bounds.0;
    Vec2::new(size.x, size.z) / counts.as_vec2()
}

fn luminance(color: Vec3) -> f32 {
    color.dot(Vec3::new(0.2126, 0.7152, 0.0722))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(light: &PlaceLight, normal: Vec3) -> Vec3 {
        let [x, y, z] = light.slopes;
        let ambient = (light.ambient + x * normal.x + y * normal.y + z * normal.z).max(Vec3::ZERO);
        ambient + light.light_color * normal.dot(light.direction_to_light).max(0.0)
    }

    #[test]
    fn even_light_is_shown_as_it_is_and_light_from_one_side_brightens_that_side() {
        let even = Arriving { mean: Vec3::splat(0.6), ..Arriving::default() }.light();
        assert!((shown(&even, Vec3::X) - 0.6).abs().max_element() < 1e-5);
        let red = Vec3::new(0.3, 0.1, 0.1);
        let aside = Arriving { mean: Vec3::splat(0.5), moments: [red, Vec3::ZERO, Vec3::ZERO] }.light();
        let (lit, dark) = (shown(&aside, Vec3::X), shown(&aside, Vec3::NEG_X));
        assert!(lit.x > dark.x + 0.5 && lit.y > dark.y + 0.15, "{lit} and {dark}");
        assert!(lit.x - lit.y > 0.2, "the light's colour: {lit}");
    }

    #[test]
    fn between_two_places_light_is_mixed_and_walls_give_none() {
        let bright = Arriving { mean: Vec3::ONE, ..Arriving::default() };
        let bounds = (Vec3::ZERO, Vec3::new(4.0, 3.0, 2.0));
        let field = LightField {
            bounds,
            counts: UVec2::new(2, 1),
            places: vec![Some(Arriving::default()), Some(bright)],
        };
        let at = |x: f32| field.at(Vec3::new(x, 0.0, 1.0)).unwrap().mean.x;
        assert!((at(1.0), at(3.0)) == (0.0, 1.0) && (at(2.0) - 0.5).abs() < 1e-5);
        assert_eq!(at(-7.0), 0.0, "beyond the edge");
        let walled = LightField { places: vec![None, Some(bright)], ..field };
        assert_eq!(walled.at(Vec3::new(1.5, 0.0, 1.0)).unwrap().mean.x, 1.0);
        let solid = LightField { places: vec![None, None], ..walled };
        assert_eq!(solid.at(Vec3::ONE), None);
    }
}
