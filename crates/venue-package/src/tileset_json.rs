//! The JSON of `tileset.json` and its way to and from a flat list of tiles. Names are the specification's.
//!
//! Nested children are the only form here; the JSON reader bounds how deep they go before they take memory.

use crate::limits;
use crate::manifest::{MediaType, content_path};
use crate::tileset::{Tile, Tileset, TilesetError, bounds_of};
use glam::DVec3;
use serde::{Deserialize, Serialize};
use venue_model::{Bounds, SpaceId};

/// Parts of a metre to which boxes are rounded.
const GRID: f64 = 1024.0;

/// The tiles in pre-order, not yet checked against each other.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Tile>, TilesetError> {
    let file: File =
        serde_json::from_slice(bytes).map_err(|error| TilesetError::Syntax { what: error.to_string() })?;
    if file.asset.version != "1.1" {
        return Err(TilesetError::Version { found: file.asset.version.chars().take(20).collect() });
    }
    if file.root.refine != Refine::Add {
        let what = "it does not add its children to each other";
        return Err(TilesetError::BadTile { place: "root".into(), what });
    }
    let mut tiles = Vec::new();
    let mut open = Vec::new();
    push(&mut open, file.root.children, None, Refine::Add);
    while let Some(Open { node, parent, step, inherited }) = open.pop() {
        if tiles.len() >= limits::TILES {
            return Err(TilesetError::TooMany);
        }
        let refine = node.refine.unwrap_or(inherited);
        match read_tile(&node, &tiles, parent, refine) {
            Ok(tile) => tiles.push(tile),
            Err(what) => {
                let above = parent.map_or("root".into(), |at| Tileset { tiles }.place_of(at as usize));
                return Err(TilesetError::BadTile { place: format!("{above}.children[{step}]"), what });
            }
        }
        let at = tiles.len() as u32 - 1;
        push(&mut open, node.children, Some(at), refine);
    }
    Ok(tiles)
}

/// A tile that is still to be read, and what its parent says.
struct Open {
    node: Node,
    parent: Option<u32>,
    step: usize,
    inherited: Refine,
}

/// Puts siblings on the stack so that the first is taken first.
fn push(open: &mut Vec<Open>, children: Vec<Node>, parent: Option<u32>, inherited: Refine) {
    let children = children.into_iter().enumerate().rev();
    open.extend(children.map(|(step, node)| Open { node, parent, step, inherited }));
}

fn read_tile(
    node: &Node,
    earlier: &[Tile],
    parent: Option<u32>,
    refine: Refine,
) -> Result<Tile, &'static str> {
    if refine != Refine::Replace && !node.children.is_empty() {
        return Err("it adds its children; below the root they replace their parent");
    }
    let name = node.content.uri.strip_prefix("files/").and_then(|name| name.strip_suffix(".glb"));
    let content =
        name.and_then(|name| name.parse().ok()).ok_or("its content is not files/<64 hex digits>.glb")?;
    let above = parent.and_then(|parent| earlier.get(parent as usize));
    Ok(Tile {
        bounds: read_volume(&node.bounding_volume.r#box)?,
        geometric_error: node.geometric_error,
        content,
        space: node.extras.as_ref().map(|extras| extras.space).or(above.and_then(|above| above.space)),
        parent,
    })
}

/// As the bytes of `tileset.json`, one line: there may be many thousand tiles. Parents come before their children.
pub(crate) fn write(tiles: &[Tile]) -> Vec<u8> {
    let all = bounds_of(tiles);
    // Not showing the venue at all is wrong by its whole size, and by no less than what its tiles are wrong.
    let size = (all.max - all.min).length();
    let size = tiles.iter().fold(size, |size, tile| size.max(tile.geometric_error));
    // From the last to the first, so that a tile's children are complete when it goes to its own parent.
    let mut children: Vec<Vec<Node>> = tiles.iter().map(|_| Vec::new()).collect();
    let mut top = Vec::new();
    for (at, tile) in tiles.iter().enumerate().rev() {
        let mut below = std::mem::take(&mut children[at]);
        below.reverse();
        let node = write_tile(tile, below);
        match tile.parent {
            Some(parent) => children[parent as usize].push(node),
            None => top.push(node),
        }
    }
    top.reverse();
    let file = File {
        asset: Asset { version: "1.1".into() },
        geometric_error: size,
        root: Root {
            bounding_volume: volume(&all),
            geometric_error: size,
            refine: Refine::Add,
            children: top,
        },
    };
    let mut bytes = serde_json::to_vec(&file).expect("a tileset is plain data with text keys");
    bytes.push(b'\n');
    bytes
}

fn write_tile(tile: &Tile, children: Vec<Node>) -> Node {
    // How one refines and to which space one belongs is inherited.
    let is_top = tile.parent.is_none();
    Node {
        bounding_volume: volume(&tile.bounds),
        geometric_error: tile.geometric_error,
        refine: (is_top && !children.is_empty()).then_some(Refine::Replace),
        content: Content { uri: content_path(tile.content, MediaType::Glb) },
        extras: tile.space.filter(|_| is_top).map(|space| Extras { space }),
        children,
    }
}

/// A z-up box: centre and three half axes.
fn volume(bounds: &Bounds) -> Volume {
    let (min, max) = (bounds.min.as_dvec3(), bounds.max.as_dvec3());
    let (center, half) = ((min + max) * 0.5, (max - min) * 0.5);
    let r#box = [center.x, -center.z, center.y, half.x, 0.0, 0.0, 0.0, half.z, 0.0, 0.0, 0.0, half.y];
    Volume { r#box }
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

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    asset: Asset,
    geometric_error: f32,
    root: Root,
}

#[derive(Serialize, Deserialize)]
struct Asset {
    version: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Refine {
    Add,
    Replace,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Root {
    bounding_volume: Volume,
    geometric_error: f32,
    refine: Refine,
    #[serde(default)]
    children: Vec<Node>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Node {
    bounding_volume: Volume,
    geometric_error: f32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refine: Option<Refine>,
    content: Content,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extras: Option<Extras>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    children: Vec<Node>,
}

#[derive(Serialize, Deserialize)]
struct Volume {
    r#box: [f64; 12],
}

#[derive(Serialize, Deserialize)]
struct Content {
    uri: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extras {
    space: SpaceId,
}
