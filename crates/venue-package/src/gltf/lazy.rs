//! glTF of any size, piece by piece: the JSON is held, what lies in buffers is fetched in ranges and forgotten.
//!
//! [`Document`](super::Document) unpacks everything at once, which suits tiles; a scan of four gigabytes is read
//! through this. Whoever calls gives the bytes ([`Fetch`]), from a file or from memory.

use super::accessors::Accessors;
use super::buffers::{Buffers, data_uri};
use super::geometry::{self, FAN, POINTS, STRIP, TRIANGLES};
use super::json::{self, Accessor, BufferView, Root};
use super::{Asset, GltfError, Limits, Material, Node, Primitive, Texture};
use super::{extensions, meshopt, scene, surfaces};
use glam::DMat4;
use std::collections::BTreeMap;
use std::ops::Range;

/// Gives `length` bytes of a buffer from `offset` on; what goes wrong is told in a sentence.
pub type Fetch<'a> = dyn FnMut(usize, u64, u64) -> Result<Vec<u8>, String> + 'a;

/// What the corners of a primitive make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corners {
    /// Each vertex alone.
    Points,
    /// Each three corners.
    Triangles,
    /// Each corner with the two before it, turned every second time.
    Strip,
    /// Each two corners with the first one.
    Fan,
}

/// A piece of a mesh, not yet read.
#[derive(Clone, Debug, PartialEq)]
pub struct LazyPrimitive {
    /// Index of the mesh.
    pub mesh: usize,
    /// Its place in the mesh.
    pub part: usize,
    /// Index of a material.
    pub material: Option<usize>,
    /// What its corners make.
    pub corners: Corners,
    /// How many vertices it has.
    pub vertices: u64,
    /// How many indices it has; none when its vertices come in their order.
    pub indices: Option<u64>,
}

/// Where an image's bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// In a buffer.
    Range {
        /// Which.
        buffer: usize,
        /// First byte.
        offset: u64,
        /// How many.
        length: u64,
    },
    /// In a file of this name, relative to the glTF file; still escaped as in a URI.
    File(String),
    /// Here.
    Bytes(Vec<u8>),
}

/// A glTF file without its vertices and pictures.
#[derive(Debug)]
pub struct LazyDocument {
    root: Root,
    limits: Limits,
    /// Every node.
    pub nodes: Vec<Node>,
    /// The nodes at the top of the default scene.
    pub roots: Vec<usize>,
    /// Materials.
    pub materials: Vec<Material>,
    /// Textures.
    pub textures: Vec<Texture>,
    /// Whom to thank.
    pub asset: Asset,
    /// Views that were unpacked for the primitive that is being read.
    unpacked: BTreeMap<usize, Vec<u8>>,
    unpacked_for: Option<(usize, usize)>,
}

impl LazyDocument {
    /// Reads the JSON.
    pub fn read(json: &[u8], limits: &Limits) -> Result<Self, GltfError> {
        let root = json::parse(json, limits)?;
        extensions::check_required(&root)?;
        let (nodes, roots) = scene::nodes(&root)?;
        let textures = surfaces::textures(&root)?;
        Ok(Self {
            materials: surfaces::materials(&root, textures.len())?,
            asset: scene::asset(&root),
            limits: *limits,
            nodes,
            roots,
            textures,
            root,
            unpacked: BTreeMap::new(),
            unpacked_for: None,
        })
    }

    /// The names of all buffers, none for the one inside of the GLB; a name may be a data URI.
    pub fn buffers(&self) -> impl Iterator<Item = Option<&str>> {
        self.root.buffers.iter().map(|buffer| buffer.uri.as_deref())
    }

    /// The bytes of a buffer that stands in the JSON as a data URI.
    pub fn inline_buffer(&self, at: usize) -> Option<Result<Vec<u8>, GltfError>> {
        let uri = self.root.buffers.get(at)?.uri.as_deref().filter(|uri| uri.starts_with("data:"))?;
        Some(data_uri(uri, &format!("buffer {at}")).map(|(_, bytes)| bytes))
    }

