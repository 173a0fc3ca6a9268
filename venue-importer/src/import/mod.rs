//! The order of the steps from a scan to a package: read, orient, tiles (with clean, levels of detail and
//! textures), navigation, places, pack, check; [`steps`] measures each.
//!
//! Steps leave what they made in a work folder beside the package, so that an import that was interrupted goes
//! on where it was. The folder goes when the package is there.

mod budget;
mod ground;
pub mod orient;
pub mod page;
mod plan;
mod progress;
mod shape;
mod spawn;
mod steps;
mod top_view;
mod work;

pub use progress::{Progress, Quiet};

use crate::hierarchy::{self, Hierarchy, Input, Kind, Settings};
use crate::navigation::{self, Ground};
use crate::places::Places;
use crate::report::{Figures, Report};
use crate::scan::{self, ReadOptions, Store, Up};
use crate::spaces::Rooms;
use crate::spent::Part;
use crate::textures::Codec;
use anyhow::{Context, Result, bail};
use shape::Shape;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use venue_model::{Bounds, Localized, Space, SpaceId};
use venue_package::manifest::{self, Manifest, MediaType};
use venue_package::writer::FolderWriter;
use venue_package::{DirectorySource, NavigationMesh, Tile, Tileset, validate};
use work::Work;

/// What is imported, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files, folders and archives.
    pub inputs: Vec<PathBuf>,
    /// The package to make.
    pub into: PathBuf,
    /// The venue's id and English name.
    pub name: Option<String>,
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

/// Imports a scan. The report tells what was found and made, step by step.
pub fn run(options: &Options, progress: &dyn Progress) -> Result<Report> {
    let mut report = Report::default();
    let work = Work::open(&options.into)?;
    let store = steps::run("read", progress, &mut report, |report| read(options, &work, progress, report))?;
    let orientation = steps::run("orient", progress, &mut report, |report| {
        let orientation = orient::find(&store, options, progress)?;
        orientation.describe(report);
        Ok(orientation)
    })?;
    let shape = steps::run("pictures", progress, &mut report, |report| {
        Shape::load(&store, &orientation, options, &work, progress, report)
    })?;
    let mut writer = FolderWriter::create(&options.into)?;
    let space = Space {
        id: SpaceId(1),
        key: "main".into(),
        name: Localized::english(options.name.clone().unwrap_or_else(|| title(options))),
        bounds: shape.bounds(),
    };
    let tiles = steps::run("tiles", progress, &mut report, |report| {
        tiles(&shape, space.id, options, &work, &mut writer, progress, report)
    })?;
    let (navigation, places) = steps::run("navigation", progress, &mut report, |report| {
        walking(&shape, &space, tiles.surfel_radius, progress, report)
    })?;
    report.stop_on_errors()?;
    steps::run("pack", progress, &mut report, |report| {
        pack(options, space, places, &navigation, tiles, &store, writer, report)
    })?;
    steps::run("check", progress, &mut report, |report| check(&options.into, report))?;
    work.remove();
    Ok(report)
}

