//! A sign-in through the running server with each fault of the user pool: what must be refused is, and leaves nothing
//! behind; what must be accepted is.

use std::collections::{BTreeMap, HashSet};

use local::user_pool::{Fault, MARK};

use crate::support::{
    AN,
    attempt::{assert_rejected, assert_signed_in},
    browser::Answer,
    process::{Process, command},
    site::Site,
};

/// Which calls to the user pool a callback may make.
#[derive(Clone, Copy)]
enum Calls {
    None,
    Token,
    /// And one for the keys.
    TokenAndKeys,
    /// And one or more for the keys: a fetch that failed is made again, whether anybody asks or not.
    TokenAndFailingKeys,
}
use Calls::{None as NoCall, Token, TokenAndFailingKeys, TokenAndKeys};

const TOKEN: &str = "/oauth2/token";
const KEYS: &str = "/eu-west-1_LocalPool/.well-known/jwks.json";

impl Calls {
    /// Whether `made` is what may be: how often each path was called.
    fn are(self, made: &BTreeMap<String, usize>) -> bool {
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

/// What the citizen is told.
const NOT_YOURS: &str = "does not belong to a sign-in that you started here";
const CHECKS: &str = "did not pass our checks";
const NO_NUMBER: &str = "did not hand over a national number";
const PROBLEM: &str = "reported a problem";
const NO_ANSWER: &str = "does not answer right now";
const INCOMPLETE: &str = "did not share something that this service needs";
const SET_UP: &str = "do not understand each other";
const SLOW: &str = "took too long to answer";
const OTHER: &str = "still signed in from an earlier time";

/// A fault, the status and the sentence that the citizen gets, the reason that the log gets, and the calls.
type Row = (Fault, u16, &'static str, &'static str, Calls);

const REJECTED: &[Row] = &[
    (Fault::MissingState, 400, NOT_YOURS, "state is missing", NoCall),
    (Fault::InvalidState, 400, NOT_YOURS, "no sign-in of this browser has this state", NoCall),
    (Fault::RepeatedState, 400, NOT_YOURS, "a parameter came twice", NoCall),
    (Fault::MissingCode, 400, NOT_YOURS, "neither code nor error", NoCall),
    (Fault::CodeAndError, 400, NOT_YOURS, "code and error came together", NoCall),
    (Fault::InvalidAuthorizationResponseIss, 400, NOT_YOURS, "iss in the answer is not the user pool", NoCall),
    (Fault::ScriptInErrorDescription, 502, PROBLEM, "the user pool reports server_error", NoCall),
    (Fault::MissingAttribute, 502, INCOMPLETE, "make it optional in the user pool", NoCall),
    (Fault::ImmutableAttribute, 502, SET_UP, "a mapped attribute must be mutable", NoCall),
    (Fault::ProviderTimesOut, 502, SLOW, "took longer than the user pool waits", NoCall),
    (Fault::ProviderFails, 502, SET_UP, "check client id and secret", NoCall),
    (Fault::UnknownError, 502, PROBLEM, "an error that no specification names", NoCall),
    (Fault::InvalidCode, 400, CHECKS, "does not accept the code: invalid_grant", Token),
    (Fault::TokenInvalidGrant, 400, CHECKS, "does not accept the code: invalid_grant", Token),
    (Fault::TokenInvalidClient, 502, PROBLEM, "does not accept this client", Token),
    (Fault::Token400, 502, PROBLEM, "it is no token response", Token),
    (Fault::Token500, 503, NO_ANSWER, "the token endpoint is out of reach", Token),
    (Fault::Token429, 503, NO_ANSWER, "the token endpoint is out of reach", Token),
    (Fault::TokenHangs, 503, NO_ANSWER, "the token endpoint is out of reach", Token),
    (Fault::TokenTrickles, 503, NO_ANSWER, "the token endpoint is out of reach", Token),
    (Fault::Token50Megabytes, 502, PROBLEM, "it is too large", Token),
    (Fault::TokenEmpty, 502, PROBLEM, "it is empty or not JSON", Token),
    (Fault::TokenHalf, 502, PROBLEM, "it is no token response", Token),
    (Fault::TokenContentType, 502, PROBLEM, "it is empty or not JSON", Token),
    (Fault::TokenRedirects, 502, PROBLEM, "it is empty or not JSON", Token),
    (Fault::InvalidTokenType, 502, PROBLEM, "its token_type is not Bearer", Token),
    (Fault::MissingIdToken, 502, PROBLEM, "it holds no ID token", Token),
    (Fault::MissingAccessToken, 502, PROBLEM, "it is no token response", Token),
    (Fault::InvalidIss, 400, CHECKS, "iss is missing or not the user pool", Token),
    (Fault::MissingIss, 400, CHECKS, "iss is missing or not the user pool", Token),
    (Fault::InvalidAud, 400, CHECKS, "aud is missing or not this client alone", Token),
    (Fault::MissingAud, 400, CHECKS, "aud is missing or not this client alone", Token),
    (Fault::UntrustedAud, 400, CHECKS, "aud is missing or not this client alone", Token),
    (Fault::InvalidAzp, 400, CHECKS, "aud is missing or not this client alone", Token),
    (Fault::MissingSub, 400, CHECKS, "sub is missing", Token),
    (Fault::MissingIat, 400, CHECKS, "iat is missing or in the future", Token),
    (Fault::InvalidIat, 400, CHECKS, "iat is missing or in the future", Token),
    (Fault::MissingExp, 400, CHECKS, "exp is missing or past", Token),
    (Fault::InvalidExp, 400, CHECKS, "exp is missing or past", Token),
    (Fault::NonceInvalid, 400, CHECKS, "nonce is missing or not that of this sign-in", Token),
    (Fault::MissingNonce, 400, CHECKS, "nonce is missing or not that of this sign-in", Token),
    (Fault::InvalidAthash, 400, CHECKS, "at_hash does not fit the access token", Token),
    (Fault::InvalidTokenUse, 400, CHECKS, "token_use is not id", Token),
    (Fault::MissingTokenUse, 400, CHECKS, "token_use is not id", Token),
    (Fault::InvalidIdentities, 400, OTHER, "names another provider than the one chosen", Token),
    (Fault::LinkedIdentities, 400, OTHER, "names another provider than the one chosen", Token),
    (Fault::MissingIdentities, 400, CHECKS, "identities is missing", Token),
    (Fault::MissingEid, 400, NO_NUMBER, "custom:eid is missing", Token),
    (Fault::EmptyEid, 400, NO_NUMBER, "custom:eid is missing", Token),
    (Fault::LongEid, 400, CHECKS, "custom:eid is not a number", Token),
    (Fault::ControlInEid, 400, CHECKS, "custom:eid is not a number", Token),
    (Fault::IdtokenSigNone, 400, CHECKS, "its algorithm is not RS256", Token),
    (Fault::InvalidSigHs256, 400, CHECKS, "its algorithm is not RS256", Token),
    (Fault::InvalidSigEs256, 400, CHECKS, "its algorithm is not RS256", Token),
    (Fault::InvalidSigRs256, 400, CHECKS, "its signature is wrong", Token),
    (Fault::InvalidKey, 400, CHECKS, "its signature is wrong", Token),
    (Fault::AccessTokenType, 400, CHECKS, "its type is not JWT", Token),
    (Fault::AccessTokenAsIdToken, 400, CHECKS, "aud is missing", Token),
    (Fault::UnknownKid, 400, CHECKS, "no signing key has the token's kid", TokenAndKeys),
    (Fault::KidAbsentMultipleJwks, 400, CHECKS, "no signing key has the token's kid", TokenAndKeys),
    (Fault::Jwks500, 503, NO_ANSWER, "the signing keys are out of reach", TokenAndFailingKeys),
    // Of two limits on time, either may come first.
    (Fault::JwksHangs, 503, NO_ANSWER, "", TokenAndFailingKeys),
    (Fault::JwksEmpty, 503, NO_ANSWER, "the signing keys are out of reach", TokenAndFailingKeys),
    (Fault::JwksNotJson, 503, NO_ANSWER, "the signing keys are out of reach", TokenAndFailingKeys),
];

const ACCEPTED: &[(Fault, Calls)] = &[
    (Fault::AuthorizationResponseIss, Token),
    (Fault::TokenTypeLowerCase, Token),
    (Fault::MissingExpiresIn, Token),
    (Fault::MissingRefreshToken, Token),
    (Fault::AudList, Token),
    (Fault::SkewedIat, Token),
    (Fault::MissingAthash, Token),
    (Fault::SeparatedEid, Token),
    (Fault::KidAbsentSingleJwks, Token),
    (Fault::UnusableKeysInJwks, Token),
    (Fault::SigningKeyRotationJustBeforeSigning, TokenAndKeys),
];

/// What ends at the home page, as if the citizen had stopped it, and the hint that the log gets.
const DENIED: &[(Fault, &str)] = &[(Fault::NotVerified, "only people whom it has verified")];

/// What a page has no use for: the citizen is told in plain words.
const JARGON: [&str; 10] =
    ["token", "nonce", "JWT", "OAuth", "OpenID", "claim", "signature", "parameter", "iss ", "aud "];
/// What itsme hands over about An.
const ABOUT_AN: [&str; 6] = [AN.0, "Peeters", "an.peeters", "+3247", "Voorbeeldstraat", "1985-07-30"];

/// The binary at its most talkative, with the user pool stand-in of a site.
struct Subject<'a> {
    site: &'a Site,
    process: Process,
}

impl<'a> Subject<'a> {
    async fn start(site: &'a Site) -> Self {
        let config = site.scratch.file("mydata.toml", &site.toml);
        let mut command = command(site.scratch.path());
        command.arg("--config").arg(&config).env("RUST_LOG", "trace");
        Self { site, process: Process::start_ready(command, site.scratch.path()).await }
    }

