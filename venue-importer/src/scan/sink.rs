//! Where readers put what they find: a store that is written under another name and renamed when it is whole.
//!
//! A reader gives source coordinates in double precision; what lies in the store is relative to an origin near
//! the middle of the scan, so that single precision keeps survey coordinates to less than a millimetre.

use super::alignment::Alignment;
use super::batch::{self, BATCH_INDICES, BATCH_VERTICES, RawBatch};
use super::error::ScanError;
use super::info::{ScanInfo, ScanMaterial, Up};
use super::origin::{Origin, Sample};
use super::{Progress, ReadOptions, Step, store};
use glam::DVec3;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Most warnings of one scan, and most sentences on what was removed.
const SENTENCES: usize = 200;
/// Most surfaces of one scan.
const MATERIALS: usize = 100_000;
/// Beyond this a coordinate is no place on Earth, in whichever unit.
const FARTHEST: f64 = 1e12;
/// Vertices that a scan may have for each byte of its files; more is a bomb.
const VERTICES_PER_BYTE: u64 = 64;
/// And this many besides.
const VERTICES: u64 = 1 << 20;

/// What one attempt learned that another needs to know from the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Hints {
    pub(super) origin: Option<DVec3>,
    /// The colours of LAS points have sixteen bits.
    pub(super) wide_colors: bool,
    /// They are not all black.
    pub(super) real_colors: bool,
}

pub(super) struct Sink<'a> {
    pub(super) info: ScanInfo,
    pub(super) options: &'a ReadOptions,
    pub(super) hints: Hints,
    /// What the next attempt must know, if there has to be one.
    pub(super) again: Option<Hints>,
    out: Box<dyn Write>,
    folder: Option<PathBuf>,
    origin: Origin,
    sample: Sample,
    left_out: u64,
    allowed_vertices: u64,
    progress: &'a mut dyn FnMut(Progress<'_>),
    current: Option<(String, u64)>,
    told: u64,
    alignment: Option<&'a Alignment>,
    /// Which axis was up and what the unit was before the current file.
    frame_before: (Option<Up>, Option<f64>),
}

