//! Fingers: the shapes that hands take, and the way from one shape to the next.
//!
//! Only figures that are drawn finely have them. It must not know gestures or bodies.

use super::clip::{Clip, Local, nlerp};
use super::rig::Globals;
use glam::{Mat4, Quat, Vec3};
use venue_package::gltf::Document;

/// How quickly hands take a shape, and how quickly they follow fingers that are tracked, 1/s.
const QUICKNESS: f32 = 9.0;
const TRACKED_QUICKNESS: f32 = 30.0;

/// A shape of a hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HandShape {
    /// Hangs, slightly curled: the pose of the file.
    #[default]
    Relaxed,
    /// Lies on something, or claps.
    Flat,
    /// Is shown to others, fingers apart.
    Open,
    /// Index out, the others curled.
    Pointing,
    /// A fist with a raised thumb.
    ThumbUp,
}

impl HandShape {
    const ALL: [Self; 5] = [Self::Relaxed, Self::Flat, Self::Open, Self::Pointing, Self::ThumbUp];

    /// The clip of the avatars' file that holds the shape.
    fn clip(self) -> Option<&'static str> {
        match self {
            Self::Relaxed => None,
            Self::Flat => Some("HandFlat"),
            Self::Open => Some("HandOpen"),
            Self::Pointing => Some("HandPointing"),
            Self::ThumbUp => Some("HandThumbUp"),
        }
    }
}

/// How far fingers are bent, from the thumb to the little finger: 0 straight, 1 in the fist.
pub type Curls = [f32; 5];

/// What a hand does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HandPose {
    /// Takes a shape.
    Shape(HandShape),
    /// Follows fingers that are tracked.
    Tracked(Curls),
}

#[derive(Clone, Copy, Debug)]
struct Bone {
    node: usize,
    parent: usize,
    side: usize,
    /// Which finger, from the thumb.
    finger: usize,
    /// Where it begins in its parent.
    offset: Vec3,
    inverse_bind: Mat4,
}

/// The bones of all fingers, and how they are turned in each shape.
#[derive(Clone, Debug, Default)]
pub struct Fingers {
    /// Parents first, in the order of the skin's joints.
    bones: Vec<Bone>,
    shapes: [Vec<Quat>; HandShape::ALL.len()],
}

impl Fingers {
    /// The bones that hang on these hands, if they are the last of the skin's joints; none otherwise.
    pub fn of(
        document: &Document,
        joints: &[(usize, Mat4)],
        parents: &[Option<usize>],
        rest: &[Local],
        hands: [usize; 2],
    ) -> Self {
        let side_of = |node: usize| hands.iter().position(|hand| hangs_on(parents, node, *hand));
        let body = joints.iter().take_while(|(node, _)| side_of(*node).is_none()).count();
        let bone = |(node, inverse_bind): &(usize, Mat4)| {
            let (side, parent) = (side_of(*node)?, parents[*node]?);
            let offset = rest[*node].translation;
            Some(Bone { node: *node, parent, side, finger: 0, offset, inverse_bind: *inverse_bind })
        };
        let Some(mut bones) = joints[body..].iter().map(bone).collect::<Option<Vec<_>>>() else {
            return Self::default();
        };
        number_fingers(&mut bones, hands);
        let is_placed = |(at, bone): (usize, &Bone)| {
            hands.contains(&bone.parent) || bones[..at].iter().any(|before| before.node == bone.parent)
        };
        if !bones.iter().enumerate().all(is_placed) {
            return Self::default();
        }
        let shapes = HandShape::ALL.map(|shape| {
            let clip = shape.clip().and_then(|name| Clip::named(document, name, rest));
            let turn = |bone: &Bone| match &clip {
                Some(clip) => clip.local(bone.node, 0.0).rotation,
                None => rest[bone.node].rotation,
            };
            bones.iter().map(turn).collect()
        });
        Self { bones, shapes }
    }

