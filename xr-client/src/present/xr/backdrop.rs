//! A panorama behind the pictures: a layer of the runtime's own, which it draws as sharply as its optics can show.
//!
//! Its picture is brought once, row by row, into a swapchain of one image. It must not know whose panorama it is.

use super::backdrop_copy::BackdropCopy;
use super::runtime::{Runtime, XrError};
use super::session::Session;
use super::swapchain::{Kind, PictureFormat, wrap, written_format_of};
use crate::scene::panorama::Backdrop;
use glam::{Quat, UVec2};
use openxr as xr;
use std::f32::consts::{FRAC_PI_2, TAU};
use wgpu_renderer::{Gpu, wgpu};

/// Where the runtime shows a panorama.
pub struct BackdropLayer {
    picture: Option<StaticPicture>,
    session: xr::Session<xr::Vulkan>,
    gpu: Gpu,
    format: PictureFormat,
    largest_side: u32,
    /// Nothing more is tried after the runtime refused something.
    is_broken: bool,
}

struct StaticPicture {
    /// Of the swapchain's image; it goes before it does.
    texture: wgpu::Texture,
    swapchain: xr::Swapchain<xr::Vulkan>,
    /// For the window beside the headset.
    copy: BackdropCopy,
    size: [u32; 2],
    /// Whether the runtime has all of it.
    is_whole: bool,
}

impl BackdropLayer {
    /// None where the runtime shows no panoramas.
    pub fn new(runtime: &Runtime, session: &xr::Session<xr::Vulkan>, gpu: &Gpu) -> Option<Self> {
        let format = written_format_of(session).filter(|_| runtime.offers.panorama_layer);
        let Some(format) = format else {
            tracing::info!("panoramas are drawn with the pictures: the runtime takes none behind them");
            return None;
        };
        let (session, gpu, largest_side) = (session.clone(), gpu.clone(), runtime.largest_side);
        Some(Self { picture: None, session, gpu, format, largest_side, is_broken: false })
    }

    /// The runtime refused it.
    pub fn give_up(&mut self, error: &XrError) {
        tracing::info!(%error, "panoramas are drawn with the pictures");
        self.is_broken = true;
        self.clear();
    }

    /// What a window can show of it, while the runtime shows it.
    pub fn copy(&self) -> Option<&wgpu::TextureView> {
        self.picture.as_ref().filter(|picture| picture.is_whole).map(|picture| picture.copy.view())
    }

    /// The layer, turned so in a space.
    pub fn layer<'a>(
        &'a self,
        space: &'a xr::Space,
        turn: Quat,
    ) -> Option<xr::CompositionLayerEquirect2KHR<'a, xr::Vulkan>> {
        let picture = self.picture.as_ref().filter(|picture| picture.is_whole)?;
        let [width, height] = picture.size.map(|side| side as i32);
        let image_rect =
            xr::Rect2Di { offset: xr::Offset2Di { x: 0, y: 0 }, extent: xr::Extent2Di { width, height } };
        let sub_image = xr::SwapchainSubImage::new().swapchain(&picture.swapchain).image_rect(image_rect);
        let orientation = xr::Quaternionf { x: turn.x, y: turn.y, z: turn.z, w: turn.w };
        let layer = xr::CompositionLayerEquirect2KHR::new()
            .space(space)
            .eye_visibility(xr::EyeVisibility::BOTH)
            .sub_image(sub_image)
            .pose(xr::Posef { orientation, position: xr::Vector3f::default() })
            // A sphere without a radius is infinitely large.
            .radius(0.0)
            .central_horizontal_angle(TAU)
            .upper_vertical_angle(FRAC_PI_2)
            .lower_vertical_angle(-FRAC_PI_2);
        Some(layer)
    }

    fn make(&self, size: [u32; 2]) -> Result<StaticPicture, XrError> {
        let doing = "making room for a panorama";
        let swapchain = self.session.create_swapchain(&xr::SwapchainCreateInfo {
            create_flags: xr::SwapchainCreateFlags::STATIC_IMAGE,
            usage_flags: self.format.wanted_of_runtime() | xr::SwapchainUsageFlags::TRANSFER_DST,
            format: self.format.raw(),
            sample_count: 1,
            width: size[0],
            height: size[1],
            face_count: 1,
            array_size: 1,
            mip_count: 1,
        });
        let mut swapchain = swapchain.map_err(XrError::of(doing))?;
        let images = swapchain.enumerate_images().map_err(XrError::of(doing))?;
        let index = swapchain.acquire_image().map_err(XrError::of(doing))?;
        swapchain.wait_image(xr::Duration::INFINITE).map_err(XrError::of(doing))?;
        let image = images.get(index as usize).ok_or_else(|| XrError::failed(doing, "it has no image"))?;
        let kind = Kind { format: self.format, size, layers: 1, is_written: true };
        let texture = wrap(&self.gpu, *image, &kind)?;
        let copy = BackdropCopy::new(&self.gpu, size);
        Ok(StaticPicture { texture, swapchain, copy, size, is_whole: false })
    }
}

impl StaticPicture {
    fn write(&mut self, gpu: &Gpu, first_row: u32, rgba8: &[u8]) -> Result<(), XrError> {
        let [width, height] = self.size;
        let rows = rgba8.len() as u32 / (width * 4);
        self.copy.write(gpu, first_row, rgba8);
        gpu.queue().write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &self.texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x: 0, y: first_row, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            rgba8,
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(width * 4), rows_per_image: None },
            wgpu::Extent3d { width, height: rows, depth_or_array_layers: 1 },
        );
        if first_row + rows < height {
            return Ok(());
        }
        self.hand_over(gpu)?;
        self.is_whole = true;
        tracing::info!(width, height, "the runtime shows a panorama behind the pictures");
        Ok(())
    }

    /// The runtime wants the image as an attachment, which an empty pass makes of it.
    fn hand_over(&mut self, gpu: &Gpu) -> Result<(), XrError> {
        let view = self.texture.create_view(&wgpu::TextureViewDescriptor::default());
        let label = Some("panorama");
        let mut encoder = gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor { label });
        drop(encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label,
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations { load: wgpu::LoadOp::Load, store: wgpu::StoreOp::Store },
            })],
            ..Default::default()
        }));
        gpu.queue().submit([encoder.finish()]);
        self.swapchain.release_image().map_err(XrError::of("giving a panorama over"))
    }
}

impl Backdrop for BackdropLayer {
    fn largest_side(&self) -> u32 {
        self.largest_side
    }

    fn begin(&mut self, size: UVec2) -> bool {
        self.clear();
        if self.is_broken {
            return false;
        }
        match self.make(size.into()) {
            Ok(picture) => self.picture = Some(picture),
            Err(error) => self.give_up(&error),
        }
        self.picture.is_some()
    }

    fn write(&mut self, first_row: u32, rgba8: &[u8]) -> bool {
        let Some(picture) = &mut self.picture else { return false };
        if let Err(error) = picture.write(&self.gpu, first_row, rgba8) {
            self.give_up(&error);
        }
        self.picture.is_some()
    }

    fn is_ready(&self) -> bool {
        self.picture.as_ref().is_some_and(|picture| picture.is_whole)
    }

    fn clear(&mut self) {
        if self.picture.is_some() {
            // Nothing of it may be in use when it goes.
            Session::settle(&self.gpu);
            self.picture = None;
        }
    }
}
