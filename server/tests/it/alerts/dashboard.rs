//! `docs/grafana/my-data.json`, by the rules of Grafana's dashboard linter and a few more.

use std::{collections::BTreeSet, sync::LazyLock};

use regex_lite::Regex;
use serde_json::Value;

use super::rules::{alerts, known_metrics, metrics_in};

static DASHBOARD: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../docs/grafana/my-data.json")).unwrap());

/// The panels without the headings of rows.
pub fn panels() -> impl Iterator<Item = &'static Value> {
    DASHBOARD["panels"].as_array().unwrap().iter().filter(|panel| panel["type"] != "row")
}

/// The queries of a panel.
pub fn queries(panel: &Value) -> impl Iterator<Item = &str> {
    panel["targets"].as_array().unwrap().iter().map(|target| target["expr"].as_str().unwrap())
}

/// A query as Grafana sends it, with all servers chosen.
pub fn filled_in(query: &str) -> String {
    let filled = query.replace("$job", "mydata").replace("$instance", ".*").replace("$__rate_interval", "30s");
    assert!(!filled.contains('$'), "another variable: {query}");
    filled
}

#[test]
fn a_panel_has_a_title_of_its_own_a_description_and_a_unit() {
    let mut titles = BTreeSet::new();
    let mut ids = BTreeSet::new();
    let mut places = BTreeSet::new();
    for panel in panels() {
        let title = panel["title"].as_str().unwrap();
        assert!(titles.insert(title), "{title} is there twice");
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}: the id of another panel");
        let [left, top] = ["x", "y"].map(|name| panel["gridPos"][name].as_u64().unwrap());
        assert!(places.insert((left, top)), "{title}: the place of another panel");
        assert!(panel["description"].as_str().unwrap().len() > 20, "{title}: a description");
        assert!(
            panel["fieldConfig"]["defaults"]["unit"].as_str().is_some_and(|unit| !unit.is_empty()),
            "{title}: a unit"
        );
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{title}");
        for target in panel["targets"].as_array().unwrap() {
            assert_eq!(target["datasource"]["uid"], "${datasource}", "{title}");
            assert!(!target["legendFormat"].as_str().unwrap().is_empty(), "{title}: a legend");
        }
    }
    assert!(titles.len() > 20);
}

#[test]
fn a_query_asks_the_chosen_servers_for_metrics_that_exist() {
    let known = known_metrics();
    let mut shown = BTreeSet::new();
    for query in panels().flat_map(queries) {
        let asked = metrics_in(query);
        assert_eq!(asked.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "{query}");
        shown.extend(asked);
        let selectors = query.matches('{').count();
        assert_eq!(query.matches("{job=\"$job\", instance=~\"$instance\"").count(), selectors, "{query}");
        for rate in query.split("rate(").skip(1) {
            assert!(rate.split(')').next().unwrap().ends_with("[$__rate_interval]"), "{query}");
        }
        filled_in(query);
    }
    // What a panel would not help with.
    let left_out = ["process_threads", "process_virtual_memory_bytes"].map(str::to_owned);
    assert_eq!(known.difference(&shown).cloned().collect::<Vec<_>>(), left_out, "a panel for each metric");
}

#[test]
fn a_description_names_only_alerts_that_exist() {
    let name = Regex::new(r"\b[A-Z][a-z]+[A-Z][A-Za-z]+\b").unwrap();
    let mut named = BTreeSet::new();
    for panel in panels() {
        named.extend(name.find_iter(panel["description"].as_str().unwrap()).map(|found| found.as_str()));
    }
    // The only other names of this form.
    named.retain(|name| !["DynamoDB", "OpenTelemetry"].contains(name));
    let known = alerts().into_iter().map(|(name, _)| name).collect();
    assert!(named.len() > 5 && named.is_subset(&known), "{:?}", named.difference(&known));
}

#[test]
fn variables_choose_the_data_source_the_job_and_the_servers() {
    let variables = DASHBOARD["templating"]["list"].as_array().unwrap();
    let names: Vec<_> = variables.iter().map(|variable| variable["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["datasource", "job", "instance"]);
    assert_eq!((&variables[0]["type"], &variables[0]["query"]), (&"datasource".into(), &"prometheus".into()));
}
