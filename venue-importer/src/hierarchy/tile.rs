//! One tile: a cell as it was captured, or the tiles below it with fewer triangles and a smaller picture.

use super::borders::Borders;
use super::buckets::Buckets;
use super::clean::{self, Cleaned};
use super::divide::Node;
use super::mesh::{Grid, TileMesh};
use super::simplify::{Simplified, simplify};
use super::{Hierarchy, Input, Kind, Settings, Sink, surfels, tile_file};
use crate::report::TileFigures;
use crate::spent::{Meter, Part};
use crate::textures::atlas::{self, Atlas, AtlasLimits, Beyond, Sheets};
use crate::textures::rebake::{self, Source};
use crate::textures::{Codec, Picture, basis};
use anyhow::{Context, Result};
use std::ops::Range;
use venue_model::{Bounds, FileHash, SpaceId};
use venue_package::Tile;
use venue_package::tileset::union;

/// A pixel that is seen too coarse is as bad as a surface that lies so many pixels' widths off.
///
/// A viewer that allows 8 pixels of error then fetches the finer picture when a pixel of the coarse one
/// grows beyond one pixel of the screen.
const ERROR_OF_TEXEL: f64 = 8.0;
/// A surfel may be so many times as wide as the error that a viewer allows, before finer ones are fetched.
const ERROR_OF_SURFEL: f32 = 3.0;
/// Pixels around each part of a finest tile's picture, so that its neighbours do not shine through in its mip levels.
const FINE_GUTTER: i64 = 4;
/// The same for a coarser tile, whose parts are small and whose mip levels are hardly seen: a finer tile has gone before.
const COARSE_GUTTER: i64 = 2;
/// A picture of so few pixels is small in any codec, and too few blocks make a poor codebook for ETC1S.
const SMALL_PIXELS: usize = 1 << 16;
/// The part of triangles that the next level keeps.
const KEPT: usize = 4;
/// The coarsest picture may leave out so many of the pixels of the level below, beside the usual half of each side.
const MOST_REDUCED: f64 = 2.5;
/// A level may be wrong by this part of its own size at most.
const LARGEST_ERROR: f32 = 0.05;

/// Makes tiles.
pub(super) struct Maker<'a> {
    pub(super) input: Input<'a>,
    pub(super) settings: &'a Settings,
    pub(super) grid: Grid,
    pub(super) welded: &'a Buckets,
    pub(super) borders: &'a Borders,
    pub(super) sink: &'a Sink<'a>,
    pub(super) meter: &'a Meter,
    /// For each look the first one that differs from it by its name and picture alone.
    pub(super) alike: Vec<u16>,
}

/// A tile that is made, with what the level above needs of it.
#[derive(Clone, Debug)]
pub(super) struct Made {
    mesh: TileMesh,
    /// Its picture at half the size.
    half: Option<Picture>,
    /// None when nothing is left of the cell.
    draft: Option<Draft>,
    cleaned: Cleaned,
}

/// A tile of the tileset and those below it.
#[derive(Clone, Debug)]
struct Draft {
    bounds: Bounds,
    error: f32,
    content: FileHash,
    radius: f32,
    figures: TileFigures,
    children: Vec<Draft>,
}

/// Pictures of the tiles below, at half their size.
struct Halves<'a>(Vec<Option<&'a Picture>>);

impl Sheets for Halves<'_> {
    fn size(&self, sheet: u16) -> [u32; 2] {
        self.0[usize::from(sheet)].map_or([1, 1], |picture| [picture.width, picture.height])
    }

    fn read(&self, sheet: u16, part: [i64; 4], _: Beyond) -> std::io::Result<Picture> {
        let [left, top, width, height] = part;
        let Some(picture) = self.0[usize::from(sheet)] else {
            return Ok(Picture::filled(width as u32, height as u32, [255; 4]));
        };
        let mut pixels = Vec::with_capacity((width * height) as usize);
        for y in top..top + height {
            // A tile's picture repeats nothing: what repeated was unrolled when the finest tile was made.
            let row = picture.row(Beyond::Edge.pixel(y, picture.height) as u32);
            pixels.extend((left..left + width).map(|x| row[Beyond::Edge.pixel(x, picture.width)]));
        }
        Ok(Picture { width: width as u32, height: height as u32, pixels })
    }
}

