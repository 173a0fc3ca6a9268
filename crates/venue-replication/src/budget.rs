//! How many bits a viewer gets, by what the path to them carries.

use crate::feedback::{DELAY_STEP_MILLIS, Feedback};
use crate::interest::{LEAST_FIT, fit_for};
use std::ops::RangeInclusive;
use venue_model::{TICK_HZ, Tick};
use venue_protocol::MAX_DATAGRAM_BYTES;

/// Most bits a second.
pub const MAX_BITS_PER_SECOND: f32 = 320_000.0;

/// Most bits a second of a space that is seen through a door.
const BORDER_BITS_PER_SECOND: f32 = 48_000.0;

/// Fewest bits a second that are sent whatever the path: a phone's worst hour. Half of it is what packets are wrapped in.
const MIN_BITS_PER_SECOND: f32 = 44_000.0;

/// What is sent until something is known of the path.
const FIRST_BITS_PER_SECOND: f32 = 192_000.0;

/// Bits of a datagram beside its content: IP, UDP, QUIC.
const OVERHEAD_BITS: f32 = 58.0 * 8.0;

/// Unused bits are kept for so many ticks.
const KEPT_TICKS: f32 = 3.0;

/// The path is judged after so many ticks.
const JUDGED_TICKS: u32 = 10;

/// More loss than this is a full path, not a bad radio.
const FULL_LOSS: f32 = 0.12;

/// Beyond the first loss, updates of who is near are made up for before it is asked, until it is below the second.
const LOSSY: [f32; 2] = [0.015, 0.005];

/// Datagrams that wait so much longer than at best wait in a queue, which is full soon.
const LONG_DELAY_MILLIS: u64 = 160;

/// A path is taken for a lossy one until it has shown for some seconds that it is none.
const FIRST_LOSS: f32 = 0.02;

/// Ticks until a report comes: beyond this, what is asked for comes too late.
const LONG_LAG: f32 = 4.0;

/// The part of a budget that is wanted by rings whose sizes stay.
const FITTING: RangeInclusive<f32> = 0.65..=0.85;

/// Bits of a body that builds on nothing; where all who are near fit so into this part of the budget, nothing needs to be
/// asked for. Of what is sent twice one in four hundred is still lost where one in twenty is.
const EXACT_BITS: f32 = 330.0;
const EXACT_PART: f32 = 0.4;

/// Datagrams whose time is remembered.
const REMEMBERED: usize = 64;

/// How lost updates of who is near are made up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repair {
    /// By the state, when the client asks for it.
    Asked,
    /// Every update is sent again a tick later, too.
    Twice,
    /// None builds on another.
    Exact,
}

/// The bits of one viewer.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    bits_per_second: f32,
    /// What may be sent now.
    left: f32,
    refilled_at: Tick,
    judged: Option<Judged>,
    loss: f32,
    /// The same, quick to rise and slow to fall.
    worst_loss: f32,
    is_lossy: bool,
    /// Ticks that a datagram and its report take, usually.
    lag: f32,
    /// When the last datagrams left, by the ends of their numbers.
    sent_at: [Tick; REMEMBERED],
    heard: Option<u16>,
    /// What updates would have taken since the rings were sized, had all been sent, and when that was.
    wanted: f32,
    sized_at: Tick,
    /// Part of the usual sizes of rings that this budget has room for.
    fit: f32,
}

/// What the last judgement was made of.
#[derive(Clone, Copy, Debug)]
struct Judged {
    at: Tick,
    newest: u16,
    received: u16,
}

impl Budget {
    pub(crate) fn new(tick: Tick, bodies: usize) -> Self {
        Self {
            bits_per_second: FIRST_BITS_PER_SECOND,
            left: FIRST_BITS_PER_SECOND / TICK_HZ as f32,
            refilled_at: tick,
            judged: None,
            loss: 0.0,
            worst_loss: FIRST_LOSS,
            is_lossy: false,
            lag: 0.0,
            sent_at: [tick; REMEMBERED],
            heard: None,
            wanted: 0.0,
            sized_at: tick,
            // At first everybody has to be told, which takes as much as what is told of them then.
            fit: fit_for(bodies, FIRST_BITS_PER_SECOND / 2.0),
        }
    }

