//! What stands in front of an engine and passes requests on.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
};
use testkit::client;
use tokio::net::TcpListener;

/// As the engine answers.
pub type Response = (StatusCode, [(header::HeaderName, &'static str); 1], String);

/// Serves `router` on a free port. Returns its URL.
pub async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// The name of the operation that is asked for.
pub fn operation(headers: &HeaderMap) -> &str {
    headers["x-amz-target"].to_str().unwrap().rsplit_once('.').unwrap().1
}

/// A response with this body.
pub fn response(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.0")], body)
}

/// What `engine` answers to a request.
pub async fn pass(engine: &str, mut headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    // They are those of this hop.
    for name in [header::HOST, header::CONTENT_LENGTH] {
        headers.remove(name);
    }
    let answer = client().post(engine).headers(headers).body(body).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}
