use std::sync::Arc;

use app::{
    Document,
    pages::{Body, my_data::MyData},
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};

use super::render::render;
use crate::{
    Site,
    failure::Failure,
    query::parameter,
    records::Message,
    visitor::{SignedIn, Visitor},
};

/// `GET /my-data`
pub(super) async fn my_data(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
    SignedIn(citizen): SignedIn,
) -> Result<Response, Failure> {
    let message =
        site.messages.find(&citizen.pseudonym).await.map_err(|error| Failure::unavailable(error).again("/my-data"))?;
    // The version that a save was redirected with: the page says "Saved" as long as that version is the one kept.
    let saved = parameter(query.as_deref().unwrap_or_default(), "saved")
        .ok()
        .flatten()
        .and_then(|version| version.parse().ok());
    let body = Body::MyData(stored(message, saved));
    Ok(render(&site, StatusCode::OK, Document { page: visitor.page(&site), body }))
}

fn stored(message: Option<Message>, saved: Option<u64>) -> MyData {
    match message {
        None => MyData::Stored { text: String::new(), version: 0, saved_at: None, just_saved: false },
        Some(Message { text, version, updated_at }) => MyData::Stored {
            text: text.into_string(),
            version,
            saved_at: Some(updated_at),
            just_saved: saved == Some(version),
        },
    }
}
