//! The venue package: manifest, tileset, navigation mesh, acoustics and glTF content over bytes.
//!
//! Reader, writer and validator, all with limits: bytes from elsewhere never make it panic
//! or take memory without bound. It knows no network and no renderer; what the fields mean
//! stands in `docs/venue-package.md`.

#![warn(missing_docs)]

pub mod acoustics;
mod acoustics_bytes;
pub mod gltf;
pub mod limits;
pub mod manifest;
mod manifest_checks;
pub mod navigation;
mod navigation_bytes;
pub mod package;
pub mod panorama;
pub mod source;
pub mod tileset;
mod tileset_json;
pub mod validate;
pub mod writer;

pub use acoustics::{AcousticMaterial, AcousticMesh, AcousticsError};
pub use manifest::{Manifest, ManifestError};
pub use navigation::{NavigationError, NavigationMesh, NavigationPolygon};
pub use package::{Package, PackageError};
pub use panorama::{PanoramaError, decode_panorama, panorama_type};
pub use source::{DirectorySource, FileSource, MemorySource, SourceError};
pub use tileset::{Tile, Tileset, TilesetError};
pub use validate::{Finding, ValidationReport, validate, validate_structure};
pub use writer::{PackageWriter, WriteError, hash_of};
