//! Step textures of coarse levels: the picture of what lies below, baked anew onto charts of its own.
//!
//! A scan's atlas is cut into thousands of pieces. Their seams are lines that simplification must keep, and each
//! piece takes a margin with it; a surface that was simplified without them has few charts, which lie as they like.

use super::atlas::{self, Atlas, AtlasLimits, Fit};
use super::picture::Picture;
use super::unfold::{Flat, unfold};
use crate::hierarchy::mesh::{Grid, Look, TileMesh, Vertex};
use crate::nearest::{Open, Surface, Triangle};
use glam::{Vec2, Vec3};
use rustc_hash::FxHashMap;

/// What is baked: a mesh, and the pictures that its vertices' sheets name.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) mesh: &'a TileMesh,
    pub(crate) pictures: &'a [Option<&'a Picture>],
    pub(crate) looks: &'a [Look],
    pub(crate) grid: Grid,
}

impl Source<'_> {
    fn shows(&self, vertex: &Vertex) -> bool {
        self.looks.get(usize::from(vertex.look)).is_some_and(|look| look.picture.is_some())
    }

    fn point(&self, vertex: &Vertex) -> Vec3 {
        self.grid.point(vertex.position)
    }

    /// The mesh without texture coordinates: where pictures met, it is whole.
    pub(crate) fn bare(&self) -> TileMesh {
        let mut bare = self.mesh.clone();
        for vertex in bare.vertices.iter_mut().filter(|vertex| self.shows(vertex)) {
            vertex.set_uv(Vec2::ZERO);
            vertex.sheet = 0;
        }
        bare.weld();
        bare
    }

    /// Pixels of the pictures that a metre of the surface shows.
    fn density(&self) -> f64 {
        let (mut area, mut texels) = (0.0, 0.0);
        for triangle in self.mesh.indices.as_chunks::<3>().0 {
            let corners = triangle.map(|index| self.mesh.vertices[index as usize]);
            let Some(picture) = self.picture(&corners[0]) else { continue };
            let [a, b, c] = corners.map(|vertex| self.point(&vertex).as_dvec3());
            let [p, q, r] = corners.map(|vertex| vertex.uv().as_dvec2());
            area += (b - a).cross(c - a).length() * 0.5;
            let size = f64::from(picture.width) * f64::from(picture.height);
            texels += (q - p).perp_dot(r - p).abs() * 0.5 * size;
        }
        if area > 0.0 && texels > 0.0 { (texels / area).sqrt() } else { 1.0 }
    }

    fn picture(&self, vertex: &Vertex) -> Option<&Picture> {
        let picture = self.pictures.get(usize::from(vertex.sheet)).copied().flatten();
        picture.filter(|_| self.shows(vertex))
    }

    fn surface(&self) -> Surface {
        let triangles = self.mesh.indices.as_chunks::<3>().0.iter().enumerate();
        let shown = triangles.filter_map(|(number, triangle)| {
            let corners = triangle.map(|index| self.mesh.vertices[index as usize]);
            self.picture(&corners[0])?;
            Some(Triangle::new(corners.map(|vertex| self.point(&vertex)), number as u32))
        });
        Surface::new(shown.collect())
    }

    fn color(&self, triangle: u32, weights: [f32; 3]) -> Option<[u8; 4]> {
        let triangle = self.mesh.indices.as_chunks::<3>().0[triangle as usize];
        let corners = triangle.map(|index| self.mesh.vertices[index as usize]);
        let uv: Vec2 = (0..3).map(|i| corners[i].uv() * weights[i]).sum();
        Some(self.picture(&corners[0])?.sampled(uv))
    }
}

/// Whether so many seams of pictures run through the mesh that parts of pictures are no longer worth keeping.
pub(crate) fn is_cut_up(mesh: &TileMesh, bare: &TileMesh) -> bool {
    mesh.vertices.len() > bare.vertices.len() + bare.vertices.len() / 8
}

