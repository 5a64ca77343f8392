//! A sign-in with each fault of the user pool. A forbidden response is rejected and leaves nothing behind; an unusual but valid
//! one is accepted.

use std::collections::{BTreeMap, HashSet};

use local::user_pool::{Fault, MARK};
use testkit::Answer;

use crate::support::{
    AN,
    attempt::{assert_rejected, assert_signed_in},
    process::{Process, serve},
    site::Site,
};

/// The calls to the user pool that a callback may make.
#[derive(Clone, Copy)]
enum Calls {
    None,
    Token,
    /// The token, and the keys once.
    TokenAndKeys,
    /// The token, and the keys once or more: a failed fetch is retried in the background.
    TokenAndFailingKeys,
}
use Calls::{None as NoCall, Token, TokenAndFailingKeys, TokenAndKeys};

const TOKEN: &str = "/oauth2/token";
const KEYS: &str = "/eu-west-1_LocalPool/.well-known/jwks.json";

impl Calls {
    /// Whether `made`, the number of calls of each path, is allowed.
    fn allow(self, made: &BTreeMap<String, usize>) -> bool {
        let made: Vec<_> = made.iter().map(|(path, count)| (path.as_str(), *count)).collect();
        matches!(
            (self, &made[..]),
            (Self::None, [])
                | (Self::Token, [(TOKEN, 1)])
                | (Self::TokenAndKeys, [(KEYS, 1), (TOKEN, 1)])
                | (Self::TokenAndFailingKeys, [(KEYS, _), (TOKEN, 1)])
        )
    }
}

/// Sentences on failure pages.
const EXPIRED: &str = "This sign-in has expired or was already used";
const CHECKS: &str = "We could not confirm your details";
const NO_NUMBER: &str = "We did not receive your National Register number";
const PROBLEM: &str = "There was a problem with this sign-in option";
const NO_ANSWER: &str = "You cannot sign in right now";
const INCOMPLETE: &str = "A detail that we need is missing";
const SET_UP: &str = "There is a problem with how this sign-in option is set up";
const SLOW: &str = "took too long to answer";
const STALE: &str = "This browser is still signed in from an earlier time";
const OTHER: &str = "You are still signed in with a different sign-in option";

/// A fault, the expected status and sentence, the reason in the log, and the calls.
type Row = (Fault, u16, &'static str, &'static str, Calls);

