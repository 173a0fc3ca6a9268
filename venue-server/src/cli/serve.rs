//! `venue-server serve`: puts the server together, in the order in which the parts need
//! each other, and ends it in order.
//!
//! First what can be wrong without a trace left behind (lock, configuration, venue), then
//! certificate and ports, then the store, the demonstration event, the tick, the pages, the sweeper;
//! other commands are told last, when everything answers.

use crate::cli::block_on;
use crate::cli::invite::Links;
use crate::cli::workbench::Workbench;
use crate::config::{Config, LimitsSection};
use crate::console::venue_files::{Shelf, VenueFiles};
use crate::console::{Console, ConsoleParts};
use crate::ops::links::PublicAddress;
use crate::ops::serving::{self, Serving, ServingNotice};
use crate::ops::sweeper::Sweeper;
use crate::ops::{DataDirectory, Secrets, ServerLock, logs, secrets, venue};
use crate::server::{Monitor, Server};
use crate::store::database::wall_clock;
use crate::store::events::{AdminError, NewEvent};
use crate::store::invite::{Invitees, Terms};
use crate::store::people::{NewPerson, PersonRef};
use crate::store::{DatabaseOptions, SqliteStore, Upgrade};
use crate::tick::VenueConfig;
use anyhow::{Context, Result, bail};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use venue_model::EventKey;
use venue_protocol::ClosingReason;
use venue_transport::ServerCertificate;
use venue_transport::{QuicServer, QuicServerConfig, ServerLimits};

/// `serve`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  venue-server serve --demo\n  \
    venue-server --data /var/lib/venue-server serve\n  \
    venue-server serve --demo --listen 0.0.0.0:4433 --public 192.168.1.20\n\n\
    UDP (the venue) and TCP (the entry page) are answered on the same port number.\n\
    Ctrl-C or SIGTERM stops it: everybody inside is told, everything written is stored.\n\
    A second one stops it at once.")]
pub(super) struct Args {
    /// Adds the event \"demo\", if it is not there, and prints new links to it: two, or one for each --guest.
    #[arg(long)]
    demo: bool,
    /// Somebody to invite to the demonstration instead of the two guests; may stand several times.
    #[arg(long, value_name = "NAME", requires = "demo")]
    guest: Vec<String>,
    /// Overrides [server] listen; port 0 takes any free port.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Overrides [server] public: where delegates find the server.
    #[arg(long, value_name = "HOST[:PORT]")]
    public: Option<PublicAddress>,
    /// Overrides [operator] listen; port 0 takes any free port.
    #[arg(long, value_name = "ADDRESS:PORT")]
    operator: Option<SocketAddr>,
    /// Overrides [venue] package: the folder of the venue package.
    #[arg(long, value_name = "FOLDER")]
    venue: Option<PathBuf>,
    /// For whoever builds the venue: takes each new state of the package while people are inside, shows them the lines
    /// that come on standard input, and stops at its end. `venue-importer serve` starts the server so.
    #[arg(long)]
    workbench: bool,
}

/// How often another port is tried when any will do.
const PORT_TRIES: usize = 20;

/// The people of the demonstration when none are named.
const DEMO_PEOPLE: [&str; 2] = ["Guest One", "Guest Two"];

impl Args {
    /// Who is invited to the demonstration; nobody without one.
    fn demo_people(&self) -> Vec<String> {
        match (self.demo, self.guest.is_empty()) {
            (false, _) => Vec::new(),
            (true, true) => DEMO_PEOPLE.map(str::to_owned).to_vec(),
            (true, false) => self.guest.clone(),
        }
    }

    fn put_into(&self, config: &mut Config) -> Result<()> {
        if let Some(listen) = self.listen {
            config.server.listen = listen;
        }
        if let Some(public) = &self.public {
            config.server.public = public.clone();
        }
        if let Some(operator) = self.operator {
            if !operator.ip().is_loopback() {
                bail!("--operator {operator}: health and metrics are answered on loopback only");
            }
            config.operator.listen = operator;
        }
        if let Some(package) = &self.venue {
            config.venue.package = Some(package.clone());
        }
        Ok(())
    }
}

