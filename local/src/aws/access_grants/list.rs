//! ListCallerAccessGrants: what the person and the person's groups have been granted.

use super::{Account, AwsFault, Fail, Person, Query};
use crate::aws::xml;
use crate::random;

/// AWS's largest page.
const MAX_RESULTS: usize = 1_000;

/// A page of the person's grants, as XML.
pub(super) fn list(account: &Account, person: Option<Person>, query: &Query) -> Result<String, Fail> {
    let size = query.number("maxResults", MAX_RESULTS)?.unwrap_or(MAX_RESULTS).min(account.grants_per_page);
    let start = match query.get("nextToken").filter(|token| !token.is_empty()) {
        Some(token) => {
            position(token).ok_or_else(|| Fail::bad("InvalidToken", "The token for the next page is not valid."))?
        }
        None => 0,
    };
    let only_allowed = query.get("allowedByApplication") == Some("true");
    let fragment = query.get("grantscope").unwrap_or_default();
    let mut grants = person.as_ref().map(|person| account.grants.of(person)).unwrap_or_default();
    grants.retain(|grant| grant.scope.contains(fragment) && (!only_allowed || grant.application.is_ours()));
    if account.switch.get() == Some(AwsFault::NoGrants) {
        grants.clear();
    }
    let entries: String = grants
        .iter()
        .skip(start)
        .take(size)
        .map(|grant| {
            let entry = xml::text("Permission", grant.permission.name())
                + &xml::text("GrantScope", &grant.scope)
                + &xml::text("ApplicationArn", grant.application.name());
            xml::parent("AccessGrant", &entry)
        })
        .collect();
    let end = start + size;
    let next = if end < grants.len() { xml::text("NextToken", &token(end)) } else { String::new() };
    if let Some(person) = &person {
        account.calls.record("ListCallerAccessGrants", &person.user_id, None);
    }
    let inner = next + &xml::parent("CallerAccessGrantsList", &entries);
    Ok(xml::document("ListCallerAccessGrantsResult", None, &inner))
}

/// The token for the page that starts here. It is opaque to callers.
fn token(start: usize) -> String {
    random::base64url(format!("grants from {start}").as_bytes())
}

fn position(token: &str) -> Option<usize> {
    String::from_utf8(random::from_base64url(token)?).ok()?.strip_prefix("grants from ")?.parse().ok()
}
