//! A row of pictures that go to the headset: a swapchain whose images have a layer for each eye.
//!
//! It must not know what is drawn into them.

use super::device::Vulkan;
use super::runtime::XrError;
use ash::vk::{self, Handle as _};
use openxr as xr;
use wgpu_renderer::wgpu::{self, hal};
use wgpu_renderer::{Gpu, Layers};

/// A format of pictures by both its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureFormat {
    vulkan: vk::Format,
    /// As the renderer takes it.
    pub wgpu: wgpu::TextureFormat,
}

/// Formats into which colours are encoded by the card, the preferred one first.
const COLORS: [PictureFormat; 2] = [
    PictureFormat { vulkan: vk::Format::R8G8B8A8_SRGB, wgpu: wgpu::TextureFormat::Rgba8UnormSrgb },
    PictureFormat { vulkan: vk::Format::B8G8R8A8_SRGB, wgpu: wgpu::TextureFormat::Bgra8UnormSrgb },
];

/// The renderer's depth.
const DEPTH: PictureFormat =
    PictureFormat { vulkan: vk::Format::D32_SFLOAT, wgpu: wgpu::TextureFormat::Depth32Float };

impl PictureFormat {
    /// As OpenXR takes it.
    pub fn raw(self) -> u32 {
        self.vulkan.as_raw() as u32
    }

    fn is_depth(self) -> bool {
        self == DEPTH
    }

    /// What the runtime is asked to let happen to the pictures.
    pub fn wanted_of_runtime(self) -> xr::SwapchainUsageFlags {
        let attachment = match self.is_depth() {
            true => xr::SwapchainUsageFlags::DEPTH_STENCIL_ATTACHMENT,
            false => xr::SwapchainUsageFlags::COLOR_ATTACHMENT,
        };
        attachment | xr::SwapchainUsageFlags::SAMPLED
    }

    /// The use in which the runtime hands pictures over, and takes them back.
    fn attached(self) -> wgpu::TextureUses {
        match self.is_depth() {
            true => wgpu::TextureUses::DEPTH_STENCIL_WRITE,
            false => wgpu::TextureUses::COLOR_TARGET,
        }
    }
}

/// The headset's pictures.
pub struct Swapchain {
    /// Of the images below; they go before it does.
    images: Vec<Layers>,
    swapchain: xr::Swapchain<xr::Vulkan>,
    size: [u32; 2],
    acquired: Option<usize>,
}

/// The format of colours that the session's swapchains can have and the renderer draws.
pub fn color_format_of(session: &xr::Session<xr::Vulkan>) -> Result<PictureFormat, XrError> {
    let doing = "asking for the pictures' formats";
    let offered = session.enumerate_swapchain_formats().map_err(XrError::of(doing))?;
    let known = COLORS.iter().find(|format| offered.contains(&format.raw()));
    known.copied().ok_or_else(|| XrError::failed(doing, "none of them is known"))
}

/// The format of pictures whose pixels are brought as RGBA, if the session's swapchains can have it.
pub fn written_format_of(session: &xr::Session<xr::Vulkan>) -> Option<PictureFormat> {
    let offered = session.enumerate_swapchain_formats().ok()?;
    offered.contains(&COLORS[0].raw()).then_some(COLORS[0])
}

/// The renderer's format of depth, if the session's swapchains can have it.
pub fn depth_format_of(session: &xr::Session<xr::Vulkan>) -> Option<PictureFormat> {
    let offered = session.enumerate_swapchain_formats().ok()?;
    offered.contains(&DEPTH.raw()).then_some(DEPTH)
}

impl Swapchain {
    /// Pictures of this size and format.
    pub fn new(
        session: &xr::Session<xr::Vulkan>,
        gpu: &Gpu,
        format: PictureFormat,
        size: [u32; 2],
    ) -> Result<Self, XrError> {
        let doing = "making the headset's pictures";
        let swapchain = session.create_swapchain(&xr::SwapchainCreateInfo {
            create_flags: xr::SwapchainCreateFlags::EMPTY,
            usage_flags: format.wanted_of_runtime(),
            format: format.raw(),
            sample_count: 1,
            width: size[0],
            height: size[1],
            face_count: 1,
            array_size: 2,
            mip_count: 1,
        });
        let swapchain = swapchain.map_err(XrError::of(doing))?;
        let raw = swapchain.enumerate_images().map_err(XrError::of(doing))?;
        let kind = Kind { format, size, layers: 2, is_written: false };
        let textures = raw.into_iter().map(|image| wrap(gpu, image, &kind));
        let images = textures.map(|texture| Ok(Layers::of(&texture?))).collect::<Result<_, XrError>>()?;
        Ok(Self { images, swapchain, size, acquired: None })
    }

