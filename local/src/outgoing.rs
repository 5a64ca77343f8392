//! The client of the stand-ins that call others.

use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;

/// A client that gives up after `timeout`. It uses no proxy and follows no redirects.
pub(crate) fn client(timeout: Duration) -> Result<Client, reqwest::Error> {
    Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .timeout(timeout)
        // A connection from before a restart of the other side would fail.
        .pool_max_idle_per_host(0)
        .build()
}
