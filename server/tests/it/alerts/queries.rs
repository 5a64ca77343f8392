//! The queries of the dashboard, on a real Prometheus that reads the server during journeys.

use std::{
    io::Write as _,
    process::{Command, Stdio},
    time::Duration,
};

use testkit::client;

use super::{
    dashboard::{filled_in, panels, queries},
    prometheus::Prometheus,
    rules,
    watched::Watched,
};
use crate::support::site::{Site, SiteOptions};

/// How often the journeys are repeated at most. The first rounds are before Prometheus has seen two values.
const ROUNDS: usize = 30;

/// What citizens and programs do, with every kind of panel in it.
async fn journeys(server: &Watched, site: &Site) {
    let mut browser = server.browser(site);
    browser.sign_in("an").await;
    for version in ["0", "1", "1"] {
        browser.post("/api/save_message", &[("text", version), ("version", version)]).await;
    }
    for path in ["/", "/my-data", "/profile", "/activity", "/my-data/export", "/no-such-page"] {
        browser.get(path).await;
    }
    browser.post("/logout", &[]).await;
    let mut by_bridge = server.browser(site);
    let callback = by_bridge.decide("/login/login_gov", "an", "approve").await;
    by_bridge.get(&callback).await;
    let mut other = server.browser(site);
    let callback = other.decide("/login/itsme", "an", "decline").await;
    other.get(&callback).await;
    client().get(server.url("/v1/message")).bearer_auth("not.a.token").send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn each_query_of_the_dashboard_has_a_result() {
    let site = Site::start_with(SiteOptions { all_providers: true, ..SiteOptions::default() }).await;
    let mut server = Watched::of(&site);
    server.start().await;
    server.until_ready().await;
    let prometheus = Prometheus::start(site.scratch.path(), server.metrics(), &rules::quick()).await;
    let asked: Vec<_> = panels().flat_map(|panel| queries(panel).map(move |query| (panel, filled_in(query)))).collect();
    // A part of nothing is not a number, so citizens have to do something.
    let is_shown = async |query: &str| {
        let series = prometheus.series(query).await.unwrap_or_else(|error| panic!("{query}: {error}"));
        let value = |series: &serde_json::Value| series["value"][1].as_str().unwrap().parse::<f64>().unwrap();
        !series.is_empty() && series.iter().any(|series| value(series).is_finite())
    };
    let mut missing = Vec::new();
    for _ in 0..ROUNDS {
        journeys(&server, &site).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        missing.clear();
        for (panel, query) in &asked {
            if !is_shown(query).await {
                missing.push(format!("{}: {query}", panel["title"]));
            }
        }
        if missing.is_empty() {
            break;
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(asked.len() > 30);
    // The alerts' own rules ran too, and nothing was wrong.
    let firing = prometheus.alerts(true).await;
    assert_eq!(firing, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn promtool_finds_no_fault_in_the_metrics() {
    let site = Site::start_with(SiteOptions { all_providers: true, ..SiteOptions::default() }).await;
    let mut server = Watched::of(&site);
    server.start().await;
    server.until_ready().await;
    journeys(&server, &site).await;
    let url = format!("http://{}/metrics", server.metrics());
    let text = client().get(url).send().await.unwrap().text().await.unwrap();
    let mut command = Command::new("promtool");
    command.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut promtool = command.spawn().expect("promtool is installed: scripts/set-up.sh drills");
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    let told = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    assert!(output.status.success() && told.is_empty(), "{told}");
}
