//! A tile's triangles on a grid of whole numbers, so that neighbours meet exactly at every level of detail.

use super::numbers::Numbers;
use bytemuck::{Pod, Zeroable};
use glam::{DVec3, Vec2, Vec3};
use venue_model::Bounds;

/// How a surface looks, apart from its picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// For the modeler.
    pub name: String,
    /// Linear RGBA factor.
    pub base_color: [f32; 4],
    /// The surface shows its colours as they were captured; nothing lights it.
    pub unlit: bool,
    /// Both sides are seen.
    pub double_sided: bool,
    /// What its alpha does.
    pub alpha: venue_package::gltf::AlphaMode,
    /// 0 to 1.
    pub roughness: f32,
    /// 0 to 1.
    pub metallic: f32,
    /// Linear RGB.
    pub emissive: [f32; 3],
    /// Its picture among the source pictures.
    pub picture: Option<u32>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            name: String::new(),
            base_color: [1.0; 4],
            unlit: true,
            double_sided: false,
            alpha: venue_package::gltf::AlphaMode::Opaque,
            roughness: 1.0,
            metallic: 0.0,
            emissive: [0.0; 3],
            picture: None,
        }
    }
}

/// For each look the first one that differs from it by its name and its picture alone.
pub(crate) fn alike(looks: &[Look]) -> Vec<u16> {
    let mut kinds: Vec<(Look, u16)> = Vec::new();
    let mut firsts = Vec::with_capacity(looks.len());
    for (look, at) in looks.iter().zip(0..) {
        let kind = Look { name: String::new(), picture: look.picture.map(|_| 0), ..look.clone() };
        let first = kinds.iter().find(|(known, _)| *known == kind).map_or(at, |(_, first)| *first);
        // Scans have a handful of kinds; what has thousands keeps its own.
        if first == at && kinds.len() < 64 {
            kinds.push((kind, at));
        }
        firsts.push(first);
    }
    firsts
}

/// Everything of a vertex; equal vertices are the same vertex.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
pub struct Vertex {
    /// Steps of the [`Grid`].
    pub position: [i32; 3],
    /// Bits of two 32-bit floats: 0 to 1 over the picture, downwards.
    pub uv_bits: [u32; 2],
    /// sRGB and alpha.
    pub color: [u8; 4],
    /// 127 times the unit vector; zero when nothing lights the surface. The last is unused.
    pub normal: [i8; 4],
    /// Which [`Look`].
    pub look: u16,
    /// Which picture the coordinates are of: a source picture, or a child tile's while tiles are merged.
    pub sheet: u16,
}

impl Vertex {
    /// Texture coordinates.
    pub fn uv(&self) -> Vec2 {
        Vec2::from_array(self.uv_bits.map(f32::from_bits))
    }

    /// Sets texture coordinates.
    pub fn set_uv(&mut self, uv: Vec2) {
        // Adding zero makes a negative zero a positive one: equal numbers must have equal bits.
        self.uv_bits = (uv + Vec2::ZERO).to_array().map(f32::to_bits);
    }
}

/// The grid on which positions lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// The step is two to this power, metres.
    pub exponent: i32,
}

impl Grid {
    /// Coarsest step: 2⁻¹⁰ m is about a millimetre.
    const COARSEST: i32 = -10;
    /// Whatever the size, so many bits resolve it: a statue keeps its tenths of millimetres.
    const SIZE_BITS: i32 = 14;
    /// Bits of the packed form's mantissa without its sign.
    const MANTISSA_BITS: i32 = 23;

    /// A grid that suits things within these bounds.
    pub fn for_bounds(min: DVec3, max: DVec3) -> Self {
        let size = (max - min).max_element().max(1e-3);
        let reach = min.abs().max(max.abs()).max_element().max(1e-3);
        let fine = (size.log2().floor() as i32 - Self::SIZE_BITS).min(Self::COARSEST);
        let needed = reach.log2().ceil() as i32 - Self::MANTISSA_BITS;
        Self { exponent: fine.max(needed) }
    }

    /// Metres of a step.
    pub fn step(self) -> f64 {
        f64::from(self.exponent).exp2()
    }

    /// The nearest point of the grid.
    pub fn snap(self, point: DVec3) -> [i32; 3] {
        (point / self.step()).round().to_array().map(|value| value as i32)
    }

    /// Metres.
    pub fn point(self, position: [i32; 3]) -> Vec3 {
        (DVec3::from_array(position.map(f64::from)) * self.step()).as_vec3()
    }
}

/// So many vertices of a place are looked at: a tip with more of them keeps some twice, and costs no hours.
const VARIANTS: usize = 64;
/// No vertex.
const NONE: u32 = u32::MAX;

/// Triangles or points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TileMesh {
    /// No two are equal after [`Self::weld`].
    pub vertices: Vec<Vertex>,
    /// Three for each triangle, counter-clockwise from the front.
    pub indices: Vec<u32>,
}

impl TileMesh {
    /// How many triangles.
    pub fn triangles(&self) -> usize {
        self.indices.len() / 3
    }

