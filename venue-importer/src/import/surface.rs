//! The scan's surface for walking and sound: of its tiles the coarsest that lie near enough to it.
//!
//! A dense scan has a hundred triangles where a voxel or a ray can tell one; the levels of detail have them simplified
//! already, without cracks and without what floats in the air. Points stay as they were captured.

use super::shape::Shape;
use crate::hierarchy::Piece;
use crate::tiles;
use anyhow::{Context, Result};
use glam::Vec3;
use venue_package::Tile;
use venue_package::gltf::{Document, Limits, Primitive};
use venue_package::manifest::MediaType;
use venue_package::writer::FolderWriter;

/// A tile's surface may lie so far off the scan's, metres: a quarter of a voxel of the floor.
const LARGEST_ERROR: f32 = 0.01;

/// A scan's surface, as its tiles have it.
pub(super) struct Surface<'a> {
    shape: &'a Shape<'a>,
    writer: &'a FolderWriter,
    tiles: Vec<&'a Tile>,
}

impl<'a> Surface<'a> {
    /// The surface of tiles that `writer` has.
    pub(super) fn new(shape: &'a Shape<'a>, writer: &'a FolderWriter, tiles: &'a [Tile]) -> Self {
        Self { shape, writer, tiles: near_enough(tiles, LARGEST_ERROR) }
    }

    /// How far it lies off the scan at most, metres.
    pub(super) fn error(&self) -> f32 {
        self.tiles.iter().map(|tile| tile.geometric_error).fold(0.0, f32::max)
    }

    /// Gives its triangles, then the points of the scan, always in the same order.
    pub(super) fn visit(&self, visit: &mut dyn FnMut(&Piece) -> Result<()>) -> Result<()> {
        let [has_triangles, has_points] = self.shape.has();
        for tile in self.tiles.iter().filter(|_| has_triangles) {
            let bytes = self.writer.read_file(tile.content, MediaType::Glb)?;
            let document = Document::read(&bytes, &Limits::CLIENT)
                .with_context(|| format!("the tile {} that was just written", tile.content))?;
            pieces(&document).try_for_each(|piece| visit(&piece))?;
        }
        if has_points {
            self.shape.visit(&mut |piece| if piece.indices.is_empty() { visit(piece) } else { Ok(()) })?;
        }
        Ok(())
    }
}

/// The coarsest tiles that are near enough; with them all of the surface is covered once.
fn near_enough(tiles: &[Tile], largest_error: f32) -> Vec<&Tile> {
    let is_near = |tile: &Tile| tile.geometric_error <= largest_error;
    let parent = |tile: &Tile| tile.parent.map(|at| &tiles[at as usize]);
    tiles.iter().filter(|tile| is_near(tile) && parent(tile).is_none_or(|parent| !is_near(parent))).collect()
}

/// The triangles of a tile; colours and pictures do not matter here.
fn pieces(document: &Document) -> impl Iterator<Item = Piece> {
    let of = |piece: &tiles::Piece<'_>, primitive: &Primitive| {
        let place = |&position: &Vec3| piece.world.transform_point3(position).as_dvec3();
        let positions = primitive.positions.iter().map(place).collect();
        Piece { positions, indices: primitive.indices.clone(), ..Piece::default() }
    };
    tiles::Piece::all(document).flat_map(move |piece| {
        piece
            .primitives()
            .iter()
            .filter(|of| !of.indices.is_empty())
            .map(move |primitive| of(&piece, primitive))
    })
}

#[cfg(test)]
mod tests {
    use super::super::placement::Placement;
    use super::super::places_input::PlacesInput;
    use super::super::work::Work;
    use super::super::{Options, Quiet, all_tiles, ground, orient, read, sound, walking};
    use super::*;
    use crate::hierarchy::Hierarchy;
    use crate::report::Report;
    use crate::scan::Up;
    use crate::textures::Codec;
    use crate::tiny::tile;
    use std::path::Path;

    #[test]
    fn of_each_branch_the_coarsest_tile_that_is_near_enough_counts() {
        // A root over a near branch with two leaves and a leaf; beside it a root that is near, and one that stands alone.
        let tiles = [
            tile(None, 0.3),
            tile(Some(0), 0.008),
            tile(Some(1), 0.002),
            tile(Some(1), 0.0),
            tile(Some(0), 0.0),
            tile(None, 0.009),
            tile(Some(5), 0.0),
            tile(None, 0.0),
        ];
        let found: Vec<usize> = near_enough(&tiles, 0.01)
            .into_iter()
            .filter_map(|near| tiles.iter().position(|tile| std::ptr::eq(tile, near)))
            .collect();
        assert_eq!(found, [1, 4, 5, 7]);
    }

