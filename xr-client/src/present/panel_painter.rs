//! Carries the panels' triangles and their atlas to the renderer.
//!
//! It must not know what the panels say.

use crate::panels::{AtlasUpdate, PanelMesh, Region};
use crate::platform::foreign;
use glam::Vec2;
use wgpu_renderer::{
    Gpu, Mips, PanelLayer, PanelMesh as DrawnMesh, PanelPlacement, PanelVertex, RenderError, Renderer,
    TextureData, TextureId, TextureRegion,
};

/// The panels' atlas on the GPU, and this frame's meshes in the renderer's form.
#[derive(Default)]
pub struct PanelPainter {
    atlas: Option<(TextureId, [u32; 2])>,
    recycled: Vec<DrawnMesh<'static>>,
}

impl PanelPainter {
    /// The atlas, once the panels have drawn anything.
    pub fn atlas(&self) -> Option<TextureId> {
        self.atlas.map(|(texture, _)| texture)
    }

    /// Brings the atlas up to date.
    pub fn apply(
        &mut self,
        updates: &[AtlasUpdate],
        gpu: &Gpu,
        renderer: &mut Renderer,
    ) -> Result<(), RenderError> {
        for update in updates {
            let Region { x, y, width, height } = update.region;
            match self.atlas {
                Some((texture, size)) if [width, height] != update.atlas_size => {
                    let texture = match size == update.atlas_size {
                        true => texture,
                        false => self.widen(texture, update.atlas_size, gpu, renderer)?,
                    };
                    let region = TextureRegion { x, y, width, height, rgba8: &update.rgba };
                    foreign(|| renderer.update_texture_region(gpu, texture, &region))?;
                }
                _ => self.replace(update, gpu, renderer)?,
            }
        }
        Ok(())
    }

    fn widen(
        &mut self,
        texture: TextureId,
        size: [u32; 2],
        gpu: &Gpu,
        renderer: &mut Renderer,
    ) -> Result<TextureId, RenderError> {
        let wide = foreign(|| renderer.widen_texture(gpu, texture, size))?;
        self.atlas = Some((wide, size));
        Ok(wide)
    }

    fn replace(
        &mut self,
        update: &AtlasUpdate,
        gpu: &Gpu,
        renderer: &mut Renderer,
    ) -> Result<(), RenderError> {
        if let Some((old, _)) = self.atlas.take() {
            renderer.remove_texture(old);
        }
        let [width, height] = update.atlas_size;
        let data = TextureData { width, height, rgba8: &update.rgba, srgb: false, mips: Mips::None };
        self.atlas = Some((foreign(|| renderer.add_texture(gpu, &data))?, update.atlas_size));
        Ok(())
    }

    /// The panels' meshes in the renderer's form.
    pub fn meshes<'a>(&mut self, meshes: &'a [PanelMesh]) -> Vec<DrawnMesh<'a>> {
        let mut drawn: Vec<DrawnMesh<'a>> = std::mem::take(&mut self.recycled);
        let Some(texture) = self.atlas() else { return drawn };
        drawn.extend(meshes.iter().filter(|mesh| !mesh.indices.is_empty()).map(|mesh| DrawnMesh {
            // Both vertices have one layout; their sizes are checked by the cast.
            vertices: bytemuck::cast_slice::<_, PanelVertex>(&mesh.vertices),
            indices: &mesh.indices,
            clip_rect: mesh.clip_rect,
            texture,
        }));
        drawn
    }

    /// Takes back the memory of a frame's meshes.
    #[expect(
        clippy::unnecessary_filter_map,
        reason = "a filter would keep the borrow that is to be forgotten"
    )]
    pub fn recycle(&mut self, mut drawn: Vec<DrawnMesh<'_>>) {
        drawn.clear();
        // As in the scene: collecting from a vector's own iterator keeps its memory.
        self.recycled = drawn.into_iter().filter_map(|_| None).collect();
    }
}

/// Panels that fill the screen, in pixels.
pub fn screen_layer<'a>(meshes: &'a [DrawnMesh<'a>], size: glam::UVec2) -> PanelLayer<'a> {
    PanelLayer { placement: PanelPlacement::Screen, size: Vec2::new(size.x as f32, size.y as f32), meshes }
}

#[cfg(test)]
mod panel_pictures;
