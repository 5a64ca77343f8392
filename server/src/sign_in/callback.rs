//! `GET /auth/callback`: the authorization response.

use std::{sync::Arc, time::Duration};

use app::pages::failure::{Kind, OtherWay};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;
use tokio::time::timeout;
use tracing::info;

use super::{
    RelyingParty, ReturnTo,
    authorization_response::{Answer, known_error},
    id_token::{self, Expected, Identity, TokenFault},
    keys::KeyFault,
    token_endpoint::{TokenEndpointFault, Tokens},
    transaction::{self, Transaction},
};
use crate::{
    Site,
    citizen::Citizen,
    config::{self, Provider},
    failure::Failure,
    redirect::see_other,
    sessions::SetCookie,
    to_the_end::to_the_end,
};

/// How long the calls to the user pool and to the tables may take together: the citizen has a page within 5 seconds.
const PATIENCE: Duration = Duration::from_millis(4_500);

/// Finishes a sign-in: 303 to where the citizen wanted to go, in a new session; or a page that says why not.
///
/// Whatever comes of it, the transaction is over: its cookie is removed and its state works no second time.
pub(super) async fn finish(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let invalid = |reason: &'static str| Failure::new(Kind::SignInInvalid, reason);
    let answer = Answer::read(query.as_deref().unwrap_or_default()).map_err(invalid)?;
    let relying_party = &site.relying_party;
    let over = transaction::end(relying_party.jar, answer.state.expose());
    let Some(transaction) =
        Transaction::find(&headers, relying_party.jar, &relying_party.transactions, answer.state.expose())
    else {
        return Err(
            invalid("no sign-in of this browser has this state, or it is older than 10 minutes").with_cookie(over)
        );
    };
    let (outcome, transaction) = to_the_end({
        let site = Arc::clone(&site);
        async move {
            let outcome = timeout(PATIENCE, site.complete(answer, &transaction, &headers)).await;
            (outcome, transaction)
        }
    })
    .await;
    let too_long = |_| Failure::new(Kind::SignInUnavailable, "the user pool and the tables took too long altogether");
    let outcome = outcome.map_err(too_long).flatten();
    let mut response = match outcome {
        Ok((location, session)) => {
            let mut response = see_other(&location);
            if let Some(session) = session {
                response.headers_mut().append(header::SET_COOKIE, session.into_value());
            }
            response
        }
        Err(failure) => relying_party.with_ways_on(failure, &transaction).into_response(),
    };
    response.headers_mut().append(header::SET_COOKIE, over.into_value());
    Ok(response)
}

impl Site {
    /// Where to go, with the cookie of the new session if there is one.
    async fn complete(
        self: &Arc<Self>,
        answer: Answer,
        transaction: &Transaction,
        headers: &HeaderMap,
    ) -> Result<(String, Option<SetCookie>), Failure> {
        let relying_party = &self.relying_party;
        let Some(provider) = relying_party.provider(&transaction.provider) else {
            return Err(Failure::new(Kind::SignInInvalid, "the provider chosen is not configured any more"));
        };
        let first = relying_party
            .used_states
            .use_once(answer.state.expose(), transaction.ends_at())
            .await
            .map_err(Failure::unavailable)?;
        if !first {
            return Err(Failure::new(Kind::SignInInvalid, "this state was used before"));
        }
        if answer.issuer.as_ref().is_some_and(|issuer| issuer != relying_party.cognito.issuer.as_str()) {
            return Err(Failure::new(Kind::SignInInvalid, "iss in the answer is not the user pool (RFC 9207)"));
        }
        let code = match answer.result {
            Ok(code) => code,
            Err(error) if error == "access_denied" => {
                let hint = answer.hint.map_or("the citizen declined", |hint| hint.operator);
                info!(provider = provider.id, hint, "a sign-in was denied");
                return Ok((cancelled_path(transaction.return_to.as_ref()), None));
            }
            Err(error) => {
                let (kind, hint) = answer.hint.map_or((Kind::SignInProvider, String::new()), |hint| {
                    (hint.citizen, format!(" for {}: {}", provider.id, hint.operator))
                });
                let reason = format!("the user pool reports {}{hint}", known_error(&error));
                return Err(Failure::new(kind, reason));
            }
        };
        let tokens = relying_party.exchange(&code, &transaction.pkce_verifier).await?;
        let identity = relying_party.identify(&tokens, transaction, &provider.name).await?;
        let citizen = relying_party.citizen(identity, tokens, provider);
        let session = self.sessions.open(&citizen).await.map_err(Failure::unavailable)?;
        // The old session, if there was one: its id is dead from now on. The new cookie takes the place of the old one.
        let old = self.sessions.find(headers).await.ok().flatten();
        let _ = self.sessions.end(headers).await;
        if let Some(token) = old.and_then(|old| old.citizen.refresh_token.clone()) {
            let site = Arc::clone(self);
            tokio::spawn(async move { site.relying_party.revoke_or_warn(&token).await });
        }
        info!(provider = provider.id, "a citizen signed in");
        Ok((transaction.return_to.as_ref().map_or("/my-data", ReturnTo::as_str).to_owned(), Some(session)))
    }
}

