//! What the selection promises: no holes, finer when nearer, within the budget, what is seen first.

use super::budget::Budget;
use super::forest::{Forest, State};
use super::select::{Judgement, MAX_WANTED, Selection, Shown, Viewer};
use glam::{Mat4, Vec3, camera};
use proptest::prelude::*;
use venue_model::{Bounds, FileHash, SpaceId};
use venue_package::{Tile, Tileset};
use wgpu_renderer::{Frustum, reverse_z_perspective};

const SPACE: SpaceId = SpaceId(1);

/// A floor of `side` metres, cut into quarters over `levels` levels below the first; errors halve.
fn quartered(side: f32, levels: u32, error: f32) -> Tileset {
    let mut tiles = Vec::new();
    let bounds = Bounds { min: Vec3::new(-side, 0.0, -side) * 0.5, max: Vec3::new(side, 0.2, side) * 0.5 };
    push(&mut tiles, bounds, levels, error, None);
    Tileset { tiles }
}

fn push(tiles: &mut Vec<Tile>, bounds: Bounds, levels: u32, error: f32, parent: Option<u32>) {
    let at = tiles.len() as u32;
    let mut content = [0; 32];
    content[..4].copy_from_slice(&at.to_le_bytes());
    let geometric_error = if levels == 0 { 0.0 } else { error };
    tiles.push(Tile { bounds, geometric_error, content: FileHash(content), space: Some(SPACE), parent });
    if levels == 0 {
        return;
    }
    let middle = (bounds.min + bounds.max) * 0.5;
    for (x, z) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let mut part = bounds;
        *(if x == 0 { &mut part.max.x } else { &mut part.min.x }) = middle.x;
        *(if z == 0 { &mut part.max.z } else { &mut part.min.z }) = middle.z;
        push(tiles, part, levels - 1, error * 0.5, Some(at));
    }
}

struct Eye {
    position: Vec3,
    ahead: Vec3,
    frusta: [Frustum; 1],
}

impl Eye {
    fn at(position: Vec3, ahead: Vec3) -> Self {
        let ahead = ahead.normalize();
        let view: Mat4 = camera::rh::view::look_to_mat4(position, ahead, Vec3::Y);
        let frusta = [Frustum::of(&(reverse_z_perspective(1.0, 1.6, 0.05) * view))];
        Self { position, ahead, frusta }
    }

    fn viewer(&self) -> Viewer<'_> {
        let (eye, ahead) = (self.position, self.ahead);
        Viewer { eye, ahead, frusta: &self.frusta, pixels_per_radian: 1_000.0 }
    }
}

/// A stream without a GPU: files come as often as they are asked for.
struct Stand {
    tileset: Tileset,
    forest: Forest,
    selection: Selection,
    budget: Budget,
    now: f64,
    /// In the order of coming.
    came: Vec<u32>,
    evicted: Vec<u32>,
}

const TILE_BYTES: u64 = 1_000;

impl Stand {
    fn new(tileset: Tileset, most_bytes: u64) -> Self {
        let forest = Forest::new(&tileset);
        let (selection, budget) = (Selection::default(), Budget::new(most_bytes));
        Self { tileset, forest, selection, budget, now: 0.0, came: Vec::new(), evicted: Vec::new() }
    }

    fn look(&mut self, eye: &Eye, dt: f32) {
        self.now += f64::from(dt);
        let judgement = Judgement { pixels: 2.0 * self.budget.strain(), dt, now: self.now };
        self.selection.select(&mut self.forest, &eye.viewer(), judgement);
        self.budget.trim(&self.forest, &mut self.selection);
    }

    /// Lets the `count` most wanted files come.
    fn bring(&mut self, count: usize) {
        let frame = self.selection.frame();
        for want in self.selection.wanted.iter().take(count) {
            self.forest.slots[want.slot as usize].state = State::Coming;
            let evicted = &mut self.evicted;
            let is_admitted =
                self.budget.admit(&mut self.forest, want.slot, TILE_BYTES, frame, |old| evicted.push(old));
            self.forest.slots[want.slot as usize].state =
                if is_admitted { State::Ready } else { State::Resting(self.now + 2.0) };
            self.came.extend(is_admitted.then_some(want.slot));
        }
    }

    fn settle(&mut self, eye: &Eye) {
        for _ in 0..2_000 {
            self.look(eye, 0.05);
            self.bring(4);
            self.check_no_hole(eye);
        }
    }

