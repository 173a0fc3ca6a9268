//! The light where people stand: gathered once by a thread of its own when a venue's tiles come, asked for at each frame.
//!
//! It must not know bodies.

pub mod field;
mod gather;

use field::LightField;
pub use gather::{PICTURE_SIDE, SmallPicture, Source, Surroundings};
use glam::Vec3;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use wgpu_renderer::PlaceLight;

/// Tiles that may wait for the thread. Whoever decodes waits with more.
const MAX_WAITING: usize = 4;

/// A tile lights a space if more of it lies there.
const SHARE: f32 = 0.02;

/// Pictures have no lamp brighter than white, so that what they light is brighter than what is gathered from them.
const LAMPS: f32 = 1.9;

/// The spaces of a venue, and what is around it.
#[derive(Default)]
pub struct Setting {
    /// Which venue of this run.
    pub generation: u32,
    /// Lowest and highest corners.
    pub spaces: Vec<(Vec3, Vec3)>,
    /// Sky.
    pub around: Surroundings,
}

/// A tile for the thread.
pub struct LightJob {
    /// Where it belongs.
    pub setting: Arc<Setting>,
    /// The tile.
    pub source: Source,
}

struct Gathered {
    generation: u32,
    space: usize,
    field: LightField,
}

/// The light of the venue that is shown.
pub struct Lights {
    fields: Vec<Option<LightField>>,
    gathered: Receiver<Gathered>,
    generation: u32,
}

impl Lights {
    /// Starts the thread; tiles go into the sender.
    pub fn start() -> std::io::Result<(Self, SyncSender<LightJob>)> {
        let (jobs, inbox) = sync_channel(MAX_WAITING);
        let (outbox, gathered) = sync_channel(MAX_WAITING);
        std::thread::Builder::new().name("vev-light".into()).spawn(move || work(&inbox, &outbox))?;
        Ok((Self { fields: Vec::new(), gathered, generation: 0 }, jobs))
    }

    /// Another venue: nothing is known of it yet.
    pub fn open(&mut self, setting: &Setting) {
        self.generation = setting.generation;
        self.fields.clear();
        self.fields.resize_with(setting.spaces.len(), || None);
    }

    /// Takes what was gathered since the last frame.
    pub fn advance(&mut self) {
        while let Ok(gathered) = self.gathered.try_recv() {
            let wanted = gathered.generation == self.generation;
            if let Some(field) = self.fields.get_mut(gathered.space).filter(|_| wanted) {
                *field = Some(gathered.field);
            }
        }
    }

    /// The light for somebody who stands there; none as long as nothing is known.
    pub fn at(&self, feet: Vec3) -> Option<PlaceLight> {
        let arriving = self.fields.iter().flatten().find(|field| field.contains(feet))?.at(feet)?;
        let mut light = arriving.light();
        light.ambient *= LAMPS;
        light.light_color *= LAMPS;
        light.slopes = light.slopes.map(|slope| slope * LAMPS);
        Some(light)
    }
}

/// Keeps the tiles of a venue and looks around anew in the spaces where one came.
fn work(inbox: &Receiver<LightJob>, outbox: &SyncSender<Gathered>) {
    let mut generation = 0;
    let mut sources: Vec<Source> = Vec::new();
    while let Ok(LightJob { setting, source }) = inbox.recv() {
        if setting.generation != generation {
            generation = setting.generation;
            sources.clear();
        }
        sources.push(source);
        for (space, bounds) in setting.spaces.iter().enumerate() {
            let lights = |source: &&Source| source.share_within(*bounds) > SHARE;
            if sources.last().is_none_or(|new| !lights(&new)) {
                continue;
            }
            let here: Vec<&Source> = sources.iter().filter(lights).collect();
            let field = gather::gather(*bounds, &here, setting.around);
            if outbox.send(Gathered { generation, space, field }).is_err() {
                return;
            }
        }
    }
}