    /// A tick begins.
    pub(crate) fn refill(&mut self, tick: Tick, is_border: bool) {
        let most = if is_border { BORDER_BITS_PER_SECOND } else { MAX_BITS_PER_SECOND };
        self.bits_per_second = self.bits_per_second.min(most);
        let per_tick = self.bits_per_second / TICK_HZ as f32;
        let ticks = tick.0.saturating_sub(self.refilled_at.0) as f32;
        self.left = (self.left + per_tick * ticks).min(per_tick * KEPT_TICKS);
        self.refilled_at = tick;
    }

    /// Bits that may still be sent in this tick, when so many wait in datagrams.
    pub(crate) fn room(&self, waiting: usize) -> f32 {
        let datagrams = 1 + waiting / (MAX_DATAGRAM_BYTES * 8);
        self.left - waiting as f32 - datagrams as f32 * OVERHEAD_BITS
    }

    /// Datagrams left, from this number up to the one before the next.
    pub(crate) fn spend(&mut self, bits: usize, first: u16, next: u16) {
        let datagrams = next.wrapping_sub(first);
        for sequence in (0..datagrams).map(|more| first.wrapping_add(more)) {
            self.sent_at[usize::from(sequence) % REMEMBERED] = self.refilled_at;
        }
        let overhead = f32::from(datagrams) * OVERHEAD_BITS;
        let bits = bits as f32 + overhead;
        self.wanted += overhead;
        // What had to be sent beyond the budget is paid back, but nobody is silent for more than a second.
        self.left = (self.left - bits).max(-self.bits_per_second);
    }

    /// So much is due in this tick, whether there is room for it or not.
    pub(crate) fn want(&mut self, bits: f32) {
        self.wanted += bits;
    }

    /// What keeps those smooth who are near, of whom there are so many.
    pub(crate) fn repair(&self, near: usize) -> Repair {
        let exact_bits = near as f32 * EXACT_BITS * TICK_HZ as f32;
        let is_cheap = exact_bits <= self.bits_per_second * EXACT_PART;
        match (self.is_lossy, self.lag >= LONG_LAG || is_cheap) {
            (false, _) => Repair::Asked,
            (true, false) => Repair::Twice,
            (true, true) => Repair::Exact,
        }
    }

    /// The client says what arrived.
    pub(crate) fn hear(&mut self, feedback: &Feedback, tick: Tick) {
        self.measure_lag(feedback.newest, tick);
        let now = Judged { at: tick, newest: feedback.newest, received: feedback.received };
        let Some(before) = self.judged else {
            self.judged = Some(now);
            return;
        };
        if tick.0.saturating_sub(before.at.0) < JUDGED_TICKS {
            return;
        }
        let sent = f32::from(now.newest.wrapping_sub(before.newest));
        let received = f32::from(now.received.wrapping_sub(before.received));
        self.judged = Some(now);
        if !(1.0..=10_000.0).contains(&sent) {
            return;
        }
        let lost = (1.0 - received / sent).clamp(0.0, 1.0);
        self.loss += (lost - self.loss) * 0.2;
        self.worst_loss += (lost - self.worst_loss) * if lost > self.worst_loss { 0.2 } else { 0.03 };
        self.is_lossy = self.worst_loss > LOSSY[usize::from(self.is_lossy)];
        let delay_millis = u64::from(feedback.delay_steps) * DELAY_STEP_MILLIS;
        let ticks = now.at.0.saturating_sub(before.at.0) as f32;
        if lost > FULL_LOSS && self.loss > FULL_LOSS / 2.0 || delay_millis > LONG_DELAY_MILLIS {
            self.bits_per_second *= 0.8;
        } else if delay_millis < LONG_DELAY_MILLIS / 3 && self.loss < FULL_LOSS / 2.0 && self.is_used() {
            // Quickly up to where everybody begins, with care beyond.
            let pace = if self.bits_per_second < FIRST_BITS_PER_SECOND { 0.008 } else { 0.004 };
            self.bits_per_second *= 1.0 + pace * ticks.min(30.0);
        }
        self.bits_per_second = self.bits_per_second.clamp(MIN_BITS_PER_SECOND, MAX_BITS_PER_SECOND);
    }

    fn measure_lag(&mut self, newest: u16, tick: Tick) {
        if self.heard.replace(newest) == Some(newest) {
            return;
        }
        let sent_at = self.sent_at[usize::from(newest) % REMEMBERED];
        let lag = tick.0.wrapping_sub(sent_at.0).min(60) as f32;
        self.lag += (lag - self.lag) * 0.1;
    }

