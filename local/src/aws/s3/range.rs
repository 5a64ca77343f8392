//! The header `Range` (RFC 9110, section 14), as S3 reads it: one range. Anything else gives the whole document.

/// A part of a document: from `start`, before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) start: u64,
    pub(super) end: u64,
}

/// The document does not have this range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unsatisfiable;

/// The part that a header asks for; `None` stands for the whole document of `len` bytes.
pub(super) fn part(header: &str, len: u64) -> Result<Option<Part>, Unsatisfiable> {
    let Some((first, last)) = header.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Ok(None);
    };
    let number = |text: &str| -> Option<u64> {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let (start, end) = match (number(first), number(last)) {
        (Some(start), Some(last)) if start <= last => (start, last.saturating_add(1).min(len)),
        (Some(start), None) if last.is_empty() => (start, len),
        (None, Some(suffix)) if first.is_empty() => (len - suffix.min(len), len),
        _ => return Ok(None),
    };
    if start < end { Ok(Some(Part { start, end })) } else { Err(Unsatisfiable) }
}

#[cfg(test)]
mod tests {
    use super::{Part, Unsatisfiable, part};

    #[test]
    fn one_range_is_a_part() {
        for (header, start, end) in [
            ("bytes=0-0", 0, 1),
            ("bytes=2-5", 2, 6),
            ("bytes=5-", 5, 10),
            ("bytes=5-99", 5, 10),
            ("bytes=-3", 7, 10),
            ("bytes=-99", 0, 10),
            ("bytes=3-99999999999999999999999", 3, 10),
        ] {
            assert_eq!(part(header, 10), Ok(Some(Part { start, end })), "{header}");
        }
    }

    #[test]
    fn a_range_outside_the_document_cannot_be_served() {
        for (header, len) in
            [("bytes=10-", 10), ("bytes=10-20", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-5", 0)]
        {
            assert_eq!(part(header, len), Err(Unsatisfiable), "{header} of {len}");
        }
    }

    #[test]
    fn anything_else_is_ignored() {
        for header in
            ["", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=0-1,3-4", "bytes=+1-2", "pages=1-2", "0-1"]
        {
            assert_eq!(part(header, 10), Ok(None), "{header}");
        }
    }
}