const REJECTED: &[Row] = &[
    (Fault::MissingState, 400, EXPIRED, "state is missing", NoCall),
    (Fault::InvalidState, 400, EXPIRED, "this browser has no sign-in with this state", NoCall),
    (Fault::RepeatedState, 400, EXPIRED, "a parameter was sent twice", NoCall),
    (Fault::MissingCode, 400, EXPIRED, "neither code nor error", NoCall),
    (Fault::CodeAndError, 400, EXPIRED, "code and error were both sent", NoCall),
    (Fault::InvalidAuthorizationResponseIss, 400, EXPIRED, "iss in the response differs from cognito.issuer", NoCall),
    (Fault::ScriptInErrorDescription, 502, PROBLEM, "the user pool reports server_error", NoCall),
    (Fault::MissingAttribute, 502, INCOMPLETE, "make it optional in the user pool", NoCall),
    (Fault::ImmutableAttribute, 502, SET_UP, "make it mutable, and writable", NoCall),
    (Fault::ProviderTimesOut, 502, SLOW, "took longer than the user pool waits", NoCall),
    (Fault::ProviderFails, 502, SET_UP, "check client id and secret", NoCall),
    (Fault::UnknownError, 502, PROBLEM, "an unknown error code", NoCall),
    (Fault::InvalidCode, 400, CHECKS, "rejects the code: invalid_grant", Token),
    (Fault::TokenInvalidGrant, 400, CHECKS, "rejects the code: invalid_grant", Token),
    (Fault::TokenInvalidClient, 502, PROBLEM, "rejects this client", Token),
    (Fault::Token400, 502, PROBLEM, "its response is not a token response", Token),
    (Fault::Token500, 503, NO_ANSWER, "cannot reach the token endpoint", Token),
    (Fault::Token429, 503, NO_ANSWER, "cannot reach the token endpoint", Token),
    (Fault::TokenHangs, 503, NO_ANSWER, "cannot reach the token endpoint", Token),
    (Fault::TokenTrickles, 503, NO_ANSWER, "cannot reach the token endpoint", Token),
    (Fault::Token50Megabytes, 502, PROBLEM, "its response is too large", Token),
    (Fault::TokenEmpty, 502, PROBLEM, "its response is empty or not JSON", Token),
    (Fault::TokenTrailingText, 502, PROBLEM, "its response is not a token response", Token),
    (Fault::TokenByteOrderMark, 502, PROBLEM, "its response is not a token response", Token),
    (Fault::TokenHalf, 502, PROBLEM, "its response is not a token response", Token),
    (Fault::TokenContentType, 502, PROBLEM, "its response is empty or not JSON", Token),
    (Fault::TokenRedirects, 502, PROBLEM, "its response is empty or not JSON", Token),
    (Fault::InvalidTokenType, 502, PROBLEM, "token_type in its response is not Bearer", Token),
    (Fault::MissingIdToken, 502, PROBLEM, "its response has no ID token", Token),
    (Fault::MissingAccessToken, 502, PROBLEM, "its response is not a token response", Token),
    (Fault::InvalidIss, 400, CHECKS, "iss is missing or differs from cognito.issuer", Token),
    (Fault::MissingIss, 400, CHECKS, "iss is missing or differs from cognito.issuer", Token),
    (
        Fault::InvalidAud,
        400,
        CHECKS,
        "aud is missing or not only this client: check cognito.user_pool_web_client_id",
        Token,
    ),
    (
        Fault::MissingAud,
        400,
        CHECKS,
        "aud is missing or not only this client: check cognito.user_pool_web_client_id",
        Token,
    ),
    (
        Fault::UntrustedAud,
        400,
        CHECKS,
        "aud is missing or not only this client: check cognito.user_pool_web_client_id",
        Token,
    ),
    (
        Fault::InvalidAzp,
        400,
        CHECKS,
        "aud is missing or not only this client: check cognito.user_pool_web_client_id",
        Token,
    ),
    (Fault::MissingSub, 400, CHECKS, "sub is missing", Token),
    (Fault::MissingIat, 400, CHECKS, "iat is missing or in the future", Token),
    (Fault::InvalidIat, 400, CHECKS, "iat is missing or in the future", Token),
    (Fault::MissingExp, 400, CHECKS, "exp is missing or past", Token),
    (Fault::InvalidExp, 400, CHECKS, "exp is missing or past", Token),
    (Fault::NonceInvalid, 400, CHECKS, "nonce is missing or belongs to another sign-in", Token),
    (Fault::MissingNonce, 400, CHECKS, "nonce is missing or belongs to another sign-in", Token),
    (Fault::InvalidAthash, 400, CHECKS, "at_hash does not match the access token", Token),
    (Fault::InvalidTokenUse, 400, CHECKS, "token_use is not id", Token),
    (Fault::MissingTokenUse, 400, CHECKS, "token_use is not id", Token),
    (Fault::InvalidIdentities, 400, OTHER, "names a provider other than the chosen one", Token),
    (Fault::LinkedIdentities, 400, OTHER, "names a provider other than the chosen one", Token),
    (Fault::MissingIdentities, 400, CHECKS, "identities is missing", Token),
    (Fault::MissingEid, 400, NO_NUMBER, "custom:eid is missing", Token),
    (Fault::EmptyEid, 400, NO_NUMBER, "custom:eid is missing", Token),
    (Fault::LongEid, 400, CHECKS, "custom:eid is too long or has control characters", Token),
    (Fault::ControlInEid, 400, CHECKS, "custom:eid is too long or has control characters", Token),
    (Fault::PlaceholderEid, 400, NO_NUMBER, "a placeholder such as null: check the attribute mapping", Token),
    (Fault::InvisibleEid, 400, NO_NUMBER, "invisible or unreadable characters: check the attribute mapping", Token),
    (Fault::MistypedEid, 400, NO_NUMBER, "not a Belgian national number: check the attribute mapping", Token),
    (Fault::IdtokenSigNone, 400, CHECKS, "its algorithm is not RS256", Token),
    (Fault::InvalidSigHs256, 400, CHECKS, "its algorithm is not RS256", Token),
    (Fault::InvalidSigEs256, 400, CHECKS, "its algorithm is not RS256", Token),
    (Fault::InvalidSigRs256, 400, CHECKS, "its signature is wrong", Token),
    (Fault::InvalidKey, 400, CHECKS, "its signature is wrong", Token),
    (Fault::AccessTokenType, 400, CHECKS, "its type is not JWT", Token),
    (Fault::AccessTokenAsIdToken, 400, CHECKS, "aud is missing", Token),
    (Fault::UnknownKid, 400, CHECKS, "no signing key has the token's kid", TokenAndKeys),
    (Fault::KidAbsentMultipleJwks, 400, CHECKS, "no signing key has the token's kid", TokenAndKeys),
    (Fault::Jwks500, 503, NO_ANSWER, "the signing keys are unavailable", TokenAndFailingKeys),
    // One of two timeouts, whichever comes first.
    (Fault::JwksHangs, 503, NO_ANSWER, "", TokenAndFailingKeys),
    (Fault::JwksEmpty, 503, NO_ANSWER, "the signing keys are unavailable", TokenAndFailingKeys),
    (Fault::JwksNotJson, 503, NO_ANSWER, "the signing keys are unavailable", TokenAndFailingKeys),
];

