//! The tiny venue through the whole importer, and what is said when a model is wrong.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use glam::Vec3;
use serde_json::{Value, json};
use std::sync::Arc;
use venue_importer::authored::Making;
use venue_importer::hierarchy::{Load, Settings};
use venue_importer::tiny::{open_tiny_package, tiny_package, tiny_venue_glb};
use venue_importer::{check, pack, read};
use venue_motion::Walkable;
use venue_package::gltf::{Document, Limits};
use venue_package::writer::write_directory;
use venue_package::{Package, ValidationReport, validate};

/// Changes the JSON of a GLB.
fn edit(glb: &[u8], change: impl Fn(&mut Value)) -> Vec<u8> {
    let length = u32::from_le_bytes([glb[12], glb[13], glb[14], glb[15]]) as usize;
    let mut root: Value = serde_json::from_slice(&glb[20..20 + length]).unwrap();
    change(&mut root);
    let mut json = root.to_string().into_bytes();
    json.resize(json.len().next_multiple_of(4), b' ');
    let rest = &glb[20 + length..];
    let total = (20 + json.len() + rest.len()) as u32;
    let head = [
        &b"glTF"[..],
        &2_u32.to_le_bytes(),
        &total.to_le_bytes(),
        &(json.len() as u32).to_le_bytes(),
        b"JSON",
    ];
    [head.concat(), json, rest.to_vec()].concat()
}

fn node<'a>(root: &'a mut Value, name: &str) -> &'a mut Value {
    root["nodes"].as_array_mut().unwrap().iter_mut().find(|node| node["name"] == name).unwrap()
}

fn cat() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/exhibits/cat.glb")).unwrap()
}

fn pack_edited(change: impl Fn(&mut Value)) -> anyhow::Result<pack::Packed> {
    let source = read::read("edited", &edit(&tiny_venue_glb(), change), |path| match path.to_str() {
        Some("art/cat.glb") => Ok(cat()),
        _ => anyhow::bail!("there is no file {}", path.display()),
    })?;
    // Packing pictures anew takes seconds; other tests do.
    let coarsest = Load { items: u64::MAX, texels: f64::INFINITY };
    let settings = Settings { coarsest, ..Settings::default() };
    let making = Making { settings: &settings, scratch: &std::env::temp_dir() };
    pack::pack(&source, making)
}

/// The tiny venue whose foyer says more, packed beside a panorama that is called lake.png.
fn pack_with_panorama(words: Value) -> anyhow::Result<pack::Packed> {
    let folder = tempfile::tempdir().unwrap();
    image::RgbImage::new(64, 32).save(folder.path().join("lake.png")).unwrap();
    let model = folder.path().join("tiny.glb");
    let edited = edit(&tiny_venue_glb(), |root| {
        let space = &mut node(root, "foyer")["extensions"]["VEV_space"];
        space.as_object_mut().unwrap().extend(words.as_object().unwrap().clone());
    });
    std::fs::write(&model, edited).unwrap();
    let making = Making { settings: &Settings::default(), scratch: folder.path() };
    pack::pack(&read::read_file(&model)?, making)
}

#[test]
fn a_panorama_that_a_model_names_is_put_around_its_space() {
    let packed = pack_with_panorama(json!({"panorama": "lake.png", "panorama_heading": 90.0})).unwrap();
    assert_eq!(validate(Arc::new(packed.files.clone())), ValidationReport::default());
    let package = Package::open(packed.files).unwrap();
    let [around] = package.manifest().panoramas.as_slice() else { panic!("there is one") };
    let foyer = package.manifest().space_by_key("foyer").unwrap().id;
    assert_eq!((around.space, around.heading), (foyer, 90.0));
    let picture = venue_package::decode_panorama(&package.file(around.picture).unwrap()).unwrap();
    assert_eq!((picture.width, picture.height), (64, 32));

    let check = |words: Value, part: &str| {
        let told = format!("{:#}", pack_with_panorama(words.clone()).unwrap_err());
        assert!(told.contains(part), "{words}: {told}");
    };
    check(json!({"panorama": "sea.png"}), "the panorama \"sea.png\" of the space \"foyer\"");
    check(json!({"panorama": "../lake.png"}), "the panorama \"../lake.png\"");
    check(
        json!({"panorama_heading": 90.0}),
        "the node \"foyer\": VEV_space: panorama_heading is of a panorama",
    );
}

