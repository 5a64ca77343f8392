use app::texts::Language;
use axum::http::HeaderMap;

/// The language of the response. Only one language exists so far, so nothing is negotiated.
pub fn language(_headers: &HeaderMap) -> Language {
    Language::En
}
