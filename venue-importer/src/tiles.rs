//! One tile of small things: meshes merged by material, as one GLB in the building frame, pictures as they are.

use crate::packing;
use crate::report::Report;
use glam::{Mat4, Vec2, Vec3, Vec4};
use std::collections::BTreeMap;
use venue_model::{Bounds, SpaceId};
use venue_package::gltf::{
    Document, GlbWriter, Limits, Material, Primitive, Texture, TextureUse, UvTransform, decode_image,
    picture_size,
};
use venue_package::manifest::MediaType;
use venue_package::{PackageWriter, Tile};

/// Pictures beyond this many pixels on a side fill a headset's memory for no visible gain.
const LARGE_PICTURE: u32 = 4_096;

/// What is not taken of a material.
pub(crate) const LEFT_OUT: &str =
    "its normal, roughness and occlusion pictures are left out: the client draws base colour and glow";

/// A node's mesh where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'a> {
    pub(crate) document: &'a Document,
    pub(crate) node: usize,
    /// Building frame from mesh.
    pub(crate) world: Mat4,
}

impl<'a> Piece<'a> {
    /// The node's mesh, if it has one; `above` is applied to its document's world.
    pub(crate) fn of(document: &'a Document, node: usize, above: Mat4) -> Option<Self> {
        document.nodes[node].mesh.map(|_| Self { document, node, world: above * document.nodes[node].world })
    }

    /// All that a document's scene shows.
    pub(crate) fn all(document: &'a Document) -> impl Iterator<Item = Self> {
        document.scene_nodes().into_iter().filter_map(|node| Self::of(document, node, Mat4::IDENTITY))
    }

    pub(crate) fn primitives(&self) -> &'a [Primitive] {
        self.document.nodes[self.node].mesh.map_or(&[], |mesh| &self.document.meshes[mesh].primitives)
    }
}

