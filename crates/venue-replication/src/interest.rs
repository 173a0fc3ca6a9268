//! Who matters to whom: by distance, gaze, speech and relation, with some reluctance to change.

use crate::components::Notice;
use crate::detail::Ring;
use crate::slots::Slots;
use glam::Vec3;
use venue_model::{ParticipantId, TICK_HZ};

/// Most bodies in the near and the middle ring.
const SIZES: [f32; 2] = [40.0, 200.0];

/// Fewest, whatever the budget.
const LEAST: [f32; 2] = [4.0, 8.0];

/// Below this part of a budget some of the rest goes from the far ring to the crowd.
const FAR_FIT: f32 = 0.5;

/// No fit is smaller.
pub(crate) const LEAST_FIT: f32 = 0.02;

/// Bits of a record beside its own: the gap to the one before, its kind and length.
pub(crate) const RECORD_OVERHEAD_BITS: f32 = 15.0;

/// Through an open door so much of the space behind is seen, metres from the door.
const BORDER_METRES: f32 = 15.0;

/// Rings of a space that is seen through a door have this part of the usual sizes, and nobody there is near.
const BORDER_FIT: f32 = 0.25;

/// Who is in a ring already seems so much nearer: whoever changes the ring has to be told of anew, which takes ten updates.
const LOYALTY: [f32; 4] = [0.75, 0.8, 0.8, 1.0];

/// Who looks, and from where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Viewer {
    /// Who; one's own body is not sent.
    pub participant: ParticipantId,
    /// From where, metres in the building frame.
    pub position: Vec3,
    /// Which way: a horizontal direction of length 1, or zero where that is unknown.
    pub facing: Vec3,
    /// Whom the viewer does not see.
    pub hidden: Vec<ParticipantId>,
    /// With whom the viewer talks.
    pub talks_with: Vec<ParticipantId>,
    /// The door through which the viewer looks into the space; none for who is in it.
    pub border: Option<Vec3>,
    /// Which delegation, as [`Notice::delegation`].
    pub delegation: u32,
}

/// One body as others notice it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noticed {
    pub(crate) participant: ParticipantId,
    pub(crate) position: Vec3,
    /// How much nearer than they are somebody seems to everybody: a factor.
    regard: f32,
    delegation: u32,
}

impl Noticed {
    pub(crate) fn new(participant: ParticipantId, position: Vec3, notice: Notice) -> Self {
        let Notice { is_speaking, leads, has_hand_up, delegation } = notice;
        let factor = |holds: bool, factor: f32| if holds { factor } else { 1.0 };
        let regard = factor(is_speaking, 0.25) * factor(leads, 0.5) * factor(has_hand_up, 0.6);
        Self { participant, position, regard, delegation }
    }
}

/// How far away somebody seems: metres, less for who matters more.
pub(crate) fn felt_distance(viewer: &Viewer, body: &Noticed) -> f32 {
    let way = body.position - viewer.position;
    let distance = way.length();
    // Whom one sees matters more than who is behind.
    let aside = if distance > 0.1 { 1.3 - 0.3 * way.dot(viewer.facing) / distance } else { 1.0 };
    let aside = if viewer.facing == Vec3::ZERO { 1.0 } else { aside };
    let factor = |holds: bool, factor: f32| if holds { factor } else { 1.0 };
    let regard = body.regard
        * factor(body.delegation != 0 && body.delegation == viewer.delegation, 0.7)
        * factor(viewer.talks_with.contains(&body.participant), 0.3);
    (distance + 0.2) * aside * regard
}

/// The rings of one viewer: which bodies are in each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rings {
    members: [Slots; 4],
    /// The same by body.
    by_slot: Vec<Option<Ring>>,
    /// Felt distances, a slot in the lowest bits of each.
    ranked: Vec<u64>,
}

impl Rings {
    pub(crate) fn members(&self, ring: Ring) -> &Slots {
        &self.members[ring.index()]
    }

    /// The ring of a body; none for who is not shown.
    pub(crate) fn of(&self, slot: usize) -> Option<Ring> {
        self.by_slot.get(slot).copied().flatten()
    }

    pub(crate) fn clear(&mut self, capacity: usize) {
        self.members.iter_mut().for_each(|members| members.clear(capacity));
        self.by_slot.clear();
        self.by_slot.resize(capacity, None);
    }

    pub(crate) fn renumber(&mut self, moved: &[Option<usize>], capacity: usize) {
        self.members.iter_mut().for_each(|members| members.renumber(moved, capacity));
        self.by_slot.clear();
        self.by_slot.resize(capacity, None);
        for ring in Ring::ALL {
            self.members[ring.index()].iter().for_each(|slot| self.by_slot[slot] = Some(ring));
        }
    }

