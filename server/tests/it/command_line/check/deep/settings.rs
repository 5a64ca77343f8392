//! Wrong settings of the user pool, the tables and the secrets: each makes exactly its own lines fail, or is noted.

use std::collections::{BTreeMap, BTreeSet};

use local::aws::{AwsFault, WRONG_SETTINGS, WrongSetting};
use testkit::example::PSEUDONYM_KEY;

use super::{OF_POOL, OF_TABLES, check, lines, start, toml_of};
use crate::{
    command_line::{check::without_second, with_config},
    support::{
        process::{Ended, run},
        site::{Site, SiteOptions},
    },
};

const KEY_ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pseudonym-AbCdEf";
const SESSION_ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:session-AbCdEf";

/// Each wrong setting: the lines that it concerns, and what they say.
const FAILS: &[Row] = &[
    ("pool-unknown", &["user pool"], "compare cognito.user_pool_id"),
    ("pool-registration-open", &["user pool registration"], "set AdminCreateUserConfig.AllowAdminCreateUserOnly"),
    ("pool-clients-register-openly", &["user pool registration"], "anyone can register an app client"),
    ("pool-clients-register-with-token", &["user pool registration"], "set DcrConfiguration.EnableStatus to Disabled"),
    ("pool-clients-by-document", &["user pool registration"], "delete the CIMD policies"),
    ("pool-number-immutable", &["user pool number"], "custom:eid is immutable"),
    ("pool-number-required", &["user pool number"], "custom:eid is required"),
    ("pool-number-no-text", &["user pool number"], "has the type Number"),
    ("pool-number-short", &["user pool number"], "holds 11 characters at most"),
    ("pool-issuer-updated", &["user pool issuer"], "set cognito.issuer"),
    ("pool-plan-lite", &["user pool domain"], "set UserPoolTier"),
    ("pool-unprotected", &["user pool protection"], "set DeletionProtection to ACTIVE"),
    ("pool-one-time-codes", &["user pool local users"], "allows EMAIL_OTP"),
    ("pool-recovery-by-mail", &["user pool local users"], "leave only admin_only"),
    ("pool-alias-by-name", &["user pool local users"], "AliasAttributes has preferred_username"),
    ("pool-attribute-immutable", &["provider itsme mapping"], "gender is immutable"),
    ("pool-attribute-required", &["provider beyond_identity mapping", "provider login_gov mapping"], "requires name"),
    ("pool-without-domain", &["user pool domain"], "has no domain"),
    ("domain-of-another-pool", &["user pool domain"], "eu-west-1_Another"),
    ("domain-failed", &["user pool domain"], "is FAILED"),
    ("client-without-branding", &["app client of citizens pages"], "create-managed-login-branding"),
    ("firewall-missing", &["user pool firewall"], "has no web ACL"),
    ("firewall-empty", &["user pool firewall"], "has no rules"),
    ("client-unknown", &["app client of citizens"], "compare cognito.user_pool_web_client_id"),
    ("client-of-local-users", &["app client of citizens"], "COGNITO can sign in too"),
    ("client-without-providers", &["app client of citizens"], "add it to SupportedIdentityProviders"),
    ("client-with-passwords", &["app client of citizens flows"], "allows ALLOW_USER_PASSWORD_AUTH"),
    ("client-with-default-flows", &["app client of citizens flows"], "allows the default flows"),
    ("client-implicit", &["app client of citizens flows"], "code, implicit: leave only code"),
    ("client-tells-who-exists", &["app client of citizens flows"], "set ENABLED"),
    ("client-changes-numbers", &["app client of citizens scopes"], "people can change custom:eid"),
    ("client-lacks-scope", &["app client of citizens scopes"], "lacks email, profile"),
    ("client-callback-differs", &["app client of citizens addresses"], "CallbackURLs lacks"),
    ("client-callback-of-another", &["app client of citizens addresses"], "has http://localhost:3000 too"),
    ("client-logout-missing", &["app client of citizens addresses"], "LogoutURLs lacks"),
    ("client-cannot-write-number", &["app client of citizens attributes"], "WriteAttributes lacks custom:eid"),
    ("client-cannot-write-mapped", &["app client of citizens attributes"], "given_name"),
    ("client-cannot-read-number", &["app client of citizens attributes"], "ReadAttributes lacks custom:eid"),
    ("client-long-tokens", &["app client of citizens tokens"], "IdTokenValidity is 1440 minutes"),
    ("client-without-units", &["app client of citizens tokens"], "AccessTokenValidity is 300 minutes"),
    ("client-without-revocation", &["app client of citizens tokens"], "EnableTokenRevocation is false"),
    ("client-secret-unexpected", &["app client of citizens secret"], "set cognito.client_secret_arn"),
    ("client-secret-rotated", &["app client of case workers secret"], "every 7 days"),
    ("client-secret-differs", &["app client of case workers secret"], "is not the secret of the app client"),
    ("client-secret-missing", &["app client of case workers secret"], "is a public one"),
    ("case-workers-with-citizens", &["app client of case workers"], "itsme can sign in too"),
    ("case-workers-refresh-rotates", &["app client of case workers tokens"], "RefreshTokenRotation is on"),
    ("case-workers-refresh-short", &["app client of case workers tokens"], "before session.absolute_minutes (480)"),
    ("provider-unknown", &["provider itsme in the user pool"], "compare providers.0.name"),
    ("provider-type", &["provider auth0 in the user pool"], "is of the type SAML"),
    ("provider-issuer", &["provider auth0 in the user pool"], "(providers.2.issuer)"),
    ("provider-client-id", &["provider beyond_identity in the user pool"], "(providers.3.client_id)"),
    ("provider-without-openid", &["provider auth0 in the user pool"], "lacks openid"),
    ("provider-without-service", &["provider itsme in the user pool"], "lacks service:CODE"),
    ("provider-method", &["provider auth0 in the user pool"], "set GET or POST"),
    ("provider-at-a-bridge", &["provider auth0 in the user pool"], "token_url is not an https address"),
    ("provider-number-unmapped", &["provider itsme mapping"], "custom:eid is not mapped"),
    ("provider-number-from-sub", &["provider itsme mapping"], "map http://itsme.services/v2/claim/BENationalNumber"),
    ("provider-number-from-mail", &["provider auth0 mapping"], "which can change"),
    ("provider-attribute-unknown", &["app client of citizens attributes", "provider auth0 mapping"], "custom:team"),
    ("provider-not-asked-for", &["provider itsme mapping"], "authorize_scopes lacks phone"),
    ("provider-unsolicited", &["provider identity_center in the user pool"], "set it to false"),
    ("bridge-bypassed", &["provider login_gov in the user pool"], "token_url is https://idp.int.identitysandbox.gov"),
    ("bridge-keys", &["provider login_gov in the user pool"], "(providers.1.bridge.jwks_uri)"),
    ("bridge-secret", &["provider login_gov in the user pool"], "client_secret is not that of the bridge"),
    ("bridge-attributes", &["provider login_gov in the user pool"], "attributes_url is https://mydata.example"),
    ("table-unknown", &["table mydata-records protection"], "there is no such table"),
    ("table-unprotected", &["table mydata-sessions protection"], "set DeletionProtectionEnabled"),
    ("table-without-backups", &["table mydata-records backups"], "point-in-time recovery is off"),
    ("table-backups-short", &["table mydata-records backups"], "for 7 days only, but citizens are told 35"),
    ("table-without-key", &["table mydata-records encryption"], "one that AWS owns"),
    ("table-provisioned", &["table mydata-records capacity"], "set BillingMode"),
    ("table-without-ceiling", &["table mydata-records capacity"], "set OnDemandThroughput"),
    ("index-ceiling-lower", &["table mydata-sessions capacity"], "MaxWriteRequestUnits of the index by_citizen"),
    ("table-without-insights", &["table mydata-sessions insights"], "they are DISABLED"),
    ("key-of-aws", &["table mydata-records encryption", "table mydata-sessions encryption"], "one that AWS manages"),
    (
        "key-ends",
        &[
            "table mydata-records encryption",
            "table mydata-sessions encryption",
            "secret pseudonym.key_secret_arn",
            "secret keys.session_secret_arns.0",
        ],
        "is PendingDeletion",
    ),
    ("secret-unknown", &["secret pseudonym.key_secret_arn"], "no such secret in eu-west-1"),
    ("secret-ends", &["secret pseudonym.key_secret_arn"], "restore-secret"),
    ("secret-rotates", &["secret keys.session_secret_arns.0"], "cancel-rotate-secret"),
];

