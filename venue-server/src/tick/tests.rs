//! The venue stepped in virtual time with real client sessions over a network in memory.

mod behind;
mod borders;
mod network;
mod refusals;

use super::*;
use crate::store::memory::{MemoryHandle, MemoryStore};
use crate::store::{EventState, InvitationCode, PresenceChange};
use crate::world::testing::{self, HALL, LOUNGE, SEAT};
use bytes::Bytes;
use glam::Vec3;
use network::{Client, Network};
use venue_model::text::MessageBody;
use venue_model::{BodyPose, Language, ParticipantId, Posture, TextScope};
use venue_protocol::{
    ClientRequest, EntryNote, GoToSpace, PlacementCause, RefusalCode, SendText, ServerUpdate, SessionEnd,
    SetLanguage, TakeSeat,
};
use venue_transport::CloseReason;

const TICK_MICROS: u64 = 33_333;

struct Bench {
    venue: Venue<Network, MemoryStore>,
    network: Network,
    store: MemoryHandle,
    clients: Vec<Client>,
    now: u64,
}

impl Bench {
    fn new() -> Self {
        Self::with(VenueConfig::default())
    }

    fn with(config: VenueConfig) -> Self {
        let store = MemoryStore::new();
        let handle = store.handle();
        handle.add_event("wtf-26", "Forum");
        Self::over(config, store, handle, 0)
    }

    fn over(config: VenueConfig, store: MemoryStore, handle: MemoryHandle, now: u64) -> Self {
        let network = Network::default();
        let config = VenueConfig { ticket_secret: [7; 32], ..config };
        let venue = Venue::new(config, testing::package(), network.clone(), store, 1).unwrap();
        Self { venue, network, store: handle, clients: Vec::new(), now }
    }

    /// Steps the venue and everybody's session.
    fn run(&mut self, ticks: usize) {
        for _ in 0..ticks {
            self.now += TICK_MICROS;
            let now = LocalTime(self.now);
            self.clients.iter_mut().for_each(|client| client.step(now));
            self.venue.step(now);
        }
        let now = LocalTime(self.now);
        self.clients.iter_mut().for_each(|client| client.step(now));
    }

    fn invite(&self, name: &str) -> InvitationCode {
        self.store.invite("wtf-26", name, "CHE")
    }

    /// A client on this device, with this code.
    fn connect(&mut self, device: u8, code: InvitationCode) -> usize {
        self.connect_with(device, Client::by_code("wtf-26", code))
    }

    fn connect_with(&mut self, device: u8, credential: venue_protocol::Credential) -> usize {
        self.clients.push(Client::new(&self.network, device, credential));
        self.run(3);
        self.clients.len() - 1
    }

    /// A new person who is inside.
    fn join(&mut self, name: &str) -> usize {
        let code = self.invite(name);
        let device = self.clients.len() as u8 + 1;
        let client = self.connect(device, code);
        assert!(self.clients[client].welcome.is_some(), "{:?}", self.clients[client].end);
        client
    }

    fn id(&self, client: usize) -> ParticipantId {
        self.clients[client].welcome.as_ref().unwrap().you.id
    }

    fn refusal(&self, client: usize) -> Option<RefusalCode> {
        match &self.clients[client].end {
            Some(SessionEnd::Refused(refused)) => Some(refused.code),
            _ => None,
        }
    }

    fn ask(&mut self, client: usize, request: ClientRequest) {
        self.clients[client].session.request(request);
    }

    fn say(&mut self, client: usize, client_ref: u32, scope: TextScope, body: &str) {
        let text = SendText { client_ref, scope, body: MessageBody::lossy(body) };
        self.ask(client, ClientRequest::SendText(text));
    }

    fn house(&self) -> &House {
        &self.venue.houses.values().next().unwrap().house
    }

    fn texts_of(&self, client: usize) -> Vec<String> {
        let text = |update: &ServerUpdate| match update {
            ServerUpdate::Text(text) => Some(text.body.as_str().to_owned()),
            _ => None,
        };
        self.clients[client].updates.iter().filter_map(text).collect()
    }

    fn accepted_by(&self, client: usize) -> Vec<u32> {
        let accepted = |update: &ServerUpdate| match update {
            ServerUpdate::TextAccepted(accepted) => Some(accepted.client_ref),
            _ => None,
        };
        self.clients[client].updates.iter().filter_map(accepted).collect()
    }

