//! A decoded file on its way to the GPU, in pieces that fit into a frame, and what of it is there.
//!
//! It must not know what the file shows.

use super::model::{DecodedModel, Shape, Texels};
use crate::platform::foreign;
use glam::{Mat4, Vec4};
use venue_package::gltf::{self, Document, PixelFormat};
use wgpu_renderer::{
    AlphaMode, Cover, Draw, Gpu, MaterialData, MaterialId, MaterialKind, MeshId, Mips, RenderError, Renderer,
    SurfelDraw, SurfelsId, TexelFormat, TextureId, TextureRows, TextureShape, TextureWrap,
};

/// Bytes of one piece; rows of very wide pictures may have a few more.
const PIECE_BYTES: usize = 256 << 10;

/// What making room for something costs a frame, as if it were so many bytes.
const ROOM_BYTES: usize = 32 << 10;

/// What uploading has made so far.
#[derive(Default)]
pub struct Uploaded {
    textures: Vec<Option<TextureId>>,
    materials: Vec<MaterialId>,
    /// By mesh and primitive.
    meshes: Vec<Vec<Option<(MeshId, MaterialId)>>>,
    /// Room for the primitives of the meshes that are not begun, the last first.
    rooms: Vec<Vec<Option<(MeshId, MaterialId)>>>,
    /// With the number of the mesh that they belong to.
    surfels: Vec<(usize, SurfelsId)>,
    default_material: Option<MaterialId>,
    /// Room for what is drawn of it.
    draws: Vec<Draw>,
    clouds: Vec<SurfelDraw>,
    /// How far the texture or shape that is under way has come.
    texture: Option<TextureAt>,
    shape: Option<ShapeAt>,
}

#[derive(Clone, Copy)]
struct TextureAt {
    id: TextureId,
    level: usize,
    row: u32,
}

#[derive(Clone, Copy)]
struct ShapeAt {
    made: Made,
    written: usize,
}

#[derive(Clone, Copy)]
enum Made {
    Mesh(MeshId),
    Surfels(SurfelsId),
}

/// What came of one piece of uploading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Something that costs a frame about so much as so many bytes.
    Piece(usize),
    /// Everything is there.
    Done,
}

impl DecodedModel {
    /// Uploads the next piece: rows of a texture, the materials, or a part of a mesh.
    pub fn upload_piece(
        &self,
        uploaded: &mut Uploaded,
        gpu: &Gpu,
        renderer: &mut Renderer,
    ) -> Result<Progress, RenderError> {
        if uploaded.textures.len() < self.pictures.len() {
            return self.upload_rows(uploaded, gpu, renderer).map(Progress::Piece);
        }
        if uploaded.default_material.is_none() {
            self.upload_materials(uploaded, gpu, renderer)?;
            return Ok(Progress::Piece(ROOM_BYTES));
        }
        self.upload_shape(uploaded, gpu, renderer)
    }

    fn upload_rows(
        &self,
        uploaded: &mut Uploaded,
        gpu: &Gpu,
        renderer: &mut Renderer,
    ) -> Result<usize, RenderError> {
        let Some(texels) = &self.pictures[uploaded.textures.len()] else {
            uploaded.textures.push(None);
            return Ok(0);
        };
        let Some(mut at) = uploaded.texture else {
            let id = foreign(|| renderer.begin_texture(gpu, &shape_of(texels)))?;
            uploaded.texture = Some(TextureAt { id, level: 0, row: 0 });
            return Ok(ROOM_BYTES);
        };
        let Some(level) = texels.picture.levels.get(at.level) else {
            foreign(|| renderer.finish_texture(gpu, at.id))?;
            uploaded.texture = None;
            uploaded.textures.push(Some(at.id));
            return Ok(ROOM_BYTES);
        };
        let side = if texels.picture.format == PixelFormat::Rgba8 { 1 } else { 4 };
        let rows = level.height.div_ceil(side);
        let row_bytes = level.bytes.len() / rows.max(1) as usize;
        let count = ((PIECE_BYTES / row_bytes.max(1)).max(1) as u32).min(rows - at.row);
        let part = at.row as usize * row_bytes..(at.row + count) as usize * row_bytes;
        let (length, bytes) = (part.len(), &level.bytes[part]);
        foreign(|| {
            renderer.write_texture(gpu, at.id, &TextureRows { level: at.level as u32, first: at.row, bytes })
        })?;
        at.row += count;
        if at.row >= rows {
            (at.level, at.row) = (at.level + 1, 0);
        }
        uploaded.texture = Some(at);
        Ok(length)
    }