impl RelyingParty {
    /// What a citizen can do after a sign-in that failed.
    ///
    /// With the user pool's session still open, a second attempt brings the same person back. Somebody without a number can only
    /// go on as somebody else, and that begins with leaving the user pool.
    fn with_ways_on(&self, mut failure: Failure, transaction: &Transaction) -> Failure {
        match failure.kind {
            Kind::SignInNoNumber => {
                let is_itsme = |provider: &Provider| provider.kind == config::Kind::Itsme;
                let national = self.provider(&transaction.provider).is_some_and(is_itsme);
                if national {
                    failure.kind = Kind::SignInNoNationalNumber;
                }
                failure.again(self.logout_url())
            }
            Kind::SignInOtherProvider => failure.again(self.logout_url()),
            Kind::SignInRejected => {
                failure.again(login_path(transaction)).or(OtherWay::SomebodyElse(self.logout_url()))
            }
            Kind::SignInProvider | Kind::SignInIncomplete | Kind::SignInSlow | Kind::SignInSetUp
                if self.providers.len() > 1 =>
            {
                failure.again(login_path(transaction)).or(OtherWay::AnotherProvider(home_path(transaction)))
            }
            _ => failure.again(login_path(transaction)),
        }
    }

    async fn identify(&self, tokens: &Tokens, transaction: &Transaction, provider: &str) -> Result<Identity, Failure> {
        let expected = Expected {
            issuer: self.cognito.issuer.as_str(),
            client_id: &self.cognito.client_id,
            nonce: &transaction.nonce,
            provider,
            access_token: &tokens.access_token,
        };
        Ok(id_token::verify(&tokens.id_token, &self.keys, &expected).await?)
    }

    fn citizen(&self, identity: Identity, tokens: Tokens, provider: &Provider) -> Citizen {
        Citizen {
            pseudonym: self.pseudonyms.of(&provider.namespace, &identity.eid),
            provider: provider.id.clone(),
            profile: identity.profile,
            refresh_token: tokens.refresh_token,
            signed_in_at: OffsetDateTime::now_utc().unix_timestamp(),
        }
    }
}

impl From<TokenEndpointFault> for Failure {
    fn from(fault: TokenEndpointFault) -> Self {
        let kind = match fault {
            TokenEndpointFault::OutOfReach => Kind::SignInUnavailable,
            TokenEndpointFault::Code(_) => Kind::SignInRejected,
            TokenEndpointFault::Client(_) | TokenEndpointFault::Answer(_) => Kind::SignInProvider,
        };
        Self::new(kind, fault.to_string())
    }
}

impl From<TokenFault> for Failure {
    fn from(fault: TokenFault) -> Self {
        let kind = match fault {
            TokenFault::Key(KeyFault::OutOfReach) => Kind::SignInUnavailable,
            TokenFault::EidMissing => Kind::SignInNoNumber,
            TokenFault::Provider => Kind::SignInOtherProvider,
            _ => Kind::SignInRejected,
        };
        Self::new(kind, format!("the ID token is rejected: {fault}"))
    }
}

fn login_path(transaction: &Transaction) -> String {
    format!("/login/{}{}", transaction.provider, return_query(transaction))
}

fn home_path(transaction: &Transaction) -> String {
    format!("/{}", return_query(transaction))
}

fn return_query(transaction: &Transaction) -> String {
    transaction.return_to.as_ref().map(|to| format!("?{}", to.parameter())).unwrap_or_default()
}

fn cancelled_path(return_to: Option<&ReturnTo>) -> String {
    let more = return_to.map(|to| format!("&{}", to.parameter())).unwrap_or_default();
    format!("/?signin=cancelled{more}")
}
