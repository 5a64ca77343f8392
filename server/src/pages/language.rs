//! `POST /language`: the page that the form stands on, in another language.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use super::{
    Pages,
    save_message::{self, Purpose},
    sent::Sent,
};
use crate::{
    failure::Failure,
    form::Value,
    language::{Chosen, PARAMETER},
    redirect::see_other,
    visitor::Visitor,
};

/// The path.
pub(super) const PATH: &str = "/language";

/// `GET`: the address stays in the browser after the form was sent. It has no page of its own.
pub(super) async fn to_home() -> Response {
    see_other("/")
}

/// Keeps the language of the field `lang`, and shows the page again that the other fields are from:
///
/// - a typed text, with everything that a failed save would show, and nothing is saved;
/// - a failure page, sealed in the field `page`;
/// - otherwise the home page.
pub(super) async fn show_again(State(pages): State<Arc<Pages>>, visitor: Visitor, sent: Sent) -> Response {
    let form = sent.form();
    let field = |name| match form.as_ref()?.field(name)? {
        Value::Text(text) => Some(text.into_string()),
        Value::NotText(_) => None,
    };
    let wanted = field(PARAMETER).and_then(|tag| pages.choice.offered(&tag));
    let language = wanted.unwrap_or(visitor.language);
    let visitor = visitor.reading(language);
    let has_text = form.as_ref().is_some_and(|form| !form.fields("text").is_empty());
    let page = || pages.failures.again(&field("page")?, Chosen(language), visitor.shown());
    let response = if has_text {
        save_message::answer(&pages, &visitor, &sent, Purpose::Translate).await
    } else if let Some(page) = page() {
        Ok(page)
    } else if sent.is_overloaded {
        Err(Failure::overloaded().again("/"))
    } else if sent.is_over_limit {
        Err(Failure::too_many().again("/"))
    } else {
        Ok(see_other("/"))
    };
    let mut response = response.unwrap_or_else(Failure::into_response);
    // For the page of a failure.
    response.extensions_mut().insert(Chosen(language));
    if let Some(language) = wanted {
        response.headers_mut().append(header::SET_COOKIE, pages.choice.cookie(language).into_value());
    }
    response
}