impl Maker<'_> {
    /// Makes the tile of a node out of its cell, or of the tiles below it.
    pub(super) fn make(&self, node: &Node, below: Vec<Made>) -> Result<Made> {
        let made = if node.children.is_empty() {
            self.finest(node.cells.start)?
        } else {
            self.coarser(below, &node.cells)?
        };
        if self.is_all(&node.cells) { self.coarsest(made) } else { Ok(made) }
    }

    fn cells(&self) -> u32 {
        self.welded.cells() as u32
    }

    /// Whether a place is also in a tile that these cells do not make.
    fn leads_out(&self, place: [i32; 3], cells: &Range<u32>) -> bool {
        self.borders.leads_out(place, cells) || self.input.seams.has(place)
    }

    fn finest(&self, cell: u32) -> Result<Made> {
        let mut mesh =
            self.welded.read(cell).context("what was gathered of the scan can not be read again")?;
        if self.input.kind == Kind::Points {
            surfels::form(&mut mesh, self.grid, self.input.stations);
            return self.finish(mesh, None, 0.0, self.settings.near, Vec::new(), Cleaned::default());
        }
        let only = cell..cell + 1;
        let leads_out = |place| self.leads_out(place, &only);
        let cleaned = self
            .meter
            .time(Part::Clean, || clean::clean(&mut mesh, self.grid, self.settings.clean, leads_out));
        let atlas = self.meter.time(Part::Textures, || {
            atlas::pack(&mut mesh, self.input.looks, self.input.sources, self.settings.atlas(), FINE_GUTTER)
        })?;
        // One picture now shows what many did: looks that differed by their pictures alone are one.
        for vertex in &mut mesh.vertices {
            vertex.look = self.alike.get(usize::from(vertex.look)).copied().unwrap_or(vertex.look);
        }
        self.finish(mesh, atlas, 0.0, self.settings.near, Vec::new(), cleaned)
    }

    fn coarser(&self, below: Vec<Made>, cells: &Range<u32>) -> Result<Made> {
        let mut merged = TileMesh::default();
        for (sheet, child) in below.iter().enumerate() {
            let first = merged.vertices.len();
            merged.append(&child.mesh);
            // Without a picture nothing tells the children's vertices apart, and their border can go.
            let sheet = if child.half.is_some() { sheet as u16 } else { 0 };
            merged.vertices[first..].iter_mut().for_each(|vertex| vertex.sheet = sheet);
        }
        if self.input.kind == Kind::Points {
            return self.coarser_points(&merged, below);
        }
        merged.weld();
        let halves = Halves(below.iter().map(|child| child.half.as_ref()).collect());
        let limits = self.limits(&halves, cells);
        let source = Source { mesh: &merged, pictures: &halves.0, looks: self.input.looks, grid: self.grid };
        let has_pictures = halves.0.iter().any(Option::is_some);
        let bare = has_pictures.then(|| self.meter.time(Part::Levels, || source.bare()));
        let cut_up = bare.filter(|bare| rebake::is_cut_up(&merged, bare));
        let (mesh, atlas, error) = if let Some(bare) = cut_up {
            let (mut mesh, error) = self.simpler(&bare, cells);
            // The lower level is itself off by its own error, and the two may be off to opposite sides.
            let reach = (error * 2.0).max(self.grid.step() as f32 * 8.0);
            let atlas = self.meter.time(Part::Textures, || {
                rebake::bake(&mut mesh, &source, limits, COARSE_GUTTER as u32, reach)
            });
            (mesh, atlas, error)
        } else {
            let (mut mesh, error) = self.simpler(&merged, cells);
            let atlas = self.meter.time(Part::Textures, || {
                atlas::pack(&mut mesh, self.input.looks, &halves, limits, COARSE_GUTTER)
            })?;
            (mesh, atlas, error)
        };
        let cleaned = below.iter().fold(Cleaned::default(), |mut sum, child| {
            sum += child.cleaned;
            sum
        });
        let children: Vec<Draft> = below.into_iter().filter_map(|child| child.draft).collect();
        let finer = children.iter().map(|child| child.error).fold(0.0, f32::max);
        let error = (finer + error).max(self.texel_error(&mesh, atlas.as_ref())).max(finer);
        self.finish(mesh, atlas, error, self.settings.far, children, cleaned)
    }

    /// How large the picture of the tile above these may be: what a newcomer fetches first is small at once if a little
    /// less will do.
    fn limits(&self, halves: &Halves<'_>, cells: &Range<u32>) -> AtlasLimits {
        let all: usize = halves.0.iter().flatten().map(|picture| picture.pixels.len()).sum();
        let (limits, most) = (self.settings.atlas(), self.settings.coarsest.texels);
        let is_near = all as f64 <= most * MOST_REDUCED;
        if self.is_all(cells) && is_near { AtlasLimits { texels: most, ..limits } } else { limits }
    }

    fn is_all(&self, cells: &Range<u32>) -> bool {
        *cells == (0..self.cells())
    }

    /// The mesh of the next level, and how far its surface is off, metres.
    fn simpler(&self, mesh: &TileMesh, cells: &Range<u32>) -> (TileMesh, f32) {
        let all = mesh.triangles();
        // The coarsest tile is a newcomer's first sight of the place: it has all that may be fetched at once.
        let least = if self.is_all(cells) { self.settings.coarsest.items as usize } else { 0 };
        let goal = all.div_ceil(KEPT).max(least.min(all));
        let largest = mesh.bounds(self.grid).map_or(0.0, |b| (b.max - b.min).length()) * LARGEST_ERROR;
        let leads_out = |place| self.leads_out(place, cells);
        let simplify = || simplify(mesh, self.input.looks, self.grid, goal, largest, leads_out);
        let Simplified { mesh, error } = self.meter.time(Part::Levels, simplify);
        (mesh, error)
    }

    fn coarser_points(&self, merged: &TileMesh, below: Vec<Made>) -> Result<Made> {
        let mesh = surfels::thin(merged, self.grid, merged.vertices.len().div_ceil(KEPT));
        let children: Vec<Draft> = below.into_iter().filter_map(|child| child.draft).collect();
        let finer = children.iter().map(|child| child.error).fold(0.0, f32::max);
        let error = (surfels::median_radius(&mesh) * ERROR_OF_SURFEL).max(finer);
        self.finish(mesh, None, error, self.settings.far, children, Cleaned::default())
    }

    /// Adds levels above until the coarsest is quickly fetched.
    fn coarsest(&self, mut made: Made) -> Result<Made> {
        let all = 0..self.cells();
        let most = &self.settings.coarsest;
        loop {
            let triangles = items(&made.mesh);
            let texels = made.half.as_ref().map_or(0.0, |half| half.pixels.len() as f64 * 4.0);
            if triangles as u64 <= most.items && texels <= most.texels {
                return Ok(made);
            }
            let next = self.coarser(vec![made.clone()], &all)?;
            // A level that saves little costs those who come near more than it saves the newcomer.
            let saves = |less: f64, more: f64, most: f64| less <= most || less < more * 0.6;
            let half = next.half.as_ref().map_or(0.0, |half| half.pixels.len() as f64 * 4.0);
            if !(saves(items(&next.mesh) as f64, triangles as f64, most.items as f64)
                && saves(half, texels, most.texels))
            {
                return Ok(made);
            }
            made = next;
        }
    }

    /// How far off a surface would have to lie to be as wrong as this picture is coarse, metres.
    fn texel_error(&self, mesh: &TileMesh, atlas: Option<&Atlas>) -> f32 {
        let Some(atlas) = atlas else { return 0.0 };
        let (mut area, mut texels) = (0.0, 0.0);
        for triangle in mesh.indices.as_chunks::<3>().0 {
            let [a, b, c] = triangle.map(|index| mesh.vertices[index as usize]);
            if self.input.looks.get(usize::from(a.look)).is_none_or(|look| look.picture.is_none()) {
                continue;
            }
            let [p, q, r] = [a, b, c].map(|vertex| self.grid.point(vertex.position).as_dvec3());
            area += (q - p).cross(r - p).length() * 0.5;
            texels += f64::from((b.uv() - a.uv()).perp_dot(c.uv() - a.uv()).abs()) * 0.5;
        }
        texels *= f64::from(atlas.picture.width) * f64::from(atlas.picture.height);
        if texels > 0.0 { ((area / texels).sqrt() * ERROR_OF_TEXEL) as f32 } else { 0.0 }
    }

    fn finish(
        &self,
        mesh: TileMesh,
        atlas: Option<Atlas>,
        error: f32,
        codec: Codec,
        children: Vec<Draft>,
        cleaned: Cleaned,
    ) -> Result<Made> {
        let Some(own) = mesh.bounds(self.grid).filter(|_| items(&mesh) > 0) else {
            return Ok(Made { mesh, half: None, draft: None, cleaned });
        };
        let is_small = |atlas: &Atlas| atlas.picture.pixels.len() <= SMALL_PIXELS;
        let codec = if atlas.as_ref().is_some_and(is_small) { Codec::Uastc } else { codec };
        let encode = |atlas: &Atlas| basis::encode_once(&atlas.picture, codec, self.input.kept);
        let packed = self.meter.time(Part::Textures, || atlas.as_ref().map(encode).transpose())?;
        let picture_bytes = packed.as_ref().map_or(0, |picture| picture.len() as u64);
        let bytes =
            self.meter.time(Part::Write, || tile_file::write(&mesh, self.input.looks, self.grid, packed))?;
        let is_points = self.input.kind == Kind::Points;
        // Discs reach beyond their middles.
        let margin =
            if is_points { mesh.vertices.iter().map(surfels::radius).fold(0.0, f32::max) } else { 0.0 };
        let own = Bounds { min: own.min - margin, max: own.max + margin };
        let draft = Draft {
            bounds: children.iter().map(|child| child.bounds).fold(own, union),
            error,
            radius: if is_points { surfels::median_radius(&mesh) } else { 0.0 },
            figures: TileFigures {
                items: items(&mesh) as u64,
                bytes: bytes.len() as u64,
                picture_bytes,
                pixels: atlas.as_ref().map_or(0, |atlas| atlas.picture.pixels.len() as u64),
                level: children.iter().map(|child| child.figures.level + 1).max().unwrap_or(0),
            },
            content: self.meter.time(Part::Write, || (self.sink)(bytes))?,
            children,
        };
        let half = atlas.map(|atlas| atlas.picture.halved());
        Ok(Made { mesh, half, draft: Some(draft), cleaned })
    }
}

