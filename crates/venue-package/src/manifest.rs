//! The manifest `venue.json`: what stands where in a venue, and which files it is made of.
//!
//! Units and ranges stand with each field, in the JSON Schema beside this crate and in
//! `docs/venue-package.md`; [`Manifest::parse`] proves the ranges.

use crate::limits;
use glam::{DVec3, Quat, Vec3};
use serde::{Deserialize, Serialize};
use venue_model::{Bounds, Door, FileHash, Localized, Seat, Space, SpaceId, SpawnPoint, Zone};

/// What `format` says in every manifest.
pub const FORMAT: &str = "vev-venue";
/// The version that this program reads and writes.
pub const VERSION: u32 = 1;

/// The description of a venue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`FORMAT`].
    pub format: String,
    /// Always [`VERSION`].
    pub version: u32,
    /// The venue's short name: 1 to 40 of a-z, 0-9, `-`.
    pub id: String,
    /// Name as shown.
    pub name: Localized,
    /// Rooms, 1 to 200.
    pub spaces: Vec<Space>,
    /// Openings between rooms.
    #[serde(default)]
    pub doors: Vec<Door>,
    /// Where to sit.
    #[serde(default)]
    pub seats: Vec<Seat>,
    /// Where people appear; each space has one at least.
    pub spawn_points: Vec<SpawnPoint>,
    /// Parts of rooms with a purpose, interpreters' booths among them.
    #[serde(default)]
    pub zones: Vec<Zone>,
    /// Surfaces that show slides or video.
    #[serde(default)]
    pub screens: Vec<Screen>,
    /// Things to look at.
    #[serde(default)]
    pub exhibits: Vec<Exhibit>,
    /// Sounds at places.
    #[serde(default)]
    pub emitters: Vec<Emitter>,
    /// Light and sky.
    #[serde(default)]
    pub environment: Environment,
    /// The file `tileset.json`.
    pub tileset: FileHash,
    /// The navigation mesh.
    pub navigation: FileHash,
    /// How spaces sound; nothing is known of a space that is not here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acoustics: Vec<SpaceAcoustics>,
    /// What is seen around spaces; the environment's sky around a space that is not here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub panoramas: Vec<SpacePanorama>,
    /// Every file of the package but the manifest itself.
    pub files: Vec<FileEntry>,
    /// Where the building stands on the earth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<GeodeticFrame>,
    /// Whom to thank, and under which licence.
    #[serde(default)]
    pub credits: Vec<Credit>,
}

/// A surface that shows slides or video.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// The space that it hangs in.
    pub space: SpaceId,
    /// Name as shown.
    pub name: Localized,
    /// Middle of the surface, metres.
    pub center: Vec3,
    /// Building from screen, unit quaternion x y z w: the picture faces +z, with +x to its right and +y up.
    pub orientation: Quat,
    /// Metres, 0.1 to 100.
    pub width: f32,
    /// Metres, 0.1 to 100.
    pub height: f32,
}

/// A thing to look at; its geometry is the tile that names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exhibit {
    /// The space that it stands in.
    pub space: SpaceId,
    /// Name as shown.
    pub name: Localized,
    /// What it occupies.
    pub bounds: Bounds,
    /// Its tile.
    pub content: FileHash,
}

/// How a space sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpaceAcoustics {
    /// Which space; each has one at most.
    pub space: SpaceId,
    /// Its acoustic mesh.
    pub mesh: FileHash,
}

/// What is seen from a space where it has no surface: through windows, under open sky.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpacePanorama {
    /// Which space; each has one at most.
    pub space: SpaceId,
    /// An equirectangular picture of the whole sphere: JPEG or PNG, twice as wide as high.
    pub picture: FileHash,
    /// Where the picture's middle is seen: degrees clockwise from -z as one looks down, 0 to 360.
    pub heading: f32,
}

impl SpacePanorama {
    /// The turn of the picture about +y, radians: at 0 its middle is seen towards -z.
    pub fn yaw(&self) -> f32 {
        -self.heading.to_radians()
    }
}

