//! One of the crowd: a session of the real protocol, a device key, and a body on its course. No input, no output.

use crate::clip::Clip;
use crate::course::Course;
use crate::ground::Ground;
use crate::random::Random;
use crate::tally::Tally;
use crate::watch::Watch;
use bytes::{Bytes, BytesMut};
use ed25519_dalek::{Signer as _, SigningKey};
use venue_model::{
    BodyPose, BoundedText, DeviceKey, Language, ParticipantId, Place, Posture, ServerTime, SpaceEpoch,
    SpaceId,
};
use venue_protocol::{
    Appearance, ClientRequest, ClientSession, ClientSessionConfig, ClientSessionEvent, Credential,
    DatagramKind, DecodeError, LocalTime, Placement, PlacementCause, ServerUpdate, SessionEnd, SetMicrophone,
    VoiceFrame, VoiceWay, Welcome, heard_frames,
};
use venue_replication::snapshot::decode_header;
use venue_replication::{Arrivals, PoseUpdate};

/// Poses a second.
const POSES_HZ: u64 = 30;

/// Time between two frames of somebody who speaks, and their size: Opus at 32 kbit/s.
const VOICE_MICROS: u64 = 20_000;
const VOICE: &[u8] = &[0; 80];

/// As loud as people speak, decibels below full scale.
const VOICE_LEVEL: u8 = 26;

/// First pause before another try, and the longest, as the product's client has them, µs.
const FIRST_PAUSE: u64 = 400_000;
const LONGEST_PAUSE: u64 = 8_000_000;

/// Shared by the whole crowd.
#[derive(Debug)]
pub struct Stage {
    /// Where they walk.
    pub ground: Ground,
    /// How they move.
    pub clip: Clip,
}

/// What a bot does beside standing there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Habits {
    /// Has the microphone open and speaks without a pause.
    pub speaks: bool,
    /// Looks at what it gets.
    pub watches: bool,
}

/// One of the crowd.
pub struct Bot {
    key: SigningKey,
    credential: Credential,
    session: ClientSession,
    habits: Habits,
    random: Random,
    body: Option<OwnBody>,
    watch: Option<Watch>,
    /// What came, of who does not watch: the server has to know it from everybody.
    arrivals: Arrivals,
    /// Who the server says that it is.
    id: Option<ParticipantId>,
    welcomes: u32,
    corrections: u64,
    refusal: Option<String>,
    next_voice: LocalTime,
    /// Frames of voice so far.
    spoken: u16,
    frames_heard: u64,
    pause: u64,
    /// When to try again; none while there is a connection.
    retry_at: Option<LocalTime>,
    buffer: BytesMut,
}

/// What a watcher looks with, at one moment.
pub struct View {
    /// What it sees.
    pub watch: Watch,
    /// The moment on the server's clock.
    pub at: ServerTime,
    /// Itself.
    pub own: BodyPose,
}

/// A body and what its updates need.
struct OwnBody {
    course: Course,
    space: SpaceId,
    epoch: SpaceEpoch,
    place: Place,
    posture: Posture,
    placement: Placement,
    sequence: u32,
    next_pose: LocalTime,
}

impl Bot {
    /// Not connected yet; `number` makes its key and its chances.
    pub fn new(number: u64, credential: Credential, habits: Habits) -> Self {
        let mut random = Random::new(number.wrapping_add(1) << 20);
        let secret: Vec<u8> = (0..4).flat_map(|_| random.bits().to_le_bytes()).collect();
        let mut key = [0; 32];
        key.copy_from_slice(&secret);
        let key = SigningKey::from_bytes(&key);
        let session = session(&key, credential.clone(), number);
        Self {
            key,
            credential,
            session,
            habits,
            random,
            body: None,
            watch: None,
            arrivals: Arrivals::default(),
            id: None,
            welcomes: 0,
            corrections: 0,
            refusal: None,
            next_voice: LocalTime(0),
            spoken: 0,
            frames_heard: 0,
            pause: FIRST_PAUSE,
            retry_at: Some(LocalTime(0)),
            buffer: BytesMut::new(),
        }
    }

    /// Whether it was admitted and is there.
    pub fn is_inside(&self) -> bool {
        self.session.is_inside()
    }

    /// Its number in the venue, also while it is away.
    pub fn id(&self) -> Option<ParticipantId> {
        self.id
    }

    /// How often it was let in.
    pub fn welcomes(&self) -> u32 {
        self.welcomes
    }

    /// How often the server put its body elsewhere than it said.
    pub fn corrections(&self) -> u64 {
        self.corrections
    }

    /// Where the server last put it, and how it sits or stands there.
    pub fn placed(&self) -> Option<(SpaceId, Place, Posture)> {
        self.body.as_ref().map(|body| (body.space, body.place, body.posture))
    }

    /// Why it was not let in, or not kept; given once.
    pub fn take_refusal(&mut self) -> Option<String> {
        self.refusal.take()
    }

    /// Whether it looks at what it gets.
    pub fn watches(&self) -> bool {
        self.habits.watches
    }

