//! Step textures: source pictures, a picture of its own for each tile, and KTX 2 with Basis Universal.

pub(crate) mod atlas;
pub(crate) mod basis;
pub(crate) mod charts;
pub(crate) mod ktx2;
pub(crate) mod picture;
pub(crate) mod rebake;
pub(crate) mod sources;
mod unfold;

pub use atlas::AtlasLimits;
pub use basis::Codec;
pub use picture::Picture;
pub use sources::Sources;
