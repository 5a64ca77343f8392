//! How the server talks to the user pool: no redirects, no proxy, a limit on time and on the size of an answer.

use std::{pin::Pin, time::Duration};

use reqwest::{Client, redirect::Policy};

/// The longest that one call may take.
const TIMEOUT: Duration = Duration::from_secs(3);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// A token response has some 5 KB, a key set 1 KB.
const LARGEST_BODY: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpFault {
    /// No connection, or none in time.
    #[error("out of reach")]
    OutOfReach,
    /// More than a user pool ever sends.
    #[error("the answer is too large")]
    TooLarge,
    /// The request could not be built.
    #[error("a request that cannot be sent")]
    Request,
}

/// An HTTP client for the user pool.
#[derive(Clone, Debug)]
pub struct HttpClient(Client);

impl HttpClient {
    /// A client with its limits.
    ///
    /// # Errors
    /// The machine's TLS cannot be set up.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .build()?;
        Ok(Self(client))
    }

    /// Sends `request`; every status is an answer.
    ///
    /// # Errors
    /// There is no answer that can be used.
    pub async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpFault> {
        let request = reqwest::Request::try_from(request).map_err(|_| HttpFault::Request)?;
        let mut answer = self.0.execute(request).await.map_err(|_| HttpFault::OutOfReach)?;
        let mut response = http::Response::new(Vec::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        while let Some(chunk) = answer.chunk().await.map_err(|_| HttpFault::OutOfReach)? {
            if response.body().len() + chunk.len() > LARGEST_BODY {
                return Err(HttpFault::TooLarge);
            }
            response.body_mut().extend_from_slice(&chunk);
        }
        Ok(response)
    }

    /// Gets `url`; any status but 200 is no answer.
    ///
    /// # Errors
    /// There is no answer that can be used.
    pub async fn get(&self, url: &str) -> Result<http::Response<Vec<u8>>, HttpFault> {
        let request = http::Request::get(url).header(http::header::ACCEPT, "application/json").body(Vec::new());
        let response = self.send(request.map_err(|_| HttpFault::Request)?).await?;
        if response.status() == http::StatusCode::OK { Ok(response) } else { Err(HttpFault::OutOfReach) }
    }
}

/// How the `oauth2` crate sends its requests.
impl<'c> oauth2::AsyncHttpClient<'c> for HttpClient {
    type Error = HttpFault;
    type Future = Pin<Box<dyn Future<Output = Result<oauth2::HttpResponse, HttpFault>> + Send + 'c>>;

    fn call(&'c self, request: oauth2::HttpRequest) -> Self::Future {
        Box::pin(async {
            // Neither is an OAuth answer: the endpoint does not work at the moment, and trying again later may help.
            let response = self.send(request).await?;
            let at_the_moment =
                response.status().is_server_error() || response.status() == http::StatusCode::TOO_MANY_REQUESTS;
            if at_the_moment { Err(HttpFault::OutOfReach) } else { Ok(response) }
        })
    }
}
