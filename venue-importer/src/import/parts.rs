//! Several hierarchies of tiles become one list.

use crate::hierarchy::Hierarchy;
use venue_package::Tile;

/// Appends a hierarchy to another; figures are added up.
pub(super) fn append(all: &mut Hierarchy, more: Hierarchy) {
    let first = all.tiles.len() as u32;
    let moved = |tile: &Tile| Tile { parent: tile.parent.map(|at| at + first), ..*tile };
    all.tiles.extend(more.tiles.iter().map(moved));
    all.cleaned.degenerate += more.cleaned.degenerate;
    all.cleaned.duplicate += more.cleaned.duplicate;
    all.cleaned.floating += more.cleaned.floating;
    all.triangles += more.triangles;
    all.all_triangles += more.all_triangles;
    all.surfel_radius = all.surfel_radius.max(more.surfel_radius);
    all.levels = all.levels.max(more.levels);
    all.bytes[0] += more.bytes[0];
    all.bytes[1] += more.bytes[1];
    all.figures.extend(more.figures);
    all.spent.iter_mut().zip(more.spent).for_each(|(all, more)| *all += more);
}
