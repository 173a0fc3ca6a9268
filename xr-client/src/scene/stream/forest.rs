//! The hierarchy of a venue's tiles as the selection walks over it, and what is known of each tile's content.
//!
//! It must not know the GPU, files or the network.

use std::collections::{BTreeMap, BTreeSet};
use venue_model::{Bounds, FileHash, SpaceId};
use venue_package::Tileset;

/// From this leniency on a room is far: it is shown if there is room for it.
const FAR: f32 = 4.0;

/// No tile.
pub(super) const NONE: u32 = u32::MAX;

/// A tile.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) bounds: Bounds,
    pub(super) geometric_error: f32,
    pub(super) space: Option<SpaceId>,
    pub(super) first_child: u32,
    pub(super) next_sibling: u32,
    /// Its content.
    pub(super) slot: u32,
    /// How far its children have taken its place, 0 to 1.
    pub(super) refined: f32,
    /// Of a root: how far it has appeared, 0 to 1.
    pub(super) appeared: f32,
    /// How much coarser it may be than in the viewer's own space.
    pub(super) leniency: f32,
}

/// Where a content is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum State {
    /// Not on the GPU, nor on its way there.
    #[default]
    Absent,
    /// Its bytes came; it is decoded and uploaded.
    Coming,
    /// On the GPU.
    Ready,
    /// It did not come, or there was no room: not asked for before this time, seconds.
    Resting(f64),
    /// It can not be shown.
    Broken,
}

/// A content, which several tiles may share.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) file: FileHash,
    pub(super) state: State,
    /// On the GPU, as far as was seen.
    pub(super) bytes: Option<u64>,
    /// The last frame that needed it.
    pub(super) used: u64,
    /// How often it did not come.
    pub(super) failures: u32,
    pub(super) is_root: bool,
    /// Tiles that show it.
    pub(super) nodes: Vec<u32>,
}

/// All tiles of a venue.
#[derive(Debug, Default)]
pub(super) struct Forest {
    pub(super) nodes: Vec<Node>,
    pub(super) roots: Vec<u32>,
    pub(super) slots: Vec<Slot>,
    by_file: BTreeMap<FileHash, u32>,
}

impl Forest {
    pub(super) fn new(tileset: &Tileset) -> Self {
        let mut forest = Self::default();
        let mut last_child: Vec<u32> = Vec::with_capacity(tileset.tiles.len());
        for (at, tile) in tileset.tiles.iter().enumerate() {
            let at = at as u32;
            let slot = forest.slot_for(tile.content);
            forest.slots[slot as usize].nodes.push(at);
            forest.slots[slot as usize].is_root |= tile.parent.is_none();
            forest.nodes.push(Node {
                bounds: tile.bounds,
                geometric_error: tile.geometric_error,
                space: tile.space,
                first_child: NONE,
                next_sibling: NONE,
                slot,
                refined: 0.0,
                appeared: 0.0,
                leniency: 1.0,
            });
            last_child.push(NONE);
            match tile.parent.map(|parent| parent as usize) {
                None => forest.roots.push(at),
                Some(parent) => {
                    match last_child[parent] {
                        NONE => forest.nodes[parent].first_child = at,
                        older => forest.nodes[older as usize].next_sibling = at,
                    }
                    last_child[parent] = at;
                }
            }
        }
        forest
    }

    fn slot_for(&mut self, file: FileHash) -> u32 {
        let next = self.slots.len() as u32;
        let slot = *self.by_file.entry(file).or_insert(next);
        if slot == next {
            let state = State::Absent;
            let (bytes, used, failures) = (None, 0, 0);
            self.slots.push(Slot { file, state, bytes, used, failures, is_root: false, nodes: Vec::new() });
        }
        slot
    }

    /// The content of this file.
    pub(super) fn slot_of(&self, file: FileHash) -> Option<u32> {
        self.by_file.get(&file).copied()
    }

    /// The tiles right below one.
    pub(super) fn children(&self, parent: u32) -> impl Iterator<Item = u32> + '_ {
        let first = self.nodes[parent as usize].first_child;
        let next = |at: &u32| Some(self.nodes[*at as usize].next_sibling).filter(|next| *next != NONE);
        std::iter::successors(Some(first).filter(|first| *first != NONE), next)
    }

    pub(super) fn state(&self, node: u32) -> State {
        self.slots[self.nodes[node as usize].slot as usize].state
    }

    /// Whether no tile below those that show a content is on the GPU or on its way there: it may go.
    pub(super) fn is_lowest(&self, slot: u32) -> bool {
        let is_there = |node: u32| matches!(self.state(node), State::Ready | State::Coming);
        !self.slots[slot as usize].nodes.iter().any(|&node| self.children(node).any(is_there))
    }

    /// Whether a tile is of a room that is near: its coarsest level is always kept.
    pub(super) fn is_near(&self, node: u32) -> bool {
        self.nodes[node as usize].leniency < FAR
    }

    /// Whether a content is the coarsest level of a room that is near.
    pub(super) fn is_essential(&self, slot: u32) -> bool {
        let content = &self.slots[slot as usize];
        content.is_root && content.nodes.iter().any(|node| self.is_near(*node))
    }

    /// How much coarser each tile may be, by the number of doors to its space.
    pub(super) fn set_leniency(&mut self, leniency: impl Fn(Option<SpaceId>) -> f32) {
        let spaces: BTreeSet<Option<SpaceId>> = self.nodes.iter().map(|node| node.space).collect();
        let known: BTreeMap<_, _> = spaces.into_iter().map(|space| (space, leniency(space))).collect();
        for node in &mut self.nodes {
            node.leniency = known.get(&node.space).copied().unwrap_or(1.0);
        }
    }
}