    fn depth(&self, mut tile: u32) -> u32 {
        let mut depth = 0;
        while let Some(parent) = self.tileset.tiles[tile as usize].parent {
            (tile, depth) = (parent, depth + 1);
        }
        depth
    }

    /// Each point of the floor in view is drawn with every number of the pattern, once.
    fn check_no_hole(&self, eye: &Eye) {
        let leaves =
            (0..self.tileset.tiles.len() as u32).filter(|at| self.forest.children(*at).next().is_none());
        for leaf in leaves {
            if !eye.viewer().frusta[0].may_see_box(
                self.tileset.tiles[leaf as usize].bounds.min,
                self.tileset.tiles[leaf as usize].bounds.max,
            ) {
                continue;
            }
            let mut line = vec![leaf];
            while let Some(parent) = self.tileset.tiles[line[line.len() - 1] as usize].parent {
                line.push(parent);
            }
            let over = self.selection.shown.iter().filter(|shown| line.contains(&shown.slot));
            let mut covers: Vec<(f32, f32)> = over.map(|shown| (shown.cover.from, shown.cover.to)).collect();
            covers.sort_by(|a, b| a.0.total_cmp(&b.0));
            let root = &self.forest.nodes[line[line.len() - 1] as usize];
            let wanted =
                if self.forest.state(line[line.len() - 1]) == State::Ready { root.appeared } else { 0.0 };
            let mut end = 0.0;
            for (from, to) in covers {
                assert_eq!(from, end, "{:?}", self.selection.shown);
                end = to;
            }
            assert_eq!(end, wanted, "above leaf {leaf}: {:?}", self.selection.shown);
        }
    }

    /// The finest level that is shown where somebody would stand.
    fn finest(&self) -> u32 {
        self.selection.shown.iter().map(|shown| self.depth(shown.slot)).max().unwrap_or(0)
    }
}

const ALL: u64 = u64::MAX / 2;

#[test]
fn from_near_it_is_finer_than_from_afar_and_each_step_closer_is_never_coarser() {
    let mut last = 0;
    for distance in [400.0, 150.0, 60.0, 25.0, 10.0, 3.0] {
        let mut stand = Stand::new(quartered(16.0, 4, 0.4), ALL);
        let eye = Eye::at(Vec3::new(0.0, 1.7, 8.0 + distance), Vec3::new(0.0, -0.05, -1.0));
        stand.settle(&eye);
        let finest = stand.finest();
        assert!(finest >= last, "{distance} m: {finest} after {last}");
        assert!(!stand.selection.is_fading && stand.selection.wanted.is_empty(), "{distance} m");
        last = finest;
    }
    assert_eq!(last, 4);
    let mut stand = Stand::new(quartered(16.0, 4, 0.4), ALL);
    stand.settle(&Eye::at(Vec3::new(0.0, 1.7, 400.0), Vec3::NEG_Z));
    assert_eq!(stand.finest(), 0, "from 400 m the first level is enough");
}

#[test]
fn there_is_never_a_hole_while_files_come_and_while_one_walks_and_turns() {
    let mut stand = Stand::new(quartered(40.0, 4, 0.8), 60 * TILE_BYTES);
    for step in 0..1_500 {
        let turn = step as f32 * 0.01;
        let position = Vec3::new((step as f32 * 0.013).sin() * 15.0, 1.7, (step as f32 * 0.007).cos() * 15.0);
        let eye = Eye::at(position, Vec3::new(turn.sin(), -0.2, turn.cos()));
        stand.look(&eye, 0.03);
        stand.check_no_hole(&eye);
        stand.bring(step % 3);
    }
    assert!(stand.evicted.len() > 20, "only {} went", stand.evicted.len());
}

#[test]
fn parents_come_before_children_and_what_is_looked_at_before_what_is_not() {
    let mut stand = Stand::new(quartered(40.0, 3, 0.8), ALL);
    let eye = Eye::at(Vec3::new(0.0, 1.7, 0.0), Vec3::new(0.0, -0.1, -1.0));
    for _ in 0..200 {
        stand.look(&eye, 0.05);
        stand.bring(1);
    }
    for (at, tile) in stand.came.iter().enumerate() {
        let parent = stand.tileset.tiles[*tile as usize].parent;
        assert!(
            parent.is_none_or(|parent| stand.came[..at].contains(&parent)),
            "{tile} came before its parent"
        );
    }
    let firsts: Vec<Vec3> = stand.came[1..3]
        .iter()
        .map(|tile| stand.tileset.tiles[*tile as usize].bounds)
        .map(|bounds| (bounds.min + bounds.max) * 0.5)
        .collect();
    assert!(firsts.iter().all(|middle| middle.z < 0.0), "{firsts:?} lie ahead");
}

