//! A glTF file on its way to the screen: decoded to plain arrays by a worker, uploaded in pieces by the frame.
//!
//! It must not know what the file shows: tiles, exhibits and avatars take the same way.

use super::light::Source;
use bytes::Bytes;
use glam::{Mat4, Vec4};
use venue_package::gltf::{self, Document, GltfError, Limits};
use wgpu_renderer::{
    AlphaMode, Draw, Gpu, MaterialData, MaterialId, MaterialKind, MeshData, MeshId, Mips, RenderError,
    Renderer, TextureData, TextureId, TextureWrap,
};

/// A file as plain arrays.
pub struct DecodedModel {
    document: Document,
    /// For each texture of the document: its pixels, where a material needs them and they could be read.
    pictures: Vec<Option<gltf::Picture>>,
    /// Texture coordinates of the base colour, with the material's transform applied, by mesh and primitive.
    uvs: Vec<Vec<Vec<[f32; 2]>>>,
    kind_of_lit: MaterialKind,
}

/// What uploading has made so far.
#[derive(Default)]
pub struct Uploaded {
    textures: Vec<Option<TextureId>>,
    materials: Vec<MaterialId>,
    /// By mesh and primitive.
    meshes: Vec<Vec<Option<(MeshId, MaterialId)>>>,
    default_material: Option<MaterialId>,
}

/// What came of one piece of uploading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Something of about this many bytes went to the GPU.
    Piece(usize),
    /// Everything is there.
    Done,
}

impl DecodedModel {
    /// Reads a file and its pictures. A picture that can't be read is left out with a warning in the log.
    pub fn decode(bytes: &Bytes) -> Result<Self, GltfError> {
        let limits = Limits::CLIENT;
        let document = Document::read(bytes, &limits)?;
        for warning in &document.warnings {
            tracing::debug!(%warning, "left out of a model");
        }
        let used = used_textures(&document);
        let pictures = document.textures.iter().enumerate().map(|(index, texture)| {
            let image = used.contains(&index).then(|| document.images.get(texture.image)).flatten()?;
            match gltf::decode_image(&image.bytes, &image.media_type, &limits) {
                Ok(picture) => Some(picture),
                Err(error) => {
                    tracing::warn!(%error, "a picture of a model is left out");
                    None
                }
            }
        });
        let pictures = pictures.collect();
        let uvs = document
            .meshes
            .iter()
            .map(|mesh| mesh.primitives.iter().map(|p| base_uvs(&document, p)).collect());
        Ok(Self { pictures, uvs: uvs.collect(), document, kind_of_lit: MaterialKind::Lit })
    }

    /// The file's contents.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The file as light sees it; before anything went to the GPU.
    pub fn light_source(&self) -> Source {
        Source::of(&self.document, &self.pictures, &self.uvs)
    }

    /// The file's contents without what went to the GPU.
    pub fn into_document(self) -> Document {
        self.document
    }

    /// Uploads the next piece: a texture, the materials, or a mesh.
    pub fn upload_piece(
        &mut self,
        uploaded: &mut Uploaded,
        gpu: &Gpu,
        renderer: &mut Renderer,
    ) -> Result<Progress, RenderError> {
        if uploaded.textures.len() < self.pictures.len() {
            // The pixels are freed as soon as the GPU has them.
            let picture = self.pictures[uploaded.textures.len()].take();
            let bytes = picture.as_ref().map_or(0, |picture| picture.rgba8.len());
            let texture = picture.map(|picture| add_texture(&picture, gpu, renderer)).transpose()?;
            uploaded.textures.push(texture);
            return Ok(Progress::Piece(bytes));
        }
        if uploaded.default_material.is_none() {
            self.upload_materials(uploaded, gpu, renderer)?;
            return Ok(Progress::Piece(0));
        }
        self.upload_mesh(uploaded, gpu, renderer)
    }

    fn upload_materials(
        &self,
        uploaded: &mut Uploaded,
        gpu: &Gpu,
        renderer: &mut Renderer,
    ) -> Result<(), RenderError> {
        for material in &self.document.materials {
            let data = self.material_data(material, &uploaded.textures);
            uploaded.materials.push(renderer.add_material(gpu, &data)?);
        }
        let plain = MaterialData { kind: self.kind_of_lit, ..MaterialData::default() };
        uploaded.default_material = Some(renderer.add_material(gpu, &plain)?);
        Ok(())
    }

    fn material_data(&self, material: &gltf::Material, textures: &[Option<TextureId>]) -> MaterialData {
        let used = material.base_color_texture.as_ref();
        let wrap = used.and_then(|used| self.document.textures.get(used.texture)).map(|texture| texture.wrap);
        MaterialData {
            // A surface without shading carries its light in its picture.
            kind: if material.unlit { MaterialKind::Baked } else { self.kind_of_lit },
            base_color: material.base_color.to_array(),
            texture: used.and_then(|used| textures.get(used.texture).copied().flatten()),
            wrap: match wrap {
                Some([gltf::Wrap::Clamp, gltf::Wrap::Clamp]) => TextureWrap::Clamp,
                _ => TextureWrap::Repeat,
            },
            emissive: material.emissive,
            roughness: material.roughness,
            metallic: material.metallic,
            ambient: 0.0,
            alpha: match material.alpha {
                gltf::AlphaMode::Opaque => AlphaMode::Opaque,
                gltf::AlphaMode::Mask(cutoff) => AlphaMode::Mask { cutoff },
                gltf::AlphaMode::Blend => AlphaMode::Blend,
            },
            double_sided: material.double_sided,
        }
    }

