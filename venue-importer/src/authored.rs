//! Step 5, tiles: large authored geometry as a hierarchy of tiles; small as one tile with its pictures as they are.

use crate::hierarchy::{self, Hierarchy, Input, Kind, Look, Piece as Run, Seams, Settings};
use crate::report::Report;
use crate::spaces::Rooms;
use crate::textures::Sources;
use crate::tiles::{self, Piece};
use anyhow::{Context, Result};
use glam::{DMat4, DVec3, Mat3, Mat4, Vec3};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use venue_model::SpaceId;
use venue_package::gltf::{Document, Limits, Material, Primitive, picture_size};
use venue_package::manifest::MediaType;
use venue_package::{PackageWriter, Tile};

/// How tiles are made, and where.
#[derive(Clone, Copy, Debug)]
pub struct Making<'a> {
    /// The sizes and codecs.
    pub settings: &'a Settings,
    /// A folder for what does not fit into memory.
    pub scratch: &'a Path,
}

/// Tiles for each space, and for what is in none.
pub(crate) fn write_spaces(
    document: &Document,
    rooms: &Rooms,
    making: Making<'_>,
    writer: &mut PackageWriter,
    report: &mut Report,
) -> Vec<Tile> {
    let mut pieces: BTreeMap<Option<SpaceId>, Vec<Piece<'_>>> = BTreeMap::new();
    for &at in rooms.order.iter().filter(|&&at| rooms.nodes[at].exhibit.is_none()) {
        let Some(piece) = Piece::of(document, at, Mat4::IDENTITY) else { continue };
        if document.nodes[at].skin.is_some() {
            report
                .warn(format!("the node {:?} has a skin; it is shown as it stands", document.nodes[at].name));
        }
        pieces.entry(rooms.nodes[at].space).or_default().push(piece);
    }
    let mut tiles = Vec::new();
    for (space, pieces) in &pieces {
        let key = rooms.spaces.iter().find(|known| Some(known.id) == *space).map(|known| known.key.as_str());
        write(key.unwrap_or("surroundings"), pieces, *space, making, (writer, &mut tiles), report);
    }
    tiles
}

