//! The entry page's door: how many connections, how many from one network, and for how long.
//!
//! Requests learn from it whose connection they came by ([`Visitor`]). Without it whoever opens connections and says nothing uses up the process's descriptors. It
//! must not know pages or certificates.

use axum::Extension;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use std::future::{Future, ready};
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};
use tower_layer::Layer;
use venue_transport::{NetworkQuota, QuotaPermit};

/// What the door allows.
#[derive(Clone, Copy, Debug)]
pub struct GateLimits {
    /// Connections at once.
    pub connections: usize,
    /// Of these from one network.
    pub per_network: usize,
    /// From the connection to the first answer.
    pub first_answer: Duration,
    /// From one answer to the next on the same connection. Short: a browser that has the page
    /// and keeps its connection stands in the way of its neighbours behind the same address.
    pub next_answer: Duration,
}

impl Default for GateLimits {
    fn default() -> Self {
        Self {
            connections: 256,
            per_network: 16,
            first_answer: Duration::from_secs(10),
            next_answer: Duration::from_secs(3),
        }
    }
}

/// Whose connection a request came by, and how long the door waits for it.
#[derive(Clone, Debug)]
pub struct Visitor {
    address: IpAddr,
    patience_millis: Arc<AtomicU64>,
}

impl Visitor {
    fn new(address: IpAddr, patience: Duration) -> Self {
        let visitor = Self { address, patience_millis: Arc::default() };
        visitor.be_patient(patience);
        visitor
    }

    /// The visitor's address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// From now on the door waits so long after each part of an answer: a large file on a slow line
    /// stands still for longer than a page may.
    pub fn be_patient(&self, patience: Duration) {
        let millis = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
        self.patience_millis.store(millis, Ordering::Relaxed);
    }

    fn patience(&self) -> Duration {
        Duration::from_millis(self.patience_millis.load(Ordering::Relaxed))
    }
}

/// An acceptor that lets another one work only for who finds a place.
#[derive(Clone, Debug)]
pub struct Gate<A> {
    inner: A,
    quota: NetworkQuota,
    limits: GateLimits,
}

impl<A> Gate<A> {
    /// A door before `inner`, which does the TLS handshake.
    pub fn new(inner: A, limits: GateLimits) -> Self {
        Self { inner, quota: NetworkQuota::new(limits.connections, limits.per_network), limits }
    }
}

type Accepting<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

impl<A, S> Accept<TcpStream, S> for Gate<A>
where
    A: Accept<TcpStream, S, Future: Send + 'static, Stream: Send + 'static, Service: Send + 'static>,
{
    type Stream = Guarded<A::Stream>;
    type Service = AddExtension<A::Service, Visitor>;
    type Future = Accepting<(Self::Stream, Self::Service)>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let address = stream.peer_addr().ok().map(|peer| peer.ip());
        let place = address.and_then(|address| Some((address, self.quota.take(address)?)));
        let Some((address, permit)) = place else {
            // Dropping the stream closes it.
            return Box::pin(ready(Err(io::ErrorKind::ConnectionRefused.into())));
        };
        let until = Instant::now() + self.limits.first_answer;
        let visitor = Visitor::new(address, self.limits.next_answer);
        let accepting = self.inner.accept(stream, service);
        Box::pin(async move {
            let (stream, service) = timeout_at(until, accepting).await??;
            let end = Box::pin(sleep_until(until));
            let service = Extension(visitor.clone()).layer(service);
            Ok((Guarded { stream, end, visitor, _permit: permit }, service))
        })
    }
}

/// A connection that ends when its time is over. Each part of an answer gives it more.
#[derive(Debug)]
pub struct Guarded<S> {
    stream: S,
    end: Pin<Box<Sleep>>,
    visitor: Visitor,
    _permit: QuotaPermit,
}

impl<S> Guarded<S> {
    fn check_time(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        match self.end.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check_time(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check_time(context)?;
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if matches!(written, Poll::Ready(Ok(_))) {
            let until = Instant::now() + self.visitor.patience();
            self.end.as_mut().reset(until);
            // The timer wakes this task for its new end only if it is asked now.
            self.check_time(context)?;
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check_time(context)?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check_time(context)?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum_server::accept::DefaultAcceptor;
    use std::net::SocketAddr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpSocket;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n";

    /// Far beyond what a loaded machine needs; only a hanging test gets here.
    const LONG: Duration = Duration::from_secs(60);

    /// A page behind a door; its address.
    fn serve(limits: GateLimits) -> SocketAddr {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let page = axum::Router::new().route("/", axum::routing::get(async || "welcome"));
        let gate = Gate::new(DefaultAcceptor::new(), limits);
        let server = axum_server::from_tcp(listener).unwrap().acceptor(gate).http1_only();
        tokio::spawn(server.serve(page.into_make_service()));
        address
    }

    async fn connect(from: [u8; 4], to: SocketAddr) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        socket.connect(to).await.unwrap()
    }

    /// Asks for the page; false when the connection was closed instead.
    async fn is_answered(stream: &mut TcpStream) -> bool {
        let mut answer = [0; 15];
        let asked = stream.write_all(REQUEST).await.is_ok();
        asked && stream.read_exact(&mut answer).await.is_ok() && answer == *b"HTTP/1.1 200 OK"
    }

    /// Waits until the server closes the connection.
    async fn is_closed(stream: &mut TcpStream) {
        let mut rest = Vec::new();
        // A reset is as good an end as an orderly one.
        let end = tokio::time::timeout(LONG, stream.read_to_end(&mut rest)).await;
        assert!(end.is_ok(), "the server keeps the connection");
    }

    #[tokio::test]
    async fn a_flood_from_one_network_keeps_nobody_else_out_and_ends_by_itself() {
        let patience = Duration::from_millis(700);
        let address =
            serve(GateLimits { first_answer: patience, next_answer: LONG, ..GateLimits::default() });
        let mut silent = Vec::new();
        for _ in 0..16 {
            silent.push(connect([127, 0, 0, 1], address).await);
        }
        for _ in 0..30 {
            is_closed(&mut connect([127, 0, 0, 1], address).await).await;
        }
        assert!(is_answered(&mut connect([127, 0, 0, 2], address).await).await);
        for stream in &mut silent {
            is_closed(stream).await;
        }
        assert!(is_answered(&mut connect([127, 0, 0, 1], address).await).await, "the places are free again");
    }

    #[tokio::test]
    async fn who_asks_on_keeps_the_connection_and_who_rests_does_not() {
        let limits = GateLimits {
            first_answer: Duration::from_secs(3),
            next_answer: Duration::from_millis(500),
            ..GateLimits::default()
        };
        let address = serve(limits);
        let mut stream = connect([127, 0, 0, 1], address).await;
        for _ in 0..3 {
            assert!(is_answered(&mut stream).await);
            let mut rest = vec![0; 4_096];
            while !rest.windows(7).any(|words| words == b"welcome") {
                let count = stream.read(&mut rest).await.unwrap();
                assert_ne!(count, 0, "closed in the middle of an answer");
            }
        }
        is_closed(&mut stream).await;
    }

    #[tokio::test]
    async fn a_trickle_of_bytes_buys_no_time() {
        let patience = Duration::from_millis(300);
        let address = serve(GateLimits { first_answer: patience, ..GateLimits::default() });
        let mut stream = connect([127, 0, 0, 1], address).await;
        let trickle = async {
            // Ends when the server has closed and the reset is here.
            while stream.write_all(b"GET").await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        assert!(tokio::time::timeout(LONG, trickle).await.is_ok());
    }
}
