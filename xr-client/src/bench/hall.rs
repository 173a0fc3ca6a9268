//! A hall for measuring: 500 tiles at the finest level below 20 coarser ones and one that shows it whole, made anew at
//! each run, so that its size does not hang on any model.

use anyhow::Result;
use glam::{Vec2, Vec3};
use venue_model::{Bounds, FileHash, Localized, Place, Space, SpaceId, SpawnPoint};
use venue_package::gltf::{GlbWriter, Image, Material, Primitive, Texture, TextureUse, UvTransform};
use venue_package::manifest::{Environment, MediaType};
use venue_package::{Manifest, NavigationMesh, NavigationPolygon, Package, PackageWriter, Tile, Tileset};

/// The space's key: the scene is `hall-COUNT`.
pub(super) const KEY: &str = "hall";

/// Tiles along and across, at the finest level, and of the coarser tiles.
const FINE: [u32; 2] = [25, 20];
const COARSE: [u32; 2] = [5, 4];

/// Metres on a side of a fine tile.
const SIDE: f32 = 1.6;

/// Squares on a side of a tile's floor: 800 triangles.
const SQUARES: u32 = 20;

/// Errors of the levels, metres: from where people stand most of the hall is seen at its finest.
const ERRORS: [f32; 3] = [4.0, 1.0, 0.0];

