//! All that a frame is drawn onto for the headset, and how it is handed over: colours, depth where the runtime takes it,
//! and what is hidden.
//!
//! It must not know the venue.

use super::mask::Mask;
use super::runtime::{Runtime, XrError};
use super::swapchain::{PictureFormat, Swapchain, color_format_of, depth_format_of};
use crate::scene::camera::NEAR;
use openxr as xr;
use openxr::sys;
use wgpu_renderer::{Gpu, Target};

/// Pictures of one size.
pub struct Pictures {
    colors: Swapchain,
    depths: Option<Swapchain>,
    /// What the optics do not show.
    pub mask: Mask,
    format: PictureFormat,
}

/// What the runtime is told of both eyes' depth; it is pointed to until the frame is ended.
pub struct DepthInfos([sys::CompositionLayerDepthInfoKHR; 2]);

impl Pictures {
    /// Pictures of this size for each eye.
    pub fn new(
        runtime: &Runtime,
        session: &xr::Session<xr::Vulkan>,
        gpu: &Gpu,
        size: [u32; 2],
    ) -> Result<Self, XrError> {
        let format = color_format_of(session)?;
        let colors = Swapchain::new(session, gpu, format, size)?;
        let depth_format = depth_format_of(session).filter(|_| runtime.offers.depth_layer);
        let depths = match depth_format.map(|format| Swapchain::new(session, gpu, format, size)) {
            Some(Ok(depths)) => Some(depths),
            Some(Err(error)) => {
                tracing::info!(%error, "the headset gets no depth");
                None
            }
            None => {
                tracing::info!("the headset gets no depth: its runtime takes none");
                None
            }
        };
        Ok(Self { colors, depths, mask: Mask::default(), format })
    }

    /// The format of the colours.
    pub fn format(&self) -> PictureFormat {
        self.format
    }

    /// Width and height of an eye.
    pub fn size(&self) -> [u32; 2] {
        self.colors.size()
    }

    /// Takes the next pictures to draw into.
    pub fn acquire(&mut self) -> Result<(), XrError> {
        self.colors.acquire()?;
        self.depths.as_mut().map_or(Ok(()), Swapchain::acquire)
    }

    /// Gives the pictures to the runtime.
    pub fn release(&mut self) -> Result<(), XrError> {
        self.colors.release()?;
        self.depths.as_mut().map_or(Ok(()), Swapchain::release)
    }

    /// What is drawn onto.
    pub fn target(&self) -> Option<Target<'_>> {
        let depth = match &self.depths {
            Some(depths) => Some(depths.layers()?),
            None => None,
        };
        let (color, size) = (self.colors.layers()?, self.size().into());
        Some(Target { color, size, depth, hidden: self.mask.area() })
    }

    /// What the runtime is told of the depth.
    pub fn depth_infos(&self) -> Option<DepthInfos> {
        let depths = self.depths.as_ref()?;
        Some(DepthInfos([0, 1].map(|eye| depth_info(depths.eye(eye).into_raw()))))
    }

    /// Both eyes' parts of the pictures that were released last.
    pub fn views<'a>(
        &'a self,
        eyes: &[xr::View; 2],
        depths: Option<&'a DepthInfos>,
    ) -> [xr::CompositionLayerProjectionView<'a, xr::Vulkan>; 2] {
        [0, 1].map(|eye: usize| {
            let view = xr::CompositionLayerProjectionView::new()
                .pose(eyes[eye].pose)
                .fov(eyes[eye].fov)
                .sub_image(self.colors.eye(eye as u32));
            match depths {
                Some(DepthInfos(infos)) => with_depth(view, &infos[eye]),
                None => view,
            }
        })
    }
}

/// The renderer's depth is near plane over distance: 1 there, 0 at infinity (reversed, see XrCompositionLayerDepthInfoKHR).
fn depth_info(sub_image: sys::SwapchainSubImage) -> sys::CompositionLayerDepthInfoKHR {
    sys::CompositionLayerDepthInfoKHR {
        ty: sys::CompositionLayerDepthInfoKHR::TYPE,
        next: std::ptr::null(),
        sub_image,
        min_depth: 0.0,
        max_depth: 1.0,
        near_z: f32::INFINITY,
        far_z: NEAR,
    }
}

fn with_depth<'a>(
    view: xr::CompositionLayerProjectionView<'a, xr::Vulkan>,
    depth: &'a sys::CompositionLayerDepthInfoKHR,
) -> xr::CompositionLayerProjectionView<'a, xr::Vulkan> {
    let mut raw = view.into_raw();
    raw.next = std::ptr::from_ref(depth).cast();
    // SAFETY: the view is the builder's own but for its chain, and what that points to lives as long as the view's
    // lifetime says.
    #[allow(unsafe_code)]
    unsafe {
        xr::CompositionLayerProjectionView::from_raw(raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::xr::views::projection;
    use glam::Vec3;
    use openxr::sys::Handle as _;

    #[test]
    fn the_distances_told_of_least_and_most_depth_are_those_that_the_projection_has_there() {
        let sub_image = sys::SwapchainSubImage {
            swapchain: sys::Swapchain::from_raw(0),
            image_rect: xr::Rect2Di::default(),
            image_array_index: 0,
        };
        let info = depth_info(sub_image);
        let fov = xr::Fovf { angle_left: -0.9, angle_right: 0.7, angle_up: 0.85, angle_down: -0.8 };
        let depth = |metres: f32| projection(&fov).project_point3(Vec3::NEG_Z * metres).z;
        assert!((depth(info.far_z) - info.max_depth).abs() < 1e-6);
        assert!(info.near_z == f32::INFINITY && depth(1.0e9) - info.min_depth < 1e-9);
        // The formula of the specification for reversed depth between both distances gives the renderer's.
        for metres in [0.1, 1.0, 30.0] {
            let told = info.far_z / metres;
            assert!((told - depth(metres)).abs() < 1e-6, "{metres} m");
        }
    }
}
