//! What each format brings.

mod gltf;
mod ply;
