//! `POST /logout`: out of this site and out of the user pool.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use tracing::{info, warn};
use url::Url;

use super::RelyingParty;
use crate::{Site, redirect::see_other, secret::Secret, sessions::SetCookie, to_the_end::to_the_end};

/// Ends the session, revokes its refresh token, and sends the browser on to end the user pool's session (Cognito's
/// `/logout`). With the user pool or the table out of reach, the citizen is signed out here all the same.
pub(super) async fn sign_out(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let mut response = see_other(&site.relying_party.logout_url());
    let cookies = to_the_end(async move { site.end_session(&headers).await }).await;
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie.into_value());
    }
    response
}

impl Site {
    async fn end_session(&self, headers: &HeaderMap) -> Vec<SetCookie> {
        let session = self.sessions.find(headers).await.unwrap_or_else(|error| {
            warn!(%error, "the refresh token of a session that cannot be read is not revoked and ends by time");
            None
        });
        let refresh_token = session.as_ref().and_then(|session| session.citizen.refresh_token.clone());
        let (cookie, ()) = tokio::join!(self.sessions.end(headers), self.relying_party.revoke_if_any(refresh_token));
        let Some(session) = session else { return vec![cookie] };
        info!("a citizen signed out");
        vec![cookie, self.relying_party.jar.signed_out(&session.citizen.provider)]
    }
}

impl RelyingParty {
    async fn revoke_if_any(&self, refresh_token: Option<Secret>) {
        if let Some(token) = refresh_token {
            self.revoke_or_warn(&token).await;
        }
    }

    /// Revokes a refresh token; one that cannot be revoked is of no use to anybody, since the session that held it is gone.
    pub(super) async fn revoke_or_warn(&self, token: &Secret) {
        if let Err(error) = self.revoke(token).await {
            warn!(%error, "a refresh token could not be revoked and ends by time");
        }
    }

    /// The way out of the user pool's own session, and back to `/`.
    pub(super) fn logout_url(&self) -> String {
        let parameters = [("client_id", &self.cognito.client_id), ("logout_uri", &self.logout_uri)];
        let endpoint = self.cognito.domain.at("/logout");
        Url::parse_with_params(&endpoint, parameters).map_or(endpoint, String::from)
    }
}
