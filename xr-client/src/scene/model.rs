//! A glTF file on its way to the screen: decoded by a worker into what the GPU takes as it is. Uploading is
//! `upload.rs`'s.
//!
//! It must not know what the file shows: tiles, exhibits and avatars take the same way.

use super::light::{PICTURE_SIDE, SmallPicture, Source};
use super::solid::Solid;
use bytes::Bytes;
use venue_package::gltf::{
    self, Document, GltfError, Limits, MipPicture, Picture, PictureLevel, PixelFormat, Primitive, Topology,
    decode_image, decode_image_within, is_block_compressed, transcode_ktx2,
};
use wgpu_renderer::{MeshData, PackedMesh, PackedSurfels, RenderError, SurfelData, TexelFormat};

/// The file can not be shown.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is no glTF that we read.
    #[error(transparent)]
    Gltf(#[from] GltfError),
    /// Its lists do not make what the renderer draws.
    #[error(transparent)]
    Shape(#[from] RenderError),
}

/// What a file is decoded for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decoding {
    /// How the GPU reads pictures that are stored in blocks.
    pub format: TexelFormat,
    /// Whether the file lights figures.
    pub gives_light: bool,
    /// Whether heads bump against it.
    pub is_solid: bool,
}

/// A picture that waits for the GPU.
pub(super) struct Texels {
    pub(super) picture: MipPicture,
    /// Whether its smaller sizes are made on the GPU.
    pub(super) makes_mips: bool,
}

impl Texels {
    fn byte_len(&self) -> usize {
        let bytes: usize = self.picture.levels.iter().map(|level| level.bytes.len()).sum();
        if self.makes_mips { bytes + bytes / 3 } else { bytes }
    }
}

/// A primitive that waits for the GPU.
pub(super) enum Shape {
    Mesh(PackedMesh),
    Surfels(PackedSurfels),
}

impl Shape {
    pub(super) fn byte_len(&self) -> usize {
        match self {
            Self::Mesh(mesh) => mesh.byte_len(),
            Self::Surfels(surfels) => surfels.byte_len(),
        }
    }
}

/// A file as the GPU takes it.
pub struct DecodedModel {
    /// Without the lists of its meshes.
    pub(super) document: Document,
    /// For each texture of the document: its pixels, where a material needs them and they could be read.
    pub(super) pictures: Vec<Option<Texels>>,
    /// By mesh and primitive; none where there is nothing to draw.
    pub(super) shapes: Vec<Vec<Option<Shape>>>,
    light: Option<Source>,
    solid: Option<Solid>,
    byte_len: usize,
}

impl DecodedModel {
    /// Reads a file and its pictures. A picture that can't be read is left out with a warning in the log.
    pub fn decode(bytes: &Bytes, decoding: Decoding) -> Result<Self, ModelError> {
        let mut document = Document::read(bytes, &Limits::CLIENT)?;
        for warning in &document.warnings {
            tracing::debug!(%warning, "left out of a model");
        }
        let pictures = pictures(&document, decoding.format);
        let uvs: Vec<Vec<Vec<[f32; 2]>>> = document
            .meshes
            .iter()
            .map(|mesh| mesh.primitives.iter().map(|p| base_uvs(&document, p)).collect())
            .collect();
        let light = decoding.gives_light.then(|| light_of(&document, &pictures, &uvs));
        let solid = if decoding.is_solid { Solid::of(&document) } else { None };
        let shapes = shapes(&mut document, &uvs)?;
        let all_shapes = shapes.iter().flatten().flatten().map(Shape::byte_len);
        let byte_len = all_shapes.chain(pictures.iter().flatten().map(Texels::byte_len)).sum();
        // The files' own pictures are done with.
        document.images.clear();
        Ok(Self { document, pictures, shapes, light, solid, byte_len })
    }

    /// The file's contents but for the lists of its meshes and its pictures.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What it takes on the GPU, bytes.
    pub fn byte_len(&self) -> usize {
        self.byte_len
    }

    /// The file as light sees it, if it was decoded for that; once.
    pub fn take_light(&mut self) -> Option<Source> {
        self.light.take()
    }

    /// What heads bump against, if it was decoded for that; once.
    pub fn take_solid(&mut self) -> Option<Solid> {
        self.solid.take()
    }
}

/// Pixels of the pictures that materials need.
fn pictures(document: &Document, format: TexelFormat) -> Vec<Option<Texels>> {
    let uses = document.materials.iter().filter_map(|material| material.base_color_texture.as_ref());
    let used: Vec<usize> = uses.map(|used| used.texture).collect();
    let picture = |(index, texture): (usize, &gltf::Texture)| {
        let image = used.contains(&index).then(|| document.images.get(texture.image)).flatten()?;
        match texels(image, format) {
            Ok(texels) => Some(texels),
            Err(error) => {
                tracing::warn!(%error, "a picture of a model is left out");
                None
            }
        }
    };
    document.textures.iter().enumerate().map(picture).collect()
}

