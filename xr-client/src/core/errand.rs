//! The wish to be somewhere: at a person, on a seat, at a door or a screen, in whichever room that is.
//!
//! The server lets a body jump some metres at a time and walk through no wall, so an errand is done as a person would
//! do it by hand: into the room, then hop by hop along the floor, then onto the seat. Whoever moves by other means
//! gives the errand up. It must not know who asked for it.

use super::client::ClientCore;
use super::connect::Connector;
use crate::core::CoreEvent;
use crate::panels::model::Notice;
use glam::{Vec2, Vec3, Vec3Swizzles as _};
use venue_model::{ParticipantId, SeatId, SpaceId};
use venue_motion::{FloorPoint, Walkable};
use venue_protocol::session::ClientRequest;
use venue_protocol::{GoToSpace, LocalTime};

/// Time from hop to hop, µs: a little more than the server's pause between jumps.
const HOP_EVERY_MICROS: u64 = 400_000;

/// Longest hop, metres along the way.
const HOP_METRES: f32 = 8.0;

/// Longest way that is looked for, metres.
const LONGEST_WAY: f32 = 600.0;

/// How far from the goal its floor is looked for, metres: a desk or a wall may stand in the way.
const FLOOR_REACH: f32 = 2.5;

/// How near to a person or thing one comes to a halt, metres: a talk's distance.
const HALT_METRES: f32 = 1.4;

/// Who stands nearer to a person than this, as where people arrive, goes to a talk's distance, metres.
const NEAREST_METRES: f32 = 0.8;

/// After this time an errand is given up, µs.
const PATIENCE_MICROS: u64 = 30_000_000;

/// Where somebody wants to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Destination {
    /// In a room.
    Room(SpaceId),
    /// On a seat.
    Seat(SeatId),
    /// Beside a person, wherever they are.
    Person(ParticipantId),
    /// At a floor point of a room, facing it.
    Point(SpaceId, Vec3),
}

/// Why an errand ends before its goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoWay {
    /// The room is closed to the person.
    Closed,
    /// No way leads there.
    NotFound,
    /// The person or the place is not there any more.
    Gone,
    /// No free seat is within reach.
    NoSeat,
}

/// An errand that is being done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Errand {
    to: Destination,
    /// The room that was asked for, and not asked for again.
    asked_for: Option<SpaceId>,
    hop_at: LocalTime,
    until: LocalTime,
}

impl<C: Connector> ClientCore<C> {
    /// Begins an errand; the one before is given up.
    pub(super) fn go_to(&mut self, to: Destination) {
        let until = self.now + PATIENCE_MICROS;
        self.errand = Some(Errand { to, asked_for: None, hop_at: self.now, until });
    }

    /// Does the next piece of the errand when its time has come. `moves` says that the person moves by hand.
    pub(super) fn pursue_errand(&mut self, moves: bool) {
        let Some(mut errand) = self.errand.take() else { return };
        if moves {
            return;
        }
        if self.now >= errand.until {
            return self.say_no_way(NoWay::NotFound);
        }
        let Some((space, place)) = self.whereabouts(errand.to) else { return self.say_no_way(NoWay::Gone) };
        if self.space() != Some(space) {
            if !self.may_enter(space) {
                return self.say_no_way(NoWay::Closed);
            }
            if errand.asked_for != Some(space) {
                errand.asked_for = Some(space);
                self.ask(ClientRequest::GoToSpace(GoToSpace { space }));
            }
            self.errand = Some(errand);
            return;
        }
        if errand.to == Destination::Room(space) {
            return;
        }
        if self.now < errand.hop_at {
            self.errand = Some(errand);
            return;
        }
        errand.hop_at = self.now + HOP_EVERY_MICROS;
        let is_done = match place {
            // A person's body comes a moment after one has entered their room.
            None => false,
            Some(place) => self.approach(errand.to, place),
        };
        if !is_done {
            self.errand = Some(errand);
        }
    }

    fn say_no_way(&mut self, why: NoWay) {
        self.emit(CoreEvent::Notice(Notice::NoWay(why)));
    }

    /// The room and the point that an errand leads to now; none when they are unknown, e.g. for somebody who left.
    fn whereabouts(&self, to: Destination) -> Option<(SpaceId, Option<Vec3>)> {
        match to {
            Destination::Room(space) => Some((space, None)),
            Destination::Seat(seat) => {
                let seat = self.manifest()?.seats.iter().find(|known| known.id == seat)?;
                Some((seat.space, Some(seat.place.position)))
            }
            Destination::Person(person) => {
                let space = self.people().get(person)?.space?;
                let body = self.bodies().iter().find(|(id, _)| *id == person);
                Some((space, body.map(|(_, pose)| pose.root)))
            }
            Destination::Point(space, place) => Some((space, Some(place))),
        }
    }

