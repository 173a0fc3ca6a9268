//! A door as sound meets it: a rectangle where one space ends.

use glam::{Quat, Vec3};
use venue_model::{Bounds, Door, DoorId, SpaceId};

/// Sound that passes below the threshold or beside the frame is of the door too, metres.
const BESIDE: f32 = 0.05;

/// A door of a space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gate {
    pub(crate) door: DoorId,
    at: Vec3,
    /// The door's own frame, in which the first space lies at +z, from the building frame.
    turn: Quat,
    half_width: f32,
    height: f32,
}

impl Gate {
    /// The doors of a space.
    pub(crate) fn of(space: SpaceId, doors: &[Door]) -> Vec<Self> {
        let leads_out = |door: &&Door| door.spaces.contains(&space);
        let gate = |door: &Door| Self {
            door: door.id,
            at: door.place.position,
            turn: Quat::from_rotation_y(-door.place.yaw),
            half_width: door.width * 0.5,
            height: door.height,
        };
        doors.iter().filter(leads_out).map(gate).collect()
    }

    fn own(&self, point: Vec3) -> Vec3 {
        self.turn * (point - self.at)
    }

    /// Where a way goes through, as a share of it; `wider` than the door by so many metres.
    pub(crate) fn crossed(&self, from: Vec3, way: Vec3, wider: f32) -> Option<f32> {
        let (start, step) = (self.own(from), self.turn * way);
        let end = start + step;
        if (start.z >= 0.0) == (end.z >= 0.0) {
            return None;
        }
        let share = -start.z / step.z;
        let at = start + step * share;
        let reach = wider + BESIDE;
        (at.x.abs() <= self.half_width + reach && (-reach..=self.height + reach).contains(&at.y))
            .then_some(share)
    }

    /// Whether a point is so near to the door's plane that it may be of either space.
    pub(crate) fn is_near(&self, point: Vec3, reach: f32) -> bool {
        let at = self.own(point);
        at.z.abs() < reach
            && at.x.abs() < self.half_width + reach
            && (-reach..self.height + reach).contains(&at.y)
    }

    /// The point's foot on the door's plane.
    pub(crate) fn onto(&self, point: Vec3) -> Vec3 {
        point - self.turn.inverse() * Vec3::Z * self.own(point).z
    }

    /// The box around it, so much larger each way.
    pub(crate) fn around(&self, reach: f32) -> Bounds {
        let across = (self.turn.inverse() * Vec3::X).abs() * self.half_width;
        let min = self.at - across - reach;
        Bounds { min, max: self.at + across + Vec3::Y * self.height + reach }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::Place;

    #[test]
    fn ways_through_the_opening_cross_it_and_others_do_not() {
        let place = Place { position: Vec3::new(5.0, 1.0, 0.0), yaw: std::f32::consts::FRAC_PI_2 };
        let spaces = [SpaceId(1), SpaceId(2)];
        let door = Door { id: DoorId(4), spaces, place, width: 2.0, height: 2.0 };
        assert_eq!(Gate::of(SpaceId(3), std::slice::from_ref(&door)).len(), 0);
        let gate = Gate::of(SpaceId(2), std::slice::from_ref(&door))[0];
        let check = |from: [f32; 3], to: [f32; 3], expected: bool| {
            let (from, to) = (Vec3::from(from), Vec3::from(to));
            assert_eq!(gate.crossed(from, to - from, 0.0).is_some(), expected, "{from} {to}");
        };
        check([4.0, 2.0, 0.5], [6.0, 2.0, 0.5], true);
        check([6.0, 2.0, 0.5], [4.0, 2.0, 0.5], true);
        check([4.0, 2.0, 0.5], [4.9, 2.0, 0.5], false);
        check([4.0, 3.5, 0.5], [6.0, 3.5, 0.5], false);
        check([4.0, 2.0, 1.5], [6.0, 2.0, 1.5], false);
        let foot = gate.onto(Vec3::new(7.0, 2.0, 0.3));
        assert!(foot.abs_diff_eq(Vec3::new(5.0, 2.0, 0.3), 1e-5), "{foot}");
        assert!(gate.around(0.1).contains(Vec3::new(5.0, 1.5, -0.9)));
        assert!(gate.is_near(Vec3::new(5.2, 1.5, 0.9), 0.3) && !gate.is_near(Vec3::new(5.4, 1.5, 0.9), 0.3));
    }
}
