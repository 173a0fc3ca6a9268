//! The skeleton that all avatars share: its bones by their part of the body, its clips, and what they measure.
//!
//! It must not know any one person's pose; figures do.

use super::clip::{Clip, Local};
use super::fingers::{Fingers, hangs_on};
use glam::{Mat4, Quat, Vec3};
use venue_package::gltf::{Document, Node};
use wgpu_renderer::HeadShare;

/// Share of the head's turn that the neck takes.
pub const NECK_SHARE: f32 = 0.45;

/// A left or right limb: indices of nodes, and the lengths of the two bones in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limb {
    /// Upper arm or thigh.
    pub upper: usize,
    /// Forearm or shin.
    pub lower: usize,
    /// Hand or foot.
    pub end: usize,
    /// Length of the upper bone.
    pub upper_metres: f32,
    /// Length of the lower bone.
    pub lower_metres: f32,
}

/// The skeleton.
#[derive(Clone, Debug)]
pub struct Rig {
    /// Parent of each node.
    pub parents: Vec<Option<usize>>,
    /// Every node that moves a body, after its parent; neither fingers nor meshes.
    pub order: Vec<usize>,
    /// For each node what hangs on it, in that order.
    pub below: Vec<Vec<usize>>,
    /// The pose of the file.
    pub rest: Vec<Local>,
    /// Rotations of the nodes in the root's frame in the pose of the file.
    pub rest_rotations: Vec<Quat>,
    /// Root from file: files look along +z, bodies along -z.
    pub root_from_file: Quat,
    /// Node and inverse bind matrix of each joint.
    pub joints: Vec<(usize, Mat4)>,
    /// The last of the joints.
    pub fingers: Fingers,
    /// Hips.
    pub hips: usize,
    /// The lowest bone of the trunk above the hips, where it bends; the hips if there is none.
    pub spine: usize,
    /// Left and right eyeball, if they turn.
    pub eyes: [Option<usize>; 2],
    /// Left and right upper lid, if they close.
    pub lids: [Option<usize>; 2],
    /// The jaw, if the mouth opens.
    pub jaw: Option<usize>,
    /// The wheelchair, if there is one.
    pub chair: Option<usize>,
    /// Left and right wheel of the wheelchair, if there is one.
    pub wheels: [Option<usize>; 2],
    /// Neck.
    pub neck: usize,
    /// Head.
    pub head: usize,
    /// The point between the eyes in the head bone's frame.
    pub eyes_in_head: Vec3,
    /// Left and right arm.
    pub arms: [Limb; 2],
    /// Left and right leg.
    pub legs: [Limb; 2],
    /// Standing.
    pub idle: Clip,
    /// Walking on the spot.
    pub walk: Clip,
    /// Sitting.
    pub sit: Clip,
    /// Sitting in one's own wheelchair.
    pub roll: Clip,
    /// Speed at which the feet of the walking clip do not slide, metres a second.
    pub walk_speed: f32,
}

/// Positions and rotations of every node in the root's frame.
#[derive(Clone, Debug, Default)]
pub struct Globals {
    /// Metres.
    pub positions: Vec<Vec3>,
    /// Unit quaternions.
    pub rotations: Vec<Quat>,
}

/// The file is no avatar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RigError {
    /// No skin.
    #[error("the avatar has no skin")]
    NoSkin,
    /// A bone is missing.
    #[error("the avatar has no bone for the {0}")]
    NoBone(&'static str),
    /// Nodes form no tree.
    #[error("the avatar's bones form a ring")]
    Ring,
}

