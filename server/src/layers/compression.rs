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
