//! What a modeler named becomes a list of files of known formats, and the folder of the store appears only when
//! all of them were read.

use super::error::ScanError;
use super::info::{Format, InputInfo, ScanInfo, Up};
use super::source::Source;
use super::{Progress, Step, archive, store};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The files to read.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) inputs: Vec<InputInfo>,
    pub(super) models: Vec<Model>,
    pub(super) warnings: Vec<String>,
    /// They came in a MatterPak, whose unit and upward axis are known.
    is_matter_pak: bool,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) source: Source,
    pub(super) format: Format,
    /// The archive in which it came.
    pub(super) archive: Option<String>,
}

impl Model {
    /// What is wrong with it, as somebody sees it who never saw the archive unpacked.
    pub(super) fn wrong(&self, error: ScanError) -> ScanError {
        inside(self.archive.as_deref(), error)
    }
}

fn inside(archive: Option<&str>, error: ScanError) -> ScanError {
    let Some(archive) = archive else { return error };
    let place = if error.place.is_empty() { error.file } else { format!("{}, {}", error.file, error.place) };
    ScanError::new(archive, place, error.reason)
}

/// Most models of one scan.
const MODELS: usize = 10_000;
/// Most entries of a folder that are looked at.
const ENTRIES: usize = 200_000;
/// Of a file that says what it is.
const BEGINNING: usize = 4_096;

impl Found {
    /// One file in memory.
    pub(super) fn one(source: Source) -> Result<Self, ScanError> {
        let mut found = Self::default();
        let format = format_of(&source)?;
        found.add(source, format, &mut |_| {})?;
        Ok(found)
    }

    /// What is known from the way that the files came.
    pub(super) fn knows(&self, info: &mut ScanInfo) {
        if self.is_matter_pak {
            (info.metres_per_unit, info.up) = (Some(1.0), Some(Up::Z));
        }
    }

    fn add(
        &mut self,
        source: Source,
        format: Format,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), ScanError> {
        let sha256 = digest(&source, progress)?;
        let input = InputInfo { name: source.name.clone(), format, bytes: source.length, sha256 };
        self.inputs.push(input);
        self.models.push(Model { source, format, archive: None });
        Ok(())
    }

    /// The models of an archive, which count as one input.
    fn unpack(
        &mut self,
        source: &Source,
        scratch: &Path,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), ScanError> {
        fs::create_dir_all(scratch).map_err(|error| not_made(scratch, &error))?;
        let unpacked = archive::unpack(source, scratch, progress)?;
        self.is_matter_pak |= unpacked.is_matter_pak();
        let folders: Vec<_> = unpacked.folders.iter().map(|folder| scratch.join(folder)).collect();
        let models = models_in(&folders, &mut self.warnings).map_err(|error| {
            match error.reason.contains(FORMATS) {
                // The folder where it was unpacked says nothing to anybody.
                true => source.wrong("", format!("no model is in it; {FORMATS}")),
                false => inside(Some(&source.name), error),
            }
        })?;
        let sha256 = digest(source, progress)?;
        let format = models.first().map_or(Format::Obj, |(_, format)| *format);
        self.inputs.push(InputInfo { name: source.name.clone(), format, bytes: source.length, sha256 });
        let of_archive = |(from, format)| Model { source: from, format, archive: Some(source.name.clone()) };
        self.models.extend(models.into_iter().map(of_archive));
        Ok(())
    }
}