impl Rig {
    /// Finds skeleton and clips in a file.
    pub fn new(document: &Document) -> Result<Self, RigError> {
        let skin = document.skins.first().ok_or(RigError::NoSkin)?;
        let parents: Vec<_> = document.nodes.iter().map(|node| node.parent).collect();
        let order = parents_first(&parents).ok_or(RigError::Ring)?;
        let local =
            |node: &Node| Local { translation: node.local.translation, rotation: node.local.rotation };
        let rest: Vec<_> = document.nodes.iter().map(local).collect();
        let bones = Bones { nodes: &document.nodes, joints: &skin.joints };
        let place = |node: usize| document.nodes[node].world.w_axis.truncate();
        let limb = |side: usize, names: [&'static str; 3]| -> Result<Limb, RigError> {
            let [upper, lower, end] = [
                bones.of_side(side, names[0])?,
                bones.of_side(side, names[1])?,
                bones.of_side(side, names[2])?,
            ];
            let metres = |a: usize, b: usize| place(a).distance(place(b));
            Ok(Limb {
                upper,
                lower,
                end,
                upper_metres: metres(upper, lower),
                lower_metres: metres(lower, end),
            })
        };
        let arms = [0, 1].map(|side| limb(side, ["upper arm", "forearm", "hand"]));
        let legs = [0, 1].map(|side| limb(side, ["thigh", "shin", "foot"]));
        let [left_arm, right_arm] = arms;
        let [left_leg, right_leg] = legs;
        let arms = [left_arm?, right_arm?];
        let faces_positive_z = place(arms[0].upper).x > place(arms[1].upper).x;
        let turn = if faces_positive_z { std::f32::consts::PI } else { 0.0 };
        let head = bones.middle("head")?;
        let clip = |name| Clip::named(document, name, &rest);
        let idle = clip("Idle").unwrap_or_else(|| Clip::still(&rest));
        let hips = bones.middle("hips")?;
        let pair = |part| [0, 1].map(|side| bones.of_side(side, part).ok());
        let joints: Vec<_> = skin.joints.iter().copied().zip(skin.inverse_bind.iter().copied()).collect();
        let fingers = Fingers::of(document, &joints, &parents, &rest, arms.map(|arm| arm.end));
        let is_mesh =
            |node: usize| document.nodes[node].mesh.is_some() && document.nodes[node].children.is_empty();
        let mut order = order;
        order.retain(|node| !is_mesh(*node) && !fingers.contains(*node));
        let mut rig = Self {
            below: below_each(&order, &parents),
            root_from_file: Quat::from_rotation_y(turn),
            joints,
            fingers,
            hips,
            spine: bones.middle("spine").unwrap_or(hips),
            eyes: pair("eye"),
            lids: pair("lid"),
            jaw: bones.middle("jaw").ok(),
            chair: bones.middle("chair").ok(),
            wheels: pair("wheel"),
            neck: bones.middle("neck").unwrap_or(head),
            head,
            eyes_in_head: Vec3::ZERO,
            arms,
            legs: [left_leg?, right_leg?],
            walk: clip("Walk").unwrap_or_else(|| idle.clone()),
            sit: clip("Sit").unwrap_or_else(|| idle.clone()),
            roll: clip("Roll").or_else(|| clip("Sit")).unwrap_or_else(|| idle.clone()),
            idle,
            walk_speed: 0.0,
            rest_rotations: Vec::new(),
            parents,
            order,
            rest,
        };
        rig.measure(document);
        Ok(rig)
    }

    /// The joints without fingers.
    pub fn body_joints(&self) -> &[(usize, Mat4)] {
        &self.joints[..self.joints.len() - self.fingers.len()]
    }

    /// How the joints of the body follow a head that turns.
    pub fn head_shares(&self) -> impl Iterator<Item = HeadShare> {
        self.body_joints().iter().map(|(node, _)| {
            let is_head = *node == self.head || Some(*node) == self.jaw;
            let turn = match *node {
                node if is_head || hangs_on(&self.parents, node, self.head) => 1.0,
                node if node == self.neck => NECK_SHARE,
                _ => 0.0,
            };
            HeadShare { turn, is_head }
        })
    }

    /// Which joints of the skin carry the head: its own and the jaw's.
    pub fn head_joints(&self) -> [Option<u16>; 2] {
        [Some(self.head), self.jaw].map(|bone| {
            let joint = self.joints.iter().position(|(node, _)| Some(*node) == bone)?;
            u16::try_from(joint).ok()
        })
    }

    fn measure(&mut self, document: &Document) {
        let mut globals = Globals::default();
        self.solve(&self.rest, &mut globals);
        let mark = document.nodes.iter().position(|node| node.name.to_ascii_lowercase().starts_with("eye"));
        let eyes = match self.eyes[0].or(mark) {
            Some(node) => globals.positions[node],
            // Without a mark, eyes lie a little above and before the head's joint.
            None => globals.positions[self.head] + Vec3::new(0.0, 0.08, -0.10),
        };
        // Where there are two eyes, the point between them lies in the middle of the body.
        let eyes = Vec3::new(globals.positions[self.head].x, eyes.y, eyes.z);
        self.eyes_in_head = globals.rotations[self.head].inverse() * (eyes - globals.positions[self.head]);
        self.rest_rotations = globals.rotations.clone();
        self.walk_speed = self.speed_of_feet(&mut globals);
    }

    /// The speed at which the foot that is lower goes backwards, averaged over the walking clip.
    fn speed_of_feet(&self, globals: &mut Globals) -> f32 {
        const SAMPLES: usize = 60;
        const CLEARLY_LOWER: f32 = 0.03;
        let step = self.walk.secs() / SAMPLES as f32;
        let mut locals = self.rest.clone();
        let mut feet_at = |sample: usize| {
            for (node, local) in locals.iter_mut().enumerate() {
                *local = self.walk.local(node, sample as f32 * step);
            }
            self.solve(&locals, globals);
            self.legs.map(|leg| globals.positions[leg.end])
        };
        // While both feet are about as high, the weight passes from one to the other and says nothing.
        let (mut metres, mut samples) = (0.0, 0);
        let mut before = feet_at(0);
        for sample in 1..=SAMPLES {
            let feet = feet_at(sample);
            let lower = usize::from(feet[1].y + before[1].y < feet[0].y + before[0].y);
            if (feet[0].y - feet[1].y).abs() > CLEARLY_LOWER {
                metres += feet[lower].z - before[lower].z;
                samples += 1;
            }
            before = feet;
        }
        // A clip without steps must not make the phase run away.
        let secs = samples as f32 * step;
        if secs > 0.0 { (metres / secs).clamp(0.5, 4.0) } else { 1.4 }
    }