    fn upload_mesh(
        &mut self,
        uploaded: &mut Uploaded,
        gpu: &Gpu,
        renderer: &mut Renderer,
    ) -> Result<Progress, RenderError> {
        let mesh = uploaded.meshes.len().saturating_sub(1);
        let started = uploaded.meshes.get(mesh).map_or(0, Vec::len);
        let (mesh, primitive) = match self.document.meshes.get(mesh) {
            Some(current) if !uploaded.meshes.is_empty() && started < current.primitives.len() => {
                (mesh, started)
            }
            _ if uploaded.meshes.len() < self.document.meshes.len() => {
                uploaded.meshes.push(Vec::new());
                return Ok(Progress::Piece(0));
            }
            _ => return Ok(Progress::Done),
        };
        // The arrays are freed as soon as the GPU has them.
        let source = std::mem::take(&mut self.document.meshes[mesh].primitives[primitive]);
        self.document.meshes[mesh].primitives[primitive].material = source.material;
        let data = MeshData {
            positions: bytemuck::cast_slice(&source.positions),
            normals: bytemuck::cast_slice(&source.normals),
            uvs: &self.uvs[mesh][primitive],
            colors: bytemuck::cast_slice(&source.colors),
            joints: &source.joints,
            weights: bytemuck::cast_slice(&source.weights),
            indices: &source.indices,
        };
        let material = source.material.and_then(|index| uploaded.materials.get(index).copied());
        let material = material.or(uploaded.default_material);
        let made = if data.indices.is_empty() { None } else { Some(renderer.add_mesh(gpu, &data)?) };
        uploaded.meshes[mesh].push(made.zip(material));
        Ok(Progress::Piece(source.positions.len() * 48 + source.indices.len() * 4))
    }
}

impl Uploaded {
    /// What of a mesh is on the GPU.
    pub fn parts(&self, mesh: usize) -> impl Iterator<Item = (MeshId, MaterialId)> + '_ {
        self.meshes.get(mesh).into_iter().flatten().flatten().copied()
    }

    /// What of a mesh is on the GPU, by primitive.
    pub fn primitives(&self, mesh: usize) -> &[Option<(MeshId, MaterialId)>] {
        self.meshes.get(mesh).map_or(&[], Vec::as_slice)
    }

    /// Appends a draw for every still mesh of the file in its own pose.
    pub fn append_draws(&self, document: &Document, world_from_file: Mat4, draws: &mut Vec<Draw>) {
        for node in document.nodes.iter().filter(|node| node.skin.is_none()) {
            for (mesh, material) in node.mesh.into_iter().flat_map(|mesh| self.parts(mesh)) {
                let world_from_model = world_from_file * node.world;
                draws.push(Draw {
                    mesh,
                    material,
                    world_from_model,
                    tint: Vec4::ONE,
                    cover: wgpu_renderer::Cover::WHOLE,
                    object_id: 0,
                });
            }
        }
    }

    /// Frees everything.
    pub fn remove(self, renderer: &mut Renderer) {
        for (mesh, _) in self.meshes.into_iter().flatten().flatten() {
            renderer.remove_mesh(mesh);
        }
        for material in self.materials.into_iter().chain(self.default_material) {
            renderer.remove_material(material);
        }
        for texture in self.textures.into_iter().flatten() {
            renderer.remove_texture(texture);
        }
    }
}

fn used_textures(document: &Document) -> Vec<usize> {
    let uses = document.materials.iter().filter_map(|material| material.base_color_texture.as_ref());
    uses.map(|used| used.texture).collect()
}

fn base_uvs(document: &Document, primitive: &gltf::Primitive) -> Vec<[f32; 2]> {
    let material = primitive.material.and_then(|index| document.materials.get(index));
    match material.and_then(|material| material.base_color_texture.as_ref()) {
        Some(used) => {
            let set = primitive.uvs.get(used.uv_set).map_or(&[][..], Vec::as_slice);
            set.iter().map(|uv| used.transform.apply(*uv).to_array()).collect()
        }
        None => primitive.uvs[0].iter().map(|uv| uv.to_array()).collect(),
    }
}

fn add_texture(
    picture: &gltf::Picture,
    gpu: &Gpu,
    renderer: &mut Renderer,
) -> Result<TextureId, RenderError> {
    let data = TextureData {
        width: picture.width,
        height: picture.height,
        rgba8: &picture.rgba8,
        srgb: true,
        mips: Mips::Generate,
    };
    renderer.add_texture(gpu, &data)
}