    /// Who sends less than is allowed learns nothing of the path.
    fn is_used(&self) -> bool {
        self.bits_per_second < FIRST_BITS_PER_SECOND || self.left < self.bits_per_second / TICK_HZ as f32
    }

    /// Which part of the rings' usual sizes there is room for, by what the last sizes want.
    pub(crate) fn fit(&mut self, tick: Tick, bodies: usize, owed: usize) -> f32 {
        let ticks = tick.0.saturating_sub(self.sized_at.0);
        if ticks > 0 {
            let part = self.wanted * TICK_HZ as f32 / ticks as f32 / self.bits_per_second;
            // A quarter is left free for those who have to be told of anew. Who changes the ring has to be told anew, so that rings keep
            // their sizes while they fit well enough, and grow slowly, and not while somebody has yet to be told of.
            let change = (0.75 / part.max(0.01)).clamp(0.6, 1.1);
            let may_change = if change > 1.0 { owed <= bodies / 50 } else { true };
            if !FITTING.contains(&part) && may_change {
                self.fit = (self.fit * change).clamp(LEAST_FIT, 1.0);
            }
            // Many may have come at once.
            self.fit = self.fit.min(fit_for(bodies, self.bits_per_second * 1.2));
            (self.wanted, self.sized_at) = (0.0, tick);
        }
        self.fit
    }

    #[cfg(test)]
    pub(crate) fn bits_per_second(&self) -> f32 {
        self.bits_per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::SpaceId;

    /// A path that carries so many datagrams of a hundred, for some seconds.
    fn path(budget: &mut Budget, from: u32, secs: u32, carried: u32, delay_steps: u8, lag: u16) -> u32 {
        let to = from + secs * TICK_HZ;
        for tick in from..to {
            budget.refill(Tick(tick), false);
            budget.spend(budget.left as usize, tick as u16, tick as u16 + 1);
            let feedback = Feedback {
                space: SpaceId(1),
                newest: (tick as u16).wrapping_sub(lag),
                received: (tick * carried / 100) as u16,
                delay_steps,
                lacks: Default::default(),
            };
            budget.hear(&feedback, Tick(tick));
        }
        to
    }

    #[test]
    fn a_good_path_gets_everything_within_seconds_and_a_full_one_less() {
        let mut budget = Budget::new(Tick(0), 100);
        let at = path(&mut budget, 0, 15, 100, 0, 2);
        assert_eq!(budget.bits_per_second(), MAX_BITS_PER_SECOND);
        let at = path(&mut budget, at, 3, 70, 0, 2);
        assert!(budget.bits_per_second() < MAX_BITS_PER_SECOND / 4.0);
        let at = path(&mut budget, at, 60, 100, 5, 2);
        assert_eq!(budget.bits_per_second(), MAX_BITS_PER_SECOND);
        path(&mut budget, at, 60, 100, 60, 2);
        assert_eq!(budget.bits_per_second(), MIN_BITS_PER_SECOND, "a queue that grows is a full path too");
    }

    #[test]
    fn a_bad_radio_is_not_a_full_path_but_gets_everything_twice() {
        let mut budget = Budget::new(Tick(0), 100);
        assert_eq!(budget.repair(40), Repair::Asked);
        let at = path(&mut budget, 0, 40, 95, 0, 2);
        assert_eq!(budget.repair(40), Repair::Twice);
        assert_eq!(budget.repair(8), Repair::Exact, "a few may be sent whole");
        path(&mut budget, at, 5, 95, 0, 8);
        assert_eq!(budget.repair(40), Repair::Exact, "to ask takes too long");
        assert_eq!(budget.bits_per_second(), MAX_BITS_PER_SECOND);
    }

    #[test]
    fn rings_shrink_until_they_fit() {
        let mut budget = Budget::new(Tick(0), 100);
        let mut fit = budget.fit(Tick(0), 100, 0);
        for round in 1..40 {
            // The whole of the rings takes four times what there is.
            budget.want(fit * 4.0 * FIRST_BITS_PER_SECOND / 3.0);
            fit = budget.fit(Tick(round * 10), 100, 0);
        }
        assert!(FITTING.contains(&(fit * 4.0)), "{fit}");
        let steady = (40..60).map(|round| {
            budget.want(fit * 4.0 * FIRST_BITS_PER_SECOND / 3.0);
            budget.fit(Tick(round * 10), 100, 0)
        });
        assert!(steady.into_iter().all(|again| again == fit), "rings that fit keep their sizes");
    }
}
