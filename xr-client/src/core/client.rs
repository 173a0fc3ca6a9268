//! The client core: takes the time and an intent, gives a venue, bodies, people and texts. Reading
//! [`ClientCore::step`] top-down is reading what a client does; `inbound.rs` holds what the server's words do.
//!
//! It must not know windows, the renderer, a clock or which network it is on.

use super::backoff::Backoff;
use super::cache::FileCache;
use super::connect::{Connector, Trust};
use super::errand::{Errand, NoWay};
use super::happening::Happening;
use super::identity::Identity;
use super::jump::WishedJump;
use super::known_hosts::KnownHosts;
use super::lifecycle::flush;
use super::live_texts::LiveTexts;
use super::microphone::MicrophoneWish;
use super::nearby::SEAT_REACH;
use super::order::Order;
use super::own_body::{self, OwnBody, Stature};
use super::people::People;
use super::safety::Safety;
use super::seat_wish::SeatWish;
use super::stage::Stage;
use super::talking::Talking;
use super::texts::Texts;
use super::venue::{Chooser, VenueLoader};
use crate::input::{Command, Intent};
use crate::link::{Link, Place};
use crate::panels::model::Notice;
use crate::replica::Replica;
use crate::sentence::Problem;
use bytes::{Bytes, BytesMut};
use std::collections::VecDeque;
use std::sync::Arc;
use venue_model::body::USUAL_SEAT_HEIGHT;
use venue_model::{
    BodyPose, FileHash, Language, Participant, ParticipantId, Posture, ServerTime, SpaceEpoch, SpaceId,
};
use venue_motion::Walkable;
use venue_package::{Manifest, Tileset};
use venue_protocol::session::ClientRequest;
use venue_protocol::{
    Appearance, ClientSession, CloseCode, GoToSpace, LocalTime, SetAppearance, SetLanguage, TakeSeat, Ticket,
};
use venue_replication::PoseUpdate;
use venue_transport::ClientTransport as _;

/// Time between two pose updates, µs: the server's tick.
const POSE_INTERVAL_MICROS: u64 = venue_model::TICK_MICROS;

/// Longest time that one step moves the body for, seconds: after a standstill nobody leaps.
const LONGEST_STEP_SECS: f32 = 0.25;

/// Events that wait for whoever draws; a venue has fewer tiles.
const MAX_EVENTS: usize = 20_000;

/// What a core is made from.
pub struct CoreConfig {
    /// The device's key.
    pub identity: Identity,
    /// Known servers.
    pub hosts: KnownHosts,
    /// Where venue files are kept.
    pub cache: Box<dyn FileCache>,
    /// How the person looks.
    pub appearance: Appearance,
    /// The language that the person reads.
    pub language: Language,
    /// Where the person was last, for codes typed alone.
    pub last_place: Option<Place>,
    /// The link of the last visit.
    pub last_link: Option<Link>,
    /// Spreads retries and numbers of texts; should differ from run to run.
    pub seed: u64,
}

/// Something that whoever shows the venue acts upon.
#[derive(Clone, Debug)]
pub enum CoreEvent {
    /// A venue was opened; what was drawn before goes.
    VenueOpened(Arc<Manifest>),
    /// Which tiles the venue has.
    Tiles(Arc<Tileset>),
    /// A tile came.
    Tile {
        /// Its content.
        file: FileHash,
        /// A glTF binary.
        bytes: Bytes,
    },
    /// A tile that was chosen does not come.
    TileFailed(FileHash),
    /// A short word for the person.
    Notice(Notice),
    /// Something that is told without words.
    Happened(Happening),
    /// The person is in the venue, or in another space of it, or was put elsewhere: the view jumps.
    Jumped,
    /// Admitted by this link: worth remembering.
    Admitted {
        /// The link, with the server's fingerprint.
        link: Link,
        /// The event's title.
        title: String,
    },
}

