//! `GET /login/{id}`: the authorization request.

use std::sync::Arc;

use app::pages::failure::Kind;
use axum::{
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::{HeaderMap, header},
    response::Response,
};
use oauth2::PkceCodeChallenge;
use url::Url;

use super::{
    RelyingParty, ReturnTo,
    transaction::{self, Transaction},
};
use crate::{Site, config::Provider, failure::Failure, language::language, redirect::see_other, secret::Secret};

/// Begins a sign-in with the provider `id`: 303 to the user pool, with the transaction in a cookie of its own.
pub(super) async fn begin(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let relying_party = &site.relying_party;
    let provider = id.ok().and_then(|Path(id)| relying_party.provider(&id));
    let Some(provider) = provider else { return Err(Failure::new(Kind::NotFound, "no provider has this id")) };
    let return_to = ReturnTo::of_query(query.as_deref());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let transaction = Transaction::begin(&provider.id, return_to, Secret::new(verifier.secret().as_str()));
    let url = relying_party.authorization_url(provider, &transaction, &challenge, language(&headers).tag());
    let mut response = see_other(&url);
    let room = transaction::make_room(&headers, relying_party.jar, &relying_party.transactions);
    for cookie in room.into_iter().chain([transaction.cookie(relying_party.jar, &relying_party.transactions)]) {
        response.headers_mut().append(header::SET_COOKIE, cookie.into_value());
    }
    Ok(response)
}

impl RelyingParty {
    /// The authorization request that a sign-in with `provider` would begin with now, for `server check`: its secrets are kept
    /// nowhere, so whatever comes of it signs nobody in.
    pub(crate) fn trial_url(&self, provider: &Provider) -> String {
        let (challenge, _) = PkceCodeChallenge::new_random_sha256();
        let transaction = Transaction::begin(&provider.id, None, Secret::new(""));
        self.authorization_url(provider, &transaction, &challenge, language(&HeaderMap::new()).tag())
    }

    /// The authorization request (OpenID Connect Core 1.0, 3.1.2.1; RFC 7636, 4.3; Cognito's `identity_provider` and `lang`).
    fn authorization_url(
        &self,
        provider: &Provider,
        transaction: &Transaction,
        challenge: &PkceCodeChallenge,
        language: &str,
    ) -> String {
        let parameters = [
            ("response_type", "code"),
            ("client_id", &self.cognito.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", &self.cognito.scopes.join(" ")),
            ("state", transaction.state.expose()),
            ("nonce", transaction.nonce.expose()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("identity_provider", &provider.name),
            ("lang", language),
        ];
        let endpoint = self.cognito.domain.at("/oauth2/authorize");
        Url::parse_with_params(&endpoint, parameters).map_or(endpoint, String::from)
    }
}