const ACCEPTED: &[(Fault, Calls)] = &[
    // For case workers: a citizen's sign-in has no SAML identity, uses no refresh token, and needs no email address.
    (Fault::InvalidProviderType, Token),
    (Fault::RefreshTokenRevoked, Token),
    (Fault::RefreshOtherUser, Token),
    (Fault::MissingEmail, Token),
    (Fault::AuthorizationResponseIss, Token),
    (Fault::TokenTypeLowerCase, Token),
    (Fault::TokenTypeUpperCase, Token),
    (Fault::ExpiresInText, Token),
    (Fault::ExpiresInFraction, Token),
    (Fault::MissingExpiresIn, Token),
    (Fault::MissingRefreshToken, Token),
    (Fault::AudList, Token),
    (Fault::SkewedIat, Token),
    (Fault::MissingAthash, Token),
    (Fault::MissingAuthTime, Token),
    (Fault::AuthTimeText, Token),
    (Fault::SeparatedEid, Token),
    (Fault::WholeMediaType, Token),
    (Fault::KidAbsentSingleJwks, Token),
    (Fault::UnusableKeysInJwks, Token),
    (Fault::SigningKeyRotationJustBeforeSigning, TokenAndKeys),
];

/// Faults that lead to the home page, as a cancelled sign-in does, and the hint in the log.
const DENIED: &[(Fault, &str)] = &[(Fault::NotVerified, "only lets in people it has verified")];

/// Faults that lead through the user pool's sign-out to a second attempt, and whether that succeeds.
const REPEATED: &[(Fault, bool)] = &[(Fault::ClassicHostedUi, true), (Fault::InvalidAuthTime, false)];

/// Words that no page uses.
const JARGON: [&str; 10] =
    ["token", "nonce", "JWT", "OAuth", "OpenID", "claim", "signature", "parameter", "iss ", "aud "];
/// The details of An at itsme.
const ABOUT_AN: [&str; 6] = [AN.0, "Peeters", "an.peeters", "+3247", "Voorbeeldstraat", "1985-07-30"];

/// The binary at the log level trace, with the user pool stand-in of a site.
struct Subject<'a> {
    site: &'a Site,
    process: Process,
}

impl<'a> Subject<'a> {
    async fn start(site: &'a Site) -> Self {
        let mut command = serve(site);
        command.env("RUST_LOG", "trace");
        Self { site, process: Process::start_ready(command, site.scratch.path()).await }
    }

