//! The tiles of a space, as our client would choose them from where people arrive.

use crate::view::EYES;
use crate::{Scene, crowd};
use bevy::asset::RenderAssetUsages;
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};
use venue_package::gltf::{Document, Limits, Primitive, Topology, decode_image};
use venue_package::{DirectorySource, Package, Tile};

/// Pixels that a tile may be off at most, of a picture 200 pixels high: as our client has it.
const PIXELS: f32 = 8.0;
/// Pixels of a metre in a metre's distance, with the camera of [`crate::view`].
const PIXELS_PER_METRE: f32 = 163.0;

/// What is drawn of the room.
#[derive(Resource, Default, Debug)]
pub struct Drawn {
    pub tiles: usize,
    pub triangles: usize,
}

/// Bevy's things that a scene is made of.
pub struct Made<'a> {
    pub meshes: &'a mut Assets<Mesh>,
    pub materials: &'a mut Assets<StandardMaterial>,
    pub images: &'a mut Assets<Image>,
}

/// Spawns the tiles, and puts the camera where people arrive.
pub fn set_up(
    mut commands: Commands,
    scene: Res<Scene>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut images: ResMut<Assets<Image>>,
    mut cameras: Query<&mut Transform, With<Camera3d>>,
) {
    let made = Made { meshes: &mut meshes, materials: &mut materials, images: &mut images };
    let (start, drawn) = spawn(&mut commands, &scene, made).expect("the package can be drawn");
    cameras.iter_mut().for_each(|mut camera| camera.translation = start + Vec3::Y * EYES);
    commands.insert_resource(drawn);
    commands.insert_resource(crowd::Start(start));
}

fn spawn(commands: &mut Commands, scene: &Scene, mut made: Made<'_>) -> Result<(Vec3, Drawn)> {
    let package = Package::open(DirectorySource::new(&scene.package))?;
    let space = package.manifest().space_by_key(&scene.space).context("there is no such space")?.id;
    let spawn = package.manifest().spawn_points.iter().find(|point| point.space == space);
    let start = Vec3::from_array(spawn.context("nobody arrives in this space")?.place.position.to_array());
    let tiles = package.tileset()?.tiles;
    let mut drawn = Drawn::default();
    for tile in chosen(&tiles, start + Vec3::Y * EYES) {
        let document = Document::read(&package.file(tile.content)?, &Limits::CLIENT)?;
        drawn.tiles += 1;
        for at in document.scene_nodes() {
            let node = &document.nodes[at];
            let primitives = node.mesh.into_iter().flat_map(|mesh| &document.meshes[mesh].primitives);
            for primitive in primitives.filter(|of| of.topology == Topology::Triangles) {
                drawn.triangles += primitive.indices.len() / 3;
                commands.spawn((
                    Mesh3d(made.meshes.add(mesh(primitive))),
                    MeshMaterial3d(material(&document, primitive, &mut made)),
                    Transform::from_matrix(Mat4::from_cols_array(&node.world.to_cols_array())),
                ));
            }
        }
    }
    Ok((start, drawn))
}

/// The coarsest tiles that are near enough to the surface as it is seen from a place.
fn chosen(tiles: &[Tile], eye: Vec3) -> Vec<&Tile> {
    let is_near = |tile: &Tile| {
        let [min, max] = [tile.bounds.min, tile.bounds.max].map(|corner| Vec3::from_array(corner.to_array()));
        let distance = (eye.clamp(min, max) - eye).length().max(0.1);
        tile.geometric_error * PIXELS_PER_METRE / distance <= PIXELS
    };
    // A tile is drawn when nothing above it was good enough, and it is, or nothing below it is there.
    let mut is_open = vec![false; tiles.len()];
    let mut has_children = vec![false; tiles.len()];
    tiles.iter().filter_map(|tile| tile.parent).for_each(|parent| has_children[parent as usize] = true);
    let mut drawn = Vec::new();
    for (at, tile) in tiles.iter().enumerate() {
        if tile.parent.is_some_and(|parent| !is_open[parent as usize]) {
            continue;
        }
        is_open[at] = has_children[at] && !is_near(tile);
        if !is_open[at] {
            drawn.push(tile);
        }
    }
    drawn
}

/// The vertices of a primitive, all that are there.
pub fn mesh(primitive: &Primitive) -> Mesh {
    let mut mesh = Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD);
    let three = |list: &[glam::Vec3]| list.iter().map(glam::Vec3::to_array).collect::<Vec<_>>();
    mesh.insert_attribute(Mesh::ATTRIBUTE_POSITION, three(&primitive.positions));
    let up = vec![[0.0, 1.0, 0.0]; primitive.positions.len()];
    let normals = if primitive.normals.is_empty() { up } else { three(&primitive.normals) };
    mesh.insert_attribute(Mesh::ATTRIBUTE_NORMAL, normals);
    let uvs: Vec<[f32; 2]> = primitive.uvs[0].iter().map(|uv| uv.to_array()).collect();
    if !uvs.is_empty() {
        mesh.insert_attribute(Mesh::ATTRIBUTE_UV_0, uvs);
    }
    mesh.insert_indices(Indices::U32(primitive.indices.clone()));
    mesh
}

/// The material of a primitive; its picture is unpacked, as for our own renderer on a machine without a graphics card.
pub fn material(document: &Document, primitive: &Primitive, made: &mut Made<'_>) -> Handle<StandardMaterial> {
    let of = primitive.material.map(|at| document.materials[at].clone()).unwrap_or_default();
    let texture = of.base_color_texture.as_ref().map(|used| document.textures[used.texture].image);
    let picture = texture.map(|image| &document.images[image]);
    let picture = picture.and_then(|of| decode_image(&of.bytes, &of.media_type, &Limits::CLIENT).ok());
    let image = picture.map(|picture| {
        let size = Extent3d { width: picture.width, height: picture.height, depth_or_array_layers: 1 };
        let format = TextureFormat::Rgba8UnormSrgb;
        let usage = RenderAssetUsages::RENDER_WORLD;
        made.images.add(Image::new(size, TextureDimension::D2, picture.rgba8, format, usage))
    });
    let [r, g, b, a] = of.base_color.to_array();
    made.materials.add(StandardMaterial {
        base_color: Color::linear_rgba(r, g, b, a),
        base_color_texture: image,
        unlit: of.unlit,
        perceptual_roughness: of.roughness.max(0.1),
        double_sided: of.double_sided,
        cull_mode: None,
        ..default()
    })
}
