//! The HTTP client for the user pool and providers: no redirects, no proxy, limits on time and response size.

use std::{pin::Pin, time::Duration};

use reqwest::{Client, redirect::Policy};

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
        let request = reqwest::Request::try_from(request).map_err(|_| HttpError::Request)?;
        let mut received = self.0.execute(request).await.map_err(|_| HttpError::Unavailable)?;
        let mut response = http::Response::new(Vec::new());
        *response.status_mut() = received.status();
        *response.headers_mut() = std::mem::take(received.headers_mut());
        while let Some(chunk) = received.chunk().await.map_err(|_| HttpError::Unavailable)? {
            if response.body().len() + chunk.len() > MAX_BODY_BYTES {
                return Err(HttpError::TooLarge);
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

/// Lets the `oauth2` crate send its requests.
impl<'c> oauth2::AsyncHttpClient<'c> for HttpClient {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<oauth2::HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: oauth2::HttpRequest) -> Self::Future {
        Box::pin(async {
            // These are not OAuth responses: the endpoint does not work at the moment, and a later attempt may succeed.
            let response = self.send(request).await?;
            let is_temporary =
                response.status().is_server_error() || response.status() == http::StatusCode::TOO_MANY_REQUESTS;
            if is_temporary { Err(HttpError::Unavailable) } else { Ok(response) }
        })
    }
}
