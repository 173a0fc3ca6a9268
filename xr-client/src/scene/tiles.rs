//! The venue's tiles on the GPU and their draws.
//!
//! It must not know the network; it takes bytes and gives draws.

use super::light::{Lights, Setting};
use super::loader::{Loaded, Loader};
use super::model::Uploaded;
use bytes::Bytes;
use glam::Mat4;
use std::collections::BTreeSet;
use venue_model::FileHash;
use wgpu_renderer::{Draw, Gpu, Renderer};

/// All tiles of a venue.
pub struct Tiles {
    loader: Loader,
    ready: Vec<Loaded>,
    uploaded: Vec<Uploaded>,
    known: BTreeSet<FileHash>,
    draws: Vec<Draw>,
}

impl Tiles {
    /// No tiles.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {
            loader: Loader::start()?,
            ready: Vec::new(),
            uploaded: Vec::new(),
            known: BTreeSet::new(),
            draws: Vec::new(),
        })
    }

    /// Another venue: everything goes.
    pub fn clear(&mut self, setting: Setting, renderer: &mut Renderer) {
        self.loader.restart(setting, renderer);
        self.draws.clear();
        self.known.clear();
        for uploaded in self.uploaded.drain(..) {
            uploaded.remove(renderer);
        }
    }

    /// A tile's bytes came.
    pub fn load(&mut self, hash: FileHash, bytes: Bytes) {
        if self.known.insert(hash) {
            self.loader.load(hash, bytes);
        }
    }

    /// The light where people stand.
    pub fn lights(&self) -> &Lights {
        self.loader.lights()
    }

    /// Whether every tile that came is drawn.
    pub fn is_idle(&self) -> bool {
        self.loader.is_idle()
    }

    /// Uploads what fits into this frame; gives what can't be shown: file and reason.
    pub fn advance(&mut self, gpu: &Gpu, renderer: &mut Renderer) -> Vec<(FileHash, String)> {
        // An empty vector does not allocate, so that a frame without news costs nothing.
        let mut broken = Vec::new();
        self.loader.advance_light();
        if self.loader.is_idle() {
            return broken;
        }
        self.loader.advance(gpu, renderer, &mut self.ready);
        for loaded in self.ready.drain(..) {
            match loaded {
                Loaded::Model { document, uploaded, .. } => {
                    uploaded.append_draws(&document, Mat4::IDENTITY, &mut self.draws);
                    self.uploaded.push(uploaded);
                }
                Loaded::Broken { hash, detail } => broken.push((hash, detail)),
            }
        }
        broken
    }

    /// The draws of every tile.
    pub fn draws(&self) -> &[Draw] {
        &self.draws
    }
}