#[test]
fn the_budget_holds_what_was_not_needed_for_longest_goes_first_and_detail_gives_way() {
    let mut stand = Stand::new(quartered(40.0, 4, 0.8), 30 * TILE_BYTES);
    let ahead = Eye::at(Vec3::new(0.0, 1.7, 0.0), Vec3::new(0.0, -0.2, -1.0));
    stand.settle(&ahead);
    assert!(stand.budget.resident() <= 30 * TILE_BYTES, "{}", stand.budget.resident());
    assert!(stand.budget.strain() > 1.0, "there is not enough room for all that would be seen");
    let unbound = {
        let mut stand = Stand::new(quartered(40.0, 4, 0.8), ALL);
        stand.settle(&ahead);
        assert_eq!(stand.budget.strain(), 1.0);
        stand.budget.resident()
    };
    assert!(unbound > 30 * TILE_BYTES);
    let shown: Vec<u32> = stand.selection.shown.iter().map(|shown| shown.slot).collect();
    assert!(shown.iter().all(|slot| !stand.evicted.contains(slot) || stand.came.contains(slot)));
    // Turned round, what was ahead goes for what is behind.
    let gone = stand.evicted.len();
    stand.settle(&Eye::at(Vec3::new(0.0, 1.7, 0.0), Vec3::new(0.0, -0.2, 1.0)));
    assert!(stand.evicted.len() > gone);
    assert!(stand.budget.resident() <= 30 * TILE_BYTES);
    let ready = |slot: &u32| stand.forest.slots[*slot as usize].state == State::Ready;
    assert_eq!(
        (0..stand.forest.slots.len() as u32).filter(ready).count() as u64 * TILE_BYTES,
        stand.budget.resident()
    );
}

#[test]
fn the_least_recently_needed_goes_first() {
    let tileset = quartered(16.0, 1, 0.4);
    let mut stand = Stand::new(tileset, 5 * TILE_BYTES);
    stand.settle(&Eye::at(Vec3::new(0.0, 1.7, 9.0), Vec3::new(0.0, -0.2, -1.0)));
    assert_eq!(stand.came.len(), 5);
    let frame = stand.selection.frame();
    for (slot, age) in [(1, 3), (2, 9), (3, 5), (4, 7)] {
        stand.forest.slots[slot].used = frame - age;
    }
    stand.forest.slots[0].used = frame - 20;
    let mut gone = Vec::new();
    // A sixth content, as if it were another venue's root.
    stand.forest.slots.push(stand.forest.slots[4].clone());
    let new = stand.forest.slots.len() as u32 - 1;
    stand.forest.slots[new as usize].nodes.clear();
    assert!(stand.budget.admit(&mut stand.forest, new, 2 * TILE_BYTES, frame, |old| gone.push(old)));
    assert_eq!(gone, [2, 4], "children before their parent, the oldest first");
}

#[test]
fn a_child_that_does_not_come_leaves_its_parent_and_is_asked_for_again_later() {
    let mut stand = Stand::new(quartered(16.0, 1, 0.4), ALL);
    let eye = Eye::at(Vec3::new(0.0, 1.7, 9.0), Vec3::new(0.0, -0.2, -1.0));
    for _ in 0..40 {
        stand.look(&eye, 0.05);
        if stand.selection.wanted.first().is_some_and(|want| want.slot == 3) {
            stand.forest.slots[3].state = State::Resting(stand.now + 30.0);
        } else {
            stand.bring(1);
        }
    }
    assert_eq!(stand.selection.shown.iter().map(|s| s.slot).collect::<Vec<_>>(), [0]);
    assert!(stand.selection.wanted.is_empty(), "it rests");
    stand.now += 30.0;
    stand.settle(&eye);
    assert!(stand.selection.shown.iter().all(|shown| shown.slot != 0), "{:?}", stand.selection.shown);
}

