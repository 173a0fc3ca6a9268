//! `tileset.json`: 3D Tiles 1.1 (OGC 22-025r4) with one level, one child tile per content file.
//!
//! 3D Tiles is z up, the building frame is y up: `(x, y, z)` here is `(x, -z, y)` there. The
//! glTF content stays y up, as the specification demands; a viewer turns it. Only the one-level
//! form that [`Tileset::to_bytes`] writes is read back.

use crate::limits;
use glam::{DVec3, Vec3};
use serde::{Deserialize, Serialize};
use venue_model::{Bounds, FileHash, SpaceId};

/// Parts of a metre to which boxes are rounded.
const GRID: f64 = 1024.0;

/// The tiles of a venue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tileset {
    /// In file order.
    pub tiles: Vec<Tile>,
}

/// One piece of the venue's geometry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tile {
    /// What it occupies, building frame, metres.
    pub bounds: Bounds,
    /// Error, metres, of not showing finer content; 0 at the finest level.
    pub geometric_error: f32,
    /// The glTF binary; its coordinates are the building frame.
    pub content: FileHash,
    /// The space that it belongs to; none for surroundings that every space sees.
    pub space: Option<SpaceId>,
}

/// The tileset can not be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TilesetError {
    /// More bytes than allowed.
    #[error("tileset.json has {bytes} bytes; {} are allowed", limits::TILESET_BYTES)]
    TooLarge {
        /// How many it has.
        bytes: usize,
    },
    /// Not JSON, or not of the form that we read.
    #[error("tileset.json: {what}; pack the venue again")]
    Syntax {
        /// What the JSON reader says, with line and column.
        what: String,
    },
    /// Another version of 3D Tiles.
    #[error("tileset.json says 3D Tiles {found:?}; this program reads 1.1")]
    Version {
        /// What it says.
        found: String,
    },
    /// Too many tiles.
    #[error("tileset.json has {tiles} tiles; {} are allowed", limits::TILES)]
    TooMany {
        /// How many.
        tiles: usize,
    },
    /// A tile that makes no sense.
    #[error("tileset.json: root.children[{tile}]: {what}; pack the venue again")]
    BadTile {
        /// Which, from zero.
        tile: usize,
        /// What is wrong.
        what: &'static str,
    },
}

impl Tileset {
    /// Reads and checks a tileset.
    pub fn parse(bytes: &[u8]) -> Result<Self, TilesetError> {
        if bytes.len() as u64 > limits::TILESET_BYTES {
            return Err(TilesetError::TooLarge { bytes: bytes.len() });
        }
        let file: json::Tileset = serde_json::from_slice(bytes)
            .map_err(|error| TilesetError::Syntax { what: error.to_string() })?;
        if file.asset.version != "1.1" {
            return Err(TilesetError::Version { found: file.asset.version });
        }
        let children = file.root.children;
        if children.len() > limits::TILES {
            return Err(TilesetError::TooMany { tiles: children.len() });
        }
        let read =
            |(index, tile)| read_tile(tile).map_err(|what| TilesetError::BadTile { tile: index, what });
        Ok(Self { tiles: children.into_iter().enumerate().map(read).collect::<Result<_, _>>()? })
    }

    /// As the bytes of `tileset.json`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let all = self.tiles.iter().map(|tile| tile.bounds).reduce(union);
        let all = all.unwrap_or(Bounds { min: Vec3::ZERO, max: Vec3::ZERO });
        // Not showing the venue at all is wrong by its whole size.
        let size = (all.max - all.min).length();
        let file = json::Tileset {
            asset: json::Asset { version: "1.1".into() },
            geometric_error: size,
            root: json::Root {
                bounding_volume: volume(&all),
                geometric_error: size,
                refine: "ADD".into(),
                children: self.tiles.iter().map(write_tile).collect(),
            },
        };
        let mut bytes = serde_json::to_vec_pretty(&file).expect("a tileset is plain data with text keys");
        bytes.push(b'\n');
        bytes
    }
}

/// The smallest box around two.
pub fn union(a: Bounds, b: Bounds) -> Bounds {
    Bounds { min: a.min.min(b.min), max: a.max.max(b.max) }
}

fn write_tile(tile: &Tile) -> json::Tile {
    json::Tile {
        bounding_volume: volume(&tile.bounds),
        geometric_error: tile.geometric_error,
        content: json::Content {
            uri: crate::manifest::content_path(tile.content, crate::manifest::MediaType::Glb),
        },
        extras: tile.space.map(|space| json::Extras { space }),
    }
}

fn read_tile(tile: json::Tile) -> Result<Tile, &'static str> {
    let name = tile.content.uri.strip_prefix("files/").and_then(|name| name.strip_suffix(".glb"));
    let content =
        name.and_then(|name| name.parse().ok()).ok_or("its content is not files/<64 hex digits>.glb")?;
    if !(0.0..=f32::MAX).contains(&tile.geometric_error) {
        return Err("its geometric error is not a number from zero up");
    }
    Ok(Tile {
        bounds: read_volume(&tile.bounding_volume.r#box)?,
        geometric_error: tile.geometric_error,
        content,
        space: tile.extras.map(|extras| extras.space),
    })
}

