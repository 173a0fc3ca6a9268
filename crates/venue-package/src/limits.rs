//! The bounds of a package. What is beyond them is refused, whatever it may mean.

/// Name of the manifest file.
pub const MANIFEST_PATH: &str = "venue.json";
/// Name of the 3D Tiles file.
pub const TILESET_PATH: &str = "tileset.json";
/// Largest manifest, bytes.
pub const MANIFEST_BYTES: u64 = 32 << 20;
/// Largest tileset, bytes.
pub const TILESET_BYTES: u64 = 64 << 20;
/// Largest navigation mesh, bytes.
pub const NAVIGATION_BYTES: u64 = 64 << 20;
/// Largest acoustic mesh of a space, bytes.
pub const ACOUSTICS_BYTES: u64 = 8 << 20;
/// Largest panorama, bytes.
pub const PANORAMA_BYTES: u64 = 64 << 20;
/// Largest single file, bytes.
pub const FILE_BYTES: u64 = 512 << 20;
/// Most content files.
pub const FILES: usize = 120_000;
/// Most bytes of all files together: a server keeps them in memory, a client on its disk.
pub const PACKAGE_BYTES: u64 = 8 << 30;
/// Most spaces; the navigation builder marks each with a number of one byte.
pub const SPACES: usize = 200;
/// Most doors, spawn points, zones, screens, exhibits, emitters: each of them.
pub const PLACES: usize = 4_096;
/// Most seats.
pub const SEATS: usize = 20_000;
/// Most tiles, of all levels together.
pub const TILES: usize = 100_000;
/// Most levels of tiles.
pub const TILE_DEPTH: usize = 32;
/// Farthest that anything may be from the origin of the building frame, metres.
///
/// A 32-bit float is exact to a millimetre there.
pub const EXTENT: f32 = 10_000.0;
/// Most vertices of a navigation mesh, height vertices included.
pub const NAVIGATION_VERTICES: usize = 2_000_000;
/// Most polygons of a navigation mesh.
pub const NAVIGATION_POLYGONS: usize = 500_000;
/// Most corners of one navigation polygon.
pub const POLYGON_CORNERS: usize = 12;
/// Most materials of an acoustic mesh.
pub const ACOUSTIC_MATERIALS: usize = 255;
/// Longest name of such a material, bytes.
pub const ACOUSTIC_NAME_BYTES: usize = 60;
/// Most vertices of an acoustic mesh.
pub const ACOUSTIC_VERTICES: usize = 200_000;
/// Most triangles of an acoustic mesh; as many openings.
pub const ACOUSTIC_TRIANGLES: usize = 200_000;
