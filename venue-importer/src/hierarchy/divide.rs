//! Divides space into balanced cells, from a count of what lies where. Knows no triangles.
//!
//! A fine grid counts triangles and texels; the grid is halved along its longest side at the
//! weighted middle until each part fits into a tile. Cells get their numbers in the order of
//! that division, so that what is near has near numbers and every node covers a range of them.

use glam::DVec3;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Most cells of the counting grid along the longest side: on a large site one room may hold most of the scan.
const RESOLUTION: u32 = 1_024;
/// Fewest of them, however small the thing is.
const FEWEST: u32 = 256;
/// A cell need not be smaller than this, metres: a count that is finer costs time and makes no better tiles.
const CELL: f64 = 0.1;

/// What a part of space holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// Triangles, or points.
    pub items: u64,
    /// Pixels of pictures that they show.
    pub texels: f64,
}

impl Load {
    fn add(&mut self, other: Self) {
        self.items += other.items;
        self.texels += other.texels;
    }

    fn fits(&self, most: &Self) -> bool {
        self.items <= most.items && self.texels <= most.texels
    }

    /// How many tiles it would fill.
    fn weight(&self, most: &Self) -> f64 {
        self.items as f64 / most.items as f64 + self.texels / most.texels
    }
}

/// Counts what lies where.
#[derive(Clone, Debug)]
pub struct Census {
    min: DVec3,
    cells_per_metre: f64,
    loads: FxHashMap<Key, Load>,
    /// The last cell and what it got: most things lie where the one before them lies.
    last: (Key, Load),
}

/// A cell of the counting grid: ten bits each for x, y and z, in this order.
type Key = u32;
const AXIS_BITS: u32 = RESOLUTION.trailing_zeros();

fn key([x, y, z]: [u32; 3]) -> Key {
    x << (2 * AXIS_BITS) | y << AXIS_BITS | z
}

/// The cell's place along an axis.
fn along(key: Key, axis: usize) -> u32 {
    key >> ((2 - axis as u32) * AXIS_BITS) & (RESOLUTION - 1)
}

impl Census {
    /// An empty count over these bounds, metres.
    pub fn new(min: DVec3, max: DVec3) -> Self {
        let size = (max - min).max_element().max(1e-6);
        let cells = ((size / CELL) as u32).clamp(FEWEST, RESOLUTION);
        Self {
            min,
            cells_per_metre: f64::from(cells) / size,
            loads: FxHashMap::default(),
            last: Default::default(),
        }
    }

    /// Counts something at a point.
    pub fn add(&mut self, point: DVec3, load: Load) {
        let cell = self.cell(point);
        if cell != self.last.0 {
            self.note(cell);
        }
        self.last.1.add(load);
    }

    /// Enters what the last cell got, and begins with another.
    fn note(&mut self, next: Key) {
        let (cell, load) = std::mem::replace(&mut self.last, (next, Load::default()));
        if load.items > 0 {
            self.loads.entry(cell).or_default().add(load);
        }
    }

    fn cell(&self, point: DVec3) -> Key {
        let cell = (point - self.min) * self.cells_per_metre;
        // What is not a number becomes zero.
        key(cell.to_array().map(|at| (at as u32).min(RESOLUTION - 1)))
    }

    /// Divides until each cell holds no more than `most`, or can not be divided.
    pub fn divide(mut self, most: &Load) -> Division {
        self.note(0);
        let mut cells: Vec<(Key, Load)> = std::mem::take(&mut self.loads).into_iter().collect();
        cells.sort_unstable_by_key(|(cell, _)| *cell);
        let mut tree =
            Tree { most: *most, nodes: Vec::new(), leaves: Vec::new(), places: FxHashMap::default() };
        if !cells.is_empty() {
            tree.node(&mut cells);
        }
        Division { census: self, tree }
    }
}

/// Space divided into cells.
#[derive(Clone, Debug)]
pub struct Division {
    census: Census,
    tree: Tree,
}

#[derive(Clone, Debug)]
struct Tree {
    most: Load,
    nodes: Vec<Node>,
    leaves: Vec<Load>,
    places: FxHashMap<Key, u32>,
}

/// A part of space: a cell, or the union of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Nodes that it is divided into; none for a cell.
    pub children: Vec<usize>,
    /// The cells that it covers.
    pub cells: Range<u32>,
}

impl Division {
    /// The number of the cell around a point that was counted.
    pub fn cell(&self, point: DVec3) -> u32 {
        self.tree.places.get(&self.census.cell(point)).copied().unwrap_or(0)
    }

    /// What each cell holds.
    pub fn cells(&self) -> &[Load] {
        &self.tree.leaves
    }

    /// All nodes, children before their parents; the last is the root.
    pub fn nodes(&self) -> &[Node] {
        &self.tree.nodes
    }
}