fn read(options: &Options, work: &Work, progress: &dyn Progress, report: &mut Report) -> Result<Store> {
    let folder = work.folder("scan");
    if work.is_done("scan", &options.inputs)?
        && let Ok(store) = Store::open(&folder)
    {
        report.fact("scan", "read by an earlier run");
        return Ok(store);
    }
    let mut tell = |at: scan::Progress<'_>| progress.step("read", at.file, at.done as f64, at.total as f64);
    scan::read(&options.inputs, &folder, &ReadOptions::default(), &mut tell)?;
    work.done("scan", &options.inputs)?;
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

fn tiles(
    shape: &Shape<'_>,
    space: SpaceId,
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
    let geometry = |visit: &mut dyn FnMut(&hierarchy::Piece) -> Result<()>| shape.visit(visit);
    let stations = shape.stations();
    let kept = work.folder("packed");
    std::fs::create_dir_all(&kept).with_context(|| format!("{}", kept.display()))?;
    let input = |kind| Input {
        name: "main",
        bounds: shape.corners(),
        geometry: &geometry,
        looks: shape.looks(),
        sources: shape.sources(),
        space: Some(space),
        kind,
        stations: &stations,
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
    let first = made.tiles.len() as u32;
    made.tiles
        .extend(points.tiles.iter().map(|tile| Tile { parent: tile.parent.map(|at| at + first), ..*tile }));
    made.surfel_radius = points.surfel_radius;
    made.figures.extend(points.figures);
    made.triangles += points.triangles;
    for (at, part) in Part::ALL.into_iter().enumerate() {
        made.spent[at] += points.spent[at];
        report.parts.push((part.name().to_owned(), made.spent[at]));
    }
    made.bytes = [0, 1].map(|at| made.bytes[at] + points.bytes[at]);
    if made.tiles.is_empty() {
        bail!("the scan has neither triangles nor points that could be shown");
    }
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

/// The floor that people walk on, and where they appear.
fn walking(
    shape: &Shape<'_>,
    space: &Space,
    surfel_radius: f32,
    progress: &dyn Progress,
    report: &mut Report,
) -> Result<(NavigationMesh, Places)> {
    progress.step("navigation", "", 0.0, 1.0);
    let mut ground: Ground = ground::collect(shape, space.id, surfel_radius)?;
    let rooms = Rooms { spaces: vec![space.clone()], ..Rooms::default() };
    let floor = |ground: &Ground, report: &mut Report| {
        let all = navigation::everywhere(ground, &Places::default(), report)?;
        spawn::suggest(&all, space.id).map(|spawn| (all, spawn))
    };
    let mut found = floor(&ground, report);
    if found.is_none() && report.errors.is_empty() {
        report.warn(
            "nothing to stand on was found, so a level floor was laid at height zero; if the scan has one, is the \
             right axis up (--up), are the units right (--units)?",
        );
        ground::lay_floor(&mut ground, space);
        found = floor(&ground, report);
    }
    report.stop_on_errors()?;
    let (all, spawn) = found.context("no floor was found, and none could be laid")?;
    report.fact("people appear at", format!("{:.2}", spawn.place.position));
    let places = Places { spawn_points: vec![spawn], ..Places::default() };
    let mesh = navigation::reachable(&all, &rooms, &places, report);
    progress.step("navigation", "", 1.0, 1.0);
    Ok((mesh, places))
}

#[expect(clippy::too_many_arguments, reason = "a manifest has many parts")]
fn pack(
    options: &Options,
    space: Space,
    places: Places,
    navigation: &NavigationMesh,
    tiles: Hierarchy,
    store: &Store,
    mut writer: FolderWriter,
    report: &mut Report,
) -> Result<()> {
    let credits = store.info().credits.iter().map(|text| manifest::Credit {
        what: "scan".into(),
        author: text.chars().take(200).collect(),
        source: String::new(),
        license: "see the author".into(),
    });
    let mut figures = Figures {
        scan_triangles: store.info().triangles,
        scan_points: store.info().points,
        finest_items: tiles.triangles,
        finest_bytes: tiles.bytes[0],
        tiles_bytes: tiles.bytes[1],
        package_bytes: 0,
        tiles: tiles.figures,
    };
    let manifest = Manifest {
        format: manifest::FORMAT.into(),
        version: manifest::VERSION,
        id: crate::pack::id_from(&options.name.clone().unwrap_or_else(|| title(options))),
        name: space.name.clone(),
        spaces: vec![space],
        doors: places.doors,
        seats: places.seats,
        spawn_points: places.spawn_points,
        zones: places.zones,
        screens: places.screens,
        exhibits: Vec::new(),
        emitters: Vec::new(),
        environment: manifest::Environment::default(),
        tileset: writer.add_tileset(&Tileset { tiles: tiles.tiles })?,
        navigation: writer.add_file(&navigation.to_bytes(), MediaType::Navigation)?,
        files: Vec::new(),
        frame: None,
        credits: credits.collect(),
    };
    let manifest = writer.finish(manifest).context("the package could not be written")?;
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    figures.package_bytes = bytes;
    report.figures = Some(figures);
    report.fact("package", format!("{} files, {:.1} MB", manifest.files.len() + 1, bytes as f64 / 1e6));
    Ok(())
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
