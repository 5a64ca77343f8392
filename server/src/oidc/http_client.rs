//! The HTTP client for the user pool and providers: no redirects, no proxy, limits on time and response size.

use std::{error::Error, io, pin::Pin, time::Duration};

use reqwest::{Client, redirect::Policy};
use serde::de::IgnoredAny;

use crate::traces;

/// The limit for a whole request, with its response.
const TIMEOUT: Duration = Duration::from_secs(3);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// A token response has about 5 KB, a key set 1 KB.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// Why a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No connection, no response in time, or a status that means that the service does not work.
    #[error("unavailable")]
    Unavailable,
    /// The response exceeds the size limit.
    #[error("the response is too large")]
    TooLarge,
    /// The request cannot be built.
    #[error("the request is invalid")]
    Request,
    /// The response of a token endpoint is not one JSON text (RFC 8259), or other text surrounds it.
    #[error("the response is not a single JSON text")]
    NotJson,
}

/// Why there is no response to a request.
enum SendError {
    /// The connection ended before the head of the response (status line and headers) was complete.
    Dropped,
    Other(HttpError),
}

impl SendError {
    /// For the trace.
    const fn kind(&self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::Other(HttpError::Unavailable) => "unavailable",
            Self::Other(HttpError::TooLarge) => "too_large",
            Self::Other(HttpError::Request) => "invalid_request",
            Self::Other(HttpError::NotJson) => "not_json",
        }
    }
}

impl From<SendError> for HttpError {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Dropped => Self::Unavailable,
            SendError::Other(error) => error,
        }
    }
}

/// An HTTP client for the user pool and providers.
#[derive(Clone, Debug)]
pub struct HttpClient(Client);

impl HttpClient {
    /// Creates the client.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .build()?;
        Ok(Self(client))
    }

    /// Sends `request`. A response with any status is a success.
    ///
    /// # Errors
    /// No complete response within the limits.
    pub async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        Ok(self.send_once(request).await?)
    }

    /// Sends a token request as [`send`](Self::send) does. Retries once if the connection ends before the head of the response
    /// is complete. For example, the server may close an idle connection just when the request is sent on it.
    ///
    /// This is harmless even if the server received the first request, because a code works once (RFC 6749, 4.1.2): the server
    /// refuses the second request, and the sign-in fails as it would have without it.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_token_request(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, HttpError> {
        match self.send_once(request.clone()).await {
            Err(SendError::Dropped) => Ok(self.send_once(request).await?),
            response => Ok(response?),
        }
    }

    /// Every call is a span of the current trace. The other side is told the number of the trace: it may continue it, or find its own
    /// log of the call. Only with `traces.continue_from_proxies` can anyone else than this server have chosen that number.
    async fn send_once(&self, mut request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, SendError> {
        let span = traces::http_call(request.method(), request.uri());
        if let Some(parent) = span.traceparent() {
            request.headers_mut().insert("traceparent", parent);
        }
        let response = self.exchange(request).await;
        match &response {
            Ok(response) => span.got(response.status()),
            Err(error) => span.failed(error.kind()),
        }
        response
    }

    async fn exchange(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, SendError> {
        let other = SendError::Other;
        let request = reqwest::Request::try_from(request).map_err(|_| other(HttpError::Request))?;
        let mut received = self.0.execute(request).await.map_err(|error| match is_dropped(&error) {
            true => SendError::Dropped,
            false => other(HttpError::Unavailable),
        })?;
        let mut response = http::Response::new(Vec::new());
        *response.status_mut() = received.status();
        *response.headers_mut() = std::mem::take(received.headers_mut());
        while let Some(chunk) = received.chunk().await.map_err(|_| other(HttpError::Unavailable))? {
            if response.body().len() + chunk.len() > MAX_BODY_BYTES {
                return Err(other(HttpError::TooLarge));
            }
            response.body_mut().extend_from_slice(&chunk);
        }
        Ok(response)
    }

    /// Gets `url`.
    ///
    /// # Errors
    /// No complete response within the limits, or a status other than 200.
    pub async fn get(&self, url: &str) -> Result<http::Response<Vec<u8>>, HttpError> {
        let request = http::Request::get(url).header(http::header::ACCEPT, "application/json").body(Vec::new());
        let response = self.send(request.map_err(|_| HttpError::Request)?).await?;
        if response.status() == http::StatusCode::OK { Ok(response) } else { Err(HttpError::Unavailable) }
    }
}

/// Whether a connection was made and ended before the head of the response was complete: not a time-out, and not a refused
/// connection. The HTTP library does not say whether a part of the head was received.
fn is_dropped(error: &reqwest::Error) -> bool {
    const CAUSES: [io::ErrorKind; 4] = [
        io::ErrorKind::ConnectionReset,
        io::ErrorKind::ConnectionAborted,
        io::ErrorKind::BrokenPipe,
        io::ErrorKind::UnexpectedEof,
    ];
    if error.is_timeout() || error.is_connect() {
        return false;
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<hyper::Error>()
            && error.is_incomplete_message()
        {
            return true;
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return CAUSES.contains(&error.kind());
        }
        cause = error.source();
    }
    false
}

/// Lets the `oauth2` crate send its token requests.
impl<'c> oauth2::AsyncHttpClient<'c> for HttpClient {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<oauth2::HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: oauth2::HttpRequest) -> Self::Future {
        Box::pin(async {
            let response = self.send_token_request(request).await?;
            // These are not OAuth responses: the endpoint does not work at the moment, and a later attempt may succeed.
            let is_temporary =
                response.status().is_server_error() || response.status() == http::StatusCode::TOO_MANY_REQUESTS;
            if is_temporary {
                return Err(HttpError::Unavailable);
            }
            // The crate ignores what follows the JSON.
            let is_json = |body: &[u8]| body.is_empty() || serde_json::from_slice::<IgnoredAny>(body).is_ok();
            if response.status() == http::StatusCode::OK && !is_json(response.body()) {
                return Err(HttpError::NotJson);
            }
            Ok(response)
        })
    }
}
