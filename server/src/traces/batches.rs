//! Spans on their way to the collector: a bounded queue, sent in batches. No request waits for it.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{Span, SpanData, SpanProcessor},
};
use tokio::{
    pin,
    sync::mpsc::{Receiver, Sender},
    time::{Instant, sleep, timeout_at},
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::collector::{Collector, Failed};
use crate::{
    metrics::{Counters, SpanLoss},
    once_per_minute::OncePerMinute,
};

/// How many spans one request to the collector has.
const MAX_BATCH: usize = 512;
/// How long a span waits for others.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long the end of the server may wait for the collector.
const FINISH_TIMEOUT: Duration = Duration::from_secs(1);

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

/// Sends what comes from `queue` until `stop`, and then what is left, for a second at most.
pub(super) async fn send_all(
    mut queue: Receiver<SpanData>,
    collector: Collector,
    stop: CancellationToken,
    lost: Counters<SpanLoss>,
) {
    let warnings = OncePerMinute::default();
    let failed = lost.of_value(SpanLoss::ExportFailed);
    let end = async {
        stop.cancelled().await;
        sleep(FINISH_TIMEOUT).await;
    };
    pin!(end);
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
            let count = spans.len();
            let sent = tokio::select! {
                biased;
                sent = collector.send(spans) => sent,
                () = &mut end => {
                    let spans = count + batch.len() + queue.len();
                    failed.inc_by(spans as u64);
                    warn!(spans, "traces lost at the exit: check traces.endpoint");
                    return;
                }
            };
            if let Err(Failed { spans, reason }) = sent {
                failed.inc_by(spans.unwrap_or(count).min(count) as u64);
                if warnings.is_due() {
                    warn!(reason, "traces cannot be sent: check traces.endpoint");
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
