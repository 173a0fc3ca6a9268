//! From triangles to a hierarchy of tiles: count, divide, gather, weld, then tile by tile from the finest to the coarsest.
//!
//! Memory holds a few cells at a time, whatever the scan's size: triangles wait in `buckets` on
//! the disk, pictures in [`crate::textures::Sources`]. The same input makes the same bytes, whatever
//! the number of threads.

pub(crate) mod borders;
mod buckets;
pub(crate) mod clean;
pub(crate) mod divide;
pub(crate) mod mesh;
pub(crate) mod numbers;
mod order;
pub(crate) mod simplify;
mod surfels;
mod tile;
mod tile_file;

pub use borders::Seams;
pub use clean::{CleanSettings, Cleaned};
pub use divide::Load;
pub use mesh::{Grid, Look};

use crate::report::TileFigures;
use crate::spent::{Meter, Part};
use crate::textures::{AtlasLimits, Codec, Sources};
use anyhow::{Context, Result};
use borders::BorderCensus;
use buckets::Buckets;
use divide::{Census, Division};
use glam::{DVec3, Vec2, Vec3};
use mesh::{TileMesh, Vertex};
use std::path::Path;
use std::time::Duration;
use venue_model::{FileHash, SpaceId};
use venue_package::Tile;

/// A run of triangles or points in the building frame. Lists other than positions may be empty.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    /// Metres.
    pub positions: Vec<DVec3>,
    /// Unit length.
    pub normals: Vec<Vec3>,
    /// 0 to 1 over the picture, downwards.
    pub uvs: Vec<Vec2>,
    /// sRGB and alpha.
    pub colors: Vec<[u8; 4]>,
    /// Three for each triangle; none: the positions are points.
    pub indices: Vec<u32>,
    /// Which look.
    pub look: u16,
    /// From which station points were seen: its number plus one, 0 when nobody knows.
    pub station: u16,
}

/// What a hierarchy is made of. What is of the other kind is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Surfaces.
    Triangles,
    /// Points, which become surfels.
    Points,
}

/// What gives the triangles, as often as it is asked; every time the same in the same order.
pub type Geometry<'a> = dyn Fn(&mut dyn FnMut(&Piece) -> Result<()>) -> Result<()> + Sync + 'a;

/// How tiles are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// What a tile holds at most.
    pub cell: Load,
    /// What the coarsest tile should hold at most: the first thing that a newcomer fetches.
    pub coarsest: Load,
    /// Pixels of a tile's picture along a side at most.
    pub atlas_side: u32,
    /// For the finest level.
    pub near: Codec,
    /// For all others.
    pub far: Codec,
    /// What is dropped.
    pub clean: CleanSettings,
    /// Tiles that are made at the same time.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cell: Load { items: 40_000, texels: 4.2e6 },
            coarsest: Load { items: 16_000, texels: 1.0e6 },
            atlas_side: 4_096,
            near: Codec::Uastc,
            far: Codec::ETC1S,
            clean: CleanSettings::default(),
            threads: std::thread::available_parallelism().map_or(1, usize::from).min(8),
        }
    }
}

impl Settings {
    fn atlas(&self) -> AtlasLimits {
        AtlasLimits { side: self.atlas_side, texels: self.cell.texels }
    }
}

/// What belongs together: a space's geometry, an exhibit, the surroundings.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// For names in files and reports.
    pub name: &'a str,
    /// Around everything, metres.
    pub bounds: [DVec3; 2],
    /// The triangles.
    pub geometry: &'a Geometry<'a>,
    /// What their looks are.
    pub looks: &'a [Look],
    /// What pictures the looks show.
    pub sources: &'a Sources,
    /// The space that the tiles belong to.
    pub space: Option<SpaceId>,
    /// What is taken of it.
    pub kind: Kind,
    /// Where scanners stood, metres.
    pub stations: &'a [DVec3],
    /// Where it meets what is made of the same scan for another space.
    pub seams: &'a Seams,
    /// A folder that keeps packed pictures for the case that this run is interrupted.
    pub kept: Option<&'a Path>,
}

