//! Writes GLB files: plain triangles and points, materials and pictures, as a package's tiles need them.

use super::{AlphaMode, Image, Material, Primitive, Texture, TextureUse, Topology, Wrap};
use glam::Vec3;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What a view of vertices is bound to, as glTF numbers it.
const ARRAY_BUFFER: u32 = 34962;
/// The same for a view of indices.
const ELEMENT_ARRAY_BUFFER: u32 = 34963;

/// A GLB that is being made.
#[derive(Clone, Debug, Default)]
pub struct GlbWriter {
    binary: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
    images: Vec<Value>,
    textures: Vec<Value>,
    samplers: Vec<Value>,
    materials: Vec<Value>,
    meshes: Vec<Value>,
    nodes: Vec<Value>,
    extensions: BTreeMap<&'static str, Required>,
    root_extensions: Map<String, Value>,
    used: std::collections::BTreeSet<String>,
    /// What the packed views have when they are unpacked.
    unpacked_bytes: usize,
}

/// A primitive whose lists are packed; see [`GlbWriter::add_packed_mesh`].
#[derive(Clone, Debug, Default)]
pub struct PackedPrimitive {
    /// Vertex attributes, all of the same count.
    pub attributes: Vec<PackedList>,
    /// What the vertices are.
    pub topology: Topology,
    /// Three for each triangle; of points there are none, and what stands here is not written.
    pub indices: PackedList,
    /// A material that [`GlbWriter::add_material`] gave.
    pub material: Option<usize>,
}

/// One packed list: what its accessor says, and its bytes in the extension's bitstream 0.
#[derive(Clone, Debug, Default)]
pub struct PackedList {
    /// The attribute, e.g. `POSITION`; nothing for indices.
    pub name: &'static str,
    /// glTF's `type`, e.g. `VEC3`.
    pub shape: &'static str,
    /// glTF's number of the component type.
    pub component_type: u32,
    /// Whether whole numbers stand for -1 to 1 or 0 to 1.
    pub normalized: bool,
    /// Items.
    pub count: usize,
    /// Bytes of an item when it is unpacked.
    pub stride: usize,
    /// The extension's `mode`.
    pub mode: &'static str,
    /// The extension's `filter`.
    pub filter: Option<&'static str>,
    /// Smallest and largest value, which glTF demands of positions.
    pub bounds: Option<[Vec3; 2]>,
    /// As packed.
    pub bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Required {
    Yes,
    No,
}

impl GlbWriter {
    /// Puts a picture as it is stored.
    pub fn add_image(&mut self, image: &Image) -> usize {
        let view = self.view(&image.bytes, None);
        self.images.push(json!({"bufferView": view, "mimeType": image.media_type}));
        self.images.len() - 1
    }

    /// Puts a texture; its image is one that [`Self::add_image`] gave.
    pub fn add_texture(&mut self, texture: &Texture) -> usize {
        let code = |wrap| match wrap {
            Wrap::Repeat => 10497,
            Wrap::Mirror => 33648,
            Wrap::Clamp => 33071,
        };
        let [s, t] = texture.wrap.map(code);
        let (mag, min) = if texture.nearest { (9728, 9984) } else { (9729, 9987) };
        let sampler = json!({"wrapS": s, "wrapT": t, "magFilter": mag, "minFilter": min});
        let sampler = index_of(&mut self.samplers, sampler);
        let extension = match self.images[texture.image]["mimeType"].as_str() {
            Some("image/webp") => Some("EXT_texture_webp"),
            Some("image/ktx2") => Some("KHR_texture_basisu"),
            _ => None,
        };
        self.textures.push(match extension {
            Some(extension) => {
                self.extensions.insert(extension, Required::Yes);
                json!({"sampler": sampler, "extensions": {extension: {"source": texture.image}}})
            }
            None => json!({"sampler": sampler, "source": texture.image}),
        });
        self.textures.len() - 1
    }

