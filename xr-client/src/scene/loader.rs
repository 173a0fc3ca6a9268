//! Tiles on their way to the GPU: decoded by a thread of their own, uploaded in pieces that fit into a frame.
//!
//! It must not know where tiles come from.

use super::light::{LightJob, Lights, Setting};
use super::model::{DecodedModel, Progress, Uploaded};
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use venue_model::FileHash;
use venue_package::gltf::{Document, GltfError};
use wgpu_renderer::{Gpu, RenderError, Renderer};

/// Decoded models that may wait for the frame; each may hold many megabytes.
const MAX_DECODED: usize = 3;

/// Bytes that one frame uploads at most, plus one piece.
const UPLOAD_BYTES_PER_FRAME: usize = 4 << 20;

struct Job {
    setting: Arc<Setting>,
    hash: FileHash,
    bytes: Bytes,
}

struct Decoded {
    generation: u32,
    hash: FileHash,
    model: Result<DecodedModel, GltfError>,
}

/// A tile that is ready to be drawn, or why it never will be.
pub enum Loaded {
    /// Its meshes are on the GPU.
    Model {
        /// Its nodes.
        document: Box<Document>,
        /// What is on the GPU.
        uploaded: Uploaded,
    },
    /// It can't be shown.
    Broken {
        /// Which file.
        hash: FileHash,
        /// Why.
        detail: String,
    },
}

/// The loader.
pub struct Loader {
    jobs: SyncSender<Job>,
    decoded: Receiver<Decoded>,
    waiting: VecDeque<Job>,
    current: Option<(FileHash, DecodedModel, Uploaded)>,
    setting: Arc<Setting>,
    lights: Lights,
    /// Files that were given and are not answered yet.
    open: usize,
}

impl Loader {
    /// Starts the thread.
    pub fn start() -> std::io::Result<Self> {
        let (jobs, inbox) = sync_channel::<Job>(MAX_DECODED);
        let (outbox, decoded) = sync_channel(MAX_DECODED);
        let (lights, light_jobs) = Lights::start()?;
        let decode = move || {
            while let Ok(Job { setting, hash, bytes }) = inbox.recv() {
                let model = DecodedModel::decode(&bytes);
                let source = model.as_ref().ok().map(DecodedModel::light_source);
                if outbox.send(Decoded { generation: setting.generation, hash, model }).is_err() {
                    return;
                }
                let Some(source) = source else { continue };
                if light_jobs.send(LightJob { setting, source }).is_err() {
                    // Figures without the light of their place are still figures.
                    tracing::debug!("nobody gathers light");
                }
            }
        };
        std::thread::Builder::new().name("vev-loader".into()).spawn(decode)?;
        Ok(Self {
            jobs,
            decoded,
            waiting: VecDeque::new(),
            current: None,
            setting: Arc::default(),
            lights,
            open: 0,
        })
    }

    /// Takes a file's bytes.
    pub fn load(&mut self, hash: FileHash, bytes: Bytes) {
        self.waiting.push_back(Job { setting: Arc::clone(&self.setting), hash, bytes });
        self.open += 1;
    }

    /// Forgets everything that is under way: another venue was opened.
    pub fn restart(&mut self, setting: Setting, renderer: &mut Renderer) {
        self.setting = Arc::new(Setting { generation: self.setting.generation + 1, ..setting });
        self.lights.open(&self.setting);
        self.open = 0;
        self.waiting.clear();
        if let Some((_, _, uploaded)) = self.current.take() {
            uploaded.remove(renderer);
        }
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

    /// Uploads as much as fits into a frame, and gives what became ready.
    pub fn advance(&mut self, gpu: &Gpu, renderer: &mut Renderer, ready: &mut Vec<Loaded>) {
        self.submit();
        let mut bytes = 0;
        while bytes < UPLOAD_BYTES_PER_FRAME {
            if self.current.is_none() && !self.take_decoded(ready) {
                return;
            }
            let Some((hash, model, uploaded)) = &mut self.current else { continue };
            match model.upload_piece(uploaded, gpu, renderer) {
                Ok(Progress::Piece(size)) => bytes += size,
                Ok(Progress::Done) => self.finish(ready),
                Err(error) => {
                    let broken = Loaded::Broken { hash: *hash, detail: error.to_string() };
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

    fn take_decoded(&mut self, ready: &mut Vec<Loaded>) -> bool {
        let Ok(Decoded { generation, hash, model }) = self.decoded.try_recv() else { return false };
        if generation != self.setting.generation {
            return true;
        }
        match model {
            Ok(model) => self.current = Some((hash, model, Uploaded::default())),
            Err(error) => {
                self.open = self.open.saturating_sub(1);
                ready.push(Loaded::Broken { hash, detail: error.to_string() });
            }
        }
        true
    }

    fn finish(&mut self, ready: &mut Vec<Loaded>) {
        if let Some((_, model, uploaded)) = self.current.take() {
            self.open = self.open.saturating_sub(1);
            ready.push(Loaded::Model { document: Box::new(model.into_document()), uploaded });
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
        if let Some((_, _, uploaded)) = self.current.take() {
            uploaded.remove(renderer);
        }
        self.open = self.open.saturating_sub(1);
        ready.push(broken);
    }
}