    /// How many images there are.
    pub fn image_count(&self) -> usize {
        self.root.images.len()
    }

    /// Where an image's bytes are.
    pub fn image(&self, at: usize) -> Result<Stored, GltfError> {
        let name = format!("image {at}");
        let image = self.root.images.get(at).ok_or_else(|| GltfError::missing("the file", "image", at))?;
        match (&image.uri, image.buffer_view) {
            (_, Some(view)) => {
                let view = self.view(view, &name)?;
                Ok(Stored::Range { buffer: view.buffer, offset: view.byte_offset, length: view.byte_length })
            }
            (Some(uri), None) if uri.starts_with("data:") => {
                data_uri(uri, &name).map(|(_, bytes)| Stored::Bytes(bytes))
            }
            (Some(uri), None) => Ok(Stored::File(uri.clone())),
            (None, None) => Err(GltfError::broken(name, "it has neither bytes nor a name")),
        }
    }

    /// Each node of the default scene with its transform to the scene, in double precision.
    pub fn placed_nodes(&self) -> Vec<(usize, DMat4)> {
        let mut order = Vec::new();
        let mut open: Vec<_> = self.roots.iter().rev().map(|&at| (at, DMat4::IDENTITY)).collect();
        while let Some((at, scene_from_parent)) = open.pop() {
            let scene_from_node = scene_from_parent * scene::exact_transform(&self.root.nodes[at]);
            order.push((at, scene_from_node));
            open.extend(self.nodes[at].children.iter().rev().map(|&child| (child, scene_from_node)));
        }
        order
    }

    /// A mesh's pieces; sentences tell what is left out.
    pub fn primitives(
        &self,
        mesh: usize,
        warnings: &mut Vec<String>,
    ) -> Result<Vec<LazyPrimitive>, GltfError> {
        let source = self.root.meshes.get(mesh).ok_or_else(|| GltfError::missing("a node", "mesh", mesh))?;
        let mut found = Vec::new();
        for (part, primitive) in source.primitives.iter().enumerate() {
            let name = self.name(mesh, part);
            let corners = match primitive.mode.unwrap_or(TRIANGLES) {
                POINTS => Corners::Points,
                TRIANGLES => Corners::Triangles,
                STRIP => Corners::Strip,
                FAN => Corners::Fan,
                _ => {
                    warnings.push(format!("{name}: lines are left out"));
                    continue;
                }
            };
            if primitive.targets.is_some() {
                warnings.push(format!("{name}: its morph targets are left out"));
            }
            let Some(&positions) = primitive.attributes.get("POSITION") else {
                warnings.push(format!("{name}: it has no positions and is left out"));
                continue;
            };
            if let Some(material) = primitive.material.filter(|&at| at >= self.materials.len()) {
                return Err(GltfError::missing(name, "material", material));
            }
            let count = |at: usize| self.accessor(at, &name).map(|accessor| accessor.count);
            let indices = primitive.indices.map(count).transpose()?;
            let (material, vertices) = (primitive.material, count(positions)?);
            found.push(LazyPrimitive { mesh, part, material, corners, vertices, indices });
        }
        Ok(found)
    }

