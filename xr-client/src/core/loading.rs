//! The venue on its way in: what the loader says becomes events, requests and stages.
//!
//! It must not know files' insides; `venue.rs` and `content.rs` do.

use super::client::{ClientCore, CoreEvent};
use super::connect::Connector;
use super::stage::{Consequence, Stage};
use super::venue::VenueEvent;
use crate::panels::model::Notice;
use crate::sentence::Problem;
use venue_transport::ClientTransport as _;

/// After so long in the venue, µs, the way there counts as good: the next loss begins with the shortest pause.
const SETTLED_MICROS: u64 = 10_000_000;

impl<C: Connector> ClientCore<C> {
    /// Takes what has come of the venue, asks for what is missing, and enters when the first room is here.
    pub(super) fn load(&mut self) {
        self.venue.advance(self.now, self.config.cache.as_mut());
        self.take_venue_events();
        self.request_files();
        self.end_if_hopeless();
        if self.stage == Stage::Loading && self.venue.is_enterable() {
            self.inside_since = Some(self.now);
            self.set_stage(Stage::Inside);
            self.emit(CoreEvent::Jumped);
        }
        if self.stage == Stage::Inside
            && self.inside_since.is_some_and(|since| self.now.micros_since(since) >= SETTLED_MICROS)
        {
            self.inside_since = None;
            self.backoff.reset();
        }
    }

    fn take_venue_events(&mut self) {
        while let Some(event) = self.venue.poll_event() {
            self.changed();
            match event {
                VenueEvent::Opened(manifest) => {
                    self.emit(CoreEvent::VenueOpened(manifest));
                    self.enter_replica();
                    // What is kept for talks may have been told before it was known where that is.
                    self.mind_kept();
                }
                VenueEvent::Floor => self.body.leave_floor(),
                VenueEvent::Tiles(tileset) => self.emit(CoreEvent::Tiles(tileset)),
                VenueEvent::Tile { file, bytes } => self.emit(CoreEvent::Tile { file, bytes }),
                VenueEvent::TileFailed(file) => self.emit(CoreEvent::TileFailed(file)),
                VenueEvent::Problem(problem) => self.emit(CoreEvent::Notice(Notice::Problem(problem))),
            }
        }
    }

    fn request_files(&mut self) {
        let Some(connection) = self.connection.as_mut().filter(|connection| connection.session.is_inside())
        else {
            return;
        };
        while let Some(request) = self.venue.poll_request() {
            // A connection that is going away tells so by itself; the next one asks again.
            if connection.transport.request_file(request.hash, request.bytes).is_err() {
                break;
            }
        }
    }

    fn end_if_hopeless(&mut self) {
        let is_concerned = self.admission.is_some() && matches!(self.stage, Stage::Loading | Stage::Inside);
        let stuck = || Problem::LoadingStalled {
            host: self.goal.as_ref().map_or_else(String::new, |goal| goal.place.host.clone()),
        };
        let is_stuck = self.stage == Stage::Loading && self.venue.is_stuck();
        let problem = self.venue.failure().cloned().or_else(|| is_stuck.then(stuck));
        if let Some(problem) = problem.filter(|_| is_concerned) {
            self.disconnect();
            self.suffer(Consequence::End(problem));
        }
    }
}