/// Looks at everything that was named; archives are unpacked into `scratch`.
pub(super) fn find(
    named: &[PathBuf],
    scratch: &Path,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Found, ScanError> {
    let mut found = Found::default();
    for (at, path) in named.iter().enumerate() {
        if path.is_dir() {
            for (source, format) in models_in(std::slice::from_ref(path), &mut found.warnings)? {
                found.add(source, format, progress)?;
            }
            continue;
        }
        let source = Source::file(path)?;
        let beginning = source.beginning(4)?;
        if archive::is_archive(&beginning) {
            if let Some(reason) = refusal(&beginning, &source.extension()) {
                return Err(source.wrong("", reason));
            }
            found.unpack(&source, &scratch.join(at.to_string()), progress)?;
            continue;
        }
        let format = format_of(&source)?;
        found.add(source, format, progress)?;
    }
    if found.models.is_empty() {
        return Err(ScanError::new("", "", "no scan was named; name a file or a folder"));
    }
    Ok(found)
}

/// The models of a folder in the order of their names. Where there are meshes, points are left out: they show the
/// same room.
fn models_in(folders: &[PathBuf], warnings: &mut Vec<String>) -> Result<Vec<(Source, Format)>, ScanError> {
    let shown = folders.first().map_or(String::new(), |folder| folder.display().to_string());
    let mut paths = Vec::new();
    for folder in folders {
        let entries =
            fs::read_dir(folder).map_err(|error| ScanError::io(&shown, "it can not be read", &error))?;
        paths.extend(entries.take(ENTRIES).filter_map(Result::ok).map(|entry| entry.path()));
    }
    paths.sort();
    let mut models = Vec::new();
    for path in paths {
        if path.is_file() && is_model_name(&path) {
            let source = Source::file(&path)?;
            let format = format_of(&source)?;
            models.push((source, format));
        }
        if models.len() > MODELS {
            return Err(ScanError::new(&shown, "", format!("it holds more than {MODELS} models; divide it")));
        }
    }
    let is_mesh = |format: Format| matches!(format, Format::Gltf | Format::Obj);
    if models.iter().any(|&(_, format)| is_mesh(format)) {
        models.retain(|(source, format)| {
            let stays = is_mesh(*format) || *format == Format::Ply;
            if !stays {
                warnings
                    .push(format!("{}: left out, because there is a mesh beside these points", source.name));
            }
            stays
        });
    }
    match models.is_empty() {
        true => Err(ScanError::new(&shown, "", format!("no model is in this folder; {FORMATS}"))),
        false => Ok(models),
    }
}

const FORMATS: &str = "glTF, GLB, OBJ, PLY, E57, LAS, LAZ, XYZ, PTS and zip archives of them are read";

fn is_model_name(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    ["glb", "gltf", "obj", "ply", "e57", "las", "laz", "xyz", "pts"].contains(&extension.as_str())
}

/// The format, from the first bytes, or else from the name.
pub(super) fn format_of(source: &Source) -> Result<Format, ScanError> {
    let beginning = source.beginning(BEGINNING)?;
    if beginning.is_empty() {
        return Err(source.wrong("", "it is empty; copy it again"));
    }
    let extension = source.extension();
    if let Some(reason) = refusal(&beginning, &extension) {
        return Err(source.wrong("", reason));
    }
    let format = match beginning.as_slice() {
        [b'g', b'l', b'T', b'F', ..] => Some(Format::Gltf),
        [b'p', b'l', b'y', b'\r' | b'\n', ..] => Some(Format::Ply),
        [b'A', b'S', b'T', b'M', b'-', b'E', b'5', b'7', ..] => Some(Format::E57),
        [b'L', b'A', b'S', b'F', ..] => Some(Format::Las),
        _ => None,
    };
    let by_name = || match extension.as_str() {
        "glb" | "gltf" => Some(Format::Gltf),
        "obj" => Some(Format::Obj),
        "ply" => Some(Format::Ply),
        "e57" => Some(Format::E57),
        "las" | "laz" => Some(Format::Las),
        "xyz" | "pts" | "txt" | "csv" | "asc" => Some(Format::Xyz),
        _ => None,
    };
    format.or_else(by_name).ok_or_else(|| source.wrong("", format!("its format is not known; {FORMATS}")))
}

/// Why a known format is not read, and what to do.
fn refusal(beginning: &[u8], extension: &str) -> Option<&'static str> {
    let begins = |magic: &[u8]| beginning.starts_with(magic);
    if begins(b"Kaydara FBX Binary") || extension == "fbx" {
        return Some(
            "FBX is not read: its contents are no open standard. Export the scan as GLB or OBJ: RealityCapture \
             offers both in Mesh Model; in Blender use File > Import > FBX, then File > Export > glTF 2.0",
        );
    }
    if ["b3dm", "i3dm", "pnts", "cmpt"].iter().any(|magic| begins(magic.as_bytes()))
        || begins(b"subt")
        || ["b3dm", "i3dm", "pnts", "cmpt", "3tz", "subtree"].contains(&extension)
    {
        return Some(TILES);
    }
    if extension == "json" {
        return Some(TILES);
    }
    if ["spz", "splat", "ksplat", "sog"].contains(&extension) {
        return Some(SPLATS);
    }
    let other = match extension {
        "dae" | "3ds" | "usdz" | "usd" | "usdc" | "usda" | "stl" | "off" | "x3d" | "wrl" | "3mf"
        | "blend" | "max" | "skp" | "dxf" | "dwg" | "ifc" => {
            "this format is not read; open it in Blender, MeshLab or the program that made it, and export GLB"
        }
        "rcp" | "rcs" | "ptx" | "fls" | "lsproj" | "zfs" | "rcproj" | "psx" | "pcd" => {
            "this format is not read; export E57 or LAZ from the program that made it (CloudCompare reads many)"
        }
        _ => return None,
    };
    Some(other)
}

