//! The check of a whole request.

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::authorization::Authorization;
use super::canonical::Message;
use super::refusal::Refusal;
use super::signature;
use crate::aws::credentials::{Credentials, Principal};
use crate::aws::moments;
use crate::aws::service::Service;
use crate::random;

/// How far the clock of the caller may be off.
const MAX_SKEW_SECONDS: u64 = 15 * 60;
/// In place of the hash, for S3 only.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// Who signed this request to `service`.
///
/// # Errors
/// The first rule that it breaks.
pub(in crate::aws) fn verify(
    service: Service,
    request: &Parts,
    body: &[u8],
    credentials: &Credentials,
    now: u64,
) -> Result<Principal, Refusal> {
    let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
    let authorization = header(AUTHORIZATION.as_str()).ok_or(Refusal::NotSigned)?;
    let authorization = Authorization::parse(authorization).ok_or(Refusal::Malformed)?;
    let moment = header("x-amz-date").ok_or(Refusal::Malformed)?;
    let signed_at = moments::from_amz(moment).ok_or(Refusal::Malformed)?;
    let names = request.headers.keys().map(|name| name.as_str());
    if !names.filter(|name| must_be_signed(name)).all(|name| authorization.signed_headers.contains(&name)) {
        return Err(Refusal::Malformed);
    }
    let scope = authorization.scope;
    if !(moment.starts_with(scope.date) && scope.region == service.region() && scope.service == service.signing_name())
    {
        return Err(Refusal::Scope);
    }

    let known = credentials.find(authorization.access_key_id).ok_or(Refusal::UnknownKey)?;
    match (known.session_token.as_deref(), header("x-amz-security-token")) {
        (None, None) => {}
        (Some(_), None) => return Err(Refusal::NoToken),
        (Some(token), Some(given)) if random::same_secret(token, given) => {}
        _ => return Err(Refusal::Token),
    }
    if known.expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Err(Refusal::Expired);
    }
    if signed_at.abs_diff(now) > MAX_SKEW_SECONDS {
        return Err(Refusal::Skewed);
    }

    let payload_hash = payload_hash(service, header("x-amz-content-sha256"), body)?;
    let message = Message {
        method: request.method.as_str(),
        path: request.uri.path(),
        query: request.uri.query().unwrap_or_default(),
        headers: &request.headers,
    };
    let canonical = message.canonical(&authorization.signed_headers, &payload_hash).ok_or(Refusal::Malformed)?;
    let expected = signature::of(&canonical, &scope, moment, &known.secret_access_key);
    if random::same_secret(&expected, authorization.signature) { Ok(known.principal) } else { Err(Refusal::Signature) }
}

/// Otherwise someone on the way could change them.
fn must_be_signed(name: &str) -> bool {
    name == "host" || name.starts_with("x-amz-")
}

/// The hash that the signature covers.
fn payload_hash(service: Service, given: Option<&str>, body: &[u8]) -> Result<String, Refusal> {
    let computed = hex::encode(random::sha256(body));
    match given {
        None if service.needs_payload_hash() => Err(Refusal::Payload),
        None => Ok(computed),
        Some(UNSIGNED) if service.needs_payload_hash() => Ok(UNSIGNED.to_owned()),
        Some(given) if given == computed => Ok(computed),
        Some(_) => Err(Refusal::Payload),
    }
}
