//! Zip archives, as Matterport's MatterPak comes: what a scan needs of them is unpacked into a folder for a while.
//!
//! Names and sizes in an archive are only claims: a name that leads elsewhere is refused, and no more is written
//! than was said and is allowed.

use super::error::{ScanError, shown};
use super::source::{Source, read_range};
use super::{Progress, Step};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};
use zip::ZipArchive;

/// Most files in an archive.
const FILES: usize = 20_000;
/// Most bytes that it may unpack to, and how many times its own size.
const BYTES: u64 = 256 << 30;
const RATIO: u64 = 200;
/// And this many besides.
const SMALL: u64 = 64 << 20;
/// Longest list of files, bytes, and where its end is looked for.
const DIRECTORY_BYTES: u64 = 16 << 20;
const TAIL_BYTES: u64 = 66_000;
/// Files that scans consist of.
const WANTED: [&str; 22] = [
    "glb", "gltf", "bin", "obj", "mtl", "ply", "e57", "las", "laz", "xyz", "pts", "jpg", "jpeg", "png",
    "webp", "ktx2", "rcinfo", "rsinfo", "prj", "tif", "tiff", "bmp",
];

/// Unpacks an archive; whether it looks like a MatterPak.
pub(super) fn unpack(
    source: &Source,
    into: &Path,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Unpacked, ScanError> {
    let wrong = |reason: String| source.wrong("", reason);
    check_directory(source)?;
    let mut archive =
        ZipArchive::new(source.open()?).map_err(|error| wrong(format!("{error}; copy it again")))?;
    if archive.len() > FILES {
        return Err(wrong(format!("it holds {} files; {FILES} are allowed", archive.len())));
    }
    let allowed = source.length.saturating_mul(RATIO).saturating_add(SMALL).min(BYTES);
    let (mut left, mut unpacked) = (allowed, Unpacked::default());
    for at in 0..archive.len() {
        let entry = archive
            .by_index(at)
            .map_err(|error| source.wrong(format!("file {}", at + 1), error.to_string()))?;
        let name = entry
            .name()
            .map_err(|error| source.wrong(format!("file {}", at + 1), error.to_string()))?
            .into_owned();
        let place = format!("file {:?}", shown(&name));
        let path = inner_path(&name)
            .ok_or_else(|| source.wrong(place.clone(), "its name leads out of the archive; pack it again"))?;
        unpacked.see(&path);
        if entry.is_dir() || !is_wanted(&path) {
            continue;
        }
        if entry.is_symlink() || entry.encrypted() {
            return Err(source.wrong(place, "it is a link or encrypted; pack it again"));
        }
        let said = entry.size();
        if said > left {
            let reason = format!("the archive unpacks to more than {allowed} bytes, which no scan does");
            return Err(source.wrong(place, reason));
        }
        let written = write(entry.take(said.saturating_add(1)), &into.join(&path));
        let written = written.map_err(|error| source.wrong(place.clone(), error.to_string()))?;
        if written > said {
            return Err(source.wrong(place, "it is longer than the archive says; copy it again"));
        }
        left -= written;
        progress(Progress {
            step: Step::Unpacking,
            file: &source.name,
            done: at as u64 + 1,
            total: archive.len() as u64,
        });
    }
    Ok(unpacked)
}

/// Refuses an archive whose list of files is too long to be held; it is read as a whole. The list's end (PKWARE's
/// APPNOTE 4.3.16, 4.3.14) lies at the end of the archive, before a comment of at most 65,535 bytes.
fn check_directory(source: &Source) -> Result<(), ScanError> {
    let from = source.length.saturating_sub(TAIL_BYTES);
    let mut open = source.open()?;
    let tail = read_range(&mut open, from, (source.length - from) as usize)
        .map_err(|error| ScanError::io(&source.name, "it can not be read", &error))?;
    let number = |at: usize, bytes: usize| {
        let part = tail.get(at..at + bytes).unwrap_or_default();
        part.iter().rev().fold(0_u64, |number, &byte| (number << 8) | u64::from(byte))
    };
    for (at, signature) in tail.windows(4).enumerate() {
        let length = match signature {
            b"PK\x05\x06" if number(at + 12, 4) != u64::from(u32::MAX) => number(at + 12, 4),
            b"PK\x06\x06" => number(at + 40, 8),
            _ => continue,
        };
        if length > DIRECTORY_BYTES {
            let reason =
                format!("its list of files has {length} bytes; {DIRECTORY_BYTES} are allowed: divide it");
            return Err(source.wrong("", reason));
        }
    }
    Ok(())
}

/// What an archive held.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    has_cloud: bool,
    has_plan: bool,
    /// The folder in the archive where its models lie.
    pub(super) folders: Vec<PathBuf>,
}

impl Unpacked {
    fn see(&mut self, path: &Path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        self.has_cloud |= name == "cloud.xyz";
        self.has_plan |= name.starts_with("colorplan") || name.starts_with("ceiling");
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        if is_wanted(path) && !self.folders.contains(&folder) {
            self.folders.push(folder);
            self.folders.sort();
        }
    }

    /// MatterPaks hold a mesh, a cloud and plans; their unit is the metre and z points up.
    pub(super) fn is_matter_pak(&self) -> bool {
        self.has_cloud && self.has_plan
    }
}

/// A name in the archive as a path below the folder; none when it leads elsewhere.
fn inner_path(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(name.replace('\\', "/"));
    let is_inner = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let has_drive = name.contains(':') || name.contains('\0');
    (is_inner && !has_drive && path.components().count() <= 16 && name.len() <= 1_024).then_some(path)
}

fn is_wanted(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    // macOS puts shadows of all files beside them.
    WANTED.contains(&extension.as_str()) && !path.starts_with("__MACOSX")
}

fn write(mut from: impl Read, to: &Path) -> io::Result<u64> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = BufWriter::with_capacity(1 << 20, File::create(to)?);
    let written = io::copy(&mut from, &mut file)?;
    file.flush()?;
    Ok(written)
}

/// Whether the file is an archive.
pub(super) fn is_archive(beginning: &[u8]) -> bool {
    beginning.starts_with(b"PK\x03\x04") || beginning.starts_with(b"PK\x05\x06")
}
