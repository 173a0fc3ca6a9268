//! Which frame numbers of one sender were heard: each is heard once. Knows no keys.

/// How far behind the newest a frame may come, frames: two and a half seconds.
const LENGTH: u64 = 128;

/// What is known of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    New,
    Seen,
    TooOld,
}

/// The newest number and the ones before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    newest: Option<u64>,
    /// Bit n: the number that is n below the newest was heard.
    seen: u128,
}

impl Window {
    pub fn verdict(&self, number: u64) -> Verdict {
        let Some(newest) = self.newest else { return Verdict::New };
        if number > newest {
            return Verdict::New;
        }
        match newest - number {
            behind @ 0..LENGTH if self.seen & (1 << behind) != 0 => Verdict::Seen,
            0..LENGTH => Verdict::New,
            _ => Verdict::TooOld,
        }
    }

    /// Notes a number that was new, after its packet proved right: nobody else can move the window.
    pub fn mark(&mut self, number: u64) {
        let newest = self.newest.unwrap_or(number);
        if number >= newest {
            let ahead = u32::try_from(number - newest).unwrap_or(u32::MAX);
            self.seen = self.seen.checked_shl(ahead).unwrap_or(0) | 1;
            self.newest = Some(number);
        } else if newest - number < LENGTH {
            self.seen |= 1 << (newest - number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_at_the_edges_are_told_apart() {
        let mut window = Window::default();
        window.mark(1_000);
        assert_eq!(window.verdict(1_000), Verdict::Seen);
        assert_eq!(window.verdict(873), Verdict::New);
        assert_eq!(window.verdict(872), Verdict::TooOld);
        window.mark(u64::MAX);
        assert_eq!(window.verdict(u64::MAX), Verdict::Seen);
        assert_eq!(window.verdict(1_000), Verdict::TooOld);
        assert_eq!(window.verdict(u64::MAX - 1), Verdict::New);
    }

    proptest! {
        #[test]
        fn a_number_is_new_once(numbers in proptest::collection::vec(0u64..400, 0..300)) {
            let (mut window, mut heard) = (Window::default(), BTreeSet::new());
            for number in numbers {
                let newest = heard.last().copied().unwrap_or(0);
                let expected = match heard.contains(&number) {
                    _ if !heard.is_empty() && number + LENGTH <= newest => Verdict::TooOld,
                    true => Verdict::Seen,
                    false => Verdict::New,
                };
                prop_assert_eq!(window.verdict(number), expected);
                if expected == Verdict::New {
                    window.mark(number);
                    heard.insert(number);
                }
            }
        }
    }
}