    /// The body as it truly is.
    pub fn pose_at(&self, at: LocalTime, clip: &Clip) -> Option<BodyPose> {
        self.body.as_ref().map(|body| body.course.pose_at(at, clip))
    }

    /// Whether it wants a connection now.
    pub fn wants_connection(&self, now: LocalTime) -> bool {
        self.retry_at.is_some_and(|at| at <= now)
    }

    /// A connection is on its way.
    pub fn connecting(&mut self) {
        self.retry_at = None;
        let number = self.random.bits();
        self.session = session(&self.key, self.credential.clone(), number);
    }

    /// There is no connection, or none any more: tries again after a while.
    pub fn disconnected(&mut self, now: LocalTime) {
        let pause = self.pause / 2 + self.random.bits() % (self.pause / 2);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        self.retry_at = Some(now + pause);
        self.session = session(&self.key, self.credential.clone(), pause);
    }

    /// The connection is open.
    pub fn opened(&mut self, now: LocalTime, exporter: [u8; 32], stage: &Stage) {
        self.session.handle_opened(now, exporter);
        self.hear(now, stage, None);
    }

    /// Bytes of the control stream came.
    pub fn control(&mut self, now: LocalTime, bytes: &[u8], stage: &Stage) {
        self.session.handle_control(now, bytes);
        self.hear(now, stage, None);
    }

    /// A datagram came.
    pub fn datagram(&mut self, now: LocalTime, bytes: Bytes, stage: &Stage, tally: Option<&mut Tally>) {
        self.session.handle_datagram(now, bytes);
        self.hear(now, stage, tally);
    }

    /// Asks the server for something.
    pub fn request(&mut self, request: ClientRequest) {
        self.session.request(request);
    }

    /// Bytes for the control stream.
    pub fn poll_control(&mut self) -> Option<Bytes> {
        self.session.poll_control()
    }

    /// Whether the session ended by itself and its connection is to be closed.
    pub fn is_over(&self) -> bool {
        self.session.is_over()
    }

    /// When it has something to do at the latest.
    pub fn due(&self) -> LocalTime {
        let pose = self.body.as_ref().map(|body| body.next_pose);
        let voice = (self.habits.speaks && self.body.is_some()).then_some(self.next_voice);
        [self.session.poll_timeout(), pose, voice].into_iter().flatten().min().unwrap_or(LocalTime(u64::MAX))
    }

    /// Says what is due: probes, its pose, its voice.
    pub fn act(&mut self, now: LocalTime, stage: &Stage, send: &mut impl FnMut(Bytes)) {
        self.session.handle_timeout(now);
        while let Some(datagram) = self.session.poll_datagram() {
            send(datagram);
        }
        if !self.is_inside() {
            return;
        }
        let sampled_at = self.session.server_time(now);
        let (Some(body), Some(sampled_at)) = (&mut self.body, sampled_at) else { return };
        if body.next_pose <= now
            && let Some(origin) = stage.ground.origin(body.space)
        {
            // One that was late goes on from now.
            let next = body.next_pose + 1_000_000 / POSES_HZ;
            body.next_pose = if next <= now { now + 1_000_000 / POSES_HZ } else { next };
            body.sequence = body.sequence.wrapping_add(1);
            let pose = body.course.pose_at(now, &stage.clip);
            let update = PoseUpdate { placement: body.placement, sequence: body.sequence, sampled_at, pose };
            send(update.encode(origin, &mut self.buffer));
            let report = match &mut self.watch {
                Some(watch) => watch.feedback(),
                None => self.arrivals.report(body.space),
            };
            if let Some(report) = report {
                send(report.encode(&mut self.buffer));
            }
        }
        if self.habits.speaks && self.next_voice <= now {
            // One that was late goes on from now.
            let next = self.next_voice + VOICE_MICROS;
            self.next_voice = if next <= now { now + VOICE_MICROS } else { next };
            self.spoken = self.spoken.wrapping_add(1);
            let voice = Bytes::from_static(VOICE);
            let (way, sequence, level) = (VoiceWay::Around, self.spoken, VOICE_LEVEL);
            send(VoiceFrame { way, sequence, level, voice }.encode(&mut self.buffer));
        }
    }

    /// Lends out what a watcher sees; none of who does not watch, or is not inside. [`Self::give_back`] has to follow.
    pub fn take_view(&mut self, now: LocalTime, clip: &Clip) -> Option<View> {
        let at = self.session.server_time(now)?;
        let own = self.pose_at(now, clip)?;
        Some(View { watch: self.watch.take()?, at, own })
    }

    /// The view is the watcher's again.
    pub fn give_back(&mut self, view: View) {
        self.watch = Some(view.watch);
    }