    /// Signs in as An while the user pool has this fault, and checks the calls. Returns the answer of the callback.
    async fn sign_in(&self, fault: Fault, calls: Calls) -> Answer {
        let pool = self.site.user_pool();
        let mut browser = self.process.browser(self.site);
        pool.misbehave(fault);
        let callback = browser.decide("/login/itsme", "an", "approve").await;
        let before = pool.calls();
        let answer = browser.get(callback).await;
        pool.misbehave(None);
        let mut made = pool.calls();
        made.iter_mut().for_each(|(path, count)| *count -= before.get(path).copied().unwrap_or(0));
        made.retain(|_, count| *count > 0);
        assert!(calls.allow(&made), "{}: calls to the user pool: {made:?}", fault.name());
        if answer.status.is_redirection() {
            assert_eq!(browser.get("/profile").await.status, 200, "{}", fault.name());
        } else {
            assert_eq!(browser.session(), None, "{}", fault.name());
            let page = browser.get("/profile").await;
            assert_eq!((page.status.as_u16(), page.location()), (303, "/?return_to=%2Fprofile"), "{}", fault.name());
        }
        answer
    }

    async fn reject(&self, (fault, status, sentence, reason, calls): Row) {
        let name = fault.name();
        let answer = self.sign_in(fault, calls).await;
        assert_rejected(name, &answer, status);
        assert!(answer.body.contains(sentence), "{name}: {}", answer.body);
        let headers = format!("{:?}", answer.headers);
        for reflected in [MARK, "alert(", "<h1>m4rk"] {
            assert!(!answer.body.contains(reflected) && !headers.contains(reflected), "{name}: {}", answer.body);
        }
        let main = answer.body.split_once("<main").unwrap().1;
        for word in JARGON {
            assert!(!main.contains(word), "{name}: {word} in {main}");
        }
        for personal in ABOUT_AN {
            assert!(!answer.body.contains(personal), "{name}: {personal} in {}", answer.body);
        }
        let line = self.process.line_with(answer.reference().unwrap()).await;
        assert!(line["reason"].as_str().unwrap().contains(reason), "{name}: {line}");
        assert_eq!(line["status"], status, "{name}");
        assert_eq!(line["route"], "/auth/callback", "{name}");
        assert_eq!(self.site.open_sessions().await, 0, "{name}: a session");
    }

    fn assert_log_has_no_details(&self) {
        let log = self.process.log();
        assert!(log.contains("\"level\":\"DEBUG\""), "{log}");
        for word in ABOUT_AN.iter().chain(&[MARK, "alert(", "eyJ"]) {
            assert!(!log.contains(word), "{word} is in the log: {log}");
        }
    }
}

/// A fault of the keys affects later sign-ins, so each gets a new server.
fn is_about_keys(calls: Calls) -> bool {
    matches!(calls, TokenAndKeys | TokenAndFailingKeys)
}

#[tokio::test]
async fn a_fault_of_the_user_pool_is_rejected() {
    let site = Site::start().await;
    let subject = Subject::start(&site).await;
    for row in REJECTED.iter().filter(|row| !is_about_keys(row.4)) {
        subject.reject(*row).await;
    }
    subject.assert_log_has_no_details();
    // The next sign-in succeeds.
    assert_signed_in("no fault", &subject.process.browser(&site).sign_in("an").await);
}

#[tokio::test]
async fn a_fault_of_the_signing_keys_is_rejected() {
    let site = Site::start().await;
    for row in REJECTED.iter().filter(|row| is_about_keys(row.4)) {
        let subject = Subject::start(&site).await;
        subject.reject(*row).await;
        subject.assert_log_has_no_details();
    }
}

#[tokio::test]
async fn an_unusual_but_valid_response_is_accepted() {
    for (fault, calls) in ACCEPTED.iter().copied() {
        let site = Site::start().await;
        // A fault of the key set must exist from the start.
        site.user_pool().misbehave(fault);
        let subject = Subject::start(&site).await;
        assert_signed_in(fault.name(), &subject.sign_in(fault, calls).await);
        subject.assert_log_has_no_details();
    }
}

