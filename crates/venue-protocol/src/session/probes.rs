//! When the client asks the server for the time, and which answers it waits for.

use crate::LocalTime;
use crate::datagram::Probe;
use std::collections::VecDeque;

/// When to ask for the time: five times quickly, then every two seconds or so.
#[derive(Debug)]
pub(super) struct Probes {
    next_at: Option<LocalTime>,
    next_id: u16,
    quick_left: u16,
    sent: VecDeque<(u16, LocalTime)>,
    random: u64,
}

/// Probes whose answers are waited for.
const MAX_OPEN_PROBES: usize = 8;

/// Probes in quick succession at the start.
const QUICK_PROBES: u16 = 5;

impl Probes {
    pub(super) fn new(seed: u64) -> Self {
        // The generator (xorshift64, Marsaglia 2003) must not start at zero.
        Self { next_at: None, next_id: 0, quick_left: QUICK_PROBES, sent: VecDeque::new(), random: seed | 1 }
    }

    pub(super) fn start(&mut self, now: LocalTime) {
        self.next_at = Some(now);
    }

    pub(super) fn next_at(&self) -> Option<LocalTime> {
        self.next_at
    }

    pub(super) fn due(&mut self, now: LocalTime) -> Option<Probe> {
        self.next_at.filter(|at| *at <= now)?;
        let id = self.next_id;
        self.next_id = id.wrapping_add(1);
        self.quick_left = self.quick_left.saturating_sub(1);
        let pause = if self.quick_left > 0 { 100_000 } else { 1_500_000 + self.random_below(1_000_000) };
        self.next_at = Some(now + pause);
        if self.sent.len() == MAX_OPEN_PROBES {
            self.sent.pop_front();
        }
        self.sent.push_back((id, now));
        Some(Probe { id })
    }

    pub(super) fn answered(&mut self, id: u16) -> Option<LocalTime> {
        let at = self.sent.iter().position(|(sent, _)| *sent == id)?;
        self.sent.remove(at).map(|(_, asked)| asked)
    }

    fn random_below(&mut self, bound: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(seed: u64, until: u64) -> Vec<u64> {
        let mut probes = Probes::new(seed);
        probes.start(LocalTime(0));
        (0..until).step_by(1_000).filter(|at| probes.due(LocalTime(*at)).is_some()).collect()
    }

    #[test]
    fn five_probes_come_quickly_and_then_one_every_two_seconds_or_so() {
        let times = times(1, 60_000_000);
        assert_eq!(times[..5], [0, 100_000, 200_000, 300_000, 400_000]);
        let pauses: Vec<u64> = times[4..].windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(pauses.iter().all(|pause| (1_500_000..=2_501_000).contains(pause)), "{pauses:?}");
    }

    #[test]
    fn clients_do_not_ask_in_step() {
        assert_ne!(times(1, 20_000_000), times(2, 20_000_000));
    }

    #[test]
    fn only_open_probes_are_answered_and_each_once() {
        let mut probes = Probes::new(7);
        probes.start(LocalTime(0));
        let first = probes.due(LocalTime(5)).unwrap();
        assert_eq!(probes.answered(first.id), Some(LocalTime(5)));
        assert_eq!(probes.answered(first.id), None);
        assert_eq!(probes.answered(99), None);
    }
}
