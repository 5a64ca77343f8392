//! `GET /faults`, `PUT /faults/{name}` and `DELETE /faults`: the fault switch, for a test in another process.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, put};

use super::faults::Fault;
use super::state::Pool;

pub(super) fn router() -> Router<Arc<Pool>> {
    Router::new().route("/faults", get(list).delete(off)).route("/faults/{name}", put(on))
}

/// Every name, one per line.
async fn list() -> String {
    Fault::ALL.iter().map(|fault| format!("{}\n", fault.name())).collect()
}

async fn on(State(pool): State<Arc<Pool>>, Path(name): Path<String>) -> StatusCode {
    match name.parse() {
        Ok(fault) => {
            pool.switch.set(Some(fault));
            StatusCode::NO_CONTENT
        }
        Err(_) => StatusCode::NOT_FOUND,
    }
}

async fn off(State(pool): State<Arc<Pool>>) -> StatusCode {
    pool.switch.set(None);
    StatusCode::NO_CONTENT
}
