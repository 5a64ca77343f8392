//! What is known about a request before any route handles it: the client's address, and the reference of a failure.

mod forwarded;

use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderName, request::Parts},
    middleware::Next,
    response::Response,
};
use tracing::warn;

use crate::{config::TrustedProxies, once_per_minute::OncePerMinute, secret::random};

/// The context of one request. Every handler can extract it.
#[derive(Clone, Copy, Debug)]
pub struct RequestContext {
    /// The address that the request counts for, if its peer is known.
    pub client: Option<IpAddr>,
    /// What connects a failure page with the log.
    pub reference: Reference,
}

impl RequestContext {
    fn new(client: Option<IpAddr>) -> Self {
        Self { client, reference: Reference(random()) }
    }

    /// The context of what no request causes.
    pub fn without_client() -> Self {
        Self::new(None)
    }

    /// The same without the address, with another reference.
    pub const fn of_reference(reference: Reference) -> Self {
        Self { client: None, reference }
    }

    /// The context that [`establish`] gave to `request`.
    pub fn of(request: &Request) -> Self {
        request.extensions().get().copied().unwrap_or_else(Self::without_client)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().copied().unwrap_or_else(|| Self::new(None)))
    }
}

/// Finds the client of each request.
#[derive(Clone, Debug, Default)]
pub struct Clients {
    trusted: Arc<TrustedProxies>,
    continues_traces: bool,
    warnings: Arc<OncePerMinute>,
}

impl Clients {
    /// Only the proxies in `trusted` may name their clients.
    pub fn behind(trusted: TrustedProxies) -> Self {
        Self { trusted: Arc::new(trusted), ..Self::default() }
    }

    /// Whether these proxies may name the trace of a request, too.
    pub fn continuing_traces(self, continues_traces: bool) -> Self {
        Self { continues_traces, ..self }
    }

    /// If a load balancer is missing in the configuration, all its clients count as one.
    fn warn_about_missing(&self) {
        if self.warnings.is_due() {
            warn!(
                "a private or loopback peer sends the address of a client, but is not in trusted_proxies: \
                 if it is a load balancer, all its clients count as one. `server check` lists the peers"
            );
        }
    }
}

/// The headers that name the trace of a request (W3C Trace Context).
const TRACE: [HeaderName; 2] = [HeaderName::from_static("traceparent"), HeaderName::from_static("tracestate")];

/// The outermost layer: gives each request its context. The trace of a request stays with it only if
/// a trusted proxy names it and may do so.
pub async fn establish(State(clients): State<Clients>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    if peer.is_some_and(|peer| forwarded::is_likely_proxy(peer, request.headers(), &clients.trusted)) {
        clients.warn_about_missing();
    }
    let client = peer.map(|peer| forwarded::client(peer, request.headers(), &clients.trusted));
    let is_trusted = || peer.is_some_and(|peer| clients.trusted.contains(peer.to_canonical()));
    if !(clients.continues_traces && is_trusted()) {
        for name in TRACE {
            request.headers_mut().remove(name);
        }
    }
    request.extensions_mut().insert(RequestContext::new(client));
    next.run(request).await
}

/// A random number, shown as eight hexadecimal digits that can be read out over the phone, such as `3F9A-12C7`.
#[derive(Clone, Copy, Debug)]
pub struct Reference(pub [u8; 4]);

impl std::str::FromStr for Reference {
    type Err = hex::FromHexError;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 4];
        hex::decode_to_slice(text.replace('-', ""), &mut bytes)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0;
        write!(f, "{a:02X}{b:02X}-{c:02X}{d:02X}")
    }
}
