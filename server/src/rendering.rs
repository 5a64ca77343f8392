//! Renders a page as a response: the HTML, with a fresh nonce, and the content security policy with that nonce.

use std::sync::Arc;

use app::{Document, Page, pages::Body, texts::Language};
use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{assets::CurrentAssets, config::Config, secret::random};

/// Renders pages, with what they all share.
#[derive(Debug)]
pub struct Renderer {
    assets: CurrentAssets,
    service: Arc<app::Service>,
    user_pool_origin: String,
}

impl Renderer {
    /// Uses the given files for the browser, and the service's details in `config`.
    pub fn new(config: &Config, assets: CurrentAssets) -> Self {
        Self { assets, service: Arc::new(config.service.clone()), user_pool_origin: config.cognito.domain.origin() }
    }

    /// The page `body` with `status`, for the citizen with this name or for a visitor.
    pub fn render(&self, status: StatusCode, language: Language, citizen: Option<String>, body: Body) -> Response {
        let nonce = URL_SAFE_NO_PAD.encode(random::<16>());
        let assets = self.assets.get();
        let policy = self.content_security_policy(&assets, &nonce);
        let page = Page { language, citizen, assets, service: Arc::clone(&self.service) };
        let html = app::render(Document { page, body }, &nonce);
        (status, [(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response()
    }

    /// Scripts need the nonce or come from this origin. Forms go to this origin; `form-action` also names the user
    /// pool's domain, because browsers apply it to the redirect after sign-out.
    fn content_security_policy(&self, assets: &app::Assets, nonce: &str) -> String {
        let Self { user_pool_origin, .. } = self;
        // The reload script of `cargo leptos watch` opens a web socket and inserts changed style sheets.
        let (style, reload) = match &assets.watch {
            Some(watch) => (" 'self'", format!(" ws://127.0.0.1:{0} ws://localhost:{0}", watch.reload_port)),
            None => ("", String::new()),
        };
        format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'nonce-{nonce}'{style}; img-src 'self'; connect-src 'self'{reload}; \
             form-action 'self' {user_pool_origin}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
        )
    }
}
