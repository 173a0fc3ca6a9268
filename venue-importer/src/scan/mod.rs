//! Scans as people have them become one store: triangles and points in batches, in bounded memory whatever the
//! size of the files.
//!
//! [`read`] takes files, folders and archives; each format has a reader of its own that gives what it finds to the
//! `sink`. [`Store`] gives it back, as often as a step wants. Nothing here knows venues.

mod alignment;
mod archive;
mod assemble;
mod batch;
mod beside;
mod e57;
mod e57_packets;
mod error;
mod gltf;
mod info;
mod inputs;
mod intensity;
mod las;
mod las_header;
mod laz;
pub(crate) mod metadata;
mod mtl;
mod obj;
mod obj_surfaces;
mod origin;
mod pictures;
mod ply;
mod ply_body;
mod ply_header;
mod records;
mod sink;
mod source;
mod store;
mod text;
mod udim;
mod vertices;
mod xyz;

pub use alignment::{Alignment, Onto};
pub use batch::{BATCH_INDICES, BATCH_VERTICES, Batch};
pub use error::ScanError;
pub use info::{Alpha, Format, InputInfo, ScanInfo, ScanMaterial, ScanPicture, Up};
pub use store::Store;

use sink::{Hints, Sink};
use source::Source;
use std::path::{Path, PathBuf};

/// How scans are read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Bytes of vertices that are held in memory; more go to a file in the store's folder for a while.
    pub vertex_memory: u64,
    /// Where scans lie in the frame of the others, by their files' names.
    pub alignments: Vec<Alignment>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { vertex_memory: 512 << 20, alignments: Vec::new() }
    }
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// An archive is unpacked.
    Unpacking,
    /// A file's checksum is computed.
    Hashing,
    /// A file is read.
    Reading,
}

/// How far the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What is being done.
    pub step: Step,
    /// With which file.
    pub file: &'a str,
    /// Bytes of it that are done.
    pub done: u64,
    /// All its bytes.
    pub total: u64,
}

/// Attempts until origin and colours are known; each learns something that the ones before did not know.
const ATTEMPTS: usize = 4;

/// Reads scans into the folder `into`, which becomes a store when everything was read. One that is there is replaced.
pub fn read(
    inputs: &[PathBuf],
    into: &Path,
    options: &ReadOptions,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<ScanInfo, ScanError> {
    let replaced = inputs::Replaced::begin(into)?;
    let scratch = replaced.scratch();
    let found = inputs::find(inputs, scratch, progress)?;
    let mut hints = Hints::default();
    for _ in 0..ATTEMPTS {
        let folder = replaced.fresh_folder()?;
        let mut sink = Sink::new(Some(&folder), options, hints, progress)?;
        read_into(&found, &mut sink)?;
        match sink.finish()? {
            Ok(info) => return replaced.finish().map(|()| info),
            Err(again) => hints = again,
        }
    }
    Err(ScanError::new("", "", "its coordinates lie so far apart that no origin suits them; divide the scan"))
}

/// Reads one file from memory and keeps nothing: whether it can be read, and what is in it. Files beside it are
/// not there.
pub fn read_bytes(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<ScanInfo, ScanError> {
    let source = Source::memory(name, bytes);
    let mut ignore = |_: Progress<'_>| {};
    let found = inputs::Found::one(source)?;
    let mut hints = Hints::default();
    for _ in 0..ATTEMPTS {
        let mut sink = Sink::new(None, options, hints, &mut ignore)?;
        read_into(&found, &mut sink)?;
        match sink.finish()? {
            Ok(info) => return Ok(info),
            Err(again) => hints = again,
        }
    }
    Err(ScanError::new(name, "", "its coordinates lie so far apart that no origin suits them"))
}

fn read_into(found: &inputs::Found, sink: &mut Sink<'_>) -> Result<(), ScanError> {
    sink.info.inputs = found.inputs.clone();
    found.warnings.iter().for_each(|warning| sink.warn(warning));
    found.knows(&mut sink.info);
    for Alignment { scan, .. } in &sink.options.alignments {
        if !found.inputs.iter().any(|input| input.name == *scan) {
            return Err(ScanError::new(
                scan,
                "",
                "an alignment speaks of it, but no file of this name is imported",
            ));
        }
    }
    for model in &found.models {
        sink.begin(&model.source.name, model.source.length);
        sink.align([Some(model.source.name.as_str()), model.archive.as_deref()]);
        read_model(&model.source, model.format, sink).map_err(|error| model.wrong(error))?;
        sink.progress(model.source.length);
    }
    Ok(())
}

fn read_model(source: &Source, format: Format, sink: &mut Sink<'_>) -> Result<(), ScanError> {
    match format {
        Format::Gltf => gltf::read(source, sink),
        Format::Ply => ply::read(source, sink),
        Format::Obj => obj::read(source, sink),
        Format::E57 => e57::read(source, sink),
        Format::Las => las::read(source, sink),
        Format::Xyz => xyz::read(source, sink),
    }
}