    /// Puts a material; its textures are ones that [`Self::add_texture`] gave.
    pub fn add_material(&mut self, material: &Material) -> usize {
        // What is as glTF has it anyway is not written: a tile's text is fetched with it.
        let mut surface = json!({});
        put_unless(&mut surface, "baseColorFactor", material.base_color.to_array(), [1.0; 4]);
        put_unless(&mut surface, "metallicFactor", material.metallic, 1.0);
        put_unless(&mut surface, "roughnessFactor", material.roughness, 1.0);
        self.put_texture(&mut surface, "baseColorTexture", material.base_color_texture);
        self.put_texture(&mut surface, "metallicRoughnessTexture", material.metallic_roughness_texture);
        let strength = material.emissive.max_element().max(1.0);
        let mut out = json!({});
        put_unless(&mut out, "name", material.name.as_str(), "");
        put_unless(&mut out, "pbrMetallicRoughness", surface, json!({}));
        put_unless(&mut out, "emissiveFactor", (material.emissive / strength).to_array(), [0.0; 3]);
        put_unless(&mut out, "doubleSided", material.double_sided, false);
        self.put_texture(&mut out, "emissiveTexture", material.emissive_texture);
        self.put_texture(&mut out, "normalTexture", material.normal_texture);
        self.put_texture(&mut out, "occlusionTexture", material.occlusion_texture);
        match material.alpha {
            AlphaMode::Opaque => {}
            AlphaMode::Mask(cutoff) => {
                out["alphaMode"] = json!("MASK");
                out["alphaCutoff"] = json!(cutoff);
            }
            AlphaMode::Blend => out["alphaMode"] = json!("BLEND"),
        }
        let mut extensions = Map::new();
        if material.unlit {
            self.extensions.entry("KHR_materials_unlit").or_insert(Required::No);
            extensions.insert("KHR_materials_unlit".into(), json!({}));
        }
        if strength > 1.0 {
            self.extensions.entry("KHR_materials_emissive_strength").or_insert(Required::No);
            extensions
                .insert("KHR_materials_emissive_strength".into(), json!({"emissiveStrength": strength}));
        }
        if !extensions.is_empty() {
            out["extensions"] = Value::Object(extensions);
        }
        self.materials.push(out);
        self.materials.len() - 1
    }

    fn put_texture(&mut self, object: &mut Value, key: &str, texture: Option<TextureUse>) {
        let Some(texture) = texture else { return };
        let mut info = json!({"index": texture.texture});
        put_unless(&mut info, "texCoord", texture.uv_set, 0);
        if texture.transform != super::UvTransform::default() {
            self.extensions.insert("KHR_texture_transform", Required::Yes);
            let moved = texture.transform;
            info["extensions"] = json!({"KHR_texture_transform": {
                "offset": moved.offset.to_array(), "rotation": moved.rotation, "scale": moved.scale.to_array()}});
        }
        object[key] = info;
    }

    /// Puts a mesh without skin; materials are ones that [`Self::add_material`] gave.
    pub fn add_mesh(&mut self, name: &str, primitives: &[Primitive]) -> usize {
        let primitives: Vec<_> = primitives.iter().map(|primitive| self.primitive(primitive)).collect();
        self.meshes.push(json!({"name": name, "primitives": primitives}));
        self.meshes.len() - 1
    }

    fn primitive(&mut self, primitive: &Primitive) -> Value {
        let mut attributes = Map::new();
        let positions = primitive.positions.iter().map(|p| p.to_array());
        let accessor = self.floats("VEC3", positions);
        let bounds = |start: Vec3, pick: fn(Vec3, Vec3) -> Vec3| {
            primitive.positions.iter().fold(start, |a, &b| pick(a, b))
        };
        self.accessors[accessor]["min"] = json!(bounds(Vec3::INFINITY, Vec3::min).to_array());
        self.accessors[accessor]["max"] = json!(bounds(Vec3::NEG_INFINITY, Vec3::max).to_array());
        attributes.insert("POSITION".into(), json!(accessor));
        if !primitive.normals.is_empty() {
            let accessor = self.floats("VEC3", primitive.normals.iter().map(|n| n.to_array()));
            attributes.insert("NORMAL".into(), json!(accessor));
        }
        for (set, uvs) in primitive.uvs.iter().enumerate().filter(|(_, uvs)| !uvs.is_empty()) {
            let accessor = self.floats("VEC2", uvs.iter().map(|uv| uv.to_array()));
            attributes.insert(format!("TEXCOORD_{set}"), json!(accessor));
        }
        if !primitive.colors.is_empty() {
            let accessor = self.floats("VEC4", primitive.colors.iter().map(|color| color.to_array()));
            attributes.insert("COLOR_0".into(), json!(accessor));
        }
        if !primitive.radii.is_empty() {
            let accessor = self.floats("SCALAR", primitive.radii.iter().map(|&radius| [radius]));
            attributes.insert("_RADIUS".into(), json!(accessor));
        }
        let mut out = match primitive.topology {
            Topology::Triangles => {
                json!({"attributes": attributes, "indices": self.indices(&primitive.indices)})
            }
            Topology::Points => json!({"attributes": attributes, "mode": 0}),
        };
        if let Some(material) = primitive.material {
            out["material"] = json!(material);
        }
        out
    }