/// Gives the mesh, which is a simpler form of the source's, charts and a picture; none if it shows no picture.
/// `reach` is how far the two surfaces are apart at most, metres.
pub(crate) fn bake(
    mesh: &mut TileMesh,
    source: &Source<'_>,
    limits: AtlasLimits,
    gutter: u32,
    reach: f32,
) -> Option<Atlas> {
    let points: Vec<Vec3> = mesh.vertices.iter().map(|vertex| source.point(vertex)).collect();
    let places: Vec<[i32; 3]> = mesh.vertices.iter().map(|vertex| vertex.position).collect();
    let triangles = mesh.indices.as_chunks::<3>().0.to_vec();
    let is_shown = |at: usize| source.shows(&mesh.vertices[triangles[at][0] as usize]);
    let flats = unfold(&points, &places, &triangles, is_shown);
    if flats.is_empty() {
        return None;
    }
    let density = source.density();
    let fit = atlas::fit(limits, |scale| {
        let pixels = |length: f32| (f64::from(length) * density * scale).ceil() as u32 + 1 + 2 * gutter;
        flats.iter().map(|flat| [pixels(flat.size.x), pixels(flat.size.y)]).collect()
    });
    let scale = fit.scale;
    let layout = Layout { fit, density: (density * scale) as f32, gutter };
    let surface = source.surface();
    let mut baking =
        Baking { source, surface: &surface, reach, canvas: Canvas::new(&layout.fit), open: Open::new() };
    for (flat, number) in flats.iter().zip(0..) {
        baking.draw(flat, &triangles, &points, |flat, point| layout.pixel(flat, number, point));
    }
    let picture = baking.canvas.finish(gutter);
    move_vertices(mesh, &flats, &layout, &points);
    Some(Atlas { picture, scale })
}

/// Where charts lie in the picture.
struct Layout {
    fit: Fit,
    /// Pixels of a metre.
    density: f32,
    gutter: u32,
}

impl Layout {
    fn pixel(&self, flat: &Flat, number: usize, point: Vec3) -> Vec2 {
        let place = Vec2::from_array(self.fit.places[number].map(|at| at as f32));
        // Half a pixel inwards, so that what lies at the chart's side lies on a pixel's middle.
        place + self.gutter as f32 + 0.5 + flat.at(point) * self.density
    }
}

/// The picture while it is drawn.
struct Canvas {
    picture: Picture,
    is_drawn: Vec<bool>,
}

impl Canvas {
    fn new(fit: &Fit) -> Self {
        let picture = Picture::filled(fit.width, fit.height, [0; 4]);
        Self { is_drawn: vec![false; picture.pixels.len()], picture }
    }

    /// Spreads what is drawn by so many pixels, and gives the rest the mean colour.
    fn finish(mut self, gutter: u32) -> Picture {
        let (width, height) = (self.picture.width as usize, self.picture.height as usize);
        for _ in 0..gutter {
            let mut spread = Vec::new();
            for at in (0..self.is_drawn.len()).filter(|at| !self.is_drawn[*at]) {
                let (x, y) = (at % width, at / width);
                let left = (x > 0).then(|| at - 1);
                let right = (x + 1 < width).then_some(at + 1);
                let above = (y > 0).then(|| at - width);
                let below = (y + 1 < height).then_some(at + width);
                let from =
                    [left, right, above, below].into_iter().flatten().find(|other| self.is_drawn[*other]);
                spread.extend(from.map(|from| (at, self.picture.pixels[from])));
            }
            for (at, color) in spread {
                self.picture.pixels[at] = color;
                self.is_drawn[at] = true;
            }
        }
        let mean = self.picture.mean();
        let empty = self.picture.pixels.iter_mut().zip(&self.is_drawn).filter(|(_, is_drawn)| !**is_drawn);
        empty.for_each(|(pixel, _)| *pixel = mean);
        self.picture
    }
}

struct Baking<'a> {
    source: &'a Source<'a>,
    surface: &'a Surface,
    reach: f32,
    canvas: Canvas,
    open: Open,
}

