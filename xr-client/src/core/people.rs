//! Who is in the event, where they are, and which seats are taken: what the server says, and nothing else.
//!
//! It must not know where bodies stand; that comes by datagrams.

use std::collections::{BTreeMap, BTreeSet};
use venue_model::{Participant, ParticipantId, SeatId, ServerTime, SpaceId};
use venue_protocol::{Appearance, Microphone, Presence, SeatTaken, Watch, WatchState};

/// Most people who left but are remembered for the texts that they wrote.
const MAX_REMEMBERED: usize = 2_000;

/// One person.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Who.
    pub participant: Participant,
    /// Looks.
    pub appearance: Appearance,
    /// Where; none for those who left.
    pub space: Option<SpaceId>,
}

/// Everybody in the event but the person of this client.
#[derive(Clone, Debug, Default)]
pub struct People {
    entries: BTreeMap<ParticipantId, Entry>,
    seats: BTreeMap<SeatId, ParticipantId>,
    /// Hands that are up, one's own too, in the order in which they went up.
    hands: Vec<(ServerTime, ParticipantId)>,
    /// The line for a place in a full event, who came first first; one's own place too.
    line: Vec<Watch>,
    /// Microphones that are not as everybody's is at the arrival.
    microphones: BTreeMap<ParticipantId, Microphone>,
    /// Who is in a private talk.
    talkers: BTreeSet<ParticipantId>,
    /// Counts what was heard.
    revision: u64,
}

impl People {
    /// Another number as soon as anything that is known of anybody may have changed: who looks somebody up in every frame need
    /// not as long as it stays.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Begins anew with what a welcome tells; those who were known and are gone stay as gone.
    pub fn restart(&mut self, people: &[Presence], seats: &[SeatTaken]) {
        self.revision += 1;
        for entry in self.entries.values_mut() {
            entry.space = None;
        }
        for presence in people {
            self.set(presence);
        }
        self.seats = seats.iter().map(|taken| (taken.seat, taken.participant)).collect();
        self.hands.clear();
        self.line.clear();
        self.microphones.clear();
        self.talkers.clear();
    }

    /// Takes over what is known of a person now; true when the person was not here before.
    pub fn set(&mut self, presence: &Presence) -> bool {
        self.revision += 1;
        let entry = Entry {
            participant: presence.participant.clone(),
            appearance: presence.appearance,
            space: Some(presence.space),
        };
        let before = self.entries.insert(presence.participant.id, entry);
        before.is_none_or(|before| before.space.is_none())
    }

