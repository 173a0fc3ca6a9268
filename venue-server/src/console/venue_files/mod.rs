//! The venue's package over HTTPS, for caches and for viewers of 3D Tiles: `/venues/KEY/tileset.json` and
//! everything that it names. KEY is the manifest's hash: whoever was told it may read.
//!
//! It must not log keys, names or addresses, nor read a file that the manifest does not list. The client
//! itself fetches over QUIC.

mod conditions;
mod counts;
mod range;
mod sending;
mod shelf;
#[cfg(test)]
mod tests;

pub use counts::FileCounts;
pub use shelf::Shelf;

use crate::console::gate::Visitor;
use anyhow::Result;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_ENCODING,
    CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, RANGE, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Extension, Router, middleware};
use conditions::Verdict;
use range::Wanted;
use sending::{Content, FileBody, Pace};
use shelf::{Coding, Item};
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use venue_transport::NetworkQuota;

/// Answers at once: half of the page's connections, so that the entry page always finds one.
const ANSWERS: usize = 128;

/// Of these for one network, likewise fewer than it may have connections.
const ANSWERS_PER_NETWORK: usize = 12;

/// An asker who takes nothing for so long is let go.
const PATIENCE: Duration = Duration::from_secs(30);

/// A name that carries its content's hash means the same for ever; a year is what caches understand.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

const ENGLISH_MISSING: &str = "There is no such file here. The address of a venue's files names one state of \
     the venue; the server prints the present one when it starts.\n";
const ENGLISH_BUSY: &str = "Too many files are being sent just now; ask again in a moment.\n";
const ENGLISH_FAILED: &str = "The file cannot be read just now; the server's log says why.\n";

/// Gives the files out.
#[derive(Clone, Debug)]
pub struct VenueFiles {
    shelf: Arc<RwLock<Arc<Shelf>>>,
    places: NetworkQuota,
    pace: Arc<Pace>,
    counts: Arc<FileCounts>,
}

impl VenueFiles {
    /// These files, all answers together at most so fast.
    pub fn new(shelf: Shelf, mbit_per_second: u32) -> Self {
        Self {
            shelf: Arc::new(RwLock::new(Arc::new(shelf))),
            places: NetworkQuota::new(ANSWERS, ANSWERS_PER_NETWORK),
            pace: Arc::new(Pace::new(mbit_per_second)),
            counts: Arc::default(),
        }
    }

    /// Gives out the files of another state of the venue from now on.
    pub fn renew(&self, shelf: Shelf) {
        // A pointer can not be half written.
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelf);
    }

    fn find(&self, key: &str, name: &str) -> Option<Arc<Item>> {
        let shelf = Arc::clone(&self.shelf.read().unwrap_or_else(PoisonError::into_inner));
        shelf.find(key, name).cloned()
    }

    /// What was counted.
    pub fn counts(&self) -> Arc<FileCounts> {
        Arc::clone(&self.counts)
    }

    /// The routes.
    pub(super) fn router(self) -> Router {
        Router::new()
            .route("/venues/{key}/{*name}", any(answer))
            .layer(middleware::map_response(open_to_all))
            .with_state(self)
    }
}

/// One request on its way to its answer.
struct Asked<'a> {
    method: &'a Method,
    headers: &'a HeaderMap,
    visitor: &'a Visitor,
}

