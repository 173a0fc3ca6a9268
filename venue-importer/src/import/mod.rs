//! The order of the steps from a scan to a package: read, orient, tiles (with clean, levels of detail and
//! textures), navigation, acoustics, pack, check; `steps` measures each.
//!
//! Steps leave what they made in a work folder beside the package, so that an import that was interrupted goes
//! on where it was. The folder goes when the package is there.

pub mod align;
mod budget;
mod eigen;
mod ground;
mod ground_file;
mod layout;
pub mod orient;
pub mod page;
mod page_sound;
mod parts;
pub mod place;
pub(crate) mod placement;
pub(crate) mod places_file;
pub(crate) mod places_input;
mod plan;
mod polygon;
mod progress;
mod redact;
mod shape;
mod sound;
mod sound_file;
mod sound_rules;
mod spawn;
mod steps;
mod surface;
mod things;
mod top_view;
mod walking;
mod work;

pub use places_input::judge_places;
pub use progress::{Progress, Quiet};

use crate::authored::Making;
use crate::hierarchy::{self, Grid, Hierarchy, Input, Kind, Seams, Settings};
use crate::panoramas;
use crate::report::{Figures, Report};
use crate::scan::{self, Alignment, Onto, ReadOptions, Store, Up};
use crate::spent;
use crate::textures::Codec;
use anyhow::{Context, Result, bail};
use layout::Part;
use placement::Placement;
use places_input::PlacesInput;
use shape::Shape;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use surface::Surface;
use venue_model::{Bounds, Localized, SpaceId};
use venue_package::manifest::{self, Manifest, MediaType, SpaceAcoustics};
use venue_package::writer::FolderWriter;
use venue_package::{AcousticMesh, DirectorySource, NavigationMesh, Tileset, validate};
use work::Work;

/// Bits of a scan that float and are smaller than this go, unless somebody says otherwise; metres.
pub const ISLANDS: f32 = 0.03;

/// What is imported, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files, folders and archives.
    pub inputs: Vec<PathBuf>,
    /// The package to make.
    pub into: PathBuf,
    /// The venue's id and English name.
    pub name: Option<String>,
    /// What stands where: a TOML file, or a GLB whose nodes carry our extensions.
    pub places: Option<PathBuf>,
    /// Where scans lie in one frame: files that `align` wrote.
    pub alignments: Vec<PathBuf>,
    /// Which axis points up, when the file does not say or is wrong.
    pub up: Option<Up>,
    /// Metres in a unit of the scan, when the file does not say or is wrong.
    pub metres_per_unit: Option<f64>,
    /// Whether the floor is made level and its height zero.
    pub keep_frame: bool,
    /// Whether materials are lit by the venue's lamps; else they show the light that was captured.
    pub lit: bool,
    /// Pictures of the finest level.
    pub near: Codec,
    /// Pieces smaller than this that touch nothing go, metres.
    pub island_size: f32,
}

impl Options {
    /// Nothing but the scan is known, and everything is found out.
    pub fn new(inputs: Vec<PathBuf>, into: PathBuf) -> Self {
        Self {
            inputs,
            into,
            name: None,
            places: None,
            alignments: Vec::new(),
            up: None,
            metres_per_unit: None,
            keep_frame: false,
            lit: false,
            near: Settings::default().near,
            island_size: ISLANDS,
        }
    }
}

