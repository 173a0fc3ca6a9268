//! A tiny venue for tests: a foyer and a hall with a door between them, made by code.
//!
//! ```text
//!            -z
//!   +---------------+   hall (key "hall", id 2): 8 × 6 m, a stage of one step at its far
//!   | screen, stage |   end, six seats, a table that is in the way
//!   |   seats table |
//!   +-----  door ---+   z = 0: the wall; the door is 1.6 m wide at x = 0
//!   |    foyer      |   foyer (key "foyer", id 1): 8 × 6 m, a talk zone, an exhibit
//!   +---------------+
//!            +z
//! ```

use crate::authored::Making;
use crate::hierarchy::Settings;
use crate::{pack, read};
use glam::{Vec2, Vec3};
use serde_json::{Value, json};
use venue_package::gltf::{GlbWriter, Image, Material, Primitive, Texture, TextureUse, UvTransform};
use venue_package::{MemorySource, Package};

/// The model: what a modeler would hand to `venue-importer pack`.
pub fn tiny_venue_glb() -> Vec<u8> {
    let mut maker = Maker::default();
    let paint = Paint {
        floor: maker.textured("floor"),
        wall: maker.plain("wall", [0.8, 0.8, 0.75, 1.0]),
        wood: maker.plain("wood", [0.5, 0.3, 0.15, 1.0]),
    };
    let foyer = foyer(&mut maker, &paint);
    let hall = hall(&mut maker, &paint);
    maker.group(
        "foyer",
        foyer,
        json!({"VEV_space": {"key": "foyer", "name": {"en": "Foyer", "fr": "Foyer", "ar": "الردهة"}}}),
    );
    maker.group("hall", hall, json!({"VEV_space": {"key": "hall", "name": {"en": "Hall", "fr": "Salle"}}}));
    let door = json!({"VEV_door": {"from": "foyer", "to": "hall", "width": 1.6, "height": 2.2}});
    maker.place("door", [0.0, 0.0, 0.0], door);
    let venue = json!({"id": "tiny", "name": {"en": "Tiny venue", "fr": "Petit lieu"}});
    maker.glb.add_root_extension("VEV_venue", venue);
    maker.glb.finish()
}

/// A tile that stands for its place in a tileset alone.
#[cfg(test)]
pub(crate) fn tile(parent: Option<u32>, geometric_error: f32) -> venue_package::Tile {
    venue_package::Tile {
        bounds: venue_model::Bounds { min: Vec3::ZERO, max: Vec3::ONE },
        geometric_error,
        content: venue_model::FileHash([0; 32]),
        space: None,
        parent,
    }
}

/// The materials.
struct Paint {
    floor: usize,
    wall: usize,
    wood: usize,
}

fn foyer(maker: &mut Maker, paint: &Paint) -> Vec<usize> {
    let shell = [
        cuboid([-4.0, -0.1, 0.0], [4.0, 0.0, 6.0]),
        cuboid([-4.1, 0.0, 0.0], [-4.0, 3.0, 6.0]),
        cuboid([4.0, 0.0, 0.0], [4.1, 3.0, 6.0]),
        cuboid([-4.0, 0.0, 6.0], [4.0, 3.0, 6.1]),
    ];
    // The dividing wall leaves the door free between x = -0.8 and x = 0.8 up to 2.2 m.
    let divider = [
        cuboid([-4.0, 0.0, -0.1], [-0.8, 3.0, 0.1]),
        cuboid([0.8, 0.0, -0.1], [4.0, 3.0, 0.1]),
        cuboid([-0.8, 2.2, -0.1], [0.8, 3.0, 0.1]),
    ];
    let statue = [cuboid([-3.0, 0.0, 4.5], [-2.6, 1.6, 4.9])];
    let exhibit = json!({"VEV_exhibit": {"name": {"en": "Column", "fr": "Colonne"}}});
    let spawn = json!({"OMI_spawn_point": {"title": "foyer"}, "VEV_spawn_point": {"radius": 1.0}});
    let corner = json!({"VEV_zone": {"purpose": "talk", "name": "Corner", "size": [2.0, 2.4, 2.0]}});
    vec![
        maker.mesh("foyer shell", &shell, paint.floor, json!({})),
        maker.mesh("divider", &divider, paint.wall, json!({})),
        maker.mesh("statue", &statue, paint.wood, exhibit),
        maker.place("foyer spawn", [0.0, 0.0, 3.0], spawn),
        maker.place("corner", [2.5, 1.2, 4.5], corner),
    ]
}

