//! Step 1, read: the model and the exhibits that it names, as plain data.

use crate::extensions::{self, Exhibit};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Component, Path, PathBuf};
use venue_package::gltf::{Document, Limits};

/// A model with the files that it names.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Name without ending: the venue's id when the model gives none.
    pub name: String,
    /// The model.
    pub document: Document,
    /// Where the model lies: paths of panoramas begin there.
    pub folder: PathBuf,
    /// Exhibits in files of their own, by the name under which the model has them.
    pub exhibits: BTreeMap<String, Document>,
}

/// Reads a model from disk, and the exhibits beside it.
pub fn read_file(path: &Path) -> Result<Source> {
    let bytes = read_bytes(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let source = read(&name, &bytes, |source| read_bytes(&folder.join(source)))
        .with_context(|| format!("{} can not be read", path.display()))?;
    Ok(Source { folder: folder.to_owned(), ..source })
}

/// Reads a model from memory; `file` gives the exhibits.
pub fn read(name: &str, bytes: &[u8], file: impl Fn(&Path) -> Result<Vec<u8>>) -> Result<Source> {
    let document = Document::read(bytes, &Limits::IMPORT)?;
    let mut exhibits = BTreeMap::new();
    for node in document.scene_nodes() {
        // What is wrong with the extension itself is told by the step that places exhibits.
        let Ok(Some(Exhibit { source: Some(source), .. })) =
            extensions::get(&document.nodes[node], "VEV_exhibit")
        else {
            continue;
        };
        if let Entry::Vacant(place) = exhibits.entry(source) {
            let exhibit = read_exhibit(place.key(), &file).with_context(|| {
                format!("the exhibit {:?} of the node {:?}", place.key(), document.nodes[node].name)
            })?;
            place.insert(exhibit);
        }
    }
    Ok(Source { name: name.to_owned(), document, folder: PathBuf::new(), exhibits })
}

pub(crate) fn read_exhibit(source: &str, file: impl Fn(&Path) -> Result<Vec<u8>>) -> Result<Document> {
    let path = check_path(source)?;
    if path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("glb")) {
        bail!("it must be a .glb file");
    }
    Ok(Document::read(&file(path)?, &Limits::IMPORT)?)
}

/// A model from somebody else must not reach for any file of this machine by a full name.
pub(crate) fn check_path(source: &str) -> Result<&Path> {
    let path = Path::new(source);
    let is_relative = |part| matches!(part, Component::Normal(_) | Component::ParentDir | Component::CurDir);
    if !path.components().all(is_relative) {
        bail!("its path must be relative to the model");
    }
    Ok(path)
}

pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let length =
        std::fs::metadata(path).with_context(|| format!("there is no file {}", path.display()))?.len();
    if length > Limits::IMPORT.file_bytes {
        bail!("{} has {length} bytes; {} are allowed: divide it", path.display(), Limits::IMPORT.file_bytes);
    }
    std::fs::read(path).with_context(|| format!("{} can not be read", path.display()))
}
