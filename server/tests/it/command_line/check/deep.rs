//! `server check` for case workers, and `--deep`: each wrong setting makes its own line fail.

mod answers;
mod listed;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use local::aws::AwsFault;
use serde_json::Value;

use super::without_second;
use crate::{
    command_line::with_config,
    support::{
        process::{Ended, run},
        site::{Site, SiteOptions},
    },
};

const SERVER_ROLE: &str = "arn:aws:iam::123456789012:role/my-data-server";

/// Every provider that the user pool has, and case workers last.
async fn start() -> Site {
    Site::start_with(SiteOptions { case_workers: true, all_providers: true, ..SiteOptions::default() }).await
}

/// The configuration of `site`, which tells citizens for how long backups are kept.
fn toml_of(site: &Site) -> String {
    without_second(site).to_toml().replace("[dynamodb]", "[dynamodb]\nbackup_days = 35")
}

/// Runs `check` with these arguments and `toml`.
async fn check(site: &Site, toml: &str, arguments: &[&str]) -> Ended {
    let config = site.scratch.file("check.toml", toml);
    run(with_config(&site.scratch, &[&["check"], arguments].concat(), &config)).await
}

/// The text of each line with this verdict, by its subject.
fn lines<'a>(ended: &'a Ended, verdict: &str) -> BTreeMap<&'a str, &'a str> {
    ended.stdout.lines().filter_map(|line| line.strip_prefix(verdict)?.trim_start().split_once(": ")).collect()
}

const PLAIN: [&str; 7] = [
    "app client secrets",
    "documents",
    "documents identity",
    "address token exchange",
    "address STS",
    "address Access Grants",
    "address S3",
];
const OF_DOCUMENTS: [&str; 13] = [
    "application",
    "trusted token issuer",
    "application grant",
    "actor policy",
    "access scopes",
    "assignments",
    "server role policy",
    "person role trust",
    "person role policy",
    "grants instance",
    "location roles",
    "grants to the person role",
    "grants",
];
const OF_POOL: [&str; 38] = [
    "user pool",
    "user pool registration",
    "user pool number",
    "user pool issuer",
    "user pool local users",
    "user pool protection",
    "user pool triggers",
    "user pool domain",
    "user pool firewall",
    "provider itsme in the user pool",
    "provider itsme mapping",
    "provider login_gov in the user pool",
    "provider login_gov mapping",
    "provider auth0 in the user pool",
    "provider auth0 mapping",
    "provider beyond_identity in the user pool",
    "provider beyond_identity mapping",
    "provider identity_center in the user pool",
    "provider identity_center mapping",
    "providers of the user pool",
    "app client of citizens",
    "app client of citizens flows",
    "app client of citizens scopes",
    "app client of citizens addresses",
    "app client of citizens attributes",
    "app client of citizens tokens",
    "app client of citizens secret",
    "app client of citizens pages",
    "app client of case workers",
    "app client of case workers flows",
    "app client of case workers scopes",
    "app client of case workers addresses",
    "app client of case workers attributes",
    "app client of case workers tokens",
    "app client of case workers secret",
    "app client of case workers pages",
    "table mydata-records protection",
    "table mydata-sessions protection",
];
const OF_TABLES: [&str; 8] = [
    "table mydata-records backups",
    "table mydata-records encryption",
    "table mydata-records capacity",
    "table mydata-records insights",
    "table mydata-sessions backups",
    "table mydata-sessions encryption",
    "table mydata-sessions capacity",
    "table mydata-sessions insights",
];

/// Every line of `--deep` without secrets in Secrets Manager.
fn deep() -> BTreeSet<&'static str> {
    [&OF_DOCUMENTS[..], &OF_POOL, &OF_TABLES].concat().into_iter().collect()
}

#[tokio::test]
async fn everything_is_right_at_the_stand_ins() {
    let site = start().await;
    let toml = toml_of(&site);
    for (arguments, has_deep) in
        [(&[][..], false), (&["--deep"], true), (&["--deep", "--server-role", SERVER_ROLE], true)]
    {
        let ended = check(&site, &toml, arguments).await;
        assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
        let lines = lines(&ended, "ok ");
        for subject in PLAIN {
            assert!(lines.contains_key(subject), "{subject}: {}", ended.stdout);
        }
        for subject in deep() {
            assert_eq!(lines.contains_key(subject), has_deep, "{subject}: {}", ended.stdout);
        }
        assert!(
            !ended.stdout.contains("note") && !ended.stdout.contains("not compared: the server's"),
            "{}",
            ended.stdout
        );
        let secret = &site.settings().workforce.client_secret;
        assert!(!ended.stdout.contains(secret.as_str()), "{}", ended.stdout);
    }
    // Plain checks read no settings.
    assert!(site.aws().calls()["DescribeApplication"] == 2, "{:?}", site.aws().calls());
}