/// Triangles, or points.
fn items(mesh: &TileMesh) -> usize {
    if mesh.indices.is_empty() { mesh.vertices.len() } else { mesh.triangles() }
}

/// Puts tiles into the order of the tileset, and counts.
pub(super) fn collect(made: Made, space: Option<SpaceId>) -> Hierarchy {
    let mut all = Hierarchy { cleaned: made.cleaned, ..Hierarchy::default() };
    let mut open: Vec<(Draft, Option<u32>, usize)> =
        made.draft.into_iter().map(|draft| (draft, None, 1)).collect();
    while let Some((draft, parent, level)) = open.pop() {
        all.levels = all.levels.max(level);
        all.all_triangles += draft.figures.items;
        all.bytes[1] += draft.figures.bytes;
        all.figures.push(draft.figures);
        if draft.children.is_empty() {
            all.triangles += draft.figures.items;
            all.surfel_radius = all.surfel_radius.max(draft.radius);
            all.bytes[0] += draft.figures.bytes;
        }
        let at = all.tiles.len() as u32;
        all.tiles.push(Tile {
            bounds: draft.bounds,
            geometric_error: draft.error,
            content: draft.content,
            space,
            parent,
        });
        open.extend(draft.children.into_iter().rev().map(|child| (child, Some(at), level + 1)));
    }
    all
}