    /// Appends another mesh's triangles.
    pub fn append(&mut self, other: &Self) {
        let first = self.vertices.len() as u32;
        self.vertices.extend_from_slice(&other.vertices);
        self.indices.extend(other.indices.iter().map(|index| index + first));
    }

    /// Makes equal vertices one, and drops triangles that have two corners in one place; gives how many.
    pub fn weld(&mut self) -> usize {
        self.weld_with_places().0
    }

    /// The same; gives a number for each vertex's place too, and how many places there are.
    pub(super) fn weld_with_places(&mut self) -> (usize, Vec<u32>, usize) {
        let mut numbers = Numbers::with_capacity(self.vertices.len());
        // The vertices of a place in a chain: nearly all have one alone, so that no look at the others is needed.
        let mut first: Vec<u32> = Vec::with_capacity(self.vertices.len());
        let mut next: Vec<u32> = Vec::with_capacity(self.vertices.len());
        let mut places: Vec<u32> = Vec::with_capacity(self.vertices.len());
        let mut unique: Vec<Vertex> = Vec::with_capacity(self.vertices.len());
        let mut remap = Vec::with_capacity(self.vertices.len());
        for vertex in &self.vertices {
            let place = numbers.of(vertex.position);
            if place as usize == first.len() {
                first.push(NONE);
            }
            let mut at = first[place as usize];
            let mut looked_at = 0;
            while at != NONE && looked_at < VARIANTS && unique[at as usize] != *vertex {
                at = next[at as usize];
                looked_at += 1;
            }
            if at == NONE || looked_at == VARIANTS {
                at = unique.len() as u32;
                unique.push(*vertex);
                places.push(place);
                next.push(std::mem::replace(&mut first[place as usize], at));
            }
            remap.push(at);
        }
        let before = self.triangles();
        let mut kept = Vec::with_capacity(self.indices.len());
        for triangle in self.indices.as_chunks::<3>().0 {
            let triangle = triangle.map(|index| remap[index as usize]);
            let [a, b, c] = triangle.map(|index| places[index as usize]);
            if a != b && b != c && c != a {
                kept.extend(triangle);
            }
        }
        self.indices = kept;
        self.vertices = unique;
        (before - self.triangles(), places, first.len())
    }

    /// Drops vertices that no triangle uses; the others keep their order.
    pub fn drop_unused(&mut self) {
        let mut remap = vec![u32::MAX; self.vertices.len()];
        for &index in &self.indices {
            remap[index as usize] = 0;
        }
        let mut next = 0;
        let mut kept = Vec::with_capacity(self.vertices.len());
        for (vertex, place) in self.vertices.iter().zip(&mut remap) {
            if *place == 0 {
                *place = next;
                next += 1;
                kept.push(*vertex);
            }
        }
        self.vertices = kept;
        self.indices.iter_mut().for_each(|index| *index = remap[*index as usize]);
    }

    /// The box around all vertices, metres; none without vertices.
    pub fn bounds(&self, grid: Grid) -> Option<Bounds> {
        let mut positions = self.vertices.iter().map(|vertex| vertex.position);
        let first = positions.next()?;
        let (min, max) = positions.fold((first, first), |(min, max), p| {
            (std::array::from_fn(|i| min[i].min(p[i])), std::array::from_fn(|i| max[i].max(p[i])))
        });
        Some(Bounds { min: grid.point(min), max: grid.point(max) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vertex(x: i32) -> Vertex {
        Vertex { position: [x, 0, x * x], ..Vertex::default() }
    }

    #[test]
    fn equal_vertices_become_one_and_flat_triangles_go() {
        let mut mesh = TileMesh {
            vertices: vec![vertex(0), vertex(1), vertex(2), vertex(1), vertex(2), vertex(3), vertex(2)],
            indices: vec![0, 1, 2, 3, 4, 5, 2, 6, 5],
        };
        assert_eq!(mesh.weld(), 1);
        assert_eq!(mesh.indices, [0, 1, 2, 1, 2, 3]);
        assert_eq!(mesh.vertices.len(), 4);
    }

    #[test]
    fn unused_vertices_go() {
        let mut mesh = TileMesh { vertices: (0..6).map(vertex).collect(), indices: vec![5, 1, 3] };
        mesh.drop_unused();
        assert_eq!(mesh.vertices, [vertex(1), vertex(3), vertex(5)]);
        assert_eq!(mesh.indices, [2, 0, 1]);
    }

    #[test]
    fn grids_are_a_millimetre_for_rooms_and_finer_for_small_things() {
        let check = |from: f64, to: f64, exponent: i32| {
            assert_eq!(Grid::for_bounds(DVec3::splat(from), DVec3::splat(to)).exponent, exponent);
        };
        check(-20.0, 20.0, -10);
        check(0.0, 0.1, -18);
        check(-9_000.0, 0.0, -9);
        let grid = Grid { exponent: -10 };
        let point = DVec3::new(1.000_4, -2.5, 7.1);
        assert!(grid.point(grid.snap(point)).as_dvec3().abs_diff_eq(point, 0.5e-3));
    }
}
