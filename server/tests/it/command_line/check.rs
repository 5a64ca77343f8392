use std::collections::{BTreeMap, BTreeSet};

use super::{assert_ended, with_config};
use crate::support::{
    fake_pool::FakePool,
    line,
    process::{Ended, run},
    site::{Site, Wishes},
};

#[tokio::test]
async fn check_holds_where_everything_is_there() {
    let site = Site::start().await;
    let config = site.scratch.file("mydata.toml", &site.toml);
    let ended = run(with_config(&site.scratch, &["check"], &config)).await;
    assert_ended(&ended, 0, &[]);
    for subject in
        ["configuration", "site", "table mydata-records", "table mydata-sessions", "clock", "discovery", "signing keys"]
    {
        assert!(ended.stdout.contains(&format!("ok    {subject}: ")), "{subject} is not in {}", ended.stdout);
    }
    assert!(!ended.stdout.contains("FAIL"), "{}", ended.stdout);
}

/// What failed, each with what is wrong and its mend.
fn failed(ended: &Ended) -> BTreeMap<&str, &str> {
    ended.stdout.lines().filter_map(|line| line.strip_prefix("FAIL  ")?.split_once(": ")).collect()
}

/// Runs `check` with `toml`: it fails, for these subjects, each with its mend.
async fn assert_fails(site: &Site, toml: &str, expected: &[(&str, &str)]) {
    let config = site.scratch.file("check.toml", toml);
    let ended = run(with_config(&site.scratch, &["check"], &config)).await;
    assert_ended(&ended, 1, &[&format!("{} of ", expected.len()), "do not hold"]);
    let failed = failed(&ended);
    let subjects: BTreeSet<_> = failed.keys().copied().collect();
    assert_eq!(subjects, expected.iter().map(|(subject, _)| *subject).collect(), "{}", ended.stdout);
    for (subject, mend) in expected {
        assert!(failed[subject].contains(mend), "{subject}: {}", failed[subject]);
    }
}

#[tokio::test]
async fn check_says_what_is_missing_and_how_to_mend_it() {
    let site = Site::start().await;
    let others = "[dynamodb]\nrecords_table = \"not-made-a\"\nsessions_table = \"not-made-b\"";
    let toml = site.toml.replace("[dynamodb]", others);
    let expected = [
        ("table not-made-a", "server create-tables"),
        ("table not-made-b", "server create-tables"),
        ("permissions not-made-a", "not-made-a"),
        ("permissions not-made-b", "not-made-b"),
    ];
    assert_fails(&site, &toml, &expected).await;

    let toml = site.toml.replace(&site.scratch.site_root().display().to_string(), "/nowhere");
    assert_fails(&site, &toml, &[("site", "make release")]).await;

    site.line.set(line::State::Cut);
    let expected = [
        ("table mydata-records", "dynamodb.endpoint_url"),
        ("table mydata-sessions", "dynamodb.endpoint_url"),
        ("permissions mydata-records", "out of reach"),
        ("permissions mydata-sessions", "out of reach"),
    ];
    assert_fails(&site, &site.toml, &expected).await;
}

#[tokio::test]
async fn check_leaves_nothing_behind() {
    let site = Site::start().await;
    let config = site.scratch.file("mydata.toml", &site.toml);
    assert_ended(&run(with_config(&site.scratch, &["check"], &config)).await, 0, &[]);
    assert!(site.records().await.is_empty() && site.sessions().await.is_empty());
}

#[tokio::test]
async fn check_says_when_the_user_pool_is_down_or_another() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, Wishes::default()).await;
    pool.set_line(line::State::Cut);
    let expected = [
        ("clock", "not compared"),
        ("discovery", "check cognito.region, cognito.user_pool_id"),
        ("signing keys", "out of reach"),
    ];
    assert_fails(&site, &site.toml, &expected).await;

    let site = Site::start().await;
    let (issuer, domain) = (&site.settings().issuer, &site.settings().domain_url);
    let toml = site.toml.replace(issuer, &format!("{domain}/eu-west-1_Other"));
    assert_ne!(toml, site.toml);
    let expected = [("clock", "not compared"), ("discovery", "cognito.user_pool_id"), ("signing keys", "out of reach")];
    assert_fails(&site, &toml, &expected).await;

    // A user pool may have two domains: another than it tells is worth a note.
    let toml = site.toml.replace(&format!("domain_url = \"{domain}\""), "domain = \"other.example\"");
    assert_ne!(toml, site.toml);
    let config = site.scratch.file("other-domain.toml", &toml);
    let ended = run(with_config(&site.scratch, &["check"], &config)).await;
    assert_ended(&ended, 0, &[]);
    assert!(ended.stdout.contains("another domain than cognito.domain"), "{}", ended.stdout);
}
