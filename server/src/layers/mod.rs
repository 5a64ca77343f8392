//! Middleware.
//!
//! Around every route, from the outside in: [`observe`] (the log) and [`headers`]. Each route declares the rest itself:
//! see [`Routes`].

mod body;
mod budget;
mod compression;
mod headers;
mod in_flight;
mod limits;
mod loopback;
mod observe;
mod origin;
mod routes;

pub use self::{
    body::BodyLimits,
    budget::{Budget, Counter, OverLimit},
    headers::add as add_headers,
    in_flight::Overloaded,
    limits::Limits,
    loopback::{CanonicalHost, redirect_localhost},
    observe::observe,
    routes::{Frame, Routes},
};
