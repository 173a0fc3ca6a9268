//! The scan in the building frame: the store's batches, turned, scaled and moved, with looks and pictures.

use super::orient::Orientation;
use super::redact::Hidden;
use super::work::Work;
use super::{Options, Progress, bounds};
use crate::hierarchy::{Look, Piece};
use crate::report::Report;
use crate::scan::{Alpha, Batch, ScanMaterial, Store};
use crate::textures::Sources;
use anyhow::{Context, Result};
use glam::DVec3;
use venue_model::Bounds;
use venue_package::gltf::AlphaMode;

/// Grey of surfaces that were captured without any colour; linear.
const PLAIN: [f32; 4] = [0.55, 0.55, 0.55, 1.0];

/// A scan in the building frame.
pub(super) struct Shape<'a> {
    store: &'a Store,
    orientation: &'a Orientation,
    corners: [DVec3; 2],
    looks: Vec<Look>,
    sources: Sources,
    hidden: Vec<Hidden>,
}

impl<'a> Shape<'a> {
    /// Unpacks the pictures and measures.
    pub(super) fn load(
        store: &'a Store,
        orientation: &'a Orientation,
        options: &Options,
        work: &Work,
        progress: &dyn Progress,
        report: &mut Report,
    ) -> Result<Self> {
        let info = store.info();
        let mut sources = Sources::default();
        let mut numbers = Vec::new();
        for (at, picture) in info.pictures.iter().enumerate() {
            progress.step("pictures", &picture.name, at as f64, info.pictures.len() as f64);
            let path = store.picture_path(at as u32).context("a picture is missing in the work folder")?;
            let bytes = std::fs::read(&path).with_context(|| format!("{}", path.display()))?;
            match sources.add(&bytes, &picture.media_type, &work.folder("pictures")) {
                Ok(number) => numbers.push(Some(number)),
                Err(error) => {
                    report.warn(format!("the picture {} is left out: {error:#}", picture.name));
                    numbers.push(None);
                }
            }
        }
        let mut looks: Vec<Look> =
            info.materials.iter().map(|material| look(material, &numbers, options)).collect();
        // The last look is that of what has no material.
        let is_captured = info.has_colors && !options.lit;
        looks.push(Look {
            name: "scan".into(),
            unlit: is_captured,
            base_color: if info.has_colors { [1.0; 4] } else { PLAIN },
            ..Look::default()
        });
        let hidden = Vec::new();
        let mut shape = Self { store, orientation, corners: [DVec3::ZERO; 2], looks, sources, hidden };
        shape.corners = shape.measure()?;
        Ok(shape)
    }

    fn measure(&self) -> Result<[DVec3; 2]> {
        let mut corners: Option<[DVec3; 2]> = None;
        self.visit(&mut |piece| {
            for &point in &piece.positions {
                let [min, max] = corners.unwrap_or([point; 2]);
                corners = Some([min.min(point), max.max(point)]);
            }
            Ok(())
        })?;
        corners.context("the scan is empty")
    }

    /// Gives every batch, always in the same order.
    pub(super) fn visit(&self, visit: &mut dyn FnMut(&Piece) -> Result<()>) -> Result<()> {
        for batch in self.store.batches() {
            let mut piece = self.piece(&batch?);
            Hidden::paint(&self.hidden, &mut piece);
            visit(&piece)?;
        }
        Ok(())
    }

    fn piece(&self, batch: &Batch) -> Piece {
        let to_building = &self.orientation.building_from_store;
        let turn = self.orientation.turn().as_quat();
        let nothing = self.looks.len() as u16 - 1;
        Piece {
            positions: batch.positions.iter().map(|p| to_building.transform_point3(p.as_dvec3())).collect(),
            normals: batch.normals.iter().map(|&normal| turn * normal).collect(),
            uvs: batch.uvs.clone(),
            colors: batch.colors.clone(),
            indices: batch.indices.clone(),
            look: batch.material.map_or(nothing, |material| (material as u16).min(nothing)),
            station: batch.station.map_or(0, |station| station as u16 + 1),
        }
    }

    /// Whether there are triangles, and points.
    pub(super) fn has(&self) -> [bool; 2] {
        let info = self.store.info();
        [info.triangles > 0, info.points > 0]
    }

    /// From here on these areas are painted over.
    pub(super) fn hide(&mut self, hidden: Vec<Hidden>) {
        self.hidden = hidden;
    }

    /// Where scanners stood, metres.
    pub(super) fn stations(&self) -> Vec<DVec3> {
        let to_building = &self.orientation.building_from_store;
        self.store.info().stations.iter().map(|&station| to_building.transform_point3(station)).collect()
    }

    /// Lowest and highest corner, metres.
    pub(super) fn corners(&self) -> [DVec3; 2] {
        self.corners
    }

    /// The same with a margin.
    pub(super) fn bounds(&self) -> Bounds {
        bounds(self.corners[0], self.corners[1])
    }

    pub(super) fn looks(&self) -> &[Look] {
        &self.looks
    }

    pub(super) fn sources(&self) -> &Sources {
        &self.sources
    }
}

fn look(material: &ScanMaterial, pictures: &[Option<u32>], options: &Options) -> Look {
    let picture = material.picture.and_then(|at| pictures.get(at as usize).copied().flatten());
    Look {
        name: material.name.clone(),
        base_color: material.base_color.to_array(),
        // A photograph holds its light already.
        unlit: material.unlit || (picture.is_some() && !options.lit),
        double_sided: material.double_sided,
        alpha: match material.alpha {
            Alpha::Opaque => AlphaMode::Opaque,
            Alpha::Mask(cutoff) => AlphaMode::Mask(cutoff),
            Alpha::Blend => AlphaMode::Blend,
        },
        picture,
        ..Look::default()
    }
}