/// A sound at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emitter {
    /// The space that it sounds in.
    pub space: SpaceId,
    /// Name for people who edit the venue, up to 120 characters.
    pub name: String,
    /// Where, metres.
    pub position: Vec3,
    /// The sound.
    pub sound: FileHash,
    /// Factor, 0 to 4.
    pub gain: f32,
    /// Distance at which it has its own loudness, metres, 0.1 to 100.
    pub reference_distance: f32,
    /// Distance beyond which it is not heard, metres, up to 1,000; 0: none.
    pub max_distance: f32,
    /// Whether it begins again at its end.
    pub looping: bool,
    /// Whether it plays by itself.
    pub plays_at_start: bool,
}

/// Light for what is not baked, and the sky. Colours are linear RGB, 0 to 100.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Environment {
    /// The sun, or the strongest lamp.
    pub sun: Sun,
    /// Light from everywhere.
    pub ambient: Vec3,
    /// What stands where no geometry is.
    pub sky: Sky,
}

/// A light from far away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sun {
    /// The way the light travels; length 1.
    pub direction: Vec3,
    /// Linear RGB.
    pub color: Vec3,
    /// Factor on the colour, 0 to 100.
    pub strength: f32,
}

/// A sky of three colours that run into each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sky {
    /// Straight up.
    pub zenith: Vec3,
    /// Straight ahead.
    pub horizon: Vec3,
    /// Straight down.
    pub ground: Vec3,
}

impl Default for Environment {
    fn default() -> Self {
        Self { sun: Sun::default(), ambient: Vec3::splat(0.55), sky: Sky::default() }
    }
}

impl Default for Sun {
    fn default() -> Self {
        let direction = Vec3::new(-0.4, -1.0, -0.3).normalize();
        Self { direction, color: Vec3::new(1.0, 0.96, 0.9), strength: 1.5 }
    }
}

impl Default for Sky {
    fn default() -> Self {
        Self {
            zenith: Vec3::new(0.17, 0.36, 0.75),
            horizon: Vec3::new(0.66, 0.78, 0.92),
            ground: Vec3::new(0.28, 0.27, 0.25),
        }
    }
}

/// One file of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// SHA-256 of its bytes.
    pub hash: FileHash,
    /// Its length.
    pub bytes: u64,
    /// What it holds.
    pub media_type: MediaType,
}

/// What a package's file holds; decides its name's ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MediaType {
    /// A glTF binary: a tile.
    #[serde(rename = "model/gltf-binary")]
    Glb,
    /// The tileset.
    #[serde(rename = "application/json")]
    Json,
    /// A navigation mesh.
    #[serde(rename = "application/x-vev-navigation")]
    Navigation,
    /// An acoustic mesh.
    #[serde(rename = "application/x-vev-acoustics")]
    Acoustics,
    /// A PNG picture.
    #[serde(rename = "image/png")]
    Png,
    /// A JPEG picture.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// A WebP picture.
    #[serde(rename = "image/webp")]
    Webp,
    /// MP3 sound.
    #[serde(rename = "audio/mpeg")]
    Mp3,
    /// Opus sound in Ogg.
    #[serde(rename = "audio/ogg")]
    Ogg,
    /// WAV sound.
    #[serde(rename = "audio/wav")]
    Wav,
}

impl MediaType {
    /// The ending of the file's name, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Glb => "glb",
            Self::Json => "json",
            Self::Navigation => "vnav",
            Self::Acoustics => "vaco",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
            Self::Wav => "wav",
        }
    }
}

/// Where the building frame lies on the earth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeodeticFrame {
    /// Degrees north, WGS 84, -90 to 90, of the building frame's origin.
    pub latitude: f64,
    /// Degrees east, WGS 84, -180 to 180.
    pub longitude: f64,
    /// Metres above the WGS 84 ellipsoid, -1,000 to 10,000.
    pub height: f64,
    /// Direction of -z, degrees clockwise from north, 0 to 360.
    #[serde(default)]
    pub heading: f64,
    /// What was taken away from survey coordinates to get the building frame, metres.
    #[serde(default)]
    pub survey_origin: DVec3,
}

