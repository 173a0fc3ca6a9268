//! glTF 2.0, read from bytes of unknown origin into plain data. Knows no venue and no GPU.
//!
//! Everything is bounded by [`Limits`]; sizes are proven before memory is taken. What a file
//! *requires* and this reader has not is refused in a sentence; see [`SUPPORTED_WHEN_REQUIRED`].

mod accessors;
mod buffers;
mod container;
mod document;
mod extensions;
mod geometry;
mod json;
mod ktx2;
mod lazy;
mod meshopt;
mod motion;
mod picture;
mod scene;
mod surfaces;
mod write;

pub use document::{
    AlphaMode, Animation, Asset, Channel, Document, Image, Interpolation, Material, Mesh, Node, Primitive,
    Property, Skin, Texture, TextureUse, Topology, Transform, UvTransform, Wrap,
};
pub use extensions::SUPPORTED_WHEN_REQUIRED;
pub use ktx2::{MipPicture, PictureLevel, PixelFormat, transcode_ktx2};
pub use lazy::{Corners, Fetch, LazyDocument, LazyPrimitive, Stored};
pub use picture::{
    Picture, PictureError, decode_image, decode_image_within, is_block_compressed, picture_size,
};
pub use write::{GlbWriter, PackedList, PackedPrimitive};

/// How much a file may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of its JSON part.
    pub json_bytes: u64,
    /// Items of any one list: nodes, accessors, materials.
    pub items: usize,
    /// Bytes of everything that is unpacked from it: vertices, indices, keys, images as stored.
    pub decoded_bytes: u64,
    /// Pixels on a side of one picture.
    pub picture_side: u32,
    /// Pixels of one picture.
    pub picture_pixels: u64,
}

impl Limits {
    /// For a modeler's own file on the modeler's own machine.
    pub const IMPORT: Self = Self {
        file_bytes: 4 << 30,
        json_bytes: 64 << 20,
        items: 200_000,
        decoded_bytes: 4 << 30,
        picture_side: 16_384,
        picture_pixels: 1 << 28,
    };
    /// For a tile or an avatar that came over the network.
    pub const CLIENT: Self = Self {
        file_bytes: 512 << 20,
        json_bytes: 4 << 20,
        items: 100_000,
        decoded_bytes: 1 << 30,
        picture_side: 8_192,
        picture_pixels: 1 << 26,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::CLIENT
    }
}

/// The file can not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GltfError {
    /// Neither GLB nor glTF JSON.
    #[error("this is not a glTF file: {0}")]
    NotGltf(&'static str),
    /// Another version.
    #[error("this is glTF {0}; version 2 is read: export it again as glTF 2.0")]
    Version(String),
    /// JSON that is none, or has wrong types.
    #[error("the glTF JSON is wrong: {0}")]
    Syntax(String),
    /// An extension that must be understood is not.
    #[error("the file requires the glTF extension {0:?}, which is not supported; export it without")]
    RequiredExtension(String),
    /// More than allowed.
    #[error("{what} is more than the {limit} that are allowed; make the file smaller or divide it")]
    TooLarge {
        /// What.
        what: String,
        /// How much is allowed.
        limit: u64,
    },
    /// An index that leads nowhere.
    #[error("{at} names {what} {index}, of which there is none")]
    Missing {
        /// Who names it.
        at: String,
        /// What kind of thing.
        what: &'static str,
        /// Its index.
        index: usize,
    },
    /// A file beside this one.
    #[error("{at} lies in another file ({uri}); export one .glb with everything inside")]
    External {
        /// What lies there.
        at: String,
        /// Its name, shortened.
        uri: String,
    },
    /// Numbers that make no sense.
    #[error("{at}: {what}")]
    Broken {
        /// Where.
        at: String,
        /// What is wrong.
        what: String,
    },
}

impl GltfError {
    fn broken(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Broken { at: at.into(), what: what.into() }
    }

    fn missing(at: impl Into<String>, what: &'static str, index: usize) -> Self {
        Self::Missing { at: at.into(), what, index }
    }
}

impl Document {
    /// Reads a GLB, or a glTF JSON whose buffers and images are data URIs.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, GltfError> {
        let (json, binary) = container::split(bytes, limits)?;
        let root = json::parse(json, limits)?;
        extensions::check_required(&root)?;
        let buffers = buffers::Buffers::new(&root, binary, limits)?;
        let mut warnings = Vec::new();
        let (nodes, roots) = scene::nodes(&root)?;
        let (images, textures) = surfaces::pictures(&root, &buffers, &mut warnings)?;
        Ok(Self {
            roots,
            meshes: geometry::meshes(&root, &buffers, &mut warnings)?,
            materials: surfaces::materials(&root, textures.len())?,
            textures,
            images,
            skins: motion::skins(&root, &buffers)?,
            animations: motion::animations(&root, &buffers, &mut warnings)?,
            extensions: scene::extensions(&root),
            audio: surfaces::audio(&root, &buffers)?,
            asset: scene::asset(&root),
            nodes,
            warnings,
        })
    }

    /// The nodes that the default scene shows, each before its children.
    pub fn scene_nodes(&self) -> Vec<usize> {
        let mut order = Vec::new();
        let mut open: Vec<_> = self.roots.iter().rev().copied().collect();
        while let Some(node) = open.pop() {
            order.push(node);
            open.extend(self.nodes[node].children.iter().rev());
        }
        order
    }
}
