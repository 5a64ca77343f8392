//! Single requests: what is refused, what is sent along, and where nothing is found.

mod headers;
mod limits;
mod origins;
mod pages;
mod return_to;