    fn present(&self, client: usize) -> Vec<String> {
        self.clients[client].people.values().map(|person| person.participant.name.to_string()).collect()
    }

    /// Walks in a straight line at 3 m/s.
    fn walk(&mut self, client: usize, to: Vec3) {
        loop {
            let from = self.clients[client].body.root;
            let step = (to - from).clamp_length_max(0.1);
            if step.length() < 1e-3 {
                return;
            }
            let yaw = self.clients[client].body.yaw;
            self.clients[client].body = BodyPose::standing(from + step, yaw);
            self.run(1);
        }
    }
}

#[test]
fn two_join_and_know_of_each_other() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let bo = bench.join("Bo");
    assert_eq!(bench.present(ada), ["Bo"]);
    assert_eq!(bench.present(bo), ["Ada"]);
    let welcome = bench.clients[bo].welcome.clone().unwrap();
    assert_eq!((welcome.space, welcome.entry), (LOUNGE, EntryNote::AsInvited));
    assert_eq!(welcome.event_title.as_str(), "Forum");
    let places = [ada, bo].map(|client| bench.house().walker(bench.id(client)).unwrap().pose.root);
    assert!(places[0].distance(places[1]) >= crate::world::spawn::PERSONAL_SPACE);
    bench.clients[ada].session.leave();
    bench.run(2);
    assert!(bench.present(bo).is_empty());
    let record: Vec<_> = bench.store.presence().iter().map(|entry| entry.change).collect();
    assert_eq!(record, [PresenceChange::Joined, PresenceChange::Joined, PresenceChange::Left]);
}

#[test]
fn a_wrong_code_is_refused_and_guessing_is_slowed_down() {
    let mut bench = Bench::new();
    let wrong = InvitationCode::from_random(12_345);
    for n in 0..10 {
        let guess = bench.connect(n, wrong);
        assert_eq!(bench.refusal(guess), Some(RefusalCode::UnknownInvitation));
    }
    let guess = bench.connect(11, wrong);
    assert_eq!(bench.refusal(guess), Some(RefusalCode::RateLimited));
    assert_eq!(bench.venue.counters().codes_wrong, 11);
    bench.run(1);
    assert!(bench.venue.sessions.is_empty());
}

#[test]
fn a_revoked_invitation_ends_the_session_and_lets_nobody_in_again() {
    let mut bench = Bench::new();
    let bo = bench.join("Bo");
    let code = bench.invite("Ada");
    let ada = bench.connect(9, code);
    bench.store.revoke(code);
    bench.run(2);
    assert!(matches!(bench.clients[ada].end, Some(SessionEnd::Removed(_))));
    assert!(bench.present(bo).is_empty());
    let again = bench.connect(9, code);
    assert_eq!(bench.refusal(again), Some(RefusalCode::RevokedInvitation));
    let ticket = bench.clients[ada].ticket();
    let by_ticket = bench.connect_with(9, ticket);
    assert_eq!(bench.refusal(by_ticket), Some(RefusalCode::RevokedInvitation));
}

#[test]
fn a_closed_event_shows_everybody_out() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    bench.store.set_event_state("wtf-26", EventState::Closed);
    bench.run(2);
    let Some(SessionEnd::ServerClosing(closing)) = &bench.clients[ada].end else {
        panic!("{:?}", bench.clients[ada].end)
    };
    assert_eq!(closing.reason, ClosingReason::EventOver);
    bench.run(1);
    assert!(bench.venue.houses.is_empty());
}

#[test]
fn a_short_loss_keeps_identity_seat_and_texts() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let bo = bench.join("Bo");
    let id = bench.id(ada);
    let place = testing::manifest().seats[0].place.position;
    let floor = place + Vec3::X;
    testing_put(&mut bench, id, floor);
    bench.ask(ada, ClientRequest::TakeSeat(TakeSeat { seat: SEAT }));
    bench.run(2);
    assert_eq!(bench.house().seats.seat_of(id), Some(SEAT));
    bench.clients[ada].cut(CloseReason::TimedOut);
    bench.run(30);
    bench.say(bo, 1, TextScope::Space, "where are you?");
    bench.run(3);
    let ticket = bench.clients[ada].ticket();
    let back = bench.connect_with(1, ticket);
    assert_eq!(bench.id(back), id);
    assert_eq!(bench.house().seats.seat_of(id), Some(SEAT));
    assert_eq!(bench.texts_of(back), ["where are you?"]);
    let sits = |update: &ServerUpdate| matches!(update, ServerUpdate::BodyPlaced(placed) if placed.posture == Posture::Seated(SEAT));
    assert!(bench.clients[back].updates.iter().any(sits), "the client is told that it sits");
    assert_eq!(bench.house().walker(id).unwrap().pose.posture, Posture::Seated(SEAT));
}