    fn hear(&mut self, now: LocalTime, stage: &Stage, mut tally: Option<&mut Tally>) {
        while let Some(event) = self.session.poll_event() {
            match event {
                ClientSessionEvent::ProofWanted { message } => {
                    self.session.join(self.key.sign(&message).to_bytes());
                }
                ClientSessionEvent::Welcomed(welcome) => self.come_in(now, &welcome, stage),
                ClientSessionEvent::TicketRenewed(ticket) => {
                    self.credential = Credential::Ticket(ticket.bytes)
                }
                ClientSessionEvent::Update(update) => self.follow(now, &update, stage),
                ClientSessionEvent::Datagram(bytes) if is_voice(&bytes) => {
                    self.frames_heard += heard_frames(&bytes).filter(Result::is_ok).count() as u64;
                }
                ClientSessionEvent::Datagram(bytes) => {
                    let Some(at) = self.session.server_time(now) else { continue };
                    let taken = match &mut self.watch {
                        Some(watch) => watch.snapshot(&bytes, at, tally.as_deref_mut()),
                        None => self.note_arrival(&bytes, at),
                    };
                    if let Err(error) = taken {
                        self.session.fail_malformed(error);
                    }
                }
                ClientSessionEvent::Ended(end) => {
                    if let SessionEnd::Refused(refused) = &end {
                        self.pause = self.pause.max(u64::from(refused.retry_after_secs) * 1_000_000);
                    }
                    self.refusal = Some(format!("{end:?}"));
                }
            }
        }
    }

    /// Frames of others' voices that came.
    pub fn frames_heard(&self) -> u64 {
        self.frames_heard
    }

    fn note_arrival(&mut self, datagram: &[u8], at: ServerTime) -> Result<(), DecodeError> {
        let header = decode_header(datagram)?;
        if self.body.as_ref().is_some_and(|body| body.space == header.space) {
            self.arrivals.note(&header, at);
        }
        Ok(())
    }

    fn come_in(&mut self, now: LocalTime, welcome: &Welcome, stage: &Stage) {
        self.credential = Credential::Ticket(welcome.ticket.bytes.clone());
        self.id = Some(welcome.you.id);
        self.welcomes += 1;
        (self.pause, self.refusal) = (FIRST_PAUSE, None);
        self.arrivals = Arrivals::default();
        let (space, epoch, place) = (welcome.space, welcome.epoch, welcome.place);
        let posture = self.body.as_ref().map_or(Posture::Standing, |body| body.posture);
        // Not all in the same moment.
        let next_pose = now + self.random.bits() % (1_000_000 / POSES_HZ);
        let course = Course::resting(place, posture, now);
        let placement = welcome.placement;
        self.body = Some(OwnBody { course, space, epoch, place, posture, placement, sequence: 0, next_pose });
        self.walk_on(now, stage);
        if self.habits.speaks {
            self.session.request(ClientRequest::SetMicrophone(SetMicrophone { is_open: true }));
            // Not all in the same moment.
            self.next_voice = now + self.random.bits() % VOICE_MICROS;
        }
        if self.habits.watches
            && let Some(origin) = stage.ground.origin(space)
        {
            self.watch = Some(Watch::new(space, epoch, origin, &welcome.people));
        }
    }

    fn follow(&mut self, now: LocalTime, update: &ServerUpdate, stage: &Stage) {
        if let Some(watch) = &mut self.watch {
            watch.update(update);
        }
        let Some(body) = &mut self.body else { return };
        let cause = match update {
            ServerUpdate::BodyPlaced(placed) => {
                (body.placement, body.place, body.posture) = (placed.placement, placed.place, placed.posture);
                placed.cause
            }
            ServerUpdate::SpaceEntered(entered) => {
                (body.placement, body.place) = (entered.placement, entered.place);
                (body.space, body.epoch, body.posture) = (entered.space, entered.epoch, Posture::Standing);
                self.arrivals = Arrivals::default();
                if let (Some(watch), Some(origin)) = (&mut self.watch, stage.ground.origin(entered.space)) {
                    watch.enter(entered.space, entered.epoch, origin);
                }
                entered.cause
            }
            _ => return,
        };
        self.corrections += u64::from(cause.is_correction());
        if cause != PlacementCause::Door {
            self.walk_on(now, stage);
        }
    }

    /// Sets out from where the server has put the body; who sits stays.
    fn walk_on(&mut self, now: LocalTime, stage: &Stage) {
        let Some(body) = &mut self.body else { return };
        body.course = Course::resting(body.place, body.posture, now);
        let floor = stage.ground.floor_at(body.space, body.place);
        if let (Posture::Standing, Some(from)) = (body.posture, floor)
            && let Some(home) = stage.ground.anywhere(body.space, &mut self.random)
        {
            body.course = Course::new(&stage.ground, from, home, now, &mut self.random);
        }
    }
}

fn session(key: &SigningKey, credential: Credential, seed: u64) -> ClientSession {
    let config = ClientSessionConfig {
        program: BoundedText::lossy("load"),
        device_key: DeviceKey(key.verifying_key().to_bytes()),
        language: Language::En,
        credential,
        appearance: Appearance::default(),
    };
    ClientSession::new(config, seed)
}

/// Whether a datagram is about voices.
fn is_voice(datagram: &[u8]) -> bool {
    matches!(DatagramKind::of(datagram), Some(DatagramKind::Voices | DatagramKind::VoiceStatus))
}