#[tokio::test]
async fn a_denial_at_the_provider_leads_home() {
    let site = Site::start().await;
    let subject = Subject::start(&site).await;
    for (fault, hint) in DENIED {
        site.user_pool().misbehave(*fault);
        let mut browser = subject.process.browser(&site);
        let callback = browser.decide("/login/itsme", "an", "approve").await;
        let answer = browser.get(&callback).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/?signin=cancelled"), "{}", fault.name());
        let home = browser.get("/?signin=cancelled").await;
        assert!(home.body.contains("verify it there first"));
        assert_eq!(browser.session(), None);
        subject.process.line_with(hint).await;
    }
    subject.assert_log_has_no_details();
}

#[tokio::test]
async fn a_user_pool_that_answers_from_its_own_session_is_asked_again_once() {
    let site = Site::start().await;
    for (fault, succeeds) in REPEATED {
        let (name, subject) = (fault.name(), Subject::start(&site).await);
        let mut browser = subject.process.browser(&site);
        // The user pool knows the browser; this site does not.
        browser.sign_in("an").await;
        browser.cookies().retain(|name, _| !name.contains("session"));
        site.user_pool().misbehave(*fault);
        let callback = browser.decide("/login/itsme?return_to=/profile", "an", "approve").await;
        let answer = browser.get(&callback).await;
        let out = format!("{}/logout?client_id=", site.settings().domain_url);
        assert!(answer.location().starts_with(&out), "{name}: {}", answer.location());
        assert_eq!(browser.session(), None, "{name}");
        let line = subject.process.line_with("sign-in repeated: the user pool ignored prompt=login").await;
        assert!(line["reason"].as_str().unwrap().contains("managed login; or set cognito.prompt_login"), "{line}");

        let home = browser.visit(answer.target()).await.site();
        let again = browser.get(&home).await;
        assert_eq!(again.location(), "/login/itsme?return_to=%2Fprofile&again=1", "{name}");
        let started = browser.get(again.target()).await;
        let page = browser.visit(started.target()).await.page();
        let callback = browser.decide_on_page(&page, "an", "approve").await;
        let answer = browser.get(&callback).await;
        site.user_pool().misbehave(None);
        if *succeeds {
            assert_eq!((answer.status.as_u16(), answer.location()), (303, "/profile"), "{name}");
            assert_eq!(browser.get("/profile").await.status, 200, "{name}");
        } else {
            assert_rejected(name, &answer, 400);
            assert!(answer.body.contains(STALE) && answer.body.contains(&format!("href=\"{out}")), "{}", answer.body);
            let line = subject.process.line_with(answer.reference().unwrap()).await;
            assert!(line["reason"].as_str().unwrap().contains("set cognito.prompt_login to false"), "{line}");
            assert!(browser.cookies().keys().all(|name| !name.starts_with("mydata_")), "{name}");
        }
        subject.assert_log_has_no_details();
    }
}

#[test]
fn every_fault_is_in_exactly_one_table() {
    let rejected = REJECTED.iter().map(|row| row.0);
    let led_on = DENIED.iter().map(|row| row.0).chain(REPEATED.iter().map(|row| row.0));
    let all: Vec<_> = rejected.chain(ACCEPTED.iter().map(|row| row.0)).chain(led_on).collect();
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "a fault is in two tables");
    let missing: Vec<_> = Fault::ALL.iter().filter(|fault| !all.contains(fault)).map(|fault| fault.name()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The server stops reading a response that is too large.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_stays_bounded_for_any_token_response() {
    let site = Site::start().await;
    let subject = Subject::start(&site).await;
    assert_signed_in("no fault", &subject.process.browser(&site).sign_in("an").await);
    let before = subject.process.peak_memory();
    for fault in [Fault::Token50Megabytes, Fault::TokenTrickles] {
        assert!(subject.sign_in(fault, Token).await.status.is_server_error());
    }
    let grown = subject.process.peak_memory() - before;
    assert!(grown < 20 * 1024 * 1024, "memory grew by {grown} bytes");
}
