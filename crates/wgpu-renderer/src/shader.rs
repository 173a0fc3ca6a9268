//! Puts a pass's WGSL together from shared parts and its own file. WGSL has no imports; the parts do not depend
//! on their order.

/// How many views one draw reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ViewMode {
    /// One; needs no optional feature.
    Single,
    /// Two at once, in the layers of one target.
    Multi,
    /// This one of two, in a layer of its own; needs no optional feature.
    Apart(u32),
}

impl ViewMode {
    /// The mask that pipelines and passes are made with.
    pub(crate) fn mask(self) -> Option<std::num::NonZeroU32> {
        match self {
            Self::Single | Self::Apart(_) => None,
            Self::Multi => std::num::NonZeroU32::new(0b11),
        }
    }

    /// The layer of the target that is drawn into; none for all of them.
    pub(crate) fn layer(self) -> Option<usize> {
        match self {
            Self::Single | Self::Multi => None,
            Self::Apart(view) => Some(view as usize),
        }
    }

    /// The constant of `view_single.wgsl` for this mode; none where it has its default.
    pub(crate) fn constant(self) -> Option<(&'static str, f64)> {
        match self {
            Self::Single | Self::Multi | Self::Apart(0) => None,
            Self::Apart(view) => Some(("only_view", f64::from(view))),
        }
    }
}

/// Shared parts of shaders.
pub(crate) mod shared {
    pub(crate) const FRAME: &str = include_str!("../../../shaders/shared/frame.wgsl");
    pub(crate) const COVER: &str = include_str!("../../../shaders/shared/cover.wgsl");
    pub(crate) const COLOR: &str = include_str!("../../../shaders/shared/color.wgsl");
    pub(crate) const MESH: &str = include_str!("../../../shaders/shared/mesh.wgsl");
    pub(crate) const SKIN: &str = include_str!("../../../shaders/shared/skin.wgsl");
    pub(crate) const CROWD: &str = include_str!("../../../shaders/shared/crowd.wgsl");
    pub(crate) const MATERIAL: &str = include_str!("../../../shaders/shared/material.wgsl");
    pub(crate) const PANORAMA: &str = include_str!("../../../shaders/shared/panorama.wgsl");
    pub(crate) const LIGHTING: &str = include_str!("../../../shaders/shared/lighting.wgsl");
    pub(super) const VIEW_SINGLE: &str = include_str!("../../../shaders/shared/view_single.wgsl");
    pub(super) const VIEW_MULTI: &str = include_str!("../../../shaders/shared/view_multi.wgsl");
}

/// One pass's shader.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShaderSource {
    /// The name of its WGSL and Rust files.
    pub(crate) stem: &'static str,
    /// What it shares with other passes.
    pub(crate) parts: &'static [&'static str],
    /// Its own file.
    pub(crate) body: &'static str,
}

impl ShaderSource {
    /// The whole text for a view mode.
    pub(crate) fn text(&self, mode: ViewMode) -> String {
        let view = match mode {
            ViewMode::Single | ViewMode::Apart(_) => shared::VIEW_SINGLE,
            ViewMode::Multi => shared::VIEW_MULTI,
        };
        let mut text = String::from(view);
        for part in self.parts.iter().chain([&self.body]) {
            text.push('\n');
            text.push_str(part);
        }
        text
    }

    /// The compiled module.
    pub(crate) fn module(&self, device: &wgpu::Device, mode: ViewMode) -> wgpu::ShaderModule {
        device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(self.stem),
            source: wgpu::ShaderSource::Wgsl(self.text(mode).into()),
        })
    }
}
