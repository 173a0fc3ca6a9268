//! How much may be on its way at once, for traffic that is worthless when it comes late.
//!
//! Cubic (RFC 9438) decides, with three differences. Losses alone never stop poses and voice: a radio that loses
//! one packet in twenty would else shrink the window to two packets, because traffic that does not fill its
//! window does not win it back either. A queue in front of a slow line counts as congestion long before it
//! overflows, so that a file that is being fetched does not put half a second between a voice and its
//! listener. A path from which nothing comes back at all gets probes only until something does; as soon as the
//! other end is heard again it gets some at once, because QUIC's own probes come ever more seldom (RFC 9002
//! §6.2.1): after two seconds in a lift they would leave a delegate without a picture for two more.

use quinn_proto::RttEstimator;
use quinn_proto::congestion::{Controller, ControllerFactory, CubicConfig};
use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What poses of a full hall and a dozen voices come to, twice over.
const LEAST_BYTES_PER_SECOND: u64 = 150_000;

/// Beside the path's own time, an acknowledgement waits for a packet to ride on and for the next tick.
const ACKNOWLEDGED_AFTER: Duration = Duration::from_millis(100);

/// Packets that may always be on their way, however short that is (RFC 9002 §7.2 begins with as many).
const LEAST_PACKETS: u64 = 10;

/// How long packets may stand in a queue on their way, on average.
const MAX_QUEUED: Duration = Duration::from_millis(60);

/// When nothing of what was sent is acknowledged for so long, although the other end is heard, it gets probes.
const STUCK_AFTER: Duration = Duration::from_millis(400);

/// A stuck path gets [`PROBE_BYTES`] more so often, and no more than [`MAX_PROBE_BYTES`] in all.
const PROBE_PAUSE: Duration = Duration::from_millis(100);
const PROBE_BYTES: u64 = 4_500;
const MAX_PROBE_BYTES: u64 = 45_000;

/// What is known of one connection's other end. The driver tells what it hears, the controller what was acknowledged.
#[derive(Debug, Default)]
pub(super) struct Pulse(Mutex<Beats>);

#[derive(Debug, Default)]
struct Beats {
    sent_at: Option<Instant>,
    acknowledged_at: Option<Instant>,
    /// What was still on its way after that.
    bytes_in_flight: u64,
    probed_at: Option<Instant>,
    probe_bytes: u64,
}

impl Pulse {
    /// A packet came from the other end.
    pub(super) fn hear(&self, now: Instant) {
        let mut beats = self.beats();
        let is_long_ago = |at: Option<Instant>, long: Duration| at.is_some_and(|at| now > at + long);
        let is_answered = beats.sent_at <= beats.acknowledged_at && beats.bytes_in_flight == 0;
        let was_probed = beats.probed_at.is_some() && !is_long_ago(beats.probed_at, PROBE_PAUSE);
        if !is_answered && !was_probed && is_long_ago(beats.acknowledged_at, STUCK_AFTER) {
            beats.probed_at = Some(now);
            beats.probe_bytes = (beats.probe_bytes + PROBE_BYTES).min(MAX_PROBE_BYTES);
        }
    }

    fn beats(&self) -> MutexGuard<'_, Beats> {
        // No code panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a [`RealTime`] for each path of one connection.
#[derive(Debug, Default)]
pub(super) struct RealTimeConfig(pub(super) Arc<Pulse>);

impl ControllerFactory for RealTimeConfig {
    fn build(self: Arc<Self>, now: Instant, current_mtu: u16) -> Box<dyn Controller> {
        let (inner, pulse) = (Arc::new(CubicConfig::default()).build(now, current_mtu), self.0.clone());
        Box::new(RealTime {
            inner,
            pulse,
            mtu: current_mtu.into(),
            shortest: Duration::ZERO,
            is_cut_off: false,
        })
    }
}

struct RealTime {
    inner: Box<dyn Controller>,
    pulse: Arc<Pulse>,
    mtu: u64,
    /// The path's shortest time there and back.
    shortest: Duration,
    /// Whether everything of late was lost, and nothing arrived since.
    is_cut_off: bool,
}

impl RealTime {
    fn least(&self) -> u64 {
        if self.is_cut_off {
            return 0;
        }
        let millis = (self.shortest + ACKNOWLEDGED_AFTER).as_millis();
        // A path of more than a minute is none.
        let bytes = LEAST_BYTES_PER_SECOND * u64::try_from(millis).unwrap_or(0).min(60_000) / 1_000;
        bytes.max(LEAST_PACKETS * self.mtu)
    }
}

impl Controller for RealTime {
    fn on_sent(&mut self, now: Instant, bytes: u64, last_packet_number: u64) {
        self.pulse.beats().sent_at = Some(now);
        self.inner.on_sent(now, bytes, last_packet_number);
    }

