//! A crowd that moves as one recording says, each from another moment, and what its replication took.

use glam::Vec3;
use load::Recording;
use load::recording::{Errors, quantile};
use std::fmt;
use venue_model::{BodyPose, Tick};

/// Ticks until everybody knows everybody, and ours takes a new path for a good one.
pub const WARM_UP: u32 = 900;

/// Ticks that count.
pub const COUNTED: u32 = 90;

/// The people.
pub struct Crowd {
    recording: Recording,
    /// How many.
    pub people: u32,
}

impl Crowd {
    /// So many people who move as a recording says.
    pub fn of(recording: Recording, people: u32) -> Self {
        Self { recording, people }
    }

    /// Where a person stands: in rows a metre and a half apart.
    pub fn place(&self, number: u32) -> Vec3 {
        Vec3::new((number % 40) as f32 * 1.5, 0.0, (number / 40) as f32 * 1.5)
    }

    /// A person's body at a tick.
    pub fn pose(&self, number: u32, tick: Tick) -> BodyPose {
        let mut pose = self.recording.pose_in_loop(Tick(tick.0 + number * 7));
        pose.root += self.place(number);
        pose
    }
}

/// What replication took.
#[derive(Default)]
pub struct Outcome {
    /// Bits that left the server in the ticks that count, without headers of UDP, QUIC and IP.
    pub bits: u64,
    /// Datagrams that left it.
    pub datagrams: u64,
    /// Bodies that somebody else is told of, times listeners.
    pub pairs: u64,
    /// CPU time of each tick at the server, ns.
    pub nanos: Vec<f64>,
    /// How far what a listener has after a tick is from the truth at that tick.
    pub errors: Errors,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let updates = (self.pairs * u64::from(COUNTED)) as f64;
        let listeners = (self.pairs as f64).sqrt().ceil();
        let bits = self.bits as f64;
        let kbit = bits / listeners / f64::from(COUNTED) * 30.0 / 1000.0;
        let median = quantile(&mut self.nanos.clone(), 0.5);
        write!(
            f,
            "bits_per_update={:.1} kbit_per_listener={kbit:.0} datagrams_per_listener_tick={:.2} tick_ms={:.3} \
             cpu_ns_per_update={:.1} worst_mm={:.2} worst_degrees={:.3}",
            bits / updates,
            self.datagrams as f64 / listeners / f64::from(COUNTED),
            median / 1e6,
            median / self.pairs as f64,
            self.errors.worst_metres * 1000.0,
            self.errors.worst_radians.to_degrees(),
        )
    }
}
