//! `POST /logout`: signs out of this site and of the user pool.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use tracing::{info, warn};

use super::{RelyingParty, SignIn};
use crate::{cookies::SetCookie, redirect::see_other, run_to_completion::run_to_completion, secret::Secret};

/// Ends the session, revokes its refresh token, and redirects the browser to Cognito's `/logout` to end the user pool's
/// session. The citizen is signed out of this site even if the user pool or the table cannot be reached.
pub(super) async fn sign_out(State(sign_in): State<SignIn>, headers: HeaderMap) -> Response {
    let mut response = see_other(&sign_in.relying_party.logout_url());
    let repetition = sign_in.relying_party.end_of_repetition(&headers);
    let cookies = run_to_completion(async move { sign_in.end_session(&headers).await }).await;
    for cookie in cookies.into_iter().chain(repetition) {
        response.headers_mut().append(header::SET_COOKIE, cookie.into_value());
    }
    response
}

impl SignIn {
    async fn end_session(&self, headers: &HeaderMap) -> Vec<SetCookie> {
        let session = self.sessions.find(headers).await.unwrap_or_else(|error| {
            warn!(%error, "cannot read the session: its refresh token is not revoked and expires on its own");
            None
        });
        let refresh_token = session.as_ref().and_then(|session| session.citizen.refresh_token.clone());
        let (cookie, ()) = tokio::join!(self.sessions.end(headers), self.relying_party.revoke_if_any(refresh_token));
        let Some(session) = session else { return vec![cookie] };
        info!(provider = session.citizen.provider, "citizen signed out");
        vec![cookie, self.relying_party.jar.signed_out(&session.citizen.provider)]
    }
}

impl RelyingParty {
    async fn revoke_if_any(&self, refresh_token: Option<Secret>) {
        if let Some(token) = refresh_token {
            self.revoke_or_warn(&token).await;
        }
    }

    /// Revokes a refresh token. If that fails, the token is still useless: only the deleted session contained it.
    pub(super) async fn revoke_or_warn(&self, token: &Secret) {
        if let Err(error) = self.revoke(token).await {
            warn!(%error, "refresh token not revoked: it expires on its own");
        }
    }
}