    /// Puts a body into a ring, or into none.
    pub(crate) fn put(&mut self, slot: usize, ring: Option<Ring>) {
        if let Some(before) = std::mem::replace(&mut self.by_slot[slot], ring) {
            self.members[before.index()].remove(slot);
        }
        if let Some(ring) = ring {
            self.members[ring.index()].insert(slot);
        }
    }

    /// Ranks all bodies anew; calls `changed` for each whose ring is another than before. `fit` is the part of the
    /// usual sizes that there is room for.
    pub(crate) fn rank(
        &mut self,
        viewer: &Viewer,
        bodies: impl Iterator<Item = Noticed>,
        fit: f32,
        mut changed: impl FnMut(usize, Option<Ring>, Option<Ring>),
    ) {
        let mut ranked = std::mem::take(&mut self.ranked);
        ranked.clear();
        for (slot, body) in bodies.enumerate() {
            let is_beyond = viewer.border.is_some_and(|door| door.distance(body.position) > BORDER_METRES);
            if is_beyond
                || body.participant == viewer.participant
                || viewer.hidden.contains(&body.participant)
            {
                let before = self.of(slot);
                self.put(slot, None);
                if before.is_some() {
                    changed(slot, before, None);
                }
                continue;
            }
            let loyalty = self.of(slot).map_or(1.0, |ring| LOYALTY[ring.index()]);
            // Numbers above zero are in the order of their bits.
            let felt = (felt_distance(viewer, &body) * loyalty).max(0.0).to_bits();
            ranked.push(u64::from(felt) << 32 | slot as u64);
        }
        let mut start = 0;
        for (ring, count) in sizes(ranked.len(), fit, viewer.border.is_some()) {
            let end = (start + count).min(ranked.len());
            if end < ranked.len() && end > start {
                ranked[start..].select_nth_unstable(end - start - 1);
            }
            for felt in &ranked[start..end] {
                let slot = *felt as u32 as usize;
                let before = self.of(slot);
                if before != Some(ring) {
                    self.put(slot, Some(ring));
                    changed(slot, before, Some(ring));
                }
            }
            start = end;
        }
        self.ranked = ranked;
    }
}

/// How many bodies each ring has, of so many.
fn sizes(bodies: usize, fit: f32, is_border: bool) -> [(Ring, usize); 4] {
    let part = if is_border { fit * BORDER_FIT } else { fit };
    let size = |at: usize| (SIZES[at] * part).max(LEAST[at]).round() as usize;
    let (near, middle) = (if is_border { 0 } else { size(0) }, size(1));
    let rest = bodies.saturating_sub(near + middle);
    let far = if fit >= FAR_FIT { rest } else { (rest as f32 * fit / FAR_FIT) as usize };
    [(Ring::Near, near), (Ring::Middle, middle), (Ring::Far, far), (Ring::Crowd, usize::MAX / 2)]
}

