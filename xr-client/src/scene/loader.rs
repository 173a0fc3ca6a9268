//! Tiles on their way to the GPU: decoded by a thread of their own, uploaded in pieces that fit into a frame.
//!
//! It must not know where tiles come from.

use super::light::{LightJob, Lights, Setting};
use super::model::{DecodedModel, Decoding, ModelError};
use super::upload::{Progress, Uploaded};
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use venue_model::FileHash;
use wgpu_renderer::{Gpu, RenderError, Renderer, TexelFormat};

/// Decoded models that may wait for the frame; each may hold many megabytes.
const MAX_DECODED: usize = 3;

/// Bytes that one frame uploads at most, plus one piece: copying them takes about half a millisecond.
const UPLOAD_BYTES_PER_FRAME: usize = 2 << 20;

/// How long a frame uploads at most, but for the piece that is under way then. What making room costs differs a hundredfold
/// from driver to driver, so bytes alone are no measure.
const UPLOAD_TIME_PER_FRAME: Duration = Duration::from_micros(700);

/// Files that may wait to be decoded before the list of them asks for memory.
const EXPECTED_FILES: usize = 128;

/// Models that may wait to be freed; a frame gives away a few at most.
const MAX_THROWN: usize = 64;

/// Most threads that decode.
const MAX_THREADS: usize = 3;

struct Job {
    setting: Arc<Setting>,
    file: FileHash,
    bytes: Bytes,
    decoding: Decoding,
}

struct Decoded {
    generation: u32,
    file: FileHash,
    model: Result<(Box<DecodedModel>, Uploaded), ModelError>,
}

/// A tile that is ready to be drawn, or why it never will be.
#[expect(
    clippy::large_enum_variant,
    reason = "a few are under way, and a box would ask for memory in a frame"
)]
pub enum Loaded {
    /// Its meshes are on the GPU.
    Model {
        /// Which file.
        file: FileHash,
        /// What was decoded; [`Loader::discard`] frees it.
        model: Box<DecodedModel>,
        /// What is on the GPU.
        uploaded: Uploaded,
    },
    /// It can't be shown.
    Broken {
        /// Which file.
        file: FileHash,
        /// Why.
        detail: String,
    },
}

/// The loader.
pub struct Loader {
    jobs: SyncSender<Job>,
    decoded: Receiver<Decoded>,
    waiting: VecDeque<Job>,
    current: Option<(FileHash, Box<DecodedModel>, Uploaded)>,
    /// Where decoded models end: to free many megabytes takes milliseconds, which a frame does not have.
    bin: SyncSender<Box<DecodedModel>>,
    setting: Arc<Setting>,
    lights: Lights,
    format: TexelFormat,
    /// Whether heads bump against what is decoded from now on.
    is_solid: bool,
    /// Files that were given and are not answered yet.
    open: usize,
}

impl Loader {
    /// Starts the threads; pictures in blocks are decoded to this format.
    pub fn start(format: TexelFormat) -> std::io::Result<Self> {
        let (jobs, inbox) = sync_channel::<Job>(MAX_DECODED);
        let (outbox, decoded) = sync_channel(MAX_DECODED);
        let (lights, light_jobs) = Lights::start()?;
        let inbox = Arc::new(Mutex::new(inbox));
        // One processor is the frame's, one the network's and the driver's.
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for _ in 0..processors.saturating_sub(2).clamp(1, MAX_THREADS) {
            let (inbox, outbox, lights) = (Arc::clone(&inbox), outbox.clone(), light_jobs.clone());
            let work = move || while decode_one(&inbox, &outbox, &lights) {};
            std::thread::Builder::new().name("vev-loader".into()).spawn(work)?;
        }
        let (bin, thrown) = sync_channel::<Box<DecodedModel>>(MAX_THROWN);
        std::thread::Builder::new()
            .name("vev-loader-bin".into())
            .spawn(move || thrown.iter().for_each(drop))?;
        let (waiting, current, setting) = (VecDeque::with_capacity(EXPECTED_FILES), None, Arc::default());
        Ok(Self { jobs, decoded, waiting, current, bin, setting, lights, format, is_solid: false, open: 0 })
    }

    /// Takes a file's bytes; some light figures.
    pub fn load(&mut self, file: FileHash, bytes: Bytes, gives_light: bool) {
        let decoding = Decoding { format: self.format, gives_light, is_solid: self.is_solid };
        self.waiting.push_back(Job { setting: Arc::clone(&self.setting), file, bytes, decoding });
        self.open += 1;
    }

    /// Heads bump against what is loaded from now on.
    pub fn be_solid(&mut self) {
        self.is_solid = true;
    }

