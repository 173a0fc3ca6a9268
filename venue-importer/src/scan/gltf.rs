//! glTF and GLB, primitive by primitive: what the scene shows, with the nodes' transforms applied.

use super::assemble::{Assembler, Vertex};
use super::batch::{BATCH_VERTICES, RawBatch};
use super::error::{ScanError, shown};
use super::info::{Alpha, ScanMaterial, Up};
use super::pictures::PICTURE_BYTES;
use super::sink::Sink;
use super::source::{Open, Source, read_range};
use super::vertices::Vertices;
use glam::{DMat3, DMat4, Vec3, Vec4};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use venue_package::gltf::{
    AlphaMode, Corners, GltfError, LazyDocument, LazyPrimitive, Limits, Material, Primitive, Stored,
    TextureUse,
};

/// What may be unpacked at once: a compressed part of a mesh has to be whole.
const LIMITS: Limits = Limits { decoded_bytes: 768 << 20, ..Limits::IMPORT };
/// Corners that are read at once.
const WINDOW: u64 = 65_536 * 3;
/// Longest stretch of a buffer that is fetched at once.
const FETCH_BYTES: u64 = 1 << 30;

/// Reads a file into the store.
pub(super) fn read(source: &Source, sink: &mut Sink<'_>) -> Result<(), ScanError> {
    let (json, binary) = container(source)?;
    let document = LazyDocument::read(&json, &LIMITS).map_err(|error| told(source, &error))?;
    drop(json);
    let mut buffers = Buffers::new(source, &document, binary)?;
    let mut scan = Scan { source, sink, document, materials: Vec::new(), fetched: 0, primitives: 0 };
    scan.about();
    scan.materials(&mut buffers)?;
    scan.geometry(&mut buffers)
}

fn told(source: &Source, error: &GltfError) -> ScanError {
    let advice = match error {
        GltfError::RequiredExtension(name) if name == "KHR_draco_mesh_compression" => {
            "; in Blender: File > Export > glTF 2.0 without Compression"
        }
        _ => "",
    };
    source.wrong("", format!("{error}{advice}"))
}

/// First byte and length of a part of the file.
type Part = (u64, u64);

/// The JSON, and where the binary part lies in the file.
fn container(source: &Source) -> Result<(Vec<u8>, Option<Part>), ScanError> {
    let wrong = |reason: &str| source.wrong("", reason);
    let header = source.beginning(12)?;
    if !header.starts_with(b"glTF") {
        return Ok((source.bytes(LIMITS.json_bytes)?, None));
    }
    let word = |bytes: &[u8], at: usize| {
        bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|four| u32::from_le_bytes(*four))
    };
    let (version, length) =
        word(&header, 4).zip(word(&header, 8)).ok_or_else(|| wrong("it ends in its header"))?;
    if version != 2 {
        return Err(wrong(&format!(
            "this is glTF {version}; version 2 is read: export it again as glTF 2.0"
        )));
    }
    if u64::from(length) > source.length {
        return Err(wrong("it is shorter than its header says; copy it again"));
    }
    let (mut open, mut at) = (source.open()?, 12);
    let (mut json, mut binary) = (None, None);
    while at + 8 <= u64::from(length) && binary.is_none() {
        let head = read_range(&mut open, at, 8).map_err(|error| wrong(&error.to_string()))?;
        let Some((size, kind)) = word(&head, 0).zip(word(&head, 4)) else { break };
        let (begin, size) = (at + 8, u64::from(size));
        if begin + size > source.length {
            return Err(wrong("a chunk is longer than the file; copy it again"));
        }
        match (kind, &json) {
            (0x4e4f_534a, None) if size > LIMITS.json_bytes => {
                return Err(wrong(&format!("its JSON has {size} bytes; {} are allowed", LIMITS.json_bytes)));
            }
            (0x4e4f_534a, None) => {
                json = Some(
                    read_range(&mut open, begin, size as usize).map_err(|error| wrong(&error.to_string()))?,
                );
            }
            (_, None) => return Err(wrong("its first chunk is not JSON")),
            (0x004e_4942, Some(_)) => binary = Some((begin, size)),
            _ => {}
        }
        at = begin + size;
    }
    Ok((json.ok_or_else(|| wrong("its first chunk is not JSON"))?, binary))
}

/// The files behind the buffers.
struct Buffers {
    open: Vec<Buffer>,
    /// By number of the buffer: which of the open ones, from where on, and how many bytes.
    ranges: Vec<Option<(usize, u64, u64)>>,
}

