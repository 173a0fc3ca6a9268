//! The venue's tiles on the GPU: which are shown, which are wanted, which may go.
//!
//! It must not know the network; it wants files, takes their bytes and gives draws.

mod budget;
mod forest;
mod probe;
mod select;
mod solids;
#[cfg(test)]
mod tests;

use super::light::{Lights, Setting};
use super::loader::{Loaded, Loader};
use super::solid::Solid;
use super::upload::Uploaded;
use budget::{Budget, NO_ROOM_SECS};
use bytes::Bytes;
use forest::{Forest, State};
pub use probe::Probe;
pub use select::Viewer;
use select::{Judgement, Selection};
use std::collections::BTreeMap;
use venue_model::{FileHash, SpaceId};
use venue_package::Tileset;
use wgpu_renderer::{Draw, Gpu, Renderer, SurfelDraw, TexelFormat};

/// How long a tile that did not come is not asked for the first time, seconds; twice as long each further time.
const REST_SECS: f64 = 30.0;
const MOST_DOUBLINGS: u32 = 4;

/// How much coarser rooms may be that one looks into through a door, and those farther away.
const NEXT_ROOM: f32 = 2.5;
const FAR_ROOM: f32 = 8.0;

/// How finely tiles are shown, and how much may lie on the GPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detail {
    /// An error of so many pixels is not seen.
    pub pixels: f32,
    /// Bytes of meshes and pictures.
    pub gpu_bytes: u64,
}

impl Detail {
    /// So many times finer.
    pub fn times(self, factor: f32) -> Self {
        Self { pixels: self.pixels / factor, ..self }
    }

    /// For a device of this kind, in this quality. With eight pixels of error a pixel of the importer's pictures is
    /// about as large as one of the screen.
    pub fn of(gpu: &Gpu, quality: wgpu_renderer::Quality) -> Self {
        use wgpu_renderer::wgpu::DeviceType;
        let gpu_bytes: u64 = match gpu.adapter().get_info().device_type {
            // Software draws out of the machine's own memory.
            DeviceType::DiscreteGpu | DeviceType::Cpu => 2 << 30,
            _ => 1 << 30,
        };
        match quality {
            wgpu_renderer::Quality::Standard => Self { pixels: 8.0, gpu_bytes },
            wgpu_renderer::Quality::Low => Self { pixels: 20.0, gpu_bytes: gpu_bytes / 2 },
        }
    }
}

/// What streaming does, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StreamStats {
    /// Tiles of the venue, all levels.
    pub tiles: u32,
    /// Tiles that are drawn.
    pub shown: u32,
    /// Bytes on the GPU or on their way there.
    pub gpu_bytes: u64,
    /// Files that are wanted and not here.
    pub wanted: u32,
    /// Files that are decoded or uploaded.
    pub coming: u32,
    /// Tiles that went to make room, since the venue was opened.
    pub evicted: u32,
    /// How much coarser everything is than it should be, for want of room; 1 is not at all.
    pub strain: f32,
}

struct Model {
    uploaded: Uploaded,
    draws: Vec<Draw>,
    clouds: Vec<SurfelDraw>,
    solid: Option<Solid>,
}

/// All tiles of a venue.
pub struct Stream {
    loader: Loader,
    ready: Vec<Loaded>,
    forest: Forest,
    selection: Selection,
    budget: Budget,
    detail: Detail,
    /// What is on the GPU, by content: a place for each, so that nothing is asked for when a tile comes.
    models: Vec<Option<Model>>,
    /// Contents to be freed, a few in a frame.
    leaving: Vec<Model>,
    wanted: Vec<FileHash>,
    doors: BTreeMap<SpaceId, u32>,
    now: f64,
    evicted: u32,
    /// Whether the last look found nothing to wait for.
    is_settled: bool,
}

/// Contents that are freed in one frame.
const FREED_PER_FRAME: usize = 2;

impl Stream {
    /// No tiles.
    pub fn new(format: TexelFormat, detail: Detail) -> std::io::Result<Self> {
        Ok(Self {
            loader: Loader::start(format)?,
            ready: Vec::new(),
            forest: Forest::default(),
            selection: Selection::default(),
            budget: Budget::new(detail.gpu_bytes),
            detail,
            models: Vec::new(),
            leaving: Vec::new(),
            wanted: Vec::with_capacity(select::MAX_WANTED),
            doors: BTreeMap::new(),
            now: 0.0,
            evicted: 0,
            is_settled: false,
        })
    }

    /// Another venue: everything goes. Its tiles follow.
    pub fn clear(&mut self, setting: Setting, renderer: &mut Renderer) {
        self.loader.restart(setting, renderer);
        self.forest = Forest::default();
        self.selection = Selection::default();
        self.budget.clear();
        self.wanted.clear();
        self.evicted = 0;
        self.is_settled = false;
        let shown = std::mem::take(&mut self.models).into_iter().flatten();
        for model in shown.chain(self.leaving.drain(..)) {
            model.uploaded.remove(renderer);
        }
    }

    /// The venue's tiles are known.
    pub fn open(&mut self, tileset: &Tileset) {
        self.forest = Forest::new(tileset);
        self.models.resize_with(self.forest.slots.len(), || None);
        self.is_settled = false;
        self.judge_rooms();
    }

    /// The viewer's space and how many doors away the others are.
    pub fn set_doors(&mut self, doors: BTreeMap<SpaceId, u32>) {
        self.doors = doors;
        self.judge_rooms();
    }

