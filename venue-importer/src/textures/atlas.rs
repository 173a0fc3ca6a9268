//! Step textures: what a tile shows of the pictures, packed into one picture of its own.

use super::charts::{self, Charts, Region};
use super::picture::Picture;
use crate::hierarchy::mesh::{Look, TileMesh};
use glam::{DVec2, Vec2};
use guillotiere::{AllocatorOptions, AtlasAllocator, size2};

/// Where pictures come from.
pub(crate) trait Sheets {
    /// A picture's width and height.
    fn size(&self, sheet: u16) -> [u32; 2];
    /// A part of it: left, top, width and height in pixels, and what lies beyond its sides.
    fn read(&self, sheet: u16, part: [i64; 4], beyond: Beyond) -> std::io::Result<Picture>;
}

/// What is seen beyond the sides of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// The picture again.
    Again,
    /// Its outermost pixels.
    Edge,
}

impl Beyond {
    /// The pixel of a picture that is seen at a place along one side.
    pub(crate) fn pixel(self, at: i64, size: u32) -> usize {
        let size = i64::from(size);
        let inside = match self {
            Self::Again => at.rem_euclid(size),
            Self::Edge => at.clamp(0, size - 1),
        };
        inside as usize
    }
}

/// How large a tile's picture may become.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtlasLimits {
    /// Pixels along a side.
    pub side: u32,
    /// Pixels in all.
    pub texels: f64,
}

/// A tile's picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Atlas {
    pub(crate) picture: Picture,
    /// Its pixels for each pixel of the sheets, along a side; 1 when nothing was reduced.
    pub(crate) scale: f64,
}

/// Packs what the mesh shows, with so many pixels around each part, into one picture and moves its texture coordinates there; none without pictures.
pub(crate) fn pack(
    mesh: &mut TileMesh,
    looks: &[Look],
    sheets: &dyn Sheets,
    limits: AtlasLimits,
    gutter: i64,
) -> std::io::Result<Option<Atlas>> {
    let shows = |at: usize| {
        let vertex = &mesh.vertices[at];
        let look = looks.get(usize::from(vertex.look))?;
        look.picture.map(|_| sheets.size(vertex.sheet))
    };
    let charts = charts::find(mesh, shows);
    if charts.regions.is_empty() {
        return Ok(None);
    }
    let fit =
        fit(limits, |scale| charts.regions.iter().map(|region| part(region, scale, gutter).scaled).collect());
    let layout = Layout { fit, gutter };
    let picture = draw(&charts.regions, &layout, sheets)?;
    move_coordinates(mesh, &charts, &layout, sheets);
    Ok(Some(Atlas { picture, scale: layout.fit.scale }))
}

/// Where each rectangle goes.
pub(super) struct Fit {
    pub(super) width: u32,
    pub(super) height: u32,
    /// What the rectangles were reduced to.
    pub(super) scale: f64,
    /// Top left corner of each rectangle.
    pub(super) places: Vec<[i64; 2]>,
}

struct Layout {
    fit: Fit,
    gutter: i64,
}

/// A region in whole pixels of its sheet, gutter included, and its size in the atlas.
struct Part {
    x: i64,
    y: i64,
    width: u32,
    height: u32,
    scaled: [u32; 2],
}

fn part(region: &Region, scale: f64, gutter: i64) -> Part {
    // The gutter is so many pixels of the atlas, which are more of the sheet when it is reduced.
    let gutter = (gutter as f64 / scale).ceil() as i64;
    let from = region.min.map(|at| at.floor() as i64 - gutter);
    let to = region.max.map(|at| at.ceil() as i64 + gutter);
    let size = [0, 1].map(|i| (to[i] - from[i]).clamp(1, 1 << 16) as u32);
    let scaled = size.map(|side| ((f64::from(side) * scale).ceil() as u32).max(1));
    Part { x: from[0], y: from[1], width: size[0], height: size[1], scaled }
}

/// Fits rectangles into one picture, smaller ones if need be; `sizes` gives their pixels, gutter included, at a scale.
pub(super) fn fit(limits: AtlasLimits, sizes: impl Fn(f64) -> Vec<[u32; 2]>) -> Fit {
    let mut scale = 1.0;
    loop {
        let sizes = sizes(scale);
        let area: f64 = sizes.iter().map(|[w, h]| f64::from(*w) * f64::from(*h)).sum();
        let largest = sizes.iter().flatten().copied().max().unwrap_or(1);
        if area <= limits.texels && largest <= limits.side {
            let least = area.sqrt().ceil().max(f64::from(largest)) as u32;
            if let Some((width, height, places)) = smallest(&sizes, least, limits) {
                return Fit { width, height, scale, places };
            }
        }
        // Small parts hardly shrink because of their gutters, so the factor is not computed but sought.
        let over = (limits.texels / area).sqrt().min(f64::from(limits.side) / f64::from(largest));
        scale *= over.clamp(0.25, 0.93);
        if scale < 1e-4 {
            return Fit { width: 4, height: 4, scale, places: vec![[0, 0]; sizes.len()] };
        }
    }
}