/// Writes one tile; none when there are no triangles.
pub(crate) fn write(
    name: &str,
    pieces: &[Piece<'_>],
    space: Option<SpaceId>,
    writer: &mut PackageWriter,
    report: &mut Report,
) -> Option<Tile> {
    let mut builder = Builder::default();
    for piece in pieces {
        for primitive in piece.primitives().iter().filter(|primitive| !primitive.indices.is_empty()) {
            builder.add(piece, primitive, report);
        }
    }
    let primitives: Vec<_> = builder.merged.into_values().collect();
    let points = || primitives.iter().flat_map(|primitive| primitive.positions.iter().copied());
    let first = points().next()?;
    let start = Bounds { min: first, max: first };
    let bounds = points().fold(start, |b, p| Bounds { min: b.min.min(p), max: b.max.max(p) });
    let triangles: usize = primitives.iter().map(|primitive| primitive.indices.len() / 3).sum();
    let packed: Vec<_> = match primitives.iter().map(packing::pack).collect::<anyhow::Result<_>>() {
        Ok(packed) => packed,
        Err(error) => {
            report.error(format!("the tile of {name} can not be packed: {error:#}"));
            return None;
        }
    };
    let mesh = builder.glb.add_packed_mesh("", &packed);
    builder.glb.add_node(serde_json::json!({"mesh": mesh}));
    let bytes = builder.glb.finish();
    report.fact(
        format!("tile {name}"),
        format!(
            "{triangles} triangles, {} materials, {}{:.1} MB",
            primitives.len(),
            builder.pictures,
            bytes.len() as f64 / 1e6
        ),
    );
    let content = writer.add_file(bytes, MediaType::Glb);
    Some(Tile { bounds, geometric_error: 0.0, content, space, parent: None })
}

/// Which document a material or image is of: documents are told apart by their address while they live.
type Origin = (*const Document, usize);

#[derive(Default)]
struct Builder {
    glb: GlbWriter,
    merged: BTreeMap<usize, Primitive>,
    materials: BTreeMap<(*const Document, Option<usize>), usize>,
    images: BTreeMap<Origin, Option<usize>>,
    textures: BTreeMap<Origin, Option<usize>>,
    /// For the report: sizes of the pictures.
    pictures: String,
}

impl Builder {
    fn add(&mut self, piece: &Piece<'_>, primitive: &Primitive, report: &mut Report) {
        let (document, key) = (piece.document, (std::ptr::from_ref(piece.document), primitive.material));
        let source = primitive.material.map(|at| document.materials[at].clone()).unwrap_or_default();
        let material = match self.materials.get(&key) {
            Some(&material) => material,
            None => {
                let kept = self.material(document, &source, report);
                let material = self.glb.add_material(&kept);
                self.materials.insert(key, material);
                material
            }
        };
        let target = self
            .merged
            .entry(material)
            .or_insert_with(|| Primitive { material: Some(material), ..Primitive::default() });
        append(target, piece.world, primitive, &source);
    }

    /// The material as the tile has it: base colour on the first texture coordinates, glow on the second if it differs.
    fn material(&mut self, document: &Document, source: &Material, report: &mut Report) -> Material {
        let left_out = [source.normal_texture, source.metallic_roughness_texture, source.occlusion_texture];
        if left_out.iter().any(Option::is_some) {
            report.warn(format!("the material {:?}: {LEFT_OUT}", source.name));
        }
        let shared = shares_uvs(source);
        let mut keep = |texture: Option<TextureUse>, uv_set| {
            let texture = self.texture(document, texture?.texture, report)?;
            Some(TextureUse { texture, uv_set, transform: UvTransform::default() })
        };
        Material {
            base_color_texture: keep(source.base_color_texture, 0),
            emissive_texture: keep(source.emissive_texture, if shared { 0 } else { 1 }),
            normal_texture: None,
            metallic_roughness_texture: None,
            occlusion_texture: None,
            ..source.clone()
        }
    }

    fn texture(&mut self, document: &Document, at: usize, report: &mut Report) -> Option<usize> {
        let key = (std::ptr::from_ref(document), at);
        if let Some(&known) = self.textures.get(&key) {
            return known;
        }
        let source = document.textures[at];
        let image = self.image(document, source.image, report);
        let texture = image.map(|image| self.glb.add_texture(&Texture { image, ..source }));
        self.textures.insert(key, texture);
        texture
    }

    /// Puts a picture with its bytes as they are, if it can be unpacked.
    fn image(&mut self, document: &Document, at: usize, report: &mut Report) -> Option<usize> {
        let key = (std::ptr::from_ref(document), at);
        if let Some(&known) = self.images.get(&key) {
            return known;
        }
        let image = &document.images[at];
        let unpacked = decode_image(&image.bytes, &image.media_type, &Limits::CLIENT);
        let put = match unpacked {
            Ok(_) => Some(self.glb.add_image(image)),
            Err(error) => {
                report.warn(format!("image {at} is left out: {error}"));
                None
            }
        };
        if let Ok((width, height)) = picture_size(&image.bytes, &Limits::CLIENT) {
            self.pictures.push_str(&format!("picture {width} × {height}, "));
            if width.max(height) > LARGE_PICTURE {
                report.warn(format!(
                    "image {at} has {width} × {height} pixels; {LARGE_PICTURE} a side are enough"
                ));
            }
        }
        self.images.insert(key, put);
        put
    }
}

/// Whether glow and base colour are looked up in the same way.
fn shares_uvs(material: &Material) -> bool {
    match (material.base_color_texture, material.emissive_texture) {
        (Some(base), Some(glow)) => (base.uv_set, base.transform) == (glow.uv_set, glow.transform),
        _ => false,
    }
}

/// Puts a primitive's triangles into a merged one, in the building frame.
fn append(target: &mut Primitive, world: Mat4, source: &Primitive, material: &Material) {
    let first = target.positions.len() as u32;
    let count = source.positions.len();
    target.positions.extend(source.positions.iter().map(|&position| world.transform_point3(position)));
    let is_mirrored = world.determinant() < 0.0;
    let triangle = |t: &[u32; 3]| if is_mirrored { [t[0], t[2], t[1]] } else { *t };
    target
        .indices
        .extend(source.indices.as_chunks::<3>().0.iter().flat_map(triangle).map(|index| index + first));
    if source.normals.is_empty() {
        let indices = &target.indices[target.indices.len() - source.indices.len() / 3 * 3..];
        let normals = smooth_normals(&target.positions, indices, first as usize);
        target.normals.extend(normals);
    } else {
        // Normals go by the inverse transpose, so that a stretched wall keeps its own.
        let turn = glam::Mat3::from_mat4(world).inverse().transpose();
        target.normals.extend(source.normals.iter().map(|&n| (turn * n).try_normalize().unwrap_or(Vec3::Y)));
    }
    extend_uvs(target, 0, first, source, material.base_color_texture);
    extend_uvs(target, 1, first, source, material.emissive_texture.filter(|_| !shares_uvs(material)));
    extend_padded(&mut target.colors, &source.colors, first as usize, count, Vec4::ONE);
}

fn extend_uvs(target: &mut Primitive, set: usize, first: u32, source: &Primitive, used: Option<TextureUse>) {
    let Some(used) = used else { return };
    let moved: Vec<Vec2> = source.uvs[used.uv_set].iter().map(|&uv| used.transform.apply(uv)).collect();
    extend_padded(&mut target.uvs[set], &moved, first as usize, source.positions.len(), Vec2::ZERO);
}

/// Appends `count` items; when only some of the merged primitives have them, the others get `fill`.
fn extend_padded<T: Copy>(target: &mut Vec<T>, source: &[T], first: usize, count: usize, fill: T) {
    if source.is_empty() && target.is_empty() {
        return;
    }
    target.resize(first, fill);
    target.extend_from_slice(source);
    target.resize(first + count, fill);
}

/// Normals for the positions from `first` on: their triangles' mean, weighted by area.
fn smooth_normals(positions: &[Vec3], indices: &[u32], first: usize) -> Vec<Vec3> {
    let mut normals = vec![Vec3::ZERO; positions.len() - first];
    for triangle in indices.as_chunks::<3>().0 {
        let [a, b, c] = triangle.map(|index| positions[index as usize]);
        let normal = (b - a).cross(c - a);
        triangle.iter().for_each(|&index| normals[index as usize - first] += normal);
    }
    normals.into_iter().map(|normal| normal.try_normalize().unwrap_or(Vec3::Y)).collect()
}
