//! When the system has another middle of the play space: said before it is so, and for each kind of space.
//!
//! Pure; it must not know what the venue makes of it.

use openxr::{ReferenceSpaceType, Time};

/// A change of the play space's origin that was said.
pub struct Recentering {
    play: ReferenceSpaceType,
    /// From this moment on; the later one of two.
    from: Option<Time>,
}

impl Recentering {
    /// Of a play space of this kind.
    pub fn new(play: ReferenceSpaceType) -> Self {
        Self { play, from: None }
    }

    /// Another origin of a space is said to be there from a moment on.
    pub fn handle(&mut self, space: ReferenceSpaceType, from: Time) {
        // Both have one origin but for its height, and not every runtime speaks of both.
        let is_near = self.play == ReferenceSpaceType::LOCAL_FLOOR && space == ReferenceSpaceType::LOCAL;
        if space == self.play || is_near {
            let before = self.from.filter(|before| before.as_nanos() > from.as_nanos());
            self.from = before.or(Some(from));
        }
    }

    /// Whether what is seen at this moment is the first since the change; asks once. Before, all poses are still those of the
    /// old origin.
    pub fn take(&mut self, seen_at: Time) -> bool {
        self.from.take_if(|from| from.as_nanos() <= seen_at.as_nanos()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_counts_once_from_its_moment_on() {
        let mut recentering = Recentering::new(ReferenceSpaceType::LOCAL_FLOOR);
        recentering.handle(ReferenceSpaceType::LOCAL_FLOOR, Time::from_nanos(250));
        recentering.handle(ReferenceSpaceType::LOCAL, Time::from_nanos(240));
        let seen = [100, 200, 260, 300].map(|nanos| recentering.take(Time::from_nanos(nanos)));
        assert_eq!(seen, [false, false, true, false]);
    }

    #[test]
    fn other_spaces_move_nobody() {
        let check = |play, changed, expected| {
            let mut recentering = Recentering::new(play);
            recentering.handle(changed, Time::from_nanos(1));
            assert_eq!(recentering.take(Time::from_nanos(2)), expected, "{play:?} {changed:?}");
        };
        check(ReferenceSpaceType::LOCAL_FLOOR, ReferenceSpaceType::LOCAL, true);
        check(ReferenceSpaceType::LOCAL_FLOOR, ReferenceSpaceType::STAGE, false);
        check(ReferenceSpaceType::STAGE, ReferenceSpaceType::STAGE, true);
        check(ReferenceSpaceType::STAGE, ReferenceSpaceType::LOCAL, false);
        check(ReferenceSpaceType::LOCAL_FLOOR, ReferenceSpaceType::VIEW, false);
    }
}