/// The package.
pub(super) fn package() -> Result<Package> {
    let mut writer = PackageWriter::default();
    let size = Vec2::new(FINE[0] as f32, FINE[1] as f32) * SIDE;
    let space = Space {
        id: SpaceId(1),
        key: KEY.into(),
        name: Localized::english("Hall"),
        bounds: bounds(Vec2::ZERO, size),
    };
    let navigation = writer.add_file(floor(size).to_bytes(), MediaType::Navigation);
    let tileset = Tileset { tiles: tiles(&mut writer) };
    let tileset = writer.add_tileset(&tileset);
    let middle = Place { position: Vec3::new(size.x * 0.5, 0.0, size.y * 0.5), yaw: 0.0 };
    let manifest = Manifest {
        format: "vev-venue".into(),
        version: 1,
        id: "bench-hall".into(),
        name: Localized::english("Hall for measuring"),
        spawn_points: vec![SpawnPoint { space: space.id, place: middle, radius: 2.0 }],
        spaces: vec![space],
        doors: Vec::new(),
        seats: Vec::new(),
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
    Ok(Package::open(writer.finish(manifest)?)?)
}

/// Tiles without contents: 1,885 of them in four levels, on 60 × 45 m.
pub(super) fn many_tiles() -> Tileset {
    let mut tiles = Vec::new();
    divide(&mut tiles, bounds(Vec2::new(-30.0, -22.5), Vec2::new(60.0, 45.0)), 3, None);
    Tileset { tiles }
}

fn divide(tiles: &mut Vec<Tile>, bounds: Bounds, levels: u32, parent: Option<u32>) {
    let at = tiles.len() as u32;
    let mut content = [0; 32];
    content[..4].copy_from_slice(&at.to_le_bytes());
    let geometric_error = if levels == 0 { 0.0 } else { 0.1 * 3.0_f32.powi(levels as i32) };
    tiles.push(Tile { bounds, geometric_error, content: FileHash(content), space: Some(SpaceId(1)), parent });
    if levels == 0 {
        return;
    }
    let step = (bounds.max - bounds.min) / Vec3::new(4.0, 1.0, 3.0);
    for index in 0..12 {
        let min = bounds.min + step * Vec3::new((index % 4) as f32, 0.0, (index / 4) as f32);
        divide(tiles, Bounds { min, max: min + step }, levels - 1, Some(at));
    }
}

/// Each before its children.
fn tiles(writer: &mut PackageWriter) -> Vec<Tile> {
    let whole = Vec2::new(FINE[0] as f32, FINE[1] as f32) * SIDE;
    let mut tiles = Vec::new();
    let mut add = |corner: Vec2, size: Vec2, level: usize, parent: Option<u32>| {
        let content = writer.add_file(tile(corner, size, level), MediaType::Glb);
        let (bounds, space) = (bounds(corner, size), Some(SpaceId(1)));
        tiles.push(Tile { bounds, geometric_error: ERRORS[level], content, space, parent });
        tiles.len() as u32 - 1
    };
    let top = add(Vec2::ZERO, whole, 0, None);
    let per = [FINE[0] / COARSE[0], FINE[1] / COARSE[1]];
    let cells = |count: [u32; 2]| (0..count[1]).flat_map(move |z| (0..count[0]).map(move |x| [x, z]));
    for [x, z] in cells(COARSE) {
        let size = Vec2::new(per[0] as f32, per[1] as f32) * SIDE;
        let corner = Vec2::new(x as f32, z as f32) * size;
        let coarse = add(corner, size, 1, Some(top));
        for [x, z] in cells(per) {
            add(corner + Vec2::new(x as f32, z as f32) * SIDE, Vec2::splat(SIDE), 2, Some(coarse));
        }
    }
    tiles
}

fn bounds(corner: Vec2, size: Vec2) -> Bounds {
    Bounds {
        min: Vec3::new(corner.x, 0.0, corner.y),
        max: Vec3::new(corner.x + size.x, 0.3, corner.y + size.y),
    }
}

/// A floor with low waves and a picture of its own.
fn tile(corner: Vec2, size: Vec2, level: usize) -> Vec<u8> {
    let mut glb = GlbWriter::default();
    let image = glb.add_image(&Image { media_type: "image/png".into(), bytes: picture(corner, level) });
    let texture = glb.add_texture(&Texture { image, ..Texture::default() });
    let used = TextureUse { texture, uv_set: 0, transform: UvTransform::default() };
    let material = Material { base_color_texture: Some(used), unlit: true, ..Material::default() };
    let material = glb.add_material(&material);
    let steps = SQUARES + 1;
    let points = (0..steps * steps)
        .map(|index| Vec2::new((index % steps) as f32, (index / steps) as f32) / SQUARES as f32);
    let uvs: Vec<Vec2> = points.collect();
    let position = |uv: &Vec2| {
        let place = corner + *uv * size;
        // Waves of whole tiles: edges meet.
        let wave =
            (place.x / SIDE * std::f32::consts::TAU).sin() * (place.y / SIDE * std::f32::consts::TAU).sin();
        Vec3::new(place.x, 0.01 * wave, place.y)
    };
    let square = |index: u32| {
        let first = index / SQUARES * steps + index % SQUARES;
        [first, first + steps, first + steps + 1, first, first + steps + 1, first + 1]
    };
    let primitive = Primitive {
        positions: uvs.iter().map(position).collect(),
        normals: vec![Vec3::Y; uvs.len()],
        uvs: [uvs, Vec::new()],
        indices: (0..SQUARES * SQUARES).flat_map(square).collect(),
        material: Some(material),
        ..Primitive::default()
    };
    let mesh = glb.add_mesh("floor", &[primitive]);
    glb.add_node(serde_json::json!({ "mesh": mesh }));
    glb.finish()
}

/// 32 × 32 pixels in a colour of the place.
fn picture(corner: Vec2, level: usize) -> Vec<u8> {
    let shade = [90, 120, 150][level] + ((corner.x * 3.0 + corner.y * 7.0) as u32 % 60) as u8;
    let pixels = image::RgbaImage::from_fn(32, 32, |x, y| {
        let line = u8::from(x == 0 || y == 0) * 40;
        image::Rgba([shade - line, shade - line, shade.saturating_add(20) - line, 255])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    match pixels.write_to(&mut bytes, image::ImageFormat::Png) {
        Ok(()) => bytes.into_inner(),
        // A tile without its picture is white.
        Err(_) => Vec::new(),
    }
}

fn floor(size: Vec2) -> NavigationMesh {
    let corner = |x: f32, z: f32| Vec3::new(x * size.x, 0.0, z * size.y);
    let polygon = NavigationPolygon {
        corners: vec![0, 1, 2, 3],
        neighbours: vec![None; 4],
        space: SpaceId(1),
        heights: 0..0,
    };
    let vertices = vec![corner(0.02, 0.98), corner(0.98, 0.98), corner(0.98, 0.02), corner(0.02, 0.02)];
    NavigationMesh { vertices, polygons: vec![polygon], ..NavigationMesh::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hall_is_a_good_package_of_five_hundred_fine_tiles() {
        let package = package().unwrap();
        let tiles = package.tileset().unwrap().tiles;
        assert_eq!(tiles.iter().filter(|tile| tile.geometric_error == 0.0).count(), 500);
        assert_eq!(tiles.len(), 521);
        let report = venue_package::validate_structure(&package);
        assert!(report.is_usable(), "{report:?}");
        assert_eq!((many_tiles().tiles.len(), many_tiles().check()), (1_885, Ok(())));
    }
}