pub(super) struct Connection<T> {
    pub(super) transport: T,
    pub(super) session: ClientSession,
    /// What the session said while the transport took nothing: goes first when it takes again.
    pub(super) unsent: Option<Bytes>,
    pub(super) used_ticket: bool,
    pub(super) trust: Trust,
}

/// What the server said about this person at admission, and where they are.
#[derive(Clone, Debug)]
pub(super) struct Admission {
    pub(super) you: Participant,
    pub(super) title: String,
    pub(super) space: SpaceId,
    pub(super) epoch: SpaceEpoch,
    pub(super) open_spaces: Vec<SpaceId>,
}

/// The client without a picture.
pub struct ClientCore<C: Connector> {
    pub(super) connector: C,
    pub(super) config: CoreConfig,
    pub(super) stage: Stage,
    pub(super) goal: Option<Link>,
    pub(super) connection: Option<Connection<C::Transport>>,
    pub(super) admission: Option<Admission>,
    pub(super) ticket: Option<Ticket>,
    pub(super) venue: VenueLoader,
    pub(super) people: People,
    pub(super) texts: Texts,
    pub(super) live_texts: LiveTexts,
    pub(super) order: Order,
    pub(super) safety: Safety,
    pub(super) microphone: MicrophoneWish,
    pub(super) talking: Talking,
    pub(super) body: OwnBody,
    pub(super) replica: Replica,
    pub(super) backoff: Backoff,
    pub(super) events: VecDeque<CoreEvent>,
    /// Whether the server has admitted the person on this visit, so that a loss is worth a retry.
    pub(super) was_admitted: bool,
    /// Since when the person is inside, until the connection has proven good.
    pub(super) inside_since: Option<LocalTime>,
    /// Counts the visits: what belongs to one is not shown at another.
    pub(super) visit: u32,
    pub(super) now: LocalTime,
    pub(super) display_lead_micros: u64,
    pub(super) seat_wish: Option<SeatWish>,
    pub(super) errand: Option<Errand>,
    pub(super) wished_jump: Option<WishedJump>,
    /// What a builder's tools said last.
    pub(super) note: Option<String>,
    /// Whether the server showed another key than at the last visit, and nobody has vouched for it yet.
    pub(super) doubts_known_key: bool,
    next_pose_at: LocalTime,
    pose_sequence: u32,
    pose_buffer: BytesMut,
    feedback_buffer: BytesMut,
    pub(super) revision: u64,
}

impl<C: Connector> ClientCore<C> {
    /// A core at the start page.
    pub fn new(config: CoreConfig, connector: C) -> Self {
        Self {
            connector,
            stage: Stage::Start,
            goal: None,
            connection: None,
            admission: None,
            ticket: None,
            venue: VenueLoader::default(),
            people: People::default(),
            texts: Texts::new((config.seed >> 16) as u32),
            live_texts: LiveTexts::default(),
            order: Order::default(),
            safety: Safety::default(),
            microphone: MicrophoneWish::default(),
            talking: Talking::new(config.identity.secret()),
            body: OwnBody::default(),
            replica: Replica::default(),
            backoff: Backoff::new(config.seed),
            events: VecDeque::new(),
            was_admitted: false,
            inside_since: None,
            visit: 0,
            now: LocalTime(0),
            display_lead_micros: 0,
            seat_wish: None,
            errand: None,
            wished_jump: None,
            note: None,
            doubts_known_key: false,
            next_pose_at: LocalTime(0),
            pose_sequence: 0,
            pose_buffer: BytesMut::new(),
            feedback_buffer: BytesMut::new(),
            revision: 0,
            config,
        }
    }