impl Baking<'_> {
    fn draw(
        &mut self,
        flat: &Flat,
        triangles: &[[u32; 3]],
        points: &[Vec3],
        pixel: impl Fn(&Flat, Vec3) -> Vec2,
    ) {
        for at in &flat.triangles {
            let corners = triangles[*at as usize].map(|corner| points[corner as usize]);
            self.draw_triangle(corners, corners.map(|corner| pixel(flat, corner)));
        }
    }

    /// Draws the pixels whose middles lie in the triangle, and the one of its own middle.
    fn draw_triangle(&mut self, corners: [Vec3; 3], pixels: [Vec2; 3]) {
        let [a, b, c] = pixels;
        let twice = (b - a).perp_dot(c - a);
        let normal = (corners[1] - corners[0]).cross(corners[2] - corners[0]).normalize_or_zero();
        let place = |weights: [f32; 3]| (0..3).map(|i| corners[i] * weights[i]).sum::<Vec3>();
        let middle = (a + b + c) / 3.0;
        self.draw_pixel(middle.floor(), place([1.0 / 3.0; 3]), normal);
        if twice <= 0.0 {
            return;
        }
        let (low, high) = (a.min(b).min(c).floor(), a.max(b).max(c).ceil());
        for y in low.y as i64..high.y as i64 {
            for x in low.x as i64..high.x as i64 {
                let at = Vec2::new(x as f32, y as f32);
                let here = at + 0.5;
                let weights = [(b, c), (c, a), (a, b)].map(|(p, q)| (q - p).perp_dot(here - p) / twice);
                if weights.iter().all(|weight| *weight >= -1e-4) {
                    self.draw_pixel(at, place(weights), normal);
                }
            }
        }
    }

    fn draw_pixel(&mut self, at: Vec2, point: Vec3, normal: Vec3) {
        let (x, y) = (at.x.max(0.0) as u32, at.y.max(0.0) as u32);
        if x >= self.canvas.picture.width || y >= self.canvas.picture.height {
            return;
        }
        let index = y as usize * self.canvas.picture.width as usize + x as usize;
        if self.canvas.is_drawn[index] {
            return;
        }
        let near = self.surface.nearest(point, Some(normal), self.reach * self.reach, &mut self.open);
        let found = near.or_else(|| self.surface.nearest(point, None, f32::MAX, &mut self.open));
        let color = found.and_then(|found| self.source.color(found.number, found.weights));
        self.canvas.picture.pixels[index] = color.unwrap_or([128, 128, 128, 255]);
        self.canvas.is_drawn[index] = true;
    }
}