    /// Width and height of an eye.
    pub fn size(&self) -> [u32; 2] {
        self.size
    }

    /// Takes the next picture to draw into, and waits until the runtime has done with it.
    pub fn acquire(&mut self) -> Result<(), XrError> {
        if self.acquired.is_some() {
            return Ok(());
        }
        let index = self.swapchain.acquire_image().map_err(XrError::of("taking a picture"))?;
        self.swapchain.wait_image(xr::Duration::INFINITE).map_err(XrError::of("waiting for a picture"))?;
        self.acquired = Some(index as usize);
        Ok(())
    }

    /// The picture that was taken.
    pub fn layers(&self) -> Option<&Layers> {
        self.images.get(self.acquired?)
    }

    /// Gives the picture to the runtime.
    pub fn release(&mut self) -> Result<(), XrError> {
        match self.acquired.take() {
            Some(_) => self.swapchain.release_image().map_err(XrError::of("giving a picture back")),
            None => Ok(()),
        }
    }

    /// One eye's part of the picture that was released last.
    pub fn eye(&self, eye: u32) -> xr::SwapchainSubImage<'_, xr::Vulkan> {
        let [width, height] = self.size.map(|side| side as i32);
        let rectangle =
            xr::Rect2Di { offset: xr::Offset2Di { x: 0, y: 0 }, extent: xr::Extent2Di { width, height } };
        xr::SwapchainSubImage::new().swapchain(&self.swapchain).image_array_index(eye).image_rect(rectangle)
    }
}

/// What an image of the runtime is.
pub struct Kind {
    /// Its format.
    pub format: PictureFormat,
    /// Width and height.
    pub size: [u32; 2],
    /// Pictures in it.
    pub layers: u32,
    /// Whether its pixels are brought; else it is drawn.
    pub is_written: bool,
}

/// An image of the runtime as wgpu's.
pub fn wrap(gpu: &Gpu, image: xr::sys::platform::VkImage, kind: &Kind) -> Result<wgpu::Texture, XrError> {
    let Kind { format, size: [width, height], layers, is_written } = *kind;
    let attached = format.attached();
    let (hal_use, our_use) = match is_written {
        true => (wgpu::TextureUses::COPY_DST, wgpu::TextureUsages::COPY_DST),
        false => (wgpu::TextureUses::RESOURCE, wgpu::TextureUsages::TEXTURE_BINDING),
    };
    let label = Some("headset picture");
    let size = wgpu::Extent3d { width, height, depth_or_array_layers: layers };
    let dimension = wgpu::TextureDimension::D2;
    let theirs = hal::TextureDescriptor {
        label,
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension,
        format: format.wgpu,
        usage: attached | hal_use,
        memory_flags: hal::MemoryFlags::empty(),
        view_formats: Vec::new(),
    };
    let ours = wgpu::TextureDescriptor {
        label,
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension,
        format: format.wgpu,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | our_use,
        view_formats: &[],
    };
    // SAFETY: the image is of this device, made as described, and in the layout of its attachment whenever it is
    // acquired (XR_KHR_vulkan_enable2). The runtime owns image and memory: the guard that does nothing says so. The
    // texture dies before its swapchain, by the order of the fields of whoever holds both.
    #[allow(unsafe_code)]
    let texture = unsafe {
        let Some(device) = gpu.device().as_hal::<Vulkan>() else {
            return Err(XrError::failed("making the headset's pictures", "the device is not Vulkan's"));
        };
        let external = hal::vulkan::TextureMemory::External;
        let image =
            device.texture_from_raw(vk::Image::from_raw(image), &theirs, Some(Box::new(|| {})), external);
        gpu.device().create_texture_from_hal::<Vulkan>(image, &ours, attached)
    };
    Ok(texture)
}
