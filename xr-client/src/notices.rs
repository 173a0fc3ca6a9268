//! Short words that wait to be shown: what went wrong before who came and went, each for a while, never too many.
//!
//! It must not know how notices look. Time passes only while somebody can see them.

use crate::panels::model::Notice;
use std::collections::VecDeque;
use venue_protocol::LocalTime;

/// How long a notice is shown, µs.
const SHOWN_MICROS: u64 = 6_000_000;

/// After this time, µs, nobody wants to know any more who came in or left.
const STALE_MICROS: u64 = 15_000_000;

/// Notices that wait or are shown.
const MAX_NOTICES: usize = 4;

/// How much a notice matters; the higher are shown first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Who comes and goes.
    Fleeting,
    /// What happened to oneself.
    Own,
    /// What went wrong.
    Problem,
}

#[derive(Clone, Debug)]
struct Waiting {
    notice: Notice,
    told_at: LocalTime,
    shown_micros: u64,
}

/// The notices of one client; the first is the one that is shown.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    waiting: VecDeque<Waiting>,
    now: LocalTime,
}

impl Notices {
    /// Takes a notice; one that says the same as another is shown anew instead of twice.
    pub fn add(&mut self, notice: Notice, now: LocalTime) {
        let is_asked_again = |known: &Notice| {
            let is_of_builder = |n: &Notice| matches!(n, Notice::VenueRenewed | Notice::VenueNote { .. });
            let is_copy = |n: &Notice| matches!(n, Notice::Copied { .. });
            matches!((known, &notice), (Notice::Where(_), Notice::Where(_)))
                || (is_of_builder(known) && is_of_builder(&notice))
                || (is_copy(known) && is_copy(&notice))
        };
        self.waiting.retain(|known| known.notice != notice && !is_asked_again(&known.notice));
        let rank = rank_of(&notice);
        // Newer ones stand behind older ones of their rank, but who came in last is news and who came before is not.
        let stands_before = |known: &Waiting| match rank {
            Rank::Fleeting => rank_of(&known.notice) > rank,
            Rank::Own | Rank::Problem => rank_of(&known.notice) >= rank,
        };
        let at = self.waiting.iter().take_while(|known| stands_before(known)).count();
        self.waiting.insert(at, Waiting { notice, told_at: now, shown_micros: 0 });
        self.waiting.truncate(MAX_NOTICES);
    }

    /// Lets time pass; `is_seen` says whether the first notice was on a screen since the last call.
    pub fn advance(&mut self, now: LocalTime, is_seen: bool) {
        let passed = now.micros_since(self.now);
        self.now = now;
        if let Some(first) = self.waiting.front_mut().filter(|_| is_seen) {
            first.shown_micros += passed;
        }
        self.waiting.retain(|waiting| {
            let is_stale = rank_of(&waiting.notice) == Rank::Fleeting
                && now.micros_since(waiting.told_at) >= STALE_MICROS;
            waiting.shown_micros < SHOWN_MICROS && !is_stale
        });
    }

    /// One is in another room: who came into the last one and left it is no news here.
    pub fn forget_the_room(&mut self) {
        self.waiting.retain(|waiting| rank_of(&waiting.notice) != Rank::Fleeting);
    }

    /// What is to be shown.
    pub fn first(&self) -> Option<&Notice> {
        self.waiting.front().map(|waiting| &waiting.notice)
    }

    /// The id of the newest problem that was told and not yet seen for long enough.
    pub fn newest_problem(&self) -> Option<&'static str> {
        let problems = self.waiting.iter().filter_map(|waiting| match &waiting.notice {
            Notice::Problem(problem) => Some((waiting.told_at, problem.id())),
            _ => None,
        });
        // The last of equals is the newest.
        problems.max_by_key(|(told_at, _)| *told_at).map(|(_, id)| id)
    }
}