    /// Lets the client live until `now`.
    pub fn step(&mut self, now: LocalTime, intent: &Intent) {
        let dt = (now.micros_since(self.now) as f32 * 1e-6).min(LONGEST_STEP_SECS);
        self.now = now;
        for command in &intent.commands {
            self.obey(command);
        }
        self.retry_if_due();
        self.receive();
        self.load();
        self.body.set_stature(self.stature());
        self.body.step(dt, intent, self.venue.walkable().map(Arc::as_ref));
        self.send_pose();
        self.pursue_errand(intent.walk != glam::Vec2::ZERO);
        self.pursue_jump();
        self.pursue_seat();
        self.show_own_line();
        self.tend_talks();
        self.report_voices();
        self.transmit();
        if let Some(time) = self.server_time() {
            self.replica.update(time + self.display_lead_micros);
        }
    }

    /// How long after `now` of a step its frame is seen: the others are shown where they are then.
    pub fn set_display_lead(&mut self, lead: std::time::Duration) {
        self.display_lead_micros = lead.as_micros() as u64;
    }

    /// How far the way into the venue has got.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Where the person wants to be.
    pub fn goal(&self) -> Option<&Link> {
        self.goal.as_ref()
    }

    /// Which visit this is: another number than before whenever another link was entered or the venue was left.
    pub fn visit(&self) -> u32 {
        self.visit
    }

    /// Grows whenever stage, people, texts or loading change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The next thing to act upon.
    pub fn poll_event(&mut self) -> Option<CoreEvent> {
        self.events.pop_front()
    }

    /// The server's time.
    pub fn server_time(&self) -> Option<ServerTime> {
        self.connection.as_ref().and_then(|connection| connection.session.server_time(self.now))
    }

    /// The person's own id.
    pub fn own_id(&self) -> Option<ParticipantId> {
        self.admission.as_ref().map(|admission| admission.you.id)
    }

    /// The person, as the server sees them.
    pub fn you(&self) -> Option<&Participant> {
        self.admission.as_ref().map(|admission| &admission.you)
    }

    /// The event's title.
    pub fn event_title(&self) -> &str {
        self.admission.as_ref().map_or("", |admission| &admission.title)
    }

    /// The space that the person is in.
    pub fn space(&self) -> Option<SpaceId> {
        self.admission.as_ref().map(|admission| admission.space)
    }

    /// Whether the person's invitation opens a space, and nobody has locked it for them.
    pub fn may_enter(&self, space: SpaceId) -> bool {
        if self.order.is_locked(space) && !self.keeps_order() {
            return false;
        }
        self.admission.as_ref().is_some_and(|admission| admission.open_spaces.contains(&space))
    }

    /// Whether a space is locked.
    pub fn is_locked(&self, space: SpaceId) -> bool {
        self.order.is_locked(space)
    }

    /// The venue's description.
    pub fn manifest(&self) -> Option<&Arc<Manifest>> {
        self.venue.manifest()
    }

    /// The floor.
    pub fn walkable(&self) -> Option<&Arc<Walkable>> {
        self.venue.walkable()
    }

    /// Bytes of the venue that are here, and bytes in all.
    pub fn loading(&self) -> (u64, u64) {
        self.venue.progress()
    }

    /// Leaves it to whoever draws which tiles are loaded after those of the first view.
    pub fn let_scene_choose(&mut self) {
        self.venue.set_chooser(Chooser::Scene);
    }

    /// The tiles that are loaded next, the most wanted first.
    pub fn choose_tiles(&mut self, tiles: &[FileHash]) {
        self.venue.choose(tiles);
    }

    /// Which tiles the venue has.
    pub fn tileset(&self) -> Option<&Arc<Tileset>> {
        self.venue.tileset()
    }

    /// Bytes of tiles that came from the server, and tiles that are asked for and not here.
    pub fn tile_traffic(&self) -> (u64, usize) {
        self.venue.traffic()
    }

    /// Whether every file is here that was chosen.
    pub fn is_loaded(&self) -> bool {
        self.venue.is_complete()
    }

    /// Gives every tile again, for a renderer that has none of them.
    pub fn show_again(&mut self) {
        self.venue.show_again();
        self.changed();
    }

    /// The person's own body.
    pub fn body(&self) -> &OwnBody {
        &self.body
    }

