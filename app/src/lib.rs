//! What citizens see: pages, the one island, and every text.
//!
//! A page is a component that takes everything it shows as a value. This crate never depends on AWS or HTTP: the
//! server finds the data, decides the status, and asks [`render`] for the HTML. Only [`islands`] are also compiled for
//! the browser.

pub mod islands;
mod message;

#[cfg(feature = "ssr")]
mod assets;
#[cfg(feature = "ssr")]
mod colour;
#[cfg(all(test, feature = "ssr"))]
mod colours;
#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
mod device;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod format;
#[cfg(feature = "ssr")]
pub mod look;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod register;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod texts;
#[cfg(feature = "ssr")]
mod time_zone;
#[cfg(feature = "ssr")]
mod words;

pub use message::MESSAGE_LIMIT;
#[cfg(feature = "ssr")]
pub use {
    assets::{Assets, Enhancer, Style, site_rules},
    colour::Colour,
    components::session_part,
    device::{Browser, Device, DeviceKind, System},
    document::{Document, render},
    page::{Citizen, Page, Role, SessionEnd, Switch},
    register::Register,
    service::{Accent, Languages, Localized, Service},
    time_zone::TimeZone,
};
