//! The collector of traces (OTLP 1.x over HTTP, with protobuf).

use std::time::Duration;

use opentelemetry_proto::{
    tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse},
    transform::{common::tonic::ResourceAttributesWithSchema, trace::tonic::group_spans_by_resource_and_scope},
};
use opentelemetry_sdk::{Resource, trace::SpanData};
use prost::Message as _;
use reqwest::{Client, header, redirect::Policy};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// For a whole request. The queue holds what ends meanwhile.
const TIMEOUT: Duration = Duration::from_secs(3);
/// A response says at most how many spans were rejected, and why.
const MAX_RESPONSE_BYTES: usize = 64 * 1024;

/// Where spans are sent.
#[derive(Debug)]
pub(super) struct Collector {
    url: String,
    http: Client,
    resource: ResourceAttributesWithSchema,
}

/// Spans that the collector does not have.
pub(super) struct Failed {
    /// How many, as the collector says. `None`: all of them.
    pub(super) spans: Option<usize>,
    pub(super) reason: &'static str,
}

impl Collector {
    pub(super) fn at(endpoint: &str, resource: &Resource) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .build()?;
        Ok(Self { url: format!("{endpoint}/v1/traces"), http, resource: resource.into() })
    }

    /// Sends `spans`, once: what fails is lost, so that it never waits in memory.
    pub(super) async fn send(&self, spans: Vec<SpanData>) -> Result<(), Failed> {
        let all = |reason| Failed { spans: None, reason };
        let resource_spans = group_spans_by_resource_and_scope(spans, &self.resource);
        let body = ExportTraceServiceRequest { resource_spans }.encode_to_vec();
        let request = self.http.post(&self.url).header(header::CONTENT_TYPE, "application/x-protobuf").body(body);
        let mut response = request.send().await.map_err(|_| all("the collector does not answer"))?;
        if !response.status().is_success() {
            return Err(all("the collector answers with an error"));
        }
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = response.chunk().await {
            if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
                return Ok(());
            }
            body.extend_from_slice(&chunk);
        }
        let partial = ExportTraceServiceResponse::decode(&*body).ok().and_then(|response| response.partial_success);
        match partial.and_then(|partial| usize::try_from(partial.rejected_spans).ok()) {
            Some(rejected @ 1..) => Err(Failed { spans: Some(rejected), reason: "the collector rejected some spans" }),
            _ => Ok(()),
        }
    }
}
