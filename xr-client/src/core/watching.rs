//! The line for a place in a full event, as one client sees it: who waits, who was brought in, and what becomes of oneself.
//!
//! It must not decide whose turn it is: the server does, and says so.

use super::client::{ClientCore, CoreEvent};
use super::connect::Connector;
use crate::panels::model::Notice;
use crate::panels::order_model::WatchNews;
use venue_model::ParticipantKind;
use venue_protocol::{Watch, WatchState};

impl<C: Connector> ClientCore<C> {
    /// What the person was invited as: who watches a full event is an observer until there is a place.
    pub(super) fn kind_with_place(&self) -> Option<ParticipantKind> {
        let you = self.you()?;
        Some(self.people.in_line(you.id).map_or(you.kind, |watch| watch.kind))
    }

    /// Somebody watches, was brought in, or has a place now.
    pub(super) fn take_watch(&mut self, watch: Watch) {
        let id = watch.participant;
        let before = self.people.in_line(id).map(|watch| watch.state);
        let state = watch.state;
        self.people.set_watch(watch);
        if self.own_id() == Some(id) {
            let news = match (before, state) {
                (Some(WatchState::BroughtIn), WatchState::Watching) => Some(WatchNews::SentBack),
                (Some(_), WatchState::Over) => Some(WatchNews::CameIn),
                (Some(WatchState::Watching), WatchState::BroughtIn) => Some(WatchNews::BroughtIn),
                _ => None,
            };
            return news.into_iter().for_each(|news| self.emit(CoreEvent::Notice(Notice::Watching(news))));
        }
        let Some(space) = self.people.get(id).and_then(|entry| entry.space) else { return };
        match state {
            // The body is gone at once, not when nothing was heard of it for long; what is still on its way shows it no more.
            WatchState::Watching => self.replica.forget(space, id),
            WatchState::BroughtIn | WatchState::Over => self.replica.admit(space, id),
        }
    }
}