/// The largest part of the usual sizes with which updates of so many bodies that all move take about so many bits a second.
pub(crate) fn fit_for(bodies: usize, bits_per_second: f32) -> f32 {
    let takes = |fit: f32| -> f32 {
        let mut left = bodies;
        let ring = |(ring, count): (Ring, usize)| {
            let count = count.min(left);
            left -= count;
            let detail = ring.detail();
            count as f32 * (detail.update_bits + RECORD_OVERHEAD_BITS) / detail.period_beats as f32
        };
        sizes(bodies, fit, false).into_iter().map(ring).sum::<f32>() * TICK_HZ as f32
    };
    let steps = std::iter::successors(Some(1.0), |fit| Some(fit * 0.85));
    steps.take_while(|fit| *fit > LEAST_FIT).find(|fit| takes(*fit) <= bits_per_second).unwrap_or(LEAST_FIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(count: u32) -> Vec<Noticed> {
        let place = |at: u32| Vec3::X * (1.0 + at as f32);
        (0..count).map(|at| Noticed::new(ParticipantId(at), place(at), Notice::default())).collect()
    }

    fn viewer() -> Viewer {
        Viewer { participant: ParticipantId(9_999), ..Viewer::default() }
    }

    fn ranked(rings: &mut Rings, viewer: &Viewer, bodies: &[Noticed], fit: f32) -> usize {
        let mut changes = 0;
        rings.rank(viewer, bodies.iter().copied(), fit, |_, _, _| changes += 1);
        changes
    }

    fn fresh(count: usize) -> Rings {
        let mut rings = Rings::default();
        rings.clear(count);
        rings
    }

    #[test]
    fn the_nearest_are_near_and_nobody_is_left_out() {
        let bodies = row(1000);
        let mut rings = fresh(1000);
        ranked(&mut rings, &viewer(), &bodies, 1.0);
        assert!((0..40).all(|slot| rings.of(slot) == Some(Ring::Near)));
        assert!((40..240).all(|slot| rings.of(slot) == Some(Ring::Middle)));
        assert!((240..1000).all(|slot| rings.of(slot) == Some(Ring::Far)));
        ranked(&mut rings, &viewer(), &bodies, 0.1);
        assert!((0..1000).all(|slot| rings.of(slot).is_some()));
        assert_eq!(rings.members(Ring::Near).count(), 4);
        assert!(rings.members(Ring::Crowd).count() > 700);
    }

    #[test]
    fn rings_of_a_crowd_are_as_large_as_its_budget_allows() {
        assert_eq!(fit_for(30, 192_000.0), 1.0);
        let fits = [64_000.0, 192_000.0, 320_000.0].map(|bits| fit_for(1000, bits));
        assert!(fits[0] < 0.15 && fits[0] < fits[1] && fits[1] < fits[2] && fits[2] > 0.6, "{fits:?}");
        assert_eq!(fit_for(8_000, 44_000.0), LEAST_FIT);
    }

    #[test]
    fn who_speaks_leads_or_belongs_together_seems_nearer() {
        let mut bodies = row(3);
        bodies.iter_mut().for_each(|body| body.position = Vec3::X * 10.0);
        let felt = |viewer: &Viewer, body: &Noticed| felt_distance(viewer, body);
        let plain = felt(&viewer(), &bodies[0]);
        bodies[1].regard =
            Noticed::new(ParticipantId(1), Vec3::ZERO, Notice { is_speaking: true, ..Notice::default() })
                .regard;
        bodies[2].delegation = 7;
        assert!(felt(&viewer(), &bodies[1]) < plain * 0.5);
        assert_eq!(felt(&viewer(), &bodies[2]), plain, "another delegation");
        let same = Viewer { delegation: 7, ..viewer() };
        assert!(felt(&same, &bodies[2]) < plain);
        let talks = Viewer { talks_with: vec![ParticipantId(0)], ..viewer() };
        assert!(felt(&talks, &bodies[0]) < plain * 0.5);
        let ahead = Viewer { facing: Vec3::X, ..viewer() };
        let behind = Viewer { facing: Vec3::NEG_X, ..viewer() };
        assert!(felt(&ahead, &bodies[0]) < felt(&behind, &bodies[0]));
    }

    #[test]
    fn small_steps_change_no_ring() {
        let mut bodies = row(100);
        let mut rings = fresh(100);
        ranked(&mut rings, &viewer(), &bodies, 1.0);
        // The first beyond the near ring and the last in it change places, by half a metre.
        bodies.swap(39, 40);
        (bodies[39].participant, bodies[40].participant) = (ParticipantId(39), ParticipantId(40));
        assert_eq!(ranked(&mut rings, &viewer(), &bodies, 1.0), 0);
        bodies[60].position = Vec3::X;
        assert_eq!(
            ranked(&mut rings, &viewer(), &bodies, 1.0),
            2,
            "who comes close is near, and one makes room"
        );
        assert_eq!(rings.of(60), Some(Ring::Near));
    }

    #[test]
    fn through_a_door_its_neighbourhood_is_seen_and_nobody_is_near() {
        let bodies = row(100);
        let mut rings = fresh(100);
        let viewer = Viewer { border: Some(Vec3::X), ..viewer() };
        ranked(&mut rings, &viewer, &bodies, 1.0);
        assert!((0..=15).all(|slot| rings.of(slot).is_some_and(|ring| ring != Ring::Near)));
        assert!((16..100).all(|slot| rings.of(slot).is_none()));
        ranked(&mut rings, &Viewer { border: None, ..viewer }, &bodies, 1.0);
        assert!((0..100).all(|slot| rings.of(slot).is_some()));
    }

    #[test]
    fn oneself_and_the_hidden_are_in_no_ring() {
        let bodies = row(5);
        let mut rings = fresh(5);
        let viewer = Viewer { participant: ParticipantId(2), hidden: vec![ParticipantId(3)], ..viewer() };
        ranked(&mut rings, &viewer, &bodies, 1.0);
        assert_eq!([0, 1, 2, 3, 4].map(|slot| rings.of(slot).is_some()), [true, true, false, false, true]);
    }
}
