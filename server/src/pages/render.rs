//! From a document to an answer: its HTML, with a nonce of its own and the policy that names it.

use app::Document;
use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{Site, secret::random};

/// The page `content` with `status`.
pub(crate) fn render(site: &Site, status: StatusCode, content: Document) -> Response {
    let nonce = URL_SAFE_NO_PAD.encode(random::<16>());
    let policy = site.content_security_policy(&nonce);
    (status, [(header::CONTENT_SECURITY_POLICY, policy)], Html(app::render(content, &nonce))).into_response()
}

impl Site {
    /// Only what carries the nonce and what comes from this origin runs; forms go to this origin, and from the sign-out to
    /// the user pool's domain, because browsers hold redirects to `form-action` too.
    fn content_security_policy(&self, nonce: &str) -> String {
        let Self { user_pool_origin, .. } = self;
        // While `cargo leptos watch` runs, its reload script connects to it and puts changed style sheets in.
        let (style, reload) = match &self.assets.watch {
            Some(watch) => (" 'self'", format!(" ws://127.0.0.1:{0} ws://localhost:{0}", watch.reload_port)),
            None => ("", String::new()),
        };
        format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'nonce-{nonce}'{style}; img-src 'self'; connect-src 'self'{reload}; \
             form-action 'self' {user_pool_origin}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
        )
    }
}