/// Imports a scan. The report tells what was found and made, step by step.
pub fn run(options: &Options, progress: &dyn Progress) -> Result<Report> {
    let mut report = Report::default();
    let said = PlacesInput::open(options.places.as_deref(), &name_of(options))?;
    said.check_with_files()?;
    let (alignments, options) = aligned(options)?;
    let options = &options;
    let work = Work::open(&options.into)?;
    let store = steps::run("read", progress, &mut report, |report| {
        read(options, alignments, &work, progress, report)
    })?;
    let orientation = steps::run("orient", progress, &mut report, |report| {
        let orientation = orient::find(&store, options, progress)?;
        orientation.describe(report);
        Ok(orientation)
    })?;
    let mut shape = steps::run("pictures", progress, &mut report, |report| {
        Shape::load(&store, &orientation, options, &work, progress, report)
    })?;
    let mut placement = said.resolve(shape.bounds(), &mut report);
    report.stop_on_errors()?;
    if !placement.redact.is_empty() {
        steps::run("redact", progress, &mut report, |report| {
            redact::apply(&mut shape, &placement.redact, report)
        })?;
    }
    let mut writer = FolderWriter::create(&options.into)?;
    let tiles = steps::run("tiles", progress, &mut report, |report| {
        all_tiles(&shape, &placement, options, &work, &mut writer, progress, report)
    })?;
    let surface = Surface::new(&shape, &writer, &tiles.tiles);
    let (soup, navigation) = steps::run("navigation", progress, &mut report, |report| {
        let soup = ground::collect(&surface, tiles.surfel_radius)?;
        let navigation = walking::build(&soup, &mut placement, progress, report)?;
        Ok((soup, navigation))
    })?;
    report.stop_on_errors()?;
    let sounds = steps::run("acoustics", progress, &mut report, |report| {
        let heard = sound::Scanned { shape: &shape, surface: &surface, surfel_radius: tiles.surfel_radius };
        sound::build_all(heard, &placement, &navigation, progress, report)
    })?;
    let made = Made { navigation, acoustics: sounds.meshes, tiles, folder: said.folder(), work: &work };
    steps::run("pack", progress, &mut report, |report| {
        let manifest = pack(options, placement, made, &store, writer, report)?;
        sound_file::write(&options.into, manifest.tileset, &sounds.surfaces, &sounds.kept)?;
        ground_file::write(&options.into, manifest.tileset, &soup)
    })?;
    steps::run("check", progress, &mut report, |report| check(&options.into, report))?;
    work.remove();
    Ok(report)
}

/// The alignments, and the options that go with them: a frame that was measured is not turned or moved.
pub(crate) fn aligned(options: &Options) -> Result<(Vec<Alignment>, Options)> {
    let alignments: Vec<_> =
        options.alignments.iter().map(|path| align::read_file(path)).collect::<Result<_>>()?;
    let onto = alignments.iter().map(|alignment| alignment.onto).find(|onto| *onto != Onto::Scan);
    if let Some(other) = alignments.iter().find(|alignment| onto.is_some_and(|onto| onto != alignment.onto)) {
        bail!(
            "{} is aligned onto another frame than the scans before it; align all onto the same",
            other.scan
        );
    }
    let keep_frame = options.keep_frame || onto.is_some();
    Ok((alignments, Options { keep_frame, ..options.clone() }))
}

fn read(
    options: &Options,
    alignments: Vec<Alignment>,
    work: &Work,
    progress: &dyn Progress,
    report: &mut Report,
) -> Result<Store> {
    let folder = work.folder("scan");
    let inputs = [options.inputs.as_slice(), &options.alignments].concat();
    if work.is_done("scan", &inputs)?
        && let Ok(store) = Store::open(&folder)
    {
        report.fact("scan", "read by an earlier run");
        return Ok(store);
    }
    let mut tell = |at: scan::Progress<'_>| progress.step("read", at.file, at.done as f64, at.total as f64);
    let how = ReadOptions { alignments, ..ReadOptions::default() };
    scan::read(&options.inputs, &folder, &how, &mut tell)?;
    work.done("scan", &inputs)?;
    let store = Store::open(&folder)?;
    let info = store.info();
    for input in &info.inputs {
        report
            .fact("read", format!("{}, {:?}, {:.1} MB", input.name, input.format, input.bytes as f64 / 1e6));
    }
    report.fact(
        "scan",
        format!("{} triangles, {} points, {} pictures", info.triangles, info.points, info.pictures.len()),
    );
    info.removed.iter().for_each(|what| report.fact("removed", what));
    info.warnings.iter().for_each(|warning| report.warn(warning.clone()));
    Ok(store)
}

