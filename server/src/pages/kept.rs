//! Pages that are the same for all visitors: rendered and compressed once, then answered from memory.

use std::sync::{Arc, OnceLock};

use app::{pages::Body, texts::Language};
use axum::{
    body::{Bytes, HttpBody as _},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    response::Response,
};

use super::Pages;
use crate::{
    assets::{Build, PerBuild},
    layers::{Counter, Encoding, Shortcut},
};

/// The route's other layers have nothing to do for the requests that this answers. They only read, have no body and no cookie of
/// a session. If no slot is free, or there is a query, they take the usual way.
pub(super) fn shortcut(pages: Arc<Pages>, slots: Counter, body: fn(&Pages) -> Body) -> Shortcut {
    let copies = PerBuild::default();
    Shortcut::new(move |request| answer(&pages, &slots, &copies, body, request))
}

fn answer(
    pages: &Pages,
    slots: &Counter,
    copies: &PerBuild<Copies>,
    body: fn(&Pages) -> Body,
    request: &Request,
) -> Option<Response> {
    let headers = request.headers();
    let is_plain = matches!(*request.method(), Method::GET | Method::HEAD)
        && request.uri().query().is_none()
        && request.body().is_end_stream();
    if !is_plain || pages.jar.tells_more_than_language(headers) || !slots.has_slot() {
        return None;
    }
    let (language, encoding) = (pages.choice.choose(headers), Encoding::preferred(headers));
    let build = pages.renderer.build();
    let copies = copies.get(&build, Copies::default);
    let copy = copies.0.get(language as usize)?.get(encoding as usize)?;
    copy.get_or_init(|| Copy::make(pages, &build, language, encoding, body(pages))).as_ref().map(Copy::response)
}

/// By language and by encoding. Each is made when it is first needed.
#[derive(Debug, Default)]
struct Copies([[OnceLock<Option<Copy>>; Encoding::COUNT]; Language::ALL.len()]);

/// A page in one language and one encoding.
#[derive(Debug)]
struct Copy {
    headers: HeaderMap,
    body: Bytes,
}

impl Copy {
    fn make(pages: &Pages, build: &Arc<Build>, language: Language, encoding: Encoding, body: Body) -> Option<Self> {
        let (mut headers, html) = pages.renderer.page(build, language, None, body);
        let body = Bytes::from(encoding.encode(html.as_bytes()).ok()?);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        if let Some(encoding) = encoding.header() {
            headers.insert(header::CONTENT_ENCODING, encoding);
        }
        Some(Self { headers, body })
    }

    fn response(&self) -> Response {
        let mut response = Response::new(self.body.clone().into());
        *response.headers_mut() = self.headers.clone();
        response
    }
}
