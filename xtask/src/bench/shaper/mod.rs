//! A slow line between two programs of this machine: so many bits a second, so long a way, a queue with an end.
//!
//! UDP packets that find the queue full are lost, as in a router; TCP waits for room. It must not know what is sent.

mod tcp;
mod udp;

pub use tcp::TcpLine;
pub use udp::UdpLine;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a line is like, each way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Bits a second.
    pub bits_per_second: f64,
    /// From one end to the other and back, without queues.
    pub round_trip: Duration,
    /// Bytes that may wait.
    pub queue_bytes: u64,
}

impl Shape {
    /// The line of the project's goals: 20 Mbit/s, 40 ms, a queue of twice what is on the way.
    pub const HOME: Self =
        Self { bits_per_second: 20e6, round_trip: Duration::from_millis(40), queue_bytes: 200_000 };

    fn seconds_of(&self, bytes: u64) -> Duration {
        Duration::from_secs_f64(bytes as f64 * 8.0 / self.bits_per_second)
    }
}

/// One way of the line, shared by all who send that way.
#[derive(Debug)]
pub struct Way {
    shape: Shape,
    /// When what waits will have left.
    free_at: Mutex<Option<Instant>>,
    bytes: AtomicU64,
}

/// There is no room in the queue before that time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full(pub Instant);

impl Way {
    fn new(shape: Shape) -> Arc<Self> {
        Arc::new(Self { shape, free_at: Mutex::new(None), bytes: AtomicU64::new(0) })
    }

    /// When so many bytes arrive at the other end. `overhead` is sent with them and not counted.
    pub fn send(&self, bytes: u64, overhead: u64, now: Instant) -> Result<Instant, Full> {
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        let begins = free_at.map_or(now, |free_at| free_at.max(now));
        let longest = self.shape.seconds_of(self.shape.queue_bytes);
        if let Some(too_long) = (begins - now).checked_sub(longest).filter(|too_long| !too_long.is_zero()) {
            return Err(Full(now + too_long));
        }
        let ends = begins + self.shape.seconds_of(bytes + overhead);
        *free_at = Some(ends);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        Ok(ends + self.shape.round_trip / 2)
    }

    /// Bytes that were sent this way.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

/// Waits until then. Only what a packet's time is waits here; no test does.
fn wait_until(time: Instant) {
    while let Some(left) = time.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        std::thread::park_timeout(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One kilobyte takes a millisecond; two kilobytes may wait.
    const SMALL: Shape =
        Shape { bits_per_second: 8e6, round_trip: Duration::from_millis(10), queue_bytes: 2_000 };

    #[test]
    fn packets_leave_one_after_the_other_and_take_their_way() {
        let (way, start) = (Way::new(SMALL), Instant::now());
        let at = |millis| Ok(start + Duration::from_millis(millis));
        assert_eq!(way.send(1_000, 0, start), at(6));
        assert_eq!(way.send(900, 100, start), at(7));
        assert_eq!(way.send(1_000, 0, start + Duration::from_millis(50)), at(56), "the line was free again");
        assert_eq!(way.bytes(), 2_900);
    }

    #[test]
    fn a_full_queue_says_when_there_is_room() {
        let (way, start) = (Way::new(SMALL), Instant::now());
        for _ in 0..3 {
            way.send(1_000, 0, start).unwrap();
        }
        let room = start + Duration::from_millis(1);
        assert_eq!(way.send(1_000, 0, start), Err(Full(room)));
        assert_eq!(way.bytes(), 3_000, "what is lost is not counted");
        assert!(way.send(1_000, 0, room).is_ok());
    }
}