    fn on_ack(&mut self, now: Instant, sent: Instant, bytes: u64, app_limited: bool, rtt: &RttEstimator) {
        *self.pulse.beats() = Beats { acknowledged_at: Some(now), ..Beats::default() };
        self.is_cut_off = false;
        self.shortest = rtt.min();
        self.inner.on_ack(now, sent, bytes, app_limited, rtt);
        if is_queued(rtt.get(), rtt.min()) {
            // Cubic itself takes several of these within one round trip for one.
            self.inner.on_congestion_event(now, sent, false, 0);
        }
    }

    fn on_end_acks(&mut self, now: Instant, in_flight: u64, app_limited: bool, largest_acked: Option<u64>) {
        self.pulse.beats().bytes_in_flight = in_flight;
        self.inner.on_end_acks(now, in_flight, app_limited, largest_acked);
    }

    fn on_congestion_event(&mut self, now: Instant, sent: Instant, is_persistent: bool, lost_bytes: u64) {
        self.is_cut_off |= is_persistent;
        self.inner.on_congestion_event(now, sent, is_persistent, lost_bytes);
    }

    fn on_mtu_update(&mut self, new_mtu: u16) {
        self.mtu = new_mtu.into();
        self.inner.on_mtu_update(new_mtu);
    }

    fn window(&self) -> u64 {
        self.inner.window().max(self.least()) + self.pulse.beats().probe_bytes
    }

    fn clone_box(&self) -> Box<dyn Controller> {
        Box::new(Self { inner: self.inner.clone_box(), pulse: self.pulse.clone(), ..*self })
    }

    fn initial_window(&self) -> u64 {
        self.inner.initial_window().max(self.least())
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

fn is_queued(usual: Duration, shortest: Duration) -> bool {
    usual > shortest + MAX_QUEUED
}

#[cfg(test)]
mod tests {
    use super::*;

    const MTU: u16 = 1_200;

    fn fresh(now: Instant) -> RealTime {
        let inner = Arc::new(CubicConfig::default()).build(now, MTU);
        let (mtu, pulse) = (MTU.into(), Arc::default());
        RealTime { inner, pulse, mtu, shortest: Duration::ZERO, is_cut_off: false }
    }

    #[test]
    fn who_is_heard_and_acknowledges_nothing_gets_some_probes() {
        let start = Instant::now();
        let (mut ours, at) = (fresh(start), |ms| start + Duration::from_millis(ms));
        let least = ours.window();
        ours.pulse.beats().acknowledged_at = Some(start);
        ours.pulse.hear(at(5_000));
        assert_eq!(ours.window(), least, "nothing was sent");
        ours.on_sent(at(10), 1_200, 1);
        ours.pulse.hear(at(300));
        assert_eq!(ours.window(), least, "that may still come");
        for ms in 500..550 {
            ours.pulse.hear(at(ms));
        }
        assert_eq!(ours.window(), least + PROBE_BYTES);
        for ms in 550..60_000 {
            ours.pulse.hear(at(ms));
        }
        assert_eq!(ours.window(), least + MAX_PROBE_BYTES);
    }

    #[test]
    fn the_last_word_of_before_an_outage_is_no_sign_that_all_arrives() {
        let start = Instant::now();
        let mut ours = fresh(start);
        let least = ours.window();
        ours.pulse.beats().acknowledged_at = Some(start);
        ours.on_end_acks(start, 12_000, false, Some(3));
        ours.pulse.hear(start + Duration::from_millis(500));
        assert_eq!(ours.window(), least + PROBE_BYTES);
    }

    #[test]
    fn losses_alone_never_stop_what_is_worthless_when_late() {
        let start = Instant::now();
        let mut ours = RealTime { shortest: Duration::from_millis(300), ..fresh(start) };
        for round in 1..100 {
            let now = start + Duration::from_millis(300 * round);
            ours.on_congestion_event(now, now, false, 1_200);
        }
        assert_eq!(ours.inner.window(), 2 * u64::from(MTU), "a third of what a hall says");
        assert_eq!(ours.window(), LEAST_BYTES_PER_SECOND * 4 / 10);
        assert_eq!(ours.clone_box().window(), ours.window());
    }

    #[test]
    fn a_short_path_has_a_small_window() {
        let now = Instant::now();
        let mut ours = fresh(now);
        ours.on_congestion_event(now, now, false, 1_200);
        assert_eq!(ours.window(), 15_000);
        ours.on_mtu_update(1_600);
        assert_eq!(ours.window(), LEAST_PACKETS * 1_600);
    }

    #[test]
    fn a_dead_path_gets_probes_only() {
        let now = Instant::now();
        let mut ours = fresh(now);
        ours.on_congestion_event(now, now, true, 20_000);
        assert_eq!(ours.window(), 2 * u64::from(MTU));
        ours.is_cut_off = false;
        assert_eq!(ours.window(), 15_000, "something came back");
    }

    #[test]
    fn a_queue_on_the_way_is_seen_before_it_overflows() {
        let ms = Duration::from_millis;
        assert!(!is_queued(ms(200), ms(180)), "a long way is no queue");
        assert!(!is_queued(ms(70), ms(10)));
        assert!(is_queued(ms(71), ms(10)));
    }
}