pub(super) fn run(args: &Args, directory: &DataDirectory, mut config: Config) -> Result<ExitCode> {
    args.put_into(&mut config)?;
    logs::start(&config.log, &directory.logs(), wall_clock())?;
    let running = Running::start(directory, &config, &args.demo_people())?;
    stop_on_signal(running.server.monitor())?;
    if args.workbench {
        running.begin_workbench()?;
    }
    running.tell();
    running.wait()?;
    println!("Stopped.");
    Ok(ExitCode::SUCCESS)
}

/// A whole server that answers. Its parts end in the order in which they stand here.
struct Running {
    server: Server,
    notice: ServingNotice,
    console: Console,
    sweeper: Sweeper,
    _lock: ServerLock,
    serving: Serving,
    told: Told,
    files: VenueFiles,
}

/// What is told on the terminal alone.
struct Told {
    venue: PathBuf,
    /// The address of the venue's tileset, with the right to read it.
    tileset: String,
    demo_links: Vec<(String, String)>,
}

impl Running {
    fn start(directory: &DataDirectory, config: &Config, demo_people: &[String]) -> Result<Self> {
        let lock = directory.lock()?;
        let folder = venue::find(&config.venue)?;
        let package = venue::open(&folder)?;
        let manifest = package.manifest_hash();
        let secrets = block_on(directory.secrets())?;
        let certificate = serving::certificate(directory, config)?;
        let ports = Ports::bind(config, &certificate)?;
        let links = Links::with_port(config, ports.page.local_addr()?.port(), &certificate);
        let options = DatabaseOptions::new(directory.database_file(), Upgrade::Allowed);
        let store = SqliteStore::start(options, secrets.pepper.clone())?;
        let condition = store.condition();
        let demo_links = demo(directory, &secrets, &links, demo_people)?;
        let seed = u64::from_le_bytes(secrets::random_bytes()?);
        let of_venue = || format!("the venue {}", folder.display());
        let server = Server::start(venue_config(config, &secrets), package.clone(), ports.venue, store, seed)
            .with_context(of_venue)?;
        let shelf = Shelf::new(&package, &folder).with_context(of_venue)?;
        let files = VenueFiles::new(shelf, config.limits.files_mbit_per_s);
        let monitor = server.monitor();
        let console = Console::start(ConsoleParts {
            page_listener: ports.page,
            operator_listener: ports.operator,
            certificate,
            page: config.page.clone(),
            directory: directory.clone(),
            secrets,
            public: config.server.public.clone(),
            keep_days: config.retention.text_days.max(config.retention.presence_days),
            store: condition,
            files: files.clone(),
            counters: Box::new(move || monitor.counters()),
        })?;
        let sweeper = Sweeper::start(directory.clone(), config.retention.clone())?;
        let serving = Serving {
            pid: std::process::id(),
            venue: server.local_addr(),
            page: console.page,
            operator: Some(console.operator),
        };
        tracing::info!(venue = %serving.venue, page = %serving.page, "serving");
        let tileset = config.server.public.tileset(serving.page.port(), manifest);
        let notice = serving.announce(directory)?;
        let told = Told { venue: folder, tileset, demo_links };
        Ok(Self { server, notice, console, sweeper, _lock: lock, serving, told, files })
    }

    fn begin_workbench(&self) -> Result<()> {
        Workbench::new(&self.told.venue, self.server.monitor(), self.files.clone())
            .begin()
            .context("the system gives no thread for the workbench")
    }

    /// For whoever started it. Links go to the terminal only, never into a log.
    fn tell(&self) {
        println!("Serving the venue {}", self.told.venue.display());
        println!("  venue        UDP {}", self.serving.venue);
        println!("  entry page   TCP {} (HTTPS)", self.serving.page);
        println!("  venue files  {}", self.told.tileset);
        println!("  health       http://{}/healthz (token in keys/operator.token)", self.console.operator);
        for (name, link) in &self.told.demo_links {
            println!("  {name:<12} {link}");
        }
        if self.told.demo_links.is_empty() {
            println!("Invite people: venue-server event add --help, venue-server invite --help");
        }
        println!("Ready. Ctrl-C stops it.");
    }

