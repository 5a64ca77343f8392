//! Renders a page as a response: the HTML, the content security policy that names the hashes of what is inline, and the headers
//! of every page.

use std::sync::Arc;

use app::{Citizen, Document, Page, SessionEnd, pages::Body, texts::Language};
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use crate::{
    assets::{Build, CurrentAssets, PerBuild},
    config::Config,
};

/// The name of the endpoint for reports (Reporting API, 3.1).
const REPORTS: &str = "policy";
const REPORTING_ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
/// What decides about the encoding, the language and the citizen.
const VARY: HeaderValue = HeaderValue::from_static("accept-encoding, accept-language, cookie");

/// Renders pages, with what they all share.
#[derive(Debug)]
pub struct Renderer {
    assets: CurrentAssets,
    service: Arc<app::Service>,
    user_pool_origin: String,
    /// Where browsers report violations of the policy.
    report_url: Option<String>,
    policies: PerBuild<Policies>,
}

/// The content security policies of the pages.
#[derive(Debug)]
struct Policies {
    with_script: HeaderValue,
    without_script: HeaderValue,
}

impl Renderer {
    /// Uses the given files for the browser, and the service's details in `config`.
    pub fn new(config: &Config, assets: CurrentAssets) -> Self {
        Self {
            assets,
            service: Arc::new(app::Service { has_assistant: config.assistant.is_some(), ..config.service.clone() }),
            user_pool_origin: config.cognito.domain.origin(),
            report_url: config.security.policy_report_url.clone(),
            policies: PerBuild::default(),
        }
    }

    /// What the operator says about the service.
    pub fn service(&self) -> &app::Service {
        &self.service
    }

    /// The page `body` with `status`, for this citizen or for a visitor.
    pub fn render(&self, status: StatusCode, language: Language, citizen: Option<Citizen>, body: Body) -> Response {
        let (headers, html) = self.page(&self.build(), language, citizen, body);
        (status, headers, html).into_response()
    }

    /// The build of the site that pages currently use.
    pub fn build(&self) -> Arc<Build> {
        self.assets.get()
    }

    /// The same page as its headers and its HTML, with the files of `build`.
    pub fn page(
        &self,
        build: &Arc<Build>,
        language: Language,
        citizen: Option<Citizen>,
        body: Body,
    ) -> (HeaderMap, String) {
        let policies = self.policies.get(build, || self.policies(build));
        let policy = if body.has_script(&build.assets) { &policies.with_script } else { &policies.without_script };
        let mut headers = HeaderMap::with_capacity(16);
        headers.insert(header::CONTENT_TYPE, HTML);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(header::VARY, VARY);
        if let Some(url) = &self.report_url
            && let Ok(endpoints) = HeaderValue::from_str(&format!("{REPORTS}=\"{url}\""))
        {
            headers.insert(REPORTING_ENDPOINTS, endpoints);
        }
        let page = Page { language, citizen, assets: Arc::clone(&build.assets), service: Arc::clone(&self.service) };
        (headers, app::render(Document { page, body }))
    }

    /// The part of a page about the end of the session.
    pub fn render_session(&self, language: Language, end: SessionEnd) -> Html<String> {
        Html(app::session_part(language, &self.service.time_zone, end))
    }

    fn policies(&self, build: &Build) -> Policies {
        // A text that is no header would leave a page that can load nothing.
        let policy = |has_script| {
            HeaderValue::from_str(&self.content_security_policy(build, has_script))
                .unwrap_or(HeaderValue::from_static("default-src 'none'"))
        };
        Policies { with_script: policy(true), without_script: policy(false) }
    }

    /// Inline elements need their hash (CSP Level 3, 8.1); other scripts come from this origin, and a page without a script forbids
    /// them. Forms go to this origin; `form-action` also names the user pool's domain, because browsers apply it to the redirect
    /// after sign-out.
    fn content_security_policy(&self, build: &Build, has_script: bool) -> String {
        let Self { user_pool_origin, report_url, .. } = self;
        let Build { assets, style_source, script_source } = build;
        // The reload script of `cargo leptos watch` is inline and no constant. It opens a web socket and inserts changed style
        // sheets. A hash would turn `unsafe-inline` off.
        let (script_source, style, reload) = match &assets.watch {
            Some(watch) => {
                let reload = format!(" ws://127.0.0.1:{0} ws://localhost:{0}", watch.reload_port);
                ("'unsafe-inline'", " 'self'", reload)
            }
            None => (script_source.as_deref().unwrap_or_default(), "", String::new()),
        };
        let script = if has_script {
            format!("script-src 'self' {script_source} 'wasm-unsafe-eval'; connect-src 'self'{reload}")
        } else {
            "script-src 'none'".to_owned()
        };
        // `report-uri` is for browsers that do not know `report-to` (CSP Level 3, 6.5).
        let report =
            report_url.as_ref().map(|url| format!("; report-uri {url}; report-to {REPORTS}")).unwrap_or_default();
        format!(
            "default-src 'none'; {script}; style-src {style_source}{style}; img-src 'self'; \
             form-action 'self' {user_pool_origin}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'{report}"
        )
    }
}

#[cfg(test)]
mod tests {
    use app::{Assets, Enhancer, Style};
    use leptos::config::LeptosOptions;
    use testkit::Example;

    use super::*;
    use crate::config::Source;

    /// The policies of a page with a script and of one without.
    fn policies(style: Style, watch: Option<LeptosOptions>) -> [String; 2] {
        let config = Config::read(Source::from_toml(&Example::aws().to_toml())).unwrap();
        let nowhere = std::path::Path::new("/nonexistent");
        let fallback = crate::assets::Fallback { style: "".into(), public: nowhere.to_owned() };
        let assets = CurrentAssets::load(nowhere, Some(&fallback), String::new()).unwrap();
        let enhancer = Enhancer { script: "/pkg/a.js".to_owned(), wasm: "/pkg/a.wasm".to_owned() };
        let build = Build::new(Assets { style, enhancer: Some(enhancer), watch });
        [true, false]
            .map(|has_script| Renderer::new(&config, assets.clone()).content_security_policy(&build, has_script))
    }

    #[test]
    fn what_is_inline_is_allowed_by_its_hash_alone() {
        let [with, without] = policies(Style::Inline { inline: "p{}".into() }, None);
        for (policy, scripts) in [(&with, "script-src 'self' 'sha256-"), (&without, "script-src 'none';")] {
            assert!(policy.contains(scripts), "{policy}");
            assert!(policy.contains("; style-src 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='; "), "{policy}");
            assert!(!policy.contains("unsafe-inline") && !policy.contains("nonce"), "{policy}");
        }
    }

    #[test]
    fn only_while_the_site_is_watched_every_inline_script_is_allowed() {
        let style = Style::Linked { path: "/pkg/a.css".to_owned(), inline: "p{}".into() };
        let watch = LeptosOptions::builder().output_name("my-data").reload_port(3001).build();
        let [policy, _] = policies(style, Some(watch));
        // Any hash or nonce beside it would turn it off (CSP Level 3, 6.7.3.2).
        assert!(policy.contains("; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "), "{policy}");
        assert!(policy.contains("; connect-src 'self' ws://127.0.0.1:3001 ws://localhost:3001; "), "{policy}");
        assert!(
            policy.contains("; style-src 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y=' 'self'; "),
            "{policy}"
        );
    }
}