    /// A room of 8 × 3 × 6 m with two screens in it, in quads of 6 cm, bumpy by millimetres.
    fn room() -> String {
        let (mut points, mut quads) = (Vec::new(), Vec::new());
        let mut sheet = |at: Vec3, u: Vec3, v: Vec3| {
            let [across, along] = [u, v].map(|way| (way.length() / 0.06) as usize);
            let first = points.len() + 1;
            for (j, i) in (0..=along).flat_map(|j| (0..=across).map(move |i| (j, i))) {
                let is_edge = i == 0 || j == 0 || i == across || j == along;
                let bump = if is_edge { 0.0 } else { ((i * i * 31 + j * 17) as f32).sin() * 0.003 };
                let point = at + u * (i as f32 / across as f32) + v * (j as f32 / along as f32);
                points.push(point + u.cross(v).normalize() * bump);
            }
            let corner = |i: usize, j: usize| first + j * (across + 1) + i;
            for (j, i) in (0..along).flat_map(|j| (0..across).map(move |i| (j, i))) {
                quads.push([corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)]);
            }
        };
        let (x, y, z) = (Vec3::X * 8.0, Vec3::Y * 3.0, Vec3::Z * 6.0);
        sheet(z, x, -z);
        sheet(y, x, z);
        sheet(Vec3::ZERO, x, y);
        sheet(x + z, -x, y);
        sheet(z, -z, y);
        sheet(x, z, y);
        sheet(Vec3::new(2.5, 0.0, 1.0), Vec3::Z * 3.0, Vec3::Y * 1.9);
        sheet(Vec3::new(5.5, 0.0, 2.0), Vec3::Z * 3.0, Vec3::Y * 1.9);
        let mut obj: String = points.iter().map(|p| format!("v {} {} {}\n", p.x, p.y, p.z)).collect();
        quads.iter().for_each(|[a, b, c, d]| obj += &format!("f {a} {b} {c} {d}\n"));
        obj
    }

    fn options(folder: &Path) -> Options {
        let inputs = vec![folder.join("room.obj")];
        Options {
            up: Some(Up::Y),
            metres_per_unit: Some(1.0),
            keep_frame: true,
            near: Codec::ETC1S,
            island_size: 0.0,
            ..Options::new(inputs, folder.join("room"))
        }
    }

    /// What tiles that lie so far off tell of the room: triangles, RT60 in seconds, the share that is blocked, m² to walk on.
    fn told(
        (shape, writer, tiles): (&Shape<'_>, &FolderWriter, &Hierarchy),
        placement: &Placement,
        largest_error: f32,
    ) -> (u64, [f32; 3], f32, f32) {
        let surface = Surface { shape, writer, tiles: near_enough(&tiles.tiles, largest_error) };
        let mut report = Report::default();
        let soup = ground::collect(&surface, 0.0).unwrap();
        let mut placement = placement.clone();
        let floor = walking::build(&soup, &mut placement, &Quiet, &mut report).unwrap();
        let heard = sound::Scanned { shape, surface: &surface, surfel_radius: 0.0 };
        sound::build_all(heard, &placement, &floor, &Quiet, &mut report).unwrap();
        let of = report.sound.pop().unwrap();
        (of.full_triangles, of.full_reverberation, of.occlusion[1], crate::navigation::area(&floor))
    }

    #[test]
    fn fewer_triangles_tell_the_same_of_walking_and_sound() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("room.obj"), room()).unwrap();
        let (options, mut report) = (options(folder.path()), Report::default());
        let work = Work::open(&options.into).unwrap();
        let store = read(&options, Vec::new(), &work, &Quiet, &mut report).unwrap();
        let orientation = orient::find(&store, &options, &Quiet).unwrap();
        let shape = Shape::load(&store, &orientation, &options, &work, &Quiet, &mut report).unwrap();
        let said = PlacesInput::open(None, "room").unwrap();
        let placement = said.resolve(shape.bounds(), &mut report);
        let mut writer = FolderWriter::create(&options.into).unwrap();
        let tiles = all_tiles(&shape, &placement, &options, &work, &mut writer, &Quiet, &mut report).unwrap();
        let all = told((&shape, &writer, &tiles), &placement, 0.0);
        let few = told((&shape, &writer, &tiles), &placement, LARGEST_ERROR);
        assert!(few.0 * 4 < all.0, "{} of {}", few.0, all.0);
        let off = |few: f32, all: f32| (few / all - 1.0).abs();
        let times = few.1.iter().zip(all.1).map(|(few, all)| off(*few, all)).fold(0.0, f32::max);
        // What 768 rays tell of the same room from another start differs by 5 % itself.
        assert!(times < 0.08, "{few:?} {all:?}");
        assert!(all.2 > 0.1 && (few.2 - all.2).abs() < 0.02, "{few:?} {all:?}");
        assert!(off(few.3, all.3) < 0.02, "{few:?} {all:?}");
    }
}
