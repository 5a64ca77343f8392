use std::sync::Arc;

use app::pages::{Body, my_data::MyDataPage};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};

use super::Pages;
use crate::{
    failure::Failure,
    oidc::parameter,
    records::Message,
    visitor::{SignedIn, Visitor},
};

/// `GET /my-data`
pub(super) async fn my_data(
    State(pages): State<Arc<Pages>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
    SignedIn(citizen): SignedIn,
) -> Result<Response, Failure> {
    let keys = pages.record_keys(&citizen);
    let message = pages.messages.find(&keys).await.map_err(|error| Failure::unavailable(error).again("/my-data"))?;
    // The version that was just saved. The page says "Saved" only while it is still the stored version.
    let saved = parameter(query.as_deref().unwrap_or_default(), "saved")
        .ok()
        .flatten()
        .and_then(|version| version.parse().ok());
    let body = Body::MyData(stored(message, saved));
    Ok(pages.renderer.render(StatusCode::OK, visitor.language, visitor.name(), body))
}

/// The page with the saved message. `saved` is the version that was saved just now.
pub(super) fn stored(message: Option<Message>, saved: Option<u64>) -> MyDataPage {
    match message {
        None => MyDataPage::Stored { text: String::new(), version: 0, saved_at: None, just_saved: false },
        Some(Message { text, version, updated_at }) => MyDataPage::Stored {
            text: text.into_string(),
            version,
            saved_at: Some(updated_at),
            just_saved: saved == Some(version),
        },
    }
}
