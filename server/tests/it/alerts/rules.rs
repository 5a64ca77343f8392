//! `docs/prometheus/alerts.yml`.

use std::collections::BTreeSet;

use regex_lite::Regex;
use server::metrics::{Label as _, SignInOutcome};

use super::page::{ENTRIES, entry};

const RULES: &str = include_str!("../../../../docs/prometheus/alerts.yml");
const TESTS: &str = include_str!("../../../../docs/prometheus/alerts.test.yml");
const METRICS: &str = include_str!("../../../../docs/METRICS.md");
const DRILLS: &str = include_str!("drills.rs");

/// Where the rules say that the page is.
const PAGE: &str = "https://runbooks.example/operations.md#";

/// Conditions about seconds, with the number in drills.
const SECONDS: [(&str, &str, &str); 2] = [
    ("mydata_signing_keys_age_seconds > ", "1200", "10"),
    ("mydata_log_delay_seconds{log=\"security\"}) > ", "60", "5"),
];

/// The rules with short times, for drills: a rate is that of 15 seconds, a condition has to hold for a second, and those about
/// [`SECONDS`] have smaller numbers. Everything else that they compare stays the same.
pub fn quick() -> String {
    let (ranges, waits) = (Regex::new(r"\[\d+m\]").unwrap(), Regex::new(r"for: \d+m").unwrap());
    let quick = ranges.replace_all(RULES, "[15s]").replace("offset 15m", "offset 15s");
    let mut quick = waits.replace_all(&quick, "for: 1s").into_owned();
    for (condition, seconds, in_drills) in SECONDS {
        let own = format!("{condition}{seconds}\n");
        assert!(quick.contains(&own), "{own}");
        quick = quick.replace(&own, &format!("{condition}{in_drills}\n"));
    }
    quick
}

/// Each alert with its part of the file.
pub fn alerts() -> Vec<(&'static str, &'static str)> {
    let parts = RULES.split("- alert: ").skip(1);
    parts.map(|part| part.split_once('\n').map(|(name, rest)| (name.trim(), rest)).unwrap()).collect()
}

/// The names of metrics in a query. Neither the series that Prometheus makes itself nor labels count.
pub fn metrics_in(query: &str) -> BTreeSet<String> {
    let labels = Regex::new(r"\b(by|without|on|ignoring|group_left|group_right) ?\([a-z_, ]*\)").unwrap();
    let name = Regex::new(r"\b(?:mydata|http|db|process)_[a-z_]+[{\[) ]").unwrap();
    let suffix = Regex::new("_(bucket|count|sum)$").unwrap();
    let plain = |found: &str| suffix.replace(found.trim_end_matches(['{', '[', ')', ' ']), "").into_owned();
    name.find_iter(&labels.replace_all(query, "")).map(|found| plain(found.as_str())).collect()
}

/// The metrics that the server has, by its page. A test compares that page with the server.
pub fn known_metrics() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for row in METRICS.lines().filter_map(|line| line.strip_prefix("| ")) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        if let [names, "counter" | "gauge" | "histogram", ..] = cells[..] {
            known.extend(names.split(", ").map(|name| name.trim_matches('`').to_owned()));
        }
    }
    known
}

#[test]
fn each_alert_has_a_severity_a_page_a_test_and_a_drill() {
    let alerts = alerts();
    assert!(alerts.len() > 15, "{alerts:?}");
    for (name, rule) in &alerts {
        assert!(rule.contains("severity: critical") ^ rule.contains("severity: warning"), "{name}: one severity");
        assert!(rule.contains("summary: "), "{name}: a summary");
        let (_, link) = rule.split_once("runbook_url: ").unwrap_or_else(|| panic!("{name}: no runbook_url"));
        let anchor = link.lines().next().unwrap().strip_prefix(PAGE);
        let anchor = anchor.unwrap_or_else(|| panic!("{name}: another page"));
        assert_eq!(entry(anchor).alert, *name, "the entry {anchor} names its alert");
        let tested = TESTS.contains(&format!("alertname: {name}, exp_alerts: []"));
        let fires = TESTS.contains(&format!("alertname: {name}\n"));
        assert!(tested && fires, "{name}: a test that it fires, and one that it does not");
        assert!(DRILLS.contains(&format!("\"{name}\"")), "{name}: no drill");
    }
    let names: BTreeSet<_> = alerts.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), alerts.len(), "an alert is there twice");
    assert_eq!(ENTRIES.iter().map(|entry| entry.alert).collect::<BTreeSet<_>>(), names, "an entry for each alert");
}

#[test]
fn rules_ask_for_metrics_that_exist() {
    let known = known_metrics();
    assert!(known.len() > 30, "{known:?}");
    for (name, rule) in alerts() {
        let (query, _) = rule.split_once("labels:").unwrap();
        let asked = metrics_in(query);
        assert!(!asked.is_empty() || query.contains("up{"), "{name}");
        assert_eq!(asked.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "{name}");
    }
}

/// Each outcome of a sign-in is on the page. If it is a failure, one of the two rules counts it.
#[test]
fn a_failed_sign_in_is_counted_by_one_rule() {
    const NO_FAILURE: [&str; 6] = ["success", "cancelled", "repeated", "already_signed_in", "being_deleted", "invalid"];
    let outcomes_of = |alert: &str| {
        let (_, rule) = alerts().into_iter().find(|(name, _)| *name == alert).unwrap();
        let (_, outcomes) = rule.split_once("{outcome=~\"").unwrap();
        let (outcomes, _) = outcomes.split_once('"').unwrap();
        assert_eq!(rule.matches(&format!("{outcomes}\"")).count(), 3, "{alert}: the same outcomes everywhere");
        outcomes.split('|').collect::<Vec<_>>()
    };
    let mut counted = [outcomes_of("SignInsFailing"), outcomes_of("SignInsRefused"), NO_FAILURE.into()].concat();
    let mut all: Vec<_> = SignInOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
    for outcome in &all {
        assert!(METRICS.contains(&format!("\n| `{outcome}` | ")), "{outcome} is not on the page");
    }
    counted.sort_unstable();
    all.sort_unstable();
    assert_eq!(counted, all);
}

#[test]
fn quick_rules_have_only_short_times() {
    let (quick, minutes) = (quick(), Regex::new(r"(\[|for: |offset )\d+m").unwrap());
    assert!(minutes.is_match(RULES) && !minutes.is_match(&quick), "{quick}");
    assert_eq!(quick.matches("- alert: ").count(), alerts().len());
}
