//! Time: server time in microseconds and ticks of the fixed simulation step.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};

/// Simulation steps in a second.
pub const TICK_HZ: u32 = 30;

/// Length of one simulation step, rounded down to whole microseconds.
pub const TICK_MICROS: u64 = 1_000_000 / TICK_HZ as u64;

/// Microseconds on the server's monotonic clock since that server started its event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerTime(pub u64);

impl ServerTime {
    /// Seconds since the clock's start.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 * 1e-6
    }

    /// Microseconds from `earlier` to this time, zero when `earlier` is later.
    pub fn micros_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<u64> for ServerTime {
    type Output = Self;
    /// Adds microseconds, saturating.
    fn add(self, micros: u64) -> Self {
        Self(self.0.saturating_add(micros))
    }
}

impl Sub<u64> for ServerTime {
    type Output = Self;
    /// Takes microseconds away, saturating at zero.
    fn sub(self, micros: u64) -> Self {
        Self(self.0.saturating_sub(micros))
    }
}

/// Milliseconds since 1970-01-01 UTC on the server's wall clock; for what people read, never for motion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WallTime(pub u64);

/// Number of a simulation step, counted from the server's start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tick(pub u32);

impl Tick {
    /// The server time at which this step is taken.
    pub fn time(self) -> ServerTime {
        ServerTime(u64::from(self.0) * 1_000_000 / u64::from(TICK_HZ))
    }

    /// The step after this one.
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_do_not_drift() {
        assert_eq!(Tick(30).time(), ServerTime(1_000_000));
        assert_eq!(Tick(30 * 86_400).time(), ServerTime(86_400_000_000));
    }

    #[test]
    fn time_never_underflows() {
        assert_eq!(ServerTime(3) - 5, ServerTime(0));
        assert_eq!(ServerTime(3).micros_since(ServerTime(5)), 0);
    }
}
