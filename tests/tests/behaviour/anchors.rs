//! What the client copies of a venue is what the importer reads: the same places again.

use std::fmt::Write as _;
use venue_importer::import::{Quiet, place};
use venue_importer::tiny;
use venue_model::Language;
use venue_package::writer::write_directory;
use venue_package::{DirectorySource, Package};
use xr_client::anchors::{all, entry_of};

#[test]
fn every_entry_that_is_copied_puts_its_anchor_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (package, places) = (folder.path().join("tiny"), folder.path().join("places.toml"));
    write_directory(&tiny::tiny_package(), &package).unwrap();
    let before = Package::open(DirectorySource::new(&package)).unwrap();
    let manifest = before.manifest();
    let mut text = String::from("[venue]\nid = \"copied\"\n");
    for space in &manifest.spaces {
        let (min, max) = (space.bounds.min.to_array(), space.bounds.max.to_array());
        writeln!(text, "[[space]]\nkey = {:?}\nboxes = [{{ min = {min:?}, max = {max:?} }}]", space.key)
            .unwrap();
    }
    text.extend(all(manifest).map(|anchor| entry_of(&anchor, manifest, None)));
    std::fs::write(&places, &text).unwrap();
    place::run(&package, &places, &Quiet).unwrap_or_else(|error| panic!("{error:#}\n{text}"));

    let after = Package::open(DirectorySource::new(&package)).unwrap();
    assert_eq!(after.manifest().id, "copied");
    let (before, after): (Vec<_>, Vec<_>) = (all(manifest).collect(), all(after.manifest()).collect());
    assert_eq!(before.len(), after.len());
    assert!(before.len() >= 12, "doors, seats, a screen, a zone, an exhibit, spawn points");
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.sentence(), after.sentence());
        assert_eq!(before.name(manifest, Language::Fr), after.name(manifest, Language::Fr));
        assert_eq!(before.space(), after.space());
        assert!(before.handle().distance(after.handle()) < 0.001, "{before:?} {after:?}");
        let yaw = before.place().zip(after.place()).map_or(0.0, |(a, b)| a.yaw - b.yaw);
        assert!(yaw.abs() < 0.001, "{before:?} {after:?}");
    }
}
