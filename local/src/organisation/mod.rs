//! An organisation that does not exist, to run the service in its name: its texts in four languages, its logo, and the pages that
//! the relying party links to.

mod texts;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use maud::html;
use tokio::sync::watch;

pub use self::texts::{TEXTS, Texts};
use crate::error::StartError;
use crate::page::{Frame, framed};
use crate::serving::{ANY_PORT, Bound, Serving};

/// Its logo, as SVG.
pub const LOGO: &str = include_str!("logo.svg");

/// The running site of the organisation.
pub struct Organisation {
    url: String,
    serving: Serving,
}

impl Organisation {
    /// Starts its site on a free port. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The port cannot be opened.
    pub async fn start() -> Result<Self, StartError> {
        let bound = Bound::new(ANY_PORT).await?;
        let (stop, _) = watch::channel(false);
        let url = bound.origin();
        let router = Router::new().route("/{language}", get(home)).route("/{language}/{page}", get(page));
        Ok(Self { url, serving: bound.serve(router, stop) })
    }

    /// The base URL. The page `contact` in Dutch is at `{url}/nl/contact`. The pages are `contact`, `help`, `privacy`, `terms` and
    /// `complaints`, and the home page is at `{url}/nl`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops serving.
    pub async fn shutdown(self) {
        self.serving.stop().await;
    }
}

async fn home(Path(language): Path<String>) -> Response {
    answer(&language, None)
}

async fn page(Path((language, name)): Path<(String, String)>) -> Response {
    answer(&language, Some(&name))
}

fn answer(language: &str, name: Option<&str>) -> Response {
    let known = TEXTS.iter().find(|texts| texts.tag == language);
    // English for an unknown address too.
    let texts = known.unwrap_or(&TEXTS[0]);
    let title = known.and_then(|texts| match name {
        None => Some(texts.name),
        Some("contact") => Some(texts.contact),
        Some("help") => Some(texts.help),
        Some("privacy") => Some(texts.privacy),
        Some("terms") => Some(texts.terms),
        Some("complaints") => Some(texts.ombudsman),
        Some(_) => None,
    });
    let status = if title.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let title = title.unwrap_or(texts.not_found);
    let body = html! { p { (texts.demonstration) } };
    let document_title = if title == texts.name { title.to_owned() } else { format!("{title} – {}", texts.name) };
    framed(
        status,
        &Frame { language: texts.tag, document_title: &document_title, title },
        &html! { (texts.note) },
        &body,
    )
}
