//! Orientations that are the same numbers on every machine: each step is spelt out in single precision without
//! fused or reordered operations, and ends on a fine grid, from which an anchor leads exactly on.

use crate::arithmetic::Channel;
use glam::{Quat, Vec3};
use std::f32::consts::SQRT_2;

/// Bits of each of the three smallest components (Fiedler, "Snapshot Compression", 2015): within 0.008°.
const COMPONENT_BITS: u32 = 15;

/// An orientation on the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Orientation {
    largest: u8,
    others: [u16; 3],
}

impl Orientation {
    const TOP: f32 = ((1 << COMPONENT_BITS) - 1) as f32;

    /// The nearest one on the grid.
    pub(crate) fn new(of: Quat) -> Self {
        let components = of.to_array();
        let largest = (0..4).fold(0, |a, b| if components[b].abs() > components[a].abs() { b } else { a });
        let sign = if components[largest] < 0.0 { -1.0 } else { 1.0 };
        let mut others = [0; 3];
        for (other, at) in others.iter_mut().zip((0..4).filter(|at| *at != largest)) {
            let part = (components[at] * sign * SQRT_2 + 1.0) * 0.5;
            *other = (part.clamp(0.0, 1.0) * Self::TOP).round() as u16;
        }
        Self { largest: largest as u8, others }
    }

    pub(crate) fn quat(self) -> Quat {
        let mut components = [0.0; 4];
        let mut squares = 0.0;
        let at = (0..4).filter(|at| *at != usize::from(self.largest));
        for (at, other) in at.zip(self.others) {
            let component = (f32::from(other) / Self::TOP * 2.0 - 1.0) / SQRT_2;
            components[at] = component;
            squares += component * component;
        }
        components[usize::from(self.largest)] = (1.0 - squares).max(0.0).sqrt();
        unit(components)
    }

    /// Sends itself.
    pub(crate) fn transfer(self, channel: &mut impl Channel) -> Self {
        let largest = channel.number(u32::from(self.largest), 2) as u8;
        let others = self.others.map(|other| channel.wide(u32::from(other), COMPONENT_BITS) as u16);
        Self { largest, others }
    }
}

/// Of half a turn, 87°: beyond, its tangent says too little.
const LEAST_COSINE: f32 = 0.05;

/// An orientation turned in its own frame, off the grid.
pub(crate) fn turn(of: Quat, by: Vec3, radians: f32) -> Quat {
    let half = by * (radians * 0.5);
    unit(product(of.to_array(), [half.x, half.y, half.z, 1.0]))
}

/// The turn that leads from one to the other; none where that is nearly all the way around.
pub(crate) fn turn_between(from: Quat, to: Quat, radians: f32) -> Option<Vec3> {
    let [x, y, z, w] = from.to_array();
    let [x, y, z, w] = product([-x, -y, -z, w], to.to_array());
    let by = Vec3::new(x, y, z) * (2.0 / radians / w);
    (w.abs() > LEAST_COSINE && by.is_finite()).then_some(by)
}

fn product(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    [
        a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
        a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
        a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
        a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
    ]
}

fn unit(of: [f32; 4]) -> Quat {
    let length = (of[0] * of[0] + of[1] * of[1] + of[2] * of[2] + of[3] * of[3]).sqrt();
    Quat::from_xyzw(of[0] / length, of[1] / length, of[2] / length, of[3] / length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose_codec::tests::orientation;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_grid_is_fine_and_its_points_stay(of in orientation()) {
            let on_grid = Orientation::new(of);
            let apart = turn_between(on_grid.quat(), of, 1.0).unwrap().length();
            prop_assert!(apart.to_degrees() < 0.008, "{}", apart.to_degrees());
            let again = turn_between(on_grid.quat(), Orientation::new(on_grid.quat()).quat(), 1.0).unwrap();
            prop_assert!(again.length().to_degrees() < 0.008);
        }

        #[test]
        fn a_turn_leads_where_it_came_from(of in orientation(), by in prop::array::uniform3(-200.0f32..200.0)) {
            let by = Vec3::from_array(by);
            let back = turn_between(of, turn(of, by, 0.003), 0.003).unwrap();
            prop_assert!(back.distance(by) < 0.05, "{by} {back}");
        }
    }
}