    /// A person left.
    pub fn leave(&mut self, id: ParticipantId) {
        self.revision += 1;
        self.lower_hand(id);
        self.line.retain(|known| known.participant != id);
        self.microphones.remove(&id);
        self.talkers.remove(&id);
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.space = None;
        }
        let gone = self.entries.values().filter(|entry| entry.space.is_none()).count();
        if gone > MAX_REMEMBERED {
            let first = self.entries.iter().find(|(_, entry)| entry.space.is_none()).map(|(id, _)| *id);
            first.and_then(|id| self.entries.remove(&id));
        }
    }

    /// A seat was taken.
    pub fn take_seat(&mut self, seat: SeatId, participant: ParticipantId) {
        self.revision += 1;
        self.seats.retain(|_, sitter| *sitter != participant);
        self.seats.insert(seat, participant);
    }

    /// A seat is free again.
    pub fn free_seat(&mut self, seat: SeatId) {
        self.revision += 1;
        self.seats.remove(&seat);
    }

    /// Who sits there.
    pub fn sitter_on(&self, seat: SeatId) -> Option<ParticipantId> {
        self.seats.get(&seat).copied()
    }

    /// A hand went up at this time.
    pub fn raise_hand(&mut self, id: ParticipantId, at: ServerTime) {
        self.revision += 1;
        self.lower_hand(id);
        let place = self.hands.partition_point(|known| *known < (at, id));
        self.hands.insert(place, (at, id));
    }

    /// A hand is down.
    pub fn lower_hand(&mut self, id: ParticipantId) {
        self.revision += 1;
        self.hands.retain(|(_, raised)| *raised != id);
    }

    /// Whose hands are up, who raised theirs first first.
    pub fn hands(&self) -> impl Iterator<Item = ParticipantId> {
        self.hands.iter().map(|(_, id)| *id)
    }

    /// Whether a person's hand is up.
    pub fn has_raised_hand(&self, id: ParticipantId) -> bool {
        self.hands().any(|raised| raised == id)
    }

    /// How somebody takes part who came to a full event.
    pub fn set_watch(&mut self, watch: Watch) {
        self.revision += 1;
        self.line.retain(|known| known.participant != watch.participant);
        if watch.state != WatchState::Over {
            let place = |known: &Watch| (known.since, known.participant) < (watch.since, watch.participant);
            let at = self.line.partition_point(place);
            self.line.insert(at, watch);
        }
    }

    /// The line for a place, who came first first.
    pub fn line(&self) -> &[Watch] {
        &self.line
    }

    /// How somebody takes part who came to a full event; none for who has a place.
    pub fn in_line(&self, id: ParticipantId) -> Option<&Watch> {
        self.line.iter().find(|watch| watch.participant == id)
    }

    /// A person's microphone is like this now.
    pub fn set_microphone(&mut self, id: ParticipantId, microphone: Microphone) {
        self.revision += 1;
        match microphone {
            Microphone::Muted => self.microphones.remove(&id),
            Microphone::MutedByModerator | Microphone::Open => self.microphones.insert(id, microphone),
        };
    }

    /// Somebody is in a private talk now, or not any more.
    pub fn set_in_talk(&mut self, id: ParticipantId, is_in: bool) {
        self.revision += 1;
        match is_in {
            true => self.talkers.insert(id),
            false => self.talkers.remove(&id),
        };
    }

    /// Whether somebody is in a private talk; with whom is not known.
    pub fn is_in_talk(&self, id: ParticipantId) -> bool {
        self.talkers.contains(&id)
    }

    /// Everybody who is in a private talk.
    pub fn talkers(&self) -> impl Iterator<Item = ParticipantId> {
        self.talkers.iter().copied()
    }

    /// Those whose microphones a moderator closed.
    pub fn muted(&self) -> impl Iterator<Item = ParticipantId> {
        let muted = self.microphones.iter().filter(|(_, known)| **known == Microphone::MutedByModerator);
        muted.map(|(id, _)| *id)
    }

    /// A person's microphone.
    pub fn microphone(&self, id: ParticipantId) -> Microphone {
        self.microphones.get(&id).copied().unwrap_or_default()
    }

    /// One person.
    pub fn get(&self, id: ParticipantId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// Everybody, those who left too.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> + Clone {
        self.entries.values()
    }

    /// The person with this name who is here, if it is one alone.
    pub fn named(&self, name: &str) -> Option<ParticipantId> {
        let mut found = self.entries.values().filter(|entry| {
            entry.space.is_some() && entry.participant.name.as_str().eq_ignore_ascii_case(name)
        });
        let first = found.next()?;
        found.next().is_none().then_some(first.participant.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::people::PersonName;
    use venue_model::{Language, ParticipantKind, Role};

    fn presence(id: u32, name: &str) -> Presence {
        let participant = Participant {
            id: ParticipantId(id),
            kind: ParticipantKind::Delegate,
            role: Role::Participant,
            name: PersonName::new(name).unwrap(),
            delegation: Default::default(),
            language: Language::En,
        };
        Presence { participant, appearance: Appearance::default(), space: SpaceId(1) }
    }

    fn watch(id: u32, at: u64, state: WatchState) -> Watch {
        Watch {
            participant: ParticipantId(id),
            since: ServerTime(at),
            kind: ParticipantKind::Delegate,
            state,
        }
    }

    #[test]
    fn people_come_and_go_and_are_remembered() {
        let mut people = People::default();
        assert!(people.set(&presence(1, "Ada")));
        assert!(!people.set(&presence(1, "Ada")));
        people.leave(ParticipantId(1));
        assert_eq!(people.get(ParticipantId(1)).unwrap().space, None);
        assert_eq!(people.named("ada"), None);
        assert!(people.set(&presence(1, "Ada")));
        assert_eq!(people.named("ada"), Some(ParticipantId(1)));
    }

    #[test]
    fn a_restart_forgets_who_is_where_but_not_who_they_were() {
        let mut people = People::default();
        people.set(&presence(1, "Ada"));
        people.take_seat(SeatId(3), ParticipantId(1));
        people.restart(&[presence(2, "Bo")], &[]);
        assert_eq!(people.get(ParticipantId(1)).unwrap().space, None);
        assert_eq!(people.sitter_on(SeatId(3)), None);
        assert_eq!(people.named("Bo"), Some(ParticipantId(2)));
    }

    #[test]
    fn a_person_sits_on_one_seat() {
        let mut people = People::default();
        people.take_seat(SeatId(1), ParticipantId(1));
        people.take_seat(SeatId(2), ParticipantId(1));
        assert_eq!(
            (people.sitter_on(SeatId(1)), people.sitter_on(SeatId(2))),
            (None, Some(ParticipantId(1)))
        );
    }

    #[test]
    fn hands_stand_in_the_order_of_the_server_however_they_come() {
        let mut people = People::default();
        people.raise_hand(ParticipantId(3), ServerTime(30));
        people.raise_hand(ParticipantId(2), ServerTime(10));
        people.raise_hand(ParticipantId(1), ServerTime(30));
        people.raise_hand(ParticipantId(2), ServerTime(10));
        assert_eq!(people.hands().collect::<Vec<_>>(), [2, 1, 3].map(ParticipantId));
        people.leave(ParticipantId(1));
        assert!(!people.has_raised_hand(ParticipantId(1)) && people.has_raised_hand(ParticipantId(3)));
        people.restart(&[], &[]);
        assert_eq!(people.hands().count(), 0);
    }

    #[test]
    fn a_line_stands_in_the_order_of_the_server_and_who_has_a_place_is_out_of_it() {
        let mut people = People::default();
        for (id, at) in [(3, 30), (2, 10), (1, 30)] {
            people.set_watch(watch(id, at, WatchState::Watching));
        }
        let line =
            |people: &People| people.line().iter().map(|watch| watch.participant.0).collect::<Vec<_>>();
        assert_eq!(line(&people), [2, 1, 3]);
        people.set_watch(watch(1, 30, WatchState::BroughtIn));
        assert_eq!(line(&people), [2, 1, 3]);
        people.set_watch(watch(2, 10, WatchState::Over));
        people.leave(ParticipantId(3));
        assert_eq!(line(&people), [1]);
        people.restart(&[], &[]);
        assert!(people.line().is_empty());
    }

    #[test]
    fn whatever_changes_has_another_revision() {
        let mut people = People::default();
        let mut last = people.revision();
        let deeds: [fn(&mut People); 10] = [
            |people| people.restart(&[], &[]),
            |people| assert!(people.set(&presence(1, "Ada"))),
            |people| people.take_seat(SeatId(1), ParticipantId(1)),
            |people| people.free_seat(SeatId(1)),
            |people| people.raise_hand(ParticipantId(1), ServerTime(3)),
            |people| people.lower_hand(ParticipantId(1)),
            |people| people.set_watch(watch(1, 3, WatchState::Watching)),
            |people| people.set_microphone(ParticipantId(1), Microphone::MutedByModerator),
            |people| people.set_in_talk(ParticipantId(1), true),
            |people| people.leave(ParticipantId(1)),
        ];
        for deed in deeds {
            deed(&mut people);
            assert_ne!(std::mem::replace(&mut last, people.revision()), people.revision());
        }
        people.get(ParticipantId(1));
        assert_eq!(last, people.revision());
    }

    #[test]
    fn a_name_that_two_share_names_nobody() {
        let mut people = People::default();
        people.set(&presence(1, "Ada"));
        people.set(&presence(2, "Ada"));
        assert_eq!(people.named("Ada"), None);
    }
}
