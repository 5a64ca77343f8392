//! Traces, sent to a collector by OTLP: what a request spent its time on.
//!
//! The span of a request is made by the room `layers`, and those of the calls that it causes by the rooms `aws` and `oidc`. The context
//! of a request is that of the task that answers it, so those rooms need no handle, and a call outside of any trace has no span.
//!
//! `spans.rs` lists every span and every attribute. Nothing that came with a request becomes one of them, except the number of a trace
//! that a trusted proxy has begun, with `traces.continue_from_proxies`.

mod batches;
mod collector;
mod parent;
mod spans;

use std::{fmt, sync::Arc};

use opentelemetry::{Context, InstrumentationScope, KeyValue, context::FutureExt as _, trace::TracerProvider as _};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracer, SdkTracerProvider},
};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub use self::spans::{Span, database_call, http_call};
use self::{batches::Batches, collector::Collector};
use crate::metrics::{Counters, SpanLoss};

/// How many spans may wait for the collector. Each has about a kilobyte.
const MAX_WAITING: usize = 2_048;

/// Where traces go, and how many of them.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address of the collector, without `/v1/traces`.
    pub endpoint: String,
    /// How many of the traces that begin here are recorded, from 0 to 1. Those that a proxy has begun are recorded if it says so.
    pub sampling_ratio: f64,
}

/// Begins traces. The default begins none.
#[derive(Clone, Default)]
pub struct Traces(Option<Tracer>);

/// A value of the context of a trace.
#[derive(Clone)]
struct Tracer(Arc<SdkTracer>);

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Traces(on)" } else { "Traces(off)" })
    }
}

/// Sends what is recorded, until it is told to finish.
#[derive(Debug)]
pub struct Exporting {
    stop: CancellationToken,
    task: JoinHandle<()>,
    // It ends its spans when it is dropped.
    _provider: SdkTracerProvider,
}

impl Exporting {
    /// Sends the last spans, for a second at most.
    pub async fn finish(self) {
        self.stop.cancel();
        // It fails only if it has panicked.
        let _ = self.task.await;
    }
}

impl Traces {
    /// Begins to send traces. `lost` counts the spans that are not sent.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn start(settings: &Settings, lost: Counters<SpanLoss>) -> Result<(Self, Exporting), reqwest::Error> {
        let (waiting, queue) = mpsc::channel(MAX_WAITING);
        let resource = Resource::builder_empty()
            .with_attributes([
                KeyValue::new("service.name", "mydata"),
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
                KeyValue::new("service.instance.id", uuid::Uuid::new_v4().to_string()),
            ])
            .build();
        let collector = Collector::at(&settings.endpoint, &resource)?;
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.sampling_ratio)));
        let provider = SdkTracerProvider::builder()
            .with_span_processor(Batches::to(waiting, lost.clone()))
            .with_sampler(sampler)
            .with_resource(resource)
            .build();
        let scope = InstrumentationScope::builder("mydata").with_version(env!("CARGO_PKG_VERSION")).build();
        let tracer = Tracer(Arc::new(provider.tracer_with_scope(scope)));
        let stop = CancellationToken::new();
        let task = tokio::spawn(batches::send_all(queue, collector, stop.clone(), lost));
        Ok((Self(Some(tracer)), Exporting { stop, task, _provider: provider }))
    }

    /// Runs work that no request causes. Its calls begin traces of their own.
    pub async fn in_background<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            Some(tracer) => work.with_context(Context::new().with_value(tracer.clone())).await,
            None => work.await,
        }
    }
}

/// Takes the trace of the current task along to another task that does `work`.
pub fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    work.with_context(Context::current())
}

#[cfg(test)]
mod tests;
