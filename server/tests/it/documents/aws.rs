//! What the services answer, in their own forms.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

use super::fake::{Answer, Call, Received, SERVER_KEY, dropped, in_parts, large};

const EXPIRES: &str = "2099-01-01T00:00:00Z";

/// The answer that a test has set.
pub fn scripted(call: Call, answer: Answer) -> Response {
    match answer {
        Answer::Error(status, code) => error(call, status, code),
        Answer::Body(body) => ok(call, body),
        Answer::Parts(status, headers, parts, is_cut) => in_parts(status, &headers, parts, is_cut),
        Answer::Large(size, sent) => large(size, sent),
        Answer::Dropped => dropped(),
        Answer::NoToken(_) => panic!("only the user pool gives ID tokens"),
    }
}

/// The answer for the person that the call is made for, if its credentials are meant for it.
pub fn usual(received: &Received) -> Response {
    let (kind, person) = received.key.split_once('-').unwrap_or((&received.key, ""));
    match (received.call, kind) {
        (Call::CreateToken, SERVER_KEY) => {
            let request: Value = serde_json::from_str(&received.body).unwrap();
            let user = request["assertion"].as_str().unwrap().split('/').nth(1).unwrap();
            ok(received.call, token(&format!("context/{user}")))
        }
        (Call::AssumeRole, SERVER_KEY) => {
            let context = received.form()["ProvidedContexts.member.1.ContextAssertion"].clone();
            ok(received.call, session(context.strip_prefix("context/").unwrap()))
        }
        (Call::ListGrants, "CONTEXT") => {
            ok(received.call, grants(&[(&format!("s3://bucket/{person}/*"), "READ")], None))
        }
        (Call::GetDataAccess, "CONTEXT") => ok(received.call, data_access(person, "DIRECTORY_USER", person)),
        (Call::ListObjects, "DATA") => {
            let prefix = byte_serialize(received.query["prefix"].as_bytes()).collect::<String>().replace("%2F", "/");
            ok(received.call, listing(&[(&format!("{prefix}letter.pdf"), 7)], &[&format!("{prefix}older/")], None))
        }
        (Call::GetObject, "DATA") => document(format!("of {person}").into_bytes()),
        _ => error(received.call, 403, "AccessDenied"),
    }
}

/// The response of `CreateTokenWithIAM`.
pub fn token(context: &str) -> String {
    json!({
        "accessToken": "an-access-token", "tokenType": "Bearer", "expiresIn": 3600, "idToken": "their-id-token",
        "issuedTokenType": "urn:ietf:params:oauth:token-type:access_token",
        "scope": ["s3:access_grants:read_write", "openid", "aws", "sts:identity_context"],
        "awsAdditionalDetails": { "identityContext": context },
    })
    .to_string()
}

/// The response of `AssumeRole`: a session for `user`.
pub fn session(user: &str) -> String {
    let credentials = credentials(&format!("CONTEXT-{user}"), EXPIRES);
    format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>{credentials}\
         <AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/my-data-person/x\
         </Arn></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>"
    )
}

fn credentials(key: &str, expires: &str) -> String {
    with_parts([key, &format!("secret-of-{key}"), &format!("token-of-{key}")], expires)
}

fn with_parts([key, secret, token]: [&str; 3], expires: &str) -> String {
    format!(
        "<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>\
         <SessionToken>{token}</SessionToken><Expiration>{expires}</Expiration></Credentials>"
    )
}

/// A page of `ListCallerAccessGrants`: scopes and permissions.
pub fn grants(grants: &[(&str, &str)], next: Option<&str>) -> String {
    let entries = grants.iter().map(|(scope, permission)| {
        format!(
            "<AccessGrant><Permission>{permission}</Permission><GrantScope>{scope}</GrantScope>\
             <ApplicationArn>ALL</ApplicationArn></AccessGrant>"
        )
    });
    let next = next.map(|next| format!("<NextToken>{next}</NextToken>")).unwrap_or_default();
    format!(
        "<ListCallerAccessGrantsResult>{next}<CallerAccessGrantsList>{}</CallerAccessGrantsList>\
         </ListCallerAccessGrantsResult>",
        entries.collect::<String>()
    )
}

/// The response of `GetDataAccess`: credentials of `user`, because of a grant to this grantee.
pub fn data_access(user: &str, grantee_type: &str, grantee: &str) -> String {
    vended(&credentials(&format!("DATA-{user}"), EXPIRES), grantee_type, grantee)
}

/// The response of `GetDataAccess` to the directory user `user`: access key, secret and session token.
pub fn data_access_with(parts: [&str; 3], user: &str) -> String {
    vended(&with_parts(parts, EXPIRES), "DIRECTORY_USER", user)
}

fn vended(credentials: &str, grantee_type: &str, grantee: &str) -> String {
    format!(
        "<GetDataAccessResult>{credentials}<MatchedGrantTarget>s3://bucket/*</MatchedGrantTarget><Grantee>\
         <GranteeType>{grantee_type}</GranteeType><GranteeIdentifier>{grantee}</GranteeIdentifier></Grantee>\
         </GetDataAccessResult>"
    )
}

/// A page of `ListObjectsV2`. The names are encoded already.
pub fn listing(documents: &[(&str, u64)], folders: &[&str], next: Option<&str>) -> String {
    let documents = documents.iter().map(|(key, size)| {
        format!("<Contents><Key>{key}</Key><LastModified>2026-11-20T08:30:00.000Z</LastModified><Size>{size}</Size></Contents>")
    });
    let folders = folders.iter().map(|folder| format!("<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>"));
    let next = next.map(|next| format!("<NextContinuationToken>{next}</NextContinuationToken>")).unwrap_or_default();
    format!(
        "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket</Name><IsTruncated>{}</IsTruncated>\
         <EncodingType>url</EncodingType>{next}{}{}</ListBucketResult>",
        !next.is_empty(),
        documents.collect::<String>(),
        folders.collect::<String>(),
    )
}

fn document(content: Vec<u8>) -> Response {
    let headers = [
        ("content-length", content.len().to_string()),
        ("content-type", "application/pdf".to_owned()),
        ("etag", "\"tag\"".to_owned()),
        ("last-modified", "Fri, 20 Nov 2026 08:30:00 GMT".to_owned()),
    ];
    in_parts(200, &headers, vec![content], false)
}

fn ok(call: Call, body: String) -> Response {
    let media_type = if call == Call::CreateToken { "application/json" } else { "text/xml" };
    ([(header::CONTENT_TYPE, media_type)], body).into_response()
}

fn error(call: Call, status: u16, code: &'static str) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    let inner = format!("<Code>{code}</Code><Message>names someone</Message>");
    match call {
        Call::CreateToken => {
            let body = json!({ "error": "an_error", "error_description": "names someone" }).to_string();
            (status, [("x-amzn-errortype", code), ("content-type", "application/json")], body).into_response()
        }
        Call::ListObjects | Call::GetObject => (status, format!("<Error>{inner}</Error>")).into_response(),
        _ => (status, format!("<ErrorResponse><Error>{inner}</Error></ErrorResponse>")).into_response(),
    }
}
