//! From a document to an answer: HTML by `leptos_axum`, with a nonce of its own and the policy that names it.

use app::{Document, document};
use axum::{
    body::Body,
    http::{HeaderValue, Request, StatusCode, header},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use leptos::{context::provide_context, nonce::Nonce};

use crate::{Site, secret::random};

/// The page `content` with `status`.
pub async fn render(site: &Site, status: StatusCode, content: Document) -> Response {
    let nonce = URL_SAFE_NO_PAD.encode(random::<16>());
    let policy = site.content_security_policy(&nonce);
    let context = move || provide_context(Nonce::from_value(nonce.as_str()));
    let handler = leptos_axum::render_app_async_with_context(context, move || document(content.clone()));
    let mut response = handler(Request::new(Body::empty())).await;
    *response.status_mut() = status;
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

impl Site {
    /// Only what carries the nonce and what comes from this origin runs; forms go to this origin, and from the sign-out to
    /// the user pool's domain, because browsers hold redirects to `form-action` too.
    fn content_security_policy(&self, nonce: &str) -> String {
        let Self { user_pool_origin, .. } = self;
        let reload = self.assets.watch.as_ref().map(|watch| format!(" ws://127.0.0.1:{0} ws://localhost:{0}", watch.reload_port)).unwrap_or_default();
        format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'nonce-{nonce}'; img-src 'self'; connect-src 'self'{reload}; \
             form-action 'self' {user_pool_origin}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
        )
    }
}
