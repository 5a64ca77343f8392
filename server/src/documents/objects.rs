use std::{fmt, pin::Pin};

use aws_sdk_s3::primitives::{ByteStream, DateTime};
use axum::body::Bytes;
use futures_util::{Stream, stream};
use http::StatusCode;
use time::OffsetDateTime;

use super::{Clients, DocumentsError, Place, causes::Call, credentials::DataCredentials};

/// A document, or a part of it, on its way.
pub struct Download {
    /// 200, or 206 for a part.
    pub status: StatusCode,
    /// How many bytes the body has.
    pub size: u64,
    /// The media type that it was stored with.
    pub content_type: Option<String>,
    /// Which part it is (RFC 9110, 14.4).
    pub content_range: Option<String>,
    /// Its entity tag.
    pub etag: Option<String>,
    /// When it was stored.
    pub last_modified: Option<OffsetDateTime>,
    /// Exactly `size` bytes, or fewer and then an error.
    pub body: DownloadBody,
}

/// The bytes of a download.
pub type DownloadBody = Pin<Box<dyn Stream<Item = Result<Bytes, CutShort>> + Send>>;

/// S3 stopped sending before the end, or sent something else than it announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the download ended before its end")]
pub struct CutShort;

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Download({}, {} bytes)", self.status, self.size)
    }
}

/// Opens `document`, or the part of it that `range`, a `Range` header, asks for. A range that S3 cannot answer as one part asks
/// for the whole document, as RFC 9110, 14.2 allows.
///
/// # Errors
/// S3 refuses or cannot be reached.
pub(super) async fn open(
    clients: &Clients,
    credentials: &DataCredentials,
    document: &Place,
    range: Option<&str>,
) -> Result<Download, DocumentsError> {
    let request = clients
        .objects(credentials)
        .get_object()
        .bucket(document.bucket())
        .key(document.key())
        .set_range(range.filter(|range| is_one_range(range)).map(str::to_owned));
    let answer = request.send().await.map_err(|error| DocumentsError::of(Call::GetObject, &error))?;
    // Without it, nothing would show that the end is missing.
    let size = answer.content_length.and_then(|size| u64::try_from(size).ok());
    let size = size.ok_or(DocumentsError::unreadable(Call::GetObject))?;
    let status = if answer.content_range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    Ok(Download {
        status,
        size,
        content_type: answer.content_type,
        content_range: answer.content_range,
        etag: answer.e_tag,
        last_modified: answer.last_modified.as_ref().and_then(moment),
        body: counted(answer.body, size),
    })
}

/// The bytes of `body`, which must be `left`.
fn counted(body: ByteStream, left: u64) -> DownloadBody {
    Box::pin(stream::unfold(Some((body, left)), async |state| {
        let (mut body, left) = state?;
        match body.next().await {
            Some(Ok(bytes)) => match left.checked_sub(bytes.len() as u64) {
                Some(left) => Some((Ok(bytes), Some((body, left)))),
                None => Some((Err(CutShort), None)),
            },
            None if left == 0 => None,
            None | Some(Err(_)) => Some((Err(CutShort), None)),
        }
    }))
}

/// Whether `range` is one range of bytes (RFC 9110, 14.1.2): S3 answers no others.
fn is_one_range(range: &str) -> bool {
    let is_number = |text: &str| text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    let bounds = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    bounds.is_some_and(|(first, last)| {
        let is_in_order = match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(first), Ok(last)) => first <= last,
            (Err(_), Err(_)) => false,
            _ => true,
        };
        is_number(first) && is_number(last) && is_in_order
    })
}

/// The same moment.
pub(super) fn moment(at: &DateTime) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(at.secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_range_of_bytes_is_passed_on() {
        for good in ["bytes=0-", "bytes=0-0", "bytes=5-9", "bytes=-500"] {
            assert!(is_one_range(good), "{good}");
        }
        for bad in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=9-5",
            "bytes=0-1,3-4",
            "bytes=a-b",
            "bytes= 0-1",
            "items=0-1",
            "bytes=+1-2",
            "bytes=0-1\r\nx: y",
        ] {
            assert!(!is_one_range(bad), "{bad}");
        }
    }
}
