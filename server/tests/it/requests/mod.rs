//! Single requests: limits, headers, origins and pages.

mod headers;
mod limits;
mod origins;
mod pages;
mod return_to;
mod service;
