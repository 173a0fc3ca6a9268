//! How often a viewer gets news of a body: the nearest most often, nobody never.

/// A ring of bodies around a viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ring {
    /// The ring holds bodies up to this rank by distance.
    pub(crate) up_to_rank: usize,
    /// They are sent every this many ticks.
    pub(crate) period_ticks: u32,
}

/// 40 bodies at 30 Hz, 200 more at 10 Hz, everybody else at 3 Hz.
pub(crate) const RINGS: [Ring; 3] = [
    Ring { up_to_rank: 40, period_ticks: 1 },
    Ring { up_to_rank: 240, period_ticks: 3 },
    Ring { up_to_rank: usize::MAX, period_ticks: RESTING_PERIOD_TICKS },
];

/// Bodies that do not move are repeated every this many ticks: 3 Hz.
pub(crate) const RESTING_PERIOD_TICKS: u32 = 10;

/// A body that stopped is sent at its ring's rate for this many ticks more, so that a lost datagram
/// does not make it run on.
pub(crate) const LINGER_TICKS: u32 = 6;

/// Splits ranked bodies into their rings: calls `visit` with each body and its ring's period.
/// The bodies of a ring come in no particular order.
pub(crate) fn for_each_ring<T>(
    bodies: &mut [T],
    distance: impl Fn(&T) -> f32,
    mut visit: impl FnMut(&T, u32),
) {
    let mut start = 0;
    for ring in RINGS {
        let end = bodies.len().min(ring.up_to_rank);
        if end < bodies.len() && end > start {
            let compare = |a: &T, b: &T| distance(a).total_cmp(&distance(b));
            bodies[start..].select_nth_unstable_by(end - start - 1, compare);
        }
        bodies[start..end].iter().for_each(|body| visit(body, ring.period_ticks));
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_are_in_the_first_ring_and_nobody_is_left_out() {
        // A permutation of 0..1000, so that the order of the input says nothing.
        let mut bodies: Vec<u32> = (0..1000).map(|i| i * 617 % 1000).collect();
        let mut periods = vec![0; 1000];
        for_each_ring(&mut bodies, |body| *body as f32, |body, period| periods[*body as usize] = period);
        assert!(periods[..40].iter().all(|period| *period == 1));
        assert!(periods[40..240].iter().all(|period| *period == 3));
        assert!(periods[240..].iter().all(|period| *period == 10));
    }

    #[test]
    fn few_bodies_are_all_near() {
        let mut bodies = [3, 1, 2];
        let mut seen = Vec::new();
        for_each_ring(&mut bodies, |body| *body as f32, |body, period| seen.push((*body, period)));
        assert_eq!(seen, [(3, 1), (1, 1), (2, 1)]);
    }
}
