use prometheus::{
    Counter, Gauge, GaugeVec, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, core::Collector,
};

use super::label::{Counters, Label};

/// Adds metrics to a registry. Each has its own name, as the tests prove: they make all of them.
pub(super) struct Registration<'r>(pub(super) &'r Registry);

impl Registration<'_> {
    pub(super) fn counter(&self, name: &str, help: &str) -> IntCounter {
        self.add(IntCounter::new(name, help))
    }

    pub(super) fn fractional_counter(&self, name: &str, help: &str) -> Counter {
        self.add(Counter::new(name, help))
    }

    pub(super) fn counter_vec(&self, name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
        self.add(IntCounterVec::new(Opts::new(name, help), labels))
    }

    pub(super) fn counters<L: Label>(&self, name: &str, help: &str, label: &str) -> Counters<L> {
        let counters = self.counter_vec(name, help, &[label]);
        Counters::of(|value| counters.with_label_values(&[value]))
    }

    pub(super) fn gauge(&self, name: &str, help: &str) -> IntGauge {
        self.add(IntGauge::new(name, help))
    }

    pub(super) fn fractional_gauge(&self, name: &str, help: &str) -> Gauge {
        self.add(Gauge::new(name, help))
    }

    pub(super) fn gauges(&self, name: &str, help: &str, label: &str) -> GaugeVec {
        self.add(GaugeVec::new(Opts::new(name, help), &[label]))
    }

    pub(super) fn whole_gauges(&self, name: &str, help: &str, label: &str) -> IntGaugeVec {
        self.add(IntGaugeVec::new(Opts::new(name, help), &[label]))
    }

    /// A histogram of seconds, with the buckets that the OpenTelemetry semantic conventions advise for HTTP.
    pub(super) fn seconds(&self, name: &str, help: &str, buckets: &[f64], labels: &[&str]) -> HistogramVec {
        self.add(HistogramVec::new(HistogramOpts::new(name, help).buckets(buckets.to_vec()), labels))
    }

    /// A metric that is always 1, with a label that says something.
    pub(super) fn info(&self, name: &str, help: &str, label: &str, value: &str) {
        self.whole_gauges(name, help, label).with_label_values(&[value]).set(1);
    }

    #[expect(
        clippy::expect_used,
        reason = "the names are constants, and each is used once: the tests make all of them"
    )]
    fn add<C: Collector + Clone + 'static>(&self, collector: prometheus::Result<C>) -> C {
        let collector = collector.expect("a valid metric");
        self.0.register(Box::new(collector.clone())).expect("a name that is used once");
        collector
    }
}
