//! Single requests: limits, headers, origins and pages.

mod clients;
mod files;
mod headers;
mod kept;
mod languages;
mod limits;
mod origins;
mod pages;
mod return_to;
mod security_txt;
mod service;
mod targets;
