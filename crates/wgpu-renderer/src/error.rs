//! What can go wrong on the way to a picture, in sentences for the person before the screen.

/// Why the renderer could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// No driver offers an adapter that fits.
    #[error(
        "No graphics adapter was found ({reason}). Install a Vulkan, DirectX 12 or Metal driver; \
         on Linux the package mesa-vulkan-drivers also has one for machines without a graphics card."
    )]
    NoAdapter {
        /// What the drivers answered.
        reason: String,
    },
    /// The adapter is there but does not open.
    #[error(
        "The graphics adapter \"{adapter}\" could not be opened ({reason}). Update its driver or choose another adapter."
    )]
    NoDevice {
        /// The adapter's name.
        adapter: String,
        /// What the driver answered.
        reason: String,
    },
    /// The device lacks what these settings need.
    #[error("The graphics device cannot {what}. {advice}")]
    Unsupported {
        /// What is missing.
        what: String,
        /// What to do instead.
        advice: &'static str,
    },
    /// The graphics memory is full.
    #[error(
        "The graphics memory is full (while {doing}). Close other programs or choose the low quality setting."
    )]
    OutOfMemory {
        /// What was being done.
        doing: &'static str,
    },
    /// The driver reset, or the adapter is gone. Everything must be made anew.
    #[error("The graphics device was lost ({reason}). The picture must be set up again.")]
    DeviceLost {
        /// What the driver said.
        reason: String,
    },
    /// The driver refused a command: a defect in this program or in the driver.
    #[error("The graphics driver refused a command while {doing}: {description}")]
    Refused {
        /// What was being done.
        doing: &'static str,
        /// The driver's or wgpu's description.
        description: String,
    },
    /// A mesh is not well formed.
    #[error("The mesh cannot be used: {problem}.")]
    InvalidMesh {
        /// What is wrong with it.
        problem: String,
    },
    /// A texture or a region of it is not well formed.
    #[error("The texture cannot be used: {problem}.")]
    InvalidTexture {
        /// What is wrong with it.
        problem: String,
    },
    /// The frame or its target does not fit the renderer's settings.
    #[error("The frame cannot be drawn: {problem}.")]
    InvalidFrame {
        /// What is wrong with it.
        problem: String,
    },
    /// An id belongs to nothing that is loaded now.
    #[error("The {kind} was already removed or belongs to another renderer.")]
    Missing {
        /// Mesh, texture or material.
        kind: &'static str,
    },
}
