//! Settings that the stand-ins cannot have: an AWS that answers what a test sets, and refuses everything else.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::json;
use tokio::net::TcpListener;

use super::{check, lines, start, toml_of};

const APPLICATION: &str = "arn:aws:sso::123456789012:application/ssoins-1111111111111111/apl-2222222222222222";
const ISSUER: &str = "arn:aws:sso::123456789012:trustedTokenIssuer/ssoins-1111111111111111/tti-1";

/// Set to a code, it is what the next call is refused with.
const THROTTLED: &str = "throttled";

/// The bodies, by the operation or the path.
type Answers = Arc<Mutex<HashMap<&'static str, String>>>;

async fn serve(answers: &Answers) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(answer).with_state(Arc::clone(answers));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn answer(State(answers): State<Answers>, request: Request) -> Response {
    let target = request.headers().get("x-amz-target").map(|target| target.to_str().unwrap().to_owned());
    let path = request.uri().path().to_owned();
    let body = axum::body::to_bytes(request.into_body(), 10_000).await.unwrap();
    let form = String::from_utf8(body.to_vec()).unwrap();
    let action = form.split('&').find_map(|pair| pair.strip_prefix("Action="));
    let name = target.as_deref().and_then(|target| target.split('.').nth(1)).or(action).unwrap_or(&path);
    let mut answers = answers.lock().unwrap();
    if let Some(code) = answers.remove(THROTTLED) {
        return (StatusCode::BAD_REQUEST, json!({ "__type": code }).to_string()).into_response();
    }
    match answers.get(name) {
        Some(body) => body.clone().into_response(),
        None => (StatusCode::FORBIDDEN, json!({ "__type": "a.b#AccessDeniedException" }).to_string()).into_response(),
    }
}

fn role(trust: &serde_json::Value, more: &str) -> String {
    // As IAM encodes it, more than needed.
    let trust: String = trust.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!(
        "<GetRoleResponse><GetRoleResult><Role><Arn>arn:aws:iam::123456789012:role/my-data-person</Arn>\
         <AssumeRolePolicyDocument>{trust}</AssumeRolePolicyDocument>{more}</Role></GetRoleResult></GetRoleResponse>"
    )
}

fn grant(audiences: &[&str]) -> String {
    let issuers = [json!({ "TrustedTokenIssuerArn": ISSUER, "AuthorizedAudiences": audiences })];
    json!({ "Grant": { "JwtBearer": { "AuthorizedTokenIssuers": issuers } } }).to_string()
}

