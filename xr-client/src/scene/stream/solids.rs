//! What of the tiles that are there a head bumps against: the finest of each place, seen or not.
//!
//! It must not know whose head it is. It takes no memory.

use super::forest::State;
use super::{Model, Stream};
use glam::Vec3;

/// A way and what is known of it.
struct Way {
    from: Vec3,
    to: Vec3,
    /// How far its end is behind a surface, metres; none while nothing solid is around it.
    depth: Option<f32>,
}

impl Stream {
    /// Heads bump against the tiles that are loaded from now on.
    pub fn be_solid(&mut self) {
        self.loader.be_solid();
    }

    /// How far a way goes on behind the first surface, metres: far negative where there is none. None if nothing solid is
    /// known around it.
    pub fn depth(&self, from: Vec3, to: Vec3) -> Option<f32> {
        let mut way = Way { from, to, depth: None };
        for root in &self.forest.roots {
            self.feel(*root, &mut way);
        }
        way.depth
    }

    fn feel(&self, at: u32, way: &mut Way) {
        let node = &self.forest.nodes[at as usize];
        let (low, high) = (way.from.min(way.to), way.from.max(way.to));
        let is_near = node.bounds.min.cmple(high).all() && node.bounds.max.cmpge(low).all();
        if !is_near {
            return;
        }
        let mut children = self.forest.children(at);
        let has_children = node.first_child != super::forest::NONE;
        if has_children && children.all(|child| self.forest.state(child) == State::Ready) {
            for child in self.forest.children(at) {
                self.feel(child, way);
            }
        } else if let Some(Some(Model { solid: Some(solid), .. })) = self.models.get(node.slot as usize) {
            let depth = solid.depth(way.from, way.to).unwrap_or(f32::NEG_INFINITY);
            way.depth = Some(way.depth.unwrap_or(f32::NEG_INFINITY).max(depth));
        }
    }
}
