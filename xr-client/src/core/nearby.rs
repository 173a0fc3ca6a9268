//! What stands within reach of the body and can be used: a door ahead, a free seat.
//!
//! It must not know how that is shown.

use super::client::ClientCore;
use super::connect::Connector;
use glam::{Vec3, Vec3Swizzles as _};
use venue_model::{Door, ParticipantId, SeatId, SpaceId};

/// How near a seat must be to sit down by key, metres.
pub(super) const SEAT_REACH: f32 = 2.5;

/// How near a door must be to be named, metres from the middle of its threshold.
const DOOR_REACH: f32 = 3.5;

/// How near the middle of a seat's surface a look must pass to mean the seat, metres.
const SEAT_RADIUS: f32 = 0.3;

/// How wide a body counts for a look, and from where to where: above the floor, and above the eyes, metres.
const BODY_RADIUS: f32 = 0.3;
const SHINS: f32 = 0.25;
const TAG_ABOVE_EYES: f32 = 0.5;

/// Cosine of the widest angle between the view and a door that counts as ahead: 60°.
const AHEAD: f32 = 0.5;

/// Something within reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearby {
    /// A door that leads there.
    Door {
        /// The space behind it.
        to: SpaceId,
    },
    /// A free seat.
    Seat,
}

impl<C: Connector> ClientCore<C> {
    /// What a hint should name: the door ahead before the free seat; nothing while seated.
    pub fn nearby(&self) -> Option<Nearby> {
        if self.body.is_seated() {
            return None;
        }
        let door = self.door_ahead().map(|to| Nearby::Door { to });
        door.or_else(|| self.nearest_free_seat(SEAT_REACH).map(|_| Nearby::Seat))
    }

    fn door_ahead(&self) -> Option<SpaceId> {
        let space = self.space()?;
        let pose = self.body.pose();
        let doors = self.venue.manifest()?.doors.iter();
        let ahead =
            doors.filter_map(|door| Some((metres_ahead(door, pose.root, pose.yaw)?, other(door, space)?)));
        ahead.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, to)| to)
    }

    /// The free seat that a look along `direction` (of unit length) meets first within `reach` metres, and the
    /// middle of its surface.
    pub fn seat_along(&self, eye: Vec3, direction: Vec3, reach: f32) -> Option<(SeatId, Vec3)> {
        let space = self.space()?;
        let seats = self.venue.manifest()?.seats.iter().filter(|seat| seat.space == space);
        let met = seats.filter_map(|seat| {
            let top = seat.place.position + Vec3::Y * seat.height;
            let metres = metres_to_ball(eye, direction, top, SEAT_RADIUS)?;
            let is_free = metres <= reach && self.people.sitter_on(seat.id).is_none();
            is_free.then_some((metres, seat.id, top))
        });
        met.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id, top)| (id, top))
    }

    /// The person of the space whom a look along `direction` (of unit length) meets first within `reach` metres, body or tag,
    /// and where that person stands.
    pub fn person_along(&self, eye: Vec3, direction: Vec3, reach: f32) -> Option<(ParticipantId, Vec3)> {
        let met = self.bodies().iter().filter_map(|(id, pose)| {
            let head = pose.head_in_building().position;
            let metres = metres_to_body(eye, direction, pose.root, head)?;
            (metres <= reach).then_some((metres, *id, pose.root))
        });
        met.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id, root)| (id, root))
    }

    /// The nearest free seat of the space within `reach` metres.
    pub fn nearest_free_seat(&self, reach: f32) -> Option<SeatId> {
        let space = self.space()?;
        let root = self.body.pose().root;
        let seats = self.venue.manifest()?.seats.iter().filter(|seat| seat.space == space);
        let near = seats.map(|seat| (seat.place.position.distance(root), seat.id));
        let near = near.filter(|(metres, id)| *metres <= reach && self.people.sitter_on(*id).is_none());
        near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id)| id)
    }
}

/// How far from the eyes a ball of `radius` around `center` is met along `direction`; none when it is missed.
fn metres_to_ball(eye: Vec3, direction: Vec3, center: Vec3, radius: f32) -> Option<f32> {
    let along = (center - eye).dot(direction);
    let beside = (eye + direction * along).distance(center);
    (along > 0.0 && beside <= radius).then_some(along)
}

/// How far from the eyes a body is met along `direction`: an upright cylinder from the shins to above the head, where the tag is.
fn metres_to_body(eye: Vec3, direction: Vec3, root: Vec3, head: Vec3) -> Option<f32> {
    let flat = direction.xz();
    // Where the look passes the body's axis as seen from above.
    let along = (root.xz().midpoint(head.xz()) - eye.xz()).dot(flat) / flat.length_squared().max(1e-6);
    let at = eye + direction * along;
    let beside = at.xz().distance(root.xz().midpoint(head.xz()));
    let is_met = (root.y + SHINS..head.y + TAG_ABOVE_EYES).contains(&at.y) && beside <= BODY_RADIUS;
    (along > 0.0 && is_met).then_some(along)
}

/// How far a door is from somebody who stands at `root` and looks along `yaw`; none when it is not ahead.
fn metres_ahead(door: &Door, root: Vec3, yaw: f32) -> Option<f32> {
    let way = door.place.position - root;
    let metres = way.length();
    let forward = Vec3::new(-yaw.sin(), 0.0, -yaw.cos());
    (metres <= DOOR_REACH && way.dot(forward) >= metres * AHEAD).then_some(metres)
}

fn other(door: &Door, space: SpaceId) -> Option<SpaceId> {
    match door.spaces {
        [here, there] if here == space => Some(there),
        [there, here] if here == space => Some(there),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::PI;
    use venue_model::{DoorId, Place};

    fn door() -> Door {
        let place = Place { position: Vec3::new(0.0, 0.0, -5.0), yaw: 0.0 };
        Door { id: DoorId(1), spaces: [SpaceId(1), SpaceId(2)], place, width: 1.6, height: 2.2 }
    }

    #[test]
    fn a_door_is_named_from_near_and_by_those_who_face_it() {
        let near = Vec3::new(0.5, 0.0, -3.0);
        assert!(metres_ahead(&door(), near, 0.0).is_some());
        assert_eq!(metres_ahead(&door(), near, PI), None, "it lies behind");
        assert_eq!(metres_ahead(&door(), Vec3::ZERO, 0.0), None, "it is too far away");
    }

    #[test]
    fn a_look_meets_a_ball_ahead_and_none_behind() {
        let center = Vec3::new(0.0, 0.0, -4.0);
        assert_eq!(metres_to_ball(Vec3::ZERO, Vec3::NEG_Z, center, 0.3), Some(4.0));
        assert_eq!(metres_to_ball(Vec3::X * 0.4, Vec3::NEG_Z, center, 0.3), None);
        assert_eq!(metres_to_ball(Vec3::ZERO, Vec3::Z, center, 0.3), None);
    }

    #[test]
    fn a_door_leads_to_the_other_side() {
        assert_eq!(other(&door(), SpaceId(1)), Some(SpaceId(2)));
        assert_eq!(other(&door(), SpaceId(2)), Some(SpaceId(1)));
        assert_eq!(other(&door(), SpaceId(3)), None);
    }
}
