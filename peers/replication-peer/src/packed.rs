//! Head and two hands in whole numbers, as a user of the peers would quantise them: 2 mm at worst for positions, smallest
//! three of ten bits for orientations. The hands are relative to the head as it is sent.

use glam::{Quat, Vec3};
use serde::{Deserialize, Serialize};
use venue_model::{BodyPose, Gesture, Posture, RigidPose};

/// Steps of a metre: half a step in each of three directions is 2 mm.
const STEPS: f32 = 434.0;

/// Steps of the smaller three of an orientation, to either side.
const TURN_STEPS: f32 = 511.0;

/// Bits of the head's place: 75 m to either side, and 2.3 m up and down from a metre above the floor.
const HEAD_BITS: [usize; 3] = [16, 11, 16];

/// Bits of a hand's place from the head: 1.18 m to either side.
const HAND_BITS: [usize; 3] = [10; 3];

/// Bits of one of the smaller three.
const TURN_BITS: [usize; 3] = [10; 3];

/// Where heads are counted from, steps above the floor.
const HEAD_STEPS: i16 = STEPS as i16;

/// Bits of a packed body: the head's place, two hands', three orientations.
const BITS: usize = 43 + 2 * 30 + 3 * (2 + 30);

/// Its bytes.
pub const BYTES: usize = BITS.div_ceil(8);

/// Widths of a change's numbers; two bits say which, and the last is for what is too large for the others.
const CHANGE_BITS: [usize; 4] = [3, 5, 7, 16];

/// A body in whole numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantised {
    /// Head, and left and right hand from there.
    pub places: [[i16; 3]; 3],
    /// The largest component, and the other three.
    pub turns: [(u8, [i16; 3]); 3],
}

/// What a change is, packed to bits: each place and each orientation by small numbers where they are small.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Change(Vec<u8>);

impl Quantised {
    /// Of a true body; positions are the building's.
    pub fn of(pose: &BodyPose) -> Self {
        let root = pose.building_from_root();
        let [head, left, right] = [Some(pose.head), pose.hands[0], pose.hands[1]]
            .map(|part| part.unwrap_or_default())
            .map(|part| {
                (root.position + root.orientation * part.position, root.orientation * part.orientation)
            });
        let head_at = steps(head.0);
        let seen = metres(head_at);
        let places = [head_at, steps(left.0 - seen), steps(right.0 - seen)];
        Self { places, turns: [head.1, left.1, right.1].map(smallest_three) }
    }

    /// As a body whose root is the building's origin.
    pub fn pose(&self) -> BodyPose {
        let head = metres(self.places[0]);
        let part = |at: usize, from: Vec3| RigidPose {
            position: from + metres(self.places[at]),
            orientation: orientation(self.turns[at]),
        };
        BodyPose {
            root: Vec3::ZERO,
            yaw: 0.0,
            head: part(0, Vec3::ZERO),
            hands: [Some(part(1, head)), Some(part(2, head))],
            fingers: [None; 2],
            posture: Posture::Standing,
            gesture: Gesture::None,
        }
    }

    /// What leads from here to another.
    pub fn change_to(&self, to: &Self) -> Change {
        let mut bits = Bits::default();
        let apart = |from: [i16; 3], to: [i16; 3]| [0, 1, 2].map(|axis| to[axis].wrapping_sub(from[axis]));
        for part in 0..3 {
            bits.put_small(apart(self.places[part], to.places[part]));
            let (from, to) = (self.turns[part], to.turns[part]);
            bits.put(u32::from(from.0 != to.0), 1);
            if from.0 == to.0 {
                bits.put_small(apart(from.1, to.1));
            } else {
                bits.put_turn(to);
            }
        }
        Change(bits.bytes)
    }

    /// Goes there.
    pub fn apply(&mut self, change: &Change) {
        let mut bits = Reader { bytes: &change.0, at: 0 };
        let add = |value: &mut [i16; 3], by: [i16; 3]| {
            value.iter_mut().zip(by).for_each(|(value, by)| *value = value.wrapping_add(by));
        };
        for part in 0..3 {
            add(&mut self.places[part], bits.small());
            if bits.get(1) == 0 {
                add(&mut self.turns[part].1, bits.small());
            } else {
                self.turns[part] = bits.turn();
            }
        }
    }

