use std::sync::Arc;

use app::pages::{
    Body,
    my_data::{MyDataPage, Typed},
};
use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};

use super::{Pages, save_message::unsaved};
use crate::{
    citizen::RecordKeys,
    cookies::SetCookie,
    failure::Failure,
    form::{Form, Value},
    kept_text::{Found, KeptText},
    oidc::parameter,
    records::Message,
    redirect::see_other,
    visitor::{SignedIn, Visitor},
};

/// The field that names the kept text that a form shows.
pub(super) const RESTORED: &str = "restored";

/// `GET /my-data`
pub(super) async fn my_data(
    State(pages): State<Arc<Pages>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    visitor: Visitor,
    SignedIn(session): SignedIn,
) -> Result<Response, Failure> {
    let keys = pages.record_keys(&session.citizen);
    let counted = async {
        match session.citizen.sign_in {
            Some(sign_in) => pages.activity.count_read(&keys, sign_in).await,
            // A session that an earlier version opened has no entry.
            None => Ok(()),
        }
    };
    let (message, ()) = tokio::try_join!(pages.messages.find(&keys), counted)
        .map_err(|error| Failure::unavailable(error).again("/my-data"))?;
    let (kept, removal) = kept_text(&pages, &headers, &keys, message.as_ref()).await?;
    // The version that was just saved. The page says "Saved" only while it is still the stored version.
    let saved = parameter(query.as_deref().unwrap_or_default(), "saved")
        .ok()
        .flatten()
        .and_then(|version| version.parse().ok());
    let owner = Some(pages.kept_texts.owner_field(&keys));
    let page = match kept {
        Some(KeptText { text, is_text, version, is_conflict, .. }) => {
            let restored = pages.kept_texts.name(&headers);
            let typed = Typed { text: text.into_string(), version, owner, restored, is_conflict };
            unsaved(typed, is_text, message).1
        }
        None => stored(message, saved, owner),
    };
    let mut response = pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), Body::MyData(page));
    if let Some(removal) = removal {
        response.headers_mut().append(header::SET_COOKIE, removal.into_value());
    }
    Ok(response)
}

/// The text that is kept for this citizen and is not saved since. Otherwise the removal of the browser's cookie, if the cookie leads
/// to no text of anyone else. Showing a text does not delete it: a reload must not lose it.
async fn kept_text(
    pages: &Pages,
    headers: &HeaderMap,
    citizen: &RecordKeys,
    stored: Option<&Message>,
) -> Result<(Option<KeptText>, Option<SetCookie>), Failure> {
    let texts = &pages.kept_texts;
    let found = texts.find(headers, citizen).await.map_err(|error| Failure::unavailable(error).again("/my-data"))?;
    Ok(match found {
        Found::Nothing | Found::OfOther => (None, None),
        Found::Own(kept) if is_saved(&kept, stored) => (None, Some(texts.forget(headers).await)),
        Found::Own(kept) => (Some(kept), None),
        Found::Gone => (None, Some(texts.forget_cookie())),
    })
}

fn is_saved(kept: &KeptText, stored: Option<&Message>) -> bool {
    kept.is_text && stored.is_some_and(|stored| !stored.is_deleted && stored.text.is_as_typed(kept.text.expose()))
}

/// The page with the saved message. `saved` is the version that was saved just now.
pub(super) fn stored(message: Option<Message>, saved: Option<u64>, owner: Option<String>) -> MyDataPage {
    match message {
        None => MyDataPage::Stored { text: String::new(), version: 0, saved_at: None, just_saved: false, owner },
        Some(Message { text, is_deleted, version, updated_at }) => MyDataPage::Stored {
            text: text.into_string(),
            version,
            saved_at: (!is_deleted).then_some(updated_at),
            just_saved: saved == Some(version),
            owner,
        },
    }
}

/// `POST /api/discard_text`: gives up the text that the page showed, which the server keeps for this browser.
pub(super) async fn discard_text(State(pages): State<Arc<Pages>>, headers: HeaderMap, body: Bytes) -> Response {
    let shown = Form::parse(&headers, &body).and_then(|form| form.field(RESTORED)).map(Value::into_secret);
    let response = see_other("/my-data");
    match shown {
        Some(shown) => forget(&pages, &headers, shown.expose(), response).await,
        None => response,
    }
}

/// `response`, after the text with this name is forgotten.
pub(super) async fn forget(pages: &Pages, headers: &HeaderMap, name: &str, mut response: Response) -> Response {
    if let Some(removal) = pages.kept_texts.forget_named(headers, name).await {
        response.headers_mut().append(header::SET_COOKIE, removal.into_value());
    }
    response
}
