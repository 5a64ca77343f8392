//! How often each endpoint was called: a sign-in that is over must make no further call.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::state::Pool;

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

/// Counts a request to one of the pool's own paths.
pub(super) async fn count(State(pool): State<Arc<Pool>>, request: Request, next: Next) -> Response {
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        pool.calls.count(path.as_str());
    }
    next.run(request).await
}
