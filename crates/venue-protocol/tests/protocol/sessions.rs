//! Both sessions against each other, in virtual time.

use crate::examples::{appearance, invitation, presence, text, welcome};
use bytes::Bytes;
use venue_model::{DeviceKey, Language, SeatId, ServerTime, SpaceId};
use venue_protocol::session::{CLIENT_IDLE_MICROS, HANDSHAKE_TIMEOUT_MICROS, SERVER_IDLE_MICROS};
use venue_protocol::*;

/// The server's clock started this long before the client's.
const ORIGIN: u64 = 7_000_000;

pub fn client_config() -> ClientSessionConfig {
    ClientSessionConfig {
        program: text("xr-client 0.1.0"),
        device_key: DeviceKey([5; 32]),
        language: Language::Es,
        credential: invitation(),
        appearance: appearance(),
    }
}

pub fn server_config() -> ServerSessionConfig {
    ServerSessionConfig { program: text("venue-server 0.1.0"), clock_origin: LocalTime(0) }
}

/// Two sessions with a perfect network between them; the server's local time runs `ORIGIN` ahead.
pub struct Pair {
    pub client: ClientSession,
    pub server: ServerSession,
    pub now: LocalTime,
    there_micros: u64,
    back_micros: u64,
}

impl Pair {
    pub fn new() -> Self {
        Self::with_delays(0, 0)
    }

    fn with_delays(there_micros: u64, back_micros: u64) -> Self {
        let mut client = ClientSession::new(client_config(), 42);
        client.handle_opened(LocalTime(0), [9; 32]);
        let server = ServerSession::new(server_config(), [9; 32], LocalTime(ORIGIN));
        Self { client, server, now: LocalTime(0), there_micros, back_micros }
    }

    /// Everything that waits goes there and comes back, control bytes cut into threes.
    pub fn exchange(&mut self) {
        let mut sent = true;
        while sent {
            sent = false;
            self.now = self.now + self.there_micros;
            while let Some(bytes) = self.client.poll_control() {
                bytes.chunks(3).for_each(|piece| self.server.handle_control(self.now + ORIGIN, piece));
                sent = true;
            }
            while let Some(datagram) = self.client.poll_datagram() {
                self.server.handle_datagram(self.now + ORIGIN, datagram);
                sent = true;
            }
            self.now = self.now + self.back_micros;
            while let Some(bytes) = self.server.poll_control() {
                bytes.chunks(3).for_each(|piece| self.client.handle_control(self.now, piece));
                sent = true;
            }
            while let Some(datagram) = self.server.poll_datagram() {
                self.client.handle_datagram(self.now, datagram);
                sent = true;
            }
        }
    }

    /// Time passes; both sessions are woken when they ask for it.
    fn pass(&mut self, micros: u64) {
        let end = self.now + micros;
        loop {
            let server = self.server.poll_timeout().map(|at| LocalTime(at.0.saturating_sub(ORIGIN)));
            let next = [self.client.poll_timeout(), server].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= end) else { break };
            self.now = self.now.max(next);
            self.client.handle_timeout(self.now);
            self.server.handle_timeout(self.now + ORIGIN);
            self.exchange();
        }
        self.now = end.max(self.now);
    }
}

pub fn drain_server(server: &mut ServerSession) -> (Vec<ServerSessionEvent>, Option<SessionClose>) {
    let events = std::iter::from_fn(|| server.poll_event()).collect();
    while server.poll_control().is_some() {}
    (events, server.poll_close())
}

fn client_events(client: &mut ClientSession) -> Vec<ClientSessionEvent> {
    std::iter::from_fn(|| client.poll_event()).collect()
}

fn ask(pair: &mut Pair) -> Box<JoinRequest> {
    pair.exchange();
    let Some(ClientSessionEvent::ProofWanted { message }) = pair.client.poll_event() else { panic!("hello") };
    pair.client.join([3; 64]);
    pair.exchange();
    let Some(ServerSessionEvent::JoinRequested(request)) = pair.server.poll_event() else { panic!("join") };
    assert_eq!(request.signed, message, "both ends mean the same bytes");
    request
}

pub fn join(pair: &mut Pair) {
    ask(pair);
    pair.server.admit(welcome());
    pair.exchange();
    let Some(ClientSessionEvent::Welcomed(_)) = pair.client.poll_event() else { panic!("welcome") };
}

