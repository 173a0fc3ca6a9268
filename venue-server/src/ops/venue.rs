//! Finding and opening the venue package that the server hosts.
//!
//! It must not know what is in it.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use venue_package::{DirectorySource, Package};

/// Section `[venue]` of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VenueSection {
    /// Folder with the venue package (the one that holds `venue.json`). None: the sample
    /// venue beside the program.
    pub package: Option<PathBuf>,
}

/// Where the sample venue lies below the program's folder or one above it.
const SAMPLE: &str = "assets/venues/geneva/package";

/// The package's folder: as configured, else the sample venue beside the program.
pub fn find(section: &VenueSection) -> Result<PathBuf> {
    if let Some(package) = &section.package {
        return Ok(package.clone());
    }
    let mut looked_in = Vec::new();
    let program = std::env::current_exe().ok();
    let beside = program.iter().flat_map(|program| program.ancestors().skip(1).take(4));
    let here = std::env::current_dir().ok();
    for folder in beside.map(Path::to_path_buf).chain(here) {
        let sample = folder.join(SAMPLE);
        if sample.join("venue.json").is_file() {
            return Ok(sample);
        }
        looked_in.push(sample.display().to_string());
    }
    bail!(
        "no venue to host: there is no sample venue in {}; name a package in the configuration \
         ([venue] package = \"…\") or by --venue; `venue-importer pack` makes one",
        looked_in.join(" or ")
    )
}

/// Opens the package, or says what is wrong with which file of it.
pub fn open(folder: &Path) -> Result<Package> {
    Package::open(DirectorySource::new(folder)).with_context(|| {
        format!(
            "the venue package {} cannot be used; `venue-importer check {0}` says all that is wrong",
            folder.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_venue_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let refused = format!("{:#}", open(folder.path()).unwrap_err());
        assert!(refused.contains("venue-importer check") && refused.contains("venue.json"), "{refused}");
    }

    #[test]
    fn a_configured_package_is_taken_as_it_is() {
        let section = VenueSection { package: Some("/somewhere".into()) };
        assert_eq!(find(&section).unwrap(), Path::new("/somewhere"));
    }
}