/// The tiles of one input, and what happened on the way.
#[derive(Clone, Debug, Default)]
pub struct Hierarchy {
    /// In pre-order; indices of parents count from this list's start.
    pub tiles: Vec<Tile>,
    /// What went.
    pub cleaned: Cleaned,
    /// Triangles, or surfels, of the finest level.
    pub triangles: u64,
    /// Those of all tiles.
    pub all_triangles: u64,
    /// What half of the finest surfels have as their radius, metres; 0 for triangles.
    pub surfel_radius: f32,
    /// Levels, the finest and the coarsest included.
    pub levels: usize,
    /// Bytes of the finest tiles, and of all.
    pub bytes: [u64; 2],
    /// Each tile in numbers, in the order of the tiles.
    pub figures: Vec<TileFigures>,
    /// Processor time of each [`Part`].
    pub spent: [Duration; Part::ALL.len()],
}

/// Takes a tile's file and gives its name.
pub type Sink<'a> = dyn Fn(Vec<u8>) -> Result<FileHash> + Sync + 'a;

/// Makes the tiles; `scratch` is a folder for what does not fit into memory, `done` is told the share that is done.
pub fn build(
    input: Input<'_>,
    settings: &Settings,
    scratch: &Path,
    sink: &Sink<'_>,
    done: &(dyn Fn(f64) + Sync),
) -> Result<Hierarchy> {
    let grid = Grid::for_bounds(input.bounds[0], input.bounds[1]);
    let meter = Meter::default();
    let division = meter.time(Part::Divide, || divide(&input, settings))?;
    done(0.1);
    if division.nodes().is_empty() {
        return Ok(Hierarchy::default());
    }
    let gathered = meter.time(Part::Divide, || gather(&input, &division, grid, &scratch.join("gathered")))?;
    done(0.2);
    let (welded, borders, degenerate) = match input.kind {
        Kind::Triangles => {
            meter.time(Part::Clean, || weld(&gathered, division.cells().len(), &scratch.join("welded")))?
        }
        Kind::Points => (gathered, borders::Borders::default(), 0),
    };
    done(0.35);
    let (welded, borders, alike) = (&welded, &borders, mesh::alike(input.looks));
    let maker = tile::Maker { input, settings, grid, welded, borders, sink, meter: &meter, alike };
    let made = order::children_first(
        division.nodes(),
        settings.threads,
        |share| done(0.35 + 0.65 * share),
        |at, below| maker.make(&division.nodes()[at], below),
    )?;
    let mut all = tile::collect(made, input.space);
    all.cleaned.degenerate += degenerate;
    Ok(Hierarchy { spent: meter.spent(), ..all })
}

/// How many pixels of its picture a triangle shows.
fn texels(input: &Input<'_>, piece: &Piece, triangle: &[u32; 3]) -> f64 {
    use crate::textures::atlas::Sheets;
    let Some(picture) = input.looks.get(usize::from(piece.look)).and_then(|look| look.picture) else {
        return 0.0;
    };
    let [a, b, c] = triangle.map(|index| piece.uvs.get(index as usize).copied().unwrap_or_default());
    let [width, height] = input.sources.size(picture as u16).map(f64::from);
    f64::from((b - a).perp_dot(c - a).abs()) * 0.5 * width * height
}

fn middle(piece: &Piece, triangle: &[u32; 3]) -> DVec3 {
    triangle.iter().map(|&index| piece.positions[index as usize]).sum::<DVec3>() / 3.0
}

fn triangles_of<'a>(input: &Input<'_>, piece: &'a Piece) -> &'a [[u32; 3]] {
    if input.kind == Kind::Triangles { piece.indices.as_chunks().0 } else { &[] }
}

fn points_of<'a>(input: &Input<'_>, piece: &'a Piece) -> &'a [DVec3] {
    if input.kind == Kind::Points && piece.indices.is_empty() { &piece.positions } else { &[] }
}

fn divide(input: &Input<'_>, settings: &Settings) -> Result<Division> {
    let mut census = Census::new(input.bounds[0], input.bounds[1]);
    (input.geometry)(&mut |piece| {
        for triangle in triangles_of(input, piece) {
            census.add(middle(piece, triangle), Load { items: 1, texels: texels(input, piece, triangle) });
        }
        for &point in points_of(input, piece) {
            census.add(point, Load { items: 1, texels: 0.0 });
        }
        Ok(())
    })?;
    Ok(census.divide(&settings.cell))
}

