//! Middleware.
//!
//! Before the router: [`normalize`]. Around every route, from the outside in: [`observe`] (the log), [`headers`], [`require_host`]
//! and, on loopback, [`require_own_name`]. Each route declares the rest itself: see [`Routes`].

mod body;
mod budget;
mod compression;
mod cors;
mod headers;
mod in_flight;
mod language;
mod limits;
mod loopback;
mod no_head;
mod observe;
mod origin;
mod routes;
mod shared;
mod shortcut;
mod target;
mod written;

pub use self::{
    body::BodyLimits,
    budget::{Budget, Counter, OverLimit, Subjects},
    compression::Encoding,
    headers::add as add_headers,
    in_flight::Overloaded,
    language::Addresses,
    limits::Limits,
    loopback::{LoopbackSite, redirect_localhost, require_own_name},
    no_head::no_head,
    observe::{Logs, observe},
    routes::{ApiFrame, Frame, Routes},
    shortcut::Shortcut,
    target::{normalize, require_host},
    written::written,
};