fn walkable(package: &Package) -> Walkable {
    Walkable::new(package.navigation().unwrap()).unwrap()
}

#[test]
fn everything_that_was_modelled_is_in_the_package() {
    let package = open_tiny_package();
    let manifest = package.manifest();
    assert_eq!(validate(Arc::new(tiny_package())), ValidationReport::default());
    assert_eq!((manifest.id.as_str(), manifest.name.get(venue_model::Language::Fr)), ("tiny", "Petit lieu"));
    let keys: Vec<_> = manifest.spaces.iter().map(|space| space.key.as_str()).collect();
    assert_eq!(keys, ["foyer", "hall"]);
    let counts = [
        manifest.doors.len(),
        manifest.seats.len(),
        manifest.spawn_points.len(),
        manifest.zones.len(),
        manifest.screens.len(),
        manifest.exhibits.len(),
    ];
    assert_eq!(counts, [1, 6, 2, 1, 1, 1]);
    let zone = &manifest.zones[0].bounds;
    assert!(zone.min.abs_diff_eq(Vec3::new(1.5, 0.0, 3.5), 1e-5), "{zone:?}");
    // Two spaces and the exhibit.
    assert_eq!(package.tileset().unwrap().tiles.len(), 3);
}

#[test]
fn the_same_model_makes_the_same_package() {
    assert_eq!(tiny_package(), tiny_package());
}

#[test]
fn one_walks_through_the_door_from_space_to_space() {
    let package = open_tiny_package();
    let walkable = walkable(&package);
    let [foyer, hall] = [package.manifest().spaces[0].id, package.manifest().spaces[1].id];
    let start = walkable.locate_in(foyer, Vec3::new(0.0, 0.0, 3.0), 0.2).unwrap();
    let mut at = start;
    let mut crossing = None;
    for _ in 0..80 {
        let next = walkable.walk(at, at.position + Vec3::NEG_Z * 0.05);
        if next.space != at.space {
            crossing = Some((next.position.z, next.space));
        }
        at = next;
    }
    let (z, space) = crossing.expect("the door leads to the hall");
    assert_eq!((space, at.space), (hall, hall));
    assert!(z.abs() < 0.15, "the spaces meet at z = {z}");
    // Beside the door there is a wall.
    let beside = walkable.locate(Vec3::new(2.0, 0.0, 3.0), 0.2).unwrap();
    let blocked = walkable.walk(beside, Vec3::new(2.0, 0.0, -3.0));
    assert_eq!(blocked.space, foyer);
    assert!((0.2..0.6).contains(&blocked.position.z), "{}", blocked.position);
}

#[test]
fn floors_have_the_height_of_the_model_and_furniture_is_in_the_way() {
    let package = open_tiny_package();
    let walkable = walkable(&package);
    let start = walkable.locate(Vec3::new(0.0, 0.0, -1.5), 0.2).unwrap();
    assert_eq!(start.position.y, 0.0);
    let stage = walkable.walk(start, Vec3::new(0.0, 0.0, -5.2));
    assert!((stage.position.y - 0.2).abs() < 0.02 && stage.position.z < -5.1, "{}", stage.position);
    assert_eq!(walkable.locate(Vec3::new(2.9, 0.0, -2.3), 0.2), None, "inside of the table");
    assert_eq!(walkable.locate(Vec3::new(2.9, 0.75, -2.3), 0.4), None, "on the table");
    assert_eq!(walkable.locate(Vec3::new(-2.8, 0.0, 4.7), 0.2), None, "inside of the exhibit");
}

#[test]
fn tiles_keep_pictures_and_turn_their_transforms_into_coordinates() {
    let package = open_tiny_package();
    let tile = package.tileset().unwrap().tiles.into_iter().find(|tile| tile.space.is_some()).unwrap();
    let document = Document::read(&package.file(tile.content).unwrap(), &Limits::CLIENT).unwrap();
    let floor = document.materials.iter().position(|material| material.name == "floor").unwrap();
    let texture = document.materials[floor].base_color_texture.unwrap();
    assert_eq!((texture.uv_set, texture.transform), (0, Default::default()));
    assert_eq!(document.images.len(), 1);
    let primitive = document.meshes[0].primitives.iter().find(|p| p.material == Some(floor)).unwrap();
    assert_eq!(primitive.uvs[0].len(), primitive.positions.len());
    assert!(document.materials[floor].unlit);
}