fn testing_put(bench: &mut Bench, who: ParticipantId, position: Vec3) {
    let running = bench.venue.houses.values_mut().next().unwrap();
    testing::put(&mut running.house, &bench.venue.state.plan, who, position);
}

#[test]
fn a_long_loss_frees_the_place() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let bo = bench.join("Bo");
    bench.clients[ada].cut(CloseReason::TimedOut);
    bench.run(31 * 30);
    assert!(bench.present(bo).is_empty());
    assert_eq!(bench.house().people.len(), 1);
}

#[test]
fn an_expired_ticket_is_refused() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let ticket = bench.clients[ada].ticket();
    bench.clients[ada].session.leave();
    bench.run(2);
    bench.now += 15 * 60 * 1_000_000;
    let late = bench.connect_with(1, ticket);
    assert_eq!(bench.refusal(late), Some(RefusalCode::BadTicket));
}

#[test]
fn a_ticket_resumes_after_a_restart_of_the_server() {
    let mut bench = Bench::new();
    let code = bench.invite("Ada");
    let ada = bench.connect(1, code);
    let ticket = bench.clients[ada].ticket();
    let Bench { venue, store, now, .. } = bench;
    let (_, memory) = venue.into_parts();
    let mut bench = Bench::over(VenueConfig::default(), memory, store, now);
    let back = bench.connect_with(1, ticket.clone());
    assert_eq!(bench.clients[back].welcome.as_ref().unwrap().you.name.as_str(), "Ada");
    let thief = bench.connect_with(2, ticket);
    assert_eq!(bench.refusal(thief), Some(RefusalCode::BadTicket));
}

#[test]
fn a_venue_without_a_ticket_secret_does_not_open() {
    let config = VenueConfig::default();
    let opened = Venue::new(config, testing::package(), Network::default(), MemoryStore::new(), 1);
    assert!(matches!(opened.err(), Some(VenueError::NoTicketSecret)));
}

#[test]
fn a_failing_store_shows_nobody_out() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    bench.store.fail_with(Some(crate::store::StoreError::Failed("gone".into())));
    bench.run(30 * 60 * 20);
    assert!(bench.clients[ada].end.is_none(), "{:?}", bench.clients[ada].end);
    let asked = bench.venue.counters().store_failures;
    assert!(asked < 200, "the store is asked now and then, not at every step: {asked}");
}

#[test]
fn tickets_are_renewed_and_nobody_stays_on_an_old_one() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let first = bench.clients[ada].ticket();
    bench.run(30 * 60 * 10);
    assert_ne!(bench.clients[ada].ticket(), first);
    assert!(bench.clients[ada].end.is_none());
}

#[test]
fn a_second_device_takes_over_with_notice() {
    let mut bench = Bench::new();
    let code = bench.invite("Ada");
    let first = bench.connect(1, code);
    let id = bench.id(first);
    let second = bench.connect(2, code);
    assert_eq!(bench.clients[first].end, Some(SessionEnd::TakenOver));
    assert_eq!(bench.id(second), id);
    assert_eq!(bench.clients[second].welcome.as_ref().unwrap().entry, EntryNote::TookOver);
    assert_eq!(bench.house().people.len(), 1);
    bench.run(5);
    bench.say(second, 1, TextScope::Space, "I am here now");
    bench.run(3);
    assert_eq!(bench.accepted_by(second), [1]);
}

#[test]
fn a_seat_is_given_once_and_freed_by_leaving() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let bo = bench.join("Bo");
    for client in [ada, bo] {
        bench.ask(client, ClientRequest::GoToSpace(GoToSpace { space: LOUNGE }));
        bench.ask(client, ClientRequest::TakeSeat(TakeSeat { seat: SEAT }));
    }
    bench.run(2);
    let sitter = bench.house().seats.taken().next();
    assert_eq!(sitter, Some((SEAT, bench.id(ada))));
    assert!(bench.clients[bo].updates.iter().any(|update| matches!(update, ServerUpdate::SeatRefused(_))));
    assert!(bench.clients[bo].updates.iter().any(|update| matches!(update, ServerUpdate::SeatTaken(_))));
    bench.clients[ada].session.leave();
    bench.run(2);
    assert!(bench.clients[bo].updates.iter().any(|update| matches!(update, ServerUpdate::SeatFreed(_))));
}

