//! The people of one house: who they are, where they are, and what they missed.
//!
//! It must not know connections; a person may be inside without one for a short while.

use crate::rate::{Bucket, Rate};
use crate::store::{InvitationId, PersonId};
use crate::world::LiveLine;
use glam::Vec3;
use hecs::Entity;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use venue_model::{
    DeviceKey, Participant, ParticipantId, ParticipantKind, Place, Role, ServerTime, SpaceId, TextId,
    TextScope, WallTime,
};
use venue_protocol::{Appearance, Microphone, Presence, ServerMessage};

/// Messages that are kept for somebody whose connection was lost; older ones are dropped.
pub const MAX_MISSED: usize = 128;

/// One person inside the house.
#[derive(Debug)]
pub struct Person {
    /// What others may know.
    pub participant: Participant,
    /// How the person looks.
    pub appearance: Appearance,
    /// What only the server knows.
    pub account: Account,
    /// Where the person is.
    pub space: SpaceId,
    /// The person's entity in that space's world; none for a service.
    pub entity: Option<Entity>,
    /// Since when there is no connection; none while there is one.
    pub lost_since: Option<ServerTime>,
    /// How the person takes part who came to a full house; none for who has a place.
    pub watch: Option<Watch>,
    /// Texts that came while there was no connection.
    pub missed: VecDeque<ServerMessage>,
    /// The last texts that this person's device sent, so that one sent again after a lost
    /// connection is answered again and not stored again.
    pub sent: SentTexts,
    /// With whom the person has talked lately.
    pub talks: Talks,
    /// The line that the person writes while others read it.
    pub live: Option<LiveLine>,
    /// Limits of what the person may do to others.
    pub limits: Limits,
    /// When the person last asked for a space on the map; one far seat may follow.
    pub sent_by_map_at: Option<ServerTime>,
    /// Since when the person's hand is up; none while it is down.
    pub hand_since: Option<ServerTime>,
    /// Who holds the person's microphone closed.
    pub microphone: Microphone,
}

/// The line for a place in a full house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Since when the person stands in it.
    pub since: ServerTime,
    /// What the person was invited as, and is with a place.
    pub kind: ParticipantKind,
    /// Whether somebody who keeps order has brought the person in: there is a body beyond the limit.
    pub is_brought_in: bool,
}

/// With whom somebody talks: partners of private texts stay such for some minutes.
#[derive(Clone, Debug, Default)]
pub struct Talks(Vec<(ParticipantId, ServerTime)>);

impl Talks {
    /// A talk is over after a silence of this long, µs.
    const SILENCE_MICROS: u64 = 180_000_000;

    /// More partners than this are not remembered.
    const MOST: usize = 16;

    /// Something was said between the two.
    pub fn note(&mut self, partner: ParticipantId, now: ServerTime) {
        self.0.retain(|(known, at)| *known != partner && now.micros_since(*at) < Self::SILENCE_MICROS);
        if self.0.len() == Self::MOST {
            self.0.remove(0);
        }
        self.0.push((partner, now));
    }

    /// The partners now.
    pub fn with(&self, now: ServerTime) -> Vec<ParticipantId> {
        let is_on = |(_, at): &&(ParticipantId, ServerTime)| now.micros_since(*at) < Self::SILENCE_MICROS;
        self.0.iter().filter(is_on).map(|(partner, _)| *partner).collect()
    }
}

/// What one person may do to everybody else's connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Texts.
    pub texts: Bucket,
    /// Changes of the line that others read while it is written.
    pub live: Bucket,
    /// Changes that everybody hears of: seats, spaces, looks, language.
    pub changes: Bucket,
    /// Raised hands.
    pub hands: Bucket,
    /// Opened microphones.
    pub microphones: Bucket,
    /// Requests to talk in private.
    pub talks: Bucket,
    /// Messages between the devices of a private talk.
    pub posts: Bucket,
    /// Acts that keep order.
    pub acts: Bucket,
    /// Blocks and reports.
    pub safety: Bucket,
}

impl Limits {
    /// A quick typist pastes a few lines at once and then writes one a second at most.
    const TEXTS: Rate = Rate { burst: 10.0, per_second: 1.0 };
    /// A client gathers what is typed in 0.3 s.
    const LIVE: Rate = Rate { burst: 12.0, per_second: 5.0 };
    const CHANGES: Rate = Rate { burst: 12.0, per_second: 2.0 };

    /// A hand that goes up and down all the time is no wish to speak.
    const HANDS: Rate = Rate { burst: 4.0, per_second: 0.5 };

    /// Everybody hears of each change; a microphone that opens and closes with a key that is held stays open at the server.
    const MICROPHONES: Rate = Rate { burst: 10.0, per_second: 1.0 };

    /// Whoever is asked must not be pestered.
    const TALKS: Rate = Rate { burst: 5.0, per_second: 0.2 };

    /// Letting somebody into a talk of sixteen takes some dozen messages at once.
    const POSTS: Rate = Rate { burst: 100.0, per_second: 10.0 };

    /// A moderator is quick, and a key that is stuck is not a moderator.
    const ACTS: Rate = Rate { burst: 20.0, per_second: 2.0 };

    /// Whoever is pestered by many blocks them one after the other; a report takes time to write.
    const SAFETY: Rate = Rate { burst: 10.0, per_second: 0.2 };