    /// The others' bodies in the same space, as they are shown now.
    pub fn bodies(&self) -> &[(ParticipantId, BodyPose)] {
        self.replica.bodies()
    }

    /// The same with those who are seen through doors.
    pub fn bodies_in_view(&self) -> &[(ParticipantId, BodyPose)] {
        self.replica.bodies_in_view()
    }

    /// Everybody else.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// The texts.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The lines that others are writing now, and one's own.
    pub fn live_texts(&self) -> &LiveTexts {
        &self.live_texts
    }

    fn stature(&self) -> Stature {
        let Posture::Seated(id) = self.body.pose().posture else { return self.stature_on(USUAL_SEAT_HEIGHT) };
        let seats = self.manifest().map_or(&[][..], |manifest| &manifest.seats);
        let seat = seats.iter().find(|seat| seat.id == id);
        self.stature_on(seat.map_or(USUAL_SEAT_HEIGHT, |seat| seat.height))
    }

    fn stature_on(&self, seat_metres: f32) -> Stature {
        match own_body::rolls(self.config.appearance) {
            true => Stature::Rolls { seat_metres },
            false => Stature::Walks { seat_metres },
        }
    }

    /// How the person looks.
    pub fn appearance(&self) -> Appearance {
        self.config.appearance
    }

    /// The language that the person reads.
    pub fn language(&self) -> Language {
        self.config.language
    }

    pub(super) fn changed(&mut self) {
        self.revision += 1;
    }

    pub(super) fn set_stage(&mut self, stage: Stage) {
        if self.stage != stage {
            self.tell_loss(&stage);
            tracing::info!(stage = stage_name(&stage), "the client's stage changed");
            self.stage = stage;
            self.changed();
        }
    }

    pub(super) fn emit(&mut self, event: CoreEvent) {
        if self.events.len() < MAX_EVENTS {
            self.events.push_back(event);
        }
    }

    fn obey(&mut self, command: &Command) {
        match command {
            Command::Connect(text) => match Link::parse(text, self.config.last_place.as_ref()) {
                Ok(link) => self.enter(link),
                Err(problem) => self.set_stage(Stage::StartWithProblem(problem)),
            },
            Command::ConnectLast => match self.config.last_link.clone() {
                Some(link) => self.enter(link),
                None => self.set_stage(Stage::StartWithProblem(Problem::LinkEmpty)),
            },
            Command::ForgetLast => (self.config.last_link, self.config.last_place) = (None, None),
            Command::TrustServer => self.trust_server(),
            Command::Retry | Command::TakeOver => self.retry_now(),
            Command::Leave => self.leave(),
            Command::Teleport(target) => self.wish_jump(*target),
            Command::Face { yaw, pitch } => self.body.face(*yaw, *pitch),
            Command::Recenter => self.body.recenter(),
            Command::GoTo(to) => self.go_to(*to),
            Command::GoToSpace(space) => self.ask(ClientRequest::GoToSpace(GoToSpace { space: *space })),
            Command::TakeSeat(seat) => self.ask(ClientRequest::TakeSeat(TakeSeat { seat: *seat })),
            Command::SitOn(seat) => self.sit_on(*seat),
            Command::SitOrStand => self.sit_or_stand(),
            Command::StandUp => self.ask(ClientRequest::LeaveSeat),
            Command::RaiseOrLowerHand => self.raise_or_lower_hand(),
            Command::MuteOrUnmute => self.mute_or_unmute(),
            Command::HoldToTalk(is_held) => self.hold_to_talk(*is_held),
            Command::TryMicrophone(is_tried) => self.try_microphone(*is_tried),
            Command::Order(command) => self.keep_order(command),
            Command::Talk(command) => self.talk(command),
            Command::Gesture(gesture) => self.body.gesture(*gesture),
            Command::SendText { scope, body } => {
                if let Some((own, space)) = self.own_id().zip(self.space()) {
                    let text = self.texts.send(own, space, *scope, body.clone());
                    self.say(text);
                }
            }
            Command::WriteLive { scope, text } => self.live_texts.write(*scope, text),
            Command::RetryText(key) => {
                if let Some(text) = self.space().and_then(|space| self.texts.resend(*key, space)) {
                    self.say(text);
                }
                self.changed();
            }
            Command::SetLanguage(language) => {
                self.config.language = *language;
                self.ask(ClientRequest::SetLanguage(SetLanguage { language: *language }));
            }
            Command::SetAppearance(appearance) => {
                self.config.appearance = *appearance;
                self.ask(ClientRequest::SetAppearance(SetAppearance { appearance: *appearance }));
            }
        }
    }