#[test]
fn a_text_is_acknowledged_and_delivered_only_after_the_commit() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let bo = bench.join("Bo");
    bench.store.delay_commits(10);
    bench.say(ada, 1, TextScope::Space, "hello");
    bench.say(ada, 2, TextScope::Person(bench.id(bo)), "psst");
    bench.run(9);
    assert!(bench.accepted_by(ada).is_empty() && bench.texts_of(bo).is_empty());
    assert!(bench.store.texts().is_empty());
    bench.run(5);
    assert_eq!(bench.accepted_by(ada), [1, 2]);
    assert_eq!(bench.texts_of(bo), ["hello", "psst"]);
    assert_eq!(bench.store.texts().len(), 2);
}

#[test]
fn a_text_that_is_not_stored_is_rejected() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let full = crate::store::StoreError::DiskFull { path: "venue.db".into() };
    bench.store.fail_with(Some(full));
    bench.say(ada, 1, TextScope::Space, "hello");
    bench.run(3);
    assert!(bench.accepted_by(ada).is_empty());
    assert!(bench.clients[ada].updates.iter().any(|update| matches!(update, ServerUpdate::TextRejected(_))));
    assert!(bench.clients[ada].end.is_none());
}

#[test]
fn a_text_to_the_space_stays_in_the_space() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let bo = bench.join("Bo");
    bench.ask(bo, ClientRequest::GoToSpace(GoToSpace { space: HALL }));
    bench.run(2);
    bench.say(ada, 1, TextScope::Space, "anybody?");
    bench.run(3);
    assert_eq!(bench.accepted_by(ada), [1]);
    assert!(bench.texts_of(bo).is_empty());
}

#[test]
fn one_walks_through_a_door_and_is_seen_on_the_other_side() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let bo = bench.join("Bo");
    bench.ask(bo, ClientRequest::GoToSpace(GoToSpace { space: HALL }));
    bench.run(2);
    bench.walk(ada, Vec3::new(7.0, 0.0, 0.0));
    bench.run(3);
    assert_eq!(bench.clients[ada].space, Some((HALL, PlacementCause::Door)));
    assert_eq!(bench.clients[ada].corrections(), 0);
    let id = bench.id(ada);
    assert_eq!(bench.clients[bo].people[&id].space, HALL);
    let seen = bench.clients[bo].seen[&id];
    assert!(seen.distance(Vec3::new(7.0, 0.0, 0.0)) < 0.01, "{seen}");
}

#[test]
fn a_cheat_in_speed_is_corrected_and_stays_inside() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    bench.run(30);
    for n in 0..10 {
        let ahead = bench.clients[ada].body.root + Vec3::X * (0.9 + 0.01 * n as f32);
        bench.clients[ada].body = BodyPose::standing(ahead, 0.0);
        bench.run(1);
    }
    assert!(bench.clients[ada].corrections() > 3);
    assert!(bench.clients[ada].end.is_none());
    assert_eq!(bench.venue.counters().corrections as usize, bench.clients[ada].corrections());
}

#[test]
fn a_malformed_message_ends_that_session_and_no_other() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let bo = bench.join("Bo");
    bench.clients[ada].send_raw(Bytes::from_static(&[0x3f, 0x02, 0xff, 0xff]));
    bench.run(3);
    assert!(bench.clients[ada].end.is_some());
    assert!(bench.clients[bo].end.is_none());
    assert!(bench.present(bo).is_empty());
    assert_eq!(bench.venue.counters().sessions_misbehaved, 1);
    bench.say(bo, 1, TextScope::Space, "still here");
    bench.run(3);
    assert_eq!(bench.accepted_by(bo), [1]);
}

