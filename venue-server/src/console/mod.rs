//! The pages: the entry page for delegates and the venue's files (HTTPS), health and metrics for
//! the operator (HTTP, loopback, bearer token).
//!
//! It must not reach into the tick or write to the store; it reads events from the
//! database and counters from the tick's monitor.

pub mod gate;
pub mod metrics;
mod operator;
pub mod page;
mod public;
pub mod status;
pub mod tls;
pub mod venue_files;
pub mod words;

use crate::counters::Counters;
use crate::ops::links::PublicAddress;
use crate::ops::{DataDirectory, Secrets};
use crate::store::{Condition, Database, DatabaseOptions, Upgrade};
use anyhow::{Context, Result, bail};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use gate::{Gate, GateLimits};
use serde::Deserialize;
use status::Status;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use venue_files::VenueFiles;
use venue_transport::ServerCertificate;

/// An operator's program that says nothing for so long is let go; the entry page has its [`gate`].
const FIRST_REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// How long running requests may take when the server stops.
const STOP_GRACE: Duration = Duration::from_secs(2);

/// How often the tick is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Threads that read files; a slow disk holds up no more.
const READING_THREADS: usize = 4;

/// Section `[page]` of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PageSection {
    /// Where delegates get the program.
    pub program_url: Option<String>,
    /// Whom to ask about personal data.
    pub privacy_contact: Option<String>,
}

impl PageSection {
    /// Checks what the type can not say.
    pub fn check(&self) -> Result<()> {
        match &self.program_url {
            Some(url) if !url.starts_with("https://") && !url.starts_with("http://") => {
                bail!("[page] program_url = \"{url}\" must begin with https://")
            }
            _ => Ok(()),
        }
    }
}

/// What the console needs.
pub struct ConsoleParts {
    /// Bound to the entry page's address.
    pub page_listener: TcpListener,
    /// Bound to the operator's address.
    pub operator_listener: TcpListener,
    /// The venue's certificate.
    pub certificate: ServerCertificate,
    /// What the entry page says.
    pub page: PageSection,
    /// The data directory; its database is read.
    pub directory: DataDirectory,
    /// The operator's token.
    pub secrets: Secrets,
    /// Where delegates find the server.
    pub public: PublicAddress,
    /// Days that texts and presence are kept.
    pub keep_days: u32,
    /// How the store is.
    pub store: Condition,
    /// The venue's files.
    pub files: VenueFiles,
    /// Where counters come from.
    pub counters: Box<dyn Fn() -> Counters + Send + Sync>,
}

/// The running console. Dropping it ends it.
#[derive(Debug)]
pub struct Console {
    /// Where the entry page is answered.
    pub page: SocketAddr,
    /// Where health and metrics are answered.
    pub operator: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Console {
    /// Starts the pages on a thread of their own.
    pub fn start(parts: ConsoleParts) -> Result<Self> {
        let (page, operator) = (parts.page_listener.local_addr()?, parts.operator_listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let (ready_in, ready) = oneshot::channel();
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().thread_name("vev-venue-files").max_blocking_threads(READING_THREADS);
        let runtime = runtime.build()?;
        let work = move || {
            runtime.block_on(async move {
                match Pages::new(parts).await {
                    Ok(pages) => {
                        // The starter is gone only if the whole process is ending.
                        drop(ready_in.send(Ok(())));
                        pages.run(stopped).await;
                    }
                    Err(error) => drop(ready_in.send(Err(error))),
                }
            });
        };
        let thread = std::thread::Builder::new().name("vev-console".into()).spawn(work)?;
        ready.blocking_recv().context("the console's thread ended at its start")??;
        Ok(Self { page, operator, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        if self.stop.take().is_some_and(|stop| stop.send(()).is_err()) {
            tracing::debug!("the console had ended already");
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the console's thread panicked");
        }
    }
}

/// Everything that runs on the console's thread.
struct Pages {
    parts: ConsoleParts,
    tls: RustlsConfig,
    status: Arc<Status>,
    reader: Database,
}

impl Pages {
    async fn new(mut parts: ConsoleParts) -> Result<Self> {
        let tls = RustlsConfig::from_config(tls::server_config(&parts.certificate)?);
        let counters = std::mem::replace(&mut parts.counters, Box::new(Counters::default));
        let options = DatabaseOptions::new(parts.directory.database_file(), Upgrade::Refused);
        let reader = Database::open(&options).await?;
        for listener in [&parts.page_listener, &parts.operator_listener] {
            listener.set_nonblocking(true)?;
        }
        let status = Arc::new(Status::new(counters, parts.store.clone(), Instant::now()));
        Ok(Self { tls, status, reader, parts })
    }

    async fn run(self, stopped: oneshot::Receiver<()>) {
        let Self { parts, tls, status, reader } = self;
        let handle = Handle::new();
        let port = parts.page_listener.local_addr().map_or(0, |address| address.port());
        let place = (parts.public, port);
        let counts = parts.files.counts();
        let public = public::router(parts.page, place, parts.keep_days, reader).merge(parts.files.router());
        let operator = operator::router(Arc::clone(&status), counts, parts.secrets.operator_token);
        let page = axum_server::from_tcp_rustls(parts.page_listener, tls)
            .map(|server| server.handle(handle.clone()).http1_only())
            .map(|server| server.map(|tls| Gate::new(tls, GateLimits::default())));
        let health = axum_server::from_tcp(parts.operator_listener).map(|server| {
            server.handle(handle.clone()).http1_only().first_request_timeout(FIRST_REQUEST_TIMEOUT)
        });
        let (page, health) = match (page, health) {
            (Ok(page), Ok(health)) => (page, health),
            (Err(error), _) | (_, Err(error)) => {
                tracing::error!(%error, "the pages cannot be served");
                return;
            }
        };
        let serve = async {
            let served = tokio::join!(
                page.serve(public.into_make_service()),
                health.serve(operator.into_make_service())
            );
            for error in [served.0, served.1].into_iter().filter_map(Result::err) {
                tracing::error!(%error, "a page's listener ended");
            }
        };
        let stop = async {
            // A dropped sender means the same as a message.
            drop(stopped.await);
            handle.graceful_shutdown(Some(STOP_GRACE));
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = serve => {}
            () = stop => {}
            () = watch(&status) => {}
        }
    }
}

/// Looks at the tick and the store once a second and says when one of them stands still.
async fn watch(status: &Status) {
    let mut due = tokio::time::interval(LOOK_EVERY);
    let mut last = status::Health::Well;
    loop {
        due.tick().await;
        let health = status.look(Instant::now());
        if health != last {
            match &health {
                status::Health::Stuck => tracing::error!("no tick was taken for some seconds"),
                status::Health::Store(problem) => tracing::error!(problem, "the server is not well"),
                status::Health::Well => tracing::info!("the server is well again"),
            }
            last = health;
        }
    }
}