    fn judge_rooms(&mut self) {
        let doors = &self.doors;
        self.forest.set_leniency(|space| match space.map(|space| doors.get(&space)) {
            None | Some(Some(0)) => 1.0,
            Some(Some(1)) => NEXT_ROOM,
            Some(_) => FAR_ROOM,
        });
    }

    /// Shows more or less detail from now on.
    pub fn set_detail(&mut self, detail: Detail) {
        self.detail = detail;
        self.budget.set_most(detail.gpu_bytes);
    }

    /// A tile's bytes came.
    pub fn load(&mut self, file: FileHash, bytes: Bytes) {
        let Some(slot) = self.forest.slot_of(file) else { return };
        let slot = &mut self.forest.slots[slot as usize];
        if matches!(slot.state, State::Absent | State::Resting(_)) {
            slot.state = State::Coming;
            self.loader.load(file, bytes, slot.is_root);
        }
    }

    /// A tile does not come now.
    pub fn handle_failed(&mut self, file: FileHash) {
        let Some(slot) = self.forest.slot_of(file) else { return };
        let slot = &mut self.forest.slots[slot as usize];
        if !matches!(slot.state, State::Absent | State::Resting(_)) {
            return;
        }
        let pause = REST_SECS * f64::from(1_u32 << slot.failures.min(MOST_DOUBLINGS));
        slot.failures += 1;
        slot.state = State::Resting(self.now + pause);
    }

    /// The light where people stand.
    pub fn lights(&self) -> &Lights {
        self.loader.lights()
    }

    /// Whether everything that the last view asks for is drawn.
    pub fn is_settled(&self) -> bool {
        self.is_settled && self.loader.is_idle()
    }

    /// Uploads what fits into this frame; gives what can't be shown: file and reason.
    pub fn advance(&mut self, gpu: &Gpu, renderer: &mut Renderer) -> Vec<(FileHash, String)> {
        // An empty vector does not allocate, so that a frame without news costs nothing.
        let mut broken = Vec::new();
        self.loader.advance_light();
        for _ in 0..FREED_PER_FRAME {
            if let Some(model) = self.leaving.pop() {
                model.uploaded.remove(renderer);
            }
        }
        if self.loader.is_idle() {
            return broken;
        }
        let Self { loader, ready, forest, budget, models, leaving, evicted, selection, now, .. } = self;
        let frame = selection.frame();
        loader.advance(gpu, renderer, ready, |file, bytes| {
            let Some(slot) = forest.slot_of(file) else { return false };
            let is_admitted = budget.admit(forest, slot, bytes, frame, |old| {
                leaving.extend(models.get_mut(old as usize).and_then(Option::take));
                *evicted += 1;
            });
            if !is_admitted {
                forest.slots[slot as usize].state = State::Resting(*now + NO_ROOM_SECS);
            }
            is_admitted
        });
        let mut ready = std::mem::take(&mut self.ready);
        for loaded in ready.drain(..) {
            match loaded {
                Loaded::Model { file, mut model, mut uploaded } => {
                    let Some(slot) = self.forest.slot_of(file) else { continue };
                    let (draws, clouds) = uploaded.draws(model.document());
                    let solid = model.take_solid();
                    self.loader.discard(model);
                    self.forest.slots[slot as usize].state = State::Ready;
                    self.models[slot as usize] = Some(Model { uploaded, draws, clouds, solid });
                }
                Loaded::Broken { file, detail } => {
                    if let Some(slot) = self.forest.slot_of(file) {
                        self.budget.release(&mut self.forest, slot);
                        self.forest.slots[slot as usize].state = State::Broken;
                    }
                    broken.push((file, detail));
                }
            }
        }
        self.ready = ready;
        broken
    }

    /// Chooses what is shown and wanted from here, and appends the draws.
    pub fn select(
        &mut self,
        viewer: &Viewer<'_>,
        dt: f32,
        draws: &mut Vec<Draw>,
        clouds: &mut Vec<SurfelDraw>,
    ) {
        self.look(viewer, dt);
        for shown in &self.selection.shown {
            let Some(Some(model)) = self.models.get(shown.slot as usize) else { continue };
            draws.extend(model.draws.iter().map(|draw| Draw { cover: shown.cover, ..*draw }));
            clouds.extend(model.clouds.iter().map(|cloud| SurfelDraw { cover: shown.cover, ..*cloud }));
        }
    }

    fn look(&mut self, viewer: &Viewer<'_>, dt: f32) {
        self.now += f64::from(dt);
        let pixels = self.detail.pixels * self.budget.strain();
        self.selection.select(&mut self.forest, viewer, Judgement { pixels, dt, now: self.now });
        self.budget.trim(&self.forest, &mut self.selection);
        self.wanted.clear();
        let slots = &self.forest.slots;
        self.wanted.extend(self.selection.wanted.iter().map(|want| slots[want.slot as usize].file));
        self.is_settled = self.wanted.is_empty() && !self.selection.is_fading && !slots.is_empty();
    }

    /// The files that are wanted, the most wanted first.
    pub fn wanted(&self) -> &[FileHash] {
        &self.wanted
    }

    /// What streaming does now.
    pub fn stats(&self) -> StreamStats {
        StreamStats {
            tiles: self.forest.nodes.len() as u32,
            shown: self.selection.shown.len() as u32,
            gpu_bytes: self.budget.resident(),
            wanted: self.wanted.len() as u32,
            coming: self.loader.open_count() as u32,
            evicted: self.evicted,
            strain: self.budget.strain(),
        }
    }
}
