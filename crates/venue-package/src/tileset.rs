//! `tileset.json`: 3D Tiles 1.1 (OGC 22-025r4) as a hierarchy of tiles, each level finer than the one above.
//!
//! 3D Tiles is z up, the building frame is y up: `(x, y, z)` here is `(x, -z, y)` there. The glTF content
//! stays y up, as the specification demands; a viewer turns it. The root has no content and adds its children;
//! every other tile is replaced by its children. Other forms of the format are refused, not guessed at.

use crate::limits;
use crate::tileset_json as json;
use glam::Vec3;
use venue_model::{Bounds, FileHash, SpaceId};

/// How far a tile's box may reach out of the box that it lies in, metres: what rounding makes of equal boxes.
const TOLERANCE: f32 = 0.01;

/// The tiles of a venue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tileset {
    /// Each before its children, and these before its next sibling.
    pub tiles: Vec<Tile>,
}

/// One piece of the venue's geometry, at one level of detail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tile {
    /// What it and all below it occupy, building frame, metres.
    pub bounds: Bounds,
    /// Error, metres, of showing this tile's content instead of the finest; 0 at the finest level.
    pub geometric_error: f32,
    /// The glTF binary; its coordinates are the building frame.
    pub content: FileHash,
    /// The space that it belongs to; none for surroundings that every space sees. Below a tile it is the same.
    pub space: Option<SpaceId>,
    /// The tile, earlier in the list, whose finer form this one is a part of; none at the coarsest level.
    pub parent: Option<u32>,
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
    #[error("tileset.json has more than the {} tiles that are allowed", limits::TILES)]
    TooMany,
    /// A tile that makes no sense.
    #[error("tileset.json, {place}: {what}; pack the venue again")]
    BadTile {
        /// Which, as a path from the root.
        place: String,
        /// What is wrong.
        what: &'static str,
    },
}

impl Tileset {
    /// Reads and checks a tileset. Boxes that reach out of their parent's by a rounding are mended.
    pub fn parse(bytes: &[u8]) -> Result<Self, TilesetError> {
        if bytes.len() as u64 > limits::TILESET_BYTES {
            return Err(TilesetError::TooLarge { bytes: bytes.len() });
        }
        let mut tileset = Self { tiles: json::read(bytes)? };
        tileset.check()?;
        tileset.grow();
        Ok(tileset)
    }

    /// Whether the tiles make a hierarchy as [`Tileset::parse`] accepts it.
    pub fn check(&self) -> Result<(), TilesetError> {
        if self.tiles.len() > limits::TILES {
            return Err(TilesetError::TooMany);
        }
        let mut depths = Vec::with_capacity(self.tiles.len());
        for (at, tile) in self.tiles.iter().enumerate() {
            let checked = check_tile(&self.tiles[..at], &depths, tile);
            depths.push(checked.map_err(|what| TilesetError::BadTile { place: self.place_of(at), what })?);
        }
        Ok(())
    }

    /// As the bytes of `tileset.json`. Boxes and errors grow to hold those of the children; a tile below
    /// another belongs to that one's space. A parent that is not earlier in the list counts as none.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut grown = self.clone();
        grown.grow();
        json::write(&grown.tiles)
    }

    /// A tile's place in the file, for people: `root.children[0].children[2]`.
    pub fn place_of(&self, tile: usize) -> String {
        let mut steps = Vec::new();
        let mut next = Some(tile);
        while let Some(at) = next.filter(|_| steps.len() <= limits::TILE_DEPTH) {
            let parent = self.parent_of(at);
            let older = self.tiles[..at].iter().enumerate();
            steps.push(older.filter(|&(sibling, _)| self.parent_of(sibling) == parent).count());
            next = parent;
        }
        let steps: String = steps.iter().rev().map(|step| format!(".children[{step}]")).collect();
        format!("root{steps}")
    }

    fn parent_of(&self, tile: usize) -> Option<usize> {
        self.tiles.get(tile)?.parent.map(|parent| parent as usize).filter(|&parent| parent < tile)
    }

    /// Makes every tile's box and error hold those of its children.
    fn grow(&mut self) {
        for at in (0..self.tiles.len()).rev() {
            let Some(parent) = self.parent_of(at) else { continue };
            let (bounds, error) = (self.tiles[at].bounds, self.tiles[at].geometric_error);
            let parent = &mut self.tiles[parent];
            parent.bounds = union(parent.bounds, bounds);
            parent.geometric_error = parent.geometric_error.max(error);
        }
        for at in 0..self.tiles.len() {
            match self.parent_of(at) {
                Some(parent) => self.tiles[at].space = self.tiles[parent].space,
                None => self.tiles[at].parent = None,
            }
        }
    }
}

