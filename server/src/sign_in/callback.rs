//! `GET /auth/callback`: the authorization response.

use std::{sync::Arc, time::Duration};

use app::{
    Device,
    pages::{
        activity::{Act, Actor, RefusedBecause},
        failure::{FailureKind, OtherWay},
    },
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;
use tokio::time::timeout;
use tracing::{info, warn};

use super::{
    RelyingParty, SignIn,
    authorization_response::AuthorizationResponse,
    authorize,
    id_token::{self, Expected, Rejected, SignInTokenError},
    in_progress::Outcome,
    token_endpoint::{TokenEndpointError, Tokens},
    transaction::{self, Transaction},
};
use crate::{
    citizen::{Citizen, EidError},
    config::Provider,
    cookies::SetCookie,
    device,
    failure::{Failure, Refusal},
    id_token::{IdToken, IdTokenError, Identity, UserPool},
    metrics::{SignInOutcome, Visit},
    oidc::{KeyLookupError, known_error},
    records::By,
    redirect::see_other,
    request_context::RequestContext,
    return_to::ReturnTo,
    secret::sha256_hex,
    security_log::{Event, Repeated},
    sessions::{Because, Opened, Person},
};

/// The limit for all calls to the user pool and the tables together: the citizen gets a page within 5 seconds.
const TIMEOUT: Duration = Duration::from_millis(4_500);

/// Finishes a sign-in: 303 to the page that the citizen asked for, with a new session; or a failure page.
///
/// Either way the transaction ends: its cookie is removed and its state cannot be used again. A second request with the same
/// sealed transaction, while this one is in progress, gets the same outcome.
pub(super) async fn finish(
    State(sign_in): State<Arc<SignIn>>,
    RawQuery(query): RawQuery,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    // Anyone can cause these as often as they like.
    let refused = |reason: &'static str| {
        sign_in.security.record_repeated(&context, Repeated::UnknownSignIn(reason));
        sign_in.meter.visit(None).ended(SignInOutcome::Invalid);
        Failure::new(FailureKind::SignInInvalid, reason).counted_as(Refusal::UnknownSignIn)
    };
    let response = AuthorizationResponse::read(query.as_deref().unwrap_or_default()).map_err(refused)?;
    let relying_party = &sign_in.relying_party;
    let removal = transaction::removal(relying_party.jar, response.state.expose());
    let Some(transaction) =
        Transaction::find(&headers, relying_party.jar, &relying_party.transactions, response.state.expose())
    else {
        if let Some(location) = sign_in.location_of(&headers, &context, response.state.expose()).await {
            sign_in.meter.visit(None).ended(SignInOutcome::AlreadySignedIn);
            let mut response = see_other(&location);
            response.headers_mut().append(header::SET_COOKIE, removal.into_value());
            return Ok(response);
        }
        return Err(
            refused("this browser has no sign-in with this state, or it is older than 10 minutes").with_cookie(removal)
        );
    };
    let fingerprint = transaction::fingerprint(&headers, relying_party.jar, response.state.expose());
    let work = {
        let sign_in = Arc::clone(&sign_in);
        async move {
            let mut visit = sign_in.meter.visit(Some(&transaction.provider));
            let work = sign_in.complete(response, &transaction, &headers, &context, &mut visit);
            let outcome = timeout(TIMEOUT, work).await.unwrap_or_else(|_| {
                visit.ended(SignInOutcome::Timeout);
                Err(Failure::new(FailureKind::SignInUnavailable, "timeout while calling the user pool and the tables"))
            });
            if let Err(failure) = &outcome {
                visit.ended_otherwise(counted(failure.kind));
                let event = Event::sign_in_refused(Some(&transaction.provider), &*failure.reason);
                sign_in.security.record(&context, &event);
            }
            outcome.map_err(|failure| {
                let failure = sign_in.relying_party.with_next_steps(failure, &transaction);
                failure.at_provider(&transaction.provider)
            })
        }
    };
    let outcome = relying_party.callbacks.run(&sign_in.tasks, fingerprint, work).await;
    let mut response = match outcome.unwrap_or_else(|| Err(Failure::panicked())) {
        Ok((location, session)) => {
            let mut response = see_other(&location);
            if let Some(session) = session {
                response.headers_mut().append(header::SET_COOKIE, session.into_value());
            }
            response
        }
        Err(failure) => failure.into_response(),
    };
    response.headers_mut().append(header::SET_COOKIE, removal.into_value());
    Ok(response)
}