    /// An signs in while the user pool has this fault. The answer to the callback, and that nothing else was called.
    async fn sign_in(&self, fault: Fault, calls: Calls) -> Answer {
        let pool = self.site.user_pool();
        let mut browser = self.process.browser(self.site);
        pool.misbehave(fault);
        let callback = browser.decide("/login/itsme", "an", "approve").await;
        let before = pool.calls();
        let answer = browser.get(&callback).await;
        pool.misbehave(None);
        let mut made = pool.calls();
        made.iter_mut().for_each(|(path, count)| *count -= before.get(path).copied().unwrap_or(0));
        made.retain(|_, count| *count > 0);
        assert!(calls.are(&made), "{}: calls to the user pool: {made:?}", fault.name());
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

    fn assert_quiet_log(&self) {
        let log = self.process.log();
        assert!(log.contains("\"level\":\"DEBUG\""), "{log}");
        for word in ABOUT_AN.iter().chain(&[MARK, "alert(", "eyJ"]) {
            assert!(!log.contains(word), "{word} is in the log: {log}");
        }
    }
}

/// Faults of the keys leave their traces in the server, so each has one of its own.
fn is_about_keys(calls: Calls) -> bool {
    matches!(calls, TokenAndKeys | TokenAndFailingKeys)
}

#[tokio::test]
async fn a_fault_of_the_user_pool_signs_nobody_in() {
    let site = Site::start().await;
    let subject = Subject::start(&site).await;
    for row in REJECTED.iter().filter(|row| !is_about_keys(row.4)) {
        subject.reject(*row).await;
    }
    subject.assert_quiet_log();
    // The server is as good as new.
    assert_signed_in("no fault", &subject.process.browser(&site).sign_in("an").await);
}

#[tokio::test]
async fn a_fault_of_the_signing_keys_signs_nobody_in() {
    let site = Site::start().await;
    for row in REJECTED.iter().filter(|row| is_about_keys(row.4)) {
        let subject = Subject::start(&site).await;
        subject.reject(*row).await;
        subject.assert_quiet_log();
    }
}

#[tokio::test]
async fn what_is_only_unusual_signs_the_citizen_in() {
    for (fault, calls) in ACCEPTED.iter().copied() {
        let site = Site::start().await;
        // What is wrong with the key set is so from the start.
        site.user_pool().misbehave(fault);
        let subject = Subject::start(&site).await;
        assert_signed_in(fault.name(), &subject.sign_in(fault, calls).await);
        subject.assert_quiet_log();
    }
}

#[tokio::test]
async fn who_is_denied_at_the_provider_is_back_home() {
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
    subject.assert_quiet_log();
}

#[test]
fn every_fault_is_in_one_of_the_tables() {
    let rejected = REJECTED.iter().map(|row| row.0);
    let all: Vec<_> = rejected.chain(ACCEPTED.iter().map(|row| row.0)).chain(DENIED.iter().map(|row| row.0)).collect();
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "a fault twice");
    let missing: Vec<_> = Fault::ALL.iter().filter(|fault| !all.contains(fault)).map(|fault| fault.name()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// 50 MB are not read to see that they are too many.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_stays_bounded_whatever_the_token_endpoint_sends() {
    let site = Site::start().await;
    let subject = Subject::start(&site).await;
    assert_signed_in("no fault", &subject.process.browser(&site).sign_in("an").await);
    let before = subject.process.peak_memory();
    for fault in [Fault::Token50Megabytes, Fault::TokenTrickles] {
        assert!(subject.sign_in(fault, Token).await.status.is_server_error());
    }
    let grown = subject.process.peak_memory() - before;
    assert!(grown < 20 * 1024 * 1024, "{grown} bytes more");
}
