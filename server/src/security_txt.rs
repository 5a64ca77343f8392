//! `GET /.well-known/security.txt`: where to report a vulnerability (RFC 9116).

use std::sync::Arc;

use app::{pages::failure::FailureKind, texts::Language};
use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use time::{Duration, OffsetDateTime, Time, format_description::well_known::Rfc3339};

use crate::{
    config::Config,
    failure::Failure,
    layers::{Addresses, Budget, Frame, Routes},
};

const PATH: &str = "/.well-known/security.txt";
/// How long a reader may rely on the file. It should be less than a year (RFC 9116, 2.5.5).
const VALIDITY: Duration = Duration::days(180);

/// What the file says.
#[derive(Clone, Debug)]
pub struct SecurityTxt {
    contact: Option<Arc<str>>,
    /// Only over https (RFC 9116, 2.5.2).
    canonical: Option<Arc<str>>,
    /// The tags of the languages that the pages are offered in, for reports too.
    languages: Arc<str>,
}

impl SecurityTxt {
    /// The contact in `config`, and the address of the file.
    pub fn of(config: &Config) -> Self {
        // The address of a page must be https (RFC 9116, 2.5.3). A site on loopback may have another one.
        let is_public = |url: &&String| url.starts_with("https:") || url.starts_with("mailto:");
        let canonical = config.public_url.is_https().then(|| config.public_url.at(PATH).into());
        Self {
            contact: config.security.contact_url.as_ref().filter(is_public).map(|url| url.as_str().into()),
            canonical,
            languages: Language::tags(config.service.languages.offered()).into(),
        }
    }

    /// The text at `now`; `None` without a contact.
    fn text(&self, now: OffsetDateTime) -> Option<String> {
        let contact = self.contact.as_ref()?;
        // The same text for the whole day.
        let expires = (now + VALIDITY).replace_time(Time::MIDNIGHT).format(&Rfc3339).ok()?;
        let canonical = self.canonical.as_ref().map(|url| format!("Canonical: {url}\n")).unwrap_or_default();
        Some(format!("Contact: {contact}\nExpires: {expires}\n{canonical}Preferred-Languages: {}\n", self.languages))
    }
}

/// The route of the file.
pub fn routes(security_txt: SecurityTxt, frame: Frame) -> Router {
    let budget = Budget::unlimited("the text is in memory, and reading it changes nothing");
    Routes::for_browsers_at(Addresses::Others, frame).route(PATH, budget, get(show)).finish(security_txt)
}

async fn show(State(security_txt): State<SecurityTxt>) -> Result<Response, Failure> {
    let text = security_txt.text(OffsetDateTime::now_utc());
    let text = text.ok_or_else(|| Failure::new(FailureKind::NotFound, "the configuration names no contact"))?;
    let kind = (header::CONTENT_TYPE, "text/plain; charset=utf-8");
    Ok(([kind, (header::CACHE_CONTROL, "public, max-age=86400")], text).into_response())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_file_ends_within_a_year_and_names_its_own_address() {
        let now = datetime!(2026-03-04 05:06:07.89 UTC);
        let security_txt = |contact: Option<&str>, canonical: Option<&str>| SecurityTxt {
            contact: contact.map(Into::into),
            canonical: canonical.map(Into::into),
            languages: "nl, en".into(),
        };
        assert_eq!(
            security_txt(Some("mailto:a@b.example"), Some("https://b.example/.well-known/security.txt"))
                .text(now)
                .unwrap(),
            "Contact: mailto:a@b.example\nExpires: 2026-08-31T00:00:00Z\n\
             Canonical: https://b.example/.well-known/security.txt\nPreferred-Languages: nl, en\n"
        );
        assert!(!security_txt(Some("https://b.example/"), None).text(now).unwrap().contains("Canonical"));
        assert_eq!(security_txt(None, Some("https://b.example/")).text(now), None);
    }
}