    /// Works out where every node is in the root's frame.
    pub fn solve(&self, locals: &[Local], globals: &mut Globals) {
        globals.positions.resize(locals.len(), Vec3::ZERO);
        globals.rotations.resize(locals.len(), Quat::IDENTITY);
        for &node in &self.order {
            let (position, rotation) = match self.parents[node] {
                Some(parent) => (globals.positions[parent], globals.rotations[parent]),
                None => (Vec3::ZERO, self.root_from_file),
            };
            globals.positions[node] = position + rotation * locals[node].translation;
            globals.rotations[node] = rotation * locals[node].rotation;
        }
    }
}

/// For each node what hangs on it, in this order.
fn below_each(order: &[usize], parents: &[Option<usize>]) -> Vec<Vec<usize>> {
    let below = |node| order.iter().copied().filter(move |other| hangs_on(parents, *other, node)).collect();
    (0..parents.len()).map(below).collect()
}

/// Every node after its parent; none if some node is its own ancestor.
fn parents_first(parents: &[Option<usize>]) -> Option<Vec<usize>> {
    let mut order = Vec::with_capacity(parents.len());
    let mut placed = vec![false; parents.len()];
    while order.len() < parents.len() {
        let before = order.len();
        for node in 0..parents.len() {
            if !placed[node] && parents[node].is_none_or(|parent| placed.get(parent) == Some(&true)) {
                placed[node] = true;
                order.push(node);
            }
        }
        if order.len() == before {
            return None;
        }
    }
    Some(order)
}

/// Looks for bones by the names that humanoid skeletons commonly have.
struct Bones<'a> {
    nodes: &'a [Node],
    joints: &'a [usize],
}

impl Bones<'_> {
    fn middle(&self, part: &'static str) -> Result<usize, RigError> {
        self.find(part, &|name, alias| name == alias)
    }

    fn of_side(&self, side: usize, part: &'static str) -> Result<usize, RigError> {
        let word = ["left", "right"][side];
        let letter = ["l", "r"][side];
        self.find(part, &|name, alias| {
            let rest = name.strip_prefix(word).or_else(|| name.strip_suffix(word));
            rest.or_else(|| name.strip_suffix(letter)).is_some_and(|rest| rest == alias)
        })
    }

    fn find(&self, part: &'static str, fits: &dyn Fn(&str, &str) -> bool) -> Result<usize, RigError> {
        let plain = |node: usize| -> String {
            let name = self.nodes.get(node).map_or("", |node| &node.name);
            name.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase()
        };
        let found = aliases(part)
            .iter()
            .find_map(|alias| self.joints.iter().copied().find(|joint| fits(&plain(*joint), alias)));
        found.ok_or(RigError::NoBone(part))
    }
}

fn aliases(part: &str) -> &'static [&'static str] {
    match part {
        "hips" => &["hips", "pelvis", "hip"],
        "neck" => &["neck"],
        "head" => &["head"],
        "upper arm" => &["upperarm", "arm"],
        "forearm" => &["lowerarm", "forearm"],
        "hand" => &["hand"],
        "thigh" => &["upperleg", "thigh", "upleg"],
        "shin" => &["lowerleg", "shin", "calf", "leg"],
        "spine" => &["spine"],
        "eye" => &["eye"],
        "lid" => &["lid", "eyelid"],
        "jaw" => &["jaw", "lowerjaw", "jawroot", "jawbone", "mandible"],
        "wheel" => &["wheel"],
        "chair" => &["chair", "wheelchair"],
        _ => &["foot"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_first_and_rings_are_refused() {
        let order = parents_first(&[Some(1), None, Some(0)]).unwrap();
        let rank = |node| order.iter().position(|other| *other == node).unwrap();
        assert!(rank(1) < rank(0) && rank(0) < rank(2), "{order:?}");
        assert_eq!(parents_first(&[Some(1), Some(0)]), None);
    }

    #[test]
    fn jaws_are_found_by_their_common_names() {
        for name in ["jaw", "Jaw", "Jaw_Root", "jaw.bone", "lower_jaw", "Mandible"] {
            let nodes = [Node { name: name.into(), ..Node::default() }];
            let bones = Bones { nodes: &nodes, joints: &[0] };
            assert_eq!(bones.middle("jaw"), Ok(0), "{name}");
        }
    }

    #[test]
    fn bones_are_found_by_their_common_names() {
        let node = |name: &str| Node { name: name.into(), ..Node::default() };
        for names in [["LeftUpperArm", "Hips"], ["upper_arm.L", "pelvis"], ["mixamo LeftArm", "hips"]] {
            let nodes = names.map(|name| node(name.trim_start_matches("mixamo ")));
            let bones = Bones { nodes: &nodes, joints: &[0, 1] };
            assert_eq!(bones.of_side(0, "upper arm"), Ok(0), "{names:?}");
            assert_eq!(bones.middle("hips"), Ok(1), "{names:?}");
            assert_eq!(bones.of_side(1, "upper arm"), Err(RigError::NoBone("upper arm")));
            assert_eq!(bones.middle("jaw"), Err(RigError::NoBone("jaw")));
        }
    }
}
