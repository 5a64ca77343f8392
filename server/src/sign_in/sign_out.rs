//! `POST /logout`: signs out of this site and of the user pool.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use tracing::{info, warn};

use super::{RelyingParty, SignIn};
use crate::{
    citizen::Citizen, cookies::SetCookie, kept_text::Found, redirect::see_other, request_context::RequestContext,
    security_log::Event, sessions::Because,
};

/// Ends the session, revokes its refresh token, and redirects the browser to Cognito's `/logout` to end the user pool's
/// session. The citizen is signed out of this site even if the user pool or the table cannot be reached.
pub(super) async fn sign_out(
    State(sign_in): State<Arc<SignIn>>,
    context: RequestContext,
    headers: HeaderMap,
) -> Response {
    let mut response = see_other(&sign_in.relying_party.logout_url());
    let repetition = sign_in.relying_party.end_of_repetition(&headers);
    let tasks = sign_in.tasks.clone();
    let cookies = tasks.run_to_completion(async move { sign_in.end_session(&headers, &context).await }).await;
    for cookie in cookies.into_iter().chain(repetition) {
        response.headers_mut().append(header::SET_COOKIE, cookie.into_value());
    }
    response
}

impl SignIn {
    async fn end_session(&self, headers: &HeaderMap, context: &RequestContext) -> Vec<SetCookie> {
        let may_look_up = || self.unknown_sign_outs.allows(context.client);
        let ending = self.sessions.end(headers, context, Because::SignedOut, may_look_up).await;
        let kept_text = self.forget_kept_text(headers, ending.citizen.as_ref()).await;
        let mut cookies: Vec<_> = std::iter::once(ending.cookie).chain(kept_text).collect();
        let Some(citizen) = ending.citizen else { return cookies };
        self.relying_party.revoke_or_warn(&citizen).await;
        self.security.record(context, &Event::signed_out(&citizen.provider, &self.sessions.actor(&citizen)));
        info!(provider = citizen.provider, "citizen signed out");
        cookies.push(self.relying_party.jar.signed_out(&citizen.provider));
        cookies
    }

    /// Deletes a text that is kept for the citizen who signs out. The text of someone else stays: its owner may come back to this
    /// browser. Without a session, an invented id costs no call.
    async fn forget_kept_text(&self, headers: &HeaderMap, citizen: Option<&Citizen>) -> Option<SetCookie> {
        let texts = &self.kept_texts;
        let Some(citizen) = citizen else { return texts.is_kept(headers).then(|| texts.forget_cookie()) };
        match texts.find(headers, &self.sessions.record_keys(citizen)).await {
            Ok(Found::Nothing | Found::OfOther) => None,
            Ok(Found::Own(_) | Found::Gone) => Some(texts.forget(headers).await),
            Err(_) => Some(texts.forget_cookie()),
        }
    }
}

impl RelyingParty {
    /// Revokes the refresh token of an ended session. If that fails, the token is still useless: only the deleted session contained it.
    pub async fn revoke_or_warn(&self, citizen: &Citizen) {
        let Some(token) = &citizen.refresh_token else { return };
        if let Err(error) = self.revoke(self.clients.of(&citizen.provider), token).await {
            warn!(%error, "refresh token not revoked: it expires on its own");
        }
    }
}