/// The smallest box around two.
pub fn union(a: Bounds, b: Bounds) -> Bounds {
    Bounds { min: a.min.min(b.min), max: a.max.max(b.max) }
}

/// The tile's depth, when it fits below those that come before it.
fn check_tile(earlier: &[Tile], depths: &[usize], tile: &Tile) -> Result<usize, &'static str> {
    if !(0.0..=f32::MAX).contains(&tile.geometric_error) {
        return Err("its geometric error is not a number from zero up");
    }
    let Some(parent) = tile.parent else { return Ok(1) };
    let (Some(above), Some(depth)) = (earlier.get(parent as usize), depths.get(parent as usize)) else {
        return Err("its parent does not come before it");
    };
    if *depth >= limits::TILE_DEPTH {
        return Err("it lies deeper than 32 levels");
    }
    if tile.geometric_error > above.geometric_error {
        return Err("its geometric error is larger than that of the tile that it refines");
    }
    let (min, max) = (above.bounds.min - TOLERANCE, above.bounds.max + TOLERANCE);
    if tile.bounds.min.cmplt(min).any() || tile.bounds.max.cmpgt(max).any() {
        return Err("its box reaches out of the box of the tile that it refines");
    }
    if tile.space != above.space {
        return Err("it belongs to another space than the tile that it refines");
    }
    Ok(depth + 1)
}

