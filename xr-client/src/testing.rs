//! Small venues for this crate's own tests.

use crate::bench::rehearsal::{Rehearsal, RehearsalTransport};
use crate::core::cache::MemoryCache;
use crate::core::identity::Identity;
use crate::core::known_hosts::KnownHosts;
use crate::core::{ClientCore, CoreConfig, Target};
use glam::{Vec3, Vec4};
use venue_model::place::ZoneKind;
use venue_model::{
    Bounds, Door, DoorId, Language, Localized, Place, Seat, SeatId, Space, SpaceId, SpawnPoint, Zone, ZoneId,
};
use venue_motion::Walkable;
use venue_package::gltf::{GlbWriter, Material, Primitive};
use venue_package::manifest::{Environment, Exhibit, MediaType, Screen, SpacePanorama};
use venue_package::{Manifest, NavigationMesh, NavigationPolygon, Package, PackageWriter, Tile, Tileset};

#[path = "../../crates/wgpu-renderer/tests/pictures/snapshot.rs"]
pub(crate) mod snapshot;

/// A client of the rehearsal server.
pub type TestCore = ClientCore<Box<dyn FnMut(&Target) -> RehearsalTransport>>;

/// A client at its start page, whose connections lead to the tiny venue.
pub fn start_page() -> TestCore {
    let server = Rehearsal::open(tiny_package(), "room", 0).unwrap();
    let config = CoreConfig {
        identity: Identity::from_secret([1; 32]),
        hosts: KnownHosts::in_memory(),
        cache: Box::new(MemoryCache::default()),
        appearance: Default::default(),
        language: Language::En,
        last_place: None,
        last_link: None,
        seed: 5,
    };
    ClientCore::new(config, Box::new(move |_| RehearsalTransport::connect(&server)))
}

/// A floor from `-half` to `half` in x and z at height 0, space 1.
pub fn square_room(half: f32) -> Walkable {
    Walkable::new(square_floor(half)).unwrap()
}

fn square_floor(half: f32) -> NavigationMesh {
    let corner = |x: f32, z: f32| Vec3::new(x * half, 0.0, z * half);
    let polygon = NavigationPolygon {
        corners: vec![0, 1, 2, 3],
        neighbours: vec![None; 4],
        space: SpaceId(1),
        heights: 0..0,
    };
    // Counter-clockwise seen from above, where +x is right and +z is down.
    let vertices = vec![corner(-1.0, 1.0), corner(1.0, 1.0), corner(1.0, -1.0), corner(-1.0, -1.0)];
    NavigationMesh { vertices, polygons: vec![polygon], ..NavigationMesh::default() }
}

/// A venue of a room that one stands in and a hall behind a door, with two seats.
pub fn tiny_package() -> Package {
    let mut writer = PackageWriter::default();
    let navigation = writer.add_file(square_floor(8.0).to_bytes(), MediaType::Navigation);
    let spaces = [space(1, "room", -8.0, 8.0), space(2, "hall", 8.0, 24.0)];
    let tiles = spaces.iter().map(|space| {
        let content = writer.add_file(floor_tile(&space.bounds), MediaType::Glb);
        Tile { bounds: space.bounds, geometric_error: 0.0, content, space: Some(space.id), parent: None }
    });
    let tiles = tiles.collect();
    let tileset = writer.add_tileset(&Tileset { tiles });
    let spawn = |space: u16, x: f32| {
        let place = Place { position: Vec3::new(x, 0.0, 0.0), yaw: 0.0 };
        SpawnPoint { space: SpaceId(space), place, radius: 1.0 }
    };
    let seat = |id: u16, x: f32| {
        let place = Place { position: Vec3::new(x, 0.0, 2.0), yaw: 0.0 };
        Seat { id: SeatId(id), space: SpaceId(1), place, height: 0.45, label: format!("A{id}") }
    };
    let threshold = Place { position: Vec3::new(8.0, 0.0, 0.0), yaw: -std::f32::consts::FRAC_PI_2 };
    let door =
        Door { id: DoorId(1), spaces: [SpaceId(1), SpaceId(2)], place: threshold, width: 1.2, height: 2.1 };
    let manifest = Manifest {
        format: "vev-venue".into(),
        version: 1,
        id: "tiny".into(),
        name: Localized::english("Tiny"),
        spaces: spaces.into(),
        doors: vec![door],
        seats: vec![seat(1, 0.5), seat(2, 5.0)],
        spawn_points: vec![spawn(1, 0.0), spawn(2, 16.0)],
        zones: Vec::new(),
        screens: Vec::new(),
        exhibits: Vec::new(),
        emitters: Vec::new(),
        environment: Environment::default(),
        tileset,
        navigation,
        acoustics: Vec::new(),
        panoramas: Vec::new(),
        files: Vec::new(),
        frame: None,
        credits: Vec::new(),
    };
    Package::open(writer.finish(manifest).unwrap()).unwrap()
}

