//! What the two halves of a backend tell each other: plain values through triple buffers, so that neither ever waits.

use super::propagation::RoomSound;
use super::scene::{BANDS, Band};
use super::{Listener, MAX_SOURCES, Source, ear};
use glam::Vec3;
use triple_buffer::Input;

/// Who jumps farther than this between two blocks is somebody else, metres.
const JUMP: f32 = 4.0;

/// From the half that plays: where everybody is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub listener: Listener,
    pub sources: [Option<Place>; MAX_SOURCES],
    /// Speakers that were new so far.
    count: u32,
}

/// Where a source is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    /// Another one for another speaker: what was found for one must not be heard for the other.
    pub serial: u32,
    pub position: Vec3,
}

impl Places {
    /// Tells the worker where everybody is; gives the listener's pose with its broken parts replaced.
    pub(crate) fn publish(
        &mut self,
        listener: &Listener,
        sources: &[Source<'_>],
        to: &mut Input<Self>,
    ) -> Listener {
        let listener = ear::pose(listener, &self.listener);
        self.follow(listener, sources);
        to.input_buffer_mut().clone_from(self);
        to.publish();
        listener
    }

    /// Takes this block's places; who is left out is gone.
    fn follow(&mut self, listener: Listener, sources: &[Source<'_>]) {
        self.listener = listener;
        let before = std::mem::replace(&mut self.sources, [None; MAX_SOURCES]);
        for source in sources.iter().filter(|source| ear::offset(&listener, source).is_some()) {
            let Some(place) = self.sources.get_mut(source.slot).filter(|place| place.is_none()) else {
                continue;
            };
            let is_near = |last: &Place| last.position.distance_squared(source.position) < JUMP * JUMP;
            let serial = match before[source.slot].filter(is_near) {
                Some(last) => last.serial,
                None => {
                    self.count = self.count.wrapping_add(1);
                    self.count
                }
            };
            *place = Some(Place { serial, position: source.position });
        }
    }
}

/// From the worker: what is between the listener and each source, and the room around the listener.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    pub paths: [Path; MAX_SOURCES],
    pub room: RoomSound,
}

/// How a source's sound comes to the listener, distance and air left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Path {
    /// Of the [`Place`] for which this was found; 0: for none.
    pub serial: u32,
    /// Gain of the direct sound.
    pub direct: Band,
    /// Gain of what makes the listener's room sound.
    pub into_room: Band,
}

impl Default for Path {
    fn default() -> Self {
        Self { serial: 0, direct: [1.0; BANDS], into_room: [1.0; BANDS] }
    }
}

/// Blocks that a new voice waits for the worker; without a word from it, it is heard as in the open.
const PATIENCE: u8 = 10;

/// Share of the way to a new path that is gone in a block: the worker's twenty steps a second become a glide.
const GLIDE: f32 = 0.3;

/// Lets a voice through once it is known what stands before it: nothing slips out of a closed room meanwhile.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gate {
    serial: u32,
    waited: u8,
    /// As it was heard in the last block.
    path: Option<Path>,
}

impl Gate {
    /// How the voice of this serial comes now, if at all.
    pub(crate) fn path(&mut self, serial: u32, known: &Path) -> Option<Path> {
        if self.serial != serial {
            *self = Self { serial, ..Self::default() };
        }
        let is_known = known.serial == serial;
        self.waited = (self.waited + 1).min(PATIENCE);
        if !is_known && self.waited < PATIENCE && self.path.is_none() {
            return None;
        }
        let to = if is_known { *known } else { self.path.unwrap_or_default() };
        self.path = Some(match self.path {
            None => to,
            Some(from) => Path {
                serial,
                direct: glided(from.direct, to.direct),
                into_room: glided(from.into_room, to.into_room),
            },
        });
        self.path
    }
}

fn glided(from: Band, to: Band) -> Band {
    std::array::from_fn(|band| from[band] + (to[band] - from[band]) * GLIDE)
}

/// Updates for which a listener who is in no space counts as in the last one: who goes through a door is in the wall.
const LOST: u8 = 20;

/// The space that a listener is in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Whereabouts {
    space: Option<usize>,
    lost: u8,
}

impl Whereabouts {
    /// Takes what was found in this update; gives what counts.
    pub(crate) fn follow(&mut self, found: Option<usize>) -> Option<usize> {
        if found.is_some() || self.lost >= LOST {
            *self = Self { space: found, lost: 0 };
        } else if self.space.is_some() {
            self.lost += 1;
        }
        self.space
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BLOCK;

    fn source(slot: usize, x: f32) -> Source<'static> {
        Source { slot, position: Vec3::new(x, 0.0, 0.0), gain: 1.0, samples: &[0.0; BLOCK] }
    }

    #[test]
    fn another_speaker_on_a_slot_gets_another_serial() {
        let mut places = Places::default();
        let mut serial = |sources: &[Source<'_>]| {
            places.follow(Listener::default(), sources);
            places.sources[3].map(|place| place.serial)
        };
        assert_eq!(serial(&[source(3, 1.0)]), Some(1));
        assert_eq!(serial(&[source(3, 1.1)]), Some(1), "a step");
        assert_eq!(serial(&[source(3, 9.0)]), Some(2), "a leap");
        assert_eq!(serial(&[]), None);
        assert_eq!(serial(&[source(3, 9.0)]), Some(3), "gone and back");
    }

    #[test]
    fn what_is_nowhere_or_twice_is_left_out() {
        let mut places = Places::default();
        places.follow(
            Listener::default(),
            &[source(99, 0.0), source(1, f32::NAN), source(2, 1.0), source(2, 5.0)],
        );
        assert_eq!(places.sources.iter().flatten().count(), 1);
        assert_eq!(places.sources[2].map(|place| place.position.x), Some(1.0));
    }

    #[test]
    fn a_gate_opens_when_the_path_is_known_or_after_a_while() {
        let (mut gate, unknown) = (Gate::default(), Path::default());
        let known = Path { serial: 7, direct: [0.5; BANDS], into_room: [0.5; BANDS] };
        assert_eq!(gate.path(7, &unknown), None);
        assert_eq!(gate.path(7, &known), Some(known), "at once, without a glide from nowhere");
        let free = Path { direct: [1.0; BANDS], ..known };
        let direct = |path: Option<Path>| path.map(|path| path.direct[0]);
        assert_eq!(direct(gate.path(7, &free)), Some(0.65));
        assert!((0..40).all(|_| direct(gate.path(7, &free)) < Some(1.001)));
        assert!(direct(gate.path(7, &free)) > Some(0.999));
        let heard: Vec<bool> = (0..12).map(|_| gate.path(8, &known).is_some()).collect();
        assert_eq!(heard.iter().position(|is_heard| *is_heard), Some(9));
        assert_eq!(direct(gate.path(8, &unknown)), Some(1.0));
    }

    #[test]
    fn who_goes_through_a_wall_is_in_the_last_room_for_a_while() {
        let mut whereabouts = Whereabouts::default();
        assert_eq!(whereabouts.follow(None), None);
        assert_eq!(whereabouts.follow(Some(2)), Some(2));
        let left = (0..40).take_while(|_| whereabouts.follow(None).is_some()).count();
        assert_eq!(left, usize::from(LOST));
    }
}