/// The box around all tiles; an empty one at the origin when there are none.
pub(crate) fn bounds_of(tiles: &[Tile]) -> Bounds {
    let all = tiles.iter().map(|tile| tile.bounds).reduce(union);
    all.unwrap_or(Bounds { min: Vec3::ZERO, max: Vec3::ZERO })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tile(name: u8, reach: f32, geometric_error: f32, parent: Option<u32>) -> Tile {
        let bounds = Bounds { min: Vec3::new(1.0, 0.0, -20.0), max: Vec3::new(1.0 + reach, 4.0, -10.0) };
        Tile { bounds, geometric_error, content: FileHash([name; 32]), space: Some(SpaceId(4)), parent }
    }

    fn two_tiles() -> Tileset {
        let second = Tile { space: None, ..tile(9, 8.0, 0.0, None) };
        Tileset { tiles: vec![tile(3, 8.0, 0.0, None), second] }
    }

    /// Two rooms, the first of three levels.
    fn hierarchy() -> Tileset {
        let second = Tile { space: None, ..tile(7, 8.0, 0.0, None) };
        let tiles = vec![
            tile(1, 8.0, 0.5, None),
            tile(2, 8.0, 0.25, Some(0)),
            tile(3, 4.0, 0.0, Some(1)),
            tile(4, 8.0, 0.0, Some(1)),
            tile(5, 2.0, 0.125, Some(0)),
            second,
        ];
        Tileset { tiles }
    }

    fn value(tileset: &Tileset) -> serde_json::Value {
        serde_json::from_slice(&tileset.to_bytes()).unwrap()
    }

    #[test]
    fn a_tileset_round_trips() {
        for tileset in [two_tiles(), hierarchy(), Tileset::default()] {
            assert_eq!(Tileset::parse(&tileset.to_bytes()), Ok(tileset.clone()));
            assert_eq!(tileset.check(), Ok(()));
        }
    }

    #[test]
    fn a_hierarchy_is_written_as_3d_tiles_has_it() {
        let file = value(&hierarchy());
        let first = &file["root"]["children"][0];
        assert_eq!(file["root"]["refine"], "ADD");
        assert_eq!(first["refine"], "REPLACE");
        assert_eq!(first["extras"]["space"], 4);
        let below = &first["children"][0];
        assert_eq!((below.get("refine"), below.get("extras")), (None, None), "what is inherited is not said");
        assert_eq!(below["children"].as_array().map(Vec::len), Some(2));
        assert_eq!(file["root"]["children"][1].get("children"), None);
    }

    #[test]
    fn boxes_and_errors_of_parents_grow_when_they_are_written() {
        let mut tileset = hierarchy();
        tileset.tiles[3] = tile(4, 30.0, 0.75, Some(1));
        assert!(
            tileset.check().unwrap_err().to_string().contains("root.children[0].children[0].children[1]")
        );
        let read = Tileset::parse(&tileset.to_bytes()).unwrap();
        assert_eq!(
            read.tiles[0],
            Tile { bounds: tileset.tiles[3].bounds, geometric_error: 0.75, ..tile(1, 8.0, 0.5, None) }
        );
        assert_eq!(read.tiles[4], tileset.tiles[4], "what is beside stays");
    }

    #[test]
    fn a_box_that_reaches_out_by_a_rounding_is_read_and_one_that_reaches_farther_is_not() {
        let check = |reach: f32, fits: bool| {
            let mut file = value(&hierarchy());
            let child = &mut file["root"]["children"][0]["children"][0]["boundingVolume"]["box"];
            child[0] = serde_json::json!(5.0 + reach);
            let read = Tileset::parse(file.to_string().as_bytes());
            assert_eq!(read.is_ok(), fits, "{reach} {read:?}");
            if let Ok(read) = read {
                assert_eq!(Tileset::parse(&read.to_bytes()), Ok(read), "it is mended once and for all");
            }
        };
        check(0.006, true);
        check(0.02, false);
    }

    #[test]
    fn turned_and_uneven_boxes_are_read_once_and_for_all() {
        let file = value(&two_tiles());
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
        let file = value(&two_tiles());
        let expected = serde_json::json!([5.0, 15.0, 2.0, 4.0, 0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 2.0]);
        assert_eq!(file["root"]["children"][0]["boundingVolume"]["box"], expected);
        assert_eq!(file["asset"]["version"], "1.1");
    }

    #[test]
    fn broken_tilesets_are_refused_in_sentences() {
        let check = |from: &str, to: &str, expected: &str| {
            let text = String::from_utf8(hierarchy().to_bytes()).unwrap();
            assert!(text.contains(from), "{from}");
            let error = Tileset::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("\"1.1\"", "\"1.0\"", "says 3D Tiles \"1.0\"");
        check("files/03", "../../03", "root.children[0].children[0].children[0]: its content is not files/");
        check("\"space\":4", "\"space\":\"x\"", "line");
        check("\"geometricError\":0.0", "\"geometricError\":-1.0", "geometric error");
        check("\"geometricError\":0.0", "\"geometricError\":3.0", "larger than that of the tile");
        check("\"refine\":\"REPLACE\"", "\"refine\":\"ADD\"", "root.children[0]: it adds its children");
        check("\"refine\":\"ADD\"", "\"refine\":\"REPLACE\"", "root: it does not add its children");
        check(
            "\"extras\":{\"space\":4},\"children\"",
            "\"extras\":{\"space\":4},\"kinder\"",
            "unknown field",
        );
    }

    #[test]
    fn a_tower_of_tiles_ends_at_thirty_two_levels() {
        let tower = |levels: u32| {
            let level = |at: u32| tile(at as u8, 8.0, 0.0, at.checked_sub(1));
            Tileset { tiles: (0..levels).map(level).collect() }
        };
        assert_eq!(Tileset::parse(&tower(32).to_bytes()), Ok(tower(32)));
        assert!(Tileset::parse(&tower(33).to_bytes()).unwrap_err().to_string().contains("deeper than 32"));
        // Far deeper than a thread's stack would allow.
        let text = "{\"children\":[".repeat(200_000);
        let error = Tileset::parse(format!("{{\"root\":{text}").as_bytes()).unwrap_err();
        assert!(error.to_string().contains("recursion limit"), "{error}");
    }

    proptest! {
        #[test]
        fn any_hierarchy_comes_back_with_its_parents(parents in prop::collection::vec(any::<prop::sample::Index>(), 1..40)) {
            // Each tile goes below one of the last tile's ancestors, itself or none, so that the order is the file's.
            let mut tiles: Vec<Tile> = Vec::new();
            for (at, index) in parents.iter().enumerate() {
                let mut line = vec![None];
                let mut next = at.checked_sub(1).map(|last| last as u32);
                while let Some(last) = next {
                    line.push(Some(last));
                    next = tiles[last as usize].parent;
                }
                let parent = *index.get(&line);
                let deep = line.len() > 30;
                tiles.push(tile(at as u8, 8.0, 0.0, parent.filter(|_| !deep)));
            }
            let tileset = Tileset { tiles };
            prop_assert_eq!(Tileset::parse(&tileset.to_bytes()), Ok(tileset));
        }
    }
}
