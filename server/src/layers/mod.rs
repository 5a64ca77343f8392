//! Middleware.
//!
//! Around every route, from the outside in: [`observe`] (the log) and [`headers`]. Each route declares the rest itself:
//! see [`Routes`].

mod body;
mod budget;
mod compression;
mod headers;
mod limits;
mod loopback;
mod observe;
mod origin;
mod routes;

pub use self::{
    budget::{Budget, Counter, OverLimit},
    headers::add as add_headers,
    limits::Limits,
    loopback::{CanonicalHost, redirect_localhost},
    observe::observe,
    routes::{Frame, Routes},
};