impl<'a> Sink<'a> {
    /// Writes into a folder that exists and is empty; into nothing without one.
    pub(super) fn new(
        folder: Option<&Path>,
        options: &'a ReadOptions,
        hints: Hints,
        progress: &'a mut dyn FnMut(Progress<'_>),
    ) -> Result<Self, ScanError> {
        let out: Box<dyn Write> = match folder {
            None => Box::new(io::sink()),
            Some(folder) => {
                let path = folder.join(store::BATCHES);
                let file = File::create_new(&path)
                    .and_then(|file| std::fs::create_dir(folder.join(store::PICTURES)).map(|()| file))
                    .map_err(|error| not_written(&path, &error))?;
                Box::new(BufWriter::with_capacity(1 << 20, file))
            }
        };
        Ok(Self {
            info: ScanInfo { bounds: [DVec3::INFINITY, DVec3::NEG_INFINITY], ..ScanInfo::default() },
            options,
            hints,
            again: None,
            out,
            folder: folder.map(Path::to_owned),
            origin: Origin::new(hints.origin),
            sample: Sample::default(),
            left_out: 0,
            allowed_vertices: VERTICES,
            progress,
            current: None,
            told: 0,
            alignment: None,
            frame_before: (None, None),
        })
    }

    /// The folder that is being written.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// From here on, progress is that of this file.
    pub(super) fn begin(&mut self, name: &str, bytes: u64) {
        self.allowed_vertices = self.allowed_vertices.saturating_add(bytes.saturating_mul(VERTICES_PER_BYTE));
        self.current = Some((name.to_owned(), bytes));
        self.told = 0;
        self.progress(0);
    }

    /// From here on, places are aligned as was said of a file of one of these names.
    pub(super) fn align(&mut self, names: [Option<&str>; 2]) {
        self.end_frame();
        let is_named = |alignment: &&Alignment| names.contains(&Some(alignment.scan.as_str()));
        self.alignment = self.options.alignments.iter().find(is_named);
    }

    /// What an aligned file said of its axes and its unit holds no longer.
    fn end_frame(&mut self) {
        if let Some(alignment) = self.alignment {
            alignment.tell(&mut self.info, self.frame_before);
        }
        self.frame_before = (self.info.up, self.info.metres_per_unit);
    }

    /// Tells how far the file is read, in bytes; cheap to call often.
    pub(super) fn progress(&mut self, done: u64) {
        let Some((file, total)) = &self.current else { return };
        if done == 0 || done >= self.told.saturating_add(1 << 20) || done == *total {
            self.told = done;
            let (done, total) = (done.min(*total), *total);
            (self.progress)(Progress { step: Step::Reading, file, done, total });
        }
    }

    pub(super) fn warn(&mut self, sentence: impl Into<String>) {
        add(&mut self.info.warnings, sentence.into());
    }

    /// Something about people or places that is not taken over.
    pub(super) fn removed(&mut self, sentence: impl Into<String>) {
        add(&mut self.info.removed, sentence.into());
    }

    /// A new surface; its number.
    pub(super) fn material(&mut self, material: ScanMaterial) -> Result<u32, ScanError> {
        if self.info.materials.len() >= MATERIALS {
            return Err(self.wrong(format!("it has more than {MATERIALS} materials")));
        }
        self.info.materials.push(material);
        Ok(self.info.materials.len() as u32 - 1)
    }

    /// A place where the scanner stood, source coordinates; its number.
    pub(super) fn station(&mut self, place: DVec3) -> u32 {
        self.info.stations.push(self.alignment.map_or(place, |alignment| alignment.point(place)));
        self.info.stations.len() as u32 - 1
    }

    fn wrong(&self, reason: impl Into<String>) -> ScanError {
        ScanError::new(self.current.as_ref().map_or("", |(name, _)| name), "", reason)
    }

    /// Writes a batch and empties it, keeping its memory.
    pub(super) fn push(&mut self, batch: &mut RawBatch) -> Result<(), ScanError> {
        self.left_out += clean(batch);
        if let Some(alignment) = self.alignment {
            alignment.batch(batch);
        }
        let vertices = batch.positions.len();
        if vertices > 0 {
            debug_assert!(vertices <= BATCH_VERTICES && batch.indices.len() <= BATCH_INDICES);
            self.count(batch)?;
            let origin = self.origin.of(&batch.positions);
            let written = batch::write(&batch.relative_to(origin), &mut self.out);
            written.map_err(|error| not_written(&self.path(store::BATCHES), &error))?;
        }
        let RawBatch { positions, normals, uvs, colors, indices, .. } = batch;
        positions.clear();
        normals.clear();
        uvs.clear();
        colors.clear();
        indices.clear();
        Ok(())
    }

    fn count(&mut self, batch: &RawBatch) -> Result<(), ScanError> {
        let info = &mut self.info;
        info.vertices += batch.positions.len() as u64;
        info.triangles += batch.indices.len() as u64 / 3;
        if batch.indices.is_empty() {
            info.points += batch.positions.len() as u64;
        }
        info.has_normals |= !batch.normals.is_empty();
        info.has_uvs |= !batch.uvs.is_empty();
        info.has_colors |= !batch.colors.is_empty();
        for &position in &batch.positions {
            info.bounds = [info.bounds[0].min(position), info.bounds[1].max(position)];
            self.sample.add(position);
        }
        if self.info.vertices > self.allowed_vertices {
            let reason = format!(
                "it unpacks to more than {VERTICES_PER_BYTE} vertices for each of its bytes, which no scan does"
            );
            return Err(self.wrong(reason));
        }
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.as_deref().unwrap_or(Path::new("")).join(name)
    }

    /// Writes a file of the store; nothing when there is no folder.
    pub(super) fn write_file(&self, name: &str, bytes: &[u8]) -> Result<(), ScanError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|error| not_written(&path, &error))
    }

    /// Ends an attempt: what was found, or what to know for the next one.
    pub(super) fn finish(mut self) -> Result<Result<ScanInfo, Hints>, ScanError> {
        self.end_frame();
        let flushed = self.out.flush();
        flushed.map_err(|error| not_written(&self.path(store::BATCHES), &error))?;
        if self.info.vertices == 0 {
            let name = self.info.inputs.first().map_or(String::new(), |input| input.name.clone());
            let reason = match self.left_out {
                0 => "it holds neither triangles nor points".to_owned(),
                left_out => format!("none of its {left_out} triangles and points has finite coordinates"),
            };
            return Err(ScanError::new(&name, "", reason));
        }
        let origin = self.origin.get();
        if self.hints.origin.is_none()
            && let Some(better) = self.sample.better_origin(origin)
        {
            self.again.get_or_insert(self.hints).origin = Some(better);
        }
        if let Some(again) = self.again.take().filter(|again| *again != self.hints) {
            return Ok(Err(again));
        }
        if self.left_out > 0 {
            let count = self.left_out;
            self.warn(format!("{count} triangles or points without finite coordinates were left out"));
        }
        self.info.origin = origin;
        self.info.stations.iter_mut().for_each(|station| *station -= origin);
        let mut json = serde_json::to_vec_pretty(&self.info)
            .map_err(|error| ScanError::new(store::INFO, "", error.to_string()))?;
        json.push(b'\n');
        self.write_file(store::INFO, &json)?;
        Ok(Ok(self.info))
    }
}

fn add(list: &mut Vec<String>, sentence: String) {
    if list.contains(&sentence) {
        return;
    }
    match list.len() {
        SENTENCES.. => {}
        at if at == SENTENCES - 1 => list.push("there is more of this kind".to_owned()),
        _ => list.push(sentence),
    }
}

fn not_written(path: &Path, error: &io::Error) -> ScanError {
    ScanError::io(&path.display().to_string(), "it can not be written", error)
}

/// Takes out points and triangles whose coordinates are no numbers or beyond everything; how many.
fn clean(batch: &mut RawBatch) -> u64 {
    let good = |position: &DVec3| position.is_finite() && position.abs().max_element() <= FARTHEST;
    if batch.positions.iter().all(good) {
        return 0;
    }
    let keep: Vec<bool> = batch.positions.iter().map(good).collect();
    if !batch.indices.is_empty() {
        let before = batch.indices.len();
        let whole = |corners: &&[u32; 3]| corners.iter().all(|&at| keep[at as usize]);
        batch.indices = batch.indices.as_chunks::<3>().0.iter().filter(whole).flatten().copied().collect();
        // The vertices stay in their places, since the indices count them; bad ones stand nowhere odd.
        let somewhere = batch.positions.iter().copied().find(good).unwrap_or_default();
        batch.positions.iter_mut().filter(|position| !good(position)).for_each(|bad| *bad = somewhere);
        if batch.indices.is_empty() {
            batch.positions.clear();
        }
        return (before - batch.indices.len()) as u64 / 3;
    }
    let before = batch.positions.len();
    retain(&mut batch.positions, &keep);
    retain(&mut batch.normals, &keep);
    retain(&mut batch.uvs, &keep);
    retain(&mut batch.colors, &keep);
    (before - batch.positions.len()) as u64
}

fn retain<T>(list: &mut Vec<T>, keep: &[bool]) {
    let mut kept = keep.iter();
    list.retain(|_| kept.next().copied().unwrap_or(true));
}
