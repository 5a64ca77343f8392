//! `GET /faults`, `PUT /faults/{name}` and `DELETE /faults`: the switch, for a test in another process.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, put};

use super::Fault;
use crate::user_pool::state::Pool;

pub(in crate::user_pool) fn router() -> Router<Arc<Pool>> {
    Router::new().route("/faults", get(list).delete(off)).route("/faults/{name}", put(on))
}

/// Every name, one a line.
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