    fn upload_materials(
        &self,
        uploaded: &mut Uploaded,
        gpu: &Gpu,
        renderer: &mut Renderer,
    ) -> Result<(), RenderError> {
        for material in &self.document.materials {
            let data = self.material_data(material, &uploaded.textures);
            uploaded.materials.push(foreign(|| renderer.add_material(gpu, &data))?);
        }
        let plain = MaterialData { kind: MaterialKind::Lit, ..MaterialData::default() };
        uploaded.default_material = Some(foreign(|| renderer.add_material(gpu, &plain))?);
        Ok(())
    }

    fn material_data(&self, material: &gltf::Material, textures: &[Option<TextureId>]) -> MaterialData {
        let used = material.base_color_texture.as_ref();
        let wrap = used.and_then(|used| self.document.textures.get(used.texture)).map(|texture| texture.wrap);
        MaterialData {
            // A surface without shading carries its light in its picture.
            kind: if material.unlit { MaterialKind::Baked } else { MaterialKind::Lit },
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

    fn upload_shape(
        &self,
        uploaded: &mut Uploaded,
        gpu: &Gpu,
        renderer: &mut Renderer,
    ) -> Result<Progress, RenderError> {
        let mesh = uploaded.meshes.len().saturating_sub(1);
        let started = uploaded.meshes.get(mesh).map_or(0, Vec::len);
        match self.shapes.get(mesh) {
            Some(shapes) if !uploaded.meshes.is_empty() && started < shapes.len() => {}
            _ if uploaded.meshes.len() < self.shapes.len() => {
                let room = uploaded.rooms.pop().unwrap_or_default();
                uploaded.meshes.push(room);
                return Ok(Progress::Piece(0));
            }
            _ => return Ok(Progress::Done),
        }
        let Some(shape) = &self.shapes[mesh][started] else {
            uploaded.meshes[mesh].push(None);
            return Ok(Progress::Piece(0));
        };
        let Some(ShapeAt { made, written }) = uploaded.shape else {
            let made = match shape {
                Shape::Mesh(packed) => Made::Mesh(foreign(|| renderer.begin_mesh(gpu, packed))?),
                Shape::Surfels(packed) => Made::Surfels(foreign(|| renderer.begin_surfels(gpu, packed))?),
            };
            uploaded.shape = Some(ShapeAt { made, written: 0 });
            return Ok(Progress::Piece(ROOM_BYTES));
        };
        let part = written..(written + PIECE_BYTES).min(shape.byte_len());
        let end = part.end;
        match (made, shape) {
            (Made::Mesh(id), Shape::Mesh(packed)) => foreign(|| renderer.write_mesh(gpu, id, packed, part))?,
            (Made::Surfels(id), Shape::Surfels(packed)) => {
                foreign(|| renderer.write_surfels(gpu, id, packed, part))?
            }
            _ => {}
        }
        uploaded.shape = Some(ShapeAt { made, written: end });
        if end >= shape.byte_len() {
            let material = self.document.meshes[mesh].primitives[started].material;
            uploaded.finish_shape(mesh, made, material);
        }
        Ok(Progress::Piece(end - written))
    }
}

fn shape_of(texels: &Texels) -> TextureShape {
    let levels = &texels.picture.levels;
    TextureShape {
        width: levels.first().map_or(0, |level| level.width),
        height: levels.first().map_or(0, |level| level.height),
        format: match texels.picture.format {
            PixelFormat::Rgba8 => TexelFormat::Rgba8,
            PixelFormat::Bc7 => TexelFormat::Bc7,
            PixelFormat::Astc4x4 => TexelFormat::Astc4x4,
            PixelFormat::Etc2Rgba8 => TexelFormat::Etc2Rgba8,
        },
        srgb: true,
        mips: if texels.makes_mips { Mips::Generate } else { Mips::Given(levels.len() as u32) },
    }
}

impl Uploaded {
    /// Nothing yet, with room for all of a file: whoever decodes it has time to make that, a frame has not.
    pub fn with_room_for(model: &DecodedModel) -> Self {
        let nodes = model.document.nodes.iter().filter(|node| node.skin.is_none());
        let shapes = nodes.filter_map(|node| model.shapes.get(node.mesh?)).map(Vec::len).sum();
        let clouds = model.document.meshes.len();
        Self {
            draws: Vec::with_capacity(shapes),
            clouds: Vec::with_capacity(clouds),
            surfels: Vec::with_capacity(clouds),
            textures: Vec::with_capacity(model.pictures.len()),
            materials: Vec::with_capacity(model.document.materials.len()),
            meshes: Vec::with_capacity(model.shapes.len()),
            rooms: model.shapes.iter().rev().map(|shapes| Vec::with_capacity(shapes.len())).collect(),
            ..Self::default()
        }
    }

    fn finish_shape(&mut self, mesh: usize, made: Made, material: Option<usize>) {
        self.shape = None;
        let material = material.and_then(|index| self.materials.get(index).copied());
        match made {
            Made::Mesh(id) => self.meshes[mesh].push(Some(id).zip(material.or(self.default_material))),
            Made::Surfels(id) => {
                self.surfels.push((mesh, id));
                self.meshes[mesh].push(None);
            }
        }
    }

    /// What of a mesh is on the GPU, by primitive.
    pub fn primitives(&self, mesh: usize) -> &[Option<(MeshId, MaterialId)>] {
        self.meshes.get(mesh).map_or(&[], Vec::as_slice)
    }

    /// A draw for every still mesh and every cloud of the file in its own pose.
    pub fn draws(&mut self, document: &Document) -> (Vec<Draw>, Vec<SurfelDraw>) {
        let (mut draws, mut clouds) = (std::mem::take(&mut self.draws), std::mem::take(&mut self.clouds));
        for node in document.nodes.iter().filter(|node| node.skin.is_none()) {
            let Some(of) = node.mesh else { continue };
            let (world_from_model, tint, cover): (Mat4, _, _) = (node.world, Vec4::ONE, Cover::WHOLE);
            for (mesh, material) in self.primitives(of).iter().flatten().copied() {
                draws.push(Draw { mesh, material, world_from_model, tint, cover, object_id: 0 });
            }
            for (_, surfels) in self.surfels.iter().filter(|(mesh, _)| *mesh == of).copied() {
                clouds.push(SurfelDraw { surfels, world_from_model, tint, cover });
            }
        }
        (draws, clouds)
    }

    /// Frees everything.
    pub fn remove(self, renderer: &mut Renderer) {
        for (mesh, _) in self.meshes.into_iter().flatten().flatten() {
            renderer.remove_mesh(mesh);
        }
        match self.shape.map(|shape| shape.made) {
            Some(Made::Mesh(id)) => renderer.remove_mesh(id),
            Some(Made::Surfels(id)) => renderer.remove_surfels(id),
            None => {}
        }
        for (_, surfels) in self.surfels {
            renderer.remove_surfels(surfels);
        }
        for material in self.materials.into_iter().chain(self.default_material) {
            renderer.remove_material(material);
        }
        let unfinished = self.texture.map(|texture| texture.id);
        for texture in self.textures.into_iter().flatten().chain(unfinished) {
            renderer.remove_texture(texture);
        }
    }
}