#[test]
fn a_delegate_joins_asks_and_leaves() {
    let mut pair = Pair::new();
    let request = ask(&mut pair);
    assert_eq!((request.credential, request.proof, request.language), (invitation(), [3; 64], Language::Es));
    assert_eq!((request.device_key, request.version), (DeviceKey([5; 32]), VERSION_MAX));
    pair.server.admit(welcome());
    pair.exchange();
    assert_eq!(client_events(&mut pair.client), [ClientSessionEvent::Welcomed(Box::new(welcome()))]);
    let wish = ClientRequest::TakeSeat(TakeSeat { seat: SeatId(4) });
    pair.client.request(wish.clone());
    pair.exchange();
    assert_eq!(pair.server.poll_event(), Some(ServerSessionEvent::Request(wish)));
    let refusal = SeatRefused { seat: SeatId(4), why: SeatRefusal::Taken };
    pair.server.send(&refusal.into());
    pair.exchange();
    let expected = ClientSessionEvent::Update(ServerUpdate::SeatRefused(refusal));
    assert_eq!(client_events(&mut pair.client), [expected]);
    pair.client.leave();
    assert_eq!(pair.client.poll_close(), None, "Leave goes first");
    pair.exchange();
    assert_eq!(pair.client.poll_close().unwrap().code, CloseCode::Normal);
    let (events, close) = drain_server(&mut pair.server);
    assert_eq!(events, [ServerSessionEvent::Ended(ServerSessionEnd::Left)]);
    assert_eq!(close.unwrap().code, CloseCode::Normal);
}

#[test]
fn versions_that_do_not_meet_are_told() {
    let mut server = ServerSession::new(server_config(), [0; 32], LocalTime(0));
    let hello = Hello { version_min: 90, version_max: 91, ..crate::examples::hello() };
    server.handle_control(LocalTime(1), &ClientMessage::from(hello).encode());
    let answer = server.poll_control().unwrap();
    assert_eq!(server.poll_close().unwrap().code, CloseCode::Refused);
    let end = ServerSessionEnd::WrongVersion { version_min: 90, version_max: 91 };
    assert_eq!(server.poll_event(), Some(ServerSessionEvent::Ended(end)));
    let mut client = ClientSession::new(client_config(), 1);
    client.handle_opened(LocalTime(0), [0; 32]);
    client.handle_control(LocalTime(2), &answer);
    let [ClientSessionEvent::Ended(SessionEnd::WrongVersion(refusal))] = &client_events(&mut client)[..]
    else {
        panic!("the client is told")
    };
    assert_eq!((refusal.version_min, refusal.version_max), (VERSION_MIN, VERSION_MAX));
}

#[test]
fn a_refusal_arrives_before_the_close() {
    let mut pair = Pair::new();
    ask(&mut pair);
    let code = RefusalCode::RevokedInvitation;
    let refusal = Refused { code, detail: text("revoked yesterday"), retry_after_secs: 0 };
    pair.server.refuse(refusal.clone());
    assert_eq!(pair.server.poll_close(), None, "the words go first");
    pair.exchange();
    assert_eq!(pair.server.poll_close().unwrap().code, CloseCode::Refused);
    assert_eq!(client_events(&mut pair.client), [ClientSessionEvent::Ended(SessionEnd::Refused(refusal))]);
}

#[test]
fn the_server_can_end_a_session_with_its_reason() {
    let check = |act: &dyn Fn(&mut ServerSession), code: CloseCode, end: SessionEnd| {
        let mut pair = Pair::new();
        join(&mut pair);
        act(&mut pair.server);
        pair.exchange();
        assert_eq!(pair.server.poll_close().unwrap().code, code);
        assert_eq!(client_events(&mut pair.client), [ClientSessionEvent::Ended(end)]);
        assert_eq!(pair.server.poll_event(), Some(ServerSessionEvent::Ended(ServerSessionEnd::Ended(code))));
    };
    check(&ServerSession::take_over, CloseCode::TakenOver, SessionEnd::TakenOver);
    let removed = Removed { why: text("asked to leave") };
    check(&|server| server.remove(removed.clone()), CloseCode::Removed, SessionEnd::Removed(removed.clone()));
    let closing = Closing { reason: ClosingReason::Restart, back_in_secs: 20 };
    check(&|server| server.shut_down(closing), CloseCode::ServerClosing, SessionEnd::ServerClosing(closing));
}