/// A panorama so wide: blue above, brown below, a red column in its middle and a green one a quarter to the right. A
/// column takes 4°, or two pixels.
pub fn panorama_png(width: u32) -> Vec<u8> {
    let half = (width / 180).max(1);
    let is_in = |x: u32, middle: u32| (middle - half..middle + half).contains(&x);
    let picture = image::RgbImage::from_fn(width, width / 2, |x, y| {
        image::Rgb(match y < width / 4 {
            _ if is_in(x, width / 2) => [220, 20, 20],
            _ if is_in(x, width / 4 * 3) => [20, 200, 20],
            true => [60, 100, 190],
            false => [90, 80, 60],
        })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The tiny venue with a panorama around its room, whose middle is seen there.
pub fn panorama_package(heading: f32) -> Package {
    let flat = tiny_package();
    let mut writer = PackageWriter::default();
    for entry in &flat.manifest().files {
        let bytes = flat.file(entry.hash).unwrap();
        match entry.media_type {
            MediaType::Json => _ = writer.add_tileset(&flat.tileset().unwrap()),
            media_type => _ = writer.add_file(bytes, media_type),
        }
    }
    let picture = writer.add_file(panorama_png(720), MediaType::Png);
    let panoramas = vec![SpacePanorama { space: SpaceId(1), picture, heading }];
    let manifest = Manifest { panoramas, files: Vec::new(), ..flat.manifest().clone() };
    Package::open(writer.finish(manifest).unwrap()).unwrap()
}

/// The tiny venue with something of everything that is marked, and a gallery over a part of its room.
pub fn marked_package() -> Package {
    let flat = tiny_package();
    let mut writer = PackageWriter::default();
    let mut floor = square_floor(8.0);
    let corner = |x: f32, z: f32| Vec3::new(x, 2.6, z);
    floor.vertices.extend([corner(-8.0, -5.0), corner(-2.0, -5.0), corner(-2.0, -8.0), corner(-8.0, -8.0)]);
    let (corners, neighbours) = (vec![4, 5, 6, 7], vec![None; 4]);
    floor.polygons.push(NavigationPolygon { corners, neighbours, space: SpaceId(1), heights: 0..0 });
    let navigation = writer.add_file(floor.to_bytes(), MediaType::Navigation);
    let tile = |space: &Space| {
        let content = writer.add_file(colored_floor(&space.bounds, [0.3, 0.3, 0.3, 1.0]), MediaType::Glb);
        Tile { bounds: space.bounds, geometric_error: 0.0, content, space: Some(space.id), parent: None }
    };
    let tiles: Vec<Tile> = flat.manifest().spaces.iter().map(tile).collect();
    let content = tiles[0].content;
    let tileset = writer.add_tileset(&Tileset { tiles });
    let bounds = |min: [f32; 3], max: [f32; 3]| Bounds { min: min.into(), max: max.into() };
    let zone = |id, name, purpose, bounds| Zone {
        id: ZoneId(id),
        space: SpaceId(1),
        name: Localized::english(name),
        purpose,
        bounds,
    };
    let screen = Screen {
        space: SpaceId(1),
        name: Localized::english("Main"),
        center: Vec3::new(-3.0, 1.8, -7.5),
        orientation: glam::Quat::IDENTITY,
        width: 2.4,
        height: 1.35,
    };
    let booth = ZoneKind::Booth { language: Language::Fr };
    let name = Localized::english("Vase");
    let stand = bounds([-4.6, 0.0, -3.4], [-4.2, 1.1, -3.0]);
    let manifest = Manifest {
        navigation,
        tileset,
        zones: vec![
            zone(1, "Sofas", ZoneKind::Talk, bounds([-6.5, 0.0, -6.5], [-4.5, 1.2, -4.5])),
            zone(2, "French", booth, bounds([0.5, 0.0, -7.0], [2.5, 2.0, -5.5])),
        ],
        screens: vec![screen],
        exhibits: vec![Exhibit { space: SpaceId(1), name, bounds: stand, content }],
        files: Vec::new(),
        ..flat.manifest().clone()
    };
    Package::open(writer.finish(manifest).unwrap()).unwrap()
}

/// The tiny venue whose room has three levels: one grey floor, four coloured quarters, and of the first of these
/// another four.
pub fn layered_package() -> Package {
    let flat = tiny_package();
    let mut writer = PackageWriter::default();
    let navigation = writer.add_file(square_floor(8.0).to_bytes(), MediaType::Navigation);
    let (room, hall) = (flat.manifest().spaces[0].clone(), flat.manifest().spaces[1].clone());
    let mut tiles = Vec::new();
    let mut add = |bounds: Bounds, geometric_error, color, parent| {
        let content = writer.add_file(colored_floor(&bounds, color), MediaType::Glb);
        tiles.push(Tile { bounds, geometric_error, content, space: Some(room.id), parent });
        tiles.len() as u32 - 1
    };
    let top = add(room.bounds, 2.0, [0.5, 0.5, 0.5, 1.0], None);
    let colors = [[0.8, 0.1, 0.1, 1.0], [0.1, 0.8, 0.1, 1.0], [0.1, 0.1, 0.8, 1.0], [0.8, 0.8, 0.1, 1.0]];
    for (quarter, color) in quarters(&room.bounds).into_iter().zip(colors) {
        let is_first = color == colors[0];
        let at = add(quarter, if is_first { 0.05 } else { 0.0 }, color, Some(top));
        for (piece, color) in quarters(&quarter).into_iter().zip(colors).filter(|_| is_first) {
            add(piece, 0.0, color.map(|c| (c + 1.0) * 0.5), Some(at));
        }
    }
    let content = writer.add_file(floor_tile(&hall.bounds), MediaType::Glb);
    tiles.push(Tile {
        bounds: hall.bounds,
        geometric_error: 0.0,
        content,
        space: Some(hall.id),
        parent: None,
    });
    let tileset = writer.add_tileset(&Tileset { tiles });
    let manifest = Manifest { tileset, navigation, files: Vec::new(), ..flat.manifest().clone() };
    Package::open(writer.finish(manifest).unwrap()).unwrap()
}

/// The tiny venue with walls: one at the near end of its room, and one behind a table at the far end.
pub fn furnished_package() -> Package {
    let flat = tiny_package();
    let mut writer = PackageWriter::default();
    let navigation = writer.add_file(square_floor(8.0).to_bytes(), MediaType::Navigation);
    let mut glb = GlbWriter::default();
    let upright = |z: f32, top: f32, normal: Vec3| Primitive {
        positions: [(-8.0, 0.0), (8.0, 0.0), (8.0, top), (-8.0, top)]
            .map(|(x, y)| Vec3::new(x, y, z))
            .to_vec(),
        normals: vec![normal; 4],
        indices: if normal.z > 0.0 { vec![0, 1, 2, 0, 2, 3] } else { vec![0, 2, 1, 0, 3, 2] },
        ..Primitive::default()
    };
    let top = [(-8.0, 8.64), (8.0, 8.64), (8.0, 8.24), (-8.0, 8.24)];
    let top = Primitive {
        positions: top.map(|(x, z)| Vec3::new(x, 0.75, z)).to_vec(),
        normals: vec![Vec3::Y; 4],
        indices: vec![0, 1, 2, 0, 2, 3],
        ..Primitive::default()
    };
    let parts = [
        upright(-8.24, 3.0, Vec3::Z),
        upright(8.65, 3.0, Vec3::NEG_Z),
        upright(8.24, 0.75, Vec3::NEG_Z),
        top,
    ];
    let mesh = glb.add_mesh("walls and a table", &parts);
    glb.add_node(serde_json::json!({ "mesh": mesh }));
    let content = writer.add_file(glb.finish(), MediaType::Glb);
    let room = &flat.manifest().spaces[0];
    let bounds = Bounds { min: Vec3::new(-8.0, 0.0, -8.3), max: Vec3::new(8.0, 3.0, 8.7) };
    let tile = Tile { bounds, geometric_error: 0.0, content, space: Some(room.id), parent: None };
    let tileset = writer.add_tileset(&Tileset { tiles: vec![tile] });
    let manifest = Manifest { tileset, navigation, files: Vec::new(), ..flat.manifest().clone() };
    Package::open(writer.finish(manifest).unwrap()).unwrap()
}

fn quarters(of: &Bounds) -> [Bounds; 4] {
    let middle = (of.min + of.max) * 0.5;
    [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(x, z)| {
        let corner = |side: i32, low: f32, middle: f32, high: f32| {
            if side == 0 { (low, middle) } else { (middle, high) }
        };
        let (x, z) = (corner(x, of.min.x, middle.x, of.max.x), corner(z, of.min.z, middle.z, of.max.z));
        Bounds { min: Vec3::new(x.0, of.min.y, z.0), max: Vec3::new(x.1, of.max.y, z.1) }
    })
}

fn space(id: u16, key: &str, from: f32, to: f32) -> Space {
    let bounds = Bounds { min: Vec3::new(from, 0.0, -8.0), max: Vec3::new(to, 3.0, 8.0) };
    Space { id: SpaceId(id), key: key.into(), name: Localized::english(key), bounds }
}

fn floor_tile(bounds: &Bounds) -> Vec<u8> {
    colored_floor(bounds, [1.0; 4])
}

fn colored_floor(bounds: &Bounds, color: [f32; 4]) -> Vec<u8> {
    let mut writer = GlbWriter::default();
    let material =
        Material { base_color: Vec4::from(color), unlit: color != [1.0; 4], ..Material::default() };
    let material = writer.add_material(&material);
    let (min, max) = (bounds.min, bounds.max);
    let corners = [(min.x, max.z), (max.x, max.z), (max.x, min.z), (min.x, min.z)];
    let primitive = Primitive {
        positions: corners.map(|(x, z)| Vec3::new(x, 0.0, z)).to_vec(),
        normals: vec![Vec3::Y; 4],
        indices: vec![0, 1, 2, 0, 2, 3],
        material: Some(material),
        ..Primitive::default()
    };
    let mesh = writer.add_mesh("floor", &[primitive]);
    writer.add_node(serde_json::json!({ "mesh": mesh }));
    writer.finish()
}