/// The tiles of each space one after the other, and of what is in none.
fn all_tiles(
    shape: &Shape<'_>,
    placement: &Placement,
    options: &Options,
    work: &Work,
    writer: &mut FolderWriter,
    progress: &dyn Progress,
    report: &mut Report,
) -> Result<Hierarchy> {
    let mut all = Hierarchy::default();
    let seams = seams(shape, placement)?;
    for part in placement.layout.parts(&placement.rooms.spaces) {
        parts::append(
            &mut all,
            tiles(shape, placement, (part, &seams), options, work, writer, progress, report)?,
        );
    }
    if all.tiles.is_empty() {
        bail!("the scan has neither triangles nor points that could be shown");
    }
    for (part, spent) in spent::Part::ALL.into_iter().zip(all.spent) {
        report.parts.push((part.name().to_owned(), spent));
    }
    Ok(all)
}

/// Where spaces of the scan meet, which is at doors as a rule.
fn seams(shape: &Shape<'_>, placement: &Placement) -> Result<Seams> {
    let mut seams = Seams::default();
    if placement.layout.is_one() {
        return Ok(seams);
    }
    let [min, max] = shape.corners();
    let grid = Grid::for_bounds(min, max);
    shape.visit(&mut |piece| {
        placement.layout.seams(piece, |place| seams.add(place, grid));
        Ok(())
    })?;
    Ok(seams)
}

#[expect(clippy::too_many_arguments, reason = "a step knows what went before it")]
fn tiles(
    shape: &Shape<'_>,
    placement: &Placement,
    (part, seams): (Part, &Seams),
    options: &Options,
    work: &Work,
    writer: &mut FolderWriter,
    progress: &dyn Progress,
    report: &mut Report,
) -> Result<Hierarchy> {
    let mut settings = Settings { near: options.near, ..Settings::default() };
    settings.clean.island_size = options.island_size;
    let writer = Mutex::new(writer);
    let sink = |bytes: Vec<u8>| {
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(writer.add_file(&bytes, MediaType::Glb)?)
    };
    let geometry = |visit: &mut dyn FnMut(&hierarchy::Piece) -> Result<()>| {
        shape.visit(&mut |piece| visit(&placement.layout.choose(part, piece)))
    };
    let named = placement.rooms.spaces.iter().find(|space| Some(space.id) == part.space);
    let stations = shape.stations();
    let kept = work.folder("packed");
    std::fs::create_dir_all(&kept).with_context(|| format!("{}", kept.display()))?;
    let input = |kind| Input {
        name: named.map_or("surroundings", |space| space.key.as_str()),
        bounds: shape.corners(),
        geometry: &geometry,
        looks: shape.looks(),
        sources: shape.sources(),
        space: part.space,
        kind,
        stations: &stations,
        seams,
        kept: Some(&kept),
    };
    let done = |share: f64| progress.step("tiles", "", share, 1.0);
    let scratch = work.folder("tiles");
    let build = |kind, has_some: bool| match has_some {
        true => hierarchy::build(input(kind), &settings, &scratch, &sink, &done),
        false => Ok(Hierarchy::default()),
    };
    let [has_triangles, has_points] = shape.has();
    let mut made = build(Kind::Triangles, has_triangles)?;
    if !made.tiles.is_empty() {
        let gone = made.cleaned;
        report.fact(
            "clean",
            format!(
                "{} flat, {} doubled, {} floating triangles are gone",
                gone.degenerate, gone.duplicate, gone.floating
            ),
        );
        report.fact("tiles", described("triangles", &made));
    }
    let points = build(Kind::Points, has_points)?;
    if !points.tiles.is_empty() {
        report.fact("tiles", described("surfels", &points));
    }
    parts::append(&mut made, points);
    Ok(made)
}

fn described(what: &str, made: &Hierarchy) -> String {
    let [finest, all] = made.bytes.map(|bytes| bytes as f64 / 1e6);
    format!(
        "{} {what} in {} tiles of {} levels; {all:.1} MB, of which the finest level has {finest:.1} MB",
        made.triangles,
        made.tiles.len(),
        made.levels
    )
}

