//! A drill: a server that Prometheus watches, and the alerts that a fault must raise.

use super::{
    page::{Entry, entry_of},
    prometheus::{Prometheus, eventually},
    rules,
    watched::Watched,
};
use crate::support::site::Site;

pub struct Drill {
    pub server: Watched,
    prometheus: Prometheus,
    alerts: &'static [&'static str],
}

impl Drill {
    /// A drill of these alerts, with the server of `site` and `more` of its configuration. Nothing is wrong yet.
    pub async fn of(alerts: &'static [&'static str], site: &Site, more: &str) -> Self {
        let mut server = Watched::of(site);
        server.toml += more;
        server.start().await;
        server.until_ready().await;
        let drill = Self::watch(alerts, site, server).await;
        drill.until_ended().await;
        drill
    }

    /// Watches a server that runs, in whatever state it is.
    pub async fn watch(alerts: &'static [&'static str], site: &Site, server: Watched) -> Self {
        let prometheus = Prometheus::start(site.scratch.path(), server.metrics(), &rules::quick()).await;
        let drill = Self { server, prometheus, alerts };
        // A counter has to be seen before it can grow.
        let is_read =
            async || drill.prometheus.series("mydata_build_info").await.is_ok_and(|series| !series.is_empty());
        eventually("Prometheus reads the metrics", is_read).await;
        drill
    }

    /// Repeats what citizens do until all alerts have fired.
    pub async fn fires(&self, mut meanwhile: impl AsyncFnMut()) {
        let mut fired = Vec::new();
        let all = async || {
            meanwhile().await;
            for alert in self.prometheus.alerts(true).await {
                if !fired.contains(&alert) {
                    fired.push(alert);
                }
            }
            self.alerts.iter().all(|alert| fired.iter().any(|name| name == alert))
        };
        eventually(&format!("{:?} fire", self.alerts), all).await;
    }

    /// All alerts that fire now.
    pub async fn firing(&self) -> Vec<String> {
        self.prometheus.alerts(true).await
    }

    /// Repeats what citizens do until no alert is left.
    pub async fn ends(&self, mut meanwhile: impl AsyncFnMut()) {
        let none = async || {
            meanwhile().await;
            let left = self.prometheus.alerts(false).await;
            !self.alerts.iter().any(|alert| left.iter().any(|name| name == alert))
        };
        eventually(&format!("{:?} end", self.alerts), none).await;
    }

    /// Waits until no alert is left, and citizens do nothing.
    pub async fn until_ended(&self) {
        self.ends(async || ()).await;
    }

    /// What the page says about an alert.
    pub fn entry(&self, alert: &str) -> Entry {
        assert!(self.alerts.contains(&alert), "{alert}");
        entry_of(alert)
    }

    /// `server check` fails, and names each of `subjects`.
    pub async fn check_names(&self, subjects: &[&str]) {
        let ended = self.server.check().await;
        assert_eq!(ended.code, Some(1), "{}{}", ended.stdout, ended.stderr);
        for subject in subjects {
            assert!(ended.stdout.contains(&format!("FAIL  {subject}: ")), "{subject}: {}", ended.stdout);
        }
    }
}
