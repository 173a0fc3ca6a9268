//! Which voices one listener is sent: the loudest where the listener stands, with some reluctance to change.
//!
//! It must not know why a voice is loud.

use arrayvec::ArrayVec;
use venue_protocol::MAX_VOICES;

/// Voices at once before anything is known of the path.
const FIRST_MOST: usize = 8;

/// Voices at once on the worst path.
const LEAST_MOST: usize = 3;

/// How much louder another voice must be to take the place of one that is heard, decibels.
const RELUCTANCE: f32 = 6.0;

/// Loss above which a path carries fewer voices, and below which it may carry more, 255ths: 5 % and 1 %.
const BAD: u8 = 13;
const GOOD: u8 = 3;

/// A speaker among those that a listener is sent.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Heard {
    speaker: usize,
    loudness: f32,
}

/// What one listener is sent.
#[derive(Debug)]
pub struct Hearing {
    heard: ArrayVec<Heard, MAX_VOICES>,
    most: usize,
}

impl Default for Hearing {
    fn default() -> Self {
        Self { heard: ArrayVec::new(), most: FIRST_MOST }
    }
}

impl Hearing {
    /// Everybody who is sent.
    pub fn speakers(&self) -> impl Iterator<Item = usize> {
        self.heard.iter().map(|heard| heard.speaker)
    }

    /// How many may be sent at once.
    #[cfg(test)]
    pub fn most(&self) -> usize {
        self.most
    }

    /// Chooses anew among all who speak and may be heard, each with its loudness; not more than `limit`.
    pub fn choose(&mut self, all: impl Iterator<Item = (usize, f32)>, limit: usize) {
        let before = std::mem::take(&mut self.heard);
        let most = self.most.min(limit);
        for (speaker, loudness) in all {
            let is_heard = before.iter().any(|heard| heard.speaker == speaker);
            let loudness = loudness + if is_heard { RELUCTANCE } else { 0.0 };
            insert(&mut self.heard, most, Heard { speaker, loudness });
        }
        for heard in &mut self.heard {
            let was_heard = before.iter().any(|before| before.speaker == heard.speaker);
            heard.loudness -= if was_heard { RELUCTANCE } else { 0.0 };
        }
    }

    /// Somebody begins to speak; whether the listener is sent it. Who must make place is given too.
    pub fn offer(&mut self, speaker: usize, loudness: f32, limit: usize) -> Offer {
        if self.heard.iter().any(|heard| heard.speaker == speaker) {
            return Offer::Taken(None);
        }
        let heard = Heard { speaker, loudness };
        if self.heard.len() < self.most.min(limit) {
            self.heard.push(heard);
            return Offer::Taken(None);
        }
        let weakest = self.heard.iter_mut().min_by(|one, other| one.loudness.total_cmp(&other.loudness));
        match weakest {
            Some(weakest) if weakest.loudness + RELUCTANCE < loudness => {
                Offer::Taken(Some(std::mem::replace(weakest, heard).speaker))
            }
            _ => Offer::Refused,
        }
    }

    /// The listener says which part of the voices did not come: the path decides how many it carries.
    pub fn adapt(&mut self, lost: u8) {
        if lost > BAD {
            self.most = (self.most * 2 / 3).max(LEAST_MOST);
        } else if lost <= GOOD && self.heard.len() >= self.most {
            self.most = (self.most + 1).min(MAX_VOICES);
        }
    }
}

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The listener is sent the voice, perhaps instead of another.
    Taken(Option<usize>),
    /// All that are sent are louder.
    Refused,
}

/// Keeps the loudest `most`.
fn insert(kept: &mut ArrayVec<Heard, MAX_VOICES>, most: usize, new: Heard) {
    if kept.len() < most.min(MAX_VOICES) {
        kept.push(new);
    } else if let Some(weakest) = kept.iter_mut().min_by(|one, other| one.loudness.total_cmp(&other.loudness))
        && weakest.loudness < new.loudness
    {
        *weakest = new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(hearing: &Hearing) -> Vec<usize> {
        let mut all: Vec<usize> = hearing.speakers().collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn the_loudest_are_heard_and_do_not_flicker() {
        let mut hearing = Hearing::default();
        hearing.choose((0..12).map(|n| (n, -(n as f32))), MAX_VOICES);
        assert_eq!(sorted(&hearing), (0..8).collect::<Vec<_>>());
        // The ninth is a little louder now than the eighth: no change; much louder: a change.
        let slightly = |n: usize| if n == 8 { -6.0 } else { -(n as f32) };
        hearing.choose((0..12).map(|n| (n, slightly(n))), MAX_VOICES);
        assert_eq!(sorted(&hearing), (0..8).collect::<Vec<_>>());
        let much = |n: usize| if n == 8 { 0.0 } else { -(n as f32) };
        hearing.choose((0..12).map(|n| (n, much(n))), MAX_VOICES);
        assert_eq!(sorted(&hearing), [0, 1, 2, 3, 4, 5, 6, 8]);
    }

    #[test]
    fn who_begins_to_speak_is_heard_at_once_where_there_is_room_or_nobody_as_loud() {
        let mut hearing = Hearing::default();
        (0..8).for_each(|n| assert_eq!(hearing.offer(n, -20.0, MAX_VOICES), Offer::Taken(None)));
        assert_eq!(hearing.offer(8, -16.0, MAX_VOICES), Offer::Refused);
        assert_eq!(hearing.offer(9, -10.0, MAX_VOICES), Offer::Taken(Some(0)));
        assert_eq!(hearing.offer(9, -10.0, MAX_VOICES), Offer::Taken(None), "heard already");
    }

    #[test]
    fn a_path_that_loses_carries_fewer_and_a_good_one_more() {
        let mut hearing = Hearing::default();
        hearing.adapt(100);
        assert_eq!(hearing.most(), 5);
        (0..9).for_each(|_| hearing.adapt(100));
        assert_eq!(hearing.most(), LEAST_MOST);
        hearing.adapt(0);
        assert_eq!(hearing.most(), LEAST_MOST, "more is of no use while fewer speak");
        for _ in 0..40 {
            hearing.choose((0..100).map(|n| (n, 0.0)), MAX_VOICES);
            hearing.adapt(0);
        }
        assert_eq!(hearing.most(), MAX_VOICES);
        hearing.choose((0..100).map(|n| (n, 0.0)), 8);
        assert_eq!(sorted(&hearing).len(), 8, "a server that has much to do sends no more than that");
    }
}