    /// Until the tick ends; then everything is stored and everybody told.
    fn wait(self) -> Result<()> {
        let ended = self.server.wait();
        drop(self.notice);
        drop(self.console);
        drop(self.sweeper);
        Ok(ended?)
    }
}

fn venue_config(config: &Config, secrets: &Secrets) -> VenueConfig {
    VenueConfig {
        issuer: config.server.public.host.clone(),
        ticket_secret: secrets.ticket_key.to_bytes(),
        max_sessions: config.limits.connections,
        max_bodies: config.limits.bodies,
        grace_secs: config.limits.grace_secs,
        ..VenueConfig::default()
    }
}

fn server_limits(limits: &LimitsSection) -> ServerLimits {
    ServerLimits {
        max_connections: limits.connections,
        address_burst: limits.address_burst,
        address_rate_per_sec: limits.address_per_s.into(),
        max_newcomers_per_network: limits.network_newcomers,
        ..ServerLimits::default()
    }
}

/// Every address that the server answers on.
struct Ports {
    venue: QuicServer,
    page: TcpListener,
    operator: TcpListener,
}

impl Ports {
    fn bind(config: &Config, certificate: &ServerCertificate) -> Result<Self> {
        let operator = listen_tcp(config.operator.listen, "health and metrics", "[operator] listen")?;
        let wanted = config.server.listen;
        let limits = server_limits(&config.limits);
        for tries_left in (0..PORT_TRIES).rev() {
            let certificate = certificate.clone();
            let venue =
                QuicServer::bind(QuicServerConfig { listen: wanted, certificate, limits: limits.clone() })?;
            let same = SocketAddr::new(wanted.ip(), venue.local_addr().port());
            match listen_tcp(same, "the entry page", "[server] listen") {
                Ok(page) => return Ok(Self { venue, page, operator }),
                // Any port will do, but it must be free for UDP and TCP.
                Err(_) if wanted.port() == 0 && tries_left > 0 => {}
                Err(error) => return Err(error),
            }
        }
        bail!("no port is free for both UDP and TCP on {}", wanted.ip())
    }
}

fn listen_tcp(address: SocketAddr, purpose: &str, setting: &str) -> Result<TcpListener> {
    TcpListener::bind(address).with_context(|| {
        format!("{purpose} cannot be answered on TCP {address}; is another server running? Change {setting}")
    })
}

/// Exit status of a server that was stopped twice, the second time at once.
const STOPPED_AT_ONCE: i32 = 130;

/// SIGTERM and Ctrl-C ask the tick to stop; it tells everybody and stores everything. Who asks a
/// second time does not want to wait for that: a disk that hangs would keep the process for ever.
fn stop_on_signal(monitor: Monitor) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut signals = {
        let _inside = runtime.enter();
        Signals::new()?
    };
    let wait = move || {
        runtime.block_on(signals.next());
        tracing::info!("asked to stop");
        monitor.ask_to_stop(ClosingReason::Restart, 0);
        runtime.block_on(signals.next());
        tracing::warn!("asked to stop again: stopping at once");
        eprintln!("Stopped at once, without waiting until everything is stored and everybody told.");
        std::process::exit(STOPPED_AT_ONCE);
    };
    std::thread::Builder::new().name("vev-signals".into()).spawn(wait)?;
    Ok(())
}

#[cfg(unix)]
struct Signals(tokio::signal::unix::Signal, tokio::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    /// From here on the signals no longer end the process by themselves.
    fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self(signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?))
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "Ctrl-C cannot be waited for");
            std::future::pending::<()>().await;
        }
    }
}

