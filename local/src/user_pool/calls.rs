//! The number of calls of each endpoint. Tests use it to show that no further call is made.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

/// The counts, by path.
#[derive(Default)]
pub(super) struct Calls(Mutex<BTreeMap<String, usize>>);

impl Calls {
    pub(super) fn counts(&self) -> BTreeMap<String, usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count(&self, path: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(path.to_owned()).or_default() += 1;
    }
}

/// Counts a request to one of the pool's paths.
pub(super) async fn count(State(calls): State<Arc<Calls>>, request: Request, next: Next) -> Response {
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        calls.count(path.as_str());
    }
    next.run(request).await
}
