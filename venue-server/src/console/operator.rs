//! The operator's routes: is the server well, and what did it count. Loopback only.
//!
//! It must not answer anybody without the token.

use crate::console::metrics;
use crate::console::status::{Health, Status};
use crate::console::venue_files::FileCounts;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;
use std::time::Instant;
use subtle::ConstantTimeEq;

/// The operator's routes behind this bearer token (RFC 6750).
pub(super) fn router(status: Arc<Status>, files: Arc<FileCounts>, token: String) -> Router {
    Router::new()
        .route("/healthz", get(health))
        .route("/metrics", get(numbers))
        .layer(middleware::from_fn_with_state(Arc::<str>::from(token), check_token))
        .with_state(Watched { status, files })
}

/// What is told about.
#[derive(Clone)]
struct Watched {
    status: Arc<Status>,
    files: Arc<FileCounts>,
}

async fn check_token(State(token): State<Arc<str>>, request: Request, next: Next) -> Response {
    let given = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default().trim();
    if bool::from(given.as_bytes().ct_eq(token.as_bytes())) {
        return next.run(request).await;
    }
    let advice =
        "a bearer token is needed: curl -H \"Authorization: Bearer $(cat DATA/keys/operator.token)\"\n";
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")], advice).into_response()
}

async fn health(State(watched): State<Watched>) -> Response {
    match watched.status.look(Instant::now()) {
        Health::Well => (StatusCode::OK, "ok\n").into_response(),
        Health::Store(problem) => (StatusCode::SERVICE_UNAVAILABLE, format!("{problem}\n")).into_response(),
        Health::Stuck => {
            (StatusCode::SERVICE_UNAVAILABLE, "no tick was taken for some seconds\n").into_response()
        }
    }
}

async fn numbers(State(watched): State<Watched>) -> Response {
    ([(CONTENT_TYPE, metrics::MEDIA_TYPE)], metrics::text(&watched.status.counters(), &watched.files))
        .into_response()
}
