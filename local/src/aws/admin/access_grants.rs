//! S3 Access Grants: GetAccessGrantsInstance, ListAccessGrantsLocations and ListAccessGrants.

use axum::http::request::Parts;
use axum::http::{Method, StatusCode};

use crate::aws::access_grants::{INSTANCE, check_headers};
use crate::aws::account::Account;
use crate::aws::fail::Fail;
use crate::aws::faults::AwsFault;
use crate::aws::names::{ACCOUNT_ID, INSTANCE_ARN, LOCATION_ROLE_ARN, PERSON_ROLE_ARN, grants_instance_arn};
use crate::aws::query::Query;
use crate::aws::xml;
use crate::user_pool::REGION;

/// The identifier of the only location, the default one.
const LOCATION: &str = "default";
const CREATED: &str = "2026-11-26T00:00:00Z";
const MAX_PER_PAGE: usize = 1_000;

/// A grant, as it is listed.
struct Listed {
    id: String,
    kind: &'static str,
    grantee: String,
    scope: String,
    permission: &'static str,
    application: String,
}

pub(super) fn answer(account: &Account, parts: &Parts) -> Result<String, Fail> {
    check_headers(parts)?;
    let query = Query::parse(parts.uri.query())?;
    match (parts.method == Method::GET, parts.uri.path().strip_prefix(INSTANCE)) {
        (true, Some("")) => {
            account.calls.count("GetAccessGrantsInstance");
            let inner = xml::text("AccessGrantsInstanceArn", &grants_instance_arn())
                + &xml::text("AccessGrantsInstanceId", "default")
                + &xml::text("IdentityCenterArn", INSTANCE_ARN)
                + &xml::text("IdentityCenterInstanceArn", INSTANCE_ARN)
                + &xml::text("CreatedAt", CREATED);
            Ok(xml::document("GetAccessGrantsInstanceResult", None, &inner))
        }
        (true, Some("/locations")) => {
            account.calls.count("ListAccessGrantsLocations");
            let location = xml::text("CreatedAt", CREATED)
                + &xml::text("AccessGrantsLocationId", LOCATION)
                + &xml::text("AccessGrantsLocationArn", &arn(&format!("location/{LOCATION}")))
                + &xml::text("LocationScope", "s3://")
                + &xml::text("IAMRoleArn", LOCATION_ROLE_ARN);
            let list = xml::parent("AccessGrantsLocationsList", &xml::parent("AccessGrantsLocation", &location));
            Ok(xml::document("ListAccessGrantsLocationsResult", None, &list))
        }
        (true, Some("/grants")) => {
            account.calls.count("ListAccessGrants");
            grants(account, &query)
        }
        _ => Err(Fail::new(StatusCode::NOT_FOUND, "NoSuchResource", "The specified resource does not exist.")),
    }
}

fn arn(resource: &str) -> String {
    format!("arn:aws:s3:{REGION}:{ACCOUNT_ID}:access-grants/default/{resource}")
}

fn grants(account: &Account, query: &Query) -> Result<String, Fail> {
    let fits = |name: &str, value: &str| query.get(name).is_none_or(|wanted| wanted == value);
    let all: Vec<_> = listed(account)
        .into_iter()
        .filter(|grant| fits("granteetype", grant.kind) && fits("granteeidentifier", &grant.grantee))
        .collect();
    let size = query.number("maxResults", MAX_PER_PAGE)?.unwrap_or(MAX_PER_PAGE).max(1);
    let skipped = query.number("nextToken", usize::MAX)?.unwrap_or(0);
    let page: String = all.iter().skip(skipped).take(size).map(element).collect();
    let mut inner = String::new();
    if all.len() > skipped.saturating_add(size) {
        inner += &xml::text("NextToken", &(skipped + size).to_string());
    }
    inner += &xml::parent("AccessGrantsList", &page);
    Ok(xml::document("ListAccessGrantsResult", None, &inner))
}

fn listed(account: &Account) -> Vec<Listed> {
    let of_people = account.grants.all().into_iter().map(|(id, grant)| Listed {
        id: id.text().to_owned(),
        kind: grant.grantee.kind(),
        grantee: grant.grantee.id().to_owned(),
        permission: grant.permission.name(),
        application: grant.application.name().to_owned(),
        scope: grant.scope,
    });
    let mut all: Vec<_> = of_people.collect();
    if account.switch.get() == Some(AwsFault::IamGrantee) {
        all.push(Listed {
            id: "3f9a12c7-0000-4000-8000-000000000001".to_owned(),
            kind: "IAM",
            grantee: PERSON_ROLE_ARN.to_owned(),
            scope: "s3://fps-case-files/*".to_owned(),
            permission: "READ",
            application: "ALL".to_owned(),
        });
    }
    all
}

fn element(grant: &Listed) -> String {
    let grantee = xml::text("GranteeType", grant.kind) + &xml::text("GranteeIdentifier", &grant.grantee);
    let inner = xml::text("CreatedAt", CREATED)
        + &xml::text("AccessGrantId", &grant.id)
        + &xml::text("AccessGrantArn", &arn(&format!("grant/{}", grant.id)))
        + &xml::parent("Grantee", &grantee)
        + &xml::text("Permission", grant.permission)
        + &xml::text("AccessGrantsLocationId", LOCATION)
        + &xml::text("GrantScope", &grant.scope)
        + &xml::text("ApplicationArn", &grant.application);
    xml::parent("AccessGrant", &inner)
}