enum Buffer {
    File(Open),
    Memory(Vec<u8>),
}

impl Buffers {
    fn new(source: &Source, document: &LazyDocument, binary: Option<Part>) -> Result<Self, ScanError> {
        let mut all = Self { open: vec![Buffer::File(source.open()?)], ranges: Vec::new() };
        let mut files: BTreeMap<String, (usize, u64)> = BTreeMap::new();
        for (at, uri) in document.buffers().enumerate() {
            let range = match (document.inline_buffer(at), uri) {
                (Some(bytes), _) => {
                    let bytes = bytes.map_err(|error| told(source, &error))?;
                    let length = bytes.len() as u64;
                    all.open.push(Buffer::Memory(bytes));
                    Some((all.open.len() - 1, 0, length))
                }
                (None, Some(uri)) => {
                    let name = unescaped(uri);
                    let (file, length) = match files.get(&name) {
                        Some(&known) => known,
                        None => {
                            let beside = source.sibling(&name)?;
                            all.open.push(Buffer::File(beside.open()?));
                            let known = (all.open.len() - 1, beside.length);
                            files.insert(name, known);
                            known
                        }
                    };
                    Some((file, 0, length))
                }
                (None, None) => binary.filter(|_| at == 0).map(|(begin, length)| (0, begin, length)),
            };
            all.ranges.push(range);
        }
        Ok(all)
    }

    fn fetch(&mut self, buffer: usize, offset: u64, length: u64) -> Result<Vec<u8>, String> {
        let range = self.ranges.get(buffer).ok_or_else(|| format!("there is no buffer {buffer}"))?;
        let (file, begin, size) =
            range.ok_or_else(|| format!("the bytes of buffer {buffer} are not in this file"))?;
        if offset.checked_add(length).is_none_or(|end| end > size) {
            return Err(format!("it reaches beyond the {size} bytes of buffer {buffer}"));
        }
        if length > FETCH_BYTES {
            return Err(format!(
                "it has {length} bytes in one piece; {FETCH_BYTES} are allowed: divide the mesh"
            ));
        }
        match &mut self.open[file] {
            Buffer::File(open) => {
                read_range(open, begin + offset, length as usize).map_err(|error| error.to_string())
            }
            Buffer::Memory(bytes) => {
                Ok(bytes.get(offset as usize..(offset + length) as usize).unwrap_or_default().to_vec())
            }
        }
    }
}

