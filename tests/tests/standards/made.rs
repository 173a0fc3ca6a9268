//! A package made by hand: what the importer makes of scans, small. A coarse tile with a picture in KTX2, and its
//! finer child of points with radii.

use glam::{Vec2, Vec3, Vec4};
use serde_json::json;
use venue_importer::tiny::open_tiny_package;
use venue_model::Bounds;
use venue_package::gltf::{
    GlbWriter, Image, Material, Primitive, Texture, TextureUse, Topology, UvTransform,
};
use venue_package::manifest::MediaType;
use venue_package::{MemorySource, PackageWriter, Tile, Tileset};

/// What can be wrong with the tile of points or the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bounds of the points are not theirs.
    Bounds,
    /// The picture is none.
    Picture,
    /// The tile carries an extension of ours.
    Extension,
}

/// Compressed by Basis Universal's own tool, ETC1S with all levels.
const PICTURE: &[u8] = include_bytes!("../../../crates/venue-package/tests/pictures/etc1s.ktx2");

/// The package as it should be.
pub fn package() -> MemorySource {
    with(None)
}

/// The package with a fault.
pub fn broken(fault: Fault) -> MemorySource {
    with(Some(fault))
}

fn with(fault: Option<Fault>) -> MemorySource {
    let tiny = open_tiny_package();
    let mut manifest = tiny.manifest().clone();
    let mut writer = PackageWriter::default();
    manifest.navigation = writer.add_file(tiny.file(manifest.navigation).unwrap(), MediaType::Navigation);
    (manifest.exhibits, manifest.emitters, manifest.acoustics) = (Vec::new(), Vec::new(), Vec::new());
    let coarse = writer.add_file(textured(fault), MediaType::Glb);
    let fine = writer.add_file(points(fault), MediaType::Glb);
    let bounds = Bounds { min: Vec3::new(-1.0, 0.0, -1.0), max: Vec3::new(1.0, 1.0, 1.0) };
    let space = Some(manifest.spaces[0].id);
    let tiles = vec![
        Tile { bounds, geometric_error: 0.5, content: coarse, space, parent: None },
        Tile { bounds, geometric_error: 0.0, content: fine, space, parent: Some(0) },
    ];
    manifest.tileset = writer.add_tileset(&Tileset { tiles });
    manifest.files.clear();
    writer.finish(manifest).unwrap()
}

fn textured(fault: Option<Fault>) -> Vec<u8> {
    let mut glb = GlbWriter::default();
    let bytes = if fault == Some(Fault::Picture) { vec![7; 300] } else { PICTURE.to_vec() };
    let image = glb.add_image(&Image { media_type: "image/ktx2".into(), bytes });
    let texture = glb.add_texture(&Texture { image, ..Texture::default() });
    let base_color_texture = Some(TextureUse { texture, uv_set: 0, transform: UvTransform::default() });
    let material =
        Some(glb.add_material(&Material { base_color_texture, unlit: true, ..Material::default() }));
    let at = |x: f32, z: f32| Vec3::new(x, 0.0, z);
    let mesh = glb.add_mesh(
        "floor",
        &[Primitive {
            positions: vec![at(-1.0, 1.0), at(1.0, 1.0), at(1.0, -1.0), at(-1.0, -1.0)],
            normals: vec![Vec3::Y; 4],
            uvs: [vec![Vec2::ZERO, Vec2::X, Vec2::ONE, Vec2::Y], Vec::new()],
            indices: vec![0, 1, 2, 0, 2, 3],
            material,
            ..Primitive::default()
        }],
    );
    glb.add_node(json!({"mesh": mesh}));
    glb.finish()
}

fn points(fault: Option<Fault>) -> Vec<u8> {
    let mut glb = GlbWriter::default();
    let positions: Vec<Vec3> =
        (0..40).map(|at| Vec3::new((at % 7) as f32 * 0.1, at as f32 * 0.02, 0.3)).collect();
    let material = Some(glb.add_material(&Material { unlit: true, ..Material::default() }));
    let mesh = glb.add_mesh(
        "points",
        &[Primitive {
            topology: Topology::Points,
            normals: vec![Vec3::Z; positions.len()],
            colors: vec![Vec4::new(0.8, 0.5, 0.2, 1.0); positions.len()],
            radii: vec![0.02; positions.len()],
            positions,
            material,
            ..Primitive::default()
        }],
    );
    let mut node = json!({"mesh": mesh});
    if fault == Some(Fault::Extension) {
        node["extensions"] = json!({"VEV_seat": {}});
    }
    glb.add_node(node);
    let bytes = glb.finish();
    if fault == Some(Fault::Bounds) { lowered(&bytes) } else { bytes }
}

/// The file with another smallest height, of the same length.
fn lowered(bytes: &[u8]) -> Vec<u8> {
    let (from, to) = (b"\"min\":[0.0,0.0,", b"\"min\":[0.0,0.1,");
    let at = bytes.windows(from.len()).position(|window| window == from).expect("the smallest corner");
    let mut lowered = bytes.to_vec();
    lowered[at..at + to.len()].copy_from_slice(to);
    lowered
}