    /// Everything may be done.
    pub fn new(now: ServerTime) -> Self {
        Self {
            texts: Bucket::new(Self::TEXTS, now),
            live: Bucket::new(Self::LIVE, now),
            changes: Bucket::new(Self::CHANGES, now),
            hands: Bucket::new(Self::HANDS, now),
            microphones: Bucket::new(Self::MICROPHONES, now),
            talks: Bucket::new(Self::TALKS, now),
            posts: Bucket::new(Self::POSTS, now),
            acts: Bucket::new(Self::ACTS, now),
            safety: Bucket::new(Self::SAFETY, now),
        }
    }
}

/// What admission found out about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// In the store.
    pub person: PersonId,
    /// The invitation that was used.
    pub invitation: InvitationId,
    /// The device that was used last.
    pub device: DeviceKey,
    /// Where the person may go.
    pub spaces: Arc<BTreeSet<SpaceId>>,
}

impl Person {
    /// What the presence list says.
    pub fn presence(&self) -> Presence {
        Presence { participant: self.participant.clone(), appearance: self.appearance, space: self.space }
    }

    /// Where a person without a body is said to be.
    pub fn nowhere(&self) -> Place {
        Place { position: Vec3::ZERO, yaw: 0.0 }
    }

    /// Whether the person leads a meeting or keeps order, and so enters locked spaces.
    pub fn keeps_order(&self) -> bool {
        self.participant.role != Role::Participant
    }

    /// Whether the person watches because the house was full, and has no body.
    pub fn is_watching(&self) -> bool {
        self.watch.is_some_and(|watch| !watch.is_brought_in)
    }

    /// Whether the person has a body beyond the limit.
    pub fn was_brought_in(&self) -> bool {
        self.watch.is_some_and(|watch| watch.is_brought_in)
    }

    /// What the person was invited as.
    pub fn kind_with_place(&self) -> ParticipantKind {
        self.watch.map_or(self.participant.kind, |watch| watch.kind)
    }

    /// Whether there is a connection.
    pub fn is_connected(&self) -> bool {
        self.lost_since.is_none()
    }

    /// Keeps a message for the person's return.
    pub fn miss(&mut self, message: ServerMessage) {
        if self.missed.len() == MAX_MISSED {
            self.missed.pop_front();
        }
        self.missed.push_back(message);
    }
}

/// Who is in the house, by id and by account.
#[derive(Debug, Default)]
pub struct People {
    by_id: BTreeMap<ParticipantId, Person>,
    by_account: BTreeMap<PersonId, ParticipantId>,
}

impl People {
    /// Lets somebody in. An account that is inside already must be resumed, not added.
    pub fn insert(&mut self, person: Person) {
        self.by_account.insert(person.account.person, person.participant.id);
        self.by_id.insert(person.participant.id, person);
    }

    /// Takes somebody out.
    pub fn remove(&mut self, id: ParticipantId) -> Option<Person> {
        let person = self.by_id.remove(&id)?;
        self.by_account.remove(&person.account.person);
        Some(person)
    }

    /// The participant of an account.
    pub fn of_account(&self, person: PersonId) -> Option<ParticipantId> {
        self.by_account.get(&person).copied()
    }

    /// One person.
    pub fn get(&self, id: ParticipantId) -> Option<&Person> {
        self.by_id.get(&id)
    }

    /// One person, to change.
    pub fn get_mut(&mut self, id: ParticipantId) -> Option<&mut Person> {
        self.by_id.get_mut(&id)
    }

    /// Everybody, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.by_id.values()
    }

    /// Everybody, by id, to change.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Person> {
        self.by_id.values_mut()
    }

    /// Everybody in one space, by id.
    pub fn in_space(&self, space: SpaceId) -> impl Iterator<Item = &Person> {
        self.iter().filter(move |person| person.space == space)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether nobody is in.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }
}

/// A person's last texts by the sender's own reference.
#[derive(Debug, Default)]
pub struct SentTexts(VecDeque<SentText>);

/// One text that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentText {
    /// The sender's reference.
    pub client_ref: u32,
    /// For whom.
    pub scope: TextScope,
    /// What, as a digest: the words themselves are not kept.
    pub digest: [u8; 32],
    /// Number and time, once it is stored.
    pub stored: Option<(TextId, WallTime)>,
}

impl SentTexts {
    const KEPT: usize = 64;

    /// The earlier text with the same reference, reader and words.
    pub fn find(&self, client_ref: u32, scope: TextScope, digest: &[u8; 32]) -> Option<&SentText> {
        self.0
            .iter()
            .find(|text| text.client_ref == client_ref && text.scope == scope && text.digest == *digest)
    }

    /// Notes a text that goes to the store.
    pub fn note(&mut self, text: SentText) {
        if self.0.len() == Self::KEPT {
            self.0.pop_front();
        }
        self.0.push_back(text);
    }

    /// Notes that it is stored, or forgets it when it could not be.
    pub fn settle(&mut self, client_ref: u32, stored: Option<(TextId, WallTime)>) {
        match stored {
            Some(_) => {
                let found = self.0.iter_mut().rev().find(|text| text.client_ref == client_ref);
                found.into_iter().for_each(|text| text.stored = stored);
            }
            None => self.0.retain(|text| text.client_ref != client_ref || text.stored.is_some()),
        }
    }

    /// Forgets everything: another device counts its texts anew.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