    /// Puts a mesh whose views are already packed with `EXT_meshopt_compression`.
    pub fn add_packed_mesh(&mut self, name: &str, primitives: &[PackedPrimitive]) -> usize {
        self.extensions.insert("EXT_meshopt_compression", Required::Yes);
        self.extensions.insert("KHR_mesh_quantization", Required::Yes);
        let primitives: Vec<_> =
            primitives.iter().map(|primitive| self.packed_primitive(primitive)).collect();
        let mut mesh = json!({"primitives": primitives});
        put_unless(&mut mesh, "name", name, "");
        self.meshes.push(mesh);
        self.meshes.len() - 1
    }

    fn packed_primitive(&mut self, primitive: &PackedPrimitive) -> Value {
        let mut attributes = Map::new();
        for attribute in &primitive.attributes {
            let accessor = self.packed_accessor(attribute);
            if let Some([min, max]) = attribute.bounds {
                self.accessors[accessor]["min"] = json!(min.to_array().map(number));
                self.accessors[accessor]["max"] = json!(max.to_array().map(number));
            }
            attributes.insert(attribute.name.into(), json!(accessor));
        }
        let mut out = match primitive.topology {
            Topology::Triangles => {
                json!({"attributes": attributes, "indices": self.packed_accessor(&primitive.indices)})
            }
            Topology::Points => json!({"attributes": attributes, "mode": 0}),
        };
        if let Some(material) = primitive.material {
            out["material"] = json!(material);
        }
        out
    }

    fn packed_accessor(&mut self, list: &PackedList) -> usize {
        let packed = self.view(&list.bytes, None);
        let unpacked = list.count * list.stride;
        let mut meshopt = self.views[packed].clone();
        meshopt["byteStride"] = json!(list.stride);
        meshopt["count"] = json!(list.count);
        meshopt["mode"] = json!(list.mode);
        if let Some(filter) = list.filter {
            meshopt["filter"] = json!(filter);
        }
        // The view itself lies in a buffer that only readers without the extension would need; its bytes are nowhere.
        let mut view = json!({"buffer": 1, "byteLength": unpacked,
            "extensions": {"EXT_meshopt_compression": meshopt}});
        put_unless(&mut view, "byteOffset", self.unpacked_bytes, 0);
        if list.mode == "ATTRIBUTES" {
            view["byteStride"] = json!(list.stride);
        }
        view["target"] = json!(if list.mode == "ATTRIBUTES" { ARRAY_BUFFER } else { ELEMENT_ARRAY_BUFFER });
        self.views[packed] = view;
        self.unpacked_bytes += unpacked.next_multiple_of(4);
        let mut accessor = json!({"bufferView": packed, "componentType": list.component_type, "count": list.count,
            "type": list.shape});
        put_unless(&mut accessor, "normalized", list.normalized, false);
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }

