//! The deletion of everything about a citizen: the page that asks, the deletion, and the receipt.

use std::{sync::Arc, time::Duration};

use app::pages::{Body, delete::DeletePage, failure::FailureKind, receipt::ReceiptPage};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tracing::error;

use super::Pages;
use crate::{
    aws::Unavailable,
    citizen::Citizen,
    cookies::SetCookie,
    failure::Failure,
    kept_text::Found,
    oidc::{MAX_CLOCK_SKEW, parameter},
    records::Receipt,
    redirect::see_other,
    request_context::RequestContext,
    return_to::ReturnTo,
    secret::SealingKeys,
    sign_in,
    visitor::{SignedIn, Visitor},
};

const PATH: &str = "/my-data/delete";
/// The path of the receipt.
const RECEIPT_PATH: &str = "/deleted";
/// Its parameter.
const RECEIPT: &str = "receipt";
/// The purpose of the derived keys.
const PURPOSE: &str = "receipt of a deletion v1";
/// How old the authentication of a citizen who deletes everything may be.
const MAX_AGE: time::Duration = time::Duration::minutes(5);
/// How long the citizen waits for the deletion. It goes on without.
const MAX_WAIT: Duration = Duration::from_secs(3);

/// `GET /my-data/delete`
pub(super) async fn ask(State(pages): State<Arc<Pages>>, visitor: Visitor, SignedIn(session): SignedIn) -> Response {
    let citizen = &session.citizen;
    let body = Body::Delete(DeletePage {
        is_fresh: is_fresh(citizen),
        sign_in: sign_in::path(&citizen.provider, ReturnTo::parse(PATH).as_ref(), true),
        provider: pages.provider_name(&citizen.provider),
        backup_days: pages.backup_days,
        retention_days: pages.retention_days,
    });
    pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), body)
}

/// `POST /api/delete_my_data`: deletes everything, ends every session, and leads through the user pool's sign-out to the receipt.
pub(super) async fn delete(
    State(pages): State<Arc<Pages>>,
    context: RequestContext,
    headers: HeaderMap,
    SignedIn(session): SignedIn,
) -> Result<Response, Failure> {
    let citizen = session.citizen;
    if !is_fresh(&citizen) {
        return Ok(see_other(PATH));
    }
    let keys = pages.record_keys(&citizen);
    let unclear = |error: Unavailable| Failure::new(FailureKind::DeletionUnclear, error.to_string()).again(PATH);
    let job = pages.erasures.begin(&keys, context.reference).await.map_err(unclear)?;
    let receipt = job.receipt.clone();
    let work = {
        let pages = Arc::clone(&pages);
        async move {
            let is_done = pages.erasures.carry_out(&job).await.inspect_err(|error| {
                error!(%error, reference = job.receipt.reference, "a deletion is not finished; trying again later");
            });
            pages.relying_party.revoke_or_warn(&citizen).await;
            is_done.is_ok()
        }
    };
    let is_complete = tokio::time::timeout(MAX_WAIT, pages.tasks.run_to_completion(work)).await.unwrap_or(false);
    let mut response = see_other(&pages.relying_party.logout_url());
    let sealed = Sealed { reference: receipt.reference, at: receipt.at.unix_timestamp(), is_complete };
    let kept_text = match pages.kept_texts.find(&headers, &keys).await {
        Ok(Found::Own(_) | Found::Gone) => Some(pages.kept_texts.forget(&headers).await),
        Ok(Found::Nothing | Found::OfOther) | Err(_) => None,
    };
    let cookies = [pages.jar.end_session(), pages.jar.receipt(&pages.receipts.seal_text(PURPOSE, &sealed))];
    for cookie in cookies.into_iter().chain(kept_text) {
        response.headers_mut().append(header::SET_COOKIE, cookie.into_value());
    }
    Ok(response)
}

/// The receipt of a deletion, in a cookie and in the address of its page. Sealed, so that nobody can make one.
#[derive(Serialize, Deserialize)]
struct Sealed {
    #[serde(rename = "r")]
    reference: String,
    #[serde(rename = "t")]
    at: i64,
    #[serde(rename = "c")]
    is_complete: bool,
}

/// The response to a browser that comes back from the user pool's sign-out after a deletion: 303 to the receipt.
pub(super) fn to_receipt(pages: &Pages, headers: &HeaderMap) -> Option<Response> {
    let sealed = pages.jar.receipt_in(headers)?;
    let forget: SetCookie = pages.jar.forget_receipt();
    opened(&pages.receipts, sealed)?;
    let mut response = see_other(&format!("{RECEIPT_PATH}?{RECEIPT}={sealed}"));
    response.headers_mut().append(header::SET_COOKIE, forget.into_value());
    Some(response)
}

/// `GET /deleted`: the receipt.
pub(super) async fn receipt(
    State(pages): State<Arc<Pages>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let sealed = parameter(query.as_deref().unwrap_or_default(), RECEIPT).ok().flatten();
    let found = sealed.and_then(|sealed| Some((opened(&pages.receipts, &sealed)?, sealed)));
    let Some((Sealed { reference, at, is_complete }, sealed)) = found else {
        return Err(Failure::new(FailureKind::NotFound, "no receipt, or one that was sealed with an older key"));
    };
    let Receipt { reference, at } =
        Receipt { reference, at: OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH) };
    let body = Body::Receipt(ReceiptPage { at, reference, is_complete, query: Some(format!("{RECEIPT}={sealed}")) });
    Ok(pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), body))
}

fn opened(keys: &SealingKeys, sealed: &str) -> Option<Sealed> {
    keys.open_text(PURPOSE, sealed)
}

/// Whether the citizen was authenticated so recently that nobody else can have taken over the device.
fn is_fresh(citizen: &Citizen) -> bool {
    let at = citizen.authenticated_at.unwrap_or(citizen.signed_in_at);
    let age = OffsetDateTime::now_utc().unix_timestamp() - at;
    (-MAX_CLOCK_SKEW.cast_signed()..MAX_AGE.whole_seconds()).contains(&age)
}
