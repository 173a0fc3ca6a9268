//! The ticks in which a space is sent. A server that is behind leaves ticks out; updates build on each other all the same.

use venue_model::Tick;

/// One of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beat {
    /// Which: grows by one from beat to beat and begins again after the last number.
    pub number: u16,
    /// When.
    pub tick: Tick,
    /// Ticks since the beat before; as many as it can say if they are more.
    pub since: u8,
}

/// Beats farther apart are not compared: their numbers have begun again meanwhile, or may have.
const MAX_TICKS_APART: u32 = 1 << 15;

impl Beat {
    /// The beat of a server that leaves no tick out.
    pub fn steady(tick: Tick) -> Self {
        Self { number: tick.0 as u16, tick, since: 1 }
    }

    /// The next one.
    #[must_use]
    pub fn next(self, tick: Tick) -> Self {
        let since = tick.0.wrapping_sub(self.tick.0).min(u32::from(u8::MAX)) as u8;
        Self { number: self.number.wrapping_add(1), tick, since }
    }

    /// The one before; when it was the one before that is not known.
    #[must_use]
    pub fn previous(self) -> Self {
        let tick = Tick(self.tick.0.wrapping_sub(u32::from(self.since)));
        Self { number: self.number.wrapping_sub(1), tick, since: 1 }
    }

    /// Whether it is later than another.
    pub fn is_after(self, other: Self) -> bool {
        (self.tick.0.wrapping_sub(other.tick.0) as i32) > 0
    }

    /// How many beats later another is; none of one that is not, or much too late.
    pub fn beats_until(self, later: Self) -> Option<u32> {
        let is_near = later.is_after(self) && later.tick.0.wrapping_sub(self.tick.0) < MAX_TICKS_APART;
        is_near.then(|| u32::from(later.number.wrapping_sub(self.number)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_may_be_left_out_and_numbers_begin_again() {
        let first = Beat { number: u16::MAX, tick: Tick(100), since: 1 };
        let next = first.next(Tick(103));
        assert_eq!((next.number, next.since), (0, 3));
        assert_eq!(next.previous().number, first.number);
        assert_eq!(next.previous().tick, first.tick);
        assert_eq!(first.beats_until(next.next(Tick(104))), Some(2));
        assert_eq!(next.beats_until(first), None, "that is before");
        let far = Beat { tick: Tick(100 + (1 << 16)), ..next };
        assert_eq!(first.beats_until(far), None, "the same number, but another beat");
    }
}
