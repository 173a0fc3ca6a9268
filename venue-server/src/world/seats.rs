//! Who sits where: one person to a seat, one seat to a person.
//!
//! It must not know where the seats stand; reach is the system's business.

use std::collections::BTreeMap;
use venue_model::{ParticipantId, SeatId};

/// The taken seats of one house.
#[derive(Debug, Default)]
pub struct SeatBook {
    sitters: BTreeMap<SeatId, ParticipantId>,
    seats: BTreeMap<ParticipantId, SeatId>,
}

/// What taking a seat did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// It is the person's now, who gave this one up for it.
    Taken {
        /// The seat that became free.
        left: Option<SeatId>,
    },
    /// The person sat there already.
    Already,
    /// Somebody else sits there.
    Occupied(ParticipantId),
}

impl SeatBook {
    /// Gives the seat to the person if it is free.
    pub fn take(&mut self, seat: SeatId, person: ParticipantId) -> Taking {
        match self.sitters.get(&seat) {
            Some(&sitter) if sitter == person => Taking::Already,
            Some(&sitter) => Taking::Occupied(sitter),
            None => {
                let left = self.free(person);
                self.sitters.insert(seat, person);
                self.seats.insert(person, seat);
                Taking::Taken { left }
            }
        }
    }

    /// Frees the person's seat, if there is one, and names it.
    pub fn free(&mut self, person: ParticipantId) -> Option<SeatId> {
        let seat = self.seats.remove(&person)?;
        self.sitters.remove(&seat);
        Some(seat)
    }

    /// The person's seat.
    pub fn seat_of(&self, person: ParticipantId) -> Option<SeatId> {
        self.seats.get(&person).copied()
    }

    /// Every taken seat with its sitter, by seat.
    pub fn taken(&self) -> impl Iterator<Item = (SeatId, ParticipantId)> + '_ {
        self.sitters.iter().map(|(&seat, &person)| (seat, person))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: ParticipantId = ParticipantId(1);
    const BO: ParticipantId = ParticipantId(2);

    #[test]
    fn a_seat_has_one_sitter() {
        let mut book = SeatBook::default();
        assert_eq!(book.take(SeatId(1), ADA), Taking::Taken { left: None });
        assert_eq!(book.take(SeatId(1), BO), Taking::Occupied(ADA));
        assert_eq!(book.take(SeatId(1), ADA), Taking::Already);
        assert_eq!(book.free(ADA), Some(SeatId(1)));
        assert_eq!(book.take(SeatId(1), BO), Taking::Taken { left: None });
    }

    #[test]
    fn a_person_has_one_seat() {
        let mut book = SeatBook::default();
        book.take(SeatId(1), ADA);
        assert_eq!(book.take(SeatId(2), ADA), Taking::Taken { left: Some(SeatId(1)) });
        assert_eq!(book.taken().collect::<Vec<_>>(), [(SeatId(2), ADA)]);
        assert_eq!(book.seat_of(ADA), Some(SeatId(2)));
        assert_eq!(book.free(BO), None);
    }
}
