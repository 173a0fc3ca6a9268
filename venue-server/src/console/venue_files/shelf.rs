//! The package's files as they are given out: every name that exists, its type, its tag, and where its bytes are.
//!
//! It must not know requests. A name is looked up, never joined to a folder: what is not listed does not exist.

use super::sending::Content;
use anyhow::{Context, Result, bail};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use subtle::ConstantTimeEq;
use tokio::sync::OnceCell;
use venue_model::FileHash;
use venue_package::{Package, limits};

/// All files of one state of the venue.
#[derive(Debug)]
pub struct Shelf {
    /// The manifest's hash in hexadecimal digits: who knows it may read.
    key: String,
    items: BTreeMap<String, Arc<Item>>,
}

/// One file.
#[derive(Debug)]
pub struct Item {
    hash: FileHash,
    /// Its media type.
    pub media_type: String,
    /// Its length without an encoding.
    pub bytes: u64,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// JSON is small and read by everybody: it stays in memory, as it is and compressed once.
    Memory { plain: Bytes, gzip: OnceCell<Bytes> },
    /// Everything else is read from the disk, part by part.
    Disk { path: PathBuf, modified: SystemTime },
}

/// The form in which a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    Plain,
    /// `Content-Encoding: gzip`.
    Gzip,
}

impl Shelf {
    /// The files of an opened package in this folder. Lengths are compared here; contents were verified
    /// when the venue was opened, and a file that changes later is noticed by its time and length.
    pub fn new(package: &Package, folder: &Path) -> Result<Self> {
        let mut items = BTreeMap::new();
        let manifest = Bytes::copy_from_slice(package.manifest_bytes());
        let hash = package.manifest_hash();
        items.insert(limits::MANIFEST_PATH.to_owned(), Arc::new(Item::in_memory(hash, manifest)));
        for file in &package.manifest().files {
            let name = package.manifest().path_of(file);
            let item = if file.hash == package.manifest().tileset {
                Item::in_memory(file.hash, Bytes::from(package.file(file.hash)?))
            } else {
                let serde_json::Value::String(media_type) = serde_json::to_value(file.media_type)? else {
                    bail!("the media type of {name} is no text");
                };
                let path = folder.join(&name);
                let place = on_disk(&path, file.bytes).with_context(|| path.display().to_string())?;
                Item { hash: file.hash, media_type, bytes: file.bytes, place }
            };
            items.insert(name, Arc::new(item));
        }
        Ok(Self { key: hash.to_string(), items })
    }

    /// The file of this name, for who names the state of the venue rightly.
    pub fn find(&self, key: &str, name: &str) -> Option<&Arc<Item>> {
        // In constant time: how long a refusal takes tells nothing about how far a guess was right.
        if !bool::from(key.as_bytes().ct_eq(self.key.as_bytes())) {
            return None;
        }
        self.items.get(name)
    }
}

fn on_disk(path: &Path, bytes: u64) -> Result<Place> {
    let metadata = std::fs::metadata(path)?;
    if metadata.len() != bytes {
        bail!("{} bytes, {bytes} expected", metadata.len());
    }
    Ok(Place::Disk { path: path.to_owned(), modified: metadata.modified()? })
}

impl Item {
    fn in_memory(hash: FileHash, plain: Bytes) -> Self {
        let media_type = "application/json".to_owned();
        let bytes = plain.len() as u64;
        Self { hash, media_type, bytes, place: Place::Memory { plain, gzip: OnceCell::new() } }
    }

    /// Whether there is a compressed form at all; answers then depend on what the asker takes.
    pub fn is_compressible(&self) -> bool {
        matches!(self.place, Place::Memory { .. })
    }

    /// The strong entity tag, with its quotes. Each form has its own, as RFC 9110, section 8.8.3.3 demands.
    pub fn tag(&self, coding: Coding) -> String {
        match coding {
            Coding::Plain => format!("\"{}\"", self.hash),
            Coding::Gzip => format!("\"{}-gzip\"", self.hash),
        }
    }

    /// The compressed form of JSON, made once, when the first asks for it.
    pub async fn gzip(&self) -> Result<Content> {
        let Place::Memory { plain, gzip } = &self.place else { bail!("it has no compressed form") };
        let plain = plain.clone();
        let make = async || tokio::task::spawn_blocking(move || compress(&plain)).await?;
        Ok(Content::Memory(gzip.get_or_try_init(make).await?.clone()))
    }

    /// The file as it is, from `start` on; refused when it is not the file any more that was verified.
    pub fn open(&self, start: u64) -> Result<Content> {
        match &self.place {
            Place::Memory { plain, .. } => {
                Ok(Content::Memory(plain.slice((start.min(self.bytes)) as usize..)))
            }
            Place::Disk { path, modified } => {
                let file = File::open(path).with_context(|| path.display().to_string())?;
                let metadata = file.metadata()?;
                if metadata.len() != self.bytes || metadata.modified()? != *modified {
                    bail!("{} has changed since the server's start; restart the server", path.display());
                }
                Content::file(file, start)
            }
        }
    }
}

fn compress(plain: &Bytes) -> Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::default());
    encoder.write_all(plain)?;
    Ok(Bytes::from(encoder.finish()?))
}
