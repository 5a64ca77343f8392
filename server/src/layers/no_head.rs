use axum::{
    http::{HeaderName, StatusCode, header},
    response::IntoResponse,
};

/// The answer to `HEAD` on a route whose `GET` has an effect, such as a record of a download: nobody would get what it is about.
pub async fn no_head() -> impl IntoResponse + use<> {
    const ALLOW: [(HeaderName, &str); 1] = [(header::ALLOW, "GET")];
    (StatusCode::METHOD_NOT_ALLOWED, ALLOW)
}