type Placed = (u32, u32, Vec<[i64; 2]>);

/// Tries sizes from the least on, each a little larger than the one before.
fn smallest(sizes: &[[u32; 2]], least: u32, limits: AtlasLimits) -> Option<Placed> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(sizes[at][1].max(sizes[at][0])), at));
    let mut side = f64::from(least) * 1.02;
    while side <= f64::from(limits.side) * 1.05 {
        let whole = (side.ceil() as u32).next_multiple_of(4).min(limits.side / 4 * 4);
        if let Some(places) = try_pack(sizes, &order, whole) {
            let end = |axis: usize| {
                let ends = places.iter().zip(sizes).map(|(place, size)| place[axis] as u32 + size[axis]);
                ends.max().unwrap_or(4).next_multiple_of(4)
            };
            return Some((end(0), end(1), places));
        }
        side *= 1.06;
    }
    None
}

fn try_pack(sizes: &[[u32; 2]], order: &[usize], side: u32) -> Option<Vec<[i64; 2]>> {
    let options = AllocatorOptions {
        large_size_threshold: 256,
        small_size_threshold: 32,
        ..AllocatorOptions::default()
    };
    let mut allocator = AtlasAllocator::with_options(size2(side as i32, side as i32), &options);
    let mut places = vec![[0, 0]; sizes.len()];
    for &at in order {
        let [width, height] = sizes[at];
        let placed = allocator.allocate(size2(width as i32, height as i32))?;
        places[at] = [i64::from(placed.rectangle.min.x), i64::from(placed.rectangle.min.y)];
    }
    Some(places)
}

fn draw(regions: &[Region], layout: &Layout, sheets: &dyn Sheets) -> std::io::Result<Picture> {
    let mut atlas = Picture::filled(layout.fit.width, layout.fit.height, [0; 4]);
    for (region, place) in regions.iter().zip(&layout.fit.places) {
        let part = part(region, layout.fit.scale, layout.gutter);
        let size = sheets.size(region.sheet).map(f64::from);
        // The gutter of what ends at the picture's side must not show the other side.
        let is_inside = (0..2).all(|i| region.min[i] >= -0.5 && region.max[i] <= size[i] + 0.5);
        let beyond = if is_inside { Beyond::Edge } else { Beyond::Again };
        let shown = [part.x, part.y, i64::from(part.width), i64::from(part.height)];
        let read = sheets.read(region.sheet, shown, beyond)?;
        let [width, height] = part.scaled;
        let shown = if layout.fit.scale < 1.0 { read.scaled(layout.fit.scale, width, height) } else { read };
        for y in 0..height.min(layout.fit.height) {
            let to = (place[1] as usize + y as usize) * layout.fit.width as usize + place[0] as usize;
            let count = shown.width.min(layout.fit.width) as usize;
            atlas.pixels[to..to + count].copy_from_slice(&shown.row(y)[..count]);
        }
    }
    // What nobody looks up gets the mean colour: it packs well, and nothing dark bleeds in from afar.
    let mean = atlas.mean();
    atlas.pixels.iter_mut().filter(|pixel| **pixel == [0; 4]).for_each(|pixel| *pixel = mean);
    Ok(atlas)
}

