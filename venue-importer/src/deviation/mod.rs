//! How far the levels of a package lie from the scan that it was made of, and another program's model beside them.
//!
//! Distances are measured both ways, from points that are spread evenly over one surface to the nearest place of the
//! other: one way tells what is there that should not be, the other what is missing.

mod command;
mod levels;
mod spread;

pub use command::Args;
pub use spread::Spread;

use crate::import::{self, Options, Quiet, orient};
use crate::nearest::{Surface, Triangle};
use crate::scan::{self, ReadOptions, Store};
use anyhow::{Context, Result, bail};
use glam::DAffine3;
use levels::Opened;
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// Points on each of two surfaces.
const POINTS: usize = 50_000;

/// How far one surface is from the scan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The level, 0 is the finest; none for a model.
    pub level: Option<usize>,
    /// The model's file; empty for levels.
    pub model: String,
    /// Triangles.
    pub triangles: usize,
    /// What the level's tiles promise, millimetres; none for a model.
    pub promised_mm: Option<f64>,
    /// From its surface to the scan's.
    pub to_scan: Spread,
    /// From the scan's surface to its own.
    pub from_scan: Spread,
}

/// What was found, in the order of levels, models last.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deviation {
    /// Triangles of the scan.
    pub scan_triangles: usize,
    /// One for each surface.
    pub rows: Vec<Row>,
}

/// Measures a package that was imported with these options, and models in the scan's own frame.
pub fn run(options: &Options, models: &[PathBuf]) -> Result<Deviation> {
    let scratch = tempfile::tempdir().context("no folder for scratch files could be made")?;
    let (alignments, options) = import::aligned(options)?;
    let how = ReadOptions { alignments, ..ReadOptions::default() };
    let store = read(&options.inputs, &scratch.path().join("scan"), &how)?;
    let orientation = orient::find(&store, &options, &Quiet)?;
    let scan = surface(&store, orientation.building_from_store)?;
    if scan.triangles().is_empty() {
        bail!("the scan has points alone; distances are measured between surfaces of triangles");
    }
    let mut rows = Vec::new();
    let opened = Opened::open(&options.into)?;
    for level in levels::levels(&opened.tiles) {
        let found = compare(&scan, &opened.surface(&level.tiles)?);
        let promised_mm = Some(f64::from(level.promised) * 1e3);
        rows.extend(found.map(|row| Row { level: Some(level.number), promised_mm, ..row }));
    }
    for (number, path) in models.iter().enumerate() {
        let model = read(std::slice::from_ref(path), &scratch.path().join(format!("model{number}")), &how)?;
        // Each store has its own origin.
        let moved = DAffine3::from_translation(model.info().origin - store.info().origin);
        let found = compare(&scan, &surface(&model, orientation.building_from_store * moved)?);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        rows.extend(found.map(|row| Row { model: name, ..row }));
    }
    Ok(Deviation { scan_triangles: scan.triangles().len(), rows })
}

fn read(inputs: &[PathBuf], into: &Path, options: &ReadOptions) -> Result<Store> {
    scan::read(inputs, into, options, &mut |_| {})?;
    Ok(Store::open(into)?)
}

fn surface(store: &Store, building_from_store: DAffine3) -> Result<Surface> {
    let mut triangles = Vec::with_capacity(store.info().triangles as usize);
    for batch in store.batches() {
        let batch = batch?;
        let corner = |index: u32| {
            building_from_store.transform_point3(batch.positions[index as usize].as_dvec3()).as_vec3()
        };
        for triangle in batch.indices.as_chunks::<3>().0 {
            triangles.push(Triangle::new(triangle.map(corner), triangles.len() as u32));
        }
    }
    Ok(Surface::new(triangles))
}

/// None when there is nothing to compare.
fn compare(scan: &Surface, other: &Surface) -> Option<Row> {
    Some(Row {
        level: None,
        model: String::new(),
        triangles: other.triangles().len(),
        promised_mm: None,
        to_scan: spread::measure(other, scan, POINTS)?,
        from_scan: spread::measure(scan, other, POINTS)?,
    })
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "distances to a scan of {} triangles, millimetres, the worse way:", self.scan_triangles)?;
        writeln!(
            f,
            "  {:<24}{:>12}{:>10}{:>10}{:>10}{:>10}",
            "", "triangles", "mean", "p99", "max", "promised"
        )?;
        for row in &self.rows {
            let name = row.level.map_or_else(|| row.model.clone(), |level| format!("level {level}"));
            let Spread { mean_mm, p99_mm, max_mm } = row.worse();
            let promised = row.promised_mm.map_or_else(String::new, |promised| format!("{promised:.2}"));
            writeln!(
                f,
                "  {name:<24}{:>12}{mean_mm:>10.3}{p99_mm:>10.3}{max_mm:>10.3}{promised:>10}",
                row.triangles
            )?;
        }
        Ok(())
    }
}

impl Row {
    /// The worse way of the two.
    pub fn worse(&self) -> Spread {
        self.to_scan.worse(self.from_scan)
    }
}