#[test]
fn an_exhibit_in_a_file_of_its_own_becomes_a_tile_and_a_credit() {
    let exhibit = json!({"VEV_exhibit": {"name": "Cat", "source": "art/cat.glb"}});
    let packed = pack_edited(|root| {
        let statue = node(root, "statue");
        statue["extensions"] = exhibit.clone();
        statue["translation"] = json!([-2.8, 1.0, 4.7]);
    })
    .unwrap();
    let package = Package::open(packed.files).unwrap();
    let manifest = package.manifest();
    let bounds = manifest.exhibits[0].bounds;
    assert!(bounds.min.y.abs() < 0.01 && (bounds.max.y - 2.0).abs() < 0.01, "{bounds:?}");
    let document =
        Document::read(&package.file(manifest.exhibits[0].content).unwrap(), &Limits::CLIENT).unwrap();
    assert_eq!(document.images[0].media_type, "image/webp");
    assert!(manifest.credits[0].author.starts_with("Ankledot"), "{:?}", manifest.credits);
}

#[test]
fn a_wrong_model_is_refused_in_sentences() {
    let check = |change: &dyn Fn(&mut Value), expected: &str| {
        let error =
            format!("{:#}", pack_edited(change).err().unwrap_or_else(|| panic!("packed, but: {expected}")));
        assert!(error.contains(expected), "{error}\n-- should say: {expected}");
    };
    let door =
        |root: &mut Value, key: &str, value: Value| node(root, "door")["extensions"]["VEV_door"][key] = value;
    check(
        &|root| door(root, "to", json!("attic")),
        "leads from \"foyer\" to \"attic\"; there are the spaces foyer, hall",
    );
    check(&|root| door(root, "width", json!("wide")), "the node \"door\": VEV_door: invalid type");
    check(&|root| door(root, "colour", json!(1)), "unknown field `colour`");
    check(&|root| door(root, "width", json!(0.2)), "doors[0].width: 0.2 is not within 0.7 to 20 metres");
    check(
        &|root| {
            door(root, "from", json!("hall"));
            door(root, "to", json!("foyer"));
        },
        "has other spaces before and behind it",
    );
    check(
        &|root| node(root, "table")["translation"] = json!([-2.9, 0.0, 2.3]),
        "is blocked; something solid stands",
    );
    check(
        &|root| node(root, "hall spawn")["extensions"] = json!({}),
        "the space \"hall\" has none; put an OMI_spawn_point",
    );
    check(
        &|root| node(root, "foyer spawn")["translation"] = json!([0.0, 9.0, 3.0]),
        "no walkable floor within 0.6 m",
    );
    check(&|root| node(root, "foyer")["extensions"] = json!({}), "is in no space");
    check(&|root| node(root, "hall")["extensions"]["VEV_space"]["key"] = json!("foyer"), "is given twice");
    check(
        &|root| node(root, "screen")["extensions"] = json!({"VEV_scren": {}}),
        "there is no extension VEV_scren",
    );
    check(
        &|root| node(root, "corner")["extensions"]["VEV_zone"]["purpose"] = json!("booth"),
        "needs a \"language\"",
    );
    let source = |root: &mut Value, path: &str| {
        node(root, "statue")["extensions"]["VEV_exhibit"]["source"] = json!(path)
    };
    check(&|root| source(root, "art/dog.glb"), "there is no file art/dog.glb");
    check(&|root| source(root, "/etc/passwd.glb"), "its path must be relative");
    check(&|root| source(root, "art/cat.obj"), "must be a .glb file");
}

#[test]
fn check_tells_a_good_package_from_a_damaged_one() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("tiny");
    write_directory(&tiny_package(), &target).unwrap();
    assert!(check::check(&target).unwrap().contains("is a good venue package"));
    let tile = std::fs::read_dir(target.join("files")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&tile, "scratched").unwrap();
    let error = check::check(&target).unwrap_err().to_string();
    assert!(error.contains("can not be used") && error.contains("changed since it was packed"), "{error}");
}
