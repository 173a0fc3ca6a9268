//! The renderer: owns everything on the GPU and turns a frame's input into a picture.

use crate::{
    FrameInput, FrameStats, Gpu, MaterialData, MaterialId, MeshData, MeshId, ObjectIdImage, RenderError,
    RenderSettings, Target, TextureData, TextureId, TextureRegion,
};
use glam::UVec2;

/// Draws frames. One for each window or headset; not shared between threads.
#[derive(Debug)]
pub struct Renderer {
    settings: RenderSettings,
}

impl Renderer {
    /// Builds every pass for these settings.
    ///
    /// # Errors
    /// The device lacks what the settings need, or its memory is full.
    pub fn new(gpu: &Gpu, settings: RenderSettings) -> Result<Self, RenderError> {
        gpu.check("setting up the renderer")?;
        Ok(Self { settings })
    }

    /// What it was built for.
    pub fn settings(&self) -> &RenderSettings {
        &self.settings
    }

    /// Uploads a mesh.
    ///
    /// # Errors
    /// The arrays do not fit together; no memory.
    pub fn add_mesh(&mut self, gpu: &Gpu, data: &MeshData<'_>) -> Result<MeshId, RenderError> {
        let _ = data;
        gpu.check("uploading a mesh")?;
        Err(RenderError::Missing { kind: "mesh" })
    }

    /// Frees a mesh; draws that still name it are skipped.
    pub fn remove_mesh(&mut self, id: MeshId) {
        let _ = id;
    }

    /// Uploads a texture and makes its mips.
    ///
    /// # Errors
    /// Too large, or pixels that do not match the size; no memory.
    pub fn add_texture(&mut self, gpu: &Gpu, data: &TextureData<'_>) -> Result<TextureId, RenderError> {
        let _ = data;
        gpu.check("uploading a texture")?;
        Err(RenderError::Missing { kind: "texture" })
    }

    /// Replaces a part of a texture, and its mips if it has any.
    ///
    /// # Errors
    /// The region does not lie in the texture; no memory.
    pub fn update_texture_region(
        &mut self,
        gpu: &Gpu,
        id: TextureId,
        region: &TextureRegion<'_>,
    ) -> Result<(), RenderError> {
        let _ = (id, region);
        gpu.check("updating a texture")
    }

    /// Frees a texture. Materials that use it keep it until they are removed.
    pub fn remove_texture(&mut self, id: TextureId) {
        let _ = id;
    }

    /// Makes a material.
    ///
    /// # Errors
    /// Its texture is not there; no memory.
    pub fn add_material(&mut self, gpu: &Gpu, data: &MaterialData) -> Result<MaterialId, RenderError> {
        let _ = data;
        gpu.check("making a material")?;
        Err(RenderError::Missing { kind: "material" })
    }

    /// Frees a material; draws that still name it are skipped.
    pub fn remove_material(&mut self, id: MaterialId) {
        let _ = id;
    }

    /// Draws a frame and submits it. Allocates nothing once buffers have grown to the scene's size.
    ///
    /// # Errors
    /// The frame or the target does not fit the settings; the device is lost or out of memory.
    pub fn render(
        &mut self,
        gpu: &Gpu,
        frame: &FrameInput<'_>,
        target: &Target<'_>,
    ) -> Result<FrameStats, RenderError> {
        let _ = (frame, target);
        gpu.check("drawing a frame")?;
        Ok(FrameStats::default())
    }

    /// Draws which object is seen where, for the frame's first view, and reads it back. Waits for the GPU: for
    /// pointing and for tests, not for every frame.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub async fn render_object_ids(
        &mut self,
        gpu: &Gpu,
        frame: &FrameInput<'_>,
        size: UVec2,
    ) -> Result<ObjectIdImage, RenderError> {
        let _ = (frame, size);
        gpu.check("drawing object ids")?;
        Err(RenderError::Missing { kind: "object-id pass" })
    }
}