/// Gives each vertex its place in the picture, once for every chart that it is a corner of.
fn move_vertices(mesh: &mut TileMesh, flats: &[Flat], layout: &Layout, points: &[Vec3]) {
    let size = Vec2::new(layout.fit.width as f32, layout.fit.height as f32);
    let mut made: FxHashMap<(u32, usize), u32> = FxHashMap::default();
    for (number, flat) in flats.iter().enumerate() {
        for index in flat.triangles.iter().flat_map(|at| *at as usize * 3..*at as usize * 3 + 3) {
            let old = mesh.indices[index];
            let TileMesh { vertices, indices } = &mut *mesh;
            indices[index] = *made.entry((old, number)).or_insert_with(|| {
                let mut vertex = vertices[old as usize];
                vertex.set_uv(layout.pixel(flat, number, points[old as usize]) / size);
                vertices.push(vertex);
                vertices.len() as u32 - 1
            });
        }
    }
    mesh.drop_unused();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hierarchy::mesh::Look;

    const GRID: Grid = Grid { exponent: -10 };
    const LIMITS: AtlasLimits = AtlasLimits { side: 2_048, texels: 1e6 };

    /// A sheet of 4 × 4 m in quads of a quarter of a metre, each with its own part of a picture, cut apart and shuffled;
    /// every pixel tells by its colour which place of the sheet it shows.
    fn cut_up() -> (TileMesh, Picture) {
        const QUADS: usize = 16;
        const SIDE: usize = 16;
        let mut picture = Picture::filled((QUADS * SIDE) as u32, (QUADS * SIDE) as u32, [0, 0, 0, 255]);
        let mut mesh = TileMesh::default();
        for quad in 0..QUADS * QUADS {
            let (x, z) = (quad % QUADS, quad / QUADS);
            let elsewhere = (quad * 97 + 31) % (QUADS * QUADS);
            let (left, top) = (elsewhere % QUADS * SIDE, elsewhere / QUADS * SIDE);
            for (dx, dy) in (0..SIDE).flat_map(|dy| (0..SIDE).map(move |dx| (dx, dy))) {
                let color = [(x * SIDE + dx) as u8, (z * SIDE + dy) as u8, 7, 255];
                picture.pixels[(top + dy) * QUADS * SIDE + left + dx] = color;
            }
            let first = mesh.vertices.len() as u32;
            for (u, v) in [(0, 0), (0, 1), (1, 1), (1, 0)] {
                let position = [(x + u) as i32 * 256, 0, (z + v) as i32 * 256];
                let mut vertex = Vertex { position, color: [255; 4], ..Vertex::default() };
                let pixel = Vec2::new((left + u * SIDE) as f32, (top + v * SIDE) as f32);
                // A quarter of a pixel inwards: what lies beyond a part is another part.
                let inwards = (Vec2::new(u as f32, v as f32) - 0.5) * -0.5;
                vertex.set_uv((pixel + inwards) / (QUADS * SIDE) as f32);
                mesh.vertices.push(vertex);
            }
            mesh.indices.extend([0, 1, 2, 0, 2, 3].map(|i| first + i));
        }
        (mesh, picture)
    }

    #[test]
    fn a_sheet_in_pieces_becomes_one_chart_that_shows_the_same() {
        let (mesh, picture) = cut_up();
        let looks = [Look { picture: Some(0), ..Look::default() }];
        let source = Source { mesh: &mesh, pictures: &[Some(&picture)], looks: &looks, grid: GRID };
        let bare = source.bare();
        assert_eq!((bare.vertices.len(), mesh.vertices.len()), (17 * 17, 4 * 256));
        assert!(is_cut_up(&mesh, &bare) && !is_cut_up(&bare, &bare));
        let mut simple = crate::hierarchy::simplify::simplify(&bare, &looks, GRID, 8, 0.5, |_| false).mesh;
        assert!(simple.triangles() <= 8, "{}", simple.triangles());
        let atlas = bake(&mut simple, &source, LIMITS, 2, 0.1).unwrap();
        assert!(atlas.picture.pixels.len() < 300 * 300, "{} × {}", atlas.picture.width, atlas.picture.height);
        let size = Vec2::new(atlas.picture.width as f32, atlas.picture.height as f32);
        let mut seen = 0;
        for triangle in simple.indices.as_chunks::<3>().0 {
            let corners = triangle.map(|index| simple.vertices[index as usize]);
            for weights in [[0.6, 0.2, 0.2], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4]] {
                let uv: Vec2 = (0..3).map(|i| corners[i].uv() * weights[i]).sum();
                let place: Vec3 = (0..3).map(|i| GRID.point(corners[i].position) * weights[i]).sum();
                let at = (uv * size).floor();
                let found = atlas.picture.row(at.y as u32)[at.x as usize];
                let expected = [place.x, place.z].map(|metres| metres / 4.0 * 256.0);
                assert!(
                    (0..2).all(|i| (f32::from(found[i]) - expected[i]).abs() < 3.0),
                    "{found:?} {expected:?}"
                );
                seen += 1;
            }
        }
        assert!(seen >= 6);
    }

    #[test]
    fn the_far_side_of_a_thin_board_keeps_its_own_picture() {
        let side = |below: bool| {
            let mut mesh = TileMesh::default();
            for (x, z) in [(0, 0), (0, 1_024), (1_024, 1_024), (1_024, 0)] {
                let mut vertex =
                    Vertex { position: [x, if below { -20 } else { 0 }, z], ..Vertex::default() };
                vertex.set_uv(Vec2::splat(if below { 0.75 } else { 0.25 }));
                mesh.vertices.push(vertex);
            }
            mesh.indices = if below { vec![0, 2, 1, 0, 3, 2] } else { vec![0, 1, 2, 0, 2, 3] };
            mesh
        };
        let mut mesh = side(false);
        mesh.append(&side(true));
        let mut picture = Picture::filled(8, 8, [200, 0, 0, 255]);
        picture.pixels[32..].fill([0, 200, 0, 255]);
        let looks = [Look { picture: Some(0), ..Look::default() }];
        let source = Source { mesh: &mesh, pictures: &[Some(&picture)], looks: &looks, grid: GRID };
        let mut simple = source.bare();
        // The coarse board is thicker than the true one: what is nearest to its underside is still its underside.
        simple.vertices.iter_mut().for_each(|vertex| vertex.position[1] += 30);
        let atlas = bake(&mut simple, &source, LIMITS, 2, 0.1).unwrap();
        for vertex in &simple.vertices {
            let size = Vec2::new(atlas.picture.width as f32, atlas.picture.height as f32);
            let at = (vertex.uv() * size).floor();
            let found = atlas.picture.row(at.y as u32)[at.x as usize];
            let is_below = vertex.position[1] < 30;
            assert_eq!(found[1] > 100, is_below, "{vertex:?} {found:?}");
        }
    }

    #[test]
    fn what_shows_no_picture_gets_none() {
        let (mesh, picture) = cut_up();
        let looks = [Look::default()];
        let source = Source { mesh: &mesh, pictures: &[Some(&picture)], looks: &looks, grid: GRID };
        let mut simple = source.bare();
        assert_eq!(bake(&mut simple, &source, LIMITS, 2, 0.1), None);
    }
}
