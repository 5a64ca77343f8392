//! Renders a page as a response: the HTML, with a fresh nonce, and the content security policy with that nonce.

use std::sync::Arc;

use app::{Citizen, Document, Page, SessionEnd, pages::Body, texts::Language};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{assets::CurrentAssets, config::Config, secret::random};

/// The name of the endpoint for reports (Reporting API, 3.1).
const REPORTS: &str = "policy";
const REPORTING_ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");

/// What a page depends on besides its address: its language, and the compression that is added later.
const VARY: HeaderValue = HeaderValue::from_static("accept-encoding, accept-language, cookie");

/// Renders pages, with what they all share.
#[derive(Debug)]
pub struct Renderer {
    assets: CurrentAssets,
    service: Arc<app::Service>,
    user_pool_origin: String,
    /// Where browsers report violations of the policy.
    report_url: Option<String>,
}

impl Renderer {
    /// Uses the given files for the browser, and the service's details in `config`.
    pub fn new(config: &Config, assets: CurrentAssets) -> Self {
        Self {
            assets,
            service: Arc::new(config.service.clone()),
            user_pool_origin: config.cognito.domain.origin(),
            report_url: config.security.policy_report_url.clone(),
        }
    }

    /// The page `body` with `status`, for this citizen or for a visitor.
    pub fn render(&self, status: StatusCode, language: Language, citizen: Option<Citizen>, body: Body) -> Response {
        let nonce = URL_SAFE_NO_PAD.encode(random::<16>());
        let assets = self.assets.get();
        let policy = self.content_security_policy(&assets, body.has_script(&assets), &nonce);
        let page = Page { language, citizen, assets, service: Arc::clone(&self.service) };
        let html = app::render(Document { page, body }, &nonce);
        let mut response = (status, [(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response();
        response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        response.headers_mut().insert(header::VARY, VARY);
        if let Some(url) = &self.report_url
            && let Ok(endpoints) = HeaderValue::from_str(&format!("{REPORTS}=\"{url}\""))
        {
            response.headers_mut().insert(REPORTING_ENDPOINTS, endpoints);
        }
        response
    }

    /// The part of a page about the end of the session.
    pub fn render_session(&self, language: Language, end: SessionEnd) -> Html<String> {
        Html(app::session_part(language, &self.service.time_zone, end))
    }

    /// Scripts need the nonce or come from this origin, and a page without a script forbids them. Forms go to this origin;
    /// `form-action` also names the user pool's domain, because browsers apply it to the redirect after sign-out.
    fn content_security_policy(&self, assets: &app::Assets, has_script: bool, nonce: &str) -> String {
        let Self { user_pool_origin, report_url, .. } = self;
        // The reload script of `cargo leptos watch` opens a web socket and inserts changed style sheets.
        let (style, reload) = match &assets.watch {
            Some(watch) => (" 'self'", format!(" ws://127.0.0.1:{0} ws://localhost:{0}", watch.reload_port)),
            None => ("", String::new()),
        };
        let script = if has_script {
            format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; connect-src 'self'{reload}")
        } else {
            "script-src 'none'".to_owned()
        };
        // `report-uri` is for browsers that do not know `report-to` (CSP Level 3, 6.5).
        let report =
            report_url.as_ref().map(|url| format!("; report-uri {url}; report-to {REPORTS}")).unwrap_or_default();
        format!(
            "default-src 'none'; {script}; style-src 'nonce-{nonce}'{style}; img-src 'self'; \
             form-action 'self' {user_pool_origin}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'{report}"
        )
    }
}
