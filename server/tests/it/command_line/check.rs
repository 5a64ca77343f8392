mod bridge;
mod deep;
mod permissions;
mod provider;

use std::collections::{BTreeMap, BTreeSet};

use testkit::Example;

use super::{assert_ended, with_config};
use crate::support::{
    fake_pool::FakePool,
    line,
    process::{Ended, run},
    site::{Site, SiteOptions},
};

/// The configuration of `site` without the provider `second`, which the user pool does not have.
pub(super) fn without_second(site: &Site) -> Example {
    let known = site.providers.iter().filter(|provider| provider.id != "second");
    site.example.clone().providers(known.cloned())
}

/// Runs `check` with `toml`. It passes, with a line for each of these subjects.
async fn assert_passes(site: &Site, toml: &str, subjects: &[&str]) -> Ended {
    let config = site.scratch.file("check.toml", toml);
    let ended = run(with_config(&site.scratch, &["check"], &config)).await;
    assert!(!ended.stdout.contains("FAIL"), "{}", ended.stdout);
    assert_ended(&ended, 0, &[]);
    for subject in subjects {
        assert!(ended.stdout.contains(&format!("ok    {subject}: ")), "{subject} is not in {}", ended.stdout);
    }
    ended
}

#[tokio::test]
async fn check_passes_if_everything_works() {
    let site = Site::start().await;
    let subjects = [
        "configuration",
        "trusted_proxies",
        "site",
        "security log",
        "table mydata-records",
        "table mydata-sessions",
        "clock",
        "discovery",
        "signing keys",
        "app client",
        "provider itsme",
    ];
    assert_passes(&site, &without_second(&site).to_toml(), &subjects).await;
}

/// Failed checks by subject, with the problem and how to fix it.
fn failed(ended: &Ended) -> BTreeMap<&str, &str> {
    ended.stdout.lines().filter_map(|line| line.strip_prefix("FAIL  ")?.split_once(": ")).collect()
}

/// Runs `check` with `toml`. It fails for exactly these subjects, each with its fix.
async fn assert_fails(site: &Site, toml: &str, expected: &[(&str, &str)]) -> Ended {
    let config = site.scratch.file("check.toml", toml);
    let ended = run(with_config(&site.scratch, &["check"], &config)).await;
    assert_ended(&ended, 1, &[&format!("{} of ", expected.len()), "checks failed"]);
    let failed = failed(&ended);
    let subjects: BTreeSet<_> = failed.keys().copied().collect();
    assert_eq!(subjects, expected.iter().map(|(subject, _)| *subject).collect(), "{}", ended.stdout);
    for (subject, fix) in expected {
        assert!(failed[subject].contains(fix), "{subject}: {}", failed[subject]);
    }
    ended
}

#[tokio::test]
async fn check_says_what_is_missing_and_how_to_fix_it() {
    let site = Site::start().await;
    let others = "[dynamodb]\nrecords_table = \"not-made-a\"\nsessions_table = \"not-made-b\"";
    let whole = without_second(&site).to_toml();
    let toml = whole.replace("[dynamodb]", others);
    let expected = [
        ("table not-made-a", "server create-tables"),
        ("table not-made-b", "server create-tables"),
        ("permissions not-made-a", "not-made-a"),
        ("permissions not-made-b", "not-made-b"),
    ];
    assert_fails(&site, &toml, &expected).await;

    let toml = whole.replace(&site.scratch.site_root().display().to_string(), "/nowhere");
    assert_fails(&site, &toml, &[("site", "make release")]).await;

    let toml = format!("{whole}\n[log]\nsecurity = \"/nowhere/security.log\"\n");
    assert_fails(&site, &toml, &[("security log", "log.security: /nowhere/security.log cannot be opened")]).await;

    site.line.set(line::State::Cut);
    let expected = [
        ("table mydata-records", "dynamodb.endpoint_url"),
        ("table mydata-sessions", "dynamodb.endpoint_url"),
        ("permissions mydata-records", "unreachable"),
        ("permissions mydata-sessions", "unreachable"),
    ];
    assert_fails(&site, &whole, &expected).await;
}

#[tokio::test]
async fn check_leaves_nothing_behind() {
    let site = Site::start().await;
    assert_passes(&site, &without_second(&site).to_toml(), &[]).await;
    assert!(site.records().await.is_empty() && site.sessions().await.is_empty());
}

#[tokio::test]
async fn check_finds_a_user_pool_that_is_down_or_another_one() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    pool.set_line(line::State::Cut);
    let expected = [
        ("clock", "not compared"),
        ("discovery", "check cognito.region, cognito.user_pool_id"),
        ("signing keys", "unavailable"),
        ("app client", "cannot reach the token endpoint"),
        ("provider itsme", "check cognito.domain"),
        ("provider second", "check cognito.domain"),
    ];
    assert_fails(&site, &site.toml, &expected).await;

    let site = Site::start().await;
    let (issuer, domain) = (&site.settings().issuer, &site.settings().domain_url);
    let whole = without_second(&site).to_toml();
    let toml = whole.replace(issuer, &format!("{domain}/eu-west-1_Other"));
    assert_ne!(toml, whole);
    let expected = [("clock", "not compared"), ("discovery", "cognito.user_pool_id"), ("signing keys", "unavailable")];
    assert_fails(&site, &toml, &expected).await;

    // A user pool may have two domains: a domain other than the discovered one is only noted.
    let another = Site::start().await;
    let toml = whole
        .replace(&format!("domain_url = \"{domain}\""), &format!("domain_url = \"{}\"", another.settings().domain_url));
    assert_ne!(toml, whole);
    let ended = assert_fails(&site, &toml, &[("provider itsme", "a callback URL")]).await;
    let line = ended.stdout.lines().find(|line| line.starts_with("ok    discovery: ")).unwrap();
    assert!(line.contains("a domain other than cognito.domain"), "{line}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn check_compares_the_trusted_proxies_with_the_connected_peers() {
    let site = Site::start().await;
    let listening = without_second(&site).listen(&site.address.to_string());
    for (trusted, found) in [
        (&[][..], "peers 127.0.0.1 are not in trusted_proxies"),
        (&["127.0.0.0/8"], "all peers are in trusted_proxies (1)"),
    ] {
        let _connected = tokio::net::TcpStream::connect(site.address).await.unwrap();
        let toml = listening.clone().trusted_proxies(trusted).to_toml();
        let ended = assert_passes(&site, &toml, &["trusted_proxies"]).await;
        assert!(ended.stdout.contains(&format!("ok    trusted_proxies: {found}")), "{}", ended.stdout);
    }
}
