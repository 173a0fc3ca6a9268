//! Which tiles are shown, and which are wanted: a walk down the hierarchy in each frame.
//!
//! A tile is replaced by its children when its error is seen (in pixels, by distance) and all of them are there: there
//! is never a hole. The replacement takes a moment in which both share the pixels between them; one family on the way
//! from the root to a leaf is in such a moment at most, so that the shares always add up. What is not in view changes
//! at once. It allocates nothing once its lists have grown.
//!
//! It must not know the GPU, files or the network.

use super::forest::{Forest, State};
use glam::Vec3;
use venue_model::Bounds;
use wgpu_renderer::{Cover, Frustum};

/// How long a replacement takes, seconds.
const CROSS_FADE_SECS: f32 = 0.3;

/// A tile that is refined stays so until its error is so much smaller than the one that is seen.
const HYSTERESIS: f32 = 0.75;

/// The nearest that errors are judged at, metres: one's nose does not ask for endless detail.
const NEAREST: f32 = 0.3;

/// Most tiles that are wanted at a time.
pub(super) const MAX_WANTED: usize = 24;

/// Tiles that are shown at a time, before the list of them asks for memory.
const EXPECTED_SHOWN: usize = 512;

/// How much less tiles out of view are wanted.
const OUT_OF_VIEW: f32 = 0.05;

/// Roots come before everything else.
const ROOT_PRIORITY: f32 = 1e9;

/// From where the venue is seen.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'a> {
    /// The eye, or the middle between two.
    pub eye: Vec3,
    /// Which way it looks; unit length.
    pub ahead: Vec3,
    /// What each view sees.
    pub frusta: &'a [Frustum],
    /// Pixels for each radian at the picture's middle.
    pub pixels_per_radian: f32,
}

impl Viewer<'_> {
    fn may_see(&self, bounds: &Bounds) -> bool {
        self.frusta.iter().any(|frustum| frustum.may_see_box(bounds.min, bounds.max))
    }

    /// How many pixels an error of one metre takes at most, somewhere in the box.
    fn pixels_per_metre(&self, bounds: &Bounds) -> f32 {
        let nearest = self.eye.clamp(bounds.min, bounds.max);
        self.pixels_per_radian / self.eye.distance(nearest).max(NEAREST)
    }

    /// 1 in the middle of the view, less towards its edges and behind.
    fn gaze(&self, bounds: &Bounds) -> f32 {
        let nearest = self.eye.clamp(bounds.min, bounds.max);
        let middle = (bounds.min + bounds.max) * 0.5;
        // A box that one stands in is everywhere.
        let way = if nearest == self.eye { self.ahead } else { (middle - self.eye).normalize_or_zero() };
        0.25 + 0.75 * way.dot(self.ahead).max(0.0).powi(2)
    }
}

/// A tile that is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shown {
    pub(super) slot: u32,
    pub(super) cover: Cover,
}

/// A content that is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Want {
    pub(super) slot: u32,
    pub(super) priority: f32,
}

/// What a frame shows and wants. Keeps its memory between frames.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) shown: Vec<Shown>,
    /// The most wanted first, at most [`MAX_WANTED`].
    pub(super) wanted: Vec<Want>,
    /// Whether something is between two levels.
    pub(super) is_fading: bool,
    frame: u64,
}

impl Default for Selection {
    fn default() -> Self {
        let wanted = Vec::with_capacity(MAX_WANTED + 1);
        Self { shown: Vec::with_capacity(EXPECTED_SHOWN), wanted, is_fading: false, frame: 0 }
    }
}

/// How strictly tiles are judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judgement {
    /// An error of so many pixels is not seen.
    pub(super) pixels: f32,
    /// Time of the last frame, seconds.
    pub(super) dt: f32,
    /// Time in all, seconds.
    pub(super) now: f64,
}

/// One walk.
struct Walk<'a> {
    forest: &'a mut Forest,
    selection: &'a mut Selection,
    viewer: &'a Viewer<'a>,
    judgement: Judgement,
}

impl Selection {
    /// The number of the frame that was selected last.
    pub(super) fn frame(&self) -> u64 {
        self.frame
    }

    /// Walks over the tiles.
    pub(super) fn select(&mut self, forest: &mut Forest, viewer: &Viewer<'_>, judgement: Judgement) {
        self.shown.clear();
        self.wanted.clear();
        self.is_fading = false;
        self.frame += 1;
        let mut walk = Walk { forest, selection: self, viewer, judgement };
        for at in 0..walk.forest.roots.len() {
            let root = walk.forest.roots[at];
            walk.visit_root(root);
        }
    }
}

