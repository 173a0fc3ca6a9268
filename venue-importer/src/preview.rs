//! `preview`: pictures of a package by the real renderer, which is the client's: each space from within, each storey
//! from above.
//!
//! The client draws them without a window; here they are asked for, named, and made small enough for the report's page.

use crate::programs::Program;
use anyhow::{Context, Result, bail};
use image::codecs::jpeg::JpegEncoder;
use serde::Deserialize;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use venue_model::Language;
use venue_package::{DirectorySource, Manifest, Package};

/// Longest description of pictures, bytes.
const LONGEST: u64 = 4 << 20;

/// Pictures on the page are no wider, pixels.
const PAGE_WIDTH: u32 = 960;
const PAGE_QUALITY: u8 = 80;

/// The pictures of one package.
#[derive(Debug)]
pub struct Preview {
    /// Where they lie.
    pub folder: PathBuf,
    pictures: Vec<Picture>,
}

/// A picture on the report's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePicture {
    /// What it shows.
    pub title: String,
    /// JPEG.
    pub jpeg: Vec<u8>,
}

/// As the client tells it.
#[derive(Debug, Deserialize)]
struct Index {
    pictures: Vec<Picture>,
}

#[derive(Debug, Deserialize)]
struct Picture {
    file: String,
    kind: Kind,
    space: Option<String>,
    from: Option<String>,
    number: Option<u32>,
    floor: Option<f32>,
    strain: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Space,
    Storey,
}

/// Where the pictures of a package lie when nothing else is said: beside it, because a package holds only what it lists.
pub fn folder_of(package: &Path) -> PathBuf {
    let mut name = package.file_name().unwrap_or_default().to_os_string();
    name.push(".preview");
    package.with_file_name(name)
}

/// Draws the pictures of a package into a folder.
pub fn run(package: &Path, folder: &Path) -> Result<Preview> {
    if !package.join("venue.json").is_file() {
        bail!("there is no package in {}: it has no venue.json", package.display());
    }
    let mut command = Program::Client.command()?;
    command.arg("--preview").arg(package).arg("--out").arg(folder);
    let output =
        command.output().with_context(|| format!("{} can not be started", Program::Client.name()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it does not say why");
        bail!("the pictures could not be drawn: {last}");
    }
    let index = folder.join("preview.json");
    let damaged = || format!("{} can not be read", index.display());
    let bytes = std::fs::metadata(&index).with_context(damaged)?.len();
    if bytes > LONGEST {
        bail!("{} has {bytes} bytes; {LONGEST} are allowed", index.display());
    }
    let told: Index =
        serde_json::from_slice(&std::fs::read(&index).with_context(damaged)?).with_context(damaged)?;
    Ok(Preview { folder: folder.to_owned(), pictures: told.pictures })
}

impl Preview {
    /// What was drawn, for the terminal.
    pub fn text(&self, package: &Path) -> Result<String> {
        let package = Package::open(DirectorySource::new(package))?;
        let width = self.pictures.iter().map(|picture| picture.file.len()).max().unwrap_or(0);
        let mut text = String::new();
        for picture in &self.pictures {
            // Writing into a text can not fail.
            writeln!(text, "{:width$}  {}", picture.file, picture.title(package.manifest())).ok();
        }
        if self.pictures.iter().any(|picture| picture.strain > 1.0) {
            text.push_str(
                "warning: not all tiles found room at their finest; some pictures are a little coarser\n",
            );
        }
        writeln!(text, "\nwritten to {}", self.folder.display()).ok();
        Ok(text)
    }

    /// The pictures for the report's page.
    pub fn for_page(&self, package: &Path) -> Result<Vec<PagePicture>> {
        let package = Package::open(DirectorySource::new(package))?;
        self.pictures
            .iter()
            .map(|picture| {
                let jpeg = self.jpeg(picture).with_context(|| picture.file.clone())?;
                Ok(PagePicture { title: picture.title(package.manifest()), jpeg })
            })
            .collect()
    }

    fn jpeg(&self, picture: &Picture) -> Result<Vec<u8>> {
        // The name comes from another program; it must not lead out of the folder.
        let name = Path::new(&picture.file).file_name().context("it has no name")?;
        let mut image = image::open(self.folder.join(name))?;
        if image.width() > PAGE_WIDTH {
            image = image.thumbnail(PAGE_WIDTH, u32::MAX);
        }
        let mut bytes = Vec::new();
        image.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, PAGE_QUALITY))?;
        Ok(bytes)
    }
}

impl Picture {
    fn title(&self, manifest: &Manifest) -> String {
        match self.kind {
            Kind::Storey => {
                let (number, floor) = (self.number.unwrap_or(1), self.floor.unwrap_or(0.0));
                format!("Storey {number} from above, floor at {floor:.2} m")
            }
            Kind::Space => {
                let key = self.space.as_deref().unwrap_or_default();
                let name = manifest.space_by_key(key).map_or(key, |space| space.name.get(Language::En));
                let from = match self.from.as_deref() {
                    Some("seat") => "from a seat",
                    Some("corner") => "from its corner",
                    _ => "as people come in",
                };
                format!("{name}, {from}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiny::open_tiny_package;

    #[test]
    fn pictures_are_named_as_people_say_it() {
        let told = r#"{"adapter": "x", "pictures": [
            {"file": "a.png", "kind": "space", "space": "hall", "from": "seat", "size": [1, 1], "tiles": 2, "strain": 1.0},
            {"file": "b.png", "kind": "storey", "number": 2, "floor": 3.204, "area": [[0, 0], [1, 1]], "size": [1, 1], "tiles": 1, "strain": 1.0}]}"#;
        let index: Index = serde_json::from_str(told).unwrap();
        let package = open_tiny_package();
        let titles: Vec<_> = index.pictures.iter().map(|picture| picture.title(package.manifest())).collect();
        assert_eq!(titles, ["Hall, from a seat", "Storey 2 from above, floor at 3.20 m"]);
    }

    #[test]
    fn a_folder_without_a_package_is_named_before_anything_is_started() {
        let error = run(Path::new("nowhere"), Path::new("out")).unwrap_err().to_string();
        assert!(error.contains("nowhere") && error.contains("venue.json"), "{error}");
        assert_eq!(folder_of(Path::new("/a/hall")), Path::new("/a/hall.preview"));
    }

    #[test]
    fn pictures_for_the_page_are_small_and_stay_in_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        image::RgbImage::from_pixel(1_920, 64, image::Rgb([9, 9, 9]))
            .save(folder.path().join("a.png"))
            .unwrap();
        let picture = |file: &str| Picture {
            file: file.into(),
            kind: Kind::Storey,
            space: None,
            from: None,
            number: Some(1),
            floor: Some(0.0),
            strain: 1.0,
        };
        let preview = Preview { folder: folder.path().into(), pictures: Vec::new() };
        let jpeg = preview.jpeg(&picture("../a.png")).unwrap();
        assert_eq!(image::load_from_memory(&jpeg).unwrap().width(), PAGE_WIDTH);
        assert!(preview.jpeg(&picture("..")).is_err());
    }
}