    /// Forgets everything that is under way: another venue was opened.
    pub fn restart(&mut self, setting: Setting, renderer: &mut Renderer) {
        self.setting = Arc::new(Setting { generation: self.setting.generation + 1, ..setting });
        self.lights.open(&self.setting);
        self.open = 0;
        self.waiting.clear();
        if let Some((_, model, uploaded)) = self.current.take() {
            self.discard(model);
            uploaded.remove(renderer);
        }
    }

    /// Frees a model that was uploaded, elsewhere.
    pub fn discard(&self, model: Box<DecodedModel>) {
        // Without the thread, or where it is far behind, it is freed here.
        drop(self.bin.try_send(model));
    }

    /// The light where people stand.
    pub fn lights(&self) -> &Lights {
        &self.lights
    }

    /// Takes the light that was gathered.
    pub fn advance_light(&mut self) {
        self.lights.advance();
    }

    /// Whether nothing is under way.
    pub fn is_idle(&self) -> bool {
        self.open == 0
    }

    /// How many files are under way.
    pub fn open_count(&self) -> usize {
        self.open
    }

    /// Uploads as much as fits into a frame, and gives what became ready. `admits` says whether there is room for a
    /// file of so many bytes; what finds none is dropped.
    pub fn advance(
        &mut self,
        gpu: &Gpu,
        renderer: &mut Renderer,
        ready: &mut Vec<Loaded>,
        mut admits: impl FnMut(FileHash, u64) -> bool,
    ) {
        self.submit();
        let (begun, mut bytes) = (Instant::now(), 0);
        while bytes < UPLOAD_BYTES_PER_FRAME && begun.elapsed() < UPLOAD_TIME_PER_FRAME {
            if self.current.is_none() && !self.take_decoded(ready, &mut admits) {
                return;
            }
            let Some((file, model, uploaded)) = &mut self.current else { continue };
            match model.upload_piece(uploaded, gpu, renderer) {
                Ok(Progress::Piece(size)) => bytes += size,
                Ok(Progress::Done) => self.finish(ready),
                Err(error) => {
                    let broken = Loaded::Broken { file: *file, detail: error.to_string() };
                    self.abandon(renderer, broken, ready, &error);
                }
            }
        }
    }

    fn submit(&mut self) {
        while let Some(job) = self.waiting.pop_front() {
            if let Err(TrySendError::Full(job)) = self.jobs.try_send(job) {
                self.waiting.push_front(job);
                return;
            }
        }
    }

    fn take_decoded(
        &mut self,
        ready: &mut Vec<Loaded>,
        admits: &mut impl FnMut(FileHash, u64) -> bool,
    ) -> bool {
        let Ok(Decoded { generation, file, model }) = self.decoded.try_recv() else { return false };
        if generation != self.setting.generation {
            return true;
        }
        match model {
            Ok((model, room)) if admits(file, model.byte_len() as u64) => {
                self.current = Some((file, model, room));
            }
            Ok((model, _)) => {
                self.discard(model);
                self.open = self.open.saturating_sub(1);
            }
            Err(error) => {
                self.open = self.open.saturating_sub(1);
                ready.push(Loaded::Broken { file, detail: error.to_string() });
            }
        }
        true
    }

    fn finish(&mut self, ready: &mut Vec<Loaded>) {
        if let Some((file, model, uploaded)) = self.current.take() {
            self.open = self.open.saturating_sub(1);
            ready.push(Loaded::Model { file, model, uploaded });
        }
    }

    fn abandon(
        &mut self,
        renderer: &mut Renderer,
        broken: Loaded,
        ready: &mut Vec<Loaded>,
        error: &RenderError,
    ) {
        tracing::warn!(%error, "a tile can not be uploaded");
        if let Some((_, model, uploaded)) = self.current.take() {
            self.discard(model);
            uploaded.remove(renderer);
        }
        self.open = self.open.saturating_sub(1);
        ready.push(broken);
    }
}

/// Decodes the next file; whether there may be another.
fn decode_one(
    inbox: &Mutex<Receiver<Job>>,
    outbox: &SyncSender<Decoded>,
    light_jobs: &SyncSender<LightJob>,
) -> bool {
    // The lock is held while one waits: the others have nothing to do then either.
    let job = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
    let Ok(Job { setting, file, bytes, decoding }) = job else { return false };
    let mut model = DecodedModel::decode(&bytes, decoding).map(Box::new);
    let source = model.as_mut().ok().and_then(|model| model.take_light());
    let model = model.map(|model| {
        let room = Uploaded::with_room_for(&model);
        (model, room)
    });
    if outbox.send(Decoded { generation: setting.generation, file, model }).is_err() {
        return false;
    }
    if let Some(source) = source
        && light_jobs.send(LightJob { setting, source }).is_err()
    {
        // Figures without the light of their place are still figures.
        tracing::debug!("nobody gathers light");
    }
    true
}