impl Walk<'_> {
    fn visit_root(&mut self, root: u32) {
        let node = &self.forest.nodes[root as usize];
        let in_view = self.viewer.may_see(&node.bounds);
        if self.forest.state(root) != State::Ready {
            // Near rooms before far ones, seen ones before others; in other rooms what is looked at.
            let near = self.viewer.pixels_per_metre(&node.bounds) * self.viewer.gaze(&node.bounds);
            let seen = if in_view { 1.0 } else { 0.5 };
            let priority = ROOT_PRIORITY / node.leniency * seen + near.min(1e6);
            self.forest.nodes[root as usize].appeared = 0.0;
            self.want(root, priority);
            return;
        }
        let appeared = &mut self.forest.nodes[root as usize].appeared;
        *appeared = if in_view { (*appeared + self.judgement.dt / CROSS_FADE_SECS).min(1.0) } else { 1.0 };
        let cover = if *appeared < 1.0 { Cover::appearing(*appeared) } else { Cover::WHOLE };
        self.visit(root, cover, in_view, false);
    }

    /// Shows a tile that is there, or its children in its place.
    fn visit(&mut self, at: u32, cover: Cover, in_view: bool, must_collapse: bool) {
        if in_view || self.forest.is_near(at) {
            self.mark(at);
        }
        let is_settled = cover.is_whole();
        self.selection.is_fading |= !is_settled && in_view;
        if !in_view {
            // What lies below is kept as it is, or goes when room is needed.
            return;
        }
        let refined = self.advance(at, is_settled, must_collapse);
        if refined <= 0.0 {
            self.show(at, cover);
        } else if refined >= 1.0 {
            let must_collapse = must_collapse || !self.wants_children(at);
            self.visit_children(at, cover, must_collapse);
        } else {
            self.selection.is_fading = true;
            self.show(at, Cover::vanishing(refined));
            self.visit_children(at, Cover::appearing(refined), true);
        }
    }

    fn visit_children(&mut self, parent: u32, cover: Cover, must_collapse: bool) {
        let mut next = self.forest.nodes[parent as usize].first_child;
        while next != super::forest::NONE {
            let node = &self.forest.nodes[next as usize];
            let (in_view, sibling) = (self.viewer.may_see(&node.bounds), node.next_sibling);
            if !in_view && must_collapse {
                self.forest.nodes[next as usize].refined = 0.0;
            }
            self.visit(next, cover, in_view, must_collapse);
            next = sibling;
        }
    }

    /// Moves a tile on between itself and its children; how far it is.
    fn advance(&mut self, at: u32, is_settled: bool, must_collapse: bool) -> f32 {
        let has_children = self.forest.nodes[at as usize].first_child != super::forest::NONE;
        if !has_children {
            return 0.0;
        }
        let wants = !must_collapse && self.wants_children(at);
        if wants {
            self.want_children(at);
        }
        let are_ready = self.forest.children(at).all(|child| self.forest.state(child) == State::Ready);
        let were = self.forest.nodes[at as usize].refined;
        let step = self.judgement.dt / CROSS_FADE_SECS;
        let is = if !are_ready || !is_settled {
            // A child went while it was not in view; or the parent shares its pixels with this tile alone.
            0.0
        } else if wants {
            if were <= 0.0 {
                self.close_below(at);
            }
            (were + step).min(1.0)
        } else if were >= 1.0 && self.forest.children(at).any(|child| self.is_open(child)) {
            // What is below closes first.
            1.0
        } else {
            (were - step).max(0.0)
        };
        self.forest.nodes[at as usize].refined = is;
        if is > 0.0 {
            self.mark_children(at);
        }
        is
    }

    /// Whether a tile's children take a part in the picture.
    fn is_open(&self, at: u32) -> bool {
        let node = &self.forest.nodes[at as usize];
        node.refined > 0.0 && self.viewer.may_see(&node.bounds)
    }

    /// Children that take their parent's place begin as what they are.
    fn close_below(&mut self, parent: u32) {
        let mut next = self.forest.nodes[parent as usize].first_child;
        while next != super::forest::NONE {
            let node = &mut self.forest.nodes[next as usize];
            node.refined = 0.0;
            next = node.next_sibling;
        }
    }

    /// Whether a tile's error would be seen.
    fn wants_children(&self, at: u32) -> bool {
        let node = &self.forest.nodes[at as usize];
        let allowed = if node.refined > 0.0 { HYSTERESIS } else { 1.0 };
        self.seen_error(at) > allowed
    }

    /// A tile's error in parts of the one that may be seen.
    fn seen_error(&self, at: u32) -> f32 {
        let node = &self.forest.nodes[at as usize];
        let pixels = node.geometric_error * self.viewer.pixels_per_metre(&node.bounds);
        pixels / (self.judgement.pixels * node.leniency)
    }

    fn want_children(&mut self, parent: u32) {
        let error = self.seen_error(parent).min(1e4);
        let mut next = self.forest.nodes[parent as usize].first_child;
        while next != super::forest::NONE {
            let node = &self.forest.nodes[next as usize];
            let sibling = node.next_sibling;
            let view = if self.viewer.may_see(&node.bounds) { 1.0 } else { OUT_OF_VIEW };
            let priority = error * view * self.viewer.gaze(&node.bounds);
            self.want(next, priority);
            next = sibling;
        }
    }

    fn mark(&mut self, at: u32) {
        let slot = self.forest.nodes[at as usize].slot;
        self.forest.slots[slot as usize].used = self.selection.frame;
    }

    fn mark_children(&mut self, parent: u32) {
        let mut next = self.forest.nodes[parent as usize].first_child;
        while next != super::forest::NONE {
            self.mark(next);
            next = self.forest.nodes[next as usize].next_sibling;
        }
    }

    fn show(&mut self, at: u32, cover: Cover) {
        self.selection.shown.push(Shown { slot: self.forest.nodes[at as usize].slot, cover });
    }

    /// Puts a content among the wanted ones, if it may be asked for and is among the most wanted.
    fn want(&mut self, at: u32, priority: f32) {
        self.mark(at);
        let slot = self.forest.nodes[at as usize].slot;
        match self.forest.slots[slot as usize].state {
            State::Absent => {}
            State::Resting(until) if until <= self.judgement.now => {}
            _ => return,
        }
        let wanted = &mut self.selection.wanted;
        if let Some(known) = wanted.iter().position(|want| want.slot == slot) {
            if wanted[known].priority >= priority {
                return;
            }
            wanted.remove(known);
        }
        let place = wanted.partition_point(|want| want.priority >= priority);
        if place < MAX_WANTED {
            wanted.truncate(MAX_WANTED - 1);
            wanted.insert(place, Want { slot, priority });
        }
    }
}
