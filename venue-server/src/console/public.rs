//! The routes that everybody can reach: the entry page, its style and its script.
//!
//! It must not log addresses or queries, nor answer anything but GET and HEAD.

use crate::console::PageSection;
use crate::console::page::{Page, Subject};
use crate::console::words::{Words, accepted};
use crate::ops::links::PublicAddress;
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
    place: Place,
    keep_days: u32,
    database: Mutex<Database>,
}

/// Where delegates find the server, and the port that it listens on.
pub(super) type Place = (PublicAddress, u16);

/// `?lang=fr`.
#[derive(Deserialize)]
struct Wish {
    lang: Option<String>,
}

/// The public routes.
pub(super) fn router(page: PageSection, place: Place, keep_days: u32, database: Database) -> Router {
    let site = Site { words: Words::new(), page, place, keep_days, database: Mutex::new(database) };
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
        let (public, port) = &self.place;
        let address = match &subject {
            Subject::Event(event) => public.entry_page(*port, &event.key),
            Subject::Unknown | Subject::Busy => String::new(),
        };
        let page = Page {
            address,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::UnixMillis;
    use crate::store::events::NewEvent;
    use crate::store::testing::TestDatabase;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    /// The routes on a loopback port; HTTPS is put around them by the console.
    struct Running {
        address: std::net::SocketAddr,
        _folder: tempfile::TempDir,
    }

    impl Running {
        async fn new() -> Self {
            let mut test = TestDatabase::new().await;
            test.database.add_event(&NewEvent::test("open", "Forum")).await.unwrap();
            let later = NewEvent { opens_at: Some(UnixMillis(2_000_000)), ..NewEvent::test("later", "F") };
            test.database.add_event(&later).await.unwrap();
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let routes = router(
                PageSection::default(),
                ("venue.example.org".parse().unwrap(), 443),
                30,
                test.database,
            );
            tokio::spawn(async move { axum::serve(listener, routes).await });
            Self { address, _folder: test.folder }
        }

        /// The whole answer to a request with these headers.
        async fn ask(&self, line: &str, headers: &str) -> String {
            let mut stream = TcpStream::connect(self.address).await.unwrap();
            let request = format!("{line} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        }
    }

    #[tokio::test]
    async fn browsers_get_a_page_and_terminals_get_text() {
        let server = Running::new().await;
        let page = server.ask("GET /e/open", "Accept: text/html\r\nAccept-Language: ar\r\n").await;
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("dir=\"rtl\""), "{page}");
        assert!(page.contains("content-security-policy: default-src 'none';"));
        let wished = server.ask("GET /e/open?lang=fr", "Accept: text/html\r\nAccept-Language: ar\r\n").await;
        assert!(wished.contains("<html lang=\"fr\" dir=\"ltr\">"));
        let text = server.ask("GET /e/open", "Accept: */*\r\n").await;
        assert!(
            text.contains("content-type: text/plain") && text.contains("You are invited to Forum"),
            "{text}"
        );
    }

    #[tokio::test]
    async fn a_text_without_the_notice_says_where_to_read_it() {
        let server = Running::new().await;
        let later = server.ask("GET /e/later", "Accept: */*\r\nAccept-Language: en\r\n").await;
        assert!(later.contains("\nYour data: https://venue.example.org/e/later\n"), "{later}");
    }

    #[tokio::test]
    async fn what_can_not_be_entered_is_said_politely() {
        let server = Running::new().await;
        let check = async |line: &str, status: &str, part: &str| {
            let answer = server.ask(line, "Accept: text/html\r\n").await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.contains(part), "{answer}");
            assert!(!answer.contains("id=\"open\""));
        };
        check("GET /e/later", "200", "It opens on 1970-01-01 00:33 UTC").await;
        check("GET /e/nothing", "404", "There is no such event here").await;
        check("GET /e/No%20Key!", "404", "There is no such event here").await;
        check("GET /", "404", "There is no such event here").await;
        check("POST /e/open", "405", "").await;
    }

    #[tokio::test]
    async fn style_and_script_are_the_pages_own() {
        let server = Running::new().await;
        let script = server.ask("GET /static/entry.js", "").await;
        assert!(script.contains("content-type: text/javascript") && script.contains("location.hash"));
        assert!(
            !script.contains("fetch(") && !script.contains("XMLHttpRequest"),
            "the code stays in the browser"
        );
        let style = server.ask("GET /static/entry.css", "").await;
        assert!(style.contains("content-type: text/css") && !style.contains("url("), "nothing is loaded");
    }
}