    /// Puts a node at the top of the scene; `node` is its glTF object, e.g. with `translation`.
    pub fn add_node(&mut self, node: Value) -> usize {
        let extensions = node.get("extensions").and_then(Value::as_object);
        self.used.extend(extensions.into_iter().flat_map(|extensions| extensions.keys().cloned()));
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Puts an extension on the root object.
    pub fn add_root_extension(&mut self, name: &str, value: Value) {
        self.used.insert(name.to_owned());
        self.root_extensions.insert(name.to_owned(), value);
    }

    /// Puts bytes into a buffer view of their own, e.g. sounds.
    pub fn add_bytes(&mut self, bytes: &[u8]) -> usize {
        self.view(bytes, None)
    }

    /// The file.
    pub fn finish(self) -> Vec<u8> {
        let is_child: std::collections::BTreeSet<u64> = self
            .nodes
            .iter()
            .filter_map(|node| node.get("children")?.as_array())
            .flat_map(|children| children.iter().filter_map(Value::as_u64))
            .collect();
        let tops: Vec<_> = (0..self.nodes.len() as u64).filter(|at| !is_child.contains(at)).collect();
        let mut root = Map::new();
        root.insert("asset".into(), json!({"version": "2.0", "generator": "venue-package"}));
        root.insert("scene".into(), json!(0));
        root.insert("scenes".into(), json!([{"nodes": tops}]));
        let mut buffers =
            if self.binary.is_empty() { vec![] } else { vec![json!({"byteLength": self.binary.len()})] };
        if self.unpacked_bytes > 0 {
            let fallback = json!({"EXT_meshopt_compression": {"fallback": true}});
            buffers.push(json!({"byteLength": self.unpacked_bytes, "extensions": fallback}));
        }
        let required = self.extensions.iter().filter(|(_, required)| **required == Required::Yes);
        let required: Vec<_> = required.map(|(name, _)| json!(name)).collect();
        let mut used = self.used;
        used.extend(self.extensions.keys().map(|name| (*name).to_owned()));
        let lists = [
            ("nodes", self.nodes),
            ("meshes", self.meshes),
            ("materials", self.materials),
            ("textures", self.textures),
            ("samplers", self.samplers),
            ("images", self.images),
            ("accessors", self.accessors),
            ("bufferViews", self.views),
            ("buffers", buffers),
            ("extensionsUsed", used.into_iter().map(Value::String).collect()),
            ("extensionsRequired", required),
        ];
        // An empty list is not valid glTF.
        root.extend(
            lists
                .into_iter()
                .filter(|(_, list)| !list.is_empty())
                .map(|(k, v)| (k.to_owned(), Value::Array(v))),
        );
        if !self.root_extensions.is_empty() {
            root.insert("extensions".into(), Value::Object(self.root_extensions));
        }
        glb(Value::Object(root).to_string().into_bytes(), self.binary)
    }

    fn view(&mut self, bytes: &[u8], target: Option<u32>) -> usize {
        self.binary.resize(self.binary.len().next_multiple_of(4), 0);
        let mut view = json!({"buffer": 0, "byteLength": bytes.len()});
        put_unless(&mut view, "byteOffset", self.binary.len(), 0);
        if let Some(target) = target {
            view["target"] = json!(target);
        }
        self.binary.extend_from_slice(bytes);
        self.views.push(view);
        self.views.len() - 1
    }

    fn floats<const N: usize>(
        &mut self,
        shape: &str,
        items: impl ExactSizeIterator<Item = [f32; N]>,
    ) -> usize {
        let count = items.len();
        let bytes: Vec<u8> = items.flatten().flat_map(f32::to_le_bytes).collect();
        let view = self.view(&bytes, Some(ARRAY_BUFFER));
        self.accessors
            .push(json!({"bufferView": view, "componentType": 5126, "count": count, "type": shape}));
        self.accessors.len() - 1
    }

    fn indices(&mut self, indices: &[u32]) -> usize {
        let is_short = indices.iter().all(|&index| index < 0xffff);
        let bytes: Vec<u8> = if is_short {
            indices.iter().flat_map(|&index| (index as u16).to_le_bytes()).collect()
        } else {
            indices.iter().flat_map(|index| index.to_le_bytes()).collect()
        };
        let view = self.view(&bytes, Some(ELEMENT_ARRAY_BUFFER));
        let kind = if is_short { 5123 } else { 5125 };
        self.accessors.push(
            json!({"bufferView": view, "componentType": kind, "count": indices.len(), "type": "SCALAR"}),
        );
        self.accessors.len() - 1
    }
}

/// Puts a value that is not the one that glTF has without it.
fn put_unless<T: Into<Value> + PartialEq>(object: &mut Value, key: &str, value: T, default: T) {
    if value != default {
        object[key] = value.into();
    }
}

/// A number that is written as short as it is.
fn number(value: f32) -> Value {
    if value.fract() == 0.0 && value.abs() < 16_777_216.0 { json!(value as i32) } else { json!(value) }
}

fn index_of(list: &mut Vec<Value>, value: Value) -> usize {
    list.iter().position(|known| *known == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}

/// The two chunks with their headers (glTF 2.0 §4.4).
fn glb(mut json: Vec<u8>, mut binary: Vec<u8>) -> Vec<u8> {
    json.resize(json.len().next_multiple_of(4), b' ');
    binary.resize(binary.len().next_multiple_of(4), 0);
    let binary_part = if binary.is_empty() { 0 } else { 8 + binary.len() };
    let length = 12 + 8 + json.len() + binary_part;
    let mut out = Vec::with_capacity(length);
    out.extend_from_slice(b"glTF");
    out.extend_from_slice(&2_u32.to_le_bytes());
    out.extend_from_slice(&(length as u32).to_le_bytes());
    out.extend_from_slice(&(json.len() as u32).to_le_bytes());
    out.extend_from_slice(b"JSON");
    out.extend_from_slice(&json);
    if !binary.is_empty() {
        out.extend_from_slice(&(binary.len() as u32).to_le_bytes());
        out.extend_from_slice(b"BIN\0");
        out.extend_from_slice(&binary);
    }
    out
}