/// A z-up box: centre and three half axes.
fn volume(bounds: &Bounds) -> json::Volume {
    let (min, max) = (bounds.min.as_dvec3(), bounds.max.as_dvec3());
    let (center, half) = ((min + max) * 0.5, (max - min) * 0.5);
    let r#box = [center.x, -center.z, center.y, half.x, 0.0, 0.0, 0.0, half.z, 0.0, 0.0, 0.0, half.y];
    json::Volume { r#box }
}

fn read_volume(b: &[f64; 12]) -> Result<Bounds, &'static str> {
    // Half axes may be turned; the upright box around them is what is needed here.
    let reach = |axis: usize| b[3 + axis].abs() + b[6 + axis].abs() + b[9 + axis].abs();
    let center = DVec3::new(b[0], b[2], -b[1]);
    let half = DVec3::new(reach(0), reach(2), reach(1));
    // Outward to a grid on which 32-bit numbers are exact: what was read is written and read again unchanged.
    let (min, max) = (((center - half) * GRID).floor() / GRID, ((center + half) * GRID).ceil() / GRID);
    let is_near = min.abs().max(max.abs()).max_element() <= f64::from(limits::EXTENT);
    if !(min.is_finite() && max.is_finite() && is_near) {
        return Err("its box reaches farther than 10,000 metres");
    }
    Ok(Bounds { min: min.as_vec3(), max: max.as_vec3() })
}

/// The file as it is written; names are the specification's.
mod json {
    use super::{Deserialize, Serialize, SpaceId};

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Tileset {
        pub(super) asset: Asset,
        pub(super) geometric_error: f32,
        pub(super) root: Root,
    }

    #[derive(Serialize, Deserialize)]
    pub(super) struct Asset {
        pub(super) version: String,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Root {
        pub(super) bounding_volume: Volume,
        pub(super) geometric_error: f32,
        pub(super) refine: String,
        #[serde(default)]
        pub(super) children: Vec<Tile>,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub(super) struct Tile {
        pub(super) bounding_volume: Volume,
        pub(super) geometric_error: f32,
        pub(super) content: Content,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub(super) extras: Option<Extras>,
    }

    #[derive(Serialize, Deserialize)]
    pub(super) struct Volume {
        pub(super) r#box: [f64; 12],
    }

    #[derive(Serialize, Deserialize)]
    pub(super) struct Content {
        pub(super) uri: String,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Extras {
        pub(super) space: SpaceId,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_tiles() -> Tileset {
        let bounds = Bounds { min: Vec3::new(1.0, 0.0, -20.0), max: Vec3::new(9.0, 4.0, -10.0) };
        let tile = Tile { bounds, geometric_error: 0.0, content: FileHash([3; 32]), space: Some(SpaceId(4)) };
        Tileset { tiles: vec![tile, Tile { space: None, content: FileHash([9; 32]), ..tile }] }
    }

    #[test]
    fn a_tileset_round_trips() {
        assert_eq!(Tileset::parse(&two_tiles().to_bytes()), Ok(two_tiles()));
    }

    #[test]
    fn turned_and_uneven_boxes_are_read_once_and_for_all() {
        let text = String::from_utf8(two_tiles().to_bytes()).unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let check = |r#box: [f64; 12], fits: bool| {
            let mut changed = file.clone();
            changed["root"]["children"][0]["boundingVolume"]["box"] = serde_json::json!(r#box);
            let read = Tileset::parse(changed.to_string().as_bytes());
            assert_eq!(read.is_ok(), fits, "{read:?}");
            if let Ok(read) = read {
                assert_eq!(Tileset::parse(&read.to_bytes()), Ok(read));
            }
        };
        check([0.1, 1e-20, 0.3, 0.7, 0.7, 0.0, -0.7, 0.7, 0.0, 0.0, 0.0, 1.0 / 3.0], true);
        check([9_000.0, 0.0, 0.0, 999.9, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], true);
        check([9_000.0, 0.0, 0.0, 1_001.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], false);
        check([f64::MAX, 0.0, 0.0, f64::MAX, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], false);
    }

    #[test]
    fn boxes_are_written_z_up() {
        let file: serde_json::Value = serde_json::from_slice(&two_tiles().to_bytes()).unwrap();
        let expected = serde_json::json!([5.0, 15.0, 2.0, 4.0, 0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 2.0]);
        assert_eq!(file["root"]["children"][0]["boundingVolume"]["box"], expected);
        assert_eq!(file["asset"]["version"], "1.1");
        assert_eq!(file["root"]["refine"], "ADD");
    }

    #[test]
    fn broken_tilesets_are_refused_in_sentences() {
        let check = |from: &str, to: &str, expected: &str| {
            let text = String::from_utf8(two_tiles().to_bytes()).unwrap();
            assert!(text.contains(from), "{from}");
            let error = Tileset::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("\"1.1\"", "\"1.0\"", "says 3D Tiles \"1.0\"");
        check("files/03", "../../03", "root.children[0]: its content is not files/");
        check("\"space\": 4", "\"space\": \"x\"", "line");
        check("\"geometricError\": 0.0", "\"geometricError\": -1.0", "geometric error");
    }
}
