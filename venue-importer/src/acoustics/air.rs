//! The air of a space: from where people stand to the surfaces, doors and ends of the space around them.

use super::gate::Gate;
use super::solid::Solids;
use glam::Vec3;
use venue_model::Bounds;

/// Heads are so high over the floor, metres: air begins in between.
const HEADS: [f32; 2] = [0.5, 1.7];

/// What lies beyond a face of the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// A solid cell.
    Solid,
    /// The other side of the gate of this number.
    Gate(u16),
    /// Another space, or where nothing is known.
    Open,
}

/// A face between a cell of air and what is no air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Face {
    /// The cell of air.
    pub(crate) cell: [i32; 3],
    /// Which of the [`WAYS`] leads out.
    pub(crate) way: usize,
    pub(crate) beyond: Beyond,
}

/// The six ways out of a cell: along an axis, back or forth.
pub(crate) const WAYS: [[i32; 3]; 6] = [[-1, 0, 0], [1, 0, 0], [0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1]];

/// The cells of air.
#[derive(Clone, Debug)]
pub(crate) struct Air {
    lowest: [i32; 3],
    size: [usize; 3],
    states: Vec<State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nobody came here.
    Empty,
    /// Nobody came here, and a door is near.
    EmptyNearGate,
    Solid,
    Air,
    AirNearGate,
}

/// What parts the air from the rest, beside solids.
pub(crate) struct Limits<'a> {
    pub(crate) bounds: Bounds,
    pub(crate) gates: &'a [Gate],
    /// Whether a point is of another space.
    pub(crate) is_elsewhere: &'a dyn Fn(Vec3) -> bool,
}

impl Air {
    /// Fills the space from places on its floor; none, when there is no air above any.
    pub(crate) fn fill(solids: &Solids, limits: &Limits<'_>, floor: &[Vec3]) -> Option<Self> {
        let lowest = solids.key(limits.bounds.min - solids.side * 0.5);
        let highest = solids.key(limits.bounds.max + solids.side * 0.5);
        let size = [0, 1, 2].map(|i| (highest[i] - lowest[i] + 1).max(1) as usize);
        let mut air = Self { lowest, size, states: vec![State::Empty; size.iter().product()] };
        air.mark(solids, limits);
        let mut open = Vec::new();
        for &place in floor {
            if limits.gates.iter().any(|gate| gate.is_near(place + Vec3::Y, solids.side + 0.3)) {
                continue;
            }
            let mut height = HEADS[0];
            while height <= HEADS[1] {
                let key = solids.key(place + Vec3::Y * height);
                if air.enter(key, solids, limits) {
                    open.push(key);
                    break;
                }
                height += solids.side * 0.5;
            }
        }
        let has_some = !open.is_empty();
        while let Some(key) = open.pop() {
            for way in WAYS {
                let next = beside(key, way);
                if !air.is_parted(key, next, solids, limits) && air.enter(next, solids, limits) {
                    open.push(next);
                }
            }
        }
        has_some.then_some(air)
    }

    /// Marks solid cells, and those from which a door may be met by the next step.
    fn mark(&mut self, solids: &Solids, limits: &Limits<'_>) {
        for at in 0..self.states.len() {
            if solids.get(self.key(at)).is_some() {
                self.states[at] = State::Solid;
            }
        }
        for gate in limits.gates {
            let around = gate.around(solids.side * 2.0);
            let (from, to) = (solids.key(around.min), solids.key(around.max));
            for x in from[0]..=to[0] {
                for y in from[1]..=to[1] {
                    for z in from[2]..=to[2] {
                        if let Some(at) = self.at([x, y, z])
                            && self.states[at] == State::Empty
                        {
                            self.states[at] = State::EmptyNearGate;
                        }
                    }
                }
            }
        }
    }

    /// Makes a cell air; whether it was none before and can be.
    fn enter(&mut self, key: [i32; 3], solids: &Solids, limits: &Limits<'_>) -> bool {
        let Some(at) = self.at(key) else { return false };
        let center = solids.center(key);
        let becomes = match self.states[at] {
            State::Empty => State::Air,
            State::EmptyNearGate => State::AirNearGate,
            State::Solid | State::Air | State::AirNearGate => return false,
        };
        let half = Vec3::splat(solids.side * 0.5);
        let is_inside =
            center.cmpge(limits.bounds.min - half).all() && center.cmple(limits.bounds.max + half).all();
        if !is_inside || (limits.is_elsewhere)(center) {
            return false;
        }
        self.states[at] = becomes;
        true
    }

    /// Whether a door lies between two neighbouring cells.
    fn is_parted(&self, key: [i32; 3], next: [i32; 3], solids: &Solids, limits: &Limits<'_>) -> bool {
        self.gate(key, next, solids, limits).is_some()
    }

    fn gate(&self, key: [i32; 3], next: [i32; 3], solids: &Solids, limits: &Limits<'_>) -> Option<u16> {
        let is_near = self.at(key).is_some_and(|at| self.states[at] == State::AirNearGate);
        if !is_near {
            return None;
        }
        let from = solids.center(key);
        let way = solids.center(next) - from;
        let crossed = |gate: &Gate| gate.crossed(from, way, solids.side).is_some();
        limits.gates.iter().position(crossed).map(|at| at as u16)
    }

    fn at(&self, key: [i32; 3]) -> Option<usize> {
        let [x, y, z] = [0, 1, 2].map(|i| (key[i] - self.lowest[i]) as usize);
        let is_inside = (0..3).all(|i| key[i] >= self.lowest[i]) && x < self.size[0] && y < self.size[1];
        (is_inside && z < self.size[2]).then(|| (x * self.size[1] + y) * self.size[2] + z)
    }

    fn key(&self, at: usize) -> [i32; 3] {
        let [_, height, depth] = self.size;
        let place = [at / depth / height, at / depth % height, at % depth];
        [0, 1, 2].map(|i| self.lowest[i] + place[i] as i32)
    }

    /// Whether a cell is air.
    pub(crate) fn is_air(&self, key: [i32; 3]) -> bool {
        self.at(key).is_some_and(|at| matches!(self.states[at], State::Air | State::AirNearGate))
    }

    /// Whether a cell and all around it are air.
    pub(crate) fn is_wide(&self, key: [i32; 3]) -> bool {
        (0..27).all(|i| self.is_air([key[0] + i % 3 - 1, key[1] + i / 3 % 3 - 1, key[2] + i / 9 - 1]))
    }

    /// Where the air ends, always in the same order.
    pub(crate) fn faces(&self, solids: &Solids, limits: &Limits<'_>) -> Vec<Face> {
        let mut faces = Vec::new();
        for at in 0..self.states.len() {
            if !matches!(self.states[at], State::Air | State::AirNearGate) {
                continue;
            }
            let cell = self.key(at);
            for (way, step) in WAYS.into_iter().enumerate() {
                let next = beside(cell, step);
                let gate = self.gate(cell, next, solids, limits).filter(|_| solids.get(next).is_none());
                let beyond = match gate {
                    Some(gate) => Beyond::Gate(gate),
                    None if self.is_air(next) => continue,
                    None if solids.get(next).is_some() => Beyond::Solid,
                    None => Beyond::Open,
                };
                faces.push(Face { cell, way, beyond });
            }
        }
        faces
    }
}

pub(crate) fn beside(key: [i32; 3], way: [i32; 3]) -> [i32; 3] {
    [0, 1, 2].map(|i| key[i] + way[i])
}