#[test]
fn random_bytes_never_stop_the_venue() {
    let mut bench = Bench::new();
    let bo = bench.join("Bo");
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..300 {
        let code = bench.invite("Mallory");
        let mallory = bench.connect(200, code);
        let noise: Vec<u8> = (0..random as usize % 64 + 1)
            .map(|_| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                random as u8
            })
            .collect();
        bench.clients[mallory].send_raw(noise.clone().into());
        bench.clients[mallory].send_datagram(noise.into());
        bench.run(1);
        bench.clients[mallory].cut(CloseReason::TimedOut);
        bench.clients.truncate(1);
    }
    bench.say(bo, 1, TextScope::Space, "still here");
    bench.run(3);
    assert_eq!(bench.accepted_by(bo), [1]);
}

#[test]
fn beyond_the_limit_people_watch_and_nobody_is_sent_away() {
    let mut bench = Bench::with(VenueConfig { max_bodies: 1, ..VenueConfig::default() });
    let ada = bench.join("Ada");
    let bo = bench.join("Bo");
    let welcome = bench.clients[bo].welcome.clone().unwrap();
    assert_eq!(welcome.entry, EntryNote::ObserverBecauseFull);
    assert_eq!(bench.venue.counters().people_watching, 1);
    bench.walk(bo, Vec3::new(2.0, 0.0, 2.0));
    bench.run(3);
    assert!(bench.clients[ada].seen.is_empty());
    assert!(bench.clients[bo].seen.contains_key(&bench.id(ada)));
}

#[test]
fn two_events_at_one_venue_do_not_meet() {
    let mut bench = Bench::new();
    bench.store.add_event("other", "Other");
    let ada = bench.join("Ada");
    let code = bench.store.invite("other", "Eve", "XXX");
    let eve = bench.connect_with(7, Client::by_code("other", code));
    assert!(bench.present(ada).is_empty() && bench.present(eve).is_empty());
    bench.say(eve, 1, TextScope::Person(bench.id(ada)), "hello");
    bench.run(20);
    assert!(bench.texts_of(ada).is_empty() && bench.clients[ada].seen.is_empty());
}

#[test]
fn only_people_inside_get_files() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let manifest = bench.clients[ada].welcome.as_ref().unwrap().manifest;
    assert!(matches!(bench.clients[ada].fetch(manifest, &mut bench.venue), FileAnswer::Content(_)));
    assert_eq!(bench.clients[ada].fetch(FileHash([9; 32]), &mut bench.venue), FileAnswer::NotFound);
    let stranger = bench.connect(9, InvitationCode::from_random(1));
    assert_eq!(bench.clients[stranger].fetch(manifest, &mut bench.venue), FileAnswer::Refused);
}

#[test]
fn everybody_sees_a_change_of_language() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    let bo = bench.join("Bo");
    bench.ask(ada, ClientRequest::SetLanguage(SetLanguage { language: Language::Ru }));
    bench.run(2);
    let id = bench.id(ada);
    assert_eq!(bench.clients[bo].people[&id].participant.language, Language::Ru);
}

#[test]
fn closing_stores_what_was_accepted_and_tells_everybody_why() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    bench.store.delay_commits(20);
    bench.say(ada, 1, TextScope::Space, "last words");
    bench.run(1);
    bench.venue.close(ClosingReason::Restart, 10);
    bench.run(5);
    assert!(bench.clients[ada].end.is_none(), "the text is not stored yet");
    bench.run(60);
    assert_eq!(bench.accepted_by(ada), [1]);
    let Some(SessionEnd::ServerClosing(closing)) = &bench.clients[ada].end else {
        panic!("{:?}", bench.clients[ada].end)
    };
    assert_eq!((closing.reason, closing.back_in_secs), (ClosingReason::Restart, 10));
    assert!(bench.venue.is_closed());
    assert_eq!(bench.store.presence().last().map(|entry| entry.change), Some(PresenceChange::Left));
}

#[test]
fn who_was_lost_when_the_server_stops_has_left_too() {
    let mut bench = Bench::new();
    let ada = bench.join("Ada");
    bench.clients[ada].cut(CloseReason::TimedOut);
    bench.run(5);
    bench.store.delay_commits(3);
    bench.venue.close(ClosingReason::Stopped, 0);
    assert!(!bench.venue.is_closed(), "nobody was shown out yet");
    bench.run(1);
    assert!(!bench.venue.is_closed(), "the entry is not stored yet");
    bench.run(10);
    assert!(bench.venue.is_closed());
    let record: Vec<_> = bench.store.presence().iter().map(|entry| entry.change).collect();
    assert_eq!(record, [PresenceChange::Joined, PresenceChange::Left]);
}
