//! A venue in levels: one is inside with the coarse ones, the rest follows as it is chosen, through loss and breaks.

use glam::Vec3;
use tests::stepper::Stepper;
use tests::virtual_network::Conditions;
use venue_model::{FileHash, SpaceId};
use venue_package::gltf::{GlbWriter, Primitive};
use venue_package::manifest::MediaType;
use venue_package::{Manifest, Package, PackageWriter, Tile, Tileset};

/// The tiny venue, each of whose spaces is one coarse tile with four finer ones below it.
fn layered() -> Package {
    let flat = venue_importer::tiny::open_tiny_package();
    let manifest = flat.manifest();
    let mut writer = PackageWriter::default();
    for entry in manifest.files.iter().filter(|entry| entry.media_type != MediaType::Json) {
        writer.add_file(flat.file(entry.hash).unwrap(), entry.media_type);
    }
    let mut tiles = Vec::new();
    for space in &manifest.spaces {
        let top = tiles.len() as u32;
        for level in 0..5 {
            let place = Vec3::new(f32::from(space.id.0), level as f32, 0.0);
            let content = writer.add_file(floor(place), MediaType::Glb);
            let (geometric_error, parent) = if level == 0 { (0.5, None) } else { (0.0, Some(top)) };
            tiles.push(Tile {
                bounds: space.bounds,
                geometric_error,
                content,
                space: Some(space.id),
                parent,
            });
        }
    }
    let tileset = writer.add_tileset(&Tileset { tiles });
    let manifest = Manifest { tileset, files: Vec::new(), ..manifest.clone() };
    Package::open(writer.finish(manifest).unwrap()).unwrap()
}

fn floor(at: Vec3) -> Vec<u8> {
    let positions = vec![at, at + Vec3::Z, at + Vec3::X];
    let primitive = Primitive { positions, indices: vec![0, 1, 2], ..Primitive::default() };
    let mut writer = GlbWriter::default();
    let mesh = writer.add_mesh("floor", &[primitive]);
    writer.add_node(serde_json::json!({ "mesh": mesh }));
    writer.finish()
}

/// Somebody inside whose scene has chosen nothing yet, with the files of their room: coarse, then fine.
fn inside(seed: u64, conditions: Conditions) -> (Stepper, FileHash, Vec<FileHash>) {
    let package = layered();
    let tiles = package.tileset().unwrap().tiles;
    let mut stepper = Stepper::with_package(seed, conditions, package);
    let who = stepper.enter("Amina");
    stepper.delegates[who].core.let_scene_choose();
    stepper.run_until_all_inside();
    let here = stepper.space(who);
    let of_room = |is_coarse: bool, space: Option<SpaceId>| {
        let files =
            tiles.iter().filter(move |tile| tile.space == space && tile.parent.is_none() == is_coarse);
        files.map(|tile| tile.content).collect::<Vec<_>>()
    };
    let (coarse, fine) = (of_room(true, here), of_room(false, here));
    (stepper, coarse[0], fine)
}

#[test]
fn one_is_inside_with_the_coarse_tile_and_the_fine_ones_follow_once_each_under_loss() {
    let (mut stepper, coarse, fine) = inside(41, Conditions::BAD);
    assert_eq!(stepper.delegates[0].tiles, [Ok(coarse)], "nothing else is needed to be inside");
    stepper.delegates[0].core.choose_tiles(&fine);
    stepper.run_until("the fine tiles are here", 20.0, |s| s.delegates[0].core.is_loaded());
    let mut came = stepper.delegates[0].tiles[1..].to_vec();
    came.sort();
    let mut expected: Vec<_> = fine.iter().copied().map(Ok).collect();
    expected.sort();
    assert_eq!(came, expected, "each once");
    stepper.run_secs(5.0);
    assert_eq!(stepper.delegates[0].tiles.len(), 5, "and none again");
}

#[test]
fn a_tile_that_breaks_off_is_asked_for_again_with_growing_pauses() {
    let (mut stepper, _, fine) = inside(42, Conditions::GOOD);
    stepper.network.break_files(2);
    stepper.delegates[0].core.choose_tiles(&fine[..1]);
    stepper.run_secs(2.5);
    assert_eq!(stepper.delegates[0].tiles.len(), 1, "one second, then two");
    stepper.run_until("the tile is here", 2.0, |s| s.delegates[0].core.is_loaded());
    assert_eq!(stepper.delegates[0].tiles[1..], [Ok(fine[0])]);
}

#[test]
fn a_tile_that_never_comes_fails_the_others_come_and_the_visit_goes_on() {
    let (mut stepper, _, fine) = inside(43, Conditions::GOOD);
    stepper.network.break_files(4);
    stepper.delegates[0].core.choose_tiles(&fine[..1]);
    stepper.run_until("it is given up", 20.0, |s| s.delegates[0].tiles.len() == 2);
    assert_eq!(stepper.delegates[0].tiles[1], Err(fine[0]));
    assert!(stepper.delegates[0].is_inside());
    stepper.delegates[0].core.choose_tiles(&fine);
    stepper.run_until("all are here", 5.0, |s| s.delegates[0].core.is_loaded());
    assert_eq!(stepper.delegates[0].tiles.iter().filter(|tile| tile.is_ok()).count(), 5);
}

#[test]
fn what_is_not_chosen_any_more_does_not_come() {
    let (mut stepper, _, fine) = inside(44, Conditions::BAD);
    stepper.delegates[0].core.choose_tiles(&fine);
    stepper.delegates[0].core.choose_tiles(&fine[3..]);
    stepper.run_until("the last is here", 10.0, |s| s.delegates[0].core.is_loaded());
    stepper.run_secs(3.0);
    assert_eq!(stepper.delegates[0].tiles[1..], [Ok(fine[3])]);
}