fn move_coordinates(mesh: &mut TileMesh, charts: &Charts, layout: &Layout, sheets: &dyn Sheets) {
    let size = DVec2::new(f64::from(layout.fit.width), f64::from(layout.fit.height));
    for (vertex, region) in mesh.vertices.iter_mut().zip(&charts.of_vertex) {
        let Some(region) = region.map(|at| at as usize) else {
            vertex.set_uv(Vec2::ZERO);
            vertex.sheet = 0;
            continue;
        };
        let part = part(&charts.regions[region], layout.fit.scale, layout.gutter);
        let [width, height] = sheets.size(vertex.sheet).map(f64::from);
        let pixel = vertex.uv().as_dvec2() * DVec2::new(width, height);
        let inside = (pixel - DVec2::new(part.x as f64, part.y as f64)) * layout.fit.scale;
        let [x, y] = layout.fit.places[region].map(|at| at as f64);
        vertex.set_uv(((inside + DVec2::new(x, y)) / size).as_vec2());
        vertex.sheet = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hierarchy::mesh::Vertex;

    /// Two pictures whose pixels tell where they are from: red x, green y, blue the sheet.
    struct Gradient;

    impl Sheets for Gradient {
        fn size(&self, _: u16) -> [u32; 2] {
            [256, 256]
        }

        fn read(&self, sheet: u16, part: [i64; 4], beyond: Beyond) -> std::io::Result<Picture> {
            let [x, y, width, height] = part;
            let at = |i: i64| {
                let (dx, dy) = (i % width, i / width);
                [beyond.pixel(x + dx, 256) as u8, beyond.pixel(y + dy, 256) as u8, sheet as u8 * 200, 255]
            };
            Ok(Picture {
                width: width as u32,
                height: height as u32,
                pixels: (0..width * height).map(at).collect(),
            })
        }
    }

    /// Quads, each over a square of a sheet, pixels.
    fn quads(squares: &[(u16, f32, f32, f32)]) -> TileMesh {
        let mut mesh = TileMesh::default();
        for (n, &(sheet, x, y, side)) in squares.iter().enumerate() {
            let first = mesh.vertices.len() as u32;
            for (i, [u, v]) in
                [[x, y], [x, y + side], [x + side, y + side], [x + side, y]].into_iter().enumerate()
            {
                let mut vertex =
                    Vertex { position: [n as i32, i as i32, 0], look: sheet, sheet, ..Vertex::default() };
                vertex.set_uv(Vec2::new(u, v) / 256.0);
                mesh.vertices.push(vertex);
            }
            mesh.indices.extend([0, 1, 2, 0, 2, 3].map(|i| first + i));
        }
        mesh
    }

    fn looks() -> Vec<Look> {
        (0..2).map(|picture| Look { picture: Some(picture), ..Look::default() }).collect()
    }

    /// Every vertex finds in the atlas what it saw on its sheet, within `tolerance` of 256.
    fn check(squares: &[(u16, f32, f32, f32)], limits: AtlasLimits, tolerance: f32) -> Atlas {
        let before = quads(squares);
        let mut after = before.clone();
        let atlas = pack(&mut after, &looks(), &Gradient, limits, 4).unwrap().unwrap();
        assert!(atlas.picture.width.is_multiple_of(4) && atlas.picture.height.is_multiple_of(4));
        let (width, height) = (atlas.picture.width as f32, atlas.picture.height as f32);
        for (old, new) in before.vertices.iter().zip(&after.vertices) {
            let expected = old.uv() * 256.0;
            // Half a pixel inwards: a vertex lies on the corner of pixels.
            let pixel = new.uv() * Vec2::new(width, height);
            let found = atlas.picture.row((pixel.y as u32).min(atlas.picture.height - 1))[pixel.x as usize];
            assert!(
                (f32::from(found[0]) - expected.x.rem_euclid(256.0)).abs() <= tolerance,
                "{found:?} {expected}"
            );
            assert!(
                (f32::from(found[1]) - expected.y.rem_euclid(256.0)).abs() <= tolerance,
                "{found:?} {expected}"
            );
            assert_eq!(u16::from(found[2] > 100), old.sheet);
        }
        atlas
    }

    const WIDE: AtlasLimits = AtlasLimits { side: 4_096, texels: 4e6 };

    #[test]
    fn parts_of_two_pictures_are_copied_as_they_are() {
        let atlas =
            check(&[(0, 20.0, 30.0, 64.0), (1, 100.0, 10.0, 30.0), (0, 150.0, 150.0, 90.0)], WIDE, 1.0);
        assert_eq!(atlas.scale, 1.0);
        assert!(atlas.picture.pixels.len() < 40_000, "{} × {}", atlas.picture.width, atlas.picture.height);
    }

    #[test]
    fn too_much_is_reduced_until_it_fits() {
        let limits = AtlasLimits { side: 100, texels: 9e3 };
        let atlas = check(&[(0, 20.0, 20.0, 150.0), (1, 60.0, 60.0, 120.0)], limits, 4.0);
        assert!(atlas.scale < 0.6 && atlas.picture.pixels.len() <= 10_000, "{}", atlas.scale);
    }

    #[test]
    fn what_repeats_is_unrolled() {
        check(&[(0, 200.0, 200.0, 100.0)], WIDE, 1.0);
    }

    #[test]
    fn meshes_without_pictures_have_no_atlas() {
        let mut mesh = quads(&[(0, 0.0, 0.0, 10.0)]);
        assert_eq!(pack(&mut mesh, &[Look::default()], &Gradient, WIDE, 4).unwrap(), None);
    }
}