    fn say(&mut self, text: venue_protocol::SendText) {
        if self.connection.as_ref().is_some_and(|connection| connection.session.is_inside()) {
            self.ask(ClientRequest::SendText(text));
        } else {
            self.texts.connection_lost();
        }
        self.changed();
    }

    /// Sends what changed of one's own line, and drops lines of others that were erased a while ago.
    fn show_own_line(&mut self) {
        if self.live_texts.expire(self.now) {
            self.changed();
        }
        if self.stage == Stage::Inside
            && let Some(line) = self.live_texts.poll(self.now)
        {
            self.ask(ClientRequest::WriteLive(line));
        }
    }

    pub(super) fn ask(&mut self, request: ClientRequest) {
        if let Some(connection) = &mut self.connection {
            connection.session.request(request);
        }
    }

    fn sit_or_stand(&mut self) {
        if self.body.is_seated() {
            self.ask(ClientRequest::LeaveSeat);
        } else if let Some(seat) = self.nearest_free_seat(SEAT_REACH) {
            self.ask(ClientRequest::TakeSeat(TakeSeat { seat }));
        } else if self.stage == Stage::Inside {
            self.emit(CoreEvent::Notice(Notice::NoWay(NoWay::NoSeat)));
        }
    }

    pub(super) fn enter_replica(&mut self) {
        let (Some(admission), Some(manifest)) = (&self.admission, self.venue.manifest()) else { return };
        if self.venue.awaits_manifest() {
            // The space is known by the state before alone; its place may be another now.
            return;
        }
        if let Some(space) = manifest.space(admission.space) {
            let here = self.people.iter().filter(|entry| entry.space == Some(admission.space));
            self.replica.enter(space, admission.epoch, here.map(|entry| entry.participant.id));
        }
    }

    fn send_pose(&mut self) {
        let Some(connection) = self.connection.as_mut().filter(|_| self.stage == Stage::Inside) else {
            return;
        };
        let (Some(sampled_at), Some(origin)) =
            (connection.session.server_time(self.now), self.replica.origin())
        else {
            return;
        };
        if self.now < self.next_pose_at {
            return;
        }
        self.next_pose_at =
            self.now.max(self.next_pose_at + POSE_INTERVAL_MICROS / 2) + POSE_INTERVAL_MICROS / 2;
        self.pose_sequence = self.pose_sequence.wrapping_add(1);
        let update = PoseUpdate {
            placement: self.body.placement(),
            sequence: self.pose_sequence,
            sampled_at,
            pose: *self.body.pose(),
        };
        connection.transport.send_datagram(update.encode(origin, &mut self.pose_buffer));
        // In the same packet.
        for feedback in self.replica.feedback() {
            connection.transport.send_datagram(feedback.encode(&mut self.feedback_buffer));
        }
    }

    fn transmit(&mut self) {
        let now = self.now;
        if let Some(connection) = &mut self.connection {
            connection.session.handle_timeout(now);
            for datagram in self.microphone.queued() {
                connection.transport.send_datagram(datagram);
            }
            flush(connection);
        }
    }
}

impl<C: Connector> Drop for ClientCore<C> {
    fn drop(&mut self) {
        // Others see the person leave at once instead of after a timeout.
        if let Some(connection) = &mut self.connection {
            connection.session.leave();
            flush(connection);
            connection.transport.close(CloseCode::Normal, "the program ends");
        }
    }
}