#[test]
fn rooms_behind_doors_are_coarser() {
    let mut tileset = quartered(16.0, 3, 0.4);
    let first = tileset.tiles.len();
    let beside = quartered(16.0, 3, 0.4).tiles;
    tileset.tiles.extend(beside.into_iter().map(|tile| {
        let mut content = tile.content;
        content.0[31] = 1;
        let shift = Vec3::new(0.0, 0.0, -20.0);
        let bounds = Bounds { min: tile.bounds.min + shift, max: tile.bounds.max + shift };
        let parent = tile.parent.map(|parent| parent + first as u32);
        Tile { bounds, content, parent, space: Some(SpaceId(2)), ..tile }
    }));
    let mut stand = Stand::new(tileset, ALL);
    // From the other end of the own room, through the door.
    let eye = Eye::at(Vec3::new(0.0, 1.7, 6.0), Vec3::new(0.0, -0.1, -1.0));
    stand.settle(&eye);
    let finest = |stand: &Stand| {
        let is_beside = |shown: &&Shown| stand.tileset.tiles[shown.slot as usize].space == Some(SpaceId(2));
        let beside = stand.selection.shown.iter().filter(is_beside);
        beside
            .map(|shown| stand.tileset.tiles[shown.slot as usize].geometric_error)
            .fold(f32::INFINITY, f32::min)
    };
    let even = finest(&stand);
    let mut strict = Stand::new(stand.tileset.clone(), ALL);
    strict.forest.set_leniency(|space| if space == Some(SpaceId(2)) { 8.0 } else { 1.0 });
    strict.settle(&eye);
    assert!(finest(&strict) > even, "{} instead of {even}", finest(&strict));
}

#[test]
fn near_rooms_are_always_there_at_their_coarsest_and_far_ones_if_there_is_room() {
    let room = |number: u16| {
        let mut tile = quartered(4.0, 0, 0.0).tiles[0];
        tile.content.0[31] = number as u8;
        Tile { space: Some(SpaceId(number)), ..tile }
    };
    let mut stand = Stand::new(Tileset { tiles: (1..=6).map(room).collect() }, 2 * TILE_BYTES);
    stand.forest.set_leniency(|space| if space.is_some_and(|space| space.0 > 3) { 8.0 } else { 1.0 });
    let eye = Eye::at(Vec3::new(0.0, 1.7, 0.0), Vec3::NEG_Z);
    for _ in 0..200 {
        stand.look(&eye, 0.05);
        stand.bring(4);
    }
    let mut came = stand.came.clone();
    came.sort_unstable();
    assert_eq!(came, [0, 1, 2], "three near rooms, more than the budget; no far one");
}

#[test]
fn nothing_out_of_view_is_drawn_and_few_things_are_wanted_at_a_time() {
    let mut stand = Stand::new(quartered(200.0, 5, 3.0), ALL);
    let eye = Eye::at(Vec3::new(0.0, 1.7, 0.0), Vec3::new(0.0, -0.1, -1.0));
    for _ in 0..400 {
        stand.look(&eye, 0.05);
        assert!(stand.selection.wanted.len() <= MAX_WANTED);
        assert!(stand.selection.wanted.is_sorted_by(|a, b| a.priority >= b.priority));
        stand.bring(8);
    }
    let is_seen = |shown: &Shown| {
        let bounds = stand.tileset.tiles[shown.slot as usize].bounds;
        eye.frusta[0].may_see_box(bounds.min, bounds.max)
    };
    assert!(stand.selection.shown.iter().all(is_seen));
    assert!(stand.selection.shown.len() < stand.came.len());
}

#[test]
fn a_look_allocates_nothing_once_its_lists_have_grown() {
    let mut stand = Stand::new(quartered(80.0, 5, 2.0), ALL);
    let eye = Eye::at(Vec3::new(0.0, 1.7, 0.0), Vec3::new(0.0, -0.1, -1.0));
    stand.settle(&eye);
    let room = (stand.selection.shown.capacity(), stand.selection.wanted.capacity());
    for _ in 0..100 {
        stand.look(&eye, 0.05);
    }
    assert_eq!((stand.selection.shown.capacity(), stand.selection.wanted.capacity()), room);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_walk_makes_a_hole_or_breaks_the_budget(
        path in prop::collection::vec((-20.0_f32..20.0, -20.0_f32..20.0, 0.0_f32..6.3, 0_usize..6), 20..60),
        most in 8_u64..80,
    ) {
        let mut stand = Stand::new(quartered(40.0, 3, 0.8), most * TILE_BYTES);
        for (x, z, yaw, files) in path {
            let eye = Eye::at(Vec3::new(x, 1.7, z), Vec3::new(yaw.sin(), -0.2, yaw.cos()));
            for _ in 0..8 {
                stand.look(&eye, 0.06);
                stand.check_no_hole(&eye);
                stand.bring(files);
                prop_assert!(stand.budget.resident() <= most.max(1) * TILE_BYTES);
            }
        }
    }
}
