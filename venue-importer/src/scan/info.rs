//! What is known of a scan besides its geometry: the store's `info.json`.

use glam::{DVec3, Vec4};
use serde::{Deserialize, Serialize};

/// What a store holds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct ScanInfo {
    /// The files that were read.
    pub inputs: Vec<InputInfo>,
    /// Source coordinates of the store's zero, source units.
    pub origin: DVec3,
    /// Lowest and highest corner of everything, source coordinates and units.
    pub bounds: [DVec3; 2],
    /// How many triangles.
    pub triangles: u64,
    /// How many points that belong to no triangle.
    pub points: u64,
    /// How many vertices; those that two batches share count twice.
    pub vertices: u64,
    /// Metres in one source unit, if the format or a file beside it says so.
    pub metres_per_unit: Option<f64>,
    /// Which axis points up, if the format says so.
    pub up: Option<Up>,
    /// The coordinate reference system, as the file has it: WKT, or an EPSG number.
    pub crs: Option<String>,
    /// Whether any batch has colours.
    pub has_colors: bool,
    /// Whether any batch has normals.
    pub has_normals: bool,
    /// Whether any batch has texture coordinates.
    pub has_uvs: bool,
    /// Whether the source has intensities; without colours they are the colours, as grey.
    pub has_intensity: bool,
    /// Surfaces.
    pub materials: Vec<ScanMaterial>,
    /// Pictures that the materials name.
    pub pictures: Vec<ScanPicture>,
    /// Where the scanner stood, store coordinates.
    pub stations: Vec<DVec3>,
    /// Whom the file asks to thank: copyright, author, licence.
    pub credits: Vec<String>,
    /// EXIF, GPS, author data that was found and left out.
    pub removed: Vec<String>,
    /// What was left out, or is probably not meant.
    pub warnings: Vec<String>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct InputInfo {
    /// Without its folder.
    pub name: String,
    /// Of which format.
    pub format: Format,
    /// Its length.
    pub bytes: u64,
    /// In hexadecimal digits.
    pub sha256: String,
}

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// glTF 2.0: one `.glb`, or `.gltf` with files beside it.
    Gltf,
    /// Wavefront OBJ with MTL.
    Obj,
    /// Stanford PLY, mesh or points.
    Ply,
    /// ASTM E2807 laser scans.
    E57,
    /// ASPRS LAS, or LAZ.
    Las,
    /// Text: a point on each line.
    Xyz,
}

/// Which axis points up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Up {
    /// As in glTF.
    Y,
    /// As in surveys.
    Z,
}

/// How a surface looks.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct ScanMaterial {
    /// May be empty.
    pub name: String,
    /// Linear RGBA factor.
    pub base_color: Vec4,
    /// Index of a picture.
    pub picture: Option<u32>,
    /// The colour is what is seen: light is baked in.
    pub unlit: bool,
    /// Whether the back is seen too.
    pub double_sided: bool,
    /// What alpha means.
    pub alpha: Alpha,
}

/// What a material's alpha means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Alpha {
    /// Nothing.
    #[default]
    Opaque,
    /// Seen from this alpha on, else not.
    Mask(f32),
    /// Mixed with what is behind.
    Blend,
}

impl Default for ScanMaterial {
    fn default() -> Self {
        Self {
            name: String::new(),
            base_color: Vec4::ONE,
            picture: None,
            unlit: false,
            double_sided: false,
            alpha: Alpha::Opaque,
        }
    }
}

/// A picture as it was delivered, without what told about people and places.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct ScanPicture {
    /// Its file, relative to the store.
    pub file: String,
    /// What it was called.
    pub name: String,
    /// `image/jpeg`, `image/png`, `image/webp` or `image/ktx2`.
    pub media_type: String,
    /// Pixels across, as stored.
    pub width: u32,
    /// Pixels down, as stored.
    pub height: u32,
    /// How it is to be turned before it is used: EXIF's orientation, 1 to 8.
    pub orientation: u8,
}
