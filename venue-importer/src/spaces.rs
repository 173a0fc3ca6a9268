//! Step 2, spaces: which rooms there are, and which node belongs to which of them.

use crate::extensions::{self, Navigation, SpaceNode};
use crate::report::Report;
use glam::Vec3;
use std::collections::BTreeMap;
use venue_model::{Bounds, Localized, Space, SpaceId};
use venue_package::gltf::Document;

/// Room for rounding around a space's geometry, metres.
const MARGIN: f32 = 0.05;

/// The rooms of a model.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rooms {
    pub(crate) spaces: Vec<Space>,
    /// The scene's nodes, each before its children.
    pub(crate) order: Vec<usize>,
    /// For each node of the document.
    pub(crate) nodes: Vec<NodeUse>,
}

/// What a node is part of.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NodeUse {
    pub(crate) space: Option<SpaceId>,
    /// The node with `VEV_exhibit` above it, or itself.
    pub(crate) exhibit: Option<usize>,
    pub(crate) walking: Walking,
}

/// What walking does with a node's mesh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Walking {
    /// Floors are floors, the rest is in the way.
    #[default]
    Usual,
    /// In the way, whichever way it faces.
    Obstacle,
    /// As if it were not there.
    Ignored,
}

impl Rooms {
    pub(crate) fn by_key(&self, key: &str) -> Option<SpaceId> {
        self.spaces.iter().find(|space| space.key == key).map(|space| space.id)
    }
}

pub(crate) fn find(document: &Document, report: &mut Report) -> Rooms {
    let rooms = find_bounded(document, report);
    warn_of_bare_spaces(document, &rooms, report);
    rooms
}

/// The same for a model whose geometry does not matter.
pub(crate) fn find_bounded(document: &Document, report: &mut Report) -> Rooms {
    let mut rooms = Rooms {
        order: document.scene_nodes(),
        nodes: vec![NodeUse::default(); document.nodes.len()],
        ..Rooms::default()
    };
    let mut given: BTreeMap<SpaceId, Bounds> = BTreeMap::new();
    for &at in &rooms.order {
        let node = &document.nodes[at];
        let mut usage = node.parent.map_or_else(NodeUse::default, |parent| rooms.nodes[parent]);
        match extensions::get::<SpaceNode>(node, "VEV_space") {
            Ok(Some(space)) => {
                if rooms.by_key(&space.key).is_some() {
                    report.error(format!(
                        "the node {:?}: the space key {:?} is given twice",
                        node.name, space.key
                    ));
                }
                let id = SpaceId(crate::places::next_id(rooms.spaces.len()));
                given.extend(space.bounds.map(|bounds| (id, bounds)));
                rooms.spaces.push(new_space(id, space));
                usage.space = Some(id);
            }
            Ok(None) => {}
            Err(sentence) => report.error(sentence),
        }
        if node.extensions.contains_key("VEV_exhibit") {
            usage.exhibit = Some(at);
            usage.walking = Walking::Obstacle;
        }
        match extensions::get::<Navigation>(node, "VEV_navigation") {
            Ok(Some(navigation)) => usage.walking = walking(navigation),
            Ok(None) => {}
            Err(sentence) => report.error(sentence),
        }
        rooms.nodes[at] = usage;
    }
    if rooms.spaces.is_empty() {
        report.error("no node carries VEV_space; give each room's node one, e.g. {\"key\": \"lounge\"}");
    }
    measure(document, &mut rooms, &given, report);
    rooms
}

fn new_space(id: SpaceId, space: SpaceNode) -> Space {
    let name = space.name.map_or_else(|| Localized::english(space.key.clone()), Into::into);
    Space { id, key: space.key, name, bounds: Bounds { min: Vec3::ZERO, max: Vec3::ZERO } }
}

fn walking(navigation: Navigation) -> Walking {
    match navigation {
        Navigation { walkable: true, .. } => Walking::Usual,
        Navigation { obstacle: true, .. } => Walking::Obstacle,
        Navigation { obstacle: false, .. } => Walking::Ignored,
    }
}

/// Gives each space its bounds: the modeler's, or the box around its geometry.
fn measure(document: &Document, rooms: &mut Rooms, given: &BTreeMap<SpaceId, Bounds>, report: &mut Report) {
    let mut boxes: BTreeMap<SpaceId, Bounds> = BTreeMap::new();
    for &at in &rooms.order {
        let Some(space) = rooms.nodes[at].space else { continue };
        let node = &document.nodes[at];
        let primitives = node.mesh.map_or(&[][..], |mesh| &document.meshes[mesh].primitives);
        for point in primitives.iter().flat_map(|primitive| &primitive.positions) {
            let point = node.world.transform_point3(*point);
            let bounds = boxes.entry(space).or_insert(Bounds { min: point, max: point });
            *bounds = Bounds { min: bounds.min.min(point), max: bounds.max.max(point) };
        }
    }
    for space in &mut rooms.spaces {
        let measured = boxes.get(&space.id);
        let grown = measured.map(|b| Bounds { min: b.min - MARGIN, max: b.max + MARGIN });
        match given.get(&space.id).copied().or(grown) {
            Some(bounds) => space.bounds = bounds,
            None => report.error(format!("the space {:?} has neither geometry nor bounds", space.key)),
        }
    }
}

fn warn_of_bare_spaces(document: &Document, rooms: &Rooms, report: &mut Report) {
    for space in &rooms.spaces {
        let has_mesh = |&&at: &&usize| {
            let mesh = document.nodes[at].mesh.map(|mesh| &document.meshes[mesh].primitives);
            rooms.nodes[at].space == Some(space.id)
                && mesh.is_some_and(|mesh| mesh.iter().any(|primitive| !primitive.positions.is_empty()))
        };
        if !rooms.order.iter().any(|at| has_mesh(&at)) {
            report.warn(format!("the space {:?} has no geometry below its node", space.key));
        }
    }
}
