//! Exhibits on a scan: things in files of their own, as tiles of their own.

use super::placement::{Placement, Thing};
use crate::authored::Making;
use crate::exhibits::{self, Placed};
use crate::read;
use crate::report::Report;
use crate::tiles::Piece;
use anyhow::{Context, Result};
use std::path::Path;
use venue_package::gltf::Document;
use venue_package::manifest;
use venue_package::writer::FolderWriter;
use venue_package::{PackageWriter, Tile};

/// Writes the exhibits; paths begin at `folder`.
pub(super) fn write(
    placement: &Placement,
    folder: &Path,
    making: Making<'_>,
    writer: &mut FolderWriter,
    tiles: &mut Vec<Tile>,
    report: &mut Report,
) -> Result<Vec<manifest::Exhibit>> {
    let documents = documents(folder, &placement.things)?;
    let placed: Vec<Placed<'_>> = documents
        .iter()
        .zip(&placement.things)
        .map(|(document, thing)| {
            let nodes = document.scene_nodes().into_iter();
            let pieces = nodes.filter_map(|at| Piece::of(document, at, thing.world)).collect();
            Placed { space: thing.space, name: thing.name.clone(), pieces }
        })
        .collect();
    for (placed, thing) in placed.iter().zip(&placement.things) {
        if placed.pieces.is_empty() {
            report.error(format!("the exhibit {:?} has no geometry", thing.source));
        }
    }
    report.stop_on_errors()?;
    let mut memory = PackageWriter::default();
    let made = exhibits::write(&placed, making, &mut memory, tiles, report);
    for (bytes, media_type) in memory.into_files() {
        writer.add_file(&bytes, media_type)?;
    }
    Ok(made)
}

fn documents(folder: &Path, things: &[Thing]) -> Result<Vec<Document>> {
    let one = |thing: &Thing| {
        let named = || format!("the exhibit {:?}", thing.source);
        read::read_exhibit(&thing.source, |path| read::read_bytes(&folder.join(path))).with_context(named)
    };
    things.iter().map(one).collect()
}