impl SignIn {
    /// Uses up the state and signs the citizen in.
    async fn complete(
        &self,
        response: AuthorizationResponse,
        transaction: &Transaction,
        headers: &HeaderMap,
        context: &RequestContext,
        visit: &mut Visit,
    ) -> Outcome {
        let relying_party = &self.relying_party;
        let Some(provider) = relying_party.provider(&transaction.provider) else {
            return Err(Failure::new(
                FailureKind::SignInInvalid,
                "the chosen provider is no longer in the configuration",
            ));
        };
        let is_first_use = self
            .used_states
            .use_once(response.state.expose(), transaction.expires_at())
            .await
            .map_err(Failure::unavailable)?;
        if !is_first_use {
            if let Some(location) = self.location_of(headers, context, response.state.expose()).await {
                visit.ended(SignInOutcome::AlreadySignedIn);
                return Ok((location, None));
            }
            return Err(Failure::new(FailureKind::SignInInvalid, "this state was already used"));
        }
        if response.issuer.as_ref().is_some_and(|issuer| issuer != relying_party.cognito.issuer.as_str()) {
            return Err(Failure::new(
                FailureKind::SignInInvalid,
                "iss in the response differs from cognito.issuer (RFC 9207)",
            ));
        }
        let code = match response.result {
            Ok(code) => code,
            Err(error) if error == "access_denied" => {
                let reason = response.hint.map_or("the citizen declined", |hint| hint.operator);
                self.security.record(context, &Event::sign_in_refused(Some(&provider.id), reason));
                visit.ended(SignInOutcome::Cancelled);
                info!(provider = provider.id, reason, "sign-in denied");
                return Ok((ReturnTo::link("/?signin=cancelled", transaction.return_to.as_ref()), None));
            }
            Err(error) => {
                let (kind, hint) = response.hint.map_or((FailureKind::SignInProvider, String::new()), |hint| {
                    (hint.citizen, format!(" for {}: {}", provider.id, hint.operator))
                });
                let reason =
                    format!("the user pool reports {}{hint}", known_error(&error).unwrap_or("an unknown error code"));
                return Err(Failure::new(kind, reason));
            }
        };
        let client = relying_party.clients.of(&provider.id);
        let tokens = relying_party.exchange(client, &code, &transaction.pkce_verifier).await.inspect_err(|error| {
            visit.ended(counted_at_token_endpoint(error));
        })?;
        let identity = match relying_party.identify(&tokens, transaction, provider).await {
            Err(Rejected { error: SignInTokenError::Stale, .. }) if !transaction.is_second_attempt => {
                let reason = "it needs managed login; or set cognito.prompt_login to false";
                let event = Event::sign_in_refused(Some(&provider.id), "the user pool ignored prompt=login");
                self.security.record(context, &event);
                visit.ended(SignInOutcome::Repeated);
                warn!(provider = provider.id, reason, "sign-in repeated: the user pool ignored prompt=login");
                return Ok((relying_party.logout_url(), Some(relying_party.repetition(transaction))));
            }
            Err(Rejected { error, token }) => {
                if let Some(token) = token {
                    self.tell_citizen(&token, error, context, device::of(headers)).await?;
                }
                return Err(error.into());
            }
            Ok(identity) => identity,
        };
        let citizen = relying_party.citizen(identity, tokens, provider, transaction, device::of(headers));
        let session = self.open(&citizen, context, visit).await?;
        // End the browser's previous session, so that its id stops working. The new cookie replaces the old one.
        let old = self.sessions.end(headers, context, Because::NewSignIn, || true).await;
        if let Some(citizen) = old.citizen {
            let relying_party = Arc::clone(relying_party);
            self.tasks.spawn(async move { relying_party.revoke_or_warn(&citizen).await });
        }
        let (activity, keys) = (self.activity.clone(), self.sessions.record_keys(&citizen));
        self.tasks.spawn(async move { activity.move_to_current(&keys).await });
        self.security.record(context, &Event::signed_in(&provider.id, &self.sessions.actor(&citizen)));
        visit.ended(SignInOutcome::Success);
        info!(provider = provider.id, "citizen signed in");
        Ok((location(self.sessions.person_of(&provider.id), transaction.return_to.as_ref()), Some(session)))
    }

    /// Tells the citizen in the activity that a sign-in was refused, if the token that was issued for it says who that is.
    async fn tell_citizen(
        &self,
        token: &IdToken,
        error: SignInTokenError,
        context: &RequestContext,
        device: Device,
    ) -> Result<(), Failure> {
        let Ok((identity, provider)) = token.identity_at_one_of(&self.relying_party.providers) else { return Ok(()) };
        let Some(because) = refused_because(error) else { return Ok(()) };
        let keys = self.sessions.pseudonyms_of(&provider.namespace, &identity.eid);
        let provider = Some(provider.id.clone());
        let by = By { provider, device, session: None, reference: context.reference, actor: Actor::Citizen };
        match self.activity.record(&keys, Act::SignInRefused(because), &by).await {
            Ok(_) => Ok(()),
            // A record that is being deleted tells nothing any more.
            Err(_) if matches!(self.erasures.promised(&keys).await, Ok(Some(_))) => Ok(()),
            Err(error) => Err(Failure::unavailable(error)),
        }
    }

