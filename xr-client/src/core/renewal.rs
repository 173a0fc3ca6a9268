//! The venue changes while one is in it, as it does under the hands of whoever builds it: the new state is loaded, what
//! is the same stays, and one stays where one is as far as that still exists.
//!
//! It must not know why the venue changed.

use super::client::{ClientCore, CoreEvent};
use super::connect::Connector;
use crate::panels::model::Notice;
use venue_package::limits::MANIFEST_BYTES;
use venue_protocol::{PlacementCause, VenueNote, VenueRenewed};

impl<C: Connector> ClientCore<C> {
    /// What a builder's tools said last.
    pub fn venue_note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    pub(super) fn take_renewal(&mut self, message: VenueRenewed) {
        if u64::from(message.manifest_bytes) > MANIFEST_BYTES {
            // No server of ours sends one; the state before is still good.
            return;
        }
        if let Some(admission) = &mut self.admission {
            (admission.space, admission.epoch) = (message.space, message.epoch);
            admission.open_spaces = message.open_spaces;
        }
        // Positions are sent relative to the space, whose new bounds are not known yet.
        self.replica.clear();
        (self.errand, self.seat_wish, self.note) = (None, None, None);
        self.venue.renew(message.manifest, u64::from(message.manifest_bytes), message.space);
        self.body.place(message.place, message.posture, message.placement, message.cause);
        if message.cause != PlacementCause::Door {
            self.emit(CoreEvent::Jumped);
        }
        self.emit(CoreEvent::Notice(Notice::VenueRenewed));
    }

    pub(super) fn take_note(&mut self, message: &VenueNote) {
        let words = message.words.to_string();
        self.emit(CoreEvent::Notice(Notice::VenueNote { words: words.clone() }));
        self.note = Some(words);
    }
}

#[cfg(test)]
mod tests {
    use crate::core::client::tests::Stand;
    use crate::core::{CoreEvent, Stage};
    use crate::panels::model::Notice;
    use crate::testing::marked_package;
    use glam::Vec3;
    use venue_model::{Place, Posture, SpaceEpoch, SpaceId};
    use venue_protocol::{Placement, PlacementCause, VenueNote, VenueNoteWords, VenueRenewed};

    fn renewed(stand: &Stand, at: Vec3, cause: PlacementCause) -> VenueRenewed {
        let (manifest, manifest_bytes) = stand.server.borrow().manifest();
        VenueRenewed {
            manifest,
            manifest_bytes,
            open_spaces: vec![SpaceId(1)],
            space: SpaceId(1),
            epoch: SpaceEpoch(2),
            placement: Placement(9),
            place: Place { position: at, yaw: 0.0 },
            posture: Posture::Standing,
            cause,
        }
    }

    #[test]
    fn the_new_state_is_loaded_and_one_stays_where_one_is() {
        let mut stand = Stand::entered(3);
        let (here, before) = (stand.core.body().pose().root, stand.core.manifest().unwrap().clone());
        assert!(before.screens.is_empty());
        stand.events();
        stand.server.borrow_mut().host(marked_package());
        let message = renewed(&stand, here, PlacementCause::Door);
        stand.server.borrow_mut().session().send(&message.into());
        stand.run(2);
        assert_eq!(*stand.core.stage(), Stage::Inside, "the old state is there until the new one is");
        assert!(stand.core.manifest().is_some() && stand.core.walkable().is_some());
        stand.run(30);
        assert_eq!((stand.core.manifest().unwrap().screens.len(), stand.core.body().pose().root), (1, here));
        assert_eq!(stand.core.body().placement(), Placement(9));
        assert_eq!(stand.core.walkable().unwrap().mesh().polygons.len(), 2, "the new floor");
        assert!(stand.core.is_loaded() && !stand.core.may_enter(SpaceId(2)));
        let events = stand.events();
        assert!(events.iter().any(|event| matches!(event, CoreEvent::Notice(Notice::VenueRenewed))));
        assert!(!events.iter().any(|event| matches!(event, CoreEvent::Jumped)));
        // And one walks on over the new floor.
        stand.intent.walk = glam::Vec2::Y;
        stand.run(30);
        assert!(stand.core.body().pose().root.distance(here) > 0.3);
    }

    #[test]
    fn who_was_put_elsewhere_is_there_and_a_note_is_shown() {
        let mut stand = Stand::entered(0);
        stand.events();
        stand.server.borrow_mut().host(marked_package());
        let message = renewed(&stand, Vec3::new(2.0, 0.0, 3.0), PlacementCause::Asked);
        stand.server.borrow_mut().session().send(&message.into());
        let words = VenueNoteWords::lossy("line 5: a door is missing");
        stand.server.borrow_mut().session().send(&VenueNote { words }.into());
        stand.run(30);
        assert_eq!(stand.core.body().pose().root, Vec3::new(2.0, 0.0, 3.0));
        assert_eq!(stand.core.venue_note(), Some("line 5: a door is missing"));
        assert!(stand.events().iter().any(|event| matches!(event, CoreEvent::Jumped)));
    }
}