#[tokio::test]
async fn a_setting_that_differs_from_the_guide_is_told() {
    let site = start().await;
    let answers = Answers::default();
    let address = serve(&answers).await;
    let toml = toml_of(&site).replace(&site.aws().admin_url(), &address);
    let (own, citizens) = (site.settings().workforce.client_id.as_str(), site.settings().client_id.as_str());
    let issuer = |url: &str, claim: &str, attribute: &str| {
        let jwt = json!({ "IssuerUrl": url, "ClaimAttributePath": claim, "IdentityStoreAttributePath": attribute });
        json!({ "Name": "pool", "TrustedTokenIssuerConfiguration": { "OidcJwtConfiguration": jwt } }).to_string()
    };
    let right = issuer(&site.settings().issuer, "email", "emails.value");
    let list = json!({ "TrustedTokenIssuers": [{ "TrustedTokenIssuerArn": ISSUER }] }).to_string();
    let server = json!({ "AWS": "arn:aws:iam::123456789012:role/my-data-server" });
    let trust = json!({ "Statement": { "Effect": "Allow", "Principal": server, "Action": "sts:*" } });
    let root =
        json!({ "Statement": { "Effect": "Allow", "Principal": { "AWS": "123456789012" }, "Action": "sso-oauth:*" } });
    let by_text = json!({ "AuthenticationMethod": { "Iam": { "ActorPolicy": root.to_string() } } }).to_string();
    let pool = json!({ "UserPool": {} }).to_string();
    let instance = "/v20180820/accessgrantsinstance";
    let discovery = format!("{}/.well-known/openid-configuration", site.settings().issuer);
    #[rustfmt::skip]
    let rows = [
        ("application", "ok", "exists", vec![("DescribeApplication", json!({ "Status": "ENABLED" }).to_string())]),
        ("application", "FAIL", "it is disabled", vec![("DescribeApplication", json!({ "Status": "DISABLED" }).to_string())]),
        ("trusted token issuer", "FAIL", "does not trust the issuer", vec![("ListTrustedTokenIssuers", json!({ "TrustedTokenIssuers": [] }).to_string())]),
        ("trusted token issuer", "FAIL", "without a slash at the end or any other difference", vec![("ListTrustedTokenIssuers", list.clone()), ("DescribeTrustedTokenIssuer", issuer(&discovery, "email", "emails.value"))]),
        ("trusted token issuer", "ok", "make sure that the ID token has the claim preferred_username", vec![("ListTrustedTokenIssuers", list.clone()), ("DescribeTrustedTokenIssuer", issuer(&site.settings().issuer, "preferred_username", "userName"))]),
        ("application grant", "FAIL", "would become that case worker", vec![("ListTrustedTokenIssuers", list.clone()), ("DescribeTrustedTokenIssuer", right.clone()), ("GetApplicationGrant", grant(&[own, citizens]))]),
        ("application grant", "ok", "note: there are other audiences too", vec![("ListTrustedTokenIssuers", list.clone()), ("DescribeTrustedTokenIssuer", right.clone()), ("GetApplicationGrant", grant(&[own, "6q0another"]))]),
        ("application grant", "FAIL", "those are: none", vec![("ListTrustedTokenIssuers", list.clone()), ("DescribeTrustedTokenIssuer", right.clone()), ("GetApplicationGrant", grant(&[]))]),
        ("application grant", "FAIL", "exchanges no tokens", vec![("GetApplicationGrant", json!({ "Grant": { "RefreshToken": {} } }).to_string())]),
        ("actor policy", "ok", "note: it is for the whole account", vec![("GetApplicationAuthenticationMethod", by_text)]),
        ("actor policy", "FAIL", "has no authentication method", vec![("GetApplicationAuthenticationMethod", "{}".to_owned())]),
        ("assignments", "FAIL", "is open to everyone", vec![("GetApplicationAssignmentConfiguration", json!({ "AssignmentRequired": false }).to_string())]),
        ("assignments", "FAIL", "nobody is assigned", vec![("GetApplicationAssignmentConfiguration", json!({ "AssignmentRequired": true }).to_string()), ("ListApplicationAssignments", json!({ "ApplicationAssignments": [], "NextToken": "more" }).to_string())]),
        ("person role trust", "ok", "may assume it", vec![("GetRole", role(&trust, "<MaxSessionDuration>43200</MaxSessionDuration>"))]),
        ("person role trust", "FAIL", "MaxSessionDuration is 1800: set it to 3600", vec![("GetRole", role(&trust, "<MaxSessionDuration>1800</MaxSessionDuration>"))]),
        ("grants instance", "FAIL", "is not associated with the instance ssoins-1111111111111111", vec![(instance, "<R><IdentityCenterInstanceArn>arn:aws:sso:::instance/ssoins-2222222222222222</IdentityCenterInstanceArn></R>".to_owned())]),
        ("grants instance", "ok", "associated with our instance", vec![(instance, format!("<R><IdentityCenterArn>{APPLICATION}</IdentityCenterArn></R>"))]),
        ("location roles", "FAIL", "there is no location", vec![("/v20180820/accessgrantsinstance/locations", "<R><AccessGrantsLocationsList/></R>".to_owned())]),
        ("grants", "FAIL", "no person and no group has a grant", vec![("/v20180820/accessgrantsinstance/grants", "<R><AccessGrantsList/></R>".to_owned())]),
        ("grants", "FAIL", "the response of s3:ListAccessGrants cannot be read", vec![("/v20180820/accessgrantsinstance/grants", "no XML".to_owned())]),
        ("app client of citizens", "FAIL", "can sign in too", vec![("DescribeUserPool", pool.clone()), ("DescribeUserPoolClient", json!({ "UserPoolClient": { "SupportedIdentityProviders": ["itsme", site.settings().workforce.name] } }).to_string())]),
        ("provider identity_center in the user pool", "FAIL", "is of the type OIDC", vec![("DescribeUserPool", pool.clone()), ("DescribeIdentityProvider", json!({ "IdentityProvider": { "ProviderType": "OIDC", "AttributeMapping": {} } }).to_string())]),
    ];
    for (subject, verdict, text, set) in rows {
        *answers.lock().unwrap() = set.into_iter().collect();
        let ended = check(&site, &toml, &["--deep"]).await;
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        let lines = lines(&ended, verdict);
        let found =
            lines.get(subject).unwrap_or_else(|| panic!("{text}: {subject} is not {verdict}: {}", ended.stdout));
        assert!(found.contains(text), "{text} is not in {found}");
    }
}

#[tokio::test]
async fn a_call_that_is_throttled_is_sent_again() {
    let site = start().await;
    let answers = Answers::default();
    let address = serve(&answers).await;
    let toml = toml_of(&site).replace(&site.aws().admin_url(), &address);
    let application = json!({ "Status": "ENABLED" }).to_string();
    for (code, verdict) in [("TooManyRequestsException", "ok"), ("InternalServerException", "FAIL")] {
        // The first call.
        let set = [("DescribeApplication", application.clone()), (THROTTLED, code.to_owned())];
        *answers.lock().unwrap() = set.into_iter().collect();
        let ended = check(&site, &toml, &["--deep"]).await;
        assert!(lines(&ended, verdict).contains_key("application"), "{code}: {}", ended.stdout);
    }
}
