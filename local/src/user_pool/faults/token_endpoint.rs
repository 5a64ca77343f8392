//! Faults of the token endpoint.

use std::future::pending;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};

use super::fault::{Fault, MARK};
use crate::web;

/// The response of the token endpoint in place of the good `body`; `None` if it sends `body`, perhaps changed.
pub(in crate::user_pool) async fn answer(fault: Fault, body: &mut Value) -> Option<Response> {
    let page = || Html(format!("<h1>{MARK}</h1>"));
    let oauth = |error| {
        let description = format!("<script>alert('{MARK}')</script>");
        web::json(StatusCode::BAD_REQUEST, &json!({ "error": error, "error_description": description }))
    };
    let mut without = |member: &str| {
        if let Value::Object(members) = &mut *body {
            members.remove(member);
        }
        None
    };
    match fault {
        Fault::TokenInvalidGrant => Some(oauth("invalid_grant")),
        Fault::TokenInvalidClient => Some(oauth("invalid_client")),
        Fault::Token400 => Some((StatusCode::BAD_REQUEST, page()).into_response()),
        Fault::Token500 => Some((StatusCode::INTERNAL_SERVER_ERROR, page()).into_response()),
        Fault::Token429 => Some((StatusCode::TOO_MANY_REQUESTS, page()).into_response()),
        Fault::TokenHangs => pending().await,
        Fault::TokenTrickles => Some(as_json(trickle())),
        Fault::Token50Megabytes => Some(as_json(Body::from(" ".repeat(50 * 1024 * 1024) + &body.to_string()))),
        Fault::TokenEmpty => Some(as_json(Body::empty())),
        Fault::TokenHalf => {
            let mut text = body.to_string();
            text.truncate(text.len() / 2);
            Some(as_json(Body::from(text)))
        }
        Fault::TokenTrailingText => Some(as_json(Body::from(format!("{body}\n<!-- {MARK} -->")))),
        Fault::TokenByteOrderMark => Some(as_json(Body::from(format!("\u{feff}{body}")))),
        Fault::TokenContentType => Some(Html(body.to_string()).into_response()),
        Fault::TokenRedirects => {
            let elsewhere = format!("/error?error={MARK}");
            Some((StatusCode::TEMPORARY_REDIRECT, [(LOCATION, elsewhere)]).into_response())
        }
        Fault::MissingIdToken => without("id_token"),
        Fault::MissingAccessToken => without("access_token"),
        Fault::MissingExpiresIn => without("expires_in"),
        Fault::MissingRefreshToken => without("refresh_token"),
        Fault::InvalidTokenType => {
            body["token_type"] = json!("mac");
            None
        }
        Fault::TokenTypeLowerCase => {
            body["token_type"] = json!("bearer");
            None
        }
        Fault::TokenTypeUpperCase => {
            body["token_type"] = json!("BEARER");
            None
        }
        Fault::ExpiresInText => {
            body["expires_in"] = json!(body["expires_in"].to_string());
            None
        }
        Fault::ExpiresInFraction => {
            body["expires_in"] = json!(3599.5);
            None
        }
        _ => None,
    }
}

fn as_json(body: Body) -> Response {
    ([(CONTENT_TYPE, "application/json;charset=UTF-8")], body).into_response()
}

/// White space, which may precede JSON, one byte at a time.
fn trickle() -> Body {
    Body::from_stream(stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Some((Ok::<_, std::convert::Infallible>(Bytes::from_static(b" ")), ()))
    }))
}
