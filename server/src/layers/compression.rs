//! Compression of pages: by a layer when they are rendered for one request, or once for a page that is kept.

use std::io::{self, Write as _};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{And, NotForContentType, Predicate, SizeAbove},
    },
};

use crate::weight::thousandths;

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

/// A content coding (RFC 9110, 8.4.1). The later one is preferred if a client accepts several equally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// Not compressed.
    Identity,
    /// `gzip`
    Gzip,
    /// `br`
    Brotli,
}

impl Encoding {
    /// How many there are.
    pub const COUNT: usize = 3;

    /// The best one that `Accept-Encoding` allows (RFC 9110, 12.5.3), as [`layer`] chooses it.
    pub fn preferred(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
        let accepted = lines.flat_map(|line| line.split(',')).filter_map(|item| {
            let (name, weight) = item.split_once(';').map_or((item, None), |(name, weight)| (name, Some(weight)));
            let weight = weight.map_or(Some(1000), |weight| thousandths(weight.trim()))?;
            Some((weight, Self::named(name.trim())?))
        });
        accepted.filter(|&(weight, _)| weight > 0).max().map_or(Self::Identity, |(_, encoding)| encoding)
    }

    fn named(name: &str) -> Option<Self> {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        match () {
            () if is("br") => Some(Self::Brotli),
            () if is("gzip") || is("x-gzip") => Some(Self::Gzip),
            () if is("identity") => Some(Self::Identity),
            () => None,
        }
    }

    /// The value of `Content-Encoding`, if it needs one.
    pub const fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Brotli => Some(HeaderValue::from_static("br")),
        }
    }

    /// `text` in this encoding, as small as possible. That takes some milliseconds.
    ///
    /// # Errors
    /// None is known: memory cannot fail.
    pub fn encode(self, text: &[u8]) -> io::Result<Vec<u8>> {
        let mut encoded = Vec::new();
        match self {
            Self::Identity => encoded.extend_from_slice(text),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(&mut encoded, Compression::best());
                encoder.write_all(text)?;
                encoder.finish()?;
            }
            Self::Brotli => {
                let parameters = BrotliEncoderParams { size_hint: text.len(), ..BrotliEncoderParams::default() };
                brotli::BrotliCompress(&mut &*text, &mut encoded, &parameters)?;
            }
        }
        Ok(encoded)
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, routing::get};
    use proptest::prelude::*;
    use tower_service::Service as _;

    use super::*;
    use crate::properties::cases;

    fn accepting(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::ACCEPT_ENCODING, HeaderValue::from_str(line).unwrap())).collect()
    }

    /// What the layer chooses.
    fn by_layer(lines: &[&str]) -> Option<HeaderValue> {
        let mut router: Router = Router::new().route("/", get(async || "a".repeat(1_000))).layer(layer());
        let mut request = Request::new(Body::empty());
        *request.headers_mut() = accepting(lines);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(router.call(request)).unwrap().headers().get(header::CONTENT_ENCODING).cloned()
    }

    #[test]
    fn the_client_decides_about_the_encoding() {
        use Encoding::{Brotli, Gzip, Identity};
        for (lines, expected) in [
            (&[][..], Identity),
            (&[""], Identity),
            (&["gzip, deflate, br, zstd"], Brotli),
            (&["gzip", "br"], Brotli),
            (&["GZIP"], Gzip),
            (&["x-gzip"], Gzip),
            (&["br;q=0"], Identity),
            (&["br;q=0.000, gzip"], Gzip),
            (&["br;q=0.5, gzip;q=0.501"], Gzip),
            (&["br ; q=0.5,gzip;Q=0.5"], Brotli),
            (&["identity, br;q=0.9"], Identity),
            (&["identity;q=0"], Identity),
            (&["*"], Identity),
            (&["br;q=2, gzip;q=1.000"], Gzip),
            (&["br;q=1.001, gzip;q=0.1"], Gzip),
            (&["br;q=0.1234, gzip;q=."], Identity),
            (&["br;level=1, gzip;q=0.1"], Gzip),
            (&["deflate, zstd"], Identity),
        ] {
            assert_eq!(Encoding::preferred(&accepting(lines)), expected, "{lines:?}");
            assert_eq!(by_layer(lines), expected.header(), "{lines:?}");
        }
    }

    #[test]
    fn an_encoded_text_decodes_to_itself() {
        let text = include_bytes!("compression.rs");
        let encoded = Encoding::Gzip.encode(text).unwrap();
        let mut decoded = Vec::new();
        io::copy(&mut flate2::read::GzDecoder::new(&*encoded), &mut decoded).unwrap();
        assert_eq!((&*decoded, encoded.len() < text.len() / 2), (&text[..], true));
        let encoded = Encoding::Brotli.encode(text).unwrap();
        decoded.clear();
        brotli::BrotliDecompress(&mut &*encoded, &mut decoded).unwrap();
        assert_eq!((&*decoded, encoded.len() < text.len() / 2), (&text[..], true));
        assert_eq!(Encoding::Identity.encode(text).unwrap(), text);
    }

    proptest! {
        #![proptest_config(cases(500))]

        #[test]
        fn a_kept_page_has_the_encoding_that_the_layer_would_choose(
            items in proptest::collection::vec("(br|gzip|x-gzip|identity|deflate|\\*|GZip)( ?; ?(q=(0|1|0\\.[0-9]{0,4}|1\\.0{0,3}|.{0,3})|x))?", 0..5)
        ) {
            let line = items.join(", ");
            if HeaderValue::from_str(&line).is_ok() {
                let lines = [&*line];
                prop_assert_eq!(Encoding::preferred(&accepting(&lines)).header(), by_layer(&lines), "{}", line);
            }
        }
    }
}
