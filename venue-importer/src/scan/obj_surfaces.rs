//! Which surface a face of an OBJ has: libraries, pictures, and sets of pictures side by side.

use super::error::{ScanError, shown};
use super::info::{Alpha, ScanMaterial};
use super::mtl::{self, Map, Mtl};
use super::sink::Sink;
use super::source::Source;
use super::udim::Tiled;
use glam::Vec2;
use std::collections::{BTreeMap, BTreeSet};

/// Largest library, bytes.
const LIBRARY_BYTES: u64 = 256 << 20;

/// What a triangle gets.
#[derive(Clone, Copy, Default)]
pub(super) struct Surface {
    pub(super) material: Option<u32>,
    /// For texture coordinates as OBJ has them.
    pub(super) scale: Vec2,
    pub(super) offset: Vec2,
}

/// The libraries that were read, and the surface that is chosen.
#[derive(Default)]
pub(super) struct Surfaces {
    materials: BTreeMap<String, Mtl>,
    libraries: BTreeSet<String>,
    /// By name of the material, and by tile.
    made: BTreeMap<(String, Option<[u32; 2]>), Surface>,
    /// By name of the file.
    pictures: BTreeMap<String, Option<u32>>,
    current: Option<Current>,
}

struct Current {
    mtl: Mtl,
    /// The set of pictures of which a triangle's texture coordinates choose one.
    set: Option<Tiled>,
    /// Of the tile that was asked for last.
    last: Option<(Option<[u32; 2]>, Surface)>,
}

impl Surfaces {
    /// Reads a library; without it all is plain.
    pub(super) fn library(
        &mut self,
        source: &Source,
        sink: &mut Sink<'_>,
        name: &[u8],
    ) -> Result<(), ScanError> {
        let whole = String::from_utf8_lossy(name).into_owned();
        // One name with spaces, or several names.
        let one = find(source, &whole);
        let found: Vec<_> = match one {
            Ok(file) => vec![Ok(file)],
            Err(_) if whole.split_whitespace().count() > 1 => {
                whole.split_whitespace().map(|name| find(source, name)).collect()
            }
            Err(error) => vec![Err(error)],
        };
        for file in found {
            match file {
                Ok(file) if file.length > LIBRARY_BYTES => {
                    return Err(file.wrong("", format!("it has more than {LIBRARY_BYTES} bytes")));
                }
                Ok(file) => {
                    if self.libraries.insert(file.name.clone()) {
                        for mtl in mtl::read(&file)? {
                            self.materials.entry(mtl.name.clone()).or_insert(mtl);
                        }
                    }
                }
                Err(error) => sink.warn(format!("{error}; its surfaces are plain")),
            }
        }
        Ok(())
    }

    /// From here on faces have this material.
    pub(super) fn choose(
        &mut self,
        source: &Source,
        sink: &mut Sink<'_>,
        name: &[u8],
    ) -> Result<(), ScanError> {
        let name = shown(&String::from_utf8_lossy(name));
        if self.current.as_ref().is_some_and(|current| current.mtl.name == name) {
            return Ok(());
        }
        let mtl = match self.materials.get(&name) {
            Some(mtl) => mtl.clone(),
            None => {
                sink.warn(format!("{}: no library has the material {name:?}; it is plain", source.name));
                Mtl::plain(&name)
            }
        };
        let set =
            mtl.picture.as_ref().and_then(|map| Tiled::find(&map.file)).filter(|set| self.is_alone(set));
        self.current = Some(Current { mtl, set, last: None });
        Ok(())
    }

    /// Whether the set's pictures are chosen by texture coordinates: not when each has a material of its own.
    fn is_alone(&self, set: &Tiled) -> bool {
        let pictures = self.materials.values().filter_map(|mtl| mtl.picture.as_ref());
        let of_set =
            pictures.filter_map(|map| Tiled::find(&map.file)).filter(|other| other.set() == set.set());
        of_set.map(|other| other.tile).collect::<BTreeSet<_>>().len() == 1
    }

    pub(super) fn is_tiled(&self) -> bool {
        self.current.as_ref().is_some_and(|current| current.set.is_some())
    }

    /// The surface of a triangle whose texture coordinates lie in this tile.
    pub(super) fn of(
        &mut self,
        source: &Source,
        sink: &mut Sink<'_>,
        tile: Option<[u32; 2]>,
    ) -> Result<Surface, ScanError> {
        let Some(current) = &self.current else {
            return Ok(Surface { scale: Vec2::ONE, ..Surface::default() });
        };
        if let Some((_, surface)) = current.last.filter(|(last, _)| *last == tile) {
            return Ok(surface);
        }
        let key = (current.mtl.name.clone(), tile);
        let surface = match self.made.get(&key) {
            Some(&known) => known,
            None => {
                let (mtl, set) = (current.mtl.clone(), current.set.clone());
                let surface = self.make(source, sink, &mtl, set.as_ref(), tile)?;
                self.made.insert(key, surface);
                surface
            }
        };
        if let Some(current) = &mut self.current {
            current.last = Some((tile, surface));
        }
        Ok(surface)
    }

    fn make(
        &mut self,
        source: &Source,
        sink: &mut Sink<'_>,
        mtl: &Mtl,
        set: Option<&Tiled>,
        tile: Option<[u32; 2]>,
    ) -> Result<Surface, ScanError> {
        let plain = Map { file: String::new(), scale: Vec2::ONE, offset: Vec2::ZERO };
        let map = mtl.picture.clone().unwrap_or(plain);
        let (file, name, offset) = match (set, tile) {
            (Some(set), Some([column, row])) => {
                let name = format!("{} {}/{}", mtl.name, column + 1, row + 1);
                (set.name([column, row]), name, -Vec2::new(column as f32, row as f32))
            }
            (Some(set), None) => (set.name(set.tile.unwrap_or_default()), mtl.name.clone(), Vec2::ZERO),
            (None, _) => (map.file.clone(), mtl.name.clone(), Vec2::ZERO),
        };
        let picture = if file.is_empty() { None } else { self.picture(source, sink, &file)? };
        let alpha = match mtl.has_mask {
            true => Alpha::Mask(0.5),
            false if mtl.opacity < 1.0 => Alpha::Blend,
            false => Alpha::Opaque,
        };
        // A picture is the whole colour: programs write any factor beside it.
        let color = if picture.is_some() { glam::Vec3::ONE } else { mtl.color };
        let material = sink.material(ScanMaterial {
            name,
            base_color: color.extend(mtl.opacity),
            picture,
            unlit: mtl.unlit,
            double_sided: false,
            alpha,
        })?;
        Ok(Surface { material: Some(material), scale: map.scale, offset: map.offset + offset })
    }

    fn picture(
        &mut self,
        source: &Source,
        sink: &mut Sink<'_>,
        name: &str,
    ) -> Result<Option<u32>, ScanError> {
        if let Some(&known) = self.pictures.get(name) {
            return Ok(known);
        }
        let picture = match find(source, name) {
            Ok(file) => sink.picture_file(&file)?,
            Err(error) => {
                sink.warn(format!("{error}; its surfaces are plain"));
                None
            }
        };
        self.pictures.insert(name.to_owned(), picture);
        Ok(picture)
    }
}

/// A file that is named from elsewhere, often with the folders of another computer: then it is looked for here.
fn find(source: &Source, name: &str) -> Result<Source, ScanError> {
    source.sibling(name).or_else(|error| {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        match last == name {
            true => Err(error),
            false => source.sibling(last),
        }
    })
}