/// Appends the tiles of these pieces; gives the number of the topmost.
pub(crate) fn write(
    name: &str,
    pieces: &[Piece<'_>],
    space: Option<SpaceId>,
    making: Making<'_>,
    into: (&mut PackageWriter, &mut Vec<Tile>),
    report: &mut Report,
) -> Option<usize> {
    let (writer, all) = into;
    if !is_large(pieces, making.settings) || has_own_glow(pieces) {
        all.push(tiles::write(name, pieces, space, writer, report)?);
        return Some(all.len() - 1);
    }
    match divide(name, pieces, space, making, writer, report) {
        Ok(made) => {
            let first = all.len();
            let below = |tile: &Tile| Tile { parent: tile.parent.map(|at| at + first as u32), ..*tile };
            all.extend(made.tiles.iter().map(below));
            (all.len() > first).then_some(first)
        }
        Err(error) => {
            report.error(format!("the tiles of {name}: {error:#}"));
            None
        }
    }
}

/// Whether the coarsest tile alone would be slow to fetch.
fn is_large(pieces: &[Piece<'_>], settings: &Settings) -> bool {
    let triangles: usize =
        pieces.iter().flat_map(Piece::primitives).map(|primitive| primitive.indices.len() / 3).sum();
    let mut pictures = BTreeMap::new();
    for (document, material) in materials(pieces) {
        if let Some(image) = picture_of(document, material)
            && let Ok((width, height)) = picture_size(&document.images[image].bytes, &Limits::IMPORT)
        {
            pictures.insert((std::ptr::from_ref(document), image), f64::from(width) * f64::from(height));
        }
    }
    triangles as u64 > settings.coarsest.items || pictures.values().sum::<f64>() > settings.coarsest.texels
}

/// Whether a glow has a picture: it stays as it is, because a tile's picture is one of base colour.
fn has_own_glow(pieces: &[Piece<'_>]) -> bool {
    materials(pieces).any(|(_, material)| material.emissive_texture.is_some())
}

fn materials<'a>(pieces: &'a [Piece<'a>]) -> impl Iterator<Item = (&'a Document, &'a Material)> {
    pieces.iter().flat_map(|piece| {
        let of = |primitive: &'a Primitive| {
            primitive.material.map(|at| (piece.document, &piece.document.materials[at]))
        };
        piece.primitives().iter().filter_map(of)
    })
}

fn picture_of(document: &Document, material: &Material) -> Option<usize> {
    material.base_color_texture.map(|used| document.textures[used.texture].image)
}

/// Looks by document and material, with the pictures that they show.
#[derive(Default)]
struct Palette {
    looks: Vec<Look>,
    numbers: BTreeMap<(*const Document, Option<usize>), u16>,
    pictures: BTreeMap<(*const Document, usize), Option<u32>>,
    sources: Sources,
}

impl Palette {
    fn add(&mut self, piece: &Piece<'_>, material: Option<usize>, folder: &Path, report: &mut Report) {
        let document = piece.document;
        let key = (std::ptr::from_ref(document), material);
        if self.numbers.contains_key(&key) {
            return;
        }
        let source = material.map(|at| document.materials[at].clone()).unwrap_or_default();
        let left_out = [source.normal_texture, source.metallic_roughness_texture, source.occlusion_texture];
        if left_out.iter().any(Option::is_some) {
            report.warn(format!("the material {:?}: {}", source.name, tiles::LEFT_OUT));
        }
        let picture =
            picture_of(document, &source).and_then(|image| self.picture(document, image, folder, report));
        self.numbers.insert(key, self.looks.len() as u16);
        self.looks.push(Look {
            base_color: source.base_color.to_array(),
            unlit: source.unlit,
            double_sided: source.double_sided,
            alpha: source.alpha,
            roughness: source.roughness,
            metallic: source.metallic,
            emissive: source.emissive.to_array(),
            name: source.name,
            picture,
        });
    }

    fn picture(&mut self, document: &Document, at: usize, folder: &Path, report: &mut Report) -> Option<u32> {
        let key = (std::ptr::from_ref(document), at);
        if let Some(&known) = self.pictures.get(&key) {
            return known;
        }
        let image = &document.images[at];
        let added = self.sources.add(&image.bytes, &image.media_type, folder);
        let number = added.map_err(|error| report.warn(format!("image {at} is left out: {error:#}"))).ok();
        self.pictures.insert(key, number);
        number
    }

    fn number(&self, piece: &Piece<'_>, material: Option<usize>) -> u16 {
        self.numbers.get(&(std::ptr::from_ref(piece.document), material)).copied().unwrap_or(0)
    }
}

fn divide(
    name: &str,
    pieces: &[Piece<'_>],
    space: Option<SpaceId>,
    making: Making<'_>,
    writer: &mut PackageWriter,
    report: &mut Report,
) -> Result<Hierarchy> {
    let folder = tempfile::tempdir_in(making.scratch).context("no folder for scratch files could be made")?;
    let mut palette = Palette::default();
    for piece in pieces {
        for primitive in piece.primitives() {
            palette.add(piece, primitive.material, folder.path(), report);
        }
    }
    let numbers: Vec<Vec<u16>> = pieces
        .iter()
        .map(|piece| piece.primitives().iter().map(|p| palette.number(piece, p.material)).collect())
        .collect();
    let geometry = |visit: &mut dyn FnMut(&Run) -> Result<()>| -> Result<()> {
        for (piece, numbers) in pieces.iter().zip(&numbers) {
            for (primitive, look) in piece.primitives().iter().zip(numbers) {
                visit(&run(piece, primitive, *look))?;
            }
        }
        Ok(())
    };
    let mut bounds: Option<[DVec3; 2]> = None;
    geometry(&mut |run| {
        for &point in &run.positions {
            let [min, max] = bounds.unwrap_or([point; 2]);
            bounds = Some([min.min(point), max.max(point)]);
        }
        Ok(())
    })?;
    let input = Input {
        name,
        bounds: bounds.context("there are no triangles")?,
        geometry: &geometry,
        looks: &palette.looks,
        sources: &palette.sources,
        space,
        kind: Kind::Triangles,
        stations: &[],
        seams: &Seams::default(),
        kept: None,
    };
    let writer = Mutex::new(writer);
    let sink =
        |bytes| Ok(writer.lock().unwrap_or_else(PoisonError::into_inner).add_file(bytes, MediaType::Glb));
    let made = hierarchy::build(input, making.settings, folder.path(), &sink, &|_| {})?;
    report.fact(
        format!("tiles {name}"),
        format!(
            "{} triangles in {} tiles of {} levels, {:.1} MB (finest {:.1} MB)",
            made.triangles,
            made.tiles.len(),
            made.levels,
            made.bytes[1] as f64 / 1e6,
            made.bytes[0] as f64 / 1e6
        ),
    );
    Ok(made)
}

/// A primitive where it stands.
pub(crate) fn run(piece: &Piece<'_>, primitive: &Primitive, look: u16) -> Run {
    let world: DMat4 = piece.world.as_dmat4();
    let is_mirrored = piece.world.determinant() < 0.0;
    let triangle = |t: &[u32; 3]| if is_mirrored { [t[0], t[2], t[1]] } else { *t };
    let turn = Mat3::from_mat4(piece.world).inverse().transpose();
    let used = primitive.material.and_then(|at| piece.document.materials[at].base_color_texture);
    let uvs = used.map_or_else(Vec::new, |used| {
        primitive.uvs[used.uv_set].iter().map(|&uv| used.transform.apply(uv)).collect()
    });
    let color = |color: &glam::Vec4| {
        let [r, g, b, a] = color.clamp(glam::Vec4::ZERO, glam::Vec4::ONE).to_array();
        let srgb = |x: f32| if x <= 0.003_130_8 { x * 12.92 } else { 1.055 * x.powf(1.0 / 2.4) - 0.055 };
        [srgb(r), srgb(g), srgb(b), a].map(|x| (x * 255.0).round() as u8)
    };
    Run {
        positions: primitive.positions.iter().map(|p| world.transform_point3(p.as_dvec3())).collect(),
        normals: primitive.normals.iter().map(|&n| (turn * n).try_normalize().unwrap_or(Vec3::Y)).collect(),
        uvs,
        colors: primitive.colors.iter().map(color).collect(),
        indices: primitive.indices.as_chunks::<3>().0.iter().flat_map(triangle).collect(),
        look,
        station: 0,
    }
}