fn stage_name(stage: &Stage) -> &'static str {
    match stage {
        Stage::Start => "start",
        Stage::StartWithProblem(problem) | Stage::Ended(problem) => problem.id(),
        Stage::Connecting => "connecting",
        Stage::AsksTrust { .. } => "asks trust",
        Stage::Joining => "joining",
        Stage::Loading => "loading",
        Stage::Inside => "inside",
        Stage::Lost { problem, .. } => problem.id(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::connect::Target;
    use super::*;
    use crate::bench::rehearsal::{Rehearsal, RehearsalTransport};
    use crate::core::cache::MemoryCache;
    use crate::panels::model::{Delivery, TextFailure};
    use crate::testing::{TestCore, tiny_package};
    use glam::Vec2;
    use std::cell::RefCell;
    use std::rc::Rc;
    use venue_model::{BoundedText, SeatId, TextId};
    use venue_protocol::{
        BodyPlaced, Closing, ClosingReason, MessageBody, Placement, PlacementCause, RefusalCode, Refused,
        TakenOver, TextAccepted,
    };
    use venue_transport::{ConnectError, Fingerprint};

    pub(crate) const LINK: &str = "vev://vev.example/e/plenary#7KQ2-M9XT";

    /// A client and its server in virtual time.
    pub(crate) struct Stand {
        pub(crate) core: TestCore,
        pub(crate) server: Rc<RefCell<Rehearsal>>,
        pub(crate) targets: Rc<RefCell<Vec<Target>>>,
        pub(crate) now: u64,
        pub(crate) intent: Intent,
    }

    impl Stand {
        pub(crate) fn new(crowd: u32) -> Self {
            let server = Rehearsal::open(tiny_package(), "room", crowd).unwrap();
            let targets = Rc::new(RefCell::new(Vec::new()));
            let (for_connector, asked) = (Rc::clone(&server), Rc::clone(&targets));
            let connector: Box<dyn FnMut(&Target) -> RehearsalTransport> = Box::new(move |target| {
                asked.borrow_mut().push(target.clone());
                RehearsalTransport::connect(&for_connector)
            });
            let config = CoreConfig {
                identity: Identity::from_secret([1; 32]),
                hosts: KnownHosts::in_memory(),
                cache: Box::new(MemoryCache::default()),
                appearance: Appearance::default(),
                language: Language::En,
                last_place: None,
                last_link: None,
                seed: 5,
            };
            let core = ClientCore::new(config, connector);
            Self { core, server, targets, now: 0, intent: Intent::default() }
        }

        pub(crate) fn wish(&mut self, command: Command) {
            self.intent.commands.push(command);
        }

        pub(crate) fn run(&mut self, frames: u32) {
            for _ in 0..frames {
                self.now += 16_667;
                self.server.borrow_mut().advance(LocalTime(self.now));
                self.core.step(LocalTime(self.now), &self.intent);
                self.intent.commands.clear();
            }
        }

        pub(crate) fn entered(crowd: u32) -> Self {
            let mut stand = Self::new(crowd);
            stand.wish(Command::Connect(LINK.into()));
            stand.run(60);
            assert_eq!(*stand.core.stage(), Stage::Inside);
            stand
        }

        pub(crate) fn events(&mut self) -> Vec<CoreEvent> {
            std::iter::from_fn(|| self.core.poll_event()).collect()
        }

        pub(crate) fn ended_with(&self) -> &Problem {
            match self.core.stage() {
                Stage::Ended(problem) | Stage::Lost { problem, .. } => problem,
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_link_leads_inside_where_others_walk() {
        let mut stand = Stand::entered(5);
        let before = stand.core.bodies().to_vec();
        assert_eq!(before.len(), 5);
        stand.run(60);
        let moved = stand.core.bodies().iter().zip(&before).filter(|(a, b)| a.1.root != b.1.root).count();
        assert_eq!(moved, 5);
        assert!(stand.core.is_loaded());
        let tiles =
            stand.events().into_iter().filter(|event| matches!(event, CoreEvent::Tile { .. })).count();
        assert_eq!(tiles, 2);
    }

    #[test]
    fn a_damaged_link_is_answered_with_a_sentence() {
        let mut stand = Stand::new(0);
        stand.wish(Command::Connect("https://vev.example/e/plenary#7KQ2".into()));
        stand.run(1);
        let Stage::StartWithProblem(problem) = stand.core.stage() else { panic!("{:?}", stand.core.stage()) };
        assert_eq!(problem.id(), "problem-link-code");
        assert!(stand.targets.borrow().is_empty());
    }

    #[test]
    fn a_refusal_ends_with_its_sentence_and_a_retry_works() {
        let mut stand = Stand::new(0);
        let detail = BoundedText::lossy("");
        let refusal = Refused { code: RefusalCode::EventNotOpen, detail, retry_after_secs: 0 };
        stand.server.borrow_mut().mishaps.refusal = Some(refusal);
        stand.wish(Command::Connect(LINK.into()));
        stand.run(30);
        assert_eq!(stand.ended_with().id(), "problem-event-not-open");
        stand.server.borrow_mut().mishaps.refusal = None;
        stand.wish(Command::Retry);
        stand.run(60);
        assert_eq!(*stand.core.stage(), Stage::Inside);
    }

    #[test]
    fn a_lost_connection_comes_back_by_itself_and_sends_unconfirmed_texts_again() {
        let mut stand = Stand::entered(2);
        let body = MessageBody::new("hello").unwrap();
        stand.wish(Command::SendText { scope: venue_model::TextScope::Space, body });
        stand.run(2);
        stand.server.borrow_mut().cut();
        stand.run(1);
        assert_eq!(stand.ended_with().id(), "problem-went-away");
        let lost = Delivery::Failed(TextFailure::NotConnected);
        assert_eq!(stand.core.texts().lines().next().unwrap().delivery, lost);
        stand.run(120);
        assert_eq!(*stand.core.stage(), Stage::Inside);
        let sent: Vec<u32> = stand.server.borrow().requests.iter().filter_map(reference).collect();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0], sent[1], "the number stays, so that the text is stored once");
        let accepted =
            TextAccepted { client_ref: sent[0], text_id: TextId(1), sent_at: venue_model::WallTime(0) };
        stand.server.borrow_mut().session().send(&accepted.into());
        stand.run(2);
        assert_eq!(stand.core.texts().lines().next().unwrap().delivery, Delivery::Stored);
    }

    pub(crate) fn reference(request: &ClientRequest) -> Option<u32> {
        match request {
            ClientRequest::SendText(text) => Some(text.client_ref),
            _ => None,
        }
    }

    #[test]
    fn a_server_that_closes_is_awaited_and_a_take_over_is_not() {
        let mut stand = Stand::entered(0);
        let closing = Closing { reason: ClosingReason::Restart, back_in_secs: 1 };
        stand.server.borrow_mut().session().shut_down(closing);
        stand.run(3);
        assert_eq!(stand.ended_with().id(), "problem-server-closing");
        stand.run(200);
        assert_eq!(*stand.core.stage(), Stage::Inside);
        stand.server.borrow_mut().session().send(&TakenOver.into());
        stand.run(600);
        assert_eq!(stand.ended_with().id(), "problem-taken-over");
        stand.wish(Command::TakeOver);
        stand.run(60);
        assert_eq!(*stand.core.stage(), Stage::Inside);
    }

    #[test]
    fn damaged_files_end_with_a_sentence() {
        let mut stand = Stand::new(0);
        stand.server.borrow_mut().mishaps.damages_files = true;
        stand.wish(Command::Connect(LINK.into()));
        stand.run(60);
        assert_eq!(stand.ended_with().id(), "problem-damaged-file");
    }

    #[test]
    fn the_server_puts_the_body_on_a_seat_and_the_person_stands_up_again() {
        let mut stand = Stand::entered(0);
        stand.wish(Command::SitOrStand);
        stand.run(2);
        let asked = stand.server.borrow_mut().requests.pop();
        assert_eq!(asked, Some(ClientRequest::TakeSeat(TakeSeat { seat: SeatId(1) })));
        let place = stand.core.manifest().unwrap().seats[0].place;
        let posture = Posture::Seated(SeatId(1));
        let placed = BodyPlaced { placement: Placement(2), place, posture, cause: PlacementCause::SatDown };
        stand.server.borrow_mut().session().send(&placed.into());
        stand.intent.walk = Vec2::Y;
        stand.run(30);
        assert!(stand.core.body().is_seated());
        assert_eq!(stand.core.body().pose().root, place.position);
        stand.wish(Command::SitOrStand);
        stand.run(2);
        assert_eq!(stand.server.borrow_mut().requests.pop(), Some(ClientRequest::LeaveSeat));
    }

    #[test]
    fn a_pinned_key_is_remembered_for_codes_that_are_typed_alone() {
        let mut stand = Stand::new(0);
        let key = crate::link::fingerprint_text(&[9; 32]);
        stand.wish(Command::Connect(format!("{LINK}.{key}")));
        stand.run(60);
        stand.wish(Command::Connect(LINK.into()));
        stand.run(60);
        let trusts: Vec<Trust> = stand.targets.borrow().iter().map(|target| target.trust).collect();
        assert_eq!(trusts, [Trust::Pinned([9; 32]), Trust::Known([9; 32])]);
    }

    #[test]
    fn a_known_server_with_another_key_may_be_vouched_for_anew() {
        let mut stand = Stand::new(0);
        let key = crate::link::fingerprint_text(&[9; 32]);
        stand.wish(Command::Connect(format!("{LINK}.{key}")));
        stand.run(60);
        let (expected, found) = (Fingerprint([9; 32]), Fingerprint([8; 32]));
        stand_fails_with(&stand, ConnectError::FingerprintMismatch { expected, found });
        stand_fails_with(&stand, ConnectError::UnknownServer { found });
        stand.wish(Command::Connect(LINK.into()));
        stand.run(4);
        let Stage::AsksTrust { fingerprint, problem } = stand.core.stage() else {
            panic!("{:?}", stand.core.stage())
        };
        assert_eq!((*fingerprint, problem.id()), ([8; 32], "problem-key-changed"));
        stand.wish(Command::TrustServer);
        stand.run(60);
        assert_eq!(*stand.core.stage(), Stage::Inside);
        let trusts: Vec<Trust> = stand.targets.borrow().iter().map(|target| target.trust).collect();
        assert_eq!(trusts[1..], [Trust::Known([9; 32]), Trust::PublicOrAsk, Trust::Known([8; 32])]);
    }

    #[test]
    fn a_pinned_key_never_falls_back() {
        let mut stand = Stand::new(0);
        let (expected, found) = (Fingerprint([9; 32]), Fingerprint([8; 32]));
        stand_fails_with(&stand, ConnectError::FingerprintMismatch { expected, found });
        let key = crate::link::fingerprint_text(&[9; 32]);
        stand.wish(Command::Connect(format!("{LINK}.{key}")));
        stand.run(10);
        assert_eq!(stand.ended_with().id(), "problem-fingerprint-mismatch");
        assert_eq!(stand.targets.borrow().len(), 1);
    }

    /// Lets the next connection fail like this.
    fn stand_fails_with(stand: &Stand, error: ConnectError) {
        stand.server.borrow_mut().mishaps.failures.push_back(error);
    }

    #[test]
    fn leaving_ends_at_the_start_page() {
        let mut stand = Stand::entered(1);
        stand.wish(Command::Leave);
        stand.run(3);
        assert_eq!(*stand.core.stage(), Stage::Start);
        assert!(stand.core.bodies().is_empty());
    }
}