/// Puts every triangle into its cell's bucket.
fn gather(input: &Input<'_>, division: &Division, grid: Grid, path: &Path) -> Result<Buckets> {
    let full = || format!("{}: is there room on the disk?", path.display());
    let mut buckets = Buckets::create(path, division.cells().len()).with_context(full)?;
    let mut places: Vec<u32> = Vec::new();
    (input.geometry)(&mut |piece| {
        let vertices = vertices(input, piece, grid);
        let mut triangles: Vec<(u32, [u32; 3])> = triangles_of(input, piece)
            .iter()
            .map(|triangle| (division.cell(middle(piece, triangle)), *triangle))
            .collect();
        triangles.sort_by_key(|(cell, _)| *cell);
        for group in triangles.chunk_by(|a, b| a.0 == b.0) {
            places.clear();
            places.resize(vertices.len(), u32::MAX);
            let mut part = TileMesh::default();
            for index in group.iter().flat_map(|(_, triangle)| triangle) {
                let place = &mut places[*index as usize];
                if *place == u32::MAX {
                    *place = part.vertices.len() as u32;
                    part.vertices.push(vertices[*index as usize]);
                }
                part.indices.push(*place);
            }
            buckets.push(group[0].0, &part).with_context(full)?;
        }
        let mut points: Vec<(u32, Vertex)> = points_of(input, piece)
            .iter()
            .zip(&vertices)
            .map(|(&p, &vertex)| (division.cell(p), vertex))
            .collect();
        points.sort_by_key(|(cell, _)| *cell);
        for group in points.chunk_by(|a, b| a.0 == b.0) {
            let vertices = group.iter().map(|(_, vertex)| *vertex).collect();
            buckets.push(group[0].0, &TileMesh { vertices, indices: Vec::new() }).with_context(full)?;
        }
        Ok(())
    })?;
    buckets.flush().with_context(full)?;
    Ok(buckets)
}

fn vertices(input: &Input<'_>, piece: &Piece, grid: Grid) -> Vec<Vertex> {
    let look = input.looks.get(usize::from(piece.look));
    let picture = look.and_then(|look| look.picture);
    let is_lit = look.is_some_and(|look| !look.unlit);
    let is_point = input.kind == Kind::Points;
    let smooth =
        if is_lit && !is_point && piece.normals.is_empty() { smooth_normals(piece) } else { Vec::new() };
    let normals = if piece.normals.is_empty() { &smooth } else { &piece.normals };
    let vertex = |at: usize| {
        let mut vertex = Vertex {
            position: grid.snap(piece.positions[at]),
            color: piece.colors.get(at).copied().unwrap_or([255; 4]),
            look: piece.look,
            sheet: if is_point { piece.station } else { picture.unwrap_or(0) as u16 },
            ..Vertex::default()
        };
        if picture.is_some() && !is_point {
            vertex.set_uv(piece.uvs.get(at).copied().unwrap_or_default());
        }
        if let Some(normal) = normals.get(at).filter(|_| is_lit || is_point) {
            let [x, y, z] = (*normal * 127.0).round().to_array();
            vertex.normal = [x as i8, y as i8, z as i8, 0];
        }
        vertex
    };
    (0..piece.positions.len()).map(vertex).collect()
}

/// Normals of vertices: their triangles' mean, weighted by area.
fn smooth_normals(piece: &Piece) -> Vec<Vec3> {
    let mut normals = vec![DVec3::ZERO; piece.positions.len()];
    for triangle in piece.indices.as_chunks::<3>().0 {
        let [a, b, c] = triangle.map(|index| piece.positions[index as usize]);
        let normal = (b - a).cross(c - a);
        triangle.iter().for_each(|&index| normals[index as usize] += normal);
    }
    normals.into_iter().map(|normal| normal.try_normalize().unwrap_or(DVec3::Y).as_vec3()).collect()
}

/// Makes each cell's vertices unique, finds what cells share, and counts triangles that were flat.
fn weld(gathered: &Buckets, cells: usize, path: &Path) -> Result<(Buckets, borders::Borders, u64)> {
    let mut welded = Buckets::create(path, cells)?;
    let mut census = BorderCensus::default();
    let mut flat = 0;
    for cell in 0..cells as u32 {
        let mut mesh = gathered.read(cell)?;
        let (went, places, count) = mesh.weld_with_places();
        flat += went as u64;
        census.add(cell, &borders::open_edges(&mesh, &places, count));
        welded.push(cell, &mesh)?;
    }
    welded.flush()?;
    Ok((welded, census.finish(), flat))
}