const TILES: &str = "3D Tiles are not read: they are a result, not a scan. Import the mesh or the points from which \
                     they were made";
pub(super) const SPLATS: &str = "Gaussian splats are not read: they have no surface to stand on. Export a mesh or the \
                                 points of the same scan";

fn digest(source: &Source, progress: &mut dyn FnMut(Progress<'_>)) -> Result<String, ScanError> {
    let mut open = source.open()?;
    let (mut hash, mut chunk, mut done) = (Sha256::new(), vec![0; 1 << 20], 0);
    loop {
        let count = open
            .read(&mut chunk)
            .map_err(|error| ScanError::io(&source.name, "it can not be read", &error))?;
        if count == 0 {
            break;
        }
        hash.update(&chunk[..count]);
        done += count as u64;
        progress(Progress { step: Step::Hashing, file: &source.name, done, total: source.length });
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The folder of a store while it is made: beside its place, under another name.
pub(super) struct Replaced {
    into: PathBuf,
    part: PathBuf,
    old: PathBuf,
    scratch: PathBuf,
}

impl Replaced {
    /// Clears away what an interrupted run left behind.
    pub(super) fn begin(into: &Path) -> Result<Self, ScanError> {
        let name = into.file_name().ok_or_else(|| {
            ScanError::new(&into.display().to_string(), "", "this names no folder; name the one to make")
        })?;
        let beside = |ending: &str| {
            let mut name = name.to_owned();
            name.push(ending);
            into.with_file_name(name)
        };
        let (part, old) = (beside(".part"), beside(".old"));
        let all = Self { into: into.to_owned(), scratch: beside(".scratch"), part, old };
        if into.exists() && !into.join(store::INFO).is_file() {
            let reason = "this folder is no store of a scan; name another, or take it away";
            return Err(ScanError::new(&into.display().to_string(), "", reason));
        }
        if !into.exists() && all.old.exists() {
            // An earlier run was interrupted between the two renames.
            fs::rename(&all.old, into).map_err(|error| not_made(into, &error))?;
        }
        for left in [&all.part, &all.old, &all.scratch] {
            remove(left)?;
        }
        fs::create_dir_all(&all.scratch).map_err(|error| not_made(&all.scratch, &error))?;
        Ok(all)
    }

    /// Where archives may be unpacked; it is gone at the end.
    pub(super) fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// An empty folder for an attempt.
    pub(super) fn fresh_folder(&self) -> Result<PathBuf, ScanError> {
        remove(&self.part)?;
        fs::create_dir_all(&self.part).map_err(|error| not_made(&self.part, &error))?;
        Ok(self.part.clone())
    }

    /// Puts the finished store into its place.
    pub(super) fn finish(self) -> Result<(), ScanError> {
        if self.into.exists() {
            fs::rename(&self.into, &self.old).map_err(|error| not_made(&self.into, &error))?;
        }
        fs::rename(&self.part, &self.into).map_err(|error| not_made(&self.into, &error))
    }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        for left in [&self.part, &self.old, &self.scratch] {
            // What can not be removed now is removed by the next run.
            remove(left).ok();
        }
    }
}

fn remove(folder: &Path) -> Result<(), ScanError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(ScanError::io(&folder.display().to_string(), "it can not be taken away", &error))
        }
        _ => Ok(()),
    }
}

fn not_made(path: &Path, error: &io::Error) -> ScanError {
    ScanError::io(&path.display().to_string(), "it can not be made", error)
}
