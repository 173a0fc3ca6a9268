//! Jumps of the person: a wish to be elsewhere on the floor waits until the server takes the next one.
//!
//! It must not know how a place was chosen.

use super::client::{ClientCore, CoreEvent};
use super::connect::Connector;
use glam::Vec3;
use venue_protocol::LocalTime;

/// A wish that waits longer than this is forgotten, µs.
const PATIENCE_MICROS: u64 = 1_000_000;

/// Where somebody wants to jump to.
#[derive(Clone, Copy, Debug)]
pub(super) struct WishedJump {
    to: Vec3,
    until: LocalTime,
}

impl<C: Connector> ClientCore<C> {
    /// Takes the wish; a newer one takes the place of an older.
    pub(super) fn wish_jump(&mut self, to: Vec3) {
        self.errand = None;
        self.wished_jump = Some(WishedJump { to, until: self.now + PATIENCE_MICROS });
        self.pursue_jump();
    }

    /// Jumps when the last jump is long enough ago: the server would undo an earlier one.
    pub(super) fn pursue_jump(&mut self) {
        let Some(WishedJump { to, until }) = self.wished_jump else { return };
        if self.now > until {
            self.wished_jump = None;
        } else if self.body.may_jump() {
            self.wished_jump = None;
            let walkable = self.venue.walkable().cloned();
            if walkable.is_some_and(|walkable| self.body.teleport(to, &walkable)) {
                self.emit(CoreEvent::Jumped);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rehearsed::Stand;
    use crate::input::Command;
    use glam::Vec3;

    #[test]
    fn a_jump_right_after_another_waits_until_the_server_takes_it() {
        let mut stand = Stand::entered(0);
        let start = stand.core.body().pose().root;
        let to = |metres: f32| start + Vec3::new(metres, 0.0, 0.0);
        stand.wish(Command::Teleport(to(1.0)));
        stand.wish(Command::Teleport(to(2.0)));
        stand.run(1);
        let is_at = |stand: &Stand, place: Vec3| stand.core.body().pose().root.distance(place) < 0.01;
        assert!(is_at(&stand, to(1.0)), "the first is not held up");
        let mut waited = 0;
        while !is_at(&stand, to(2.0)) {
            waited += 1;
            assert!(waited < 60, "it comes at all");
            stand.run(1);
        }
        assert!(waited >= 15, "{waited} frames");
    }
}