/// Whom to thank for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// The work, 1 to 200 characters.
    pub what: String,
    /// Who made it, 1 to 200 characters.
    pub author: String,
    /// Where it comes from, up to 400 characters.
    #[serde(default)]
    pub source: String,
    /// Its licence, 1 to 200 characters; an SPDX name where there is one.
    pub license: String,
}

/// The manifest can not be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ManifestError {
    /// More bytes than allowed.
    #[error("venue.json has {bytes} bytes; {} are allowed", limits::MANIFEST_BYTES)]
    TooLarge {
        /// How many it has.
        bytes: usize,
    },
    /// Not JSON, or fields missing, unknown or of the wrong type.
    #[error("venue.json, line {line}, column {column}: {what}; pack the venue again, or mend that line")]
    Syntax {
        /// Counted from one.
        line: usize,
        /// Counted from one.
        column: usize,
        /// What the JSON reader says.
        what: String,
    },
    /// Another kind of file.
    #[error("venue.json says format {found:?}; a venue package says {FORMAT:?}")]
    NotAVenue {
        /// What it says.
        found: String,
    },
    /// From a newer or older program.
    #[error(
        "venue.json has version {found}; this program reads version {VERSION}: update the program, or pack again"
    )]
    Version {
        /// What it says.
        found: u64,
    },
    /// A value out of its range, or a name that leads nowhere.
    #[error("venue.json: {at}: {what}")]
    Invalid {
        /// Which value, e.g. `doors[3].width`.
        at: String,
        /// What is wrong and what would be right.
        what: String,
    },
}

#[derive(Deserialize)]
struct Envelope {
    format: Option<String>,
    version: Option<u64>,
}

impl Manifest {
    /// Reads and checks a manifest.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        if bytes.len() as u64 > limits::MANIFEST_BYTES {
            return Err(ManifestError::TooLarge { bytes: bytes.len() });
        }
        // Format and version are looked at first, so that a file from another program is called that.
        let envelope: Envelope = serde_json::from_slice(bytes).map_err(syntax)?;
        match envelope {
            Envelope { format: Some(format), .. } if format != FORMAT => {
                return Err(ManifestError::NotAVenue { found: format });
            }
            Envelope { version: Some(found), .. } if found != u64::from(VERSION) => {
                return Err(ManifestError::Version { found });
            }
            _ => {}
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(syntax)?;
        manifest.check()?;
        Ok(manifest)
    }

    /// Checks every range and every reference.
    pub fn check(&self) -> Result<(), ManifestError> {
        crate::manifest_checks::check(self)
    }

    /// As the bytes of `venue.json`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("a manifest is plain data with text keys");
        bytes.push(b'\n');
        bytes
    }

    /// The space of this id.
    pub fn space(&self, id: SpaceId) -> Option<&Space> {
        self.spaces.iter().find(|space| space.id == id)
    }

    /// The space of this key.
    pub fn space_by_key(&self, key: &str) -> Option<&Space> {
        self.spaces.iter().find(|space| space.key == key)
    }

    /// The entry of the file of this hash.
    pub fn file(&self, hash: FileHash) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.hash == hash)
    }

    /// The panorama around a space.
    pub fn panorama(&self, space: SpaceId) -> Option<&SpacePanorama> {
        self.panoramas.iter().find(|panorama| panorama.space == space)
    }

    /// The name under which a file lies in the package.
    pub fn path_of(&self, file: &FileEntry) -> String {
        if file.hash == self.tileset {
            limits::TILESET_PATH.to_owned()
        } else {
            content_path(file.hash, file.media_type)
        }
    }
}

/// Name of a content-addressed file.
pub(crate) fn content_path(hash: FileHash, media_type: MediaType) -> String {
    format!("files/{hash}.{}", media_type.extension())
}

fn syntax(error: serde_json::Error) -> ManifestError {
    let text = error.to_string();
    // The reader repeats line and column at the end of its text; they are said once.
    let what = text.split(" at line ").next().unwrap_or(&text).to_owned();
    ManifestError::Syntax { line: error.line(), column: error.column(), what }
}