    /// Some vertices of a primitive; [`Primitive::indices`] stays empty.
    pub fn vertices(
        &mut self,
        of: &LazyPrimitive,
        range: Range<u64>,
        fetch: &mut Fetch<'_>,
    ) -> Result<Primitive, GltfError> {
        let name = self.name(of.mesh, of.part);
        let source = &self.root.meshes[of.mesh].primitives[of.part];
        const READ: [&str; 4] = ["POSITION", "NORMAL", "TEXCOORD_0", "TEXCOORD_1"];
        let wanted = |attribute: &str| READ.contains(&attribute) || attribute == "COLOR_0";
        let attributes: Vec<(String, usize)> = source
            .attributes
            .iter()
            .filter(|(attribute, _)| wanted(attribute))
            .map(|(attribute, &at)| (attribute.clone(), at))
            .collect();
        let numbers: Vec<usize> = attributes.iter().map(|&(_, at)| at).collect();
        let (window, bytes) = self.window(of, &numbers, range, &name, fetch)?;
        let buffers = Buffers::fetched(&window, bytes, self.limits.decoded_bytes);
        let accessors = Accessors { root: &window, buffers: &buffers };
        let named = attributes.into_iter().enumerate().map(|(place, (attribute, _))| (attribute, place));
        let part = json::Primitive { attributes: named.collect(), ..json::Primitive::default() };
        let mut out = Primitive { material: of.material, ..Primitive::default() };
        geometry::attributes(&accessors, &part, &name, &mut out)?;
        let at = part.attributes.get("POSITION").copied().unwrap_or_default();
        out.positions =
            accessors.floats(at, [0.0; 3], &["VEC3"], &name)?.into_iter().map(Into::into).collect();
        geometry::check_lengths(&out, &name)?;
        Ok(out)
    }

    /// Some indices of a primitive, as they stand in the file; none is beyond the vertices.
    pub fn indices(
        &mut self,
        of: &LazyPrimitive,
        range: Range<u64>,
        fetch: &mut Fetch<'_>,
    ) -> Result<Vec<u32>, GltfError> {
        let name = self.name(of.mesh, of.part);
        let Some(at) = self.root.meshes[of.mesh].primitives[of.part].indices else {
            return range
                .map(|index| {
                    u32::try_from(index).map_err(|_| GltfError::broken(&name, "it has too many vertices"))
                })
                .collect();
        };
        let (window, bytes) = self.window(of, &[at], range, &name, fetch)?;
        let buffers = Buffers::fetched(&window, bytes, self.limits.decoded_bytes);
        let accessors = Accessors { root: &window, buffers: &buffers };
        let line = accessors.indices::<1>(0, "SCALAR", &name)?;
        if let Some([index]) = line.iter().find(|[index]| u64::from(*index) >= of.vertices) {
            let what = format!("the index {index} is beyond its {} vertices", of.vertices);
            return Err(GltfError::broken(name, what));
        }
        Ok(line.into_iter().map(|[index]| index).collect())
    }

    fn name(&self, mesh: usize, part: usize) -> String {
        let name = self.root.meshes.get(mesh).map_or("", |mesh| &mesh.name);
        format!("mesh {mesh} {:?}, primitive {part}", geometry::short(name))
    }

    fn accessor(&self, at: usize, from: &str) -> Result<&Accessor, GltfError> {
        self.root.accessors.get(at).ok_or_else(|| GltfError::missing(from, "accessor", at))
    }

    fn view(&self, at: usize, from: &str) -> Result<&BufferView, GltfError> {
        self.root.buffer_views.get(at).ok_or_else(|| GltfError::missing(from, "buffer view", at))
    }

    /// A small document that holds the range of these accessors alone, and the bytes of its buffers.
    fn window(
        &mut self,
        of: &LazyPrimitive,
        accessors: &[usize],
        range: Range<u64>,
        name: &str,
        fetch: &mut Fetch<'_>,
    ) -> Result<(Root, Vec<Vec<u8>>), GltfError> {
        if self.unpacked_for != Some((of.mesh, of.part)) {
            self.unpacked.clear();
            self.unpacked_for = Some((of.mesh, of.part));
        }
        let (mut window, mut bytes) = (Root::default(), Vec::new());
        for &at in accessors {
            self.add_to_window(&mut window, &mut bytes, at, &range, name, fetch)?;
        }
        Ok((window, bytes))
    }

