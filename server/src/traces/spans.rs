//! Every span, with every attribute that it can have: the names of the OpenTelemetry semantic conventions, where they have one.
//!
//! They require `url.path` and `url.full`. We leave them out: a path can contain anything that a client sends.

use std::fmt;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use opentelemetry::{
    Context, KeyValue,
    context::FutureExt as _,
    trace::{SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _},
};

use super::{
    Tracer, Traces,
    parent::{parent, traceparent},
};
use crate::metrics::OTHER_METHOD;

/// A span of the current trace, until it is dropped. Outside of a trace it is none.
#[must_use]
pub struct Span(Option<Context>);

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Span(…)")
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        // Work that outlives a request still has its context.
        if let Some(context) = &self.0 {
            context.span().end();
        }
    }
}

impl Traces {
    /// The span of a request. `route` is the pattern of its route, if it has one, and `scheme` that of the address which citizens see.
    pub fn request(
        &self,
        headers: &HeaderMap,
        method: &'static str,
        route: Option<&str>,
        scheme: &'static str,
    ) -> Span {
        let Some(tracer) = &self.0 else { return Span(None) };
        let from = Context::new().with_value(tracer.clone());
        let from = match parent(headers) {
            Some(parent) => from.with_remote_span_context(parent),
            None => from,
        };
        let mut attributes = vec![KeyValue::new("http.request.method", method), KeyValue::new("url.scheme", scheme)];
        let named = if method == OTHER_METHOD { "HTTP" } else { method };
        let mut name = named.to_owned();
        if let Some(route) = route {
            name = format!("{named} {route}");
            attributes.push(KeyValue::new("http.route", route.to_owned()));
        }
        begin(tracer, &from, name, SpanKind::Server, attributes)
    }
}

/// The span of an operation on a table of DynamoDB.
pub fn database_call(operation: &'static str, table: &str) -> Span {
    call(|| {
        let attributes = vec![
            KeyValue::new("db.system.name", "aws.dynamodb"),
            KeyValue::new("db.operation.name", operation),
            KeyValue::new("db.collection.name", table.to_owned()),
        ];
        (format!("{operation} {table}"), attributes)
    })
}

/// The span of a request to the user pool or to a provider. `url` is an address of the configuration: of it, the span has the host and
/// the path, and never a query.
pub fn http_call(method: &Method, url: &Uri) -> Span {
    call(|| {
        let mut attributes = vec![
            KeyValue::new("http.request.method", method.as_str().to_owned()),
            KeyValue::new("server.address", url.host().unwrap_or_default().to_owned()),
            KeyValue::new("url.template", url.path().to_owned()),
        ];
        let default_port = if url.scheme_str() == Some("http") { 80 } else { 443 };
        attributes.push(KeyValue::new("server.port", i64::from(url.port_u16().unwrap_or(default_port))));
        (format!("{method} {}", url.path()), attributes)
    })
}

fn call(describe: impl FnOnce() -> (String, Vec<KeyValue>)) -> Span {
    Context::map_current(|current| {
        let Some(tracer) = current.get::<Tracer>() else { return Span(None) };
        let (name, attributes) = describe();
        begin(tracer, current, name, SpanKind::Client, attributes)
    })
}

fn begin(tracer: &Tracer, from: &Context, name: String, kind: SpanKind, attributes: Vec<KeyValue>) -> Span {
    let builder = SpanBuilder::from_name(name).with_kind(kind).with_attributes(attributes);
    let span = tracer.0.build_with_context(builder, from);
    Span(Some(from.with_span(span)))
}

impl Span {
    /// Does `work` as a part of this span.
    pub async fn around<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            Some(context) => work.with_context(context.clone()).await,
            None => work.await,
        }
    }

    /// What the next server needs to continue this trace: the value of the header `traceparent`.
    pub fn traceparent(&self) -> Option<HeaderValue> {
        let context = self.0.as_ref()?;
        HeaderValue::try_from(traceparent(context.span().span_context())).ok()
    }

    /// The answer to the request of this span, with its reference in the log and the provider of a sign-in.
    pub fn answered(&self, status: StatusCode, reference: &impl fmt::Display, provider: Option<&str>) {
        let Some(context) = &self.0 else { return };
        let span = context.span();
        if !span.is_recording() {
            return;
        }
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
        span.set_attribute(KeyValue::new("mydata.reference", reference.to_string()));
        if let Some(provider) = provider {
            span.set_attribute(KeyValue::new("mydata.provider", provider.to_owned()));
        }
        if status.is_server_error() {
            self.failed(status.as_str());
        }
    }

    /// The answer to the call of this span.
    pub fn got(&self, status: StatusCode) {
        let Some(context) = &self.0 else { return };
        context.span().set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
        if status.is_client_error() || status.is_server_error() {
            self.failed(status.as_str());
        }
    }

    /// The call was made so often. Only more than once is worth an attribute.
    pub fn attempts(&self, attempts: u32) {
        if let Some(context) = self.0.as_ref().filter(|_| attempts > 1) {
            context.span().set_attribute(KeyValue::new("mydata.attempts", i64::from(attempts)));
        }
    }

    /// It failed. `kind` is one of a few words.
    pub fn failed(&self, kind: &str) {
        if let Some(context) = &self.0 {
            context.span().set_attribute(KeyValue::new("error.type", kind.to_owned()));
            context.span().set_status(Status::error(""));
        }
    }
}