/// The demonstration event with its people, and a new link for each; no event when nobody is invited to it.
fn demo(
    directory: &DataDirectory,
    secrets: &Secrets,
    links: &Links,
    people: &[String],
) -> Result<Vec<(String, String)>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let event = EventKey::new("demo")?;
    block_on(async {
        let mut database = directory.open_database().await?;
        match database.add_event(&NewEvent::english(event.clone(), "VEV demonstration")).await {
            Ok(_) | Err(AdminError::EventExists(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let mut made = Vec::new();
        for name in people {
            let known = database.require_person(&event, &PersonRef::Name(name.clone())).await;
            let invited = match known {
                Ok(person) => {
                    let again = Invitees::Again(person.person);
                    let (terms, random) =
                        (Terms::open_ended(&secrets.pepper), &mut secrets::random_code_bits);
                    database.invite_with(&event, again, terms, random, &mut |_| Ok(())).await?.remove(0)
                }
                Err(AdminError::NoSuchPerson { .. }) => {
                    let newcomer = [NewPerson::delegate(name)];
                    let random = &mut secrets::random_code_bits;
                    database.invite(&event, &newcomer, &secrets.pepper, random).await?.remove(0)
                }
                Err(error) => return Err(error.into()),
            };
            made.push((name.clone(), links.link(&event, &invited.code)));
        }
        database.close().await?;
        Ok(made)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    /// One request to the operator's page.
    fn ask(address: SocketAddr, path: &str, token: Option<&str>) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        let token = token.map_or(String::new(), |token| format!("Authorization: Bearer {token}\r\n"));
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{token}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_server_starts_in_an_empty_folder_answers_and_stops_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        let mut config = Config::default();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        (config.server.listen, config.operator.listen) = (any, any);
        config.venue.package = Some(folder.path().join("venue"));
        let source = crate::world::testing::source();
        venue_package::writer::write_directory(&source, &folder.path().join("venue")).unwrap();

        let running = Running::start(&directory, &config, &["One".into(), "Two".into()]).unwrap();
        assert_eq!(running.serving.venue.port(), running.serving.page.port());
        assert_eq!(Serving::read(&directory), Some(running.serving.clone()));
        let [one, two] = running.told.demo_links.as_slice() else { panic!("two links") };
        let start = format!("https://127.0.0.1:{}/e/demo#", running.serving.page.port());
        assert!(one.1.starts_with(&start) && two.1.starts_with(&start) && one.1 != two.1, "{one:?}");

        let operator = running.console.operator;
        let token = Secrets::load(&directory.keys()).unwrap().operator_token;
        assert!(ask(operator, "/healthz", None).starts_with("HTTP/1.1 401"));
        assert!(ask(operator, "/healthz", Some("wrong")).starts_with("HTTP/1.1 401"));
        assert!(ask(operator, "/healthz", Some(&token)).ends_with("ok\n"));
        assert!(ask(operator, "/metrics", Some(&token)).contains("\nvev_people_connected 0\n"));

        let refused = Running::start(&directory, &config, &[]).err().unwrap().to_string();
        assert!(refused.contains("is running on"), "{refused}");
        running.server.monitor().ask_to_stop(ClosingReason::Stopped, 0);
        running.wait().unwrap();
        assert!(!directory.serving_file().exists());
        assert!(TcpStream::connect(operator).is_err());
        directory.lock().unwrap();
    }

    #[test]
    fn a_taken_port_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut config = Config::default();
        config.operator.listen = taken.local_addr().unwrap();
        let certificate = serving::certificate(&directory, &config).unwrap();
        let refused = format!("{:#}", Ports::bind(&config, &certificate).err().unwrap());
        assert!(refused.contains("is another server running? Change [operator] listen"), "{refused}");
    }

    #[test]
    fn health_is_never_answered_to_the_world() {
        let mut config = Config::default();
        let args = Args {
            demo: false,
            guest: Vec::new(),
            listen: None,
            public: None,
            operator: Some(SocketAddr::from(([0, 0, 0, 0], 9433))),
            venue: None,
            workbench: false,
        };
        assert!(args.put_into(&mut config).unwrap_err().to_string().contains("loopback only"));
    }

    #[test]
    fn guests_are_invited_by_name_and_two_when_none_is_named() {
        let people = |demo, guest: &[&str]| {
            let guest = guest.iter().map(|name| (*name).to_owned()).collect();
            Args { demo, guest, listen: None, public: None, operator: None, venue: None, workbench: false }
                .demo_people()
        };
        assert_eq!(people(true, &[]), DEMO_PEOPLE);
        assert_eq!(people(true, &["Ada", "Guest 1"]), ["Ada", "Guest 1"]);
        assert!(people(false, &[]).is_empty());
    }
}
