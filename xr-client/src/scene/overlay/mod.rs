//! What a venue is made of, over the venue: where one can walk, and what stands where, with names. For whoever builds
//! it; it shows nothing that the package does not tell every visitor's program.
//!
//! It costs nothing while it is not shown. When it is, meshes are made a part a frame and then only drawn.

mod builder;
mod floor;
mod shapes;
mod signs;

pub(super) use signs::text_of as sign_of;

use super::tags::TagView;
use crate::anchors::{self, Anchor};
use crate::panels::Panels;
use crate::panels::words::Value;
use builder::Builder;
use glam::{Mat4, Vec4};
use signs::{Nearest, Sign};
use std::sync::Arc;
use venue_model::Language;
use venue_motion::{Storeys, Walkable};
use venue_package::Manifest;
use wgpu_renderer::{
    AlphaMode, Cover, Draw, Gpu, Label, MaterialData, MaterialId, MaterialKind, MeshId, RenderError,
    Renderer, TextureId,
};

/// Pieces of floor, and anchors, that become meshes in one frame.
const PIECES_A_FRAME: usize = 2_048;
const ANCHORS_A_FRAME: usize = 256;

/// Signs of seats farther than this are not read, metres.
const SEAT_REACH: f32 = 5.0;
const REACH: f32 = 30.0;

/// The overlay.
#[derive(Default)]
pub struct Overlay {
    shown: Option<Shown>,
    is_wanted: bool,
}

/// What is there of it.
struct Shown {
    manifest: Arc<Manifest>,
    walkable: Arc<Walkable>,
    storeys: Storeys,
    material: MaterialId,
    meshes: Vec<MeshId>,
    /// Pieces of floor and anchors that are in meshes.
    made: (usize, usize),
    signs: Vec<Sign>,
    /// The language of the signs.
    language: Option<Language>,
    nearest: Nearest,
}

impl Overlay {
    /// Shows it from now on, or does not.
    pub fn set_wanted(&mut self, is_wanted: bool) {
        self.is_wanted = is_wanted;
    }

    /// Whether it is to be seen.
    pub fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// Whether all of it is there, or nothing is wanted.
    pub fn is_settled(&self) -> bool {
        match &self.shown {
            Some(shown) => shown.is_complete(),
            None => !self.is_wanted,
        }
    }

    /// Follows the venue: makes a part of what is missing, and removes what is not wanted any more.
    pub fn advance(
        &mut self,
        gpu: &Gpu,
        renderer: &mut Renderer,
        venue: Option<(&Arc<Manifest>, &Arc<Walkable>)>,
    ) -> Result<(), RenderError> {
        let wanted = venue.filter(|_| self.is_wanted);
        let is_of = |shown: &mut Shown| {
            !wanted.is_some_and(|(manifest, walkable)| {
                Arc::ptr_eq(&shown.manifest, manifest) && Arc::ptr_eq(&shown.walkable, walkable)
            })
        };
        if let Some(old) = self.shown.take_if(is_of) {
            old.remove(renderer);
        }
        let Some((manifest, walkable)) = wanted else { return Ok(()) };
        match &mut self.shown {
            Some(shown) => shown.advance(gpu, renderer),
            none => {
                *none = Some(Shown::begin(gpu, renderer, manifest, walkable)?);
                Ok(())
            }
        }
    }

    /// What is drawn of it.
    pub fn append_draws(&self, draws: &mut Vec<Draw>) {
        let Some(shown) = &self.shown else { return };
        draws.extend(shown.meshes.iter().map(|mesh| Draw {
            mesh: *mesh,
            material: shown.material,
            world_from_model: Mat4::IDENTITY,
            tint: Vec4::ONE,
            cover: Cover::WHOLE,
            object_id: 0,
        }));
    }

    /// Its signs near the eye.
    pub fn append_labels(
        &mut self,
        panels: &mut Panels,
        atlas: Option<TextureId>,
        view: &TagView,
        labels: &mut Vec<Label>,
    ) {
        let Some(shown) = &mut self.shown else { return };
        let language = panels.words().language();
        if shown.language != Some(language) {
            shown.language = Some(language);
            shown.signs = signs(&shown.manifest, panels);
        }
        shown.nearest.append(&shown.signs, panels, atlas, view, labels);
    }
}

impl Shown {
    fn begin(
        gpu: &Gpu,
        renderer: &mut Renderer,
        manifest: &Arc<Manifest>,
        walkable: &Arc<Walkable>,
    ) -> Result<Self, RenderError> {
        let data = MaterialData {
            kind: MaterialKind::Unlit,
            alpha: AlphaMode::Blend,
            double_sided: true,
            ..MaterialData::default()
        };
        Ok(Self {
            manifest: Arc::clone(manifest),
            walkable: Arc::clone(walkable),
            storeys: Storeys::of(walkable.mesh()),
            material: renderer.add_material(gpu, &data)?,
            meshes: Vec::new(),
            made: (0, 0),
            signs: Vec::new(),
            language: None,
            nearest: Nearest::default(),
        })
    }

    fn is_complete(&self) -> bool {
        self.made.0 >= self.walkable.mesh().polygons.len() && self.made.1 >= anchor_count(&self.manifest)
    }

    /// Makes the next mesh.
    fn advance(&mut self, gpu: &Gpu, renderer: &mut Renderer) -> Result<(), RenderError> {
        if self.is_complete() {
            return Ok(());
        }
        let mut builder = Builder::default();
        let mesh = self.walkable.mesh();
        let (pieces, anchors) = self.made;
        if pieces < mesh.polygons.len() {
            let end = (pieces + PIECES_A_FRAME).min(mesh.polygons.len());
            floor::add(&mut builder, mesh, &self.storeys, pieces..end);
            self.made.0 = end;
        } else {
            let next = anchors::all(&self.manifest).skip(anchors).take(ANCHORS_A_FRAME);
            next.for_each(|anchor| shapes::add(&mut builder, &anchor));
            self.made.1 = anchors + ANCHORS_A_FRAME;
        }
        if !builder.is_empty() {
            self.meshes.push(builder.upload(gpu, renderer)?);
        }
        Ok(())
    }

    fn remove(self, renderer: &mut Renderer) {
        for mesh in self.meshes {
            renderer.remove_mesh(mesh);
        }
        renderer.remove_material(self.material);
    }
}

fn anchor_count(manifest: &Manifest) -> usize {
    // A count, not a walk over thousands: it is asked for in each frame.
    manifest.doors.len()
        + manifest.screens.len()
        + manifest.zones.len()
        + manifest.exhibits.len()
        + manifest.spawn_points.len()
        + manifest.seats.len()
}

fn signs(manifest: &Manifest, panels: &Panels) -> Vec<Sign> {
    let words = panels.words();
    let sign = |anchor: Anchor<'_>| {
        let name = anchor.name(manifest, words.language());
        let reach = if matches!(anchor, Anchor::Seat(_)) { SEAT_REACH } else { REACH };
        let text = words.with(anchor.sentence(), &[("name", Value::Text(&name))]);
        Sign { at: anchor.handle(), text, reach }
    };
    anchors::all(manifest).map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tiny_package;

    #[test]
    fn the_count_is_that_of_the_list() {
        let package = tiny_package();
        assert_eq!(anchor_count(package.manifest()), anchors::all(package.manifest()).count());
    }
}