impl Tree {
    /// Puts a node for these cells of the counting grid, its parts before it; gives its number.
    fn node(&mut self, cells: &mut [(Key, Load)]) -> usize {
        let first = self.leaves.len() as u32;
        let children = match self.halves(cells) {
            None => {
                self.leaf(cells);
                Vec::new()
            }
            Some(middle) => {
                let (low, high) = cells.split_at_mut(middle);
                let mut children = Vec::with_capacity(4);
                for half in [low, high] {
                    match self.halves(half) {
                        None => children.push(self.node(half)),
                        Some(middle) => {
                            let (low, high) = half.split_at_mut(middle);
                            children.push(self.node(low));
                            children.push(self.node(high));
                        }
                    }
                }
                children
            }
        };
        self.nodes.push(Node { children, cells: first..self.leaves.len() as u32 });
        self.nodes.len() - 1
    }

    fn leaf(&mut self, cells: &[(Key, Load)]) {
        let number = self.leaves.len() as u32;
        let mut sum = Load::default();
        for (cell, load) in cells {
            sum.add(*load);
            self.places.insert(*cell, number);
        }
        self.leaves.push(sum);
    }

    /// Sorts cells along their longest side and gives where the second half begins; none if they fit into one tile.
    fn halves(&self, cells: &mut [(Key, Load)]) -> Option<usize> {
        let mut sum = Load::default();
        cells.iter().for_each(|(_, load)| sum.add(*load));
        if sum.fits(&self.most) || cells.len() < 2 {
            return None;
        }
        let side = |axis: usize| {
            let at = || cells.iter().map(|(cell, _)| along(*cell, axis));
            at().max().unwrap_or(0) - at().min().unwrap_or(0)
        };
        let axis = (0..3).rev().max_by_key(|&axis| side(axis)).unwrap_or(0);
        cells.sort_unstable_by_key(|(cell, _)| u64::from(along(*cell, axis)) << 32 | u64::from(*cell));
        let half = sum.weight(&self.most) / 2.0;
        let mut below = 0.0;
        let middle = cells.iter().position(|(_, load)| {
            below += load.weight(&self.most);
            below >= half
        });
        // The cut lies between two layers of the grid, at the one nearest to the middle.
        let layer = along(cells[middle.unwrap_or(cells.len() / 2)].0, axis);
        let start = cells.partition_point(|(cell, _)| along(*cell, axis) < layer);
        let end = cells.partition_point(|(cell, _)| along(*cell, axis) <= layer);
        let weight = |range: &[(Key, Load)]| -> f64 { range.iter().map(|(_, l)| l.weight(&self.most)).sum() };
        let off = |cut: usize| (weight(&cells[..cut]) - half).abs();
        let usable = |cut: &usize| *cut > 0 && *cut < cells.len();
        [start, end].into_iter().filter(usable).min_by(|a, b| off(*a).total_cmp(&off(*b)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Load = Load { items: 100, texels: 1e6 };

    fn divide(points: impl Iterator<Item = (DVec3, Load)> + Clone) -> Division {
        let mut census = Census::new(DVec3::ZERO, DVec3::new(40.0, 4.0, 20.0));
        points.for_each(|(point, load)| census.add(point, load));
        census.divide(&MOST)
    }

    fn floor() -> impl Iterator<Item = (DVec3, Load)> + Clone {
        let one = Load { items: 1, texels: 10.0 };
        (0..80).flat_map(move |x| {
            (0..40).map(move |z| (DVec3::new(f64::from(x) * 0.5, 0.0, f64::from(z) * 0.5), one))
        })
    }

    #[test]
    fn cells_are_balanced_and_hold_what_was_counted() {
        let division = divide(floor());
        let items: u64 = division.cells().iter().map(|load| load.items).sum();
        assert_eq!(items, 3_200);
        assert!(
            division.cells().iter().all(|load| (50..=100).contains(&load.items)),
            "{:?}",
            division.cells()
        );
        let mut counted = vec![0; division.cells().len()];
        floor().for_each(|(point, _)| counted[division.cell(point) as usize] += 1);
        assert!(counted.iter().zip(division.cells()).all(|(&count, load)| count == load.items));
    }

    #[test]
    fn nodes_cover_ranges_and_the_last_is_the_root() {
        let division = divide(floor());
        let nodes = division.nodes();
        let cells = division.cells().len() as u32;
        assert_eq!(nodes.last().unwrap().cells, 0..cells);
        for (at, node) in nodes.iter().enumerate() {
            assert!(node.children.iter().all(|&child| child < at));
            assert!(node.children.is_empty() || (2..=4).contains(&node.children.len()));
            let mut next = node.cells.start;
            for &child in &node.children {
                assert_eq!(nodes[child].cells.start, next);
                next = nodes[child].cells.end;
            }
            assert!(node.children.is_empty() || next == node.cells.end);
        }
    }

    #[test]
    fn pictures_divide_what_has_few_triangles() {
        let wall = |x: f64| (DVec3::new(x, 1.0, 1.0), Load { items: 2, texels: 0.9e6 });
        assert_eq!(divide([wall(1.0), wall(20.0), wall(39.0)].into_iter()).cells().len(), 3);
        assert_eq!(divide([wall(1.0), wall(1.0), wall(1.0)].into_iter()).cells().len(), 1);
        assert_eq!(divide(std::iter::empty()).nodes().len(), 0);
    }
}