#[test]
fn many_people_arrive_in_several_messages() {
    let mut pair = Pair::new();
    ask(&mut pair);
    let everybody: Vec<Presence> = (0..3_000).map(presence).collect();
    pair.server.admit(Welcome { people: everybody.clone(), ..welcome() });
    pair.exchange();
    let mut seen = Vec::new();
    for event in client_events(&mut pair.client) {
        match event {
            ClientSessionEvent::Welcomed(welcome) => seen.extend(welcome.people),
            ClientSessionEvent::Update(ServerUpdate::PresenceJoined(joined)) => seen.push(joined.presence),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen, everybody);
}

#[test]
fn the_ticket_is_renewed_at_half_of_its_life() {
    let mut pair = Pair::new();
    join(&mut pair);
    pair.pass(449_000_000);
    assert_eq!(drain_server(&mut pair.server).0, []);
    pair.pass(2_000_000);
    assert_eq!(drain_server(&mut pair.server).0, [ServerSessionEvent::Request(ClientRequest::RenewTicket)]);
    let fresh = Ticket { bytes: TicketBytes::new(vec![1]).unwrap(), valid_secs: 900 };
    pair.server.send(&fresh.clone().into());
    pair.exchange();
    assert_eq!(client_events(&mut pair.client), [ClientSessionEvent::TicketRenewed(fresh)]);
    pair.pass(440_000_000);
    assert_eq!(drain_server(&mut pair.server).0, []);
}

#[test]
fn an_unanswered_renewal_is_repeated() {
    let mut pair = Pair::new();
    join(&mut pair);
    pair.pass(800_000_000);
    let (events, _) = drain_server(&mut pair.server);
    assert_eq!(events.len(), 4, "at a half, five, six and seven eighths of the ticket's life");
}

#[test]
fn probes_keep_a_silent_session_alive_for_an_hour() {
    let mut pair = Pair::new();
    join(&mut pair);
    for _ in 0..10 {
        pair.pass(360_000_000);
        pair.server.send(&crate::examples::ticket().into());
        pair.exchange();
    }
    assert!(pair.client.is_inside() && pair.server.is_admitted());
}

#[test]
fn a_client_that_never_joins_is_closed() {
    let mut server = ServerSession::new(server_config(), [0; 32], LocalTime(0));
    assert_eq!(server.poll_timeout(), Some(LocalTime(HANDSHAKE_TIMEOUT_MICROS)));
    server.handle_timeout(LocalTime(HANDSHAKE_TIMEOUT_MICROS - 1));
    assert!(!server.is_over());
    server.handle_timeout(LocalTime(HANDSHAKE_TIMEOUT_MICROS));
    let (events, close) = drain_server(&mut server);
    assert_eq!(events, [ServerSessionEvent::Ended(ServerSessionEnd::HandshakeTimeout)]);
    assert_eq!(close.unwrap().code, CloseCode::HandshakeTimeout);
    assert_eq!(server.poll_timeout(), None);
}

#[test]
fn silence_ends_both_sessions() {
    let mut pair = Pair::new();
    join(&mut pair);
    let silent = pair.now;
    pair.server.handle_timeout(silent + ORIGIN + SERVER_IDLE_MICROS);
    let (events, close) = drain_server(&mut pair.server);
    assert_eq!(events, [ServerSessionEvent::Ended(ServerSessionEnd::Idle)]);
    assert_eq!(close.unwrap().code, CloseCode::Idle);
    pair.client.handle_timeout(silent + CLIENT_IDLE_MICROS);
    assert_eq!(client_events(&mut pair.client), [ClientSessionEvent::Ended(SessionEnd::Idle)]);
}

#[test]
fn a_lost_connection_is_told_once() {
    let mut pair = Pair::new();
    join(&mut pair);
    for _ in 0..2 {
        pair.server.handle_closed(CloseReason::TimedOut);
        pair.client.handle_closed(CloseReason::TimedOut);
    }
    let end = ServerSessionEnd::Connection(CloseReason::TimedOut);
    let (events, close) = drain_server(&mut pair.server);
    assert_eq!((events, close), (vec![ServerSessionEvent::Ended(end)], None));
    let end = SessionEnd::Connection(CloseReason::TimedOut);
    assert_eq!(client_events(&mut pair.client), [ClientSessionEvent::Ended(end)]);
}

#[test]
fn the_client_knows_the_servers_time() {
    let mut pair = Pair::with_delays(50_000, 110_000);
    assert_eq!(pair.client.server_time(pair.now), None);
    join(&mut pair);
    pair.pass(60_000_000);
    let server_time = pair.server.server_time(pair.now + ORIGIN);
    assert_eq!(server_time, ServerTime(pair.now.0 + ORIGIN));
    let error = pair.client.server_time(pair.now).unwrap().0.abs_diff(server_time.0);
    // An asymmetric path is wrong by half of the asymmetry; nothing on the path can tell.
    assert!(error.abs_diff(30_000) <= 1_000, "{error}");
    assert_eq!(pair.client.round_trip_micros(), Some(160_000));
}

#[test]
fn datagrams_reach_the_owners_of_both_ends_once_inside() {
    let mut pair = Pair::new();
    let snapshot = Bytes::from_static(&[0x82, 1]);
    pair.client.handle_datagram(pair.now, snapshot.clone());
    assert_eq!(client_events(&mut pair.client), []);
    join(&mut pair);
    pair.client.handle_datagram(pair.now, snapshot.clone());
    assert_eq!(client_events(&mut pair.client), [ClientSessionEvent::Datagram(snapshot)]);
    let pose = Bytes::from_static(&[0x02, 1]);
    pair.server.handle_datagram(pair.now + ORIGIN, pose.clone());
    assert_eq!(drain_server(&mut pair.server).0, [ServerSessionEvent::Datagram(pose)]);
}

#[test]
fn a_request_before_the_welcome_is_not_sent() {
    let mut pair = Pair::new();
    pair.exchange();
    pair.client.request(ClientRequest::GoToSpace(GoToSpace { space: SpaceId(1) }));
    pair.exchange();
    assert!(!pair.server.is_over());
}
