//! What was uploaded once and is drawn many times: meshes, textures, materials.

use crate::crowd::{HeadShare, Poses, PosesId};
use crate::layouts::{Layouts, Samplers};
use crate::material::Material;
use crate::mesh::Mesh;
use crate::passes::mips::MipsPass;
use crate::slots::Slots;
use crate::surfels::Surfels;
use crate::texture::Texture;
use crate::{
    Gpu, MaterialData, MaterialId, MeshId, Mips, PackedMesh, PackedSurfels, Quality, RenderError, SurfelsId,
    TexelFormat, TextureData, TextureId, TextureRegion, TextureShape,
};

/// Everything that draws can name.
#[derive(Debug)]
pub(crate) struct Resources {
    pub(crate) layouts: Layouts,
    pub(crate) samplers: Samplers,
    pub(crate) meshes: Slots<Mesh>,
    pub(crate) surfels: Slots<Surfels>,
    pub(crate) textures: Slots<Texture>,
    pub(crate) materials: Slots<Material>,
    pub(crate) poses: Slots<Poses>,
    /// Stands in where a material or the sky has no texture.
    pub(crate) white: Texture,
    mips: MipsPass,
}

impl Resources {
    pub(crate) fn new(gpu: &Gpu, quality: Quality) -> Result<Self, RenderError> {
        let layouts = Layouts::new(gpu.device());
        let samplers = Samplers::new(gpu, quality);
        let format = TexelFormat::Rgba8;
        let shape = TextureShape { width: 1, height: 1, format, srgb: true, mips: Mips::None };
        let white = Texture::make_room(gpu, &layouts, &samplers, &shape)?;
        white.write(gpu, &TextureRegion { x: 0, y: 0, width: 1, height: 1, rgba8: &[u8::MAX; 4] })?;
        let mips = MipsPass::new(gpu.device(), &layouts);
        Ok(Self {
            layouts,
            samplers,
            meshes: Slots::default(),
            surfels: Slots::default(),
            textures: Slots::default(),
            materials: Slots::default(),
            poses: Slots::default(),
            white,
            mips,
        })
    }

    pub(crate) fn begin_mesh(&mut self, gpu: &Gpu, packed: &PackedMesh) -> Result<MeshId, RenderError> {
        let mesh = Mesh::make_room(gpu, packed)?;
        Ok(MeshId(self.meshes.insert(mesh)))
    }

    pub(crate) fn begin_surfels(
        &mut self,
        gpu: &Gpu,
        packed: &PackedSurfels,
    ) -> Result<SurfelsId, RenderError> {
        let surfels = Surfels::make_room(gpu, packed)?;
        Ok(SurfelsId(self.surfels.insert(surfels)))
    }

    pub(crate) fn begin_poses(
        &mut self,
        gpu: &Gpu,
        shares: &[HeadShare],
        count: u32,
    ) -> Result<PosesId, RenderError> {
        let poses = Poses::make_room(gpu, &self.layouts, shares, count)?;
        Ok(PosesId(self.poses.insert(poses)))
    }

    pub(crate) fn begin_texture(
        &mut self,
        gpu: &Gpu,
        shape: &TextureShape,
    ) -> Result<TextureId, RenderError> {
        let texture = Texture::make_room(gpu, &self.layouts, &self.samplers, shape)?;
        Ok(TextureId(self.textures.insert(texture)))
    }

    /// Makes the smaller levels of a texture that has them made here.
    pub(crate) fn finish_texture(&self, gpu: &Gpu, id: TextureId) -> Result<(), RenderError> {
        let texture = self.textures.get(id.0).ok_or(RenderError::Missing { kind: "texture" })?;
        self.mips.generate(gpu, &self.layouts, &self.samplers, texture)
    }

    pub(crate) fn add_texture(
        &mut self,
        gpu: &Gpu,
        data: &TextureData<'_>,
    ) -> Result<TextureId, RenderError> {
        let (width, height, mips) = (data.width, data.height, data.mips);
        let shape = TextureShape { width, height, format: TexelFormat::Rgba8, srgb: data.srgb, mips };
        let texture = Texture::make_room(gpu, &self.layouts, &self.samplers, &shape)?;
        texture.write(gpu, &TextureRegion { x: 0, y: 0, width, height, rgba8: data.rgba8 })?;
        self.mips.generate(gpu, &self.layouts, &self.samplers, &texture)?;
        Ok(TextureId(self.textures.insert(texture)))
    }

    pub(crate) fn widen_texture(
        &mut self,
        gpu: &Gpu,
        id: TextureId,
        size: [u32; 2],
    ) -> Result<TextureId, RenderError> {
        let texture = self.textures.get(id.0).ok_or(RenderError::Missing { kind: "texture" })?;
        let wide = texture.widened(gpu, &self.layouts, &self.samplers, size)?;
        self.textures.remove(id.0);
        Ok(TextureId(self.textures.insert(wide)))
    }

    pub(crate) fn update_texture_region(
        &mut self,
        gpu: &Gpu,
        id: TextureId,
        region: &TextureRegion<'_>,
    ) -> Result<(), RenderError> {
        let texture = self.textures.get(id.0).ok_or(RenderError::Missing { kind: "texture" })?;
        texture.write(gpu, region)?;
        self.mips.generate(gpu, &self.layouts, &self.samplers, texture)
    }

    pub(crate) fn add_material(&mut self, gpu: &Gpu, data: &MaterialData) -> Result<MaterialId, RenderError> {
        let texture = match data.texture {
            None => &self.white,
            Some(id) => self.textures.get(id.0).ok_or(RenderError::Missing { kind: "texture" })?,
        };
        let material = Material::make(gpu, &self.layouts, &self.samplers, data, &texture.view)?;
        Ok(MaterialId(self.materials.insert(material)))
    }

    /// Reads every material's texture through other samplers from now on.
    pub(crate) fn set_samplers(&mut self, gpu: &Gpu, samplers: Samplers) {
        self.samplers = samplers;
        for material in self.materials.iter_mut() {
            material.bind(gpu, &self.layouts, &self.samplers);
        }
    }
}