fn hall(maker: &mut Maker, paint: &Paint) -> Vec<usize> {
    let shell = [
        cuboid([-4.0, -0.1, -6.0], [4.0, 0.0, 0.0]),
        cuboid([-4.1, 0.0, -6.0], [-4.0, 3.0, 0.0]),
        cuboid([4.0, 0.0, -6.0], [4.1, 3.0, 0.0]),
        cuboid([-4.0, 0.0, -6.1], [4.0, 3.0, -6.0]),
    ];
    let stage = [cuboid([-4.0, 0.0, -6.0], [4.0, 0.2, -4.5])];
    let table = [cuboid([2.4, 0.0, -2.6], [3.4, 0.75, -2.0])];
    let in_the_way = json!({"VEV_navigation": {"walkable": false, "obstacle": true}});
    let spawn = json!({"OMI_spawn_point": {"title": "hall"}, "VEV_spawn_point": {"radius": 0.5}});
    let screen = json!({"VEV_screen": {"name": "Screen", "width": 2.4, "height": 1.35}});
    let mut nodes = vec![
        maker.mesh("hall shell", &shell, paint.floor, json!({})),
        maker.mesh("stage", &stage, paint.wood, json!({})),
        maker.mesh("table", &table, paint.wood, in_the_way),
        maker.place("hall spawn", [0.0, 0.0, -1.5], spawn),
        maker.place("screen", [0.0, 1.8, -5.99], screen),
    ];
    for seat in 0..6_u8 {
        let at = [-2.5 + f32::from(seat % 3), 0.0, -3.0 + f32::from(seat / 3)];
        let label = format!("{}{}", ["A", "B"][usize::from(seat / 3)], seat % 3 + 1);
        let extensions = json!({"OMI_seat": {}, "VEV_seat": {"height": 0.45, "label": label}});
        nodes.push(maker.place(&format!("seat {label}"), at, extensions));
    }
    nodes
}

/// The package that is made of it.
///
/// # Panics
///
/// When the importer is broken.
pub fn tiny_package() -> MemorySource {
    let source =
        read::read("tiny", &tiny_venue_glb(), |path| anyhow::bail!("there is no file {}", path.display()))
            .expect("the tiny venue is good glTF");
    let making = Making { settings: &Settings::default(), scratch: &std::env::temp_dir() };
    pack::pack(&source, making).expect("the tiny venue has all that a venue needs").files
}

/// The same, opened.
///
/// # Panics
///
/// When the importer is broken.
pub fn open_tiny_package() -> Package {
    Package::open(tiny_package()).expect("the importer writes good packages")
}

/// Smallest and largest corner.
type Cuboid = [Vec3; 2];

fn cuboid(min: [f32; 3], max: [f32; 3]) -> Cuboid {
    [min.into(), max.into()]
}

#[derive(Default)]
struct Maker {
    glb: GlbWriter,
}

impl Maker {
    fn plain(&mut self, name: &str, color: [f32; 4]) -> usize {
        self.glb.add_material(&Material {
            name: name.into(),
            base_color: color.into(),
            metallic: 0.0,
            ..Material::default()
        })
    }

    /// An unlit chequerboard that repeats each metre.
    fn textured(&mut self, name: &str) -> usize {
        let image = self.glb.add_image(&Image { media_type: "image/png".into(), bytes: CHEQUERS.to_vec() });
        let texture = self.glb.add_texture(&Texture { image, nearest: true, ..Texture::default() });
        let used = TextureUse {
            texture,
            uv_set: 0,
            transform: UvTransform { scale: Vec2::splat(0.5), ..UvTransform::default() },
        };
        self.glb.add_material(&Material {
            name: name.into(),
            base_color_texture: Some(used),
            unlit: true,
            ..Material::default()
        })
    }

    fn mesh(&mut self, name: &str, cuboids: &[Cuboid], material: usize, extensions: Value) -> usize {
        let mut primitive = Primitive { material: Some(material), ..Primitive::default() };
        cuboids.iter().for_each(|cuboid| add_cuboid(&mut primitive, *cuboid));
        let mesh = self.glb.add_mesh(name, &[primitive]);
        self.glb.add_node(json!({"name": name, "mesh": mesh, "extensions": extensions}))
    }

    fn place(&mut self, name: &str, at: [f32; 3], extensions: Value) -> usize {
        self.glb.add_node(json!({"name": name, "translation": at, "extensions": extensions}))
    }

    fn group(&mut self, name: &str, children: Vec<usize>, extensions: Value) -> usize {
        self.glb.add_node(json!({"name": name, "children": children, "extensions": extensions}))
    }
}

fn add_cuboid(primitive: &mut Primitive, [min, max]: Cuboid) {
    let center = (min + max) * 0.5;
    let half = (max - min) * 0.5;
    for (normal, side) in [(Vec3::X, Vec3::Y), (Vec3::Y, Vec3::Z), (Vec3::Z, Vec3::X)]
        .into_iter()
        .flat_map(|(normal, side)| [(normal, side), (-normal, side)])
    {
        let other = normal.cross(side);
        let first = primitive.positions.len() as u32;
        for (u, v) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
            let offset = (normal + side * u + other * v) * half;
            primitive.positions.push(center + offset);
            primitive.normals.push(normal);
            primitive.uvs[0].push(Vec2::new((side * half).dot(offset), (other * half).dot(offset)));
        }
        primitive.indices.extend([0, 1, 2, 0, 2, 3].map(|index| first + index));
    }
}

/// A PNG of 2 × 2 pixels, light and dark grey in turn.
const CHEQUERS: [u8; 71] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x02, 0x08, 0x00, 0x00, 0x00, 0x00, 0x57, 0xdd, 0x52, 0xf8, 0x00,
    0x00, 0x00, 0x0e, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x38, 0x11, 0xc5, 0x10, 0x75, 0x02, 0x00,
    0x06, 0xd2, 0x02, 0x45, 0x22, 0x3d, 0x64, 0x31, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];