    /// How a bone is turned while its finger is bent so far.
    fn bent(&self, at: usize, curls: &Curls) -> Quat {
        // Each finger is in the fist in one of the shapes: the index in the one with the thumb up.
        let fist = if self.bones[at].finger == 1 { HandShape::ThumbUp } else { HandShape::Pointing };
        let curl = curls.get(self.bones[at].finger).copied().filter(|curl| curl.is_finite()).unwrap_or(0.0);
        nlerp(self.shapes[HandShape::Open as usize][at], self.shapes[fist as usize][at], curl.clamp(0.0, 1.0))
    }

    /// How many bones.
    pub fn len(&self) -> usize {
        self.bones.len()
    }

    /// Whether the skeleton has no fingers that move.
    pub fn is_empty(&self) -> bool {
        self.bones.is_empty()
    }

    /// Whether a node is a finger's bone.
    pub fn contains(&self, node: usize) -> bool {
        self.bones.iter().any(|bone| bone.node == node)
    }

    /// Places the fingers on hands that are where they belong, and appends their joints' matrices.
    pub fn append(&self, hands: &Hands, globals: &mut Globals, skin: &mut Vec<Mat4>) {
        for (bone, turn) in self.bones.iter().zip(&hands.turns) {
            let (position, rotation) = (globals.positions[bone.parent], globals.rotations[bone.parent]);
            let (position, rotation) = (position + rotation * bone.offset, rotation * *turn);
            globals.positions[bone.node] = position;
            globals.rotations[bone.node] = rotation;
            skin.push(Mat4::from_rotation_translation(rotation, position) * bone.inverse_bind);
        }
    }
}

/// Counts the fingers of each hand, in the order of their first bones: the thumb comes first.
fn number_fingers(bones: &mut [Bone], hands: [usize; 2]) {
    let mut counts = [0; 2];
    for at in 0..bones.len() {
        let Bone { parent, side, .. } = bones[at];
        bones[at].finger = match bones[..at].iter().find(|before| before.node == parent) {
            Some(before) if !hands.contains(&parent) => before.finger,
            _ => {
                counts[side] += 1;
                counts[side] - 1
            }
        };
    }
}

/// One person's fingers.
#[derive(Clone, Debug, Default)]
pub struct Hands {
    /// A local rotation for each bone; empty while nobody looks so closely.
    turns: Vec<Quat>,
}

impl Hands {
    /// Makes room, so that coming nearer asks for no memory.
    pub fn reserve(&mut self, fingers: &Fingers) {
        self.turns.reserve_exact(fingers.len().saturating_sub(self.turns.len()));
    }

    /// Forgets where the fingers are: when they are seen again, they have their shape at once.
    pub fn rest(&mut self) {
        self.turns.clear();
    }

    /// Moves the left and the right hand's fingers on to these poses.
    pub fn advance(&mut self, fingers: &Fingers, poses: [HandPose; 2], dt: f32) {
        let wanted = |at: usize, bone: &Bone| match &poses[bone.side] {
            HandPose::Shape(shape) => fingers.shapes[*shape as usize][at],
            HandPose::Tracked(curls) => fingers.bent(at, curls),
        };
        if self.turns.len() != fingers.len() {
            self.turns.clear();
            self.turns.extend(fingers.bones.iter().enumerate().map(|(at, bone)| wanted(at, bone)));
            return;
        }
        let parts = poses.map(|pose| {
            let quickness = if matches!(pose, HandPose::Tracked(_)) { TRACKED_QUICKNESS } else { QUICKNESS };
            1.0 - (-quickness * dt).exp()
        });
        for ((at, bone), turn) in fingers.bones.iter().enumerate().zip(&mut self.turns) {
            *turn = nlerp(*turn, wanted(at, bone), parts[bone.side]);
        }
    }
}

