//! The description of the relying party's API, to be read and tried out in a browser (Swagger UI).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::watch;
use utoipa_swagger_ui::{Config, serve};

use crate::error::StartError;
use crate::serving::{ANY_PORT, Bound, Serving};

/// The running pages.
pub(crate) struct ApiDocs {
    url: String,
    serving: Serving,
}

impl ApiDocs {
    /// Starts them on a free port, for the API of the relying party at `app_origin`, such as `http://127.0.0.1:3000`. Must be called
    /// inside a tokio runtime.
    ///
    /// # Errors
    /// The port cannot be opened.
    pub(crate) async fn start(app_origin: &str) -> Result<Self, StartError> {
        let bound = Bound::new(ANY_PORT).await?;
        let (stop, _) = watch::channel(false);
        let url = bound.origin();
        let config = Config::new([format!("{app_origin}/v1/openapi.json")])
            .display_request_duration(true)
            .persist_authorization(false)
            .validator_url("none");
        let router = Router::new()
            .route("/", get(start_page))
            .route("/{file}", get(file))
            .with_state(Arc::new(config))
            .layer(middleware::from_fn_with_state(policy(app_origin), add_headers));
        Ok(Self { url, serving: bound.serve(router, stop) })
    }

    /// The address of the first page.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Stops serving.
    pub(crate) async fn shutdown(self) {
        self.serving.stop().await;
    }
}

async fn start_page(State(config): State<Arc<Config<'static>>>) -> Response {
    answer("", config)
}

async fn file(State(config): State<Arc<Config<'static>>>, Path(name): Path<String>) -> Response {
    answer(&name, config)
}

fn answer(name: &str, config: Arc<Config<'static>>) -> Response {
    match serve(name, config) {
        Ok(Some(file)) => ([(CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a page about the API cannot be shown");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The pages use their own scripts only, and call the relying party only. Their styles are partly in attributes.
fn policy(app_origin: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         connect-src {app_origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

async fn add_headers(State(policy): State<HeaderValue>, request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().extend([
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
    ]);
    response
}