    /// Opens a session. A deletion of the citizen's data that was promised and not finished is finished first.
    async fn open(&self, citizen: &Citizen, context: &RequestContext, visit: &mut Visit) -> Result<SetCookie, Failure> {
        if let Opened::Session(cookie) =
            self.sessions.open(citizen.clone(), context).await.map_err(Failure::unavailable)?
        {
            return Ok(cookie);
        }
        let keys = self.sessions.record_keys(citizen);
        if let Some(job) = self.erasures.promised(&keys).await.map_err(Failure::unavailable)? {
            self.erasures.carry_out(&job).await.map_err(Failure::unavailable)?;
        }
        match self.sessions.open(citizen.clone(), context).await.map_err(Failure::unavailable)? {
            Opened::Session(cookie) => Ok(cookie),
            Opened::BeingDeleted => {
                visit.ended(SignInOutcome::BeingDeleted);
                Err(Failure::new(FailureKind::SignInUnavailable, "the citizen's data is being deleted"))
            }
        }
    }

    /// Where the sign-in with this `state` led, if it opened the session that the browser has. The browser has visited the
    /// callback again, for example with the back button or by a double click.
    async fn location_of(&self, headers: &HeaderMap, context: &RequestContext, state: &str) -> Option<String> {
        let session = self.sessions.find(headers, context).await.ok().flatten()?;
        let is_own = session.citizen.state_hash == sha256_hex(state.as_bytes());
        is_own.then(|| location(session.person, session.citizen.return_to.as_ref()))
    }
}

impl RelyingParty {
    /// Adds the links that a citizen can follow after a failed sign-in.
    ///
    /// While the user pool's session is open, a second attempt signs in the same person. Without an eid, the citizen
    /// has to sign in as someone else, and must first sign out of the user pool.
    fn with_next_steps(&self, mut failure: Failure, transaction: &Transaction) -> Failure {
        match failure.kind {
            FailureKind::SignInNoNumber => {
                let provider = self.provider(&transaction.provider);
                if provider.is_some_and(|provider| provider.kind.has_national_number) {
                    failure.kind = FailureKind::SignInNoNationalNumber;
                }
                failure.again(self.logout_url())
            }
            FailureKind::SignInOtherProvider | FailureKind::SignInStale => failure.again(self.logout_url()),
            FailureKind::SignInRejected => {
                failure.again(login_path(transaction)).or(OtherWay::SomebodyElse(self.logout_url()))
            }
            FailureKind::SignInProvider
            | FailureKind::SignInIncomplete
            | FailureKind::SignInSlow
            | FailureKind::SignInSetUp
                if self.providers.len() > 1 =>
            {
                failure
                    .again(login_path(transaction))
                    .or(OtherWay::AnotherProvider(ReturnTo::link("/", transaction.return_to.as_ref())))
            }
            _ => failure.again(login_path(transaction)),
        }
    }

    async fn identify(
        &self,
        tokens: &Tokens,
        transaction: &Transaction,
        provider: &Provider,
    ) -> Result<Identity, Rejected> {
        let expected = Expected {
            pool: UserPool {
                issuer: self.cognito.issuer.as_str(),
                client_id: &self.clients.of(&provider.id).id,
                keys: &self.keys,
            },
            nonce: &transaction.nonce,
            provider,
            access_token: &tokens.access_token,
            earliest_auth_time: self.asks_for_login(transaction).then(|| transaction.earliest_auth_time()),
        };
        id_token::verify(&tokens.id_token, &expected).await
    }

    fn citizen(
        &self,
        identity: Identity,
        tokens: Tokens,
        provider: &Provider,
        transaction: &Transaction,
        device: Device,
    ) -> Citizen {
        Citizen {
            namespace: provider.namespace.clone(),
            eid: identity.eid,
            provider: provider.id.clone(),
            profile: identity.profile,
            refresh_token: tokens.refresh_token,
            signed_in_at: OffsetDateTime::now_utc().unix_timestamp(),
            authenticated_at: identity.auth_time,
            device,
            sign_in: None,
            state_hash: sha256_hex(transaction.state.expose().as_bytes()),
            return_to: transaction.return_to.clone(),
        }
    }
}

