use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{And, NotForContentType, Predicate, SizeAbove},
    },
};

/// Compresses pages as they are made. The files of the site were compressed when they were built.
///
/// Nothing secret stands in a page beside text that another site could put there, so a compressed size tells nothing
/// (BREACH): the session is in a cookie, and there are no anti-forgery tokens.
pub(super) fn layer() -> CompressionLayer<And<SizeAbove, NotForContentType>> {
    // Of brotli's levels 4 is where pages of a few KB stop getting smaller and go on getting slower.
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(4))
        .compress_when(SizeAbove::new(512).and(NotForContentType::IMAGES))
}