/// A name in a URI: `%20` is a space.
fn unescaped(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let [first, behind @ ..] = rest {
        let escaped = behind.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match escaped.filter(|_| *first == b'%').and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A material of the file: its number in the store, and the texture coordinates that it uses.
#[derive(Clone, Copy)]
struct Surface {
    number: u32,
    uv: Option<TextureUse>,
}

struct Scan<'a, 's> {
    source: &'a Source,
    sink: &'a mut Sink<'s>,
    document: LazyDocument,
    materials: Vec<Surface>,
    fetched: u64,
    /// How many were read.
    primitives: u32,
}

impl Scan<'_, '_> {
    /// What the format says by itself, and who made the file.
    fn about(&mut self) {
        self.sink.info.metres_per_unit = Some(1.0);
        self.sink.info.up = Some(Up::Y);
        let asset = &self.document.asset;
        let parts = [&asset.title, &asset.author, &asset.copyright, &asset.license, &asset.source];
        let credit: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        if !credit.is_empty() {
            self.sink.info.credits.push(format!("{}: {}", self.source.name, credit.join(", ")));
        }
    }

    fn materials(&mut self, buffers: &mut Buffers) -> Result<(), ScanError> {
        let mut pictures: BTreeMap<usize, Option<u32>> = BTreeMap::new();
        for at in 0..self.document.materials.len() {
            let material = self.document.materials[at].clone();
            // Scans with their light baked in may have it as emission alone.
            let glows = material.base_color_texture.is_none() && material.emissive_texture.is_some();
            let uv = if glows { material.emissive_texture } else { material.base_color_texture };
            let image =
                uv.and_then(|used| self.document.textures.get(used.texture)).map(|texture| texture.image);
            let picture = match image {
                None => None,
                Some(image) => match pictures.get(&image) {
                    Some(&known) => known,
                    None => {
                        let picture = self.picture(image, buffers)?;
                        pictures.insert(image, picture);
                        picture
                    }
                },
            };
            let number = self.sink.material(surface(&material, picture, glows))?;
            self.materials.push(Surface { number, uv: uv.filter(|_| picture.is_some()) });
        }
        Ok(())
    }

    fn picture(&mut self, image: usize, buffers: &mut Buffers) -> Result<Option<u32>, ScanError> {
        let name = format!("image {image}");
        let bytes = match self.document.image(image).map_err(|error| told(self.source, &error))? {
            Stored::Bytes(bytes) => bytes,
            Stored::Range { buffer, offset, length } if length <= PICTURE_BYTES => {
                buffers.fetch(buffer, offset, length).map_err(|what| self.source.wrong(name.clone(), what))?
            }
            Stored::Range { length, .. } => {
                self.sink.warn(format!("{name}: {length} bytes are too many; its surfaces are plain"));
                return Ok(None);
            }
            Stored::File(uri) => {
                return match self.source.sibling(&unescaped(&uri)) {
                    Ok(file) => self.sink.picture_file(&file),
                    Err(error) if error.reason.contains("is not there") => {
                        self.sink.warn(format!("{name}: {}; its surfaces are plain", error.reason));
                        Ok(None)
                    }
                    Err(error) => Err(error),
                };
            }
        };
        self.sink.picture(&name, &bytes)
    }

    fn geometry(&mut self, buffers: &mut Buffers) -> Result<(), ScanError> {
        let mut assembler = Assembler::default();
        let mut vertices = Vertices::new(self.source, self.sink);
        let mut warned = Vec::new();
        for (node, scene_from_node) in self.document.placed_nodes() {
            let Some(mesh) = self.document.nodes[node].mesh else { continue };
            if !scene_from_node.is_finite() {
                return Err(self.source.wrong(format!("node {node}"), "its transform overflows"));
            }
            if self.document.nodes[node].skin.is_some() {
                warned.push(format!("node {node}: its skin is left out; it stands as it was modelled"));
            }
            let parts =
                self.document.primitives(mesh, &mut warned).map_err(|error| told(self.source, &error))?;
            for part in parts {
                self.primitive(&part, scene_from_node, buffers, &mut vertices, &mut assembler)?;
            }
        }
        warned.into_iter().for_each(|sentence| self.sink.warn(sentence));
        assembler.finish(self.sink)
    }

    fn primitive(
        &mut self,
        part: &LazyPrimitive,
        scene_from_node: DMat4,
        buffers: &mut Buffers,
        vertices: &mut Vertices,
        assembler: &mut Assembler,
    ) -> Result<(), ScanError> {
        let surface = part.material.map(|at| self.materials[at]);
        let place = Placed::new(scene_from_node, surface.and_then(|surface| surface.uv));
        vertices.clear();
        let mut points = RawBatch { material: surface.map(|surface| surface.number), ..RawBatch::default() };
        let mut at = 0;
        while at < part.vertices {
            let end = part.vertices.min(at + BATCH_VERTICES as u64);
            let read = self.document.vertices(part, at..end, &mut |buffer, offset, length| {
                self.fetched += length;
                buffers.fetch(buffer, offset, length)
            });
            let read = read.map_err(|error| told(self.source, &error))?;
            self.sink.progress(self.fetched);
            for vertex in place.vertices(&read) {
                if part.corners == Corners::Points {
                    points.add(vertex);
                } else {
                    vertices.push(&vertex, self.sink)?;
                }
            }
            self.sink.push(&mut points)?;
            at = end;
        }
        if part.corners == Corners::Points {
            return Ok(());
        }
        vertices.freeze()?;
        self.triangles(
            part,
            surface.map(|surface| surface.number),
            place.is_mirrored,
            buffers,
            vertices,
            assembler,
        )
    }

    fn triangles(
        &mut self,
        part: &LazyPrimitive,
        material: Option<u32>,
        is_mirrored: bool,
        buffers: &mut Buffers,
        vertices: &mut Vertices,
        assembler: &mut Assembler,
    ) -> Result<(), ScanError> {
        let count = part.indices.unwrap_or(part.vertices);
        let mut line = Line::new(part.corners, is_mirrored);
        let mut at = 0;
        while at < count {
            let end = count.min(at + WINDOW);
            let indices = self.document.indices(part, at..end, &mut |buffer, offset, length| {
                self.fetched += length;
                buffers.fetch(buffer, offset, length)
            });
            let indices = indices.map_err(|error| told(self.source, &error))?;
            self.sink.progress(self.fetched);
            for index in indices {
                let Some(triangle) = line.corner(index) else { continue };
                // Numbers of another primitive mean other vertices.
                let keys = triangle.map(|corner| [corner, self.primitives, 0]);
                assembler.triangle(self.sink, material, keys, |[corner, ..]| vertices.get(corner))?;
            }
            at = end;
        }
        self.primitives = self.primitives.wrapping_add(1);
        Ok(())
    }
}

fn surface(material: &Material, picture: Option<u32>, glows: bool) -> ScanMaterial {
    ScanMaterial {
        name: shown(&material.name),
        base_color: if glows { material.emissive.extend(1.0).min(Vec4::ONE) } else { material.base_color },
        picture,
        unlit: material.unlit || glows,
        double_sided: material.double_sided,
        alpha: match material.alpha {
            AlphaMode::Opaque => Alpha::Opaque,
            AlphaMode::Mask(cutoff) => Alpha::Mask(cutoff),
            AlphaMode::Blend => Alpha::Blend,
        },
    }
}

/// Corners one after the other become triangles.
struct Line {
    corners: Corners,
    is_mirrored: bool,
    held: [u32; 2],
    count: u64,
}

impl Line {
    fn new(corners: Corners, is_mirrored: bool) -> Self {
        Self { corners, is_mirrored, held: [0; 2], count: 0 }
    }

    fn corner(&mut self, index: u32) -> Option<[u32; 3]> {
        let (at, [first, second]) = (self.count, self.held);
        self.count += 1;
        let complete = match self.corners {
            Corners::Triangles => at % 3 == 2,
            Corners::Strip | Corners::Fan => at >= 2,
            Corners::Points => false,
        };
        let is_turned = (self.corners == Corners::Strip && at % 2 == 1) != self.is_mirrored;
        self.held = match self.corners {
            Corners::Triangles if at % 3 == 0 => [index, second],
            Corners::Triangles | Corners::Points => [first, index],
            Corners::Strip if at == 0 => [index, index],
            Corners::Strip => [second, index],
            Corners::Fan if at == 0 => [index, index],
            Corners::Fan => [first, index],
        };
        let triangle = if is_turned { [second, first, index] } else { [first, second, index] };
        complete.then_some(triangle)
    }
}

/// How a node's vertices come into the scene.
struct Placed {
    scene_from_node: DMat4,
    normals: DMat3,
    is_mirrored: bool,
    uv: Option<TextureUse>,
}

impl Placed {
    fn new(scene_from_node: DMat4, uv: Option<TextureUse>) -> Self {
        let linear = DMat3::from_mat4(scene_from_node);
        let determinant = linear.determinant();
        let normals = if determinant.abs() > 1e-30 { linear.inverse().transpose() } else { linear };
        Self { scene_from_node, normals, is_mirrored: determinant < 0.0, uv }
    }

    fn vertices(&self, read: &Primitive) -> impl Iterator<Item = Vertex> {
        let uvs = self.uv.map_or(&[][..], |uv| &read.uvs[uv.uv_set.min(1)][..]);
        let normal =
            |normal: &Vec3| (self.normals * normal.as_dvec3()).as_vec3().try_normalize().unwrap_or(Vec3::Y);
        (0..read.positions.len()).map(move |at| Vertex {
            position: self.scene_from_node.transform_point3(read.positions[at].as_dvec3()),
            normal: read.normals.get(at).map(normal),
            uv: self.uv.zip(uvs.get(at)).map(|(uv, &at)| uv.transform.apply(at)),
            color: read.colors.get(at).map(|&color| srgb(color)),
        })
    }
}

/// sRGB of each linear byte: colours come as bytes mostly, and powers take time.
static SRGB: LazyLock<[u8; 256]> = LazyLock::new(|| std::array::from_fn(|byte| encoded(byte as f32 / 255.0)));

/// Linear RGBA as sRGB with alpha.
fn srgb(linear: Vec4) -> [u8; 4] {
    let [red, green, blue, alpha] = linear.to_array();
    let shade = |value: f32| {
        let byte = (value * 255.0).round().clamp(0.0, 255.0) as u8;
        if f32::from(byte) / 255.0 == value { SRGB[usize::from(byte)] } else { encoded(value) }
    };
    let [red, green, blue] = [red, green, blue].map(shade);
    [red, green, blue, (alpha.clamp(0.0, 1.0) * 255.0).round() as u8]
}

fn encoded(value: f32) -> u8 {
    let part = match value.clamp(0.0, 1.0) {
        low if low <= 0.003_130_8 => low * 12.92,
        high => 1.055 * high.powf(1.0 / 2.4) - 0.055,
    };
    (part * 255.0).round() as u8
}