fn texels(image: &gltf::Image, format: TexelFormat) -> Result<Texels, gltf::PictureError> {
    if is_block_compressed(&image.bytes) {
        let format = match format {
            TexelFormat::Rgba8 => PixelFormat::Rgba8,
            TexelFormat::Bc7 => PixelFormat::Bc7,
            TexelFormat::Astc4x4 => PixelFormat::Astc4x4,
            TexelFormat::Etc2Rgba8 => PixelFormat::Etc2Rgba8,
        };
        let picture = transcode_ktx2(&image.bytes, format, &Limits::CLIENT)?;
        let makes_mips = picture.format == PixelFormat::Rgba8 && picture.levels.len() == 1;
        return Ok(Texels { picture, makes_mips });
    }
    let Picture { width, height, rgba8 } = decode_image(&image.bytes, &image.media_type, &Limits::CLIENT)?;
    let levels = vec![PictureLevel { width, height, bytes: rgba8 }];
    Ok(Texels { picture: MipPicture { format: PixelFormat::Rgba8, levels }, makes_mips: true })
}

/// Light looks at small pictures: those in blocks are unpacked again from a small size of theirs.
fn light_of(document: &Document, pictures: &[Option<Texels>], uvs: &[Vec<Vec<[f32; 2]>>]) -> Source {
    let small = |(texels, texture): (&Option<Texels>, &gltf::Texture)| {
        let image = document.images.get(texture.image).filter(|_| texels.is_some())?;
        match &texels.as_ref()?.picture {
            MipPicture { format: PixelFormat::Rgba8, levels } => {
                let fits = |level: &&PictureLevel| level.width.max(level.height) <= PICTURE_SIDE;
                let level = levels.iter().find(fits).or(levels.first())?;
                Some(SmallPicture::of(level.width, level.height, &level.bytes))
            }
            _ => {
                let limits = Limits::CLIENT;
                let small = decode_image_within(&image.bytes, &image.media_type, &limits, PICTURE_SIDE);
                small.ok().map(|small| SmallPicture::of(small.width, small.height, &small.rgba8))
            }
        }
    };
    let small = pictures.iter().zip(&document.textures).map(small).collect();
    Source::of(document, small, uvs)
}

/// Lays every primitive out and frees its lists.
fn shapes(
    document: &mut Document,
    uvs: &[Vec<Vec<[f32; 2]>>],
) -> Result<Vec<Vec<Option<Shape>>>, RenderError> {
    let mut all = Vec::with_capacity(document.meshes.len());
    for (mesh, uvs) in document.meshes.iter_mut().zip(uvs) {
        let mut made = Vec::with_capacity(mesh.primitives.len());
        for (primitive, uvs) in mesh.primitives.iter_mut().zip(uvs) {
            made.push(shape(primitive, uvs)?);
            *primitive = Primitive {
                material: primitive.material,
                topology: primitive.topology,
                ..Primitive::default()
            };
        }
        all.push(made);
    }
    Ok(all)
}

fn shape(primitive: &Primitive, uvs: &[[f32; 2]]) -> Result<Option<Shape>, RenderError> {
    let (positions, normals) =
        (bytemuck::cast_slice(&primitive.positions), bytemuck::cast_slice(&primitive.normals));
    let colors = bytemuck::cast_slice(&primitive.colors);
    match primitive.topology {
        Topology::Points if !primitive.positions.is_empty() => {
            let data = SurfelData { positions, normals, colors, radii: &primitive.radii };
            PackedSurfels::new(&data).map(|surfels| Some(Shape::Surfels(surfels)))
        }
        Topology::Triangles if !primitive.indices.is_empty() => {
            let data = MeshData {
                positions,
                normals,
                uvs,
                colors,
                joints: &primitive.joints,
                weights: bytemuck::cast_slice(&primitive.weights),
                indices: &primitive.indices,
            };
            PackedMesh::new(&data).map(|mesh| Some(Shape::Mesh(mesh)))
        }
        _ => Ok(None),
    }
}

fn base_uvs(document: &Document, primitive: &Primitive) -> Vec<[f32; 2]> {
    let material = primitive.material.and_then(|index| document.materials.get(index));
    match material.and_then(|material| material.base_color_texture.as_ref()) {
        Some(used) => {
            let set = primitive.uvs.get(used.uv_set).map_or(&[][..], Vec::as_slice);
            set.iter().map(|uv| used.transform.apply(*uv).to_array()).collect()
        }
        None => primitive.uvs[0].iter().map(|uv| uv.to_array()).collect(),
    }
}
