//! Spans on their way to the collector: a bounded queue, sent in batches. No request waits for it.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{Span, SpanData, SpanProcessor},
};
use tokio::{
    sync::mpsc::{Receiver, Sender},
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::collector::Collector;
use crate::{
    metrics::{Counters, SpanLoss},
    once_per_minute::OncePerMinute,
};

/// How many spans one request to the collector has.
const MAX_BATCH: usize = 512;
/// How long a span waits for others.
const INTERVAL: Duration = Duration::from_secs(1);

/// Queues ended spans.
#[derive(Debug)]
pub(super) struct Batches {
    queue: Sender<SpanData>,
    lost: Counters<SpanLoss>,
}

impl Batches {
    pub(super) fn to(queue: Sender<SpanData>, lost: Counters<SpanLoss>) -> Self {
        Self { queue, lost }
    }
}

impl SpanProcessor for Batches {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if self.queue.try_send(span).is_err() {
            self.lost.count(SpanLoss::QueueFull);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Sends what comes from `queue` until `stop`, and then what is left.
pub(super) async fn send_all(
    mut queue: Receiver<SpanData>,
    collector: Collector,
    stop: CancellationToken,
    lost: Counters<SpanLoss>,
) {
    let warnings = OncePerMinute::default();
    let mut batch = Vec::new();
    loop {
        let is_open = tokio::select! {
            biased;
            () = stop.cancelled() => false,
            is_open = fill(&mut queue, &mut batch) => is_open,
        };
        if !is_open {
            while let Ok(span) = queue.try_recv() {
                batch.push(span);
            }
        }
        while !batch.is_empty() {
            let rest = batch.split_off(batch.len().min(MAX_BATCH));
            let spans = std::mem::replace(&mut batch, rest);
            let count = u64::try_from(spans.len()).unwrap_or(u64::MAX);
            if let Err(failed) = collector.send(spans).await {
                lost.of_value(SpanLoss::ExportFailed).inc_by(failed.spans.unwrap_or(count));
                if warnings.is_due() {
                    warn!(reason = failed.reason, "traces cannot be sent: check traces.endpoint");
                }
            }
        }
        if !is_open {
            return;
        }
    }
}

/// Waits for spans until the batch is full, or until its first span is old enough. False if no more can come.
async fn fill(queue: &mut Receiver<SpanData>, batch: &mut Vec<SpanData>) -> bool {
    if queue.recv_many(batch, MAX_BATCH).await == 0 {
        return false;
    }
    let end = Instant::now() + INTERVAL;
    while batch.len() < MAX_BATCH {
        match timeout_at(end, queue.recv_many(batch, MAX_BATCH - batch.len())).await {
            Ok(0) => return false,
            Ok(_) => (),
            Err(_) => break,
        }
    }
    true
}
