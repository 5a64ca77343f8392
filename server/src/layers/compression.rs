use axum::{
    extract::Request,
    http::{Method, header},
    middleware::Next,
    response::Response,
};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{And, NotForContentType, Predicate, SizeAbove},
    },
};

/// Compresses pages. The files of the site are compressed when they are built.
///
/// The compressed size reveals no secret (BREACH): the session is in a cookie, and pages contain no anti-forgery tokens
/// next to text that another site could insert.
pub(super) fn layer() -> CompressionLayer<And<SizeAbove, NotForContentType>> {
    // Above brotli's level 4, pages of a few KB get slower to compress but not smaller.
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(4))
        .compress_when(SizeAbove::new(512).and(NotForContentType::IMAGES))
}

/// Leaves out the length of an answer to HEAD that GET might compress: it must not differ from that of GET (RFC 9110,
/// 8.6).
pub(super) async fn omit_length_of_head(request: Request, next: Next) -> Response {
    let is_head = *request.method() == Method::HEAD && request.headers().contains_key(header::ACCEPT_ENCODING);
    let mut response = next.run(request).await;
    if is_head && !response.headers().contains_key(header::CONTENT_ENCODING) {
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}
