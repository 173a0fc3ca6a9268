//! Panoramas around spaces: pictures in files of their own, checked, and without what they tell beside their pixels.

use crate::extensions::{self, SpaceNode};
use crate::read::{Source, check_path, read_bytes};
use crate::report::Report;
use crate::scan::metadata::without_metadata;
use crate::spaces::Rooms;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use venue_model::{FileHash, SpaceId};
use venue_package::manifest::{MediaType, SpacePanorama};
use venue_package::{limits, panorama_type};

/// What a modeler says of a panorama.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Around {
    pub(crate) space: SpaceId,
    /// The space's key.
    pub(crate) key: String,
    /// Its file, as it is named.
    pub(crate) source: String,
    /// Degrees clockwise from -z, 0 to 360.
    pub(crate) heading: f32,
}

impl Around {
    /// What is said of a space; the error says what would be right.
    pub(crate) fn new(
        space: SpaceId,
        key: &str,
        source: Option<&String>,
        heading: Option<f32>,
    ) -> Result<Option<Self>, &'static str> {
        let heading_or_ahead = heading.unwrap_or(0.0);
        match source {
            None if heading.is_some() => Err("panorama_heading is of a panorama, which is not named"),
            None => Ok(None),
            Some(_) if !(0.0..=360.0).contains(&heading_or_ahead) => {
                Err("panorama_heading must be within 0 to 360 degrees, clockwise from -z")
            }
            Some(source) => {
                let (key, source) = (key.to_owned(), source.clone());
                Ok(Some(Self { space, key, source, heading: heading_or_ahead }))
            }
        }
    }
}

/// The panoramas that a model's spaces name.
pub(crate) fn find(source: &Source, rooms: &Rooms, report: &mut Report) -> Vec<Around> {
    let mut found = Vec::new();
    for &at in &rooms.order {
        let node = &source.document.nodes[at];
        // What is wrong with the extension itself was told by the step that finds spaces.
        let Ok(Some(said)) = extensions::get::<SpaceNode>(node, "VEV_space") else { continue };
        let Some(space) = rooms.by_key(&said.key) else { continue };
        match Around::new(space, &said.key, said.panorama.as_ref(), said.panorama_heading) {
            Ok(around) => found.extend(around),
            Err(what) => report.error(format!("the node {:?}: VEV_space: {what}", node.name)),
        }
    }
    found
}

/// Where the panoramas' files are looked for; paths begin at `folder`.
pub(crate) fn files(panoramas: &[Around], folder: &Path) -> Vec<PathBuf> {
    let paths = panoramas.iter().filter_map(|around| check_path(&around.source).ok());
    paths.map(|path| folder.join(path)).collect()
}

/// Reads every panorama and tells what is wrong with it.
pub(crate) fn check(panoramas: &[Around], folder: &Path, report: &mut Report) {
    for around in panoramas {
        if let Err(error) = read(&around.source, folder) {
            report.error(sentence(around, &error));
        }
    }
}

/// Puts the panoramas into a package; paths begin at `folder`.
pub(crate) fn write<E>(
    panoramas: &[Around],
    folder: &Path,
    mut add: impl FnMut(Vec<u8>, MediaType) -> Result<FileHash, E>,
    report: &mut Report,
) -> Result<Vec<SpacePanorama>, E> {
    let mut written = Vec::new();
    for around in panoramas {
        let read = read(&around.source, folder);
        match read
            .and_then(|(bytes, media_type)| Ok((cleaned(around, &bytes, media_type, report)?, media_type)))
        {
            Ok((bytes, media_type)) => {
                let picture = add(bytes, media_type)?;
                written.push(SpacePanorama { space: around.space, picture, heading: around.heading });
            }
            Err(error) => report.error(sentence(around, &error)),
        }
    }
    Ok(written)
}

fn sentence(around: &Around, error: &anyhow::Error) -> String {
    format!("the panorama {:?} of the space {:?}: {error:#}", around.source, around.key)
}

/// Reads a picture beside the file that names it.
fn read(source: &str, folder: &Path) -> Result<(Vec<u8>, MediaType)> {
    let path = check_path(source)?;
    let bytes = read_bytes(&folder.join(path))?;
    let media_type = panorama_type(&bytes)?;
    Ok((bytes, media_type))
}

/// Takes out what a camera wrote beside the pixels.
fn cleaned(around: &Around, bytes: &[u8], media_type: MediaType, report: &mut Report) -> Result<Vec<u8>> {
    let label = if media_type == MediaType::Png { "image/png" } else { "image/jpeg" };
    let cleaned = without_metadata(bytes, label);
    if !cleaned.removed.is_empty() {
        let removed = cleaned.removed.join(", ");
        report.fact("panoramas", format!("{:?} without its {removed}", around.source));
    }
    if cleaned.orientation != 1 {
        report.warn(format!(
            "the panorama {:?} says that it is turned, which is not looked at; save it upright",
            around.source
        ));
    }
    let length = cleaned.bytes.len() as u64;
    anyhow::ensure!(
        length <= limits::PANORAMA_BYTES,
        "it has {length} bytes; {} are allowed: save it as a JPEG, or smaller",
        limits::PANORAMA_BYTES
    );
    venue_package::decode_panorama(&cleaned.bytes).context("it can not be read again")?;
    Ok(cleaned.bytes)
}