#[tokio::test]
async fn each_wrong_setting_makes_its_own_line_fail() {
    let site = start().await;
    let toml = toml_of(&site);
    for (fault, subject, fixes) in [
        (
            AwsFault::IssuerDiffers,
            "trusted token issuer",
            &["without a slash at the end", "infra/identity-center.sh"][..],
        ),
        (AwsFault::AudienceNotAuthorised, "application grant", &["providers.4.client.client_id", "--client-id"]),
        (AwsFault::NotAssigned, "assignments", &["assign the group of case workers"]),
        (AwsFault::NotInActorPolicy, "actor policy", &["--server-role-arn", SERVER_ROLE]),
        (AwsFault::UnknownApplication, "application", &["documents.application_arn"]),
        (AwsFault::OtherRegion, "application", &["documents.region"]),
        (AwsFault::InvalidScope, "access scopes", &["s3:access_grants:read_write"]),
        (AwsFault::NoIdentityContext, "access scopes", &["infra/identity-center.sh"]),
        (AwsFault::ExchangeNotAllowed, "server role policy", &["sso-oauth:CreateTokenWithIAM", "ServerPolicyArn"]),
        (AwsFault::CredentialsRefused, "documents identity", &["InvalidClientTokenId", "AWS_PROFILE"]),
        (AwsFault::TrustWithoutSetContext, "person role trust", &["sts:SetContext", "infra/identity-center.yaml"]),
        (AwsFault::GrantsNotAllowed, "person role policy", &["s3:ListCallerAccessGrants and s3:GetDataAccess"]),
        (AwsFault::NoGrants, "location roles", &["role/my-data-location", "sts:SetContext"]),
        (AwsFault::DataAccessDenied, "location roles", &["sts:AssumeRole"]),
        (AwsFault::IamGrantee, "grants to the person role", &["delete-access-grant"]),
        (AwsFault::AnotherGrantee, "provider identity_center mapping", &["custom:eid", "idcenterid"]),
    ] {
        site.aws().misbehave(fault);
        let ended = check(&site, &toml, &["--deep"]).await;
        assert_eq!(ended.code, Some(1), "{fault:?}: {}", ended.stdout);
        let failed = lines(&ended, "FAIL");
        assert_eq!(failed.keys().collect::<Vec<_>>(), [&subject], "{fault:?}: {}", ended.stdout);
        for fix in fixes {
            assert!(failed[subject].contains(fix), "{fault:?}: {fix} is not in {}", failed[subject]);
        }
    }
}

#[tokio::test]
async fn grants_for_another_application_or_none_at_all_are_told_apart() {
    let site = start().await;
    let toml = toml_of(&site);
    let grants = site.aws().grants();
    for (id, _) in &grants {
        assert!(site.aws().revoke(id));
    }
    let ended = check(&site, &toml, &["--deep"]).await;
    assert!(lines(&ended, "FAIL")["grants"].starts_with("no person and no group has a grant"), "{}", ended.stdout);
    let mut other = grants[0].1.clone();
    other.application =
        local::aws::Application::Only("arn:aws:sso::123456789012:application/ssoins-1/apl-9".to_owned());
    site.aws().grant(other);
    let ended = check(&site, &toml, &["--deep"]).await;
    assert!(lines(&ended, "FAIL")["grants"].contains("are all for other applications"), "{}", ended.stdout);
    assert_eq!(lines(&ended, "FAIL").len(), 1, "{}", ended.stdout);
}