    /// All bits, one after the other.
    pub fn pack(&self) -> [u8; BYTES] {
        let mut bits = Bits::default();
        let [[x, y, z], left, right] = self.places;
        bits.put_all([x, y - HEAD_STEPS, z], HEAD_BITS);
        [left, right].into_iter().for_each(|hand| bits.put_all(hand, HAND_BITS));
        self.turns.into_iter().for_each(|turn| bits.put_turn(turn));
        bits.bytes.try_into().unwrap_or_else(|bytes| panic!("{bytes:?}"))
    }

    /// The same, back.
    pub fn unpack(bytes: &[u8; BYTES]) -> Self {
        let mut bits = Reader { bytes, at: 0 };
        let [x, y, z] = bits.all(HEAD_BITS);
        let places = [[x, y + HEAD_STEPS, z], bits.all(HAND_BITS), bits.all(HAND_BITS)];
        Self { places, turns: [bits.turn(), bits.turn(), bits.turn()] }
    }
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    at: usize,
}

impl Bits {
    fn put(&mut self, value: u32, width: usize) {
        for bit in (0..width).rev() {
            if self.at.is_multiple_of(8) {
                self.bytes.push(0);
            }
            self.bytes[self.at / 8] |= ((value >> bit & 1) as u8) << (7 - self.at % 8);
            self.at += 1;
        }
    }

    /// Numbers with a sign; who does not fit is shown at the end of what does.
    fn put_all(&mut self, values: [i16; 3], widths: [usize; 3]) {
        for (value, width) in values.into_iter().zip(widths) {
            let most = (1_i32 << (width - 1)) - 1;
            self.put(i32::from(value).clamp(-most - 1, most) as u32, width);
        }
    }

    fn put_small(&mut self, values: [i16; 3]) {
        let fits =
            |width: usize| values.iter().all(|value| i32::from(*value).unsigned_abs() < 1 << (width - 1));
        let class = CHANGE_BITS.iter().position(|width| fits(*width)).unwrap_or(CHANGE_BITS.len() - 1);
        self.put(class as u32, 2);
        self.put_all(values, [CHANGE_BITS[class]; 3]);
    }

    fn put_turn(&mut self, (largest, others): (u8, [i16; 3])) {
        self.put(largest.into(), 2);
        self.put_all(others, TURN_BITS);
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn get(&mut self, width: usize) -> u32 {
        (0..width).fold(0, |value, _| {
            let bit = self.bytes[self.at / 8] >> (7 - self.at % 8) & 1;
            self.at += 1;
            value << 1 | u32::from(bit)
        })
    }

    fn all(&mut self, widths: [usize; 3]) -> [i16; 3] {
        widths.map(|width| {
            let unused = 32 - width as u32;
            (self.get(width) as i32).wrapping_shl(unused).wrapping_shr(unused) as i16
        })
    }

    fn small(&mut self) -> [i16; 3] {
        let class = self.get(2) as usize;
        self.all([CHANGE_BITS[class]; 3])
    }

    fn turn(&mut self) -> (u8, [i16; 3]) {
        (self.get(2) as u8, self.all(TURN_BITS))
    }
}

fn steps(metres: Vec3) -> [i16; 3] {
    (metres * STEPS).round().to_array().map(|value| value as i16)
}

fn metres(steps: [i16; 3]) -> Vec3 {
    Vec3::from_array(steps.map(f32::from)) / STEPS
}

fn smallest_three(turn: Quat) -> (u8, [i16; 3]) {
    let all = turn.normalize().to_array();
    let largest = (0..4).max_by(|a, b| all[*a].abs().total_cmp(&all[*b].abs())).unwrap_or(3);
    let sign = all[largest].signum() * TURN_STEPS * std::f32::consts::SQRT_2;
    let mut others = (0..4).filter(|at| *at != largest).map(|at| (all[at] * sign).round() as i16);
    (largest as u8, [0; 3].map(|_| others.next().unwrap_or_default()))
}

fn orientation((largest, others): (u8, [i16; 3])) -> Quat {
    let others = others.map(|value| f32::from(value) / TURN_STEPS / std::f32::consts::SQRT_2);
    let rest = 1.0 - others.iter().map(|value| value * value).sum::<f32>();
    let mut all = [rest.max(0.0).sqrt(); 4];
    let places = (0..4).filter(|at| *at != usize::from(largest));
    places.zip(others).for_each(|(at, value)| all[at] = value);
    Quat::from_array(all).normalize()
}
