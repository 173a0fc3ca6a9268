//! Every tile passes the Khronos validator, packed and unpacked; a broken one does not.

use crate::{made, node, printed, sample};
use std::path::Path;
use venue_importer::tiny::tiny_package;
use venue_package::{MemorySource, writer};

/// What is said of the package in this folder; none when it has no error.
fn errors(folder: &Path) -> Option<String> {
    let output = node("tiles.mjs", &[folder.to_str().unwrap()]);
    // Also what is no error is worth reading.
    println!("{}", printed(&output));
    (!output.status.success()).then(|| printed(&output))
}

/// The same of a package that is written for this.
fn errors_of(package: &MemorySource) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let package_folder = folder.path().join("package");
    writer::write_directory(package, &package_folder).unwrap();
    errors(&package_folder)
}

#[test]
fn the_sample_venue_has_no_error() {
    assert_eq!(errors(&sample()), None);
}

#[test]
fn what_the_importer_packs_has_no_error() {
    assert_eq!(errors_of(&tiny_package()), None);
}

#[test]
fn points_and_pictures_in_ktx2_have_no_error() {
    assert_eq!(errors_of(&made::package()), None);
}

#[test]
fn what_is_broken_is_found() {
    let check = |broken: made::Fault, part: &str| {
        let found = errors_of(&made::broken(broken)).expect("the fault is found");
        assert!(found.contains(part), "{found}");
    };
    check(made::Fault::Bounds, "declared minimum value");
    check(made::Fault::Picture, "is no KTX2 file");
    check(made::Fault::Extension, "VEV_seat");
}
