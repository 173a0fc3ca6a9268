//! The routes that everybody can reach: the entry page, its style and its script.
//!
//! It must not log addresses or queries, nor answer anything but GET and HEAD.

use crate::console::PageSection;
use crate::console::page::{Page, Subject};
use crate::console::words::{Words, accepted};
use crate::store::Database;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::Mutex;
use venue_model::{EventKey, Language};

/// Own files only; no frames, no forms, nothing inline.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct Site {
    words: Words,
    page: PageSection,
    keep_days: u32,
    database: Mutex<Database>,
}

/// `?lang=fr`.
#[derive(Deserialize)]
struct Wish {
    lang: Option<String>,
}

/// The public routes.
pub(super) fn router(page: PageSection, keep_days: u32, database: Database) -> Router {
    let site = Site { words: Words::new(), page, keep_days, database: Mutex::new(database) };
    Router::new()
        .route("/e/{event}", get(entry))
        .route("/static/entry.css", get(|| file("text/css; charset=utf-8", include_str!("entry.css"))))
        .route("/static/entry.js", get(|| file("text/javascript; charset=utf-8", include_str!("entry.js"))))
        .fallback(elsewhere)
        .layer(middleware::map_response(harden))
        .with_state(Arc::new(site))
}

async fn entry(
    State(site): State<Arc<Site>>,
    Path(event): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Response {
    let subject = site.find(event).await;
    site.answer(subject, &wish, &headers)
}

async fn elsewhere(State(site): State<Arc<Site>>, Query(wish): Query<Wish>, headers: HeaderMap) -> Response {
    site.answer(Subject::Unknown, &wish, &headers)
}

impl Site {
    async fn find(&self, event: String) -> Subject {
        let Ok(key) = EventKey::new(event) else { return Subject::Unknown };
        match self.database.lock().await.event(&key).await {
            Ok(Some(event)) => Subject::Event(Box::new(event)),
            Ok(None) => Subject::Unknown,
            Err(error) => {
                tracing::warn!(%error, "the entry page cannot read the event");
                Subject::Busy
            }
        }
    }

    fn answer(&self, subject: Subject, wish: &Wish, headers: &HeaderMap) -> Response {
        let status = match subject {
            Subject::Event(_) => StatusCode::OK,
            Subject::Unknown => StatusCode::NOT_FOUND,
            Subject::Busy => StatusCode::SERVICE_UNAVAILABLE,
        };
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let wished = wish.lang.as_deref().and_then(Language::from_tag);
        let page = Page {
            language: wished.unwrap_or_else(|| accepted(header(ACCEPT_LANGUAGE))),
            subject,
            program_url: self.page.program_url.as_deref(),
            privacy_contact: self.page.privacy_contact.as_deref(),
            keep_days: self.keep_days,
        };
        let language = page.language.code();
        // A terminal's program takes anything and asks for HTML by no name.
        let (media, body) = match header(ACCEPT).contains("text/html") {
            true => ("text/html; charset=utf-8", page.html(&self.words).into_string()),
            false => ("text/plain; charset=utf-8", page.text(&self.words)),
        };
        let headers = [
            (CONTENT_TYPE, media),
            (CACHE_CONTROL, "no-store"),
            (axum::http::header::CONTENT_LANGUAGE, language),
        ];
        (status, headers, [(VARY, "accept, accept-language")], body).into_response()
    }
}

async fn file(media: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, media), (CACHE_CONTROL, "max-age=300")], text).into_response()
}

async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