type Row = (&'static str, &'static [&'static str], &'static str);

/// The rows, with those together that have no line in common, and none that hides others. Each run takes a second.
fn batches() -> Vec<Vec<Row>> {
    let mut batches: Vec<Vec<Row>> = Vec::new();
    for row @ (name, subjects, _) in FAILS.iter().copied() {
        let hides = |name: &str| WrongSetting::find(name).unwrap().hides_others();
        let fits = |batch: &&mut Vec<Row>| {
            batch.iter().all(|(other, taken, _)| !hides(other) && taken.iter().all(|line| !subjects.contains(line)))
        };
        match batches.iter_mut().find(fits).filter(|_| !hides(name)) {
            Some(batch) => batch.push(row),
            None => batches.push(vec![row]),
        }
    }
    batches
}

/// As above, but nothing fails.
const NOTED: &[(&str, &str, &str)] = &[
    ("pool-trigger", "user pool triggers", "PreTokenGeneration can change claims"),
    ("domain-classic", "user pool domain", "the classic hosted UI"),
    ("client-two-secrets", "app client of case workers secret", "two secrets are accepted"),
    ("provider-more", "providers of the user pool", "it also has Google"),
    ("secret-without-key", "secret pseudonym.key_secret_arn", "its key is managed by AWS"),
];

/// Each provider's mapping, and what goes with the number.
const WITHOUT_NUMBER: &str = "pool-without-number";

/// The configuration of `site`, with its keys in Secrets Manager.
fn toml_with_secrets(site: &Site) -> String {
    site.aws().put_secret(KEY_ARN, PSEUDONYM_KEY);
    site.aws().put_secret(SESSION_ARN, "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=");
    let toml = toml_of(site).replace(&format!("key = \"{PSEUDONYM_KEY}\""), &format!("key_secret_arn = \"{KEY_ARN}\""));
    format!("{toml}\n[keys]\nsession_secret_arns = [\"{SESSION_ARN}\"]\n")
}

/// Runs `check --deep` where AWS's variables say that its services are at the stand-in.
async fn check_at_variables(site: &Site, toml: &str, services: &[&str]) -> Ended {
    let config = site.scratch.file("check.toml", toml);
    let mut command = with_config(&site.scratch, &["check", "--deep"], &config);
    for service in services {
        command.env(format!("AWS_ENDPOINT_URL_{service}"), site.aws().admin_url());
    }
    run(command).await
}

#[tokio::test]
async fn each_wrong_setting_makes_exactly_its_own_lines_fail() {
    let site = start().await;
    let toml = toml_with_secrets(&site);
    let right = check_at_variables(&site, &toml, &["SECRETS_MANAGER"]).await;
    assert!(right.code == Some(0) && !right.stdout.contains("note"), "{}{}", right.stdout, right.stderr);
    for batch in batches() {
        site.aws().set_wrong(batch.iter().map(|(name, ..)| WrongSetting::find(name).unwrap()));
        let names: Vec<_> = batch.iter().map(|(name, ..)| *name).collect();
        let ended = check_at_variables(&site, &toml, &["SECRETS_MANAGER"]).await;
        let failed = lines(&ended, "FAIL");
        let expected: BTreeSet<_> = batch.iter().flat_map(|(_, subjects, _)| subjects.iter().copied()).collect();
        assert_eq!(failed.keys().copied().collect::<BTreeSet<_>>(), expected, "{names:?}: {}", ended.stdout);
        for (name, subjects, text) in batch {
            assert!(
                subjects.iter().all(|subject| failed[subject].contains(text)),
                "{name}: {text} is not in {failed:?}"
            );
        }
        assert_no_secret(&site, &ended);
    }
    site.aws().set_wrong(NOTED.iter().map(|(name, ..)| WrongSetting::find(name).unwrap()));
    let ended = check_at_variables(&site, &toml, &["SECRETS_MANAGER"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    let found = lines(&ended, "ok ");
    let noted: BTreeMap<_, _> = found.into_iter().filter(|(_, found)| found.contains("note: ")).collect();
    let subjects: BTreeSet<_> = NOTED.iter().map(|(_, subject, _)| *subject).collect();
    assert_eq!(noted.keys().copied().collect::<BTreeSet<_>>(), subjects, "{}", ended.stdout);
    for (name, subject, text) in NOTED {
        assert!(noted[subject].contains(text), "{name}: {noted:?}");
    }
    site.aws().set_wrong(WrongSetting::find(WITHOUT_NUMBER));
    let ended = check_at_variables(&site, &toml, &["SECRETS_MANAGER"]).await;
    assert!(
        lines(&ended, "FAIL")["user pool number"].contains("has no attribute custom:eid: add it"),
        "{}",
        ended.stdout
    );
}

/// No secret of any party is printed.
fn assert_no_secret(site: &Site, ended: &Ended) {
    let bridge = site.settings().provider("login_gov").unwrap().bridge.as_ref().unwrap();
    let secrets = [
        site.settings().workforce.client_secret.as_str(),
        &bridge.client_secret,
        PSEUDONYM_KEY,
        "51g0sm8vq2example",
        "changed-at-one-side",
    ];
    for secret in secrets {
        assert!(!ended.stdout.contains(secret) && !ended.stderr.contains(secret), "{}", ended.stdout);
    }
}

#[test]
fn every_wrong_setting_has_a_row() {
    let mut rows: Vec<_> = FAILS.iter().map(|row| row.0).chain(NOTED.iter().map(|row| row.0)).collect();
    rows.push(WITHOUT_NUMBER);
    let all: BTreeSet<_> = WRONG_SETTINGS.iter().map(|wrong| wrong.name).collect();
    assert_eq!(rows.len(), all.len());
    assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), all);
}

/// Without case workers, there is no address for administration in the configuration.
#[tokio::test]
async fn the_variables_of_the_sdks_say_where_aws_is() {
    let site = Site::start_with(SiteOptions { all_providers: true, ..SiteOptions::default() }).await;
    let toml = without_second(&site).to_toml();
    let services = ["COGNITO_IDENTITY_PROVIDER", "WAFV2", "DYNAMODB", "KMS"];
    let ended = check_at_variables(&site, &toml, &services).await;
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    let found = lines(&ended, "ok ");
    for subject in OF_POOL.iter().chain(&OF_TABLES) {
        let is_of_case_workers = subject.contains("case workers") || subject.contains("identity_center");
        assert_eq!(found.contains_key(subject), !is_of_case_workers, "{subject}: {}", ended.stdout);
    }
    assert!(found["providers of the user pool"].contains("it also has IAMIdentityCenter"), "{}", ended.stdout);
    assert!(found["table mydata-records backups"].contains("set dynamodb.backup_days"), "{}", ended.stdout);
    assert!(!found.contains_key("application") && !found.contains_key("documents identity"), "{}", ended.stdout);

    let config = site.scratch.file("check.toml", &toml);
    let mut command = with_config(&site.scratch, &["check", "--deep"], &config);
    command.env("AWS_ENDPOINT_URL", "http://10.0.0.1:4566");
    let ended = run(command).await;
    assert!(lines(&ended, "FAIL")["deep"].contains("AWS_ENDPOINT_URL is not an https address"), "{}", ended.stdout);
    assert!(check(&site, &toml, &[]).await.code == Some(0));
}

#[tokio::test]
async fn a_secret_that_the_role_may_not_read_names_the_right() {
    let site = start().await;
    let toml = toml_with_secrets(&site);
    site.aws().misbehave(AwsFault::OperatorNotAllowed);
    let ended = check_at_variables(&site, &toml, &["SECRETS_MANAGER"]).await;
    let failed = lines(&ended, "FAIL");
    for subject in ["pseudonym key", "session keys"] {
        assert!(failed[subject].contains("allow it secretsmanager:GetSecretValue"), "{subject}: {}", ended.stdout);
    }
    for subject in ["secret pseudonym.key_secret_arn", "secret keys.session_secret_arns.0"] {
        assert!(failed[subject].contains("may not call secretsmanager:DescribeSecret"), "{subject}: {}", ended.stdout);
    }
}
