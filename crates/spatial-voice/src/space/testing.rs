//! Rooms for tests. Knows the plain data of a scene only.

use super::scene::{AcousticScene, AcousticSpace, Band, Material, Opening, Triangle};
use super::{DoorNumber, Listener, Source};
use crate::{BLOCK, SAMPLE_RATE};
use glam::{Quat, Vec3};

/// Passes 20 dB less at 250 Hz, 40 at 4 kHz, 50 above.
pub(crate) const BRICK: Material =
    Material { absorption: [0.1, 0.1, 0.1], scattering: 0.2, transmission: [1e-2, 1e-4, 1e-5] };

/// Faces of a box, seen from inside, each with the corners of its two triangles.
fn sides(min: Vec3, max: Vec3) -> ([Vec3; 8], [[u32; 4]; 6]) {
    let corner = |at: usize| {
        let pick = |bit: usize, low: f32, high: f32| if at & bit == 0 { low } else { high };
        Vec3::new(pick(1, min.x, max.x), pick(2, min.y, max.y), pick(4, min.z, max.z))
    };
    let sides = [[0, 2, 6, 4], [1, 5, 7, 3], [0, 4, 5, 1], [2, 3, 7, 6], [0, 1, 3, 2], [4, 6, 7, 5]];
    (std::array::from_fn(corner), sides)
}

/// A room of one material.
pub(crate) fn room(min: Vec3, max: Vec3, absorption: Band) -> AcousticSpace {
    let (corners, sides) = sides(min, max);
    let halves = |[a, b, c, d]: [u32; 4]| [[a, b, c], [a, c, d]];
    let triangles = sides.into_iter().flat_map(halves);
    AcousticSpace {
        materials: vec![Material { absorption, ..BRICK }],
        vertices: corners.to_vec(),
        triangles: triangles.map(|corners| Triangle { corners, material: 0 }).collect(),
        ..AcousticSpace::default()
    }
}

/// Two rooms of 5 by 3 by 4 metres with 20 cm of brick between them at x = 5; the wall may be a door as a whole.
pub(crate) fn two_rooms(door: Option<DoorNumber>) -> AcousticScene {
    let one = |from: f32, wall: usize| {
        let (min, max) = (Vec3::new(from, 0.0, 0.0), Vec3::new(from + 5.0, 3.0, 4.0));
        let mut space = room(min, max, BRICK.absorption);
        if let Some(door) = door {
            let gone: Vec<_> = space.triangles.drain(wall * 2..wall * 2 + 2).collect();
            space.openings =
                gone.iter().map(|triangle| Opening { corners: triangle.corners, door: Some(door) }).collect();
        }
        space
    };
    AcousticScene { spaces: vec![one(0.0, 1), one(5.2, 0)] }
}

/// The same with a doorway of 1 by 2 m at the far end of the wall, which is solid elsewhere.
pub(crate) fn two_rooms_with_doorway(door: DoorNumber) -> AcousticScene {
    let mut scene = two_rooms(Some(door));
    for (space, x) in scene.spaces.iter_mut().zip([5.0, 5.2]) {
        let mut quad = |y: [f32; 2], z: [f32; 2]| -> [[u32; 3]; 2] {
            let first = space.vertices.len() as u32;
            let [low, high] = y;
            let corners = [(low, z[0]), (low, z[1]), (high, z[1]), (high, z[0])];
            space.vertices.extend(corners.map(|(y, z)| Vec3::new(x, y, z)));
            // Seen from the air, which is on the other side in the second room.
            let turned = |[a, b, c]: [u32; 3]| if x > 5.1 { [a, c, b] } else { [a, b, c] };
            [[0, 1, 2], [0, 2, 3]].map(|corners: [u32; 3]| turned(corners.map(|at| first + at)))
        };
        let walls = [quad([0.0, 3.0], [0.0, 3.0]), quad([2.0, 3.0], [3.0, 4.0])];
        let opening = quad([0.0, 2.0], [3.0, 4.0]);
        space.triangles.extend(walls.into_iter().flatten().map(|corners| Triangle { corners, material: 0 }));
        space.openings = opening.map(|corners| Opening { corners, door: Some(door) }).to_vec();
    }
    scene
}

/// A listener in the first room who looks along -z.
pub(crate) fn listener() -> Listener {
    Listener { position: Vec3::new(2.0, 1.6, 2.1), building_from_head: Quat::IDENTITY }
}

/// A source at a place.
pub(crate) fn source(slot: usize, position: Vec3, samples: &[f32; BLOCK]) -> Source<'_> {
    Source { slot, position, gain: 1.0, samples }
}

/// White noise from -1 to 1.
pub(crate) fn noise(seed: &mut u32) -> f32 {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    (*seed >> 8) as f32 / (1 << 23) as f32 - 1.0
}

/// Energy of a signal around a frequency in steps of 10 ms.
fn energies(signal: &[f32], hertz: f32) -> Vec<f64> {
    let mut filtered: Vec<f64> = signal.iter().map(|sample| f64::from(*sample)).collect();
    for _ in 0..3 {
        filtered = resonance(&filtered, hertz);
    }
    filtered.chunks(BLOCK).map(|block| block.iter().map(|value| value * value).sum()).collect()
}

/// What a resonator a third of an octave wide lets through.
fn resonance(signal: &[f64], hertz: f32) -> Vec<f64> {
    let rate = f64::from(SAMPLE_RATE);
    let turn = std::f64::consts::TAU * f64::from(hertz) / rate;
    // A resonator of constant peak gain (Smith, Introduction to Digital Filters, two poles and two zeros).
    let radius = 1.0 - std::f64::consts::PI * f64::from(hertz) * 0.23 / rate;
    let (a1, a2) = (2.0 * radius * turn.cos(), -radius * radius);
    let (mut x, mut y) = ([0.0; 2], [0.0; 2]);
    (signal.iter())
        .map(|&now| {
            let out = (1.0 - radius) * (now - radius * x[1]) + a1 * y[0] + a2 * y[1];
            (x, y) = ([now, x[0]], [out, y[0]]);
            out
        })
        .collect()
}

/// RT60 around a frequency: three times the time from -5 to -25 dB of what is still to come (Schroeder 1965, T20).
pub(crate) fn reverberation(answer: &[f32], hertz: f32) -> f32 {
    let mut left: Vec<f64> = energies(answer, hertz);
    for at in (0..left.len().saturating_sub(1)).rev() {
        left[at] += left[at + 1];
    }
    let levels: Vec<f64> = left.iter().map(|now| 10.0 * (now / left[0]).max(1e-12).log10()).collect();
    // Between two steps the level falls along a line.
    let below = |level: f64| {
        let at = levels.iter().position(|at| *at <= level).unwrap_or(levels.len() - 1).max(1);
        at as f64 - (level - levels[at]) / (levels[at - 1] - levels[at]).max(1e-9)
    };
    ((below(-25.0) - below(-5.0)) * 0.01 * 3.0) as f32
}
