//! The package under work, and what it is made of: a scan, a file of places.
//!
//! It must not know processes.

use super::Options;
use super::watch::Watch;
use crate::import::{self, place};
use crate::progress_bar::{Style, Teller};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// The package and its sources.
pub(super) struct Bench {
    package: PathBuf,
    scans: Vec<PathBuf>,
    places: Option<(PathBuf, Watch)>,
    /// What the file of places names: panoramas.
    pictures: Vec<Watch>,
}

/// What came of putting places anew.
pub(super) enum Outcome {
    /// There is no file of places.
    Nothing,
    /// It is done; what was found.
    Placed(String),
    /// The package is what it was before, and why.
    Refused(String),
}

impl Outcome {
    /// What is wrong.
    pub(super) fn problem(&self) -> Option<String> {
        match self {
            Self::Refused(why) => Some(why.clone()),
            Self::Nothing | Self::Placed(_) => None,
        }
    }
}

impl Bench {
    /// Finds the package, or makes it out of a scan.
    pub(super) fn prepare(options: &Options) -> Result<Self> {
        let places = options.places.as_deref().map(|path| (path.to_owned(), Watch::new(path)));
        let is_package = |path: &Path| path.join("venue.json").is_file();
        match (&options.inputs[..], &options.into) {
            ([package], None) if is_package(package) => {
                Ok(Self { package: package.clone(), scans: Vec::new(), places, pictures: Vec::new() })
            }
            (scans, Some(into)) => {
                let (package, scans) = (into.clone(), scans.to_vec());
                let bench = Self { package, scans, places, pictures: Vec::new() };
                if !is_package(into) {
                    bench.import()?;
                }
                Ok(bench)
            }
            ([one], None) => bail!(
                "{} holds no package (no venue.json); to serve a scan, say where its package goes by --into",
                one.display()
            ),
            (_, None) => bail!("several inputs are scans; say where their package goes by --into"),
        }
    }

    /// Where the package lies.
    pub(super) fn package(&self) -> &Path {
        &self.package
    }

    /// What the modeler may do now.
    pub(super) fn advice(&self) -> String {
        match &self.places {
            Some((path, _)) => format!(
                "Change {} and see it in the venue. F4 shows floor and marks, P copies one. ",
                path.display()
            ),
            None => "F4 shows floor and marks, P copies one. ".into(),
        }
    }

    /// Whether the file of places, or a picture that it names, was changed and is whole again.
    pub(super) fn has_changed(&mut self) -> bool {
        let watches = self.places.iter_mut().map(|(_, watch)| watch).chain(&mut self.pictures);
        // Every one is asked: what changes together is told once.
        watches.map(Watch::has_changed).filter(|has_changed| *has_changed).count() > 0
    }

    /// Puts the places of the file into the package; imports the scan anew if they ask for other tiles.
    pub(super) fn place(&mut self) -> Outcome {
        let Some((path, _)) = &self.places else { return Outcome::Nothing };
        // Before they are read, so that no change of them is missed.
        watch_anew(&mut self.pictures, path);
        match place::run(&self.package, path, &import::Quiet) {
            Ok(report) => Outcome::Placed(report.to_string()),
            Err(error) if error.is::<place::NeedsImport>() && !self.scans.is_empty() => {
                println!("{error:#}: importing it again");
                match self.import() {
                    Ok(report) => Outcome::Placed(report),
                    Err(error) => Outcome::Refused(format!("{error:#}")),
                }
            }
            Err(error) => Outcome::Refused(format!("{error:#}")),
        }
    }

    fn import(&self) -> Result<String> {
        let options = import::Options {
            places: self.places.as_ref().map(|(path, _)| path.clone()),
            ..import::Options::new(self.scans.clone(), self.package.clone())
        };
        let teller = Teller::new(Style::suitable(), Box::new(std::io::stderr()));
        let report = import::run(&options, &teller).inspect_err(|_| teller.clear())?;
        Ok(report.to_string())
    }
}

/// Watches the pictures that a file of places names now; those that it names still as before. A file with a mistake names
/// what it did before it.
fn watch_anew(watches: &mut Vec<Watch>, places: &Path) {
    let Ok(files) = place::pictures(places) else { return };
    watches.retain(|watch| files.iter().any(|file| file == watch.path()));
    for file in files {
        if !watches.iter().any(|watch| watch.path() == file) {
            watches.push(Watch::new(&file));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pictures_are_watched_that_the_file_of_places_names() {
        let folder = tempfile::tempdir().unwrap();
        let [places, lake] = ["places.toml", "lake.jpg"].map(|name| folder.path().join(name));
        let mut watches = Vec::new();
        let mut names = |text: &str| {
            std::fs::write(&places, text).unwrap();
            watch_anew(&mut watches, &places);
            let name = |watch: &Watch| watch.path().file_name().unwrap().to_owned();
            watches.iter().map(name).collect::<Vec<_>>()
        };
        let around = |name: &str| format!("[[space]]\nkey = \"hall\"\npanorama = \"{name}\"\n");
        assert_eq!(names(&around("lake.jpg")), ["lake.jpg"]);
        assert_eq!(names("[[space]\n"), ["lake.jpg"], "a mistake changes nothing");
        assert_eq!(names(&around("sea.jpg")), ["sea.jpg"]);
        assert!(names("").is_empty());

        // One that is named before it is there is told of when it comes.
        names(&around("lake.jpg"));
        std::fs::write(&lake, "a").unwrap();
        let mut bench = Bench { package: PathBuf::new(), scans: Vec::new(), places: None, pictures: watches };
        assert!(!bench.has_changed() && bench.has_changed() && !bench.has_changed());
    }
}