impl From<TokenEndpointError> for Failure {
    fn from(error: TokenEndpointError) -> Self {
        let kind = match error {
            TokenEndpointError::Unavailable | TokenEndpointError::Secret { .. } => FailureKind::SignInUnavailable,
            TokenEndpointError::Code(_) => FailureKind::SignInRejected,
            TokenEndpointError::Client(_) | TokenEndpointError::InvalidClient | TokenEndpointError::Unusable(_) => {
                FailureKind::SignInProvider
            }
        };
        Self::new(kind, error.to_string())
    }
}

impl From<SignInTokenError> for Failure {
    fn from(error: SignInTokenError) -> Self {
        use SignInTokenError::{Stale, Token};
        let kind = match error {
            Token(IdTokenError::Key(KeyLookupError::Unavailable)) => FailureKind::SignInUnavailable,
            Stale => FailureKind::SignInStale,
            Token(IdTokenError::Eid(EidError::Malformed)) => FailureKind::SignInRejected,
            Token(IdTokenError::Eid(_)) => FailureKind::SignInNoNumber,
            Token(IdTokenError::Provider) => FailureKind::SignInOtherProvider,
            _ => FailureKind::SignInRejected,
        };
        Self::new(kind, format!("the ID token is rejected: {error}"))
    }
}

/// Why a sign-in was refused although its token names a citizen.
const fn refused_because(error: SignInTokenError) -> Option<RefusedBecause> {
    Some(match error {
        SignInTokenError::Stale | SignInTokenError::AuthTime => RefusedBecause::Stale,
        SignInTokenError::Nonce | SignInTokenError::AccessTokenHash => RefusedBecause::OtherSignIn,
        SignInTokenError::Token(IdTokenError::Provider) => RefusedBecause::OtherProvider,
        SignInTokenError::Token(_) => return None,
    })
}

/// What a failed code exchange counts as.
const fn counted_at_token_endpoint(error: &TokenEndpointError) -> SignInOutcome {
    match error {
        TokenEndpointError::Unavailable => SignInOutcome::UserPoolUnavailable,
        TokenEndpointError::Code(_) => SignInOutcome::CodeRejected,
        TokenEndpointError::Secret { .. } => SignInOutcome::SecretUnavailable,
        TokenEndpointError::Client(_) | TokenEndpointError::InvalidClient | TokenEndpointError::Unusable(_) => {
            SignInOutcome::ClientRejected
        }
    }
}

/// What another failed sign-in counts as.
const fn counted(kind: FailureKind) -> SignInOutcome {
    match kind {
        FailureKind::SignInInvalid => SignInOutcome::Invalid,
        FailureKind::SignInRejected => SignInOutcome::Rejected,
        FailureKind::SignInNoNumber | FailureKind::SignInNoNationalNumber => SignInOutcome::NoNumber,
        FailureKind::SignInOtherProvider => SignInOutcome::OtherProvider,
        FailureKind::SignInStale => SignInOutcome::Stale,
        FailureKind::SignInProvider
        | FailureKind::SignInIncomplete
        | FailureKind::SignInSlow
        | FailureKind::SignInSetUp => SignInOutcome::ProviderError,
        FailureKind::SignInUnavailable => SignInOutcome::UserPoolUnavailable,
        FailureKind::Unavailable => SignInOutcome::TablesUnavailable,
        _ => SignInOutcome::Internal,
    }
}

/// Where a finished sign-in redirects to. A page that is not for this person is not what they came for: they used another
/// sign-in option than the one who asked for it.
fn location(person: Person, return_to: Option<&ReturnTo>) -> String {
    let (own, of_others) = match person {
        Person::Citizen => ("/my-data", "/documents"),
        Person::CaseWorker => ("/documents", "/my-data"),
    };
    let is_for_others = |path: &str| {
        path.strip_prefix(of_others)
            .is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '-'))
    };
    let return_to = return_to.map(ReturnTo::as_str).filter(|path| !is_for_others(path));
    return_to.unwrap_or(own).to_owned()
}

fn login_path(transaction: &Transaction) -> String {
    authorize::path(&transaction.provider, transaction.return_to.as_ref(), transaction.is_fresh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::SecretError;

    #[test]
    fn a_failed_exchange_counts_as_what_a_visitor_can_cause_only_if_the_code_is_wrong() {
        let secret = TokenEndpointError::Secret { setting: "a setting".to_owned(), reason: SecretError::NotText };
        for (error, counted) in [
            (TokenEndpointError::Code("invalid_grant"), SignInOutcome::CodeRejected),
            (TokenEndpointError::Unavailable, SignInOutcome::UserPoolUnavailable),
            (TokenEndpointError::InvalidClient, SignInOutcome::ClientRejected),
            (secret, SignInOutcome::SecretUnavailable),
        ] {
            assert_eq!(counted_at_token_endpoint(&error), counted, "{error}");
        }
    }
}
