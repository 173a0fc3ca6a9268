//! The wish to sit on a seat that was pointed at: near it at once, farther away by a jump beside it first.
//!
//! It must not know how seats are pointed at. The server refuses a seat that is too far from the last body that
//! it has seen; bodies travel by datagrams and wishes by a stream, so a wish after a jump waits and asks again.

use super::client::ClientCore;
use super::connect::Connector;
use super::nearby::SEAT_REACH;
use crate::core::CoreEvent;
use venue_model::SeatId;
use venue_protocol::session::ClientRequest;
use venue_protocol::{LocalTime, TakeSeat};

/// Time between a jump and the first question, and between questions, µs: some pose updates go out meanwhile.
const ASK_EVERY_MICROS: u64 = 200_000;

/// After this time the server's refusal is the answer, µs.
const PATIENCE_MICROS: u64 = 2_000_000;

/// How far from the seat the floor is looked for, metres: the seat itself stands in its way.
const BESIDE_REACH: f32 = 2.0;

/// A seat that the person jumped beside and wants to sit on.
#[derive(Clone, Copy, Debug)]
pub(super) struct SeatWish {
    seat: SeatId,
    ask_at: LocalTime,
    until: LocalTime,
}

impl<C: Connector> ClientCore<C> {
    /// Sits down on a seat of this space that was pointed at.
    pub(super) fn sit_on(&mut self, seat: SeatId) {
        self.seat_wish = None;
        let Some(manifest) = self.venue.manifest() else { return };
        let Some(place) = manifest.seats.iter().find(|found| found.id == seat).map(|found| found.place)
        else {
            return;
        };
        if place.position.distance(self.body.pose().root) <= SEAT_REACH {
            return self.ask(ClientRequest::TakeSeat(TakeSeat { seat }));
        }
        let Some(walkable) = self.venue.walkable().cloned() else { return };
        let Some(beside) = walkable.locate(place.position, BESIDE_REACH) else { return };
        if self.body.teleport(beside.position, &walkable) {
            self.emit(CoreEvent::Jumped);
            let (ask_at, until) = (self.now + ASK_EVERY_MICROS, self.now + PATIENCE_MICROS);
            self.seat_wish = Some(SeatWish { seat, ask_at, until });
        }
    }

    /// Asks for the wished seat when its time has come.
    pub(super) fn pursue_seat(&mut self) {
        let Some(wish) = &mut self.seat_wish else { return };
        if self.body.is_seated() || self.now >= wish.until {
            self.seat_wish = None;
        } else if self.now >= wish.ask_at {
            wish.ask_at = self.now + ASK_EVERY_MICROS;
            let seat = wish.seat;
            self.ask(ClientRequest::TakeSeat(TakeSeat { seat }));
        }
    }

    /// Whether a refusal for distance is no news yet: the wish is asked again.
    pub(super) fn is_pursuing(&self, seat: SeatId) -> bool {
        self.seat_wish.is_some_and(|wish| wish.seat == seat && self.now + ASK_EVERY_MICROS < wish.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::Stage;
    use crate::core::rehearsed::Stand;
    use crate::input::Command;
    use glam::Vec3;
    use venue_model::Seat;
    use venue_protocol::{SeatRefusal, SeatRefused};

    fn seat(stand: &Stand, choose: impl Fn(f32) -> bool) -> Seat {
        let root = stand.core.body().pose().root;
        let space = stand.core.space();
        let seats = stand.core.manifest().unwrap().seats.iter().filter(|seat| Some(seat.space) == space);
        let mut fitting = seats.filter(|seat| choose(seat.place.position.distance(root)));
        fitting.next().expect("the tiny venue has such a seat").clone()
    }

    fn asked(stand: &Stand) -> usize {
        let taken = |request: &&ClientRequest| matches!(request, ClientRequest::TakeSeat(_));
        stand.server.borrow().requests.iter().filter(taken).count()
    }

    #[test]
    fn a_seat_within_reach_is_asked_for_at_once() {
        let mut stand = Stand::entered(0);
        assert_eq!(*stand.core.stage(), Stage::Inside);
        let near = seat(&stand, |metres| metres <= SEAT_REACH);
        stand.wish(Command::SitOn(near.id));
        stand.run(2);
        assert_eq!(asked(&stand), 1);
    }

    #[test]
    fn a_far_seat_is_jumped_to_and_asked_for_until_the_server_has_seen_the_jump() {
        let mut stand = Stand::entered(0);
        let far = seat(&stand, |metres| metres > SEAT_REACH + 0.5);
        stand.wish(Command::SitOn(far.id));
        stand.run(2);
        assert_eq!(asked(&stand), 0, "the server does not know of the jump yet");
        let beside = stand.core.body().pose().root.distance(far.place.position);
        assert!(beside <= BESIDE_REACH, "{beside} m from the seat");
        stand.run(13);
        assert_eq!(asked(&stand), 1);
        let refused = SeatRefused { seat: far.id, why: SeatRefusal::TooFar };
        stand.server.borrow_mut().session().send(&refused.into());
        stand.run(14);
        assert_eq!(asked(&stand), 2, "the jump was on its way still");
        assert!(!stand.events().iter().any(|event| matches!(event, CoreEvent::Notice(_))));
    }

    #[test]
    fn a_look_finds_the_seat_and_not_one_that_is_taken() {
        let mut stand = Stand::entered(0);
        let near = seat(&stand, |_| true);
        let eye = near.place.position + Vec3::new(0.0, near.height + 1.0, 1.0);
        let direction = Vec3::new(0.0, -1.0, -1.0).normalize();
        let found = stand.core.seat_along(eye, direction, 5.0).map(|(id, _)| id);
        assert_eq!(found, Some(near.id));
        let taken = venue_protocol::SeatTaken { seat: near.id, participant: venue_model::ParticipantId(77) };
        stand.server.borrow_mut().session().send(&taken.into());
        stand.run(2);
        let found = stand.core.seat_along(eye, direction, 5.0).map(|(id, _)| id);
        assert_ne!(found, Some(near.id));
    }
}