#[tokio::test]
async fn without_rights_each_line_names_the_right_that_is_missing() {
    let site = start().await;
    let toml = toml_of(&site);
    site.aws().misbehave(AwsFault::OperatorNotAllowed);
    let ended = check(&site, &toml, &["--deep"]).await;
    let failed = lines(&ended, "FAIL");
    let expected = [
        ("application", "sso:DescribeApplication"),
        ("trusted token issuer", "sso:ListTrustedTokenIssuers"),
        ("application grant", "sso:GetApplicationGrant"),
        ("actor policy", "sso:GetApplicationAuthenticationMethod"),
        ("access scopes", "sso:ListApplicationAccessScopes"),
        ("assignments", "sso:GetApplicationAssignmentConfiguration"),
        ("server role policy", "iam:"),
        ("person role trust", "iam:GetRole"),
        ("person role policy", "iam:SimulatePrincipalPolicy"),
        ("grants instance", "s3:GetAccessGrantsInstance"),
        ("location roles", "s3:ListAccessGrantsLocations"),
        ("grants to the person role", "s3:ListAccessGrants"),
        ("grants", "s3:ListAccessGrants"),
        // What they cannot describe has one line.
        ("user pool", "cognito-idp:DescribeUserPool"),
        ("table mydata-records protection", "dynamodb:DescribeTable"),
        ("table mydata-sessions protection", "dynamodb:DescribeTable"),
    ];
    let subjects = expected.iter().map(|(subject, _)| *subject).collect();
    assert_eq!(failed.keys().copied().collect::<BTreeSet<_>>(), subjects, "{}", ended.stdout);
    for (subject, right) in expected {
        let text = failed[subject];
        assert!(text.contains(&format!("these credentials may not call {right}")), "{subject}: {text}");
    }
}

#[tokio::test]
async fn the_server_may_run_as_another_role_than_the_operator() {
    let site = start().await;
    let toml = toml_of(&site);
    let other = "arn:aws:iam::123456789012:role/another";
    let ended = check(&site, &toml, &["--deep", "--server-role", other]).await;
    let failed = lines(&ended, "FAIL");
    assert_eq!(
        failed.keys().copied().collect::<Vec<_>>(),
        ["actor policy", "person role trust", "server role policy"],
        "{}",
        ended.stdout
    );
    assert!(failed.values().all(|text| text.contains(other)), "{}", ended.stdout);
    let ended = check(&site, &toml, &["--server-role", other]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
}

#[tokio::test]
async fn wrong_settings_of_the_configuration_are_named() {
    let site = start().await;
    let toml = toml_of(&site);
    let workforce = &site.settings().workforce;
    for (from, to, expected) in [
        ("apl-2222222222222222", "apl-3333333333333333", &[("application", "documents.application_arn")][..]),
        (
            "role/my-data-person",
            "role/my-data-persons",
            &[
                ("person role trust", "compare documents.role_arn"),
                ("person role policy", "no role"),
                ("server role policy", "sts:AssumeRole and sts:SetContext"),
            ],
        ),
        (
            workforce.client_id.as_str(),
            "7p1anotherclient",
            &[
                ("application grant", "7p1anotherclient"),
                ("app client of case workers", "no app client 7p1anotherclient"),
                ("app client secrets", "providers.4.client (7p1anotherclient)"),
                ("provider identity_center", "providers.4.client.client_id"),
            ],
        ),
        (
            workforce.client_secret.as_str(),
            "another",
            &[("app client secrets", "rejects this client"), ("app client of case workers secret", "replace it")],
        ),
        (site.aws().s3_url().leak(), "http://127.0.0.1:1", &[("address S3", "documents.s3_endpoint_url")]),
    ] {
        let changed = toml.replace(from, to);
        assert_ne!(changed, toml);
        let ended = check(&site, &changed, &["--deep"]).await;
        let failed = lines(&ended, "FAIL");
        let subjects: BTreeSet<_> = expected.iter().map(|(subject, _)| *subject).collect();
        assert_eq!(failed.keys().copied().collect::<BTreeSet<_>>(), subjects, "{to}: {}", ended.stdout);
        for (subject, fix) in expected {
            assert!(failed[subject].contains(fix), "{subject}: {}", failed[subject]);
        }
    }
}

#[tokio::test]
async fn programs_get_one_object_for_each_check() {
    let site = start().await;
    let toml = toml_of(&site);
    site.aws().misbehave(AwsFault::NotAssigned);
    let ended = check(&site, &toml, &["--deep", "--json"]).await;
    assert_eq!(ended.code, Some(1));
    let objects: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(objects.len() > PLAIN.len() + deep().len());
    for object in &objects {
        assert_eq!(object.as_object().unwrap().len(), 3, "{object}");
        assert!(object["subject"].is_string() && object["text"].is_string());
        assert_eq!(object["ok"], object["subject"] != "assignments", "{object}");
    }
}
