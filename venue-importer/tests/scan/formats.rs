//! What each format brings.

mod archive;
mod e57;
mod gltf;
mod las;
mod obj;
mod ply;
mod xyz;