    /// One hop towards a place of this room; whether the errand is over.
    fn approach(&mut self, to: Destination, place: Vec3) -> bool {
        if let Destination::Seat(seat) = to
            && place.distance(self.body.pose().root) <= super::own_body::TELEPORT_RANGE * 0.8
        {
            if self.people().sitter_on(seat).is_none() {
                self.sit_on(seat);
            }
            return true;
        }
        if self.body.is_seated() {
            self.ask(ClientRequest::LeaveSeat);
            return false;
        }
        let (Some(walkable), Some(from)) = (self.walkable().cloned(), self.body.floor()) else {
            return false;
        };
        let halt = if matches!(to, Destination::Seat(_)) { 0.0 } else { HALT_METRES };
        let stands_in_them =
            matches!(to, Destination::Person(_)) && from.position.distance(place) < NEAREST_METRES;
        let aside = stands_in_them.then(|| beside(&walkable, from, place)).flatten();
        let stop = aside.map(|aside| (aside, true)).or_else(|| next_stop(&walkable, from, place, halt));
        let Some((next, is_last)) = stop else {
            self.say_no_way(NoWay::NotFound);
            return true;
        };
        if next.distance(from.position) > 0.05 {
            if !self.body.teleport(next, &walkable) {
                self.say_no_way(NoWay::NotFound);
                return true;
            }
            self.emit(CoreEvent::Jumped);
        }
        let way = (place - next).xz();
        if way != Vec2::ZERO {
            self.body.face((-way.x).atan2(-way.y), 0.0);
        }
        is_last && !matches!(to, Destination::Seat(_))
    }
}

/// A place at a talk's distance from a person in whom one stands, the least detour; none in a corner too narrow for it.
fn beside(walkable: &Walkable, from: FloorPoint, person: Vec3) -> Option<Vec3> {
    let away = (from.position - person).xz().normalize_or(Vec2::Y);
    let sides = [0.0, 0.8, -0.8, 1.6, -1.6, 2.4, -2.4, std::f32::consts::PI];
    sides.into_iter().find_map(|turn| {
        let way = Vec2::from_angle(turn).rotate(away) * HALT_METRES;
        let wanted = person + Vec3::new(way.x, 0.0, way.y);
        let place = walkable.locate(wanted, 0.3)?;
        walkable.path_within(from, place, 3.0 * HALT_METRES)?;
        Some(place.position)
    })
}

/// Where the next hop towards `place` ends, and whether it is the last; none when no way leads there.
fn next_stop(walkable: &Walkable, from: FloorPoint, place: Vec3, halt: f32) -> Option<(Vec3, bool)> {
    let to = walkable.locate(place, FLOOR_REACH)?;
    let way = walkable.path_within(from, to, LONGEST_WAY)?;
    let legs = || std::iter::once(&from.position).chain(&way).zip(&way).map(|(a, b)| (*a, *b));
    let length: f32 = legs().map(|(a, b)| a.distance(b)).sum();
    let mut left = (length - halt).clamp(0.0, HOP_METRES);
    let is_last = length - halt <= HOP_METRES;
    for (a, b) in legs() {
        let leg = a.distance(b);
        if leg >= left && leg > 0.0 {
            return Some((a.lerp(b, left / leg), is_last));
        }
        left -= leg;
    }
    Some((way.last().copied().unwrap_or(from.position), is_last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::rehearsed::Stand;
    use crate::input::Command;
    use crate::testing::square_room;

    #[test]
    fn a_far_place_is_reached_in_hops_and_with_a_talk_s_distance() {
        let room = square_room(15.0);
        let mut at = room.locate(Vec3::new(-12.0, 0.0, 0.0), 1.0).unwrap();
        let goal = Vec3::new(12.0, 0.0, 0.0);
        let mut hops = 0;
        loop {
            let (next, is_last) = next_stop(&room, at, goal, HALT_METRES).unwrap();
            assert!(next.distance(at.position) <= HOP_METRES + 1e-3, "the server allows no longer one");
            at = room.locate(next, 0.5).unwrap();
            hops += 1;
            if is_last {
                break;
            }
        }
        assert_eq!(hops, 3);
        assert!((at.position.distance(goal) - HALT_METRES).abs() < 0.01, "{:?}", at.position);
        let (stay, is_last) = next_stop(&room, at, goal, HALT_METRES).unwrap();
        assert!(is_last && stay.distance(at.position) < 0.01, "who is near stays");
    }

    #[test]
    fn who_stands_in_a_person_goes_beside_them_also_from_a_corner() {
        let room = square_room(15.0);
        for (from, person) in [
            (Vec3::ZERO, Vec3::ZERO),
            (Vec3::new(0.3, 0.0, 0.0), Vec3::ZERO),
            (Vec3::new(-14.8, 0.0, -14.8), Vec3::new(-14.5, 0.0, -14.5)),
        ] {
            let from = room.locate(from, 0.5).unwrap();
            let place = beside(&room, from, person).unwrap();
            assert!((place.distance(person) - HALT_METRES).abs() < 0.35, "{place}");
        }
    }

    #[test]
    fn a_room_elsewhere_is_asked_for_once() {
        let mut stand = Stand::entered(0);
        let here = stand.core.space();
        let spaces: Vec<_> = stand.core.manifest().unwrap().spaces.iter().map(|space| space.id).collect();
        let other =
            spaces.into_iter().find(|space| Some(*space) != here).expect("the tiny venue has two rooms");
        stand.wish(Command::GoTo(Destination::Room(other)));
        stand.run(40);
        let asked = |request: &&ClientRequest| matches!(request, ClientRequest::GoToSpace(_));
        assert_eq!(stand.server.borrow().requests.iter().filter(asked).count(), 1);
    }
}