fn rank_of(notice: &Notice) -> Rank {
    match notice {
        Notice::Problem(_) | Notice::VenueNote { .. } => Rank::Problem,
        Notice::PutBack
        | Notice::Observing
        | Notice::Watching(_)
        | Notice::Reconnected
        | Notice::HandNotOpen
        | Notice::MicrophoneClosed
        | Notice::MicrophoneShut(_)
        | Notice::Talk(_)
        | Notice::HeightMeasured
        | Notice::HeightNotMeasured
        | Notice::Where(_)
        | Notice::ActDone(_)
        | Notice::ActRefused(_)
        | Notice::ActUndone(_)
        | Notice::ActTold { .. }
        | Notice::SummonsEnded { .. }
        | Notice::Safety(_)
        | Notice::NoWay(_)
        | Notice::Overlay { .. }
        | Notice::Copied { .. }
        | Notice::NothingToCopy
        | Notice::VenueRenewed
        | Notice::Announced(_) => Rank::Own,
        Notice::HandRaised { .. } | Notice::Arrived { .. } | Notice::Departed { .. } => Rank::Fleeting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentence::Problem;

    const SECOND: u64 = 1_000_000;

    fn arrived(name: &str) -> Notice {
        Notice::Arrived { name: name.into() }
    }

    #[test]
    fn who_came_and_went_is_forgotten_with_the_room_and_problems_are_not() {
        let mut notices = Notices::default();
        notices.add(arrived("Ana"), LocalTime(0));
        notices.add(problem("a"), LocalTime(0));
        notices.add(Notice::Departed { name: "Bo".into() }, LocalTime(0));
        notices.forget_the_room();
        assert_eq!(notices.first(), Some(&problem("a")));
        assert_eq!(notices.waiting.len(), 1);
    }

    fn problem(file: &str) -> Notice {
        Notice::Problem(Problem::MissingFile { file: file.into() })
    }

    fn all(notices: &mut Notices) -> Vec<Notice> {
        let mut seen = Vec::new();
        while let Some(first) = notices.first().cloned() {
            seen.push(first);
            let now = notices.now + SHOWN_MICROS;
            notices.advance(now, true);
        }
        seen
    }

    #[test]
    fn problems_come_before_who_came_in_and_nothing_overwrites_them() {
        let mut notices = Notices::default();
        notices.add(arrived("Ada"), LocalTime(0));
        notices.add(problem("a"), LocalTime(0));
        notices.add(Notice::PutBack, LocalTime(0));
        notices.add(problem("b"), LocalTime(0));
        notices.add(arrived("Bo"), LocalTime(0));
        assert_eq!(all(&mut notices), [problem("a"), problem("b"), Notice::PutBack]);
    }

    #[test]
    fn the_queue_is_short_and_drops_what_matters_least() {
        let mut notices = Notices::default();
        for file in ["a", "b", "c", "d", "e"] {
            notices.add(arrived(file), LocalTime(0));
            notices.add(problem(file), LocalTime(0));
        }
        assert_eq!(all(&mut notices), ["a", "b", "c", "d"].map(problem));
    }

    #[test]
    fn time_passes_only_while_the_notice_is_seen() {
        let mut notices = Notices::default();
        notices.add(problem("a"), LocalTime(0));
        notices.advance(LocalTime(60 * SECOND), false);
        assert!(notices.first().is_some());
        notices.advance(LocalTime(65 * SECOND), true);
        assert!(notices.first().is_some());
        notices.advance(LocalTime(66 * SECOND), true);
        assert!(notices.first().is_none());
    }

    #[test]
    fn who_came_in_long_ago_is_no_news_and_a_repeated_notice_is_one() {
        let mut notices = Notices::default();
        notices.add(arrived("Ada"), LocalTime(0));
        notices.add(problem("a"), LocalTime(0));
        notices.add(problem("a"), LocalTime(SECOND));
        notices.advance(LocalTime(16 * SECOND), false);
        assert_eq!(all(&mut notices), [problem("a")]);
    }

    #[test]
    fn a_script_learns_the_newest_problem() {
        let mut notices = Notices::default();
        notices.add(problem("a"), LocalTime(0));
        notices.add(Notice::Problem(Problem::LinkEmpty), LocalTime(1));
        assert_eq!(notices.newest_problem(), Some("problem-link-empty"));
    }
}