async fn answer(
    State(files): State<VenueFiles>,
    Extension(visitor): Extension<Visitor>,
    Path((key, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    let asked = Asked { method: request.method(), headers: request.headers(), visitor: &visitor };
    match *asked.method {
        Method::GET | Method::HEAD => {}
        Method::OPTIONS => return preflight(),
        _ => return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD, OPTIONS")]).into_response(),
    }
    let Some(item) = files.find(&key, &name) else {
        FileCounts::note(&files.counts.missing);
        return refusal(StatusCode::NOT_FOUND, ENGLISH_MISSING);
    };
    files.answer(&item, &asked).await.unwrap_or_else(|error| {
        FileCounts::note(&files.counts.failures);
        tracing::warn!(error = format!("{error:#}"), "a file of the venue cannot be sent");
        refusal(StatusCode::SERVICE_UNAVAILABLE, ENGLISH_FAILED)
    })
}

impl VenueFiles {
    async fn answer(&self, item: &Arc<Item>, asked: &Asked<'_>) -> Result<Response> {
        // A part is a part of the file as it is: whoever goes on with a compressed one begins anew.
        let is_part = asked.headers.contains_key(RANGE);
        let packs = item.is_compressible() && !is_part && conditions::takes_gzip(asked.headers);
        let coding = if packs { Coding::Gzip } else { Coding::Plain };
        let tag = item.tag(coding);
        let mut headers = describe(item, coding, &tag)?;
        match conditions::judge(asked.headers, &tag) {
            Verdict::Go => {}
            Verdict::NotModified => {
                FileCounts::note(&self.counts.not_modified);
                headers.remove(CONTENT_TYPE);
                headers.remove(CONTENT_ENCODING);
                return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
            }
            Verdict::Failed => return Ok(StatusCode::PRECONDITION_FAILED.into_response()),
        }
        if coding == Coding::Gzip {
            let content = item.gzip().await?;
            let length = match &content {
                Content::Memory(bytes) => bytes.len() as u64,
                Content::File(_) => item.bytes,
            };
            return self.send(async || Ok(content), length, StatusCode::OK, headers, asked).await;
        }
        let (status, part) = match self.part(item, asked, &tag) {
            Wanted::Whole => (StatusCode::OK, 0..item.bytes),
            Wanted::Part(part) => {
                let range = format!("bytes {}-{}/{}", part.start, part.end - 1, item.bytes);
                headers.insert(CONTENT_RANGE, HeaderValue::try_from(range)?);
                (StatusCode::PARTIAL_CONTENT, part)
            }
            Wanted::Nothing => {
                let range = [(CONTENT_RANGE, format!("bytes */{}", item.bytes))];
                return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
            }
        };
        let Range { start, end } = part;
        let item = Arc::clone(item);
        let open = async move || tokio::task::spawn_blocking(move || item.open(start)).await?;
        self.send(open, end - start, status, headers, asked).await
    }

    /// The part that is asked for; only GET knows parts.
    fn part(&self, item: &Item, asked: &Asked<'_>, tag: &str) -> Wanted {
        let header = asked.headers.get(RANGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if asked.method == Method::GET && conditions::range_counts(asked.headers, tag) {
            range::wanted(header, item.bytes)
        } else {
            Wanted::Whole
        }
    }

    /// The answer itself, if there is a place for it.
    async fn send(
        &self,
        open: impl AsyncFnOnce() -> Result<Content>,
        length: u64,
        status: StatusCode,
        mut headers: HeaderMap,
        asked: &Asked<'_>,
    ) -> Result<Response> {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        if asked.method == Method::HEAD {
            return Ok((status, headers, Body::empty()).into_response());
        }
        let Some(permit) = self.places.take(asked.visitor.address()) else {
            FileCounts::note(&self.counts.busy);
            let busy = refusal(StatusCode::SERVICE_UNAVAILABLE, ENGLISH_BUSY);
            return Ok(([(RETRY_AFTER, "1")], busy).into_response());
        };
        let content = open().await?;
        FileCounts::note(&self.counts.answers);
        asked.visitor.be_patient(PATIENCE);
        let body = FileBody::new(content, length, Arc::clone(&self.pace), Arc::clone(&self.counts), permit);
        Ok((status, headers, Body::new(body)).into_response())
    }
}

/// The headers that every answer about a file has, a short one too.
fn describe(item: &Item, coding: Coding, tag: &str) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::try_from(item.media_type.as_str())?);
    headers.insert(ETAG, HeaderValue::try_from(tag)?);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if coding == Coding::Gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if item.is_compressible() {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    Ok(headers)
}

fn refusal(status: StatusCode, sentence: &'static str) -> Response {
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    (status, headers, sentence).into_response()
}

/// What a browser asks before it lets another site's page ask for a part.
fn preflight() -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "range, if-range, if-match, if-none-match"),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Viewers stand on other sites: the address is the right to read, so any page that has it may.
async fn open_to_all(mut response: Response) -> Response {
    let exposed = "accept-ranges, content-encoding, content-length, content-range, etag, retry-after";
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