    fn add_to_window(
        &mut self,
        window: &mut Root,
        bytes: &mut Vec<Vec<u8>>,
        at: usize,
        range: &Range<u64>,
        name: &str,
        fetch: &mut Fetch<'_>,
    ) -> Result<(), GltfError> {
        let mut accessor = self.accessor(at, name)?.clone();
        let from = format!("accessor {at}");
        if accessor.sparse.is_some() {
            let what = "it is sparse, which scans are not; export it again without sparse accessors";
            return Err(GltfError::broken(from, what));
        }
        if range.end > accessor.count {
            let what = format!("it has {} items where {} are needed", accessor.count, range.end);
            return Err(GltfError::broken(from, what));
        }
        accessor.count = range.end - range.start;
        let Some(view_at) = accessor.buffer_view else {
            // It would hold zeros, without end if the file says so. Files with Draco leave it out.
            let what = "it has no bytes; export the file again without compression of its geometry";
            return Err(GltfError::broken(from, what));
        };
        let view = self.view(view_at, &from)?.clone();
        let item = item_bytes(&accessor);
        let stride = view.extensions.meshopt.as_ref().map(|packed| packed.byte_stride);
        let stride = stride.or(view.byte_stride).unwrap_or(item);
        let beyond = || GltfError::broken(&from, "it reaches beyond its buffer view");
        let first = range.start.checked_mul(stride).and_then(|skip| skip.checked_add(accessor.byte_offset));
        let first = first.ok_or_else(beyond)?;
        let length = match accessor.count.checked_sub(1) {
            None => 0,
            Some(last) => {
                last.checked_mul(stride).and_then(|bytes| bytes.checked_add(item)).ok_or_else(beyond)?
            }
        };
        let end = first.checked_add(length).ok_or_else(beyond)?;
        let part = match &view.extensions.meshopt {
            Some(packed) => {
                let whole = self.unpacked_view(view_at, packed, fetch)?;
                let range = usize::try_from(first).ok().zip(usize::try_from(end).ok());
                range.and_then(|(first, end)| whole.get(first..end)).ok_or_else(beyond)?.to_vec()
            }
            None if end > view.byte_length => return Err(beyond()),
            None => {
                let offset = view.byte_offset.checked_add(first).ok_or_else(beyond)?;
                fetch(view.buffer, offset, length).map_err(|what| GltfError::broken(&from, what))?
            }
        };
        accessor.byte_offset = 0;
        accessor.buffer_view = Some(bytes.len());
        window.accessors.0.push(accessor);
        window.buffer_views.0.push(BufferView {
            buffer: bytes.len(),
            byte_offset: 0,
            byte_length: part.len() as u64,
            byte_stride: Some(stride),
            extensions: json::ViewExtensions::default(),
        });
        bytes.push(part);
        Ok(())
    }

    /// A compressed view, unpacked; kept for as long as its primitive is read.
    fn unpacked_view(
        &mut self,
        at: usize,
        packed: &json::Meshopt,
        fetch: &mut Fetch<'_>,
    ) -> Result<&[u8], GltfError> {
        if !self.unpacked.contains_key(&at) {
            let from = format!("buffer view {at} (EXT_meshopt_compression)");
            let held: u64 = self.unpacked.values().map(|bytes| bytes.len() as u64).sum();
            let size = packed.count.checked_mul(packed.byte_stride).and_then(|size| size.checked_add(held));
            if size.is_none_or(|size| size > self.limits.decoded_bytes) {
                let limit = self.limits.decoded_bytes;
                return Err(GltfError::TooLarge { what: format!("{from} unpacked"), limit });
            }
            let bytes = fetch(packed.buffer, packed.byte_offset, packed.byte_length)
                .map_err(|what| GltfError::broken(&from, what))?;
            let whole = meshopt::decode(&bytes, packed).map_err(|what| GltfError::broken(from, what))?;
            self.unpacked.insert(at, whole);
        }
        Ok(self.unpacked.get(&at).map_or(&[], Vec::as_slice))
    }
}

/// Bytes of one item without gaps; what does not exist is told by whoever reads the accessor.
fn item_bytes(accessor: &Accessor) -> u64 {
    let component = match accessor.component_type {
        5120 | 5121 => 1,
        5122 | 5123 => 2,
        _ => 4,
    };
    let components = match accessor.shape.as_str() {
        "SCALAR" => 1,
        "VEC2" => 2,
        "VEC3" => 3,
        "MAT4" => 16,
        _ => 4,
    };
    component * components
}
