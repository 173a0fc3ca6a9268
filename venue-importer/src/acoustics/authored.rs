//! The sound of an authored model's spaces: its nodes and materials as surfaces.

use super::figures::RoomFigures;
use super::materials;
use super::rules::Rules;
use super::surfaces::{Pictures, Surface};
use super::{Full, Room, build};
use crate::exhibits::Placed;
use crate::extensions::{self, Acoustics};
use crate::hierarchy::Piece as Run;
use crate::report::Report;
use crate::spaces::Rooms;
use crate::tiles::Piece;
use anyhow::Result;
use glam::{Mat4, Vec3};
use std::collections::BTreeMap;
use venue_model::Door;
use venue_package::gltf::{AlphaMode, Document};
use venue_package::manifest::{MediaType, SpaceAcoustics};
use venue_package::{AcousticMaterial, NavigationMesh, PackageWriter};

/// Writes the acoustic mesh of each space.
pub(crate) fn write(
    document: &Document,
    rooms: &Rooms,
    doors: &[Door],
    exhibits: &[Placed<'_>],
    floor: &NavigationMesh,
    writer: &mut PackageWriter,
    report: &mut Report,
) -> Vec<SpaceAcoustics> {
    let own = rooms.order.iter().filter(|&&at| rooms.nodes[at].exhibit.is_none());
    let own = own.filter_map(|&at| Piece::of(document, at, Mat4::IDENTITY));
    let pieces: Vec<Piece<'_>> =
        own.chain(exhibits.iter().flat_map(|exhibit| exhibit.pieces.iter().copied())).collect();
    let mut table = Table::default();
    let numbers: Vec<Vec<u16>> = pieces
        .iter()
        .map(|piece| piece.primitives().iter().map(|of| table.number(piece, of.material, report)).collect())
        .collect();
    let geometry = |visit: &mut dyn FnMut(&Run) -> Result<()>| -> Result<()> {
        for (piece, numbers) in pieces.iter().zip(&numbers) {
            let triangles = piece.primitives().iter().zip(numbers).filter(|(of, _)| !of.indices.is_empty());
            triangles
                .into_iter()
                .try_for_each(|(of, number)| visit(&crate::authored::run(piece, of, *number)))?;
        }
        Ok(())
    };
    let mut written = Vec::new();
    for space in &rooms.spaces {
        let room = Room {
            space,
            doors,
            floor,
            geometry: &geometry,
            full: Full { geometry: &geometry, error: 0.0 },
            surfaces: &table.surfaces,
            pictures: &table.pictures,
            rules: &table.rules,
            is_elsewhere: &|_| false,
            spacing: 0.0,
        };
        match build(&room) {
            Ok(Some((sound, _))) => {
                let mesh = writer.add_file(sound.mesh.to_bytes(), MediaType::Acoustics);
                written.push(SpaceAcoustics { space: space.id, mesh });
                tell(sound.figures, report);
            }
            Ok(None) => report.warn(unknown(&space.key)),
            Err(error) => report.error(format!("the acoustics of {}: {error:#}", space.key)),
        }
    }
    written
}

/// What is said when a space has no air.
pub(crate) fn unknown(key: &str) -> String {
    format!(
        "how {key} sounds is not known: there is no air above its floor; is it within the space's bounds?"
    )
}

/// Puts a space's figures into the report.
pub(crate) fn tell(figures: RoomFigures, report: &mut Report) {
    report.fact(format!("sound {}", figures.space), figures.mesh_sentence());
    report.fact("", figures.proof_sentence());
    report.fact("", figures.materials_sentence());
    if !figures.is_true() {
        report.warn(format!(
            "{} does not sound as its model: {}; tighter bounds or closed holes help",
            figures.space,
            figures.proof_sentence()
        ));
    }
    report.sound.push(figures);
}

/// The same when materials were changed and the full mesh is not at hand.
pub(crate) fn tell_again(figures: &RoomFigures, report: &mut Report) {
    report.fact(format!("sound {}", figures.space), figures.again_sentence());
    report.fact("", figures.materials_sentence());
}

/// Surfaces by document, node and material.
#[derive(Default)]
struct Table {
    surfaces: Vec<Surface>,
    numbers: BTreeMap<(*const Document, usize, Option<usize>), u16>,
    images: BTreeMap<(*const Document, usize), u32>,
    pictures: Pictures,
    rules: Rules,
}

impl Table {
    fn number(&mut self, piece: &Piece<'_>, material: Option<usize>, report: &mut Report) -> u16 {
        let document = piece.document;
        let key = (std::ptr::from_ref(document), piece.node, material);
        if let Some(&known) = self.numbers.get(&key) {
            return known;
        }
        // Models with more surfaces than numbers share the last.
        let number = self.surfaces.len().min(usize::from(u16::MAX)) as u16;
        let surface = self.surface(document, piece.node, material, report);
        if usize::from(number) == self.surfaces.len() {
            self.surfaces.push(surface);
        }
        self.numbers.insert(key, number);
        number
    }

    fn surface(
        &mut self,
        document: &Document,
        node: usize,
        material: Option<usize>,
        report: &mut Report,
    ) -> Surface {
        let mut names = vec![material.map_or_else(String::new, |at| document.materials[at].name.clone())];
        let mut said = None;
        let mut above = Some(node);
        while let Some(at) = above {
            let node = &document.nodes[at];
            names.push(node.name.clone());
            said = said.or_else(|| self.said(node, report));
            above = node.parent;
        }
        let Some(material) = material.map(|at| &document.materials[at]) else {
            return Surface { names, color: Vec3::ONE, opacity: 1.0, said, ..Surface::default() };
        };
        let picture = material.base_color_texture.map(|used| {
            let at = document.textures[used.texture].image;
            let pictures = &mut self.pictures;
            let image = &document.images[at];
            let key = (std::ptr::from_ref(document), at);
            *self.images.entry(key).or_insert_with(|| pictures.add(&image.bytes, &image.media_type))
        });
        Surface {
            names,
            color: material.base_color.truncate(),
            is_tinted: true,
            opacity: if material.alpha == AlphaMode::Blend { material.base_color.w } else { 1.0 },
            picture,
            said,
        }
    }

    /// What the node's extension says.
    fn said(&mut self, node: &venue_package::gltf::Node, report: &mut Report) -> Option<String> {
        let acoustics = match extensions::get::<Acoustics>(node, "VEV_acoustics") {
            Ok(acoustics) => acoustics?,
            Err(sentence) => {
                report.error(sentence);
                return None;
            }
        };
        match own_material(&acoustics) {
            Ok(None) => {}
            Ok(Some(material)) => self.rules.materials.push(material),
            Err(what) => {
                report.error(format!("the node {:?}: VEV_acoustics: {what}", node.name));
                return None;
            }
        }
        Some(acoustics.material)
    }
}

/// The coefficients that are given; none, when the name of a known material is enough.
pub(crate) fn own_material(said: &Acoustics) -> Result<Option<AcousticMaterial>, String> {
    let Acoustics { material, absorption, scattering, transmission } = said;
    let known = materials::by_name(material);
    let own = match (absorption, known) {
        (None, Some(_)) if scattering.is_none() && transmission.is_none() => return Ok(None),
        (None, None) => {
            let names: Vec<_> = materials::names().collect();
            return Err(format!(
                "{material:?} is not known, and has no absorption of its own; known are {}",
                names.join(", ")
            ));
        }
        (Some(absorption), None) => AcousticMaterial {
            name: material.clone(),
            absorption: *absorption,
            scattering: scattering.unwrap_or(0.2),
            transmission: transmission.unwrap_or([0.0; 3]),
        },
        (absorption, Some(known)) => AcousticMaterial {
            absorption: absorption.unwrap_or(known.absorption),
            scattering: scattering.unwrap_or(known.scattering),
            transmission: transmission.unwrap_or(known.transmission),
            ..known
        },
    };
    own.check().map_err(|what| format!("{material:?}: {what}"))?;
    Ok(Some(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_are_known_given_or_asked_for() {
        let said = |material: &str, absorption: Option<[f32; 3]>| Acoustics {
            material: material.into(),
            absorption,
            scattering: None,
            transmission: None,
        };
        assert_eq!(own_material(&said("carpet", None)), Ok(None));
        let thick = own_material(&said("carpet", Some([0.3, 0.6, 0.9]))).unwrap().unwrap();
        assert_eq!((thick.absorption, thick.scattering), ([0.3, 0.6, 0.9], 0.3));
        let felt = own_material(&said("felt wall", Some([0.5; 3]))).unwrap().unwrap();
        assert_eq!((felt.name.as_str(), felt.transmission), ("felt wall", [0.0; 3]));
        let error = own_material(&said("felt wall", None)).unwrap_err();
        assert!(error.contains("\"felt wall\" is not known") && error.contains("carpet, curtain"), "{error}");
        assert!(own_material(&said("x", Some([2.0; 3]))).unwrap_err().contains("must be 0 to 1"));
    }
}