/// What is written into files of its own, and where more of it comes from.
struct Made<'a> {
    navigation: NavigationMesh,
    acoustics: Vec<(SpaceId, AcousticMesh)>,
    tiles: Hierarchy,
    /// Where the paths of exhibits begin.
    folder: &'a Path,
    work: &'a Work,
}

fn pack(
    options: &Options,
    placement: Placement,
    made: Made<'_>,
    store: &Store,
    mut writer: FolderWriter,
    report: &mut Report,
) -> Result<Manifest> {
    let settings = Settings { near: options.near, ..Settings::default() };
    let making = Making { settings: &settings, scratch: &made.work.folder("tiles") };
    let mut tiles = made.tiles.tiles;
    let exhibits = things::write(&placement, made.folder, making, &mut writer, &mut tiles, report)?;
    let scans = store.info().credits.iter().map(|text| manifest::Credit {
        what: "scan".into(),
        author: text.chars().take(200).collect(),
        source: String::new(),
        license: "see the author".into(),
    });
    let mut figures = Figures {
        scan_triangles: store.info().triangles,
        scan_points: store.info().points,
        finest_items: made.tiles.triangles,
        finest_bytes: made.tiles.bytes[0],
        tiles_bytes: made.tiles.bytes[1],
        package_bytes: 0,
        tiles: made.tiles.figures,
    };
    let mut acoustics = Vec::new();
    for (space, mesh) in &made.acoustics {
        let mesh = writer.add_file(&mesh.to_bytes(), MediaType::Acoustics)?;
        acoustics.push(SpaceAcoustics { space: *space, mesh });
    }
    let add = |bytes: Vec<u8>, media_type| writer.add_file(&bytes, media_type);
    let panoramas = panoramas::write(&placement.panoramas, made.folder, add, report)?;
    report.stop_on_errors()?;
    let given = placement.id.filter(|_| options.name.is_none());
    let name = placement.name.filter(|_| options.name.is_none());
    let places = placement.places;
    let manifest = Manifest {
        format: manifest::FORMAT.into(),
        version: manifest::VERSION,
        id: given.unwrap_or_else(|| crate::pack::id_from(&name_of(options))),
        name: name.unwrap_or_else(|| Localized::english(name_of(options))),
        spaces: placement.rooms.spaces,
        doors: places.doors,
        seats: places.seats,
        spawn_points: places.spawn_points,
        zones: places.zones,
        screens: places.screens,
        exhibits,
        emitters: Vec::new(),
        environment: placement.environment.unwrap_or_default(),
        tileset: writer.add_tileset(&Tileset { tiles })?,
        navigation: writer.add_file(&made.navigation.to_bytes(), MediaType::Navigation)?,
        acoustics,
        panoramas,
        files: Vec::new(),
        frame: placement.frame,
        credits: placement.credits.into_iter().chain(scans).collect(),
    };
    let manifest = writer.finish(manifest).context("the package could not be written")?;
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    figures.package_bytes = bytes;
    report.figures = Some(figures);
    report.fact("package", format!("{} files, {:.1} MB", manifest.files.len() + 1, bytes as f64 / 1e6));
    Ok(manifest)
}

fn name_of(options: &Options) -> String {
    options.name.clone().unwrap_or_else(|| title(options))
}

/// Reads the package that was written as a client will.
fn check(folder: &Path, report: &mut Report) -> Result<()> {
    let found = validate(Arc::new(DirectorySource::new(folder)));
    found.warnings.iter().for_each(|warning| report.warn(warning.to_string()));
    if let Some(first) = found.errors.first() {
        bail!("the package that was written can not be used, which is a fault of the importer: {first}");
    }
    report.fact("check", "every file was read again, and nothing is wrong");
    Ok(())
}

fn title(options: &Options) -> String {
    let stem = options.inputs.first().and_then(|input| input.file_stem());
    stem.map_or_else(|| "Scan".into(), |stem| stem.to_string_lossy().chars().take(100).collect())
}

/// The building frame's box as the model has it.
fn bounds(min: glam::DVec3, max: glam::DVec3) -> Bounds {
    // A margin, so that rounding leaves nothing outside.
    Bounds { min: min.as_vec3() - 0.05, max: max.as_vec3() + 0.05 }
}
