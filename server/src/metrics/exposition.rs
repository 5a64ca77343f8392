//! The page that Prometheus reads.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::any,
};
use prometheus::{Registry, TextEncoder};
use tokio::task::{JoinError, spawn_blocking};

/// The text format of Prometheus.
const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

type Update = Box<dyn Fn() + Send + Sync>;

/// Every metric as text.
#[derive(Clone)]
pub struct Exposition(Arc<Inner>);

struct Inner {
    registry: Registry,
    updates: Mutex<Vec<Update>>,
}

impl fmt::Debug for Exposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exposition(…)")
    }
}

impl Exposition {
    pub(super) fn of(registry: Registry) -> Self {
        Self(Arc::new(Inner { registry, updates: Mutex::default() }))
    }

    /// Calls `update` whenever the page is read, for what changes without an event, such as an age. It may read files, and must not wait
    /// for anything else.
    pub fn before_each_reading(&self, update: impl Fn() + Send + Sync + 'static) {
        self.0.updates.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(update));
    }

    /// The page.
    ///
    /// # Errors
    /// A metric cannot be written.
    pub fn text(&self) -> prometheus::Result<String> {
        for update in &*self.0.updates.lock().unwrap_or_else(PoisonError::into_inner) {
            update();
        }
        TextEncoder::new().encode_to_string(&self.0.registry.gather())
    }
}

/// `GET /metrics`, and nothing else.
pub fn router(exposition: Exposition) -> Router {
    let page = move |method: Method| {
        let exposition = exposition.clone();
        async move {
            if method != Method::GET {
                return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, HeaderValue::from_static("GET"))])
                    .into_response();
            }
            // It reads files about the process.
            respond(spawn_blocking(move || exposition.text()).await)
        }
    };
    Router::new().route("/metrics", any(page))
}

fn respond(text: Result<prometheus::Result<String>, JoinError>) -> Response {
    match text {
        Ok(Ok(text)) => {
            let headers = [
                (header::CONTENT_TYPE, CONTENT_TYPE),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            ];
            (headers, text).into_response()
        }
        Ok(Err(_)) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
