//! The server as a program runs it: the tick on a thread of its own, driven by the real
//! clock, over QUIC and a real store.
//!
//! It must not know configuration files or the command line; it is given ready parts.

use crate::counters::{Counters, TickPart};
use crate::stopwatch::CpuStopwatch;
use crate::store::{Store, UnixMillis};
use crate::tick::{Laps as _, Lateness, Venue, VenueConfig, VenueError, VenueState};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};
use venue_model::{TICK_MICROS, Tick};
use venue_package::Package;
use venue_protocol::{ClosingReason, LocalTime, VenueNoteWords};
use venue_transport::{QuicServer, WakeHandle};

/// How often the wall clock is read again.
const WALL_CLOCK_PERIOD: Duration = Duration::from_secs(60);

/// Notes that wait for one step; more at once nobody reads.
const MOST_NOTES: usize = 8;

/// How long last words may take to leave.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(3);

/// The server can not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The venue can not be opened.
    #[error(transparent)]
    Venue(#[from] VenueError),
    /// The system gave no thread.
    #[error("the system gives no thread for the tick: {0}; close other programs, or raise the limit")]
    Thread(#[from] std::io::Error),
}

/// The tick's thread ended by a fault of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the tick stopped by a fault of the program; its log says where; start the server again")]
pub struct TickFailed;

/// A running server.
#[derive(Debug)]
pub struct Server {
    thread: JoinHandle<()>,
    monitor: Monitor,
    address: SocketAddr,
}

/// Reads a running server's counters and asks it to stop; may be cloned to any thread.
#[derive(Clone, Debug)]
pub struct Monitor {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    counters: Counters,
    stop: Option<(ClosingReason, u32)>,
    /// The next state of the venue.
    renewal: Option<VenueState>,
    notes: Vec<VenueNoteWords>,
    wake: Option<WakeHandle>,
}

impl Server {
    /// Opens the venue and starts its tick. `config`'s clocks are set here.
    pub fn start(
        config: VenueConfig,
        package: Package,
        transport: QuicServer,
        store: impl Store + 'static,
        seed: u64,
    ) -> Result<Self, StartError> {
        let address = transport.local_addr();
        let wake = Some(transport.wake_handle());
        let monitor = Monitor { shared: Arc::new(Mutex::new(Shared { wake, ..Shared::default() })) };
        let config = VenueConfig { clock_origin: LocalTime(0), wall_at_origin: wall_now(), ..config };
        let started = Instant::now();
        let venue = Venue::new(config, package, transport, store, seed)?;
        venue.transport().open_lane(Box::new(venue.voices().lane(started)));
        let for_thread = monitor.clone();
        let thread = std::thread::Builder::new()
            .name("vev-tick".into())
            .spawn(move || Loop::new(venue, for_thread, started).run())?;
        Ok(Self { thread, monitor, address })
    }

    /// Where it listens (UDP).
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Counters, and a way to stop it, for other threads.
    pub fn monitor(&self) -> Monitor {
        self.monitor.clone()
    }

    /// Whether the tick runs.
    pub fn is_running(&self) -> bool {
        !self.thread.is_finished()
    }

    /// Tells everybody why and for how long (seconds, 0: not known) the server stops, waits
    /// until everything is stored and told, and ends.
    pub fn stop(self, reason: ClosingReason, back_in_secs: u32) -> Result<(), TickFailed> {
        self.monitor.ask_to_stop(reason, back_in_secs);
        self.wait()
    }

    /// Waits until the server ends, because [`Monitor::ask_to_stop`] was called or by a fault.
    pub fn wait(self) -> Result<(), TickFailed> {
        self.thread.join().map_err(|_| TickFailed)
    }
}

impl Monitor {
    /// What was counted up to the last tick.
    pub fn counters(&self) -> Counters {
        self.lock().counters
    }

    /// Asks the server to stop; it ends when everything is stored and told.
    pub fn ask_to_stop(&self, reason: ClosingReason, back_in_secs: u32) {
        let mut shared = self.lock();
        shared.stop = Some((reason, back_in_secs));
        if let Some(wake) = &shared.wake {
            wake.wake();
        }
    }

    /// Lets the venue go on with another state, from the next step on.
    pub fn renew(&self, state: VenueState) {
        self.lock().renewal = Some(state);
    }

    /// Tells everybody inside something, with the next step.
    pub fn note(&self, words: VenueNoteWords) {
        let mut shared = self.lock();
        if shared.notes.len() < MOST_NOTES {
            shared.notes.push(words);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Shared> {
        // Numbers and a request can not be half written.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("stop", &self.stop).finish_non_exhaustive()
    }
}

/// The tick's thread.
struct Loop<S> {
    venue: Venue<QuicServer, S>,
    monitor: Monitor,
    started: Instant,
    stopwatch: CpuStopwatch,
}

impl<S: Store> Loop<S> {
    /// On the thread that runs it: its CPU time is measured.
    fn new(venue: Venue<QuicServer, S>, monitor: Monitor, started: Instant) -> Self {
        Self { venue, monitor, started, stopwatch: CpuStopwatch::start() }
    }

    fn run(mut self) {
        let mut tick = Tick(0);
        let mut wall_read = self.started;
        let mut is_closing = false;
        while !self.venue.is_closed() {
            tick = self.skip_missed(tick.next());
            self.pump_until(self.started + Duration::from_micros(tick.time().0));
            self.go_on();
            self.step(tick);
            if wall_read.elapsed() >= WALL_CLOCK_PERIOD {
                wall_read = Instant::now();
                self.venue.set_wall_clock(self.now(), wall_now());
            }
            let stop = self.monitor.lock().stop.filter(|_| !is_closing);
            if let Some((reason, back_in_secs)) = stop {
                is_closing = true;
                tracing::info!(?reason, "the server stops");
                self.venue.close(reason, back_in_secs);
            }
        }
        let (transport, store) = self.venue.into_parts();
        transport.shutdown(SHUTDOWN_GRACE);
        // Dropping the store carries out what it was asked.
        drop(store);
    }

    /// Takes over what whoever builds the venue has for it.
    fn go_on(&mut self) {
        let (renewal, notes) = {
            let mut shared = self.monitor.lock();
            (shared.renewal.take(), std::mem::take(&mut shared.notes))
        };
        if let Some(state) = renewal {
            self.venue.host(state, self.now());
        }
        notes.iter().for_each(|words| self.venue.note(words));
    }

    fn now(&self) -> LocalTime {
        LocalTime(self.started.elapsed().as_micros() as u64)
    }

    /// The tick to take next: steps that are long past are left out, not made up for.
    fn skip_missed(&self, next: Tick) -> Tick {
        let due = next.time().0;
        let now = self.now().0;
        if now < due + 2 * TICK_MICROS { next } else { Tick((now / TICK_MICROS) as u32) }
    }

    /// Answers what needs no tick until the tick is due. What comes while the pump runs is
    /// taken by the next, so a crowd's packets come together by themselves.
    fn pump_until(&mut self, due: Instant) {
        while Instant::now() < due {
            self.venue.transport().wait(due);
            self.venue.pump(self.now());
            self.stopwatch.lap(TickPart::Receive);
        }
    }

    fn step(&mut self, tick: Tick) {
        let began = self.now();
        self.venue.step_with(began, &mut self.stopwatch);
        self.stopwatch.end_tick();
        let micros = self.now().micros_since(began);
        let is_late = began.0 > tick.time().0 + TICK_MICROS;
        self.venue.note_tick(micros, if is_late { Lateness::Late } else { Lateness::InTime });
        let tick_cpu = self.stopwatch.cpu();
        self.monitor.lock().counters = Counters { tick_cpu, ..self.venue.counters() };
    }
}

fn wall_now() -> UnixMillis {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    UnixMillis(since.map_or(0, |since| since.as_millis() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::MemoryStore;
    use crate::world::testing;
    use ed25519_dalek::{Signer, SigningKey};
    use venue_model::{BoundedText, DeviceKey, EventKey, Language};
    use venue_protocol::{
        Appearance, ClientSession, ClientSessionConfig, ClientSessionEvent, Credential, InvitationCode,
        ServerUpdate, SessionEnd,
    };
    use venue_transport::{
        ClientEvent, ClientTransport, QuicClient, QuicClientConfig, QuicServerConfig, ServerCertificate,
        ServerLimits, Trust,
    };

    /// Nothing here takes long; a deadline turns a hang into a failure.
    const PATIENCE: Duration = Duration::from_secs(60);

    struct Guest {
        transport: QuicClient,
        session: ClientSession,
        key: SigningKey,
        started: Instant,
    }

    impl Guest {
        fn connect(address: SocketAddr, certificate: &ServerCertificate, credential: Credential) -> Self {
            let key = SigningKey::from_bytes(&[3; 32]);
            let transport = QuicClient::connect(QuicClientConfig {
                host: address.ip().to_string(),
                port: address.port(),
                trust: Trust::Pinned(certificate.fingerprint()),
                timeout: PATIENCE,
            });
            let config = ClientSessionConfig {
                program: BoundedText::lossy("test"),
                device_key: DeviceKey(key.verifying_key().to_bytes()),
                language: Language::En,
                credential,
                appearance: Appearance::default(),
            };
            Self { transport, session: ClientSession::new(config, 1), key, started: Instant::now() }
        }

        /// Lives until the session tells something.
        fn next(&mut self) -> ClientSessionEvent {
            while self.started.elapsed() < PATIENCE {
                let now = LocalTime(self.started.elapsed().as_micros() as u64);
                while let Some(event) = self.transport.poll() {
                    match event {
                        ClientEvent::Opened { exporter, .. } => self.session.handle_opened(now, exporter),
                        ClientEvent::Control(bytes) => self.session.handle_control(now, &bytes),
                        ClientEvent::Datagram(bytes) => self.session.handle_datagram(now, bytes),
                        ClientEvent::Closed { reason } => self.session.handle_closed(reason),
                        other => panic!("{other:?}"),
                    }
                }
                self.session.handle_timeout(now);
                while let Some(bytes) = self.session.poll_control() {
                    self.transport.send_control(bytes).unwrap();
                }
                while let Some(bytes) = self.session.poll_datagram() {
                    self.transport.send_datagram(bytes);
                }
                match self.session.poll_event() {
                    Some(ClientSessionEvent::ProofWanted { message }) => {
                        self.session.join(self.key.sign(&message).to_bytes());
                    }
                    Some(event) => return event,
                    None => self.transport.wait(Instant::now() + Duration::from_millis(20)),
                }
            }
            panic!("nothing came in time")
        }
    }

    #[test]
    fn a_delegate_joins_over_quic_and_hears_that_the_server_stops() {
        let certificate = ServerCertificate::self_signed(&["localhost".into()]).unwrap();
        let transport = QuicServer::bind(QuicServerConfig {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            certificate: certificate.clone(),
            limits: ServerLimits::default(),
        });
        let store = MemoryStore::new();
        let handle = store.handle();
        handle.add_event("wtf-26", "Forum");
        let code = handle.invite("wtf-26", "Ada", "CHE");
        let config = VenueConfig { ticket_secret: [7; 32], ..VenueConfig::default() };
        let server = Server::start(config, testing::package(), transport.unwrap(), store, 1).unwrap();
        let credential = Credential::Invitation {
            event: EventKey::new("wtf-26").unwrap(),
            code: InvitationCode(BoundedText::lossy(&code.to_string())),
        };
        let mut ada = Guest::connect(server.local_addr(), &certificate, credential);
        let ClientSessionEvent::Welcomed(welcome) = ada.next() else { panic!("not welcomed") };
        assert_eq!(welcome.you.name.as_str(), "Ada");
        let certified = ada.next();
        assert!(
            matches!(certified, ClientSessionEvent::Update(ServerUpdate::DeviceCertified(_))),
            "{certified:?}"
        );
        assert_eq!(server.monitor().counters().joins_refused, 0);
        server.monitor().ask_to_stop(ClosingReason::Restart, 5);
        let end = std::iter::repeat_with(|| ada.next()).find_map(|event| match event {
            ClientSessionEvent::Ended(end) => Some(end),
            // The world is told meanwhile.
            ClientSessionEvent::Datagram(_) => None,
            other => panic!("{other:?}"),
        });
        let Some(SessionEnd::ServerClosing(closing)) = end else { panic!("{end:?}") };
        assert_eq!((closing.reason, closing.back_in_secs), (ClosingReason::Restart, 5));
        assert_eq!(server.wait(), Ok(()));
    }
}