/// Whether a node is below another.
pub fn hangs_on(parents: &[Option<usize>], mut node: usize, ancestor: usize) -> bool {
    while let Some(parent) = parents[node] {
        if parent == ancestor {
            return true;
        }
        node = parent;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::avatar::tests::own_avatar;

    /// How far the tips' joints of the right hand are from the wrist: thumb, index, middle, ring, little.
    fn reaches(shape: HandShape) -> [f32; 5] {
        reaches_of(HandPose::Shape(shape))
    }

    fn reaches_of(pose: HandPose) -> [f32; 5] {
        let rig = own_avatar();
        let (mut globals, mut skin, mut hands) = (Globals::default(), Vec::new(), Hands::default());
        rig.solve(&rig.rest, &mut globals);
        hands.advance(&rig.fingers, [pose; 2], 0.0);
        rig.fingers.append(&hands, &mut globals, &mut skin);
        assert_eq!(skin.len(), 30);
        let wrist = globals.positions[rig.arms[1].end];
        let right = rig.fingers.bones.iter().filter(|bone| bone.side == 1);
        let tips: Vec<f32> =
            right.skip(2).step_by(3).map(|bone| globals.positions[bone.node].distance(wrist)).collect();
        tips.try_into().unwrap()
    }

    #[test]
    fn shapes_stretch_and_curl_the_fingers_that_their_names_say() {
        let [_, index, middle, _, _] = reaches(HandShape::Relaxed);
        let [_, pointing, curled, ring, little] = reaches(HandShape::Pointing);
        assert!(pointing > index && pointing > 0.15, "the index is out: {pointing} of {index}");
        assert!(curled < 0.11 && ring < 0.11 && little < 0.11, "{curled} of {middle}, {ring}, {little}");
        let [thumb, index, ..] = reaches(HandShape::ThumbUp);
        let [other_thumb, ..] = reaches(HandShape::Pointing);
        assert!(index < 0.11 && thumb > other_thumb + 0.005, "{thumb}, {other_thumb}");
        assert!(reaches(HandShape::Open)[4] > reaches(HandShape::Relaxed)[4]);
    }

    #[test]
    fn a_shape_is_taken_softly_and_at_once_by_who_comes_near() {
        let rig = own_avatar();
        let mut hands = Hands::default();
        let mixed = [HandShape::ThumbUp, HandShape::Relaxed].map(HandPose::Shape);
        hands.advance(&rig.fingers, [HandPose::Shape(HandShape::Relaxed); 2], 0.016);
        let from = hands.turns.clone();
        hands.advance(&rig.fingers, mixed, 0.016);
        let widest =
            |a: &[Quat], b: &[Quat]| a.iter().zip(b).map(|(a, b)| a.angle_between(*b)).fold(0.0f32, f32::max);
        let step = widest(&from, &hands.turns);
        assert!(step > 0.05 && step < 0.4, "{step} radians in a frame");
        (0..120).for_each(|_| hands.advance(&rig.fingers, mixed, 0.016));
        let mut fresh = Hands::default();
        fresh.advance(&rig.fingers, mixed, 0.016);
        assert!(widest(&fresh.turns, &hands.turns) < 0.02);
    }

    #[test]
    fn tracked_fingers_bend_one_by_one() {
        let open = reaches_of(HandPose::Tracked([0.0; 5]));
        let fist = reaches_of(HandPose::Tracked([1.0; 5]));
        for finger in 1..5 {
            assert!(open[finger] > fist[finger] + 0.04, "finger {finger}: {open:?} {fist:?}");
            let mut curls = [0.0; 5];
            curls[finger] = 1.0;
            let bent = reaches_of(HandPose::Tracked(curls));
            for other in 0..5 {
                let wanted = if other == finger { fist } else { open };
                assert!((bent[other] - wanted[other]).abs() < 1e-4, "{finger} {other}: {bent:?}");
            }
        }
        let mut before = open;
        for step in 1..=10 {
            let now = reaches_of(HandPose::Tracked([step as f32 * 0.1; 5]));
            assert!((1..5).all(|finger| now[finger] < before[finger] + 1e-4), "the more, the nearer");
            before = now;
        }
        assert_eq!(reaches_of(HandPose::Tracked([f32::NAN; 5])), open, "broken numbers bend nothing");
        assert_eq!(reaches_of(HandPose::Tracked([9.0; 5])), fist);
    }
}
