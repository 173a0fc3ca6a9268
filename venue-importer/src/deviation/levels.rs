//! The surfaces of a package, level by level, and of one model by itself.

use crate::nearest::Surface;
use crate::tiles::Piece;
use anyhow::{Context, Result};
use glam::Vec3;
use std::path::Path;
use venue_package::gltf::{Document, Limits};
use venue_package::{DirectorySource, Package, Tile};

/// A level of detail: the finest is 0.
pub(super) struct Level {
    pub(super) number: usize,
    /// The largest error that its tiles promise, metres.
    pub(super) promised: f32,
    pub(super) tiles: Vec<usize>,
}

/// The levels of a package. What has fewer levels than others stands for itself in all above its own.
pub(super) fn levels(tiles: &[Tile]) -> Vec<Level> {
    let heights = heights(tiles);
    let top = heights.iter().copied().max().unwrap_or(0);
    let shows = |at: usize, number: usize| {
        let parent = tiles[at].parent.map(|parent| heights[parent as usize]);
        heights[at] <= number && parent.is_none_or(|parent| parent > number)
    };
    (0..=top)
        .map(|number| {
            let shown: Vec<usize> = (0..tiles.len()).filter(|&at| shows(at, number)).collect();
            let promised = shown.iter().map(|&at| tiles[at].geometric_error).fold(0.0, f32::max);
            Level { number, promised, tiles: shown }
        })
        .collect()
}

/// How many levels are below each tile; children stand behind their parents.
fn heights(tiles: &[Tile]) -> Vec<usize> {
    let mut heights = vec![0; tiles.len()];
    for (at, tile) in tiles.iter().enumerate().rev() {
        if let Some(parent) = tile.parent {
            heights[parent as usize] = heights[parent as usize].max(heights[at] + 1);
        }
    }
    heights
}

/// A package that is looked into.
pub(super) struct Opened {
    package: Package,
    pub(super) tiles: Vec<Tile>,
}

impl Opened {
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let package = Package::open(DirectorySource::new(folder))
            .with_context(|| format!("{} is no package", folder.display()))?;
        let tiles = package.tileset()?.tiles;
        Ok(Self { package, tiles })
    }

    /// The triangles of some tiles.
    pub(super) fn surface(&self, tiles: &[usize]) -> Result<Surface> {
        let mut triangles = Vec::new();
        for &at in tiles {
            let content = self.tiles[at].content;
            let document = Document::read(&self.package.file(content)?, &Limits::CLIENT)
                .with_context(|| format!("tile {content}"))?;
            collect(&document, &mut triangles);
        }
        Ok(Surface::numbered(triangles))
    }
}

fn collect(document: &Document, triangles: &mut Vec<[Vec3; 3]>) {
    for piece in Piece::all(document) {
        for primitive in piece.primitives() {
            let corner = |index: u32| piece.world.transform_point3(primitive.positions[index as usize]);
            triangles.extend(primitive.indices.as_chunks::<3>().0.iter().map(|t| t.map(corner)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiny::tile;

    #[test]
    fn each_level_covers_everything_once() {
        // A root over a leaf and a node with two leaves; beside it a root of its own.
        let tiles = [
            tile(None, 4.0),
            tile(Some(0), 0.0),
            tile(Some(0), 1.0),
            tile(Some(2), 0.0),
            tile(Some(2), 0.0),
            tile(None, 0.5),
        ];
        let found: Vec<(Vec<usize>, f32)> =
            levels(&tiles).into_iter().map(|level| (level.tiles, level.promised)).collect();
        let expected = [(vec![1, 3, 4, 5], 0.5), (vec![1, 2, 5], 1.0), (vec![0, 5], 4.0)];
        assert_eq!(found, expected);
    }
}
