//! `GET /faults`, `PUT /faults/{name}` and `DELETE /faults`: the fault switch, for a test in another process.

use std::future::ready;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, put};

use super::faults::Fault;
use super::state::Pool;

pub(super) fn router() -> Router<Arc<Pool>> {
    switch(Fault::ALL.iter().map(|fault| fault.name()), |pool, name| {
        let fault = name.map(str::parse).transpose();
        fault.map(|fault| pool.switch.set(fault)).is_ok()
    })
}

/// The routes of a switch with these names. `set` turns a fault on, or with `None` all off, and returns whether it exists.
pub(crate) fn switch<T: Send + Sync + 'static>(
    names: impl Iterator<Item = &'static str>,
    set: fn(&T, Option<&str>) -> bool,
) -> Router<Arc<T>> {
    let list: String = names.map(|name| format!("{name}\n")).collect();
    let status = move |of: &T, name: Option<&str>| {
        if set(of, name) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
    };
    let on = move |State(of): State<Arc<T>>, Path(name): Path<String>| ready(status(&of, Some(&name)));
    let off = move |State(of): State<Arc<T>>| ready(status(&of, None));
    Router::new().route("/faults", get(move || ready(list)).delete(off)).route("/faults/{name}", put(on))
}
